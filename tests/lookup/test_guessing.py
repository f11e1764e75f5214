"""Who does not hold the receipt learns nothing, and cannot go on guessing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app import clock
from app.core.states import Status
from app.extensions import db, writing
from app.lookup.reading import KEPT
from app.models import Dossier
from app.models.staff import FailureCount
from tests.make import TODAY, Office

WRONG = "ZZZZZZZZZZ"
UNKNOWN = "H56.99-261125-9999"


@pytest.fixture
def dossier(app: Flask) -> Dossier:
    """A dossier received this morning."""
    with app.app_context():
        return Office(app).receive()


def post(client: FlaskClient, code: str | None, lookup_code: str | None) -> TestResponse:
    """Send the look-up form."""
    return client.post("/tra-cuu", data={"code": code, "lookup_code": lookup_code})


def look(answer: TestResponse, *typed: str | None) -> tuple[int, str]:
    """Status and page, without the nonce and what was typed."""
    html = re.sub(r'nonce="[^"]*"', "", answer.get_data(as_text=True))
    for text in typed:
        html = html.replace(str(text), "")
    return answer.status_code, html


def failures(app: Flask) -> int:
    """How many failures are counted."""
    with app.app_context():
        return sum(db.session.scalars(select(FailureCount.count)).all())


def test_both_codes_lead_to_the_page_and_count_nothing(
    app: Flask, client: FlaskClient, dossier: Dossier
) -> None:
    spelt = dossier.lookup_code[:5].lower() + " - " + dossier.lookup_code[5:]  # type: ignore[index]
    answer = post(client, f" {str(dossier.code).lower()} ", spelt)
    assert (answer.status_code, answer.location) == (303, f"/t/{dossier.lookup_code}")
    assert "Set-Cookie" not in answer.headers
    assert failures(app) == 0


def test_wrong_and_unknown_look_exactly_the_same(client: FlaskClient, dossier: Dossier) -> None:
    wrong = post(client, dossier.code, WRONG)
    unknown = post(client, UNKNOWN, WRONG)
    stranger = post(client, UNKNOWN, dossier.lookup_code)
    malformed = post(client, "12", "x")
    looks = {
        look(wrong, dossier.code, WRONG),
        look(unknown, UNKNOWN, WRONG),
        look(stranger, UNKNOWN, dossier.lookup_code),
        look(malformed, 'value="12"', 'value="x"'),
    }
    assert len({page.replace('value=""', "") for _, page in looks}) == 1
    assert {status for status, _ in looks} == {404}


def test_tokens_of_nothing_hidden_and_old_dossiers_look_the_same(
    app: Flask, client: FlaskClient, dossier: Dossier
) -> None:
    token = dossier.lookup_code
    unknown = look(client.get(f"/t/{WRONG}"))
    assert unknown[0] == 404
    assert look(client.get("/t/x")) == unknown
    with app.app_context(), writing() as session:
        session.execute(update(Dossier).values(confidential=True))
    assert look(client.get(f"/t/{token}")) == unknown
    answer = post(client, dossier.code, token)
    assert answer.status_code == 404


@pytest.mark.parametrize("ending", [Status.RETURNED, Status.VOIDED])
def test_a_token_stops_ninety_days_after_the_end(
    app: Flask, client: FlaskClient, dossier: Dossier, ending: Status
) -> None:
    with app.app_context():
        office = Office(app)
        if ending == Status.VOIDED:
            office.act(dossier, "void", "chanhvp", reason="Nhập nhầm")
        found = office.walk(dossier, until=ending)
        end = found.returned_at or found.settled_at
    assert end is not None
    clock.start_at(end + KEPT - timedelta(minutes=1))
    assert client.get(f"/t/{dossier.lookup_code}").status_code == 200
    clock.start_at(end + KEPT + timedelta(minutes=1))
    assert client.get(f"/t/{dossier.lookup_code}").status_code == 404


def test_an_open_dossier_can_be_seen_however_long_it_takes(
    client: FlaskClient, dossier: Dossier
) -> None:
    clock.start_at(TODAY + timedelta(days=400))
    assert client.get(f"/t/{dossier.lookup_code}").status_code == 200


def test_five_failures_for_a_number_hold_it_for_an_hour(
    client: FlaskClient, dossier: Dossier
) -> None:
    for _ in range(5):
        assert post(client, dossier.code, WRONG).status_code == 404
    held = post(client, dossier.code, dossier.lookup_code)
    assert held.status_code == 429
    assert 3590 <= int(held.headers["Retry-After"]) <= 3600
    assert "Hãy đợi đến 10:00" in held.get_data(as_text=True)
    assert client.get(f"/t/{dossier.lookup_code}").status_code == 200, (
        "the receipt's QR still works"
    )
    assert post(client, UNKNOWN, WRONG).status_code == 404, "other numbers are free"
    clock.start_at(TODAY + timedelta(minutes=61))
    assert post(client, dossier.code, dossier.lookup_code).status_code == 303


def test_twenty_failures_from_an_address_hold_it_for_a_minute(
    client: FlaskClient, dossier: Dossier
) -> None:
    clock.start_at(TODAY)
    for n in range(20):
        assert client.get(f"/t/{n:010d}").status_code == 404
    assert client.get(f"/t/{dossier.lookup_code}").status_code == 429
    assert post(client, dossier.code, dossier.lookup_code).status_code == 429
    clock.start_at(TODAY + timedelta(seconds=75))
    assert client.get(f"/t/{dossier.lookup_code}").status_code == 200


def test_held_attempts_are_refused_without_a_statement(
    app: Flask, client: FlaskClient, dossier: Dossier
) -> None:
    for _ in range(5):
        post(client, dossier.code, WRONG)
    before = failures(app)
    for _ in range(3):
        assert post(client, dossier.code, WRONG).status_code == 429
    assert failures(app) == before


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ({}, ["Hãy nhập mã hồ sơ", "Hãy nhập mã tra cứu"]),
        ({"code": "H56.99-261125-0001"}, ["Hãy nhập mã tra cứu"]),
        ({"lookup_code": WRONG}, ["Hãy nhập mã hồ sơ"]),
    ],
)
def test_an_empty_field_is_asked_for_and_nothing_counted(
    app: Flask, client: FlaskClient, data: dict[str, Any], asked: list[str]
) -> None:
    answer = client.post("/tra-cuu", data=data)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Lỗi: Tra cứu hồ sơ" in html
    assert [html.count(sentence) for sentence in asked] == [2] * len(asked)  # summary and field
    assert all(value in html for value in data.values())
    assert failures(app) == 0


def test_the_form_needs_no_token_where_tokens_are_checked(
    app: Flask, client: FlaskClient, dossier: Dossier
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert post(client, dossier.code, dossier.lookup_code).status_code == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
