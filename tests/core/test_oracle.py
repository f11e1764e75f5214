"""The calendar and the deadlines against the slow walk of oracle.py, in many thousand random cases.

MOTCUA_ORACLE_CASES: how many cases altogether (100 000 when it is not set).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.core.calendar import VIETNAM, CalendarDay, WorkCalendar
from app.core.deadline import (
    ClockEvent,
    Limit,
    closing_allowed_from,
    due_at,
    explain,
    outcome,
    transfer_due,
)
from app.core.office_hours import OFFICE_HOURS, WEEK, OfficeHours, Sessions
from tests.core import oracle
from tests.core.oracle import Walker
from tests.core.published import DAYS, REGIMES, YEARS

CASES = int(os.environ.get("MOTCUA_ORACLE_CASES", "100000"))
LAW_2018, LAW_2025 = REGIMES["ND61_2018"], REGIMES["ND118_2025"]
UNITS = ("working_days", "days", "months", "working_hours", "hours", "same_day", "immediate")
MOST = {"working_days": 60, "days": 120, "months": 36, "working_hours": 24, "hours": 200}
FIRST, LAST = date(2018, 1, 1), date(2027, 12, 31)
TICKS = (timedelta(), timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=1))
Office = tuple[list[CalendarDay], Sessions, list[OfficeHours]]

# Each kind of question with its share of the cases, in hundredths; together they are 100.
SHARES = {"days": 18, "due": 6, "pause": 4, "restart": 6, "notices": 6}


class Desk:
    """One calendar in both hands, and moments at which something is likely to go wrong."""

    def __init__(self, office: Office, seed: str) -> None:
        self.rows, sessions, seasons = office
        self.told = office[1:]
        self.calendar = WorkCalendar(self.rows, years=YEARS, sessions=sessions, periods=seasons)
        self.office = Walker(self.rows, sessions, seasons)
        self.chance = random.Random(seed)
        cuts = [sessions, *(season.sessions for season in seasons)]
        edges = [edge for cut in cuts for session in cut for edge in session]
        self.turns = [season.first for season in seasons]
        self.edges = [*edges, time(15), time(0), time(12), time(23, 59)]

    def day(self) -> date:
        """Any day of the ten years; often one near a published day or the end of a month."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.3 and self.rows:
            return chance.choice(self.rows).date + timedelta(days=chance.randint(-9, 3))
        if kind < 0.4 and self.turns:
            return chance.choice(self.turns) + timedelta(days=chance.randint(-6, 3))
        if kind < 0.45:
            month = date(chance.randint(2018, 2027), chance.randint(1, 12), 1)
            return month - timedelta(days=chance.randint(-2, 3))
        return FIRST + timedelta(days=chance.randint(0, (LAST - FIRST).days))

    def moment(self) -> datetime:
        """A moment of such a day, often just on or beside the turn of a session."""
        chance, day = self.chance, self.day()
        if chance.random() < 0.5:
            edge = datetime.combine(day, chance.choice(self.edges))
            return edge + chance.choice((-1, 1)) * chance.choice(TICKS)
        return datetime.combine(day, time()) + timedelta(seconds=chance.randrange(86400))

    def later(self, moment: datetime, days: int) -> datetime:
        """A moment up to so many days later, sometimes the very same."""
        if self.chance.random() < 0.1:
            return moment
        return moment + timedelta(seconds=self.chance.randrange(days * 86400))

    def limit(self, unit: str) -> Limit:
        """A limit of the unit: quarters where the unit has parts, a cut-off of its own at times."""
        chance = self.chance
        if unit == "same_day":
            cutoff = None if chance.random() < 0.7 else time(chance.randint(7, 17), 30)
            return Limit(1, unit, cutoff)
        amount: float = chance.randint(1, chance.choice((5, MOST.get(unit, 1))))
        if unit != "months" and chance.random() < 0.3:
            amount -= chance.choice((0.25, 0.5, 0.75))
        return Limit(amount, unit)


def some_hours(chance: random.Random) -> Sessions:
    """Office hours of any cut, one to three sessions."""
    cuts = sorted(chance.sample(range(5 * 12, 20 * 12), 2 * chance.randint(1, 3)))
    turns = [time(cut // 12, cut % 12 * 5) for cut in cuts]
    return tuple(zip(turns[::2], turns[1::2], strict=True))


def some_seasons(chance: random.Random) -> list[OfficeHours]:
    """Summers and winters, open-ended ones, short ones, some for a few weekdays only."""
    seasons: list[OfficeHours] = []
    for number in range(chance.choice((0, 1, 4, 12))):
        first = FIRST + timedelta(days=chance.randint(-400, (LAST - FIRST).days))
        last = chance.choice((None, first + timedelta(days=chance.choice((0, 3, 90, 180)))))
        some = frozenset(chance.sample(range(7), chance.randint(1, 6)))
        for weekdays in chance.choice(([WEEK], [some], [WEEK, some])):
            seasons.append(OfficeHours(f"{number}", some_hours(chance), first, last, weekdays))
    chance.shuffle(seasons)
    return seasons


def invented(seed: int) -> Office:
    """A made-up calendar: days off in flocks, weekends worked, office hours of any cut."""
    chance = random.Random(seed)
    rows: dict[date, CalendarDay] = {}
    for _ in range(chance.choice((0, 20, 120, 400))):
        day = FIRST + timedelta(days=chance.randint(0, (LAST - FIRST).days))
        for _ in range(chance.choice((1, 1, 2, 5, 12))):
            worked = day.weekday() >= 5
            if not worked or chance.random() < 0.3:
                kind = "worked_swap" if worked else chance.choice(("off_holiday", "off_swap"))
                rows[day] = CalendarDay(day, kind, "Ngày đặt thử", "Thông báo thử")
            day += timedelta(days=1)
    return list(rows.values()), some_hours(chance), some_seasons(chance)


CALENDARS: list[Office] = [(DAYS, OFFICE_HOURS, [])] * 4
CALENDARS += [invented(seed) for seed in range(16)]


def zoned(moment: datetime, chance: random.Random) -> datetime:
    """The moment as the application meets it: in Vietnam's time, at times in UTC."""
    aware = moment.replace(tzinfo=VIETNAM)
    return aware.astimezone(UTC) if chance.random() < 0.2 else aware


def plain(moment: datetime) -> datetime:
    """A moment of the application as the oracle says it."""
    assert moment.utcoffset() == timedelta(hours=7)
    return moment.replace(tzinfo=None)


def ask(name: str, question: Callable[[Desk], None]) -> None:
    """The question as often as its share says, over all the calendars."""
    times = CASES * SHARES[name.partition(" ")[0]] // 100
    for i, office in enumerate(CALENDARS):
        desk = Desk(office, f"{name} {i}")
        for _ in range(-(-times // len(CALENDARS))):
            question(desk)


def test_the_shares_are_the_whole() -> None:
    units = len(UNITS)
    assert SHARES["days"] + SHARES["restart"] + SHARES["notices"] == 30
    assert units * (SHARES["due"] + SHARES["pause"]) == 70


def test_days() -> None:
    def question(desk: Desk) -> None:
        calendar, office, chance = desk.calendar, desk.office, desk.chance
        a, n = desk.day(), chance.randint(0, chance.choice((2, 8, 70)))
        assert calendar.is_working_day(a) is office.is_workday(a), a
        assert calendar.roll(a) == office.roll(a), a
        assert calendar.next_working_day(a) == office.next(a), a
        assert calendar.previous_working_day(a) == office.previous(a), a
        assert calendar.add_working_days(a, n) == office.forward(a, n), (a, n)
        assert calendar.subtract_working_days(a, n) == office.back(a, n), (a, n)
        assert calendar.add_working_days(a, -n) == office.back(a, n), (a, n)
        assert calendar.subtract_working_days(a, -n) == office.forward(a, n), (a, n)
        b = a + timedelta(days=n)
        assert calendar.working_days_between(a, b) == office.count(a, b), (a, b)
        assert calendar.working_days_between(b, a) == -office.count(a, b), (a, b)
        assert calendar.same_day_of_month(a, n) == office.months_on(a, n), (a, n)

    ask("days", question)


@pytest.mark.parametrize("unit", UNITS)
def test_due(unit: str) -> None:
    def question(desk: Desk) -> None:
        chance, accepted, limit = desk.chance, desk.moment(), desk.limit(unit)
        case = (accepted, limit, desk.told)
        expected = oracle.due(desk.office, accepted, limit.amount, unit, limit.cutoff)
        due = due_at(zoned(accepted, chance), limit, desk.calendar)
        assert plain(due) == expected, case
        ended = expected + timedelta(seconds=chance.choice((-90000, -1, 0, 1, 90000)))
        assert outcome(zoned(ended, chance), due, limit) == oracle.verdict(unit, ended, expected)
        passed = desk.calendar.working_time_between(zoned(accepted, chance), due)
        if unit == "working_hours":
            assert passed == timedelta(hours=limit.amount), case
        elif chance.random() < 0.1:
            assert passed == desk.office.worked_between(accepted, expected), case

    ask(f"due {unit}", question)


@pytest.mark.parametrize("unit", UNITS)
def test_pause(unit: str) -> None:
    def question(desk: Desk) -> None:
        chance, accepted, limit = desk.chance, desk.moment(), desk.limit(unit)
        before = oracle.due(desk.office, accepted, limit.amount, unit, limit.cutoff)
        room = max((before - accepted).days + 2, 1)
        paused = before if chance.random() < 0.05 else desk.later(accepted, room)
        resumed = desk.later(paused, chance.choice((1, 5, 40)))
        events = [
            ClockEvent("paused", zoned(paused, chance)),
            ClockEvent("resumed", zoned(resumed, chance)),
        ]
        told = explain(zoned(accepted, chance), limit, desk.calendar, LAW_2018, events)
        case = (accepted, limit, paused, resumed, desk.told)
        expected = oracle.due_after_pause(desk.office, unit, before, paused, resumed)
        assert plain(told.due_at) == expected, case
        assert plain(told.due_at_original) == before, case
        assert told.latest_apology == oracle.last_apology(desk.office, accepted, expected), case

    ask(f"pause {unit}", question)


def test_restart() -> None:
    def question(desk: Desk) -> None:
        chance, accepted = desk.chance, desk.moment()
        limit = desk.limit(chance.choice(UNITS))
        asked = desk.later(accepted, 6)
        received = desk.later(asked, 30)
        events = [
            ClockEvent("supplement_requested", zoned(asked, chance)),
            ClockEvent("supplement_received", zoned(received, chance)),
        ]
        told = explain(zoned(accepted, chance), limit, desk.calendar, LAW_2025, events)
        case = (accepted, limit, asked, received, desk.told)
        expected = oracle.due(desk.office, received, limit.amount, limit.unit, limit.cutoff)
        assert plain(told.due_at) == expected, case
        late = any("muộn hơn" in reason.text for reason in told.reasons)
        assert late is (asked.date() > oracle.last_notice(desk.office, accepted)), case

    ask("restart", question)


def test_notices() -> None:
    def question(desk: Desk) -> None:
        chance, accepted = desk.chance, desk.moment()
        limit, office = desk.limit(chance.choice(UNITS)), desk.office
        case = (accepted, limit, desk.told)
        when = zoned(accepted, chance)
        assert plain(transfer_due(when, desk.calendar, LAW_2018)) == (
            oracle.hand_over(office, accepted)
        ), case
        day = accepted.date()
        closing = closing_allowed_from(day, desk.calendar, LAW_2025)
        assert closing == oracle.first_closing(office, day), case
        told = explain(when, limit, desk.calendar, LAW_2018)
        assert plain(told.transfer_due_at) == oracle.hand_over(office, accepted), case
        assert told.latest_supplement_notice == oracle.last_notice(office, accepted), case
        due = oracle.due(office, accepted, limit.amount, limit.unit, limit.cutoff)
        assert told.latest_apology == oracle.last_apology(office, accepted, due), case
        assert told.running

    ask("notices", question)
