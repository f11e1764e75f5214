"""A long workbook through the pages: read by a worker, looked at, applied and taken back by one."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.accounts import actions as accounts_of
from app.bulk import worker
from app.core.states import Role
from app.extensions import db, writing
from app.models import SetupChange, Staff, Task, Unit
from app.setup import book, moving, reading
from app.setup.kinds import KINDS
from app.setup.people import PEOPLE
from app.setup.units import UNITS
from tests.setup.sheets import append, book_of, carry, send, set_cell

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture(autouse=True)
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest workbook is a long one here, and two people are many."""
    monkeypatch.setattr(reading, "DIRECT", 0)
    monkeypatch.setattr(moving, "AT_ONCE", 1)
    monkeypatch.setattr(moving, "PORTION", 2)


def work(app: Flask) -> None:
    with app.app_context():
        worker.round_of_work(worker.new_name(), clock.now)
        db.session.remove()
    db.session.rollback()  # what the test read before is read anew
    g.pop("office", None)


def text(answer: Any) -> str:
    """What a person reads: the page without its tags."""
    body = re.sub(r"<[^>]+>", " ", html.unescape(answer.text).split("<main", 1)[-1])
    return re.sub(r"\s([.,])", r"\1", " ".join(body.split()))


def accounts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Staff.username.like("moi%"))) or 0


def with_new(admin: FlaskClient, *usernames: str) -> Any:
    sheets = book_of(admin, "nhan-su")
    for name in usernames:
        append(sheets, "Nhân sự", Tên_đăng_nhập=name, Họ_tên="Lê Thị Mới", Đang_dùng="có")
    return sheets


def test_read_looked_at_applied_and_taken_back(app: Flask, admin: FlaskClient) -> None:
    answer = send(admin, "nhan-su", with_new(admin, "moi1", "moi2", "moi3"))
    assert answer.status_code == 303 and answer.location.startswith("/viec-hang-loat/")
    page = text(admin.get(answer.location))
    assert "Đọc bảng tính" in page and "Đang chờ đến lượt" in page and "Dừng" in page
    work(app)
    on = admin.get(answer.location)
    assert on.status_code == 303, "the look takes over from the progress"
    look = on.location
    page = text(admin.get(look))
    assert "3 người khác với dữ liệu đang dùng" in page and "Áp dụng tất cả" in page
    assert accounts() == 0
    raw = db.session.scalars(select(SetupChange.raw)).one()
    assert raw is None, "the workbook is not kept longer than it is read"

    answer = carry(admin, look)
    assert answer.status_code == 303 and answer.location.startswith("/viec-hang-loat/")
    page = text(admin.get(answer.location))
    assert "Đã áp dụng 0 trong 3 mục" in page and "hồ sơ" not in page
    waiting = text(admin.get(look))
    assert "Đang chờ đến lượt" not in waiting and "Đã xử lý 0 trong 3 mục" in waiting
    assert "Dừng" in waiting and "Áp dụng tất cả" not in waiting
    again = carry(admin, look)
    assert again.status_code == 409 and "đang chạy" in again.text
    work(app)
    page = text(admin.get(answer.location))
    assert "Đã áp dụng 3 mục." in page and "Xem lần thay đổi" in page
    assert accounts() == 3
    assert "Lùi lại lần thay đổi này" in text(admin.get(look))

    back = carry(admin, look, "lui")
    assert "Đã lùi lại 0 trong 3 mục" in text(admin.get(back.location))
    work(app)
    assert "Đã lùi lại 3 mục." in text(admin.get(back.location))
    assert "Đã lùi lại" in text(admin.get(look))
    listed = text(admin.get("/viec-hang-loat"))
    assert "Đọc bảng tính" in listed and "Áp dụng thay đổi 3 mục" in listed


def test_stopped_by_its_button_both_ways_stand_open(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = _looked_at(app, admin, "moi1", "moi2", "moi3")
    task = carry(admin, look).location
    real, count = moving.move, 0

    def stopping(*args: Any) -> None:
        nonlocal count
        count += 1
        real(*args)

    def stop() -> None:
        assert admin.post(task + "/huy").status_code == 303

    real_next = moving.next_part

    def pressed(*args: Any) -> Any:
        if len(args) > 3 and count == 1:
            stop()
        return real_next(*args)

    with monkeypatch.context() as patch:
        patch.setattr(moving, "move", stopping)
        patch.setattr(moving, "next_part", pressed)
        work(app)
    page = text(admin.get(task))
    assert "Đã dừng: đã áp dụng 2 trong 3 mục." in page
    page = text(admin.get(look))
    assert "2 trong 3 người đang theo lần thay đổi này, việc áp dụng đã dừng giữa chừng" in page
    assert "Áp dụng tiếp 1 người" in page and "Lùi lại 2 người" in page
    assert "mới 2 trong 3 người" in text(admin.get("/quan-tri/bang/nhan-su"))
    monkeypatch.setattr(moving, "AT_ONCE", 10)
    assert carry(admin, look).location == "/quan-tri/bang/nhan-su"  # the last one at once
    assert accounts() == 3 and "Lùi lại lần thay đổi này" in text(admin.get(look))


def _looked_at(app: Flask, admin: FlaskClient, *usernames: str) -> str:
    answer = send(admin, "nhan-su", with_new(admin, *usernames))
    work(app)
    location: str = admin.get(answer.location).location
    return location


def test_said_to_stop_while_waiting(app: Flask, admin: FlaskClient) -> None:
    answer = send(admin, "nhan-su", with_new(admin, "moi1", "moi2"))
    stopped = admin.post(answer.location + "/huy", follow_redirects=True)
    assert "Đang dừng" in text(stopped) and "/huy" not in stopped.text, "it cannot be said twice"
    work(app)
    assert "Đã dừng, chưa đổi gì." in text(admin.get(answer.location))
    assert db.session.scalars(select(SetupChange.state)).all() == ["reading"]
    look = f"/quan-tri/bang/nhan-su/lan/{db.session.scalar(select(SetupChange.id))}"
    assert "đã dừng đọc, chưa đổi gì" in text(admin.get(look))
    for what in ("ap_dung", "lui"):
        assert carry(admin, look, what).status_code == 409


def test_every_wrong_row_is_named(app: Flask, admin: FlaskClient) -> None:
    sheets = with_new(admin, "moi1")
    set_cell(sheets, "Nhân sự", "tiepnhan", "Họ tên", None)
    set_cell(sheets, "Nhân sự", "moi1", "Đang dùng", "có lẽ")
    answer = send(admin, "nhan-su", sheets)
    work(app)
    look = admin.get(answer.location).location
    page = text(admin.get(look))
    for told in ("Chưa đổi gì: tệp còn 3 chỗ sai", "Thiếu “Họ tên”", "ghi “có” hoặc “không”"):
        assert told in page
    assert "Áp dụng" not in page and accounts() == 0
    assert carry(admin, look).status_code == 409


def test_nothing_changed_and_no_such_column(app: Flask, admin: FlaskClient) -> None:
    answer = send(admin, "nhan-su", book_of(admin, "nhan-su"))
    work(app)
    assert "Chưa đổi gì. Không có gì khác" in text(admin.get(admin.get(answer.location).location))
    sheets = book_of(admin, "nhan-su")
    sheets["Nhân sự"].cell(1, 2).value = "Sai tên cột"
    answer = send(admin, "nhan-su", sheets)
    work(app)
    page = text(admin.get(admin.get(answer.location).location))
    assert "có cột lạ “Sai tên cột”" in page


def test_refused_at_once_what_cannot_be_applied(app: Flask, admin: FlaskClient) -> None:
    look = _looked_at(app, admin, "moi1", "moi2")
    sheets = with_new(admin, "moi2")
    monday = send(admin, "nhan-su", sheets)
    work(app)
    assert carry(admin, admin.get(monday.location).location).status_code == 303
    work(app)
    late = carry(admin, look)
    assert late.status_code == 409 and "“moi2” vừa được người khác thay đổi" in late.text
    tasks = db.session.scalars(select(Task.kind)).all()
    assert tasks.count("setup_apply") == 0, "a single one is applied at once; the late one never"


def test_a_unit_and_those_below_it_come_in_one_file(app: Flask, admin: FlaskClient) -> None:
    def sheets_with(*rows: tuple[str, str]) -> Any:
        sheets = book_of(admin, "don-vi")
        for key, parent in rows:
            append(sheets, "Đơn vị", Mã_đơn_vị=key, Tên=key, Loại="Phòng chuyên môn",
                   Cấp="huyện", Mã_đơn_vị_cấp_trên=parent)  # fmt: skip
        return sheets

    answer = send(admin, "don-vi", sheets_with(("to-1", "phong-x"), ("phong-x", "ubnd-huyen")))
    work(app)
    page = text(admin.get(admin.get(answer.location).location))
    assert "Không có đơn vị cấp trên “phong-x”, trong bảng hay ở dòng trên của tệp" in page
    answer = send(admin, "don-vi", sheets_with(("phong-x", "ubnd-huyen"), ("to-1", "phong-x"),
                                               ("to-2", "to-1")))  # fmt: skip
    work(app)
    look = admin.get(answer.location).location
    carry(admin, look)
    work(app)
    lowest = db.session.get(Unit, "to-2")
    assert lowest is not None and lowest.path.endswith("/ubnd-huyen/phong-x/to-1/to-2/")
    assert carry(admin, look, "lui").status_code == 303
    work(app)
    db.session.expire_all()
    assert db.session.get(Unit, "phong-x") is None and db.session.get(Unit, "to-2") is None


def test_a_unit_that_is_used_keeps_the_whole_set(app: Flask, admin: FlaskClient) -> None:
    sheets = book_of(admin, "don-vi")
    for key in ("to-1", "to-2"):
        append(sheets, "Đơn vị", Mã_đơn_vị=key, Tên=key, Loại="Phòng chuyên môn",
               Cấp="huyện", Mã_đơn_vị_cấp_trên="ubnd-huyen")  # fmt: skip
    answer = send(admin, "don-vi", sheets)
    work(app)
    look = admin.get(answer.location).location
    carry(admin, look)
    work(app)
    sheets = book_of(admin, "nhan-su")
    append(
        sheets,
        "Vai trò",
        Tên_đăng_nhập="tiepnhan",
        Mã_đơn_vị="to-1",
        Vai_trò=Role.CASE_OFFICER.label,
    )
    moved = send(admin, "nhan-su", sheets)
    work(app)
    step = admin.get(moved.location).location
    assert Role.CASE_OFFICER.label in text(admin.get(step)), "in words"
    done = carry(admin, step)
    assert done.status_code == 303, text(done)
    late = carry(admin, look, "lui")
    assert late.status_code == 409 and "Đơn vị to-1 đã có người, hồ sơ" in late.text
    db.session.expire_all()
    assert db.session.get(Unit, "to-2") is not None, "none goes where one cannot"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_snapshot_of_some_is_a_part_of_the_whole(office: Any, kind: str) -> None:
    whole = KINDS[kind].snapshot(db.session, office.rules)
    some = list(whole)[::3]
    found = KINDS[kind].snapshot(db.session, office.rules, [*some, "khong-co"])
    assert found == {key: whole[key] for key in some}
    assert KINDS[kind].snapshot(db.session, office.rules, []) == {}


def test_a_workbook_tells_how_many_rows_were_read() -> None:
    rows = {
        s.name: [{c.key: None for c in s.columns} | {"username": "a"}] * 3 for s in PEOPLE.sheets
    }
    seen: list[int] = []
    raw = book.write(PEOPLE.sheets, rows)
    assert len(book.unpack(raw, PEOPLE.sheets, told=seen.append).cells) == 2
    assert seen == list(range(1, 9))  # two sheets of a head and three rows
    assert book.unpacked_size(book.write(UNITS.sheets, {})) > 0


def test_another_administrator_stops_it(
    app: Flask, admin: FlaskClient, as_user: Any, office: Any
) -> None:
    look = _looked_at(app, admin, "moi1", "moi2", "moi3")
    task = carry(admin, look).location
    with writing() as session:
        accounts_of.post(
            session, office.rules, session.query(Staff).filter_by(username="chanhvp").one(),
            "ubnd-huyen", Role.ADMIN, office.person("quantri"), clock.now(),
        )  # fmt: skip
    g.pop("_login_user", None)
    other = as_user("chanhvp")
    assert other.get(task).status_code == 404, "the order is the other's"
    assert "Dừng" in text(other.get(look))
    assert other.post(f"{look}/dung").status_code == 303
    work(app)
    assert "Đã dừng: đã áp dụng 0 trong 3 mục." in text(as_user("quantri").get(task))
    assert accounts() == 0
