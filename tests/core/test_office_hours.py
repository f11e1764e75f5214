"""Hours of a season and of a weekday: which hold, and what they do to days and minutes."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.calendar import CalendarDay, WorkCalendar
from app.core.deadline import Limit, due_at, transfer_due
from app.core.limits import step_due
from app.core.office_hours import (
    OFFICE_HOURS,
    WEEK,
    DayHours,
    Hours,
    OfficeHours,
    Sessions,
    hours_text,
    parse_hours,
    parse_weekdays,
    weekdays_text,
)
from app.core.refusals import Refused
from tests.core.published import DAYS, REGIMES, YEARS, at

SUMMER: Sessions = ((time(6, 30), time(11)), (time(14), time(17, 30)))
WINTER: Sessions = ((time(7, 30), time(12)), (time(13), time(16, 30)))
MORNING: Sessions = ((time(7), time(11, 30)),)
FRIDAY = frozenset({4})
SEASONS = (
    OfficeHours("Mùa hè 2026", SUMMER, date(2026, 4, 16), date(2026, 10, 15)),
    OfficeHours("Mùa đông", WINTER, date(2026, 10, 16)),
    OfficeHours("Thứ Sáu mùa hè", MORNING, date(2026, 4, 16), date(2026, 10, 15), FRIDAY),
)
CALENDAR = WorkCalendar(DAYS, years=YEARS, periods=SEASONS)


@pytest.mark.parametrize(
    ("day", "sessions"),
    [
        ("2026-04-15", OFFICE_HOURS),  # the day before the season
        ("2026-04-16", SUMMER),  # its first, a Thursday
        ("2026-04-17", MORNING),  # a Friday: the hours for fewer weekdays
        ("2026-10-15", SUMMER),  # its last
        ("2026-10-16", WINTER),  # a Friday of the winter
        ("2026-07-04", SUMMER),  # a Saturday has hours in case it is worked
        ("2035-01-02", WINTER),  # no last day
    ],
)
def test_which_hours_hold(day: str, sessions: Sessions) -> None:
    on = date.fromisoformat(day)
    assert CALENDAR.hours_on(on) == sessions
    assert CALENDAR.opening(on).time() == sessions[0][0]
    assert CALENDAR.closing(on).time() == sessions[-1][1]


def test_the_one_begun_last_holds_and_what_it_covers_comes_back() -> None:
    flood = OfficeHours("Mưa lũ", MORNING, date(2026, 9, 1), date(2026, 9, 2))
    for periods in ((*SEASONS, flood), (flood, *SEASONS)):
        hours = Hours(OFFICE_HOURS, periods)
        found = [hours.on(date(2026, 8, 31) + timedelta(days=n)).sessions for n in range(4)]
        assert found == [SUMMER, MORNING, MORNING, SUMMER]


def test_a_day_of_the_week_in_a_weekend_that_is_worked() -> None:
    worked = CalendarDay(date(2026, 7, 4), "worked_swap", "Làm bù", "Thông báo")
    saturdays = OfficeHours("Thứ Bảy", MORNING, date(2026, 1, 1), None, frozenset({5}))
    calendar = WorkCalendar([worked], periods=[saturdays])
    assert due_at(at("2026-07-03 08:00"), Limit.parse("1wd"), calendar) == at("2026-07-04 11:30")


@pytest.mark.parametrize(
    ("accepted", "limit", "due"),
    [
        ("2026-10-14 09:00", "1wd", "2026-10-15 17:30"),
        ("2026-10-14 09:00", "2wd", "2026-10-16 16:30"),  # the last day's own closing
        ("2026-04-15 16:00", "2wh", "2026-04-16 07:30"),  # an hour of each season
        ("2026-10-15 17:30", "1wh", "2026-10-16 08:30"),
        ("2026-07-03 11:00", "1wh", "2026-07-06 07:00"),  # a Friday that closes at 11:30
        ("2026-07-03 11:30", "same_day", "2026-07-03 11:30"),
        ("2026-07-03 11:31", "same_day", "2026-07-06 17:30"),  # closed before the cut-off
        ("2026-10-15 17:00", "immediate", "2026-10-15 17:30"),
        ("2026-10-16 17:00", "immediate", "2026-10-19 16:30"),
        ("2026-07-04 09:00", "1wd", "2026-07-07 17:30"),  # Saturday: taken in on Monday
    ],
)
def test_due_dates_in_their_season(accepted: str, limit: str, due: str) -> None:
    assert due_at(at(accepted), Limit.parse(limit), CALENDAR) == at(due)


def test_handing_over_by_the_days_own_closing() -> None:
    law = REGIMES["ND61_2018"]
    assert transfer_due(at("2026-07-02 15:00"), CALENDAR, law) == at("2026-07-02 17:30")
    assert transfer_due(at("2026-07-03 11:30"), CALENDAR, law) == at("2026-07-03 11:30")
    assert transfer_due(at("2026-07-03 11:31"), CALENDAR, law) == at("2026-07-06 06:30")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-07-01 06:30", 0.5, "2026-07-01 10:30"),
        ("2026-07-01 06:30", 1, "2026-07-01 17:30"),
        ("2026-07-01 10:30", 0.5, "2026-07-01 17:30"),
        ("2026-07-01 10:30", 1, "2026-07-02 10:30"),
        ("2026-07-02 10:30", 1, "2026-07-03 09:15"),  # half of a Friday morning
        ("2026-07-02 10:30", 0.75, "2026-07-03 08:07:30"),
        ("2026-07-03 09:15", 1.5, "2026-07-06 17:30"),
        ("2026-07-01 20:00", 1, "2026-07-02 17:30"),  # after closing: the next day's
        ("2026-07-04 09:00", 1, "2026-07-06 17:30"),
        ("2026-07-01 05:00", 0.25, "2026-07-01 08:30"),
        ("2026-07-01 06:30", 0, "2026-06-30 17:30"),
    ],
)
def test_shares_of_days_of_different_length(start: str, days: float, due: str) -> None:
    assert step_due(at(start), days, "working_days", CALENDAR) == at(due)


def test_office_time_over_the_turn_of_a_season() -> None:
    first, last = at("2026-04-15 07:00"), at("2026-04-17 23:00")
    assert CALENDAR.working_time_between(first, last) == timedelta(hours=8 + 8 + 4.5)
    assert CALENDAR.add_working_time(first, timedelta(hours=20.5)) == at("2026-04-17 11:30")
    assert CALENDAR.add_working_time(first, timedelta(hours=20.5, microseconds=1)) == (
        at("2026-04-20 06:30") + timedelta(microseconds=1)
    )
    assert CALENDAR.add_working_time(at("2026-04-17 11:30"), timedelta()) == at("2026-04-20 06:30")


def test_hours_of_one_day() -> None:
    hours = DayHours(OFFICE_HOURS)
    assert hours.length == 8 * 3600 * 1_000_000
    assert hours.passed(time(7)) == 0 and hours.passed(time(12)) == 4.5 * 3600 * 1_000_000
    assert hours.passed(time(23)) == hours.length
    assert hours.at(1) == 7 * 3600 * 1_000_000 + 1
    assert hours.at(hours.length) == 17 * 3600 * 1_000_000
    with pytest.raises(StopIteration):
        hours.at(hours.length + 1)


def test_a_period_with_bad_hours_is_refused() -> None:
    with pytest.raises(ValueError, match="office hours"):
        WorkCalendar(DAYS, periods=[OfficeHours("Sai", (), date(2026, 1, 1))])


def test_hours_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        SEASONS[0].name = "Khác"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        DayHours(OFFICE_HOURS).length = 1  # type: ignore[misc]
    assert not any(hasattr(kept, "__dict__") for kept in (SEASONS[0], DayHours(OFFICE_HOURS)))
    assert frozenset({0, 1, 2, 3, 4, 5, 6}) == WEEK


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_weekdays_are_read_as_they_are_written(days: frozenset[int]) -> None:
    assert parse_weekdays(weekdays_text(days)) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [("", WEEK), ("2-6", {0, 1, 2, 3, 4}), ("CN", {6}), ("2, 4 ,cn", {0, 2, 6}), ("3;5", {1, 3}),
     ("7 - CN", {5, 6}), (", 2,", {0})],
)  # fmt: skip
def test_weekdays_as_people_write_them(text: str, days: set[int]) -> None:
    assert parse_weekdays(text) == days


@pytest.mark.parametrize("text", ["1", "8", "6-2", "hai", "2-", "-", "2--6"])
def test_what_are_no_weekdays(text: str) -> None:
    with pytest.raises(ValueError):
        parse_weekdays(text)


def test_hours_as_people_write_them() -> None:
    wanted = ((time(7), time(11, 30)), (time(13, 30), time(17)))
    for text in ("07:00-11:30, 13:30-17:00", "7h-11h30; 13h30 – 17h", "7:00-11H30,13:30-17:00"):
        assert parse_hours(text) == wanted, text
    assert hours_text(wanted) == "07:00-11:30, 13:30-17:00"


@pytest.mark.parametrize(
    ("days", "text"),
    [(WEEK, ""), ({0, 1, 2, 3, 4}, "2-6"), ({0, 1}, "2, 3"), ({0, 2, 3, 4, 6}, "2, 4-6, CN"),
     ({5, 6}, "7, CN"), ({4}, "6")],
)  # fmt: skip
def test_weekdays_written(days: set[int], text: str) -> None:
    assert weekdays_text(frozenset(days)) == text


@pytest.mark.parametrize("text", ["", "7", "07:00", "07:00-", "17:00-07:00", "07:00-25:00", "a-b"])
def test_what_are_no_hours(text: str) -> None:
    with pytest.raises(ValueError):
        parse_hours(text)


def test_beyond_its_years_a_share_of_days_is_refused() -> None:
    assert CALENDAR.usual_hours == OFFICE_HOURS
    for days in (1, 2, 3, 40):
        with pytest.raises(Refused, match="Lịch làm việc chỉ tính được"):
            CALENDAR.add_working_share(at("2037-12-31 16:00"), days)
