"""How pages stand on the screen and answer the keyboard, and what a stranger may not do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import moves
from tests.browser.busy import Known
from tests.browser.conftest import SCREEN, Browse
from tests.browser.pages import SUMMARY

pytestmark = pytest.mark.browser


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


def above_the_bar(page: Page, *parts: str) -> None:
    """Each part is seen whole, without scrolling, over the key bar at the bottom."""
    bar = page.locator("footer.bar")
    floor = (bar.bounding_box() or {"y": SCREEN["height"]})["y"] if bar.count() else 625
    assert page.evaluate("scrollY") == 0
    for part in parts:
        box = page.locator(part).first.bounding_box()
        assert box is not None and box["y"] >= 0 and box["y"] + box["height"] <= floor + 1, part


# What has to be in view when the page opens: what is decided, and the button that decides it.
IN_VIEW = {
    "leader": ("lanhdao", "/phe-duyet", "#pane", "#pane .buttons .button", ".toolbar .button"),
    "dossier": ("chuyenvien", "/ho-so/{appraising}", ".due-date", ".primary-act .button"),
    "return": ("traketqua", "/tra-ket-qua/{at_one_stop}", "#give .button.main"),
    "returned": ("traketqua", "/tra-ket-qua/xong/{returned}", ".confirm", ".next .button.main"),
    "received": ("tiepnhan", "/tiep-nhan/xong/{accepted}", ".confirm .number", ".next .main"),
    "stamp": ("vanthu", "/van-thu", "[data-row] .button"),
    "board": ("chanhvp", "/bao-cao", ".figures"),
}


@pytest.mark.parametrize("name", IN_VIEW)
def test_what_is_decided_is_in_view(known: Known, browse: Browse, name: str) -> None:
    person, address, *parts = IN_VIEW[name]
    page = browse(person, address.format(**known.places))
    above_the_bar(page, *parts)


def test_the_button_that_signs_many_is_in_view(known: Known, browse: Browse) -> None:
    page = browse("lanhdao", "/phe-duyet")
    SUMMARY(page)
    above_the_bar(page, ".toolbar .button", "[data-row]")


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
