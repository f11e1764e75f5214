"""The few rule files a running office needs at its start: its own, the decrees, the calendar.

Procedures and units are read from the database (they were checked when they were published), so
that a start does not wait for seventy files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.calendar import CalendarDay, WorkCalendar, parse_calendar_year
from app.core.office import Office, parse_office
from app.core.regime import Regime, parse_regime


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The office's file, every decree by id, the calendar with the office's hours."""

    office: Office
    regimes: Mapping[str, Regime]
    calendar: WorkCalendar


class NoSuchOffice(Exception):
    """MOTCUA_OFFICE names no office file; the message lists those there are."""


def read(folder: Path, office_id: str) -> Rulebook:
    """Read what `office_id` needs from the rules folder."""
    path = folder / "_organisation" / f"{office_id}.toml"
    if not path.is_file():
        known = sorted(p.stem for p in path.parent.glob("*.toml") if "-" in p.stem)
        raise NoSuchOffice(
            f"Không có tệp đơn vị “{office_id}” trong {path.parent.name}/. Có: {', '.join(known)}."
        )
    office = parse_office(_toml(path))
    regimes = [parse_regime(_toml(p)) for p in sorted((folder / "_regimes").glob("*.toml"))]
    days: list[CalendarDay] = []
    years: list[int] = []
    for year in sorted((folder / "_calendar").glob("*.toml")):
        data = _toml(year)
        days += parse_calendar_year(data)
        years.append(data["year"])
    calendar = WorkCalendar(days, years=years, sessions=office.sessions)
    return Rulebook(office, {r.id: r for r in regimes}, calendar)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
