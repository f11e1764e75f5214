"""The first morning: every list is empty and says what will be in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse, Live
from tests.browser.inspection import wrong_with
from tests.browser.states import seated
from tests.ticketing.hands import BOARD, KIOSK

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
    "chuyenvien": ("/tham-dinh", "/tham-dinh?xem=phong", "/tham-dinh?xem=cho-dan"),
    "truongphong": (
        "/tham-dinh",
        "/tham-dinh?xem=den",
        "/tham-dinh?xem=giao",
        "/tham-dinh/vang-mat",
        "/phe-duyet",
        "/viec-hang-loat",
    ),
    "lanhdao": ("/phe-duyet", "/phe-duyet/uy-quyen"),
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
        page.goto(address, wait_until="domcontentloaded")
        expect(page.locator(".empty").first).to_be_visible()
        assert wrong_with(page) == [], address


WAITING = {
    "/cong-khai": "Số liệu mười hai tháng",
    f"{BOARD}": "Chưa có ai chờ",
    f"{KIOSK}": "Chưa có ai chờ",
}


@pytest.mark.parametrize("address", WAITING)
def test_public_screens_wait_in_words(office: Live, browse: Browse, address: str) -> None:
    page = browse(at=address)
    expect(page.locator("body")).to_contain_text(WAITING[address])
    assert wrong_with(page) == []


def test_the_counter_before_the_first_number(office: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/quay")
    seated(page)
    expect(page.locator("main")).to_contain_text("Chưa có ai chờ")
    assert wrong_with(page) == []
