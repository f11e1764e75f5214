"""The board's figures: what is open, late, settled, on time; by department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from app.core.actor import Actor
from app.core.states import OPEN, Status
from app.journey.office import Db
from app.journey.punctuality import EARLY, IN_TIME, LATE, ON_TIME
from app.journey.visibility import visible
from app.models import Dossier

# Dossiers settled in this many days back make the board's on-time rates.
WINDOW = timedelta(days=90)
# States in which a dossier is still being settled, so that it can be overdue.
WORKING = OPEN - {Status.ISSUED, Status.REFUSAL_ISSUED, Status.AT_ONE_STOP}


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of the office: open now, of these overdue; settled in the window, of these in time."""

    open: int
    overdue: int
    waiting_pickup: int
    settled: int
    in_time: int


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A department's settled dossiers of the window: early, on the day, late."""

    unit_id: str
    early: int
    on_time: int
    late: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.early + self.on_time + self.late

    @property
    def rate(self) -> float:
        """The share that was in time; 1 where there is nothing to share."""
        return (self.early + self.on_time) / self.total if self.total else 1.0


def totals(session: Db, actor: Actor, now: datetime) -> Totals:
    """The counts within the person's sight; a rate with nothing under it is shown as a dash."""
    is_open = Dossier.status.in_(sorted(WORKING))
    recent = Dossier.settled_at >= now - WINDOW
    query = select(
        func.count(case((is_open, 1))),
        func.count(case((is_open & (Dossier.due_at < now), 1))),
        func.count(case((Dossier.status == Status.AT_ONE_STOP, 1))),
        func.count(case((recent & (Dossier.status != Status.VOIDED), 1))),
        func.count(case((recent & (Dossier.status != Status.VOIDED) & IN_TIME, 1))),
    ).select_from(Dossier)
    row = session.execute(visible(query, actor)).one()
    return Totals(*row)


def on_time_by_unit(session: Db, actor: Actor, now: datetime) -> list[UnitLine]:
    """Per department, early, on the day and late; the lowest rate first."""
    query = (
        select(
            Dossier.department,
            func.count(case((EARLY, 1))),
            func.count(case((ON_TIME, 1))),
            func.count(case((LATE, 1))),
        )
        .where(Dossier.settled_at >= now - WINDOW, Dossier.status != Status.VOIDED)
        .group_by(Dossier.department)
    )
    lines = [UnitLine(*row) for row in session.execute(visible(query, actor))]
    return sorted(
        lines, key=lambda x: ((x.early + x.on_time) / x.total if x.total else 1, x.unit_id)
    )
