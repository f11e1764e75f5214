"""Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: Mẫu số 02.

Of TT 01/2018/TT-VPCP and TT 03/2025/TT-VPCP. Added to the form: the earlier appointment, from when
the limit runs, and the last day, after which the dossier is closed (NĐ 118/2025 Điều 19).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.core.vietnamese import date_words, long_date
from app.documents.box import box, look_up
from app.documents.flow import Block, Run, space
from app.documents.form import (
    MARGIN,
    WIDTH,
    Signature,
    beside,
    draw_copies,
    in_pairs,
    signatures,
    tied,
)
from app.documents.notice import (
    NoticeFacts,
    code_line,
    notice_sheet,
    numbered,
    plain,
    told,
    wanted,
    who_and_what,
)
from app.documents.typeface import BOLD, ITALIC, REGULAR
from app.documents.wording import check_instants, day_and_hour

TITLE = "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
LAYOUT = 1


@dataclass(frozen=True, kw_only=True)
class Facts(NoticeFacts):
    """What is missing or wrong, why, and what happens then.

    `number` is the whole of it ("12/HDHS"). `items` holds {component, defect, todo} and perhaps
    basis; todo may be empty. `due_at` is the earlier appointment (ISO 8601 with an offset), None
    before acceptance. `complete_by` is the last day (ISO date) to bring everything, None where no
    rule closes the dossier; `closing_basis` is that rule. `submit_place` empty: the one-stop.
    """

    items: Sequence[Mapping[str, Any]]
    reason: str
    legal_basis: str
    contact_officer: str
    contact_phone: str
    signer_name: str
    due_at: str | None = None
    complete_by: str | None = None
    closing_basis: str = ""
    submit_place: str = ""
    addressed_as: str = "Ông/Bà"
    lookup_code: str | None = None
    qr_text: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_instants(self, "due_at")
        if not self.items:
            raise ValueError("a supplement request names at least one item")
        if self.complete_by is not None:
            date.fromisoformat(self.complete_by)


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The request as a PDF, Liên 1 then Liên 2. The same facts and count give the same bytes.

    `reprint` n > 0 adds the line "In lại lần n" to each copy and changes no other text.
    """
    return draw_copies(notice_sheet(TITLE, facts, lambda size: _compose(facts, size)), reprint)


def _compose(facts: Facts, size: float) -> list[Block]:
    who, address, reached, _ = who_and_what(facts, "Hồ sơ của:")
    return [
        *in_pairs([line for line in (code_line(facts), who) if line], size),
        *plain(wanted(facts), size=size),
        *in_pairs([address, reached], size),
        space(4),
        *tied(plain([("Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:", BOLD)], size=size)),
        *numbered([_item(wrong) for wrong in facts.items], size),
        space(4),
        *in_pairs([told("Lý do:", facts.reason), told("Căn cứ:", facts.legal_basis)], size),
        space(4),
        *_times(facts, size),
        *tied(plain([(_whom_to_ask(facts), REGULAR)], size=size)),
        space(8, keep=True),
        replace(_signed(facts, size), keep=True),
        space(8),
    ]


def _item(wrong: Mapping[str, Any]) -> list[list[Run]]:
    basis: list[Run] = (
        [("Căn cứ: ", ITALIC), (wrong["basis"], ITALIC)] if wrong.get("basis") else []
    )
    lines = [
        [(wrong["component"], BOLD)],
        told("Chưa đúng, chưa đủ:", wrong["defect"]),
        told("Cần làm:", wrong.get("todo", "")),
        basis,
    ]
    return [line for line in lines if line]


def _times(facts: Facts, size: float) -> list[Block]:
    """The appointment as it stood, from when the limit runs, and until when to bring everything."""
    if facts.due_at is None:
        lines = [[("Thời hạn giải quyết được tính từ khi cơ quan tiếp nhận đủ hồ sơ.", REGULAR)]]
    else:
        lines = [
            told("Thời gian hẹn trả kết quả đã ghi:", f"{day_and_hour(facts.due_at)}."),
            [(RESTART, REGULAR)],
        ]
    where = facts.submit_place or facts.one_stop_name
    lines.append(told("Nộp bổ sung tại:", f"{where}."))
    if facts.complete_by is None:
        return [*plain(*lines, size=size), space(4)]
    last = date.fromisoformat(facts.complete_by)
    basis = f" ({facts.closing_basis})" if facts.closing_basis else ""
    closing = f"Sau {long_date(last)} mà chưa bổ sung đủ, hồ sơ được đóng{basis}."
    last_day = box(
        "Bổ sung, hoàn thiện chậm nhất hết",
        date_words(last, capital=True),
        ("", ""),
    )
    return [*plain(*lines, [(closing, REGULAR)], size=size), space(4), *last_day, space(5)]


RESTART = "Thời hạn được tính lại từ đầu sau khi nhận đủ hồ sơ; khi đó có giấy hẹn mới."


def _signed(facts: Facts, size: float) -> Block:
    """The one signature, the look-up in the half that it leaves free."""
    guide = Signature("Người hướng dẫn", facts.signer_name)
    *titles, room, name = signatures(None, guide, size)
    signed = [*titles, replace(room, height=ROOM), name]
    # The dark cells end where the page's margin does: their quiet zone is the margin itself.
    left = look_up(MARGIN, WIDTH / 2, facts.lookup_code, facts.qr_text)
    return beside([left, signed])


ROOM = 36.0


def _whom_to_ask(facts: Facts) -> str:
    phone = f", số điện thoại {facts.contact_phone}," if facts.contact_phone else ""
    officer = facts.contact_officer or facts.one_stop_name
    return (
        f"Trong quá trình hoàn thiện hồ sơ, nếu có vướng mắc, {facts.addressed_as} liên hệ "
        f"{officer}{phone} để được hướng dẫn./."
    )
