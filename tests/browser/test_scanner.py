"""A card scanner that types like a keyboard, wherever the focus is when it fires."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import qrcode
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    FLAGS,
    SCREEN,
    Browse,
    Faults,
    Live,
    chromium_path,
    sign_in_unseen,
)

pytestmark = pytest.mark.browser

CARD = (
    "038190000123||Nguyễn Thị Mẫu|05021990|Nữ|Thôn 1, Nga Yên, Nga Sơn, Thanh Hóa|15042021"
)  # fmt: skip
READ = {
    "personal_id": "038190000123",
    "name": "Nguyễn Thị Mẫu",
    "birth_date": "05/02/1990",
    "sex": "Nữ",
    "address": "Thôn 1, Nga Yên, Nga Sơn, Thanh Hóa",
}
SCANNER = 5  # ms from key to key
PERSON = 45


def burst(page: Page, text: str, pace: int = SCANNER, *, keyed: bool = True) -> None:
    """Type text and Enter with exactly `pace` ms between keys, whatever the machine is doing.

    keyed: letters with marks come with a key of their own; else as an input method sends them,
    as text without a key.
    """
    session = page.context.new_cdp_session(page)
    at = time.time()
    for letter in text:
        at += pace / 1000
        if keyed or letter.isascii():
            stroke = {"key": letter, "text": letter, "timestamp": at}
            session.send("Input.dispatchKeyEvent", {"type": "keyDown", **stroke})
        else:
            session.send("Input.insertText", {"text": letter})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
    at += pace / 1000
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter, "timestamp": at})
    session.detach()


def person_on(page: Page) -> dict[str, str]:
    return {name: page.locator(f"#{name}").input_value() for name in READ}


@pytest.fixture(scope="module")
def office(server: Live) -> Live:
    """A fresh office; no test here changes anything in it."""
    return server.restore()


@pytest.fixture
def counter(office: Live, browse: Browse) -> Page:
    """The intake screen with a procedure, nobody and nothing checked yet; sending is a fault."""
    page = browse("tiepnhan", "/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    expect(page.locator("#personal_id")).to_be_focused()
    page.locator("form#intake").evaluate(
        "form => form.addEventListener('submit', () => console.error('the form was sent'))"
    )
    return page


def taken(page: Page) -> None:
    """The card is read, the telephone comes next, nothing was sent."""
    expect(page.locator("#card-said")).to_contain_text("Đã điền từ thẻ căn cước")
    expect(page.locator("#phone")).to_be_focused()
    assert person_on(page) == READ
    expect(page.locator(".due-date")).to_be_visible()


@pytest.mark.parametrize(
    ("place", "keyed"),
    [("#phone", True), ("#phone", False), ("#note", True), ("#personal_id", False)],
)
def test_a_scan_into_a_text_field(counter: Page, place: str, keyed: bool) -> None:
    field = counter.locator(place)
    if place == "#note":
        counter.get_by_text("Ghi chú").first.click()
    field.fill("đã có chữ")
    field.press("Home")
    field.press("ArrowRight")
    burst(counter, CARD, keyed=keyed)
    taken(counter)
    if place != "#personal_id":
        expect(field).to_have_value("đã có chữ")


OLD = CARD.replace("||", "|171234567|", 1)


@pytest.mark.parametrize("way", ["wedge", "port or camera"])
def test_the_old_number_is_kept_with_its_card_only(counter: Page, way: str) -> None:
    old, said = counter.locator("[name=old_id]"), counter.locator("#old-said")
    assert said.inner_text().strip() == ""
    if way == "wedge":
        burst(counter, OLD)
    else:
        counter.evaluate("text => window.scanned(text)", OLD)
    taken(counter)
    expect(old).to_have_value("171234567")
    expect(said).to_have_text("CMND cũ 171234567")
    expect(said).to_be_visible()
    counter.locator("#personal_id").press("End")
    counter.locator("#personal_id").press("Backspace")
    expect(old).to_have_value("")
    expect(said).to_be_empty()
    burst(counter, OLD)
    expect(old).to_have_value("171234567")
    burst(counter, CARD)  # a card that tells none
    expect(old).to_have_value("")
    burst(counter, OLD)
    counter.locator("#clear").click()
    expect(old).to_have_value("")


@pytest.mark.parametrize(
    ("place", "keyed"),
    [("#components-1", True), ("#components-1", False), ("#kind", False), ("#case", True)],
)
def test_a_scan_on_a_choice(counter: Page, place: str, keyed: bool) -> None:
    radio = counter.locator(place)
    radio.focus()
    before = radio.is_checked()
    burst(counter, CARD, keyed=keyed)
    taken(counter)
    assert radio.is_checked() == before
    expect(counter.locator("#papers-state")).to_have_text("Còn 1 chưa kiểm tra")


@pytest.mark.parametrize(
    "code",
    ["HTTP://MOTCUA.VN/T/DT0DTTD0DT", "2611250001", "T/DT0DTTD0DT D", "DTDTDTDTDTDT"],
    ids=["QR of the receipt", "Code 128", "begins like a mark", "all marks"],
)
@pytest.mark.parametrize("place", ["#components-1", "#components-2"])
def test_a_receipt_scanned_on_a_paper_marks_nothing(counter: Page, code: str, place: str) -> None:
    rows = counter.locator("tr.paper")
    counter.locator("#components-2").check()
    counter.locator(place).focus()
    before = [row.get_attribute("data-mark") for row in rows.all()]
    burst(counter, code)
    expect(counter.locator("#said")).to_contain_text("Mã vừa quét không phải thẻ căn cước")
    expect(counter.locator(place)).to_be_focused()
    assert [row.get_attribute("data-mark") for row in rows.all()] == before
    expect(counter.locator("#papers-state")).to_have_text("Còn 1 chưa kiểm tra")
    time.sleep(0.1)
    counter.keyboard.press("t")  # and a person's key still marks
    expect(counter.locator("#papers-state")).to_have_text("Thiếu 1 giấy tờ")


def test_a_short_code_on_a_paper_marks_nothing(counter: Page) -> None:
    """Too short to be told as a scan, so that nothing would take its marks back."""
    counter.locator("#components-1").focus()
    burst(counter, "A1TD")
    expect(counter.locator("#papers-state")).to_have_text("Còn 1 chưa kiểm tra")
    assert counter.locator("tr.paper").first.get_attribute("data-mark") == ""


@pytest.mark.parametrize(
    ("place", "keyed"), [("#result_channel", True), ("#result_channel", False), ("#sex", True)]
)
def test_a_scan_on_a_list(counter: Page, place: str, keyed: bool) -> None:
    chosen = counter.locator(place)
    before = chosen.input_value()
    chosen.focus()
    burst(counter, CARD, keyed=keyed)
    taken(counter)
    if place != "#sex":
        expect(chosen).to_have_value(before)


def test_a_scan_into_the_search_box_searches_nothing(office: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/tiep-nhan")
    expect(page.locator("#tim")).to_be_focused()
    burst(page, CARD)
    expect(page.locator("#phone")).to_be_focused()
    assert person_on(page) == READ
    expect(page.locator("#tim")).to_have_value("")
    expect(page.locator("#results")).to_be_hidden()


def test_a_scan_with_nothing_in_focus(counter: Page) -> None:
    counter.evaluate("document.activeElement.blur()")
    burst(counter, CARD)
    taken(counter)


def test_letters_that_the_scanner_lost_are_asked_for(counter: Page) -> None:
    lost = "038190000123||Nguy?n Th? M?u|05021990|N?|Th?n 1, Nga Y?n|15042021"
    burst(counter, lost)
    expect(counter.locator("#card-said")).to_contain_text("Sửa họ tên, địa chỉ theo thẻ")
    expect(counter.locator("#name")).to_be_focused()
    for name in ("name", "address"):
        expect(counter.locator(f"#{name}")).to_have_attribute("aria-invalid", "true")
    expect(counter.locator("#personal_id")).to_have_value(READ["personal_id"])
    expect(counter.locator("#birth_date")).to_have_value(READ["birth_date"])
    expect(counter.locator("#sex")).to_have_value("")


def test_a_person_typing_fast_is_no_scanner(counter: Page) -> None:
    counter.locator("#personal_id").focus()
    burst(counter, READ["personal_id"], PERSON)
    expect(counter.locator("#personal_id")).to_have_value(READ["personal_id"])
    expect(counter.locator("#name")).to_be_focused()
    counter.locator("#address").focus()
    burst(counter, "Thôn 12|Nga Yên|Nga Sơn 2611250001", PERSON)
    expect(counter.locator("#address")).to_have_value("Thôn 12|Nga Yên|Nga Sơn 2611250001")
    expect(counter.locator("#card-said")).to_be_hidden()


@pytest.mark.parametrize(
    "place",
    [
        "#accept",
        "#change",
        "[name=action][value=draft]",
        "[name=action][value=turn_away]",
        "a.push",
    ],
)
@pytest.mark.parametrize("keyed", [True, False])
def test_a_scan_on_a_button_presses_nothing(counter: Page, place: str, keyed: bool) -> None:
    counter.locator(place).first.focus()
    burst(counter, CARD, keyed=keyed)
    taken(counter)
    assert counter.locator(".refusal").count() == 0


def test_a_scan_on_a_tick_box(office: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    page.evaluate(
        "document.querySelector('.more').insertAdjacentHTML("
        "'beforeend', '<label><input type=checkbox id=box>x</label>')"
    )
    page.locator("#box").focus()
    burst(page, CARD)
    taken(page)
    expect(page.locator("#box")).not_to_be_checked()


@pytest.mark.parametrize(
    "payload",
    [
        CARD + "|Nguyễn Văn Cha|Lê Thị Mẹ||",
        CARD.replace("05021990", "05/02/1990"),
        CARD.replace("||", "|171234567|"),
    ],
    ids=["more fields", "dates with strokes", "with the old number"],
)
def test_every_layout_of_the_card(counter: Page, payload: str) -> None:
    burst(counter, payload)
    taken(counter)


@pytest.mark.parametrize(
    "lost",
    [
        "038190000123||Nguyeexn Thij Maaux|05021990|Nuwx|Thoon 1, Nga Yeen|15042021",  # Telex
        "038190000123||Nguye64n Thi5 Ma64u|05021990|Nu74|Tho6n 1, Nga Ye6n|15042021",  # VNI
        "038190000123||NGUYEN THI MAU|05021990|Nu|Thon 1, Nga Yen|15042021",  # marks dropped
        "038190000123||Nguyễn Thịị Mẫu|05021990|Nữ|Thôn 1, Nga Yên|15042021",  # a mark too many
        "038190000123||Nguyễn Th\ufffd Mẫu|05021990|Nữ|Thôn 1, Nga Yên|15042021",
        "038190000123||Nguyễn Thị Mẫu|05021990|Nữ|Thôn 1, Nga Y?n|15042021",
    ],
    ids=["Telex", "VNI", "no marks", "two tones", "replaced", "address"],
)
def test_what_an_input_method_made_of_it_is_flagged(counter: Page, lost: str) -> None:
    burst(counter, lost, keyed=False)
    expect(counter.locator("#card-said")).to_contain_text("Sửa họ tên, địa chỉ theo thẻ")
    expect(counter.locator("#name")).to_be_focused()
    expect(counter.locator("#personal_id")).to_have_value(READ["personal_id"])
    expect(counter.locator("#birth_date")).to_have_value(READ["birth_date"])
    expect(counter.locator("#name")).to_have_attribute("aria-invalid", "true")


# A port as the browser gives it; `send` puts bytes into it, `pull` takes the cable out.
PORT = """(() => {
  let feed;
  const readable = new ReadableStream({ start(c) { feed = c; } });
  const port = { readable, open: async (how) => { window.opened = how.baudRate; } };
  const ports = %s;
  Object.defineProperty(navigator, "serial", { value: {
    getPorts: async () => (ports ? [port] : []),
    requestPort: async () => port,
    addEventListener() {},
  } });
  window.send = (bytes) => feed.enqueue(Uint8Array.from(bytes));
  window.pull = () => feed.error(new Error("gone"));
})()"""


@pytest.mark.parametrize("known", [True, False], ids=["known port", "chosen now"])
def test_a_scanner_at_a_serial_port(office: Live, browse: Browse, known: bool) -> None:
    page = browse("tiepnhan", "/thu-tuc")
    page.add_init_script(PORT % ("true" if known else "false"))
    page.goto("/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    if not known:
        page.locator("#serial").click()
    expect(page.locator("#scanner-said")).to_have_text("Máy quét COM sẵn sàng")
    assert page.evaluate("window.opened") == 9600
    page.locator("#note").evaluate("note => note.closest('details').open = true")
    page.locator("#note").fill("đang gõ")
    sent = list(f"{CARD}\r\n".encode())
    page.evaluate("bytes => send(bytes)", sent[:21])  # a letter of several bytes is cut in two
    page.evaluate("bytes => send(bytes)", sent[21:])
    taken(page)
    expect(page.locator("#note")).to_have_value("đang gõ")
    page.evaluate("pull()")
    expect(page.locator("#scanner-said")).to_have_text("Máy quét COM đã ngắt")
    expect(page.locator("#serial")).to_be_visible()


def test_a_scanner_without_line_ends(office: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/thu-tuc")
    page.add_init_script(PORT % "true")
    page.goto("/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
    expect(page.locator("#scanner-said")).to_have_text("Máy quét COM sẵn sàng")
    page.evaluate("bytes => send(bytes)", list(CARD.encode()))
    taken(page)


WIDTH, HEIGHT, FRAMES = 640, 480, 5
CAMERA = (
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--use-file-for-fake-video-capture={}",
)  # fmt: skip


def filmed(text: str, turn: float, blur: float, noise: int, dice: random.Random) -> bytes:
    """A film (Y4M) of a card's QR code as a webcam sees it: turned, out of focus, in poor light."""
    code = qrcode.QRCode(border=4, box_size=6, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text.encode())
    code.make(fit=True)
    card = code.make_image(fill_color="#2a2a2a", back_color="#e4e0d8").get_image().convert("L")
    seen = Image.new("L", (WIDTH, HEIGHT), 150)
    turned = card.rotate(turn, expand=True, fillcolor=150, resample=Image.Resampling.BICUBIC)
    turned.thumbnail((WIDTH, HEIGHT))
    seen.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
    blurred = seen.filter(ImageFilter.GaussianBlur(blur)).tobytes()
    film = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    for _ in range(FRAMES):
        film += b"FRAME\n"
        film += bytes(min(255, max(0, light + dice.randint(-noise, noise))) for light in blurred)
        film += bytes([128]) * (WIDTH * HEIGHT // 2)
    return film


@pytest.fixture
def filming(chromium: Browser, office: Live, faults: Faults, tmp_path: Path) -> Iterator[Any]:
    """`filming(film)` opens the intake screen in a browser whose camera shows the film."""
    opened: list[Browser] = []

    def open_counter(film: bytes) -> Page:
        path = tmp_path / "card.y4m"
        path.write_bytes(film)
        flags = [*FLAGS, *(flag.format(path) for flag in CAMERA)]
        browser = chromium.browser_type.launch(executable_path=chromium_path(), args=flags)
        opened.append(browser)
        context = browser.new_context(base_url=office.url, viewport=SCREEN, locale="vi-VN")
        context.on("page", faults.watch)
        page = context.new_page()
        sign_in_unseen(context, "tiepnhan")
        page.goto("/tiep-nhan?thu-tuc=1.013228&truong-hop=rach-nat")
        return page

    yield open_counter
    for browser in opened:
        browser.close()


@pytest.mark.parametrize(
    ("turn", "blur", "noise"),
    [(0, 0, 0), (17, 1.6, 40), (200, 1.2, 60)],
    ids=["clean", "turned, blurred, noisy", "nearly upside down"],
)
def test_a_card_before_the_camera(filming: Any, turn: float, blur: float, noise: int) -> None:
    page = filming(filmed(CARD, turn, blur, noise, random.Random(1)))
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.locator("#address").fill("đã có chữ")
    page.locator("#note").evaluate("note => note.closest('details').open = true")
    page.locator("#note").fill("đang gõ")
    page.locator("#camera").click()
    taken(page)
    expect(page.locator("#camera-box")).to_be_hidden()
    expect(page.locator("#camera-box iframe")).to_have_count(0)
    expect(page.locator("#note")).to_have_value("đang gõ")
    assert any(".wasm" in url for url in fetched)


def test_a_camera_that_may_not_be_used(counter: Page) -> None:
    counter.locator("#camera").click()
    filming = counter.frame_locator("#camera-box iframe")
    expect(filming.locator("[role=status]")).to_contain_text("Không mở được camera")
    filming.locator("body").press("Escape")
    expect(counter.locator("#camera-box")).to_be_hidden()
    expect(counter.locator("#camera")).to_be_focused()


def test_only_the_frame_that_films_is_listened_to(counter: Page) -> None:
    counter.locator("#camera").click()
    counter.frame_locator("#camera-box iframe").locator("[role=status]").wait_for()
    counter.evaluate("card => window.postMessage({ scanned: card }, location.origin)", CARD)
    counter.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    expect(counter.locator("#personal_id")).to_have_value("")
    expect(counter.locator("#camera-box")).to_be_visible()


def test_webassembly_is_for_the_filming_page_only(office: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/thu-tuc")
    for address, allowed in (("/quet-the", True), ("/tiep-nhan", False), ("/tra-ket-qua", False)):
        answer = page.goto(address)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert ("wasm-unsafe-eval" in policy) is allowed, address
        assert "'unsafe-" not in policy.replace("'wasm-unsafe-eval'", ""), address


def test_devices_are_for_the_counters_pages_only(office: Live, browse: Browse) -> None:
    page = browse("tiepnhan", "/thu-tuc")
    for address, allowed in (
        ("/tiep-nhan", True), ("/tra-ket-qua", True), ("/so-theo-doi", False), ("/tim", False),
        ("/thu-tuc", False),
    ):  # fmt: skip
        answer = page.goto(address)
        assert answer is not None
        policy = answer.headers["permissions-policy"]
        assert ("camera=(self), serial=(self)" in policy) is allowed, address
        assert ("camera=(), serial=()" in policy) is not allowed, address
