"""The published calendar and decrees of the rules folder, for tests that count by them."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core.calendar import VIETNAM, WorkCalendar, parse_calendar_year
from app.core.deadline import ClockEvent, Explanation, Limit, explain
from app.core.regime import parse_regime

RULES = Path(__file__).parents[2] / "procedures"


def content(folder: str) -> dict[str, dict[str, Any]]:
    """Each file of a rules folder, by its name without the ending."""
    files = sorted((RULES / folder).glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in files}


CALENDAR_FILES = content("_calendar")
DAYS = [day for data in CALENDAR_FILES.values() for day in parse_calendar_year(data)]
YEARS = [int(year) for year in CALENDAR_FILES]
CALENDAR = WorkCalendar(DAYS, years=YEARS)
REGIME_FILES = content("_regimes")
REGIMES = {id_: parse_regime(data) for id_, data in REGIME_FILES.items()}


def at(text: str) -> datetime:
    """As in "2026-11-25 16:10", in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def told(accepted: str, limit: str, *events: tuple[str, str]) -> Explanation:
    """The deadline explained under NĐ 61/2018; events as (kind, when)."""
    clock = [ClockEvent(kind, at(when)) for kind, when in events]
    return explain(at(accepted), Limit.parse(limit), CALENDAR, REGIMES["ND61_2018"], clock)
