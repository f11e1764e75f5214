"""Giấy nhận lại bản chính: which originals went back to whom, signed by both.

No circular sets this sheet; the words are the office's (NĐ 61/2018 Đ20.2, NĐ 118/2025 Đ22.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.documents.flow import Block, Column, space, table
from app.documents.form import MARGIN, WIDTH, Signature, draw_copies, signatures, tied
from app.documents.notice import NoticeFacts, code_line, notice_sheet, plain, told, who_and_what
from app.documents.typeface import REGULAR
from app.documents.wording import paper_and_count

TITLE = "Giấy nhận lại bản chính"
LAYOUT = 1


@dataclass(frozen=True, kw_only=True)
class Facts(NoticeFacts):
    """`papers` holds {name, form, quantity}; `receiver` and `receiver_id` who took them."""

    papers: Sequence[Mapping[str, Any]]
    receiver: str
    signer_name: str
    receiver_id: str = ""


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The slip as a PDF, Liên 1 then Liên 2; `reprint` n > 0 adds "In lại lần n"."""
    return draw_copies(notice_sheet(TITLE, facts, lambda size: _compose(facts, size)), reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    columns = [Column(24, 0.5), Column(WIDTH - 24 - 104), Column(104)]
    rows = [
        [(text, REGULAR) for text in (str(number), *paper_and_count(paper))]
        for number, paper in enumerate(facts.papers, start=1)
    ]
    return [
        *plain(code_line(facts), *who_and_what(facts, "Hồ sơ của:"), size=size),
        space(4),
        *plain(
            told("Người nhận lại:", facts.receiver),
            told("Số giấy tờ tùy thân:", facts.receiver_id),
            [("Đã nhận lại đủ, nguyên vẹn các bản chính sau:", REGULAR)],
            size=size,
        ),
        space(2, keep=True),
        *table(rows, columns, size, MARGIN),
        space(8, keep=True),
        *tied(
            signatures(
                Signature("Người nhận lại", facts.receiver),
                Signature("Người trả", facts.signer_name),
                size,
            )
        ),
    ]
