"""The lists of officers and leaders, page by page: key-set only, one statement a page.

A list is told by its view and filters; every line has a key, by which the list goes on after it
or before it, also when the line itself has left the list meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.core.actor import Actor
from app.core.route import StepState
from app.core.states import (
    APPRAISAL_STEP,
    INTAKE_STEP,
    RETURN_STEP,
    WAITING_FOR_CITIZEN,
    Role,
    Status,
)
from app.journey.office import Db
from app.journey.visibility import visible
from app.journey.worklists import Work, leaders_steps, own_steps
from app.models import ACTIVE, IN_TRANSFER, Dossier, Instant, Staff, Step

PAGE = 50
HEADS = (Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)
TAKERS = (Role.CLERK, Role.AGENCY_HEAD, Role.APPROVER, Role.CASE_OFFICER)
Key = tuple[datetime, str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list: mine, citizen, unit, arriving, assign, held or approve; every further part narrows.

    editions: ids, None for all. late: the step's own time is over at that moment. codes: of the
    dossiers looked for in it. assignee: who has the step.
    """

    view: str
    editions: tuple[int, ...] | None = None
    step_roles: tuple[str, ...] = ()
    late: datetime | None = None
    codes: tuple[str, ...] | None = None
    assignee: str | None = None


def _select(actor: Actor, *key: Any) -> Any:
    query = (
        select(Dossier, Step, Staff.name, *key)
        .select_from(Dossier)
        .join(Step, Step.dossier_id == Dossier.id)
        .outerjoin(Staff, Staff.id == Step.assignee_id)
    )
    return visible(query, actor)


def _open(actor: Actor) -> tuple[Any, tuple[Any, ...]]:
    key = (Step.due_at, Step.dossier_id, Step.position)
    return _select(actor, *key).where(Step.state == ACTIVE), key


def _mine(actor: Actor) -> tuple[Any, tuple[Any, ...]]:
    """What the person can work on: what waits for the citizen is a list of its own."""
    query, key = _open(actor)
    waiting = Dossier.status.in_(sorted(WAITING_FOR_CITIZEN))
    return query.where(own_steps(actor), ~waiting), key


def _unit(actor: Actor) -> tuple[Any, tuple[Any, ...]]:
    """Open steps of the person's units; not the counter's own, nor those still to be assigned."""
    query, key = _open(actor)
    unassigned = and_(
        Step.step_role == APPRAISAL_STEP, Step.assignee_id.is_(None),
        Step.unit_id.in_(actor.units_with(*HEADS)),
    )  # fmt: skip
    return query.where(
        Step.unit_id.in_(sorted(actor.units)), Step.step_role.not_in((INTAKE_STEP, RETURN_STEP)),
        ~unassigned,
    ), key  # fmt: skip


def _assign(actor: Actor) -> tuple[Any, tuple[Any, ...]]:
    query, key = _open(actor)
    return query.where(
        Step.step_role == APPRAISAL_STEP, Step.assignee_id.is_(None),
        Step.unit_id.in_(actor.units_with(*HEADS)),
    ), key  # fmt: skip


def _approve(actor: Actor) -> tuple[Any, tuple[Any, ...]]:
    query, key = _open(actor)
    held = leaders_steps(actor)
    return query.where(false() if held is None else held), key


def _held(actor: Actor) -> tuple[Any, tuple[Any, ...]]:
    """Appraisal that somebody has; whose, `assignee` says."""
    query, key = _open(actor)
    return query.where(Step.step_role == APPRAISAL_STEP, Step.assignee_id.is_not(None)), key


def _arriving(actor: Actor) -> tuple[Any, tuple[Any, ...]]:
    """On their way to a unit of the person; the step is the one that opens when they arrive."""
    key = (Dossier.transfer_due_at, Step.dossier_id, Step.position)
    return _select(actor, *key).where(
        Dossier.status == IN_TRANSFER, Step.state == StepState.PENDING, Step.waits == "1",
        Step.unit_id.in_(actor.units_with(*TAKERS)),
    ), key  # fmt: skip


def _citizen(actor: Actor) -> tuple[Any, tuple[Any, ...]]:
    """What only the applicant can move, oldest first: the person's own, and of the units headed."""
    key = (Dossier.created_at, Dossier.id, func.coalesce(Step.position, literal(0)))
    theirs, first = aliased(Step), aliased(Step)
    lowest = (
        select(func.min(first.position))
        .where(first.dossier_id == Dossier.id, first.state == ACTIVE)
        .scalar_subquery()
    )
    one = and_(Step.dossier_id == Dossier.id, Step.position == lowest)
    query = (
        select(Dossier, Step, Staff.name, *key)
        .select_from(Dossier)
        .outerjoin(Step, one)
        .outerjoin(Staff, Staff.id == Step.assignee_id)
    )
    held = or_(theirs.assignee_id == actor.id, theirs.unit_id.in_(actor.units_with(*HEADS)))
    on_route = select(theirs.dossier_id).where(theirs.dossier_id == Dossier.id, held).exists()
    at_counter = and_(
        Dossier.status == Status.INTAKE_SUPPLEMENT,
        Dossier.one_stop.in_(actor.units_with(Role.INTAKE_OFFICER, Role.ONE_STOP_HEAD)),
    )
    waiting = Dossier.status.in_(sorted(WAITING_FOR_CITIZEN))
    return visible(query, actor).where(waiting, or_(on_route, at_counter)), key


VIEWS: dict[str, Callable[[Actor], tuple[Any, tuple[Any, ...]]]] = {
    "mine": _mine,
    "citizen": _citizen,
    "unit": _unit,
    "arriving": _arriving,
    "assign": _assign,
    "held": _held,
    "approve": _approve,
}


def page(
    session: Db, actor: Actor, wanted: Wanted, *, after: Key | None = None,
    before: Key | None = None, limit: int = PAGE,
) -> list[Work]:  # fmt: skip
    """The lines after a key, or those right before one, soonest due first."""
    query, key = VIEWS[wanted.view](actor)
    query = _narrowed(query, wanted)
    if after is not None:
        query = query.where(tuple_(*key) > _bound(after))
    if before is not None:
        query = query.where(tuple_(*key) < _bound(before))
    order = [column.desc() if before is not None else column for column in key]
    rows = session.execute(query.order_by(*order).limit(limit)).all()
    works = [Work(d, s, name, (at, id_, position)) for d, s, name, at, id_, position in rows]
    return works[::-1] if before is not None else works


def _narrowed(query: Any, wanted: Wanted) -> Any:
    if wanted.editions is not None:
        query = query.where(Dossier.edition_id.in_(wanted.editions))
    if wanted.step_roles:
        query = query.where(Step.step_role.in_(wanted.step_roles))
    if wanted.late is not None:
        query = query.where(Step.due_at < wanted.late)
    if wanted.assignee is not None:
        query = query.where(Step.assignee_id == wanted.assignee)
    if wanted.codes is not None:
        query = query.where(Dossier.code.in_(wanted.codes))
    return query


def _bound(key: Key) -> Any:
    return tuple_(
        bindparam(None, key[0], Instant()), bindparam(None, key[1], String()),
        bindparam(None, key[2], Integer()),
    )  # fmt: skip
