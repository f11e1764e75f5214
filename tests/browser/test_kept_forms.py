"""The server out of reach, slow, the session over: what was typed stays on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from app.core.states import Status
from app.extensions import db
from app.models import Dossier
from tests.browser import moves
from tests.browser.conftest import PASSWORD, Browse, Faults, Live
from tests.browser.inspection import wrong_in_forced_colours, wrong_with
from tests.browser.test_error_pages import failing
from tests.browser.test_keyboard import ready_for_return
from tests.make import Office

pytestmark = pytest.mark.browser
FORM = "/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat"


@contextmanager
def unplugged(page: Page, faults: Faults) -> Iterator[None]:
    """The network is gone inside; what the browser says of that is no fault."""
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)
        page.wait_for_timeout(200)  # until the browser has told of all that failed
        lost = ("ERR_INTERNET_DISCONNECTED", "ERR_CONTENT_LENGTH_MISMATCH")
        faults.seen[:] = [f for f in faults.seen if not f.endswith(lost)]


def typed(page: Page) -> dict[str, Any]:
    """Everything in the fields of the form."""
    return page.evaluate(
        "() => Object.fromEntries([...new FormData(document.querySelector('main form'))]"
        ".filter(([name]) => name !== 'csrf_token'))"
    )


def filled(browse: Browse) -> Page:
    page = browse("tiepnhan", FORM)
    moves.fill_person(page)
    moves.mark_papers(page)
    return page


def dossiers(live: Live) -> int:
    with live.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Dossier)) or 0


def test_a_form_outlives_the_network(live: Live, browse: Browse, faults: Faults) -> None:
    page = filled(browse)
    before = typed(page)
    bar = page.locator(".unreachable")
    with unplugged(page, faults):
        page.keyboard.press("Control+Enter")
        expect(bar).to_contain_text("Không nối được máy chủ")
        assert typed(page) == before
        expect(page.locator("#accept")).not_to_have_attribute("aria-disabled", "true")
        bar.get_by_role("button", name="Gửi lại").click()
        expect(bar).to_contain_text("chưa gửi đi")
    assert dossiers(live) == 0
    expect(bar).to_contain_text("Đã nối lại được máy chủ")
    with moves.going_on(page):
        bar.get_by_role("button", name="Gửi lại").click()
    moves.accepted(page)
    assert dossiers(live) == 1
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_search_says_that_the_server_is_away(live: Live, browse: Browse, faults: Faults) -> None:
    page = browse("tiepnhan", "/tiep-nhan")
    with unplugged(page, faults):
        page.keyboard.type("khai sinh")
        expect(page.locator(".unreachable")).to_contain_text("Không nối được máy chủ")
        expect(page.locator("#tim")).to_have_value("khai sinh")
        expect(page.get_by_role("button", name="Gửi lại")).to_be_hidden()
        page.wait_for_timeout(500)  # a search that still waited would find the server again
    expect(page.locator(".unreachable")).to_contain_text("Đã nối lại")


def test_the_session_ends_and_the_form_stays(live: Live, browse: Browse, faults: Faults) -> None:
    page = filled(browse)
    before = typed(page)
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Phiên làm việc đã hết")
    expect(dialog).to_be_visible()
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("tiepnhan")
    expect(page.get_by_label("Mật khẩu")).to_be_focused()
    assert [w for w in wrong_with(page) if w.startswith("axe")] == []
    faults.allow(422)
    page.locator("#again-name").fill("lanhdao")  # the page is another's
    page.locator("#again-word").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("đang mở bằng tài khoản tiepnhan")
    page.locator("#again-name").fill("tiepnhan")
    page.keyboard.press("Tab")
    page.keyboard.type("sai rồi")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
    page.locator("#again-word").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert typed(page) == before and dossiers(live) == 0
    expect(page.locator("#said")).to_contain_text("Đã đăng nhập lại")
    expect(page.locator("#accept")).to_be_focused()
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    moves.accepted(page)


def test_a_card_read_after_the_session_ended_asks_for_it(
    live: Live, browse: Browse, faults: Faults
) -> None:
    faults.allow(400)
    page = browse("tiepnhan", FORM)
    page.context.clear_cookies()
    page.locator("#personal_id").fill("038190000123")
    page.locator("#personal_id").press("Enter")
    expect(page.get_by_role("dialog", name="Phiên làm việc đã hết")).to_be_visible()
    expect(page.locator("#personal_id")).to_have_value("038190000123")


def test_a_slow_answer_is_said_and_the_button_keeps_its_width(live: Live, browse: Browse) -> None:
    page = filled(browse)
    held: list[Route] = []
    page.route(re.compile("/phien$"), lambda route: held.append(route))
    width = page.locator("#accept").evaluate("button => button.offsetWidth")
    page.evaluate(
        "document.addEventListener('submit', () => setTimeout(() => {"
        " window.said = document.querySelector('#said').textContent; }, 200))"
    )
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
        expect(page.locator("#said")).to_have_text("Đang gửi…")
        assert page.evaluate("window.said") == "", "nothing before 300 ms"
        assert page.locator("#accept").evaluate("button => button.offsetWidth") == width
        held[0].continue_()
    moves.accepted(page)


def test_the_hand_over_outlives_the_network(live: Live, browse: Browse, faults: Faults) -> None:
    made = ready_for_return(live)
    page = browse("traketqua", f"/tra-ket-qua/{made.code}")
    page.locator("#return_direct-receiver_id").fill("038190000123")
    page.locator("#return_direct-fee_paid").check()
    page.locator("#return_direct-originals_returned").check()
    before = typed(page)
    with unplugged(page, faults):
        page.keyboard.press("Control+Enter")
        expect(page.locator(".unreachable")).to_contain_text("Không nối được máy chủ")
        assert typed(page) == before
    with moves.done(page):
        page.keyboard.press("Control+Enter")


def test_the_forms_of_a_dossier_outlive_the_network_too(
    live: Live, browse: Browse, faults: Faults
) -> None:
    with live.app.app_context():
        office = Office(live.app)
        code = office.walk(office.receive(), Status.APPRAISING).code
    page = browse("chuyenvien", f"/ho-so/{code}")
    opinion = page.locator("#propose_result-opinion")
    opinion.fill("Ý kiến viết lâu.")
    bar = page.locator(".unreachable")
    with unplugged(page, faults):
        page.keyboard.press("Control+Enter")
        expect(bar).to_contain_text("Không nối được máy chủ")
        expect(opinion).to_have_value("Ý kiến viết lâu.")
    expect(bar).to_contain_text("Đã nối lại được máy chủ")
    bar.get_by_role("button", name="Gửi lại").click()
    expect(page.get_by_text("Đã xong “Trình kết quả”")).to_be_visible()
    with live.app.app_context():
        query = select(Dossier.status).where(Dossier.code == code)
        assert db.session.scalar(query) == Status.SUBMITTED_FOR_APPROVAL


def test_what_the_server_failed_at_is_sent_again_from_its_page(
    live: Live, browse: Browse, faults: Faults
) -> None:
    with live.app.app_context():
        office = Office(live.app)
        code = office.walk(office.receive(), Status.APPRAISING).code
    page = browse("chuyenvien", f"/ho-so/{code}")
    page.locator("#propose_result-opinion").fill("Ý kiến viết lâu.")
    faults.allow(500)
    with failing(live, "desk.act", RuntimeError("broken")), moves.going_on(page):
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hệ thống gặp lỗi")
    expect(page.locator("main")).to_contain_text("Ý kiến viết lâu.")
    assert [*wrong_with(page), *wrong_in_forced_colours(page)] == []
    with moves.done(page):
        page.get_by_role("button", name="Gửi lại").click()
    expect(page.locator("#life")).to_contain_text("Ý kiến viết lâu.")
