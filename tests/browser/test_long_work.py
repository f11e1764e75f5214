"""Long work as people see it: how far it is, that it can be stopped, its file at the end."""

from __future__ import annotations

import re
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from app.bulk import making
from app.oversight import exports
from app.setup import moving, reading
from tests.browser.busy import Known
from tests.browser.conftest import Browse

pytestmark = pytest.mark.browser


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Every list is long, and the worker waits at its fifth line until it is let go on."""
    monkeypatch.setattr(exports, "DIRECT", 3)
    monkeypatch.setattr(exports, "_STEP", 1)
    monkeypatch.setattr(making, "BETWEEN", 0.0)
    real, go_on = making.reporter, threading.Event()

    def reporter(*args: Any) -> Any:
        report = real(*args)

        def told(written: int) -> None:
            report(written)
            if written == 5:
                assert go_on.wait(timeout=30)

        return told

    monkeypatch.setattr(making, "reporter", reporter)
    return go_on


def export(page: Page) -> None:
    """Order the register as a workbook, by the keyboard."""
    page.goto("/so-theo-doi")
    page.get_by_role("button", name="Tải Excel").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/viec-hang-loat/\d+$"))
    expect(page.locator("#so-far")).to_have_text(re.compile(r"Đã ghi 5 trong \d+ hồ sơ"))
    assert page.locator("progress").evaluate("bar => bar.value") == 5


def test_a_long_export_says_how_far_it_is_and_ends_with_its_file(
    known: Known, browse: Browse, slow: threading.Event, tmp_path: Path
) -> None:
    page = browse("chanhvp", "/so-theo-doi")
    export(page)
    slow.set()
    said = page.get_by_role("status")
    expect(said).to_have_text(re.compile(r"Đã ghi \d+ hồ sơ\."))  # the page looks by itself
    expect(said).to_be_focused()
    with page.expect_download() as downloaded:
        page.keyboard.press("F7")
    file = tmp_path / downloaded.value.suggested_filename
    downloaded.value.save_as(file)
    assert file.name == "so-theo-doi.xlsx"
    sheet = openpyxl.load_workbook(BytesIO(file.read_bytes()))["Sổ theo dõi"]
    assert f"Đã ghi {sheet.max_row - 1} hồ sơ." in said.inner_text()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/so-theo-doi"))


def test_a_long_export_is_stopped(known: Known, browse: Browse, slow: threading.Event) -> None:
    page = browse("chanhvp", "/so-theo-doi")
    export(page)
    page.get_by_role("button", name="Dừng, không lập tệp").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã dừng, không có tệp")).to_be_visible()
    slow.set()
    page.goto("/viec-hang-loat")
    expect(page.locator("li").first).to_contain_text("Đã dừng")


def test_slips_of_ticked_dossiers_by_keys(known: Known, browse: Browse) -> None:
    page = browse("chuyenvien", "/tham-dinh")
    rows = page.locator("[data-rows] [data-row]:has([name=ma])")
    rows.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="In phiếu kiểm soát 2 hồ sơ đã chọn")).to_be_visible()
    codes = [rows.nth(n).locator("[name=ma]").input_value() for n in (0, 1)]
    with page.context.expect_page() as opened:
        page.keyboard.press("F7")
    paper = opened.value
    paper.wait_for_url(re.compile(r"/phieu-kiem-soat\.pdf"))
    assert all(code in paper.url for code in codes)


@pytest.fixture
def slow_import(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Every workbook and every set is long, and the worker waits before the third portion."""
    monkeypatch.setattr(reading, "DIRECT", 0)
    monkeypatch.setattr(moving, "AT_ONCE", 1)
    monkeypatch.setattr(moving, "PORTION", 2)
    real, go_on, portions = moving.next_part, threading.Event(), 0

    def next_part(session: Any, row: Any, up: bool, most: int | None = None) -> Any:
        nonlocal portions
        portions += most is not None
        if portions == 3 and most is not None:
            session.rollback()
            assert go_on.wait(timeout=30)
        return real(session, row, up, most)

    monkeypatch.setattr(moving, "next_part", next_part)
    return go_on


def test_a_long_import_is_read_stopped_and_taken_back(
    known: Known, browse: Browse, slow_import: threading.Event, tmp_path: Path
) -> None:
    page = browse("quantri", "/quan-tri/bang/nhan-su")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Xuất Excel").click()
    file = tmp_path / "nhan-su.xlsx"
    downloaded.value.save_as(file)
    book = openpyxl.load_workbook(file)
    for number in range(8):
        book["Nhân sự"].append([f"dai{number}", f"Người Thứ {number}", "", "", "có"])
    book.save(file)
    page.get_by_label("Nộp tệp đã sửa").set_input_files(file)
    page.get_by_role("button", name="Xem thay đổi").click()
    # Read in the background; its page gives way to the look by itself.
    page.wait_for_url(re.compile(r"/quan-tri/bang/nhan-su/lan/\d+$"))
    look = page.url
    expect(page.get_by_text("8 người khác với dữ liệu đang dùng")).to_be_visible()
    page.get_by_role("button", name="Áp dụng tất cả").press("Enter")
    page.wait_for_url(re.compile(r"/viec-hang-loat/\d+$"))
    expect(page.locator("#so-far")).to_have_text("Đã áp dụng 4 trong 8 mục")
    assert page.locator("progress").evaluate("bar => bar.value") == 4
    page.get_by_role("button", name="Dừng", exact=True).press("Enter")
    expect(page.locator("#so-far")).to_contain_text("Đang dừng")
    slow_import.set()
    said = page.get_by_role("status")
    expect(said).to_have_text("Đã dừng: đã áp dụng 4 trong 8 mục.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(look)
    expect(page.get_by_text("4 trong 8 người đang theo lần thay đổi này")).to_be_visible()
    expect(page.get_by_role("button", name="Áp dụng tiếp 4 người")).to_be_visible()
    page.get_by_role("button", name="Lùi lại 4 người").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Đã lùi lại 4 mục.")
    page.goto(look)
    expect(page.get_by_text("Đã lùi lại", exact=False).first).to_be_visible()


def test_the_session_ends_while_one_watches(known: Known, browse: Browse) -> None:
    page = browse("quantri", f"/viec-hang-loat/{known.places['task_applying']}")
    expect(page.locator("#so-far")).to_contain_text("Đã áp dụng")
    page.context.clear_cookies()
    expect(page.get_by_role("dialog", name="Phiên làm việc đã hết")).to_be_visible()
    expect(page.locator("#so-far")).to_contain_text("Đã áp dụng")
    assert "/viec-hang-loat/" in page.url
