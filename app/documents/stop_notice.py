"""Thông báo dừng giải quyết hồ sơ: Mẫu số 05 of TT 03/2025/TT-VPCP.

The set of TT 01/2018/TT-VPCP has no such form; the same sheet then tells of a dossier withdrawn.
Withdrawn by the applicant (NĐ 118/2025 Điều 21), closed because nobody supplemented it (Điều 19
khoản 5), or halted by a decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.vietnamese import long_date
from app.documents.flow import Block, Column, space, table
from app.documents.form import (
    MARGIN,
    SEALED,
    WIDTH,
    Signature,
    draw_copies,
    item,
    signatures,
    tied,
)
from app.documents.notice import (
    NoticeFacts,
    code_line,
    notice_sheet,
    plain,
    told,
    who_and_what,
)
from app.documents.typeface import BOLD, REGULAR
from app.documents.wording import (
    VARIANTS,
    check_choice,
    check_instants,
    day,
    day_and_hour,
    paper_and_count,
)

TITLE = "Thông báo dừng giải quyết hồ sơ"
TITLES = dict.fromkeys(VARIANTS, TITLE)
LAYOUT = 1
KINDS = ("withdrawn", "not_supplemented", "halted")
SIGNERS = {
    "intake_officer": ("Người tiếp nhận hồ sơ", "(Ký và ghi rõ họ tên)"),
    "one_stop_head": ("Người đứng đầu\n{one_stop}", SEALED),
    "agency_head": ("Thủ trưởng cơ quan, đơn vị", SEALED),
}


@dataclass(frozen=True, kw_only=True)
class Facts(NoticeFacts):
    """Why the dossier goes no further, and what comes back.

    `referred_on` (ISO date or instant) and `reference` are those of the applicant's request
    (withdrawn), the supplement request (not_supplemented) or the decision (halted, its name in
    full: "Quyết định số 8/QĐ-UBND"). `complete_by` (ISO date) was the last day to supplement.
    `papers_returned` holds {name, form, quantity}. `fee_decision` is a whole sentence.
    `signer_title` replaces the title of the signer's role and may hold lines.
    """

    kind: str
    accepted_at: str
    referred_on: str
    reason: str
    legal_basis: str
    signer_name: str
    signer: str = "one_stop_head"
    signer_title: str = ""
    reference: str = ""
    complete_by: str | None = None
    papers_returned: Sequence[Mapping[str, Any]] = ()
    fee_decision: str = ""
    papers_place: str = ""
    guidance: str = ""
    addressed_as: str = "Ông/Bà"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("kind", self.kind, KINDS)
        check_choice("signer", self.signer, SIGNERS)
        check_instants(self, "accepted_at")
        if self.kind == "not_supplemented" and self.complete_by is None:
            raise ValueError("complete_by is missing: the last day to supplement")


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The notice as a PDF, Liên 1 then Liên 2. The same facts and count give the same bytes.

    `reprint` n > 0 adds the line "In lại lần n" to each copy and changes no other text.
    """
    title = TITLES[facts.variant]
    return draw_copies(notice_sheet(title, facts, lambda size: _compose(facts, size)), reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    title, hint = SIGNERS[facts.signer]
    title = title.format(one_stop=facts.one_stop_title)
    return [
        *plain(
            code_line(facts),
            *who_and_what(facts, "Hồ sơ của:"),
            told("Thời gian nhận hồ sơ:", day_and_hour(facts.accepted_at)),
            size=size,
        ),
        space(6),
        *plain([(_stopped(facts), REGULAR)], size=size),
        space(3),
        *plain(told("Lý do:", facts.reason), told("Căn cứ:", facts.legal_basis), size=size),
        space(4),
        *_papers(facts, size),
        *plain(item("Phí, lệ phí:", facts.fee_decision), size=size),
        *plain([(facts.guidance or _guidance(facts), REGULAR)], size=size),
        space(3),
        *tied(plain([(_closing(facts), REGULAR)], size=size)),
        space(8, keep=True),
        *tied(
            signatures(
                Signature("Người nhận thông báo", facts.submitter_name or facts.applicant_name),
                Signature(facts.signer_title or title, facts.signer_name, hint),
                size,
            )
        ),
        space(4),
    ]


def _stopped(facts: Facts) -> str:
    """Who stops it, on what ground."""
    on, reference = day(facts.referred_on), facts.reference
    if facts.kind == "withdrawn":
        named = f" (số {reference})" if reference else ""
        why = f"Theo đề nghị {on}{named} của {facts.addressed_as} về việc rút hồ sơ"
    elif facts.kind == "halted":
        why = f"Theo {reference or 'quyết định'} {on}"
    else:
        named = f" số {reference}" if reference else ""
        last = long_date(date.fromisoformat(facts.complete_by or ""))
        why = (
            f"Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ{named} được gửi {on}; đến hết {last} hồ sơ "
            "chưa được bổ sung đủ. Vì vậy"
        )
    by = facts.agency_name if facts.signer == "agency_head" else facts.one_stop_name
    verb = "đóng hồ sơ, dừng giải quyết" if facts.kind == "not_supplemented" else "dừng giải quyết"
    return f"{why}, {by} thông báo {verb} hồ sơ nêu trên từ {day(facts.issued_at)}."


def _papers(facts: Facts, size: float) -> list[Block]:
    label = "Giấy tờ trả lại:"
    if not facts.papers_returned:
        return plain([(f"{label} không có.", REGULAR)], size=size)
    columns = [Column(24, 0.5), Column(WIDTH - 24 - 104), Column(104)]
    rows = [
        [(text, REGULAR) for text in (str(number), *paper_and_count(paper))]
        for number, paper in enumerate(facts.papers_returned, start=1)
    ]
    where = facts.papers_place or facts.one_stop_name
    return [
        *tied(plain([(f"{label} ", BOLD), (f"nhận tại {where}.", REGULAR)], size=size)),
        space(2, keep=True),
        *table(rows, columns, size, MARGIN),
        space(3),
    ]


def _guidance(facts: Facts) -> str:
    if facts.kind == "halted":
        return (
            f"Nếu không đồng ý, {facts.addressed_as} có quyền khiếu nại theo quy định của pháp "
            "luật về khiếu nại."
        )
    return (
        f"Khi có nhu cầu giải quyết, {facts.addressed_as} nộp hồ sơ mới tại {facts.one_stop_name} "
        "hoặc trên Cổng Dịch vụ công."
    )


def _closing(facts: Facts) -> str:
    return f"Xin thông báo để {facts.addressed_as} được biết./."
