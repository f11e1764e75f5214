"""Verbs of the queue: take a number, call, call again, skip, send on, finish, let wait again.

Two counters that press at the same moment never get the same number: the choice and the change are
one UPDATE, which passes over rows that another transaction holds. Two presses at one counter wait
for each other on the counter's row, and the second one finds that the page it came from is stale.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Date, bindparam, select, text, update

from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.states import Role
from app.journey.office import Db
from app.models import Counter, Ticket, TicketCall
from app.ticketing import rule, seats
from app.ticketing.terms import FIRST, NORMAL, Ending, TicketState, local_day

# One statement, the same on SQLite and PostgreSQL; the row stays locked until the commit.
_NEXT = text(
    "INSERT INTO last_ticket (one_stop, day, series, value) VALUES (:one_stop, :day, :series, 1)"
    " ON CONFLICT (one_stop, day, series) DO UPDATE SET value = last_ticket.value + 1"
    " RETURNING value"
).bindparams(bindparam("day", type_=Date))


def press_of(one_stop: str, now: datetime, key: str, field: str, priority: str) -> str | None:
    """The mark of a press: a form's key with what was chosen in it; None for a form without key.

    Whoever chooses otherwise on a page left by another wants another number.
    """
    if not key:
        return None
    told = "\n".join((one_stop, local_day(now).isoformat(), key, field, priority))
    return sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


def given_for(session: Db, press: str | None) -> Ticket | None:
    """The number that the press was given already, when its answer was lost on the way."""
    if press is None:
        return None
    return session.scalars(select(Ticket).where(Ticket.press == press)).first()


def take(
    session: Db, one_stop: str, counters: Sequence[Counter], now: datetime, *,
    field: str = "", priority: str = "", reasons: Sequence[str] = (), press: str | None = None,
) -> Ticket:  # fmt: skip
    """Give the next number. counters: all of the one-stop; reasons: to go first, as offered.

    press: one that was given its number before breaks the unique index; see `given_for`.

    Refused `queue_closed` while no counter is open, `bad_request` for a field that no open counter
    serves or a reason that is not offered.
    """
    here = [counter for counter in counters if counter.open]
    if not here:
        raise Refused(
            "queue_closed", "Hiện chưa có quầy nào mở. Mời bạn hỏi cán bộ hướng dẫn ở cửa."
        )
    served = {slug for counter in here for slug in counter.field_slugs}
    if field and field not in served:
        raise Refused(
            "bad_request", "Lĩnh vực này không còn quầy nhận riêng. Hãy chọn “Việc khác”."
        )
    if priority and priority not in reasons:
        raise Refused(
            "bad_request", "Diện ưu tiên này không còn áp dụng. Hãy chọn lại trên màn hình."
        )
    series, day = FIRST if priority else NORMAL, local_day(now)
    number = session.execute(
        _NEXT, {"one_stop": one_stop, "day": day, "series": series}
    ).scalar_one()
    ticket = Ticket(
        one_stop=one_stop, day=day, series=series, number=number, field=field or None,
        priority=priority or None, state=TicketState.WAITING, taken_at=now, press=press,
    )  # fmt: skip
    session.add(ticket)
    return ticket


def hold(session: Db, actor: Actor, counter_id: int, now: datetime) -> Counter:
    """The counter, locked for this transaction, where the person is heard of from now on.

    Refused unless the person receives there, `seat_taken` where somebody else sits there.
    """
    query = select(Counter).where(Counter.id == counter_id).with_for_update()
    counter = session.scalars(query).first()
    if counter is None:
        raise Refused("no_such_counter", "Không còn quầy này. Hãy chọn quầy khác.")
    if counter.one_stop not in actor.units_with(Role.INTAKE_OFFICER):
        raise Refused("not_allowed", "Bạn không giữ vai trò tiếp nhận tại quầy này.")
    if seats.other_at(counter, actor.id, now):
        raise Refused("seat_taken", seats.taken_words(session, counter))
    if counter.open:
        seats.sit(counter, actor.id, now)
    return counter


def at_counter(session: Db, counter_id: int) -> Ticket | None:
    """The number being served at the counter."""
    query = select(Ticket).where(
        Ticket.counter_id == counter_id, Ticket.state == TicketState.CALLED
    )
    return session.scalars(query).first()


def call_next(
    session: Db, counter: Counter, peers: Sequence[Counter], actor: Actor, now: datetime,
    shown: int | None,
) -> Ticket | None:  # fmt: skip
    """Finish with the number at the counter, if any, and call the next one; None: nobody waits.

    counter: held. peers: all counters of the one-stop. shown: the number the page showed (id), so
    that a second press calls nobody. Refused `stale`, `counter_closed`.
    """
    present = at_counter(session, counter.id)
    if (present.id if present else None) != shown:
        raise _stale(present)
    if not counter.open:
        raise Refused(
            "counter_closed",
            f"{counter.label} đang đóng nên không gọi được số. Hãy chọn quầy khác, hoặc nhờ "
            "người đứng đầu Bộ phận mở quầy.",
        )
    if present is not None:
        finish(session, counter, now, present.id)
    session.flush()  # the counter must be free before it calls: an index allows one at a time
    called = _pick(session, counter, peers, now)
    if called is None:
        return None
    if called.waited is None:
        called.waited = _seconds(called.taken_at, now)
    session.add(
        TicketCall(ticket_id=called.id, counter_id=counter.id, staff_id=actor.id, called_at=now)
    )
    return called


def _pick(
    session: Db, counter: Counter, peers: Sequence[Counter], now: datetime
) -> Ticket | None:  # fmt: skip
    """Choose and call in one statement; rows held by another counter's are passed over."""
    chosen = (
        select(Ticket.id)
        .where(*rule.callable_by(counter, peers, now))
        .order_by(*rule.calling_order(counter, peers, now))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return session.scalars(
        update(Ticket)
        .where(Ticket.id == chosen, Ticket.state == TicketState.WAITING)
        .values(
            state=TicketState.CALLED, counter_id=counter.id, for_counter=None, called_at=now,
            shown_at=now, recalled=0, finished_at=None,
        )
        .returning(Ticket)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()  # fmt: skip


def call_again(session: Db, counter: Counter, now: datetime, shown: int | None) -> Ticket:
    """Call the number at the counter once more. Refused `stale`, `no_ticket`."""
    ticket = _served(session, counter, shown)
    ticket.recalled, ticket.shown_at = ticket.recalled + 1, now
    return ticket


def skip(session: Db, counter: Counter, now: datetime, shown: int | None) -> Ticket:
    """Nobody came: put the number aside. Refused `stale`, `no_ticket`."""
    ticket = _served(session, counter, shown)
    _end(session, ticket, Ending.SKIPPED, now)
    ticket.state, ticket.finished_at = TicketState.SKIPPED, now
    return ticket


def finish(session: Db, counter: Counter, now: datetime, shown: int | None) -> Ticket:
    """Done with the number at the counter. Refused `stale`, `no_ticket`."""
    ticket = _served(session, counter, shown)
    _end(session, ticket, Ending.SERVED, now)
    ticket.state, ticket.finished_at = TicketState.SERVED, now
    return ticket


def transfer(
    session: Db, counter: Counter, peers: Sequence[Counter], now: datetime, shown: int | None,
    to: int | None,
) -> Ticket:  # fmt: skip
    """Send the number on: it waits, first in line, for another open counter of the one-stop.

    Refused `stale`, `no_ticket`, `bad_request` where `to` is no other open counter.
    """
    ticket = _served(session, counter, shown)
    target = next((peer for peer in peers if peer.id == to), None)
    if target is None or target.id == counter.id or not target.open:
        sentence = "Hãy chọn một quầy khác đang mở để chuyển đến."
        raise Refused("bad_request", sentence, fields={"to": sentence})
    _end(session, ticket, Ending.TRANSFERRED, now)
    ticket.state, ticket.for_counter = TicketState.WAITING, target.id
    ticket.counter_id = ticket.called_at = ticket.shown_at = None
    ticket.recalled = 0
    return ticket


def let_wait(session: Db, counter: Counter, now: datetime, ticket_id: int | None) -> Ticket:
    """Somebody who missed the call is here: today's skipped number waits again, in its old place.

    Refused `stale` where it is not skipped any more.
    """
    changed = session.scalars(
        update(Ticket)
        .where(
            Ticket.id == ticket_id, Ticket.state == TicketState.SKIPPED,
            Ticket.one_stop == counter.one_stop, Ticket.day == local_day(now),
        )
        .values(state=TicketState.WAITING, counter_id=None, finished_at=None, called_at=None,
                shown_at=None, recalled=0)
        .returning(Ticket)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()  # fmt: skip
    if changed is None:
        raise Refused("stale", "Số này không còn trong danh sách bỏ qua. Hãy xem lại danh sách.")
    return changed


def _served(session: Db, counter: Counter, shown: int | None) -> Ticket:
    present = at_counter(session, counter.id)
    if present is None:
        raise Refused("no_ticket", f"{counter.label} chưa gọi số nào. Hãy gọi số tiếp theo trước.")
    if present.id != shown:
        raise _stale(present)
    return present


def _stale(present: Ticket | None) -> Refused:
    told = f"đang phục vụ số {present.code}" if present else "không còn phục vụ số nào"
    return Refused("stale", f"Trang này đã cũ: quầy {told}. Hãy xem lại rồi bấm tiếp.")


def _end(session: Db, ticket: Ticket, ending: Ending, now: datetime) -> None:
    """End the stay at the counter; only time spent with somebody counts as serving.

    A number forgotten at the counter until another day says nothing of how long serving takes.
    """
    today = ticket.day == local_day(now)
    if today and ending is not Ending.SKIPPED and ticket.called_at is not None:
        ticket.served = (ticket.served or 0) + _seconds(ticket.called_at, now)
    session.execute(
        update(TicketCall)
        .where(TicketCall.ticket_id == ticket.id, TicketCall.ended_at.is_(None))
        .values(ended_at=now, ending=ending)
        .execution_options(synchronize_session=False)
    )


def _seconds(begin: datetime, end: datetime) -> int:
    return max(0, int((end - begin).total_seconds()))
