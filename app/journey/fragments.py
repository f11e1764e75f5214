"""What somebody typed or scanned to find a dossier, taken apart.

A scanned receipt holds the address with the look-up code (QR) or yymmdd and the day's number
(Code 128); a scanned card begins with the twelve digits of its number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.core.card import old_number
from app.core.codes import (
    CROCKFORD,
    LOOKUP_LENGTH,
    TEMPORARY,
    clean_lookup_code,
    parse_dossier_code,
)
from app.core.vietnamese import fold

MOST_LETTERS = 200  # of a text to look for; no name is longer
LEAST_LETTERS = 2
SHORT = 3  # letters of a trigram
CARD_DIGITS = 12
_CARD = re.compile(rf"\d{{{CARD_DIGITS}}}\|", re.ASCII)
_RECEIPT = re.compile(rf"/t/([{CROCKFORD.lower()}]{{{LOOKUP_LENGTH}}})/?$")
# As printed on the receipt, in two halves; without the dash it may be the end of a temporary id.
_PRINTED = re.compile(r"[0-9a-z]{5}-[0-9a-z]{5}", re.I | re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_NUMBER_OF_DAY = re.compile(r"(\d{6})-(\d{1,6})", re.ASCII)
_DAY_LENGTH = 6
_CODE_LENGTH = 4
_TEMPORARY = "tam-"  # everybody named Tâm would find it, so it is not searched


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. words: folded fragments, each of which must match; text: as typed.

    lookup: the receipt's look-up code; exact: a whole dossier code, temporary or look-up code, or a
    whole card number, so that one hit is surely the one that is meant. old: the number of the old
    card that a scanned one tells, under which the same person may be known.
    """

    text: str
    words: tuple[str, ...] = ()
    lookup: str = ""
    exact: bool = False
    old: str = ""

    @property
    def enough(self) -> bool:
        """Whether there is enough to look for: two letters or digits."""
        return bool(self.lookup) or sum(map(len, self.words)) >= LEAST_LETTERS


def sought(typed: str) -> Sought:
    """The text taken apart; never fails: what is no number is a name."""
    composed = unicodedata.normalize("NFC", typed)
    text = "".join(c for c in composed if unicodedata.category(c)[0] != "C").strip()[:MOST_LETTERS]
    folded = fold(text)
    if receipt := _RECEIPT.search(folded):
        return Sought(text, lookup=receipt[1].upper(), exact=True)
    if _CARD.match(folded):
        number, old = folded.split("|")[:2]
        return Sought(text, (number,), exact=True, old=old_number(old, number))
    if code := parse_dossier_code(text):
        return Sought(text, (str(code).lower(),), exact=True)
    if TEMPORARY.match(folded.upper()):
        return Sought(text, (folded,), exact=True)
    if _PRINTED.fullmatch(text) and (found := clean_lookup_code(text)):
        return Sought(text, lookup=found, exact=True)
    bare = re.sub(r"[\s.()]", "", folded).replace("+84", "0")
    if _DIGITS.fullmatch(bare):
        return Sought(text, (bare,), exact=len(bare) >= _DAY_LENGTH + _CODE_LENGTH)
    return Sought(text, tuple(dict.fromkeys(folded.split())))


def spellings(word: str) -> tuple[str, ...]:
    """The texts of which one must stand in what is searched, where the word is to be found.

    One or two letters count at the beginning of a word or number only.
    """
    if len(word) < SHORT:
        return (f"  {word}",)
    part = code_part(word)
    bare = word.removeprefix(_TEMPORARY) or word
    return (bare, part) if part else (bare,)


def stands(word: str, words: str) -> bool:
    """Whether the word is found in a searched text (`DossierSearch.words`)."""
    return any(text in words for text in spellings(word))


def is_card(word: str) -> bool:
    """Whether the word is a whole identity number, which has an index of its own."""
    return len(word) == CARD_DIGITS and _DIGITS.fullmatch(word) is not None


def code_part(word: str) -> str:
    """The end of a code as stored, "261126-0007", of "2611260007" or "261126-7"; else empty."""
    if spelled := _NUMBER_OF_DAY.fullmatch(word):
        return f"{spelled[1]}-{int(spelled[2]):0{_CODE_LENGTH}d}"
    if _DIGITS.fullmatch(word) and len(word) > _DAY_LENGTH:
        return f"{word[:_DAY_LENGTH]}-{word[_DAY_LENGTH:]}"
    return ""
