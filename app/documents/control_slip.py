"""Phiếu kiểm soát quá trình giải quyết hồ sơ.

Mẫu số 05 of TT 01/2018/TT-VPCP, Mẫu số 06 of TT 03/2025/TT-VPCP. It travels with the dossier: one
row a hand-over, signed by who gives and who takes; the taker says how the step before was done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from app.core.vietnamese import clock, date_words, hour_minute, long_date
from app.documents.facts import PaperFacts
from app.documents.flow import (
    LEADING,
    PADDING,
    ROW_PADDING,
    Block,
    Column,
    Line,
    Run,
    balanced,
    paragraph,
    ruled,
    space,
    wrap,
)
from app.documents.form import MARGIN, SMALL, WIDTH, Sheet, draw_copies, draw_sheets, item
from app.documents.notice import plain, told
from app.documents.paper import Paper
from app.documents.typeface import BOLD, ITALIC, REGULAR
from app.documents.wording import VARIANTS, check_choice, check_instants, day, day_and_hour

TITLE = "Phiếu kiểm soát quá trình giải quyết hồ sơ"
TITLES = dict.fromkeys(VARIANTS, TITLE)
LAYOUT = 2
RESULTS = {"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn"}

_LEADING = SMALL * LEADING
_COLUMNS = (Column(90), Column(136, 0.5), Column(62), Column(WIDTH - 90 - 136 - 62))
_HALF = _COLUMNS[1].width / 2
_SIGNING = 30.0
_TICK = 8.0
# A hand-over with more lines than this goes on in further rows.
_MOST_LINES = 14


@dataclass(frozen=True, kw_only=True)
class Facts(PaperFacts):
    """The dossier and its hand-overs so far, in their order.

    `handovers` holds {from_unit, to_unit} and perhaps: at, taken_at (ISO 8601 with an offset, given
    and taken), giver, taker (names), result (a key of `RESULTS`, of the step that ended), due_at
    (of the step that begins), note. What is missing leaves room to write. `printed_at` dates it.
    """

    variant: str
    agency_name: str
    one_stop_title: str
    place: str
    code: str
    printed_at: str
    lead_unit: str
    handovers: Sequence[Mapping[str, Any]]
    partner_units: str = ""
    procedure_name: str = ""
    due_at: str | None = None
    barcode_digits: str = ""
    until: int = 0
    chain: str = ""

    def __post_init__(self) -> None:
        check_choice("variant", self.variant, VARIANTS)
        check_instants(self, "printed_at", "due_at")
        for handover in self.handovers:
            check_choice("result", handover.get("result") or "", ("", *RESULTS))
            for name in ("at", "taken_at", "due_at"):
                value = handover.get(name)
                if value and datetime.fromisoformat(value).tzinfo is None:
                    raise ValueError(f"{name} of a hand-over needs an offset")


def draw(facts: Facts, reprint: int = 0) -> bytes:
    """The slip as a PDF: one copy, as many pages as it takes, the head row on each.

    The same facts and count give the same bytes; `reprint` n > 0 adds the line "In lại lần n".
    """
    return draw_copies(_sheet(facts), reprint)


def draw_pile(
    slips: Sequence[tuple[Facts, int]], told: Callable[[int], None] | None = None
) -> bytes:
    """Several slips, each with its count of reprints, one after the other in one PDF.

    Each begins on a page of its own and counts its pages from 1. `told` hears after each how many
    are drawn. Raises `ValueError` for none.
    """
    return draw_sheets(TITLE, [(_sheet(facts), reprint) for facts, reprint in slips], told)


def _sheet(facts: Facts) -> Sheet:
    return Sheet(
        title=TITLES[facts.variant],
        agency_name=facts.agency_name,
        one_stop_title=facts.one_stop_title,
        place_and_date=f"{facts.place}, {day(facts.printed_at)}",
        code=facts.code,
        compose=lambda size: _compose(facts, size),
        foot=[space(5), *paragraph([*NOTE, *_until(facts)], SMALL, MARGIN, WIDTH)],
        barcode=facts.barcode_digits,
        copies=(),
        subtitle=[("Mã hồ sơ: ", REGULAR), (facts.code, BOLD)],
    )


def _until(facts: Facts) -> list[Run]:
    """How far the log was read, and the head of its chain there: enough of it to compare."""
    if not facts.until:
        return []
    groups = "\u00a0".join(facts.chain[n : n + 4] for n in range(0, SHOWN, 4))
    return [
        (f" Ghi đến sự kiện số {facts.until} của nhật ký hồ sơ, mã chuỗi\u00a0{groups}.", REGULAR)
    ]


SHOWN = 16  # hex digits of the chain's hash on paper


NOTE: Sequence[Run] = (
    ("Ghi chú: ", BOLD),
    (
        "mỗi lần giao, nhận hồ sơ ghi một dòng, hai bên ký. Bên nhận đánh dấu kết quả giải quyết "
        "của bước trước và ghi những gì thiếu, khác so với danh mục giấy tờ.",
        ITALIC,
    ),
)


def _compose(facts: Facts, size: float) -> list[Block]:
    due = f"{day_and_hour(facts.due_at)}." if facts.due_at else ""
    head = _head()
    blocks = [block for handover in facts.handovers for block in _handover(handover, head)]
    return [
        *plain(
            item("Cơ quan (bộ phận) giải quyết hồ sơ:", facts.lead_unit),
            item("Cơ quan phối hợp giải quyết hồ sơ:", facts.partner_units),
            told("Nội dung yêu cầu giải quyết:", facts.procedure_name),
            told("Thời gian hẹn trả kết quả:", due),
            size=size,
        ),
        space(6, keep=True),
        replace(head, keep=True),
        *blocks,
    ]


def _head() -> Block:
    titles = (
        "TÊN CƠ QUAN",
        "THỜI GIAN GIAO, NHẬN HỒ SƠ",
        "KẾT QUẢ GIẢI QUYẾT HỒ SƠ",
        "GHI CHÚ",
    )
    centred = [Column(column.width, 0.5) for column in _COLUMNS]
    wrapped = [
        balanced([(title, BOLD)], SMALL, column.width - 2 * PADDING)
        for title, column in zip(titles, centred, strict=True)
    ]
    return ruled(wrapped, centred, SMALL, MARGIN, None)[0]


@dataclass(frozen=True, slots=True)
class _Row:
    """A hand-over in lines: who, when, the two names, the note, and the result ticked."""

    units: list[Line]
    times: list[Line]
    givers: list[Line]
    takers: list[Line]
    note: list[Line]
    result: str

    @property
    def height(self) -> float:
        names = max(len(self.givers), len(self.takers), 1)
        middle = (len(self.times) + 1 + names) * _LEADING + _SIGNING + 2 * ROW_PADDING
        side = max(len(self.units), len(self.note), len(RESULTS)) * _LEADING + ROW_PADDING
        return max(middle, side)


def _handover(handover: Mapping[str, Any], head: Block) -> list[Block]:
    """The row of one hand-over; lines past `_MOST_LINES` follow in rows of their own."""
    inner = [column.width - 2 * PADDING for column in _COLUMNS]
    units = _lines(f"1. Giao: {handover['from_unit']}", inner[0])
    units += _lines(f"2. Nhận: {handover['to_unit']}", inner[0])
    note = [line for text in _notes(handover) for line in _lines(text, inner[3])]
    row = _Row(
        units=units[:_MOST_LINES],
        times=[line for text in _times(handover) for line in _lines(text, inner[1])],
        givers=_lines(handover.get("giver") or "", _HALF - PADDING),
        takers=_lines(handover.get("taker") or "", _HALF - PADDING),
        note=note[:_MOST_LINES],
        result=handover.get("result") or "",
    )
    rest = [units[_MOST_LINES:], [], [], note[_MOST_LINES:]]
    blocks = [Block(row.height, partial(_draw_row, row), header=head)]
    if any(rest):
        blocks += ruled(rest, _COLUMNS, SMALL, MARGIN, head)
    return blocks


def _lines(text: str, width: float) -> list[Line]:
    return wrap([(text, REGULAR)], SMALL, width)


def _times(handover: Mapping[str, Any]) -> list[str]:
    """When it was given and when taken; once where that was the same minute, or is not known."""
    given, taken = _moment(handover.get("at")), _moment(handover.get("taken_at"))
    if given == taken:
        return list(given)
    return [f"Giao: {given[0]}", given[1], f"Nhận: {taken[0]}", taken[1]]


def _moment(text: str | None) -> tuple[str, str]:
    """Hour and day in words, dots to write on where there is none."""
    if not text:
        return "…… giờ …… phút,", "ngày …… tháng …… năm ……"
    instant = datetime.fromisoformat(text)
    return f"{hour_minute(instant)},", long_date(instant)


def _notes(handover: Mapping[str, Any]) -> list[str]:
    notes = [handover.get("note") or ""]
    if handover.get("due_at"):
        due = datetime.fromisoformat(handover["due_at"])
        notes.insert(0, f"Hạn xử lý: {clock(due)}, {date_words(due)}.")
    return [note for note in notes if note]


def _draw_row(row: _Row, paper: Paper, top: float) -> None:
    x = MARGIN
    for column in _COLUMNS:
        paper.frame(x, top, column.width, row.height)
        x += column.width
    first = top + ROW_PADDING / 2 - 0.5
    left, middle, ticks, notes = _starts()
    _draw_lines(paper, row.units, left + PADDING, first)
    _draw_lines(paper, row.times, middle, first, centred=_COLUMNS[1].width)
    _draw_lines(paper, row.note, notes + PADDING, first)
    for number, (result, label) in enumerate(RESULTS.items()):
        y = first + number * _LEADING
        paper.tick(ticks + PADDING, y + 2.2, _TICK, ticked=result == row.result)
        font = BOLD if result == row.result else REGULAR
        (words,) = wrap([(label, font)], SMALL, _COLUMNS[2].width)
        paper.line(words, SMALL, ticks + PADDING + _TICK + 3, y)
    _draw_signing(row, paper, middle, top)


def _draw_signing(row: _Row, paper: Paper, x: float, top: float) -> None:
    """Under the time: two boxes to sign in, the names at their feet."""
    under = top + len(row.times) * _LEADING + ROW_PADDING
    low = top + row.height
    for label, names in (("Người giao", row.givers), ("Người nhận", row.takers)):
        paper.frame(x, under, _HALF, low - under)
        title = wrap([(label, ITALIC)], SMALL, _HALF)
        _draw_lines(paper, title, x, under + 1, centred=_HALF)
        foot = low - len(names) * _LEADING - ROW_PADDING / 2
        _draw_lines(paper, names, x, foot, centred=_HALF)
        x += _HALF


def _draw_lines(
    paper: Paper, lines: Sequence[Line], x: float, top: float, *, centred: float = 0.0
) -> None:
    for number, line in enumerate(lines):
        shift = (centred - line.width) / 2 if centred else 0.0
        paper.line(line, SMALL, x + shift, top + number * _LEADING)


def _starts() -> list[float]:
    starts = [MARGIN]
    for column in _COLUMNS[:-1]:
        starts.append(starts[-1] + column.width)
    return starts
