"""Words and limits of work over many dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.core.refusals import Refused

AT_ONCE = 20  # items carried out while the person waits; more go to the worker
MOST = 5000  # items of one task
LEASE = timedelta(seconds=60)  # after this silence another worker takes a task over
DRAFT_LASTS = timedelta(hours=24)  # an order that nobody confirmed is forgotten
CHUNK = 25  # items between two signs of life

DRAFT, OPEN, DONE, CANCELLED = "draft", "open", "done", "cancelled"
WAITING, REFUSED, LEFT_OUT = "waiting", "refused", "left_out"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of order: what the button says, what a finished item says."""

    label: str
    done: str


KINDS = {
    "sign": Kind("Ký duyệt", "Đã ký"),
    "assign": Kind("Phân công", "Đã giao"),
    "reassign": Kind("Giao lại", "Đã giao lại"),
    "receive": Kind("Nhận hồ sơ", "Đã nhận"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """One dossier of an order, as the person saw it: action and step for the door, version."""

    dossier_id: str
    code: str
    action: str
    step: int | None
    version: int


def check_count(count: int) -> None:
    """Refused `bad_request` for an order of nothing, or of more than MOST dossiers."""
    if not count:
        raise Refused("bad_request", "Chưa chọn hồ sơ nào. Hãy đánh dấu ít nhất một hồ sơ.")
    if count > MOST:
        raise Refused(
            "bad_request",
            f"Mỗi lần xử lý được tối đa {MOST} hồ sơ, danh sách này có nhiều hơn. "
            "Hãy lọc bớt rồi làm nhiều lần.",
        )
