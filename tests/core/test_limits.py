"""Limits in short and in words, steps of a route, the time left, early and late."""

from __future__ import annotations

from datetime import UTC

import pytest

from app.core.deadline import Limit, due_at, outcome, remaining_words, step_due
from app.core.refusals import Refused
from tests.core.published import CALENDAR, at


@pytest.mark.parametrize(
    ("text", "limit", "words"),
    [
        ("5wd", Limit(5, "working_days"), "5 ngày làm việc"),
        ("0.5wd", Limit(0.5, "working_days"), "0,5 ngày làm việc"),
        ("1,5 wd", Limit(1.5, "working_days"), "1,5 ngày làm việc"),
        (" 15d ", Limit(15, "days"), "15 ngày"),
        ("2mo", Limit(2, "months"), "02 tháng"),
        ("4wh", Limit(4, "working_hours"), "4 giờ làm việc"),
        ("24h", Limit(24, "hours"), "24 giờ"),
        ("same_day", Limit(1, "same_day"), "trong ngày"),
        ("immediate", Limit(1, "immediate"), "giải quyết ngay"),
    ],
)
def test_limits_in_short_and_in_words(text: str, limit: Limit, words: str) -> None:
    assert Limit.parse(text) == limit
    assert limit.words() == words


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "Không đọc được thời hạn “”"),
        ("5", "hãy viết số liền đơn vị: 5wd (ngày làm việc)"),
        ("wd", "Không đọc được"),
        ("-5wd", "Không đọc được"),
        ("5wdx", "Không đọc được"),
        ("٥wd", "Không đọc được"),
        ("0wd", "lớn hơn 0"),
        ("10000d", "không quá 9999"),
        ("1.5mo", "số tháng tròn"),
    ],
)
def test_limits_that_cannot_be_read(text: str, part: str) -> None:
    with pytest.raises(ValueError) as error:
        Limit.parse(text)
    assert part in str(error.value)


def test_a_limit_of_an_unknown_unit_or_of_no_number() -> None:
    with pytest.raises(ValueError, match="Đơn vị thời hạn “weeks” không có"):
        Limit(2, "weeks")
    with pytest.raises(ValueError, match="lớn hơn 0"):
        Limit(float("nan"), "days")


def test_a_limit_beyond_the_calendar_is_refused() -> None:
    for text in ("9999wd", "9999d", "9999mo", "9999wh"):
        limit = Limit.parse(text)
        with pytest.raises(Refused) as refused:
            due_at(at("2036-06-01 09:00"), limit, CALENDAR)
        assert refused.value.code == "outside_calendar"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-11-25 16:10", 0.5, "working_days", "2026-11-26 10:10"),
        ("2026-11-25 09:00", 1, "working_days", "2026-11-26 09:00"),
        ("2026-11-23 09:00", 1, "working_days", "2026-11-25 09:00"),
        ("2026-11-25 07:00", 1, "working_days", "2026-11-25 17:00"),
        ("2026-11-25 16:30", 1, "working_hours", "2026-11-26 07:30"),
        ("2026-11-21 16:30", 2, "working_hours", "2026-11-23 09:00"),
        ("2026-11-20 16:30", 2, "hours", "2026-11-20 18:30"),
        ("2026-11-23 09:00", 1, "days", "2026-11-25 17:00"),
        ("2026-11-20 09:00", 0.5, "days", "2026-11-23 17:00"),
        ("2026-12-31 09:00", 2, "months", "2027-03-01 17:00"),
        ("2026-10-01 09:00", 0.5, "months", "2026-10-16 17:00"),
    ],
)
def test_steps(start: str, amount: float, unit: str, due: str) -> None:
    assert step_due(at(start), amount, unit, CALENDAR) == at(due)


def test_a_step_has_no_same_day() -> None:
    with pytest.raises(ValueError, match="same_day"):
        step_due(at("2026-11-20 09:00"), 1, "same_day", CALENDAR)


@pytest.mark.parametrize(
    ("now", "due", "words"),
    [
        ("2026-11-30 09:00", "2026-12-02 17:00", "còn 2 ngày làm việc"),
        ("2026-11-23 09:00", "2026-11-25 17:00", "còn 1 ngày làm việc"),
        ("2026-11-28 09:00", "2026-11-30 17:00", "còn 1 ngày làm việc"),
        ("2026-12-02 09:00", "2026-12-02 17:00", "hết hạn hôm nay lúc 17:00"),
        ("2026-12-02 20:00", "2026-12-02 17:00", "hết hạn hôm nay lúc 17:00"),  # until 24:00
        ("2026-12-02 10:30", "2026-12-02 10:30", "hết hạn hôm nay lúc 10:30"),
        ("2026-12-02 10:31", "2026-12-02 10:30", "đã hết hạn hôm nay lúc 10:30"),
        ("2026-12-03 07:00", "2026-12-02 17:00", "trễ 1 ngày làm việc"),
        ("2026-11-25 07:00", "2026-11-23 17:00", "trễ 1 ngày làm việc"),
        ("2026-11-28 07:00", "2026-11-27 17:00", "trễ chưa đến 1 ngày làm việc"),
        ("2026-11-28 07:00", "2026-11-29 10:00", "hết hạn lúc 10:00 Chủ nhật, 29/11/2026"),
    ],
)
def test_remaining(now: str, due: str, words: str) -> None:
    assert remaining_words(at(now), at(due), CALENDAR) == words
    assert remaining_words(at(now).astimezone(UTC), at(due).astimezone(UTC), CALENDAR) == words


@pytest.mark.parametrize(
    ("limit", "ended", "result"),
    [
        ("5wd", "2026-12-01 23:59", "early"),
        ("5wd", "2026-12-02 00:00", "on_time"),
        ("5wd", "2026-12-02 23:59", "on_time"),  # after office hours, still the day (Đ148.6)
        ("5wd", "2026-12-03 00:00", "late"),
        ("15d", "2026-12-02 18:00", "on_time"),
        ("1mo", "2026-12-02 18:00", "on_time"),
        ("8wh", "2026-12-02 16:59", "early"),
        ("8wh", "2026-12-02 17:00", "on_time"),
        ("8wh", "2026-12-02 17:01", "late"),
        ("24h", "2026-12-02 17:01", "late"),
        ("same_day", "2026-12-02 16:00", "early"),
        ("same_day", "2026-12-02 17:01", "late"),
        ("immediate", "2026-12-02 09:00", "on_time"),
        ("immediate", "2026-12-02 17:01", "late"),
    ],
)
def test_outcome(limit: str, ended: str, result: str) -> None:
    due, end = at("2026-12-02 17:00"), at(ended)
    assert outcome(end, due, Limit.parse(limit)) == result
    assert outcome(end.astimezone(UTC), due.astimezone(UTC), Limit.parse(limit)) == result
