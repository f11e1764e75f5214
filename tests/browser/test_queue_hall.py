"""The machine at the door when things go wrong around it, and on the screens it hangs on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select, update

from app.extensions import db, writing
from app.models import Counter, Ticket
from tests.browser.conftest import Browse, Faults, Live
from tests.browser.inspection import NARROW, wrong_in_forced_colours, wrong_with
from tests.browser.test_kept_forms import unplugged
from tests.ticketing.hands import BOARD, KIOSK

pytestmark = pytest.mark.browser
PORTRAIT = {"width": 1080, "height": 1920}
SCREENS = [PORTRAIT, {"width": 1366, "height": 768}, {"width": 800, "height": 1280}]
TOUCH = 24 * 96 / 25.4  # px of CSS
LOST = "Mất kết nối, máy tự thử lại…"


def counters_open(live: Live, are: bool) -> None:
    """Open or close every counter, as the head does."""
    with live.app.app_context():
        with writing() as session:
            session.execute(update(Counter).values(open=are))
        db.session.remove()


def given(live: Live) -> int:
    """How many numbers there are."""
    with live.app.app_context():
        count = db.session.scalar(select(func.count()).select_from(Ticket)) or 0
        db.session.remove()
        return count


def at_the_door(browse: Browse, **how: object) -> Page:
    """The machine, with a clock that the test turns."""
    page = browse(at="about:blank", **how)
    page.clock.install()
    page.goto(KIOSK)
    return page


@pytest.fixture
def door(live: Live, browse: Browse) -> Iterator[Page]:
    """The machine with everything open."""
    yield at_the_door(browse)


def test_a_closed_machine_opens_by_itself_and_closes(live: Live, browse: Browse) -> None:
    counters_open(live, False)
    page = at_the_door(browse)
    expect(page.get_by_text("Hiện chưa có quầy nào mở")).to_be_visible()
    assert wrong_with(page) == []
    counters_open(live, True)
    page.clock.fast_forward(16_000)
    expect(page.get_by_role("button", name="Lấy số")).to_be_visible()
    counters_open(live, False)
    page.clock.fast_forward(16_000)
    expect(page.get_by_text("Hiện chưa có quầy nào mở")).to_be_visible()
    counters_open(live, True)
    page.get_by_role("link", name="Xem lại ngay").click()
    expect(page.get_by_role("button", name="Lấy số")).to_be_visible()


def test_without_script_a_closed_machine_opens_by_itself(live: Live, browse: Browse) -> None:
    counters_open(live, False)
    page = browse(at=KIOSK, java_script_enabled=False)
    refresh = page.locator("meta[http-equiv=refresh]")
    expect(refresh).to_have_attribute("content", re.compile(rf"^30;url={KIOSK}$"))
    counters_open(live, True)
    page.get_by_role("link", name="Xem lại ngay").click()
    page.get_by_role("button", name="Lấy số").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Số của bạn: A001")


def test_who_is_choosing_is_not_disturbed(live: Live, door: Page) -> None:
    door.get_by_text("Đất đai").click()
    with live.app.app_context():
        with writing() as session:
            session.execute(
                update(Counter).where(Counter.number == 3).values(fields="dat-dai,ho-tich")
            )
        db.session.remove()
    door.clock.fast_forward(14_000)
    expect(door.get_by_label("Đất đai")).to_be_checked()
    door.clock.fast_forward(40_000)
    expect(door.locator("label").filter(has_text="Hộ tịch")).to_be_visible()


def test_a_press_without_network_is_kept_and_gives_one_number(
    live: Live, door: Page, faults: Faults
) -> None:
    with unplugged(door, faults):
        door.get_by_role("button", name="Người cao tuổi").click()
        expect(door.get_by_role("status")).to_have_text(LOST)
        expect(door.get_by_role("heading", level=1)).to_have_text("Lấy số thứ tự")
        assert [w for w in wrong_with(door) if "axe" in w] == []
        door.clock.fast_forward(4_000)
        expect(door.get_by_role("status")).to_have_text(LOST)
    door.clock.fast_forward(4_000)
    expect(door.get_by_role("heading", level=1)).to_have_text("Số của bạn: U001")
    expect(door.get_by_role("status")).to_be_hidden()
    assert door.url.endswith(f"{KIOSK}/U001") and door.title().startswith("Số của bạn: U001")
    assert given(live) == 1


def test_an_answer_that_was_lost_is_asked_for_again(live: Live, door: Page, faults: Faults) -> None:
    faults.allow(502)
    tries = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or len(tries) >= 2:
            return route.continue_()
        tries.append(route.fetch(max_redirects=0).status)  # the number is given …
        if len(tries) == 1:
            return route.abort("connectionreset")  # … and nobody is told of it
        return route.fulfill(status=502, body="<h1>Bad gateway</h1>", content_type="text/html")

    door.route(f"**{KIOSK}", lose)
    door.get_by_role("button", name="Lấy số").click()
    expect(door.get_by_role("status")).to_have_text(LOST)
    door.clock.fast_forward(4_000)
    expect(door.get_by_role("status")).to_have_text(LOST)
    door.clock.fast_forward(4_000)
    expect(door.get_by_role("heading", level=1)).to_have_text("Số của bạn: A001")
    assert tries == [303, 303] and given(live) == 1
    faults.seen[:] = [f for f in faults.seen if not f.endswith("ERR_CONNECTION_RESET")]


def test_after_a_minute_without_network_nobody_takes_a_number(
    live: Live, door: Page, faults: Faults
) -> None:
    with unplugged(door, faults):
        door.get_by_role("button", name="Lấy số").click()
        expect(door.get_by_role("status")).to_have_text(LOST)
        for _ in range(21):  # a try every three seconds
            door.clock.fast_forward(3_100)
            door.wait_for_timeout(50)
        expect(door.get_by_role("status")).to_contain_text("Mời bạn bấm lại")
    door.clock.fast_forward(20_000)
    expect(door.get_by_role("status")).to_be_hidden()  # it has looked, and is there again
    assert given(live) == 0
    door.get_by_role("button", name="Lấy số").click()
    expect(door.get_by_role("heading", level=1)).to_have_text("Số của bạn: A001")


def test_a_number_goes_away_and_the_way_home_needs_no_network(
    live: Live, door: Page, faults: Faults
) -> None:
    door.get_by_role("button", name="Lấy số").click()
    expect(door.get_by_role("heading", level=1)).to_have_text("Số của bạn: A001")
    with unplugged(door, faults):
        door.get_by_role("link", name="Xong, nhường người sau").click()
        expect(door.get_by_role("status")).to_have_text(LOST)
        expect(door.get_by_role("heading", level=1)).to_have_text("Số của bạn: A001")
    door.clock.fast_forward(4_000)
    expect(door.get_by_role("button", name="Lấy số")).to_be_visible()
    door.get_by_role("button", name="Lấy số").click()
    expect(door.get_by_role("heading", level=1)).to_have_text("Số của bạn: A002")
    door.clock.fast_forward(21_000)
    expect(door.get_by_role("button", name="Lấy số")).to_be_visible()
    assert door.url.endswith(KIOSK)


@pytest.mark.parametrize("script", [True, False], ids=["script", "none"])
def test_without_its_cookie_it_works(live: Live, browse: Browse, script: bool) -> None:
    page = browse(at=KIOSK, java_script_enabled=script)
    page.context.clear_cookies()
    page.get_by_role("button", name="Lấy số").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Số của bạn: A001")
    assert page.context.cookies() == []


def test_what_is_refused_is_said_in_place_and_forgotten(
    live: Live, door: Page, faults: Faults
) -> None:
    faults.allow(409)
    counters_open(live, False)
    door.get_by_role("button", name="Lấy số").click()
    expect(door.get_by_role("alert")).to_contain_text("Hiện chưa có quầy nào mở")
    assert wrong_with(door) == [] and wrong_in_forced_colours(door) == []
    counters_open(live, True)
    door.clock.fast_forward(31_000)
    expect(door.get_by_role("alert")).to_be_hidden()
    expect(door.get_by_role("button", name="Lấy số")).to_be_visible()


# ---- the screens -----------------------------------------------------------------------------

_BOXES = """[...document.querySelectorAll('.tile, .b')].map((e) => e.getBoundingClientRect())
  .map((r) => [r.top, r.bottom])"""


@pytest.mark.parametrize("screen", SCREENS, ids=lambda s: f"{s['width']}x{s['height']}")
def test_the_machine_fills_its_screen(live: Live, browse: Browse, screen: dict[str, int]) -> None:
    page = browse(at=KIOSK, viewport=screen)
    tall = "document.scrollingElement.scrollHeight"
    boxes = page.evaluate(_BOXES)
    assert min(bottom - top for top, bottom in boxes) >= TOUCH - 0.5
    assert screen["height"] * 0.9 < boxes[-1][1] <= screen["height"] == page.evaluate(tall)
    gaps = [after[0] - before[1] for before, after in pairwise(boxes)]
    assert max(gaps) < screen["height"] * 0.15
    page.get_by_role("button", name="Lấy số").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Số của bạn: A001")
    assert page.evaluate(tall) == screen["height"]
    assert page.evaluate(_BOXES)[-1][1] > screen["height"] * 0.9


@pytest.mark.parametrize("screen", SCREENS, ids=lambda s: f"{s['width']}x{s['height']}")
def test_an_empty_board_fills_its_screen(
    live: Live, browse: Browse, screen: dict[str, int]
) -> None:
    page = browse(at=BOARD, viewport=screen)
    none, last = page.locator(".none").bounding_box(), page.locator(".side dl").bounding_box()
    assert none is not None and last is not None
    assert last["y"] + last["height"] > screen["height"] * 0.9
    middle = none["y"] + none["height"] / 2
    assert screen["height"] * 0.2 < middle < screen["height"] * 0.7
    size = "parseFloat(getComputedStyle(document.querySelector('.none')).fontSize)"
    assert page.evaluate(size) > screen["width"] / 25
    assert page.evaluate("document.scrollingElement.scrollHeight") == screen["height"]


def test_many_tiles_scroll_rather_than_shrink(live: Live, browse: Browse) -> None:
    with live.app.app_context():
        with writing() as session:
            fields = "dat-dai,ho-tich,xay-dung,chung-thuc,a,b,c,d"
            session.execute(update(Counter).where(Counter.number == 3).values(fields=fields))
        db.session.remove()
    for screen in (*SCREENS, NARROW):
        page = browse(at=KIOSK, viewport=screen)
        boxes = page.evaluate(_BOXES)
        assert min(bottom - top for top, bottom in boxes) >= (48 if screen is NARROW else TOUCH - 1)
        assert wrong_with(page) == []


def test_a_machine_with_a_printer_prints_each_number_once(live: Live, browse: Browse) -> None:
    page = browse(at="about:blank")
    page.add_init_script("window.printed = []; window.print = () => printed.push(document.title)")
    page.goto(f"{KIOSK}?in=1")
    for code in ("A001", "A002"):
        page.get_by_role("button", name="Lấy số").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Số của bạn: {code}")
        page.get_by_role("link", name="Xong, nhường người sau").click()
        expect(page.get_by_role("button", name="Lấy số")).to_be_visible()
    printed = page.evaluate("printed")
    assert [title.split(" – ")[0] for title in printed] == ["Số của bạn: A001", "Số của bạn: A002"]
    assert page.url.endswith(f"{KIOSK}?in=1")
