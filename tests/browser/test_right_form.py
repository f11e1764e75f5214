"""Ctrl+Enter sends the form in which the focus stands, never another one, and never twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.core.states import Status
from app.extensions import db
from app.models import Dossier
from tests.approval.ready import to_sign
from tests.browser import moves
from tests.browser.conftest import PASSWORD, Browse, Live
from tests.make import Office

pytestmark = pytest.mark.browser
REASON = "Thiếu ảnh hiện trạng."
REPEATS = 8  # of a key that is held, on every page


def made(live: Live, make: Callable[[Office], Dossier]) -> Dossier:
    with live.app.app_context():
        return make(Office(live.app))


def appraising(office: Office) -> Dossier:
    return office.walk(office.receive(), Status.APPRAISING)


def now(live: Live, dossier: Dossier) -> Dossier:
    with live.app.app_context():
        return Office(live.app).fresh(dossier.id)


def signed(live: Live) -> int:
    with live.app.app_context():
        query = select(func.count()).select_from(Dossier)
        return db.session.scalar(query.where(Dossier.status == Status.APPROVED)) or 0


def type_reason(page: Page) -> None:
    """Unfold “Trả lại thẩm định” and write why, by keyboard."""
    page.locator("summary", has_text="Trả lại thẩm định").press("Enter")
    page.locator("#send_back-reason").focus()
    page.keyboard.type(REASON)


def hold(page: Page, key: str) -> None:
    """What a key that is held types; it is not let go of."""
    for _ in range(REPEATS):
        page.keyboard.down(key)
        page.wait_for_timeout(60)


@pytest.mark.parametrize("address", ["/ho-so/{}", "/phe-duyet?mo={}"])
def test_a_reason_to_send_back_never_signs(live: Live, browse: Browse, address: str) -> None:
    dossier = made(live, to_sign)
    page = browse("lanhdao", address.format(dossier.code))
    type_reason(page)
    with moves.done(page):
        page.keyboard.press("Control+Enter")
    assert now(live, dossier).status == Status.APPRAISING


def test_a_reason_with_ticked_rows_is_still_sent_by_itself(live: Live, browse: Browse) -> None:
    dossiers = [made(live, to_sign) for _ in range(2)]
    page = browse("lanhdao", "/phe-duyet")
    page.locator("[data-round] [type=checkbox]").nth(1).check()
    page.keyboard.press("k")
    expect(page.locator("#pane [data-code]")).to_have_attribute("data-code", dossiers[0].code)
    type_reason(page)
    with moves.done(page):
        page.keyboard.press("Control+Enter")
    assert now(live, dossiers[0]).status == Status.APPRAISING
    assert now(live, dossiers[1]).status == Status.SUBMITTED_FOR_APPROVAL


def test_a_proposal_to_refuse_is_no_proposal_to_grant(live: Live, browse: Browse) -> None:
    dossier = made(live, appraising)
    page = browse("chuyenvien", f"/ho-so/{dossier.code}")
    fold = page.locator("details.other", has_text="từ chối giải quyết").first
    fold.locator("summary").first.press("Enter")
    page.locator("#propose_refusal-reason_code").select_option("not_eligible")
    page.locator("#propose_refusal-legal_basis").fill("khoản 8 Điều 19")
    page.locator("#propose_refusal-reason").fill(REASON)
    with moves.done(page):
        page.keyboard.press("Control+Enter")
    assert now(live, dossier).outcome == "refused"


def test_what_is_typed_and_left_is_not_taken_for_the_main_act(live: Live, browse: Browse) -> None:
    dossier = made(live, to_sign)
    page = browse("lanhdao", f"/ho-so/{dossier.code}")
    reason = page.locator("#send_back-reason")
    page.locator("summary", has_text="Trả lại thẩm định").press("Enter")
    page.keyboard.press("Control+Enter")  # on the open fold: to its field, nothing is sent
    expect(reason).to_be_focused()
    page.keyboard.type(REASON)
    page.locator("h1").click()
    page.keyboard.press("Control+Enter")
    expect(reason).to_be_focused()
    expect(reason).to_have_value(REASON)
    assert now(live, dossier).status == Status.SUBMITTED_FOR_APPROVAL
    with moves.done(page):
        page.keyboard.press("Control+Enter")
    assert now(live, dossier).status == Status.APPRAISING


def test_from_a_search_the_main_button_unless_something_is_typed(
    live: Live, browse: Browse
) -> None:
    dossier = made(live, to_sign)
    page = browse("lanhdao", f"/ho-so/{dossier.code}")
    page.keyboard.press("Control+K")  # with Caps Lock
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("mau")
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    assert page.url.endswith("/tim") and signed(live) == 0
    page.goto(f"/ho-so/{dossier.code}")
    page.locator("#find").focus()
    with moves.done(page):
        page.keyboard.press("Control+Enter")
    assert signed(live) == 1


def test_the_intake_form_refuses_from_its_refusal(live: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    moves.fill_person(page)
    with moves.going_on(page):
        page.get_by_role("button", name="Từ chối, in phiếu").click()
    page.locator("#reason_code").select_option("not_eligible")
    page.locator("#legal_basis").fill("khoản 2 Điều 17")
    page.locator("#reason").fill(REASON)
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("từ chối")


def test_a_form_among_others_is_sent_without_a_key_of_its_own(live: Live, browse: Browse) -> None:
    page = browse("chanhvp", "/quay/thiet-lap")
    form = page.locator("main form[method=post]").first
    said = page.evaluate(
        "() => { const form = document.querySelector('main form[method=post]');"
        " form.addEventListener('submit', (e) => { e.preventDefault(); window.sent = true; });"
        " return [...form.elements].filter((b) => b.type === 'submit').length; }"
    )
    form.locator("input:not([type=hidden])").first.focus()
    page.keyboard.press("Control+Enter")
    assert said >= 1 and page.evaluate("window.sent") is True


def test_the_log_in_over_a_page_sends_itself(live: Live, browse: Browse) -> None:
    dossier = made(live, to_sign)
    page = browse("lanhdao", f"/ho-so/{dossier.code}")
    type_reason(page)
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Phiên làm việc đã hết")
    expect(dialog).to_be_visible()
    page.locator("#again-name").fill("lanhdao")
    page.locator("#again-word").fill(PASSWORD)
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#send_back-reason")).to_have_value(REASON)
    assert now(live, dossier).status == Status.SUBMITTED_FOR_APPROVAL


def test_a_held_key_stops_at_the_summary(live: Live, browse: Browse) -> None:
    made(live, to_sign)
    page = browse("lanhdao", "/phe-duyet")
    page.keyboard.press("Space")
    page.keyboard.down("Control")
    hold(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi ký 1 hồ sơ")
    hold(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi ký 1 hồ sơ")
    assert signed(live) == 0
    page.keyboard.up("Enter")
    with moves.going_on(page):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.keyboard.up("Control")
    assert signed(live) == 1


def test_enter_held_on_a_button_stops_at_the_summary_too(live: Live, browse: Browse) -> None:
    made(live, to_sign)
    page = browse("lanhdao", "/phe-duyet")
    page.keyboard.press("Space")
    page.locator("[data-key='Ctrl+Enter']").focus()
    hold(page, "Enter")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Xem lại trước khi ký 1 hồ sơ")
    hold(page, "Enter")
    expect(title).to_have_text("Xem lại trước khi ký 1 hồ sơ")
    assert signed(live) == 0


def test_enter_held_in_a_text_writes_lines(live: Live, browse: Browse) -> None:
    dossier = made(live, appraising)
    page = browse("chuyenvien", f"/ho-so/{dossier.code}")
    opinion = page.locator("#propose_result-opinion")
    opinion.focus()
    hold(page, "Enter")
    page.keyboard.up("Enter")
    expect(opinion).to_have_value("\n" * REPEATS)
