"""Deadlines: examples worked by hand, hand-over, supplement, pauses, what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from app.core.calendar import WorkCalendar
from app.core.deadline import (
    ClockEvent,
    Limit,
    closing_allowed_from,
    due_at,
    explain,
    transfer_due,
)
from app.core.refusals import Refused
from tests.core.published import CALENDAR, DAYS, REGIMES, at, told

LAW_2018, LAW_2025 = REGIMES["ND61_2018"], REGIMES["ND118_2025"]

# Worked by hand from the calendar: (accepted, limit, due). W1–W15b: test_worked_examples.py.
WORKED = {
    # accepted on a day off: counts from the next opening
    "Sunday, working days": ("2026-11-22 09:00", "1wd", "2026-11-25 17:00"),
    "Sunday, same day": ("2026-11-22 16:00", "same_day", "2026-11-23 17:00"),
    "holiday, days": ("2026-11-24 09:00", "1d", "2026-11-26 17:00"),
    "Sunday, working hours": ("2026-11-22 16:00", "8wh", "2026-11-23 17:00"),
    "Sunday, hours": ("2026-11-22 16:00", "24h", "2026-11-24 07:00"),
    "Sunday, immediate": ("2026-11-22 16:00", "immediate", "2026-11-23 17:00"),
    # on a working day, out of hours
    "in the evening": ("2026-11-20 20:00", "1wd", "2026-11-23 17:00"),
    "hours are never moved": ("2026-11-20 10:00", "24h", "2026-11-21 10:00"),
    "working hours, at lunch": ("2026-11-20 12:00", "1wh", "2026-11-20 14:30"),
    "same day, before opening": ("2026-11-20 06:00", "same_day", "2026-11-20 17:00"),
    "same day, a second late": ("2026-11-20 15:00:01", "same_day", "2026-11-23 17:00"),
    "immediate": ("2026-11-20 16:59", "immediate", "2026-11-20 17:00"),
    "immediate, after closing": ("2026-11-20 17:30", "immediate", "2026-11-23 17:00"),
    "half a day is a day": ("2026-11-20 10:00", "0.5wd", "2026-11-23 17:00"),
    "one month": ("2026-10-30 10:00", "1mo", "2026-11-30 17:00"),
}


@pytest.mark.parametrize(("accepted", "limit", "due"), WORKED.values(), ids=WORKED)
def test_worked_examples(accepted: str, limit: str, due: str) -> None:
    assert due_at(at(accepted), Limit.parse(limit), CALENDAR) == at(due)
    explanation = told(accepted, limit)
    assert explanation.due_at == explanation.due_at_original == at(due)
    assert explanation.running


def test_an_instant_in_utc_is_the_same() -> None:
    accepted = datetime(2026, 11, 23, 8, 20, tzinfo=UTC)  # W15, 15:20 in Vietnam
    due = due_at(accepted, Limit.parse("same_day"), CALENDAR)
    assert due.isoformat() == "2026-11-25T17:00:00+07:00"


def test_the_procedures_own_cutoff() -> None:
    limit = Limit(1, "same_day", time(10))
    assert due_at(at("2026-11-20 10:00"), limit, CALENDAR) == at("2026-11-20 17:00")
    assert due_at(at("2026-11-20 10:01"), limit, CALENDAR) == at("2026-11-23 17:00")


def test_an_office_that_closes_before_the_cutoff() -> None:
    """What comes in after closing is not due at that closing."""
    mornings = WorkCalendar(DAYS, sessions=[(time(7), time(11, 30))])
    limit = Limit.parse("same_day")
    for accepted, due, hand_over in (
        ("2026-11-20 11:30", "2026-11-20 11:30", "2026-11-20 11:30"),
        ("2026-11-20 11:31", "2026-11-23 11:30", "2026-11-23 07:00"),
        ("2026-11-20 14:00", "2026-11-23 11:30", "2026-11-23 07:00"),
    ):
        assert due_at(at(accepted), limit, mornings) == at(due)
        assert transfer_due(at(accepted), mornings, LAW_2018) == at(hand_over)
    late_cutoff = Limit(1, "same_day", time(17, 30))
    assert due_at(at("2026-11-20 17:15"), late_cutoff, CALENDAR) == at("2026-11-23 17:00")


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        ("2026-11-25 16:10", "2026-11-26 07:00"),  # W1
        ("2026-11-25 14:59", "2026-11-25 17:00"),  # W1b
        ("2026-11-25 15:00", "2026-11-25 17:00"),
        ("2026-11-25 15:00:01", "2026-11-26 07:00"),
        ("2026-11-23 16:00", "2026-11-25 07:00"),  # over 24/11
        ("2026-11-22 16:00", "2026-11-23 17:00"),  # as if accepted on Monday at 07:00
    ],
)
def test_transfer(accepted: str, due: str) -> None:
    assert told(accepted, "5wd").transfer_due_at == at(due)
    assert transfer_due(at(accepted), CALENDAR, LAW_2018) == at(due)


def test_w7_supplement_starts_the_limit_anew() -> None:
    asked = ("supplement_requested", "2026-06-03 10:00")
    waiting = told("2026-06-01 09:00", "10wd", asked)
    assert waiting.latest_supplement_notice == date(2026, 6, 4)
    assert (waiting.due_at, waiting.running) == (at("2026-06-15 17:00"), False)
    again = told("2026-06-01 09:00", "10wd", asked, ("supplement_received", "2026-06-12 09:00"))
    assert (again.due_at, again.running) == (at("2026-06-26 17:00"), True)
    assert again.due_at_original == at("2026-06-15 17:00")
    assert again.latest_apology == date(2026, 6, 25)


def test_supplement_on_a_day_off_counts_from_the_next_opening() -> None:
    again = told(
        "2026-06-01 09:00",
        "1wd",
        ("supplement_requested", "2026-06-03 10:00"),
        ("supplement_received", "2026-06-06 09:00"),  # a Saturday
    )
    assert again.due_at == at("2026-06-09 17:00")


@pytest.mark.parametrize(
    ("notice", "closing"),
    [
        ("2026-06-03", "2026-06-19"),  # W7b: day 15 is Thursday 18/06
        ("2026-06-05", "2026-06-23"),  # day 15 is Saturday 20/06, so Monday 22/06
        ("2026-11-09", "2026-11-26"),  # day 15 is 24/11, so 25/11
    ],
)
def test_w7b_closing(notice: str, closing: str) -> None:
    day = date.fromisoformat(notice)
    assert closing_allowed_from(day, CALENDAR, LAW_2025) == date.fromisoformat(closing)
    assert closing_allowed_from(day, CALENDAR, LAW_2018) is None


PAUSES = {
    # (accepted, limit, paused, resumed, due)
    "W8": ("04-20 09:00", "8wd", "04-23 10:00", "05-06 10:00", "05-13 17:00"),
    "the same day": ("06-01 09:00", "10wd", "06-03 10:00", "06-03 16:00", "06-15 17:00"),
    "over a weekend only": ("06-01 09:00", "10wd", "06-05 16:00", "06-07 09:00", "06-15 17:00"),
    "on the last day": ("06-01 09:00", "10wd", "06-15 16:00", "06-17 09:00", "06-17 17:00"),
    "on the last day, to a Saturday": (
        "06-01 09:00", "10wd", "06-15 16:00", "06-20 09:00", "06-22 17:00",
    ),
    "after the end": ("06-01 09:00", "10wd", "06-16 08:00", "06-18 09:00", "06-15 17:00"),
    # 14 days were left from 20/04 to 04/05; 14 days from 25/05 is Monday 08/06
    "days": ("04-17 09:00", "15d", "04-20 09:00", "05-25 09:00", "06-08 17:00"),
    "days, rolled": ("06-01 09:00", "10d", "06-03 09:00", "06-05 09:00", "06-15 17:00"),
    "months, left in days": ("06-01 09:00", "1mo", "06-11 09:00", "06-12 09:00", "07-02 17:00"),
    # 16:00–17:00 and 07:00–11:00 were left
    "working hours": ("06-01 14:00", "7wh", "06-01 16:00", "06-03 07:00", "06-03 14:00"),
    "working hours, paused at night": (
        "06-01 16:00", "2wh", "06-01 20:00", "06-03 19:00", "06-04 08:00",
    ),
    "hours": ("06-01 09:00", "24h", "06-01 10:00", "06-06 10:00", "06-07 09:00"),
    "hours, at the very end": ("06-01 09:00", "24h", "06-02 09:00", "06-06 10:00", "06-02 09:00"),
    "same day": ("06-01 09:00", "same_day", "06-01 10:00", "06-03 16:00", "06-03 17:00"),
    "same day, resumed at closing": (
        "06-01 09:00", "same_day", "06-01 10:00", "06-03 17:00", "06-03 17:00",
    ),
    "same day, resumed after closing": (
        "06-01 09:00", "same_day", "06-01 10:00", "06-03 18:00", "06-04 17:00",
    ),
    "same day, due on the next": (
        "06-01 15:30", "same_day", "06-01 16:00", "06-03 16:00", "06-04 17:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("accepted", "limit", "paused", "resumed", "due"), PAUSES.values(),
                         ids=PAUSES)  # fmt: skip
def test_pause_keeps_the_remainder(
    accepted: str, limit: str, paused: str, resumed: str, due: str
) -> None:
    stopped = ("paused", f"2026-{paused}")
    first = due_at(at(f"2026-{accepted}"), Limit.parse(limit), CALENDAR)
    standing = told(f"2026-{accepted}", limit, stopped)
    assert (standing.due_at, standing.running) == (first, False)
    ended = told(f"2026-{accepted}", limit, stopped, ("resumed", f"2026-{resumed}"))
    assert (ended.due_at, ended.running) == (at(f"2026-{due}"), True)
    assert ended.due_at_original == first


def test_pauses_add_up_and_a_supplement_forgets_them() -> None:
    two = [
        ("paused", "2026-06-03 10:00"),
        ("resumed", "2026-06-05 10:00"),
        ("paused", "2026-06-08 10:00"),
        ("resumed", "2026-06-09 10:00"),
    ]
    assert told("2026-06-01 09:00", "10wd", *two).due_at == at("2026-06-18 17:00")
    anew = [
        ("supplement_requested", "2026-06-10 10:00"),
        ("supplement_received", "2026-06-15 08:00"),
    ]
    assert told("2026-06-01 09:00", "10wd", *two, *anew).due_at == at("2026-06-29 17:00")


@pytest.mark.parametrize(
    ("accepted", "limit", "latest"),
    [
        ("2026-11-18 09:00", "4wd", date(2026, 11, 23)),  # W12: due 25/11, and 24/11 is off
        ("2026-11-25 16:10", "5wd", date(2026, 12, 1)),
        ("2026-11-25 16:10", "1wd", date(2026, 11, 25)),
        ("2026-11-25 09:00", "same_day", None),  # already too late on the day of acceptance
        ("2026-11-22 09:00", "same_day", None),
    ],
)
def test_latest_apology(accepted: str, limit: str, latest: date | None) -> None:
    assert told(accepted, limit).latest_apology == latest


def test_w13_latest_supplement_notice() -> None:
    assert told("2026-11-20 09:00", "10wd").latest_supplement_notice == date(2026, 11, 26)


REQUESTED = ("supplement_requested", "2026-06-03 10:00")
RECEIVED = ("supplement_received", "2026-06-12 09:00")
PAUSED = ("paused", "2026-06-03 10:00")
RESUMED = ("resumed", "2026-06-05 10:00")


@pytest.mark.parametrize(
    ("events", "part"),
    [
        ([RESUMED], "hồ sơ không đang tạm dừng"),
        ([RECEIVED], "không có yêu cầu bổ sung nào đang chờ"),
        ([PAUSED, PAUSED], "hồ sơ đang tạm dừng; hãy ghi việc tính tiếp trước"),
        ([PAUSED, ("supplement_requested", "2026-06-04 10:00")], "hồ sơ đang tạm dừng"),
        ([PAUSED, RECEIVED], "không phải chờ bổ sung"),
        ([REQUESTED, REQUESTED], "hãy ghi việc nhận đủ hồ sơ trước"),
        ([REQUESTED, ("paused", "2026-06-04 10:00")], "hồ sơ đang chờ bổ sung"),
        ([REQUESTED, RESUMED], "không phải tạm dừng"),
        ([PAUSED, ("resumed", "2026-06-03 09:59")], "mà lại sớm hơn"),
        ([("paused", "2026-06-01 08:59")], "09:00 thứ Hai, 01/06/2026 mà lại sớm hơn"),
        ([("stopped", "2026-06-03 09:59")], "Không có sự kiện “stopped”"),
    ],
)
def test_events_that_cannot_be(events: list[tuple[str, str]], part: str) -> None:
    with pytest.raises(Refused) as refused:
        told("2026-06-01 09:00", "10wd", *events)
    assert refused.value.code == "bad_events"
    assert part in refused.value.sentence
    assert refused.value.sentence.endswith(".")


def test_events_and_explanations_cannot_be_changed() -> None:
    event = ClockEvent("paused", at("2026-06-03 10:00"))
    explanation = told("2026-06-01 09:00", "10wd")
    for value, name in ((event, "kind"), (explanation, "due_at")):
        with pytest.raises(AttributeError):
            setattr(value, name, None)
        assert not hasattr(value, "__dict__")


def test_events_may_come_as_any_iterable_and_moments_in_any_zone() -> None:
    limit = Limit.parse("10wd")
    accepted = at("2026-06-01 09:00")
    plain = explain(accepted, limit, CALENDAR, LAW_2018)
    assert explain(accepted, limit, CALENDAR, LAW_2018, iter(())) == plain
    assert explain(accepted.astimezone(UTC), limit, CALENDAR, LAW_2018) == plain
    events = [
        ClockEvent("paused", at("2026-06-03 10:00")),
        ClockEvent("resumed", at("2026-06-05 10:00")),
    ]
    paused = explain(accepted, limit, CALENDAR, LAW_2018, events)
    in_utc = (ClockEvent(event.kind, event.at.astimezone(UTC)) for event in events)
    assert explain(accepted.astimezone(UTC), limit, CALENDAR, LAW_2018, in_utc) == paused
