"""How Vietnamese is written: dates, times, money, names, and the letters without their marks."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

from app.core.calendar import VIETNAM

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"  # the alphabet's order; f j w z where Latin has them
_RANK = {letter: i for i, letter in enumerate(_LETTERS)}
# Ngang, huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

Word = tuple[tuple[int, ...], tuple[int, ...]]


def nfc(s: str) -> str:
    """The text composed (NFC), the only form that is stored, compared and shown."""
    return unicodedata.normalize("NFC", s)


def fold(s: str) -> str:
    """For look-ups: lower case, no marks, đ as d, blanks squeezed ("  Nguyễn  Đức" → "nguyen duc").

    Both spellings of a text (NFC, NFD) fold to the same.
    """
    lower = s.lower().replace("đ", "d")
    plain = "".join(c for c in unicodedata.normalize("NFD", lower) if not unicodedata.combining(c))
    return " ".join(plain.split())


def _here(value: date) -> date:
    """An aware instant as Vietnam's clocks show it; dates and naive values stay."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(VIETNAM)
    return value


def _clock(t: time | datetime) -> tuple[int, int]:
    if isinstance(t, datetime) and t.tzinfo is not None:
        t = t.astimezone(VIETNAM)
    return t.hour, t.minute


def weekday(d: date, *, capital: bool = False) -> str:
    """The day's name: "thứ Tư", "Chủ nhật"; with capital "Thứ Tư", to begin a line."""
    name = _WEEKDAYS[_here(d).weekday()]
    return name[0].upper() + name[1:] if capital else name


def day_month(d: date) -> str:
    """Short, as in "08/12"."""
    d = _here(d)
    return f"{d.day:02d}/{d.month:02d}"


def date_words(d: date, *, capital: bool = False) -> str:
    """With its weekday: "thứ Ba, 08/12/2026"; with capital "Thứ Ba, 08/12/2026"."""
    d = _here(d)
    return f"{weekday(d, capital=capital)}, {d.day:02d}/{d.month:02d}/{d.year:04d}"


def long_date(d: date) -> str:
    """As on letters: "ngày 05 tháng 02 năm 2026", "ngày 05 tháng 3 năm 2026".

    A 0 stands before days under 10 and before the months 1 and 2 (NĐ 30/2020/NĐ-CP, Phụ lục I).
    """
    d = _here(d)
    month = f"{d.month:02d}" if d.month <= 2 else str(d.month)
    return f"ngày {d.day:02d} tháng {month} năm {d.year}"


def clock(t: time | datetime) -> str:
    """On screens: "09:14"."""
    hour, minute = _clock(t)
    return f"{hour:02d}:{minute:02d}"


def hour_minute(t: time | datetime) -> str:
    """On papers: "09 giờ 14 phút"."""
    hour, minute = _clock(t)
    return f"{hour:02d} giờ {minute:02d} phút"


def count(n: int) -> str:
    """How many: "75.000"."""
    return f"{n:,}".replace(",", ".")


def dong(n: int) -> str:
    """Money: "75.000 đ"."""
    return f"{count(n)} đ"


def percent(n: int, d: int) -> str:
    """A share with one decimal, half up: "53,3%"; "–" when there is nothing to share."""
    if d == 0:
        return "–"
    tenths = (2000 * n + d) // (2 * d)
    return f"{tenths // 10},{tenths % 10}%"


def count2(n: int) -> str:
    """Two digits, "02", "12": counts on forms have two digits, so that none can be put before."""
    return f"{n:02d}"


def name_sort_key(name: str) -> tuple[tuple[Word, ...], ...]:
    """Orders people as Vietnamese lists do: given name, middle names, family name.

    Word by word in the order of the alphabet (a ă â b … d đ …), the tone deciding between
    words of the same letters.
    """
    words = tuple(_word(word) for word in unicodedata.normalize("NFD", name.lower()).split())
    return words[-1:], words[1:-1], words[:1]


def _word(decomposed: str) -> Word:
    letters: list[str] = []
    tones: list[int] = []
    for c in decomposed:
        if c in _TONES and tones:
            tones[-1] = _TONES[c]
        elif unicodedata.combining(c) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + c)
        else:
            letters.append(c)
            tones.append(0)
    # What is no letter of the alphabet comes after it, by its code point.
    ranks = tuple(_RANK.get(letter, len(_LETTERS) + ord(letter[0])) for letter in letters)
    return ranks, tuple(tones)


def initials(name: str) -> str:
    """As in "N. T. N. Ước": only the given name in full, as public screens call people."""
    words = nfc(name).split()
    return " ".join([*(f"{word[0].upper()}." for word in words[:-1]), *words[-1:]])


def mask_id(number: str) -> str:
    """As in "038*****0123": an identity number in lists, at least five characters hidden."""
    shown = max(len(number) - 5, 0)
    tail = min(shown, 4)
    head = min(shown - tail, 3)
    hidden = "*" * (len(number) - head - tail)
    return number[:head] + hidden + number[len(number) - tail :]
