"""The box for everything: hits, reasons, sight, paging, cost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.core.states import Status
from app.extensions import db, writing
from app.intake import actions as intake
from app.journey import find
from app.journey.fragments import sought
from app.models import Correction, Dossier
from bench.register import copies
from tests.desk.hands import Work, text
from tests.make import PERSON, TODAY, Office, Statements, make_request

URL = "/tim"


@pytest.fixture
def work(app: Flask) -> Work:
    return Work(app)


def person(name: str, number: int = 1) -> dict[str, Any]:
    return PERSON | {
        "name": name, "personal_id": f"038190{number:06d}", "phone": f"09{number:08d}",
    }  # fmt: skip


def look(browser: FlaskClient, typed: str, **more: str) -> str:
    answer = browser.post(URL, data={"tim": typed, **more})
    assert answer.status_code == 200, typed
    return text(answer)


def codes(html: str) -> list[str]:
    return re.findall(r'class="open" href="/ho-so/([^"]+)"', html)


def test_any_fragment_finds_it_and_says_why(work: Work, as_user: Any) -> None:
    made = work.dossier(Status.AT_ONE_STOP)
    browser = as_user("tiepnhan")
    number = made.result_number or ""
    for typed, place in (
        ("mau", "tên"), ("NGUYÊN mẫu", "tên"), ("uye", "tên"), ("0000123", "số căn cước"),
        ("345678", "điện thoại"), ("45 67", "điện thoại"), (made.code[-9:], "mã hồ sơ"),
        (made.code[:6], "mã hồ sơ"), (number[:4].lower(), "số kết quả"),
    ):  # fmt: skip
        html = look(browser, typed)
        assert codes(html) == [made.code], typed
        assert f"Khớp vì: {place}" in html or f"· {place} <" in html, (typed, place)
        assert f'value="{typed}"' in html, "what was typed stays"
    assert "<mark>Mẫu</mark>" in look(browser, "mau")
    assert codes(look(browser, "zzz")) == [] and codes(look(browser, "mau zzz")) == []


def test_a_whole_code_or_a_receipt_opens_it(work: Work, as_user: Any) -> None:
    made = work.dossier()
    browser = as_user("tiepnhan")
    digits = made.code[-11:].replace("-", "")
    for typed in (made.code, f" {made.code.lower()} ", digits, f"HTTP://X/T/{made.lookup_code}",
                  "038190000123", "0912345678"):  # fmt: skip
        answer = browser.post(URL, data={"tim": typed})
        assert (answer.status_code, answer.location) == (303, f"/ho-so/{made.code}"), typed


def test_a_draft_is_found_at_its_counter_alone(work: Work, as_user: Any) -> None:
    def keep(office: Office) -> str:
        with writing() as session:
            hands = (office.rules, office.person("tiepnhan"), TODAY)
            form = {"procedure": "1.013228", "name": "Trần Thị Nháp"}
            return intake.save_draft(session, *hands, "mot-cua-huyen", form)

    draft = work.do(keep)
    answer = as_user("tiepnhan").post(URL, data={"tim": draft})
    assert answer.location == f"/ho-so/{draft}"
    assert "Không thấy hồ sơ nào khớp" in look(as_user("truongphong"), draft)


@pytest.mark.parametrize("who", ["tiepnhan.xa", "phong-tu-phap.cv"])
def test_nobody_finds_what_is_not_theirs(work: Work, as_user: Any, who: str) -> None:
    made = work.dossier(Status.AT_ONE_STOP)
    browser = as_user(who)
    for typed in ("mau", "038190000123", "345678", made.code, made.lookup_code,
                  f"https://x/t/{made.lookup_code}"):  # fmt: skip
        html = look(browser, typed)
        assert codes(html) == [] and "Mẫu" not in html, typed


def test_the_administrator_has_no_box(as_user: Any) -> None:
    browser = as_user("quantri")
    assert browser.get(URL).status_code == browser.post(URL, data={"tim": "mau"}).status_code == 403


@pytest.mark.parametrize("typed", ["", "a", "  ", "%", "\u200b"])
def test_too_little_is_said_and_kept(as_user: Any, typed: str) -> None:
    answer = as_user("tiepnhan").post(URL, data={"tim": typed})
    assert answer.status_code == 422 and "ít nhất 2 chữ" in text(answer)


@pytest.mark.parametrize("typed", ["%%", "__", "a%", "'--", "\\\\", "1" * 5000, "mẫu" * 200, "/t/"])
def test_no_strange_text_finds_or_breaks(work: Work, as_user: Any, typed: str) -> None:
    work.dossier()
    assert codes(look(as_user("tiepnhan"), typed)) == []


def test_pages_go_on_where_the_last_one_ended(work: Work, as_user: Any) -> None:
    def many(office: Office) -> None:
        for number in range(find.PAGE + 5):
            office.receive(make_request(applicant=person(f"Nguyễn Thị Trang {number}", number)))

    work.do(many)
    browser = as_user("tiepnhan")
    first = look(browser, "trang")
    after = re.search(r'name="sau" value="([^"]+)"', first)
    assert after is not None and len(codes(first)) == find.PAGE
    second = look(browser, "trang", sau=after[1])
    assert len(codes(second)) == 5 and 'name="sau"' not in second
    assert not set(codes(first)) & set(codes(second))


def test_word_beginnings_stand_before_middles(work: Work, as_user: Any) -> None:
    names = ("Lê Văn Anh", "Lê Thị Oanh")
    made = work.do(lambda o: [o.receive(make_request(applicant=person(n))).code for n in names])
    assert codes(look(as_user("tiepnhan"), "anh")) == made
    assert codes(look(as_user("tiepnhan"), "an")) == made[:1], "two letters begin a word"


def test_the_number_before_a_correction_still_finds(each_office: Office) -> None:
    made = each_office.receive()
    with writing() as session:
        session.add(
            Correction(dossier_id=made.id, number=1, error="sai tên", reported_by="x",
                       reported_at=TODAY, old_number="77/GPXD", corrected="")
        )  # fmt: skip
    for typed in ("77/gp", "77/"):
        rows = find.anywhere(db.session, each_office.person("tiepnhan"), sought(typed))
        assert [d.id for d in rows] == [made.id]


def test_both_databases_find_the_same(each_office: Office) -> None:
    made = each_office.receive(make_request(applicant=person("Đỗ Hữu Ước", 7)))
    with writing() as session:
        session.execute(update(Dossier).values(result_number="12/QĐ-UBND"))
    actor = each_office.person("tiepnhan")
    for typed, found in {
        "do huu": 1, "Ước": 1, "uuu": 0, "12/qd": 1, "12/QĐ": 1, "190000007": 1, "d h": 1, "o h": 0,
        made.code[:9]: 1, "d uoc": 1, "900000": 1,
    }.items():  # fmt: skip
        assert len(find.anywhere(db.session, actor, sought(typed))) == found, typed


def test_a_search_costs_the_same_with_many_rows(app: Flask, work: Work, as_user: Any) -> None:
    def first(office: Office) -> None:
        for number in range(10):
            office.receive(make_request(applicant=person(f"Mai Thị {number}", number)))

    def many(_: Office) -> None:
        with writing() as session:
            copies(session, 1_000)

    browser, costs = as_user("tiepnhan"), []
    for fill in (first, many):
        work.do(fill)
        look(browser, "mai")
        with Statements(app) as statements:
            html = look(browser, "mai")
        costs.append(len(statements))
    assert len(codes(html)) == find.PAGE
    assert costs[0] == costs[1] <= 4
