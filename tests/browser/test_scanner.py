"""A card scanner that types like a keyboard, wherever the focus is when it fires."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, Live

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
    burst(counter, CARD, PERSON)
    expect(counter.locator("#address")).to_have_value(CARD)
    expect(counter.locator("#card-said")).to_be_hidden()


@pytest.mark.parametrize(
    "place",
    ["#accept", "#change", "[name=action][value=draft]", ".refuse > summary", "a.push"],
)
@pytest.mark.parametrize("keyed", [True, False])
def test_a_scan_on_a_button_presses_nothing(counter: Page, place: str, keyed: bool) -> None:
    counter.locator(place).first.focus()
    burst(counter, CARD, keyed=keyed)
    taken(counter)
    assert not counter.locator(".refuse").evaluate("box => box.open")


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


# A camera that films the given matrix of a QR code, as bright as paper is, a little turned.
CAMERA = """(rows) => {
  const canvas = document.createElement("canvas");
  canvas.width = 640; canvas.height = 480;
  const brush = canvas.getContext("2d");
  const draw = () => {
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.fillStyle = "#cfc8bd"; brush.fillRect(0, 0, 640, 480);
    brush.translate(320, 240); brush.rotate(0.06);
    const size = Math.floor(400 / (rows.length + 8));
    brush.translate(-size * rows.length / 2, -size * rows.length / 2);
    brush.fillStyle = "#fff";
    brush.fillRect(-4 * size, -4 * size, (rows.length + 8) * size, (rows.length + 8) * size);
    brush.fillStyle = "#222";
    rows.forEach((row, y) => [...row].forEach((dark, x) => {
      if (dark === "1") brush.fillRect(x * size, y * size, size + 0.5, size + 0.5);
    }));
  };
  draw();
  setInterval(draw, 100);
  window.stopped = 0;
  Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: async () => {
    const stream = canvas.captureStream(10);
    stream.getTracks().forEach((track) => {
      const stop = track.stop.bind(track);
      track.stop = () => { window.stopped += 1; stop(); };
    });
    return stream;
  } });
}"""


def matrix(text: str) -> list[str]:
    """The QR code of a text, a row of 0 and 1 a string."""
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text.encode())
    code.make(fit=True)
    return ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]


def test_a_card_before_the_camera(counter: Page) -> None:
    counter.evaluate(CAMERA, matrix(CARD))
    counter.locator("#address").fill("đã có chữ")
    counter.locator("#camera").click()
    taken(counter)
    expect(counter.locator("#camera-box")).to_be_hidden()
    assert counter.evaluate("window.stopped") == 1


def test_a_camera_that_may_not_be_used(counter: Page) -> None:
    counter.evaluate(
        "Object.defineProperty(navigator.mediaDevices, 'getUserMedia',"
        " { value: async () => { throw new Error('denied'); } })"
    )
    counter.locator("#camera").click()
    expect(counter.locator("#camera-box")).to_contain_text("Không mở được camera")
    counter.keyboard.press("Escape")
    expect(counter.locator("#camera-box")).to_be_hidden()
    expect(counter.locator("#camera")).to_be_focused()


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
