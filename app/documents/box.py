"""The box of ours on some forms: the one day that matters, the codes, and the QR beside them."""

from __future__ import annotations

from typing import Any

from app.documents.flow import LEADING, Block, height_of, paragraph, space, wrap
from app.documents.form import MARGIN, WIDTH
from app.documents.paper import MM, Paper
from app.documents.typeface import BOLD, REGULAR

QR_SIDE = 25 * MM
QR_QUIET = 3.4 * MM


def box(
    label: str,
    headline: str,
    where: tuple[str, str],
    *,
    code: str = "",
    lookup_code: str | None = None,
    qr_text: str | None = None,
) -> list[Block]:
    """`headline` large under its `label`; `where` whole, or the short second one if it is long.

    Without a code, a look-up code or a text for the QR their places are left out.
    """
    inner = WIDTH - 22 - (QR_SIDE + QR_QUIET if qr_text else 0)
    left = MARGIN + 11
    below = wrap([(where[0], REGULAR)], 10, inner)
    if len(below) > 1:
        # The whole of it stands among the form's lines.
        below = wrap([(where[1], REGULAR)], 10, inner)
    stack = paragraph([(label, REGULAR)], 10, left, inner)
    stack += paragraph([(headline, BOLD)], 17, left, inner)
    stack += [_at(line, 10, left) for line in below]
    if codes := _codes(code, lookup_code, qr_text, left, inner):
        stack += [space(4), *codes]
    height = max(height_of(stack) + 8, QR_SIDE + 2 * QR_QUIET if qr_text else 0)

    def draw_box(paper: Paper, top: float) -> None:
        paper.round_frame(MARGIN, top, WIDTH, height)
        y = top + (height - height_of(stack)) / 2 - 1
        for block in stack:
            block.draw(paper, y)
            y += block.height
        if qr_text:
            x = MARGIN + WIDTH - QR_QUIET - QR_SIDE
            paper.qr(qr_text, x, top + QR_QUIET, QR_SIDE)

    return [Block(height, draw_box)]


def look_up(x: float, width: float, lookup_code: str | None, qr_text: str | None) -> list[Block]:
    """The QR with the look-up code beside it, outside a box; nothing where there is neither."""
    left = x + (QR_SIDE + 8 if qr_text else 0)
    room = width - (left - x)
    lines: list[Block] = []
    if lookup_code:
        label = _label(qr_text).replace("hoặc quét ", "hoặc\u00a0quét\u00a0")
        lines += paragraph([(label, REGULAR)], 10, left, room)
        lines += paragraph([(_grouped(lookup_code), BOLD)], 11, left, room)
    height = max(height_of(lines), QR_SIDE if qr_text else 0)
    if not height:
        return []

    def draw_both(paper: Paper, top: float) -> None:
        if qr_text:
            paper.qr(qr_text, x, top, QR_SIDE)
        y = top + (height - height_of(lines)) / 2
        for block in lines:
            block.draw(paper, y)
            y += block.height

    return [Block(height, draw_both)]


def _label(qr_text: str | None) -> str:
    return "Mã tra cứu (hoặc quét QR):" if qr_text else "Mã tra cứu:"


def _grouped(lookup_code: str) -> str:
    return f"{lookup_code[:5]}-{lookup_code[5:]}"


def _at(line: Any, size: float, x: float) -> Block:
    return Block(size * LEADING, lambda paper, top: paper.line(line, size, x, top))


def _codes(
    code: str, lookup_code: str | None, qr_text: str | None, left: float, inner: float
) -> list[Block]:
    """Dossier code and look-up code side by side, under each other where they are too long."""
    pairs = [("Mã hồ sơ:", code)] if code else []
    if lookup_code:
        pairs.append((_label(qr_text), _grouped(lookup_code)))
    if not pairs:
        return []
    columns = [
        (wrap([(label, REGULAR)], 10, inner), wrap([(value, BOLD)], 11, inner))
        for label, value in pairs
    ]
    second = max(130.0, columns[0][1][0].width + 16)
    if len(columns) == 2 and second + max(line[0].width for line in columns[1]) > inner:
        return [
            block
            for label, value in pairs
            for block in paragraph([(f"{label} ", REGULAR), (value, BOLD)], 11, left, inner)
        ]

    def draw_columns(paper: Paper, top: float) -> None:
        for x, (labels, values) in zip((left, left + second), columns, strict=False):
            paper.line(labels[0], 10, x, top)
            paper.line(values[0], 11, x, top + 10 * LEADING)

    return [Block((10 + 11) * LEADING, draw_columns)]
