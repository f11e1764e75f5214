"""Dossiers worked in the browser by the people of the office, from the counter to the return."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.extensions import db
from app.models import Dossier
from tests.browser import moves
from tests.browser.conftest import PHONE, Browse, Faults, Live
from tests.documents import reading

pytestmark = pytest.mark.browser

DUE = "Thứ Tư, 02/12/2026"  # five working days after Wednesday the 25th of November
SENT_BACK = "Ảnh chụp giấy phép cũ bị mờ, hãy chụp lại rồi trình."


def look_up(browse: Browse, address: str) -> Page:
    """The page behind a QR code, opened by somebody unknown without JavaScript.

    It is one request and leaves nothing in the browser.
    """
    page = browse(java_script_enabled=False, viewport=PHONE)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if r.url.startswith("http") else None)
    answer = page.goto(address)
    assert answer is not None and answer.status == 200
    assert len(asked) == 1, asked
    assert page.context.cookies() == []
    return page


def count(live: Live) -> int:
    """How many dossiers there are."""
    with live.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Dossier)) or 0


def receive_by_keyboard(page: Page) -> str:
    """A torn building permit, received without touching the mouse but for two amounts."""
    moves.choose(page, "cap lai giay phep xay dung", "1.013228")
    expect(page.locator("#case")).to_be_focused()
    with moves.going_on(page):
        page.keyboard.press("ArrowDown")  # the second case: torn
    expect(page.locator(".due-date")).to_have_text(DUE)
    moves.type_person(page)
    page.locator("#held-2").fill("1")
    page.locator("#fee-1-amount").fill("75.000")
    expect(page.locator("#fee-total")).to_have_text("75.000 đ")
    page.keyboard.press("F4")
    page.keyboard.press("d")
    page.keyboard.press("Space")
    expect(page.locator("#papers-state")).to_have_text("Đủ thành phần")
    expect(page.locator("#accept")).to_be_focused()
    with moves.going_on(page):
        page.keyboard.press("Control+Enter")
    code = moves.accepted(page)
    expect(page.locator(".confirm")).to_contain_text("thứ Tư, 02/12/2026")
    return code


def checked_receipt(page: Page, code: str, live: Live) -> str:
    """The receipt says what the screen says; the address in its QR code is this office's."""
    receipt = moves.paper(page, code, "receipt")
    said = reading.text(receipt)
    for words in (code, DUE, "Nguyễn Thị Mẫu", "75.000"):
        assert words in said
    address = moves.qr_of(receipt)
    assert address == address.upper()
    assert address.startswith(f"{live.url}/t/".upper())
    return address


def send_back(page: Page, code: str, opinion: str) -> None:
    """The leader reads the opinion and gives the dossier back with a reason."""
    moves.open_from(page, "/phe-duyet", code)
    expect(page.locator("aside")).to_contain_text(opinion)
    page.locator("#viec-send_back summary").click()
    page.locator("#send_back-reason").fill(SENT_BACK)
    with moves.done(page):
        page.locator("#viec-send_back").get_by_role("button").click()


def test_one_dossier_from_the_counter_to_the_return(live: Live, browse: Browse) -> None:
    counter = browse("tiepnhan")
    code = receive_by_keyboard(counter)
    address = checked_receipt(counter, code, live)
    public = look_up(browse, address)
    expect(public.get_by_role("heading", level=1)).to_have_text("Hồ sơ đã được tiếp nhận")
    expect(public.locator(".pill")).to_have_text("Đúng hẹn")
    expect(public.locator(".date")).to_have_text(DUE)
    expect(public.get_by_text(code)).to_be_visible()
    expect(public.get_by_text("Nguyễn Thị Mẫu")).to_have_count(0)

    moves.in_list(counter, "/chuyen-ho-so", code, "Chuyển")
    clerk = browse("vanthu")
    moves.in_list(clerk, "/van-thu", code, "Nhận")
    officer, head, leader = browse("chuyenvien"), browse("truongphong"), browse("lanhdao")
    moves.propose(officer, code, "Đủ điều kiện cấp lại.")
    moves.in_list(head, "/phe-duyet", code, "Đồng ý, chuyển tiếp")
    send_back(leader, code, "Đủ điều kiện cấp lại.")
    moves.open_from(officer, "/tham-dinh?xem=toi", code)
    expect(officer.locator("#life")).to_contain_text(SENT_BACK)
    moves.propose(officer, code, "Đã chụp lại giấy phép cũ.")
    moves.in_list(head, "/phe-duyet", code, "Đồng ý, chuyển tiếp")
    moves.in_list(leader, "/phe-duyet", code, "Ký duyệt")
    moves.issue(clerk, code, "17", "GPXD")

    desk = browse("traketqua")
    moves.take_back(desk, code, "Kệ B, hộp 3")
    expect(desk.locator("li[data-row]").filter(has_text=code)).to_contain_text("Kệ B, hộp 3")
    ready = look_up(browse, address)
    expect(ready.get_by_role("heading", level=1)).to_have_text("Kết quả đã có, mời đến nhận")
    moves.hand_over(desk, code, originals=True, fee=True)
    ended = look_up(browse, address)
    expect(ended.get_by_role("heading", level=1)).to_have_text("Đã trả kết quả")
    expect(ended.locator(".date")).to_have_text("Thứ Tư, 25/11/2026")
    tells_who_did_what(desk, code)


def tells_who_did_what(page: Page, code: str) -> None:
    page.goto(f"/ho-so/{code}")
    expect(page.locator(".appointment")).to_contain_text("Đã trả kết quả")
    life = page.locator("#life")
    for name in ("Nguyễn Thị Hòa", "Vũ Thu Hạnh", "Trần Quốc Tuấn", "Lê Minh Sơn",
                 "Phạm Văn Thắng", "Mai Thị Lan"):  # fmt: skip
        expect(life).to_contain_text(name)


def test_the_whole_intake_without_javascript(live: Live, browse: Browse) -> None:
    page = browse("tiepnhan", java_script_enabled=False)
    page.locator("#tim").fill("cap lai gpxd")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.locator("button[name=choose]").filter(has_text="1.013228").click()
    page.get_by_label("Bị rách, nát").check()
    page.get_by_role("button", name="Hiện giấy tờ").click()
    expect(page.locator(".due-date")).to_have_text(DUE)
    moves.fill_person(page)
    moves.mark_papers(page)
    page.locator("tr.paper").nth(1).locator("label.yes").click()
    page.locator("#held-2").fill("1")
    page.locator("#accept").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã tiếp nhận hồ sơ")
    code = page.locator(".number").inner_text()
    assert count(live) == 1
    expect(page.locator("#print")).to_have_attribute("href", f"/ho-so/{code}/giay/receipt.pdf")
    assert DUE in reading.text(moves.paper(page, code, "receipt"))


def test_a_delegated_dossier_never_leaves_the_one_stop(live: Live, browse: Browse) -> None:
    counter = browse("tiepnhan")
    moves.open_intake(counter, "1.013227")
    expect(counter.locator("aside")).to_contain_text("theo ủy quyền số DEMO-01/QĐ-UBND")
    code = moves.receive(counter, "1.013227")
    moves.in_list(counter, "/chuyen-ho-so", code, "Bắt đầu giải quyết")
    moves.propose(browse("chuyenvien"), code, "Còn hạn, đủ điều kiện gia hạn.")
    head = browse("chanhvp")
    moves.in_list(head, "/phe-duyet", code, "Đồng ý, chuyển tiếp")
    moves.in_list(head, "/phe-duyet", code, "Ký duyệt")
    moves.issue(browse("vanthu"), code, "1", "GPXD")
    moves.take_back(counter, code, "Kệ A")
    moves.hand_over(counter, code)
    counter.goto(f"/ho-so/{code}")
    steps = counter.locator(".steps > li")
    expect(steps).to_have_count(6)
    for step in steps.all():
        expect(step).to_contain_text("Bộ phận Tiếp nhận và Trả kết quả huyện")


def test_a_refusal_at_the_counter(live: Live, browse: Browse) -> None:
    page = browse("tiepnhan")
    moves.open_intake(page, "1.013228", "mat")
    moves.fill_person(page)
    page.get_by_role("button", name="Từ chối, in phiếu").click()
    expect(page.locator("#reason_code")).to_be_focused()
    page.locator("#reason_code").select_option("no_authorisation")
    reason = "Giấy ủy quyền chưa được chứng thực, hãy chứng thực tại UBND xã rồi nộp lại."
    page.locator("#reason").fill(reason)
    page.get_by_role("button", name="Từ chối và in phiếu").click()
    expect(page.locator(".confirm")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã từ chối tiếp nhận")
    code = page.locator(".number").inner_text()
    assert code.startswith("TAM-")
    said = reading.text(moves.paper(page, code, "refusal_notice"))
    assert reason in said and "Nguyễn Thị Mẫu" in said


def test_a_commune_works_its_own_dossier(live: Live, browse: Browse) -> None:
    officer = browse("tiepnhan.xa")
    moves.choose(officer, "tinh trang hon nhan", "1.004873")
    officer.keyboard.press("Space")  # the first case
    expect(officer.locator(".due-date")).to_have_text("Thứ Hai, 30/11/2026")
    moves.fill_person(officer)
    moves.mark_papers(officer)
    with moves.going_on(officer):
        officer.locator("#accept").click()
    code = moves.accepted(officer)
    moves.in_list(officer, "/chuyen-ho-so", code, "Chuyển")
    moves.in_list(officer, "/tham-dinh", code, "Nhận")
    moves.propose(officer, code, "Chưa đăng ký kết hôn với ai.")
    leader = browse("lanhdao.xa")
    moves.in_list(leader, "/phe-duyet", code, "Ký duyệt")
    moves.issue(officer, code, "112", "XNTTHN")
    moves.take_back(officer, code, "")
    moves.hand_over(officer, code, fee=True)
    address = moves.qr_of(moves.paper(officer, code, "receipt"))
    expect(look_up(browse, address).get_by_role("heading", level=1)).to_have_text("Đã trả kết quả")


def test_a_double_click_receives_one_dossier(live: Live, browse: Browse) -> None:
    page = browse("tiepnhan")
    moves.open_intake(page, "1.013227")
    moves.fill_person(page)
    moves.mark_papers(page)
    page.locator("#accept").dblclick()
    moves.accepted(page)
    assert count(live) == 1


def test_who_comes_second_is_told_and_keeps_the_text(
    live: Live, browse: Browse, faults: Faults
) -> None:
    counter = browse("tiepnhan")
    code = moves.receive(counter, "1.013228", "mat")
    moves.in_list(counter, "/chuyen-ho-so", code, "Chuyển")
    moves.in_list(browse("vanthu"), "/van-thu", code, "Nhận")
    officer = browse("chuyenvien")
    moves.open_from(officer, "/tham-dinh?xem=toi", code)
    opinion = "Mất giấy phép có xác nhận của công an xã."
    officer.locator("#propose_result-opinion").fill(opinion)

    counter.goto(f"/ho-so/{code}")
    counter.locator("#viec-amend_data summary").click()
    counter.locator("#amend_data-changes\\.phone").fill("0987654321")
    counter.locator("#amend_data-reason").fill("Người nộp đổi số điện thoại.")
    with moves.done(counter):
        counter.locator("#viec-amend_data").get_by_role("button").click()

    faults.allow(409)
    with moves.going_on(officer):
        officer.keyboard.press("Control+Enter")
    told = officer.get_by_role("alert")
    expect(told).to_contain_text("Người khác vừa cập nhật hồ sơ này")
    expect(told).to_contain_text("Nguyễn Thị Hòa")
    expect(told).to_be_focused()
    expect(officer.locator("#propose_result-opinion")).to_have_value(opinion)
    with moves.done(officer):
        officer.keyboard.press("Control+Enter")
    counter.goto(f"/ho-so/{code}")
    expect(counter.locator("#life")).to_contain_text(opinion)
