"""What the QR on an identity card holds, and whether a scanner spoiled its letters.

Source: căn cước công dân and thẻ căn cước: number, old number, name, birth date, sex, residence,
day of issue, in that order, between "|"; newer cards carry more, which is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_PARTS = 7
_NUMBER = re.compile(r"\d{12}", re.ASCII)
_OLD_NUMBER = re.compile(r"\d{9}|\d{12}", re.ASCII)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# Letters as Vietnamese has them, and what stands between them on a card; anything else was lost.
_LETTERS = "a-zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_FOREIGN = re.compile(rf"[^{_LETTERS}{_LETTERS.upper()}0-9 '’`.,;:/()–\-&\"+#]")
_MIXED = re.compile(rf"[{_LETTERS}][{_LETTERS.upper()}]")  # a capital behind a small letter


@dataclass(frozen=True, slots=True)
class Card:
    """Number and name as read; garbled: letters were lost, so the name must be typed anew.

    old: number of the old identity card (CMND) that it replaces; empty where it tells none.
    """

    number: str
    name: str
    garbled: bool
    old: str = ""


def read_card(payload: str) -> Card | None:
    """The card of a scanned text, or None where it is none."""
    parts = [part.strip() for part in unicodedata.normalize("NFC", payload).split("|")]
    if len(parts) < _PARTS or not _NUMBER.fullmatch(parts[0]):
        return None
    old = old_number(parts[1], parts[0])
    return Card(parts[0], parts[2], _garbled(parts[2], parts[5]), old)


def old_number(text: str, number: str = "") -> str:
    """The number of an old identity card as told: 9 or 12 digits; empty for anything else.

    number: the one of today. Cards of twelve digits kept theirs, which tells nothing new.
    """
    bare = text.strip()
    return bare if _OLD_NUMBER.fullmatch(bare) and bare != number else ""


def _garbled(name: str, address: str) -> bool:
    """Whether letters were lost: foreign ones, two tones on a word, or no mark in all of it."""
    if not name or any(c.isdigit() or c in "?\ufffd" for c in name) or "\ufffd" in address:
        return True
    if _FOREIGN.search(name + address) or _MIXED.search(name):
        return True
    if "?" in address or re.search(r"[^\W\d_]\d+[^\W\d_]", address):
        return True
    words = re.split(r"[\s,.;:/()–-]+", unicodedata.normalize("NFD", f"{name} {address}"))
    return (name + address).isascii() or any(sum(c in _TONES for c in w) > 1 for w in words)
