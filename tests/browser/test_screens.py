"""Every page and its main states as the fitting person sees them: accessible, named, narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser import moves
from tests.browser.busy import Known
from tests.browser.conftest import PHONE, Browse, Faults
from tests.browser.inspection import wrong_with
from tests.make import PERSON

pytestmark = pytest.mark.browser


class State(NamedTuple):
    """A page in one state: where it is, what to do there, and the status its answer has."""

    address: str
    do: Callable[[Page], object] | None = None
    status: int = 200


def inspect(page: Page, states: Iterable[State], known: Known, faults: Faults) -> None:
    """Go through the states in one window and tell everything wrong at once, by state."""
    wrong = {}
    for number, state in enumerate(states, 1):
        faults.allowed = {state.status}
        address = state.address.format(**known.places)
        answer = page.goto(address)
        if state.do is not None:
            state.do(page)
        elif answer is not None:
            assert answer.status == state.status, address
        if found := wrong_with(page):
            wrong[f"{number} {address}"] = found
    assert wrong == {}, "\n".join(f"{k}\n    " + "\n    ".join(v) for k, v in wrong.items())


# --- what people do to bring a page into a state -------------------------------------------------


def press(name: str) -> Callable[[Page], None]:
    """Press a button and wait for the faulty page that it brings."""

    def do(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        expect(page.locator("[aria-invalid=true]").first).to_be_visible()

    return do


def opened(selector: str, button: str = "") -> Callable[[Page], None]:
    """Open a fold, and send its form empty if a button is named; the page comes back faulty."""

    def do(page: Page) -> None:
        fold = page.locator(selector)
        if fold.get_attribute("open") is None and fold.locator("> summary").count():
            fold.locator("> summary").click()
        if button:
            fold.get_by_role("button", name=button).click()
            expect(page.get_by_role("alert")).to_be_focused()

    return do


def searched(text: str) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        page.locator("#tim").fill(text)
        expect(page.locator("#results")).to_be_visible()
        expect(page.locator("#results p").first).to_be_visible()

    return do


def scanned(page: Page) -> None:
    """A card of somebody who is known here, and a paper that is missing."""
    card = f"{PERSON['personal_id']}||{PERSON['name']}|05021990|Nữ|{PERSON['address']}|15042021"
    page.evaluate("card => document.dispatchEvent(new CustomEvent('card', {detail: card}))", card)
    expect(page.locator("#known a").first).to_be_visible()
    page.locator("tr.paper label.no").first.click()
    expect(page.locator("#papers-state")).to_contain_text("Thiếu 1")


def sent_incomplete(page: Page) -> None:
    scanned(page)
    page.locator("#name").fill("")
    page.locator("#phone").fill("123")
    page.locator("#accept").click()
    expect(page.get_by_role("alert")).to_be_focused()


def filled_in(page: Page) -> None:
    moves.fill_person(page)
    moves.mark_papers(page)
    page.locator("details.fees > summary").click()
    page.locator("#p3").get_by_role("radio").first.focus()


def sought(box: str, text: str) -> Callable[[Page], None]:
    """Look for a text in a box of a staff page."""

    def find(page: Page) -> None:
        page.locator(box).fill(text)
        page.locator(box).press("Enter")
        expect(page.locator("#found, .errors, .empty, #give").first).to_be_visible()

    return find


def guess(page: Page) -> None:
    page.locator("#code").fill("H56.99-261125-9999")
    page.locator("#lookup_code").fill("AAAAA-BBBBB")
    page.get_by_role("button", name="Xem hồ sơ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Không tìm thấy hồ sơ")


def looked_at(page: Page) -> None:
    """A unit renamed on its page: the differences, before anything is changed."""
    page.get_by_label("Tên", exact=True).first.fill("Phòng Tài chính")
    page.get_by_role("button", name="Xem thay đổi").click()
    expect(page.get_by_role("button", name="Áp dụng tất cả")).to_be_visible()


def sent_blank(page: Page) -> None:
    page.get_by_role("button", name="Xem thay đổi").click()
    expect(page.get_by_role("alert")).to_be_focused()


# --- the pages, by who sees them -----------------------------------------------------------------

INTAKE = "/tiep-nhan?thu-tuc=1.013228"
PUBLIC = [
    State("/"),
    State("/tra-cuu"),
    State("/tra-cuu", press("Xem hồ sơ"), 422),
    State("/tra-cuu", guess, 404),
    State("/t/AAAAAAAAAA", status=404),
    *(State(f"/t/{{{name}_token}}") for name in (
        "accepted", "appraising", "approved", "issued", "at_one_stop", "returned", "late",
        "refused",
    )),
    State("/t/{accepted_token}/danh-gia"),
    State("/t/{accepted_token}/danh-gia", press("Gửi đánh giá"), 422),
    State("/thu-tuc"),
    State("/thu-tuc?q=gpxd"),
    State("/thu-tuc?q=zzz"),
    State("/thu-tuc/1.013228"),
    State("/thu-tuc/9.999999", status=404),
    State("/cong-khai"),
    State("/khong-co-trang-nay", status=404),
]  # fmt: skip
ENTRANCE = [
    State("/dang-nhap"),
    State("/dang-nhap", press("Đăng nhập"), 422),
    State("/mat-khau/{link}"),
    State("/mat-khau/{link}", press("Đặt mật khẩu"), 422),
    State("/mat-khau/khong-dung", status=409),
]
COUNTER = [
    State("/tiep-nhan"),
    State("/tiep-nhan", searched("gp xay")),
    State("/tiep-nhan", searched("khong co gi")),
    State("/tiep-nhan?thu-tuc=1.004873"),
    State(INTAKE),
    State(INTAKE + "&truong-hop=rach-nat"),
    State(INTAKE + "&truong-hop=rach-nat", filled_in),
    State(INTAKE + "&truong-hop=rach-nat", scanned),
    State(INTAKE + "&truong-hop=rach-nat", sent_incomplete, 422),
    State(INTAKE + "&truong-hop=rach-nat", opened("details.refuse", "Từ chối và in phiếu"), 422),
    State("/tiep-nhan?nhap={draft}"),
    State("/tiep-nhan/nhap"),
    State("/tiep-nhan/xong/{accepted}"),
    State("/tiep-nhan/tu-choi/{turned_away}"),
    State("/chuyen-ho-so"),
    State("/tra-ket-qua"),
    State("/tra-ket-qua", sought("#seek", "mau")),
    State("/tra-ket-qua", sought("#seek", "an")),
    State("/tra-ket-qua", sought("#seek", "zzz")),
    State("/tra-ket-qua", sought("#seek", "z"), 422),
    State("/tra-ket-qua/{at_one_stop}"),
    State("/tra-ket-qua/{at_one_stop}", press("Trả kết quả Ctrl Enter"), 422),
    State("/tra-ket-qua/chua-nhan?qua=0"),
    State("/tim"),
    State("/tim", sought("#tim", "mau")),
    State("/tim", sought("#tim", "zzz")),
    State("/tim", sought("#tim", "z"), 422),
    State("/ho-so/{accepted}"),
    State("/ho-so/{draft}"),
    State("/ho-so/{accepted}", opened("#viec-amend_data", "Sửa thông tin"), 422),
    State("/ho-so/{at_one_stop}"),
    State("/ho-so/{at_one_stop}", opened("#viec-return_direct", "Trả kết quả"), 422),
    State("/ho-so/{returned}"),
    State("/ho-so/{turned_away}"),
    State("/so-theo-doi"),
    State("/so-theo-doi?q=mau&tre=1"),
    State("/so-theo-doi?q=zzz"),
    State("/ho-so/H56.99-000000-0000", status=404),
]
OFFICER = [
    State("/tham-dinh?xem=toi"),
    State("/tham-dinh?xem=phong"),
    State("/ho-so/{appraising}"),
    State("/ho-so/{appraising}",
          opened("#viec-propose_refusal", "Trình từ chối giải quyết"), 422),
]  # fmt: skip
HEAD = [State("/tham-dinh"), State("/phe-duyet"), State("/ho-so/{submitted_for_approval}")]
LEADER = [
    State("/phe-duyet"),
    State("/ho-so/{to_sign}"),
    State("/ho-so/{to_sign}", opened("#viec-send_back", "Trả lại thẩm định"), 422),
    State("/ho-so/{refused}"),
]
CLERK = [
    State("/van-thu"),
    State("/ho-so/{approved}"),
    State("/ho-so/{issued}"),
]
OVERSIGHT = [
    State("/bao-cao"),
    State("/bao-cao?ngay=hom-nay"),
    State("/so-theo-doi"),
    State("/ho-so/{late}"),
]
ADMIN = [
    State("/quan-tri"),
    State("/quan-tri?q=zzz"),
    State("/quan-tri?q=zzz&sua={staff}"),
    State("/quan-tri", opened("details.card", "Thêm và lấy đường dẫn"), 422),
    State("/quan-tri/bang"),
    *(
        State(f"/quan-tri/bang/{kind}")
        for kind in ("nhan-su", "don-vi", "uy-quyen", "lich", "thu-tuc")
    ),
    State("/quan-tri/bang/nhan-su?q=zzz"),
    State("/quan-tri/bang/nhan-su/mot"),
    State("/quan-tri/bang/nhan-su/mot?ma=tiepnhan"),
    State("/quan-tri/bang/lich/mot?ma=gio"),
    State("/quan-tri/bang/thu-tuc/mot?ma=1.013228"),
    State("/quan-tri/bang/don-vi/mot?ma=phong-tckh", looked_at),
    State("/quan-tri/bang/don-vi/mot", sent_blank, 422),
    State("/tiep-nhan", status=403),
]


@pytest.mark.parametrize(
    ("person", "states"),
    [
        ("tiepnhan", COUNTER[:14]),
        ("tiepnhan", COUNTER[14:]),
        ("chuyenvien", OFFICER),
        ("truongphong", HEAD),
        ("lanhdao", LEADER),
        ("vanthu", CLERK),
        ("chanhvp", OVERSIGHT),
        ("quantri", ADMIN),
    ],
    ids=["counter, intake", "counter, other", "officer", "head", "leader", "clerk", "oversight",
         "administrator"],
)  # fmt: skip
def test_staff_pages(
    known: Known, browse: Browse, faults: Faults, person: str, states: list[State]
) -> None:
    inspect(browse(person, "about:blank"), states, known, faults)


def test_public_pages(known: Known, browse: Browse, faults: Faults) -> None:
    inspect(browse(viewport=PHONE), PUBLIC, known, faults)


def test_entrances(known: Known, browse: Browse, faults: Faults) -> None:
    inspect(browse(), ENTRANCE, known, faults)
