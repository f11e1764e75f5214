"""Each form against the circulars: labels in their order, copies, signers, paper, whole text."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pypdf
import pytest

from app import rulebook
from app.config import ROOT
from app.documents import FORMS
from tests.documents import reading
from tests.documents.facts import stop_facts
from tests.documents.test_every_form import EXAMPLES, OWN, VARIANTS
from tests.documents.test_receipt_pdf import in_order

HEAD = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
SIGN = "(Ký và ghi rõ họ tên)"
SEAL = "(Ký tên, đóng dấu)"
# The labels in the order of the form; TT 01/2018/TT-VPCP (nd61), TT 03/2025/TT-VPCP (nd118).
ORDER: dict[tuple[str, str], list[str]] = {
    ("receipt", "nd61"): [
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã hồ sơ:",
        "Bộ phận tiếp nhận và trả kết quả:", "Tiếp nhận hồ sơ của:", "Địa chỉ:", "Số điện thoại:",
        "Email:", "Nội dung yêu cầu giải quyết:", "1. Thành phần hồ sơ nộp gồm:",
        "2. Số lượng hồ sơ:", "(bộ)", "3. Thời gian giải quyết hồ sơ theo quy định là:",
        "4. Thời gian nhận hồ sơ:", "giờ", "phút, ngày",
        "5. Thời gian trả kết quả giải quyết hồ sơ:", "6. Đăng ký nhận kết quả tại:",
        "Vào Sổ theo dõi hồ sơ, Quyển số:", "Số thứ tự:", "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ", SIGN, "Ghi chú:", "02 liên", "qua bưu chính",
    ],
    ("receipt", "nd118"): [
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã hồ sơ:",
        "Bộ phận tiếp nhận và trả kết quả:", "Tiếp nhận hồ sơ của:", "CCCD/MST:", "Địa chỉ:",
        "Số điện thoại:", "Email:", "Thủ tục hành chính cần giải quyết:",
        "Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm", "STT", "Tên giấy tờ",
        "Loại giấy tờ", "Số lượng", "2. Số lượng hồ sơ:", "3. Thời gian nhận hồ sơ:",
        "4. Thời gian trả kết quả giải quyết hồ sơ:", "5. Đăng ký trả kết quả tại:",
        "6. Phí, lệ phí (nếu có):", "Vào Sổ theo dõi hồ sơ, Quyển số:", "Số thứ tự:",
        "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ", SIGN, "Ghi chú:",
    ],
    ("supplement_request", "nd61"): [
        "/HDHS", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "Mã hồ sơ:", "Hồ sơ của:",
        "Nội dung yêu cầu giải quyết:", "Địa chỉ:", "Số điện thoại:", "Email:",
        "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:", "1.", "2.", "Lý do:", "Căn cứ:",
        "tính lại từ đầu sau khi nhận đủ hồ sơ", "liên hệ", "./.", "NGƯỜI HƯỚNG DẪN", SIGN,
    ],
    ("refusal_notice", "nd61"): [
        "Số: 15/", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Bộ phận tiếp nhận và trả kết quả:", "Tiếp nhận hồ sơ của:", "Địa chỉ:", "Số điện thoại:",
        "Email:", "Nội dung yêu cầu giải quyết:", "Qua xem xét", "không tiếp nhận", "lý do",
        "Xin thông báo cho Ông/Bà được biết và thực hiện.", "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ", SIGN,
    ],
    ("apology_notice", "nd61"): [
        "/PXL", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "Kính gửi:", "tiếp nhận hồ sơ",
        "mã số:", "Thời gian hẹn trả kết quả:", "đúng thời gian ghi trên", "Lý do:",
        "xin lỗi Ông/Bà", "giờ", "phút, ngày", "Nơi nhận:", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", SEAL,
    ],
    ("stop_notice", "nd118"): [
        "Số: 03/", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "Mã hồ sơ:", "Hồ sơ của:", "Lý do:",
        "Căn cứ:", "Giấy tờ trả lại:", "NGƯỜI NHẬN THÔNG BÁO", "NGƯỜI ĐỨNG ĐẦU",
    ],
    ("control_slip", "nd61"): [
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "Cơ quan (bộ phận) giải quyết hồ sơ:", "Cơ quan phối hợp giải quyết hồ sơ:",
        "TÊN CƠ QUAN", "THỜI GIAN GIAO, NHẬN HỒ SƠ", "KẾT QUẢ GIẢI QUYẾT HỒ SƠ", "GHI CHÚ",
        "1. Giao:", "2. Nhận:", "Trước hạn", "Đúng hạn", "Quá hạn", "Người giao", "Người nhận",
    ],
}  # fmt: skip
# The office's own papers: no circular sets them, these are the lines that must be there.
for _name, _own in {
    "payment_notice": [
        "THÔNG BÁO THỰC HIỆN NGHĨA VỤ TÀI CHÍNH",
        "Mã hồ sơ:",
        "Hồ sơ của:",
        "Số tiền phải nộp:",
        "1.500.000",
        "Căn cứ:",
        "Theo thông báo số:",
        "không tính vào thời hạn",
    ],
    "consult_request": [
        "PHIẾU LẤY Ý KIẾN",
        "Kính gửi:",
        "Phòng Tư pháp",
        "Mã hồ sơ:",
        "Nội dung lấy ý kiến:",
        "trước hết ngày 30 tháng 11 năm 2026",
        SEAL,
    ],
    "verification_minutes": [
        "BIÊN BẢN THẨM TRA, XÁC MINH",
        "Mã hồ sơ:",
        "Thời gian:",
        "Địa điểm:",
        "Thành phần tham gia:",
        "Nội dung xác minh:",
        "Kết quả xác minh:",
        SIGN,
    ],
    "originals_slip": [
        "GIẤY NHẬN LẠI BẢN CHÍNH",
        "Mã hồ sơ:",
        "Người nhận lại:",
        "Số giấy tờ tùy thân:",
        "NGƯỜI NHẬN LẠI",
        "NGƯỜI TRẢ",
        SIGN,
    ],
}.items():
    ORDER[_name, "nd61"] = ORDER[_name, "nd118"] = _own
# Where the two circulars word a form alike but for its title.
ORDER["supplement_request", "nd118"] = ORDER["supplement_request", "nd61"]
ORDER["control_slip", "nd118"] = ORDER["control_slip", "nd61"]
for _name, _title in (
    ("refusal_notice", "PHIẾU TỪ CHỐI TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ"),
    ("apology_notice", "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"),
):
    _lines = ORDER[_name, "nd61"]
    ORDER[_name, "nd118"] = [_lines[0], _title, *_lines[2:]]
ORDER["stop_notice", "nd61"] = ORDER["stop_notice", "nd118"]
CHANGES: dict[str, dict[str, Any]] = {
    "apology_notice": {"signer_title": "Thủ trưởng cơ quan, đơn vị", "send_to": None}
}
TWO = {"receipt", "supplement_request", "refusal_notice", "stop_notice"} | OWN
COPIES = dict.fromkeys(TWO, 2)
# The set of the decree: Nghị định 61/2018 (and as amended in 2021), Nghị định 118/2025.
SETS = {"ND61_2018": "nd61", "ND61_107": "nd61", "ND118_2025": "nd118"}


def drawn(name: str, variant: str, **changes: Any) -> bytes:
    facts = EXAMPLES[name](variant=variant, **(CHANGES.get(name, {}) | changes))
    return FORMS[name].draw(facts)


def page_of(pdf: bytes, number: int = 0) -> str:
    return " ".join(reading.pages(pdf)[number].split())


@pytest.mark.parametrize(("name", "variant"), sorted(ORDER))
def test_labels_stand_in_the_order_of_the_form(name: str, variant: str) -> None:
    words = page_of(drawn(name, variant))
    in_order(words, ORDER[name, variant])
    in_order(words, HEAD)


@pytest.mark.parametrize(
    ("name", "below"),
    [("receipt", "(Liên 1: Lưu)"), ("supplement_request", "(Liên 1: Lưu)"),
     ("apology_notice", "Mã hồ sơ: H56.15-261123-0012"),
     ("control_slip", "Mã hồ sơ: H56.15-261123-0012")],
)  # fmt: skip
def test_copy_or_code_stands_right_under_the_title(name: str, below: str) -> None:
    lines = reading.lines(drawn(name, "nd61"))
    title = next(n for n, line in enumerate(lines) if line.startswith(("GIẤY TIẾP", "PHIẾU")))
    assert lines[title + 1] == below


def test_every_form_and_variant_is_compared() -> None:
    assert {name for name, _ in ORDER} | {"tracking_book"} == set(FORMS)
    assert {(n, v) for n in FORMS for v in VARIANTS} - set(ORDER) == {
        ("tracking_book", v) for v in VARIANTS
    }  # its columns: test_tracking_book_pdf.py


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", sorted(FORMS))
def test_paper_and_copies(name: str, variant: str) -> None:
    pdf = drawn(name, variant)
    sizes = {(round(p.mediabox.width), round(p.mediabox.height)) for p in
             pypdf.PdfReader(BytesIO(pdf)).pages}  # fmt: skip
    a4_across = name == "tracking_book"
    assert sizes == {(842, 595) if a4_across else (420, 595)}
    text = reading.text(pdf)
    copies = COPIES.get(name, 0)
    assert text.count("(Liên 1: Lưu)") == text.count("(Liên 2: Giao khách hàng)") == copies // 2


@pytest.mark.parametrize("regime", sorted(SETS))
def test_titles_and_copies_are_those_of_the_decrees_file(regime: str) -> None:
    rules = rulebook.read(ROOT / "procedures", "nga-son-2018").regimes[regime].forms
    assert set(rules) <= set(FORMS)
    for name, rule in rules.items():
        pdf = drawn(name, SETS[regime])
        assert rule.title.upper() in reading.text(pdf).upper(), (regime, name)
        if rule.copies is not None and name != "tracking_book":
            assert rule.copies == COPIES[name], (regime, name)


def test_after_appraisal_the_agencys_head_signs_and_stamps() -> None:
    """NĐ 61/2018 Điều 19: the refusal of a settled dossier is the agency's, not the counter's."""
    words = page_of(drawn("refusal_notice", "nd61", signer="agency_head"))
    in_order(words, ["NGƯỜI NỘP HỒ SƠ", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", SIGN, SEAL])


def test_an_apology_goes_to_the_applicant_the_one_stop_and_the_file() -> None:
    words = page_of(drawn("apology_notice", "nd118"))
    in_order(words, ["- Như trên;", "- Trung tâm Phục vụ hành chính công xã Nga Sơn;", "- Lưu:"])


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", sorted(FORMS))
def test_vietnamese_text_is_whole_in_pdftotext(name: str, variant: str) -> None:
    """Every word told to the form comes back from the file, letter for letter."""
    facts = EXAMPLES[name](variant=variant)
    printed = reading.text(FORMS[name].draw(facts))
    known = set(printed.upper().replace("\u00a0", " ").split())
    # Who is asked for an opinion sees the question, not whose dossier it is.
    unsaid = {"applicant_name", "address"} if name == "consult_request" else set()
    fields = [field for field in type(facts).__dataclass_fields__ if field not in unsaid]
    told = [getattr(facts, field) for field in fields]
    words = [w for text in _texts(told) for w in text.split() if any(ord(c) > 127 for c in w)]
    assert len(words) > 20
    assert [w for w in words if not _found(w, known)] == []


def _found(word: str, known: Sequence[str] | set[str]) -> bool:
    bare = word.upper().strip("().,;:/")
    return any(bare in one for one in known)


def test_a_stop_lists_what_comes_back() -> None:
    words = page_of(FORMS["stop_notice"].draw(stop_facts()))
    in_order(words, ["Giấy tờ trả lại:", "Bản vẽ thiết kế xây dựng", "02 bản chính"])
