"""The worked examples W1–W15b of the legal rules, in one table; all computed by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.core.deadline import Limit, closing_allowed_from, due_at, transfer_due
from app.core.office_hours import OFFICE_HOURS
from tests.core import oracle
from tests.core.oracle import Walker
from tests.core.published import CALENDAR, DAYS, REGIMES, at, told

LAW_2018, LAW_2025 = REGIMES["ND61_2018"], REGIMES["ND118_2025"]
OFFICE = Walker(DAYS, OFFICE_HOURS)


def due(accepted: str, limit: str) -> str:
    """When it is due, the same in each of the three ways to ask."""
    parsed = Limit.parse(limit)
    answer = due_at(at(accepted), parsed, CALENDAR)
    explained = told(accepted, limit)
    assert explained.due_at == explained.due_at_original == answer
    assert explained.running
    walked = oracle.due(
        OFFICE, at(accepted).replace(tzinfo=None), parsed.amount, parsed.unit, parsed.cutoff
    )
    assert walked == answer.replace(tzinfo=None)
    return f"{answer:%Y-%m-%d %H:%M}"


def hand_over(accepted: str) -> str:
    """By when the paper must be with the agency."""
    answer = transfer_due(at(accepted), CALENDAR, LAW_2018)
    assert told(accepted, "5wd").transfer_due_at == answer
    return f"{answer:%Y-%m-%d %H:%M}"


def both(accepted: str) -> tuple[str, str]:
    """Hand-over and deadline of five working days."""
    return hand_over(accepted), due(accepted, "5wd")


def supplement() -> tuple[str, str, str]:
    """First due, latest lawful notice, due after the supplement."""
    first = told("2026-06-01 09:00", "10wd")
    anew = told(
        "2026-06-01 09:00",
        "10wd",
        ("supplement_requested", "2026-06-03 10:00"),
        ("supplement_received", "2026-06-12 09:00"),
    )
    assert anew.due_at_original == first.due_at
    assert anew.latest_supplement_notice == first.latest_supplement_notice
    return f"{first.due_at:%Y-%m-%d}", f"{anew.latest_supplement_notice}", f"{anew.due_at:%Y-%m-%d}"


def pause() -> tuple[str, int, str]:
    """First due, working days left, due after the pause."""
    events = (("paused", "2026-04-23 10:00"), ("resumed", "2026-05-06 10:00"))
    paused = told("2026-04-20 09:00", "8wd", *events)
    left = CALENDAR.working_days_between(date(2026, 4, 23), paused.due_at_original.date())
    return f"{paused.due_at_original:%Y-%m-%d}", left, f"{paused.due_at:%Y-%m-%d}"


def closing(notice: str) -> str:
    """The first day on which a dossier that nobody supplemented may be closed."""
    assert closing_allowed_from(date.fromisoformat(notice), CALENDAR, LAW_2018) is None
    return str(closing_allowed_from(date.fromisoformat(notice), CALENDAR, LAW_2025))


EXAMPLES: dict[str, tuple[Callable[..., Any], tuple[str, ...], Any]] = {
    "W1": (both, ("2026-11-25 16:10",), ("2026-11-26 07:00", "2026-12-02 17:00")),
    "W1b 14:59": (both, ("2026-11-25 14:59",), ("2026-11-25 17:00", "2026-12-02 17:00")),
    "W1b 15:00": (both, ("2026-11-25 15:00",), ("2026-11-25 17:00", "2026-12-02 17:00")),
    "W2": (due, ("2026-02-12 09:00", "5wd"), "2026-02-26 17:00"),
    "W3": (due, ("2027-02-01 09:00", "7wd"), "2027-02-17 17:00"),
    "W4": (due, ("2025-12-30 09:00", "3wd"), "2026-01-06 17:00"),
    "W5": (due, ("2026-01-07 09:00", "3wd"), "2026-01-10 17:00"),
    "W6": (due, ("2026-08-20 09:00", "3wd"), "2026-08-24 17:00"),
    "W7": (supplement, (), ("2026-06-15", "2026-06-04", "2026-06-26")),
    "W7b": (closing, ("2026-06-03",), "2026-06-19"),
    "W8": (pause, (), ("2026-05-05", 5, "2026-05-13")),
    "W9": (due, ("2026-11-20 16:00", "8wh"), "2026-11-23 16:00"),
    "W9b": (due, ("2026-11-23 16:00", "8wh"), "2026-11-25 16:00"),
    "W10": (due, ("2026-04-17 09:00", "15d"), "2026-05-04 17:00"),
    "W11": (due, ("2026-12-31 09:00", "2mo"), "2027-03-01 17:00"),
    "W12": (lambda: str(told("2026-11-18 09:00", "4wd").latest_apology), (), "2026-11-23"),
    "W13": (
        lambda: str(told("2026-11-20 09:00", "10wd").latest_supplement_notice), (), "2026-11-26",
    ),
    "W15 15:20": (due, ("2026-11-23 15:20", "same_day"), "2026-11-25 17:00"),
    "W15 15:00": (due, ("2026-11-23 15:00", "same_day"), "2026-11-23 17:00"),
    "W15b": (due, ("2026-08-21 15:30", "same_day"), "2026-08-22 17:00"),
}  # fmt: skip


@pytest.mark.parametrize(("ask", "given", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_worked_example(
    ask: Callable[..., Any], given: tuple[str, ...], expected: str | tuple[Any, ...]
) -> None:
    assert ask(*given) == expected


def test_the_days_that_the_examples_count() -> None:
    """The lists of days in brackets behind the examples, as written there."""
    lists = {
        ("2026-11-25", 5): "26/11 27/11 30/11 01/12 02/12",
        ("2026-02-12", 5): "13/02 23/02 24/02 25/02 26/02",
        ("2027-02-01", 7): "02/02 03/02 11/02 12/02 15/02 16/02 17/02",
        ("2025-12-30", 3): "31/12 05/01 06/01",
        ("2026-01-07", 3): "08/01 09/01 10/01",
        ("2026-08-20", 3): "21/08 22/08 24/08",
        ("2026-04-20", 8): "21/04 22/04 23/04 24/04 28/04 29/04 04/05 05/05",
        ("2026-11-20", 3): "23/11 25/11 26/11",
    }
    for (start, n), days in lists.items():
        day = date.fromisoformat(start)
        counted = [CALENDAR.add_working_days(day, k) for k in range(1, n + 1)]
        assert " ".join(f"{one:%d/%m}" for one in counted) == days
