"""The apology: what was promised, why it is not kept, the new day, who signs."""

from __future__ import annotations

from typing import Any

import pytest

from app.documents import apology_notice
from tests.documents import reading
from tests.documents.facts import QR, apology_facts
from tests.documents.test_receipt_pdf import in_order

BODY = [
    "Số: 05/PXL",
    "Mã hồ sơ: H56.15-261123-0012",
    "Kính gửi: Nguyễn Thị Ngọc Ước",
    "Ngày 23 tháng 11 năm 2026, Ủy ban nhân dân xã Nga Sơn tiếp nhận hồ sơ đề nghị giải quyết: "
    "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ (mã thủ tục 1.009994); mã số: "
    "H56.15-261123-0012.",
    "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 08 tháng 12 năm 2026.",
    "sẽ không trả được kết quả giải quyết hồ sơ của Ông/Bà đúng thời gian ghi trên Giấy tiếp nhận "
    "hồ sơ và hẹn trả kết quả.",
    "Lý do: Cơ quan phối hợp trả lời chậm. Sở Xây dựng chưa có ý kiến về chỉ giới đường đỏ.",
    "Căn cứ: khoản 6 Điều 19 Nghị định số 118/2025/NĐ-CP",
    "xin lỗi Ông/Bà vì sự chậm trễ này",
    "17 giờ 00 phút, ngày 15 tháng 12 năm 2026.",
    "Kết quả nhận tại: Trung tâm Phục vụ hành chính công xã Nga Sơn. Mỗi hồ sơ được hẹn lại không "
    "quá một lần. Rất mong Ông/Bà thông cảm./.",
]
WORDING = {
    "nd61": [
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        "và hẹn lại thời gian trả kết quả như sau: 17 giờ 00 phút",
    ],
    "nd118": [
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        "và đề nghị gia hạn thời gian giải quyết hồ sơ; thời gian trả kết quả mới là 17 giờ 00",
    ],
}


@pytest.mark.parametrize("variant", WORDING)
def test_lines_of_the_form_in_their_order(variant: str) -> None:
    pdf = apology_notice.draw(apology_facts(variant=variant))
    assert len(reading.pages(pdf)) == 1
    text = reading.text(pdf)
    in_order(text, BODY)
    in_order(text, WORDING[variant])
    other = WORDING["nd61" if variant == "nd118" else "nd118"]
    assert [piece for piece in other if piece in text] == []
    assert "Liên" not in text


@pytest.mark.parametrize(
    ("issued_at", "said"),
    [
        ("2026-12-08T16:59:59+07:00", "sẽ không trả được kết quả"),
        ("2026-12-08T17:00:00+07:00", "sẽ không trả được kết quả"),
        ("2026-12-08T10:00:01+00:00", "đến nay chưa trả được kết quả"),
    ],
)
def test_late_already_or_not_yet(issued_at: str, said: str) -> None:
    assert said in reading.text(apology_notice.draw(apology_facts(issued_at=issued_at)))


def test_the_head_signs_and_the_receivers_stand_at_the_left() -> None:
    lines = reading.lines(apology_notice.draw(apology_facts()))
    for line in ("Nơi nhận:", "- Như trên;", "- Trung tâm Phục vụ hành chính công;"):
        assert line in lines
    assert "- Lưu: VT, hồ sơ." in lines
    assert lines.count("(Ký tên, đóng dấu)") == 1
    assert [line for line in lines if line in ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")] == [
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
    ]
    assert "Ký và ghi rõ" not in " ".join(lines)


def test_title_of_the_head_is_that_of_the_form_unless_told() -> None:
    told = apology_facts().__dict__.copy()
    told.pop("signer_title")
    text = reading.text(apology_notice.draw(apology_notice.Facts(**told)))
    assert "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ" in text


def test_recipient_and_receivers_may_be_others_or_none() -> None:
    facts = apology_facts(recipient="Công ty TNHH Hải Yến", send_to=[], address="")
    text = reading.text(apology_notice.draw(facts))
    assert "Kính gửi: Công ty TNHH Hải Yến" in text
    assert "Nơi nhận" not in text
    assert "Địa chỉ" not in text


def test_box_holds_the_new_day_and_the_codes_read_back() -> None:
    pdf = apology_notice.draw(apology_facts())
    in_order(reading.text(pdf), ["Ngày hẹn trả kết quả mới", "Thứ Ba, 15/12/2026", "7KQ4M-2XP9D"])
    assert reading.codes(pdf, 150)["QRCode"] == QR
    bare = apology_notice.draw(apology_facts(qr_text=None, lookup_code=None, barcode_digits=""))
    assert reading.codes(bare, 150) == {}
    assert "trước 17 giờ 00, nhận tại: Trung tâm" in reading.text(bare)


def test_long_reason_goes_on_to_more_pages_whole() -> None:
    reason = " ".join(f"Ý-{n}." for n in range(700))
    pages = reading.pages(apology_notice.draw(apology_facts(reason=reason)))
    assert len(pages) > 1
    printed = " ".join(pages).split()
    assert [n for n in range(700) if printed.count(f"Ý-{n}.") != 1] == []
    assert "thông cảm./." in pages[-1]
    assert "PHÓ CHỦ TỊCH" in pages[-1]


@pytest.mark.parametrize("name", ["accepted_at", "due_at_original", "due_at", "issued_at"])
def test_instants_have_an_offset(name: str) -> None:
    change: dict[str, Any] = {name: "2026-12-08T17:00:00"}
    with pytest.raises(ValueError, match=f"{name} needs an offset"):
        apology_facts(**change)
