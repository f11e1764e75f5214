"""A card scanner that types like a keyboard, wherever the focus is when it fires."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, Live

pytestmark = pytest.mark.browser

CARD = (
    "038190000123||Nguyễn Thị Mẫu|05021990|Nữ|Thôn 1, Nga Yên, Nga Sơn, Thanh Hóa|15042021"
)  # fmt: skip
READ = {
    "personal_id": "038190000123",
    "name": "Nguyễn Thị Mẫu",
    "birth_date": "05/02/1990",
    "sex": "Nữ",
    "address": "Thôn 1, Nga Yên, Nga Sơn, Thanh Hóa",
}
SCANNER = 5  # ms from key to key
PERSON = 45


def burst(page: Page, text: str, pace: int = SCANNER, *, keyed: bool = True) -> None:
    """Type text and Enter with exactly `pace` ms between keys, whatever the machine is doing.

    keyed: letters with marks come with a key of their own; else as an input method sends them,
    as text without a key.
    """
    session = page.context.new_cdp_session(page)
    at = time.time()
    for letter in text:
        at += pace / 1000
        if keyed or letter.isascii():
            stroke = {"key": letter, "text": letter, "timestamp": at}
            session.send("Input.dispatchKeyEvent", {"type": "keyDown", **stroke})
        else:
            session.send("Input.insertText", {"text": letter})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
    at += pace / 1000
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter, "timestamp": at})
    session.detach()


def person_on(page: Page) -> dict[str, str]:
    return {name: page.locator(f"#{name}").input_value() for name in READ}


@pytest.fixture(scope="module")
def office(server: Live) -> Live:
    """A fresh office; no test here changes anything in it."""
    return server.restore()


@pytest.fixture
def counter(office: Live, browse: Browse) -> Page:
    """The intake screen with a procedure, nobody and nothing checked yet; sending is a fault."""
    page = browse("tiepnhan", "/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    expect(page.locator("#personal_id")).to_be_focused()
    page.locator("form#intake").evaluate(
        "form => form.addEventListener('submit', () => console.error('the form was sent'))"
    )
    return page


def taken(page: Page) -> None:
    """The card is read, the telephone comes next, nothing was sent."""
    expect(page.locator("#card-said")).to_contain_text("Đã điền từ thẻ căn cước")
    expect(page.locator("#phone")).to_be_focused()
    assert person_on(page) == READ
    expect(page.locator(".due-date")).to_be_visible()


@pytest.mark.parametrize(
    ("place", "keyed"),
    [("#phone", True), ("#phone", False), ("#note", True), ("#personal_id", False)],
)
def test_a_scan_into_a_text_field(counter: Page, place: str, keyed: bool) -> None:
    field = counter.locator(place)
    if place == "#note":
        counter.get_by_text("Ghi chú").first.click()
    field.fill("đã có chữ")
    field.press("Home")
    field.press("ArrowRight")
    burst(counter, CARD, keyed=keyed)
    taken(counter)
    if place != "#personal_id":
        expect(field).to_have_value("đã có chữ")


@pytest.mark.parametrize(
    ("place", "keyed"),
    [("#components-1", True), ("#components-1", False), ("#kind", False), ("#case", True)],
)
def test_a_scan_on_a_choice(counter: Page, place: str, keyed: bool) -> None:
    radio = counter.locator(place)
    radio.focus()
    before = radio.is_checked()
    burst(counter, CARD, keyed=keyed)
    taken(counter)
    assert radio.is_checked() == before
    expect(counter.locator("#papers-state")).to_have_text("Còn 1 chưa kiểm tra")


@pytest.mark.parametrize(
    ("place", "keyed"), [("#result_channel", True), ("#result_channel", False), ("#sex", True)]
)
def test_a_scan_on_a_list(counter: Page, place: str, keyed: bool) -> None:
    chosen = counter.locator(place)
    before = chosen.input_value()
    chosen.focus()
    burst(counter, CARD, keyed=keyed)
    taken(counter)
    if place != "#sex":
        expect(chosen).to_have_value(before)


def test_a_scan_into_the_search_box_searches_nothing(office: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/tiep-nhan")
    expect(page.locator("#tim")).to_be_focused()
    burst(page, CARD)
    expect(page.locator("#phone")).to_be_focused()
    assert person_on(page) == READ
    expect(page.locator("#tim")).to_have_value("")
    expect(page.locator("#results")).to_be_hidden()


def test_a_scan_with_nothing_in_focus(counter: Page) -> None:
    counter.evaluate("document.activeElement.blur()")
    burst(counter, CARD)
    taken(counter)


def test_letters_that_the_scanner_lost_are_asked_for(counter: Page) -> None:
    lost = "038190000123||Nguy?n Th? M?u|05021990|N?|Th?n 1, Nga Y?n|15042021"
    burst(counter, lost)
    expect(counter.locator("#card-said")).to_contain_text("Sửa họ tên, địa chỉ theo thẻ")
    expect(counter.locator("#name")).to_be_focused()
    for name in ("name", "address"):
        expect(counter.locator(f"#{name}")).to_have_attribute("aria-invalid", "true")
    expect(counter.locator("#personal_id")).to_have_value(READ["personal_id"])
    expect(counter.locator("#birth_date")).to_have_value(READ["birth_date"])
    expect(counter.locator("#sex")).to_have_value("")


def test_a_person_typing_fast_is_no_scanner(counter: Page) -> None:
    counter.locator("#personal_id").focus()
    burst(counter, READ["personal_id"], PERSON)
    expect(counter.locator("#personal_id")).to_have_value(READ["personal_id"])
    expect(counter.locator("#name")).to_be_focused()
    counter.locator("#address").focus()
    burst(counter, CARD, PERSON)
    expect(counter.locator("#address")).to_have_value(CARD)
    expect(counter.locator("#card-said")).to_be_hidden()
