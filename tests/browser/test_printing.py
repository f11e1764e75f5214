"""The receipt prints by itself at a counter's browser, set up as the install guide says.

A browser without a screen has no print box, so this one gets a screen of its own (Xvfb), and prints
into files.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import FLAGS, PASSWORD, Live, chromium_path
from tests.make import Office

pytestmark = pytest.mark.browser
NO_SCREEN = "không có Xvfb để thử in (apt-get install xvfb)"
A5 = (420, 595)
INTO_FILES = {"id": "Save as PDF", "origin": "local", "account": ""}


@pytest.fixture
def display() -> Iterator[str]:
    """A screen that nobody looks at; without one the tests fare as without a browser."""
    if shutil.which("Xvfb") is None:
        if os.environ.get("MOTCUA_REQUIRE_BROWSER") == "1":
            pytest.fail(NO_SCREEN, pytrace=False)
        pytest.skip(NO_SCREEN)
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1366x768x24",
        "-nolisten",
        "tcp",
    ]
    screen = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        screen.terminate()
        screen.wait(timeout=10)


@pytest.fixture
def counter(chromium: Browser, display: str, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A counter's browser, started as the guide says; its address, and the folder it prints to."""
    profile, printed = tmp_path / "profile", tmp_path / "printed"
    (profile / "Default").mkdir(parents=True)
    printed.mkdir()
    state = json.dumps({
        "version": 2, "recentDestinations": [INTO_FILES],
        "selectedDestinationId": INTO_FILES["id"],
    })  # fmt: skip
    (profile / "Default" / "Preferences").write_text(json.dumps({
        "printing": {"print_preview_sticky_settings": {"appState": state}},
        "savefile": {"default_directory": str(printed)},
    }))  # fmt: skip
    with socket.socket() as free:  # port 0 would tell pages that a machine drives the browser
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        chromium_path() or "", *FLAGS, f"--user-data-dir={profile}", "--kiosk-printing",
        f"--remote-debugging-port={port}", "about:blank",
    ]  # fmt: skip
    browser = subprocess.Popen(
        command, env=os.environ | {"DISPLAY": display}, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None, OSError)
        yield f"http://127.0.0.1:{port}", printed
    finally:
        browser.terminate()
        browser.wait(timeout=20)


def until(true: Callable[[], bool], *faults: type[Exception]) -> None:
    """Wait until it is so, half a minute at most; these faults mean that it is not so yet."""
    for _ in range(300):
        with suppress(*faults):
            if true():
                return
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def papers(folder: Path, wanted: int) -> list[pypdf.PdfReader]:
    """What was printed, oldest first, once there is so much of it, each written to its end."""

    def written() -> list[Path]:
        files = [f for f in folder.glob("*.pdf") if f.read_bytes().rstrip().endswith(b"%%EOF")]
        return sorted(files, key=lambda file: file.stat().st_mtime)

    until(lambda: len(written()) >= wanted)
    return [pypdf.PdfReader(file) for file in written()]


def test_the_receipt_is_printed_by_itself_and_again_by_f7(
    chromium: Browser, counter: tuple[str, Path], live: Live
) -> None:
    with live.app.app_context():
        code = str(Office(live.app).receive().code)
    address, printed = counter
    driven = chromium.browser_type.connect_over_cdp(address)
    try:
        page = driven.contexts[0].new_page()
        page.goto(f"{live.url}/dang-nhap")
        page.get_by_label("Tên đăng nhập").fill("tiepnhan")
        page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "dang-nhap" not in url)
        page.goto(f"{live.url}/tiep-nhan/xong/{code}?moi=1", wait_until="domcontentloaded")
        (paper,) = papers(printed, 1)
        text = " ".join("".join(p.extract_text() for p in paper.pages).split())
        assert f"{code}" in text and "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in text
        assert "Liên 1" in text and "Liên 2" in text
        assert all((round(p.mediabox.width), round(p.mediabox.height)) == A5 for p in paper.pages)
        expect(page.locator("#printed")).to_contain_text("Đã mở hộp in")
        page.keyboard.press("F7")
        assert len(papers(printed, 2)) == 2
        page.reload()
        expect(page.locator("#sheet")).to_be_visible()
        page.wait_for_timeout(1500)
        assert len(papers(printed, 2)) == 2  # opening the page again prints nothing
    finally:
        driven.close()
