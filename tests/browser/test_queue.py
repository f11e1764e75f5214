"""The queue on its real screens: the door, the wall, the counter; with and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from app.extensions import db, writing
from app.models import Counter
from tests.browser import busy
from tests.browser.conftest import PASSWORD, SCREEN, Browse, Faults, Live
from tests.browser.inspection import NARROW, wrong_with
from tests.make import TODAY, Office
from tests.ticketing.hands import BOARD, KIOSK, STOP, Seat

pytestmark = pytest.mark.browser
HALL = {"width": 1920, "height": 1080}


@pytest.fixture
def queue(live: Live) -> Live:
    """A morning in the middle: some served, some waiting, one skipped, one at a counter."""
    busy.queue(live.app)
    return live


def at_the_counter(browse: Browse) -> Page:
    """The officer's page at counter 1."""
    page = browse("tiepnhan", "/quay")  # where the morning's calls of counter 1 were this person's
    expect(page.get_by_role("button", name="Gọi số tiếp theo")).to_be_visible()
    return page


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled."""
    tall: int = page.evaluate("document.scrollingElement.scrollHeight")
    return tall <= (page.viewport_size or SCREEN)["height"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "none"])
@pytest.mark.parametrize("screen", [HALL, NARROW], ids=["hall", "narrow"])
def test_one_touch_gives_a_number(
    queue: Live, browse: Browse, script: bool, screen: dict[str, int]
) -> None:
    page = browse(at=KIOSK, viewport=screen, java_script_enabled=script)
    if script:
        assert wrong_with(page) == []
    assert screen is NARROW or fits(page)
    page.get_by_text("Đất đai").click()
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 48
    page.get_by_role("button", name="Lấy số").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Số của bạn: A019")
    expect(page.get_by_text("người trước bạn")).to_be_visible()
    if script:
        assert wrong_with(page) == []
    assert fits(page)
    page.get_by_role("link", name="Xong, nhường người sau").click()
    page.get_by_role("button", name="Người cao tuổi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Số của bạn: U003")


def test_the_board_is_read_from_afar_and_keeps_up(queue: Live, browse: Browse) -> None:
    board = browse(at=BOARD, viewport=HALL)
    assert wrong_with(board) == [] and fits(board)
    small = board.evaluate(
        "Math.min(...[...document.querySelectorAll('.board *')].filter((e) => !e.children.length)"
        ".map((e) => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert small >= 40  # at 5 m on a 43-inch screen
    at_the_counter(browse).keyboard.press("F9")
    expect(board.locator(".calls .fresh").first).to_have_text("A004 → Quầy 1")


def test_a_board_that_lost_the_server_says_so_and_comes_back(
    queue: Live, browse: Browse, faults: Faults
) -> None:
    board = browse(at=BOARD, viewport=HALL)
    faults.allow(503)
    board.route("**/bang-so/**", lambda route: route.fulfill(status=503))
    told = board.get_by_text("Mất kết nối với máy chủ")
    expect(told).to_be_visible()
    expect(board.get_by_text("Quầy 2")).to_be_visible()  # what was known stays
    board.unroute("**/bang-so/**")
    expect(told).to_be_hidden()


def test_eight_counters_fit_on_the_wall(queue: Live, browse: Browse) -> None:
    with queue.app.app_context():
        with writing() as session:
            made = [Counter(one_stop=STOP, number=n) for n in range(4, 13)]
            session.add_all(made)
            session.flush()
            numbers = [counter.id for counter in made]
        office = Office(queue.app)
        for number in numbers:
            Seat(office, number).call(TODAY)
        db.session.remove()
    board = browse(at=BOARD, viewport=HALL)
    expect(board.locator(".calls li")).to_have_count(8)
    assert fits(board) and wrong_with(board) == []


def test_a_person_a_key(queue: Live, browse: Browse, faults: Faults) -> None:
    """Every act of the counter by keyboard; the page never has to be scrolled."""
    faults.allow(422)
    page = at_the_counter(browse)
    assert wrong_with(page) == [] and fits(page)
    serving = page.locator(".serving")
    page.keyboard.press("F9")
    expect(serving).to_have_text("A004")
    assert wrong_with(page) == [] and fits(page)
    page.keyboard.press("F7")
    expect(page.get_by_role("status")).to_contain_text("Đã gọi lại số A004, lần 2")
    assert fits(page)
    page.keyboard.press("F8")
    expect(page.get_by_role("status")).to_contain_text("Đã bỏ qua số A004")
    page.get_by_role("button", name="Cho chờ lại A004").click()
    expect(page.get_by_role("status")).to_contain_text("Số A004 chờ lại")
    page.keyboard.press("F9")
    expect(serving).to_have_text("A004")
    page.get_by_role("button", name="Chuyển quầy").click()
    expect(page.get_by_role("alert")).to_contain_text("chọn một quầy khác đang mở")
    assert wrong_with(page) == [] and fits(page)
    page.keyboard.press("F4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã chuyển số A004 sang Quầy 2")
    page.keyboard.press("F9")
    expect(serving).to_have_text("A005")
    page.keyboard.press("F2")
    expect(page).to_have_url(f"{queue.url}/tiep-nhan?quay={STOP}")
    page.get_by_role("button", name="Đang phục vụ số").click()
    expect(serving).to_have_text("A005")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã xong số")


@pytest.mark.parametrize("person", ["tiepnhan", "tiepnhan.xa", "chanhvp", "quantri"])
def test_the_tabs_stay_on_one_line(queue: Live, browse: Browse, person: str) -> None:
    page = browse(person, "/quay" if person.startswith("tiepnhan") else "/quay/thiet-lap")
    if person == "tiepnhan":
        page = at_the_counter(browse)
        page.keyboard.press("F9")
        expect(page.locator(".serving")).to_have_text("A004")
    elif person == "tiepnhan.xa":
        page.get_by_role("button", name="Quầy 1", exact=True).click()
        browse(at="/lay-so/mot-cua-xa@nga-yen").get_by_role("button", name="Lấy số").click()
        page.keyboard.press("F9")
        expect(page.locator(".serving")).to_have_text("A001")
    tops = "new Set([...document.querySelectorAll('.tabs a')].map((a) => a.offsetTop)).size"
    assert page.evaluate(tops) == 1
    assert wrong_with(page) == []
    if person.startswith("tiepnhan"):
        for address in ("/tiep-nhan", "/tra-ket-qua"):
            page.goto(address)
            expect(page.locator(".in-line")).to_have_text(re.compile(r"^\d+ chờ$"))
            assert page.evaluate(tops) == 1, address


def test_the_heads_page(queue: Live, browse: Browse, faults: Faults) -> None:
    page = browse("chanhvp", "/quay/thiet-lap")
    page.get_by_role("link", name="Sửa Quầy 2").click()
    assert wrong_with(page) == []
    faults.allow(422)
    page.get_by_label("Số quầy").fill("1")
    page.get_by_role("button", name="Lưu quầy").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert wrong_with(page) == []


# ---- the next person, from where one works; two who want one counter -----------------------------


def test_the_next_person_is_called_from_the_intake_screen(queue: Live, browse: Browse) -> None:
    page = at_the_counter(browse)
    page.goto("/tiep-nhan")
    button = page.get_by_role("button", name="Gọi số tiếp")
    expect(button).to_contain_text("F9")
    page.keyboard.press("F9")
    expect(page.get_by_role("button", name="Đang phục vụ số A004")).to_contain_text("0 phút")
    expect(page).to_have_url(f"{queue.url}/tiep-nhan?quay={STOP}")
    expect(page.locator("#tim")).to_be_focused()
    assert wrong_with(page) == [] and fits(page)
    page.goto("/tra-ket-qua")
    page.keyboard.press("F9")
    expect(page.get_by_role("button", name="Đang phục vụ số A005")).to_be_visible()
    expect(page).to_have_url(f"{queue.url}/tra-ket-qua")


def test_what_is_typed_is_not_lost_by_calling(queue: Live, browse: Browse, faults: Faults) -> None:
    page = at_the_counter(browse)
    page.goto("/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    asked: list[str] = []

    def answer(yes: bool) -> None:
        def say(dialog: Dialog) -> None:
            asked.append(dialog.message)
            (dialog.accept if yes else dialog.dismiss)()

        page.once("dialog", say)

    page.locator("#name").fill("Nguyễn Thị Mẫu")
    answer(False)
    page.keyboard.press("F9")
    expect(page.locator("#name")).to_have_value("Nguyễn Thị Mẫu")
    faults.allow(422)
    page.locator("#phone").fill("123")
    page.locator("tr.paper label.no").first.click()
    page.locator("#accept").click()
    expect(page.get_by_role("alert")).to_be_focused()  # now nothing differs from what was sent
    answer(False)
    page.keyboard.press("F9")
    expect(page.locator("#name")).to_have_value("Nguyễn Thị Mẫu")
    answer(True)
    page.keyboard.press("F9")
    expect(page.get_by_role("button", name="Đang phục vụ số A004")).to_be_visible()
    expect(page.locator("#name")).to_have_value("")
    assert len(asked) == 3 and all("sẽ mất" in told for told in asked)


def test_two_at_one_counter_are_told(queue: Live, browse: Browse, faults: Faults) -> None:
    faults.allow(409)
    first, second = at_the_counter(browse), browse("traketqua", "/quay?doi=1")
    first.keyboard.press("F9")
    expect(first.locator(".serving")).to_have_text("A004")
    second.get_by_role("button", name="Quầy 1", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("đang phục vụ số A003")
    expect(second.get_by_role("alert")).to_contain_text("Hãy bấm Xong")
    second.goto("/quay")
    second.keyboard.press("Control+Enter")
    expect(second.get_by_role("status")).to_contain_text("Đã xong số A003")
    second.get_by_role("link", name="Đổi quầy").click()
    second.get_by_role("button", name="Quầy 1", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("Quầy 1 đang có Nguyễn Thị Hòa ngồi từ")
    assert wrong_with(second) == []
    second.get_by_role("button", name="Vẫn ngồi quầy này").click()
    expect(second.locator(".serving")).to_have_text("A004")
    first.keyboard.press("F9")
    expect(first.get_by_role("alert")).to_contain_text("nay do Mai Thị Lan ngồi")
    expect(second.locator(".serving")).to_have_text("A004")


def test_after_the_session_the_same_counter_goes_on(
    queue: Live, browse: Browse, faults: Faults
) -> None:
    faults.allow(400, 401)
    page = at_the_counter(browse)
    page.context.clear_cookies()
    page.keyboard.press("F9")
    dialog = page.get_by_role("dialog", name="Phiên làm việc đã hết")
    dialog.get_by_label("Tên đăng nhập").fill("tiepnhan")
    dialog.get_by_label("Mật khẩu").fill(PASSWORD)
    dialog.get_by_role("button", name="Đăng nhập lại").click()
    expect(dialog).to_be_hidden()
    page.keyboard.press("F9")
    expect(page.locator(".serving")).to_have_text("A004")
