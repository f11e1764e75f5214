"""The pages that tell of errors, brought about by what really fails; and of too many attempts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from app.errors import TITLES
from app.extensions import writing
from app.failures import Brake
from app.models import FailureCount
from tests.browser import moves
from tests.browser.busy import Known
from tests.browser.conftest import PHONE, Browse, Faults, Live
from tests.browser.inspection import wrong_in_forced_colours, wrong_with

pytestmark = pytest.mark.browser
SEEN = {400, 403, 404, 405, 409, 413, 429, 500, 503}
_SEND = """([address, name, letters]) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = address; form.enctype = "multipart/form-data";
  const field = document.createElement("textarea");
  field.name = name; field.value = "a".repeat(letters);
  form.append(field); document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""


def sent(address: str, name: str, letters: int) -> Callable[[Page], None]:
    """A form that is not of ours: without token, or too big to be read."""

    def do(page: Page) -> None:
        page.goto("/so-theo-doi", wait_until="domcontentloaded")
        with moves.going_on(page):
            page.evaluate(_SEND, [address, name, letters])

    return do


def at(address: str) -> Callable[[Page], None]:
    return lambda page: page.goto(address, wait_until="domcontentloaded") and None


ERRORS: dict[str, tuple[int, Callable[[Page], None]]] = {
    "no token": (400, sent("/phieu-kiem-soat", "ma", 5)),
    "not readable": (400, at("/so-theo-doi?q=%00")),
    "not mine": (403, at("/quan-tri")),
    "nothing there": (404, at("/ho-so/khong-co")),
    "not to be got": (405, at("/quay/chon")),
    "too big": (413, sent("/phieu-kiem-soat", "ma", 700_000)),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_the_browser_did_wrong(
    known: Known, browse: Browse, faults: Faults, name: str
) -> None:
    status, do = ERRORS[name]
    page = browse("tiepnhan", "about:blank")
    faults.allow(status)
    do(page)
    told = "Trang đã mở quá lâu" if name == "no token" else TITLES[status][0]
    expect(page.get_by_role("heading", level=1)).to_have_text(told)
    expect(page.get_by_role("button", name="Gửi lại")).to_be_hidden()  # nobody knows whose it was
    assert [*wrong_with(page), *wrong_in_forced_colours(page)] == []


@contextmanager
def failing(server: Live, endpoint: str, error: Exception) -> Iterator[None]:
    """The page at the endpoint fails inside, as by a fault of ours or a lock of the database."""
    views = server.app.view_functions
    kept = views[endpoint]

    @wraps(kept)  # with it who may open the page
    def fail(**_: Any) -> None:
        raise error

    views[endpoint] = fail
    try:
        yield
    finally:
        views[endpoint] = kept


@pytest.mark.parametrize("person", ["tiepnhan", None], ids=["staff", "public"])
@pytest.mark.parametrize("status", [500, 503])
def test_what_failed_inside(
    known: Known, server: Live, browse: Browse, faults: Faults, person: str | None, status: int
) -> None:
    locked = OperationalError("UPDATE", {}, Exception("database is locked"))
    faults.allow(status)
    page = browse(person, "about:blank")
    endpoint, address = ("finding.form", "/tim") if person else ("lookup.home", "/")
    with failing(server, endpoint, locked if status == 503 else RuntimeError("broken")):
        page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[status][0])
    expect(page.locator("main")).to_contain_text("Mã lỗi:")
    assert [*wrong_with(page), *wrong_in_forced_colours(page)] == []


def forget_failures(server: Live) -> None:
    """The next test looks things up from the same address."""
    server.app.extensions["motcua.brake"] = Brake()
    with server.app.app_context(), writing() as session:
        session.execute(delete(FailureCount))


def test_who_guesses_too_often_must_wait(
    known: Known, server: Live, browse: Browse, faults: Faults
) -> None:
    page = browse(viewport=PHONE)
    told = page.get_by_role("heading", level=1, name="Thử quá nhiều lần")
    faults.allow(404, 429)
    try:
        for number in range(60):
            page.goto(f"/t/{number:0>10}", wait_until="domcontentloaded")
            if told.is_visible():
                break
        expect(told).to_be_visible()
        assert [*wrong_with(page), *wrong_in_forced_colours(page)] == []
    finally:
        page.context.close()
        forget_failures(server)
