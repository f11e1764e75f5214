"""The first morning: every list is empty and says what will be in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse, Live
from tests.browser.inspection import wrong_with

pytestmark = pytest.mark.browser

LISTS = {
    "tiepnhan": (
        "/tiep-nhan/nhap",
        "/chuyen-ho-so",
        "/tra-ket-qua",
        "/so-theo-doi",
        "/tra-ket-qua/chua-nhan",
        "/tim",
    ),
    "chuyenvien": ("/tham-dinh",),
    "truongphong": ("/tham-dinh", "/phe-duyet"),
    "lanhdao": ("/phe-duyet",),
    "vanthu": ("/van-thu",),
    "chanhvp": ("/bao-cao",),
}


@pytest.fixture(scope="module")
def office(server: Live) -> Live:
    """An office without a dossier."""
    return server.restore()


@pytest.mark.parametrize("person", LISTS)
def test_an_empty_list_says_what_will_be_here(office: Live, browse: Browse, person: str) -> None:
    page = browse(person, "about:blank")
    for address in LISTS[person]:
        page.goto(address)
        expect(page.locator(".empty").first).to_be_visible()
        assert wrong_with(page) == [], address
