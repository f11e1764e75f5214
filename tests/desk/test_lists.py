"""The lists of work: who finds what there, one-click buttons, their cost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from app.core.states import Status
from app.models import Dossier
from tests.desk.hands import Work, form_of, text
from tests.make import Office, Statements, make_request

PAGES = {
    "tiepnhan": ("/chuyen-ho-so", "/tra-ket-qua", "/tra-ket-qua?q=nguyen", "/so-theo-doi"),
    "chuyenvien": ("/tham-dinh", "/tham-dinh?xem=phong", "/so-theo-doi"),
    "truongphong": ("/tham-dinh", "/phe-duyet", "/so-theo-doi?tre=1"),
    "lanhdao": ("/phe-duyet", "/bao-cao"),
    "vanthu": ("/van-thu", "/tham-dinh"),
    "chanhvp": ("/bao-cao", "/phe-duyet", "/tra-ket-qua", "/chuyen-ho-so"),
    "tiepnhan.xa": ("/tham-dinh", "/van-thu", "/chuyen-ho-so"),
    "lanhdao.xa": ("/tham-dinh", "/phe-duyet"),
}
# page → (state before, who clicks, action, what is filled in, state after)
CLICKS = [
    ("/chuyen-ho-so", Status.ACCEPTED, "tiepnhan", "send_to_agency", {}, Status.IN_TRANSFER),
    ("/tham-dinh", Status.IN_TRANSFER, "truongphong", "agency_receive", {}, Status.APPRAISING),
    ("/phe-duyet", Status.SUBMITTED_FOR_APPROVAL, "truongphong", "finish_step", {},
     Status.SUBMITTED_FOR_APPROVAL),
    ("/van-thu", Status.APPROVED, "vanthu", "issue", {"symbol": "GPXD"}, Status.ISSUED),
    ("/tra-ket-qua", Status.ISSUED, "traketqua", "receive_result", {"shelf": "Kệ 3"},
     Status.AT_ONE_STOP),
]  # fmt: skip


def click(browser: Any, page: str, dossier: Dossier, action: str, **typed: str) -> Any:
    """Press a row's button: the form of the page as it is, and what was filled in."""
    values = form_of(text(browser.get(page)), action, dossier.code)
    return browser.post(f"/ho-so/{dossier.code}/viec/{action}", data=values | typed)


@pytest.mark.parametrize(("page", "state", "who", "action", "typed", "after"), CLICKS)
def test_a_click_does_it_and_comes_back(
    work: Work, as_user: Any, page: str, state: Status, who: str, action: str,
    typed: dict[str, str], after: Status,
) -> None:  # fmt: skip
    dossier = work.dossier(state)
    browser = as_user(who)
    answer = click(browser, page, dossier, action, **typed)
    assert (answer.status_code, answer.location) == (303, page)
    assert work.now(dossier).status == after
    html = text(browser.get(page))
    assert 'role="status">Đã xong' in html
    assert f"/ho-so/{dossier.code}/viec/{action}" not in html


def test_the_leader_signs_only_what_the_step_before_passed(work: Work, as_user: Any) -> None:
    dossier = work.dossier(Status.SUBMITTED_FOR_APPROVAL)
    browser = as_user("lanhdao")
    assert dossier.code not in text(browser.get("/phe-duyet"))
    work.act(dossier, "finish_step", "truongphong")
    html = text(browser.get("/phe-duyet"))
    assert "Đề nghị giải quyết" in html and "Ký duyệt<span" in html
    assert click(browser, "/phe-duyet", dossier, "approve").location == "/phe-duyet"
    assert work.now(dossier).status == Status.APPROVED


def test_a_proposed_refusal_looks_different_and_gives_its_reason(work: Work, as_user: Any) -> None:
    dossier = work.dossier(Status.APPRAISING)
    work.act(dossier, "propose_refusal", "chuyenvien", reason="Sai quy hoạch.",
             reason_code="not_eligible")  # fmt: skip
    work.act(dossier, "finish_step", "truongphong")
    html = text(as_user("lanhdao").get("/phe-duyet"))
    assert "Đề nghị từ chối" in html and "button warn small" in html and "Ký từ chối" in html
    assert "Trần Quốc Tuấn: Không đủ điều kiện theo quy định; Sai quy hoạch." in html
    work.act(dossier, "approve", "lanhdao")
    desk = as_user("vanthu")
    assert click(desk, "/van-thu", dossier, "issue_refusal", symbol="TB").location == "/van-thu"
    assert work.now(dossier).status == Status.REFUSAL_ISSUED


def test_an_officer_does_not_sign_the_own_proposal(work: Work, as_user: Any) -> None:
    """Nobody gets the button for a dossier that the same person proposed."""
    dossier = work.dossier(Status.SUBMITTED_FOR_APPROVAL)
    work.act(dossier, "finish_step", "truongphong")

    def propose_as_leader(office: Office) -> None:
        from app.extensions import writing

        with writing() as session:
            session.get(Dossier, dossier.id).proposed_by = office.person("lanhdao").id

    work.do(propose_as_leader)
    html = text(as_user("lanhdao").get("/phe-duyet"))
    assert "Bạn đã trình hồ sơ này" in html and "/viec/approve" not in html


def test_delegated_work_starts_at_the_counter(work: Work, as_user: Any) -> None:
    dossier = work.dossier(code="1.005092")
    browser = as_user("tiepnhan")
    html = text(browser.get("/chuyen-ho-so"))
    assert "Làm tại Một cửa" in html and f"{dossier.code}/viec/send_to_agency" not in html
    answer = click(browser, "/chuyen-ho-so", dossier, "start_at_one_stop")
    assert answer.location == "/chuyen-ho-so"
    head = as_user("chanhvp")
    work.act(dossier, "propose_result", "chuyenvien")
    assert "ký theo ủy quyền" in text(head.get("/phe-duyet"))
    assert click(head, "/phe-duyet", dossier, "approve").status_code == 303


def test_assigning_from_the_list(work: Work, as_user: Any) -> None:
    other = work.second_officer()
    dossier = work.dossier(Status.RECEIVED_BY_AGENCY)
    browser = as_user("truongphong")
    blank = click(browser, "/tham-dinh", dossier, "assign")
    assert blank.status_code == 422
    assert form_of(text(blank), "assign")["next"] == "/tham-dinh"  # still leads back to the list
    assert click(browser, "/tham-dinh", dossier, "assign", assignee=other).status_code == 303
    assert dossier.code in text(as_user("phong-tu-phap.cv").get("/tham-dinh"))
    assert dossier.code not in text(as_user("chuyenvien").get("/tham-dinh"))
    assert dossier.code in text(as_user("chuyenvien").get("/tham-dinh?xem=phong"))


def test_who_cannot_take_over_gets_no_button(work: Work, as_user: Any) -> None:
    dossier = work.dossier(Status.IN_TRANSFER)
    html = text(as_user("chuyenvien").get("/tham-dinh"))
    assert dossier.code in html and "Chờ văn thư hoặc thủ trưởng đơn vị nhận" in html
    assert "/viec/agency_receive" not in html


def test_the_sole_member_of_a_unit_takes_over(work: Work, as_user: Any) -> None:
    """Decided without asking for each row: the commune's land officer is alone there."""

    def send(office: Office) -> Dossier:
        made = office.receive_sample("1.003003", "mot-cua-xa@nga-yen")
        return office.walk(made, Status.IN_TRANSFER)

    dossier = work.do(send)
    browser = as_user("tiepnhan.xa")
    assert click(browser, "/tham-dinh", dossier, "agency_receive").status_code == 303
    assert work.now(dossier).status == Status.APPRAISING


def test_the_counter_notes_what_the_applicant_has_done(work: Work, as_user: Any) -> None:
    """1.000798: the tax office's notice is out, the applicant pays, the counter says so."""
    dossier = work.dossier(Status.ISSUED, code="1.000798")

    def notice(office: Office) -> None:
        officer = next(s for s in office.steps(dossier) if s.state == "active")
        tax = office.cast.holder(officer.holder_role, officer.unit_id)
        office.act(dossier, "partner_reply", tax.username, reply="Đã gửi thông báo.")

    work.do(notice)
    browser = as_user("traketqua")
    html = text(browser.get("/tra-ket-qua"))
    assert "Chờ người nộp làm xong nghĩa vụ" in html and "/viec/receive_result" not in html
    assert "Còn chờ:" in html
    answer = click(browser, "/tra-ket-qua", dossier, "finish_step")
    assert (answer.status_code, answer.location) == (303, "/tra-ket-qua")
    assert "Chờ người nộp làm xong nghĩa vụ" not in text(browser.get("/tra-ket-qua"))


def test_a_click_too_late_shows_the_dossier_and_why(work: Work, as_user: Any) -> None:
    dossier = work.dossier()
    browser = as_user("tiepnhan")
    values = form_of(text(browser.get("/chuyen-ho-so")), "send_to_agency", dossier.code)
    work.act(dossier, "send_to_agency", "tiepnhan")
    answer = browser.post(f"/ho-so/{dossier.code}/viec/send_to_agency", data=values)
    assert answer.status_code == 409
    assert "Người khác vừa cập nhật hồ sơ này" in text(answer)
    assert "không còn làm được ở trạng thái mới" in text(answer)


def test_empty_lists_say_what_will_be_there(as_user: Any) -> None:
    said = {
        ("tiepnhan", "/chuyen-ho-so"): "Không còn hồ sơ nào chờ chuyển",
        ("traketqua", "/tra-ket-qua"): "Không có kết quả nào chờ trả",
        ("chuyenvien", "/tham-dinh"): "Bạn không có hồ sơ nào phải làm",
        ("truongphong", "/tham-dinh"): "Phòng không còn việc nào đang mở",
        ("lanhdao", "/phe-duyet"): "Không có hồ sơ nào chờ bạn ký",
        ("vanthu", "/van-thu"): "Không có văn bản nào chờ số và dấu",
        ("tiepnhan", "/so-theo-doi"): "Chưa có hồ sơ nào trong phạm vi bạn được xem",
    }
    for (who, page), words in said.items():
        html = text(as_user(who).get(page))
        assert words in html and html.count("<h1") == 1, (who, page)


def test_the_department_does_not_see_the_counters_waiting_results(work: Work, as_user: Any) -> None:
    """An officer who is posted at the counter too finds appraisal work there, not hand-overs."""
    dossier = work.dossier(Status.AT_ONE_STOP)
    assert dossier.code not in text(as_user("chuyenvien").get("/tham-dinh?xem=phong"))


def fill(office: Office, count: int) -> None:
    """Dossiers in every state that a list shows, from the district's counter and a commune's."""
    states = [
        Status.ACCEPTED, Status.IN_TRANSFER, Status.RECEIVED_BY_AGENCY, Status.APPRAISING,
        Status.SUBMITTED_FOR_APPROVAL, Status.APPROVED, Status.ISSUED, Status.AT_ONE_STOP,
    ]  # fmt: skip
    for number in range(count):
        state = states[number % len(states)]
        if number % 3 == 0:
            made = office.receive_sample("1.003003", "mot-cua-xa@nga-yen")
        elif number % 3 == 1:
            made = office.receive_sample("1.005092", "mot-cua-huyen")
        else:
            made = office.receive(make_request())
        if state == Status.RECEIVED_BY_AGENCY:
            if made.delegation_id is None:
                office.walk(made, Status.IN_TRANSFER)
                office.act(
                    made,
                    "agency_receive",
                    office.cast.receiver(office.steps(made)[1].unit_id).username,
                )
        else:
            office.walk(made, state)


def test_pages_cost_the_same_with_ten_times_the_rows(app: Flask, work: Work, as_user: Any) -> None:
    work.second_officer()
    browsers = {who: as_user(who) for who in PAGES}
    costs: list[dict[tuple[str, str], int]] = []
    for count in (24, 60):  # 24: every state with every kind of dossier
        work.do(lambda office, count=count: fill(office, count))
        cost = {}
        for who, pages in PAGES.items():
            for page in pages:
                browsers[who].get(page)
                with Statements(app) as statements:
                    assert browsers[who].get(page).status_code == 200, (who, page)
                cost[who, page] = len(statements)
                assert len(statements) <= 12, (who, page, statements.seen)
        costs.append(cost)
    grown = {key: (costs[0][key], n) for key, n in costs[1].items() if n > costs[0][key]}
    assert grown == {}


@pytest.mark.parametrize("who", ["tiepnhan.xa", "lanhdao.xa", "phong-tu-phap.cv"])
def test_no_list_leaks_another_units_dossier(work: Work, as_user: Any, who: str) -> None:
    codes = [
        work.dossier(state).code
        for state in (Status.ACCEPTED, Status.IN_TRANSFER, Status.APPRAISING,
                      Status.SUBMITTED_FOR_APPROVAL, Status.APPROVED, Status.ISSUED,
                      Status.AT_ONE_STOP)
    ]  # fmt: skip
    browser = as_user(who)
    for page in ("/tham-dinh", "/tham-dinh?xem=phong", "/phe-duyet", "/van-thu", "/chuyen-ho-so",
                 "/tra-ket-qua", "/tra-ket-qua?q=mau", "/so-theo-doi", "/bao-cao"):  # fmt: skip
        html = text(browser.get(page))
        assert not [code for code in codes if code in html], page


@pytest.mark.parametrize(("who", "page"), [(w, p) for w, pages in PAGES.items() for p in pages])
def test_pages_are_sound_without_scripts(work: Work, as_user: Any, who: str, page: str) -> None:
    work.do(lambda office: fill(office, 8))
    html = text(as_user(who).get(page))
    assert html.count("<h1") == 1 and "<title>" in html and 'lang="vi"' in html
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for form in re.findall(r'<form[^>]*method="post"[^>]*>.*?</form>', html, re.S):
        assert 'name="csrf_token"' in form


class TestCommuneOf2025:
    """The same pages in the commune's office of 2025, where posts and units differ."""

    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    @pytest.mark.parametrize("who", ["tiepnhan", "chuyenvien", "lanhdao", "vanthu", "chanhvp"])
    def test_every_list_opens(self, app: Flask, work: Work, as_user: Any, who: str) -> None:
        def make(office: Office) -> None:
            for state in (Status.ACCEPTED, Status.APPRAISING, Status.APPROVED, Status.AT_ONE_STOP):
                office.walk(office.receive_sample("1.001612", "tt-pvhcc-xa@nga-son"), state)

        work.do(make)
        browser = as_user(who)
        opened = 0
        for page in sorted({page for pages in PAGES.values() for page in pages}):
            with Statements(app) as statements:
                answer = browser.get(page)
            assert answer.status_code in (200, 403), (page, answer.status_code)
            assert len(statements) <= 12, statements.seen
            opened += answer.status_code == 200
        assert opened >= 2
