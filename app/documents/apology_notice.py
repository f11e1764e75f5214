"""The apology for a late result with its new appointment: Mẫu số 04.

Phiếu xin lỗi và hẹn lại ngày trả kết quả of TT 01/2018/TT-VPCP; Văn bản xin lỗi và đề nghị gia hạn
thời gian giải quyết of TT 03/2025/TT-VPCP. The head of the competent agency signs and stamps it
(NĐ 61/2018 Điều 19 khoản 9, NĐ 118/2025 Điều 19 khoản 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.core.vietnamese import date_words, hour_minute
from app.documents.box import box
from app.documents.flow import Block, Run, paragraph, space
from app.documents.form import (
    MARGIN,
    SEALED,
    SMALL,
    WIDTH,
    Sheet,
    Signature,
    beside,
    draw_copies,
    signatures,
    tied,
)
from app.documents.notice import NoticeFacts, notice_sheet, plain, told
from app.documents.typeface import BOLD, BOLD_ITALIC, REGULAR
from app.documents.wording import check_instants, day, day_and_hour, procedure

TITLE = "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
TITLES = {
    "nd61": TITLE,
    "nd118": "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
}
LAYOUT = 2


@dataclass(frozen=True, kw_only=True)
class Facts(NoticeFacts):
    """What the letter says: it is one sheet, without a copy's name.

    `number` is the whole of it ("05/PXL"). Instants are ISO 8601 with an offset: `due_at_original`
    as on the receipt, `due_at` as promised now. `reason_label` names the ground, `reason` tells
    this case. `recipient` empty: the applicant. `send_to` are the lines of "Nơi nhận", None: the
    recipient, the one-stop (through which every notice leaves) and the file.
    `signer_title` may hold lines ("KT. CHỦ TỊCH\\nPHÓ CHỦ TỊCH").
    """

    accepted_at: str
    due_at_original: str
    due_at: str
    reason_label: str
    reason: str
    signer_name: str
    signer_title: str = "Thủ trưởng cơ quan, đơn vị"
    recipient: str = ""
    addressed_as: str = "Ông/Bà"
    legal_basis: str = ""
    result_place: str = ""
    send_to: Sequence[str] | None = None
    lookup_code: str | None = None
    qr_text: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_instants(self, "accepted_at", "due_at_original", "due_at")


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The letter as a PDF. The same facts and count give the same bytes.

    `reprint` n > 0 adds the line "In lại lần n" and changes no other text.
    """
    return draw_copies(_sheet(facts), reprint)


def _sheet(facts: Facts) -> Sheet:
    title = TITLES[facts.variant]
    return notice_sheet(title, facts, lambda size: _compose(facts, size), copies=())


def _compose(facts: Facts, size: float) -> list[Block]:
    addressee = [("Kính gửi: ", REGULAR), (facts.recipient or facts.applicant_name, BOLD)]
    reason: list[Run] = [("Lý do: ", REGULAR), (f"{facts.reason_label}. ", BOLD)]
    lines = [
        _accepted(facts),
        told("Thời gian hẹn trả kết quả:", f"{day_and_hour(facts.due_at_original)}."),
        [(_late(facts), REGULAR)],
        [*reason, (facts.reason, REGULAR)],
        told("Căn cứ:", facts.legal_basis),
        _apology(facts),
    ]
    return [
        *paragraph(addressee, size, MARGIN, WIDTH, align=0.5),
        *paragraph(told("Địa chỉ:", facts.address), size, MARGIN, WIDTH, align=0.5),
        space(6),
        *(block for runs in lines if runs for block in [*plain(runs, size=size), space(3)]),
        space(2),
        *_new_day(facts),
        space(5),
        *tied(plain([(_closing(facts), REGULAR)], size=size)),
        space(8, keep=True),
        *_signed(facts, size),
    ]


def _accepted(facts: Facts) -> list[Run]:
    when = day(facts.accepted_at)
    asked = f"{when[:1].upper()}{when[1:]}, {facts.agency_name} tiếp nhận hồ sơ đề nghị giải quyết:"
    code: list[Run] = [("; mã số: ", REGULAR), (facts.code, BOLD)] if facts.code else []
    return [*procedure(asked, facts.procedure_name, facts.procedure_code), *code, (".", REGULAR)]


def _late(facts: Facts) -> str:
    """Not yet late when it is written: it will be; else it is."""
    promised = datetime.fromisoformat(facts.due_at_original)
    verb = "sẽ không trả được"
    if datetime.fromisoformat(facts.issued_at) > promised:
        verb = "đến nay chưa trả được"
    return (
        f"{facts.agency_name} {verb} kết quả giải quyết hồ sơ của {facts.addressed_as} đúng thời "
        "gian ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả."
    )


def _apology(facts: Facts) -> list[Run]:
    asked = {
        "nd61": "và hẹn lại thời gian trả kết quả như sau:",
        "nd118": "và đề nghị gia hạn thời gian giải quyết hồ sơ; thời gian trả kết quả mới là",
    }[facts.variant]
    # Held together: a day broken over two lines is misread.
    new = day_and_hour(facts.due_at).replace(" ", "\u00a0").replace(",\u00a0", ", ")
    return [
        (
            f"{facts.agency_name} xin lỗi {facts.addressed_as} vì sự chậm trễ này {asked} ",
            REGULAR,
        ),
        (f"{new}.", BOLD),
    ]


def _new_day(facts: Facts) -> list[Block]:
    due = datetime.fromisoformat(facts.due_at)
    hour = f"trước {hour_minute(due).removesuffix(' phút')}"
    place = facts.result_place or facts.one_stop_name
    return box(
        "Ngày hẹn trả kết quả mới",
        date_words(due, capital=True),
        (f"{hour}, nhận tại: {place}", hour),
        code=facts.code if facts.qr_text or facts.lookup_code else "",
        lookup_code=facts.lookup_code,
        qr_text=facts.qr_text,
    )


def _closing(facts: Facts) -> str:
    place = facts.result_place or facts.one_stop_name
    return (
        f"Kết quả nhận tại: {place}. Mỗi hồ sơ được hẹn lại không quá một lần. "
        f"Rất mong {facts.addressed_as} thông cảm./."
    )


def _signed(facts: Facts, size: float) -> list[Block]:
    send_to = facts.send_to
    if send_to is None:
        send_to = ("Như trên", facts.one_stop_name, "Lưu: VT, hồ sơ")
    lines: list[Run] = [("Nơi nhận:", BOLD_ITALIC)] if send_to else []
    for number, receiver in enumerate(send_to, start=1):
        end = "." if number == len(send_to) else ";"
        lines.append((f"- {receiver}{end}", REGULAR))
    receivers = [
        block for line in lines for block in paragraph([line], SMALL, MARGIN, WIDTH / 2 - 10)
    ]
    head = Signature(facts.signer_title, facts.signer_name, SEALED)
    *titles, room, name = signatures(None, head, size)
    top = beside([receivers, titles])
    return [replace(top, keep=True), room, replace(name, keep=True), space(4)]
