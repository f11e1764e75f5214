"""Asking other units: the long list is narrowed by words without marks, ticks are never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.core.states import Status
from app.extensions import db
from tests.browser.conftest import Browse, Live
from tests.browser.inspection import wrong_with
from tests.make import Office

pytestmark = pytest.mark.browser


@pytest.fixture
def address(live: Live) -> str:
    """The page of a dossier that is being appraised."""
    with live.app.app_context():
        office = Office(live.app)
        code = office.walk(office.receive(), Status.APPRAISING).code
        db.session.remove()
    return f"/ho-so/{code}"


def consult(page: Page) -> Page:
    page.locator("#viec-consult > summary").click()
    return page


def test_units_are_narrowed_and_what_is_ticked_stays(address: str, browse: Browse) -> None:
    page = consult(browse("chuyenvien", address))
    box = page.locator("#consult-units")
    every = box.locator("label.tick").count()
    box.get_by_label("Phòng Tư pháp", exact=True).check()
    field = box.get_by_label("Lọc theo tên, không cần dấu")
    field.fill("cong an nga dien")
    expect(box.get_by_role("status")).to_have_text("1 đơn vị khớp")
    assert [t.strip() for t in box.locator("label.tick:visible").all_inner_texts()] == [
        "Phòng Tư pháp", "Công an xã Nga Điền",
    ]  # fmt: skip
    field.press("Enter")  # only looks for
    box.get_by_label("Công an xã Nga Điền").check()
    field.fill("zzz")
    expect(box.get_by_role("status")).to_contain_text("Không có đơn vị nào khớp")
    assert box.locator("label.tick:visible").count() == 2
    field.fill("")
    assert box.locator("label.tick:visible").count() == every and page.url.endswith(address)
    assert wrong_with(page) == []


def test_without_javascript_the_whole_list_stands_under_its_headings(
    address: str, browse: Browse
) -> None:
    page = browse("chuyenvien", address, java_script_enabled=False)
    box = consult(page).locator("#consult-units")
    assert box.get_by_role("group").count() == 3
    expect(box.get_by_role("group", name="Cấp huyện").get_by_label("Phòng Tư pháp")).to_be_visible()
    expect(box.get_by_label("Lọc theo tên, không cần dấu")).to_be_hidden()
