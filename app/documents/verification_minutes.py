"""Biên bản xác minh: where, when, who took part, what was found (Đ19.3; 118/2025 Đ19.4a).

No circular sets this sheet; the words are the office's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core.vietnamese import long_date
from app.documents.flow import Block, space
from app.documents.form import Signature, draw_copies, signatures, tied
from app.documents.notice import NoticeFacts, code_line, notice_sheet, plain, told, who_and_what

TITLE = "Biên bản thẩm tra, xác minh"
LAYOUT = 1


@dataclass(frozen=True, kw_only=True)
class Facts(NoticeFacts):
    """`held_at` an ISO date; the rest as told when the verification began and ended."""

    held_at: str
    place_name: str
    participants: str
    content: str
    verified: str
    signer_name: str


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The minutes as a PDF, Liên 1 then Liên 2; `reprint` n > 0 adds "In lại lần n"."""
    return draw_copies(notice_sheet(TITLE, facts, lambda size: _compose(facts, size)), reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    return [
        *plain(code_line(facts), *who_and_what(facts, "Hồ sơ của:"), size=size),
        space(6),
        *plain(
            told("Thời gian:", long_date(date.fromisoformat(facts.held_at))),
            told("Địa điểm:", facts.place_name),
            told("Thành phần tham gia:", facts.participants),
            told("Nội dung xác minh:", facts.content),
            told("Kết quả xác minh:", facts.verified),
            size=size,
        ),
        space(8, keep=True),
        *tied(
            signatures(
                Signature("Người được xác minh, người chứng kiến", ""),
                Signature("Công chức thụ lý", facts.signer_name),
                size,
            )
        ),
    ]
