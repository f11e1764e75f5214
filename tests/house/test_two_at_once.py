"""Two at once, again and again, and the mishaps that follow."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts import actions as accounts
from app.core.refusals import Refused
from app.core.states import Status
from app.extensions import db, writing
from app.failures import Brake
from app.journey import numbering
from app.journey.audit import verify
from app.models import Event, FailureCount, ResultNumber, Staff
from tests.house.test_security import PASSWORD, sign_in
from tests.make import TODAY, Office


def test_two_log_ins_at_once_keep_the_accounts_chain_whole(each_app: Flask) -> None:
    """Several browsers of one person sign in together: none is turned away, no link is missing."""
    codes: list[int] = []
    start = threading.Barrier(6)

    def go(password: str) -> None:
        start.wait()
        answer = each_app.test_client().post(
            "/dang-nhap", data={"username": "tiepnhan", "password": password}
        )
        codes.append(answer.status_code)

    threads = [threading.Thread(target=go, args=(p,)) for p in [PASSWORD] * 4 + ["sai"] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303] * 4 + [422] * 2
    with each_app.app_context():
        staff = db.session.scalar(select(Staff.id).where(Staff.username == "tiepnhan"))
        events = db.session.scalars(select(Event.seq).where(Event.subject == staff)).all()
        assert sorted(events) == [1, 2, 3, 4, 5, 6]
        assert verify(db.session).fault is None


def test_a_one_time_link_works_once_even_for_two_at_once(each_app: Flask) -> None:
    with each_app.app_context():
        office = Office(each_app)
        with writing() as session:
            staff = session.scalars(select(Staff).where(Staff.username == "vanthu")).one()
            token = accounts.make_link(session, staff, office.person("quantri"), TODAY)
    done: list[str] = []
    start = threading.Barrier(4)

    def go(number: int) -> None:
        with each_app.app_context():
            start.wait()
            try:
                with writing() as session:
                    accounts.set_password(session, token, f"hash {number}", TODAY)
                done.append("set")
            except Refused as no:
                done.append(no.code)

    threads = [threading.Thread(target=go, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["dead_link"] * 3 + ["set"]


def test_a_good_log_in_forgets_the_failures(app: Flask) -> None:
    """Five failures, a wait, a good log-in: the next typing error costs no wait again."""
    client = app.test_client()
    for _ in range(5):
        client.post("/dang-nhap", data={"username": "tiepnhan", "password": "sai"})
    clock.start_at(TODAY + timedelta(minutes=20))
    app.extensions["motcua.brake"] = Brake()  # another process, which remembers nothing
    sign_in(app, "tiepnhan")
    with app.app_context():
        keys = db.session.scalars(select(FailureCount.key)).all()
        assert keys == ["login-from:127.0.0.1"]


def test_the_brake_forgets_what_is_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.failures.REMEMBERED", 3)
    brake, minute = Brake(), timedelta(minutes=1)
    with app.app_context(), writing() as session:
        for number in range(10):
            brake.failed(
                session, f"key {number}", TODAY + number * minute, free=1, window=minute,
                first_wait=timedelta(seconds=90), longest=timedelta(hours=1),
            )  # fmt: skip
    assert brake.held_until("key 9", TODAY + 9 * minute) is not None
    assert len(brake._until) <= 4


def test_a_forbidden_page_of_the_administrator_is_noted(app: Flask) -> None:
    sign_in(app, "tiepnhan").post("/quan-tri/nhan-su", data={"username": "x"})
    with app.app_context():
        staff = db.session.scalar(select(Staff.id).where(Staff.username == "tiepnhan"))
        query = select(Event.action).where(Event.subject == staff).order_by(Event.seq)
        assert db.session.scalars(query).all() == ["signed_in", "refused"]


def test_the_next_number_survives_strange_ones(office: Office) -> None:
    dossier = office.receive()
    with writing() as session:
        for number in ("9", "²²²²²", "12a", "BẢN SAO-0001"):
            session.add(ResultNumber(unit_id="vp-hdnd-ubnd", symbol="X", year=2026, number=number,
                                     dossier_id=dossier.id))  # fmt: skip
    assert numbering.suggest(db.session, "vp-hdnd-ubnd", 2026) == "10"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2026-11-26", "sau hôm nay"), ("2026-11-24", "trước ngày"), ("0001-01-01", "trước ngày")],
)  # fmt: skip
def test_a_result_is_dated_between_intake_and_today(
    office: Office, day: str, sentence: str
) -> None:
    dossier = office.walk(office.receive(), Status.APPROVED)
    with pytest.raises(Refused, match=sentence) as no:
        office.act(dossier, "issue", "vanthu", number="5", symbol="GPXD", issued_on=day)
    assert set(no.value.fields) == {"issued_on"}


def test_no_request_keeps_a_connection(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read, written, refused or broken: the connection goes back, no snapshot stays open."""
    with each_app.app_context():
        code = Office(each_app).receive().code
        db.session.remove()
        pool: Any = db.engine.pool
    browser = sign_in(each_app, "tiepnhan")
    for path in ("/", "/so-theo-doi", f"/ho-so/{code}", "/ho-so/x", "/khong-co", "/t/0000000000",
                 f"/ho-so/{code}/giay/receipt.pdf", "/quan-tri"):  # fmt: skip
        browser.get(path)
        assert pool.checkedout() == 0, path
    browser.post(f"/ho-so/{code}/viec/approve", data={"version": 1})
    assert pool.checkedout() == 0

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.journey.find.search", broken)
    assert browser.get("/so-theo-doi").status_code == 500
    assert pool.checkedout() == 0


@pytest.mark.parametrize(
    "each_app", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_server_that_was_started_again_costs_one_try(each_app: Flask) -> None:
    browser = sign_in(each_app, "tiepnhan")
    assert browser.get("/so-theo-doi").status_code == 200
    with each_app.app_context():
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    lost = browser.get("/so-theo-doi")
    assert lost.status_code == 503 and "thử lại" in lost.get_data(as_text=True)
    assert browser.get("/so-theo-doi").status_code == 200
