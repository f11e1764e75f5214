"""The facts that the tests of the forms start from."""

from __future__ import annotations

from typing import Any

from app.documents import receipt, refusal_notice

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


def receipt_facts(**changes: Any) -> receipt.Facts:
    return receipt.Facts(**{**RECEIPT, **changes})


def refusal_facts(**changes: Any) -> refusal_notice.Facts:
    return refusal_notice.Facts(**{**REFUSAL, **changes})
