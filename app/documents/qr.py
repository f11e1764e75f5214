"""QR codes as cells, for paper and for screens.

Level M: about 15 % of the code may be worn away and it still reads. Upper-case text of digits,
letters and ` $%*+-./:` takes the alphanumeric mode, which makes larger cells; so give upper case.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_M

# Readers want four light cells around the code (ISO/IEC 18004).
QUIET = 4


def matrix(text: str) -> list[list[bool]]:
    """The code's cells without a quiet zone, row by row from the top, True = dark.

    Raises `ValueError` for an empty text or one that no QR code can hold.
    """
    if not text:
        raise ValueError("a QR code of nothing")
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    cells: list[list[bool]] = code.get_matrix()
    return cells


def bars(cells: list[list[bool]]) -> Iterator[tuple[int, int, int]]:
    """Dark runs as (column, row, length), row 0 at the top: far fewer shapes than cells."""
    for row, line in enumerate(cells):
        column = 0
        for dark, run in groupby(line):
            length = len(list(run))
            if dark:
                yield column, row, length
            column += length


def svg(text: str) -> str:
    """The code with its quiet zone as one `<svg>` of one path; colours and size are left to CSS.

    It fills its box, is black on white, and hides from screen readers: give the link in words.
    """
    cells = matrix(text)
    side = len(cells) + 2 * QUIET
    path = "".join(f"M{x + QUIET} {y + QUIET}h{n}v1h-{n}z" for x, y, n in bars(cells))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        'shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )
