"""Phiếu từ chối tiếp nhận, giải quyết hồ sơ: Mẫu số 03.

Of TT 01/2018/TT-VPCP and TT 03/2025/TT-VPCP. At reception the receiving officer signs it
(NĐ 61/2018 Điều 17), after appraisal the agency's head signs and stamps it (Điều 19).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.vietnamese import long_date
from app.documents.facts import PaperFacts
from app.documents.flow import Block, paragraph, space
from app.documents.form import (
    GAP,
    MARGIN,
    SMALL,
    WIDTH,
    Sheet,
    draw_copies,
    item,
    signatures,
    tied,
)
from app.documents.typeface import BOLD, ITALIC, REGULAR

TITLE = "Phiếu từ chối tiếp nhận, giải quyết hồ sơ"
TITLES = {"nd61": "Phiếu từ chối tiếp nhận giải quyết hồ sơ", "nd118": TITLE}
LAYOUT = 1
SIGNERS = ("intake_officer", "agency_head")


@dataclass(frozen=True)
class Facts(PaperFacts):
    """What the notice says. `number` is the whole of it ("15/TCHS"); `issued_at` ISO with offset.

    `code` is empty when the dossier was refused before it got one. `reason_label` names the
    ground, `reason` tells this case, `legal_basis` may be empty.
    """

    variant: str
    agency_name: str
    one_stop_title: str
    place: str
    number: str
    one_stop_name: str
    applicant_name: str
    address: str
    procedure_name: str
    procedure_code: str
    reason_label: str
    reason: str
    issued_at: str
    signer_name: str
    signer: str = "intake_officer"
    legal_basis: str = ""
    code: str = ""
    barcode_digits: str = ""
    submitter_name: str = ""
    phone: str = ""
    email: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        if self.variant not in TITLES:
            raise ValueError(f"variant is one of {tuple(TITLES)}, not {self.variant!r}")
        if self.signer not in SIGNERS:
            raise ValueError(f"signer is one of {SIGNERS}, not {self.signer!r}")
        if datetime.fromisoformat(self.issued_at).tzinfo is None:
            raise ValueError("issued_at needs an offset")


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The notice as a PDF, Liên 1 then Liên 2. The same facts and count give the same bytes.

    `reprint` n > 0 adds the line "In lại lần n" to each copy and changes no other text.
    """
    issued = datetime.fromisoformat(facts.issued_at)
    contact = f"Hướng dẫn, phản ánh: {facts.contact}." if facts.contact else ""
    sheet = Sheet(
        title=TITLES[facts.variant],
        agency_name=facts.agency_name,
        one_stop_title=facts.one_stop_title,
        place_and_date=f"{facts.place}, {long_date(issued)}",
        number=f"Số: {facts.number}",
        code=facts.code or facts.number,
        barcode=facts.barcode_digits,
        compose=lambda size: _compose(facts, size),
        foot=paragraph([(contact, ITALIC)], SMALL, MARGIN, WIDTH),
    )
    return draw_copies(sheet, reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    procedure = item("Nội dung yêu cầu giải quyết:", facts.procedure_name, bold=True)
    if facts.procedure_code:
        procedure.append((f" (mã\u00a0thủ\u00a0tục\u00a0{facts.procedure_code})", REGULAR))
    applicant = item("Tiếp nhận hồ sơ của:", facts.applicant_name, bold=True)
    if facts.submitter_name and facts.submitter_name != facts.applicant_name:
        applicant.append((f" (người nộp: {facts.submitter_name})", REGULAR))
    lines = [
        [("Mã hồ sơ: ", REGULAR), (facts.code, BOLD)] if facts.code else [],
        item("Bộ phận tiếp nhận và trả kết quả:", facts.one_stop_name),
        applicant,
        item("Địa chỉ:", facts.address),
        [*item("Số điện thoại:", facts.phone), GAP, *item("Email:", facts.email)],
        procedure,
    ]
    why = [
        [(f"Qua xem xét, {_authority(facts)} thông báo {_refused(facts)} với lý do:", REGULAR)],
        [(f"{facts.reason_label}.", BOLD)],
        [(facts.reason, REGULAR)],
        [("Căn cứ: ", REGULAR), (facts.legal_basis, REGULAR)] if facts.legal_basis else [],
    ]
    return [
        *(block for runs in lines for block in paragraph(runs, size, MARGIN, WIDTH)),
        space(6),
        *(block for runs in why for block in [*paragraph(runs, size, MARGIN, WIDTH), space(3)]),
        space(3),
        *tied(paragraph([(CLOSING, REGULAR)], size, MARGIN, WIDTH)),
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


def _signers(facts: Facts) -> tuple[tuple[str, str], tuple[str, str]]:
    submitter = ("Người nộp hồ sơ", facts.submitter_name or facts.applicant_name)
    if facts.signer == "intake_officer":
        return submitter, ("Người tiếp nhận hồ sơ", facts.signer_name)
    return submitter, ("Thủ trưởng cơ quan, đơn vị", facts.signer_name)
