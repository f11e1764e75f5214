"""What people do on the pages, one move a function; each waits until the page has answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.documents import reading

PERSON = {
    "personal_id": "038190000123",
    "name": "Nguyễn Thị Mẫu",
    "birth_date": "05021990",
    "sex": "Nữ",
    "address": "Thôn 1, xã Nga Yên",
    "phone": "0912345678",
}
CODE = re.compile(r"H56(\.\d\d){1,2}-\d{6}-\d{4}")


@contextmanager
def going_on(page: Page) -> Iterator[None]:
    """What is done inside sends a form or follows a link; the next page is there at the end."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        yield


@contextmanager
def done(page: Page) -> Iterator[None]:
    """What is done inside is an act; the page after it says that it is done."""
    with going_on(page):
        yield
    expect(page.get_by_role("status").filter(has_text="Đã xong")).to_be_visible()


def choose(page: Page, text: str, code: str) -> None:
    """Type into the search box as it stands in focus and take the first hit, which must be it."""
    expect(page.locator("#tim")).to_be_focused()
    page.keyboard.type(text)
    expect(page.get_by_role("option").first).to_contain_text(code)
    with going_on(page):
        page.keyboard.press("Enter")
    expect(page.locator(".strip.info")).to_contain_text(code)


def open_intake(page: Page, code: str, case: str = "") -> None:
    """The intake screen with a procedure and a case by its address."""
    page.goto(f"/tiep-nhan?thu-tuc={code}" + (f"&truong-hop={case}" if case else ""))
    expect(page.locator(".due-date")).to_be_visible()


def fill_person(page: Page, **changes: str) -> None:
    """The applicant's fields with the mouse."""
    for name, value in (PERSON | changes).items():
        field = page.locator(f"#{name}")
        if name == "sex":
            field.select_option(value)
        else:
            field.fill(value)


def type_person(page: Page) -> None:
    """The applicant by keyboard alone: F3, then Enter from field to field."""
    page.keyboard.press("F3")
    expect(page.locator("#personal_id")).to_be_focused()
    for name, value in PERSON.items():
        expect(page.locator(f"#{name}")).to_be_focused()
        if name == "sex":
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type(value)
        page.keyboard.press("Enter")
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#sex")).to_have_value("Nữ")


def mark_papers(page: Page) -> None:
    """Every required paper is there, with the mouse."""
    for row in page.locator("tr.paper[data-required]").all():
        row.locator("label.yes").click()


def accepted(page: Page) -> str:
    """The number of the dossier that has just been received; the panel that tells has the focus."""
    panel = page.locator(".confirm")
    expect(panel).to_contain_text("Đã tiếp nhận hồ sơ")
    expect(panel).to_be_focused()
    code = panel.locator(".number").inner_text()
    assert CODE.fullmatch(code), code
    return code


def receive(page: Page, code: str, case: str = "", **person: str) -> str:
    """Receive a complete dossier of a procedure with the mouse; its number."""
    open_intake(page, code, case)
    fill_person(page, **person)
    mark_papers(page)
    with going_on(page):
        page.locator("#accept").click()
    return accepted(page)


def in_list(page: Page, address: str, code: str, button: str) -> None:
    """Press a button in the dossier's row of a list; the list comes back and says it is done."""
    # The leader's round shows the buttons of the dossier that is open beside the list.
    beside = address == "/phe-duyet"
    page.goto(f"{address}?mo={code}" if beside else address)
    row = page.locator("#pane" if beside else "li[data-row]").filter(has_text=code)
    with done(page):
        row.get_by_role("button", name=f"{button} hồ sơ {code}", exact=True).click()


def open_from(page: Page, address: str, code: str) -> None:
    """Open a dossier from a list by its procedure's name."""
    beside = address == "/phe-duyet"
    page.goto(f"{address}?mo={code}" if beside else address)
    with going_on(page):
        if beside:
            page.get_by_role("link", name=f"Mở toàn bộ hồ sơ {code}").click()
        else:
            page.locator("li[data-row]").filter(has_text=code).locator("a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(code)


def propose(page: Page, code: str, opinion: str) -> None:
    """The officer opens the dossier from the inbox and proposes the result by keyboard."""
    open_from(page, "/tham-dinh?xem=toi", code)
    page.locator("#propose_result-opinion").fill(opinion)
    with done(page):
        page.keyboard.press("Control+Enter")


def issue(page: Page, code: str, number: str, symbol: str) -> None:
    """The văn thư gives number and symbol in the row of the list."""
    page.goto("/van-thu")
    row = page.locator("li[data-row]").filter(has_text=code)
    row.locator("[name=number]").fill(number)
    row.locator("[name=symbol]").fill(symbol)
    with done(page):
        row.get_by_role("button", name="Vào số, đóng dấu").click()


def take_back(page: Page, code: str, shelf: str) -> None:
    """The counter takes the result back from the agency and puts it on its shelf."""
    page.goto("/tra-ket-qua")
    row = page.locator("li[data-row]").filter(has_text=code)
    row.locator("[name=shelf]").fill(shelf)
    with done(page):
        row.get_by_role("button", name="Nhận về").click()


def hand_over(page: Page, code: str, *, originals: bool = False, fee: bool = False) -> None:
    """The applicant collects: who it is, originals given back, the rest of the fee paid."""
    page.goto("/tra-ket-qua")
    ready = page.locator("li[data-row]").filter(has_text=code)
    with going_on(page):
        ready.get_by_role("link", name=f"Trả kết quả {code}").click()
    unknown = page.locator("form[action$='/viec/enter_fee']")
    if unknown.count():  # a resolution sets it, and nobody has told the amount yet
        unknown.locator("[name=fee_amount]").fill("75.000")
        with going_on(page):
            unknown.get_by_role("button").click()
        fee = True
    expect(page.locator("#return_direct-receiver")).to_have_value(PERSON["name"])
    page.locator("#return_direct-receiver_id").fill(PERSON["personal_id"])
    if originals:
        page.locator("#return_direct-originals_returned").check()
    if fee:
        page.locator("#return_direct-fee_paid").check()
    with done(page):
        page.keyboard.press("Control+Enter")


def paper(page: Page, code: str, form: str) -> bytes:
    """A printed form as the browser's session gets it."""
    answer = page.context.request.get(f"/ho-so/{code}/giay/{form}.pdf")
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    return answer.body()


def qr_of(pdf: bytes) -> str:
    """The address in the QR code of a printed page, read from its picture at 150 dpi."""
    return reading.codes(pdf, 150)["QRCode"]
