"""How long an intake takes at the counter, folded from the event log and the calls."""

from __future__ import annotations

import json
from bisect import bisect_right
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.clock import VIETNAM
from app.journey.office import Db
from app.models import Counter, Event, TicketCall

Stay = tuple[datetime, datetime | None]


def seconds_per_intake(session: Db, one_stop: str, day: date) -> list[int]:
    """Seconds at the counter of each acceptance of a local day at the one-stop, in their order.

    From the moment the number was called to the `accept` event of the same member of staff during
    that call; a further dossier of the same person counts from the acceptance before it. What was
    accepted without a number is left out.
    """
    begin = datetime.combine(day, time(), VIETNAM)
    stays = _stays(session, one_stop, begin)
    accepted = session.execute(
        select(Event.at, Event.body)
        .where(
            Event.action == "accept", Event.at >= begin, Event.at < begin + timedelta(days=1)
        )
        .order_by(Event.at, Event.id)
    ).all()  # fmt: skip
    found: list[int] = []
    latest: dict[tuple[str, datetime], datetime] = {}
    for at, body in accepted:
        told = json.loads(body)
        called = _called(stays.get(told["actor"], []), at) if told["unit"] == one_stop else None
        if called is None:
            continue
        key = (told["actor"], called)
        found.append(int((at - latest.get(key, called)).total_seconds()))
        latest[key] = at
    return found


def _stays(session: Db, one_stop: str, begin: datetime) -> dict[str, list[Stay]]:
    rows = session.execute(
        select(TicketCall.staff_id, TicketCall.called_at, TicketCall.ended_at)
        .join(Counter, Counter.id == TicketCall.counter_id)
        .where(
            Counter.one_stop == one_stop, TicketCall.called_at >= begin,
            TicketCall.called_at < begin + timedelta(days=1),
        )
        .order_by(TicketCall.called_at, TicketCall.id)
    )  # fmt: skip
    found: dict[str, list[Stay]] = {}
    for staff_id, called_at, ended_at in rows:
        found.setdefault(staff_id, []).append((called_at, ended_at))
    return found


def _called(stays: list[Stay], at: datetime) -> datetime | None:
    """When the call began during which the moment lies."""
    place = bisect_right([called for called, _ in stays], at) - 1
    if place < 0:
        return None
    called, ended = stays[place]
    return called if ended is None or at <= ended else None
