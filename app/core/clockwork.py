"""The clock as intervals: running, paused with a reason and a notice, stopped. Never a flag."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.deadline import ClockEvent


class Mode(StrEnum):
    """What the clock does in an interval."""

    RUNNING = "running"
    PAUSED = "paused"  # goes on with what was left
    STOPPED = "stopped"  # will start from zero, or not at all

    @property
    def label(self) -> str:
        """The mode's name on pages."""
        return {"running": "đang tính", "paused": "tạm dừng", "stopped": "dừng"}[self]


@dataclass(frozen=True, slots=True)
class Interval:
    """From one moment to another (None: to now) the clock was in one mode, for a reason."""

    mode: Mode
    began_at: datetime
    ended_at: datetime | None
    reason: str = ""
    notice: str = ""


_NEXT = {
    "supplement_requested": Mode.STOPPED,
    "supplement_received": Mode.RUNNING,
    "paused": Mode.PAUSED,
    "resumed": Mode.RUNNING,
    "taken_up": Mode.RUNNING,
}


def intervals(
    accepted_at: datetime, events: Iterable[ClockEvent], ended_at: datetime | None = None
) -> list[Interval]:
    """The intervals of a dossier's clock, in order, without a gap; the last one is open or ends
    with the settlement. Extensions and apologies change dates, not the mode."""
    found: list[Interval] = []
    mode, since, reason, notice = Mode.RUNNING, accepted_at, "", ""
    for event in events:
        following = _NEXT.get(event.kind)
        if following is None:
            continue
        found.append(Interval(mode, since, event.at, reason, notice))
        mode, since = following, event.at
        stands = following != Mode.RUNNING
        reason, notice = (event.reason, event.number) if stands else ("", "")
    found.append(Interval(mode, since, ended_at, reason, notice))
    if ended_at is not None:
        found.append(Interval(Mode.STOPPED, ended_at, None, "đã giải quyết xong"))
    return found
