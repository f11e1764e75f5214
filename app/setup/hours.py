"""The list of office hours: the usual ones of the office file, and those of a season or weekday.

Hours have a first day, because a date that was counted in the old hours must stay what it was.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask import current_app

from app.core.office_hours import hours_text, parse_hours, parse_weekdays, weekdays_text
from app.journey.office import Db, Office, OfficeCache
from app.models import OwnHours
from app.setup.book import Sheet
from app.setup.columns import Column
from app.setup.kind import Doing, Item, Kind

USUAL = "Thường lệ"
SHEETS = (
    Sheet("Giờ làm việc", (
        Column("name", "Tên", required=True, most=80, hint="Ví dụ: Mùa hè 2027"),
        Column("hours", "Giờ", "hours", required=True, most=120, hint="07:00-11:30, 13:30-17:00"),
        Column("valid_from", "Từ ngày", "date"),
        Column("valid_to", "Đến hết ngày", "date"),
        Column("weekdays", "Các thứ", "weekdays", hint="2-6, hoặc 2, 4, CN; để trống: mọi ngày"),
    )),
)  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def snapshot(session: Db, office: Office, keys: Collection[str] | None = None) -> dict[str, Item]:
    """Hours by their name: the usual ones first, then by first day."""
    cache: OfficeCache = current_app.extensions["motcua.office"]
    found: dict[str, Item] = {
        USUAL: {
            "name": USUAL, "hours": hours_text(cache.calendar.usual_hours), "valid_from": None,
            "valid_to": None, "weekdays": None,
        }
    }  # fmt: skip
    rows = session.query(OwnHours).order_by(OwnHours.first_day, OwnHours.name)
    for row in rows:
        found[row.name] = {
            "name": row.name, "hours": row.hours, "valid_from": _iso(row.first_day),
            "valid_to": _iso(row.last_day),
            "weekdays": weekdays_text(frozenset(map(int, row.weekdays))) or None,
        }  # fmt: skip
    return found if keys is None else {key: found[key] for key in found if key in keys}


def check(doing: Doing, before: Item | None, after: Item) -> list[str]:
    """The usual hours stay; days the wrong way round; two that begin alike on the same weekday."""
    if after["name"] == USUAL:
        return [f"“{USUAL}” theo tệp cơ quan: hãy thêm một dòng có ngày bắt đầu, giờ cũ vẫn giữ."]
    wrong = []
    start = after.get("valid_from")
    if not start:
        return ["Hãy ghi từ ngày nào, để hạn đã tính theo giờ cũ không đổi."]
    if (after.get("valid_to") or "9999") < start:
        wrong.append("Ngày cuối trước ngày đầu.")
    mine = parse_weekdays(after.get("weekdays") or "")
    others = snapshot(doing.session, doing.office) | dict(doing.above)
    for name, other in others.items():
        same = other.get("valid_from") == start and name != after["name"]
        if same and parse_weekdays(other.get("weekdays") or "") == mine:
            wrong.append(f"“{name}” cũng từ ngày đó, cho cùng các thứ: giữ một dòng.")
    return wrong


def change(doing: Doing, key: str, _before: Item | None, after: Item) -> None:
    """Keep the hours; open dossiers follow with the next `jobs run`."""
    days = {k: date.fromisoformat(after[k]) if after.get(k) else None for k in _DAYS}
    weekdays = sorted(parse_weekdays(after.get("weekdays") or ""))
    doing.session.merge(
        OwnHours(
            name=key, hours=hours_text(parse_hours(after["hours"])), first_day=days["valid_from"],
            last_day=days["valid_to"], weekdays="".join(map(str, weekdays)),
        )
    )  # fmt: skip


_DAYS = ("valid_from", "valid_to")


def undo(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Back to how it stood."""
    if before is not None:
        change(doing, key, after, before)
        return
    row = doing.session.get(OwnHours, key)
    if row is not None:
        doing.session.delete(row)


HOURS = Kind(
    "gio", "Giờ làm việc", "giờ làm việc", SHEETS, "name", snapshot, check, change, undo,
    merges={},
)  # fmt: skip
