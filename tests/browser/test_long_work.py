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
