"""The hours in which an office works: the usual ones, and others for a season or a weekday."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time

Sessions = tuple[tuple[time, time], ...]

OFFICE_HOURS: Sessions = ((time(7), time(11, 30)), (time(13, 30), time(17)))
WEEK = frozenset(range(7))
_CLOCK = re.compile(r"([0-9]{1,2})(?::([0-9]{2})|h([0-9]{2})?)")


@dataclass(frozen=True, slots=True)
class DayHours:
    """The sessions of a day, in order; ValueError where they cross or there are none.

    measured: each as (start, end, office time before it), length: all of them, in microseconds.
    """

    sessions: Sessions
    measured: tuple[tuple[int, int, int], ...] = field(init=False)
    length: int = field(init=False)

    def __post_init__(self) -> None:
        measured, passed, ended = [], 0, -1
        for start, end in self.sessions:
            begin, finish = microseconds(start), microseconds(end)
            if not ended < begin < finish:
                raise ValueError("office hours must be in order and must not overlap")
            measured.append((begin, finish, passed))
            passed, ended = passed + finish - begin, finish
        if not measured:
            raise ValueError("at least one session of office hours is needed")
        object.__setattr__(self, "measured", tuple(measured))
        object.__setattr__(self, "length", passed)

    def passed(self, clock: time) -> int:
        """Office time of the day up to a time of it, in microseconds."""
        here = microseconds(clock)
        return sum(min(max(here - start, 0), end - start) for start, end, _ in self.measured)

    def at(self, passed: int) -> int:
        """The earliest time of the day, in microseconds, by which so much has passed (over 0)."""
        return next(
            start + passed - before
            for start, end, before in self.measured
            if passed <= before + end - start
        )


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Hours that hold from a day to another (both included; no last: until others do).

    weekdays: for which they are, 0 is Monday. A weekend day has hours only where it is worked.
    """

    name: str
    sessions: Sessions
    first: date
    last: date | None = None
    weekdays: frozenset[int] = WEEK

    def hold_on(self, day: date) -> bool:
        """Whether the day is one of them."""
        ended = self.last is not None and self.last < day
        return self.first <= day and not ended and day.weekday() in self.weekdays


class Hours:
    """Which hours hold on a day: of the periods that do, the one begun last, else the usual ones.

    Of two begun on the same day it is the one for fewer weekdays.
    """

    __slots__ = ("_periods", "usual")

    def __init__(self, usual: Iterable[tuple[time, time]], periods: Iterable[OfficeHours]) -> None:
        self.usual = DayHours(tuple(usual))
        ordered = sorted(periods, key=lambda p: (p.first, -len(p.weekdays), p.name), reverse=True)
        self._periods = [(period, DayHours(period.sessions)) for period in ordered]

    def on(self, day: date) -> DayHours:
        """The hours of the day, worked or not."""
        for period, hours in self._periods:
            if period.hold_on(day):
                return hours
        return self.usual

    def told(self) -> list[list[object]]:
        """All of the periods in plain values, for a digest."""
        return [
            [
                str(p.first),
                str(p.last),
                sorted(p.weekdays),
                [[str(a), str(b)] for a, b in p.sessions],
            ]
            for p, _ in self._periods
        ]


def parse_hours(text: str) -> Sessions:
    """`07:00-11:30, 13:30-17:00`, also `7h-11h30; 13h30-17h` → sessions; ValueError otherwise."""
    pairs = []
    for part in text.replace(";", ",").replace("–", "-").split(","):
        start, _, end = part.partition("-")
        pairs.append((_clock(start), _clock(end)))
    return DayHours(tuple(pairs)).sessions


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or found[3] or 0))


def hours_text(sessions: Sessions) -> str:
    """Sessions → `07:00-11:30, 13:30-17:00`."""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in sessions)


def parse_weekdays(text: str) -> frozenset[int]:
    """`2-6`, `2, 4, CN` → weekdays, 0 is Monday; blank for all; ValueError for what are none."""
    found: set[int] = set()
    for part in text.replace(";", ",").split(","):
        if not part.strip():
            continue
        first, dash, last = (word.strip().upper() for word in part.partition("-"))
        start, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last if dash else first)
        if end < start:
            raise ValueError(text)
        found |= set(range(start, end + 1))
    return frozenset(found) or WEEK


def weekdays_text(weekdays: frozenset[int]) -> str:
    """Weekdays → `2-6`, `2, 4, CN`; blank for all of them."""
    if weekdays == WEEK:
        return ""
    stretches: list[list[int]] = []
    for day in sorted(weekdays):
        if stretches and stretches[-1][-1] == day - 1:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    parts: list[str] = []
    for days in stretches:
        names = [_WEEKDAYS[day] for day in days]
        parts += [f"{names[0]}-{names[-1]}"] if len(names) > 2 else names
    return ", ".join(parts)


_WEEKDAYS = ("2", "3", "4", "5", "6", "7", "CN")


def microseconds(clock: time) -> int:
    """Since midnight."""
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return seconds * 1_000_000 + clock.microsecond
