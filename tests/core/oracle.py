"""A second way to every date: the days and minutes of the office walked one by one.

Written from the text of the law (Bộ luật Dân sự 2015 Đ147–148; NĐ 61/2018 and NĐ 118/2025
Đ18–Đ20), on plain dates and naive Vietnamese moments. With app/core it shares the data only:
the published days and the office hours. It is slow and is not meant to be anything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from app.core.calendar import CalendarDay
from app.core.office_hours import OfficeHours

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()
THREE_IN_THE_AFTERNOON = time(15, 0)


class Walker:
    """An office as two sets of days, a list of sessions, and seasons that have others."""

    def __init__(
        self, rows: Iterable[CalendarDay], sessions: Iterable[tuple[time, time]],
        seasons: Iterable[OfficeHours] = (),
    ) -> None:  # fmt: skip
        self.off: set[date] = set()
        self.worked: set[date] = set()
        for row in rows:
            (self.worked if row.kind == "worked_swap" else self.off).add(row.date)
        self.usual = list(sessions)
        self.seasons = list(seasons)

    def sessions(self, day: date) -> list[tuple[time, time]]:
        """The hours of the day: every season is asked, the one that began nearest wins."""
        best: OfficeHours | None = None
        for season in self.seasons:
            if day < season.first or (season.last and day > season.last):
                continue
            if day.isoweekday() - 1 not in season.weekdays:
                continue
            if best is not None and season.first < best.first:
                continue
            wider = best is not None and len(season.weekdays) > len(best.weekdays)
            if wider and best is not None and season.first == best.first:
                continue
            best = season
        return list(best.sessions) if best else self.usual

    # Days

    def is_workday(self, day: date) -> bool:
        """Monday to Friday without the days off, and the weekend days worked for them."""
        if day in self.worked:
            return True
        return day.isoweekday() not in (6, 7) and day not in self.off

    def next(self, day: date) -> date:
        """The next day at work, never the day itself."""
        day += DAY
        while not self.is_workday(day):
            day += DAY
        return day

    def previous(self, day: date) -> date:
        """The last day at work before the day."""
        day -= DAY
        while not self.is_workday(day):
            day -= DAY
        return day

    def roll(self, day: date) -> date:
        """Đ148.5: a limit that would end on a day off ends on the next day at work."""
        while not self.is_workday(day):
            day += DAY
        return day

    def forward(self, day: date, n: int) -> date:
        """Đ147.3: the day of the event does not count; n days at work after it."""
        for _ in range(n):
            day = self.next(day)
        return day

    def back(self, day: date, n: int) -> date:
        """n days at work before the day."""
        for _ in range(n):
            day = self.previous(day)
        return day

    def count(self, after: date, upto: date) -> int:
        """Days at work in (after, upto]."""
        found = 0
        while after < upto:
            after += DAY
            if self.is_workday(after):
                found += 1
        return found

    def months_on(self, day: date, n: int) -> date:
        """Đ148.3: the same day n months on, the last day of a month that has no such day."""
        year, month = day.year, day.month
        for _ in range(n):
            month += 1
            if month == 13:
                year, month = year + 1, 1
        number = day.day
        while True:
            try:
                return date(year, month, number)
            except ValueError:
                number -= 1

    # Moments

    def opens(self, day: date) -> datetime:
        """The first minute of office hours."""
        return datetime.combine(day, self.sessions(day)[0][0])

    def closes(self, day: date) -> datetime:
        """The end of office hours."""
        return datetime.combine(day, self.sessions(day)[-1][1])

    def taken_in(self, moment: datetime) -> datetime:
        """A dossier taken in on a day off is as if taken in at the next opening."""
        if self.is_workday(moment.date()):
            return moment
        return self.opens(self.next(moment.date()))

    def _session_at(self, moment: datetime) -> datetime | None:
        """The end of the session that is open at the moment."""
        if self.is_workday(moment.date()):
            for start, end in self.sessions(moment.date()):
                if start <= moment.time() < end:
                    return datetime.combine(moment.date(), end)
        return None

    def _next_session(self, moment: datetime) -> datetime:
        """When the office opens next; the moment lies outside office hours."""
        if self.is_workday(moment.date()):
            for start, _ in self.sessions(moment.date()):
                if moment.time() < start:
                    return datetime.combine(moment.date(), start)
        return self.opens(self.next(moment.date()))

    def work(self, moment: datetime, left: timedelta) -> datetime:
        """When so much office time has gone by, minute after minute."""
        while left > NOTHING:
            end = self._session_at(moment)
            if end is None:
                moment = self._next_session(moment)
                continue
            while left > NOTHING and moment < end:
                step = MINUTE
                if left < step:
                    step = left
                if end - moment < step:
                    step = end - moment
                moment += step
                left -= step
        return moment

    def worked_between(self, a: datetime, b: datetime) -> timedelta:
        """Office time between two moments, day after day."""
        total, day = NOTHING, a.date()
        while day <= b.date():
            if self.is_workday(day):
                for start, end in self.sessions(day):
                    begun = max(a, datetime.combine(day, start))
                    ended = min(b, datetime.combine(day, end))
                    if begun < ended:
                        total += ended - begun
            day += DAY
        return total


def due(
    office: Walker, accepted: datetime, amount: float, unit: str, cutoff: time | None = None
) -> datetime:
    """When the result is due."""
    start = office.taken_in(accepted)
    day = start.date()
    if unit == "working_days":  # half a day counts as one
        return office.closes(office.forward(day, math.ceil(amount)))
    if unit == "days":
        for _ in range(math.ceil(amount)):
            day += DAY
        return office.closes(office.roll(day))
    if unit == "months":
        return office.closes(office.roll(office.months_on(day, int(amount))))
    if unit == "working_hours":
        return office.work(start, amount * 60 * MINUTE)
    if unit == "hours":
        return start + amount * 60 * MINUTE
    too_late = start > office.closes(day)  # no deadline lies before the acceptance
    if unit == "same_day" and start.time() > (cutoff or THREE_IN_THE_AFTERNOON):
        too_late = True
    return office.closes(office.next(day) if too_late else day)


def due_after_pause(
    office: Walker, unit: str, before: datetime, paused: datetime, resumed: datetime
) -> datetime:
    """When the result is due after a pause: what was left goes on, in the limit's own unit."""
    by_date = unit in ("working_days", "days", "months")
    if paused.date() > before.date() or (not by_date and paused >= before):
        return before  # nothing was left to save
    if unit == "hours":
        return resumed + (before - paused)
    if unit == "working_hours":
        return office.work(resumed, office.worked_between(paused, before))
    day = resumed.date()
    if unit in ("days", "months"):
        return office.closes(office.roll(day + (before.date() - paused.date())))
    left = office.count(paused.date(), before.date())
    if left:
        return office.closes(office.forward(day, left))
    day = office.roll(day)
    if not by_date and resumed > office.closes(day):
        day = office.next(day)
    return office.closes(day)


def hand_over(office: Walker, accepted: datetime) -> datetime:
    """Đ18.2: the same working day; after 15:00 (or after closing) the start of the next one."""
    start = office.taken_in(accepted)
    if start.time() > THREE_IN_THE_AFTERNOON or start > office.closes(start.date()):
        return office.opens(office.next(start.date()))
    return office.closes(start.date())


def last_notice(office: Walker, accepted: datetime) -> date:
    """Đ19.4 / Đ19.5: three working days from the acceptance for the request of a supplement."""
    return office.forward(office.taken_in(accepted).date(), 3)


def first_closing(office: Walker, notice: date) -> date:
    """NĐ 118/2025 Đ19.5: after 15 days from the notice; day 15 itself is still the applicant's."""
    for _ in range(15):
        notice += DAY
    return office.roll(notice) + DAY


def last_apology(office: Walker, accepted: datetime, due_moment: datetime) -> date | None:
    """Đ19.9 / Đ19.6: a day before the due day at the latest, on a day at work."""
    day = office.previous(due_moment.date())
    return None if day < accepted.date() else day


def verdict(unit: str, ended: datetime, due_moment: datetime) -> str:
    """Early, on time or late: by the date, or by the instant for limits shorter than a day."""
    if unit in ("working_days", "days", "months"):
        gap = (ended.date() - due_moment.date()).days
    elif unit == "immediate" and ended < due_moment:
        gap = 0
    else:
        gap = -1 if ended < due_moment else 1 if ended > due_moment else 0
    return "early" if gap < 0 else "late" if gap else "on_time"
