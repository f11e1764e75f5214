"""The department's open work."""

from __future__ import annotations

from sqlalchemy import select

from app.core.actor import Actor
from app.core.route import StepState
from app.core.states import INTAKE_STEP, RETURN_STEP
from app.journey.office import Db
from app.journey.visibility import visible
from app.journey.worklists import PAGE, Work
from app.models import Dossier, Staff, Step


def of_departments(session: Db, actor: Actor, limit: int = PAGE) -> list[Work]:
    """Open steps at the person's units, whoever has them, soonest due first.

    The counter's own steps are left out: results that wait for their owner are no work here.
    """
    query = (
        select(Dossier, Step, Staff.name)
        .join(Step, Step.dossier_id == Dossier.id)
        .outerjoin(Staff, Staff.id == Step.assignee_id)
        .where(
            Step.state == StepState.ACTIVE,
            Step.unit_id.in_(sorted(actor.units)),
            Step.step_role.not_in((INTAKE_STEP, RETURN_STEP)),
        )
        .order_by(Step.due_at, Step.dossier_id, Step.position)
    )
    return [Work(*row) for row in session.execute(visible(query, actor).limit(limit))]
