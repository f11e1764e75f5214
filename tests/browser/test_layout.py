"""How pages stand on the screen and answer the keyboard, and what a stranger may not do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from app.extensions import writing
from app.failures import Brake
from app.models import FailureCount
from tests.browser import moves
from tests.browser.busy import Known
from tests.browser.conftest import PHONE, SCREEN, Browse, Faults, Live
from tests.browser.inspection import wrong_with

pytestmark = pytest.mark.browser


def forget_failures(server: Live) -> None:
    """The next test looks things up from the same address."""
    server.app.extensions["motcua.brake"] = Brake()
    with server.app.app_context(), writing() as session:
        session.execute(delete(FailureCount))


def test_who_guesses_too_often_must_wait(
    known: Known, server: Live, browse: Browse, faults: Faults
) -> None:
    page = browse(viewport=PHONE)
    told = page.get_by_role("heading", level=1, name="Thử quá nhiều lần")
    faults.allow(404, 429)
    try:
        for number in range(60):
            page.goto(f"/t/{number:0>10}")
            if told.is_visible():
                break
        expect(told).to_be_visible()
        assert wrong_with(page) == []
    finally:
        page.context.close()
        forget_failures(server)


@pytest.mark.parametrize("address", ["/so-theo-doi", "/thu-tuc"], ids=["staff", "public"])
def test_the_skip_link_is_the_first_stop(known: Known, browse: Browse, address: str) -> None:
    page = browse("tiepnhan", address)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("code", ["1.001266", "1.001612", "1.001622", "1.003003"])
def test_five_papers_fit_the_counters_screen(known: Known, browse: Browse, code: str) -> None:
    page = browse("tiepnhan", f"/tiep-nhan?thu-tuc={code}")
    moves.fill_person(page)
    rows = page.locator("tr.paper")
    expect(rows).to_have_count(5)
    page.keyboard.press("F4")
    for _ in range(5):
        page.keyboard.press("d")
    expect(page.locator("#papers-state")).to_have_text("Đủ thành phần")
    expect(page.locator("#accept")).to_be_focused()
    for part in (page.locator(".due-date"), page.locator("#accept"), rows.last):
        expect(part).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.scrollingElement.scrollHeight") <= SCREEN["height"]


@pytest.mark.parametrize("code", ["2.000720", "2.000806", "1.005280"])
def test_the_main_button_stays_in_view(known: Known, browse: Browse, code: str) -> None:
    case = {"2.000720": "noi-dung", "1.005280": "moi"}.get(code, "")
    page = browse("tiepnhan", f"/tiep-nhan?thu-tuc={code}&truong-hop={case}")
    for part in (page.locator(".due-date"), page.locator("#accept")):
        expect(part).to_be_in_viewport(ratio=1)
    page.locator("tr.paper").last.locator("label.yes").click()
    for part in (page.locator(".due-date"), page.locator("#accept")):
        expect(part).to_be_in_viewport(ratio=1)


def test_lists_are_walked_by_keyboard(known: Known, browse: Browse) -> None:
    page = browse("tiepnhan", "/chuyen-ho-so")
    rows = page.locator("[data-row]")
    rows.nth(0).locator("a").focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    code = rows.nth(1).locator(".code").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(code)


def test_forced_colours_keep_what_colour_says(known: Known, browse: Browse) -> None:
    """With the system's own colours a chosen answer still looks otherwise than the others."""
    page = browse(
        "tiepnhan", "/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat", forced_colors="active"
    )
    row = page.locator("tr.paper").first
    look = "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.color, s.outline]; }"
    yes, no = row.locator("label.yes span"), row.locator("label.no span")
    assert yes.evaluate(look) == no.evaluate(look)
    row.locator("label.yes").click()
    page.mouse.move(0, 0)
    page.locator("#name").focus()
    assert yes.evaluate(look) != no.evaluate(look)
    expect(page.locator("#accept")).to_be_in_viewport(ratio=1)
    for address in ("/tra-ket-qua", "/so-theo-doi", f"/t/{known.places['late_token']}"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
