"""The receipt as its readers get it: text, fonts, codes, pages; in both decrees' wording."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.documents import receipt
from tests.documents import reading
from tests.documents.facts import PAPERS, QR, RECEIPT, receipt_facts

MANY = [
    {"name": f"Giấy tờ thứ {n} kèm theo đơn", "form": "Bản chính", "quantity": n}
    for n in range(1, 21)
]
LONG_NAME = (
    "Đăng ký đất đai, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác "
    "gắn liền với đất lần đầu đối với hộ gia đình, cá nhân, cộng đồng dân cư, người gốc Việt Nam "
    "định cư ở nước ngoài đang sử dụng đất có nguồn gốc được Nhà nước giao không thu tiền"
)

# In the order of forms 01 of the two circulars.
ND61 = [
    "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
    "Bộ phận tiếp nhận và trả kết quả: Bộ phận Một cửa huyện Nga Sơn",
    "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ước",
    "Địa chỉ: Tiểu khu Ba Đình 2, thị trấn Nga Sơn, huyện Nga Sơn, Thanh Hóa",
    "Số điện thoại: 0912 345 678 Email: ngocuoc@example.vn",
    "Nội dung yêu cầu giải quyết: Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "1. Thành phần hồ sơ nộp gồm:",
    "Đơn đề nghị cấp giấy phép xây dựng (Mẫu số 01)",
    "01 bản chính",
    "Giấy tờ chứng minh quyền sử dụng đất",
    "01 bản sao",
    "2. Số lượng hồ sơ: 01 (bộ)",
    "3. Thời gian giải quyết hồ sơ theo quy định là: 10 ngày làm việc",
    "4. Thời gian nhận hồ sơ: 09 giờ 14 phút, ngày 23 tháng 11 năm 2026",
    "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 08 tháng 12 năm 2026",
    "Cách tính: Không tính 24/11 (Ngày Văn hóa Việt Nam).",
    "6. Đăng ký nhận kết quả tại: Bộ phận Một cửa huyện Nga Sơn",
    "Phí, lệ phí: Lệ phí cấp giấy phép 75.000 đ (đã nộp).",
    "Vào Sổ theo dõi hồ sơ, Quyển số: 04/2026 Số thứ tự: 0012",
    "NGƯỜI NỘP HỒ SƠ",
    "NGƯỜI TIẾP NHẬN HỒ SƠ",
    "Ghi chú: giấy này có 02 liên: liên 1 lưu, liên 2 giao người nộp.",
]
ND118 = [
    "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ước",
    "Số CCCD/MST: 038*****0123",
    "Địa chỉ:",
    "Thủ tục hành chính cần giải quyết: Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:",
    "STT Tên giấy tờ",
    "Loại giấy tờ",
    "Số lượng",
    "Bản vẽ thiết kế xây dựng",
    "Bản chính",
    "02",
    "2. Số lượng hồ sơ: 01 (bộ)",
    "3. Thời gian nhận hồ sơ: 09 giờ 14 phút, ngày 23 tháng 11 năm 2026",
    "4. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 08 tháng 12 năm 2026",
    "Cách tính: Thời hạn: 10 ngày làm việc. Không tính 24/11 (Ngày Văn hóa Việt Nam).",
    "5. Đăng ký trả kết quả tại: Bộ phận Một cửa huyện Nga Sơn",
    "6. Phí, lệ phí (nếu có): Lệ phí cấp giấy phép 75.000 đ (đã nộp).",
    "Vào Sổ theo dõi hồ sơ",
]


def in_order(text: str, wanted: list[str]) -> None:
    """Fails with the first wanted piece that does not come after the one before it."""
    position = 0
    for piece in wanted:
        found = text.find(piece, position)
        assert found >= 0, f"{piece!r} is not after {text[max(0, position - 60) : position]!r}"
        position = found + len(piece)


@pytest.mark.parametrize(("variant", "wanted"), [("nd61", ND61), ("nd118", ND118)])
def test_lines_of_the_form_in_their_order(variant: str, wanted: list[str]) -> None:
    pdf = receipt.draw(receipt_facts(variant=variant))
    in_order(reading.text(pdf), wanted)
    for page in reading.pages(pdf):
        in_order(" ".join(page.split()), wanted)


@pytest.mark.parametrize(
    ("variant", "absent"),
    [
        ("nd61", ["CCCD", "STT", "Thủ tục hành chính cần giải quyết", "nếu có"]),
        ("nd118", ["theo quy định là", "Nội dung yêu cầu", "Đăng ký nhận kết quả"]),
    ],
)
def test_wording_of_the_other_decree_is_absent(variant: str, absent: list[str]) -> None:
    text = reading.text(receipt.draw(receipt_facts(variant=variant)))
    assert [piece for piece in absent if piece in text] == []


def test_heading_on_whole_lines() -> None:
    lines = reading.lines(receipt.draw(receipt_facts(agency_name="UBND huyện Nga Sơn")))
    assert lines[:3] == ["UBND HUYỆN NGA SƠN", "BỘ PHẬN TIẾP NHẬN", "VÀ TRẢ KẾT QUẢ"]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in lines
    assert "Độc lập - Tự do - Hạnh phúc" in lines
    assert "Nga Sơn, ngày 23 tháng 11 năm 2026" in lines


def test_two_copies_differ_in_their_name_only() -> None:
    first, second = reading.pages(receipt.draw(receipt_facts()))
    assert "(Liên 1: Lưu)" in first
    assert second.replace("(Liên 2: Giao khách hàng)", "(Liên 1: Lưu)") == first


def test_box_answers_when_and_how_to_ask() -> None:
    lines = reading.lines(receipt.draw(receipt_facts()))
    box = lines[lines.index("Ngày hẹn trả kết quả") :][:7]
    assert box[1] == "Thứ Ba, 08/12/2026"
    assert box[2] == "trước 17 giờ 00, nhận tại: Bộ phận Một cửa huyện Nga Sơn"
    assert {"H56.15-261123-0012", "7KQ4M-2XP9D"} <= set(box)


def test_tentative_date_says_so() -> None:
    text = reading.text(receipt.draw(receipt_facts(tentative=True)))
    assert "Ngày hẹn trả kết quả (dự kiến)" in text
    assert "giải quyết hồ sơ (dự kiến): 17 giờ 00 phút" in text
    assert "dự kiến" not in reading.text(receipt.draw(receipt_facts()))


def test_instants_are_printed_in_vietnam_time() -> None:
    facts = receipt_facts(accepted_at="2026-11-22T17:30:00+00:00")
    assert "00 giờ 30 phút, ngày 23 tháng 11 năm 2026" in reading.text(receipt.draw(facts))


def test_without_look_up_there_is_neither_qr_nor_code() -> None:
    pdf = receipt.draw(receipt_facts(qr_text=None, lookup_code=None))
    text = reading.text(pdf)
    assert "tra cứu" not in text
    assert "QR" not in text
    assert "H56.15-261123-0012" in text
    assert "QRCode" not in reading.codes(pdf, 150)


def test_long_codes_stand_under_each_other() -> None:
    code = "000.00.16.H56-261123-00123"
    lines = reading.lines(receipt.draw(receipt_facts(code=code)))
    assert f"Mã hồ sơ: {code}" in lines
    assert "Mã tra cứu (hoặc quét QR): 7KQ4M-2XP9D" in lines


def test_submitter_who_is_not_the_applicant() -> None:
    text = reading.text(receipt.draw(receipt_facts(submitter_name="Trần Văn Mạnh")))
    assert "Nguyễn Thị Ngọc Ước (người nộp: Trần Văn Mạnh)" in text
    assert "Trần Văn Mạnh Nguyễn Thị Hòa" in text  # who signs


def test_what_is_unknown_leaves_dots_to_write_on() -> None:
    text = reading.text(receipt.draw(receipt_facts(email="", book_volume="", book_number="")))
    assert "Email: ……" in text
    assert "Quyển số: ……" in text


@pytest.mark.parametrize(
    ("variant", "fees", "total", "wanted"),
    [
        ("nd118", [], None, "6. Phí, lệ phí (nếu có): không."),
        (
            "nd61",
            [
                {"name": "Lệ phí", "amount": 75000, "state": "đã nộp, biên lai số 0004512"},
                {"name": "Phí thẩm định", "amount": 1500000, "state": ""},
            ],
            1575000,
            "Phí, lệ phí: Lệ phí 75.000 đ (đã nộp, biên lai số 0004512); Phí thẩm định "
            "1.500.000 đ. Tổng cộng: 1.575.000 đ.",
        ),
        (
            "nd118",
            [{"name": "Lệ phí", "amount": None, "state": "nộp sau"}],
            None,
            "6. Phí, lệ phí (nếu có): Lệ phí (nộp sau).",
        ),
    ],
)
def test_fees(variant: str, fees: list[object], total: int | None, wanted: str) -> None:
    facts = receipt_facts(variant=variant, fees=fees, fee_total=total)
    assert wanted in reading.text(receipt.draw(facts))


@pytest.mark.parametrize(
    ("variant", "wanted"),
    [
        ("nd61", ["Đơn đề nghị", "01 bản chính, 02 bản sao"]),
        ("nd118", ["Đơn đề nghị", "Bản chính", "01 bản chính, 02 bản sao"]),
    ],
)
def test_quantity_in_words(variant: str, wanted: list[str]) -> None:
    paper = {"name": "Đơn đề nghị", "form": "bản chính", "quantity": "01 bản chính, 02 bản sao"}
    facts = receipt_facts(variant=variant, components=[paper])
    page = " ".join(reading.pages(receipt.draw(facts))[0].split())
    in_order(page, wanted)


def test_without_fees_the_old_form_says_nothing_of_them() -> None:
    assert "lệ phí" not in reading.text(receipt.draw(receipt_facts(fees=[]))).lower()


@pytest.mark.parametrize("variant", receipt.VARIANTS)
def test_twenty_papers_flow_on_and_none_is_lost(variant: str) -> None:
    pdf = receipt.draw(receipt_facts(variant=variant, components=MANY))
    pages = reading.pages(pdf)
    assert len(pages) == 4
    for copy in (pages[:2], pages[2:]):
        both = " ".join(" ".join(copy).split())
        in_order(both, [paper["name"] for paper in MANY])
        assert "(xem tiếp trang 2)" in copy[0]
        assert "Trang 2" in copy[1]
        assert "H56.15-261123-0012" in copy[1]
        assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in copy[1]
        assert ("STT" in copy[1]) == (variant == "nd118")
    assert "(Liên 1: Lưu)" in pages[1]
    assert "(Liên 2: Giao khách hàng)" in pages[3]


def test_names_longer_than_a_page_are_printed_whole() -> None:
    words = [f"từ{n}" for n in range(1200)]
    paper = {"name": " ".join(words), "form": "Bản sao", "quantity": 1}
    text = " ".join(
        " ".join(reading.pages(receipt.draw(receipt_facts(components=[paper])))).split()
    )
    printed = text.split()
    assert [word for word in words if printed.count(word) != 2] == []


def test_a_page_never_holds_signatures_alone() -> None:
    for count in range(1, 21):
        pages = reading.pages(receipt.draw(receipt_facts(components=MANY[:count])))
        assert "Vào Sổ theo dõi hồ sơ" in pages[-1]
        assert "Ghi chú:" in pages[-1]


def test_long_procedure_name_wraps() -> None:
    pdf = receipt.draw(receipt_facts(procedure_name=LONG_NAME))
    assert f"Nội dung yêu cầu giải quyết: {LONG_NAME} (mã thủ tục 1.009994)" in reading.text(pdf)


def test_one_endless_word_stays_inside_the_margins() -> None:
    facts = receipt_facts(email="a" * 300 + "@example.vn")
    pdf = receipt.draw(facts)
    picture = reading.picture(pdf, 72)
    right = picture.crop((picture.width - 28, 0, picture.width, picture.height))
    assert right.getextrema()[0] == 255
    assert "a" * 300 + "@example.vn" in reading.text(pdf).replace(" ", "")


@pytest.mark.parametrize("dpi", [100, 150])
@pytest.mark.parametrize("page", [1, 2])
def test_qr_reads_back_from_a_poor_print(dpi: int, page: int) -> None:
    assert reading.codes(receipt.draw(receipt_facts()), dpi, page)["QRCode"] == QR


def test_qr_reads_back_without_a_bar_code_and_reprinted() -> None:
    pdf = receipt.draw(receipt_facts(barcode_digits="", variant="nd118"), reprint=12)
    assert reading.codes(pdf, 100) == {"QRCode": QR}


@pytest.mark.parametrize("digits", ["2611230012", "26112300123", "261123000123"])
def test_bar_code_reads_back(digits: str) -> None:
    assert (
        reading.codes(receipt.draw(receipt_facts(barcode_digits=digits)), 300)["Code128"] == digits
    )


def test_bar_code_takes_digits_only() -> None:
    with pytest.raises(ValueError, match="digits only"):
        receipt.draw(receipt_facts(barcode_digits="H56-0012"))


def test_same_facts_give_the_same_bytes() -> None:
    first = hashlib.sha256(receipt.draw(receipt_facts())).hexdigest()
    receipt.draw(receipt_facts(applicant_name="Người khác", variant="nd118"), reprint=3)
    assert hashlib.sha256(receipt.draw(receipt_facts())).hexdigest() == first


def test_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from app.documents import receipt;"
        "from tests.documents.facts import receipt_facts;"
        "print(hashlib.sha256(receipt.draw(receipt_facts(), 2)).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, text=True
    ).stdout.strip()
    assert other == hashlib.sha256(receipt.draw(receipt_facts(), 2)).hexdigest()


@pytest.mark.parametrize("components", [PAPERS, MANY])
@pytest.mark.parametrize("reprint", [1, 27])
def test_reprint_adds_one_line_and_nothing_else(components: list[object], reprint: int) -> None:
    facts = receipt_facts(components=components)
    again = reading.lines(receipt.draw(facts, reprint))
    notice = f"In lại lần {reprint}"
    assert again.count(notice) == 2
    assert [line for line in again if line != notice] == reading.lines(receipt.draw(facts))
    by_pypdf = "\n".join(reading.pages(receipt.draw(facts, reprint)))
    assert by_pypdf.replace(notice + "\n", "") == "\n".join(reading.pages(receipt.draw(facts)))


def test_reprint_is_counted_from_one() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        receipt.draw(receipt_facts(), -1)


def test_every_font_is_embedded_and_ours() -> None:
    for variant in receipt.VARIANTS:
        pdf = receipt.draw(receipt_facts(variant=variant, components=MANY), 1)
        found = dict(reading.fonts(pdf))
        assert found
        assert all(found.values())
        assert all(name.startswith("/AAAAAA+LiberationSerif") for name in found)
        assert b"Helvetica" not in pdf


def test_decomposed_text_prints_like_composed() -> None:
    loose = {
        name: unicodedata.normalize("NFD", value) if isinstance(value, str) else value
        for name, value in RECEIPT.items()
    }
    assert loose["applicant_name"] != RECEIPT["applicant_name"]
    assert receipt.draw(receipt_facts(**loose)) == receipt.draw(receipt_facts())


def test_letters_that_the_font_lacks_are_seen_to_be_missing() -> None:
    text = reading.text(receipt.draw(receipt_facts(applicant_name="Kim 김 Anh\nThư")))
    assert "Tiếp nhận hồ sơ của: Kim □ Anh Thư" in text


@pytest.mark.parametrize("variant", receipt.VARIANTS)
def test_usual_receipt_is_one_light_page_a_copy(variant: str) -> None:
    pdf = receipt.draw(receipt_facts(variant=variant))
    assert len(reading.pages(pdf)) == 2
    assert len(pdf) <= 30_000


def test_metadata_holds_nothing_personal() -> None:
    told = reading.metadata(receipt.draw(receipt_facts()))
    assert told.pop("/Title") == f"{receipt.TITLE} {RECEIPT['code']}"
    assert told.pop("/Producer").startswith("ReportLab")
    assert set(told.values()) <= {"", "/False", "D:20000101000000+00'00'"}


def test_many_at_once_draw_the_same() -> None:
    alone = receipt.draw(receipt_facts())
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: receipt.draw(receipt_facts()), range(40)))
    assert set(drawn) == {alone}


def test_facts_survive_json() -> None:
    facts = receipt_facts()
    stored = facts.to_json()
    again = receipt.Facts.from_json(stored)
    assert again.to_json() == stored
    assert receipt.draw(again) == receipt.draw(facts)
    assert receipt.Facts.from_json(json.loads(stored)) == again


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"colour": "red"}, r"unknown \['colour'\]"), ({"code": None}, r"missing \['code'\]")],
)
def test_facts_of_another_form_are_refused(change: dict[str, object], complaint: str) -> None:
    stored = {**RECEIPT, **change}
    stored = {name: value for name, value in stored.items() if value is not None}
    with pytest.raises(ValueError, match=complaint):
        receipt.Facts.from_json(stored)


@pytest.mark.parametrize(
    "change",
    [{"variant": "nd99"}, {"due_at": "2026-12-08T17:00:00"}, {"accepted_at": "hôm qua"}],
)
def test_impossible_facts_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"variant|offset|isoformat"):
        receipt_facts(**change)
