"""Dossier code, look-up code and temporary id: make, parse, check.

Sources: TT 01/2018/TT-VPCP Đ19, NĐ 61/2018/NĐ-CP Đ26, NĐ 118/2025/NĐ-CP Đ28 (dossier code); the
look-up code is ours: ten letters of Crockford's alphabet, 50 random bits.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKUP_LENGTH = 10
AGENCY = r"(?:\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}|[A-Y]\d{2}(?:\.[0-9A-Z]{1,10})*)"
DOSSIER_CODE = re.compile(rf"^(?P<agency>{AGENCY})-(?P<ymd>\d{{6}})-(?P<seq>\d{{4,6}})$")
TEMPORARY = re.compile(r"^TAM-[0-9A-HJKMNP-TV-Z]{10}$")
_AGENCY = re.compile(rf"^{AGENCY}$")
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True, slots=True)
class DossierCode:
    """The three parts of a code: agency identifier, local day of reception, order in that day."""

    agency: str
    day: date
    number: int

    def __str__(self) -> str:
        return f"{self.agency}-{self.day:%y%m%d}-{self.number:04d}"

    @property
    def digits(self) -> str:
        """What the Code 128 on paper holds: yymmdd and the number."""
        return f"{self.day:%y%m%d}{self.number:04d}"


def valid_agency(code: str) -> bool:
    """Whether the text is an agency identifier of either scheme, at most 35 characters."""
    return len(code) <= 35 and _AGENCY.match(code) is not None


def parse_dossier_code(text: str) -> DossierCode | None:
    """The parts of a dossier code, or None where the text is none; blanks and case are forgiven."""
    match = DOSSIER_CODE.match(text.strip().upper())
    if match is None:
        return None
    ymd = match["ymd"]
    try:
        day = date(2000 + int(ymd[:2]), int(ymd[2:4]), int(ymd[4:]))
    except ValueError:
        return None
    return DossierCode(match["agency"], day, int(match["seq"]))


def _random_letters(count: int) -> str:
    bits = secrets.randbits(5 * count)
    return "".join(CROCKFORD[(bits >> (5 * i)) & 31] for i in range(count))


def new_lookup_code() -> str:
    """A fresh look-up code: ten letters, 50 random bits."""
    return _random_letters(LOOKUP_LENGTH)


def new_temporary_id() -> str:
    """The id of a dossier that is not yet accepted: `TAM-` and ten letters."""
    return "TAM-" + _random_letters(LOOKUP_LENGTH)


def clean_lookup_code(text: str) -> str | None:
    """What a person typed, as stored: upper case, no blanks or hyphens, O→0, I and L→1; or None."""
    letters = re.sub(r"[\s-]", "", text).upper().translate(_MISREAD)
    if len(letters) != LOOKUP_LENGTH or any(c not in CROCKFORD for c in letters):
        return None
    return letters


def show_lookup_code(code: str) -> str:
    """The code in two groups of five, as printed."""
    return f"{code[:5]}-{code[5:]}"
