"""Phiếu lấy ý kiến: what is asked of which units, and by when (NĐ 61/2018 Đ19.5, 118/2025 Đ19.4).

No circular sets this sheet; the words are the office's. One copy goes out, one stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.vietnamese import long_date
from app.documents.flow import Block, space
from app.documents.form import SEALED, Signature, draw_copies, signatures, tied
from app.documents.notice import NoticeFacts, code_line, notice_sheet, plain, told, wanted
from app.documents.typeface import BOLD, REGULAR

TITLE = "Phiếu lấy ý kiến"
LAYOUT = 1


@dataclass(frozen=True, kw_only=True)
class Facts(NoticeFacts):
    """`units` are names; `content` the question; `answer_by` an ISO date; `asked_by` the unit."""

    units: Sequence[str]
    content: str
    answer_by: str
    asked_by: str
    signer_name: str = ""


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The slip as a PDF, Liên 1 then Liên 2; `reprint` n > 0 adds "In lại lần n"."""
    return draw_copies(notice_sheet(TITLE, facts, lambda size: _compose(facts, size)), reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    last = long_date(date.fromisoformat(facts.answer_by))
    late = (
        "Quá thời hạn này mà chưa có trả lời, cơ quan chủ trì báo người đứng đầu "
        f"{facts.one_stop_name} để phối hợp xử lý."
    )
    return [
        *plain(
            [("Kính gửi: ", REGULAR), ("; ".join(facts.units), BOLD)], code_line(facts),
            wanted(facts), size=size,
        ),
        space(6),
        *plain(told("Nội dung lấy ý kiến:", facts.content), size=size),
        *plain([("Đề nghị trả lời trước hết ", REGULAR), (last, BOLD), (".", REGULAR)], size=size),
        space(3),
        *tied(plain([(late, REGULAR)], size=size)),
        space(8, keep=True),
        *tied(
            signatures(None, Signature(f"Thủ trưởng\n{facts.asked_by}", facts.signer_name, SEALED),
                       size)
        ),
    ]  # fmt: skip
