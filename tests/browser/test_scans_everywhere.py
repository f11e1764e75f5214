"""A scanner is used wherever the clerk happens to be: nothing is pressed or sent by it."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from app.core.states import Status
from tests.browser.busy import Known
from tests.browser.conftest import Browse
from tests.browser.test_scanner import CARD, burst

pytestmark = pytest.mark.browser

RECEIPTS = {"QR": "HTTP://MOTCUA.VN/T/GY7HJPEQ53", "Code 128": "2611190001"}


def unsent(page: Page) -> None:
    """Whatever is sent from now on is a fault of the page."""
    page.evaluate(
        "document.addEventListener('submit', () => console.error('a form was sent'), true)"
    )


@pytest.mark.parametrize("code", [*RECEIPTS.values(), CARD], ids=[*RECEIPTS, "card"])
def test_a_focused_button_is_not_pressed(known: Known, browse: Browse, code: str) -> None:
    page = browse("tiepnhan", "/chuyen-ho-so")
    unsent(page)
    button = page.locator("main button").first
    button.focus()
    burst(page, code)
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#find")).to_have_value(CARD[:12] if code == CARD else code)
    page.keyboard.press("Escape")


@pytest.mark.parametrize("code", RECEIPTS.values(), ids=RECEIPTS)
def test_a_receipt_scanned_into_a_field_of_the_return_desk(
    known: Known, browse: Browse, code: str
) -> None:
    page = browse("traketqua", "/tra-ket-qua")
    shelf = page.locator("input[name=shelf]").first
    shelf.fill("Kệ A")
    received = page.locator("#coming + ul li, [aria-labelledby=coming] li").count()
    with page.expect_navigation():
        burst(page, code)
    assert page.locator("[name=tim]").first.input_value() in (code, "")
    page.goto("/tra-ket-qua")
    expect(page.locator("[aria-labelledby=coming] li")).to_have_count(received)
    assert "MOTCUA.VN" not in page.content()


@pytest.mark.parametrize("code", RECEIPTS.values(), ids=RECEIPTS)
def test_a_receipt_is_nobodys_identity_number(known: Known, browse: Browse, code: str) -> None:
    page = browse("traketqua", f"/tra-ket-qua/{known.places[Status.AT_ONE_STOP]}")
    unsent(page)
    number = page.locator("[name=receiver_id]")
    expect(number).to_be_focused()
    burst(page, code)
    expect(number).to_have_value("")
    expect(page.locator("#card-said")).to_contain_text("không phải thẻ căn cước")


def test_a_scanner_that_falters_is_read_all_the_same(known: Known, browse: Browse) -> None:
    page = browse("tiepnhan", "/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    unsent(page)
    phone = page.locator("#phone")
    phone.fill("09")
    phone.press("End")
    session = page.context.new_cdp_session(page)
    at = time.time()
    for n, letter in enumerate(CARD):
        at += 0.3 if n in (6, 61) else 0.005
        stroke = {"key": letter, "text": letter, "timestamp": at}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", **stroke})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter, "timestamp": at + 0.005})
    expect(page.locator("#card-said")).to_contain_text("Đã điền từ thẻ căn cước")
    expect(page.locator("#personal_id")).to_have_value(CARD[:12])
    expect(phone).to_have_value("09")


def test_the_queue_is_not_moved_by_a_scan(known: Known, browse: Browse) -> None:
    page = browse("tiepnhan", "/quay")
    if page.locator("main [name=counter]").count():
        with page.expect_navigation():
            page.locator("main [name=counter]").first.click()
    unsent(page)
    page.locator("main button").first.focus()
    burst(page, RECEIPTS["Code 128"])
    expect(page.locator("#find")).to_have_value(RECEIPTS["Code 128"])
