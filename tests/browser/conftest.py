"""The real application behind a real socket, and Chromium with a window for each person."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.extensions import db
from tests.browser.busy import Known, fill
from tests.conftest import Kept, settings_for

PASSWORD = "motcua-demo"
PATIENCE = 15_000  # ms until a condition that does not come true fails the test
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SCREEN = {"width": 1366, "height": 625}  # a 768-line monitor, less the browser
PHONE = {"width": 360, "height": 800}
NO_BROWSER = (
    "Không có Chromium: cài bằng `apt-get install chromium` (hoặc Google Chrome), "
    "hoặc đặt MOTCUA_CHROMIUM là đường dẫn của nó."
)


def chromium_path() -> str | None:
    """Where Chromium is: MOTCUA_CHROMIUM, else the first one on the path."""
    named = os.environ.get("MOTCUA_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser a session; without one the tests are skipped, or fail where it is required."""
    path = chromium_path()
    if path is None:
        if os.environ.get("MOTCUA_REQUIRE_BROWSER") == "1":
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Requests are no news here."""


class Live:
    """The office of the session, served on a free port of this machine; its QR codes hold it."""

    def __init__(self, folder: Path, blank: bytes, office: str) -> None:
        self._busy = 0
        self._turn = threading.Condition()
        self._server = make_server(
            "127.0.0.1", 0, self._serve, threaded=True, request_handler=_Quiet
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        file = folder / "motcua.sqlite3"
        file.write_bytes(blank)
        settings = settings_for(folder, office).model_copy(update={"base_url": self.url})
        self.app: Flask = create_app(settings)  # as in production: with CSRF, without testing
        self.kept = Kept(self.app, file)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def _serve(self, environ: Any, start_response: Any) -> Any:
        with self._turn:
            self._busy += 1
        try:
            return self.app(environ, start_response)  # with it the database is let go of, too
        finally:
            with self._turn:
                self._busy -= 1
                self._turn.notify_all()

    def restore(self) -> Live:
        """The office as it was when it was set up; waits for requests that are still running."""
        with self._turn:
            assert self._turn.wait_for(lambda: self._busy == 0, timeout=10)
            self.kept.restore()
        return self

    def close(self) -> None:
        """Stop serving and let go of the database."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def server(kept: dict[str, Kept], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The office being served, in whatever state the last test left it."""
    office = "nga-son-2018"
    live = Live(tmp_path_factory.mktemp("served"), kept[office].blank, office)
    yield live
    live.close()


@pytest.fixture
def live(server: Live) -> Live:
    """The office being served, fresh: staff and rules, no dossiers."""
    return server.restore()


@pytest.fixture(scope="module")
def known(server: Live) -> Known:
    """A busy office for tests that only look; its dossiers by the state they are in."""
    return fill(server.restore().app)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left alone with one at the end."""
    here = Path(__file__).parent
    longest = ("test_screens.py", "test_screens_inside.py", "test_each_form.py")
    items.sort(key=lambda i: 0 if i.path.name in longest else 1 if i.path.parent == here else 2)


class Faults:
    """What a browser complains about: console errors, broken rules of CSP, failed requests.

    allowed: statuses of answers that the test provokes on purpose.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.allowed: set[int] = set()

    def watch(self, page: Page) -> None:
        """Listen to a page and its frames from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def allow(self, *statuses: int) -> None:
        """Answers with these statuses are what the test is about."""
        self.allowed |= set(statuses)

    def _console(self, message: ConsoleMessage) -> None:
        # An answer of 4xx or 5xx is judged below, where its status is known.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.seen.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # A search that newer letters overtook, and a page left while it loads, are no faults.
        if request.failure != "net::ERR_ABORTED":
            self.seen.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.seen.append(f"answer: {response.status} {response.request.method} {response.url}")


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Everything that went wrong in any window of the test; it must stay empty."""
    found = Faults()
    yield found
    assert found.seen == []


Browse = Callable[..., Page]


@pytest.fixture
def browse(chromium: Browser, server: Live, faults: Faults) -> Iterator[Browse]:
    """`browse("tiepnhan")` opens a window of its own, signed in; `browse()` an anonymous one.

    Without `at` the log-in form is filled as people do, which ends where the person's day begins;
    with it the window opens at that address, signed in already. Further arguments are those of a
    browser context (viewport, java_script_enabled, …).
    """
    opened: list[BrowserContext] = []

    def open_window(username: str | None = None, at: str = "", **how: Any) -> Page:
        settings = {"base_url": server.url, "viewport": SCREEN, "locale": "vi-VN"} | how
        context = chromium.new_context(**settings)
        context.set_default_timeout(PATIENCE)
        context.on("page", faults.watch)
        opened.append(context)
        page = context.new_page()
        if username is not None and not at:
            sign_in(page, username)
        elif username is not None:
            sign_in_unseen(context, username)
        if at:
            page.goto(at)
        return page

    yield open_window
    for context in opened:
        with suppress(Exception):  # a window that has died is a fault already noted
            context.close()


def sign_in(page: Page, username: str) -> None:
    """Log in by the form, as people do."""
    page.goto("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def sign_in_unseen(context: BrowserContext, username: str) -> None:
    """Log in by the same form, without drawing its page."""
    form = context.request.get("/dang-nhap").text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    answer = context.request.post(
        "/dang-nhap",
        form={"csrf_token": token[1], "username": username, "password": PASSWORD},
        max_redirects=0,
    )
    assert answer.status == 303
