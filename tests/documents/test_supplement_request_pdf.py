"""The supplement request: what is wrong, what to do, until when, whom to ask."""

from __future__ import annotations

from typing import Any

import pytest

from app.documents import supplement_request
from tests.documents import reading
from tests.documents.facts import QR, supplement_facts
from tests.documents.test_receipt_pdf import in_order

BEFORE_ACCEPTANCE: dict[str, Any] = {
    "variant": "nd61",
    "code": "",
    "barcode_digits": "",
    "due_at": None,
    "complete_by": None,
    "closing_basis": "",
    "lookup_code": None,
    "qr_text": None,
    "legal_basis": "khoản 4 Điều 19 Nghị định số 61/2018/NĐ-CP",
}
HEAD = [
    "Số: 12/HDHS",
    "Nga Sơn, ngày 25 tháng 11 năm 2026",
    "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
]
LINES = [
    "Hồ sơ của: Nguyễn Thị Ngọc Ước",
    "Nội dung yêu cầu giải quyết: Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "Địa chỉ: Thôn 3, xã Nga Sơn, Thanh Hóa",
    "Số điện thoại: 0912 345 678 Email: ……",
    "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
    "1. Giấy tờ chứng minh quyền sử dụng đất",
    "Chưa đúng, chưa đủ: bản sao chưa được chứng thực.",
    "Cần làm: nộp bản sao có chứng thực, hoặc mang bản chính đến đối chiếu.",
    "Căn cứ: khoản 2 Điều 46 Nghị định số 175/2024/NĐ-CP",
    "2. Bản vẽ thiết kế xây dựng",
    "Chưa đúng, chưa đủ: thiếu mặt cắt móng.",
    "Cần làm: nộp thêm 02 bản vẽ mặt cắt móng tỷ lệ 1/50.",
    "Lý do: Hồ sơ chưa đủ điều kiện để thẩm định.",
]
CONTACT = (
    "Trong quá trình hoàn thiện hồ sơ, nếu có vướng mắc, Ông/Bà liên hệ Nguyễn Thị Hòa, "
    "số điện thoại 0237 3872 001, để được hướng dẫn./."
)
DURING = [
    *LINES,
    "Căn cứ: khoản 5 Điều 19 Nghị định số 118/2025/NĐ-CP",
    "Thời gian hẹn trả kết quả đã ghi: 17 giờ 00 phút, ngày 08 tháng 12 năm 2026.",
    "Thời hạn được tính lại từ đầu sau khi nhận đủ hồ sơ",
    "Nộp bổ sung tại: Trung tâm Phục vụ hành chính công xã Nga Sơn.",
    "Sau ngày 10 tháng 12 năm 2026 mà chưa bổ sung đủ, hồ sơ được đóng (khoản 5 Điều 19 Nghị định "
    "số 118/2025/NĐ-CP).",
    "Bổ sung, hoàn thiện chậm nhất hết Thứ Năm, 10/12/2026",
    CONTACT,
]
BEFORE = [
    *LINES,
    "Căn cứ: khoản 4 Điều 19 Nghị định số 61/2018/NĐ-CP",
    "Thời hạn giải quyết được tính từ khi cơ quan tiếp nhận đủ hồ sơ.",
    "Nộp bổ sung tại: Trung tâm Phục vụ hành chính công xã Nga Sơn.",
    CONTACT,
]


@pytest.mark.parametrize(
    ("changes", "wanted"), [({}, [*HEAD, *DURING]), (BEFORE_ACCEPTANCE, [*HEAD, *BEFORE])]
)
def test_lines_of_the_form_in_their_order(changes: dict[str, Any], wanted: list[str]) -> None:
    pdf = supplement_request.draw(supplement_facts(**changes))
    in_order(reading.text(pdf), wanted)
    assert len(reading.pages(pdf)) == 2


def test_before_acceptance_nothing_is_said_of_code_appointment_and_closing() -> None:
    text = reading.text(supplement_request.draw(supplement_facts(**BEFORE_ACCEPTANCE)))
    absent = ["Mã hồ sơ", "tính lại", "hẹn trả kết quả", "đóng", "chậm nhất", "tra cứu"]
    assert [piece for piece in absent if piece in text] == []


def test_one_signature_two_copies() -> None:
    first, second = reading.pages(supplement_request.draw(supplement_facts()))
    assert second.replace("(Liên 2: Giao khách hàng)", "(Liên 1: Lưu)") == first
    assert first.count("(Ký và ghi rõ họ tên)") == 1
    assert "NGƯỜI HƯỚNG DẪN" in first


@pytest.mark.parametrize("page", [1, 2])
def test_codes_read_back(page: int) -> None:
    pdf = supplement_request.draw(supplement_facts())
    assert reading.codes(pdf, 150, page)["QRCode"] == QR
    assert reading.codes(pdf, 300, page)["Code128"] == "2611230012"


def test_look_up_code_without_a_qr() -> None:
    text = reading.text(supplement_request.draw(supplement_facts(qr_text=None)))
    assert "Mã tra cứu: 7KQ4M-2XP9D" in text


def test_another_place_to_bring_it_and_another_way_to_address() -> None:
    facts = supplement_facts(
        submit_place="Cổng Dịch vụ công quốc gia", addressed_as="Quý công ty", contact_phone=""
    )
    text = reading.text(supplement_request.draw(facts))
    assert "Nộp bổ sung tại: Cổng Dịch vụ công quốc gia." in text
    assert "nếu có vướng mắc, Quý công ty liên hệ Nguyễn Thị Hòa để được hướng dẫn./." in text


def test_thirty_items_flow_on_and_none_is_lost() -> None:
    items = [
        {"component": f"Giấy tờ thứ {n}", "defect": f"thiếu chữ ký {n}.", "todo": f"ký lại {n}."}
        for n in range(1, 31)
    ]
    pages = reading.pages(supplement_request.draw(supplement_facts(items=items)))
    assert len(pages) > 4
    half = len(pages) // 2
    for copy in (pages[:half], pages[half:]):
        wanted = [
            f"{n}. Giấy tờ thứ {n} Chưa đúng, chưa đủ: thiếu chữ ký {n}." for n in (1, 15, 30)
        ]
        in_order(" ".join(" ".join(copy).split()), wanted)
        assert "NGƯỜI HƯỚNG DẪN" in copy[-1]
        assert "được hướng dẫn./." in copy[-1]


def test_a_defect_longer_than_a_page_is_printed_whole() -> None:
    words = [f"từ{n}" for n in range(900)]
    item = {"component": "Đơn", "defect": " ".join(words), "todo": ""}
    printed = reading.text(supplement_request.draw(supplement_facts(items=[item]))).split()
    assert [word for word in words if printed.count(word) != 2] == []


def test_one_endless_word_stays_inside_the_margins() -> None:
    item = {"component": "a" * 400, "defect": "b" * 400, "todo": "c" * 400}
    picture = reading.picture(supplement_request.draw(supplement_facts(items=[item])), 72)
    right = picture.crop((picture.width - 28, 0, picture.width, picture.height))
    assert right.getextrema()[0] == 255


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"items": []}, "at least one item"),
        ({"due_at": "2026-12-08T17:00:00"}, "due_at needs an offset"),
        ({"issued_at": "2026-12-08T17:00:00"}, "issued_at needs an offset"),
        ({"complete_by": "hôm nay"}, "isoformat"),
    ],
)
def test_impossible_facts_are_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        supplement_facts(**change)
