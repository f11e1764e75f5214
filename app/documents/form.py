"""What the forms of the one-stop shop share: heading, title, item lines, signatures, copies.

The layout of TT 01/2018/TT-VPCP Điều 9: A5, two columns of heading (agency | Quốc hiệu), title
in the middle, two copies. Text is 9.5 to 10.5 points, titles 13; what does not fit goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.core.vietnamese import nfc
from app.documents.flow import (
    LEADING,
    Block,
    Run,
    balanced,
    height_of,
    pages,
    paragraph,
    space,
    stretched,
    wrap,
)
from app.documents.paper import A5, MM, Paper
from app.documents.typeface import BOLD, ITALIC, REGULAR

MARGIN = 11 * MM
TOP = 7 * MM
BOTTOM = 7 * MM
WIDTH = A5[0] - 2 * MARGIN
SIZES = (10.5, 10.0, 9.5)
SMALL = SIZES[-1]
COPIES = ("Liên 1: Lưu", "Liên 2: Giao khách hàng")
BLANK = "……………"
# Between two answers on one line; spaces that do not collapse.
GAP: Run = ("\u00a0\u00a0\u00a0 ", REGULAR)
# 6.35 mm, the least that a hand scanner wants.
BARCODE_HEIGHT = 18.0
SIGNING_ROOM = 24.0
MOST_STRETCH = 40.0

_LEFT = WIDTH * 0.4
_RIGHT = WIDTH - _LEFT - 8
CONTINUED = SMALL * LEADING + 8
NOTICE = SMALL * LEADING


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form ready to draw. `compose` gives its blocks at a text size; `foot` closes the last page.

    `number` ("Số: …", where the form has one) goes under the agency's name, `code` on the pages
    that follow, `barcode` (digits or nothing) beside the copy's name. A paper of one copy has no
    `copies`: `subtitle` stands under its title instead of the copy's name.
    """

    title: str
    agency_name: str
    one_stop_title: str
    place_and_date: str
    code: str
    compose: Callable[[float], list[Block]]
    foot: list[Block]
    number: str = ""
    barcode: str = ""
    copies: Sequence[str] = COPIES
    subtitle: Sequence[Run] = ()


def item(label: str, value: str, *, bold: bool = False) -> list[Run]:
    """`label value`; dots to write on where there is no value."""
    return [(f"{label} ", REGULAR), (value or BLANK, BOLD if bold and value else REGULAR)]


def draw_copies(sheet: Sheet, reprint: int) -> bytes:
    """The PDF with each copy in turn. Text shrinks to 9.5 before one more page is begun.

    Raises `ValueError` for a negative `reprint`.
    """
    return draw_sheets(f"{sheet.title} {sheet.code}".strip(), [(sheet, reprint)])


def draw_sheets(
    title: str, sheets: Sequence[tuple[Sheet, int]], told: Callable[[int], None] | None = None
) -> bytes:
    """Sheets with their counts of reprints in one PDF called `title`; pages count anew in each.

    `told` hears after each sheet how many are drawn. Raises `ValueError` for no sheet at all and
    for a negative count.
    """
    if not sheets or min(reprint for _, reprint in sheets) < 0:
        raise ValueError("a reprint is counted from 1, and there is something to print")
    paper = Paper(title, A5)
    begun = False
    for number, (sheet, reprint) in enumerate(sheets):
        head = _Head(sheet, reprint)
        # The largest text that takes the fewest pages; `min` keeps the first of equals.
        dealt = min((_deal(sheet, head.height, size) for size in SIZES), key=len)
        for copy in sheet.copies or ("",):
            if begun:
                paper.next_page()
            _draw_copy(paper, head, dealt, copy, f"sheet{number}" if number else "")
            begun = True
        if told is not None:
            told(number + 1)
    return paper.finish()


def _deal(sheet: Sheet, head: float, size: float) -> list[list[Block]]:
    """The form's blocks by page at this text size, the last page with room for the foot."""
    blocks = sheet.compose(size)
    foot = height_of(sheet.foot)
    sheet_room = A5[1] - TOP - BOTTOM
    room = sheet_room - head - foot
    dealt = [blocks]
    if height_of(blocks) > room:
        # The foot stays with the last blocks, which the form ties together.
        first, further = sheet_room - head - NOTICE, sheet_room - CONTINUED - NOTICE
        closing = Block(max(foot - NOTICE, 0), lambda paper, top: None)
        dealt = pages([*tied(blocks), closing], first, further)
        dealt[-1].pop()
        room = sheet_room - CONTINUED - foot
    dealt[-1] = stretched(dealt[-1], min(room - height_of(dealt[-1]), MOST_STRETCH))
    return dealt


def _draw_copy(paper: Paper, head: _Head, dealt: list[list[Block]], copy: str, name: str) -> None:
    for number in range(1, len(dealt) + 1):
        if number > 1:
            paper.next_page()
        paper.repeated(f"{name}page{number}", partial(_draw_page, paper, head, dealt, number))
        head.draw_copy_name(paper, copy, number)


def _draw_page(paper: Paper, head: _Head, dealt: list[list[Block]], number: int) -> None:
    """A page without its copy's name, which is all that the copies differ in."""
    top = head.draw(paper) if number == 1 else head.draw_further(paper, number)
    _draw_all(paper, dealt[number - 1], top)
    if number < len(dealt):
        notice = [(f"(xem tiếp trang {number + 1})", ITALIC)]
        closing = paragraph(notice, SMALL, MARGIN, WIDTH, align=1)
    else:
        closing = head.sheet.foot
    _draw_all(paper, closing, A5[1] - BOTTOM - height_of(closing))


def _draw_all(paper: Paper, blocks: Sequence[Block], top: float) -> None:
    for block in blocks:
        block.draw(paper, top)
        top += block.height


# Where headings of agencies are not broken.
WHOLE = ("ỦY BAN NHÂN DÂN", "BỘ PHẬN", "TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG")


def _heading(name: str) -> str:
    name = nfc(name).upper()
    for words in WHOLE:
        name = name.replace(words, words.replace(" ", "\u00a0"))
    return name


class _Head:
    """The heading of a form, measured once, drawn on each copy."""

    def __init__(self, sheet: Sheet, reprint: int) -> None:
        self.sheet = sheet
        self.reprint = reprint
        left = paragraph([(_heading(sheet.agency_name), REGULAR)], SMALL, MARGIN, _LEFT, align=0.5)
        left += paragraph([(_heading(sheet.one_stop_title), BOLD)], SMALL, MARGIN, _LEFT, align=0.5)
        self._left = left
        self._number = paragraph([(sheet.number, REGULAR)], SMALL, MARGIN, _LEFT, align=0.5)
        start = MARGIN + WIDTH - _RIGHT
        self._motto = balanced([("Độc lập - Tự do - Hạnh phúc", BOLD)], SIZES[0], _RIGHT)[0]
        self._state = wrap([("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", BOLD)], SMALL, _RIGHT)[0]
        self._date = paragraph([(sheet.place_and_date, ITALIC)], SMALL, start, _RIGHT, align=0.5)
        self._middle = start + _RIGHT / 2
        self._columns = max(
            height_of(left) + 6 + height_of(self._number),
            SMALL * LEADING + SIZES[0] * LEADING + 6 + height_of(self._date),
        )
        self._title = paragraph([(sheet.title.upper(), BOLD)], 13, MARGIN, WIDTH, align=0.5)
        self._copy_top = TOP + self._columns + 6 + height_of(self._title) + 3
        self.height = self._copy_top - TOP + 2 * SMALL * LEADING + 2

    def draw(self, paper: Paper) -> float:
        """Draws it; gives the top of what follows."""
        _draw_all(paper, self._left, TOP)
        ruled = TOP + height_of(self._left) + 2.5
        paper.rule(MARGIN + _LEFT * 0.32, ruled, _LEFT * 0.36, 0.8)
        lowest = TOP + self._columns
        _draw_all(paper, self._number, lowest - height_of(self._number))
        paper.line(self._state, SMALL, self._middle - self._state.width / 2, TOP)
        top = TOP + SMALL * LEADING
        paper.line(self._motto, SIZES[0], self._middle - self._motto.width / 2, top)
        top += SIZES[0] * LEADING + 1.5
        paper.rule(self._middle - self._motto.width / 2, top, self._motto.width, 0.6)
        _draw_all(paper, self._date, lowest - height_of(self._date))
        _draw_all(paper, self._title, lowest + 6)
        if self.sheet.barcode:
            paper.barcode(self.sheet.barcode, MARGIN, self._copy_top + 3, BARCODE_HEIGHT)
        if self.reprint:
            # Its own line in a place that is always kept: nothing else moves.
            text = [(f"In lại lần {self.reprint}", BOLD)]
            below = self._copy_top + SMALL * LEADING
            _draw_all(paper, paragraph(text, SMALL, MARGIN, WIDTH, align=0.5), below)
        return TOP + self.height

    def draw_further(self, paper: Paper, number: int) -> float:
        """The heading of page `number` > 1."""
        left = wrap([(self.sheet.code, BOLD)], SMALL, WIDTH / 2)[:1]
        for line in left:
            paper.line(line, SMALL, MARGIN, TOP)
        right = paragraph([(f"Trang {number}", REGULAR)], SMALL, MARGIN, WIDTH, align=1)
        _draw_all(paper, right, TOP)
        paper.rule(MARGIN, TOP + SMALL * LEADING + 2, WIDTH)
        return TOP + CONTINUED

    def draw_copy_name(self, paper: Paper, copy: str, number: int) -> None:
        top = self._copy_top if number == 1 else TOP
        if copy:
            name: Sequence[Run] = [(f"({copy})", ITALIC)]
        else:
            name = self.sheet.subtitle if number == 1 else ()
        _draw_all(paper, paragraph(name, SMALL, MARGIN, WIDTH, align=0.5), top)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: a title (lines broken at \n), the name printed under it, the hint between."""

    title: str
    name: str
    hint: str = "(Ký và ghi rõ họ tên)"


SEALED = "(Ký tên, đóng dấu)"


def signatures(left: Signature | None, right: Signature, size: float) -> list[Block]:
    """One or two signature columns with room to sign between title and name."""
    half = WIDTH / 2
    titles, hints, names = [], [], []
    for start, who in ((MARGIN, left), (MARGIN + half, right)):
        if who is None:
            continue
        lines = [[(line.upper(), BOLD)] for line in who.title.split("\n")]
        titles.append(
            [block for line in lines for block in paragraph(line, size, start, half, align=0.5)]
        )
        hints.append(paragraph([(who.hint, ITALIC)], size, start, half, align=0.5))
        names.append(paragraph([(who.name, REGULAR)], size, start + 6, half - 12, align=0.5))
    tallest = max(map(height_of, titles))
    for title, hint in zip(titles, hints, strict=True):
        if lower := tallest - height_of(title):
            # Up again, to stand right under a title of fewer lines.
            hint.insert(0, space(-lower))
    rows = [beside(titles), beside(hints), space(SIGNING_ROOM, stretch=True), beside(names)]
    return [replace(block, keep=True) for block in rows[:-1]] + rows[-1:]


def beside(columns: Sequence[list[Block]]) -> Block:
    """Columns next to each other as one block."""

    def draw(paper: Paper, top: float) -> None:
        for column in columns:
            _draw_all(paper, column, top)

    return Block(max(map(height_of, columns)), draw)


def in_pairs(items: Sequence[Sequence[Run]], size: float) -> list[Block]:
    """A line each, two on one line where both fit: short answers leave room for long lists."""
    blocks: list[Block] = []
    waiting = list(items)
    while waiting:
        runs = list(waiting.pop(0))
        if waiting:
            both = [*runs, GAP, *waiting[0]]
            if len(wrap(both, size, WIDTH)) == 1:
                runs = both
                waiting.pop(0)
        blocks += paragraph(runs, size, MARGIN, WIDTH)
    return blocks


def tied(blocks: list[Block]) -> list[Block]:
    """The blocks with the last one tied to whatever comes next."""
    return [*blocks[:-1], replace(blocks[-1], keep=True)] if blocks else []
