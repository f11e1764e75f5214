"""When the office works: days off and make-up days as published, office hours, counting in them."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from itertools import accumulate
from typing import Any

from app.core.faults import Faults, date_text
from app.core.office_hours import OFFICE_HOURS, Hours, OfficeHours, Sessions
from app.core.refusals import Refused

VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1975, so no zone file is needed

KINDS = ("off_holiday", "off_compensatory", "off_swap", "worked_swap")
SATURDAY = 5
YEARS_BEFORE, YEARS_AFTER = 2, 10  # around the published years; what is not published is tentative
NOTHING_PUBLISHED = (2018, 2030)

_FILE = {"year": "int", "days": "tables"}
_DAY = {
    "date": "date",
    "kind": "text",
    "name": "text",
    "basis": "text",
    "source": "text",
    "confirmed": "bool",
    "pair": "date",
}
_WORKED = "là ngày làm việc thường, làm bù chỉ vào thứ Bảy, Chủ nhật"
_OFF = "là thứ Bảy hoặc Chủ nhật, vốn đã nghỉ, hãy bỏ dòng này"
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)

Stretch = tuple[date, date, str]


class CalendarFault(ValueError):
    """A year file that cannot be used. lines: one "key: what is wrong" for each fault."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs from the five-day week.

    kind: one of `KINDS`; only `worked_swap` is a day at work. confirmed: the notice was seen.
    """

    date: date
    kind: str
    name: str
    basis: str
    confirmed: bool = True

    @property
    def worked(self) -> bool:
        """Whether the office is open on it."""
        return self.kind == "worked_swap"


def parse_calendar_year(data: Mapping[str, Any]) -> list[CalendarDay]:
    """The days of a year file (`year`, `[[days]]`), by date; CalendarFault if anything is wrong.

    Days off stand on weekdays, worked ones at the weekend, each date once and within the year.
    """
    faults = Faults("")
    days: dict[date, CalendarDay] = {}
    faults.texts("", dict(data))
    if faults.shape("", data, _FILE, ("year",)):
        for i, row in enumerate(data.get("days", ())):
            day = _parse_day(faults, f"days[{i}]", row, data["year"])
            if day is None:
                continue
            text = f"ngày {date_text(day.date)} đã ghi ở trên"
            if faults.check(day.date not in days, f"days[{i}].date", text):
                days[day.date] = day
    if faults.found:
        raise CalendarFault(f"{fault.key}: {fault.text}" for fault in faults.found)
    return sorted(days.values(), key=lambda day: day.date)


def _parse_day(faults: Faults, key: str, row: Mapping[str, Any], year: int) -> CalendarDay | None:
    if not faults.shape(key, row, _DAY, ("date", "kind", "name", "basis")):
        return None
    day = CalendarDay(
        row["date"], row["kind"], row["name"], row["basis"], row.get("confirmed", True)
    )
    weekend = day.date.weekday() >= SATURDAY
    text = _WORKED if day.worked else _OFF
    outside = f"{date_text(day.date)} không thuộc năm {year}"
    good = (
        faults.listed(f"{key}.kind", day.kind, KINDS),
        faults.check(day.date.year == year, f"{key}.date", outside),
        faults.check(day.worked == weekend, f"{key}.kind", f"{date_text(day.date)} {text}"),
    )
    return day if all(good) else None


class WorkCalendar:
    """Immutable calendar of an office; days are Vietnam's, instants aware, results in UTC+7.

    days: the published rows; of two rows for one date the later given holds.
    years: the years that have a file; without it, the years of the rows.
    sessions: the usual office hours of a working day, in order. periods: other ones, of a season
    or a weekday.
    version: short SHA-256 of all of this, stored beside what was computed.

    Days reach from two years before the first published year to ten after the last; beyond,
    every method refuses (`outside_calendar`). A naive instant is a ValueError.
    """

    __slots__ = (
        "_before",
        "_first",
        "_hours",
        "_known",
        "_last",
        "_off",
        "_rows",
        "_rows_at",
        "_unconfirmed",
        "_working",
        "version",
        "years",
    )

    def __init__(
        self,
        days: Iterable[CalendarDay],
        *,
        years: Iterable[int] = (),
        sessions: Iterable[tuple[time, time]] = OFFICE_HOURS,
        periods: Iterable[OfficeHours] = (),
    ) -> None:
        rows = {day.date: day for day in days}
        self._rows = [rows[day] for day in sorted(rows)]
        self._rows_at = [row.date.toordinal() for row in self._rows]
        self._unconfirmed = [row.date.toordinal() for row in self._rows if not row.confirmed]
        with_rows = {row.date.year for row in self._rows}
        self.years = frozenset(years) or frozenset(with_rows)
        self._known = self.years & with_rows
        span = sorted(self.years | with_rows) or NOTHING_PUBLISHED
        self._first = date(span[0] - YEARS_BEFORE, 1, 1).toordinal()
        self._last = date(span[-1] + YEARS_AFTER, 12, 31).toordinal()
        works = {at: row.worked for at, row in zip(self._rows_at, self._rows, strict=True)}
        self._working: list[int] = []
        self._off: list[int] = []
        for at in range(self._first, self._last + 1):
            monday_is_0 = (at - 1) % 7
            (self._working if works.get(at, monday_is_0 < SATURDAY) else self._off).append(at)
        self._hours = Hours(sessions, periods)
        # Office time before each working day, and all of it: what an instant is looked up in.
        lengths = (self._hours.on(date.fromordinal(at)).length for at in self._working)
        self._before = [0, *accumulate(lengths)]
        self.version = self._digest()

    def _digest(self) -> str:
        rows = [
            [row.date.isoformat(), row.kind, row.name, row.basis, row.confirmed]
            for row in self._rows
        ]
        hours = [[str(start), str(end)] for start, end in self._hours.usual.sessions]
        told: list[object] = [sorted(self.years), hours, rows]
        if periods := self._hours.told():
            told.append(periods)
        text = json.dumps(told, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _at(self, day: date) -> int:
        at = day.toordinal()
        if not self._first <= at <= self._last:
            raise self._outside()
        return at

    def _day(self, at: int) -> date:
        if not self._first <= at <= self._last:
            raise self._outside()
        return date.fromordinal(at)

    def _outside(self) -> Refused:
        first, last = date.fromordinal(self._first), date.fromordinal(self._last)
        return Refused(
            "outside_calendar",
            f"Lịch làm việc chỉ tính được từ năm {first.year} đến năm {last.year}; "
            "hãy xem lại ngày hoặc bổ sung lịch nghỉ của năm cần tính.",
        )

    # Days

    def is_working_day(self, d: date) -> bool:
        """Whether the office is open on the day."""
        at = self._at(d)
        i = bisect_left(self._working, at)
        return i < len(self._working) and self._working[i] == at

    def next_working_day(self, d: date) -> date:
        """The first working day strictly after the day."""
        return self.add_working_days(d, 1)

    def previous_working_day(self, d: date) -> date:
        """The last working day strictly before the day."""
        return self.subtract_working_days(d, 1)

    def roll(self, d: date) -> date:
        """The day itself if worked, else the next working day (BLDS 2015, Đ148.5)."""
        return self._nth(bisect_left(self._working, self._at(d)))

    def add_working_days(self, d: date, n: int) -> date:
        """The n-th working day after the day, the day itself not counted (BLDS 2015, Đ147.3).

        n = 0 gives the day unchanged.
        """
        if n <= 0:
            return d if n == 0 else self.subtract_working_days(d, -n)
        return self._nth(bisect_right(self._working, self._at(d)) + n - 1)

    def subtract_working_days(self, d: date, n: int) -> date:
        """The n-th working day before the day; n = 0 gives the day unchanged."""
        if n <= 0:
            return d if n == 0 else self.add_working_days(d, -n)
        return self._nth(bisect_left(self._working, self._at(d)) - n)

    def _nth(self, i: int) -> date:
        if not 0 <= i < len(self._working):
            raise self._outside()
        return date.fromordinal(self._working[i])

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after a up to and with b; negative when b is before a."""
        return bisect_right(self._working, self._at(b)) - bisect_right(self._working, self._at(a))

    def add_days(self, d: date, n: int) -> date:
        """n calendar days on, moved to a working day."""
        return self.roll(self._day(d.toordinal() + n))

    def add_months(self, d: date, n: int) -> date:
        """n months on, moved to a working day."""
        return self.roll(self.same_day_of_month(d, n))

    def same_day_of_month(self, d: date, n: int) -> date:
        """The corresponding day n months on, the month's last if it has none (BLDS, Đ148.3)."""
        years, month = divmod(d.year * 12 + d.month - 1 + n, 12)
        if not date.min.year <= years <= date.max.year:
            raise self._outside()
        last = monthrange(years, month + 1)[1]
        return date(years, month + 1, min(d.day, last))

    # Instants

    def local(self, t: datetime) -> datetime:
        """The instant in Vietnam's time."""
        if t.tzinfo is None:
            raise ValueError("an aware datetime expected")
        return t if t.tzinfo is VIETNAM else t.astimezone(VIETNAM)

    @property
    def usual_hours(self) -> Sessions:
        """The sessions of every day for which no period has others."""
        return self._hours.usual.sessions

    def hours_on(self, d: date) -> Sessions:
        """The sessions of office hours on the day, worked or not, in order."""
        return self._hours.on(d).sessions

    def opening(self, d: date) -> datetime:
        """When office hours would begin on the day, worked or not."""
        return datetime.combine(d, self.hours_on(d)[0][0], VIETNAM)

    def closing(self, d: date) -> datetime:
        """When office hours would end on the day, worked or not."""
        return datetime.combine(d, self.hours_on(d)[-1][1], VIETNAM)

    def counted_from(self, t: datetime) -> datetime:
        """The instant, or the next opening when it falls on a day off."""
        here = self.local(t)
        day = here.date()
        return here if self.is_working_day(day) else self.opening(self.next_working_day(day))

    def add_working_time(self, t: datetime, length: timedelta) -> datetime:
        """The earliest instant by which so much office time has passed since t.

        A length of zero gives t, or the next session's start when the office is closed at t.
        """
        if length < timedelta():
            raise ValueError("a length of zero or more expected")
        start = self._passed(t)
        if length:
            return self._instant(start + length // _MICROSECOND)
        soon = self._instant(start + 1) - _MICROSECOND
        return max(soon, self.local(t))

    def add_working_minutes(self, t: datetime, minutes: float) -> datetime:
        """`add_working_time` in minutes."""
        return self.add_working_time(t, minutes * _MINUTE)

    def add_working_share(self, t: datetime, days: float) -> datetime:
        """The instant so many working days on, parts of a day being parts of its office time.

        Whole days lead to the same share of a later day: where all days are as long, that is
        `add_working_time` of so many of them.
        """
        i, inside = self._place(t)
        whole = int(days)
        share = Fraction(inside, self._length(i)) + Fraction(days - whole)
        i, share = i + whole + int(share), share - int(share)
        return self._instant(self._start(i) + round(share * self._length(i)))

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """Office time between two instants; negative when b is before a."""
        return (self._passed(b) - self._passed(a)) * _MICROSECOND

    def working_minutes_between(self, a: datetime, b: datetime) -> int:
        """Full office minutes between two instants; negative when b is before a."""
        return int(self.working_time_between(a, b) / _MINUTE)

    def _passed(self, t: datetime) -> int:
        """Office time since the calendar's first day, in microseconds."""
        i, inside = self._place(t)
        return self._start(i) + inside

    def _place(self, t: datetime) -> tuple[int, int]:
        """Of which working day the instant is, or which comes next; office time passed in it."""
        here = self.local(t)
        at = self._at(here)
        i = bisect_left(self._working, at)
        if i < len(self._working) and self._working[i] == at:
            return i, self._hours.on(here.date()).passed(here.time())
        return i, 0

    def _start(self, i: int) -> int:
        """Office time before a working day, by its place among them."""
        if i >= len(self._before):
            raise self._outside()
        return self._before[i]

    def _length(self, i: int) -> int:
        """Office time of a working day, by its place among them."""
        return self._start(i + 1) - self._start(i)

    def _instant(self, passed: int) -> datetime:
        """The earliest instant at which so much office time has passed."""
        i = bisect_left(self._before, passed) - 1
        day = self._nth(i)
        clock = self._hours.on(day).at(passed - self._before[i])
        return datetime.combine(day, time(), VIETNAM) + clock * _MICROSECOND

    # Why a day does not count, and how sure that is

    def rows(self, a: date, b: date) -> list[CalendarDay]:
        """The published rows after a up to and with b, by date."""
        first = bisect_right(self._rows_at, a.toordinal())
        return self._rows[first : bisect_right(self._rows_at, b.toordinal())]

    def skipped(self, a: date, b: date) -> list[Stretch]:
        """The days off after a up to and with b, as (first, last, name).

        A weekend is one stretch, "Thứ Bảy, Chủ nhật"; neighbours of the same name are one too.
        """
        names = {row.date.toordinal(): row.name for row in self.rows(a, b)}
        found: list[tuple[int, int, str]] = []
        first = bisect_right(self._off, self._at(a))
        for at in self._off[first : bisect_right(self._off, self._at(b))]:
            name = names.get(at) or ("Thứ Bảy" if (at - 1) % 7 == SATURDAY else "Chủ nhật")
            before = found[-1] if found and found[-1][1] == at - 1 else None
            if before and before[2] == name:
                found[-1] = (before[0], at, name)
            elif before and (before[2], name) == ("Thứ Bảy", "Chủ nhật"):
                found[-1] = (before[0], at, "Thứ Bảy, Chủ nhật")
            else:
                found.append((at, at, name))
        return [(date.fromordinal(a), date.fromordinal(b), name) for a, b, name in found]

    def tentative(self, a: date, b: date) -> bool:
        """Whether a result that rests on the days a … b may still move ("dự kiến").

        So it is when a row among them is unconfirmed or one of the years has no published rows.
        """
        if any(year not in self._known for year in range(a.year, b.year + 1)):
            return True
        i = bisect_left(self._unconfirmed, a.toordinal())
        return i < len(self._unconfirmed) and self._unconfirmed[i] <= b.toordinal()
