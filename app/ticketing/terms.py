"""Words of the queue: states of a number, who goes first, how a number is written."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum

from app.clock import VIETNAM

NORMAL, FIRST = "A", "U"  # U: ưu tiên
# Whom the decree names: NĐ 61/2018/NĐ-CP Đ13, NĐ 118/2025/NĐ-CP Đ13. A one-stop may add its own.
PRIORITIES = {
    "elderly": "Người cao tuổi",
    "pregnant": "Phụ nữ mang thai",
    "disabled": "Người khuyết tật",
}
_CODE = re.compile(r"([AU])(\d{3,6})")


class TicketState(StrEnum):
    """Where a number stands; one that is sent on to another counter waits again."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    SKIPPED = "skipped"


class Ending(StrEnum):
    """How a stay at a counter ended."""

    SERVED = "served"
    SKIPPED = "skipped"
    TRANSFERRED = "transferred"


def parse_code(text: str) -> tuple[str, int] | None:
    """Series and number of a code as shown ("A047", also "a047"); None for anything else."""
    found = _CODE.fullmatch(text.strip().upper())
    return (found[1], int(found[2])) if found and found[2].isascii() else None


def priority_words(priority: str | None) -> str:
    """Why somebody goes first, in words; empty for all others."""
    return PRIORITIES.get(priority or "", priority or "")


def minutes(seconds: float | None) -> int | None:
    """Seconds as whole minutes, never 0; None stays None."""
    return None if seconds is None else max(1, round(float(seconds) / 60))


def local_day(now: datetime) -> date:
    """The day in Vietnam, from which numbers begin anew."""
    return now.astimezone(VIETNAM).date()
