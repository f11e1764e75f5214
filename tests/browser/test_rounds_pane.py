"""The dossier beside the leader's list: always the row's own, whatever the server does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Dialog, Error, Page, Route, expect

from app.core.states import Status
from app.models import Dossier
from tests.approval.ready import OPINION, to_sign
from tests.browser import moves
from tests.browser.conftest import PASSWORD, Browse, Faults, Live
from tests.browser.inspection import wrong_in_forced_colours, wrong_with
from tests.browser.test_kept_forms import unplugged
from tests.browser.test_layout import above_the_bar
from tests.desk.hands import Work

pytestmark = pytest.mark.browser
REASON = "Thiếu ảnh hiện trạng."
TEXT = "#send_back-reason"
ACTS = "#pane :is(.quick, form)"


@pytest.fixture
def work(live: Live) -> Work:
    """What happens at other windows."""
    return Work(live.app)


@pytest.fixture
def three(work: Work) -> list[Dossier]:
    """Dossiers before the leader, in the order of the list."""
    return [work.do(to_sign) for _ in range(3)]


def shows(page: Page, dossier: Dossier) -> None:
    """The dossier stands beside the list, can be used, and is the row's that is marked."""
    expect(page.locator("#pane [data-code]")).to_have_attribute("data-code", dossier.code)
    expect(page.locator("#pane")).not_to_have_attribute("inert", "")
    expect(page.locator("[data-round] [aria-current] .code")).to_have_text(dossier.code)


def usable(page: Page) -> int:
    """How many forms of the pane can be reached."""
    return page.locator(ACTS).evaluate_all("all => all.filter((e) => !e.closest('[inert]')).length")


def type_reason(page: Page) -> None:
    page.locator("summary", has_text="Trả lại thẩm định").press("Enter")
    page.locator(TEXT).focus()
    page.keyboard.type(REASON)


def to_row(page: Page, number: int) -> None:
    page.locator("[data-round] [data-row]").nth(number).focus()


@contextmanager
def held(page: Page, dossier: Dossier) -> Iterator[list[Route]]:
    """Answers for this dossier wait until they are let go of, at the latest at the end."""
    routes: list[Route] = []
    address = re.compile(f"mo={dossier.code}")
    page.route(address, lambda route: routes.append(route))
    yield routes
    page.unroute(address)
    for route in routes:
        let_go(route)


def let_go(route: Route) -> None:
    try:
        route.continue_()
    except Error:
        return  # the page asks for it no more


def test_what_was_signed_elsewhere_is_said(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    shows(page, three[0])
    work.act(three[1], "approve", "lanhdao")
    page.keyboard.press("j")
    shows(page, three[1])
    expect(page.locator("#pane")).to_contain_text("không còn chờ bạn ký")
    assert usable(page) == 0
    assert wrong_with(page) == []
    with moves.going_on(page):
        page.get_by_role("link", name="Tải lại danh sách").click()
    expect(page.locator("[data-round] [data-row]")).to_have_count(2)
    shows(page, three[0])


def test_the_last_one_gone_is_said_too(work: Work, browse: Browse) -> None:
    dossier = work.do(to_sign)
    page = browse("lanhdao", "/phe-duyet")
    work.act(dossier, "approve", "lanhdao")
    page.goto(f"/phe-duyet?mo={dossier.code}")
    expect(page.locator("#pane")).to_contain_text("không còn chờ bạn ký")
    assert [*wrong_with(page), *wrong_in_forced_colours(page)] == []


def test_from_a_list_without_a_row_open_the_keys_begin_at_the_first(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    work.act(three[1], "approve", "lanhdao")
    page = browse("lanhdao", f"/phe-duyet?mo={three[1].code}")
    expect(page.locator("#pane")).to_contain_text("không còn chờ bạn ký")
    page.keyboard.press("j")
    shows(page, three[0])


def test_a_fault_of_the_server_is_said_and_enter_tries_again(
    work: Work, browse: Browse, faults: Faults, three: list[Dossier]
) -> None:
    faults.allow(500)
    page = browse("lanhdao", "/phe-duyet")
    page.route(re.compile("mo="), lambda route: route.fulfill(status=500, body="lỗi"))
    page.keyboard.press("j")
    expect(page.locator("#pane")).to_contain_text(f"Chưa mở được hồ sơ {three[1].code}")
    assert usable(page) == 0
    expect(page.locator("[data-round] [data-row]").nth(1)).to_be_focused()
    page.unroute(re.compile("mo="))
    page.keyboard.press("Enter")
    shows(page, three[1])
    expect(page.locator("#pane")).to_be_focused()


def test_another_dossier_than_the_row_is_never_shown(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    wrong = page.context.request.get(f"/phe-duyet?mo={three[2].code}").text()
    page.route(re.compile("mo="), lambda r: r.fulfill(body=wrong, content_type="text/html"))
    page.keyboard.press("j")
    expect(page.locator("#pane")).to_contain_text(f"Chưa mở được hồ sơ {three[1].code}")
    assert usable(page) == 0


def test_a_slow_answer_leaves_nothing_of_the_row_before(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    with held(page, three[1]) as routes:
        page.keyboard.press("j")
        assert usable(page) == 0
        page.keyboard.press("Enter")
        expect(page.locator("#pane")).to_have_text("Đang tìm…")
        expect(page.locator("[data-round] [data-row]").nth(1)).to_be_focused()
        assert len(routes) == 1
        let_go(routes[0])
        shows(page, three[1])
        expect(page.locator("#pane")).to_be_focused()


def test_a_late_answer_is_dropped(work: Work, browse: Browse, three: list[Dossier]) -> None:
    page = browse("lanhdao", "/phe-duyet")
    with held(page, three[1]) as routes:
        page.keyboard.press("j")
        expect(page.locator("#pane")).to_have_text("Đang tìm…")
        page.keyboard.press("j")
        shows(page, three[2])
        let_go(routes[0])
        page.wait_for_timeout(300)
        shows(page, three[2])


def test_back_on_the_row_before_the_answer_came(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    with held(page, three[1]):
        page.keyboard.press("j")
        page.keyboard.press("k")
        shows(page, three[0])
        assert usable(page) > 0
        page.wait_for_timeout(400)
        shows(page, three[0])


def test_a_reason_stays_with_its_dossier(work: Work, browse: Browse, three: list[Dossier]) -> None:
    page = browse("lanhdao", "/phe-duyet")
    type_reason(page)
    to_row(page, 0)
    page.keyboard.press("j")
    shows(page, three[1])
    expect(page.locator(TEXT)).to_have_value("")
    page.keyboard.press("k")
    shows(page, three[0])
    expect(page.locator(TEXT)).to_be_visible()
    expect(page.locator(TEXT)).to_have_value(REASON)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.locator(TEXT).focus()
    with moves.done(page):
        page.keyboard.press("Control+Enter")
    assert work.now(three[0]).status == Status.APPRAISING


def test_a_reason_for_what_is_gone_is_shown(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    type_reason(page)
    to_row(page, 1)
    shows(page, three[1])
    work.act(three[0], "approve", "lanhdao")
    page.keyboard.press("k")
    shows(page, three[0])
    expect(page.locator("#pane")).to_contain_text(REASON)
    assert usable(page) == 0


def test_leaving_with_a_reason_not_sent_asks_first(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    type_reason(page)
    to_row(page, 1)
    shows(page, three[1])
    sign = page.get_by_role("button", name=f"Ký duyệt hồ sơ {three[1].code}")
    with page.expect_event("dialog"):
        sign.click(no_wait_after=True)
    expect(page.locator("#pane form[data-sent]")).to_have_count(0)
    assert asked == ["beforeunload"]
    page.remove_listener("dialog", stay)
    page.on("dialog", lambda dialog: dialog.accept())
    with moves.done(page):  # who stayed can send it all the same
        sign.click()
    assert work.now(three[1]).status == Status.APPROVED


def test_the_session_ends_and_the_ticks_stay(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    page.keyboard.press("Space")
    page.context.clear_cookies()
    page.keyboard.press("j")
    dialog = page.get_by_role("dialog", name="Phiên làm việc đã hết")
    expect(dialog).to_be_visible()
    assert usable(page) == 0
    page.locator("#again-name").fill("lanhdao")
    page.locator("#again-word").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    shows(page, three[1])
    expect(page.locator("[data-round] [data-row]").nth(1)).to_be_focused()
    page.keyboard.press("Space")
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi ký 2 hồ sơ")


def test_back_on_the_network_enter_opens_the_row(
    work: Work, browse: Browse, faults: Faults, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    with unplugged(page, faults):
        page.keyboard.press("j")
        expect(page.locator("#pane")).to_contain_text("Bấm Enter để thử lại")
        assert usable(page) == 0
    page.keyboard.press("Enter")
    shows(page, three[1])
    expect(page.locator("#pane")).to_be_focused()


def test_letters_with_caps_lock_move_the_rows(
    work: Work, browse: Browse, three: list[Dossier]
) -> None:
    page = browse("lanhdao", "/phe-duyet")
    page.keyboard.press("J")
    shows(page, three[1])
    page.keyboard.press("K")
    shows(page, three[0])


def test_opinion_and_proposal_stand_out_and_the_name_is_short(work: Work, browse: Browse) -> None:
    work.do(to_sign)
    work.do(lambda office: to_sign(office, refusal=True))
    page = browse("lanhdao", "/phe-duyet")
    for said, opinion in (("Đề nghị giải quyết", OPINION), ("Đề nghị từ chối", "Sai quy hoạch.")):
        expect(page.locator("#pane h2")).to_have_text(said)
        weight = "e => [Number(getComputedStyle(e).fontWeight), e.getBoundingClientRect().height]"
        look = page.locator("#pane .opinion .lead", has_text=opinion).evaluate(weight)
        name = page.locator("#pane .clamp2")
        thin, high = name.evaluate(weight)
        line = float(name.evaluate("e => parseFloat(getComputedStyle(e).lineHeight)"))
        assert look[0] >= 600 > thin and high <= 2 * line + 1
        above_the_bar(page, "#pane", "#pane .opinion", "#pane .buttons .button")
        assert [*wrong_with(page), *wrong_in_forced_colours(page)] == []
        to_row(page, 1)
