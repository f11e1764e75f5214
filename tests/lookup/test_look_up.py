"""The page of one dossier: what it says in each state, and what it never says."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.clock import VIETNAM
from app.core.states import Status
from app.extensions import db, writing
from app.intake.request import FeeGiven, PaperGiven
from app.lookup.pages import STATES
from app.models import Dossier, Staff
from tests.make import PERSON, Office, Statements, make_request

BUDGET = 6 * 1024
WALKED = (
    Status.ACCEPTED, Status.IN_TRANSFER, Status.APPRAISING, Status.SUBMITTED_FOR_APPROVAL,
    Status.APPROVED, Status.ISSUED, Status.AT_ONE_STOP, Status.RETURNED,
)  # fmt: skip
Work = Callable[[Office], Dossier]


@pytest.fixture
def made(app: Flask) -> Callable[..., Dossier]:
    """`made(work)` lets work on the office happen, outside of any request."""

    def make(work: Work | None = None) -> Dossier:
        with app.app_context():
            return (work or Office.receive)(Office(app))

    return make


def at(status: Status) -> Work:
    """A dossier that walked to the status."""
    return lambda office: office.walk(office.receive(), until=status)


def refused_until(status: Status) -> Work:
    """A dossier whose officer proposes to refuse it, walked on to the status."""

    def work(office: Office) -> Dossier:
        found = office.walk(office.receive(), until=Status.APPRAISING)
        step = next(s for s in office.steps(found) if s.state == "active")
        name = db.session.scalars(select(Staff.username).where(Staff.id == step.assignee_id)).one()
        office.act(
            found, "propose_refusal", name, reason="Bí mật nội bộ", reason_code="not_eligible"
        )
        if status == Status.SUBMITTED_FOR_APPROVAL:
            return office.fresh(found.id)
        office.walk(found, until=Status.APPROVED)
        office.act(found, "issue_refusal", "vanthu", number="7", symbol="TB-UBND")
        return office.walk(found, until=status)

    return work


def text_of(client: FlaskClient, token: str | None, status: int = 200) -> str:
    """The page as text."""
    answer = client.get(f"/t/{token}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def words(html: str) -> str:
    """Only what is read: no styles, no tags, blanks squeezed."""
    html = re.sub(r"<style.*?</style>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def heading(html: str) -> str:
    """The one h1."""
    found = re.findall(r"<h1>(.*?)</h1>", html, flags=re.S)
    assert len(found) == 1
    return " ".join(found[0].split())


@pytest.mark.parametrize("status", WALKED)
def test_page_of_each_state_is_light_and_complete(
    app: Flask, client: FlaskClient, made: Any, status: Status
) -> None:
    dossier = made(at(status))
    assert dossier.status == status
    client.get(f"/t/{dossier.lookup_code}")  # the office is read once a process
    with Statements(app) as statements:
        answer = client.get(f"/t/{dossier.lookup_code}")
    html = answer.get_data(as_text=True)
    assert len(statements) <= 2
    assert all(s.lstrip().startswith("SELECT") for s in statements.seen), "a look-up writes nothing"
    assert len(gzip.compress(answer.data)) <= BUDGET
    assert "Set-Cookie" not in answer.headers
    assert not re.search(r"<script|<link(?! rel=\"icon\" href=\"data:,)|@import|src=|url\(", html)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.search(r"<title>(.*?) – ", html)[1] == heading(html) == status.public_label  # type: ignore[index]
    order = [html.index(x) for x in ("pill ", "<h1>", "Bạn cần làm gì?", "<ol", "<dl>", "Gọi ")]
    assert order == sorted(order)
    on_the_way = status in (Status.IN_TRANSFER, Status.RETURNED)
    assert html.count('aria-current="step"') == (0 if on_the_way else 1)


def test_every_legal_state_has_words() -> None:
    assert set(STATES) == set(Status)
    assert all(state.pill and state.lead.endswith((".", ")")) for state in STATES.values())


@pytest.mark.parametrize("status", [Status.APPRAISING, Status.AT_ONE_STOP, Status.RETURNED])
def test_nobody_is_named(app: Flask, client: FlaskClient, made: Any, status: Status) -> None:
    dossier = made(at(status))
    html = text_of(client, dossier.lookup_code)
    with app.app_context(), writing() as session:
        staff = session.scalars(select(Staff.name)).all()
    hidden = [PERSON["name"], PERSON["personal_id"], PERSON["phone"], PERSON["address"], *staff]
    assert [name for name in hidden if str(name) in html] == []
    assert "N. T. Mẫu" in html
    if status == Status.APPRAISING:
        assert "số điện thoại có đuôi 678" in html
        assert "0912345" not in html


def test_the_due_date_is_explained(client: FlaskClient, made: Any) -> None:
    page = words(text_of(client, made().lookup_code))
    assert "Hẹn trả kết quả Thứ Tư, 02/12/2026 trước 17:00 · còn 5 ngày làm việc" in page
    assert "Vì sao là ngày này?" in page
    assert "28/11–29/11 (Thứ Bảy, Chủ nhật)" in page


@pytest.mark.parametrize(
    "spelt",
    [
        lambda c: f"/t/{c}",
        lambda c: f"/T/{c}",
        lambda c: f"/t/{c.lower()}",
        lambda c: f"/T/{c[:5]}-{c[5:]}",
        lambda c: f"/t/{c.replace('0', 'o').replace('1', 'l')}",
    ],
)
def test_case_hyphens_and_misread_letters_are_forgiven(
    client: FlaskClient, made: Any, spelt: Callable[[str], str]
) -> None:
    dossier = made()
    answer = client.get(spelt(dossier.lookup_code))
    assert answer.status_code == 200
    assert dossier.code in answer.get_data(as_text=True)


def test_a_late_dossier_says_sorry_and_promises_no_date(client: FlaskClient, made: Any) -> None:
    dossier = made(at(Status.APPRAISING))
    clock.start_at(dossier.due_at + timedelta(days=1))
    page = words(text_of(client, dossier.lookup_code))
    assert "Trễ hẹn Hồ sơ đang trễ hẹn Hẹn cũ Thứ Tư, 02/12/2026 trễ 1 ngày làm việc" in page
    assert "Chúng tôi xin lỗi vì trễ hẹn" in page
    assert "dự kiến" not in page
    assert "còn " not in page


def test_a_step_estimate_that_has_passed_is_not_shown(client: FlaskClient, made: Any) -> None:
    dossier = made(at(Status.APPRAISING))
    assert "Đang làm, dự kiến xong" in text_of(client, dossier.lookup_code)
    clock.start_at(dossier.due_at - timedelta(minutes=1))
    page = text_of(client, dossier.lookup_code)
    assert "Đang làm" in page
    assert "dự kiến" not in page
    assert "trước 17:00 hôm nay" in words(page)


def test_a_new_date_after_a_broken_promise_shows_both(
    app: Flask, client: FlaskClient, made: Any
) -> None:
    dossier = made(at(Status.APPRAISING))
    with app.app_context(), writing() as session:
        later = datetime(2026, 12, 11, 17, tzinfo=VIETNAM)
        session.execute(update(Dossier).values(due_at=later))
    clock.start_at(dossier.due_at_original + timedelta(days=1))
    page = words(text_of(client, dossier.lookup_code))
    assert "Hồ sơ trễ hẹn, đã hẹn lại Hẹn lại Thứ Sáu, 11/12/2026" in page
    assert "hẹn cũ: thứ Tư, 02/12/2026" in page


def test_what_to_bring_and_what_to_get_back(client: FlaskClient, made: Any) -> None:
    fee = FeeGiven(1, amount=15_000, timing="later")
    papers = (PaperGiven(1), PaperGiven(2, held=1))
    request = make_request(fees=(fee,), papers=papers)
    dossier = made(lambda o: o.walk(o.receive(request), until=Status.AT_ONE_STOP))
    page = words(text_of(client, dossier.lookup_code))
    for told in (
        "Nhận từ Thứ Tư, 25/11/2026",
        "07:00–11:30, 13:30–17:00, các ngày làm việc",
        "Mang giấy hẹn và giấy tờ tùy thân",
        "giấy ủy quyền",
        "Còn phải nộp 15.000 đ phí, lệ phí khi nhận kết quả.",
        "Nhớ nhận lại 1 bản chính",
        "15.000 đ, còn phải nộp 15.000 đ",
    ):
        assert told in page


def test_a_refusal_is_told_only_when_issued(client: FlaskClient, made: Any) -> None:
    proposed = made(refused_until(Status.SUBMITTED_FOR_APPROVAL))
    assert proposed.outcome == "refused"
    page = text_of(client, proposed.lookup_code)
    assert heading(page) == "Hồ sơ đang chờ lãnh đạo phê duyệt"
    assert "khiếu nại" not in page
    assert "Lý do" not in page


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (Status.REFUSAL_ISSUED, Status.REFUSAL_ISSUED.public_label),
        (Status.AT_ONE_STOP, "Hồ sơ được trả lại"),
        (Status.RETURNED, "Hồ sơ đã được trả lại"),
    ],
)
def test_an_issued_refusal_says_why_and_how_to_appeal(
    client: FlaskClient, made: Any, status: Status, title: str
) -> None:
    page = text_of(client, made(refused_until(status)).lookup_code)
    assert heading(page) == title
    assert "Lý do: không đủ điều kiện theo quy định" in page
    assert "khiếu nại trong 90 ngày" in page
    assert "Bí mật nội bộ" not in page, "the officer's own words belong to the notice"


def test_an_annulled_reception(client: FlaskClient, made: Any) -> None:
    def work(office: Office) -> Dossier:
        found = office.receive()
        office.act(found, "void", "chanhvp", reason="Nhập nhầm người")
        return office.fresh(found.id)

    page = text_of(client, made(work).lookup_code)
    assert heading(page) == "Hồ sơ đã hủy do tiếp nhận nhầm"
    assert "Nhập nhầm người" not in page


def test_both_databases_answer_alike(each_app: Flask) -> None:
    with each_app.app_context():
        dossier = refused_until(Status.AT_ONE_STOP)(Office(each_app))
    page = words(text_of(each_app.test_client(), dossier.lookup_code))
    assert "Hồ sơ được trả lại Nhận từ Thứ Tư, 25/11/2026" in page
    assert "Lý do: không đủ điều kiện theo quy định" in page
    results = words(each_app.test_client().get("/cong-khai").get_data(as_text=True))
    assert "11/2026 1 1 1 0 100,0%" in results


class TestOfACommune:
    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    def test_page(self, client: FlaskClient, made: Any) -> None:
        dossier = made(lambda o: o.receive_sample("1.013228", "tt-pvhcc-xa@nga-son"))
        page = text_of(client, dossier.lookup_code)
        assert "UBND xã Nga Sơn" in page
        assert heading(page) == Status.ACCEPTED.public_label
