"""Thông báo nghĩa vụ tài chính: how much, on what basis, and that the time does not count.

No circular sets this sheet; the words are the office's (NĐ 61/2018 Đ22, NĐ 118/2025 Đ24).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.vietnamese import dong
from app.documents.flow import Block, space
from app.documents.form import Signature, draw_copies, signatures, tied
from app.documents.notice import NoticeFacts, code_line, notice_sheet, plain, told, who_and_what
from app.documents.typeface import BOLD, REGULAR

TITLE = "Thông báo thực hiện nghĩa vụ tài chính"
LAYOUT = 1


@dataclass(frozen=True, kw_only=True)
class Facts(NoticeFacts):
    """`amount` in đồng; `legal_basis` of the duty; `tax_notice` the number of the tax office's."""

    amount: int
    legal_basis: str
    signer_name: str
    tax_notice: str = ""


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The notice as a PDF, Liên 1 then Liên 2; `reprint` n > 0 adds "In lại lần n"."""
    return draw_copies(notice_sheet(TITLE, facts, lambda size: _compose(facts, size)), reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    after = (
        "Thời gian thực hiện nghĩa vụ tài chính không tính vào thời hạn giải quyết; khi nộp chứng "
        f"từ tại {facts.one_stop_name}, thời hạn được tính tiếp phần còn lại."
    )
    return [
        *plain(code_line(facts), *who_and_what(facts, "Hồ sơ của:"), size=size),
        space(6),
        *plain([("Số tiền phải nộp: ", REGULAR), (dong(facts.amount), BOLD)], size=size),
        *plain(
            told("Căn cứ:", facts.legal_basis), told("Theo thông báo số:", facts.tax_notice),
            size=size,
        ),
        space(3),
        *tied(plain([(after, REGULAR)], size=size)),
        space(8, keep=True),
        *tied(
            signatures(
                Signature("Người nhận thông báo", facts.submitter_name or facts.applicant_name),
                Signature("Người tiếp nhận hồ sơ", facts.signer_name),
                size,
            )
        ),
    ]  # fmt: skip
