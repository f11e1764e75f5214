"""Rounds by keyboard alone: an officer appraises, a leader signs many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.core.states import Status
from app.extensions import db
from app.models import Dossier
from tests.browser.conftest import PHONE, Browse, Live
from tests.make import TODAY, Office

pytestmark = pytest.mark.browser


class Keys:
    """Presses keys and counts them; nothing else touches the page."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.count += key.count("+") + 1
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.count += len(words)
        self.page.keyboard.type(words)


def fill(live: Live, make: Callable[[Office], object]) -> None:
    with live.app.app_context():
        make(Office(live.app))
        db.session.remove()


def to_sign(count: int, unusual: int = 0) -> Callable[[Office], None]:
    """Dossiers before the leader, the first ones late."""

    def make(office: Office) -> None:
        for number in range(count + unusual):
            at = TODAY - timedelta(days=20) if number < unusual else None
            dossier = office.walk(office.receive(at=at), Status.APPRAISING)
            office.act(dossier, "propose_result", "chuyenvien", opinion="Đủ điều kiện.")
            office.act(dossier, "finish_step", "truongphong")

    return make


def in_state(live: Live, status: Status) -> int:
    with live.app.app_context():
        query = select(func.count()).select_from(Dossier).where(Dossier.status == status)
        found = db.session.scalar(query) or 0
        db.session.remove()
        return found


def test_a_leader_signs_twenty_by_keyboard(
    live: Live, browse: Browse, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(live, to_sign(20, unusual=1))
    page = browse("lanhdao", "/phe-duyet")
    keys = Keys(page)
    rows = page.locator("[data-round] [data-row]")
    expect(rows).to_have_count(21)
    expect(rows.first).to_be_focused()
    for number in range(21):  # every dossier is looked at, every one ticked
        code = rows.nth(number).locator(".code").inner_text()
        expect(page.locator("#pane [data-code]")).to_have_attribute("data-code", code)
        keys.press("Space")
        if number < 20:
            keys.press("j")
    expect(page.locator("[data-count]")).to_have_text("21")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi ký 21 hồ sơ")
    expect(page.locator("[aria-labelledby=unusual] [data-row]")).to_have_count(1)
    expect(page.locator("[aria-labelledby=unusual]")).to_contain_text("quá hạn")
    keys.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã xong 20 hồ sơ; 1 hồ sơ để lại")
    keys.press("Control+Enter")
    expect(rows).to_have_count(1)
    assert in_state(live, Status.APPROVED) == 20
    with capsys.disabled():
        print(f"\n  lãnh đạo ký 20 hồ sơ: {keys.count} phím")  # noqa: T201
    assert keys.count <= 50


def test_all_the_usual_ones_are_ticked_by_one_key(live: Live, browse: Browse) -> None:
    fill(live, to_sign(3, unusual=1))
    page = browse("lanhdao", "/phe-duyet")
    page.keyboard.press("Shift+Tab")
    keys = Keys(page)
    page.get_by_label("Chọn mọi hồ sơ bình thường").focus()
    keys.press("Space", "Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi ký 3 hồ sơ")
    keys.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã xong 3 hồ sơ")
    assert in_state(live, Status.APPROVED) == 3


def test_an_officer_appraises_three_by_keyboard(
    live: Live, browse: Browse, capsys: pytest.CaptureFixture[str]
) -> None:
    def make(office: Office) -> None:
        for _ in range(3):
            office.walk(office.receive(), Status.APPRAISING)

    fill(live, make)
    page = browse("chuyenvien", "/tham-dinh")
    keys = Keys(page)
    expect(page.locator("[aria-labelledby=work] [data-row]").first).to_be_focused()
    keys.press("Enter")
    way = page.locator("[data-around]")
    expect(way).to_be_focused()
    first = page.get_by_role("heading", level=1).inner_text()
    keys.press("j")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    expect(way).to_be_focused()
    keys.press("[")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    for left in (2, 1, 0):
        expect(way).to_be_focused()
        with page.expect_navigation():  # the page before says "Đã xong" too
            keys.press("Control+Enter")
        expect(page.get_by_role("status")).to_contain_text("Đã xong “Trình")
        if left:
            expect(way).to_be_visible()
    expect(page).to_have_url(live.url + "/tham-dinh?xem=hom-nay")
    assert in_state(live, Status.SUBMITTED_FOR_APPROVAL) == 3
    with capsys.disabled():
        print(f"\n  công chức trình 3 hồ sơ: {keys.count} phím")  # noqa: T201
    assert keys.count <= 12


def test_letters_in_a_field_leave_the_dossier_where_it_is(live: Live, browse: Browse) -> None:
    def make(office: Office) -> None:
        for _ in range(2):
            office.walk(office.receive(), Status.APPRAISING)

    fill(live, make)
    page = browse("chuyenvien", "/tham-dinh")
    page.keyboard.press("Enter")
    expect(page.locator("[data-around]")).to_be_focused()
    code = page.get_by_role("heading", level=1).inner_text()
    field = page.locator("#propose_result-opinion")
    field.focus()
    page.keyboard.type("kj[] ")
    expect(field).to_have_value("kj[] ")
    expect(page.get_by_role("heading", level=1)).to_have_text(code)


def test_the_round_without_a_script(live: Live, browse: Browse) -> None:
    fill(live, to_sign(2))
    page = browse("lanhdao", "/phe-duyet", java_script_enabled=False)
    second = page.locator("[data-round] [data-row]").nth(1)
    code = second.locator(".code").inner_text()
    second.locator("a.open").click()
    expect(page.locator(f"#pane [data-code='{code}']")).to_be_visible()
    for box in page.locator("[data-round] [type=checkbox]").all():
        box.check()
    page.locator("[data-key='Ctrl+Enter']").click()
    page.locator("[data-key='Ctrl+Enter']").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xong 2 hồ sơ")


def test_many_are_taken_over_by_ticks_and_failures_stand_on_top(live: Live, browse: Browse) -> None:
    def make(office: Office) -> None:
        for _ in range(3):
            office.walk(office.receive(), Status.IN_TRANSFER)

    fill(live, make)
    page = browse("truongphong", "/tham-dinh?xem=den")
    page.get_by_label("Chọn cả trang").check()
    expect(page.locator("[data-count]")).to_have_text("3")

    def spoil(office: Office) -> None:
        one = db.session.scalars(select(Dossier).order_by(Dossier.id)).first()
        assert one is not None
        office.act(one, "return_transfer", "truongphong", reason="Nhầm đơn vị.")

    fill(live, spoil)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã xong 2 hồ sơ; 1 hồ sơ chưa làm được")
    expect(page.locator("ul.results").first).to_contain_text("Chưa làm được")


def test_on_a_phone_the_list_comes_first(live: Live, browse: Browse) -> None:
    fill(live, to_sign(2))
    page = browse("lanhdao", "/phe-duyet", viewport=PHONE)
    box = page.locator("[data-round]").bounding_box()
    pane = page.locator("#pane").bounding_box()
    assert box and pane and box["y"] < pane["y"]
