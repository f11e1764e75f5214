"""The stop notice: why it ends, by which rule, which papers and fees come back."""

from __future__ import annotations

from typing import Any

import pytest

from app.documents import stop_notice
from tests.documents import reading
from tests.documents.facts import stop_facts
from tests.documents.test_receipt_pdf import in_order

CLOSED = {
    "kind": "not_supplemented",
    "referred_on": "2026-11-25T09:30:00+07:00",
    "reference": "12/HDHS",
    "complete_by": "2026-12-10",
    "issued_at": "2026-12-11T08:00:00+07:00",
    "legal_basis": "khoản 5 Điều 19 Nghị định số 118/2025/NĐ-CP",
    "signer": "intake_officer",
}
HALTED = {
    "kind": "halted",
    "referred_on": "2026-11-29",
    "reference": "Quyết định số 8/QĐ-UBND",
    "signer": "agency_head",
    "signer_title": "Chủ tịch",
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            "Theo đề nghị ngày 30 tháng 11 năm 2026 (số 02/ĐN) của Ông/Bà về việc rút hồ sơ, Trung "
            "tâm Phục vụ hành chính công xã Nga Sơn thông báo dừng giải quyết hồ sơ nêu trên từ "
            "ngày 01 tháng 12 năm 2026.",
        ),
        (
            CLOSED,
            "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ số 12/HDHS được gửi ngày 25 tháng 11 năm "
            "2026; đến hết ngày 10 tháng 12 năm 2026 hồ sơ chưa được bổ sung đủ. Vì vậy, Trung "
            "tâm Phục vụ hành chính công xã Nga Sơn thông báo đóng hồ sơ, dừng giải quyết hồ sơ "
            "nêu trên từ ngày 11 tháng 12 năm 2026.",
        ),
        (
            HALTED,
            "Theo Quyết định số 8/QĐ-UBND ngày 29 tháng 11 năm 2026, Ủy ban nhân dân xã Nga Sơn "
            "thông báo dừng giải quyết hồ sơ nêu trên từ ngày 01 tháng 12 năm 2026.",
        ),
    ],
)
@pytest.mark.parametrize("variant", ["nd61", "nd118"])
def test_why_it_stops(variant: str, changes: dict[str, Any], sentence: str) -> None:
    facts = stop_facts(variant=variant, **changes)
    pdf = stop_notice.draw(facts)
    assert len(reading.pages(pdf)) == 2
    wanted = [
        "Số: 03/TBD",
        "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
        "Mã hồ sơ: H56.15-261123-0012",
        "Hồ sơ của: Nguyễn Thị Ngọc Ước",
        "Thời gian nhận hồ sơ: 09 giờ 14 phút, ngày 23 tháng 11 năm 2026",
        sentence,
        "Lý do: Người nộp thay đổi quy mô nhà, sẽ lập hồ sơ khác.",
        f"Căn cứ: {facts.legal_basis}",
        "Giấy tờ trả lại: nhận tại Trung tâm Phục vụ hành chính công xã Nga Sơn.",
        "1 Đơn đề nghị cấp giấy phép xây dựng (Mẫu số 01) 01 bản chính",
        "2 Giấy tờ chứng minh quyền sử dụng đất 01 bản sao",
        "Phí, lệ phí: Lệ phí cấp giấy phép 75.000 đ đã nộp được hoàn lại.",
        "Xin thông báo để Ông/Bà được biết./.",
    ]
    for page in reading.pages(pdf):
        in_order(" ".join(page.split()), wanted)


@pytest.mark.parametrize(
    ("changes", "guidance"),
    [
        ({}, "Khi có nhu cầu giải quyết, Ông/Bà nộp hồ sơ mới tại"),
        (CLOSED, "Khi có nhu cầu giải quyết, Ông/Bà nộp hồ sơ mới tại"),
        (HALTED, "Nếu không đồng ý, Ông/Bà có quyền khiếu nại"),
        ({"guidance": "Đề nghị nộp lại tại xã Nga Thủy."}, "Đề nghị nộp lại tại xã Nga Thủy."),
    ],
)
def test_what_can_be_done_now(changes: dict[str, Any], guidance: str) -> None:
    assert reading.text(stop_notice.draw(stop_facts(**changes))).count(guidance) == 2


@pytest.mark.parametrize(
    ("changes", "titles"),
    [
        ({}, ["NGƯỜI ĐỨNG ĐẦU", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "(Ký tên, đóng dấu)"]),
        (CLOSED, ["NGƯỜI TIẾP NHẬN HỒ SƠ", "(Ký và ghi rõ họ tên)", "(Ký và ghi rõ họ tên)"]),
        ({"signer": "agency_head"}, ["THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", "(Ký tên, đóng dấu)"]),
        (HALTED, ["CHỦ TỊCH", "(Ký tên, đóng dấu)"]),
    ],
)
def test_who_signs(changes: dict[str, Any], titles: list[str]) -> None:
    page, _ = reading.pages(stop_notice.draw(stop_facts(**changes)))
    in_order(" ".join(page.split()), [*titles, "Lê Thị Phượng"])


def test_without_papers_and_with_fees_to_be_written() -> None:
    facts = stop_facts(papers_returned=[], fee_decision="")
    text = reading.text(stop_notice.draw(facts))
    assert "Giấy tờ trả lại: không có." in text
    assert "Phí, lệ phí: ……" in text


def test_many_papers_flow_on_and_none_is_lost() -> None:
    papers = [
        {"name": f"Giấy tờ thứ {n}", "form": "Bản chính", "quantity": n} for n in range(1, 61)
    ]
    pages = reading.pages(stop_notice.draw(stop_facts(papers_returned=papers)))
    assert len(pages) > 2
    text = " ".join(" ".join(pages).split())
    for n in range(1, 61):
        assert text.count(f"{n} Giấy tờ thứ {n} {n:02d} bản chính") >= 2, n
    assert "NGƯỜI NHẬN THÔNG BÁO" in pages[-1]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "lost"}, "kind is one of"),
        ({"signer": "clerk"}, "signer is one of"),
        ({"accepted_at": "2026-11-23T09:14:00"}, "accepted_at needs an offset"),
        ({"kind": "not_supplemented"}, "complete_by is missing"),
    ],
)
def test_impossible_facts_are_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        stop_facts(**change)
