"""A page in one state: how people bring it there, and the inspection of a row of such states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import NamedTuple

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser import moves
from tests.browser.busy import Known
from tests.browser.conftest import Faults
from tests.browser.inspection import wrong_in_forced_colours, wrong_with
from tests.filing import pieces
from tests.make import PERSON

Do = Callable[[Page], object]


class State(NamedTuple):
    """A page in one state: where it is, what to do there, and the status its answer has.

    ends: the endpoint whose page stands there after `do`, where it is another one.
    """

    address: str
    do: Do | None = None
    status: int = 200
    ends: str = ""


def inspect(page: Page, states: Iterable[State], known: Known, faults: Faults) -> None:
    """Go through the states in one window and tell everything wrong at once, by state."""
    wrong = {}
    for number, state in enumerate(states, 1):
        faults.allowed = {state.status}
        address = state.address.format(**known.places)
        answer = page.goto(address, wait_until="domcontentloaded")
        if state.do is not None:
            state.do(page)
        elif answer is not None:
            assert answer.status == state.status, address
        if found := [*wrong_with(page), *wrong_in_forced_colours(page)]:
            wrong[f"{number} {address}"] = found
    assert wrong == {}, "\n".join(f"{k}\n    " + "\n    ".join(v) for k, v in wrong.items())


# --- what people do to bring a page into a state -------------------------------------------------


def press(name: str) -> Do:
    """Press a button and wait for the faulty page that it brings."""

    def do(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        expect(page.locator("[aria-invalid=true]").first).to_be_visible()

    return do


def refused(name: str) -> Do:
    """Press a button and wait for the page that says why not."""

    def do(page: Page) -> None:
        page.get_by_role("button", name=name).first.click()
        expect(page.get_by_role("alert")).to_be_visible()

    return do


def onward(name: str, heading: str) -> Do:
    """Press a button and wait for the page that it leads to."""

    def do(page: Page) -> None:
        with moves.going_on(page):
            page.get_by_role("button", name=name).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)

    return do


def opened(selector: str, button: str = "") -> Do:
    """Open a fold, and send its form empty if a button is named; the page comes back faulty."""

    def do(page: Page) -> None:
        fold = page.locator(selector)
        if fold.get_attribute("open") is None and fold.locator("> summary").count():
            fold.locator("> summary").click()
        if button:
            fold.get_by_role("button", name=button).click()
            expect(page.get_by_role("alert")).to_be_focused()

    return do


def all_open(page: Page) -> None:
    """Every fold of the page, so that what is in it is seen, too."""
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")


def searched(text: str) -> Do:
    """Letters in the box of procedures; the list beneath it stands open."""

    def do(page: Page) -> None:
        page.locator("#tim").fill(text)
        expect(page.locator("#results")).to_be_visible()
        expect(page.locator("#results p").first).to_be_visible()

    return do


def turned_away(page: Page) -> None:
    """Ask for the refusal's fields at the counter, and send them empty."""
    page.get_by_role("button", name="Từ chối, in phiếu").click()
    expect(page.locator("#reason_code")).to_be_focused()
    page.get_by_role("button", name="Từ chối và in phiếu").click()
    expect(page.get_by_role("alert")).to_be_focused()


def scanned(page: Page) -> None:
    """A card of somebody who is known here, and a paper that is missing."""
    card = f"{PERSON['personal_id']}||{PERSON['name']}|05021990|Nữ|{PERSON['address']}|15042021"
    page.evaluate("card => document.dispatchEvent(new CustomEvent('card', {detail: card}))", card)
    expect(page.locator("#known a").first).to_be_visible()
    page.locator("tr.paper label.no").first.click()
    expect(page.locator("#papers-state")).to_contain_text("Thiếu 1")


def sent_incomplete(page: Page) -> None:
    """Name and phone wrong, a paper missing without a reason."""
    scanned(page)
    page.locator("#name").fill("")
    page.locator("#phone").fill("123")
    page.locator("#accept").click()
    expect(page.get_by_role("alert")).to_be_focused()


def filled_in(page: Page) -> None:
    """Everything there; the fees stand open."""
    moves.fill_person(page)
    moves.mark_papers(page)
    page.locator("details.fees > summary").click()
    page.locator("#p3").get_by_role("radio").first.focus()


def accepted(page: Page) -> None:
    """The confirmation right after an acceptance."""
    moves.fill_person(page)
    moves.mark_papers(page)
    with moves.going_on(page):
        page.locator("#accept").click()
    moves.accepted(page)


def sought(box: str, text: str) -> Do:
    """Look for a text in a box of a staff page."""

    def find(page: Page) -> None:
        page.locator(box).fill(text)
        with moves.going_on(page):
            page.locator(box).press("Enter")
        expect(page.locator("#found, .errors, .empty, #give").first).to_be_visible()

    return find


def guess(page: Page) -> None:
    """A number and a code that nothing has."""
    page.locator("#code").fill("H56.99-261125-9999")
    page.locator("#lookup_code").fill("AAAAA-BBBBB")
    page.get_by_role("button", name="Xem hồ sơ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Không tìm thấy hồ sơ")


def rated(page: Page) -> None:
    """Every question answered and sent."""
    for group in page.get_by_role("group").all():
        group.get_by_role("radio").first.check()
    with moves.going_on(page):
        page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.locator("main")).to_contain_text("Cảm ơn")


# --- set-up, files, many at once, the queue ------------------------------------------------------


def looked_at(page: Page) -> None:
    """A unit renamed on its page: the differences, before anything is changed."""
    page.get_by_label("Tên", exact=True).first.fill("Phòng Tài chính")
    page.get_by_role("button", name="Xem thay đổi").click()
    expect(page.get_by_role("button", name="Áp dụng tất cả")).to_be_visible()


def applied(page: Page) -> None:
    """The same, applied, and its page opened again from the table's history."""
    looked_at(page)
    with moves.going_on(page):
        page.get_by_role("button", name="Áp dụng tất cả").click()
    with moves.going_on(page):
        page.get_by_role("link", name="Lần ").first.click()
    expect(page.get_by_role("button", name="Lùi lại")).to_be_visible()


def undone(page: Page) -> None:
    """The newest change of the table, taken back."""
    with moves.going_on(page):
        page.get_by_role("link", name="Lần ").first.click()
    with moves.going_on(page):
        page.get_by_role("button", name="Lùi lại").click()
    if page.get_by_role("link", name="Lần ").count():
        with moves.going_on(page):
            page.get_by_role("link", name="Lần ").first.click()
    expect(page.locator("main")).to_contain_text("Đã lùi lại")


def sent_blank(page: Page) -> None:
    """Nothing typed and sent."""
    page.get_by_role("button", name="Xem thay đổi").click()
    expect(page.get_by_role("alert")).to_be_focused()


def wrong_sheet(page: Page) -> None:
    """The table with a name taken out of two rows: what is wrong is told row by row."""
    answer = page.context.request.get(page.url.rstrip("/") + "/bang.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.body()))
    heads = [str(cell.value) for cell in book.worksheets[0][1]]
    name = next(n for n, head in enumerate(heads, 1) if head.startswith("Tên"))
    for row in (2, 3):
        book.worksheets[0].cell(row, name).value = None
    out = BytesIO()
    book.save(out)
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("#file").set_input_files(
        {"name": "sua.xlsx", "mimeType": sheet, "buffer": out.getvalue()}
    )
    sent_blank(page)


def file(page: Page, data: bytes, name: str) -> None:
    """A file chosen for the first paper; it goes off at once."""
    with moves.going_on(page):
        page.locator("[data-upload] [type=file]").first.set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": data}
        )


def viewed(page: Page) -> None:
    """A scan filed and opened beside the list, with the fold for taking it away."""
    file(page, pieces.pdf(1), "Đơn đề nghị.pdf")
    page.get_by_role("link", name="Đơn đề nghị.pdf").first.click()
    expect(page.locator("#xem iframe")).to_be_visible()
    page.locator(".drop summary").first.click()


def file_refused(page: Page) -> None:
    """A picture that calls itself a PDF."""
    file(page, pieces.picture(), "sai tên.pdf")
    expect(page.get_by_role("alert")).to_be_focused()


def from_the_list(page: Page) -> None:
    """The first dossier of one's work, with the way on through the list above it."""
    page.locator("[aria-labelledby=work] a.open").first.click()
    expect(page.locator("[data-around]")).to_be_visible()
    all_open(page)


def ticked(button: str, heading: str) -> Do:
    """Tick every row and press a button."""

    def do(page: Page) -> None:
        for box in page.locator("[data-row] [type=checkbox]").all():
            box.check()
        onward(button, heading)(page)

    return do


def stood_in(**fields: int) -> Do:
    """Fill in who stands in from today on (selects take the entry told) and send it."""

    def do(page: Page) -> None:
        for name, number in fields.items():
            options = page.locator(f"select[name={name}] option").all()
            values = [option.get_attribute("value") for option in options]
            page.locator(f"select[name={name}]").select_option(values[number])
        for name, value in (("first_day", "25/11/2026"), ("last_day", "27/11/2026")):
            page.locator(f"[name={name}]").fill(value)
        for name in ("reason", "number"):
            if page.locator(f"main [name={name}]").count():
                page.locator(f"main [name={name}]").fill("12/UQ-PKTHT")
        with moves.going_on(page):
            page.locator("main .button.main").last.click()
        expect(page.locator(".inbox")).to_be_visible()

    return do


def same_number(page: Page) -> None:
    """A counter with a number that another one has."""
    page.get_by_label("Số quầy").fill("1")
    press("Thêm quầy")(page)


def seated(page: Page) -> None:
    """At counter 1, where one is being served or the next can be called."""
    if page.get_by_role("heading", name="Chọn quầy").count():
        with moves.going_on(page):
            page.get_by_role("button", name="Quầy 1", exact=True).click()
    expect(page.locator(".serving")).to_be_visible()


def serving(page: Page) -> None:
    """Somebody at the counter, others waiting and skipped."""
    seated(page)
    with moves.going_on(page):
        page.keyboard.press("F9")
    expect(page.locator(".serving")).not_to_have_text("–")
