"""Phiếu từ chối tiếp nhận, giải quyết hồ sơ: Mẫu số 03.

Of TT 01/2018/TT-VPCP and TT 03/2025/TT-VPCP. At reception the receiving officer signs it
(NĐ 61/2018 Điều 17), after appraisal the agency's head signs and stamps it (Điều 19).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.documents.flow import Block, space
from app.documents.form import SEALED, Signature, draw_copies, item, signatures, tied
from app.documents.notice import NoticeFacts, code_line, notice_sheet, plain, told, who_and_what
from app.documents.typeface import BOLD, REGULAR
from app.documents.wording import check_choice

TITLE = "Phiếu từ chối tiếp nhận, giải quyết hồ sơ"
TITLES = {"nd61": "Phiếu từ chối tiếp nhận giải quyết hồ sơ", "nd118": TITLE}
LAYOUT = 2
SIGNERS = ("intake_officer", "agency_head")


@dataclass(frozen=True, kw_only=True)
class Facts(NoticeFacts):
    """What the notice says. `code` is empty when the dossier was refused before it got one.

    `reason_label` names the ground, `reason` tells this case, `legal_basis` may be empty.
    """

    reason_label: str
    reason: str
    signer_name: str
    signer: str = "intake_officer"
    legal_basis: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("signer", self.signer, SIGNERS)


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The notice as a PDF, Liên 1 then Liên 2. The same facts and count give the same bytes.

    `reprint` n > 0 adds the line "In lại lần n" to each copy and changes no other text.
    """
    sheet = notice_sheet(TITLES[facts.variant], facts, lambda size: _compose(facts, size))
    return draw_copies(sheet, reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    why = [
        [(f"Qua xem xét, {_authority(facts)} thông báo {_refused(facts)} với lý do:", REGULAR)],
        [(f"{facts.reason_label}.", BOLD)],
        [(facts.reason, REGULAR)],
        told("Căn cứ:", facts.legal_basis),
    ]
    return [
        *plain(
            code_line(facts),
            item("Bộ phận tiếp nhận và trả kết quả:", facts.one_stop_name),
            *who_and_what(facts, "Tiếp nhận hồ sơ của:"),
            size=size,
        ),
        space(6),
        *(block for runs in why for block in [*plain(runs, size=size), space(3)]),
        space(3),
        *tied(plain([(CLOSING, REGULAR)], size=size)),
        space(10, keep=True),
        *signatures(*_signers(facts), size),
    ]


CLOSING = "Xin thông báo cho Ông/Bà được biết và thực hiện./."


def _authority(facts: Facts) -> str:
    return facts.one_stop_name if facts.signer == "intake_officer" else facts.agency_name


def _refused(facts: Facts) -> str:
    if facts.signer == "intake_officer":
        return "không tiếp nhận hồ sơ này"
    return "không giải quyết hồ sơ này"


def _signers(facts: Facts) -> tuple[Signature, Signature]:
    submitter = Signature("Người nộp hồ sơ", facts.submitter_name or facts.applicant_name)
    if facts.signer == "intake_officer":
        return submitter, Signature("Người tiếp nhận hồ sơ", facts.signer_name)
    return submitter, Signature("Thủ trưởng cơ quan, đơn vị", facts.signer_name, SEALED)
