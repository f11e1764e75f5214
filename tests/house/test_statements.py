"""Every page of the staff costs at most twelve statements, and no more with many rows than few."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import web
from app.core.states import Status
from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from app.models import Dossier
from tests.make import Office, Statements

MOST = 12
PEOPLE = (
    "tiepnhan", "traketqua", "chuyenvien", "truongphong", "lanhdao", "vanthu", "chanhvp", "quantri",
)  # fmt: skip


def _pages(app: Flask, person: Any) -> list[str]:
    """The addresses without parameters that the person may open."""
    found = []
    for rule in app.url_map.iter_rules():
        open_ = "GET" in (rule.methods or ()) and not rule.arguments
        if not open_ or rule.rule.startswith("/api/") or rule.rule.endswith((".pdf", ".csv")):
            continue
        access = web.access_of(app, rule.endpoint)
        if access is None or access == web.PUBLIC:
            continue
        if access == web.STAFF or person.has(*access):
            found.append(rule.rule)
    return sorted(found)


def _fill(office: Office, count: int, seed: int) -> None:
    with writing() as session:
        for _ in fill_dossiers(session, office.rules, office.now, count, seed=seed):
            pass
    db.session.expunge_all()


def _costs(office: Office, as_user: Any) -> dict[tuple[str, str], int]:
    found = {}
    for username in PEOPLE:
        person = office.person(username)
        browser = as_user(username)
        for address in _pages(office.app, person):
            browser.get(address)  # the office is read once a process
            with Statements(office.app) as seen:
                answer = browser.get(address)
            assert answer.status_code in (200, 303, 404, 422), (username, address)
            found[username, address] = len(seen)
    return found


def test_no_page_costs_more_with_a_thousand_dossiers_than_with_ten(
    office: Office, as_user: Any
) -> None:
    _fill(office, 10, 1)
    few = _costs(office, as_user)
    _fill(office, 990, 2)
    many = _costs(office, as_user)
    assert {k: v for k, v in many.items() if v > MOST} == {}
    # Ten rows may all be of one kind, so that a list has nothing to look up yet.
    assert {k: (few[k], v) for k, v in many.items() if v > few[k] + 4} == {}
    with Statements(office.app) as seen:
        as_user("chuyenvien")
    assert len(seen) > 0  # the counter counts


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.APPRAISING, Status.RETURNED])
def test_the_page_of_a_dossier(office: Office, as_user: Any, status: Status) -> None:
    dossier = office.walk(office.receive(), status)
    browser = as_user("tiepnhan")
    browser.get(f"/ho-so/{dossier.code}")
    with Statements(office.app) as seen:
        assert browser.get(f"/ho-so/{dossier.code}").status_code == 200
    assert len(seen) <= MOST, seen.seen
    assert db.session.scalar(select(Dossier.id).where(Dossier.code == dossier.code))
