"""Who has what to do now: inboxes read open steps, never statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from app.core.actor import Actor
from app.core.route import StepState
from app.core.states import APPRAISAL_STEP, LEADER_STEPS, STAMP_STEP, Role, Status
from app.journey.office import Db
from app.journey.visibility import visible
from app.models import ACTIVE, IN_TRANSFER, Dossier, Staff, Step

PAGE = 50
TO_RECEIVE = (Status.DRAFT, Status.SUBMITTED, Status.INTAKE_SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class Work:
    """A line of an inbox: the dossier, its open step, who holds it."""

    dossier: Dossier
    step: Step
    assignee: str | None
    key: tuple[datetime, str, int] | None = None  # its place in a list read page by page


def _open(actor: Actor) -> Any:
    query = (
        select(Dossier, Step, Staff.name)
        .join(Step, Step.dossier_id == Dossier.id)
        .outerjoin(Staff, Staff.id == Step.assignee_id)
        .where(Step.state == ACTIVE)
    )
    return visible(query, actor)


def _lines(session: Db, query: Any, limit: int) -> list[Work]:
    ordered = query.order_by(Step.due_at, Step.dossier_id, Step.position).limit(limit)
    return [Work(*row) for row in session.execute(ordered)]


def _held(actor: Actor, *roles: Role) -> Any:
    """Open steps of the roles at the units where the person holds them."""
    parts = []
    for role in roles:
        units = actor.units_with(role)
        if units:
            parts.append(and_(Step.holder_role == role, Step.unit_id.in_(units)))
    return or_(*parts) if parts else None


def mine(session: Db, actor: Actor, limit: int = PAGE) -> list[Work]:
    """Appraisal assigned to the person, and partner steps of their units; soonest due first."""
    return _lines(session, _open(actor).where(own_steps(actor)), limit)


def own_steps(actor: Actor) -> ColumnElement[bool]:
    """Whether a step is the person's: appraisal assigned, or a partner step of the own units."""
    partner = _held(actor, Role.CONSULTED_AGENCY)
    own = and_(Step.assignee_id == actor.id, Step.step_role == APPRAISAL_STEP)
    return own if partner is None else or_(own, partner)


def to_assign(session: Db, actor: Actor, limit: int = PAGE) -> list[Work]:
    """Appraisal steps nobody has yet, at units whose head the person is."""
    units = actor.units_with(Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)
    query = _open(actor).where(
        Step.step_role == APPRAISAL_STEP, Step.assignee_id.is_(None), Step.unit_id.in_(units)
    )
    return _lines(session, query, limit)


def to_approve(session: Db, actor: Actor, limit: int = PAGE) -> list[Work]:
    """Leader steps that wait for this person's signature, or for whom the person signs."""
    held = leaders_steps(actor)
    return [] if held is None else _lines(session, _open(actor).where(held), limit)


def leaders_steps(actor: Actor) -> ColumnElement[bool] | None:
    """Whether a step waits for this person's signature, in the own name or a leader's."""
    own = _held(actor, Role.APPROVER, Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)
    parts = [] if own is None else [own]
    parts += [
        and_(Step.holder_role == post.role, Step.unit_id == post.unit_id)
        for post in actor.signs_for
    ]
    return and_(or_(*parts), Step.step_role.in_(sorted(LEADER_STEPS))) if parts else None


def to_stamp(session: Db, actor: Actor, limit: int = PAGE) -> list[Work]:
    """Văn thư steps of the person's units."""
    held = _held(actor, Role.CLERK)
    if held is None:
        return []
    return _lines(session, _open(actor).where(held, Step.step_role == STAMP_STEP), limit)


def arriving(session: Db, actor: Actor, limit: int = PAGE) -> Sequence[Dossier]:
    """Dossiers on their way to a unit of the person, to be counted and taken over."""
    takers = actor.units_with(Role.CLERK, Role.AGENCY_HEAD, Role.APPROVER, Role.CASE_OFFICER)
    next_step = (
        select(Step.dossier_id)
        .where(
            Step.dossier_id == Dossier.id, Step.state == StepState.PENDING, Step.waits == "1",
            Step.unit_id.in_(takers),
        )
        .exists()
    )  # fmt: skip
    query = visible(select(Dossier), actor).where(Dossier.status == IN_TRANSFER, next_step)
    return session.scalars(query.order_by(Dossier.transfer_due_at, Dossier.id).limit(limit)).all()


def at_counter(
    session: Db, actor: Actor, *statuses: Status, limit: int = PAGE
) -> Sequence[Dossier]:
    """Dossiers of the person's counters in some states, soonest due first."""
    counters = actor.units_with(Role.INTAKE_OFFICER, Role.ONE_STOP_HEAD)
    query = visible(select(Dossier), actor).where(
        Dossier.one_stop.in_(counters), Dossier.status.in_(statuses)
    )
    return session.scalars(query.order_by(Dossier.due_at, Dossier.id).limit(limit)).all()


def drafts(session: Db, actor: Actor, limit: int = PAGE) -> Sequence[Dossier]:
    """What waits to be received at the person's counters, newest first."""
    counters = actor.units_with(Role.INTAKE_OFFICER)
    query = visible(select(Dossier), actor).where(
        Dossier.one_stop.in_(counters), Dossier.status.in_(TO_RECEIVE)
    )
    return session.scalars(query.order_by(Dossier.created_at.desc()).limit(limit)).all()


def is_late(step_due: datetime | None, now: datetime) -> bool:
    """Whether a step's own time has passed."""
    return step_due is not None and now > step_due
