"""Sổ theo dõi hồ sơ: Mẫu số 06 of TT 01/2018/TT-VPCP, Mẫu số 07 of TT 03/2025/TT-VPCP.

A cover, then a ruled register on A4 across, as many pages as the rows take. Rows are wrapped, drawn
and forgotten one by one, so that a year's book takes seconds and little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app.core.calendar import VIETNAM
from app.core.vietnamese import count2, nfc
from app.documents.facts import PaperFacts
from app.documents.flow import (
    LEADING,
    ROW_PADDING,
    Block,
    Column,
    Line,
    Run,
    balanced,
    height_of,
    paragraph,
    ruled,
    space,
    wrap,
)
from app.documents.form import BLANK, SEALED
from app.documents.paper import A4, MM, Paper
from app.documents.typeface import BOLD, ITALIC, REGULAR
from app.documents.wording import VARIANTS, check_choice, day

TITLE = "Sổ theo dõi hồ sơ"
TITLES = dict.fromkeys(VARIANTS, TITLE)
LAYOUT = 1

SIZE = 8.5
LANDSCAPE = (A4[1], A4[0])
BINDING = 15 * MM
MARGIN = 9 * MM
TOP = 12 * MM
BOTTOM = 9 * MM
WIDTH = LANDSCAPE[0] - BINDING - MARGIN
GROUP = "NHẬN VÀ TRẢ KẾT QUẢ"
PADDING = 2.5

# Heading, width, where the text stands; those of the group lie under its heading.
_PLAIN = (
    ("TT", 27, 0.5),
    ("Mã hồ sơ", 84, 0.5),
    ("Tên TTHC", 108, 0.0),
    ("Số lượng hồ sơ (bộ)", 31, 0.5),
    ("Tên cá nhân, tổ chức", 80, 0.0),
    ("Địa chỉ, số điện thoại", 98, 0.0),
    ("Cơ quan chủ trì giải quyết", 64, 0.0),
)
_GROUPED = (
    ("Nhận hồ sơ (ngày, tháng, năm)", 50, 0.5),
    ("Hẹn trả kết quả (ngày, tháng, năm)", 50, 0.5),
    ("Trả kết quả (ngày, tháng, năm)", 50, 0.5),
    ("Phương thức nhận kết quả", 46, 0.0),
    ("Ký nhận", 0, 0.5),
)
_NOTE = ("Ghi chú", 45, 0.0)


def _columns() -> tuple[tuple[str, float, float], ...]:
    """All thirteen; what is left is room to sign."""
    given = (*_PLAIN, *_GROUPED, _NOTE)
    rest = WIDTH - sum(width for _, width, _ in given)
    return tuple((title, width or rest, align) for title, width, align in given)


COLUMNS = _columns()


@dataclass(frozen=True, kw_only=True)
class Facts(PaperFacts):
    """A volume of the register, or any choice of its rows.

    `rows` holds {number, code, procedure, sets, applicant, address, phone, lead_agency,
    accepted_at, due_at} and perhaps returned_at, method, receiver, note; days are ISO dates or
    instants with an offset, numbers and sets may be words. `field` and `period` are said on the
    cover as they are given, left out when empty; an empty `year` (a range without days) leaves
    room to write. `closed_on` (ISO) adds the closing of the book, signed by
    `signer_name` under `signer_title`, empty: the one-stop's head (TT 01/2018/TT-VPCP Điều 10).
    """

    variant: str
    agency_name: str
    one_stop_title: str
    volume: str
    year: int | str
    first_number: str
    last_number: str
    rows: Sequence[Mapping[str, Any]]
    field: str = ""
    period: str = ""
    place: str = ""
    closed_on: str | None = None
    signer_title: str = ""
    signer_name: str = ""

    def __post_init__(self) -> None:
        check_choice("variant", self.variant, VARIANTS)
        if self.closed_on is not None:
            datetime.fromisoformat(self.closed_on)


def draw(facts: Facts, reprint: int = 0, told: Callable[[int], None] | None = None) -> bytes:
    """The register as a PDF. The same facts and count give the same bytes.

    `reprint` n > 0 adds the line "In lại lần n" to the cover and changes no other text. `told`
    hears after each page how many rows are drawn, near enough. Raises `ValueError` for a negative
    reprint.
    """
    if reprint < 0:
        raise ValueError("a reprint is counted from 1")
    paper = Paper(f"{TITLES[facts.variant]} {facts.volume}".strip(), LANDSCAPE)
    _draw_cover(paper, facts, reprint)
    pages = rows = 0
    for blocks in _dealt(facts):
        pages += 1
        paper.next_page()
        _draw_page(paper, facts, blocks, pages)
        rows += len(blocks)
        if told is not None:
            told(min(rows, len(facts.rows)))
    # Only now is it known how many pages there are; each of them has asked for this already.
    paper.promised(TOTAL, lambda: _draw_total(paper, pages))
    return paper.finish()


TOTAL = "total"


# --- The cover -----------------------------------------------------------------------------------


def _draw_cover(paper: Paper, facts: Facts, reprint: int) -> None:
    for inset, thickness in ((0.0, 2.0), (4.0, 0.6)):
        paper.frame(
            BINDING + inset,
            TOP + inset,
            WIDTH - 2 * inset,
            LANDSCAPE[1] - TOP - BOTTOM - 2 * inset,
            thickness,
        )
    top = TOP + 28
    for text, font, size in (
        (facts.agency_name.upper(), REGULAR, 14.0),
        (facts.one_stop_title.upper(), BOLD, 14.0),
    ):
        top = _centred(paper, [(nfc(text), font)], size, top)
    paper.rule(BINDING + WIDTH / 2 - 45, top + 5, 90, 0.8)
    top = LANDSCAPE[1] * 0.36
    top = _centred(paper, [(TITLES[facts.variant].upper(), BOLD)], 34, top) + 16
    for pairs in _cover_lines(facts):
        runs = [run for label, value in pairs for run in ((f"{label} ", REGULAR), (value, BOLD))]
        top = _centred(paper, runs, 15, top) + 4
    if reprint:
        _centred(paper, [(f"In lại lần {reprint}", BOLD)], 11, LANDSCAPE[1] - BOTTOM - 30)


def _cover_lines(facts: Facts) -> Iterator[list[tuple[str, str]]]:
    if facts.field:
        yield [("Lĩnh vực:", facts.field)]
    yield [("Quyển số:", facts.volume or BLANK)]
    yield [("Năm:", str(facts.year) or BLANK)]
    if facts.period:
        yield [("Thời gian:", facts.period)]
    yield [("Từ số:", facts.first_number or BLANK), (" đến số:", facts.last_number or BLANK)]


def _centred(paper: Paper, runs: Sequence[Run], size: float, top: float) -> float:
    """Draws it in the middle of the sheet; gives the top of what follows."""
    for line in balanced(runs, size, WIDTH - 60):
        paper.line(line, size, BINDING + (WIDTH - line.width) / 2, top)
        top += size * LEADING
    return top


# --- Rows ----------------------------------------------------------------------------------------


def _dealt(facts: Facts) -> Iterator[list[Block]]:
    """The rows page by page, made when they are asked for; the closing follows the last of them."""
    whole = LANDSCAPE[1] - TOP - BOTTOM - _head().height - FOOT
    page: list[Block] = []
    room = whole
    for block in _blocks(facts):
        if block.height > room and page:
            yield page
            page, room = [], whole
        page.append(block)
        room -= block.height
    yield page


def _blocks(facts: Facts) -> Iterator[Block]:
    if not facts.rows:
        yield from _note([("Không có hồ sơ nào.", ITALIC)])
    columns = [Column(width, align) for _, width, align in COLUMNS]
    for entry in facts.rows:
        wrapped = [
            list(_wrapped(text, column.width - 2 * PADDING))
            for text, column in zip(_cells(entry), columns, strict=True)
        ]
        # Room to sign: no row is lower than two lines.
        wrapped[0] += [EMPTY] * (2 - len(wrapped[0]))
        yield from ruled(wrapped, columns, SIZE, BINDING, None, padding=PADDING)
    if facts.closed_on:
        yield _closing(facts)


EMPTY = Line((), 0.0)


@lru_cache(maxsize=4096)
def _wrapped(text: str, width: float) -> tuple[Line, ...]:
    """Procedures, agencies and days come again and again."""
    return tuple(wrap([(text, REGULAR)], SIZE, width))


def _cells(entry: Mapping[str, Any]) -> list[str]:
    number, sets = entry["number"], entry["sets"]
    whereabouts = [entry["address"], (entry.get("phone") or "").replace(" ", "\u00a0")]
    return [
        count2(number) if isinstance(number, int) else number,
        _code(entry["code"]),
        entry["procedure"],
        count2(sets) if isinstance(sets, int) else sets,
        entry["applicant"],
        ", ".join(part for part in whereabouts if part),
        entry["lead_agency"],
        _short(entry["accepted_at"]),
        _short(entry["due_at"]),
        _short(entry.get("returned_at")),
        entry.get("method") or "",
        entry.get("receiver") or "",
        entry.get("note") or "",
    ]


def _code(code: str) -> str:
    """One too long for its column goes on after its first hyphen, not in the middle of a day."""
    room = COLUMNS[1][1] - 2 * PADDING
    return code if len(_wrapped(code, room)) == 1 else code.replace("-", "- ", 1)


def _short(text: str | None) -> str:
    """ISO date or instant → "08/12/2026", as Vietnam's clocks have it."""
    if not text:
        return ""
    value: date = datetime.fromisoformat(text)
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(VIETNAM)
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def _note(runs: Sequence[Run]) -> list[Block]:
    return [space(6), *paragraph(runs, 11, BINDING, WIDTH, align=0.5)]


def _closing(facts: Facts) -> Block:
    """Đ10.2: the book is closed with the signature, name and stamp of the one-stop's head."""
    half = WIDTH / 2
    start = BINDING + half
    on = (
        f"{facts.place}, {day(facts.closed_on or '')}"
        if facts.place
        else day(facts.closed_on or "")
    )
    said = (
        f"Khóa sổ {day(facts.closed_on or '')}: {len(facts.rows)} hồ sơ, từ số "
        f"{facts.first_number} đến số {facts.last_number}."
    )
    left = [space(8), *paragraph([(said, REGULAR)], 11, BINDING, half)]
    right = [space(8), *paragraph([(on, ITALIC)], 11, start, half, align=0.5)]
    title = facts.signer_title or f"Người đứng đầu\n{facts.one_stop_title}"
    for line in title.split("\n"):
        right += paragraph([(line.upper(), BOLD)], 11, start, half, align=0.5)
    right += paragraph([(SEALED, ITALIC)], 11, start, half, align=0.5)
    right += [space(50), *paragraph([(facts.signer_name, REGULAR)], 11, start, half, align=0.5)]

    def draw_both(paper: Paper, top: float) -> None:
        for column in (left, right):
            y = top
            for block in column:
                block.draw(paper, y)
                y += block.height

    return Block(max(height_of(left), height_of(right)), draw_both)


# --- A page --------------------------------------------------------------------------------------

FOOT = 15.0
_FOOT_SIZE = 9.0


def _draw_page(paper: Paper, facts: Facts, blocks: Sequence[Block], number: int) -> None:
    paper.repeated("head", lambda: _head().draw(paper, TOP))
    top = TOP + _head().height
    for block in blocks:
        block.draw(paper, top)
        top += block.height
    foot = LANDSCAPE[1] - BOTTOM - _FOOT_SIZE * LEADING
    (name,) = wrap([(_running(facts), ITALIC)], _FOOT_SIZE, WIDTH * 0.8)[:1]
    paper.line(name, _FOOT_SIZE, BINDING, foot)
    (page,) = wrap([(f"Trang {number}/", REGULAR)], _FOOT_SIZE, WIDTH)
    paper.line(page, _FOOT_SIZE, _TOTAL_AT - page.width, foot)
    paper.use(TOTAL)


_TOTAL_AT = BINDING + WIDTH - 18


def _draw_total(paper: Paper, pages: int) -> None:
    (total,) = wrap([(str(pages), REGULAR)], _FOOT_SIZE, WIDTH)
    paper.line(total, _FOOT_SIZE, _TOTAL_AT, LANDSCAPE[1] - BOTTOM - _FOOT_SIZE * LEADING)


def _running(facts: Facts) -> str:
    volume = f", quyển số {facts.volume}" if facts.volume else ""
    year = f", năm {facts.year}" if facts.year else ""
    return f"{TITLES[facts.variant]}{volume}{year}"


@lru_cache
def _head() -> Block:
    """The head row: the group's columns under their common heading, then the columns' numbers."""
    leading = SIZE * LEADING
    titles = [balanced([(title, BOLD)], SIZE, width - 2 * PADDING) for title, width, _ in COLUMNS]
    first, last = len(_PLAIN), len(_PLAIN) + len(_GROUPED)
    group = leading + ROW_PADDING
    drops = [group if first <= number < last else 0.0 for number in range(len(COLUMNS))]
    height = max(
        drop + len(lines) * leading + ROW_PADDING for drop, lines in zip(drops, titles, strict=True)
    )

    def draw_head(paper: Paper, top: float) -> None:
        x = BINDING
        for number, (_, width, _) in enumerate(COLUMNS):
            _draw_heading(
                paper, titles[number], (x, top + drops[number]), width, height - drops[number]
            )
            mark = wrap([(f"({number + 1})", ITALIC)], SIZE, width)
            _draw_heading(paper, mark, (x, top + height), width, group)
            x += width
        start = BINDING + sum(width for _, width, _ in COLUMNS[:first])
        span = sum(width for _, width, _ in COLUMNS[first:last])
        title = wrap([(GROUP, BOLD)], SIZE, span)
        _draw_heading(paper, title, (start, top), span, group)

    return Block(height + group, draw_head)


def _draw_heading(
    paper: Paper, lines: Sequence[Line], at: tuple[float, float], width: float, height: float
) -> None:
    """A ruled cell with its lines in the middle."""
    x, top = at
    paper.frame(x, top, width, height)
    top += (height - len(lines) * SIZE * LEADING) / 2 - 0.5
    for line in lines:
        paper.line(line, SIZE, x + (width - line.width) / 2, top)
        top += SIZE * LEADING
