"""The list of days that differ from the five-day week, and the office's hours.

Published days come from the rule files; what the office changes or adds is its own row on top.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, time

from flask import current_app

from app.core.calendar import KINDS, WorkCalendar
from app.journey.office import HOURS, Db, Office, OfficeCache, load_calendar
from app.models import OwnDay, Setting
from app.setup.book import Sheet
from app.setup.columns import Column
from app.setup.kind import Doing, Item, Kind

WORDS = {
    "off_holiday": "Nghỉ lễ", "off_compensatory": "Nghỉ bù", "off_swap": "Nghỉ hoán đổi",
    "worked_swap": "Làm bù", "normal": "Như thường lệ",
}  # fmt: skip
HOURS_KEY = "gio"
SHEETS = (
    Sheet("Ngày nghỉ, làm bù", (
        Column("day", "Ngày", required=True, hint="Ví dụ 02/09/2026; “gio” là giờ làm việc."),
        Column("kind", "Loại", choices={k: WORDS[k] for k in (*KINDS, "normal")}),
        Column("name", "Tên"),
        Column("basis", "Căn cứ"),
        Column("confirmed", "Đã có văn bản", "bool"),
        Column("hours", "Giờ làm việc", hint="Chỉ ở dòng “gio”: 07:00-11:30, 13:30-17:00"),
    )),
)  # fmt: skip


def _cache() -> OfficeCache:
    found: OfficeCache = current_app.extensions["motcua.office"]
    return found


def snapshot(session: Db, office: Office, keys: Collection[str] | None = None) -> dict[str, Item]:
    """Days by their date, and the hours, as they stand in the database now."""
    found = _shown(load_calendar(session, _cache().calendar))
    return found if keys is None else {key: found[key] for key in keys if key in found}


def _shown(calendar: WorkCalendar) -> dict[str, Item]:
    first, last = min(calendar.years), max(calendar.years)
    found: dict[str, Item] = {
        HOURS_KEY: {
            "day": HOURS_KEY,
            "hours": ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in calendar.sessions),
        }
    }
    for row in calendar.rows(date(first, 1, 1), date(last, 12, 31)):
        shown = f"{row.date:%d/%m/%Y}"
        found[shown] = {
            "day": shown, "kind": row.kind, "name": row.name, "basis": row.basis,
            "confirmed": row.confirmed,
        }  # fmt: skip
    return found


def parse_hours(text: str) -> list[tuple[time, time]]:
    """`07:00-11:30, 13:30-17:00` → pairs; ValueError."""
    pairs = []
    for part in text.split(","):
        start, _, end = part.strip().partition("-")
        pairs.append((time.fromisoformat(start.strip()), time.fromisoformat(end.strip())))
    flat = [moment for pair in pairs for moment in pair]
    if not pairs or flat != sorted(set(flat)):
        raise ValueError(text)
    return pairs


def _date(shown: str) -> date | None:
    try:
        day, month, year = (int(part) for part in shown.split("/"))
        return date(year, month, day)
    except ValueError:
        return None


def check(doing: Doing, before: Item | None, after: Item) -> list[str]:
    """A day that is none, outside the calendar; hours that cross."""
    if after["day"] == HOURS_KEY:
        try:
            parse_hours(after.get("hours") or "")
        except ValueError:
            return ["Giờ làm việc ghi như 07:00-11:30, 13:30-17:00, buổi sau nối buổi trước."]
        return []
    day = _date(after["day"])
    if day is None:
        return [f"“{after['day']}” không phải ngày, ghi như 02/09/2026."]
    wrong = []
    if day.year not in doing.office.calendar.years:
        wrong.append(f"Lịch chưa có năm {day.year}: thêm tệp lịch của năm đó trước.")
    for key, words in (("kind", "loại"), ("name", "tên"), ("basis", "căn cứ")):
        if not after.get(key):
            wrong.append(f"Hãy ghi {words} của ngày.")
    weekend = day.weekday() > 4
    if after.get("kind") == "worked_swap" and not weekend:
        wrong.append("Làm bù chỉ vào thứ Bảy, Chủ nhật.")
    return wrong


def change(doing: Doing, key: str, _before: Item | None, after: Item) -> None:
    """Keep the office's own row, or its hours; open dossiers follow with the next `jobs run`."""
    if key == HOURS_KEY:
        _set_hours(doing.session, after["hours"])
        return
    day = _date(key)
    assert day is not None  # noqa: S101 - checked before
    doing.session.merge(
        OwnDay(
            day=day, kind=after["kind"], name=after["name"], basis=after["basis"],
            confirmed=after.get("confirmed", True),
        )
    )  # fmt: skip


def _set_hours(session: Db, text: str) -> None:
    pairs = [[f"{a:%H:%M}", f"{b:%H:%M}"] for a, b in parse_hours(text)]
    session.merge(Setting(key=HOURS, value=json.dumps(pairs)))


def undo(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Back: to the published day or hours where those are what stood before, else to the row."""
    base = _shown(_cache().calendar)
    if key != HOURS_KEY and (before is None or before == base.get(key)):
        row = doing.session.get(OwnDay, _date(key))
        if row is not None:
            doing.session.delete(row)
        return
    change(doing, key, after, before or base[key])


DAYS = Kind(
    "lich", "Lịch và giờ làm việc", "ngày", SHEETS, "day", snapshot, check, change, undo, merges={}
)
