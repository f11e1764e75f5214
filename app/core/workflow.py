"""The one table of steps allowed between the states of a dossier, and how it is asked.

Source: Nghị định 61/2018/NĐ-CP Đ17–Đ21, Nghị định 118/2025/NĐ-CP Đ17–Đ23.
The table draws the buttons, guards the door, lists the API's actions and feeds the tests: a new
step of the law is a new row in core/transitions.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.core.refusals import Refused
from app.core.states import Status
from app.core.transition import Clock, Hand, Move, Transition
from app.core.transitions import TRANSITIONS

__all__ = [
    "BY_ACTION", "TRANSITIONS", "Clock", "Hand", "Move", "Transition", "check_source", "fold",
    "next_status", "rows_from", "transition",
]  # fmt: skip

_ROWS: dict[str, tuple[Transition, ...]] = {}
for _row in TRANSITIONS:
    _ROWS[_row.action] = (*_ROWS.get(_row.action, ()), _row)
# The first row of each action, for its label; an action may have more than one.
BY_ACTION: dict[str, Transition] = {action: rows[0] for action, rows in _ROWS.items()}


def transition(action: str, status: Status | None = None) -> Transition:
    """The row of an action (from a state, where it has several); Refused `no_such_action`."""
    rows = _ROWS.get(action)
    if rows is None:
        raise Refused("no_such_action", f"Không có thao tác “{action}”.")
    return next((row for row in rows if status in row.sources), rows[-1])


def rows_from(status: Status) -> tuple[Transition, ...]:
    """Every row that may start in this state, in the order of the table."""
    return tuple(t for t in TRANSITIONS if status in t.sources)


def check_source(row: Transition, status: Status) -> None:
    """Refused `wrong_status` unless the action may start in this state."""
    if status not in row.sources:
        raise Refused(
            "wrong_status",
            f"Không thể “{row.label}” khi hồ sơ đang ở trạng thái “{status.label}”. "
            "Hãy tải lại trang để xem trạng thái mới nhất.",
        )


def next_status(row: Transition, status: Status, before: Status | None = None) -> Status:
    """The state after the action: the row's, the one before the pause, or the same."""
    if row.restores and before is not None:
        return before
    return row.to if row.to is not None else status


def fold(statuses: Iterable[str | None]) -> str | None:
    """Status = the `to` of the last event that has one (the log is the truth)."""
    last = None
    for to in statuses:
        last = to or last
    return last
