"""The one door: the only code that changes the status of a dossier after its acceptance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.clock import VIETNAM
from app.core import facts as told
from app.core import route
from app.core.actor import SYSTEM, Actor
from app.core.refusals import Refused
from app.core.states import APPLICANT_STEP, APPRAISAL_STEP, STAMP_STEP, WITH_RESULT, Status
from app.core.transitions import RUNNING
from app.core.workflow import (
    Clock,
    Hand,
    Move,
    Transition,
    check_source,
    next_status,
    rows_from,
    transition,
)
from app.journey import clock, hands, log, moves, notice_papers
from app.journey.aftercare import AFTER_GUARDS
from app.journey.guards import GUARDS, Act
from app.journey.notices import NOTICE_GUARDS
from app.journey.office import Db, Office
from app.journey.sensible import View, sensible
from app.models import Dossier, Event, Step

INTAKE_ACTIONS = frozenset({"register_counter", "submit_online", "accept", "refuse_intake"})


def route_of(session: Db, dossier: Dossier) -> Sequence[Step]:
    """The dossier's steps in order."""
    query = select(Step).where(Step.dossier_id == dossier.id).order_by(Step.position)
    return session.scalars(query).all()


def advance(
    session: Db,
    office: Office,
    dossier: Dossier,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    step: int | None = None,
    expected_version: int | None = None,
) -> Event:
    """Carry out one action: state, hand, facts, guards, route, row, event, message; then flush.

    Refused with a code and a sentence where the table, the person's posting or a guard says no;
    nothing is then to be committed. The caller holds the dossier and commits.
    """
    status = Status(dossier.status)
    row = transition(action, status)
    if action in INTAKE_ACTIONS:
        raise Refused("use_intake", "Việc tiếp nhận làm ở màn hình tiếp nhận.")
    if len(note) > told.MAX_TEXT:
        raise Refused(
            "bad_facts", f"Ghi chú dài quá {told.MAX_TEXT} ký tự, hãy viết gọn.",
            fields={"note": f"Dài quá {told.MAX_TEXT} ký tự."},
        )  # fmt: skip
    if expected_version is not None and expected_version != dossier.version:
        raise stale(dossier)
    check_source(row, status)
    steps = route_of(session, dossier)
    acted = route.acted_on(row, status, steps, step)
    day = office.judged(now.astimezone(VIETNAM).date())
    post = hands.post_for_action(session, office, row, dossier, acted, actor, day)
    hands.check_lent(session, post, now.astimezone(VIETNAM).date(), day)
    act = Act(
        session, office, dossier, steps, row, acted, actor, now, day, note.strip(),
        _facts(row, acted, facts or {}),
    )  # fmt: skip
    due_before = dossier.due_at
    guard = GUARDS.get(action) or NOTICE_GUARDS.get(action) or AFTER_GUARDS.get(action)
    if guard is not None:
        guard(act)
    moved = moves.move(session, office, row, steps, acted, now, day)
    event = _change(act, post, status, moved, due_before)
    notice_papers.keep(act)
    _begin_appraisal(act)
    _begin_payment(act, moved)
    session.flush()
    return event


def stale(dossier: Dossier) -> Refused:
    """The refusal for a form that was opened before somebody else's change."""
    return Refused(
        "stale",
        "Người khác vừa cập nhật hồ sơ này. Hãy tải lại trang, xem thay đổi rồi làm tiếp; "
        "nội dung bạn đã nhập vẫn còn.",
        detail={"version": dossier.version},
    )


def _facts(row: Transition, acted: Step | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts checked; a number is asked only of the văn thư (no seal, no number)."""
    if row.clock == Clock.STOP and acted is not None and acted.step_role != STAMP_STEP:
        given = {"number": "-", "symbol": "-", **given}
        clean = told.check(row, given)
        return {k: v for k, v in clean.items() if v != "-"}
    return told.check(row, given)


def _change(
    act: Act, post: Any, status: Status, moved: moves.Moved, due_before: datetime | None
) -> Event:
    dossier, row = act.dossier, act.row
    new = _new_status(act, status)
    dossier.status = new
    dossier.version += 1
    facts = dict(act.facts) | moved.as_facts()
    if act.step is not None:
        facts["step"] = act.step.position
    if post.lent is not None:
        facts |= {"signed_for": post.lent.name, "authority": post.lent.number}
    if row.restores or row.to in _FRESH:
        dossier.status_before = None
    _settle(act)
    to = new if row.to is not None or row.restores or new != status else None
    event = log.record(
        act.session, dossier, act.actor, post, act.now,
        log.Happened(
            row.action, status, to, _place(act, post), act.note, facts, due_before,
            dossier.due_at, _acting_for(act, post), document=row.form,
        ),
    )  # fmt: skip
    if row.tells:
        log.tell(act.session, dossier, event)
    return event


# Reached from anywhere, these forget the status that a pause had kept.
_FRESH = frozenset({Status.WITHDRAWN, Status.HALTED, Status.CLOSED_NO_SUPPLEMENT})


def _new_status(act: Act, status: Status) -> Status:
    """The row's target; with every open step at partners, the agency itself only waits."""
    kept = act.dossier.status_before
    new = next_status(act.row, status, Status(kept) if kept else None)
    if new in (Status.APPRAISING, Status.AWAITING_PARTNER) and act.row.move in _ON_ROUTE:
        return Status.AWAITING_PARTNER if route.with_partners(act.steps) else Status.APPRAISING
    return new


_ON_ROUTE = frozenset({Move.FINISH, Move.PROPOSE, Move.ARRIVE, Move.LEAVE_AND_ARRIVE})


def _settle(act: Act) -> None:
    """The settlement ends when the result is issued and no partner still works on it."""
    dossier = act.dossier
    ended = dossier.status in WITH_RESULT or dossier.status == Status.RETURNED
    if dossier.settled_at is None and (
        (ended and not route.work_left(act.steps)) or act.row.move == Move.CLOSE
    ):
        dossier.settled_at = act.now
        dossier.settled_day = act.now.astimezone(VIETNAM).date()
    elif act.row.clock == Clock.KEEP and not ended:
        dossier.settled_at = dossier.settled_day = None


def _place(act: Act, post: Any) -> str:
    unit = act.step.unit_id if act.step is not None else post.unit_id
    if act.row.move in (Move.ARRIVE, Move.ASSIGN) or act.step is None:
        unit = post.unit_id
    return log.ONE_STOP if unit == act.dossier.one_stop else log.AGENCY


def _acting_for(act: Act, post: Any) -> str | None:
    """In whose name: the unit of a moved step, or the leader (id) for whom a deputy signs."""
    moved = act.step.moved_from if act.step is not None else None
    return moved or (post.lent.staff_id if post.lent is not None else None)


def _begin_appraisal(act: Act) -> None:
    """A sole officer is assigned by itself: the log says so, and the status follows."""
    dossier = act.dossier
    if dossier.status != Status.RECEIVED_BY_AGENCY:
        return
    taken = [s for s in route.active(act.steps) if s.step_role == APPRAISAL_STEP and s.assignee_id]
    if not taken:
        return
    dossier.status = Status.APPRAISING
    dossier.version += 1
    facts = {"step": taken[0].position, "assignee": taken[0].assignee_id}
    log.record(
        act.session, dossier, SYSTEM, None, act.now,
        log.Happened(
            "assign", Status.RECEIVED_BY_AGENCY, Status.APPRAISING, log.AGENCY,
            "Đơn vị chỉ có một công chức thụ lý.", facts, dossier.due_at, dossier.due_at,
        ),
    )  # fmt: skip


def _begin_payment(act: Act, moved: moves.Moved) -> None:
    """The applicant's own step has come: the clock waits by itself, the log says so."""
    dossier = act.dossier
    own = [
        s for s in route.active(act.steps)
        if s.position in moved.opened and s.step_role == APPLICANT_STEP
    ]  # fmt: skip
    pauses = act.office.editions[dossier.edition_id].procedure.time_limit.pauses
    due = any(pause.kind == "financial_obligation" for pause in pauses)
    if not own or not due or dossier.status not in RUNNING:
        return
    before, due_before = Status(dossier.status), dossier.due_at
    dossier.status_before, dossier.status = before, Status.PAYMENT_REQUIRED
    dossier.version += 1
    clock.move(
        act.session, act.office, dossier, "paused", act.now,
        reason="chờ thực hiện nghĩa vụ tài chính",
    )  # fmt: skip
    event = log.record(
        act.session, dossier, SYSTEM, None, act.now,
        log.Happened(
            "require_payment", before, Status.PAYMENT_REQUIRED, log.ONE_STOP,
            f"Đến bước của người nộp: {own[0].name}.", {"step": own[0].position}, due_before,
            dossier.due_at,
        ),
    )  # fmt: skip
    log.tell(act.session, dossier, event)


def allowed_actions(
    session: Db, office: Office, dossier: Dossier, steps: Sequence[Step], actor: Actor,
    now: datetime,
) -> list[str]:  # fmt: skip
    """The actions this person may take now, in the order of the table: the buttons to show."""
    status = Status(dossier.status)
    day = office.judged(now.astimezone(VIETNAM).date())
    found = []
    for row in rows_from(status):
        if row.action in INTAKE_ACTIONS or row.hand == Hand.SYSTEM:
            continue
        whole = not route.acts_on_step(row)
        fitting: list[Step | None] = [None] if whole else list(route.candidates(row, status, steps))
        if not sensible(row.action, View(session, office, dossier, steps, actor, now)):
            continue
        if hands.may(session, office, row, dossier, fitting, actor, day):
            found.append(row.action)
    return found
