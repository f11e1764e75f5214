"""Lists of open work read the few open steps, never every step there ever was, on SQLite.

The plan is asked of an office with a handful of dossiers: what the planner believes of the tables'
sizes is stored (migration 0012), so that it plans as it will at a million.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from app.core.states import Status
from app.extensions import db
from tests.make import Office, Statements

LISTS = (
    ("chuyenvien", "/tham-dinh"), ("chuyenvien", "/tham-dinh?xem=phong"),
    ("truongphong", "/tham-dinh?xem=giao"), ("vanthu", "/tham-dinh?xem=den"),
    ("lanhdao", "/phe-duyet"), ("tiepnhan", "/tra-ket-qua"), ("tiepnhan.xa", "/tra-ket-qua"),
    ("tiepnhan", "/chuyen-ho-so"), ("tiepnhan", "/so-theo-doi"),
)  # fmt: skip
# Reads every step of a unit, or every dossier of a one-stop, from the first day on.
_ALL = re.compile(
    r"(SCAN (step|dossier)$|SEARCH step USING INDEX ix_step_unit_id \(unit_id=\?\)|"
    r"SEARCH dossier USING INDEX ix_dossier_one_stop_id \(one_stop=\?\)$)"
)


@pytest.mark.parametrize(("who", "address"), LISTS)
def test_no_list_reads_everything(app: Flask, as_user: Any, who: str, address: str) -> None:
    with app.app_context():
        office = Office(app)
        for state in (Status.ACCEPTED, Status.IN_TRANSFER, Status.APPRAISING):
            office.walk(office.receive(), state)
        db.session.remove()
    browser = as_user(who)
    browser.get(address)
    with Statements(app) as seen:
        assert browser.get(address).status_code == 200
    with app.app_context(), db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        plans = {
            (statement, line[3])
            for statement, given in seen.given
            for line in raw.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        }
    everything = [(line, statement) for statement, line in plans if _ALL.search(line)]
    assert everything == []
