"""Files laid under the intake form before acceptance: kept, shown, filed with it, or told of."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import stream_encode_multipart

from app import jobs
from app.core.states import Status
from app.extensions import db
from app.filing import reading
from app.filing.opening import MOST_FILES
from app.journey.audit import verify
from app.models import Dossier, Event, Paper, PaperFile, StagedFile, StoredFile
from tests.filing import pieces
from tests.house.test_security import sign_in
from tests.intake.form import URL, errors, filled, value_of
from tests.make import TODAY, Office, Statements, make_request

Sent = list[tuple[str, bytes]]
STAGE = f"{URL}/tep"
FORM, PERMIT = pieces.pdf(2, mark="form"), pieces.picture(seed=3)


@pytest.fixture
def clerk(each_app: Flask) -> FlaskClient:
    return sign_in(each_app, "tiepnhan")


@pytest.fixture
def shop(each_app: Flask) -> Flask:
    """Both databases; no context is pushed, so that people may take turns."""
    return each_app


def post(
    browser: FlaskClient, path: str = URL, sent: dict[int, Sent] | None = None, **changes: Any
) -> Any:
    """The form as a browser sends it: multipart, with files in some rows; staged: ids it shows."""
    form = MultiDict(filled(**changes))
    form.setlist("staged", [str(one) for one in changes.get("staged", ())])
    for number, some in (sent or {}).items():
        form.setlist(f"files-{number}", [FileStorage(BytesIO(data), name) for name, data in some])
    body, size, mark = stream_encode_multipart(form, use_tempfile=False)
    return browser.post(
        path, input_stream=body, content_length=size,
        content_type=f'multipart/form-data; boundary="{mark}"',
    )  # fmt: skip


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def shown(html: str) -> list[str]:
    """The ids of the files that the page shows, which the form sends again."""
    return re.findall(r'name="staged" value="(\d+)"', html)


def told(html: str) -> dict[str, str]:
    """What was refused, as the script is told."""
    return dict(re.findall(r'<p data-wrong="([^"]*)">([^<]*)</p>', html))


def count(shop: Flask, table: Any) -> int:
    with shop.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def only(shop: Flask) -> Dossier:
    with shop.app_context():
        return db.session.scalars(select(Dossier)).one()


def filed(shop: Flask, dossier: Dossier) -> dict[int, list[str]]:
    with shop.app_context():
        found: dict[int, list[str]] = {}
        for file in reading.files_of(db.session, dossier.id):
            found.setdefault(file.number, []).append(file.name)
        return found


def lay(browser: FlaskClient, number: int = 1, data: bytes = FORM, name: str = "Đơn.pdf",
        **changes: Any) -> list[str]:  # fmt: skip
    """Stage a file as the script does; the ids that the page shows then."""
    answer = post(browser, STAGE, {number: [(name, data)]}, action="find", **changes)
    assert answer.status_code == 200, text(answer)
    return shown(text(answer))


# --- taken in, and filed with the acceptance -----------------------------------------------------


def test_what_is_laid_is_filed_with_the_acceptance(shop: Flask, clerk: FlaskClient) -> None:
    first = lay(clerk)
    both = lay(clerk, 2, PERMIT, "Giấy phép.jpg", staged=first)
    assert len(first) == 1 and len(both) == 2
    assert count(shop, PaperFile) == count(shop, Event.__table__.select().where(
        Event.action == "file_added").subquery()) == 0  # fmt: skip
    answer = post(clerk, staged=both)
    assert answer.status_code == 303 and "/tiep-nhan/xong/" in answer.location
    dossier = only(shop)
    assert filed(shop, dossier) == {1: ["Đơn.pdf"], 2: ["Giấy phép.jpg"]}
    with shop.app_context():
        assert set(db.session.scalars(select(Paper.digitised))) == {1}
        actions = db.session.execute(
            select(Event.seq, Event.action).where(Event.subject == dossier.id).order_by(Event.seq)
        ).all()
        assert [tuple(a) for a in actions] == [(1, "accept"), (2, "file_added"), (3, "file_added")]
        assert dossier.event_seq == 3 and dossier.version == 1
        assert verify(db.session).fault is None
    assert count(shop, StagedFile) == 0
    page = text(clerk.get(answer.location))
    assert "2/2 giấy tờ" in page and "Đơn.pdf" in page and "Giấy phép.jpg" in page


def test_sent_twice_it_is_filed_once(shop: Flask, clerk: FlaskClient) -> None:
    staged = lay(clerk)
    first, second = post(clerk, staged=staged), post(clerk, staged=staged)
    assert second.status_code == 303 and first.location.startswith(second.location)
    assert count(shop, Dossier) == count(shop, PaperFile) == 1


def test_without_script_the_form_brings_its_files_whatever_is_pressed(
    shop: Flask, clerk: FlaskClient
) -> None:
    sent = {1: [("1.jpg", pieces.picture()), ("2.jpg", PERMIT)]}
    page = text(post(clerk, sent=sent, action="attach", phone="09", **{"components-2": ""}))
    assert len(shown(page)) == 1 and "2 trang" in page and value_of(page, "phone") == "09"
    assert 'enctype="multipart/form-data"' in page
    answer = post(clerk, sent={2: [("b.pdf", FORM)]}, staged=shown(page))
    assert answer.status_code == 303
    assert filed(shop, only(shop)) == {1: ["1 và 1 tệp nữa.pdf"], 2: ["b.pdf"]}


def test_a_refused_acceptance_keeps_what_came_with_it(shop: Flask, clerk: FlaskClient) -> None:
    answer = post(clerk, sent={1: [("a.pdf", FORM)]}, name="")
    page = text(answer)
    assert answer.status_code == 422 and set(errors(page)) == {"name"}
    assert len(shown(page)) == 1 and count(shop, Dossier) == 0
    assert post(clerk, staged=shown(page)).status_code == 303
    assert filed(shop, only(shop)) == {1: ["a.pdf"]}


BAD: list[tuple[str, bytes, str]] = [
    ("sai.pdf", pieces.picture(), "thực ra là ảnh JPG"),
    ("hình.gif", pieces.picture("GIF", mode="L"), "là tệp GIF, không nhận"),
    ("to.pdf", pieces.pdf() + b"\0" * (21 * 1024 * 1024), "quá 20 MB"),
    ("trống.pdf", b"", "trống (0 byte)"),
    ("mở.pdf", pieces.with_action("JavaScript"), "“mở.pdf”"),
]


@pytest.mark.parametrize(("name", "data", "said"), BAD)
def test_a_bad_file_is_refused_and_nothing_typed_is_lost(
    shop: Flask, clerk: FlaskClient, name: str, data: bytes, said: str
) -> None:
    staged = lay(clerk, 2, PERMIT, "b.jpg")
    answer = post(clerk, sent={1: [(name, data)]}, staged=staged, phone="0912 34", note="Ghi chú")
    page = text(answer)
    assert answer.status_code == 422 and said in errors(page)["components-1"], page
    assert value_of(page, "phone") == "0912 34" and "Ghi chú</textarea>" in page
    assert shown(page) == staged and count(shop, Dossier) == 0
    answer = post(clerk, STAGE, {1: [(name, data)]}, staged=staged)
    assert answer.status_code == 422 and said in told(text(answer))["components-1"]
    assert shown(text(answer)) == staged
    assert count(shop, StagedFile) == count(shop, StoredFile) == 1


def test_a_good_row_is_kept_beside_a_bad_one(clerk: FlaskClient) -> None:
    answer = post(clerk, STAGE, {1: [("a.pdf", PERMIT)], 2: [("b.jpg", PERMIT)]})
    assert set(told(text(answer))) == {"components-1"} and len(shown(text(answer))) == 1


@pytest.mark.parametrize(
    ("number", "changes", "status", "said"),
    [
        (9, {}, 422, "Thủ tục không có giấy tờ này"),
        (1, {"procedure": "9.999999"}, 422, "9.999999"),
        (1, {"procedure": ""}, 422, "Hãy chọn thủ tục trước khi gắn tệp"),
        (1, {"key": "k" * 81}, 422, "Biểu mẫu này bị hỏng khi gửi"),
    ],
)
def test_where_nothing_can_be_laid(
    shop: Flask, clerk: FlaskClient, number: int, changes: Any, status: int, said: str
) -> None:
    for path in (URL, STAGE):
        answer = post(clerk, path, {number: [("a.pdf", FORM)]}, action="attach", **changes)
        assert answer.status_code == status and said in text(answer), text(answer)
    assert count(shop, StagedFile) == 0


def test_the_same_file_twice_and_too_many(shop: Flask, clerk: FlaskClient) -> None:
    lay(clerk)
    answer = post(clerk, STAGE, {1: [("again.pdf", FORM)]})
    assert "đã có ở giấy tờ đó" in told(text(answer))["components-1"]
    for n in range(MOST_FILES - 1):
        lay(clerk, 2, pieces.pdf(mark=str(n)), f"{n}.pdf")
    answer = post(clerk, STAGE, {2: [("one more.pdf", pieces.pdf(mark="one more"))]})
    assert "nhiều nhất cho một hồ sơ" in told(text(answer))["components-2"]
    assert count(shop, StagedFile) == MOST_FILES


def test_no_file_chosen_is_said(clerk: FlaskClient) -> None:
    answer = post(clerk, sent={1: [("", b"")]}, action="attach")
    assert answer.status_code == 422 and "Chưa chọn tệp nào" in text(answer)


def test_a_file_is_taken_off_again(shop: Flask, clerk: FlaskClient) -> None:
    (one,) = lay(clerk)
    page = text(post(clerk, action=f"detach-{one}", staged=[one]))
    assert shown(page) == [] and count(shop, StagedFile) == 0
    assert post(clerk, staged=shown(page)).status_code == 303
    assert filed(shop, only(shop)) == {}


# --- a file says nothing about the mark ----------------------------------------------------------


def test_a_file_leaves_the_mark_and_an_unmarked_row_stops_the_acceptance(
    shop: Flask, clerk: FlaskClient
) -> None:
    code = {"procedure": "1.003003", "case": ""}  # row 2 is handed in only under a condition
    (one,) = lay(clerk, 2, PERMIT, "b.jpg", **code)
    marks = {"components-1": "have", "components-2": "none", "held-2": "", "commune": "nga-yen"}
    answer = post(clerk, staged=[one], **code, **marks)
    assert answer.status_code == 422
    assert "chưa đánh dấu Đủ" in errors(text(answer))["components-2"]
    assert shown(text(answer)) == [one] and count(shop, Dossier) == 0
    done = post(clerk, staged=[one], **code, **marks | {"components-2": "have"})
    assert done.status_code == 303, text(done)
    assert filed(shop, only(shop)) == {2: ["b.jpg"]}


def test_a_file_that_went_elsewhere_is_missed_before_the_number_is_given(
    shop: Flask, clerk: FlaskClient
) -> None:
    """The clerk saw a file; what is filed must be what was seen."""
    staged = lay(clerk)
    with shop.app_context():
        jobs.run(Office(shop).rules, TODAY + timedelta(hours=25))
        db.session.remove()
    answer = post(clerk, staged=staged)
    assert answer.status_code == 409 and "Có tệp đã gắn không còn" in text(answer)
    assert shown(text(answer)) == [] and count(shop, Dossier) == 0
    assert post(clerk).status_code == 303


def test_files_of_another_procedure_stay_apart(shop: Flask, clerk: FlaskClient) -> None:
    staged = lay(clerk)
    other = {"procedure": "1.001266", "case": "", "components-3": "have", "components-4": "have"}
    page = text(post(clerk, action="find", staged=staged, **other))
    assert shown(page) == [] and "1 tệp đã gắn cho thủ tục khác (Đơn.pdf)" in page
    page = text(post(clerk, action="find"))
    assert shown(page) == staged, "the old procedure has it again"
    assert post(clerk, **other).status_code == 303
    assert filed(shop, only(shop)) == {}


# --- whose ---------------------------------------------------------------------------------------


def test_only_who_laid_it_sees_and_uses_it(shop: Flask, clerk: FlaskClient) -> None:
    (one,) = lay(clerk)
    seen = clerk.get(f"{STAGE}/{one}")
    assert seen.status_code == 200 and seen.get_data() == FORM
    assert seen.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in clerk.get(f"{STAGE}/{one}?tai=1").headers["Content-Disposition"]
    colleague, stranger = sign_in(shop, "traketqua"), sign_in(shop, "tiepnhan.xa")
    for other in (colleague, stranger):
        assert other.get(f"{STAGE}/{one}").status_code == 404
        assert shown(text(post(other, STAGE, action=f"detach-{one}"))) == []
    assert sign_in(shop, "lanhdao").get(f"{STAGE}/{one}").status_code == 403
    assert shop.test_client().get(f"{STAGE}/{one}").status_code == 303
    for wrong in ("0", "x", "-1", "9" * 30):
        assert clerk.get(f"{STAGE}/{wrong}").status_code == 404
    assert post(colleague, staged=[one]).status_code == 409, "the key alone gives nothing"
    assert count(shop, StagedFile) == 1 and count(shop, PaperFile) == 0


# --- drafts and supplements ----------------------------------------------------------------------


@pytest.mark.parametrize("action", ["draft", "supplement"])
def test_a_draft_keeps_its_files_for_the_counter(
    shop: Flask, clerk: FlaskClient, action: str
) -> None:
    staged = lay(clerk)
    answer = post(clerk, staged=staged, action=action, **{"components-2": "missing"})
    assert answer.status_code == 303
    draft, kept = only(shop).temporary_id, only(shop).draft
    assert kept is not None and '"staged"' not in kept, "the files know the draft, not it them"
    colleague = sign_in(shop, "traketqua")
    for browser in (clerk, colleague):
        page = text(browser.get(URL, query_string={"nhap": draft}))
        assert shown(page) == staged
        assert browser.get(f"{STAGE}/{staged[0]}").status_code == 200
    assert sign_in(shop, "tiepnhan.xa").get(f"{STAGE}/{staged[0]}").status_code == 404
    with shop.app_context():
        jobs.run(Office(shop).rules, TODAY + timedelta(hours=49))  # not forgotten: a draft has it
        db.session.remove()
    both = lay(clerk, 2, PERMIT, "b.jpg", draft=draft, key="later")
    assert len(both) == 2
    done = post(clerk, staged=both, draft=draft, key="later")
    assert done.status_code == 303, text(done)
    assert filed(shop, only(shop)) == {1: ["Đơn.pdf"], 2: ["b.jpg"]}
    with shop.app_context():
        assert verify(db.session).fault is None
    assert clerk.get(f"{STAGE}/{both[0]}").status_code == 404


def test_what_a_colleague_added_to_the_draft_is_filed_too(shop: Flask, clerk: FlaskClient) -> None:
    post(clerk, action="draft")
    draft = only(shop).temporary_id
    lay(clerk, draft=draft, key="another window")
    assert post(clerk, draft=draft, key="mine").status_code == 303
    assert filed(shop, only(shop)) == {1: ["Đơn.pdf"]}


def test_a_refusal_keeps_no_file_and_says_so(shop: Flask, clerk: FlaskClient) -> None:
    staged = lay(clerk)
    given = {"reason_code": "not_eligible", "reason": "Chưa đủ tuổi."}
    answer = post(clerk, action="refuse", staged=staged, **given)
    assert "các tệp đã gắn không được lưu" in text(clerk.get(answer.location))
    assert count(shop, PaperFile) == 0
    with shop.app_context():
        assert jobs.run(Office(shop).rules, TODAY + timedelta(hours=25))["forgotten"] == 1
        db.session.remove()


def test_files_of_a_draft_that_ended_are_forgotten(shop: Flask, clerk: FlaskClient) -> None:
    lay(clerk, 2, PERMIT, "b.jpg", procedure="1.001266", case="")
    staged = lay(clerk)
    post(clerk, staged=staged, action="draft")
    draft = only(shop).temporary_id
    assert post(clerk, draft=draft, staged=staged, key="later").status_code == 303
    assert count(shop, StagedFile) == 1, "of another procedure, filed nowhere"
    with shop.app_context():
        assert jobs.run(Office(shop).rules, TODAY + timedelta(hours=23))["forgotten"] == 0
        assert jobs.run(Office(shop).rules, TODAY + timedelta(hours=25))["forgotten"] == 1
        db.session.remove()


# --- used again ----------------------------------------------------------------------------------


def earlier(shop: Flask, clerk: FlaskClient, **changes: Any) -> tuple[str, int]:
    """A dossier of the same person with its first paper digitised: its code, the filed paper."""
    post(clerk, staged=lay(clerk, key="earlier", **changes), key="earlier", **changes)
    with shop.app_context():
        file = db.session.scalars(select(PaperFile)).one()
        return str(db.session.get_one(Dossier, file.dossier_id).code), file.id


def test_a_paper_digitised_before_is_offered_and_filed_with_its_origin(
    shop: Flask, clerk: FlaskClient
) -> None:
    code, source = earlier(shop, clerk)
    offer = f"reuse-1-{source}"
    page = text(post(clerk, action="find"))
    assert offer in page and code in page
    assert offer not in text(post(clerk, action="find", personal_id="038190000999"))
    assert offer in text(post(clerk, STAGE, action="find"))
    page = text(post(clerk, STAGE, action=offer))
    assert "Đã dùng lại" in page and code in page
    assert post(clerk, staged=shown(page)).status_code == 303
    with shop.app_context():
        again = db.session.scalars(select(PaperFile).order_by(PaperFile.id.desc())).first()
        assert again is not None
        assert (again.state, again.source_id, again.source_code) == (2, source, code)
        assert db.session.get_one(Paper, (again.dossier_id, 1)).digitised == 2
        body = db.session.scalars(select(Event.body).where(Event.action == "file_reused")).one()
        assert code in body and verify(db.session).fault is None


def test_nobody_elses_paper_is_used(shop: Flask, clerk: FlaskClient) -> None:
    """The number may be changed after the paper was taken over: it is asked again in the end."""
    _, source = earlier(shop, clerk)
    other = {"personal_id": "038190000999", "name": "Trần Văn Khác"}
    answer = post(clerk, STAGE, action=f"reuse-1-{source}", **other)
    assert answer.status_code == 409 and "không còn dùng lại được" in text(answer)
    staged = shown(text(post(clerk, STAGE, action=f"reuse-1-{source}")))
    answer = post(clerk, staged=staged, **other)
    assert answer.status_code == 422
    assert "không phải của người nộp này" in errors(text(answer))["components-1"]
    assert count(shop, Dossier) == 1
    stranger = sign_in(shop, "tiepnhan.xa")
    assert post(stranger, STAGE, action=f"reuse-1-{source}").status_code in (409, 422)
    for wrong in ("reuse-1-x", "reuse-x-1", "reuse-1", "reuse-1-999", "detach-x", "attach-", "-"):
        assert post(clerk, STAGE, action=wrong).status_code in (200, 409, 422), wrong


# --- what it costs -------------------------------------------------------------------------------


def test_a_form_without_files_costs_no_statement_more(shop: Flask, clerk: FlaskClient) -> None:
    with shop.app_context():
        Office(shop).receive(make_request())  # the office is read once a process
        db.session.remove()
    with Statements(shop) as bare:
        assert post(clerk).status_code == 303
    assert not any("staged_file" in s or "paper_file" in s for s in bare.seen), bare.seen
    staged = lay(clerk, key="second")
    with Statements(shop) as full:
        assert post(clerk, key="second", staged=staged).status_code == 303
    assert len(full) == len(bare) + 3  # found, filed, no longer under the form
    staged = lay(clerk, key="third")
    with Statements(shop) as page:
        assert post(clerk, key="third", action="find", staged=staged).status_code == 200
    assert len(page) <= 12, page.seen


def test_what_breaks_in_the_end_files_nothing(
    shop: Flask, clerk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = lay(clerk)

    def broken(*_: Any) -> None:
        raise RuntimeError("cut off")

    with monkeypatch.context() as cut:
        cut.setattr("app.intake.actions.use_key", broken)
        assert post(clerk, staged=staged).status_code == 500
    assert count(shop, Dossier) == count(shop, PaperFile) == 0 and count(shop, StagedFile) == 1
    assert post(clerk, staged=staged).status_code == 303
    assert only(shop).status == Status.ACCEPTED and filed(shop, only(shop)) == {1: ["Đơn.pdf"]}
