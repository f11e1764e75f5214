"""Why a dossier was found: where each fragment stands, in the words and letters of the dossier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.vietnamese import fold, mask_id
from app.journey.fragments import SHORT, Sought, code_part
from app.models import Dossier


@dataclass(frozen=True, slots=True)
class Why:
    """One place: what it is, and its text in pieces, each marked or not."""

    label: str
    pieces: tuple[tuple[str, bool], ...]


def why(dossier: Dossier, wanted: Sought) -> list[Why]:
    """The places in which the fragments stand, each once, in the order of the dossier.

    An identity number is shown as in lists, but for the digits that were typed.
    """
    if wanted.lookup:
        return [Why("mã tra cứu trên giấy hẹn", (("quét giấy hẹn", True),))]
    return list(_places(dossier, wanted))


def starts_word(dossier: Dossier, wanted: Sought) -> bool:
    """Whether every fragment begins a word of the name, or stands elsewhere than in the name."""
    name = f" {dossier.name_folded}"
    return all(f" {word}" in name or word not in name for word in wanted.words)


def _places(dossier: Dossier, wanted: Sought) -> Iterator[Why]:
    is_office = dossier.applicant_kind == "organisation"
    submitter = json.loads(dossier.submitter) if dossier.submitter else {}
    for label, text, is_secret in (
        ("tên", dossier.applicant_name, False),
        ("mã số thuế" if is_office else "số căn cước", dossier.personal_id, True),
        ("số CMND cũ", dossier.applicant_old_id, True),
        ("điện thoại", dossier.phone, False), ("mã hồ sơ", dossier.code, False),
        ("mã tạm", dossier.temporary_id, False), ("số kết quả", dossier.result_number, False),
        ("người nộp", submitter.get("name"), False),
        ("số căn cước người nộp", submitter.get("personal_id"), True),
        ("điện thoại người nộp", submitter.get("phone"), False),
    ):  # fmt: skip
        spots = _spots(text or "", wanted)
        if not text or not any(spots):
            continue
        if is_secret:
            masked = mask_id(text)
            text = "".join(c if s else m for c, m, s in zip(text, masked, spots, strict=True))
        yield Why(label, tuple(_pieces(text, spots)))


def _spots(text: str, wanted: Sought) -> list[bool]:
    """Per letter of the text whether it belongs to a fragment."""
    letters, folded = _folded(text)
    marked = [False] * len(text)
    for word in filter(None, (*wanted.words, wanted.old)):
        for part in filter(None, (word, code_part(word))):
            start = folded.find(part)
            while start >= 0:
                # So short a fragment counts at the beginning of a word only.
                counts = len(part) >= SHORT or start == 0 or folded[start - 1] == " "
                for at in range(start, start + len(part)) if counts else ():
                    marked[letters[at]] = True
                start = folded.find(part, start + 1)
    return marked


def _folded(text: str) -> tuple[list[int], str]:
    """The text without marks, and per letter of it the place in the text where it came from."""
    places: list[int] = []
    plain: list[str] = []
    for at, letter in enumerate(text):
        for c in fold(letter) or letter:
            places.append(at)
            plain.append(c)
    return places, "".join(plain)


def _pieces(text: str, spots: list[bool]) -> Iterator[tuple[str, bool]]:
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or spots[at] != spots[start]:
            yield text[start:at], spots[start]
            start = at
