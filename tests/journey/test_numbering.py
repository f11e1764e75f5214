"""Numbers under pressure: never twice, and a retried intake is the same dossier."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.core.refusals import Refused
from app.extensions import db, writing
from app.intake import actions as intake
from app.journey import numbering
from app.journey.audit import verify
from app.models import Dossier, Event, ResultNumber, Step
from tests.make import Office, make_request

WRITERS, EACH = 32, 6


def _at_once(app: Flask, work: Callable[[int], Any]) -> tuple[list[Any], list[BaseException]]:
    """Run `work(i)` in many threads that start together; results and errors."""
    gate, results, errors = threading.Barrier(WRITERS), [], []

    def run(number: int) -> None:
        with app.app_context():
            try:
                gate.wait()
                results.append(work(number))
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, errors


def test_thirty_two_writers_never_share_a_number(each_app: Flask) -> None:
    with each_app.app_context():
        office = Office(each_app)
        officer, rules, now = office.person("tiepnhan"), office.rules, office.now

    def receive_some(_: int) -> list[str]:
        codes = []
        for _turn in range(EACH):
            with writing() as session:
                prepared = intake.prepare(rules, officer, now, make_request())
                made = intake.receive(session, rules, officer, prepared)
            codes.append(made.dossier.code)
        return codes

    results, errors = _at_once(each_app, receive_some)
    assert errors == []
    codes = sorted(code for some in results for code in some)
    assert codes == [f"H56.99-261125-{n:04d}" for n in range(1, WRITERS * EACH + 1)]
    with each_app.app_context():
        lookups = db.session.scalars(select(Dossier.lookup_code)).all()
        assert len(set(lookups)) == len(lookups) == WRITERS * EACH
        assert verify(db.session).fault is None


def test_a_double_click_gives_one_dossier(each_app: Flask) -> None:
    with each_app.app_context():
        office = Office(each_app)
        officer, rules, now = office.person("tiepnhan"), office.rules, office.now

    def click(_: int) -> str:
        try:
            with writing() as session:
                prepared = intake.prepare(rules, officer, now, make_request())
                return intake.receive(session, rules, officer, prepared, "one-key").id
        except IntegrityError:
            first = intake.known_key(db.session, officer.id, "one-key")
            assert first is not None
            return first

    results, errors = _at_once(each_app, click)
    assert errors == []
    assert len(set(results)) == 1
    with each_app.app_context():
        for table in (Dossier, Event):
            query = select(func.count()).select_from(table)
            if table is Event:
                query = query.where(Event.action == "accept")
            assert db.session.scalar(query) == 1
        assert db.session.scalar(select(func.count()).select_from(Step)) == 6


def test_two_people_cannot_both_act(each_app: Flask) -> None:
    """Two clerks press “Chuyển” at the same time: one does it, the other gets a sentence."""
    with each_app.app_context():
        office = Office(each_app)
        dossier_id = office.receive().id

    def send(_: int) -> str:
        office = Office(each_app)
        held = office.fresh(dossier_id)
        try:
            office.act(held, "send_to_agency", "tiepnhan")
        except Refused as refused:
            return refused.code
        return "done"

    results, errors = _at_once(each_app, send)
    assert errors == []
    assert sorted(set(results)) == ["done", "wrong_status"] and results.count("done") == 1
    with each_app.app_context():
        assert verify(db.session).fault is None


def test_numbers_begin_anew_each_day_and_agency(each_office: Office) -> None:
    with writing() as session:
        days = [date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 26)]
        codes = [str(numbering.next_dossier_code(session, "H56.99", day)) for day in days]
        codes.append(str(numbering.next_dossier_code(session, "H56.32", days[0])))
        years = [numbering.next_in_year(session, "mot-cua-huyen", "register", y)
                 for y in (2026, 2026, 2027)]  # fmt: skip
    assert codes == [
        "H56.99-261125-0001", "H56.99-261125-0002", "H56.99-261126-0001", "H56.32-261125-0001",
    ]  # fmt: skip
    assert years == [1, 2, 1]


def test_a_rolled_back_intake_leaves_no_trace_but_may_leave_a_gap(each_office: Office) -> None:
    with pytest.raises(RuntimeError), writing() as session:
        officer = each_office.person("tiepnhan")
        prepared = intake.prepare(each_office.rules, officer, each_office.now, make_request())
        intake.receive(session, each_office.rules, officer, prepared)
        raise RuntimeError("power cut")
    assert db.session.scalar(select(func.count()).select_from(Dossier)) == 0
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0
    assert re.fullmatch(r"H56\.99-261125-000[12]", each_office.receive().code or "")


def test_more_than_9999_a_day_grows_to_five_digits(office: Office) -> None:
    with writing() as session:
        from app.models import DayCounter

        session.add(DayCounter(agency_code="H56.99", day=date(2026, 11, 25), value=9999))
    assert office.receive().code == "H56.99-261125-10000"


def test_a_result_number_is_given_once_a_year_per_unit_and_symbol(each_office: Office) -> None:
    from app.core.states import Status

    one = each_office.walk(each_office.receive(), Status.APPROVED)
    two = each_office.walk(each_office.receive(), Status.APPROVED)
    each_office.act(one, "issue", "vanthu", number="07", symbol="GPXD")
    with pytest.raises(Refused) as refused:
        each_office.act(two, "issue", "vanthu", number="7", symbol="gpxd")
    assert refused.value.code == "number_taken"
    assert "đã cấp" in refused.value.sentence
    each_office.act(two, "issue", "vanthu", number="7", symbol="QĐ-UBND")
    assert db.session.scalar(select(func.count()).select_from(ResultNumber)) == 2
    assert numbering.suggest(db.session, "vp-hdnd-ubnd", 2026) == "8"
