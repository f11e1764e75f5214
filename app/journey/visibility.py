"""Who may see which dossier: the one function that every select on dossiers passes.

A dossier is seen by holders of a role in the one-stop that received it or in the unit of any of
its steps, and by heads, approvers and monitors of their ancestors. A unit whose opinion was asked
sees the request only (`asked_visible`). Administrators see none.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.actor import Actor
from app.core.states import Status
from app.models import Consultation, Dossier, Step, Unit

Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])


def in_sight(
    column: ColumnElement[str] | InstrumentedAttribute[str], actor: Actor
) -> ColumnElement[bool]:
    """Whether a unit column names a unit within the person's sight."""
    conditions: list[ColumnElement[bool]] = []
    if actor.seen_units:
        conditions.append(column.in_(sorted(actor.seen_units)))
    if actor.covered_paths:
        below = or_(*(Unit.path.startswith(path, autoescape=True) for path in actor.covered_paths))
        conditions.append(column.in_(select(Unit.id).where(below)))
    return or_(*conditions) if conditions else false()


def visible(statement: Q, actor: Actor) -> Q:
    """The statement on `Dossier`, narrowed to what the person may see."""
    on_route = (
        select(Step.dossier_id)
        .where(Step.dossier_id == Dossier.id, in_sight(Step.unit_id, actor))
        .correlate(Dossier)
        .exists()
    )
    # A draft is the counter's own until it is received.
    sent_on = and_(Dossier.status != Status.DRAFT, on_route)
    return statement.where(or_(in_sight(Dossier.one_stop, actor), sent_on))


def asked_visible(statement: Q, actor: Actor) -> Q:
    """The statement on `Dossier`, narrowed to those on which a unit of the person was asked.

    Only what the request says may be shown of them: number, procedure, question, answer.
    """
    consulted = (
        select(Consultation.dossier_id)
        .where(Consultation.dossier_id == Dossier.id, in_sight(Consultation.unit_id, actor))
        .correlate(Dossier)
        .exists()
    )
    return statement.where(consulted)
