"""The facts that the tests of the forms start from."""

from __future__ import annotations

from typing import Any

from app.documents import (
    apology_notice,
    consult_request,
    control_slip,
    originals_slip,
    payment_notice,
    receipt,
    refusal_notice,
    stop_notice,
    supplement_request,
    tracking_book,
    verification_minutes,
)

QR = "HTTPS://MOTCUA.NGASON.THANHHOA.GOV.VN/T/7KQ4M2XP9D"

PAPERS = [
    {"name": "Đơn đề nghị cấp giấy phép xây dựng (Mẫu số 01)", "form": "Bản chính", "quantity": 1},
    {"name": "Giấy tờ chứng minh quyền sử dụng đất", "form": "Bản sao", "quantity": 1},
    {"name": "Bản vẽ thiết kế xây dựng", "form": "Bản chính", "quantity": 2},
]

RECEIPT: dict[str, Any] = {
    "variant": "nd61",
    "agency_name": "Ủy ban nhân dân huyện Nga Sơn",
    "one_stop_title": "Bộ phận Tiếp nhận và Trả kết quả",
    "place": "Nga Sơn",
    "code": "H56.15-261123-0012",
    "lookup_code": "7KQ4M2XP9D",
    "qr_text": QR,
    "barcode_digits": "2611230012",
    "one_stop_name": "Bộ phận Một cửa huyện Nga Sơn",
    "applicant_name": "Nguyễn Thị Ngọc Ước",
    "applicant_id": "038*****0123",
    "address": "Tiểu khu Ba Đình 2, thị trấn Nga Sơn, huyện Nga Sơn, Thanh Hóa",
    "phone": "0912 345 678",
    "email": "ngocuoc@example.vn",
    "procedure_name": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "procedure_code": "1.009994",
    "components": PAPERS,
    "limit_words": "10 ngày làm việc",
    "accepted_at": "2026-11-23T09:14:00+07:00",
    "due_at": "2026-12-08T17:00:00+07:00",
    "reasons": ["Không tính 24/11 (Ngày Văn hóa Việt Nam)."],
    "result_place": "Bộ phận Một cửa huyện Nga Sơn",
    "fees": [{"name": "Lệ phí cấp giấy phép", "amount": 75000, "state": "đã nộp"}],
    "fee_total": 75000,
    "book_volume": "04/2026",
    "book_number": "0012",
    "officer_name": "Nguyễn Thị Hòa",
    "contact": "0237 3872 000",
}

REFUSAL: dict[str, Any] = {
    "variant": "nd118",
    "agency_name": "Ủy ban nhân dân xã Nga Sơn",
    "one_stop_title": "Trung tâm Phục vụ hành chính công",
    "place": "Nga Sơn",
    "number": "15/TCHS",
    "one_stop_name": "Trung tâm Phục vụ hành chính công xã Nga Sơn",
    "applicant_name": "Nguyễn Thị Ngọc Ước",
    "address": "Thôn 3, xã Nga Sơn, Thanh Hóa",
    "procedure_name": "Đăng ký khai sinh",
    "procedure_code": "1.001193",
    "reason_label": "Không thuộc thẩm quyền giải quyết",
    "reason": "Nơi cư trú của cha, mẹ thuộc xã Nga Thủy. Đề nghị nộp hồ sơ tại xã Nga Thủy.",
    "legal_basis": "khoản 2 Điều 17 Nghị định số 118/2025/NĐ-CP",
    "issued_at": "2026-11-23T02:14:00+00:00",
    "signer_name": "Nguyễn Thị Hòa",
}


NOTICE: dict[str, Any] = {
    "variant": "nd118",
    "agency_name": "Ủy ban nhân dân xã Nga Sơn",
    "one_stop_title": "Trung tâm Phục vụ hành chính công",
    "place": "Nga Sơn",
    "one_stop_name": "Trung tâm Phục vụ hành chính công xã Nga Sơn",
    "applicant_name": "Nguyễn Thị Ngọc Ước",
    "address": "Thôn 3, xã Nga Sơn, Thanh Hóa",
    "phone": "0912 345 678",
    "procedure_name": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "procedure_code": "1.009994",
    "code": "H56.15-261123-0012",
    "barcode_digits": "2611230012",
    "contact": "0237 3872 000",
}

SUPPLEMENT: dict[str, Any] = {
    **NOTICE,
    "number": "12/HDHS",
    "items": [
        {
            "component": "Giấy tờ chứng minh quyền sử dụng đất",
            "defect": "bản sao chưa được chứng thực.",
            "todo": "nộp bản sao có chứng thực, hoặc mang bản chính đến đối chiếu.",
            "basis": "khoản 2 Điều 46 Nghị định số 175/2024/NĐ-CP",
        },
        {
            "component": "Bản vẽ thiết kế xây dựng",
            "defect": "thiếu mặt cắt móng.",
            "todo": "nộp thêm 02 bản vẽ mặt cắt móng tỷ lệ 1/50.",
        },
    ],
    "reason": "Hồ sơ chưa đủ điều kiện để thẩm định.",
    "legal_basis": "khoản 5 Điều 19 Nghị định số 118/2025/NĐ-CP",
    "due_at": "2026-12-08T17:00:00+07:00",
    "complete_by": "2026-12-10",
    "closing_basis": "khoản 5 Điều 19 Nghị định số 118/2025/NĐ-CP",
    "contact_officer": "Nguyễn Thị Hòa",
    "contact_phone": "0237 3872 001",
    "issued_at": "2026-11-25T09:30:00+07:00",
    "signer_name": "Nguyễn Thị Hòa",
    "lookup_code": "7KQ4M2XP9D",
    "qr_text": QR,
}

APOLOGY: dict[str, Any] = {
    **NOTICE,
    "number": "05/PXL",
    "accepted_at": "2026-11-23T09:14:00+07:00",
    "due_at_original": "2026-12-08T17:00:00+07:00",
    "due_at": "2026-12-15T17:00:00+07:00",
    "reason_label": "Cơ quan phối hợp trả lời chậm",
    "reason": "Sở Xây dựng chưa có ý kiến về chỉ giới đường đỏ.",
    "legal_basis": "khoản 6 Điều 19 Nghị định số 118/2025/NĐ-CP",
    "issued_at": "2026-12-07T08:00:00+07:00",
    "signer_title": "KT. Chủ tịch\nPhó Chủ tịch",
    "signer_name": "Mai Văn Đạt",
    "send_to": ["Như trên", "Trung tâm Phục vụ hành chính công", "Lưu: VT, hồ sơ"],
    "lookup_code": "7KQ4M2XP9D",
    "qr_text": QR,
}

STOP: dict[str, Any] = {
    **NOTICE,
    "number": "03/TBD",
    "kind": "withdrawn",
    "accepted_at": "2026-11-23T09:14:00+07:00",
    "referred_on": "2026-11-30",
    "reference": "02/ĐN",
    "reason": "Người nộp thay đổi quy mô nhà, sẽ lập hồ sơ khác.",
    "legal_basis": "khoản 1 Điều 21 Nghị định số 118/2025/NĐ-CP",
    "papers_returned": PAPERS,
    "fee_decision": "Lệ phí cấp giấy phép 75.000 đ đã nộp được hoàn lại.",
    "issued_at": "2026-12-01T08:00:00+07:00",
    "signer_name": "Lê Thị Phượng",
}

HANDOVERS: list[dict[str, Any]] = [
    {
        "from_unit": "Bộ phận Tiếp nhận và Trả kết quả",
        "to_unit": "Phòng Kinh tế và Hạ tầng",
        "at": "2026-11-23T14:30:00+07:00",
        "taken_at": "2026-11-23T14:52:00+07:00",
        "giver": "Nguyễn Thị Hòa",
        "taker": "Trần Quốc Bảo",
        "result": "on_time",
        "due_at": "2026-12-04T17:00:00+07:00",
        "note": "Thiếu 01 bản vẽ so với danh mục, đã bổ sung ngay.",
    },
    {
        "from_unit": "Phòng Kinh tế và Hạ tầng",
        "to_unit": "Lãnh đạo Ủy ban nhân dân huyện",
        "at": "2026-12-03T10:05:00+07:00",
        "giver": "Trần Quốc Bảo",
        "taker": "Mai Văn Đạt",
        "result": "early",
        "due_at": "2026-12-07T17:00:00+07:00",
    },
    {"from_unit": "Lãnh đạo Ủy ban nhân dân huyện", "to_unit": "Văn thư"},
]

CONTROL: dict[str, Any] = {
    "variant": "nd61",
    "agency_name": "Ủy ban nhân dân huyện Nga Sơn",
    "one_stop_title": "Bộ phận Tiếp nhận và Trả kết quả",
    "place": "Nga Sơn",
    "code": "H56.15-261123-0012",
    "barcode_digits": "2611230012",
    "printed_at": "2026-12-03T10:10:00+07:00",
    "lead_unit": "Phòng Kinh tế và Hạ tầng huyện Nga Sơn",
    "partner_units": "Phòng Tài nguyên và Môi trường",
    "procedure_name": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "due_at": "2026-12-08T17:00:00+07:00",
    "handovers": HANDOVERS,
}


def book_row(number: int) -> dict[str, Any]:
    """A row of the register like many others."""
    day = 2 + number % 26
    return {
        "number": number,
        "code": f"H56.15-2611{day:02d}-{number:04d}",
        "procedure": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
        "sets": 1,
        "applicant": f"Nguyễn Thị Ngọc Ước {number}",
        "address": "Tiểu khu Ba Đình 2, thị trấn Nga Sơn",
        "phone": f"0912 34{number % 10} 678",
        "lead_agency": "Phòng Kinh tế và Hạ tầng",
        "accepted_at": f"2026-11-{day:02d}T09:14:00+07:00",
        "due_at": "2026-12-08T17:00:00+07:00",
        "returned_at": "2026-12-07T08:30:00+07:00" if number % 3 else None,
        "method": "Trực tiếp",
        "note": "",
    }


BOOK: dict[str, Any] = {
    "variant": "nd61",
    "agency_name": "Ủy ban nhân dân huyện Nga Sơn",
    "one_stop_title": "Bộ phận Tiếp nhận và Trả kết quả",
    "field": "Hoạt động xây dựng",
    "volume": "04/2026",
    "year": 2026,
    "first_number": "01",
    "last_number": "30",
    "rows": [book_row(number) for number in range(1, 31)],
}


def receipt_facts(**changes: Any) -> receipt.Facts:
    return receipt.Facts(**{**RECEIPT, **changes})


def refusal_facts(**changes: Any) -> refusal_notice.Facts:
    return refusal_notice.Facts(**{**REFUSAL, **changes})


def supplement_facts(**changes: Any) -> supplement_request.Facts:
    return supplement_request.Facts(**{**SUPPLEMENT, **changes})


def apology_facts(**changes: Any) -> apology_notice.Facts:
    return apology_notice.Facts(**{**APOLOGY, **changes})


def stop_facts(**changes: Any) -> stop_notice.Facts:
    return stop_notice.Facts(**{**STOP, **changes})


def control_facts(**changes: Any) -> control_slip.Facts:
    return control_slip.Facts(**{**CONTROL, **changes})


def book_facts(**changes: Any) -> tracking_book.Facts:
    return tracking_book.Facts(**{**BOOK, **changes})


# What every notice says, and what the office's own papers add to it.
_NOTICE = {
    key: REFUSAL[key]
    for key in (
        "variant", "agency_name", "one_stop_title", "place", "number", "one_stop_name",
        "applicant_name", "address", "procedure_name", "procedure_code", "issued_at",
    )
} | {"code": "H56.15-261123-0012", "barcode_digits": "2611230012"}  # fmt: skip


def payment_facts(**changes: Any) -> payment_notice.Facts:
    own = {
        "amount": 1_500_000, "legal_basis": "Điều 19 Nghị định 126/2020/NĐ-CP",
        "tax_notice": "12/TB-CCT", "signer_name": "Nguyễn Thị Hòa",
    }  # fmt: skip
    return payment_notice.Facts(**{**_NOTICE, **own, **changes})


def consult_facts(**changes: Any) -> consult_request.Facts:
    own = {
        "units": ["Phòng Tư pháp", "Phòng Tài nguyên và Môi trường"],
        "content": "Thửa đất có tranh chấp không?", "answer_by": "2026-11-30",
        "asked_by": "Phòng Kinh tế và Hạ tầng",
    }  # fmt: skip
    return consult_request.Facts(**{**_NOTICE, **own, **changes})


def minutes_facts(**changes: Any) -> verification_minutes.Facts:
    own = {
        "held_at": "2026-11-27", "place_name": "Thửa 12, xã Nga Yên",
        "participants": "Ông Mẫu, bà Hòa", "content": "Đo đạc hiện trạng",
        "verified": "Đúng với bản vẽ.", "signer_name": "Trần Văn Thụ",
    }  # fmt: skip
    return verification_minutes.Facts(**{**_NOTICE, **own, **changes})


def originals_facts(**changes: Any) -> originals_slip.Facts:
    own = {
        "papers": PAPERS, "receiver": "Nguyễn Thị Ngọc Ước", "receiver_id": "038190000123",
        "signer_name": "Lê Thị Trả",
    }  # fmt: skip
    return originals_slip.Facts(**{**_NOTICE, **own, **changes})
