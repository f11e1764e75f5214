"""What the queue looks like now: read only, a fixed number of statements whatever its length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select

from app.journey.office import Db
from app.models import Counter, Ticket
from app.ticketing import rule, seats
from app.ticketing.terms import FIRST, TicketState, minutes

RECENT = 50  # tickets whose serving time foretells how long a new one waits
SHOWN = 7  # lines of a list: the counter's page fits 1366 × 625 with a message above it


@dataclass(frozen=True, slots=True)
class Figures:
    """A one-stop's day: how many numbers in each state; means in whole minutes, None = none yet."""

    taken: int
    waiting: int
    called: int
    served: int
    skipped: int
    wait_minutes: int | None
    serve_minutes: int | None


def figures(session: Db, one_stop: str, day: date) -> Figures:
    """The figures of a local day."""
    ended = case((Ticket.state == TicketState.SERVED, Ticket.served))
    states = [func.count(case((Ticket.state == state, 1))) for state in TicketState]
    row = session.execute(
        select(func.count(), *states, func.avg(Ticket.waited), func.avg(ended)).where(
            Ticket.one_stop == one_stop, Ticket.day == day
        )
    ).one()
    return Figures(row[0], row[1], row[2], row[3], row[4], minutes(row[5]), minutes(row[6]))


def called(session: Db, one_stop: str, day: date) -> list[tuple[Ticket, Counter]]:
    """Numbers at the counters now, the latest call first."""
    query = (
        select(Ticket, Counter)
        .join(Counter, Counter.id == Ticket.counter_id)
        .where(
            Ticket.one_stop == one_stop, Ticket.day == day, Ticket.state == TicketState.CALLED
        )
        .order_by(Ticket.shown_at.desc(), Ticket.id.desc())
    )  # fmt: skip
    return [(row[0], row[1]) for row in session.execute(query)]


def skipped(session: Db, one_stop: str, day: date, limit: int = SHOWN) -> Sequence[Ticket]:
    """Numbers whose holders did not come, the latest first."""
    query = (
        select(Ticket)
        .where(Ticket.one_stop == one_stop, Ticket.day == day, Ticket.state == TicketState.SKIPPED)
        .order_by(Ticket.finished_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def waiting_for(
    session: Db, counter: Counter, peers: Sequence[Counter], now: datetime, limit: int = SHOWN
) -> tuple[Sequence[Ticket], int]:
    """The next numbers the counter may call, in the order of calling, and how many there are."""
    fitting = rule.callable_by(counter, peers, now)
    order = rule.calling_order(counter, peers, now)
    total = session.scalar(select(func.count()).select_from(Ticket).where(*fitting)) or 0
    query = select(Ticket).where(*fitting).order_by(*order).limit(limit)
    return session.scalars(query).all(), total


def find(session: Db, one_stop: str, day: date, series: str, number: int) -> Ticket | None:
    """A ticket by what stands on it."""
    return session.scalars(
        select(Ticket).where(
            Ticket.one_stop == one_stop, Ticket.day == day, Ticket.series == series,
            Ticket.number == number,
        )
    ).first()  # fmt: skip


def ahead(session: Db, ticket: Ticket) -> int:
    """How many wait before this number: those who go first count only their like."""
    before = [
        Ticket.one_stop == ticket.one_stop,
        Ticket.day == ticket.day,
        Ticket.state == TicketState.WAITING,
        Ticket.id < ticket.id,
    ]
    if ticket.series == FIRST:
        before.append(Ticket.series == FIRST)
    return session.scalar(select(func.count()).select_from(Ticket).where(*before)) or 0


def foretold(
    session: Db, ticket: Ticket, people: int, counters: Sequence[Counter], now: datetime
) -> int | None:  # fmt: skip
    """About how many minutes the number will wait; None where nothing was measured yet.

    The mean of the last fifty served at the one-stop, shared among the counters that may call the
    number: where somebody sits, or before the first one sits down those that are open.
    """
    latest = (
        select(Ticket.served)
        .where(Ticket.one_stop == ticket.one_stop, Ticket.state == TicketState.SERVED)
        .order_by(Ticket.id.desc())
        .limit(RECENT)
        .subquery()
    )
    pace = session.scalar(select(func.avg(latest.c.served)))
    if pace is None:
        return None
    fitting = [
        c for c in counters
        if c.open and (not c.field_slugs or ticket.field is None or ticket.field in c.field_slugs)
    ]  # fmt: skip
    sitting = [c for c in fitting if seats.attended(c, now)] or fitting
    return math.ceil(people * float(pace) / 60 / max(1, len(sitting)))
