"""The officer's inbox: views, filters in the address, pages, neighbours, many at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.states import Status
from app.desk import walk
from app.desk.inbox import PAGE, Wanted, page
from app.extensions import db, writing
from app.models import Dossier, Step, Task, TaskItem
from tests.appraisal.copies import copies
from tests.desk.hands import Work, form_of, text
from tests.make import TODAY, Office, Statements, make_request

AT_MOST = 8


def codes_in(html: str) -> list[str]:
    """The dossiers listed under the page's own heading, in order."""
    part = html.partition('id="work"')[2].partition("</ul>")[0]
    return list(dict.fromkeys(re.findall(r'class="code">([^<]+)<', part)))


def test_what_waits_for_the_citizen_is_a_view_of_its_own(work: Work, as_user: Any) -> None:
    mine = work.dossier(Status.APPRAISING)
    waits = work.dossier(Status.APPRAISING)
    work.act(waits, "propose_supplement", "chuyenvien", reason="Bản vẽ mờ.",
             items=[{"component": 1, "defect": "mờ"}])  # fmt: skip
    work.act(waits, "approve_notice", "truongphong")
    work.act(waits, "request_supplement", "tiepnhan")
    browser = as_user("chuyenvien")
    assert codes_in(text(browser.get("/tham-dinh"))) == [mine.code]
    html = text(browser.get("/tham-dinh?xem=cho-dan"))
    assert codes_in(html) == [waits.code] and "Yêu cầu bổ sung giấy tờ" in html
    assert set(codes_in(text(browser.get("/tham-dinh?xem=phong")))) == {mine.code, waits.code}
    assert codes_in(text(as_user("truongphong").get("/tham-dinh?xem=cho-dan"))) == [waits.code]


def test_late_and_today_stand_first_under_their_own_words(work: Work, as_user: Any) -> None:
    def make(office: Office) -> list[str]:
        late = office.walk(office.receive(at=TODAY - timedelta(days=20)), Status.APPRAISING)
        fresh = office.walk(office.receive(), Status.APPRAISING)
        with writing() as session:
            step = session.scalars(
                select(Step).where(Step.dossier_id == late.id, Step.state == "active")
            ).one()
            step.due_at = TODAY - timedelta(days=3)
            session.get(Dossier, fresh.id).warned = 1
            session.get(Dossier, fresh.id).version += 1
        return [late.code or "", fresh.code or ""]

    late, fresh = work.do(make)
    html = text(as_user("chuyenvien").get("/tham-dinh"))
    assert codes_in(html) == [late, fresh]
    assert html.index("Quá hạn bước") < html.index(late) < html.index("Còn thời gian")
    assert "trễ" in html and "đã quá nửa thời hạn" in html
    only = text(as_user("chuyenvien").get("/tham-dinh?tre=1"))
    assert codes_in(only) == [late]


def test_chips_turn_one_filter_round_and_keep_the_others(work: Work, as_user: Any) -> None:
    building = work.dossier(Status.APPRAISING)
    browser = as_user("chuyenvien")
    html = text(browser.get("/tham-dinh?xem=phong&tre=1"))
    links = dict((t, h) for h, t in re.findall(r'class="chip" href="([^"]+)"[^>]*>([^<]+)<', html))
    assert links["Trễ bước"] == "/tham-dinh?xem=phong"
    field = next(h for t, h in links.items() if t == "Hoạt động xây dựng")
    assert "tre=1" in field and "linh-vuc=" in field
    assert codes_in(text(browser.get(field.replace("&tre=1", "")))) == [building.code]
    other = next(h for t, h in links.items() if t.startswith("Giáo dục"))
    html = text(browser.get(other.replace("&tre=1", "")))
    assert "Không có hồ sơ nào khớp bộ lọc" in html and 'aria-current="true"' in html


@pytest.mark.parametrize("address", [
    "/tham-dinh?xem=toi", "/tham-dinh?xem=khong-co", "/tham-dinh?sau=zz&linh-vuc='--&buoc=x",
    "/tham-dinh?sau=ffffffffffffffffffff-00000000000000000000000000000000-1",
])  # fmt: skip
def test_a_strange_address_shows_the_list(work: Work, as_user: Any, address: str) -> None:
    dossier = work.dossier(Status.APPRAISING)
    html = text(as_user("chuyenvien").get(address))
    assert dossier.code in html or "Không có hồ sơ nào" in html


def test_pages_follow_each_other_without_gap_or_repetition(work: Work, as_user: Any) -> None:
    dossier = work.dossier(Status.APPRAISING)
    known = work.do(lambda office: copies(office, dossier, PAGE + 20))
    browser, address, seen = as_user("chuyenvien"), "/tham-dinh", []
    for _ in range(3):
        html = text(browser.get(address))
        seen += codes_in(html)
        onward = re.search(r'rel="next" href="([^"]+)"', html)
        if onward is None:
            break
        address = onward[1]
    assert sorted(seen) == sorted([dossier.code, *known])


@pytest.mark.parametrize(("who", "state", "address"), [
    ("chuyenvien", Status.APPRAISING, "/tham-dinh"),
    ("chuyenvien", Status.APPRAISING, "/tham-dinh?xem=phong"),
    ("chuyenvien", Status.APPRAISING, "/tham-dinh?xem=cho-dan"),
    ("truongphong", Status.IN_TRANSFER, "/tham-dinh"),
    ("truongphong", Status.IN_TRANSFER, "/tham-dinh?xem=den"),
    ("truongphong", Status.RECEIVED_BY_AGENCY, "/tham-dinh?xem=giao"),
    ("truongphong", Status.SUBMITTED_FOR_APPROVAL, "/phe-duyet"),
    ("vanthu", Status.IN_TRANSFER, "/tham-dinh?xem=den"),
])  # fmt: skip
def test_a_page_costs_the_same_with_10_and_with_1000_rows(
    app: Flask, work: Work, as_user: Any, who: str, state: Status, address: str
) -> None:
    if state == Status.RECEIVED_BY_AGENCY:
        work.second_officer()
    dossier = work.dossier(state)
    browser, costs = as_user(who), []
    for since, count in ((0, 10), (10, 990)):
        work.do(lambda office, n=count, since=since: copies(office, dossier, n, since))
        browser.get(address)
        with Statements(app) as statements:
            assert browser.get(address).status_code == 200
        costs.append(len(statements))
        assert len(statements) <= AT_MOST, statements.seen
    assert costs[0] == costs[1]


def test_from_dossier_to_dossier_without_the_list(app: Flask, work: Work, as_user: Any) -> None:
    dossier = work.dossier(Status.APPRAISING)
    work.do(lambda office: copies(office, dossier, 2))
    browser = as_user("chuyenvien")
    html = text(browser.get("/tham-dinh"))
    first = re.search(r'class="open" href="([^"]+ds=[^"]+)"', html)
    assert first
    seen, address = [], first[1]
    for _ in range(5):
        html = text(browser.get(address))
        seen.append(re.search(r'<h1 class="code">([^<]+)', html)[1])  # type: ignore[index]
        onward = re.search(r'rel="next" href="([^"]+)"', html)
        if onward is None:
            break
        address = onward[1]
    assert len(seen) == len(set(seen)) == 3 and "Hết danh sách" in html
    back = re.search(r'rel="prev" href="([^"]+)"', html)
    assert back and seen[1] in text(browser.get(back[1]))
    assert len(browser.get("/ho-so/" + seen[0] + "?ds=rubbish.x").data) > 1000


def test_after_an_act_the_next_dossier_of_the_list_comes(work: Work, as_user: Any) -> None:
    one, two = work.dossier(Status.APPRAISING), work.dossier(Status.APPRAISING)
    browser = as_user("chuyenvien")
    html = text(browser.get("/tham-dinh"))
    links = re.findall(r'class="open" href="(/ho-so/[^"?]+\?ds=[^"]+)"', html)
    assert len(links) == 2
    form = form_of(text(browser.get(links[0])), "propose_result")
    answer = browser.post(f"/ho-so/{one.code}/viec/propose_result", data=form)
    assert answer.status_code == 303 and answer.location.startswith(f"/ho-so/{two.code}?ds=")
    form = form_of(text(browser.get(answer.location)), "propose_result")
    answer = browser.post(f"/ho-so/{two.code}/viec/propose_result", data=form)
    assert answer.location.startswith("/tham-dinh")
    assert "Đã xong “Trình" in text(browser.get(answer.location))


def pick(html: str) -> dict[str, Any]:
    """Everything of a list with boxes, all of them ticked."""
    ticks = re.findall(r'name="ma" value="([^"]+)"', html)
    seen = dict(re.findall(r'name="(phien\.[^"]+)" value="([^"]+)"', html))
    view = re.search(r'name="xem" value="([^"]+)"', html)
    return {"ma": ticks, "xem": view[1] if view else "", **seen}


def test_many_are_taken_over_at_once_each_with_its_own_answer(work: Work, as_user: Any) -> None:
    dossiers = [work.dossier(Status.IN_TRANSFER) for _ in range(3)]
    browser = as_user("truongphong")
    form = pick(text(browser.get("/tham-dinh?xem=den")))
    assert len(form["ma"]) == 3
    work.act(dossiers[1], "return_transfer", "truongphong", reason="Nhầm đơn vị.")
    answer = browser.post("/tham-dinh/hang-loat", data=form)
    assert answer.status_code == 303
    html = text(browser.get(answer.location))
    assert "Đã xong 2 hồ sơ" in html and "1 hồ sơ chưa làm được" in html
    assert html.index(dossiers[1].code) < html.index(dossiers[0].code)
    assert f'href="/ho-so/{dossiers[1].code}"' in html
    assert work.now(dossiers[0]).status == Status.APPRAISING
    assert work.now(dossiers[1]).status == Status.ACCEPTED
    assert "/phieu-kiem-soat" in html  # their slips in one go


def test_many_are_assigned_and_a_missing_choice_loses_no_tick(work: Work, as_user: Any) -> None:
    other = work.second_officer()
    for _ in range(2):
        work.dossier(Status.RECEIVED_BY_AGENCY)
    browser = as_user("truongphong")
    form = pick(text(browser.get("/tham-dinh?xem=giao")))
    blank = browser.post("/tham-dinh/hang-loat", data=form | {"assignee": ""})
    html = text(blank)
    assert blank.status_code == 422 and html.count(" checked") == 2
    assert "Hãy chọn người thụ lý" in html
    none = browser.post("/tham-dinh/hang-loat", data={"xem": "giao", "assignee": other})
    assert none.status_code == 422 and "Chưa chọn hồ sơ nào" in text(none)
    answer = browser.post("/tham-dinh/hang-loat", data=form | {"assignee": other})
    assert "Đã xong 2 hồ sơ" in text(browser.get(answer.location))
    assert len(codes_in(text(as_user("phong-tu-phap.cv").get("/tham-dinh")))) == 2


def test_the_whole_list_goes_to_the_worker_with_progress_and_cancel(
    work: Work, as_user: Any
) -> None:
    dossier = work.dossier(Status.IN_TRANSFER)
    work.do(lambda office: copies(office, dossier, 30))
    browser = as_user("truongphong")
    answer = browser.post("/tham-dinh/hang-loat", data={"xem": "den", "tat_ca": "1"})
    html = text(browser.get(answer.location))
    assert "Đã xử lý 0 trong 31 hồ sơ" in html and "<progress" in html
    assert browser.post(answer.location + "/huy").status_code == 303
    html = text(browser.get(answer.location))
    assert "đã dừng, 31 hồ sơ không làm" in html
    assert work.now(dossier).status == Status.IN_TRANSFER
    assert "Đã dừng" in text(browser.get("/viec-hang-loat"))
    stranger = as_user("chuyenvien")
    assert stranger.get(answer.location).status_code == 404
    assert stranger.post(answer.location + "/huy").status_code == 404


def test_nobody_orders_what_is_out_of_sight(work: Work, as_user: Any) -> None:
    dossier = work.dossier(Status.IN_TRANSFER)
    browser = as_user("tiepnhan.xa")
    answer = browser.post("/tham-dinh/hang-loat", data={"xem": "den", "ma": [dossier.code]})
    assert answer.status_code == 422
    assert work.do(lambda _: db.session.scalars(select(Task.id)).all()) == []


def test_who_is_no_head_is_refused_dossier_by_dossier(work: Work, as_user: Any) -> None:
    dossier = work.dossier(Status.IN_TRANSFER)
    browser = as_user("chuyenvien")
    seen = {f"phien.{dossier.code}": f"{dossier.version}.2"}
    answer = browser.post("/tham-dinh/hang-loat", data={"xem": "den", "ma": [dossier.code], **seen})
    assert "1 hồ sơ chưa làm được" in text(browser.get(answer.location))
    states = work.do(lambda _: db.session.scalars(select(TaskItem.state)).all())
    assert list(states) == ["refused"] and work.now(dossier).status == Status.IN_TRANSFER


class TestWalk:
    """The list in an address."""

    @pytest.mark.parametrize("view", list(walk.VIEWS))
    @pytest.mark.parametrize(("field", "late", "step"), [
        ("", False, ""), ("dat-dai", True, "tham-dinh"),
    ])  # fmt: skip
    def test_round_trip(self, view: str, field: str, late: bool, step: str) -> None:
        key = (TODAY + timedelta(microseconds=7), "0199a1b2-0000-7000-8000-00000000abcd", 3)
        here = walk.Walk(view, field, late, step)
        found = walk.parsed(here.text(key))
        assert found == (here, key)

    @pytest.mark.parametrize("words", [
        "", "phong", "x....1-2-3", "phong.a.1.khong.1-2-3", "phong....zz", "phong....-1-00-1",
        "phong....ffffffffffffffffffffff-0199a1b2000070008000000000000abcd-1",
        "phong....1-0199a1b200007000800000000000abcd-x", "....",
    ])  # fmt: skip
    def test_rubbish_is_no_list(self, words: str) -> None:
        assert walk.parsed(words) is None


def test_before_and_after_agree_on_both_databases(each_office: Office) -> None:
    office = each_office
    dossier = office.walk(office.receive(make_request()), Status.APPRAISING)
    copies(office, dossier, 5)
    actor = office.person("chuyenvien")
    whole = page(db.session, actor, Wanted("mine"))
    keys = [w.key for w in whole]
    assert len(keys) == 6 and keys == sorted(keys)  # type: ignore[type-var]
    for n, key in enumerate(keys):
        assert [w.key for w in page(db.session, actor, Wanted("mine"), after=key)] == keys[n + 1 :]
        assert [w.key for w in page(db.session, actor, Wanted("mine"), before=key)] == keys[:n]
        near = page(db.session, actor, Wanted("mine"), before=key, limit=1)
        assert [w.key for w in near] == keys[max(n - 1, 0) : n]
