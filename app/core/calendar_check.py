"""Checks the calendar files together: each year's own rules, swapped days, years left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.core.calendar import CalendarFault, parse_calendar_year
from app.core.faults import Fault, Faults, Table, date_text, misnamed

_SWAPS = {"off_swap", "worked_swap"}


def calendar_faults(files: Mapping[str, Table]) -> list[Fault]:
    """What is wrong in the calendar files (path → content), each `…/YEAR.toml`.

    A swapped day names its pair, which may lie in the next year's file and must name it back.
    """
    found: list[Fault] = []
    rows: dict[date, tuple[str, str, Table]] = {}
    years: list[int] = []
    for path, data in files.items():
        faults = Faults(path)
        try:
            parse_calendar_year(data)
        except CalendarFault as error:
            faults.add_lines(error.lines)
        else:
            named = path.rpartition("/")[2].removesuffix(".toml")
            faults.check(str(data["year"]) == named, "year", misnamed(named))
            years.append(data["year"])
            for i, row in enumerate(data.get("days", ())):
                rows[row["date"]] = (path, f"days[{i}].pair", row)
        found += faults.found
    found += [fault for day in rows for fault in _pair_faults(day, rows)]
    missing = sorted(set(range(min(years), max(years))) - set(years)) if years else []
    text = "thiếu lịch của năm này, hãy thêm tệp"
    return found + [Fault(f"_calendar/{year}.toml", "file", text) for year in missing]


def _pair_faults(day: date, rows: Mapping[date, tuple[str, str, Table]]) -> list[Fault]:
    file, key, row = rows[day]
    kind = row["kind"]
    if ("pair" in row) != (kind in _SWAPS):
        missing = "ngày hoán đổi phải ghi ngày đổi cho nó"
        return [
            Fault(file, key, missing if kind in _SWAPS else "chỉ ghi cho ngày hoán đổi, hãy bỏ")
        ]
    if "pair" not in row:
        return []
    pair = row["pair"]
    other = rows[pair][2] if pair in rows else {}
    mutual = other.get("pair") == day and {kind, other.get("kind")} == _SWAPS
    text = f"ngày {date_text(pair)} không ghi đổi cho ngày này, hãy ghi ở cả hai ngày"
    return [] if mutual else [Fault(file, key, text)]
