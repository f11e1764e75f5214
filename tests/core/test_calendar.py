"""The working calendar: published days, counting in days and in office time, what is tentative."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.core.calendar import CalendarDay, WorkCalendar
from app.core.office_hours import OfficeHours
from app.core.refusals import Refused
from tests.core.published import CALENDAR, DAYS, YEARS, at

# Days on which the `holidays` package and the notices differ, each with the notice we follow.
KNOWN_DIFFERENCES = {
    date(2026, 1, 2): "nghỉ hoán đổi, 12729/VPCP-KGVX; the package has no such swap",
    date(2026, 1, 10): "làm bù cho 02/01/2026, 12729/VPCP-KGVX; the package has no such swap",
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def off(text: str, name: str = "Nghỉ", **more: bool) -> CalendarDay:
    return CalendarDay(day(text), "off_holiday", name, "Thông báo 1", **more)


def working_days(year: int) -> int:
    return CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31))


@pytest.mark.parametrize("year", [2026, 2027])
def test_checksum_of_the_year(year: int) -> None:
    assert working_days(year) == 249


def test_every_day_agrees_with_the_holidays_package() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where it estimates; the result is compared
        import holidays

        oracle = holidays.country_holidays("VN", years=YEARS)
        days = [date(YEARS[0], 1, 1) + timedelta(days=n) for n in range(365 * len(YEARS) + 2)]
        assert days[-1] == date(YEARS[-1], 12, 31)
        differing = {d for d in days if CALENDAR.is_working_day(d) != oracle.is_working_day(d)}
    assert differing == set(KNOWN_DIFFERENCES)


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("2026-01-01", False),  # Tết Dương lịch
        ("2026-01-02", False),  # swapped
        ("2026-01-10", True),  # the Saturday for it
        ("2026-01-17", False),  # any other Saturday
        ("2026-02-20", False),  # Tết
        ("2026-02-23", True),
        ("2026-04-27", False),  # in lieu of Sunday 26/04
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-11-24", False),  # Ngày Văn hóa Việt Nam
        ("2026-11-25", True),
        ("2018-11-24", False),  # a Saturday, long before it became a holiday
        ("2020-11-24", True),  # a Tuesday then
    ],
)
def test_working_days_as_published(text: str, worked: bool) -> None:
    assert CALENDAR.is_working_day(day(text)) is worked


@pytest.mark.parametrize(
    ("text", "before", "rolled", "after"),
    [
        ("2026-11-23", "2026-11-20", "2026-11-23", "2026-11-25"),
        ("2026-11-24", "2026-11-23", "2026-11-25", "2026-11-25"),
        ("2026-02-18", "2026-02-13", "2026-02-23", "2026-02-23"),
        ("2026-01-09", "2026-01-08", "2026-01-09", "2026-01-10"),
        ("2026-01-11", "2026-01-10", "2026-01-12", "2026-01-12"),
    ],
)
def test_neighbours_of_a_day(text: str, before: str, rolled: str, after: str) -> None:
    d = day(text)
    assert CALENDAR.previous_working_day(d) == day(before)
    assert CALENDAR.roll(d) == day(rolled)
    assert CALENDAR.next_working_day(d) == day(after)


@pytest.mark.parametrize(
    ("a", "b", "count"),
    [
        ("2026-11-23", "2026-11-23", 0),
        ("2026-11-23", "2026-11-25", 1),  # 24/11 off; the first day never counts
        ("2026-11-22", "2026-11-25", 2),
        ("2026-11-25", "2026-11-23", -1),
        ("2026-02-12", "2026-02-23", 2),
    ],
)
def test_working_days_between(a: str, b: str, count: int) -> None:
    assert CALENDAR.working_days_between(day(a), day(b)) == count


def test_adding_and_subtracting_no_days_or_negative_ones() -> None:
    sunday = day("2026-11-22")
    assert CALENDAR.add_working_days(sunday, 0) == sunday
    assert CALENDAR.subtract_working_days(sunday, 0) == sunday
    assert CALENDAR.add_working_days(sunday, -1) == day("2026-11-20")
    assert CALENDAR.subtract_working_days(sunday, -1) == day("2026-11-23")


@pytest.mark.parametrize(
    ("start", "months", "unrolled", "rolled"),
    [
        ("2026-12-31", 2, "2027-02-28", "2027-03-01"),
        ("2027-12-31", 2, "2028-02-29", "2028-02-29"),  # a leap year
        ("2026-03-31", 1, "2026-04-30", "2026-05-04"),  # into 30/4, 1/5 and a weekend
        ("2026-08-31", 1, "2026-09-30", "2026-09-30"),
        ("2026-11-15", 2, "2027-01-15", "2027-01-15"),  # over the turn of the year
        ("2025-12-31", 12, "2026-12-31", "2026-12-31"),
    ],
)
def test_months(start: str, months: int, unrolled: str, rolled: str) -> None:
    assert CALENDAR.same_day_of_month(day(start), months) == day(unrolled)
    assert CALENDAR.add_months(day(start), months) == day(rolled)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-20 16:00", 60, "2026-11-20 17:00"),  # to the very end, not to the next morning
        ("2026-11-20 16:00", 61, "2026-11-23 07:01"),
        ("2026-11-20 11:00", 30, "2026-11-20 11:30"),
        ("2026-11-20 11:00", 31, "2026-11-20 13:31"),
        ("2026-11-20 12:15", 10, "2026-11-20 13:40"),  # received in the lunch break
        ("2026-11-20 05:00", 10, "2026-11-20 07:10"),
        ("2026-11-20 17:00", 10, "2026-11-23 07:10"),
        ("2026-11-21 09:00", 480, "2026-11-23 17:00"),  # on a Saturday: all of Monday
        ("2026-11-23 16:00", 120, "2026-11-25 08:00"),  # over 24/11
        ("2026-11-20 16:00:30", 60, "2026-11-23 07:00:30"),
        ("2026-11-20 10:00", 0.5, "2026-11-20 10:00:30"),
        ("2026-11-20 10:00", 0, "2026-11-20 10:00"),
        ("2026-11-20 12:00", 0, "2026-11-20 13:30"),
        ("2026-11-20 17:00", 0, "2026-11-23 07:00"),
    ],
)
def test_office_minutes(start: str, minutes: float, end: str) -> None:
    assert CALENDAR.add_working_minutes(at(start), minutes) == at(end)


@pytest.mark.parametrize(
    ("a", "b", "minutes"),
    [
        ("2026-11-20 16:00", "2026-11-23 08:00", 120),
        ("2026-11-20 11:00", "2026-11-20 14:00", 60),
        ("2026-11-20 10:00", "2026-11-20 10:01:59", 1),  # only full minutes
        ("2026-11-20 10:01:59", "2026-11-20 10:00", -1),
        ("2026-11-20 18:00", "2026-11-23 06:00", 0),
        ("2026-11-23 07:00", "2026-11-25 17:00", 960),
    ],
)
def test_office_minutes_between(a: str, b: str, minutes: int) -> None:
    assert CALENDAR.working_minutes_between(at(a), at(b)) == minutes


def test_instants_may_come_in_any_zone_but_never_without_one() -> None:
    utc = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert CALENDAR.add_working_minutes(utc, 60).isoformat() == "2026-11-20T17:00:00+07:00"
    late_utc = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # Saturday morning in Vietnam
    assert CALENDAR.counted_from(late_utc) == at("2026-11-23 07:00")
    with pytest.raises(ValueError, match="aware"):
        CALENDAR.add_working_minutes(datetime(2026, 11, 20, 9, 0), 60)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zero or more"):
        CALENDAR.add_working_minutes(utc, -1)


def test_the_offices_own_hours() -> None:
    mornings = WorkCalendar(DAYS, sessions=[(time(8), time(12))])
    assert mornings.hours_on(day("2026-11-20")) == ((time(8), time(12)),)
    assert mornings.opening(day("2026-11-20")) == at("2026-11-20 08:00")
    assert mornings.closing(day("2026-11-20")) == at("2026-11-20 12:00")
    assert mornings.add_working_minutes(at("2026-11-20 11:00"), 90) == at("2026-11-23 08:30")


@pytest.mark.parametrize(
    "sessions",
    [
        [],
        [(time(7), time(7))],
        [(time(11), time(7))],
        [(time(7), time(12)), (time(11), time(17))],
        [(time(13), time(17)), (time(7), time(11))],
        [(time(7), time(11)), (time(11), time(17))],  # that is one session
    ],
)
def test_office_hours_that_cannot_be(sessions: list[tuple[time, time]]) -> None:
    with pytest.raises(ValueError, match="office hours"):
        WorkCalendar(DAYS, sessions=sessions)


@pytest.mark.parametrize(
    ("a", "b", "stretches"),
    [
        ("2026-11-25", "2026-12-02", [("28", "29", "Thứ Bảy, Chủ nhật")]),
        ("2026-11-25", "2026-11-28", [("28", "28", "Thứ Bảy")]),
        ("2026-11-28", "2026-11-30", [("29", "29", "Chủ nhật")]),
        ("2026-08-20", "2026-08-24", [("23", "23", "Chủ nhật")]),  # Saturday 22 was worked
        ("2026-11-24", "2026-11-25", []),  # the first day is not in it
        (
            "2026-02-13",
            "2026-02-17",
            [
                ("14", "15", "Thứ Bảy, Chủ nhật"),
                ("16", "16", "Tết Bính Ngọ (29 tháng Chạp)"),
                ("17", "17", "Tết Bính Ngọ (mùng 1)"),
            ],
        ),
        ("2019-02-05", "2019-02-08", [("06", "08", "Tết Kỷ Hợi")]),  # one name, one stretch
        (
            "2019-02-01",
            "2019-02-08",
            [
                ("02", "03", "Thứ Bảy, Chủ nhật"),
                ("04", "04", "Tết Kỷ Hợi (30 tháng Chạp)"),
                ("05", "05", "Tết Kỷ Hợi (mùng 1)"),
                ("06", "08", "Tết Kỷ Hợi"),
            ],
        ),
    ],
)
def test_skipped(a: str, b: str, stretches: list[tuple[str, str, str]]) -> None:
    month = a[:8]
    expected = [(day(month + x), day(month + y), name) for x, y, name in stretches]
    assert CALENDAR.skipped(day(a), day(b)) == expected


def test_days_of_one_name_with_a_day_at_work_between_are_two_stretches() -> None:
    calendar = WorkCalendar([off("2026-06-02"), off("2026-06-04")])
    skipped = calendar.skipped(day("2026-06-01"), day("2026-06-05"))
    assert skipped == [(row.date, row.date, "Nghỉ") for row in calendar.rows(date.min, date.max)]


@pytest.mark.parametrize(
    ("a", "b", "tentative"),
    [
        ("2026-01-05", "2026-12-31", False),
        ("2025-01-20", "2025-01-24", False),  # before the unconfirmed Tết
        ("2025-01-20", "2025-01-27", True),
        ("2025-01-31", "2025-02-05", True),  # the first day matters too: it may be a day off
        ("2025-02-03", "2025-02-10", False),
        ("2027-12-31", "2027-12-31", False),
        ("2027-12-31", "2028-01-03", True),  # 2028 has no file
        ("2017-12-29", "2018-01-02", True),
    ],
)
def test_tentative(a: str, b: str, tentative: bool) -> None:
    assert CALENDAR.tentative(day(a), day(b)) is tentative


def test_a_year_file_without_rows_is_tentative_as_is_a_row_without_its_file() -> None:
    calendar = WorkCalendar([off("2026-01-01"), off("2028-01-03")], years=[2026, 2027])
    assert not calendar.tentative(day("2026-02-02"), day("2026-02-03"))
    assert calendar.tentative(day("2027-02-02"), day("2027-02-03"))
    assert calendar.tentative(day("2028-02-02"), day("2028-02-03"))
    assert not WorkCalendar([off("2028-01-03")]).tentative(day("2028-02-02"), day("2028-02-03"))


def test_without_any_file_it_still_counts_by_the_five_day_week() -> None:
    empty = WorkCalendar([])
    assert empty.add_working_days(day("2026-11-20"), 2) == day("2026-11-24")
    assert empty.tentative(day("2026-11-20"), day("2026-11-24"))


def test_of_two_rows_for_a_day_the_later_holds() -> None:
    confirmed = WorkCalendar([off("2026-06-01", confirmed=False), off("2026-06-01")])
    assert not confirmed.tentative(day("2026-06-01"), day("2026-06-01"))
    assert len(confirmed.rows(day("2026-05-31"), day("2026-06-01"))) == 1


def test_version_is_of_the_content() -> None:
    rows = [off("2026-06-01"), off("2026-06-02")]
    summer = OfficeHours("Mùa hè", ((time(6, 30), time(11)),), day("2026-04-16"))
    version = WorkCalendar(rows).version
    assert len(version) == 16
    assert WorkCalendar(rows[::-1]).version == version
    others = (
        WorkCalendar(rows[:1]),
        WorkCalendar([rows[0], off("2026-06-02", "Tên khác")]),
        WorkCalendar([rows[0], off("2026-06-02", confirmed=False)]),
        WorkCalendar(rows, years=[2026, 2027]),
        WorkCalendar(rows, sessions=[(time(7), time(15))]),
        WorkCalendar(rows, periods=[summer]),
        WorkCalendar(rows, periods=[replace(summer, first=day("2026-04-17"))]),
        WorkCalendar(rows, periods=[replace(summer, last=day("2026-10-15"))]),
        WorkCalendar(rows, periods=[replace(summer, weekdays=frozenset({4}))]),
        WorkCalendar(rows, periods=[replace(summer, sessions=((time(7), time(12)),))]),
    )
    assert len({version, *(other.version for other in others)}) == 11
    named = WorkCalendar(rows, periods=[replace(summer, name="Khác")])
    assert named.version == others[5].version, "a name moves no date"
    # stored beside every computed date, so it must stay the same from release to release
    assert version == "e3549df707b93c48"


def test_beyond_its_years_it_refuses() -> None:
    first, last = day("2016-01-01"), day("2037-12-31")
    assert not CALENDAR.is_working_day(day("2016-01-02"))
    assert CALENDAR.is_working_day(last)
    beyond = (
        lambda: CALENDAR.is_working_day(first - timedelta(days=1)),
        lambda: CALENDAR.next_working_day(last),
        lambda: CALENDAR.subtract_working_days(first, 1),
        lambda: CALENDAR.add_days(last, 1),
        lambda: CALENDAR.add_days(last, 10**7),
        lambda: CALENDAR.add_months(last, 10**6),
        lambda: CALENDAR.add_working_minutes(at("2037-12-31 16:00"), 61),
        lambda: CALENDAR.skipped(last, last + timedelta(days=1)),
    )
    for call in beyond:
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.code == "outside_calendar"
        assert "từ năm 2016 đến năm 2037" in refused.value.sentence


def test_its_very_first_and_last_days_count() -> None:
    friday, thursday = day("2016-01-01"), day("2037-12-31")
    assert CALENDAR.is_working_day(friday) and CALENDAR.roll(friday) == friday
    assert CALENDAR.previous_working_day(day("2016-01-04")) == friday
    assert CALENDAR.add_days(day("2016-01-05"), -4) == friday
    assert CALENDAR.add_days(day("2037-12-30"), 1) == thursday
    assert CALENDAR.next_working_day(day("2037-12-30")) == thursday
    ends_on_a_sunday = WorkCalendar([], years=[2018])
    sunday = day("2028-12-31")
    assert not ends_on_a_sunday.is_working_day(sunday)
    assert ends_on_a_sunday.working_days_between(day("2028-12-28"), sunday) == 1
    friday_noon, sunday_noon = at("2028-12-29 11:00"), at("2028-12-31 11:00")
    assert ends_on_a_sunday.working_minutes_between(friday_noon, sunday_noon) == 240


def test_without_any_file_its_days_are_those_around_2018_to_2030() -> None:
    empty = WorkCalendar([])
    assert empty.is_working_day(day("2016-01-01")) and empty.is_working_day(day("2040-12-31"))
    for beyond in ("2015-12-31", "2041-01-01"):
        with pytest.raises(Refused, match="từ năm 2016 đến năm 2040"):
            empty.is_working_day(day(beyond))


def test_months_reach_to_the_ends_of_time() -> None:
    assert CALENDAR.same_day_of_month(date(9998, 12, 15), 1) == date(9999, 1, 15)
    assert CALENDAR.same_day_of_month(date(2, 1, 15), -12) == date(1, 1, 15)
    for start, months in ((date(9999, 12, 15), 1), (date(1, 1, 15), -1)):
        with pytest.raises(Refused):
            CALENDAR.same_day_of_month(start, months)


def test_rows_are_after_the_first_day_and_up_to_the_last() -> None:
    rows = CALENDAR.rows(day("2026-01-01"), day("2026-01-10"))
    assert [row.date for row in rows] == [day("2026-01-02"), day("2026-01-10")]


def test_office_hours_may_begin_at_midnight() -> None:
    night = WorkCalendar(DAYS, sessions=[(time(0), time(6))])
    assert night.add_working_minutes(at("2026-11-20 05:00"), 120) == at("2026-11-23 01:00")


def test_a_day_cannot_be_changed() -> None:
    row = off("2026-06-01")
    with pytest.raises(AttributeError):
        row.name = "Khác"  # type: ignore[misc]
    assert not hasattr(row, "__dict__")
    assert {row: 1}[off("2026-06-01")] == 1
