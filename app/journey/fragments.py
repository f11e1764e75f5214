"""What somebody typed or scanned to find a dossier, taken apart, and the condition it makes.

A scanned receipt holds the address with the look-up code (QR) or yymmdd and the day's number
(Code 128); a scanned card begins with the twelve digits of its number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_

from app.core.codes import CROCKFORD, LOOKUP_LENGTH, TEMPORARY, parse_dossier_code
from app.core.vietnamese import fold
from app.models import Dossier

MOST_LETTERS = 200  # of a text to look for; no name is longer
LEAST_LETTERS = 2
CARD_DIGITS = 12
_CARD = re.compile(rf"\d{{{CARD_DIGITS}}}\|", re.ASCII)
_RECEIPT = re.compile(rf"/t/([{CROCKFORD.lower()}]{{{LOOKUP_LENGTH}}})/?$")
_DIGITS = re.compile(r"\d+", re.ASCII)
_NUMBER_OF_DAY = re.compile(r"(\d{6})-(\d{1,6})", re.ASCII)
_DAY_LENGTH = 6
_CODE_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. words: folded fragments, each of which must match; text: as typed.

    lookup: the receipt's look-up code; exact: a whole dossier code, temporary or look-up code,
    or a whole card number, so that one hit is surely the one that is meant.
    """

    text: str
    words: tuple[str, ...] = ()
    lookup: str = ""
    exact: bool = False

    @property
    def enough(self) -> bool:
        """Whether there is enough to look for: two letters or digits."""
        return bool(self.lookup) or sum(map(len, self.words)) >= LEAST_LETTERS


def sought(typed: str) -> Sought:
    """The text taken apart; never fails: what is no number is a name."""
    composed = unicodedata.normalize("NFC", typed)
    text = "".join(c for c in composed if unicodedata.category(c)[0] != "C").strip()[:MOST_LETTERS]
    folded = fold(text)
    if receipt := _RECEIPT.search(folded):
        return Sought(text, lookup=receipt[1].upper(), exact=True)
    if _CARD.match(folded):
        return Sought(text, (folded[:CARD_DIGITS],), exact=True)
    if code := parse_dossier_code(text):
        return Sought(text, (str(code).lower(),), exact=True)
    if TEMPORARY.match(folded.upper()):
        return Sought(text, (folded,), exact=True)
    bare = re.sub(r"[\s.()]", "", folded).replace("+84", "0")
    if _DIGITS.fullmatch(bare):
        return Sought(text, (bare,), exact=len(bare) >= _DAY_LENGTH + _CODE_LENGTH)
    return Sought(text, tuple(dict.fromkeys(folded.split())))


def matches(row: type[Dossier], wanted: Sought) -> ColumnElement[bool]:
    """The condition on dossiers: every fragment stands somewhere in what is searched."""
    if wanted.lookup:
        return row.lookup_code == wanted.lookup
    return and_(*(_one(row, word) for word in wanted.words))


def _one(row: type[Dossier], word: str) -> ColumnElement[bool]:
    code = parse_dossier_code(word)
    if code is not None:
        return row.code == str(code)
    upper = word.upper()
    if TEMPORARY.match(upper):
        return row.temporary_id == upper
    if _DIGITS.fullmatch(word) and len(word) == CARD_DIGITS:
        return row.personal_id == word
    if len(word) < LEAST_LETTERS and word.isalpha():
        return or_(
            row.name_folded.startswith(word, autoescape=True), _in(row.name_folded, f" {word}")
        )
    if not any(c.isdigit() or c == "-" for c in word):
        return _in(row.name_folded, word)
    return or_(_in(row.name_folded, word), *_numbers(row, word, upper))


def _numbers(row: type[Dossier], word: str, upper: str) -> list[ColumnElement[bool]]:
    """Where digits, parts of codes and numbers of results are looked for."""
    found = [_in(row.code, upper), _in(row.temporary_id, upper)]
    if part := code_part(word):
        found.append(_in(row.code, part))
    if _DIGITS.fullmatch(word):
        found += [_in(column, word) for column in (row.personal_id, row.phone, row.result_number)]
    elif "/" in word:
        # A fragment has no marks left; the symbols of results hold no other letter with one.
        plain = func.replace(func.upper(row.result_number), "Đ", "D")
        found.append(_in(plain, upper))
    return found


def code_part(word: str) -> str:
    """The end of a code as stored, "261126-0007", of "2611260007" or "261126-7"; else empty."""
    if spelled := _NUMBER_OF_DAY.fullmatch(word):
        return f"{spelled[1]}-{int(spelled[2]):0{_CODE_LENGTH}d}"
    if _DIGITS.fullmatch(word) and len(word) > _DAY_LENGTH:
        return f"{word[:_DAY_LENGTH]}-{word[_DAY_LENGTH:]}"
    return ""


def _in(column: Any, text: str) -> ColumnElement[bool]:
    """Whether the text stands anywhere in the column."""
    found: ColumnElement[bool] = column.contains(text, autoescape=True)
    return found
