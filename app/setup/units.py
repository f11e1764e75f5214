"""The list of units: made, renamed, closed; never deleted, never moved."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from app.core.organisation import TIERS, UNIT_KINDS
from app.journey.office import Db, Office
from app.models import Base, Unit
from app.setup.book import Sheet
from app.setup.columns import Column
from app.setup.kind import Doing, Item, Kind, Pair

KINDS = {
    "people_committee": "Ủy ban nhân dân", "office": "Văn phòng", "one_stop": "Bộ phận Một cửa",
    "citizen_reception": "Tiếp công dân", "department": "Phòng chuyên môn",
    "officer": "Chức danh chuyên môn", "council": "Hội đồng", "vertical": "Cơ quan ngành dọc",
}  # fmt: skip
SHEETS = (
    Sheet("Đơn vị", (
        Column("id", "Mã đơn vị", required=True, most=50, hint="Ví dụ: phong-tckh"),
        Column("name", "Tên", required=True, most=300),
        Column("kind", "Loại", required=True, choices={k: KINDS.get(k, k) for k in UNIT_KINDS}),
        Column("tier", "Cấp", required=True, choices={t: t for t in TIERS}),
        Column("parent", "Mã đơn vị cấp trên", most=80, units=True),
        Column("agency_code", "Mã định danh", most=35),
        Column("valid_from", "Từ ngày", "date"),
        Column("valid_to", "Đến hết ngày", "date"),
    )),
)  # fmt: skip
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(@[a-z0-9]+(-[a-z0-9]+)*)?")
_CHILD = aliased(Unit)
_FIXED = {"kind": "loại", "tier": "cấp", "parent": "đơn vị cấp trên"}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def snapshot(session: Db, office: Office, keys: Collection[str] | None = None) -> dict[str, Item]:
    """Units by id, parents first."""
    query = select(Unit) if keys is None else select(Unit).where(Unit.id.in_(keys))
    return {
        u.id: {
            "id": u.id, "name": u.name, "kind": u.kind, "tier": u.tier, "parent": u.parent_id,
            "agency_code": u.agency_code, "valid_from": _iso(u.valid_from),
            "valid_to": _iso(u.valid_to),
        }
        for u in session.scalars(query.order_by(Unit.path))
    }  # fmt: skip


def check(doing: Doing, before: Item | None, after: Item) -> list[str]:
    """A bad id, an unknown parent, days the wrong way round; what may not change."""
    wrong = []
    if not _ID.fullmatch(after["id"]):
        wrong.append("Mã đơn vị gồm chữ thường không dấu, số, gạch ngang, ví dụ phong-tckh.")
    parent = after.get("parent")
    if parent and parent not in doing.office.units and parent not in doing.above:
        wrong.append(f"Không có đơn vị cấp trên “{parent}”, trong bảng hay ở dòng trên của tệp.")
    if (after.get("valid_to") or "9999") < (after.get("valid_from") or "0000"):
        wrong.append("Ngày cuối trước ngày đầu.")
    for key, words in _FIXED.items():
        if before is not None and before.get(key) != after.get(key):
            wrong.append(f"Không đổi {words} của đơn vị đang có: đóng nó và lập đơn vị mới.")
    return wrong


def change(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Make the unit, or rename, date or close it; a former name is kept with its last day."""
    row = doing.session.get(Unit, key)
    if row is None:
        parent = doing.session.get(Unit, after["parent"]) if after.get("parent") else None
        base, _, slug = key.partition("@")
        row = Unit(
            id=key, base_id=base, commune_slug=slug or (parent.commune_slug if parent else None),
            name="", kind=after["kind"], tier=after["tier"], parent_id=after.get("parent"),
            path=f"{parent.path if parent else '/'}{key}/", former_names="[]",
        )  # fmt: skip
        doing.session.add(row)
    if row.name and row.name != after["name"]:
        former = json.loads(row.former_names or "[]")
        former.append({"name": row.name, "until": doing.today.isoformat()})
        row.former_names = json.dumps(former, ensure_ascii=False)
    row.name, row.agency_code = after["name"], after.get("agency_code")
    for name in ("valid_from", "valid_to"):
        text = after.get(name)
        setattr(row, name, date.fromisoformat(text) if text else None)
    doing.session.flush()


def bars_undo(doing: Doing, items: Mapping[str, Pair]) -> dict[str, str]:
    """A unit made by mistake goes only while nothing hangs on it, but what goes with it."""
    made = [key for key, item in items.items() if item["before"] is None]
    used: set[str] = set()
    for start in range(0, len(made), 500):
        keys = made[start : start + 500]
        pointing = [exists().where(column == Unit.id) for column in _pointing()]
        child = exists().where(_CHILD.parent_id == Unit.id, _CHILD.id.not_in(made))
        query = select(Unit.id).where(Unit.id.in_(keys), or_(child, *pointing))
        used |= set(doing.session.scalars(query))
    used |= _named_in_procedures(doing.office) & set(made)
    return {
        key: f"Đơn vị {key} đã có người, hồ sơ, ủy quyền hoặc thủ tục, chỉ đóng lại được."
        for key in made if key in used
    }  # fmt: skip


def _pointing() -> Iterator[Any]:
    """Every column of every table that names a unit, but the parent of units."""
    units = Base.metadata.tables["unit"]
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if table is not units and any(k.column is units.c.id for k in column.foreign_keys):
                yield column


def _named_in_procedures(office: Office) -> set[str]:
    """Units that an edition of a procedure names, in its head or in a step."""
    found: set[str] = set()
    for edition in office.editions.values():
        found |= edition.procedure.units
    return found


def undo(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Back to how it stood."""
    if before is not None:
        change(doing, key, after, before)
        return
    row = doing.session.get(Unit, key)
    if row is not None:
        doing.session.delete(row)
        doing.session.flush()  # the lower one goes first


UNITS = Kind(
    "don-vi", "Đơn vị", "đơn vị", SHEETS, "id", snapshot, check, change, undo, merges={},
    bars_undo=bars_undo,
)  # fmt: skip
