"""Which waiting number a counter calls next. The only place that says so.

1. Numbers sent on to this counter come first: these people have waited already.
2. A reserved counter then takes people who go first; when none of them waits it serves everybody,
   rather than stand empty. Where no reserved counter is open, every counter takes them first, else
   the reason given at the door would mean nothing.
3. Otherwise whoever took a number earliest.

A counter with fields takes numbers of these fields, and numbers without one. Nobody is forgotten: a
number that was sent on to a counter which has closed, or whose field no open counter serves any
more, may be called by every counter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, or_

from app.models import Counter, Ticket
from app.ticketing.terms import FIRST, TicketState


def callable_by(counter: Counter, peers: Sequence[Counter], day: date) -> list[ColumnElement[bool]]:
    """What must hold for a number to be called at the counter; peers: all of the one-stop."""
    here = [peer for peer in peers if peer.open]
    sent_here = Ticket.for_counter == counter.id
    free = or_(Ticket.for_counter.is_(None), Ticket.for_counter.not_in([p.id for p in here]))
    mine = counter.field_slugs
    fits: ColumnElement[bool] = free
    if mine:
        fitting: list[ColumnElement[bool]] = [Ticket.field.is_(None), Ticket.field.in_(mine)]
        if all(peer.field_slugs for peer in here):
            served = sorted({slug for peer in here for slug in peer.field_slugs})
            fitting.append(Ticket.field.not_in(served))
        fits = free & or_(*fitting)
    return [
        Ticket.one_stop == counter.one_stop,
        Ticket.day == day,
        Ticket.state == TicketState.WAITING,
        or_(sent_here, fits),
    ]


def takes_first(counter: Counter, peers: Sequence[Counter]) -> bool:
    """Whether people who go first are called first at the counter."""
    return counter.reserved or not any(peer.reserved and peer.open for peer in peers)


def calling_order(counter: Counter, peers: Sequence[Counter]) -> list[Any]:
    """The order in which the counter calls: ORDER BY of the numbers it may call."""
    order: list[Any] = [case((Ticket.for_counter == counter.id, 0), else_=1)]
    if takes_first(counter, peers):
        order.append(case((Ticket.series == FIRST, 0), else_=1))
    return [*order, Ticket.taken_at, Ticket.id]
