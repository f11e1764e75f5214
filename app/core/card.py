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
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True)
class Card:
    """Number and name as read; garbled: letters were lost, so the name must be typed anew."""

    number: str
    name: str
    garbled: bool


def read_card(payload: str) -> Card | None:
    """The card of a scanned text, or None where it is none."""
    parts = [part.strip() for part in unicodedata.normalize("NFC", payload).split("|")]
    if len(parts) < _PARTS or not _NUMBER.fullmatch(parts[0]):
        return None
    return Card(parts[0], parts[2], _garbled(parts[2], parts[5]))


def _garbled(name: str, address: str) -> bool:
    """Whether letters were lost: signs of loss, two tones on a word, or no mark in all of it."""
    if not name or any(c.isdigit() or c in "?\ufffd" for c in name) or "\ufffd" in address:
        return True
    if "?" in address or re.search(r"[^\W\d_]\d+[^\W\d_]", address):
        return True
    words = re.split(r"[\s,.;:/()–-]+", unicodedata.normalize("NFD", f"{name} {address}"))
    return (name + address).isascii() or any(sum(c in _TONES for c in w) > 1 for w in words)
