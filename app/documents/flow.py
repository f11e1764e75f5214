"""Text broken into lines, lines and table rows into blocks, blocks into pages.

Nothing here draws: a `Block` knows its height and how to draw itself on a `Paper` later, so a
form is measured and paged once and its copies are drawn from the same blocks. Lengths are points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.documents.typeface import clean, word_width

if TYPE_CHECKING:
    from app.documents.paper import Paper

# Under this the marks of Ẫ and Ộ touch the line above.
LEADING = 1.25
# A table row taller than this many lines is cut into several, so that it can go over a page's end.
MAX_ROW_LINES = 12

Run = tuple[str, str]  # text and font name
Word = tuple[str, str, float, bool]  # text, font, width at size 1, does a space come before it


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of (font, text, distance from the line's start); `width` of the whole."""

    pieces: tuple[tuple[str, str, float], ...]
    width: float


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a height that is never broken.

    `keep` ties it to the block after it; `header` is drawn again when a page starts with it;
    `stretch` takes a share of the paper left over.
    """

    height: float
    draw: Callable[[Paper, float], None]
    keep: bool = False
    header: Block | None = None
    stretch: bool = False


def _words(runs: Sequence[Run], limit: float) -> Iterator[Word]:
    """The words of the runs; one wider than `limit` (at size 1) comes in parts that fit."""
    space = False
    for text, font in runs:
        for position, word in enumerate(clean(text).split(" ")):
            space = space or position > 0
            if not word:
                continue
            for part in _parts(word, font, limit):
                yield part, font, word_width(part, font), space
                space = False


def _parts(word: str, font: str, limit: float) -> Iterator[str]:
    while word_width(word, font) > limit and len(word) > 1:
        length = len(word) - 1
        while length > 1 and word_width(word[:length], font) > limit:
            length -= 1
        yield word[:length]
        word = word[length:]
    yield word


def _line(words: Sequence[Word], size: float) -> Line:
    """Words side by side; neighbours in one font become one piece, spaces inside it."""
    pieces: list[tuple[str, str, float]] = []
    x = 0.0
    for text, font, width, space in words:
        lead = " " if space and x else ""
        if pieces and pieces[-1][0] == font:
            pieces[-1] = (font, pieces[-1][1] + lead + text, pieces[-1][2])
        elif pieces and lead:
            # The space goes with the piece before it, so that copied text keeps its words apart.
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + " ", pieces[-1][2])
            pieces.append((font, text, x + word_width(" ", pieces[-1][0]) * size))
        else:
            pieces.append((font, text, x))
        if lead:
            x += word_width(" ", pieces[-1][0]) * size
        x += width * size
    return Line(tuple(pieces), x)


def wrap(runs: Sequence[Run], size: float, width: float) -> list[Line]:
    """The runs in lines no wider than `width`, broken at spaces, never at U+00A0."""
    lines: list[Line] = []
    words: list[Word] = []
    used = 0.0
    for word in _words(runs, width / size):
        text_width = word[2] * size
        gap = word_width(" ", word[1]) * size if word[3] and words else 0.0
        if words and used + gap + text_width > width + 0.01:
            lines.append(_line(words, size))
            words, used, gap = [], 0.0, 0.0
        words.append(word)
        used += gap + text_width
    if words:
        lines.append(_line(words, size))
    return lines


def balanced(runs: Sequence[Run], size: float, width: float) -> list[Line]:
    """Like `wrap`, with lines of about the same length: for centred headings."""
    lines = wrap(runs, size, width)
    longest = max((word[2] for word in _words(runs, width / size)), default=0.0)
    low, high = longest * size, width
    while len(lines) > 1 and high - low > 4:
        middle = (low + high) / 2
        narrower = wrap(runs, size, middle)
        if len(narrower) > len(lines):
            low = middle
        else:
            lines, high = narrower, middle
    return lines


def _draw_line(line: Line, size: float, x: float, width: float, share: float, *at: Any) -> None:
    paper, top = at
    paper.line(line, size, x + (width - line.width) * share, top)


def paragraph(
    runs: Sequence[Run],
    size: float,
    x: float,
    width: float,
    *,
    align: float = 0.0,
    keep: bool = False,
) -> list[Block]:
    """A block a line, from `x`; `align` 0 left, 0.5 centre, 1 right; `keep` ties the last one on.

    The first and the last line are tied to their neighbours: no single line is left behind.
    """
    lines = (balanced if align == 0.5 else wrap)(runs, size, width)
    last = len(lines) - 1
    return [
        Block(
            size * LEADING,
            partial(_draw_line, line, size, x, width, align),
            keep if number == last else number in (0, last - 1),
        )
        for number, line in enumerate(lines)
    ]


def space(height: float, *, keep: bool = False, stretch: bool = False) -> Block:
    """Blank height (points); stretch: it takes what is left on the page."""
    return Block(height, _nothing, keep, stretch=stretch)


def _nothing(paper: Paper, top: float) -> None:
    """Blank paper."""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its width and where its text stands (0 left, 0.5 centre)."""

    width: float
    align: float = 0.0


PADDING = 4.0
ROW_PADDING = 3.0


def _draw_row(
    cells: list[list[Line]],
    columns: Sequence[Column],
    size: float,
    x: float,
    padding: float,
    *at: Any,
) -> None:
    paper, top = at
    leading = size * LEADING
    height = max(len(lines) for lines in cells) * leading + ROW_PADDING
    for lines, column in zip(cells, columns, strict=True):
        paper.frame(x, top, column.width, height)
        inner = column.width - 2 * padding
        for number, line in enumerate(lines):
            left = x + padding + (inner - line.width) * column.align
            paper.line(line, size, left, top + ROW_PADDING / 2 - 0.5 + number * leading)
        x += column.width


def row(
    cells: Sequence[Run], columns: Sequence[Column], size: float, x: float, header: Block | None
) -> list[Block]:
    """One ruled table row, in several blocks when its text is very long."""
    wrapped = [
        wrap([cell], size, column.width - 2 * PADDING)
        for cell, column in zip(cells, columns, strict=True)
    ]
    return ruled(wrapped, columns, size, x, header)


def ruled(
    wrapped: Sequence[list[Line]],
    columns: Sequence[Column],
    size: float,
    x: float,
    header: Block | None,
    padding: float = PADDING,
) -> list[Block]:
    """A table row of lines already wrapped; see `row`."""
    blocks = []
    for start in range(0, max(map(len, wrapped)) or 1, MAX_ROW_LINES):
        part = [lines[start : start + MAX_ROW_LINES] for lines in wrapped]
        height = max(len(lines) for lines in part) * size * LEADING + ROW_PADDING
        blocks.append(
            Block(height, partial(_draw_row, part, columns, size, x, padding), header=header)
        )
    return blocks


def table(
    rows: Sequence[Sequence[Run]],
    columns: Sequence[Column],
    size: float,
    x: float,
    *,
    header: Sequence[Run] = (),
) -> list[Block]:
    """A ruled table; its header row comes again on every page it goes on to."""
    head = row(header, columns, size, x, None)[0] if header else None
    blocks = [block for cells in rows for block in row(cells, columns, size, x, head)]
    return [replace(head, keep=True), *blocks] if head else blocks


def height_of(blocks: Sequence[Block]) -> float:
    """The height of blocks one under the other, in points."""
    return sum(block.height for block in blocks)


def pages(blocks: Sequence[Block], first: float, further: float) -> list[list[Block]]:
    """The blocks dealt to pages with room for `first`, then `further` points of height."""
    dealt: list[list[Block]] = [[]]
    room = first
    for group in _groups(blocks):
        needed = height_of(group)
        if needed > room and dealt[-1]:
            dealt.append([])
            room = further
            if header := group[0].header:
                dealt[-1].append(header)
                room -= header.height
        dealt[-1].extend(group)
        room -= needed
    return dealt


def stretched(blocks: Sequence[Block], spare: float) -> list[Block]:
    """The blocks with `spare` points shared out among those that stretch."""
    takers = sum(block.stretch for block in blocks)
    share = max(spare, 0.0) / takers if takers else 0.0
    return [
        replace(block, height=block.height + share) if block.stretch else block for block in blocks
    ]


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        group.append(block)
        if not block.keep:
            yield group
            group = []
    if group:
        yield group
