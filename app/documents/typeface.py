"""Liberation Serif, cut to Latin and Vietnamese: the metric twin of Times New Roman.

Decree 30/2020/NĐ-CP asks for Times New Roman; this is the free type with the same widths. The
files are parsed once a process.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from app.core.vietnamese import nfc

REGULAR = "LiberationSerif-Regular"
BOLD = "LiberationSerif-Bold"
ITALIC = "LiberationSerif-Italic"
BOLD_ITALIC = "LiberationSerif-BoldItalic"

FOLDER = Path(__file__).parent / "fonts"
MISSING = "□"

_SPACES = re.compile(r"[ \x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_loading = Lock()


@lru_cache
def load() -> dict[str, TTFont]:
    """The four fonts, registered with ReportLab, by name."""
    with _loading:
        loaded = {}
        for name in (REGULAR, BOLD, ITALIC, BOLD_ITALIC):
            # asciiReadable would embed all of ASCII in every document.
            loaded[name] = TTFont(name, str(FOLDER / f"{name}.ttf"), asciiReadable=0)
            pdfmetrics.registerFont(loaded[name])
        return loaded


@lru_cache(maxsize=8192)
def word_width(text: str, font: str) -> float:
    """The width of `text` at size 1."""
    return float(load()[font].stringWidth(text, 1))


def clean(text: str) -> str:
    """Text as it can be drawn: NFC (NFD is drawn wrong), one line, single spaces.

    A letter that the fonts lack becomes □: a gap that is seen, not one that vanishes.
    """
    known = load()[REGULAR].face.charToGlyph
    text = _SPACES.sub(" ", nfc(text).translate(_INVISIBLE))
    if all(ord(letter) in known for letter in set(text)):
        return text
    return "".join(letter if ord(letter) in known else MISSING for letter in text)
