"""Who sits at which counter: chosen, kept up by every act there, given up, found again.

A counter that is open in the set-up says only that somebody may sit there. Whoever is to be called
by it waits in vain while nobody does; and two people who believe they sit at one counter end each
other's numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.states import Role
from app.core.vietnamese import clock
from app.journey.office import Db
from app.models import Counter, Staff, Ticket
from app.ticketing.terms import TicketState, local_day

SITS = timedelta(minutes=30)  # so long after the last act somebody still counts as sitting there
_CLOSED = "Quầy này không còn mở. Hãy chọn quầy khác."


def keeper(counter: Counter, now: datetime) -> str | None:
    """Whose counter it is today (staff id), even where that person was not heard of for a while."""
    if not counter.open or counter.held_at is None:
        return None
    return counter.held_by if local_day(counter.held_at) == local_day(now) else None


def attended(counter: Counter, now: datetime) -> bool:
    """Whether somebody sits there to take people: chosen today, and lately heard of."""
    if keeper(counter, now) is None or counter.held_at is None:
        return False
    return now - counter.held_at <= SITS


def other_at(counter: Counter, staff_id: str, now: datetime) -> bool:
    """Whether it is somebody else's today."""
    return keeper(counter, now) not in (None, staff_id)


def own(known: Iterable[Counter], staff_id: str, now: datetime) -> Counter | None:
    """Where the person sits today, however the session that chose it ended; the latest if many."""
    mine = [c for c in known if keeper(c, now) == staff_id]
    return max(mine, key=lambda c: (c.held_at, c.id), default=None)


def sit(counter: Counter, staff_id: str, now: datetime) -> None:
    """The person is at the counter at this moment."""
    if keeper(counter, now) != staff_id:
        counter.held_since = now
    counter.held_by, counter.held_at = staff_id, now


def clear(counter: Counter) -> None:
    """Nobody sits there any more."""
    counter.held_by = counter.held_since = counter.held_at = None


def stand_up(session: Db, staff_id: str) -> None:
    """The person has left, wherever that was."""
    session.execute(
        update(Counter)
        .where(Counter.held_by == staff_id)
        .values(held_by=None, held_since=None, held_at=None)
        .execution_options(synchronize_session=False)
    )


def choose(
    session: Db, actor: Actor, counter_id: int | None, left: int | None, now: datetime,
    sure_of: str = "",
) -> Counter:  # fmt: skip
    """Sit down at a counter and leave every other one; left: the one this session sat at.

    sure_of: the person (staff id) whom the page named as sitting there, when it asked once more; a
    third one who has come since is asked about again. Refused `bad_request`, `still_serving`,
    `seat_asked`.
    """
    # In one order, so that two who change places never wait for each other.
    query = select(Counter).where(
        or_(Counter.id.in_([counter_id or 0, left or 0]), Counter.held_by == actor.id)
    )
    rows = session.scalars(query.order_by(Counter.id).with_for_update()).all()
    target = next((c for c in rows if c.id == counter_id), None)
    if (
        target is None or not target.open
        or target.one_stop not in actor.units_with(Role.INTAKE_OFFICER)
    ):  # fmt: skip
        raise Refused("bad_request", _CLOSED)
    before = next((c for c in rows if c.id == left), None)
    if before is not None and before is not target and not other_at(before, actor.id, now):
        _served_out(session, before)
    if other_at(target, actor.id, now) and target.held_by != sure_of:
        raise Refused("seat_asked", _asked_words(session, target))
    for counter in rows:
        if counter is not target and counter.held_by == actor.id:
            clear(counter)
    sit(target, actor.id, now)
    return target


def _served_out(session: Db, counter: Counter) -> None:
    """Refuse to leave somebody at a counter that nobody looks after."""
    if code := _served_at(session, counter):
        raise Refused(
            "still_serving",
            f"{counter.label} đang phục vụ số {code}. Hãy bấm Xong, Bỏ qua hoặc Chuyển quầy "
            "trước khi đổi quầy.",
        )


def _served_at(session: Db, counter: Counter) -> str:
    present = session.scalars(
        select(Ticket).where(
            Ticket.counter_id == counter.id, Ticket.state == TicketState.CALLED
        )
    ).first()  # fmt: skip
    return present.code if present else ""


def names(session: Db, counters: Sequence[Counter], now: datetime) -> dict[int, str]:
    """Who sits where today, by counter."""
    held = {c.id: c.held_by for c in counters if keeper(c, now)}
    if not held:
        return {}
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(held.values())))
    known = {row[0]: row[1] for row in rows}
    return {id_: known[staff] for id_, staff in held.items() if staff in known}


def taken_words(session: Db, counter: Counter) -> str:
    """What to say to somebody who believes to sit where another one sits now."""
    name = session.scalar(select(Staff.name).where(Staff.id == counter.held_by))
    return f"{counter.label} nay do {name} ngồi, hãy chọn quầy khác."


def _asked_words(session: Db, counter: Counter) -> str:
    name = session.scalar(select(Staff.name).where(Staff.id == counter.held_by))
    told = f"{counter.label} đang có {name} ngồi"
    if counter.held_since is not None and counter.held_at is not None:
        since, lately = (
            clock(at.astimezone(VIETNAM)) for at in (counter.held_since, counter.held_at)
        )
        told += f" từ {since}" + (f", thao tác gần nhất lúc {lately}" if lately != since else "")
    if code := _served_at(session, counter):
        told += f", đang phục vụ số {code}"
    return f"{told}. Nếu bạn ngồi quầy này, người ấy phải chọn quầy khác."
