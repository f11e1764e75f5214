"""What the numbered notices to an applicant share: their facts, their sheet, their first lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.documents.facts import PaperFacts
from app.documents.flow import Block, Run, paragraph
from app.documents.form import COPIES, MARGIN, SMALL, WIDTH, Sheet, beside, item
from app.documents.typeface import BOLD, ITALIC, REGULAR
from app.documents.wording import (
    VARIANTS,
    applicant,
    check_choice,
    check_instants,
    day,
    procedure,
    reached_at,
)


@dataclass(frozen=True, kw_only=True)
class NoticeFacts(PaperFacts):
    """What every notice says. `number` is the whole of it ("15/TCHS"), `issued_at` ISO with offset.

    `code` and `barcode_digits` are empty before the dossier has a code; `contact` says whom to ask.
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
    issued_at: str
    code: str = ""
    barcode_digits: str = ""
    submitter_name: str = ""
    phone: str = ""
    email: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        check_choice("variant", self.variant, VARIANTS)
        check_instants(self, "issued_at")


def notice_sheet(
    title: str,
    facts: NoticeFacts,
    compose: Callable[[float], list[Block]],
    *,
    copies: Sequence[str] = COPIES,
) -> Sheet:
    """The sheet of a notice; a paper of one copy has the dossier's code under its title."""
    contact = f"Hướng dẫn, phản ánh: {facts.contact}." if facts.contact else ""
    return Sheet(
        title=title,
        agency_name=facts.agency_name,
        one_stop_title=facts.one_stop_title,
        place_and_date=f"{facts.place}, {day(facts.issued_at)}",
        number=f"Số: {facts.number}",
        code=facts.code or facts.number,
        barcode=facts.barcode_digits,
        compose=compose,
        foot=paragraph([(contact, ITALIC)], SMALL, MARGIN, WIDTH),
        copies=copies,
        subtitle=() if copies else code_line(facts),
    )


def code_line(facts: NoticeFacts) -> list[Run]:
    """ "Mã hồ sơ: …", nothing before there is a code."""
    return [("Mã hồ sơ: ", REGULAR), (facts.code, BOLD)] if facts.code else []


def who_and_what(facts: NoticeFacts, label: str) -> list[list[Run]]:
    """Applicant (after `label`), address, telephone, procedure: the lines of forms 01 to 03."""
    return [
        applicant(label, facts.applicant_name, facts.submitter_name),
        item("Địa chỉ:", facts.address),
        reached_at(facts.phone, facts.email),
        wanted(facts),
    ]


def wanted(facts: NoticeFacts) -> list[Run]:
    """The procedure asked for."""
    label = "Nội dung yêu cầu giải quyết:"
    return procedure(label, facts.procedure_name, facts.procedure_code)


def plain(*lines: Sequence[Run], size: float) -> list[Block]:
    """A paragraph a line over the whole width; an empty one takes no room."""
    return [block for runs in lines for block in paragraph(runs, size, MARGIN, WIDTH)]


def told(label: str, text: str) -> list[Run]:
    """`label text`, nothing at all where there is no text."""
    return [(f"{label} ", REGULAR), (text, REGULAR)] if text else []


NUMBER_WIDTH = 16.0


def numbered(items: Sequence[Sequence[Sequence[Run]]], size: float) -> list[Block]:
    """Paragraphs of each item hanging behind its number."""
    blocks: list[Block] = []
    for number, paragraphs in enumerate(items, start=1):
        lines: list[Block] = []
        for runs in paragraphs:
            lines += paragraph(runs, size, MARGIN + NUMBER_WIDTH, WIDTH - NUMBER_WIDTH)
        mark = paragraph([(f"{number}.", REGULAR)], size, MARGIN, NUMBER_WIDTH)
        lines[0] = replace(beside([mark, lines[:1]]), keep=len(lines) > 1)
        blocks += lines
    return blocks
