"""Which waiting number a counter calls next. The only place that says so.

1. Numbers sent on to this counter come first: these people have waited already.
2. A reserved counter then takes people who go first; when none of them waits it serves everybody,
   rather than stand empty. Where nobody sits at a reserved counter, every counter takes them first,
   else the reason given at the door would mean nothing.
3. Otherwise whoever took a number earliest.

A counter with fields takes numbers of these fields, and numbers without one. Nobody is forgotten: a
number that was sent on to a counter which has closed, or where nobody has sat for as long as an
absence may last (seats.SITS) since it was sent, and a number whose field is served by no counter
where somebody sits, may be called by every counter. Being open in the set-up is not enough: an
empty chair calls nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select

from app.models import Counter, Ticket, TicketCall
from app.ticketing import seats
from app.ticketing.terms import FIRST, Ending, TicketState, local_day


def callable_by(
    counter: Counter, peers: Sequence[Counter], now: datetime
) -> list[ColumnElement[bool]]:  # fmt: skip
    """What must hold for a number to be called at the counter; peers: all of the one-stop."""
    # Whoever calls here sits here, whatever is written of it.
    here = [peer for peer in peers if peer.id == counter.id or seats.attended(peer, now)]
    sent_here = Ticket.for_counter == counter.id
    free = or_(Ticket.for_counter.is_(None), _sent_in_vain(peers, now))
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
        Ticket.day == local_day(now),
        Ticket.state == TicketState.WAITING,
        or_(sent_here, fits),
    ]


def _sent_in_vain(peers: Sequence[Counter], now: datetime) -> ColumnElement[bool]:
    """Sent on to a counter that is closed, or where nobody has been for too long since then.

    Who is sent to a colleague just out of the room waits there as long as the colleague counts as
    sitting; else the sender's own next press would call the number back.
    """
    open_ids = [peer.id for peer in peers if peer.open]
    attended = [peer.id for peer in peers if seats.attended(peer, now)]
    lately = (
        select(TicketCall.id)
        .where(
            TicketCall.ticket_id == Ticket.id,
            TicketCall.ending == Ending.TRANSFERRED,
            TicketCall.ended_at >= now - seats.SITS,
        )
        .exists()
    )
    return or_(
        Ticket.for_counter.not_in(open_ids), and_(Ticket.for_counter.not_in(attended), ~lately)
    )


def takes_first(counter: Counter, peers: Sequence[Counter], now: datetime) -> bool:
    """Whether people who go first are called first at the counter."""
    return counter.reserved or not any(
        peer.reserved and seats.attended(peer, now) for peer in peers
    )


def calling_order(counter: Counter, peers: Sequence[Counter], now: datetime) -> list[Any]:
    """The order in which the counter calls: ORDER BY of the numbers it may call."""
    order: list[Any] = [case((Ticket.for_counter == counter.id, 0), else_=1)]
    if takes_first(counter, peers, now):
        order.append(case((Ticket.series == FIRST, 0), else_=1))
    return [*order, Ticket.taken_at, Ticket.id]
