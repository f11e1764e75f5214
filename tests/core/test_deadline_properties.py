"""What holds for every deadline, whatever the day, the limit and the calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.calendar import VIETNAM, CalendarDay, WorkCalendar
from app.core.deadline import ClockEvent, Limit, due_at, explain, outcome, step_due
from tests.core.published import CALENDAR, DAYS, REGIMES, YEARS

REGIME = REGIMES["ND61_2018"]
ONE = timedelta(days=1)
BY_DAYS = ("working_days", "days", "months")
ALL_UNITS = (*BY_DAYS, "working_hours", "hours", "same_day", "immediate")

days = st.dates(date(2018, 1, 1), date(2027, 12, 31))
clocks = st.times(time(0), time(23, 59, 59))
instants = st.builds(lambda day, clock: datetime.combine(day, clock, VIETNAM), days, clocks)
amounts = st.integers(1, 60)
day_limits = st.builds(Limit, amounts, st.sampled_from(BY_DAYS))
limits = st.builds(Limit, amounts, st.sampled_from(ALL_UNITS))
extra_days = st.lists(st.builds(
    lambda day: CalendarDay(
        day, "worked_swap" if day.weekday() >= 5 else "off_holiday", "Ngày đặt thử", "Thông báo thử"
    ), days), max_size=40)  # fmt: skip
hours = st.sampled_from([
    ((time(7), time(11, 30)), (time(13, 30), time(17))), ((time(8), time(12)),),
    ((time(6), time(6, 1)), (time(9), time(10)), (time(20), time(23, 59))),
])  # fmt: skip
calendars = st.builds(
    lambda rows, sessions: WorkCalendar([*DAYS, *rows], years=YEARS, sessions=sessions),
    extra_days, hours,
)  # fmt: skip


unhurried = settings(deadline=None)  # making a calendar takes its time on a busy machine


def each_day(a: date, b: date) -> list[date]:
    """The days after a up to and with b."""
    return [a + n * ONE for n in range(1, (b - a).days + 1)]


@given(instants, day_limits)
def test_a_limit_in_days_never_ends_on_a_day_off(accepted: datetime, limit: Limit) -> None:
    due = due_at(accepted, limit, CALENDAR)
    assert CALENDAR.is_working_day(due.date())
    assert due == CALENDAR.closing(due.date())
    assert due.date() > accepted.date()


@given(instants, limits)
def test_the_end_lies_after_the_start(accepted: datetime, limit: Limit) -> None:
    assert due_at(accepted, limit, CALENDAR) >= accepted


@given(instants, instants, limits)
def test_who_comes_later_is_not_served_earlier(a: datetime, b: datetime, limit: Limit) -> None:
    first, second = sorted((a, b))
    assert due_at(first, limit, CALENDAR) <= due_at(second, limit, CALENDAR)


@given(instants, limits, amounts)
def test_a_longer_limit_does_not_end_earlier(accepted: datetime, limit: Limit, more: int) -> None:
    longer = Limit(limit.amount + more, limit.unit)
    assert due_at(accepted, limit, CALENDAR) <= due_at(accepted, longer, CALENDAR)


@given(instants, limits, st.integers(0, 100))
def test_one_more_day_off_never_brings_the_end_nearer(
    accepted: datetime, limit: Limit, offset: int
) -> None:
    extra = CalendarDay(accepted.date() + offset * ONE, "off_holiday", "Nghỉ thêm", "Thông báo")
    fewer_days = WorkCalendar([*DAYS, extra], years=YEARS)
    assert due_at(accepted, limit, fewer_days) >= due_at(accepted, limit, CALENDAR)


@given(days, amounts)
def test_working_days_counted_one_by_one_give_the_same(start: date, n: int) -> None:
    end = CALENDAR.add_working_days(start, n)
    assert sum(CALENDAR.is_working_day(day) for day in each_day(start, end)) == n
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(start, end) == n
    assert CALENDAR.working_days_between(end, start) == -n


@given(days, amounts)
def test_subtracting_undoes_adding(start: date, n: int) -> None:
    worked = CALENDAR.roll(start)
    assert CALENDAR.subtract_working_days(CALENDAR.add_working_days(worked, n), n) == worked
    assert CALENDAR.add_working_days(CALENDAR.subtract_working_days(worked, n), n) == worked


@given(instants, st.integers(1, 5000))
def test_office_minutes_added_are_the_minutes_between(start: datetime, minutes: int) -> None:
    end = CALENDAR.add_working_minutes(start, minutes)
    assert CALENDAR.working_minutes_between(start, end) == minutes
    assert CALENDAR.working_minutes_between(end, start) == -minutes
    just_before = end - timedelta(microseconds=1)
    assert CALENDAR.working_time_between(start, just_before) < timedelta(minutes=minutes)


@given(instants, st.integers(1, 20))
def test_a_step_of_n_days_is_n_full_office_days(start: datetime, n: int) -> None:
    due = step_due(start, n, "working_days", CALENDAR)
    assert CALENDAR.working_minutes_between(start, due) == 480 * n
    assert due == step_due(start, 8 * n, "working_hours", CALENDAR)


@given(days, st.integers(0, 60))
def test_skipped_days_are_exactly_the_days_off(a: date, length: int) -> None:
    b = a + length * ONE
    skipped = [
        day for first, last, _ in CALENDAR.skipped(a, b) for day in each_day(first - ONE, last)
    ]
    assert skipped == [day for day in each_day(a, b) if not CALENDAR.is_working_day(day)]


@given(instants, amounts, st.data())
def test_a_pause_of_k_working_days_moves_the_end_by_k(
    accepted: datetime, n: int, data: st.DataObject
) -> None:
    limit = Limit(n, "working_days")
    due = due_at(accepted, limit, CALENDAR)
    last_but_one = CALENDAR.previous_working_day(due.date())  # so that a day is left
    before = CALENDAR.closing(max(last_but_one, accepted.date()))
    paused = data.draw(
        st.datetimes(accepted.replace(tzinfo=None), before.replace(tzinfo=None))
        if accepted < before
        else st.just(accepted.replace(tzinfo=None))
    )
    paused = paused.replace(tzinfo=VIETNAM)
    resumed = paused + data.draw(st.timedeltas(timedelta(), timedelta(days=90)))
    events = [ClockEvent("paused", paused), ClockEvent("resumed", resumed)]
    k = CALENDAR.working_days_between(paused.date(), resumed.date())
    moved = explain(accepted, limit, CALENDAR, REGIME, events)
    assert moved.due_at == CALENDAR.closing(CALENDAR.add_working_days(due.date(), k))
    assert moved.due_at_original == due


@given(instants, limits, st.timedeltas(timedelta(), timedelta(days=30)))
def test_a_pause_of_no_time_moves_nothing(
    accepted: datetime, limit: Limit, later: timedelta
) -> None:
    moment = accepted + later
    events = [ClockEvent("paused", moment), ClockEvent("resumed", moment)]
    assert explain(accepted, limit, CALENDAR, REGIME, events).due_at == due_at(
        accepted, limit, CALENDAR
    )


@given(instants, limits, st.timedeltas(timedelta(), timedelta(days=40)),
       st.timedeltas(timedelta(), timedelta(days=40)))  # fmt: skip
def test_a_supplement_is_a_new_acceptance(
    accepted: datetime, limit: Limit, until: timedelta, waiting: timedelta
) -> None:
    asked = accepted + until
    received = asked + waiting
    events = [
        ClockEvent("supplement_requested", asked),
        ClockEvent("supplement_received", received),
    ]
    anew = explain(accepted, limit, CALENDAR, REGIME, events)
    assert anew.due_at == due_at(received, limit, CALENDAR)
    assert anew.due_at_original == due_at(accepted, limit, CALENDAR)


@given(instants, limits)
def test_the_explanation_agrees_and_speaks_in_sentences(accepted: datetime, limit: Limit) -> None:
    explanation = explain(accepted, limit, CALENDAR, REGIME)
    assert explanation.due_at == due_at(accepted, limit, CALENDAR)
    assert all(reason.text.endswith(".") and reason.basis for reason in explanation.reasons)
    notice = explanation.latest_supplement_notice
    assert CALENDAR.working_days_between(CALENDAR.roll(accepted.date()), notice) == 3
    if explanation.latest_apology:
        assert accepted.date() <= explanation.latest_apology < explanation.due_at.date()
        assert CALENDAR.is_working_day(explanation.latest_apology)


@given(instants, limits, st.timedeltas(timedelta(days=-3), timedelta(days=3)))
def test_outcomes_follow_the_calendar_of_events(
    accepted: datetime, limit: Limit, off: timedelta
) -> None:
    due = due_at(accepted, limit, CALENDAR)
    ended = due + off
    result = outcome(ended, due, limit)
    if result == "late":
        assert ended > due
    elif result == "early":
        assert ended < due
    assert outcome(due, due, limit) == "on_time"


@unhurried
@given(calendars, instants, limits)
def test_on_any_calendar_the_end_is_a_day_at_work_after_the_start(
    calendar: WorkCalendar, accepted: datetime, limit: Limit
) -> None:
    due = due_at(accepted, limit, calendar)
    assert due >= accepted
    if limit.unit != "hours":  # by the clock, never moved
        assert calendar.is_working_day(due.date())
        assert calendar.opening(due.date()) < due <= calendar.closing(due.date())


@unhurried
@given(calendars, instants, limits, st.timedeltas(timedelta(), timedelta(days=40)),
       st.timedeltas(timedelta(), timedelta(days=40)))  # fmt: skip
def test_after_a_pause_too_the_end_is_a_day_at_work_and_never_nearer(
    calendar: WorkCalendar, accepted: datetime, limit: Limit, until: timedelta, pause: timedelta
) -> None:
    paused = accepted + until
    events = [ClockEvent("paused", paused), ClockEvent("resumed", paused + pause)]
    told = explain(accepted, limit, calendar, REGIME, events)
    assert told.due_at >= told.due_at_original
    if limit.unit != "hours":
        assert calendar.is_working_day(told.due_at.date())


@given(instants, limits, st.timedeltas(timedelta(), timedelta(days=40)),
       st.timedeltas(timedelta(), timedelta(days=20)),
       st.timedeltas(timedelta(), timedelta(days=20)))  # fmt: skip
def test_a_longer_pause_never_brings_the_end_nearer(
    accepted: datetime, limit: Limit, until: timedelta, pause: timedelta, more: timedelta
) -> None:
    paused = accepted + until
    shorter, longer = (
        explain(accepted, limit, CALENDAR, REGIME, [
            ClockEvent("paused", paused), ClockEvent("resumed", paused + length),
        ]).due_at
        for length in (pause, pause + more)
    )  # fmt: skip
    assert shorter <= longer


@unhurried
@given(calendars, days, days, days)
def test_working_days_between_add_up(calendar: WorkCalendar, a: date, b: date, c: date) -> None:
    whole = calendar.working_days_between(a, c)
    assert calendar.working_days_between(a, b) + calendar.working_days_between(b, c) == whole
    assert calendar.working_days_between(c, a) == -whole


@unhurried
@given(calendars, days, st.integers(0, 40), st.integers(0, 40))
def test_days_added_in_two_goes_are_the_sum(
    calendar: WorkCalendar, start: date, m: int, n: int
) -> None:
    worked = calendar.roll(start)
    there = calendar.add_working_days(calendar.add_working_days(worked, m), n)
    assert there == calendar.add_working_days(worked, m + n)
    assert calendar.working_days_between(worked, there) == m + n
    assert calendar.add_working_days(there, -(m + n)) == worked


@unhurried
@given(calendars, instants, instants)
def test_office_time_between_undoes_adding(
    calendar: WorkCalendar, a: datetime, b: datetime
) -> None:
    first, second = sorted((a, b))
    between = calendar.working_time_between(first, second)
    assert calendar.working_time_between(second, first) == -between
    reached = calendar.add_working_time(first, between)
    if between:
        assert reached <= second
    assert calendar.working_time_between(first, reached) == between


@given(days, days, st.integers(0, 60))
def test_months_keep_the_order_of_days(a: date, b: date, n: int) -> None:
    first, second = sorted((a, b))
    assert CALENDAR.same_day_of_month(first, n) <= CALENDAR.same_day_of_month(second, n)
    reached = CALENDAR.same_day_of_month(first, n)
    assert (reached.year * 12 + reached.month) - (first.year * 12 + first.month) == n
    assert reached.day == first.day or (reached + ONE).day == 1
