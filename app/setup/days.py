"""The list of days that differ from the five-day week.

Published days come from the rule files; what the office changes or adds is its own row on top.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask import current_app
from sqlalchemy import select

from app.core.calendar import KINDS, WorkCalendar
from app.journey.office import Db, Office, OfficeCache, load_calendar
from app.models import OwnDay
from app.setup.book import Sheet
from app.setup.columns import Column
from app.setup.kind import Doing, Item, Kind

NORMAL = "normal"  # a published day is taken back
WORDS = {
    "off_holiday": "Nghỉ lễ", "off_compensatory": "Nghỉ bù", "off_swap": "Nghỉ hoán đổi",
    "worked_swap": "Làm bù", NORMAL: "Như thường lệ",
}  # fmt: skip
SHEETS = (
    Sheet("Ngày nghỉ, làm bù", (
        Column("day", "Ngày", "day", required=True, hint="Ví dụ 02/09/2026"),
        Column("kind", "Loại", choices={k: WORDS[k] for k in (*KINDS, NORMAL)}),
        Column("name", "Tên", most=200),
        Column("basis", "Căn cứ", most=300),
        Column("confirmed", "Đã có văn bản", "bool", default=True),
    )),
)  # fmt: skip


def _cache() -> OfficeCache:
    found: OfficeCache = current_app.extensions["motcua.office"]
    return found


def snapshot(session: Db, office: Office, keys: Collection[str] | None = None) -> dict[str, Item]:
    """Days by their date, as they stand in the database now."""
    found = _shown(load_calendar(session, _cache().calendar))
    for row in session.scalars(select(OwnDay).where(OwnDay.kind == NORMAL)):
        shown = f"{row.day:%d/%m/%Y}"  # it differs from no week, so the calendar knows no such row
        found[shown] = {
            "day": shown, "kind": NORMAL, "name": row.name, "basis": row.basis,
            "confirmed": row.confirmed,
        }  # fmt: skip
    return found if keys is None else {key: found[key] for key in keys if key in found}


def _shown(calendar: WorkCalendar) -> dict[str, Item]:
    first, last = min(calendar.years), max(calendar.years)
    found: dict[str, Item] = {}
    for row in calendar.rows(date(first, 1, 1), date(last, 12, 31)):
        shown = f"{row.date:%d/%m/%Y}"
        found[shown] = {
            "day": shown, "kind": row.kind, "name": row.name, "basis": row.basis,
            "confirmed": row.confirmed,
        }  # fmt: skip
    return found


def _date(shown: str) -> date | None:
    try:
        day, month, year = (int(part) for part in shown.split("/"))
        return date(year, month, day)
    except ValueError:
        return None


def check(doing: Doing, before: Item | None, after: Item) -> list[str]:
    """A day that is none, or outside the calendar."""
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
    """Keep the office's own row; open dossiers follow with the next `jobs run`."""
    day = _date(key)
    assert day is not None  # noqa: S101 - checked before
    doing.session.merge(
        OwnDay(
            day=day, kind=after["kind"], name=after["name"], basis=after["basis"],
            confirmed=after.get("confirmed", True),
        )
    )  # fmt: skip


def undo(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Back: to the published day where that is what stood before, else to the row."""
    base = _shown(_cache().calendar)
    if before is None or before == base.get(key):
        row = doing.session.get(OwnDay, _date(key))
        if row is not None:
            doing.session.delete(row)
        return
    change(doing, key, after, before)


DAYS = Kind(
    "lich",
    "Ngày nghỉ, ngày làm bù",
    "ngày",
    SHEETS,
    "day",
    snapshot,
    check,
    change,
    undo,
    merges={},
)
