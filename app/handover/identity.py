"""Whether who came is whose name is on the dossier: the number and the name are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.card import Card
from app.core.vietnamese import fold, mask_id
from app.models import Dossier

SELF, AUTHORISED = "self", "authorised"
BEFORE = "Số CMND cũ của thẻ khớp hồ sơ: đối chiếu họ tên rồi đánh dấu “Đã đối chiếu”."


@dataclass(frozen=True, slots=True)
class Receiver:
    """What is filled in beforehand, and the sentence beside it; kind: done, wait or empty.

    to_check: whether it has to be said that the person was looked at.
    """

    values: dict[str, str]
    kind: str = ""
    sentence: str = ""
    to_check: bool = False


def receiver_of(dossier: Dossier, card: Card | None) -> Receiver:
    """The receiver as far as it is known: from a scanned card, else the applicant's name."""
    own = dossier.applicant_kind == "person"
    if card is None:
        name = dossier.applicant_name if own else ""
        return Receiver({"receiver": name, "receiver_id": "", "receiver_relation": SELF})
    name = "" if card.garbled else card.name
    values = {"receiver": name, "receiver_id": card.number}
    before = own and card.number != dossier.personal_id and _held_before(dossier, card)
    if not own or (card.number != dossier.personal_id and not before):
        values["receiver_relation"] = AUTHORISED if own else SELF
        return Receiver(values, "wait", _of_another(dossier, own=own))
    values |= {"receiver": dossier.applicant_name, "receiver_relation": SELF}
    if before:
        values["receiver"] = name or dossier.applicant_name
        return Receiver(values, "wait", BEFORE, to_check=True)
    if card.garbled:
        return Receiver(
            values, "wait", "Số thẻ khớp hồ sơ; chữ trên thẻ đọc lỗi, đối chiếu họ tên."
        )
    if fold(card.name) != fold(dossier.applicant_name):
        return Receiver(
            values | {"receiver": card.name}, "wait",
            f"Số thẻ khớp nhưng họ tên khác: hồ sơ ghi {dossier.applicant_name}. Đối chiếu lại.",
        )  # fmt: skip
    return Receiver(values, "done", "Số thẻ và họ tên khớp với người đứng tên hồ sơ.")


def _held_before(dossier: Dossier, card: Card) -> bool:
    """Whether card and dossier share a number by way of the old card, told by either."""
    known = {dossier.personal_id, dossier.applicant_old_id} - {None, ""}
    return card.number in known or card.old in known


def _of_another(dossier: Dossier, *, own: bool) -> str:
    if not own:
        return "Người nhận thay mặt tổ chức: xem giấy giới thiệu hoặc giấy ủy quyền."
    if dossier.personal_id is None:
        return "Hồ sơ không ghi số căn cước để đối chiếu: xem kỹ giấy tờ của người nhận."
    return "Thẻ của người khác, không phải người đứng tên hồ sơ: cần giấy ủy quyền."


def mismatches(dossier: Dossier, typed: dict[str, str]) -> dict[str, str]:
    """What differs from the dossier where the applicant is said to have come, by field.

    Numbers and names change for good reasons, so a person may say that it was checked.
    """
    if typed.get("receiver_relation", SELF) != SELF or dossier.applicant_kind != "person":
        return {}
    found = {}
    number = re.sub(r"[\s.]", "", typed.get("receiver_id", ""))
    known = dossier.personal_id
    advice = "Đúng là người đứng tên thì đánh dấu “Đã đối chiếu”; người khác thì chọn ủy quyền."
    if number and known and number not in (known, dossier.applicant_old_id):
        found["receiver_id"] = f"Khác số trên hồ sơ ({mask_id(known)}). {advice}"
    name = typed.get("receiver", "")
    if name and fold(name) != fold(dossier.applicant_name):
        found["receiver"] = f"Khác tên trên hồ sơ ({dossier.applicant_name}). {advice}"
    return found
