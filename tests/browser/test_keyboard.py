"""The counter without a mouse: a walk-in with three papers, and the return desk."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.core.completeness import FeeGiven
from app.core.states import Status
from tests.browser import moves
from tests.browser.conftest import Browse, Live
from tests.browser.inspection import wrong_with
from tests.browser.test_scanner import CARD, burst
from tests.make import Office, make_request

pytestmark = pytest.mark.browser

MOST_KEYS = 22  # and one scan, for a walk-in with three papers
# Three required papers; between the second and the third stands one that is not.
CODE, INITIALS = "1.001266", "cdhd"
TO_PAPERS = ("F4", "Space", "Space", "ArrowDown")


class Keys:
    """A keyboard that counts; a key with a modifier is one press."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed: list[str] = []

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def type(self, text: str) -> None:
        for letter in text:
            self.page.keyboard.type(letter)
            self.pressed.append(letter)

    def tell(self, besides: str) -> None:
        """The figure, for who runs the test with -s."""
        sys.stdout.write(f"{len(self.pressed)} keys and {besides}: {' '.join(self.pressed)}\n")


def no_mouse(page: Page) -> None:
    """Anything a mouse does from now on is a fault."""
    page.evaluate(
        "['mousedown', 'pointerdown'].forEach((kind) => document.addEventListener(kind,"
        " () => console.error('the mouse was used'), true))"
    )


def ready_for_return(live: Live) -> Any:
    """A result at the counter: one original held, 15.000 đ due."""
    with live.app.app_context():
        office = Office(live.app)
        due = FeeGiven(1, amount=15_000, timing="later")
        return office.walk(office.receive(make_request(fees=(due,))), Status.AT_ONE_STOP)


def test_a_walk_in_with_three_papers(live: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/tiep-nhan")
    no_mouse(page)
    keys = Keys(page)
    expect(page.locator("#tim")).to_be_focused()
    keys.type(INITIALS)
    expect(page.get_by_role("option").first).to_contain_text(CODE)
    with moves.going_on(page):
        keys.press("Enter")
    burst(page, CARD)
    expect(page.locator("#phone")).to_be_focused()
    keys.type("0912345678")
    keys.press(*TO_PAPERS, "Space")
    expect(page.locator("#papers-state")).to_have_text("Đủ thành phần")
    expect(page.locator("#accept")).to_contain_text("Tiếp nhận và in giấy hẹn")
    with moves.going_on(page):
        keys.press("Control+Enter")
    moves.accepted(page)
    keys.tell("one scan")
    assert len(keys.pressed) <= MOST_KEYS, keys.pressed


def test_the_same_person_again_and_the_next_one(live: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/tiep-nhan?thu-tuc=" + CODE)
    no_mouse(page)
    keys = Keys(page)
    burst(page, CARD)
    expect(page.locator("#phone")).to_be_focused()
    keys.type("0912345678")
    keys.press(*TO_PAPERS, "t")
    expect(page.locator("#accept")).to_contain_text("Yêu cầu bổ sung và in phiếu")
    with moves.going_on(page):
        keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã yêu cầu bổ sung")
    with moves.going_on(page):
        keys.press("F2")
    expect(page.locator("#personal_id")).to_have_value("038190000123")
    expect(page.locator("#tim")).to_be_focused()
    keys.type(INITIALS)
    expect(page.get_by_role("option").first).to_contain_text(CODE)
    with moves.going_on(page):
        keys.press("Enter")
    keys.press(*TO_PAPERS, "Space")
    with moves.going_on(page):
        keys.press("Control+Enter")
    moves.accepted(page)
    with moves.going_on(page):
        keys.press("F9")
    expect(page.locator("#tim")).to_be_focused()


def test_the_table_of_keys(live: Live, browse: Browse) -> None:
    page = browse("tiepnhan", f"/tiep-nhan?thu-tuc={CODE}")
    page.locator("#name").fill("Nguyễn Thị Mẫu")
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog", name="Bảng phím")).to_be_visible()
    assert [w for w in wrong_with(page) if w.startswith("axe")] == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#name")).to_be_focused()


def test_a_person_known_from_before_is_offered(live: Live, browse: Browse) -> None:
    with live.app.app_context():
        Office(live.app).receive()
    page = browse("tiepnhan", f"/tiep-nhan?thu-tuc={CODE}")
    no_mouse(page)
    keys = Keys(page)
    expect(page.locator("#personal_id")).to_be_focused()
    keys.type("038190000123")
    keys.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    known = page.locator("#known")
    expect(known).to_contain_text("Có 1 hồ sơ đang giải quyết")
    expect(page.locator("#name")).to_have_value("")
    known.get_by_role("button", name="Điền theo hồ sơ trước").focus()
    keys.press("Enter")
    for name, value in (
        ("name", "Nguyễn Thị Mẫu"), ("birth_date", "05/02/1990"), ("sex", "Nữ"),
        ("address", "Thôn 1, xã Nga Yên"), ("phone", "0912345678"),
    ):  # fmt: skip
        expect(page.locator(f"#{name}")).to_have_value(value)
    page.locator("#name").focus()
    page.locator("#name").fill("Trần Văn Khác")
    keys.press("Enter")
    expect(known).to_contain_text("khác tên đang nhập")
    expect(page.locator("#name")).to_have_value("Trần Văn Khác")


def test_a_result_is_handed_over_by_receipt_and_card(live: Live, browse: Browse) -> None:
    made = ready_for_return(live)
    page = browse("traketqua", "/tra-ket-qua")
    no_mouse(page)
    keys = Keys(page)
    expect(page.locator("#seek")).to_be_focused()
    with moves.going_on(page):
        burst(page, made.code[-11:].replace("-", ""))
    expect(page.get_by_role("heading", level=1)).to_contain_text(made.code)
    expect(page.locator("#return_direct-receiver_id")).to_be_focused()
    burst(page, CARD)
    expect(page.locator("#card-said")).to_contain_text("khớp với người đứng tên hồ sơ")
    expect(page.locator("#return_direct-fee_paid")).to_be_focused()
    keys.press("Space", "Tab", "Space")
    with moves.done(page):
        keys.press("Control+Enter")
    expect(page.locator(".confirm")).to_contain_text("Đã trả kết quả")
    expect(page.locator(".confirm")).to_be_focused()
    with moves.going_on(page):
        keys.press("F9")
    expect(page.locator("#seek")).to_be_focused()
    keys.tell("two scans")
    with live.app.app_context():
        assert Office(live.app).fresh(made.id).status == Status.RETURNED


def test_the_card_alone_finds_and_identifies(live: Live, browse: Browse) -> None:
    made = ready_for_return(live)
    page = browse("traketqua", "/tra-ket-qua")
    page.locator("li[data-row]").first.focus()
    with moves.going_on(page):
        burst(page, CARD)
    expect(page.get_by_role("heading", level=1)).to_contain_text(made.code)
    assert "038190000123" not in page.url
    expect(page.locator("#return_direct-receiver_id")).to_have_value("038190000123")
    expect(page.locator("#card-said")).to_contain_text("khớp với người đứng tên hồ sơ")


def test_the_card_of_another_asks_for_the_authorisation(live: Live, browse: Browse) -> None:
    made = ready_for_return(live)
    page = browse("traketqua", f"/tra-ket-qua/{made.code}")
    no_mouse(page)
    keys = Keys(page)
    expect(page.locator("#return_direct-authorisation")).to_be_hidden()
    burst(page, CARD.replace("038190000123", "038090000456").replace("Thị Mẫu", "Văn Khác"))
    expect(page.locator("#card-said")).to_contain_text("cần giấy ủy quyền")
    expect(page.locator("#return_direct-authorisation")).to_be_focused()
    keys.type("12 ngay 20/11")
    keys.press("Enter")
    expect(page.locator("#return_direct-fee_paid")).to_be_focused()
    keys.press("Space", "Tab", "Space")
    with moves.done(page):
        keys.press("Control+Enter")


def test_everything_is_found_from_every_page(live: Live, browse: Browse) -> None:
    made = ready_for_return(live)
    page = browse("chuyenvien", "/tham-dinh")
    no_mouse(page)
    keys = Keys(page)
    keys.press("Control+k")
    expect(page.locator("#find")).to_be_focused()
    keys.type("mau")
    with moves.going_on(page):
        keys.press("Enter")
    expect(page.locator("mark").first).to_have_text("Mẫu")
    assert page.url.endswith("/tim")
    expect(page.locator("li[data-row]").first).to_be_focused()
    with moves.going_on(page):
        keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(made.code)
