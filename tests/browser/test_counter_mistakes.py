"""What goes wrong at a counter with a queue: the screen says so, and nothing is mixed up."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.core.states import Status
from app.extensions import db
from app.models import Dossier
from tests.browser.conftest import Browse, Live
from tests.browser.moves import fill_person
from tests.browser.test_scanner import CARD, burst

pytestmark = pytest.mark.browser
OTHER = "038191000456||Trần Văn Khác|06031991|Nam|Thôn 2, Nga An, Nga Sơn, Thanh Hóa|15042021"


@pytest.fixture(scope="module")
def office(server: Live) -> Live:
    return server.restore()


@pytest.fixture
def birth(office: Live, browse: Browse) -> Page:
    """The commune's counter with the registration of a birth: papers 2–5, one of which will do."""
    page = browse("tiepnhan.xa", "/tiep-nhan?thu-tuc=1.001193")
    expect(page.locator("#p3 .badge")).to_have_text("3")
    return page


@pytest.fixture
def permit(office: Live, browse: Browse) -> Page:
    page = browse("tiepnhan", "/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    expect(page.locator("#personal_id")).to_be_focused()
    return page


def mark(page: Page, number: int) -> str:
    return page.locator(f"[name=components-{number}]:checked").get_attribute("value") or ""


# --- papers of which one will do -----------------------------------------------------------------


def test_a_group_is_looked_at_before_the_papers_are_complete(birth: Page) -> None:
    words, main = birth.locator("#papers-state"), birth.locator("#accept")
    unseen = int(words.inner_text().split()[1])
    birth.keyboard.press("F4")
    expect(birth.locator("#components-2")).to_be_focused()
    birth.keyboard.press("ArrowDown")
    birth.keyboard.press("Space")  # the second of the group is there: the others are settled
    assert [mark(birth, n) for n in (2, 3, 4, 5)] == ["none", "have", "none", "none"]
    focused = birth.evaluate("document.activeElement.name || document.activeElement.id")
    assert focused not in {f"components-{n}" for n in (2, 3, 4, 5)}, focused
    expect(words).to_have_text(f"Còn {unseen - 1} chưa kiểm tra")
    expect(main).to_have_attribute("data-lacking", "false")


@pytest.mark.parametrize("way", ["key", "mouse"])
def test_a_group_of_which_nothing_is_there_is_missing(birth: Page, way: str) -> None:
    for n in range(1, birth.locator("tr.paper").count() + 1):
        if n not in (2, 3, 4, 5):
            birth.locator(f"[name=components-{n}][value=have]").check(force=True)
    main = birth.locator("#accept")
    if way == "key":
        birth.locator("#components-4").focus()
        birth.keyboard.press("t")
        assert [mark(birth, n) for n in (2, 3, 4, 5)] == ["none", "none", "missing", "none"]
    else:
        for n in (2, 3, 4, 5):
            birth.locator(f"[name=components-{n}][value=none]").check(force=True)
    expect(birth.locator("#papers-state")).to_have_text("Thiếu 1 giấy tờ")
    expect(main).to_have_attribute("data-lacking", "true")
    fill_person(birth)
    with birth.expect_navigation():
        main.click()
    expect(birth.locator("main")).to_contain_text("yêu cầu bổ sung")


# --- cards ---------------------------------------------------------------------------------------


def test_another_persons_card_is_asked_about(permit: Page) -> None:
    burst(permit, CARD)
    expect(permit.locator("#phone")).to_be_focused()
    permit.keyboard.type("0912345678")
    permit.locator("#email").fill("mau@nga.vn")
    burst(permit, OTHER)
    swap = permit.get_by_role("button", name="Thay bằng người này")
    expect(swap).to_be_focused()
    expect(permit.locator("#card-said")).to_contain_text("Trần Văn Khác, khác người đang nhập")
    expect(permit.locator("#name")).to_have_value("Nguyễn Thị Mẫu")
    permit.keyboard.press("Enter")
    expect(permit.locator("#personal_id")).to_have_value("038191000456")
    expect(permit.locator("#phone")).to_have_value("")
    expect(permit.locator("#email")).to_have_value("")
    burst(permit, OTHER)  # the same card once more asks nothing
    expect(permit.locator("#card-said")).to_contain_text("Đã điền từ thẻ căn cước")


def test_the_card_of_who_hands_in_for_another(permit: Page) -> None:
    burst(permit, CARD)
    expect(permit.locator("#phone")).to_be_focused()
    permit.get_by_text("Người nộp thay", exact=True).click()
    permit.locator("#submitter_personal_id").focus()
    burst(permit, OTHER)
    expect(permit.locator("#submitter_personal_id")).to_have_value("038191000456")
    expect(permit.locator("#submitter_name")).to_have_value("Trần Văn Khác")
    expect(permit.locator("#submitter_phone")).to_be_focused()
    expect(permit.locator("#personal_id")).to_have_value(CARD[:12])
    expect(permit.locator("#name")).to_have_value("Nguyễn Thị Mẫu")


def test_an_organisation_is_not_made_a_person_by_a_card(permit: Page) -> None:
    permit.locator("[name=kind][value=organisation]").check(force=True)
    permit.locator("#name").fill("Công ty Nga Sơn")
    permit.locator("#address").fill("Tiểu khu Ba Đình 2")
    burst(permit, OTHER)
    expect(permit.locator("#name")).to_have_value("Công ty Nga Sơn")
    expect(permit.locator("#address")).to_have_value("Tiểu khu Ba Đình 2")
    expect(permit.locator("[name=kind][value=organisation]")).to_be_checked()
    expect(permit.locator("#submitter_name")).to_have_value("Trần Văn Khác")


@pytest.mark.parametrize("lost", ["Pháº¡m VÄn Thá»", "PhÂm Vãn Thø"])
def test_letters_read_in_a_wrong_code_are_asked_for(permit: Page, lost: str) -> None:
    permit.evaluate(
        "text => window.scanned(text)", f"038190000123||{lost}|05021990|Nữ|Nga Thçch|15042021"
    )
    expect(permit.locator("#card-said")).to_contain_text("chữ có dấu bị lỗi")
    expect(permit.locator("#name")).to_have_attribute("aria-invalid", "true")
    expect(permit.locator("#name")).to_be_focused()


# --- keys without anything to press --------------------------------------------------------------


@pytest.mark.parametrize("key", ["F4", "F8", "Control+Enter"])
def test_without_a_case_the_keys_say_what_comes_first(
    office: Live, browse: Browse, key: str
) -> None:
    page = browse("tiepnhan", "/tiep-nhan?thu-tuc=1.013228")
    page.locator("#phone").fill("0912345678")
    page.keyboard.press(key)
    expect(page.locator("[name=case]").first).to_be_focused()
    expect(page.locator("#said")).to_have_text("Hãy chọn trường hợp trước.")
    expect(page.get_by_role("button", name="Lưu tạm")).to_be_visible()
    page.goto("/tiep-nhan")
    page.locator("#phone").fill("0912345678")
    page.keyboard.press(key)
    expect(page.locator("#tim")).to_be_focused()


def test_back_after_an_acceptance_asks_nothing(office: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/tiep-nhan")
    page.locator("#tim").fill("1.013227")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    fill_person(page)
    for row in page.locator("tr.paper[data-required]").all():
        row.locator("label.yes").click()
    with page.expect_navigation():
        page.locator("#accept").click()
    expect(page.locator(".confirm")).to_be_visible()
    page.go_back()
    expect(page.locator("#intake")).to_be_visible()
    with office.app.app_context():
        made = db.session.query(Dossier).filter(Dossier.status == Status.ACCEPTED).count()
        db.session.remove()
    assert made >= 1
