"""Who sits where: whom an empty chair may hold up, two at one counter, a seat found again."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.extensions import db, writing
from app.models import Counter, Ticket
from app.ticketing import actions, counters, rule, seats
from app.ticketing.counters import Told
from app.ticketing.terms import TicketState
from tests.make import TODAY, Office
from tests.ticketing.hands import (
    KIOSK,
    STOP,
    Seat,
    fresh,
    later,
    lay_out,
    refusal,
    seated,
    sit,
    take,
)
from tests.ticketing.test_pressure import at_once
from tests.ticketing.test_queue_pages import SETUP, text_of

HALF, NIGHT = seats.SITS.total_seconds() / 60, 24 * 60


def held(counter_id: int) -> Counter:
    """A counter as stored."""
    db.session.expire_all()
    return db.session.scalars(select(Counter).where(Counter.id == counter_id)).one()


# ---- the rule --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "heard", "asked", "sits"),
    [({}, None, 0, False), ({}, 0, 0, True), ({}, 0, HALF, True), ({}, 0, HALF + 0.1, False),
     ({"open": False}, 0, 0, False), ({}, 14 * 60 + 50, 15 * 60 + 5, False),
     ({"reserved": True}, 0, 5, True), ({"fields": "dat-dai"}, 0, 31, False)],
)  # fmt: skip
def test_sitting_is_an_act_or_the_choice_within_half_an_hour_today(
    made: dict[str, Any], heard: float | None, asked: float, sits: bool
) -> None:
    """The sixth row: a quarter of an hour, over midnight (the morning begins at nine)."""
    counter = Counter(number=1, **({"open": True, "reserved": False, "fields": ""} | made))
    if heard is not None:
        seats.sit(counter, "p", later(heard))
    assert seats.attended(counter, later(asked)) is sits


@pytest.mark.parametrize("is_reserved", [True, False])
@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize(("ago", "lately"), [(None, False), (5, True), (31, False)])
def test_who_takes_them_first(
    is_reserved: bool, is_open: bool, ago: float | None, lately: bool
) -> None:
    """A common counter does, unless somebody sits at a reserved one; a reserved one always."""
    mine = Counter(id=1, number=1, reserved=False, open=True, fields="")
    other = Counter(id=2, number=2, reserved=is_reserved, open=is_open, fields="")
    if ago is not None:
        seats.sit(other, "p", later(-ago))
    peers = [mine, other]
    assert rule.takes_first(mine, peers, TODAY) is not (is_reserved and is_open and lately)
    assert rule.takes_first(other, peers, TODAY)


def test_a_reserved_counter_that_nobody_sits_at_holds_up_nobody(each_office: Office) -> None:
    """As the tester saw it: A003, A004, A005 before U002."""
    one, two = lay_out({}, {"reserved": True})
    for n, priority in enumerate(("", "elderly", "", "elderly")):
        take(priority=priority, at=later(n))
    seat = Seat(each_office, one)
    assert [seat.call(later(n)) for n in (10, 11)] == ["U001", "U002"]
    seated(each_office, two, "traketqua", later(12))
    take(priority="elderly", at=later(13))
    assert seat.call(later(14)) == "A001"
    assert seat.call(later(12 + HALF + 1)) == "U003"  # gone without a word for half an hour


def test_a_field_of_an_empty_chair_is_called_by_all(each_office: Office) -> None:
    one, two = lay_out({"fields": "xay-dung"}, {"fields": "dat-dai"})
    take("dat-dai", at=later(0))
    take("dat-dai", at=later(1))
    take("xay-dung", at=later(2))
    seat = Seat(each_office, one)
    seated(each_office, two, "traketqua", later(3))
    assert seat.call(later(4)) == "A003"
    assert seat.call(later(3 + HALF)) is None
    assert seat.call(later(4 + HALF)) == "A001"


def test_a_common_counter_without_anybody_takes_nobody_either(office: Office) -> None:
    """Its being open must not keep a field from the one counter where somebody sits."""
    one, _, _ = lay_out({"fields": "xay-dung"}, {}, {"fields": "dat-dai"})
    take("dat-dai")
    assert Seat(office, one).call(later(1)) == "A001"


def test_who_is_sent_on_waits_there_as_long_as_an_absence_may_last(each_office: Office) -> None:
    one, two = lay_out({}, {})
    seat = Seat(each_office, one)
    code = take()
    assert seat.call(later(1)) == code
    seat.send(two, later(2))
    assert seat.call(later(3)) is None, "the sender's next press does not call it back"
    assert seat.call(later(2 + HALF)) is None
    assert seat.call(later(3 + HALF)) == code


@pytest.mark.parametrize("seed", range(40))
def test_nobody_waits_for_an_empty_chair(office: Office, seed: int) -> None:
    """Whatever counters there are and whoever sits: someone who sits may call each number.

    And who goes first never stands behind another in the order of a counter, unless somebody sits
    at a reserved one.
    """
    dice = random.Random(seed)
    some = ("", "", "dat-dai", "xay-dung", "dat-dai,xay-dung")
    made = lay_out(*(
        {"fields": dice.choice(some), "reserved": dice.random() < 0.4,
         "open": n == 0 or dice.random() < 0.8} for n in range(dice.randint(1, 5))
    ))  # fmt: skip
    now = later(120)
    for n, counter in enumerate(made):
        if n == 0 or dice.random() < 0.5:
            seated(office, counter, "tiepnhan", now - timedelta(minutes=dice.choice((0, 29, 31))))
    seated(office, made[0], "tiepnhan", now)
    known = {slug for counter in made for slug in held(counter).field_slugs if held(counter).open}
    for n in range(12):
        field = dice.choice(["", *sorted(known)])
        code = take(field, dice.choice(("", "elderly")), at=later(n))
        if dice.random() < 0.3:
            with writing() as session:
                row = session.scalars(select(Ticket).where(Ticket.id == fresh(code).id)).one()
                row.for_counter = dice.choice(made)
    peers = counters.of_units(db.session, [STOP])
    sitting = [c for c in peers if seats.attended(c, now)]
    called: set[int] = set()
    for counter in sitting:
        rows = db.session.scalars(
            select(Ticket).where(*rule.callable_by(counter, peers, now))
            .order_by(*rule.calling_order(counter, peers, now))
        ).all()  # fmt: skip
        called |= {t.id for t in rows}
        free = [t.series for t in rows if t.for_counter != counter.id]
        if counter.reserved or not any(c.reserved for c in sitting):
            assert free == sorted(free, reverse=True)
    waiting = select(Ticket.id).where(Ticket.state == TicketState.WAITING)
    assert called == set(db.session.scalars(waiting))


# ---- kept up and given up --------------------------------------------------------------------


def test_every_act_keeps_the_seat(office: Office) -> None:
    one, two = lay_out({}, {})
    seat, me = Seat(office, one), office.person("tiepnhan").id
    take()
    steps: list[tuple[float, Any]] = [
        (1, lambda at: seat.call(at)), (2, lambda at: seat.act(actions.call_again, at)),
        (3, lambda at: seat.act(actions.skip, at)),
        (4, lambda at: seat.act(actions.let_wait, at, shown=fresh("A001").id)),
        (5, lambda at: seat.call(at)), (6, lambda at: seat.send(two, at)),
        (7, lambda at: seat.call(at)),
    ]  # fmt: skip
    for minute, step in steps:
        step(later(minute))
        row = held(one)
        assert (row.held_by, row.held_since, row.held_at) == (me, later(1), later(minute))
    seat.call(later(NIGHT))
    assert held(one).held_since == later(NIGHT), "another day is another sitting"


def test_another_counter_closing_and_logging_out_give_it_up(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, two = lay_out({}, {})
    browser = sit(as_user("tiepnhan"), one)
    with app.app_context():
        assert held(one).held_by is not None
    sit(browser, two)
    with app.app_context():
        assert held(one).held_by is None and held(two).held_by is not None
    form = {"unit": STOP, "counter": two, "number": "2"}
    assert as_user("chanhvp").post(SETUP, data=form).status_code == 303
    with app.app_context():
        assert (held(two).open, held(two).held_by, held(two).held_at) == (False, None, None)
    sit(browser, one)
    assert browser.post("/dang-xuat").status_code == 303
    with app.app_context():
        assert held(one).held_by is None
    assert "Chọn quầy" in text_of(as_user("tiepnhan").get("/quay"))


def test_saving_an_open_counter_leaves_who_sits_there(office: Office) -> None:
    (one,) = lay_out({})
    seated(office, one, "tiepnhan")
    with writing() as session:
        counters.save(session, STOP, one, Told("1", "Mới"), {}, office.person("chanhvp"), TODAY)
    assert held(one).held_by == office.person("tiepnhan").id


# ---- two at one counter ----------------------------------------------------------------------


def test_where_somebody_sits_one_is_asked_once_more(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, two = lay_out({}, {})
        hoa = Office(app).person("tiepnhan")
    first, second = sit(as_user("tiepnhan"), one), as_user("traketqua")
    app.test_client().post(KIOSK)
    clock.start_at(TODAY + timedelta(minutes=12))
    first.post("/quay/viec/goi", data={"ticket": ""})
    told = second.post("/quay/chon", data={"counter": one})
    assert told.status_code == 409
    words = f"Quầy 1 đang có {hoa.name} ngồi từ 09:00, thao tác gần nhất lúc 09:12, đang phục vụ"
    assert f"{words} số A001" in text_of(told)
    assert "Vẫn ngồi quầy này" in text_of(told)
    assert f'name="sure" value="{hoa.id}"' in told.get_data(as_text=True)
    with app.app_context():
        assert held(one).held_by == hoa.id, "nothing has changed yet"
    assert second.post("/quay/viec/goi", data={"ticket": ""}).status_code == 409
    with app.app_context():
        assert fresh("A001").state == "called", "nobody ends the number of another"
    assert second.post("/quay/chon", data={"counter": one, "sure": hoa.id}).status_code == 303
    assert "A001" in text_of(second.get("/quay"))
    with app.app_context():
        name = Office(app).person("traketqua").name
        shown = fresh("A001").id
    late = first.post("/quay/viec/goi", data={"ticket": shown})
    assert late.status_code == 409
    assert f"Quầy 1 nay do {name} ngồi, hãy chọn quầy khác." in text_of(late)
    assert "A001" not in text_of(first.get("/tiep-nhan")), "the head forgets the number, too"
    with app.app_context():
        assert fresh("A001").state == "called"
    assert sit(first, two).get("/quay").status_code == 200


def test_the_page_of_who_lost_the_seat_says_so(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, _ = lay_out({}, {})
        hoa, lan = (Office(app).person(n) for n in ("tiepnhan", "traketqua"))
    first, second = sit(as_user("tiepnhan"), one), as_user("traketqua")
    second.post("/quay/chon", data={"counter": one, "sure": hoa.id})
    assert f"Quầy 1 nay do {lan.name} ngồi" in text_of(first.get("/quay"))
    assert "nay do" not in text_of(first.get("/quay"))
    # Sure of one person is not sure of another who has come since.
    again = first.post("/quay/chon", data={"counter": one, "sure": hoa.id})
    assert again.status_code == 409 and f"đang có {lan.name} ngồi" in text_of(again)


def test_a_seat_of_yesterday_is_free(office: Office) -> None:
    (one,) = lay_out({})
    seated(office, one, "traketqua", later(-NIGHT))
    assert refusal(Seat(office, one).call) == "done"
    seated(office, one, "traketqua", later(1))
    assert refusal(Seat(office, one).call) == "seat_taken"


# ---- the session ended -----------------------------------------------------------------------


def test_a_new_session_finds_the_seat_again(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, _ = lay_out({}, {})
    sit(as_user("tiepnhan"), one)
    app.test_client().post(KIOSK)
    again = as_user("tiepnhan")
    assert again.post("/quay/viec/goi", data={"ticket": ""}).status_code == 303  # F9 at once
    assert "A001" in text_of(again.get("/quay"))
    assert "Quầy 1" in text_of(as_user("tiepnhan").get("/quay"))
    assert "Chọn quầy" in text_of(as_user("traketqua").get("/quay"))
    clock.start_at(later(NIGHT))
    assert "Chọn quầy" in text_of(as_user("tiepnhan").get("/quay"))


def test_who_has_not_chosen_is_told_to_choose(app: Flask, as_user: Any) -> None:
    told = as_user("tiepnhan").post("/quay/viec/goi", data={"ticket": ""})
    assert told.status_code == 409 and "Bạn chưa chọn quầy" in text_of(told)
    assert "Không còn quầy này" not in text_of(told)


# ---- at the same moment ----------------------------------------------------------------------


def test_of_two_who_choose_one_counter_one_is_asked(each_app: Flask) -> None:
    with each_app.app_context():
        one, _ = lay_out({}, {})
        people = [Office(each_app).person(n) for n in ("tiepnhan", "traketqua")]

    def choose(number: int) -> str:
        with writing() as session:
            return refusal(seats.choose, session, people[number % 2], one, None, TODAY)

    got = at_once(each_app, 2, choose)
    assert sorted(got) == ["done", "seat_asked"]


def test_two_who_change_places_do_not_wait_for_each_other(each_app: Flask) -> None:
    with each_app.app_context():
        made = lay_out({}, {})
        office = Office(each_app)
        names = ("tiepnhan", "traketqua")
        people = [office.person(n) for n in names]
        for place, name in zip(made, names, strict=True):
            seated(office, place, name)

    def change(number: int) -> str:
        other = people[1 - number].id
        with writing() as session:
            return refusal(
                seats.choose, session, people[number], made[1 - number], made[number], TODAY, other
            )

    assert set(at_once(each_app, 2, change)) <= {"done", "seat_asked"}
    with each_app.app_context():
        assert {held(place).held_by for place in made} <= {None, *(p.id for p in people)}
