"""How an action moves a dossier along its route; the rules are in core/route.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.core import route
from app.core.deadline import step_due
from app.core.route import StepState
from app.core.states import APPLICANT_STEP, APPRAISAL_STEP, Role
from app.core.substitution import present
from app.core.workflow import Move, Transition
from app.journey.hands import people_at
from app.journey.office import Db, Office
from app.models import Step


@dataclass(slots=True)
class Moved:
    """What changed on the route: positions finished, opened, put back."""

    finished: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    put_back: list[int] = field(default_factory=list)

    def as_facts(self) -> dict[str, Any]:
        """The non-empty parts, for the event."""
        parts = {"finished": self.finished, "opened": self.opened, "put_back": self.put_back}
        return {key: value for key, value in parts.items() if value}


def move(
    session: Db, office: Office, row: Transition, steps: Sequence[Step], step: Step | None,
    now: datetime, day: date,
) -> Moved:  # fmt: skip
    """Carry out the row's move on the route; the steps are changed in place."""
    moved = Moved()
    match row.move:
        case Move.LEAVE_COUNTER:
            _finish(step, now, moved)
        case Move.ARRIVE:
            _open_ready(session, office, steps, now, day, moved)
        case Move.LEAVE_AND_ARRIVE | Move.FINISH:
            _finish(step, now, moved)
            _open_ready(session, office, steps, now, day, moved)
        case Move.PROPOSE:
            if step is not None and step.state == StepState.ACTIVE:
                _finish(step, now, moved)
                _open_ready(session, office, steps, now, day, moved)
        case (
            Move.REOPEN_APPRAISAL | Move.REOPEN_DECISION | Move.REOPEN_STAMP | Move.BACK_TO_COUNTER
        ):
            _put_back(office, steps, route.reopened_from(row, steps, step), now, moved)
        case _:
            if row.move == Move.PAID and _all_of_applicant(steps, now, moved):
                _open_ready(session, office, steps, now, day, moved)
            elif row.move == Move.FINISH_ALL:
                _all_at_once(steps, now, moved)
            elif row.move == Move.CLOSE:
                _drop(steps)
    return moved


def _all_of_applicant(steps: Sequence[Step], now: datetime, moved: Moved) -> bool:
    own = [s for s in route.active(steps) if s.step_role == APPLICANT_STEP]
    for step in own:
        _finish(step, now, moved)
    return bool(own)


def _all_at_once(steps: Sequence[Step], now: datetime, moved: Moved) -> None:
    for step in steps:
        step.state, step.done_at = StepState.DONE, now
        step.started_at = step.started_at or now
        moved.finished.append(step.position)


def _drop(steps: Sequence[Step]) -> None:
    for step in steps:
        if step.state in (StepState.PENDING, StepState.ACTIVE):
            step.state = StepState.DROPPED


def _finish(step: Step | None, now: datetime, moved: Moved) -> None:
    if step is not None and step.state == StepState.ACTIVE:
        step.state, step.done_at = StepState.DONE, now
        moved.finished.append(step.position)


def activate(office: Office, step: Step, now: datetime) -> None:
    """Start a step: its own clock runs in working minutes of its unit."""
    step.state, step.started_at, step.done_at = StepState.ACTIVE, now, None
    renew_step(office, step, now)


def renew_step(office: Office, step: Step, since: datetime) -> None:
    """Count the step's own limit from a moment."""
    step.late_at = None
    step.due_at = step_due(since, float(step.amount), step.time_unit, office.calendar)


def _open_ready(
    session: Db, office: Office, steps: Sequence[Step], now: datetime, day: date, moved: Moved
) -> None:
    for step in route.ready(steps):
        activate(office, step, now)
        moved.opened.append(step.position)
        if step.step_role == APPRAISAL_STEP and step.assignee_id is None:
            officer = _by_itself(session, steps, step, day)
            today = office.calendar.local(now).date()
            # New work of an officer who is away falls to whoever stands in.
            step.assignee_id = officer and present(office.stand_ins, officer, step.unit_id, today)


def _by_itself(session: Db, steps: Sequence[Step], step: Step, day: date) -> str | None:
    """The officer who needs no assigning: who had the step before it, or the unit's only one."""
    for earlier in reversed(steps[: step.position - 1]):
        if earlier.step_role == APPRAISAL_STEP and earlier.unit_id == step.unit_id:
            return earlier.assignee_id
    officers = people_at(session, step.unit_id, Role.CASE_OFFICER, day)
    return officers[0].id if len(officers) == 1 else None


def _put_back(
    office: Office, steps: Sequence[Step], position: int, now: datetime, moved: Moved
) -> None:
    for step in steps:
        if step.position == position:
            activate(office, step, now)
            moved.opened.append(position)
        elif step.position > position and step.state in (StepState.ACTIVE, StepState.DONE):
            step.state, step.started_at, step.done_at, step.due_at = (
                StepState.PENDING, None, None, None,
            )  # fmt: skip
            moved.put_back.append(step.position)
