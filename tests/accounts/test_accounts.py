"""Log-in, sessions, passwords, one-time links."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.accounts import passwords
from app.core.refusals import Refused
from app.extensions import db, writing
from app.models import Event, LoginSession, Staff
from tests.make import TODAY, Statements


def _try(client: FlaskClient, username: str, password: str) -> int:
    return client.post("/dang-nhap", data={"username": username, "password": password}).status_code


def test_a_good_log_in_leads_to_the_persons_own_page(as_user: Any) -> None:
    assert as_user("tiepnhan").get("/dang-nhap").location == "/tiep-nhan"
    assert as_user("lanhdao").get("/dang-nhap").location == "/phe-duyet"
    assert as_user("quantri").get("/dang-nhap").location == "/quan-tri"


def test_unknown_name_and_wrong_password_look_the_same(client: FlaskClient) -> None:
    one = client.post("/dang-nhap", data={"username": "tiepnhan", "password": "sai"})
    two = client.post("/dang-nhap", data={"username": "khongco", "password": "sai"})
    assert one.status_code == two.status_code == 422
    same = [a.get_data(as_text=True).replace("tiepnhan", "x").replace("khongco", "x")
            for a in (one, two)]  # fmt: skip
    assert same[0].count("không đúng") == same[1].count("không đúng") == 1


def test_failures_slow_down_and_never_lock_for_good(client: FlaskClient) -> None:
    for _ in range(5):
        assert _try(client, "tiepnhan", "sai") == 422
    assert _try(client, "tiepnhan", "motcua-demo") == 429
    clock.start_at(TODAY + timedelta(minutes=20))
    assert _try(client, "tiepnhan", "motcua-demo") == 303


def test_the_cookie_holds_a_random_id_and_the_row_only_its_hash(app: Flask, as_user: Any) -> None:
    browser = as_user("tiepnhan")
    with browser.session_transaction() as kept:
        token = kept["_user_id"]
    with app.app_context():
        row = db.session.scalars(select(LoginSession)).one()
        assert len(token) >= 40 and token not in row.token_hash and len(row.token_hash) == 64


def test_an_id_chosen_by_an_attacker_is_not_adopted(app: Flask) -> None:
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"] = "chosen-by-somebody-else"
    assert browser.get("/so-theo-doi").status_code == 303
    assert _try(browser, "tiepnhan", "motcua-demo") == 303
    with browser.session_transaction() as kept:
        assert kept["_user_id"] != "chosen-by-somebody-else"


def test_a_session_ends_on_the_server(app: Flask, as_user: Any) -> None:
    browser = as_user("tiepnhan")
    assert browser.get("/so-theo-doi").status_code == 200
    with browser.session_transaction() as kept:
        stolen = dict(kept)
    answer = browser.post("/dang-xuat")
    assert answer.status_code == 303 and "Clear-Site-Data" in answer.headers
    thief = app.test_client()
    with thief.session_transaction() as kept:
        kept.update(stolen)
    assert thief.get("/so-theo-doi").status_code == 303


def test_idle_and_old_sessions_end(as_user: Any) -> None:
    browser = as_user("tiepnhan")
    for minutes in (10, 30, 60):
        clock.start_at(TODAY + timedelta(minutes=minutes))
        assert browser.get("/so-theo-doi").status_code == 200, minutes
    clock.start_at(TODAY + timedelta(minutes=60 + 36))
    assert browser.get("/so-theo-doi").status_code == 303


def test_nobody_stays_in_for_more_than_twelve_hours(as_user: Any) -> None:
    browser = as_user("tiepnhan")
    for half_hours in range(1, 26):
        clock.start_at(TODAY + timedelta(minutes=29 * half_hours))
        status = browser.get("/so-theo-doi").status_code
    assert status == 303


def test_a_disabled_person_is_out_at_once(app: Flask, as_user: Any) -> None:
    browser = as_user("tiepnhan")
    with app.app_context(), writing() as session:
        session.execute(update(Staff).where(Staff.username == "tiepnhan").values(active=False))
    assert browser.get("/so-theo-doi").status_code == 303
    assert _try(app.test_client(), "tiepnhan", "motcua-demo") == 422


def test_a_signed_in_page_costs_one_statement_for_the_person(app: Flask, as_user: Any) -> None:
    browser = as_user("tiepnhan")
    browser.get("/chuyen-ho-so")
    with Statements(app) as seen:
        browser.get("/chuyen-ho-so")
    assert sum("login_session" in s for s in seen.seen) == 1
    assert len(seen) <= 6, seen.seen


def test_admin_makes_an_account_with_a_link_that_works_once(app: Flask, as_user: Any) -> None:
    admin = as_user("quantri")
    page = admin.post(
        "/quan-tri/nhan-su",
        data={"username": "nguyen.moi", "name": "Nguyễn Thị Mới", "title": "Công chức",
              "unit": "mot-cua-huyen", "role": "intake_officer"},
    )  # fmt: skip
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    path = "/mat-khau/" + text.split("/mat-khau/")[1].split('"')[0].split("<")[0].strip()
    new = app.test_client()
    assert new.get(path).status_code == 200
    weak = new.post(path, data={"password": "motcua123456", "again": "motcua123456"})
    assert weak.status_code == 422 and "dễ đoán" in weak.get_data(as_text=True)
    differs = new.post(path, data={"password": "bốn từ rất khác nhau", "again": "khác"})
    assert differs.status_code == 422
    good = {"password": "cầu vồng ghế gỗ 52 sông", "again": "cầu vồng ghế gỗ 52 sông"}
    assert new.post(path, data=good).status_code == 303
    assert new.post(path, data=good).status_code == 409  # used up
    assert _try(new, "nguyen.moi", good["password"]) == 303
    assert new.get("/tiep-nhan").status_code == 200


def test_a_reset_link_ends_open_sessions(app: Flask, as_user: Any) -> None:
    victim = as_user("tiepnhan")
    admin = as_user("quantri")
    with app.app_context():
        number = db.session.scalar(select(Staff.id).where(Staff.username == "tiepnhan"))
    text = admin.post(f"/quan-tri/nhan-su/{number}/duong-dan").get_data(as_text=True)
    path = "/mat-khau/" + text.split("/mat-khau/")[1].split('"')[0].split("<")[0].strip()
    good = {"password": "cầu vồng ghế gỗ 52 sông", "again": "cầu vồng ghế gỗ 52 sông"}
    assert app.test_client().post(path, data=good).status_code == 303
    assert victim.get("/so-theo-doi").status_code == 303


def test_a_link_dies_after_a_day(app: Flask, as_user: Any) -> None:
    admin = as_user("quantri")
    with app.app_context():
        number = db.session.scalar(select(Staff.id).where(Staff.username == "tiepnhan"))
    text = admin.post(f"/quan-tri/nhan-su/{number}/duong-dan").get_data(as_text=True)
    path = "/mat-khau/" + text.split("/mat-khau/")[1].split('"')[0].split("<")[0].strip()
    clock.start_at(TODAY + timedelta(hours=25))
    answer = app.test_client().get(path)
    assert answer.status_code == 409 and "quá 24 giờ" in answer.get_data(as_text=True)


def test_the_accounts_chain_tells_of_log_ins(app: Flask, as_user: Any) -> None:
    _try(app.test_client(), "tiepnhan", "sai")
    as_user("tiepnhan")
    with app.app_context():
        number = db.session.scalar(select(Staff.id).where(Staff.username == "tiepnhan"))
        rows = db.session.scalars(select(Event).where(Event.subject == number).order_by(Event.seq))
        assert [r.action for r in rows] == ["sign_in_failed", "signed_in"]


@pytest.mark.parametrize("target", ["https://xau.vn", "//xau.vn", "/\\xau.vn", "javascript:x"])
def test_after_log_in_never_to_another_site(client: FlaskClient, target: str) -> None:
    answer = client.post(
        f"/dang-nhap?next={target}", data={"username": "tiepnhan", "password": "motcua-demo"}
    )
    assert answer.location == "/tiep-nhan"


@pytest.mark.parametrize(
    ("password", "good"),
    [("ngắn", False), ("x" * 129, False), ("motcuangason1", False), ("nguyenthihoa12", False),
     ("cầu vồng ghế gỗ 52 sông", True)],
)  # fmt: skip
def test_password_rules(password: str, good: bool) -> None:
    if good:
        passwords.check_new(password, "hoa", "Nguyễn Thị Hòa")
        return
    with pytest.raises(Refused) as refused:
        passwords.check_new(password, "hoa", "Nguyễn Thị Hòa")
    assert refused.value.sentence.endswith(".")


def test_hashes_are_argon2id_and_never_equal() -> None:
    one, two = passwords.hash_password("một mật khẩu"), passwords.hash_password("một mật khẩu")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and one != two
    assert passwords.matches(one, "một mật khẩu") and not passwords.matches(one, "khác")
    assert not passwords.matches(None, "gì cũng vậy")


def test_forms_need_their_token(app: Flask, as_user: Any) -> None:
    browser = as_user("tiepnhan")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = browser.post("/dang-xuat")
        assert answer.status_code == 400 and "tải lại" in answer.get_data(as_text=True)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_form_sent_from_another_site_is_refused(as_user: Any) -> None:
    answer = as_user("tiepnhan").post("/dang-xuat", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_clock_runs_on_from_the_demo_moment() -> None:
    with time_machine.travel("2026-11-24T10:00:00+07:00", tick=False) as traveller:
        clock.start_at(TODAY)
        assert clock.now() == TODAY
        traveller.shift(timedelta(minutes=5))
        assert clock.now() == TODAY + timedelta(minutes=5)
        clock.start_at(None)
        assert (clock.now() - TODAY).days < 0


def test_how_many_accounts_is_written_with_a_point(app: Flask, as_user: Any) -> None:
    with app.app_context(), writing() as session:
        session.add_all(
            Staff(id=f"nhieu-{n}", username=f"nhieu.{n}", name=f"Nguyễn Văn {n}", created_at=TODAY)
            for n in range(1000)
        )
    html = as_user("quantri").get("/quan-tri").get_data(as_text=True)
    assert re.search(r"Mọi tài khoản, 1\.\d{3} người", html)
