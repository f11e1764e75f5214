"""Digitising on the real screens: by keyboard alone, by dropping, without script; seen beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import moves
from tests.browser.conftest import PHONE, Browse, Faults, Live
from tests.browser.inspection import wrong_with
from tests.filing import pieces
from tests.make import Office

pytestmark = pytest.mark.browser


@pytest.fixture
def scans(tmp_path: Path) -> dict[str, Path]:
    """What the scanner left in its folder."""
    made = {
        "Đơn đề nghị.pdf": pieces.pdf(2), "mặt trước.jpg": pieces.picture(seed=1),
        "mặt sau.jpg": pieces.picture(seed=2), "giấy phép.png": pieces.picture("PNG"),
        "hoạt hình.gif": pieces.picture("GIF", mode="L"), "sai tên.pdf": pieces.picture(),
    }  # fmt: skip
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return {name: tmp_path / name for name in made}


def received(live: Live) -> str:
    """A dossier as it stands right after acceptance."""
    with live.app.app_context():
        return str(Office(live.app).receive().code)


def at_the_scanner(browse: Browse, address: str) -> Page:
    """The counter's window, in which dialogs of files are caught from the beginning."""
    page = browse("tiepnhan", "/dang-nhap")
    page.on("filechooser", lambda _: None)  # the first catch takes a moment to be set up
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def scan(page: Page, *files: Path) -> None:
    """F8 opens the dialog, the files are chosen, the page comes back and says that they are in."""
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("F8")
    with moves.going_on(page):
        chooser.value.set_files(list(files))
    expect(page.get_by_role("status").filter(has_text="Đã gắn tệp")).to_be_visible()


def test_a_dossier_is_digitised_by_keyboard_right_after_acceptance(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    code = received(live)
    page = at_the_scanner(browse, f"/tiep-nhan/xong/{code}")
    expect(page.locator(".confirm")).to_be_focused()
    assert wrong_with(page) == []
    scan(page, scans["Đơn đề nghị.pdf"])
    expect(page.locator("#tep-2-files")).to_be_focused()  # on to the next paper
    expect(page.locator("#at-once-title")).to_contain_text("1/2")
    scan(page, scans["mặt trước.jpg"], scans["mặt sau.jpg"])
    expect(page.locator("#at-once-title")).to_contain_text("2/2")
    expect(page.locator("#tep-2")).to_contain_text("2 trang")
    assert wrong_with(page) == []
    page.keyboard.press("F8")  # focus is in a row: its own dialog
    page.goto(f"/ho-so/{code}")
    expect(page.locator("#life")).to_contain_text("Số hóa giấy tờ")


def test_files_are_seen_beside_the_dossier(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    code = received(live)
    page = at_the_scanner(browse, f"/ho-so/{code}")
    scan(page, scans["Đơn đề nghị.pdf"])
    scan(page, scans["giấy phép.png"])
    link = page.get_by_role("link", name="Đơn đề nghị.pdf")
    link.focus()
    page.keyboard.press("Enter")
    viewer = page.locator("#xem")
    expect(viewer.get_by_role("heading")).to_be_focused()
    expect(viewer.locator("iframe")).to_have_attribute("title", "Đơn đề nghị.pdf")
    expect(page.locator(".appointment")).to_be_in_viewport()  # what is to be done stays in view
    expect(viewer.locator("iframe")).to_be_in_viewport()
    # By keyboard: right after a scroll a click may still be meant for the frame that was there.
    page.get_by_role("link", name="giấy phép.png").focus()
    page.keyboard.press("Enter")
    shown = viewer.locator("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("async i => { await i.decode(); return i.naturalWidth }") == 620
    assert wrong_with(page) == []
    with page.expect_download() as download:
        viewer.get_by_role("link", name="Tải về").click()
    assert download.value.suggested_filename.endswith("giấy phép.png")
    viewer.get_by_role("link", name="Đóng").click()
    expect(viewer).to_be_hidden()
    expect(page.get_by_role("link", name="giấy phép.png")).to_be_focused()


def test_what_is_refused_says_so_in_the_row_or_on_top(
    live: Live, browse: Browse, faults: Faults, scans: dict[str, Path]
) -> None:
    code = received(live)
    page = browse("tiepnhan", f"/ho-so/{code}")
    row = page.locator("#tep-1")
    row.locator("[type=file]").set_input_files(scans["hoạt hình.gif"])
    expect(row.get_by_role("status")).to_contain_text("không nhận: chỉ nhận PDF, JPG, PNG")
    faults.allow(422)
    with moves.going_on(page):
        row.locator("[type=file]").set_input_files(scans["sai tên.pdf"])
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("“sai tên.pdf” thực ra là ảnh JPG")
    assert wrong_with(page) == []


DROP = """([row, name, bytes]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], name));
  const target = document.querySelector(row);
  for (const kind of ["dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""  # noqa: E501


def drop(page: Page, row: str, file: Path) -> Any:
    """A file dragged from the desktop into a row."""
    with moves.going_on(page):
        page.evaluate(DROP, [row, file.name, list(file.read_bytes())])


def test_a_file_is_dropped_into_its_row(live: Live, browse: Browse, scans: dict[str, Path]) -> None:
    code = received(live)
    page = browse("tiepnhan", f"/ho-so/{code}")
    drop(page, "#tep-2", scans["giấy phép.png"])
    expect(page.locator("#tep-2")).to_contain_text("giấy phép.png")
    expect(page.locator("#tep-1")).to_contain_text("Chưa số hóa")


def test_without_script_a_field_a_button_and_a_page_do_the_same(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    code = received(live)
    page = browse("tiepnhan", f"/ho-so/{code}", java_script_enabled=False)
    page.locator("#tep-1-files").set_input_files([scans["mặt trước.jpg"], scans["mặt sau.jpg"]])
    page.get_by_role("button", name="Gửi tệp giấy tờ số 1").click()
    page.get_by_role("link", name="mặt trước và 1 tệp nữa.pdf").click()
    expect(page.locator("#xem iframe")).to_be_visible()
    page.locator(".drop summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Lý do bỏ").fill("Quét lại")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã bỏ tệp")


def test_a_paper_of_an_earlier_dossier_is_used_again(
    live: Live, browse: Browse, scans: dict[str, Path]
) -> None:
    first = received(live)
    page = at_the_scanner(browse, f"/ho-so/{first}")
    scan(page, scans["Đơn đề nghị.pdf"])
    second = received(live)
    page.goto(f"/tiep-nhan/xong/{second}")
    with moves.going_on(page):
        page.get_by_role("button", name=f"của hồ sơ {first}").click()
    expect(page.locator("#tep-1")).to_contain_text(f"ở hồ sơ {first}, giấy tờ số 1")
    expect(page.locator("#tep-1")).to_contain_text("Tái sử dụng")
    assert wrong_with(page) == []


def test_on_a_telephone(live: Live, browse: Browse, scans: dict[str, Path]) -> None:
    code = received(live)
    page = browse("tiepnhan", f"/ho-so/{code}", viewport=PHONE)
    with moves.going_on(page):
        page.locator("#tep-1-files").set_input_files(scans["Đơn đề nghị.pdf"])
    page.goto(f"/ho-so/{code}/tep")
    expect(page.locator("#xem iframe")).to_be_visible()
    assert wrong_with(page) == []
    for button in page.locator(".pick").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44
