"""A sheet to draw on: ReportLab's canvas with the top left corner as origin, lengths in points.

The same calls give the same bytes: no time, no random id. Every font is embedded and subset, and
no base font (Helvetica) gets in. It draws in black only, no line under 0.5 points: printers wear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock

from reportlab import rl_config
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from app.documents import qr, typeface
from app.documents.flow import Line

__all__ = ["A4", "A5", "MM", "Paper"]

MM = 72 / 25.4
HAIRLINE = 0.5
# Binary streams: ASCII armour makes a file a fifth larger and protects from nothing today.
rl_config.useA85 = 0

# The parsed fonts are shared, and cutting their subsets moves a reading position inside them.
_saving = Lock()


class Paper:
    """One PDF. `title` is shown by readers; it must hold nothing personal."""

    def __init__(self, title: str, size: tuple[float, float] = A5) -> None:
        typeface.load()
        self.width, self.height = size
        self._file = BytesIO()
        self._canvas = Canvas(
            self._file,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            initialFontName=typeface.REGULAR,
            initialFontSize=10,
            lang="vi",
        )
        self._canvas.setTitle(title)
        for nameless in (self._canvas.setAuthor, self._canvas.setSubject, self._canvas.setCreator):
            nameless("")

    def line(self, line: Line, size: float, x: float, top: float) -> None:
        """A wrapped line whose box begins at `top`; the baseline lies one size below it."""
        text = self._canvas.beginText(x, self.height - top - size)
        for number, (font, piece, offset) in enumerate(line.pieces):
            if number:
                text.setTextOrigin(x + offset, self.height - top - size)
            text.setFont(font, size)
            text.textOut(piece)
        self._canvas.drawText(text)

    def rule(self, x: float, top: float, width: float, thickness: float = HAIRLINE) -> None:
        self._canvas.setLineWidth(thickness)
        self._canvas.line(x, self.height - top, x + width, self.height - top)

    def frame(
        self, x: float, top: float, width: float, height: float, thickness: float = HAIRLINE
    ) -> None:
        """A table cell's four sides."""
        self._canvas.setLineWidth(thickness)
        self._canvas.rect(x, self.height - top - height, width, height)

    def tick(self, x: float, top: float, side: float, *, ticked: bool) -> None:
        """A box to tick, with its mark when `ticked`."""
        self.frame(x, top, side, side, 0.8)
        if ticked:
            low = self.height - top - side
            mark = self._canvas.beginPath()
            mark.moveTo(x + side * 0.2, low + side * 0.5)
            mark.lineTo(x + side * 0.42, low + side * 0.22)
            mark.lineTo(x + side * 0.85, low + side * 0.85)
            self._canvas.setLineWidth(1.4)
            self._canvas.drawPath(mark)

    def round_frame(self, x: float, top: float, width: float, height: float) -> None:
        self._canvas.setLineWidth(1)
        self._canvas.roundRect(x, self.height - top - height, width, height, 5)

    def qr(self, text: str, x: float, top: float, side: float) -> None:
        """The code without a quiet zone: leave 3 mm and four cells free around it."""
        cells = qr.matrix(text)
        # Whole numbers and one path: no hair-thin seams between cells, a third of the bytes.
        runs = [f"{x} {len(cells) - 1 - row} {n} 1 re" for x, row, n in qr.bars(cells)]
        with self._scaled(x, self.height - top - side, side / len(cells)):
            self._canvas.drawPath(PDFPathObject(["n", *runs]), stroke=0, fill=1)

    def barcode(self, digits: str, x: float, top: float, height: float) -> None:
        """Code 128, digits only, bars of 0.3 mm: 27 mm for ten digits.

        Old scanners at counters read it; letters and dots would make it too long for A5.
        """
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError(f"Code 128 on paper holds digits only, not {digits!r}")
        bars = Code128(digits, barWidth=0.3 * MM, barHeight=height, quiet=0, humanReadable=0)
        bars.drawOn(self._canvas, x, self.height - top - height)

    def next_page(self) -> None:
        self._canvas.showPage()

    def repeated(self, name: str, draw: Callable[[], object]) -> None:
        """What `draw` draws, put into the file once however many pages ask for `name`."""
        if not self._canvas.hasForm(name):
            self.promised(name, draw)
        self.use(name)

    def use(self, name: str) -> None:
        """Puts here what `promised` draws under this name, even if it does so only later."""
        self._canvas.doForm(name)

    def promised(self, name: str, draw: Callable[[], object]) -> None:
        """Draws what the pages ask for by `name`, once; it must come before `finish`."""
        self._canvas.beginForm(name, 0, 0, self.width, self.height)
        draw()
        self._canvas.endForm()

    def finish(self) -> bytes:
        """The PDF. The paper is used up."""
        with _saving:
            self._canvas.save()
        return self._file.getvalue()

    @contextmanager
    def _scaled(self, x: float, y: float, scale: float) -> Iterator[None]:
        self._canvas.saveState()
        self._canvas.translate(x, y)
        self._canvas.scale(scale, scale)
        yield
        self._canvas.restoreState()
