"""The counter's own lists: what is to be sent on, what waits for the applicant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.core.actor import Actor
from app.core.states import APPLICANT_STEP, Role, Status
from app.journey.office import Db
from app.journey.visibility import visible
from app.journey.worklists import PAGE, Work
from app.models import ACTIVE, Dossier, Event, Step

TELLING = ("notify_ready", "mark_uncollected")
COUNTER_ROLES = (Role.INTAKE_OFFICER, Role.ONE_STOP_HEAD)


def to_send_on(session: Db, actor: Actor, limit: int = PAGE) -> Sequence[Dossier]:
    """Received dossiers still at the person's counters, those to be sent soonest first."""
    query = (
        select(Dossier)
        .where(
            Dossier.one_stop.in_(actor.units_with(*COUNTER_ROLES)),
            Dossier.status == Status.ACCEPTED,
        )
        .order_by(Dossier.transfer_due_at, Dossier.id)
    )
    return session.scalars(visible(query, actor).limit(limit)).all()


def waiting_for_applicant(session: Db, actor: Actor, limit: int = PAGE) -> list[Work]:
    """Open steps that only the applicant can do (tax, fee); the counter notes when it is done."""
    query = (
        select(Dossier, Step)
        .join(Step, Step.dossier_id == Dossier.id)
        .where(
            Dossier.one_stop.in_(actor.units_with(*COUNTER_ROLES)),
            Step.state == ACTIVE,
            Step.step_role == APPLICANT_STEP,
        )
        .order_by(Step.started_at, Step.dossier_id)
    )
    return [Work(d, s, None) for d, s in session.execute(visible(query, actor).limit(limit))]


@dataclass(frozen=True, slots=True)
class Uncollected:
    """A result nobody came for: how often and when last the applicant was told of it."""

    dossier: Dossier
    told: int
    told_at: datetime | None


def uncollected(
    session: Db, actor: Actor, now: datetime, days: int, limit: int = PAGE
) -> list[Uncollected]:
    """Results at the person's counters more than some days past the appointment, oldest first."""
    query = visible(select(Dossier), actor).where(
        Dossier.one_stop.in_(actor.units_with(*COUNTER_ROLES)),
        Dossier.status == Status.AT_ONE_STOP,
        Dossier.due_at < now - timedelta(days=days),
    )
    found = session.scalars(query.order_by(Dossier.due_at, Dossier.id).limit(limit)).all()
    events = (
        select(Event.subject, func.count(), func.max(Event.at))
        .where(Event.subject.in_([d.id for d in found]), Event.action.in_(TELLING))
        .group_by(Event.subject)
    )
    told = {subject: (count, at) for subject, count, at in session.execute(events)} if found else {}
    return [Uncollected(d, *told.get(d.id, (0, None))) for d in found]
