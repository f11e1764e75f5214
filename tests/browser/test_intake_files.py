"""Digitising on the intake screen, before acceptance: by keys, dropped, pasted, without script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import moves
from tests.browser.conftest import SCREEN, Browse, Faults, Live
from tests.browser.inspection import wrong_with
from tests.browser.test_filing import DROP
from tests.filing import pieces

pytestmark = pytest.mark.browser

CODE, CASE = "1.013228", "rach-nat"
ADDRESS = f"/tiep-nhan?thu-tuc={CODE}&truong-hop={CASE}"


@pytest.fixture
def scans(tmp_path: Path) -> dict[str, Path]:
    """What the scanner left in its folder."""
    made = {
        "Đơn đề nghị.pdf": pieces.pdf(2), "mặt trước.jpg": pieces.picture(seed=1),
        "mặt sau.jpg": pieces.picture(seed=2), "sai tên.pdf": pieces.picture(seed=5),
    }  # fmt: skip
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return {name: tmp_path / name for name in made}


def at_the_counter(browse: Browse, address: str = ADDRESS, **how: Any) -> Page:
    """The intake screen with the person typed; dialogs of files are caught from the beginning."""
    page = browse("tiepnhan", "/dang-nhap", **how)
    page.on("filechooser", lambda _: None)  # the first catch takes a moment to be set up
    page.goto(address)
    expect(page.locator("tr.paper").first).to_be_visible()
    moves.fill_person(page)
    return page


def mark_all(page: Page) -> None:
    """Every paper is there, the one under a condition too."""
    for row in page.locator("tr.paper").all():
        row.locator("label.yes").click()


def scan(page: Page, number: int, *files: Path) -> None:
    """F8 on a row opens the dialog, and what is chosen stands in the row; the page stays."""
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("F8")
    chooser.value.set_files(list(files))
    expect(page.locator(f"#laid-{number} .laid")).to_have_count(1)


def test_scanned_and_received_by_keyboard_alone(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    page = at_the_counter(browse)
    page.keyboard.press("F4")
    expect(page.locator("#components-1")).to_be_focused()
    scan(page, 1, scans["Đơn đề nghị.pdf"])
    expect(page.locator("#components-1")).to_be_focused()  # the mark is the clerk's own word
    expect(page.locator("#components-1")).not_to_be_checked()
    page.keyboard.press("Space")
    expect(page.locator("[name=components-2]:focus")).to_have_count(1)
    scan(page, 2, scans["mặt trước.jpg"], scans["mặt sau.jpg"])
    expect(page.locator("#laid-1")).to_contain_text("2 trang")
    assert wrong_with(page) == []
    assert page.evaluate("document.scrollingElement.scrollHeight") <= SCREEN["height"]
    page.keyboard.press("Space")
    expect(page.locator("#accept")).to_be_focused()
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    moves.accepted(page)
    expect(page.locator("#at-once-title")).to_contain_text("2/2")
    expect(page.locator("#tep-2")).to_contain_text("mặt trước và 1 tệp nữa.pdf")


def test_a_file_is_seen_and_taken_off(live: Live, browse: Browse, scans: dict[str, Path]) -> None:
    page = at_the_counter(browse)
    page.keyboard.press("F4")
    scan(page, 1, scans["mặt trước.jpg"])
    link = page.locator("#laid-1 a")
    link.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="mặt trước.jpg")
    expect(box).to_be_visible()
    assert box.locator("img").evaluate("async i => { await i.decode(); return i.naturalWidth }")
    assert [w for w in wrong_with(page) if w.startswith("axe")] == []
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#laid-1 .laid")).to_have_count(0)
    expect(page.locator("#files-1")).to_be_focused()
    expect(page.locator("#name")).to_have_value(moves.PERSON["name"])


def test_a_refused_file_says_so_in_its_row(
    live: Live, browse: Browse, faults: Faults, scans: dict[str, Path]
) -> None:
    page = at_the_counter(browse)
    faults.allow(422)
    page.keyboard.press("F4")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("F8")
    chooser.value.set_files(scans["sai tên.pdf"])
    error = page.locator("#components-1-error")
    expect(error).to_contain_text("“sai tên.pdf” thực ra là ảnh JPG")
    expect(error).to_have_attribute("role", "alert")
    expect(page.locator("#name")).to_have_value(moves.PERSON["name"])
    expect(page.locator("#laid-1 .laid")).to_have_count(0)
    assert wrong_with(page) == []
    scan(page, 1, scans["mặt sau.jpg"])
    expect(error).to_have_count(0)


def test_what_is_still_on_its_way_is_waited_for(
    live: Live, browse: Browse, faults: Faults, scans: dict[str, Path]
) -> None:
    """The dossier is not received before its file has come; where it cannot come, not at all."""
    page = at_the_counter(browse)
    mark_all(page)

    def slowly(route: Any) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/tiep-nhan/tep", slowly)
    faults.allow(422)
    page.locator("#files-1").set_input_files(scans["sai tên.pdf"])
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("có tệp chưa gắn được")
    expect(page.locator("#components-1-error")).to_contain_text("thực ra là ảnh JPG")
    page.locator("#files-1").set_input_files(scans["Đơn đề nghị.pdf"])
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    moves.accepted(page)
    expect(page.locator("#tep-1")).to_contain_text("Đơn đề nghị.pdf")


PASTE = """([name, bytes]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


def test_dropped_on_a_row_and_pasted_into_one(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    page = at_the_counter(browse)
    front, back = scans["mặt trước.jpg"], scans["mặt sau.jpg"]
    page.evaluate(DROP, ["tr.paper:nth-child(2)", front.name, list(front.read_bytes())])
    expect(page.locator("#laid-2 .laid")).to_have_count(1)
    page.locator("#components-1").focus()
    page.evaluate(PASTE, [back.name, list(back.read_bytes())])
    expect(page.locator("#laid-1 .laid")).to_have_count(1)
    mark_all(page)
    with moves.going_on(page):
        page.locator("#accept").click()
    moves.accepted(page)
    expect(page.locator("#at-once-title")).to_contain_text("2/2")


def test_kept_with_the_draft_and_after_a_supplement(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    page = at_the_counter(browse)
    page.keyboard.press("F4")
    scan(page, 1, scans["Đơn đề nghị.pdf"])
    with moves.going_on(page):
        page.get_by_role("button", name="Lưu tạm").click()
    with moves.going_on(page):
        page.get_by_role("link", name="Làm tiếp").click()
    expect(page.locator("#laid-1")).to_contain_text("2 trang")
    page.keyboard.press("F4")
    for key in ("Space", "t"):
        page.keyboard.press(key)
    expect(page.locator("#accept")).to_contain_text("Yêu cầu bổ sung và in phiếu")
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    page.goto("/tiep-nhan/nhap")
    with moves.going_on(page):
        page.get_by_role("link", name="Làm tiếp").click()
    expect(page.locator("#laid-1")).to_contain_text("2 trang")
    page.locator("#components-2").focus()
    scan(page, 2, scans["mặt trước.jpg"])
    page.keyboard.press("Space")
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    moves.accepted(page)
    expect(page.locator("#at-once-title")).to_contain_text("2/2")


def test_a_paper_digitised_before_is_taken_over_in_the_row(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    page = at_the_counter(browse)
    page.keyboard.press("F4")
    scan(page, 1, scans["Đơn đề nghị.pdf"])
    mark_all(page)
    with moves.going_on(page):
        page.locator("#accept").click()
    code = moves.accepted(page)
    page.goto(ADDRESS)
    page.locator("#personal_id").fill(moves.PERSON["personal_id"])
    page.keyboard.press("Enter")
    offer = page.get_by_role("button", name="Dùng lại bản").first
    expect(offer).to_have_attribute("title", re.compile(f"của hồ sơ {code}$"))
    assert wrong_with(page) == []
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#laid-1 .laid")).to_contain_text("Đã dùng lại")
    expect(page.locator("#components-1")).to_be_focused()
    page.locator("#clear").evaluate("button => button.closest('[hidden]').hidden = false")
    moves.fill_person(page)
    mark_all(page)
    with moves.going_on(page):
        page.locator("#accept").click()
    moves.accepted(page)
    expect(page.locator("#tep-1")).to_contain_text(f"ở hồ sơ {code}, giấy tờ số 1")


def test_without_script_fields_and_a_button_do_the_same(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    page = at_the_counter(browse, java_script_enabled=False)
    page.locator("#files-1").set_input_files([scans["mặt trước.jpg"], scans["mặt sau.jpg"]])
    with moves.going_on(page):
        page.get_by_role("button", name="Gắn các tệp đã chọn").click()
    expect(page.locator("#laid-1")).to_contain_text("2 trang")
    expect(page.locator("#name")).to_have_value(moves.PERSON["name"])
    with moves.going_on(page):
        page.get_by_role("button", name="Bỏ mặt trước và 1 tệp nữa.pdf").click()
    expect(page.locator("#laid-1 .laid")).to_have_count(0)
    page.locator("#files-2").set_input_files(scans["Đơn đề nghị.pdf"])
    mark_all(page)
    with moves.going_on(page):
        page.locator("#accept").click()  # with the file that nobody attached yet
    expect(page.locator(".confirm")).to_contain_text("Đã tiếp nhận hồ sơ")
    expect(page.locator("#tep-2")).to_contain_text("Đơn đề nghị.pdf")
