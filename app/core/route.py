"""A dossier's route: which step opens when, and which one an action acts on. Pure functions.

A step starts when every step it depends on is done (SCHEMA: without depends_on, the one above).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from app.core.refusals import Refused
from app.core.states import (
    APPLICANT_STEP,
    APPRAISAL_STEP,
    INTAKE_STEP,
    LEADER_STEPS,
    PARTNER_STEP,
    STAMP_STEP,
    Role,
    Status,
)
from app.core.workflow import Move, Transition


class StepState(StrEnum):
    """Where a step stands; dropped: the dossier ended before it."""

    PENDING = "pending"
    ACTIVE = "active"
    DONE = "done"
    DROPPED = "dropped"


class RouteStep(Protocol):
    """What these functions need to know of a step."""

    @property
    def position(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def step_role(self) -> str: ...
    @property
    def unit_id(self) -> str: ...
    @property
    def decides(self) -> bool: ...
    @property
    def waits_for(self) -> Sequence[int]: ...
    @property
    def state(self) -> str: ...
    @property
    def assignee_id(self) -> str | None: ...


S = TypeVar("S", bound=RouteStep)

# A delegation moves these steps to the one-stop, and who holds them there (decisions on delegation:
# thẩm định by the case officers, signatures by its head, the seal by its clerk).
MOVED = {
    "submit_for_approval": frozenset({APPRAISAL_STEP}),
    "approve": frozenset({APPRAISAL_STEP}) | LEADER_STEPS,
    "approve_and_stamp": frozenset({APPRAISAL_STEP, STAMP_STEP}) | LEADER_STEPS,
}


def moved_holder(step_role: str) -> Role:
    """The role that holds a moved step at the one-stop."""
    if step_role in LEADER_STEPS:
        return Role.ONE_STOP_HEAD
    return Role.CLERK if step_role == STAMP_STEP else Role.CASE_OFFICER


def active(steps: Iterable[S]) -> list[S]:
    """The steps being worked on."""
    return [s for s in steps if s.state == StepState.ACTIVE]


def ready(steps: Sequence[S]) -> list[S]:
    """Pending steps whose predecessors are all done: those that open next."""
    done = {s.position for s in steps if s.state == StepState.DONE}
    return [s for s in steps if s.state == StepState.PENDING and done.issuperset(s.waits_for)]


def ready_after_first(steps: Sequence[S]) -> S | None:
    """The first step that waits for the counter's own."""
    return next((s for s in steps if tuple(s.waits_for) == (1,)), None)


def deciding(steps: Sequence[S]) -> S | None:
    """The step whose signature is the decision."""
    return next((s for s in steps if s.decides), None)


def next_leader(steps: Sequence[S], after: int = 0) -> S | None:
    """The first leader step not yet done."""
    return next(
        (
            s
            for s in steps
            if s.position > after and s.step_role in LEADER_STEPS and s.state != StepState.DONE
        ),
        None,
    )


def last_appraisal(steps: Sequence[S], before: int | None = None) -> S | None:
    """The last thẩm định step before a position; before the decision where none is given.

    Appraisal after the decision (entering it into a register, say) proposes nothing.
    """
    decision = deciding(steps)
    limit = before or (decision.position if decision is not None else len(steps))
    found = None
    for step in steps:
        if step.step_role == APPRAISAL_STEP and step.position < limit:
            found = step
    return found


def is_proposal(steps: Sequence[S], step: S) -> bool:
    """Whether finishing this appraisal is the proposal: no other one is left, a leader is next."""
    decision, leader = deciding(steps), next_leader(steps)
    if step.step_role != APPRAISAL_STEP or decision is None or leader is None:
        return False
    others = [
        s
        for s in steps[: decision.position]
        if s.step_role == APPRAISAL_STEP
        and s.position != step.position
        and s.state in (StepState.PENDING, StepState.ACTIVE)
    ]
    if others or step.position > decision.position:
        return False
    done = {s.position for s in steps if s.state == StepState.DONE} | {step.position}
    return done.issuperset(leader.waits_for)


def work_left(steps: Sequence[RouteStep]) -> bool:
    """Whether any step but the last, the hand-over, is still to do: the settlement is not over."""
    return any(
        s.position != len(steps) and s.state in (StepState.PENDING, StepState.ACTIVE) for s in steps
    )


def acts_on_step(row: Transition) -> bool:
    """Whether the action is about one step of the route, or about the whole dossier."""
    return bool(row.step_roles) or row.move in (Move.ARRIVE, Move.BACK_TO_COUNTER)


def acted_on(
    row: Transition, status: Status, steps: Sequence[S], position: int | None = None
) -> S | None:
    """The step an action acts on, or None where it acts on the whole dossier.

    position: the step that the actor named; needed where several fit. Refused `no_step`,
    `step_needed`, `wrong_step` with a sentence otherwise.
    """
    if not acts_on_step(row):
        return None
    fitting = candidates(row, status, steps)
    if position is not None:
        fitting = [s for s in fitting if s.position == position]
    if not fitting:
        raise Refused("no_step", _why_none(row, status, steps))
    if len(fitting) > 1:
        names = "; ".join(f"{s.position} – {s.name}" for s in fitting)
        raise Refused(
            "step_needed",
            f"Hồ sơ có nhiều bước đang mở, hãy chọn bước: {names}.",
            fields={"step": "Hãy chọn bước cần thực hiện."},
            detail={"steps": [s.position for s in fitting]},
        )
    return fitting[0]


def candidates(row: Transition, status: Status, steps: Sequence[S]) -> list[S]:
    """Every step that the action may act on now."""
    open_steps = [s for s in active(steps) if s.step_role in row.step_roles]
    match row.action:
        case "agency_receive":
            return ready(steps)[:1]
        case "return_transfer":
            return (ready(steps) if status == Status.IN_TRANSFER else active(steps))[:1]
        case "finish_step":
            return [s for s in open_steps if _finishes(status, steps, s)]
        case "propose_result" | "propose_refusal" | "refuse_after_supplement":
            return _proposable(steps, open_steps)
        case "approve":
            unproposed = status != Status.SUBMITTED_FOR_APPROVAL
            if unproposed and last_appraisal(steps) is not None:
                return []
            return [s for s in open_steps if s.decides]
        case "issue" | "issue_refusal":
            return _issuable(status, steps, open_steps)
        case "send_back":
            return [s for s in open_steps if last_appraisal(steps, before=s.position)]
        case "assign":
            return [s for s in open_steps if s.assignee_id is None]
        case "reassign":  # after the decision there is no other way to give a step to somebody
            late = status not in (Status.RECEIVED_BY_AGENCY, Status.APPRAISING)
            return [s for s in open_steps if late or s.assignee_id is not None]
        case _:
            return open_steps


def with_partners(steps: Iterable[RouteStep]) -> bool:
    """Whether every open step lies with a partner (phối hợp): the agency itself waits."""
    open_steps = active(steps)
    return bool(open_steps) and all(s.step_role == PARTNER_STEP for s in open_steps)


def _finishes(status: Status, steps: Sequence[S], step: S) -> bool:
    """Whether `finish_step` is the word for this step, and not approve, propose or issue."""
    if step.position in (1, len(steps)) or step.decides or is_proposal(steps, step):
        return False
    if deciding(steps) is None and not _more_work_after(steps, step):
        return False
    return not (step.step_role == STAMP_STEP and status == Status.APPROVED)


def _more_work_after(steps: Sequence[RouteStep], step: RouteStep) -> bool:
    return any(
        s.position not in (step.position, len(steps))
        and s.state in (StepState.PENDING, StepState.ACTIVE)
        for s in steps
    )


def _proposable(steps: Sequence[S], open_steps: Sequence[S]) -> list[S]:
    fitting = [s for s in open_steps if is_proposal(steps, s)]
    if fitting or open_steps:
        return fitting
    # The officer finished, the partners answered, and the leader's step is open already: the
    # proposal then comes from the officer who appraised last.
    leader = next_leader(steps)
    last = last_appraisal(steps)
    if leader is not None and leader.state == StepState.ACTIVE and last is not None:
        return [last] if last.state == StepState.DONE else []
    return []


def _issuable(status: Status, steps: Sequence[S], open_steps: Sequence[S]) -> list[S]:
    decision = deciding(steps)
    if decision is None:  # notification only: whoever does the last work issues
        inner = [s for s in open_steps if s.position not in (1, len(steps))]
        return [s for s in inner if not _more_work_after(steps, s)]
    if status != Status.APPROVED:
        return []
    stamps = [s for s in open_steps if s.step_role == STAMP_STEP]
    if stamps:
        return stamps
    left = (StepState.PENDING, StepState.ACTIVE)
    later = [s for s in steps if s.position > decision.position and s.state in left]
    later = [s for s in later if s.step_role == STAMP_STEP]
    return [] if later else [decision]  # no văn thư step: the deciding hand issues


def _why_none(row: Transition, status: Status, steps: Sequence[RouteStep]) -> str:
    open_names = "; ".join(f"“{s.name}”" for s in active(steps)) or "không có bước nào"
    if row.move == Move.PROPOSE:
        return (
            f"Chưa thể “{row.label}”: các bước trước khi trình phải xong đã. Đang mở: {open_names}."
        )
    return f"Không có bước nào để “{row.label}”. Hồ sơ “{status.label}”, đang mở: {open_names}."


def reopened_from(row: Transition, steps: Sequence[RouteStep], step: RouteStep | None) -> int:
    """The position that becomes active again when somebody sends back."""
    if row.move == Move.BACK_TO_COUNTER:
        return 1
    decision = deciding(steps)
    if row.move == Move.REOPEN_STAMP:
        stamps = [s.position for s in steps if s.step_role == STAMP_STEP]
        return max(stamps) if stamps else (decision.position if decision else len(steps) - 1)
    if row.move == Move.REOPEN_DECISION and decision is not None:
        return decision.position
    back = last_appraisal(steps, before=step.position if step is not None else None)
    if back is None:
        raise Refused("no_step", "Quy trình không có bước thẩm định để trả lại.")
    return back.position


def nobody_holds(step: RouteStep) -> bool:
    """Whether the step is the applicant's own; the counter notes that it is done."""
    return step.step_role == APPLICANT_STEP


def is_first(step: RouteStep) -> bool:
    """Whether it is the counter's own first step."""
    return step.step_role == INTAKE_STEP
