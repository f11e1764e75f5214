"""Files as they come: the bad ones refused with a sentence of their own, the good ones made fit."""

from __future__ import annotations

import time
import unicodedata
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.core.refusals import Refused
from app.filing import names, opening
from tests.filing import pieces

MB = 1024 * 1024
ACTIONS = ("JavaScript", "Launch", "ImportData", "SubmitForm", "GoToE", "GoToR", "Rendition")
DAMAGED, LOCKED, RUNS, HOLDS = "hỏng hoặc bị cắt", "mật khẩu", "mã tự chạy", "đính kèm"
WRONG_KIND, WRONG_NAME, EMPTY = "không nhận", "không đúng với đuôi tên", "trống (0 byte)"
BAD: dict[str, tuple[str, bytes, str]] = {
    "no bytes": ("a.pdf", b"", EMPTY),
    "25 MB": ("a.pdf", pieces.pdf() + b"\0" * (25 * MB), "quá 20 MB"),
    "one byte too many": ("a.jpg", b"\xff\xd8\xff" + b"\0" * (20 * MB), "quá 20 MB"),
    "a jpg called pdf": ("đơn.pdf", pieces.picture(), WRONG_NAME),
    "a pdf called jpg": ("đơn.jpg", pieces.pdf(), WRONG_NAME),
    "a png called jpg": ("đơn.jpg", pieces.picture("PNG"), WRONG_NAME),
    "no ending": ("đơn", pieces.pdf(), WRONG_NAME),
    "two endings": ("đơn.pdf.exe", pieces.pdf(), WRONG_NAME),
    "a gif": ("a.gif", pieces.picture("GIF", mode="L"), "tệp GIF, không nhận"),
    "a gif called png": ("a.png", pieces.picture("GIF", mode="L"), "tệp GIF, không nhận"),
    "a tiff": ("a.tif", pieces.picture("TIFF"), WRONG_KIND),
    "a bmp": ("a.bmp", pieces.picture("BMP"), WRONG_KIND),
    "a webp called jpg": ("a.jpg", pieces.picture("WEBP"), WRONG_KIND),
    "a program": ("a.pdf", b"MZ" + b"\0" * 500, WRONG_KIND),
    "a zip, a word file": ("đơn.docx", b"PK\x03\x04" + b"\0" * 500, WRONG_KIND),
    "html called pdf": ("a.pdf", b"<!doctype html><script>alert(1)</script>", WRONG_KIND),
    "html that says it is pdf": ("a.pdf", b"<!--%PDF-1.4--><html>", WRONG_KIND),
    "a pdf after html": ("a.pdf", b"<html>" + pieces.pdf(), WRONG_KIND),
    "svg called png": ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', WRONG_KIND),
    "a text": ("a.txt", "Đơn đề nghị".encode(), WRONG_KIND),
    "half a jpg": ("a.jpg", pieces.picture()[:4000], DAMAGED),
    "the head of a jpg": ("a.jpg", pieces.picture()[:40], DAMAGED),
    "half a png": ("a.png", pieces.picture("PNG", mode="RGB")[:1500], DAMAGED),
    "a jpg's mark and noise": ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9, DAMAGED),
    "half a pdf": ("a.pdf", pieces.pdf(9)[:800], DAMAGED),
    "a pdf without its last bytes": ("a.pdf", pieces.pdf()[:-40], DAMAGED),
    "a pdf's mark and noise": ("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 9, DAMAGED),
    "a pdf of no page": ("a.pdf", pieces.saved(pikepdf.new()), "có 0 trang"),
    "a pdf of 301 pages": ("a.pdf", pieces.pdf(301), "có 301 trang"),
    "a password": ("a.pdf", pieces.encrypted("khách"), LOCKED),
    "locked rights": ("a.pdf", pieces.encrypted(""), LOCKED),
    **{f"does {a} when opened": ("a.pdf", pieces.with_action(a), RUNS) for a in ACTIONS},
    "a script by name": ("a.pdf", pieces.with_names("JavaScript"), RUNS),
    "attachments by name": ("a.pdf", pieces.with_names("EmbeddedFiles"), HOLDS),
    "an attached program": ("a.pdf", pieces.with_attachment(), HOLDS),
    **{f"{s} on the page": ("a.pdf", pieces.with_annotation(s), HOLDS)
       for s in ("FileAttachment", "RichMedia", "Movie", "Screen", "3D")},
    "a dynamic form": ("a.pdf", pieces.with_form(xfa=True), "XFA"),
    "a bomb of 3,600 megapixels": ("a.png", pieces.png(60_000, 60_000), "quá nhiều điểm ảnh"),
    "a bomb of 121 megapixels": ("a.png", pieces.png(11_000, 11_000), "quá nhiều điểm ảnh"),
    "just too many pixels": ("a.png", pieces.png(10_000, 5_001), "10000 × 5001"),
    "objects that unpack to 200 MB": ("a.pdf", pieces.packed_bomb(200), DAMAGED),
    "objects packed the old way": ("a.pdf", pieces.packed_bomb(1, b"[/LZWDecode]"), DAMAGED),
    "packed thirty times": ("a.pdf", pieces.packed_bomb(1, b"[" + b"/FlateDecode " * 30 + b"]"),
                            DAMAGED),
}  # fmt: skip


def refused(*sent: tuple[str, bytes]) -> Refused:
    """The refusal of what was sent."""
    with pytest.raises(Refused) as caught:
        opening.together(sent)
    return caught.value


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_at_once_and_says_what_to_do(what: str) -> None:
    name, data, said = BAD[what]
    start = time.perf_counter()
    no = refused((name, data))
    assert time.perf_counter() - start < 2
    assert no.code == "bad_file" and said in no.sentence, no.sentence
    assert f"“{name}”" in no.sentence and "hãy " in no.sentence.lower()
    assert unicodedata.is_normalized("NFC", no.sentence)


def test_one_bad_file_among_good_ones_refuses_all_and_names_each_bad_one() -> None:
    no = refused(("1.pdf", pieces.pdf()), ("2.gif", b"GIF89a" + b"\0" * 99), ("3.pdf", b""))
    told = no.detail["files"]
    assert isinstance(told, list) and len(told) == 2
    assert "“2.gif”" in told[0] and "“3.pdf”" in told[1]


def test_nothing_chosen_and_too_many_at_once() -> None:
    assert "Chưa chọn tệp" in refused().sentence
    assert "nhiều nhất 30 tệp" in refused(*[("a.pdf", b"")] * 31).sentence


@pytest.mark.parametrize("name", ["a.pdf", "A.PDF", "đơn xin cấp phép.Pdf"])
def test_a_good_pdf_is_kept_to_the_byte(name: str) -> None:
    for data in (pieces.pdf(3), pieces.with_form(), pieces.signed(), pieces.with_annotation("Link"),
                 pieces.packed_bomb(1)):  # fmt: skip
        opened = opening.together([(name, data)])
        assert (opened.kind, opened.data) == ("pdf", data)


@pytest.mark.parametrize("ending", ["jpg", "jpeg", "JPG", "JPEG"])
def test_a_jpg_loses_what_it_said_of_its_owner(ending: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Nguyễn Thị Mẫu"
    exif[0x0112] = 6  # turned by the telephone
    data = pieces.picture(exif=exif, comment=b"chu nha") + b"<script>alert(1)</script>"
    opened = opening.together([(f"ảnh.{ending}", data)])
    assert (opened.kind, opened.pages) == ("jpg", 1)
    for hidden in (b"Exif", b"chu nha", b"script"):
        assert hidden in data and hidden not in opened.data
    with Image.open(BytesIO(opened.data)) as image:
        assert image.size == A4_TURNED and not image.getexif()


A4_TURNED = (pieces.A4_LOW[1], pieces.A4_LOW[0])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_png_comes_out_plain(mode: str) -> None:
    if mode == "I;16":
        out = BytesIO()
        Image.linear_gradient("L").convert("I").convert("I;16").save(out, "PNG")
        data = out.getvalue()
    else:
        data = pieces.picture("PNG", mode=mode)
    opened = opening.together([("a.png", data)])
    with Image.open(BytesIO(opened.data)) as image:
        assert opened.kind == "png" and image.mode in ("1", "L", "RGB")


def test_other_jpgs() -> None:
    for data in (pieces.picture(mode="CMYK"), pieces.picture(mode="L"),
                 pieces.picture(progressive=True)):  # fmt: skip
        assert opening.together([("a.jpg", data)]).kind == "jpg"


def test_a_huge_scan_is_made_smaller_and_stays_legible() -> None:
    opened = opening.together([("a.jpg", pieces.picture(size=(5_200, 7_300)))])
    with Image.open(BytesIO(opened.data)) as image:
        assert max(image.size) == 5_000 and image.size[0] > 3_500


def several() -> list[tuple[str, bytes]]:
    return [
        ("trang 1.jpg", pieces.picture(seed=1)), ("trang 2.png", pieces.picture("PNG", mode="1")),
        ("trang 3-4.pdf", pieces.pdf(2)), ("trang 5.png", pieces.picture("PNG", mode="LA")),
        ("trang 6.jpg", pieces.picture(size=(900, 600), mode="L")),
    ]  # fmt: skip


def test_several_become_one_pdf_in_the_order_given_always_the_same() -> None:
    opened = opening.together(several())
    assert opened == opening.together(several())
    assert (opened.name, opened.kind, opened.pages) == ("trang 1 và 4 tệp nữa.pdf", "pdf", 6)
    with pikepdf.open(BytesIO(opened.data)) as pdf:
        boxes = [[float(n) for n in page.mediabox] for page in pdf.pages]
        shown = [list(page.get_images()) for page in pdf.pages]
    assert [bool(s) for s in shown] == [True, True, False, False, True, True]
    assert boxes[5][2] > boxes[5][3]  # a sheet lying on its side stays so
    assert all(w <= 842 and h <= 842 for _, _, w, h in boxes)
    assert opening.together([("a.pdf", opened.data)]).pages == 6  # and can come in again


def test_the_pixels_of_a_bound_page_are_those_of_the_scan() -> None:
    data = pieces.picture("PNG", mode="L", seed=3)
    bound = opening.together([("1.png", data), ("2.png", data)])
    with pikepdf.open(BytesIO(bound.data)) as pdf, Image.open(BytesIO(data)) as scan:
        shown = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.Picture).as_pil_image()
        assert shown.tobytes() == scan.tobytes()


def test_what_is_too_much_together_or_would_break_a_signature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no = refused(("1.pdf", pieces.pdf(200)), ("2.pdf", pieces.pdf(101)))
    assert "301 trang" in no.sentence
    no = refused(("1.pdf", pieces.signed()), ("2.pdf", pieces.pdf()))
    assert "chữ ký số" in no.sentence and "gửi riêng" in no.sentence
    one = pieces.picture()
    monkeypatch.setattr(opening, "MOST_BYTES", len(one) * 3 // 2)
    no = refused(("1.jpg", one), ("2.jpg", one))
    assert "ghép lại nặng" in no.sentence


# ---- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Đơn đề nghị.pdf", "Đơn đề nghị.pdf"), ("../../etc/passwd", "passwd"),
        ("C:\\Users\\an\\Quét 01.PDF", "Quét 01.PDF"), ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00b\r\nX: y.pdf", "abX_ y.pdf"), (".pdf", "tep.pdf"), ("", "tep"), ("...", "tep"),
        ("CON.pdf", "tep CON.pdf"), ("e\u0302\u0323.pdf", "ệ.pdf"),
        ("a  b\u3000c.pdf", "a b c.pdf"),
        ('"><img src=x>.png', "___img src=x_.png"), ("\ud800.pdf", "tep.pdf"),
    ],
)  # fmt: skip
def test_names_are_cleaned(given_name: str, kept: str) -> None:
    assert names.clean(given_name) == kept


@given(st.text() | st.text(alphabet=st.sampled_from("./\\ \u202e\u0302ệ\x00CONaux12:pdf\ud83d")))
def test_every_name_comes_out_plain(text: str) -> None:
    name = names.clean(text)
    assert 1 <= len(name) <= names.LONGEST and name == name.strip(" .")
    assert names.clean(name) == name and unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('/\\<>:"|?*')
    assert not [c for c in name if unicodedata.category(c)[0] == "C"]
    name.encode()


@given(st.text(min_size=200), st.sampled_from(["pdf", "jpeg", "PNG"]))
def test_a_long_name_keeps_its_ending(text: str, end: str) -> None:
    assert names.ending(names.clean(f"{text}.{end}")) == end.lower()
