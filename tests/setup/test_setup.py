"""The set-up by spreadsheet and by page: look, apply whole, take back; wrong rows are named."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import jobs
from app.core.states import Role
from app.extensions import db
from app.models import Delegation, Event, ProcedureEdition, SetupChange, Staff, Unit
from app.setup import book, changes
from app.setup.kinds import KINDS
from tests.make import Office
from tests.setup.sheets import append, book_of, carry, column_of, row_of, send, set_cell

Edit = Callable[[Any], None]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_list_that_comes_back_unchanged_changes_nothing(admin: FlaskClient, kind: str) -> None:
    sheets = book_of(admin, kind)
    assert [*(s.name for s in KINDS[kind].sheets), book.MARKS] == sheets.sheetnames
    assert sheets[book.MARKS].sheet_state == "veryHidden"
    cells = [c for page in sheets for row in page.iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"], "no formula"
    answer = send(admin, kind, sheets)
    assert answer.status_code == 409, answer.text
    assert "Không có gì khác" in answer.text
    assert db.session.scalars(select(SetupChange)).all() == []


def test_people_by_spreadsheet_and_back(admin: FlaskClient, office: Office) -> None:
    sheets = book_of(admin, "nhan-su")
    set_cell(sheets, "Nhân sự", "tiepnhan", "Chức danh", "Chuyên viên chính")
    append(sheets, "Nhân sự", Tên_đăng_nhập="moi.den", Họ_tên="Lê Thị Mới", Đang_dùng="có")
    append(sheets, "Vai trò", Tên_đăng_nhập="moi.den", Mã_đơn_vị="mot-cua-huyen",
            Vai_trò=Role.INTAKE_OFFICER.label, Từ_ngày="01/12/2026")  # fmt: skip
    answer = send(admin, "nhan-su", sheets)
    assert answer.status_code == 303
    look = answer.headers["Location"]
    page = admin.get(look).text
    assert "Chuyên viên chính" in page and "moi.den" in page and "Áp dụng tất cả" in page
    assert db.session.scalars(select(Staff).where(Staff.username == "moi.den")).first() is None
    assert carry(admin, look).status_code == 303
    db.session.expire_all()
    made = db.session.scalars(select(Staff).where(Staff.username == "moi.den")).one()
    assert made.active and made.password_hash is None
    assert carry(admin, look).status_code == 409  # twice changes nothing more
    assert carry(admin, look, "lui").status_code == 303
    db.session.expire_all()
    assert not db.session.get(Staff, made.id).active  # type: ignore[union-attr]
    first = db.session.scalars(select(Staff).where(Staff.username == "tiepnhan")).one()
    assert first.title != "Chuyên viên chính"
    done = db.session.scalars(select(Event.action).where(Event.action.like("setup_%"))).all()
    assert done == ["setup_changed", "setup_undone"]


def test_every_wrong_row_is_named_and_nothing_is_kept(admin: FlaskClient) -> None:
    sheets = book_of(admin, "nhan-su")
    set_cell(sheets, "Nhân sự", "tiepnhan", "Họ tên", None)
    set_cell(sheets, "Nhân sự", "chuyenvien", "Đang dùng", "có lẽ")
    append(sheets, "Vai trò", Tên_đăng_nhập="ai.do", Mã_đơn_vị="khong-co", Vai_trò="Văn thư")
    append(sheets, "Vai trò", Tên_đăng_nhập="vanthu", Mã_đơn_vị="khong-co", Vai_trò="Vua")
    answer = send(admin, "nhan-su", sheets)
    assert answer.status_code == 422
    for sentence in ("Thiếu “Họ tên”", "ghi “có” hoặc “không”", "không có ở trang “Nhân sự”",
                     "“Vua” không có trong danh sách"):  # fmt: skip
        assert sentence in answer.text, sentence
    row = row_of(sheets["Nhân sự"], "tiepnhan")
    assert f"Nhân sự, dòng {row}" in answer.text
    assert db.session.scalars(select(SetupChange)).all() == []


def test_more_than_can_be_applied_in_one_go_is_refused(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_ITEMS", 1)
    sheets = book_of(admin, "nhan-su")
    for key in ("tiepnhan", "chuyenvien"):
        set_cell(sheets, "Nhân sự", key, "Chức danh", "Chuyên viên chính")
    answer = send(admin, "nhan-su", sheets)
    assert answer.status_code == 422
    assert "Tệp có 2 mục thay đổi, mỗi lần áp dụng được tối đa 1 mục" in answer.text
    assert db.session.scalars(select(SetupChange)).all() == []


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        ("a.xlsx", b"", "không phải bảng tính"), ("a.xlsx", b"PK\x03\x04rubbish", "không phải"),
        ("a.csv", b"a,b\n1,2\n", "không phải bảng tính"),
        ("a.xlsx", b"\0" * 2000, "Tệp lớn quá"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str, raw: bytes, sentence: str
) -> None:
    monkeypatch.setattr(book, "MOST_BYTES", 1000)
    answer = admin.post(
        "/quan-tri/bang/don-vi/tep", data={"file": (io.BytesIO(raw), name)}
    )  # fmt: skip
    assert answer.status_code in (409, 422) and sentence in answer.text
    assert admin.post("/quan-tri/bang/don-vi/tep", data={}).status_code in (409, 422)


def test_units_are_made_renamed_and_taken_back(admin: FlaskClient, office: Office) -> None:
    sheets = book_of(admin, "don-vi")
    set_cell(sheets, "Đơn vị", "phong-tckh", "Tên", "Phòng Tài chính")
    append(sheets, "Đơn vị", Mã_đơn_vị="phong-moi", Tên="Phòng Mới", Loại="Phòng chuyên môn",
            Cấp="huyện", Mã_đơn_vị_cấp_trên="ubnd-huyen")  # fmt: skip
    look = send(admin, "don-vi", sheets).headers["Location"]
    assert carry(admin, look).status_code == 303
    db.session.expire_all()
    made, named = db.session.get(Unit, "phong-moi"), db.session.get(Unit, "phong-tckh")
    assert made is not None and made.path.endswith("/ubnd-huyen/phong-moi/")
    assert named is not None and json.loads(named.former_names)[-1]["name"] != "Phòng Tài chính"
    rules = office.app.extensions["motcua.office"].get(db.session)
    assert rules.unit_name("phong-tckh") == "Phòng Tài chính"  # every process reads it anew
    assert carry(admin, look, "lui").status_code == 303
    db.session.expire_all()
    assert db.session.get(Unit, "phong-moi") is None
    sheets = book_of(admin, "don-vi")
    set_cell(sheets, "Đơn vị", "phong-tckh", "Cấp", "xã")
    assert "Không đổi cấp" in send(admin, "don-vi", sheets).text


def test_a_signed_record_changes_in_nothing_but_its_end(admin: FlaskClient) -> None:
    number = db.session.scalars(select(Delegation.number).order_by(Delegation.id)).first()
    assert number
    sheets = book_of(admin, "uy-quyen")
    set_cell(sheets, "Ủy quyền", number, "Mức", "Ký duyệt và đóng dấu")
    level = send(admin, "uy-quyen", sheets)
    sheets = book_of(admin, "uy-quyen")
    set_cell(sheets, "Ủy quyền", number, "Thu hồi sau ngày", "31/12/2026")
    ended = send(admin, "uy-quyen", sheets)
    assert level.status_code in (409, 422) and ended.status_code == 303
    assert carry(admin, ended.headers["Location"]).status_code == 303
    db.session.expire_all()
    row = db.session.scalars(select(Delegation).where(Delegation.number == number)).one()
    assert str(row.revoked_at) == "2026-12-31"


def test_a_day_off_of_the_office_moves_what_is_open(admin: FlaskClient, office: Office) -> None:
    dossier = office.receive()
    before = dossier.due_at_original
    sheets = book_of(admin, "lich")
    append(sheets, "Ngày nghỉ, làm bù", Ngày="01/12/2026", Loại="Nghỉ lễ", Tên="Nghỉ bão",
            Căn_cứ="Công điện 5", Đã_có_văn_bản="có")  # fmt: skip
    look = send(admin, "lich", sheets).headers["Location"]
    assert carry(admin, look).status_code == 303
    rules = office.app.extensions["motcua.office"].get(db.session)
    assert jobs.run(rules, office.now)["recomputed"] == 1
    moved = office.fresh(dossier.id).due_at_original
    assert before and moved and (moved - before).days == 1
    assert carry(admin, look, "lui").status_code == 303
    rules = office.app.extensions["motcua.office"].get(db.session)
    assert jobs.run(rules, office.now)["recomputed"] == 1
    assert office.fresh(dossier.id).due_at_original == before


def test_a_changed_route_is_a_new_edition(admin: FlaskClient, office: Office) -> None:
    old = office.receive()
    sheets = book_of(admin, "thu-tuc")
    page = sheets["Các bước"]
    row = row_of(page, "1.013228")
    page.cell(row, column_of(page, "Tên")).value = "Tiếp nhận, số hóa"
    set_cell(sheets, "Thủ tục", "1.013228", "Tóm tắt", "Bản mới.")
    look = send(admin, "thu-tuc", sheets).headers["Location"]
    shown = admin.get(look).text
    assert "Tiếp nhận, số hóa" in shown and "Các bước 1 · Tên" in shown
    assert "Hãy ghi số quyết định" in carry(admin, look, starts_on="2024-01-01").text
    done = carry(admin, look, decision="12/QĐ-UBND", starts_on="2024-01-01")
    assert done.status_code == 303, done.text
    rules = office.app.extensions["motcua.office"].get(db.session)
    edition = rules.edition_for("1.013228", office.now.date())
    assert edition.decision == "12/QĐ-UBND" and edition.procedure.summary == "Bản mới."
    assert office.fresh(old.id).edition_id != edition.id  # an open dossier keeps its own
    assert carry(admin, look, "lui").status_code == 303
    left = db.session.scalars(
        select(ProcedureEdition.decision).where(ProcedureEdition.code == "1.013228")
    ).all()
    assert "12/QĐ-UBND" not in left


def test_faults_of_a_procedure_are_those_of_the_checker(admin: FlaskClient) -> None:
    sheets = book_of(admin, "thu-tuc")
    set_cell(sheets, "Thủ tục", "1.013228", "Thời hạn", 99)
    answer = send(admin, "thu-tuc", sheets)
    assert answer.status_code == 422 and "các bước cộng lại" in answer.text


def test_somebody_else_was_faster(admin: FlaskClient) -> None:
    first, second = book_of(admin, "don-vi"), book_of(admin, "don-vi")
    set_cell(first, "Đơn vị", "phong-tckh", "Tên", "Tên một")
    set_cell(second, "Đơn vị", "phong-tckh", "Tên", "Tên hai")
    looks = [send(admin, "don-vi", b).headers["Location"] for b in (first, second)]
    assert carry(admin, looks[0]).status_code == 303
    late = carry(admin, looks[1])
    assert late.status_code == 409 and "người khác thay đổi" in late.text
    db.session.expire_all()
    unit = db.session.get(Unit, "phong-tckh")
    assert unit is not None and unit.name == "Tên một"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_item_has_its_page(admin: FlaskClient, kind: str, office: Office) -> None:
    key = next(iter(KINDS[kind].snapshot(db.session, office.rules)))
    page = admin.get(f"/quan-tri/bang/{kind}/mot", query_string={"ma": key})
    assert page.status_code == 200 and "Xem thay đổi" in page.text
    assert admin.get(f"/quan-tri/bang/{kind}/mot").status_code == 200
    assert admin.get(f"/quan-tri/bang/{kind}").status_code == 200


@pytest.mark.parametrize("username", ["tiepnhan", "chanhvp", "lanhdao"])
def test_only_an_administrator(as_user: Any, username: str) -> None:
    browser = as_user(username)
    assert browser.get("/quan-tri/bang").status_code == 403
    assert browser.post("/quan-tri/bang/don-vi/tep", data={}).status_code == 403
