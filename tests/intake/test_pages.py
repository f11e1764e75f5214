"""The counter's pages as a browser without JavaScript sees them."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any
from unicodedata import normalize

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select, update

from app.core.states import Status
from app.extensions import db, writing
from app.intake import online
from app.models import Document, Dossier, Event, FeeLine, Paper
from tests.intake.form import URL, checked, errors, filled, results, send, value_of
from tests.make import Office, Statements, make_request


@pytest.fixture
def clerk(as_user: Any) -> FlaskClient:
    return as_user("tiepnhan")


def _text(answer: Any) -> str:
    return answer.get_data(as_text=True)


def _count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _only(app: Flask) -> Dossier:
    with app.app_context():
        return db.session.scalars(select(Dossier)).one()


# --- choosing ------------------------------------------------------------------------------------


def test_the_empty_screen_says_what_to_do_first(clerk: FlaskClient) -> None:
    html = _text(clerk.get(URL))
    assert "Chưa có ngày hẹn" in html and "Chọn thủ tục để tính hạn trả kết quả" in html
    assert 'name="action" value="accept"' not in html
    assert 'id="tim"' in html and "maxlength" not in html


def test_search_results_come_without_javascript(clerk: FlaskClient) -> None:
    html = _text(clerk.get(URL, query_string={"tim": "gp xay"}))
    assert results(html) == ["1.013228", "1.013227"] or results(html) == ["1.013227", "1.013228"]
    same = _text(clerk.get("/tiep-nhan/thu-tuc", query_string={"tim": "gp xay"}))
    assert results(same) == results(html)
    nothing = _text(clerk.get("/tiep-nhan/thu-tuc", query_string={"tim": "abc xyz"}))
    assert "Không có thủ tục nào khớp “abc xyz”" in nothing and not results(nothing)


def test_searching_keeps_the_applicant(clerk: FlaskClient) -> None:
    html = _text(send(clerk, action="find", procedure="", tim="rach nat giay phep"))
    assert value_of(html, "name") == "Nguyễn Thị Mẫu"
    html = _text(send(clerk, action="find", procedure="", tim="gpxd"))
    assert results(html) and value_of(html, "personal_id") == "038190000123"


def test_choosing_a_procedure_forgets_the_marks_of_another(clerk: FlaskClient) -> None:
    html = _text(clerk.post(URL, data=filled(choose="1.013227") | {"action": ""}))
    assert value_of(html, "procedure") == "1.013227"
    assert checked(html, "components-1") is None
    assert value_of(html, "name") == "Nguyễn Thị Mẫu"
    changed = _text(send(clerk, action="change"))
    assert value_of(changed, "procedure") == "" and 'id="tim"' in changed


def test_a_code_that_is_not_received_here_says_why(clerk: FlaskClient) -> None:
    html = _text(clerk.get(URL, query_string={"thu-tuc": "1.004873"}))
    assert "không nhận tại" in html and "Nơi nhận" in html and 'id="tim"' in html
    unknown = _text(clerk.get(URL, query_string={"thu-tuc": "9.999999"}))
    assert "Không có thủ tục 9.999999" in unknown


def test_cases_must_be_chosen_before_papers_and_date(clerk: FlaskClient) -> None:
    html = _text(clerk.get(URL, query_string={"thu-tuc": "1.013228"}))
    assert "Chọn trường hợp để tính hạn trả kết quả" in html and 'class="paper"' not in html
    html = _text(clerk.get(URL, query_string={"thu-tuc": "1.013228", "truong-hop": "rach-nat"}))
    assert "Thứ Tư, 02/12/2026" in html, "five working days after Wednesday the 25th"
    assert "Vì sao là ngày này?" in html and "ngày nhận không tính" in html
    assert html.count('class="paper"') == 2
    assert checked(html, "components-2") == "none" and checked(html, "components-1") is None
    lost = _text(clerk.get(URL, query_string={"thu-tuc": "1.013228", "truong-hop": "mat"}))
    assert lost.count('class="paper"') == 1


def test_the_card_tells_where_it_goes_and_by_which_delegation(clerk: FlaskClient) -> None:
    html = _text(clerk.get(URL, query_string={"thu-tuc": "1.013228", "truong-hop": "mat"}))
    assert "Chuyển đến" in html and "Phòng Kinh tế và Hạ tầng" in html
    html = _text(clerk.get(URL, query_string={"thu-tuc": "1.013227"}))
    assert re.search(r"Tại Bộ phận Một cửa theo ủy quyền số DEMO-\S+", html)


# --- receiving -----------------------------------------------------------------------------------


def test_received_and_shown(app: Flask, clerk: FlaskClient) -> None:
    answer = send(clerk, **{"fee-1-amount": "75.000", "note": "Người nộp hẹn gọi điện."})
    dossier = _only(app)
    assert answer.status_code == 303
    assert answer.location == f"/tiep-nhan/xong/{dossier.code}?moi=1"
    assert dossier.status == Status.ACCEPTED and dossier.code == "H56.99-261125-0001"
    assert (dossier.applicant_name, dossier.phone) == ("Nguyễn Thị Mẫu", "0912345678")
    assert (dossier.fee_total, dossier.fee_due, dossier.originals_held) == (75_000, 75_000, 1)
    assert dossier.note == "Người nộp hẹn gọi điện."
    with app.app_context():
        rows = db.session.scalars(select(Paper).order_by(Paper.number)).all()
        assert [(p.number, p.originals, p.held) for p in rows] == [(1, 1, 0), (2, 1, 1)]
        assert db.session.scalars(select(FeeLine)).one().paid_at is None
    page = _text(clerk.get(answer.location))
    assert f"Đã tiếp nhận {dossier.code}" in page and "thứ Tư, 02/12/2026" in page
    assert f'src="/ho-so/{dossier.code}/giay/receipt.pdf' in page
    assert f'href="/tiep-nhan?nguoi={dossier.code}"' in page
    assert "đã in" not in page.lower(), "a page cannot know whether it printed"
    assert clerk.get(f"/tiep-nhan/xong/{dossier.code}").status_code == 200, "opened again"


def test_a_plain_intake_takes_at_most_twelve_statements(app: Flask, clerk: FlaskClient) -> None:
    with Statements(app) as statements:
        assert send(clerk).status_code == 303
    assert len(statements) <= 12, statements.seen


def test_a_double_click_makes_one_dossier(app: Flask, clerk: FlaskClient) -> None:
    first, second = send(clerk), send(clerk, name="Tên Khác")
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location.removesuffix("?moi=1")
    assert _only(app).applicant_name == "Nguyễn Thị Mẫu"
    assert send(clerk, key="second").status_code == 303
    with app.app_context():
        assert _count(Dossier) == 2


def test_another_person_with_the_same_key_is_another_dossier(app: Flask, as_user: Any) -> None:
    send(as_user("tiepnhan"))
    assert send(as_user("traketqua")).status_code == 303
    with app.app_context():
        assert _count(Dossier) == 2


def test_doubts_are_said_but_do_not_block(clerk: FlaskClient) -> None:
    answer = send(clerk, sex="Nam")
    assert answer.status_code == 303
    assert "không khớp với giới tính" in _text(clerk.get(answer.location))


# --- refusing to store ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "status", "ids"),
    [
        ({"name": ""}, 422, {"name"}),
        ({"personal_id": "03819000012"}, 422, {"personal_id"}),
        ({"birth_date": "31/02/1990", "phone": "0123"}, 422, {"birth_date", "phone"}),
        ({"case": ""}, 422, {"case"}),
        ({"case": "la"}, 422, {"case"}),
        ({"procedure": ""}, 422, {"tim"}),
        ({"components-1": "missing"}, 409, {"components-1"}),
        ({"components-1": "missing", "components-2": "missing"}, 409,
         {"components-1", "components-2"}),
        ({"components-1": ""}, 422, {"components-1"}),
        ({"components-1": "", "name": ""}, 422, {"components-1", "name"}),
        ({"held-2": "9"}, 422, {"components-2"}),
        ({"held-2": "nhiều"}, 422, {"components-2"}),
        ({"fee-1-amount": "abc"}, 422, {"fee-1-amount"}),
        ({"fee-1-timing": "now"}, 422, {"fee-1-amount"}),
        ({"channel": "fax"}, 422, {"channel"}),
        ({"result_channel": "post", "address": ""}, 422, {"address"}),
        ({"submitter_name": "Lê Văn Nộp", "submitter_phone": "12"}, 422, {"submitter_phone"}),
        ({"note": "x" * 2000}, 422, {"note"}),
    ],
)  # fmt: skip
def test_refused_with_links_to_the_fields(
    app: Flask, clerk: FlaskClient, changes: dict[str, str], status: int, ids: set[str]
) -> None:
    answer = send(clerk, **changes)
    html = _text(answer)
    assert answer.status_code == status
    assert set(errors(html)) == ids
    assert "<title>Lỗi: " in html
    for key in ids:
        assert f'id="{key}"' in html, "the link leads somewhere"
    with app.app_context():
        assert _count(Dossier) == 0


def test_nothing_typed_is_lost(clerk: FlaskClient) -> None:
    typed = {"personal_id": "0381900001", "address": "Thôn 1 <b>", "note": "Ghi & nhớ",
             "components-1": "missing", "held-2": "1", "fee-1-amount": "7 5", "key": "mine",
             "submitter_name": "Lê Văn Nộp", "result_channel": "post"}  # fmt: skip
    html = _text(send(clerk, **typed))
    for name in ("personal_id", "address", "held-2", "fee-1-amount", "key", "submitter_name"):
        assert value_of(html, name) == typed[name], name
    assert "Ghi &amp; nhớ</textarea>" in html
    assert (checked(html, "components-1"), checked(html, "components-2")) == ("missing", "have")
    assert re.search(r'value="post"[^>]* selected', html)
    assert "bạn nhập 10" in unescape(errors(html)["personal_id"])


def test_missing_papers_are_named(clerk: FlaskClient) -> None:
    html = _text(send(clerk, **{"components-1": "missing"}))
    assert "hồ sơ còn thiếu giấy tờ" in html
    assert errors(html)["components-1"].startswith("Giấy tờ số 1, Đơn đề nghị cấp lại")


def test_a_counter_that_is_not_mine_is_not_used(app: Flask, clerk: FlaskClient) -> None:
    """The hidden field may say anything: the domain asks the posting."""
    answer = send(clerk, one_stop="mot-cua-xa@nga-yen")
    assert answer.status_code == 409
    assert "không được phân công" in _text(answer)
    with app.app_context():
        assert _count(Dossier) == 0
        assert db.session.scalars(select(Event).where(Event.action == "refused")).all()


def test_only_intake_officers_come_in(as_user: Any, client: FlaskClient) -> None:
    assert as_user("lanhdao").get(URL).status_code == 403
    assert as_user("quantri").post(URL, data=filled()).status_code == 403
    assert client.get(URL).status_code == 303


# --- drafts --------------------------------------------------------------------------------------


def test_a_draft_is_kept_and_gone_on_with(app: Flask, clerk: FlaskClient) -> None:
    typed = {"action": "draft", "name": "Phạm Thị Dở", "personal_id": "0381", "components-1": "",
             "components-2": "missing", "fee-1-amount": "75000"}  # fmt: skip
    answer = send(clerk, **typed)
    assert (answer.status_code, answer.location) == (303, "/tiep-nhan/nhap")
    draft = _only(app)
    listed = _text(clerk.get("/tiep-nhan/nhap"))
    assert draft.temporary_id in listed and "Phạm Thị Dở" in listed
    html = _text(clerk.get(URL, query_string={"nhap": draft.temporary_id}))
    assert value_of(html, "name") == "Phạm Thị Dở" and value_of(html, "personal_id") == "0381"
    assert value_of(html, "draft") == draft.temporary_id
    assert value_of(html, "fee-1-amount") == "75000" and checked(html, "components-2") == "missing"
    assert value_of(html, "key") not in ("", "first"), "a fresh key"
    send(clerk, action="draft", draft=draft.temporary_id, name="Phạm Thị Xong")
    assert "Phạm Thị Xong" in _text(clerk.get("/tiep-nhan/nhap"))
    done = send(clerk, draft=draft.temporary_id, name="Phạm Thị Xong", key="later")
    assert done.status_code == 303
    dossier = _only(app)
    assert (dossier.status, dossier.applicant_name) == (Status.ACCEPTED, "Phạm Thị Xong")
    assert "Chưa có hồ sơ chờ tiếp nhận" in _text(clerk.get("/tiep-nhan/nhap"))
    again = send(clerk, draft=draft.temporary_id, key="later")
    assert again.location == f"/tiep-nhan/xong/{dossier.code}", "a retry finds what it made"
    assert send(clerk, draft=draft.temporary_id, key="other").status_code == 409


def test_a_draft_of_another_counter_is_not_there(office: Office, as_user: Any) -> None:
    send(as_user("tiepnhan"), action="draft")
    draft = db.session.scalars(select(Dossier)).one()
    stranger = as_user("tiepnhan.xa")
    assert stranger.get(URL, query_string={"nhap": draft.temporary_id}).status_code == 404
    assert draft.temporary_id not in _text(stranger.get("/tiep-nhan/nhap"))


def test_a_draft_without_a_procedure_asks_for_one(clerk: FlaskClient) -> None:
    answer = send(clerk, action="draft", procedure="")
    assert answer.status_code == 422 and set(errors(_text(answer))) == {"tim"}


# --- refusal at the counter ----------------------------------------------------------------------


def test_refused_at_the_counter_with_the_form(app: Flask, clerk: FlaskClient) -> None:
    given = {"action": "refuse", "reason_code": "not_eligible", "reason": "Chưa đủ tuổi."}
    empty = send(clerk, action="refuse")
    assert empty.status_code == 422 and set(errors(_text(empty))) == {"reason_code", "reason"}
    asked = _text(send(clerk, action="turn_away"))
    assert 'id="reason_code"' in asked and errors(asked) == {} and "Nguyễn" in asked
    given_up = _text(send(clerk, **given | {"action": "keep_on"}))
    assert 'id="reason_code"' not in given_up and "Chưa đủ tuổi." not in given_up
    answer = send(clerk, **given, **{"components-1": ""})
    dossier = _only(app)
    assert answer.location == f"/tiep-nhan/tu-choi/{dossier.temporary_id}"
    assert (dossier.status, dossier.code) == (Status.INTAKE_REFUSED, None)
    with app.app_context():
        facts = db.session.scalars(select(Document)).one()
        assert facts.form == "refusal_notice" and "Chưa đủ tuổi." in facts.facts
    page = _text(clerk.get(answer.location))
    assert f'src="/ho-so/{dossier.temporary_id}/giay/refusal_notice.pdf' in page
    assert clerk.get(f"/tiep-nhan/xong/{dossier.temporary_id}").status_code == 404
    again = send(clerk, **given)
    assert again.location == answer.location, "a double click refuses once"


def test_the_next_person_comes_from_the_queue_where_one_is_called(clerk: FlaskClient) -> None:
    page = send(clerk).location
    assert re.search(
        r'href="/tiep-nhan\?quay=mot-cua-huyen"[^>]*data-key="F9"', _text(clerk.get(page))
    )
    with clerk.session_transaction() as session:
        session["serving"] = {"code": "A047"}
    assert re.search(r'href="/quay"[^>]*data-key="F9"', _text(clerk.get(page)))


# --- the old card's number -----------------------------------------------------------------------


def test_the_old_number_of_a_scanned_card_is_kept_and_shown(app: Flask, clerk: FlaskClient) -> None:
    drafted = send(clerk, action="draft", old_id="171234567")
    html = _text(clerk.get(URL, query_string={"nhap": _only(app).temporary_id}))
    assert drafted.status_code == 303 and value_of(html, "old_id") == "171234567"
    assert "CMND cũ 171234567" in html
    again = _text(send(clerk, name="", old_id="171234567", draft=_only(app).temporary_id))
    assert value_of(again, "old_id") == "171234567" and set(errors(again)) == {"name"}
    send(clerk, old_id="171234567", draft=_only(app).temporary_id, key="k2")
    dossier = _only(app)
    assert (dossier.status, dossier.applicant_old_id) == (Status.ACCEPTED, "171234567")
    assert "171234567" in _text(clerk.get(f"/ho-so/{dossier.code}"))
    html = _text(clerk.get(URL, query_string={"nguoi": dossier.code}))
    assert value_of(html, "old_id") == "171234567"


@pytest.mark.parametrize("changes", [
    {"old_id": "17123456"}, {"old_id": "17123456x"}, {"old_id": "<b>"}, {"old_id": "038190000123"},
    {"old_id": "171234567", "kind": "organisation", "personal_id": "2800123456", "birth_date": "",
     "sex": ""},
])  # fmt: skip
def test_what_is_no_old_number_is_left_out(
    app: Flask, clerk: FlaskClient, changes: dict[str, str]
) -> None:
    assert send(clerk, **changes).status_code == 303
    assert _only(app).applicant_old_id == ""


def test_who_was_received_under_the_old_number_is_known_again(
    app: Flask, clerk: FlaskClient
) -> None:
    send(clerk)
    with app.app_context(), writing() as session:  # as rows of earlier systems have it
        session.execute(update(Dossier).values(personal_id="171234567"))
    number = {"so": "038190000123"}
    assert _text(clerk.post("/tiep-nhan/nguoi", data=number)).strip() == ""
    part = _text(clerk.post("/tiep-nhan/nguoi", data=number | {"old_id": "171234567"}))
    assert "Có hồ sơ trước ghi số CMND cũ" in part and _only(app).code in part
    assert 'data-value="0912345678"' in part, "offered"
    assert "CMND cũ" not in _text(clerk.post("/tiep-nhan/nguoi", data=number | {"old_id": "1712"}))
    html = _text(send(clerk, action="find", old_id="171234567", phone="", name="Trần Văn Khác"))
    assert value_of(html, "phone") == "" and value_of(html, "name") == "Trần Văn Khác"
    assert "Hồ sơ trước của số này ghi tên" in html


# --- the same person again -----------------------------------------------------------------------


def test_another_dossier_of_the_same_person(app: Flask, clerk: FlaskClient) -> None:
    send(clerk)
    html = _text(clerk.get(URL, query_string={"nguoi": _only(app).code}))
    for name, value in {
        "name": "Nguyễn Thị Mẫu", "personal_id": "038190000123", "birth_date": "05/02/1990",
        "address": "Thôn 1, xã Nga Yên", "phone": "0912345678", "procedure": "",
    }.items():  # fmt: skip
        assert value_of(html, name) == value, name
    assert "Có 1 hồ sơ đang giải quyết" in normalize("NFC", html)


def test_what_is_known_is_offered_and_never_filled_in(app: Flask, clerk: FlaskClient) -> None:
    send(clerk)
    code = _only(app).code
    part = _text(clerk.post("/tiep-nhan/nguoi", data={"so": "038190000123"}))
    assert f'href="/ho-so/{code}"' in part and 'data-value="0912345678"' in part
    assert "Điền theo hồ sơ trước: Nguyễn Thị Mẫu" in normalize("NFC", part)
    for number in ("038190000999", "0381"):
        assert _text(clerk.post("/tiep-nhan/nguoi", data={"so": number})).strip() == ""
    assert clerk.get("/tiep-nhan/nguoi?so=038190000123").status_code == 405
    html = _text(send(clerk, action="find", phone=""))
    assert value_of(html, "phone") == "" and "Dùng số" in html


def test_another_name_on_earlier_dossiers_is_said(clerk: FlaskClient) -> None:
    send(clerk)
    data = {"so": "038190000123", "name": "Nguyễn Thị Mậu"}
    part = _text(clerk.post("/tiep-nhan/nguoi", data=data | {"name": "Trần Văn Khác"}))
    assert "khác tên đang nhập" in part and "Điền theo hồ sơ trước" not in part
    assert "khác tên đang nhập" not in _text(clerk.post("/tiep-nhan/nguoi", data=data))


def test_a_number_that_does_not_fit_is_said(clerk: FlaskClient) -> None:
    data = {"so": "038190000123", "sex": "Nam", "birth_date": "05/02/1990"}
    assert "không khớp với giới tính" in _text(clerk.post("/tiep-nhan/nguoi", data=data))


# --- a commune's counter -------------------------------------------------------------------------


def test_groups_fees_and_communes(as_user: Any) -> None:
    clerk = as_user("tiepnhan.xa")
    html = _text(clerk.get(URL, query_string={"thu-tuc": "1.000656"}))
    assert "Cần ít nhất một trong các giấy tờ này" in html
    assert '<select id="commune"' not in html, "the counter's own commune is known"
    assert re.search(r'<input type="radio" name="components-2" value="missing"', html)
    assert checked(html, "components-2") is None, "none of the group is looked at yet"
    html = _text(clerk.get(URL, query_string={"thu-tuc": "2.000815"}))
    assert "data-rule=" in html and 'name="fee-1-quantity"' in html


def test_an_interchange_of_communes_is_asked_at_the_district(office: Office, as_user: Any) -> None:
    """Where a unit of the route exists in every commune, the clerk chooses the commune."""
    here = office.rules
    wanted = [
        e.code
        for e in here.offered(office.now.date()).values()
        if "mot-cua-huyen" in e.procedure.received_at
        and any(here.needs_commune(s.unit) for s in e.procedure.steps)
    ]
    clerk = as_user("tiepnhan")
    for code in wanted:
        html = _text(clerk.get(URL, query_string={"thu-tuc": code}))
        assert '<select id="commune"' in html, code
        missing = send(clerk, procedure=code, case="", commune="")
        assert missing.status_code == 422
    assert wanted, "the seed has such a procedure"


# --- asking for what is missing ------------------------------------------------------------------


def _paper(clerk: FlaskClient, dossier: Dossier, form: str) -> str:
    pdf = clerk.get(f"/ho-so/{dossier.temporary_id}/giay/{form}.pdf")
    assert pdf.status_code == 200
    pages = PdfReader(io.BytesIO(pdf.data)).pages
    return normalize("NFC", " ".join(" ".join(p.extract_text().split()) for p in pages))


LACKING = {"action": "supplement", "components-1": "missing", "components-2": "missing",
           "missing-note-2": "Bản photo mờ"}  # fmt: skip


def test_a_missing_paper_makes_the_main_button_ask(clerk: FlaskClient) -> None:
    html = _text(send(clerk, **LACKING | {"action": "find"}))
    assert re.search(r'id="accept" name="action" value="supplement"', html)
    assert "Hồ sơ chưa đủ thành phần theo quy định.</textarea>" in html
    assert value_of(html, "missing-note-2") == "Bản photo mờ"
    whole = _text(send(clerk, action="find"))
    assert re.search(r'id="accept" name="action" value="accept"', whole)
    assert 'id="supplement" hidden' in whole


def test_the_counter_asks_for_a_supplement(app: Flask, clerk: FlaskClient) -> None:
    answer = send(clerk, **LACKING)
    dossier = _only(app)
    assert answer.status_code == 303
    assert answer.location == f"/tiep-nhan/bo-sung/{dossier.temporary_id}"
    assert (dossier.status, dossier.code) == (Status.INTAKE_SUPPLEMENT, None)
    assert (dossier.intake_supplements, dossier.case_id) == (1, "rach-nat")
    page = _text(clerk.get(answer.location))
    assert f"Đã yêu cầu bổ sung {dossier.temporary_id}" in page
    assert f"/ho-so/{dossier.temporary_id}/giay/supplement_request.pdf" in page
    paper = _paper(clerk, dossier, "supplement_request")
    for told in ("Chưa nộp", "Bản photo mờ", "Nguyễn Thị Mẫu", "Thôn 1, xã Nga Yên",
                 "Hồ sơ chưa đủ thành phần theo quy định."):  # fmt: skip
        assert told in paper, told
    again = send(clerk, **LACKING)
    assert again.location == answer.location, "a double click"
    assert _only(app).version == dossier.version
    listed = _text(clerk.get("/tiep-nhan/nhap"))
    assert dossier.temporary_id in listed and Status.INTAKE_SUPPLEMENT.label in listed


def test_a_supplemented_dossier_is_received_from_its_draft(app: Flask, clerk: FlaskClient) -> None:
    send(clerk, **LACKING)
    kept = _only(app).temporary_id
    html = _text(clerk.get(URL, query_string={"nhap": kept}))
    assert value_of(html, "draft") == kept and checked(html, "components-2") == "missing"
    second = send(clerk, **LACKING | {"draft": kept, "key": "second"})
    assert second.status_code == 409 and "một lần khi tiếp nhận" in _text(second)
    assert _only(app).intake_supplements == 1, "nothing of the refused one is kept"
    done = send(clerk, draft=kept, key="third")
    assert done.status_code == 303 and _only(app).status == Status.ACCEPTED
    assert clerk.get(f"/tiep-nhan/bo-sung/{kept}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"supplement_reason": " "}, "Hãy nhập lý do yêu cầu bổ sung."),
        ({"components-1": "have", "components-2": "have"}, "Hãy đánh dấu Thiếu"),
        ({"name": ""}, '<a href="#name">'),
        ({"case": ""}, "Hãy chọn trường hợp."),
    ],
)
def test_a_supplement_that_says_nothing_is_refused(
    app: Flask, clerk: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    answer = send(clerk, **LACKING | typed)
    assert answer.status_code == 422 and sentence in unescape(_text(answer))
    with app.app_context():
        assert _count(Dossier) == 0


def test_online_submissions_stand_in_the_list_with_their_hour(
    office: Office, clerk: FlaskClient
) -> None:
    with writing() as session:
        made = online.submit(
            session, office.rules, office.person("tiepnhan"), office.now, make_request(), {}
        )
        made.reply_due_at = office.now + timedelta(hours=2)
        kept = made.temporary_id
    listed = _text(clerk.get("/tiep-nhan/nhap"))
    assert kept in listed and Status.SUBMITTED.label in listed
    assert 'class="due"' in listed and "Nguyễn Thị Mẫu" in listed
