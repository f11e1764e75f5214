"""The pages of the files: sent, refused, shown, saved – and to whom not."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import stream_encode_multipart

from app.core.states import Status
from app.extensions import db
from app.filing import views
from app.filing.reading import RESULT
from app.models import Dossier, Event, PaperFile, StoredFile
from tests.filing import pieces
from tests.filing.hands import Files, other_person
from tests.make import Statements

Sent = list[tuple[str, bytes]]


def send(
    browser: Any, code: str, sent: Sent, number: object = 1, ve: str = "", path: str = ""
) -> Any:
    """The form of one paper, sent as browsers send it."""
    parts = [FileStorage(BytesIO(data), name) for name, data in sent]
    form = MultiDict({"number": str(number), "ve": ve})
    form.setlist("files", parts)
    body, size, mark = stream_encode_multipart(form, use_tempfile=False)
    return browser.post(
        path or f"/ho-so/{code}/tep", input_stream=body, content_length=size,
        content_type=f'multipart/form-data; boundary="{mark}"',
    )  # fmt: skip


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def dossier(files: Files) -> Dossier:
    return files.office.receive()


def test_a_scan_goes_in_and_is_seen(files: Files, dossier: Dossier, as_user: Any) -> None:
    browser, data = as_user("tiepnhan"), pieces.pdf(2)
    answer = send(browser, str(dossier.code), [("Đơn đề nghị.pdf", data)])
    assert answer.status_code == 303
    assert (
        answer.headers["Location"] == f"/ho-so/{dossier.code}#tep-2-files"
    )  # the next one without
    page = text(browser.get(answer.headers["Location"]))
    assert "Đã gắn tệp “Đơn đề nghị.pdf” (2 trang)." in page
    assert "Được số hóa" in page and "2 trang" in page and "Số hóa giấy tờ" in page
    (file,) = files.shown(dossier)
    page = text(browser.get(f"/ho-so/{dossier.code}?tep={file.id}"))
    assert f'<iframe src="/tep/{file.id}#navpanes=0' in page
    shown = browser.get(f"/tep/{file.id}")
    assert shown.get_data() == data


def test_several_pages_at_once_are_one_file(files: Files, dossier: Dossier, as_user: Any) -> None:
    sent = [("1.jpg", pieces.picture()), ("2.png", pieces.picture("PNG")), ("3.pdf", pieces.pdf())]
    answer = send(as_user("tiepnhan"), str(dossier.code), sent, 2, "xong")
    assert answer.headers["Location"] == f"/tiep-nhan/xong/{dossier.code}#tep-1-files"
    (file,) = files.shown(dossier)
    assert (file.kind, file.pages, file.number) == ("pdf", 3, 2)


def test_what_is_sent_back_says_why_and_leaves_nothing(
    files: Files, dossier: Dossier, as_user: Any
) -> None:
    browser, before = as_user("tiepnhan"), files.objects()
    events = count(Event)
    for sent, said in (
        ([("a.pdf", pieces.picture())], "thực ra là ảnh JPG"),
        ([("a.pdf", pieces.pdf()), ("b.gif", b"GIF89a" + b"0" * 99)], "tệp GIF"),
        ([("a.pdf", pieces.pdf() + b"\0" * (25 * 1024 * 1024))], "nặng 25,0 MB, quá 20 MB"),
        ([("", b"")], "Chưa chọn tệp nào"),
        ([("<script>alert(1)<script>.pdf", b"x")], "không nhận"),
    ):
        answer = send(browser, str(dossier.code), sent)
        page = text(answer)
        assert answer.status_code == 422 and said in page, said
        assert "<title>Lỗi: " in page and 'role="alert"' in page and "<script>alert" not in page
    assert send(browser, str(dossier.code), [("a.pdf", pieces.pdf())], "x").status_code == 422
    assert files.objects() == before and count(PaperFile) == count(StoredFile) == 0
    assert count(Event) == events


def test_when_the_row_is_refused_in_the_end_nothing_is_filed(
    files: Files, dossier: Dossier, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full, a database that breaks: no row without its object, no half of either."""
    browser, sheet = as_user("tiepnhan"), [("a.pdf", pieces.pdf(mark="never stored before"))]

    files.store.path(sha256(sheet[0][1]).hexdigest()).unlink(missing_ok=True)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("app.filing.store.os.replace", full)
        answer = send(browser, str(dossier.code), sheet)
        assert answer.status_code == 500 and "Không có gì bị lưu dở dang" in text(answer)
    assert count(PaperFile) == count(StoredFile) == 0
    with monkeypatch.context() as broken:
        broken.setattr("app.filing.actions.log.record", full)
        assert send(browser, str(dossier.code), sheet).status_code == 500
    assert count(PaperFile) == count(StoredFile) == 0 and files.digitised(dossier) == 0
    assert send(browser, str(dossier.code), sheet).status_code == 303


def test_only_who_is_signed_in_may_send_much(
    app: Flask, dossier: Dossier, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_SENT", 30 * 1024 * 1024)
    big = [("a.pdf", b"\0" * (21 * 1024 * 1024))]
    code = str(dossier.code)
    pages = ("/tiep-nhan", "/tiep-nhan/tep")  # the intake form brings scans, too
    for path in (f"/ho-so/{code}/tep", *pages):
        assert send(app.test_client(), code, big, path=path).status_code == 413
    assert send(as_user("tiepnhan"), code, big).status_code == 422
    assert send(as_user("tiepnhan"), code, big * 2).status_code == 413
    assert send(as_user("tiepnhan"), code, big, path="/tiep-nhan/nguoi").status_code == 413
    for path in pages:
        assert send(as_user("tiepnhan"), code, big, path=path).status_code in (200, 422)
        assert send(as_user("tiepnhan"), code, big * 2, path=path).status_code == 413


HEADERS = {
    "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'self'",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [("Đơn \"lạ\".pdf", pieces.pdf(), "application/pdf"),
     ("ảnh.jpeg", pieces.picture(), "image/jpeg"), ("ảnh.png", pieces.picture("PNG"), "image/png")],
)  # fmt: skip
def test_a_file_is_what_it_is_and_no_page_of_ours(
    files: Files, dossier: Dossier, as_user: Any, name: str, data: bytes, kind: str
) -> None:
    link = files.add(dossier, 1, data, name=name)
    answer = as_user("tiepnhan").get(f"/tep/{link.id}")
    assert answer.mimetype == kind
    for header, value in HEADERS.items():
        assert answer.headers[header] == value
    assert answer.headers["Content-Disposition"].startswith("inline; filename")
    saved = as_user("tiepnhan").get(f"/tep/{link.id}?tai=1")
    told = saved.headers["Content-Disposition"]
    assert told.startswith("attachment; ") and "filename*=UTF-8''" in told and "\n" not in told
    assert re.search(r"\.(pdf|jpg|png)$", told)


def test_sight_of_the_dossier_is_sight_of_its_files(files: Files, as_user: Any) -> None:
    dossier = files.office.receive()
    link = files.add(dossier)
    paths = (f"/tep/{link.id}", f"/ho-so/{dossier.code}/tep")
    for person in ("tiepnhan", "chanhvp", "lanhdao"):
        assert [as_user(person).get(p).status_code for p in paths] == [200, 200], person
    for person in ("tiepnhan.xa", "lanhdao.xa"):
        assert [as_user(person).get(p).status_code for p in paths] == [404, 404], person
        assert (
            send(as_user(person), str(dossier.code), [("a.pdf", pieces.pdf())]).status_code == 404
        )
    assert as_user("quantri").get(paths[0]).status_code == 403


def test_a_file_that_is_removed_or_never_was_is_not_there(
    app: Flask, files: Files, dossier: Dossier, as_user: Any
) -> None:
    link = files.add(dossier)
    assert app.test_client().get(f"/tep/{link.id}").status_code == 303
    browser = as_user("tiepnhan")
    answer = browser.post(f"/ho-so/{dossier.code}/tep/bo", data={"file": link.id, "reason": "Nhầm"})
    assert answer.status_code == 303
    for wrong in (link.id, 10**6, 10**30, "-1", "²", "x", "1.5"):
        assert browser.get(f"/tep/{wrong}").status_code == 404, wrong
    page = text(browser.get(f"/ho-so/{dossier.code}"))
    assert "Bỏ tệp" in page and "Lý do: Nhầm" in page


def test_a_file_of_another_dossier_is_not_taken_away_through_this_one(
    files: Files, dossier: Dossier, as_user: Any
) -> None:
    theirs = files.add(files.office.receive(other_person()))
    answer = as_user("tiepnhan").post(
        f"/ho-so/{dossier.code}/tep/bo", data={"file": theirs.id, "reason": "x"}
    )
    assert answer.status_code == 404
    assert len(files.links()) == 1 and files.links()[0].removed_at is None


def test_a_lost_or_changed_object_is_told(files: Files, dossier: Dossier, as_user: Any) -> None:
    link = files.add(dossier)
    files.store.path(link.sha256).write_bytes(b"%PDF something else")
    answer = as_user("tiepnhan").get(f"/tep/{link.id}")
    assert answer.status_code == 409 and "không khớp mã băm" in text(answer)


def test_reuse_is_offered_with_day_and_dossier_and_shown_with_it(
    files: Files, dossier: Dossier, as_user: Any
) -> None:
    source = files.add(dossier, 1, pieces.pdf(3))
    second = files.office.receive()
    browser = as_user("tiepnhan")
    offer = f'Dùng lại bản đã số hóa ngày 25/11/2026 của hồ sơ <span class="nowrap">{dossier.code}<'
    for path in (f"/ho-so/{second.code}", f"/tiep-nhan/xong/{second.code}"):
        assert text(browser.get(path)).count(offer) == 1
    answer = browser.post(
        f"/ho-so/{second.code}/tep/dung-lai", data={"number": 1, "source": source.id, "ve": "tep"}
    )
    assert answer.headers["Location"] == f"/ho-so/{second.code}/tep#tep-2-files"
    page = text(browser.get(f"/ho-so/{second.code}"))
    assert "Tái sử dụng: số hóa 25/11/2026 ở hồ sơ " + str(dossier.code) in page
    assert "giấy tờ số 1" in page and offer not in page
    again = browser.post(f"/ho-so/{second.code}/tep/dung-lai", data={"number": 1, "source": 9})
    assert again.status_code == 409


def test_the_row_of_the_result_stands_when_there_is_one(
    files: Files, dossier: Dossier, as_user: Any
) -> None:
    browser = as_user("tiepnhan")
    assert "Chưa có kết quả" in text(send(browser, str(dossier.code), [("a.pdf", pieces.pdf())], 0))
    assert "data-result" not in text(browser.get(f"/ho-so/{dossier.code}"))
    files.office.walk(dossier, Status.AT_ONE_STOP)
    assert "data-result" in text(browser.get(f"/ho-so/{dossier.code}"))
    assert send(browser, str(dossier.code), [("kq.pdf", pieces.signed())], 0).status_code == 303
    assert files.shown(dossier)[0].number == RESULT
    assert "Đã có bản điện tử" in text(browser.get(f"/ho-so/{dossier.code}"))


def test_who_only_looks_gets_no_buttons(files: Files, dossier: Dossier, as_user: Any) -> None:
    files.add(dossier)
    page = text(as_user("lanhdao").get(f"/ho-so/{dossier.code}"))
    assert "Được số hóa" in page and "data-upload" not in page and "/tep/bo" not in page
    answer = send(as_user("lanhdao"), str(dossier.code), [("a.pdf", pieces.pdf())])
    assert answer.status_code == 409 and "chỉ được xem tệp" in text(answer)


def test_right_after_acceptance_every_paper_has_its_field(
    files: Files, dossier: Dossier, as_user: Any
) -> None:
    page = text(as_user("tiepnhan").get(f"/tiep-nhan/xong/{dossier.code}"))
    assert page.count("data-upload") == 2 and "0/2 giấy tờ" in page
    assert page.count('type="file"') == 2 and page.count("<button") >= 2


def test_the_head_sees_the_share_of_the_day(files: Files, dossier: Dossier, as_user: Any) -> None:
    browser = as_user("chanhvp")
    assert "đã số hóa khi tiếp nhận: 0/2" in text(browser.get("/bao-cao"))
    files.add(dossier)
    page = text(browser.get("/bao-cao"))
    assert "đã số hóa khi tiếp nhận: 1/2" in page and ">50%<" in page


def test_a_scan_makes_no_new_slip(files: Files, dossier: Dossier, as_user: Any) -> None:
    """The control slip tells of hand-overs; digitising between two prints changes nothing on it."""
    browser = as_user("tiepnhan")
    path = f"/ho-so/{dossier.code}/phieu-kiem-soat"
    first = browser.post(path).headers["Location"]
    files.add(dossier)
    again = browser.post(path).headers["Location"]
    assert again == f"{first}&lan=1"


@pytest.mark.parametrize(
    ("person", "state"),
    [
        ("tiepnhan", Status.ACCEPTED),
        ("truongphong", Status.APPRAISING),
        ("vanthu", Status.APPROVED),
    ],
)
def test_the_pages_cost_few_statements(
    app: Flask, files: Files, as_user: Any, person: str, state: Status
) -> None:
    dossier = files.office.receive()
    for _ in range(5):
        files.add(dossier, 1)
    code = str(files.office.walk(dossier, state).code)
    browser = as_user(person)
    for path, most in ((f"/ho-so/{code}", 12), (f"/ho-so/{code}/tep", 6)):
        browser.get(path)
        with Statements(app) as many:
            browser.get(path)
        assert len(many) <= most, many.seen


def test_nothing_of_the_store_lies_where_the_web_serves(app: Flask) -> None:
    assert not Path(app.instance_path).resolve().is_relative_to(Path(app.static_folder or "/x"))
