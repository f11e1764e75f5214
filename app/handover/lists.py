"""The counter's own lists: what is to be sent on, what waits for the applicant."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.core.actor import Actor
from app.core.route import StepState
from app.core.states import APPLICANT_STEP, Role, Status
from app.journey.office import Db
from app.journey.visibility import visible
from app.journey.worklists import PAGE, Work
from app.models import Dossier, Step

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
            Step.state == StepState.ACTIVE,
            Step.step_role == APPLICANT_STEP,
        )
        .order_by(Step.started_at, Step.dossier_id)
    )
    return [Work(d, s, None) for d, s in session.execute(visible(query, actor).limit(limit))]
