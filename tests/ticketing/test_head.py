"""The head of the pages where people are received: who is being served, and the next call."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from tests.house.test_weight import LATER, _packed
from tests.make import TODAY, Office, Statements
from tests.ticketing.hands import KIOSK, STOP, fresh, lay_out, sit
from tests.ticketing.test_queue_pages import text_of

FORM = re.compile(r"<form [^>]*data-hall=.*?</form>", re.S)
HERE = {"tiep-nhan": f"/tiep-nhan?quay={STOP}", "tra-ket-qua": "/tra-ket-qua"}


@pytest.fixture
def clerk(app: Flask, as_user: Any) -> FlaskClient:
    """At counter 1, with two people waiting."""
    with app.app_context():
        one, _ = lay_out({}, {})
    for _ in range(2):
        app.test_client().post(KIOSK)
    browser: FlaskClient = sit(as_user("tiepnhan"), one)
    return browser


def call(browser: FlaskClient, page: str) -> Any:
    """Press the button in the head of a page, as it stands there."""
    html = browser.get(page).get_data(as_text=True)
    found = FORM.search(html)
    assert found is not None and 'action="/quay/viec/goi"' in found[0]
    assert 'data-key="F9"' in found[0] and html.count('data-key="F9"') == 1
    return browser.post("/quay/viec/goi", data=dict(
        re.findall(r'name="(ticket|next)" value="([^"]*)"', found[0])
    ))  # fmt: skip


@pytest.mark.parametrize("name", HERE)
def test_the_next_person_is_called_without_leaving(
    app: Flask, clerk: FlaskClient, name: str
) -> None:
    for code in ("A001", "A002"):
        assert call(clerk, f"/{name}").headers["Location"] == HERE[name]
        clock.start_at(clock.now() + timedelta(minutes=6))
        told = text_of(clerk.get(HERE[name]))
        assert f"Đang phục vụ số {code} · 6 phút" in told and "Gọi số tiếp F9" in told
    with app.app_context():
        assert (fresh("A001").state, fresh("A002").state) == ("served", "called")
    nobody = call(clerk, f"/{name}")
    told = text_of(clerk.get(nobody.headers["Location"]))
    assert "Không còn ai chờ ở Quầy 1" in told and "Đang phục vụ" not in told


def test_only_who_sits_somewhere_calls_and_only_where_people_are_received(
    app: Flask, clerk: FlaskClient, as_user: Any
) -> None:
    for page in ("/quay", "/so-theo-doi", "/chuyen-ho-so"):
        assert FORM.search(clerk.get(page).get_data(as_text=True)) is None, page
    for person, page in (("traketqua", "/tiep-nhan"), ("chuyenvien", "/tham-dinh")):
        assert FORM.search(as_user(person).get(page).get_data(as_text=True)) is None
    made = clerk.post("/quay/viec/goi", data={"ticket": "", "next": "//elsewhere.example"})
    assert made.headers["Location"] == "/quay"


def test_a_head_that_shows_an_old_number_calls_nobody(app: Flask, clerk: FlaskClient) -> None:
    assert call(clerk, "/tiep-nhan").status_code == 303
    late = clerk.post("/quay/viec/goi", data={"ticket": "", "next": "tiep-nhan"})
    assert late.status_code == 409 and "đang phục vụ số A001" in text_of(late)
    with app.app_context():
        assert fresh("A002").state == "waiting"


def test_the_head_costs_no_statement_and_little_weight(
    app: Flask, clerk: FlaskClient, as_user: Any
) -> None:
    page, other = "/tiep-nhan?thu-tuc=1.013228", as_user("traketqua")
    other.get(page)
    with Statements(app) as without:
        other.get(page)
    call(clerk, "/tiep-nhan")
    with Statements(app) as with_it:
        clerk.get(page)
    assert len(with_it) == len(without)
    with app.app_context():
        codes = sorted(Office(app).rules.offered(TODAY.date()))
    weights = {c: _packed(clerk.get(f"/tiep-nhan?thu-tuc={c}").data) for c in codes}
    assert {code: weight for code, weight in weights.items() if weight > LATER} == {}
