"""Many at once, on both databases; and the same queue after a restart."""

from __future__ import annotations

import threading
from collections import Counter as Tally
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.core.refusals import Refused
from app.extensions import db, writing
from app.models import LastTicket, Ticket
from app.ticketing import actions
from tests.make import TODAY, Office
from tests.ticketing.hands import BOARD, KIOSK, PASSWORD, STOP, Seat, fresh, lay_out, sit, take

WRITERS, EACH = 16, 6


def at_once(app: Flask, count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work(i)` in threads that start together; their results, none may fail."""
    gate, results, errors = threading.Barrier(count), [], []

    def run(number: int) -> None:
        with app.app_context():
            try:
                gate.wait()
                results.append(work(number))
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return results


def test_sixteen_doors_never_give_a_number_twice(each_app: Flask) -> None:
    with each_app.app_context():
        lay_out({}, {"reserved": True})
    taken = at_once(
        each_app, WRITERS,
        lambda n: [take(priority="elderly" if n % 2 else "") for _ in range(EACH)],
    )  # fmt: skip
    codes = sorted(code for some in taken for code in some)
    half = WRITERS * EACH // 2
    assert codes == [f"{s}{n:03d}" for s in "AU" for n in range(1, half + 1)]
    with each_app.app_context():
        kept = db.session.execute(select(LastTicket.series, LastTicket.value)).all()
        assert sorted(tuple(row) for row in kept) == [("A", half), ("U", half)]


def test_counters_that_press_together_never_get_the_same_number(each_app: Flask) -> None:
    with each_app.app_context():
        seats = lay_out(*({} for _ in range(8)))
        people = Office(each_app)
        hands = [Seat(people, seat) for seat in seats]
        for _ in range(30):
            take()
    called = at_once(each_app, 8, lambda n: [hands[n].call() for _ in range(5)])
    codes = Tally(code for some in called for code in some if code)
    assert sorted(codes) == [f"A{n:03d}" for n in range(1, 31)]
    assert set(codes.values()) == {1}
    assert sum(code is None for some in called for code in some) == 10


def test_one_counter_pressed_twice_at_once_calls_one_number(each_app: Flask) -> None:
    with each_app.app_context():
        (one,) = lay_out({})
        seat = Seat(Office(each_app), one)
        for _ in range(5):
            take()

    def press(_: int) -> str | None:
        try:
            return seat.call(shown=None)
        except Refused as no:
            return no.code

    got = at_once(each_app, 6, press)
    assert sorted(got, key=str) == ["A001", *["stale"] * 5]


def test_the_database_itself_allows_one_number_at_a_counter(each_office: Office) -> None:
    (one,) = lay_out({})
    Seat(each_office, one)
    first, second = take(), take()
    with pytest.raises(IntegrityError), writing() as session:
        for code in (first, second):
            row = session.scalars(select(Ticket).where(Ticket.number == int(code[1:]))).one()
            row.state, row.counter_id = "called", one
            session.flush()
    assert fresh(first).state == "waiting"


def test_door_counters_and_boards_together(each_app: Flask, caplog: Any) -> None:
    """People take numbers, counters call, televisions look: nothing fails, nobody is lost."""
    with each_app.app_context():
        seats = lay_out({}, {})
    browsers = []
    for seat in seats:
        browser = each_app.test_client()
        browser.post("/dang-nhap", data={"username": "tiepnhan", "password": PASSWORD})
        browsers.append(sit(browser, seat))

    def work(number: int) -> list[int]:
        told = []
        for _ in range(8):
            if number < 2:
                with each_app.app_context():
                    current = actions.at_counter(db.session, seats[number])
                    db.session.remove()
                data = {"ticket": current.id if current else ""}
                told.append(browsers[number].post("/quay/viec/goi", data=data).status_code)
            elif number < 4:
                told.append(each_app.test_client().post(KIOSK, data={}).status_code)
            else:
                told.append(each_app.test_client().get(BOARD).status_code)
        return told

    answers = at_once(each_app, 6, work)
    assert {code for some in answers for code in some} == {200, 303}
    assert "locked" not in caplog.text
    with each_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Ticket)) == 16


def test_a_restart_changes_nothing(each_app: Flask) -> None:
    with each_app.app_context():
        (one,) = lay_out({"name": "Cửa lớn"})
    browser = each_app.test_client()
    browser.post("/dang-nhap", data={"username": "tiepnhan", "password": PASSWORD})
    sit(browser, one)
    for _ in range(3):
        each_app.test_client().post(KIOSK)
    assert browser.post("/quay/viec/goi", data={"ticket": ""}).status_code == 303
    cookie = browser.get_cookie("motcua")
    assert cookie is not None
    again = create_app(each_app.extensions["motcua.settings"])
    again.testing, again.config["WTF_CSRF_ENABLED"] = True, False
    try:
        client = again.test_client()
        client.set_cookie("motcua", cookie.value)
        page = client.get("/quay").get_data(as_text=True)
        assert "A001" in page and "Chờ ở quầy này: 2" in page
        board = again.test_client().get(BOARD).get_data(as_text=True)
        assert "A001" in board and "Quầy 1" in board
        told = again.test_client().post(KIOSK)
        assert told.headers["Location"].endswith(f"{STOP}/A004")
    finally:
        with again.app_context():
            db.session.remove()
            db.engine.dispose()
    from app import clock

    clock.start_at(TODAY)
