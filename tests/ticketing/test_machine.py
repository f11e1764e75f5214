"""The machine at the door: one press, one number; no cookie, no page that leads away."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.extensions import db, writing
from app.failures import Brake
from app.models import Counter, Ticket
from app.ticketing import actions
from tests.make import TODAY, Office
from tests.ticketing.hands import KIOSK, STOP, lay_out, take
from tests.ticketing.test_pressure import at_once
from tests.ticketing.test_queue_pages import text_of

CROSS = {"Sec-Fetch-Site": "cross-site"}


def key_of(page: Any) -> str:
    """The key of the page's form."""
    found = re.search(r'name="key" value="([^"]+)"', page.get_data(as_text=True))
    assert found is not None
    return found[1]


def given(app: Flask) -> int:
    """How many numbers there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_a_press_sent_again_is_the_same_number(app: Flask) -> None:
    client = app.test_client()
    form = {"key": key_of(client.get(KIOSK)), "field": "", "priority": "", "in": "1"}
    places = [client.post(KIOSK, data=form).headers["Location"] for _ in range(3)]
    assert places == [f"{KIOSK}/A001?in=1"] * 3 and given(app) == 1
    fresh_key = key_of(client.get(KIOSK))
    assert fresh_key != form["key"]
    assert (
        client.post(KIOSK, data=form | {"key": fresh_key}).headers["Location"].endswith("A002?in=1")
    )
    # Who chooses otherwise on a page that somebody left, and who sends no key, wants another.
    assert "U001" in client.post(KIOSK, data=form | {"priority": "elderly"}).headers["Location"]
    assert "A003" in client.post(KIOSK, data={"key": ""}).headers["Location"]
    assert "A004" in client.post(KIOSK).headers["Location"]
    clock.start_at(TODAY + timedelta(days=1))
    assert "A001" in client.post(KIOSK, data=form).headers["Location"], (
        "another day, another number"
    )


def test_a_press_sent_again_is_no_further_number_for_the_brake(app: Flask) -> None:
    client = app.test_client()
    form = {"key": "chìa \0khóa".replace("\0", ""), "priority": ""}
    for _ in range(25):
        assert client.post(KIOSK, data=form).status_code == 303
    for n in range(19):
        assert client.post(KIOSK, data={"key": f"k{n}"}).status_code == 303
    assert client.post(KIOSK, data={"key": "one too many"}).status_code == 429
    assert client.post(KIOSK, data=form).status_code == 303, "its number is shown all the same"
    app.extensions["motcua.brake"] = Brake()


def test_two_tries_at_the_same_moment_are_one_number(each_app: Flask) -> None:
    with each_app.app_context():
        lay_out({})
    places = at_once(
        each_app, 6,
        lambda _: each_app.test_client().post(KIOSK, data={"key": "one"}).headers.get("Location"),
    )  # fmt: skip
    assert places == [f"{KIOSK}/A001"] * 6
    with each_app.app_context():
        assert take() == "A002", "none was lost between"


def test_the_database_itself_gives_a_press_one_number(each_office: Office) -> None:
    lay_out({})
    press = actions.press_of(STOP, TODAY, "k", "", "")
    with writing() as session:
        session.add(actions.take(session, STOP, _counters(session), TODAY, press=press))
    with pytest.raises(Exception, match="press"), writing() as session:
        actions.take(session, STOP, _counters(session), TODAY, press=press)
    found = actions.given_for(db.session, press)
    assert found is not None and found.code == "A001"


def _counters(session: Any) -> Any:
    return session.scalars(select(Counter).where(Counter.one_stop == STOP)).all()


def test_it_needs_no_cookie_and_sets_none(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = app.test_client(use_cookies=False)
        page = client.get(KIOSK)
        assert "Set-Cookie" not in page.headers and "csrf_token" not in page.get_data(as_text=True)
        taken = client.post(KIOSK, data={"key": key_of(page), "csrf_token": "of another life"})
        assert taken.status_code == 303 and "Set-Cookie" not in taken.headers
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_form_of_another_site_gets_the_machines_own_screen(app: Flask) -> None:
    client = app.test_client()
    told = client.post(KIOSK, data={"key": "k"}, headers=CROSS)
    assert told.status_code == 403 and given(app) == 0
    assert "bấm “Lấy số”" in text_of(told) and key_of(told)
    assert client.post(KIOSK, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_no_screen_leads_away_and_each_comes_back_by_itself(app: Flask) -> None:
    with app.app_context():
        lay_out({"open": False})
    client = app.test_client()
    address = f"{KIOSK}?in=1"
    shut, pressed = client.get(address), client.post(KIOSK, data={"in": "1"})
    with app.app_context():
        lay_out({})
    wrong = client.post(KIOSK, data={"priority": "x", "in": "1"})
    lost = client.get(f"{KIOSK}/A099?in=1")
    client.post(KIOSK)
    shown = client.get(f"{KIOSK}/A001?in=1")
    pages = {200: (shut, shown), 409: (pressed,), 422: (wrong,), 404: (lost,)}
    for status, page in ((status, page) for status, some in pages.items() for page in some):
        html = page.get_data(as_text=True)
        assert page.status_code == status
        assert f'data-home="{address}"' in html
        assert re.search(
            rf'<noscript><meta http-equiv="refresh" content="30;url={re.escape(address)}"', html
        )
        assert set(re.findall(r'href="([^"#]+)"', html)) <= {address, "data:,"}
        assert page is shut or 'data-home-after="' in html
    assert "Xem lại ngay" in text_of(shut)


def test_what_is_offered_has_a_mark(app: Flask) -> None:
    client = app.test_client()

    def mark() -> str:
        found = re.search(r'data-kiosk="(\w+)"', client.get(KIOSK).get_data(as_text=True))
        assert found is not None
        return found[1]

    marks = []
    for rows in ([{}], [{"open": False}], [{"fields": "dat-dai"}], [{}]):
        with app.app_context():
            lay_out(*rows)
        marks.append(mark())
        assert mark() == marks[-1]
    assert marks[0] == marks[3] and len(set(marks)) == 3
