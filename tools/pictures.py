"""Draw docs/pictures anew: the demo office runs for real, its clock stands on one morning.

.venv/bin/python tools/pictures.py            (needs Chromium and poppler's pdftoppm)
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "pictures"
NOW = "2026-11-25T09:00:00+07:00"
PASSWORD = "motcua-demo"  # noqa: S105 - the demo's published password
SCREEN = {"width": 1366, "height": 625}
TALL = {"width": 1366, "height": 940}
LIMIT = 150_000  # bytes a picture
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICANT = {
    "personal_id": "038190000123",
    "name": "Nguyễn Thị Mẫu",
    "birth_date": "05/02/1990",
    "address": "Thôn 1, xã Nga Yên",
    "phone": "0912345678",
}


def main() -> None:
    """Make every picture, or say what is missing."""
    browser_path = os.environ.get("MOTCUA_CHROMIUM") or next(
        (path for name in BROWSERS if (path := shutil.which(name))), None
    )
    if browser_path is None:
        sys.exit("Không có Chromium: cài nó, hoặc đặt MOTCUA_CHROMIUM.")
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        _office(Path(folder)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        _draw(browser, url)
        browser.close()


@contextmanager
def _office(folder: Path) -> Iterator[str]:
    """The demo office served from a folder of its own; stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    env = os.environ | {"MOTCUA_INSTANCE_DIR": str(folder), "MOTCUA_DEMO_NOW": NOW}
    command = [sys.executable, str(ROOT / "dev.py"), "run", "--port", str(port)]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"{url}/readyz", server)
        yield url
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            sys.exit("Máy chủ không khởi động được.")
        with suppress(URLError, ConnectionError), urlopen(address, timeout=2):  # noqa: S310
            return
        time.sleep(0.1)
    sys.exit("Máy chủ không trả lời trong một phút.")


def _window(browser: Browser, url: str, username: str) -> Page:
    page = browser.new_context(base_url=url, viewport=SCREEN, locale="vi-VN").new_page()
    page.goto("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.locator("header .me").wait_for()
    return page


def _draw(browser: Browser, url: str) -> None:
    counter = _window(browser, url, "tiepnhan")
    _fill_in(counter)
    _keep("tiep-nhan", counter.screenshot())
    counter.keyboard.press("Control+Enter")
    code = counter.locator(".confirm .number").inner_text()
    receipt = counter.context.request.get(f"/ho-so/{code}/giay/receipt.pdf").body()
    draw = ["pdftoppm", "-r", "110", "-f", "1", "-l", "1", "-png", "-"]
    _keep("giay-hen", subprocess.run(draw, input=receipt, capture_output=True, check=True).stdout)
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=receipt, capture_output=True, check=True
    ).stdout.decode()
    _keep("tra-cuu", _looked_up(browser, url, code, text))

    leader = _window(browser, url, "lanhdao")
    leader.get_by_text("Mở toàn bộ hồ sơ").click()
    leader.locator(".primary-act").wait_for()
    leader.set_viewport_size(TALL)
    _keep("ho-so", leader.screenshot())
    head = _window(browser, url, "chanhvp")
    head.goto("/bao-cao")
    head.set_viewport_size(TALL)
    _keep("bao-cao", head.screenshot())


def _fill_in(page: Page) -> None:
    """A household business at the counter: everything there, all papers seen."""
    page.goto("/tiep-nhan?thu-tuc=1.001612")
    for name, value in APPLICANT.items():
        page.locator(f"#{name}").fill(value)
    page.locator("#sex").select_option("Nữ")
    page.keyboard.press("F4")
    for key in "ddd":
        page.keyboard.press(key)
    page.locator("#accept").wait_for()
    page.evaluate("document.fonts.ready")


def _looked_up(browser: Browser, url: str, code: str, receipt: str) -> bytes:
    """The look-up page on a telephone, by the two codes that the receipt bears."""
    place = receipt.index("Mã tra cứu")
    lookup_code = next(
        word for word in receipt[place:].split() if len(word) == 11 and word[5] == "-"
    )
    context = browser.new_context(
        base_url=url, viewport={"width": 360, "height": 800}, device_scale_factor=1.5
    )
    page = context.new_page()
    page.goto("/tra-cuu")
    page.locator("#code").fill(code)
    page.locator("#lookup_code").fill(lookup_code)
    page.get_by_role("button", name="Xem hồ sơ").click()
    page.locator(".state .date").wait_for()
    return page.screenshot(full_page=True)


def _keep(name: str, png: bytes) -> None:
    """Store a picture with as many colours as its size allows."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for colours in (128, 64, 32, 16):
        out = BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LIMIT:
            break
    else:
        sys.exit(f"{name}.png lớn hơn {LIMIT} byte.")
    (OUT / f"{name}.png").write_bytes(out.getvalue())
    print(f"{name}.png  {picture.width} × {picture.height}  {out.tell() // 1000} kB")


if __name__ == "__main__":
    main()
