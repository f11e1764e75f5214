"""The screens: who may open them, what they say, and what each costs."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app import clock
from app.extensions import db, writing
from app.failures import Brake
from app.models import Counter, QueueRule, Ticket
from app.ticketing.counters import fill_counters
from tests.make import TODAY, Office, Statements
from tests.ticketing.hands import BOARD, KIOSK, STOP, fresh, later, lay_out, sit, take

SETUP = "/quay/thiet-lap"


def text_of(answer: Any) -> str:
    """The page's words without its tags."""
    page = re.sub(r"<(style|script)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


# ---- who may -------------------------------------------------------------------------------


def test_everybody_may_take_a_number_and_see_the_board(app: Flask) -> None:
    client = app.test_client()
    assert client.get(KIOSK).status_code == client.get(BOARD).status_code == 200
    taken = client.post(KIOSK)
    assert taken.status_code == 303 and taken.headers["Location"] == f"{KIOSK}/A001"
    assert client.get(f"{KIOSK}/A001").status_code == 200
    for path in ("/lay-so/khong-co", "/bang-so/khong-co", "/lay-so/phong-tckh", f"{KIOSK}/A002",
                 f"{KIOSK}/x", f"{KIOSK}/A99999999999", "/bang-so/vp-hdnd-ubnd"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    assert client.post("/lay-so/khong-co").status_code == 404


@pytest.mark.parametrize(
    ("username", "desk", "setup"),
    [(None, 303, 303), ("tiepnhan", 200, 403), ("chanhvp", 403, 200), ("quantri", 403, 200),
     ("chuyenvien", 403, 403), ("lanhdao", 403, 403)],
)  # fmt: skip
def test_counters_are_for_officers_and_their_set_up_for_the_head(
    app: Flask, as_user: Any, username: str | None, desk: int, setup: int
) -> None:
    browser = as_user(username) if username else app.test_client()
    assert browser.get("/quay").status_code == desk
    assert browser.get(SETUP).status_code == setup
    if desk != 200:
        for path in ("/quay/chon", "/quay/viec/goi"):
            assert browser.post(path, data={"ticket": ""}).status_code in (303, 403)
    if setup != 200:
        for path in (SETUP, "/quay/uu-tien"):
            assert browser.post(path, data={"number": "9"}).status_code in (303, 403)
    with app.app_context():
        assert db.session.scalar(select(Counter).where(Counter.number == 9)) is None


def test_a_head_sets_up_only_the_own_one_stop(app: Flask, as_user: Any) -> None:
    other = "mot-cua-xa@nga-yen"
    head, admin = as_user("chanhvp"), as_user("quantri")
    form = {"unit": other, "number": "7", "open": "1"}
    assert head.get(f"{SETUP}?don-vi={other}").status_code == 422
    assert head.post(SETUP, data=form).status_code == 422
    assert admin.post(SETUP, data=form).status_code == 303
    assert "Quầy 7" in text_of(admin.get(f"{SETUP}?don-vi={other}"))


def test_an_officer_sits_only_at_counters_of_the_own_one_stop(app: Flask, as_user: Any) -> None:
    with app.app_context():
        away = db.session.scalars(
            select(Counter.id).where(Counter.one_stop == "mot-cua-xa@nga-yen")
        ).first()
    browser = as_user("tiepnhan")
    for wanted in (str(away), "x", "", "9" * 40):
        answer = browser.post("/quay/chon", data={"counter": wanted})
        assert answer.status_code == 422 and "không còn mở" in text_of(answer)


# ---- the door --------------------------------------------------------------------------------


def test_the_door_asks_no_more_than_it_needs(app: Flask) -> None:
    with app.app_context():
        lay_out({})
    client = app.test_client()
    plain = client.get(KIOSK).get_data(as_text=True)
    assert "radio" not in plain and "Người cao tuổi" in plain and "<script src" in plain
    with app.app_context():
        lay_out({}, {"fields": "dat-dai"})
    page = client.get(KIOSK).get_data(as_text=True)
    assert 'value="dat-dai"' in page and "Việc khác" in page
    client.post(KIOSK, data={"field": "dat-dai", "priority": "pregnant"})
    with app.app_context():
        made = fresh("U001")
        assert (made.field, made.priority, made.day) == ("dat-dai", "pregnant", TODAY.date())


def test_the_ticket_says_how_many_and_how_long(app: Flask) -> None:
    with app.app_context():
        lay_out({}, {})
        with writing() as session:
            session.execute(
                insert(Ticket),
                [{"one_stop": STOP, "day": TODAY.date() - timedelta(days=1), "series": "A",
                  "number": n, "state": "served", "taken_at": TODAY, "recalled": 0,
                  "served": 600} for n in range(1, 4)],
            )  # fmt: skip
    client = app.test_client()
    for _ in range(4):
        client.post(KIOSK)
    client.post(KIOSK, data={"priority": "elderly"})
    assert "Bạn là người tiếp theo" in text_of(client.get(f"{KIOSK}/A001"))
    third = text_of(client.get(f"{KIOSK}/a004"))
    assert "Còn 3 người trước bạn, chờ khoảng 15 phút" in third.replace(" ,", ",")
    assert "Bạn là người tiếp theo" in text_of(client.get(f"{KIOSK}/U001"))


def test_the_ticket_follows_its_number(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, two = lay_out({}, {})
    code, client = f"{KIOSK}/A001", app.test_client()
    client.post(KIOSK)
    browser = sit(as_user("tiepnhan"), one)

    def press(act: str, **form: Any) -> None:
        with app.app_context():
            shown = fresh("A001").id
        assert browser.post(f"/quay/viec/{act}", data={"ticket": shown} | form).status_code == 303

    browser.post("/quay/viec/goi", data={"ticket": ""})
    assert "Mời bạn đến Quầy 1" in text_of(client.get(code))
    press("bo-qua")
    assert "báo cán bộ ở Quầy 1" in text_of(client.get(code))
    press("cho-lai")
    browser.post("/quay/viec/goi", data={"ticket": ""})
    press("chuyen", to=two)
    assert "chờ ở Quầy 2" in text_of(client.get(code))
    sit(browser, two).post("/quay/viec/goi", data={"ticket": ""})
    press("xong")
    assert "đã phục vụ xong" in text_of(client.get(code))


@pytest.mark.parametrize(
    ("form", "words"),
    [({"field": "khong-co"}, "chọn “Việc khác”"), ({"priority": "<b>"}, "chọn lại trên màn hình"),
     ({"field": "x" * 5000}, "chọn “Việc khác”"), ({"priority": "x" * 5000}, "chọn lại")],
)  # fmt: skip
def test_what_the_door_does_not_offer_is_said(app: Flask, form: dict[str, str], words: str) -> None:
    with app.app_context():
        lay_out({}, {"fields": "dat-dai"})
    answer = app.test_client().post(KIOSK, data={"field": "dat-dai"} | form)
    assert answer.status_code == 422 and words in text_of(answer)
    page = answer.get_data(as_text=True)
    assert "<title>Lỗi: " in page
    if "priority" in form:  # what was chosen is still chosen
        assert re.search(r'value="dat-dai" checked', page)


def test_a_closed_house_gives_no_number(app: Flask) -> None:
    with app.app_context():
        lay_out({"open": False})
    client = app.test_client()
    shown = client.get(KIOSK)
    assert "chưa có quầy nào mở" in text_of(shown) and "<button" not in shown.get_data(as_text=True)
    assert client.post(KIOSK).status_code == 409


def test_who_presses_without_end_is_held(app: Flask) -> None:
    client = app.test_client()
    codes = [client.post(KIOSK).status_code for _ in range(22)]
    assert codes == [303] * 20 + [429] * 2
    held = client.post(KIOSK)
    assert "Mời bạn đợi" in text_of(held)
    other = client.post("/lay-so/mot-cua-xa@nga-yen")
    assert other.status_code == 303  # another door is another matter
    clock.start_at(TODAY + timedelta(minutes=2))
    assert client.post(KIOSK).status_code == 303
    app.extensions["motcua.brake"] = Brake()


def test_the_board_names_numbers_and_nobody(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, _ = lay_out({}, {"reserved": True})
    client = app.test_client()
    assert "Chưa có ai chờ" in text_of(client.get(BOARD))
    client.post(KIOSK, data={"priority": "disabled"})
    client.post(KIOSK)
    browser = sit(as_user("tiepnhan"), one)
    browser.post("/quay/viec/goi", data={"ticket": ""})
    page = client.get(BOARD)
    told = text_of(page)
    assert "U001 → Quầy 1" in told and "Đang chờ 1 người" in told
    assert "khuyết tật" not in told and "Nguyễn Thị Hòa" not in told
    assert "Set-Cookie" not in page.headers
    assert 'class="fresh"' in page.get_data(as_text=True)
    clock.start_at(TODAY + timedelta(minutes=5))
    assert 'class="fresh"' not in client.get(BOARD).get_data(as_text=True)


# ---- the counter -----------------------------------------------------------------------------


def test_the_counter_shows_what_to_press(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, two = lay_out({}, {"name": "Thu phí"})
    browser = as_user("tiepnhan")
    assert "Chọn quầy" in text_of(browser.get("/quay"))
    told = text_of(sit(browser, one).get("/quay"))
    assert "Chưa có ai chờ" in told and "F9" in told and "Bỏ qua" not in told
    app.test_client().post(KIOSK, data={"priority": "elderly"})
    browser.post("/quay/viec/goi", data={"ticket": ""})
    page = browser.get("/quay")
    told = text_of(page)
    for words in ("U001", "Người cao tuổi", "Gọi lại F7", "Bỏ qua F8", "Xong Ctrl + Enter",
                  "Tiếp nhận hồ sơ F2", "Quầy 2 – Thu phí"):  # fmt: skip
        assert words in told, words
    assert f"/tiep-nhan?quay={STOP}" in page.get_data(as_text=True)
    assert "U001" in text_of(browser.get("/tiep-nhan"))  # the head of every page
    assert two


def test_bad_presses_come_back_with_a_sentence(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, two, shut = lay_out({}, {}, {"open": False})
    browser = as_user("tiepnhan")
    unseated = browser.post("/quay/viec/goi", data={"ticket": ""})
    assert unseated.status_code == 409 and "chưa chọn quầy" in text_of(unseated)
    sit(browser, one)
    app.test_client().post(KIOSK)
    cases = {
        ("goi-lai", ""): (409, "gọi số tiếp theo trước"),
        ("goi", "7"): (409, "không còn phục vụ số nào"),
        ("goi", "x" * 5000): (303, ""),
        ("cho-lai", "999"): (409, "không còn trong danh sách"),
        ("goi", ""): (409, "đang phục vụ số A001"),
        ("khong-co", ""): (404, ""),
    }
    for (act, shown), (status, words) in cases.items():
        answer = browser.post(f"/quay/viec/{act}", data={"ticket": shown})
        assert answer.status_code == status and words in text_of(answer), (act, shown)
    with app.app_context():
        shown = str(fresh("A001").id)
    answer = browser.post("/quay/viec/chuyen", data={"ticket": shown, "to": str(shut)})
    assert answer.status_code == 422 and "quầy khác đang mở" in text_of(answer)
    moved = browser.post("/quay/chon", data={"counter": two})
    assert moved.status_code == 409 and "đang phục vụ số A001" in text_of(moved)


# ---- the head --------------------------------------------------------------------------------


def test_the_head_adds_renames_reserves_and_closes(app: Flask, as_user: Any) -> None:
    head = as_user("chanhvp")
    with app.app_context():
        lay_out({"name": "Một"})
    form = {"unit": STOP, "number": "4", "name": "  Hộ   tịch ", "fields": ["ho-tich", "dat-dai"],
            "open": "1"}  # fmt: skip
    assert head.post(SETUP, data=form).status_code == 303

    def row() -> Counter:
        with app.app_context():
            return db.session.scalars(select(Counter).where(Counter.number == 4)).one()

    made = row()
    assert (made.name, made.field_slugs, made.open) == ("Hộ tịch", ("ho-tich", "dat-dai"), True)
    page = head.get(f"{SETUP}?don-vi={STOP}&sua={made.id}").get_data(as_text=True)
    assert 'value="Hộ tịch"' in page and 'value="ho-tich" checked' in page
    form = {"unit": STOP, "counter": made.id, "number": "4", "name": "Ưu tiên", "reserved": "1"}
    assert head.post(SETUP, data=form).status_code == 303
    made = row()
    assert (made.name, made.fields, made.reserved, made.open) == ("Ưu tiên", "", True, False)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [({"number": ""}, 422, "Số quầy là số từ 1 đến 99"),
     ({"number": "0"}, 422, "Số quầy là số từ 1 đến 99"),
     ({"number": "²"}, 422, "Số quầy là số từ 1 đến 99"),
     ({"number": "9" * 50}, 422, "Số quầy là số từ 1 đến 99"),
     ({"number": "1"}, 422, "Đã có Quầy 1"),
     ({"name": "x" * 81}, 422, "dài quá 80 ký tự"),
     ({"fields": ["khong-co"]}, 422, "chọn lại lĩnh vực"),
     ({"counter": "999"}, 409, "Không còn quầy này"),
     ({"counter": "x"}, 409, "Không còn quầy này")],
)  # fmt: skip
def test_a_wrong_counter_comes_back_as_typed(
    app: Flask, as_user: Any, change: dict[str, Any], status: int, words: str
) -> None:
    with app.app_context():
        lay_out({})
    good = {"unit": STOP, "number": "5", "name": "Tên đã gõ", "fields": ["ho-tich"], "open": "1"}
    answer = as_user("chanhvp").post(SETUP, data=good | change)
    assert answer.status_code == status and words in text_of(answer)
    page = answer.get_data(as_text=True)
    assert "<title>Lỗi: " in page
    if "name" not in change:
        assert "Tên đã gõ" in page
    if "fields" not in change:
        assert 'value="ho-tich" checked' in page
    with app.app_context():
        assert len(db.session.scalars(select(Counter).where(Counter.one_stop == STOP)).all()) == 1


def test_a_one_stop_adds_its_own_reasons(app: Flask, as_user: Any) -> None:
    head, url = as_user("chanhvp"), "/quay/uu-tien"
    wanted = "Thương binh, bệnh binh\n\n Có trẻ  nhỏ \nCó trẻ nhỏ"
    assert head.post(url, data={"unit": STOP, "priorities": wanted}).status_code == 303
    with app.app_context():
        row = db.session.scalars(select(QueueRule)).one()
        assert row.priorities == '["Thương binh, bệnh binh", "Có trẻ nhỏ"]'
    client = app.test_client()
    assert "Có trẻ nhỏ" in text_of(client.get(KIOSK))
    client.post(KIOSK, data={"priority": "Có trẻ nhỏ"})
    with app.app_context():
        assert fresh("U001").priority == "Có trẻ nhỏ"
    for bad, words in (("Người cao tuổi", "đã có sẵn"), ("x" * 61, "dài quá 60"),
                       ("\n".join("abcdefghi"), "Nhiều nhất 8 diện")):  # fmt: skip
        answer = head.post(url, data={"unit": STOP, "priorities": bad})
        assert answer.status_code == 422 and words in text_of(answer)
        assert bad.splitlines()[0] in answer.get_data(as_text=True)


def test_what_the_head_typed_is_shown_as_text(app: Flask, as_user: Any) -> None:
    head, script = as_user("chanhvp"), "<script>alert(1)</script>"
    head.post(SETUP, data={"unit": STOP, "number": "8", "name": script, "open": "1"})
    head.post("/quay/uu-tien", data={"unit": STOP, "priorities": script})
    officer = as_user("tiepnhan")
    for browser, path in ((head, SETUP), (officer, "/quay"), (officer, KIOSK), (officer, BOARD)):
        assert script not in browser.get(path).get_data(as_text=True), path


# ---- what it costs ---------------------------------------------------------------------------


def _crowd(first: int, count: int) -> None:
    with writing() as session:
        session.execute(
            insert(Ticket),
            [{"one_stop": STOP, "day": TODAY.date(), "series": "A", "number": n, "recalled": 0,
              "state": ("waiting", "skipped", "served")[n % 3], "taken_at": later(n / 100),
              "waited": 60, "served": 120} for n in range(first, first + count)],
        )  # fmt: skip


def test_no_page_asks_more_of_a_long_queue(app: Flask, as_user: Any) -> None:
    with app.app_context():
        one, _ = lay_out({}, {"fields": "dat-dai"})
    officer, head, client = sit(as_user("tiepnhan"), one), as_user("chanhvp"), app.test_client()
    client.post(KIOSK)
    officer.post("/quay/viec/goi", data={"ticket": ""})
    client.post(KIOSK)
    pages = [(client, KIOSK), (client, f"{KIOSK}/A002"), (client, BOARD), (officer, "/quay"),
             (officer, "/quay?doi=1"), (head, SETUP)]  # fmt: skip
    costs = []
    for first, count in ((101, 10), (201, 990)):
        with app.app_context():
            _crowd(first, count)
        found = {}
        for browser, path in pages:
            with Statements(app) as statements:
                assert browser.get(path).status_code == 200
            found[path] = len(statements)
        costs.append(found)
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= 12, costs[0]


def test_the_demo_has_counters_and_is_filled_once(office: Office) -> None:
    counted = select(Counter).where(Counter.one_stop == STOP).order_by(Counter.number)
    rows = db.session.scalars(counted).all()
    assert [(c.number, c.reserved, c.field_slugs) for c in rows] == [
        (1, False, ()), (2, True, ()), (3, False, ("dat-dai", "xay-dung")),
    ]  # fmt: skip
    with writing() as session:
        assert fill_counters(session, office.rules.profile) == 0
    assert take() == "A001"


class TestTheCommune:
    """The same in the commune of 2025."""

    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    def test_the_centre_has_its_machine_and_board(self, app: Flask, as_user: Any) -> None:
        client, stop = app.test_client(), "tt-pvhcc-xa@nga-son"
        assert client.post(f"/lay-so/{stop}").status_code == 303
        assert "Đang chờ 1 người" in text_of(client.get(f"/bang-so/{stop}"))
        assert "Đất đai" in text_of(client.get(f"/lay-so/{stop}"))
        assert "Quầy 3" in text_of(as_user("tiepnhan").get("/quay"))
