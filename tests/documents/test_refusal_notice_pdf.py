"""The refusal notice: its sentences, who signs, and the same promises as the receipt's."""

from __future__ import annotations

import pytest

from app.documents import refusal_notice
from tests.documents import reading
from tests.documents.facts import refusal_facts


def test_sentences_of_the_form() -> None:
    text = reading.text(refusal_notice.draw(refusal_facts()))
    for piece in (
        "Số: 15/TCHS",
        "Nga Sơn, ngày 23 tháng 11 năm 2026",
        "PHIẾU TỪ CHỐI TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ",
        "Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công xã Nga Sơn",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ước",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh (mã thủ tục 1.001193)",
        "thông báo không tiếp nhận hồ sơ này với lý do:",
        "Không thuộc thẩm quyền giải quyết.",
        "Đề nghị nộp hồ sơ tại xã Nga Thủy.",
        "Căn cứ: khoản 2 Điều 17 Nghị định số 118/2025/NĐ-CP",
        "Xin thông báo cho Ông/Bà được biết và thực hiện./.",
    ):
        assert text.count(piece) == 2, piece


def test_title_of_2018() -> None:
    text = reading.text(refusal_notice.draw(refusal_facts(variant="nd61")))
    assert "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ" in text


@pytest.mark.parametrize(
    ("signer", "title", "verb"),
    [
        ("intake_officer", "NGƯỜI TIẾP NHẬN HỒ SƠ", "không tiếp nhận hồ sơ này"),
        ("agency_head", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", "không giải quyết hồ sơ này"),
    ],
)
def test_who_refuses_signs(signer: str, title: str, verb: str) -> None:
    text = reading.text(refusal_notice.draw(refusal_facts(signer=signer)))
    assert title in text
    assert verb in text


def test_refused_after_it_had_a_code() -> None:
    facts = refusal_facts(code="H56.15-261123-0012", barcode_digits="2611230012")
    pdf = refusal_notice.draw(facts)
    assert "Mã hồ sơ: H56.15-261123-0012" in reading.text(pdf)
    assert reading.codes(pdf, 300)["Code128"] == "2611230012"


def test_long_reason_goes_on_to_more_pages_whole() -> None:
    reason = " ".join(f"Ý {n} chưa đúng quy định." for n in range(300))
    pages = reading.pages(refusal_notice.draw(refusal_facts(reason=reason)))
    assert len(pages) > 2
    for number in range(300):
        assert " ".join(" ".join(pages).split()).count(f"Ý {number} chưa đúng") == 2
    assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in pages[-1]


def test_same_facts_same_bytes_and_reprint_adds_a_line() -> None:
    first = refusal_notice.draw(refusal_facts())
    assert refusal_notice.draw(refusal_facts()) == first
    again = reading.lines(refusal_notice.draw(refusal_facts(), 2))
    assert [line for line in again if line != "In lại lần 2"] == reading.lines(first)
    assert again.count("In lại lần 2") == 2
    assert all(embedded for _, embedded in reading.fonts(first))


@pytest.mark.parametrize(
    "change", [{"variant": "nd99"}, {"signer": "clerk"}, {"issued_at": "2026-11-23T09:14:00"}]
)
def test_impossible_facts_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"variant|signer|offset"):
        refusal_facts(**change)
