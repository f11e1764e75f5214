"""What an administrator may do wrong: nothing is erased, nobody is shut out, all can go back."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import String, select

from app.accounts import actions as accounts
from app.core.states import Role
from app.extensions import db, writing
from app.models import Base, Delegation, OwnDay, SetupItem, Staff
from app.setup.columns import BadCell, Column
from app.setup.kinds import KINDS
from tests.make import TODAY, Office
from tests.setup.sheets import append, book_of, carry, column_of, row_of, send, set_cell

PEOPLE = "nhan-su"


def words(answer: Any) -> str:
    body = re.sub(r"<[^>]+>", " ", html.unescape(answer.text).split("<main", 1)[-1])
    return " ".join(body.split())


def applied(admin: FlaskClient, answer: Any) -> str:
    """The look of a set that was just applied."""
    assert answer.status_code == 303, words(answer)
    look: str = answer.location
    done = carry(admin, look)
    assert done.status_code == 303, words(done)
    _another_request()
    return look


def _another_request() -> None:
    db.session.rollback()
    for known in ("office", "_login_user"):
        g.pop(known, None)


def fields_of(page: str) -> dict[str, str]:
    """The fields of the page's form as a browser would send them."""
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


def typed(admin: FlaskClient, kind: str, key: str, **fields: str) -> Any:
    """The form of an item as it stands, with some fields typed anew, sent."""
    page = admin.get(f"/quan-tri/bang/{kind}/mot", query_string={"ma": key} if key else {})
    assert page.status_code == 200
    data = fields_of(page.text)
    address = f"/quan-tri/bang/{kind}/mot" + (f"?ma={key}" if key else "")
    return admin.post(address, data=data | {f"0.0.{k}": v for k, v in fields.items()})


# --- nobody shuts himself out --------------------------------------------------------------------


def test_nobody_ends_the_own_administration(admin: FlaskClient, office: Office) -> None:
    sheets = book_of(admin, PEOPLE)
    page = sheets["Vai trò"]
    row = row_of(page, "quantri")
    page.cell(row, column_of(page, "Đến hết ngày")).value = "01/01/2020"
    answer = send(admin, PEOPLE, sheets)
    assert answer.status_code == 422
    assert "Không thể tự bỏ vai trò quản trị của mình" in answer.text
    page.cell(row, column_of(page, "Đến hết ngày")).value = "31/12/2030"
    applied(admin, send(admin, PEOPLE, sheets))


def test_a_set_that_made_oneself_administrator_is_not_taken_back_by_oneself(
    office: Office, as_user: Any
) -> None:
    first = as_user("quantri")
    sheets = book_of(first, PEOPLE)
    append(sheets, "Vai trò", Tên_đăng_nhập="chanhvp", Mã_đơn_vị="ubnd-huyen",
           Vai_trò=Role.ADMIN.label)  # fmt: skip
    look = applied(first, send(first, PEOPLE, sheets))
    second = as_user("chanhvp")
    late = carry(second, look, "lui")
    assert late.status_code == 409 and "“chanhvp” là bạn" in late.text
    assert carry(as_user("quantri"), look, "lui").status_code == 303


# --- what was applied can be taken back ----------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sheet", "row"),
    [
        ("lich", "Ngày nghỉ, làm bù", {"Ngày": "5/3/2027", "Loại": "Nghỉ hoán đổi", "Tên": "Bão",
                                       "Căn_cứ": "Công điện"}),
        ("lich", "Ngày nghỉ, làm bù", {"Ngày": "02/09/2026", "Loại": "Như thường lệ",
                                       "Tên": "Làm việc", "Căn_cứ": "Thông báo"}),
        ("gio", "Giờ làm việc", {"Tên": "Hè", "Giờ": "7h-11h30;13h30-16h45",
                                 "Từ_ngày": "1/4/2027", "Các_thứ": "2,3,4,5,6"}),
        (PEOPLE, "Nhân sự", {"Tên_đăng_nhập": "Nguyen.A", "Họ_tên": "Nguyễn  A",
                             "Đang_dùng": "Có"}),
        ("uy-quyen", "Ủy quyền", {
            "Số_văn_bản": "9/UQ", "Ngày_ký": "1/6/2024", "Cơ_quan_ủy_quyền_(mã)": "ubnd-huyen",
            "Một_cửa_nhận_ủy_quyền_(mã)": "mot-cua-huyen", "Mức": "Ký duyệt",
            "Mã_thủ_tục": "{two}", "Từ_ngày": "1/6/2024"}),
    ],
)  # fmt: skip
def test_what_was_applied_can_be_taken_back(
    admin: FlaskClient, office: Office, kind: str, sheet: str, row: dict[str, str]
) -> None:
    whole = [
        code for code, edition in office.rules.offered(TODAY.date()).items()
        if edition.procedure.full_process
    ]  # fmt: skip
    two = "\n".join([whole[1], whole[0], whole[1]])  # in no order, one of them twice
    cells = {k: v.format(two=two) for k, v in row.items()}
    sheets = book_of(admin, kind)
    if kind == "lich" and row["Ngày"] == "02/09/2026":
        page = sheets[sheet]
        for label, value in cells.items():
            where = (row_of(page, "02/09/2026"), column_of(page, label.replace("_", " ")))
            page.cell(*where).value = value
    else:
        append(sheets, sheet, **cells)
    look = applied(admin, send(admin, kind, sheets))
    assert send(admin, kind, book_of(admin, kind)).status_code == 409, "as it was asked for"
    back = carry(admin, look, "lui")
    assert back.status_code == 303, words(back)


def test_how_an_item_came_to_stand_is_what_taking_back_compares_with(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever storing does to a value in the future."""
    real = accounts.add_staff

    def altered(session: Any, username: str, name: str, *args: Any, **more: Any) -> Staff:
        return real(session, username, name.upper(), *args, **more)

    monkeypatch.setattr(accounts, "add_staff", altered)
    sheets = book_of(admin, PEOPLE)
    append(sheets, "Nhân sự", Tên_đăng_nhập="moi", Họ_tên="Lê Mới", Đang_dùng="có")
    look = applied(admin, send(admin, PEOPLE, sheets))
    kept = db.session.scalars(select(SetupItem.after)).one()
    assert json.loads(kept)["name"] == "LÊ MỚI"
    assert carry(admin, look, "lui").status_code == 303


def test_the_same_day_in_two_ways_is_one(admin: FlaskClient) -> None:
    sheets = book_of(admin, "lich")
    told = {"Loại": "Nghỉ hoán đổi", "Tên": "Bão", "Căn_cứ": "Công điện"}
    for day in ("12/3/2027", "12/03/2027"):
        append(sheets, "Ngày nghỉ, làm bù", Ngày=day, **told)
    answer = send(admin, "lich", sheets)
    assert answer.status_code == 422 and "“12/03/2027” có hai dòng" in answer.text
    assert db.session.scalars(select(OwnDay)).all() == []


# --- units -------------------------------------------------------------------------------------


def unit(admin: FlaskClient, key: str, kind: str = "Phòng chuyên môn") -> str:
    sheets = book_of(admin, "don-vi")
    append(sheets, "Đơn vị", Mã_đơn_vị=key, Tên="Phòng Mới", Loại=kind, Cấp="huyện",
           Mã_đơn_vị_cấp_trên="ubnd-huyen")  # fmt: skip
    return applied(admin, send(admin, "don-vi", sheets))


def test_a_unit_that_a_delegation_names_stays(admin: FlaskClient, office: Office) -> None:
    look = unit(admin, "mct-moi", "Bộ phận Một cửa")
    with writing() as session:
        first = date(2024, 1, 1)
        session.add(Delegation(
            number="1/UQ", signed_on=first, from_unit="ubnd-huyen", to_one_stop="mct-moi",
            level="approve", staff="", valid_from=first,
        ))  # fmt: skip
    back = carry(admin, look, "lui")
    assert back.status_code == 409 and "Đơn vị mct-moi đã có người, hồ sơ, ủy quyền" in back.text


def test_every_table_that_names_a_unit_is_asked() -> None:
    from app.setup.units import _pointing

    asked = {f"{c.table.name}.{c.name}" for c in _pointing()}
    assert {"posting.unit_id", "step.unit_id", "delegation.from_unit", "rating.one_stop"} <= asked
    assert "unit.parent_id" not in asked, "children are asked for apart"


def test_a_unit_made_here_works_in_a_route(admin: FlaskClient, office: Office) -> None:
    look = unit(admin, "phong-moi")
    sheets = book_of(admin, "thu-tuc")
    page = sheets["Các bước"]
    rows = [r for r in range(2, page.max_row + 1) if page.cell(r, 1).value == "2.000806"]
    old = page.cell(rows[1], column_of(page, "Đơn vị")).value
    assert old
    for row in range(2, page.max_row + 1):
        if (
            page.cell(row, 1).value == "2.000806"
            and page.cell(row, column_of(page, "Đơn vị")).value == old
        ):
            page.cell(row, column_of(page, "Đơn vị")).value = "phong-moi"
    if (
        sheets["Thủ tục"]
        .cell(
            row_of(sheets["Thủ tục"], "2.000806"),
            column_of(sheets["Thủ tục"], "Đơn vị thụ lý (mã)"),
        )
        .value
        == old
    ):
        set_cell(sheets, "Thủ tục", "2.000806", "Đơn vị thụ lý (mã)", "phong-moi")
    answer = send(admin, "thu-tuc", sheets)
    assert answer.status_code == 303, words(answer)
    done = carry(admin, answer.location, decision="1/QĐ", starts_on="2025-06-01")
    assert done.status_code == 303, words(done)
    _another_request()
    back = carry(admin, look, "lui")
    assert back.status_code == 409 and "phong-moi đã có" in back.text, "a route names it"


def test_a_fault_of_a_step_is_told_at_its_row(admin: FlaskClient) -> None:
    sheets = book_of(admin, "thu-tuc")
    page = sheets["Các bước"]
    row = next(r for r in range(2, page.max_row + 1) if page.cell(r, 1).value == "2.000806") + 1
    page.cell(row, column_of(page, "Thời gian")).value = -1
    told = words(send(admin, "thu-tuc", sheets))
    assert f"Các bước, dòng {row}: 2.000806: “Thời gian”:" in told
    assert "below" not in told and "steps[" not in told


# --- two administrators --------------------------------------------------------------------------


def test_a_form_opened_before_anothers_change_says_so(admin: FlaskClient, as_user: Any) -> None:
    page = admin.get("/quan-tri/bang/nhan-su/mot?ma=vanthu").text
    old = fields_of(page)
    applied(admin, typed(admin, PEOPLE, "vanthu", phone="0900000001"))
    mine = old | {"0.0.title": "Văn thư trưởng"}
    answer = admin.post("/quan-tri/bang/nhan-su/mot?ma=vanthu", data=mine)
    assert answer.status_code == 409
    told = words(answer)
    assert "Người khác vừa đổi mục này" in told and "Điện thoại 0900000001 (trống)" in told
    assert 'value="Văn thư trưởng"' in answer.text, "what was typed stays"
    again = fields_of(answer.text)
    again["0.0.phone"] = "0900000001"
    look = applied(admin, admin.post("/quan-tri/bang/nhan-su/mot?ma=vanthu", data=again))
    assert "Văn thư trưởng" in admin.get(look).text
    row = db.session.scalars(select(Staff).where(Staff.username == "vanthu")).one()
    assert (row.title, row.phone) == ("Văn thư trưởng", "0900000001")


def test_a_workbook_written_before_anothers_change_says_so(admin: FlaskClient) -> None:
    sheets = book_of(admin, PEOPLE)
    applied(admin, typed(admin, PEOPLE, "vanthu", phone="0900000001"))
    set_cell(sheets, "Nhân sự", "chuyenvien", "Chức danh", "Chuyên viên chính")
    answer = send(admin, PEOPLE, sheets)
    assert answer.status_code == 422
    told = words(answer)
    assert "vanthu: vừa được người khác đổi sau khi bạn mở trang hay xuất tệp" in told
    assert "chuyenvien:" not in told


def test_adding_does_not_change_who_is_there_already(admin: FlaskClient) -> None:
    fields = {"0.0.username": "ChuyenVien", "0.0.name": "Người Mới", "0.0.active": "có"}
    answer = admin.post("/quan-tri/bang/nhan-su/mot", data=fields)
    assert answer.status_code == 422 and "Đã có “chuyenvien” trong bảng" in answer.text
    answer = typed(admin, PEOPLE, "chuyenvien", username="chuyenvien2")
    assert answer.status_code == 422 and "Không đổi được “Tên đăng nhập”" in answer.text


# --- sheets that somebody laid hands on ----------------------------------------------------------


def test_a_renamed_column_or_sheet_erases_nothing(admin: FlaskClient) -> None:
    sheets = book_of(admin, PEOPLE)
    page = sheets["Nhân sự"]
    page.cell(1, column_of(page, "Điện thoại")).value = "Số ĐT"
    assert "có cột lạ “Số ĐT”" in send(admin, PEOPLE, sheets).text
    sheets = book_of(admin, PEOPLE)
    sheets["Vai trò"].title = "Vai trò mới"
    assert "có trang lạ “Vai trò mới”" in send(admin, PEOPLE, sheets).text
    sheets = book_of(admin, PEOPLE)
    page = sheets["Vai trò"]
    page.delete_cols(column_of(page, "Đến hết ngày"))
    assert "Trang “Vai trò” thiếu cột: Đến hết ngày" in send(admin, PEOPLE, sheets).text
    sheets = book_of(admin, PEOPLE)
    page = sheets["Nhân sự"]
    page.cell(1, column_of(page, "Điện thoại")).value = "Chức danh"
    assert "lặp cột “Chức danh”" in send(admin, PEOPLE, sheets).text


def test_a_column_left_out_stays_as_it_is(admin: FlaskClient) -> None:
    applied(admin, typed(admin, PEOPLE, "vanthu", phone="0900000001"))
    sheets = book_of(admin, PEOPLE)
    page = sheets["Nhân sự"]
    page.delete_cols(column_of(page, "Điện thoại"))
    assert send(admin, PEOPLE, sheets).status_code == 409, "nothing changed"
    set_cell(sheets, "Nhân sự", "vanthu", "Họ tên", "Tên Mới")
    applied(admin, send(admin, PEOPLE, sheets))
    row = db.session.scalars(select(Staff).where(Staff.username == "vanthu")).one()
    assert (row.name, row.phone) == ("Tên Mới", "0900000001")


def test_errors_and_formulas_are_no_values(admin: FlaskClient) -> None:
    sheets = book_of(admin, PEOPLE)
    set_cell(sheets, "Nhân sự", "vanthu", "Họ tên", "#REF!")
    assert "ô báo lỗi #REF!" in send(admin, PEOPLE, sheets).text
    sheets = book_of(admin, PEOPLE)
    set_cell(sheets, "Nhân sự", "vanthu", "Chức danh", '=CONCATENATE("a","b")')
    answer = send(admin, PEOPLE, sheets)
    assert answer.status_code == 422 and "công thức chưa được tính" in answer.text


def test_a_list_nested_without_end_is_refused() -> None:
    column = Column("two_level", "Mô hình hai cấp", "json")
    for depth in (13, 1900):
        with pytest.raises(BadCell, match="không đúng cách ghi"):
            column.read("[" * depth + "]" * depth)
    assert column.read("[[[1]]]") == [[[1]]]


# --- limits of the database are those of the cells -----------------------------------------------

STORED = {
    PEOPLE: {"username": "staff.username", "name": "staff.name", "title": "staff.title",
             "phone": "staff.phone", "unit": "posting.unit_id"},
    "don-vi": {"id": "unit.base_id", "name": "unit.name", "parent": "unit.parent_id",
               "agency_code": "unit.agency_code"},
    "uy-quyen": {"number": "delegation.number", "staff": "delegation.staff"},
    "lich": {"name": "own_day.name", "basis": "own_day.basis"},
    "gio": {"name": "own_hours.name", "hours": "own_hours.hours"},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(STORED))
def test_a_cell_holds_no_more_than_the_database(kind: str) -> None:
    for sheet in KINDS[kind].sheets:
        for column in sheet.columns:
            if column.key not in STORED[kind]:
                continue
            table, _, name = STORED[kind][column.key].partition(".")
            stored = Base.metadata.tables[table].columns[name].type
            most = stored.length if isinstance(stored, String) else None
            if most is None:  # a key of another table
                most = 80
            assert column.most <= most, f"{sheet.name} · {column.label}"
            with pytest.raises(BadCell, match="dài quá"):
                column.read("a" * (column.most + 1))


def test_the_dry_run_refuses_what_applying_would(admin: FlaskClient) -> None:
    sheets = book_of(admin, PEOPLE)
    append(sheets, "Nhân sự", Tên_đăng_nhập="TIEPNHAN", Họ_tên="Ai đó", Đang_dùng="có")
    assert "“tiepnhan” có hai dòng" in send(admin, PEOPLE, sheets).text
    sheets = book_of(admin, "uy-quyen")
    append(sheets, "Ủy quyền", **{
        "Số_văn_bản": "9/UQ", "Ngày_ký": "1/6/2024", "Cơ_quan_ủy_quyền_(mã)": "ubnd-huyen",
        "Một_cửa_nhận_ủy_quyền_(mã)": "mot-cua-huyen", "Mức": "Ký duyệt", "Mã_thủ_tục": "9.999999",
        "Từ_ngày": "1/6/2024", "Thu_hồi_sau_ngày": "1/5/2024",
        "Người_thực_hiện_(tên_đăng_nhập)": "ai.do",
    })  # fmt: skip
    told = send(admin, "uy-quyen", sheets).text
    assert "Không có người dùng “ai.do”" in told and "Ngày thu hồi trước ngày đầu" in told


# --- finding, and addresses ----------------------------------------------------------------------


def test_lists_are_searched_without_marks(admin: FlaskClient) -> None:
    applied(admin, typed(admin, PEOPLE, "vanthu", name="Trần Quốc Tuấn"))
    for text in ("tran quoc tuan", "TUẤN", "van tran"):
        page = words(admin.get("/quan-tri/bang/nhan-su", query_string={"q": text}))
        assert "Trần Quốc Tuấn" in page, text


def test_a_number_beyond_all_is_not_found(admin: FlaskClient) -> None:
    answer = admin.get(f"/quan-tri/bang/nhan-su/lan/{10**20}")
    assert answer.status_code == 404


# --- what stands against a set is left out -------------------------------------------------------


def test_one_that_somebody_changed_is_left_out_of_the_rest(admin: FlaskClient) -> None:
    sheets = book_of(admin, PEOPLE)
    for key in ("tiepnhan", "chuyenvien", "vanthu"):
        set_cell(sheets, "Nhân sự", key, "Chức danh", "Chuyên viên chính")
    look = send(admin, PEOPLE, sheets).location
    applied(admin, typed(admin, PEOPLE, "vanthu", phone="0900000001"))
    late = carry(admin, look)
    assert late.status_code == 409
    assert "Để “vanthu” như đang có, làm phần còn lại" in words(late)
    assert admin.post(f"{look}/de_lai", data={"key": "vanthu"}).status_code == 303
    assert "Để lại như đang có: vanthu" in words(admin.get(look))
    assert carry(admin, look).status_code == 303
    _another_request()
    titles = dict(
        db.session.execute(select(Staff.username, Staff.title).where(Staff.title != "")).all()
    )
    assert titles["tiepnhan"] == titles["chuyenvien"] == "Chuyên viên chính"
    assert titles.get("vanthu") != "Chuyên viên chính"
    assert carry(admin, look, "lui").status_code == 303
    _another_request()
    row = db.session.scalars(select(Staff).where(Staff.username == "vanthu")).one()
    assert row.phone == "0900000001", "left alone both ways"
