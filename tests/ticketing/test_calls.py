"""Calling: who is next, every verb in every state, and nothing but what the page showed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db, writing
from app.models import Counter, TicketCall
from app.ticketing import actions, line
from tests.make import TODAY, Office
from tests.ticketing.hands import Seat, fresh, later, lay_out, refusal, seated, take

VERBS = {
    "recall": actions.call_again,
    "skip": actions.skip,
    "finish": actions.finish,
    "let_wait": actions.let_wait,
}
# state of the number → verb → state afterwards, or the refusal
TABLE = {
    "waiting": {
        "recall": "no_ticket", "skip": "no_ticket", "finish": "no_ticket",
        "transfer": "no_ticket", "let_wait": "stale", "call": "called",
    },
    "called": {
        "recall": "called", "skip": "skipped", "finish": "served",
        "transfer": "waiting", "let_wait": "stale", "call": "served",
    },
    "served": {
        "recall": "no_ticket", "skip": "no_ticket", "finish": "no_ticket",
        "transfer": "no_ticket", "let_wait": "stale", "call": "served",
    },
    "skipped": {
        "recall": "no_ticket", "skip": "no_ticket", "finish": "no_ticket",
        "transfer": "no_ticket", "let_wait": "waiting", "call": "skipped",
    },
}  # fmt: skip


@pytest.mark.parametrize("state", TABLE)
@pytest.mark.parametrize("verb", TABLE["waiting"])
def test_every_verb_in_every_state(office: Office, state: str, verb: str) -> None:
    one, two = lay_out({}, {})
    seat = Seat(office, one)
    code = take()
    if state != "waiting":
        seat.call()
    if state in ("served", "skipped"):
        seat.act(actions.finish if state == "served" else actions.skip)
    ticket = fresh(code)
    if verb == "call":
        got = refusal(seat.call)
    elif verb == "transfer":
        got = refusal(seat.send, two)
    else:
        got = refusal(seat.act, VERBS[verb], shown=ticket.id)
    wanted = TABLE[state][verb]
    after = fresh(code)
    if got != "done":
        assert (got, after.state) == (wanted, state)
    else:
        assert after.state == wanted


def test_a_number_goes_through_the_day(each_office: Office) -> None:
    one, two = lay_out({}, {})
    first, second = Seat(each_office, one), Seat(each_office, two, "traketqua")
    code = take(at=later(0))
    assert first.call(later(5)) == code == "A001"
    assert fresh(code).waited == 300
    assert first.act(actions.call_again, later(6)).recalled == 1
    assert fresh(code).shown_at == later(6) and fresh(code).called_at == later(5)
    first.send(two, later(10))
    sent = fresh(code)
    assert (sent.state, sent.for_counter, sent.counter_id) == ("waiting", two, None)
    assert first.call(later(11)) is None  # it waits for the other counter only
    assert second.call(later(12)) == code
    second.act(actions.finish, later(20))
    done = fresh(code)
    assert (done.state, done.waited, done.served) == ("served", 300, (5 + 8) * 60)
    calls = db.session.execute(
        select(TicketCall.counter_id, TicketCall.ending).order_by(TicketCall.id)
    ).all()
    assert [tuple(row) for row in calls] == [(one, "transferred"), (two, "served")]
    told = line.figures(db.session, "mot-cua-huyen", TODAY.date())
    assert (told.taken, told.served, told.wait_minutes, told.serve_minutes) == (1, 1, 5, 13)


def test_who_comes_late_waits_in_the_old_place(office: Office) -> None:
    (one,) = lay_out({})
    seat = Seat(office, one)
    first, second, third = (take(at=later(n)) for n in range(3))
    assert seat.call(later(3)) == first
    seat.act(actions.skip, later(4))
    assert fresh(first).served is None  # an empty chair is no serving
    assert seat.call(later(5)) == second
    seat.act(actions.let_wait, later(6), shown=fresh(first).id)
    assert [seat.call(later(n)) for n in (7, 8, 9)] == [first, third, None]


def test_calling_finishes_with_the_one_before(office: Office) -> None:
    (one,) = lay_out({})
    seat = Seat(office, one)
    first, second = take(), take()
    assert seat.call(later(1)) == first and seat.call(later(3)) == second
    assert (fresh(first).state, fresh(first).served) == ("served", 120)
    assert seat.call(later(9)) is None and fresh(second).state == "served"


def test_a_second_press_calls_nobody(office: Office) -> None:
    (one,) = lay_out({})
    seat = Seat(office, one)
    first = take()
    take()
    assert seat.call(shown=None) == first
    assert refusal(seat.call, shown=None) == "stale"
    assert refusal(seat.act, actions.skip, shown=None) == "stale"
    assert fresh(first).state == "called"


@pytest.mark.parametrize("to", [None, 999_999, "itself", "closed", "elsewhere"])
def test_sent_on_only_to_another_open_counter_of_the_house(office: Office, to: Any) -> None:
    one, closed = lay_out({}, {"open": False})
    (away,) = lay_out({}, one_stop="mot-cua-xa@nga-yen")
    seat = Seat(office, one)
    code = take()
    seat.call()
    target = {"itself": one, "closed": closed, "elsewhere": away}.get(to, to)
    assert refusal(seat.send, target) == "bad_request"
    assert fresh(code).state == "called"


def test_only_who_receives_here_may_call(office: Office) -> None:
    (one,) = lay_out({})
    take()
    for username in ("chuyenvien", "chanhvp", "tiepnhan.xa", "quantri"):
        assert refusal(Seat(office, one, username).call) == "not_allowed"
    assert refusal(Seat(office, 999_999).call) == "no_such_counter"


# ---- the order ------------------------------------------------------------------------------


def _served(office: Office, seats: list[int], which: list[int]) -> list[str | None]:
    """What the counters call one after the other."""
    return [Seat(office, seats[n]).call(later(60)) for n in which]


def test_a_reserved_counter_takes_who_goes_first_then_everybody(office: Office) -> None:
    seats = lay_out({}, {"reserved": True})
    for n, priority in enumerate(("", "elderly", "", "disabled")):
        take(priority=priority, at=later(n))
    assert _served(office, seats, [1, 1, 1, 1, 1]) == ["U001", "U002", "A001", "A002", None]


def test_other_counters_take_the_oldest_while_somebody_sits_there(office: Office) -> None:
    seats = lay_out({}, {"reserved": True})
    seated(office, seats[1], "traketqua", at=later(59))
    for n, priority in enumerate(("", "pregnant", "")):
        take(priority=priority, at=later(n))
    assert _served(office, seats, [0, 0, 0]) == ["A001", "U001", "A002"]


def test_without_an_open_reserved_counter_all_take_them_first(office: Office) -> None:
    seats = lay_out({}, {"reserved": True, "open": False})
    for n, priority in enumerate(("", "elderly")):
        take(priority=priority, at=later(n))
    assert _served(office, seats, [0, 0]) == ["U001", "A001"]


def test_a_counter_with_fields_takes_these_and_undecided_ones(office: Office) -> None:
    seats = lay_out({}, {"fields": "dat-dai"}, {"fields": "xay-dung"})
    for seat in seats:
        seated(office, seat, "tiepnhan", at=later(59))
    for n, field in enumerate(("xay-dung", "dat-dai", "", "dat-dai")):
        take(field, at=later(n))
    assert _served(office, seats, [1, 2, 1, 1, 1]) == ["A002", "A001", "A003", "A004", None]


def test_a_counter_for_everything_takes_the_oldest(office: Office) -> None:
    seats = lay_out({}, {"fields": "dat-dai"})
    for n, field in enumerate(("dat-dai", "")):
        take(field, at=later(n))
    assert _served(office, seats, [0, 1]) == ["A001", "A002"]


def test_nobody_is_forgotten_when_a_counter_closes(office: Office) -> None:
    seats = lay_out({"fields": "xay-dung"}, {"fields": "dat-dai"}, {})
    one, two, three = seats
    seated(office, two, "traketqua", at=later(0))
    seated(office, three, "chuyenvien", at=later(0))
    take("dat-dai", at=later(0))
    take("xay-dung", at=later(1))
    take(at=later(2))
    seat = Seat(office, one)
    assert seat.call(later(3)) == "A002"
    seat.send(two, later(4))
    with writing() as session:
        for counter in session.scalars(select(Counter).where(Counter.id.in_(seats[1:]))):
            counter.open = False
    assert [seat.call(later(n)) for n in (5, 6, 7, 8)] == ["A001", "A002", "A003", None]
    assert refusal(Seat(office, two).call) == "counter_closed"


def test_numbers_of_another_day_are_over(office: Office) -> None:
    (one,) = lay_out({})
    seat = Seat(office, one)
    take()
    kept = take()
    seat.call(later(1))
    tomorrow = later(24 * 60)
    assert take(at=tomorrow) == "A001"
    assert seat.call(tomorrow) == "A001"
    db.session.expire_all()
    states = db.session.scalars(
        select(actions.Ticket.state).order_by(actions.Ticket.id)
    ).all()  # fmt: skip
    assert (kept, states) == ("A002", ["served", "waiting", "called"])
    served = db.session.scalars(select(actions.Ticket.served).order_by(actions.Ticket.id)).first()
    assert served is None  # a night at the counter is no serving time
