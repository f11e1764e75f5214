"""Giấy tiếp nhận hồ sơ và hẹn trả kết quả: Mẫu số 01.

The lines stand in the order of TT 01/2018/TT-VPCP (`nd61`) or TT 03/2025/TT-VPCP (`nd118`). One
addition of ours comes first: a box with the day, the codes and the QR that answers "how far is it".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.vietnamese import count2, date_words, dong, hour_minute
from app.documents.box import box
from app.documents.facts import PaperFacts
from app.documents.flow import Block, Column, Run, paragraph, space, table
from app.documents.form import (
    BLANK,
    MARGIN,
    SMALL,
    WIDTH,
    Sheet,
    Signature,
    draw_copies,
    in_pairs,
    item,
    signatures,
    tied,
)
from app.documents.typeface import BOLD, ITALIC, REGULAR
from app.documents.wording import (
    VARIANTS,
    applicant,
    check_choice,
    check_instants,
    day,
    day_and_hour,
    paper_and_count,
    procedure,
    reached_at,
)

TITLE = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
LAYOUT = 1


@dataclass(frozen=True)
class Facts(PaperFacts):
    """What the receipt says, frozen at acceptance.

    Instants are ISO 8601 with an offset. `components` holds {name, form, quantity}: a number, or
    words of their own ("01 bản chính, 01 bản sao"). `fees` holds {name, amount, state}: đồng, or
    None while it is not known. `reasons` are whole sentences. `applicant_id` is printed as given,
    masked or whole. Without `lookup_code` or `qr_text` (confidential procedures) the box has none.
    """

    variant: str
    agency_name: str
    one_stop_title: str
    place: str
    code: str
    barcode_digits: str
    one_stop_name: str
    applicant_name: str
    address: str
    procedure_name: str
    procedure_code: str
    components: Sequence[Mapping[str, Any]]
    limit_words: str
    accepted_at: str
    due_at: str
    result_place: str
    officer_name: str
    submitter_name: str = ""
    applicant_id: str = ""
    phone: str = ""
    email: str = ""
    sets: int = 1
    tentative: bool = False
    reasons: Sequence[str] = ()
    fees: Sequence[Mapping[str, Any]] = ()
    fee_total: int | None = None
    book_volume: str = ""
    book_number: str = ""
    contact: str = ""
    note: str = ""
    lookup_code: str | None = None
    qr_text: str | None = None

    def __post_init__(self) -> None:
        check_choice("variant", self.variant, VARIANTS)
        check_instants(self, "accepted_at", "due_at")


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The receipt as a PDF, Liên 1 then Liên 2. The same facts and count give the same bytes.

    `reprint` n > 0 adds the line "In lại lần n" to each copy and changes no other text.
    """
    sheet = Sheet(
        title=TITLE,
        agency_name=facts.agency_name,
        one_stop_title=facts.one_stop_title,
        place_and_date=f"{facts.place}, {day(facts.accepted_at)}",
        code=facts.code,
        compose=lambda size: _compose(facts, size),
        foot=_notes(facts),
        barcode=facts.barcode_digits,
    )
    return draw_copies(sheet, reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    return [
        *_due_box(facts),
        space(6),
        *_people(facts, size),
        *_papers(facts, size),
        space(3),
        *_times(facts, size),
        *tied(in_pairs([*_fees(facts), _register(facts)], size)),
        space(5, keep=True),
        *signatures(
            Signature("Người nộp hồ sơ", facts.submitter_name or facts.applicant_name),
            Signature("Người tiếp nhận hồ sơ", facts.officer_name),
            size,
        ),
    ]


def _lines(runs: Sequence[Run], size: float, *, keep: bool = False) -> list[Block]:
    return paragraph(runs, size, MARGIN, WIDTH, keep=keep)


def _due_box(facts: Facts) -> list[Block]:
    due = datetime.fromisoformat(facts.due_at)
    hour = f"trước {hour_minute(due).removesuffix(' phút')}"
    return box(
        "Ngày hẹn trả kết quả (dự kiến)" if facts.tentative else "Ngày hẹn trả kết quả",
        date_words(due, capital=True),
        (f"{hour}, nhận tại: {facts.result_place}", hour),
        code=facts.code,
        lookup_code=facts.lookup_code,
        qr_text=facts.qr_text,
    )


# --- The form's lines ----------------------------------------------------------------------------


def _people(facts: Facts, size: float) -> list[Block]:
    who = [applicant("Tiếp nhận hồ sơ của:", facts.applicant_name, facts.submitter_name)]
    if facts.variant == "nd118":
        who.append(item("Số CCCD/MST:", facts.applicant_id))
    wanted = {
        "nd61": "Nội dung yêu cầu giải quyết:",
        "nd118": "Thủ tục hành chính cần giải quyết:",
    }[facts.variant]
    return [
        *_lines(item("Bộ phận tiếp nhận và trả kết quả:", facts.one_stop_name), size),
        *in_pairs(who, size),
        *_lines(item("Địa chỉ:", facts.address), size),
        *_lines(reached_at(facts.phone, facts.email), size),
        *_lines(procedure(wanted, facts.procedure_name, facts.procedure_code), size),
    ]


def _papers(facts: Facts, size: float) -> list[Block]:
    told = any(isinstance(component["quantity"], str) for component in facts.components)
    if facts.variant == "nd61":
        label = "1. Thành phần hồ sơ nộp gồm:"
        last = 104 if told else 80
        columns = [Column(24, 0.5), Column(WIDTH - 24 - last), Column(last)]
        header: list[Run] = []
    else:
        label = "1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:"
        last = 84 if told else 52
        columns = [Column(28, 0.5), Column(WIDTH - 28 - 76 - last), Column(76)]
        columns.append(Column(last, 0 if told else 0.5))
        header = [(h, BOLD) for h in ("STT", "Tên giấy tờ", "Loại giấy tờ", "Số lượng")]
    rows = [
        [(text, REGULAR) for text in (str(number), *_paper(component, facts.variant))]
        for number, component in enumerate(facts.components, start=1)
    ]
    return [
        *_lines([(label, REGULAR)], size, keep=True),
        space(2, keep=True),
        *table(rows, columns, size, MARGIN, header=header),
    ]


def _paper(component: Mapping[str, Any], variant: str) -> list[str]:
    """Name, form and quantity; the form of 2018 has the last two in one cell."""
    if variant == "nd61":
        return paper_and_count(component)
    form, quantity = component["form"], component["quantity"]
    count = quantity if isinstance(quantity, str) else count2(quantity)
    return [component["name"], form[:1].upper() + form[1:], count]


def _times(facts: Facts, size: float) -> list[Block]:
    """Items 2 to 6; the form of 2025 leaves the legal limit out and so counts one less."""
    due = "Thời gian trả kết quả giải quyết hồ sơ"
    due_label = f"{due} (dự kiến):" if facts.tentative else f"{due}:"
    old = facts.variant == "nd61"
    register = "Đăng ký nhận kết quả tại:" if old else "Đăng ký trả kết quả tại:"
    why = list(facts.reasons)
    items = [
        ("Số lượng hồ sơ:", f"{count2(facts.sets)} (bộ)"),
        ("Thời gian nhận hồ sơ:", day_and_hour(facts.accepted_at)),
        (due_label, day_and_hour(facts.due_at)),
        (register, facts.result_place),
    ]
    if old:
        items.insert(1, ("Thời gian giải quyết hồ sơ theo quy định là:", facts.limit_words))
    elif facts.limit_words:
        why.insert(0, f"Thời hạn: {facts.limit_words}.")
    runs = [
        item(f"{number}. {label}", value, bold=label == due_label)
        for number, (label, value) in enumerate(items, start=2)
    ]
    before = 3 if old else 2
    blocks = in_pairs(runs[:before], size)
    blocks += _lines(runs[before], size)
    if why:
        blocks += _lines([("Cách tính: ", ITALIC), (" ".join(why), REGULAR)], size)
    return blocks + _lines(runs[before + 1], size)


def _fees(facts: Facts) -> list[list[Run]]:
    """Item 6 of the form of 2025; before that an unnumbered line of ours where something is due."""
    if facts.variant == "nd61" and not facts.fees:
        return []
    label = "Phí, lệ phí:" if facts.variant == "nd61" else "6. Phí, lệ phí (nếu có):"
    parts = []
    for fee in facts.fees:
        state = f" ({fee['state']})" if fee.get("state") else ""
        money = "" if fee["amount"] is None else f" {_money(fee['amount'])}"
        parts.append(f"{fee['name']}{money}{state}")
    text = "; ".join(parts) or "không"
    if facts.fee_total is not None and len(facts.fees) > 1:
        text += f". Tổng cộng: {_money(facts.fee_total)}"
    return [item(label, f"{text}.")]


def _money(amount: int) -> str:
    return dong(amount).replace(" ", "\u00a0")


def _register(facts: Facts) -> list[Run]:
    volume, number = facts.book_volume or BLANK, facts.book_number or BLANK
    line = f"Vào Sổ theo dõi hồ sơ, Quyển số: {volume}\u00a0\u00a0\u00a0 Số thứ tự: {number}"
    return [(line, REGULAR)]


def _notes(facts: Facts) -> list[Block]:
    notes = (
        "giấy này có 02 liên: liên 1 lưu, liên 2 giao người nộp. Kết quả nhận tại nơi tiếp nhận "
        "hoặc tại nhà, trụ sở qua bưu chính nếu đã đăng ký. Khi đến nhận, mang giấy này và giấy "
        "tờ tùy thân."
    )
    contact = f" Hỏi, phản ánh: {facts.contact}." if facts.contact else ""
    note = f" {facts.note}" if facts.note else ""
    runs = [("Ghi chú: ", BOLD), (notes + note, ITALIC), (contact, REGULAR)]
    return [space(5), *paragraph(runs, SMALL, MARGIN, WIDTH)]
