"""The list of units: made, renamed, closed; never deleted, never moved."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from app.core.organisation import TIERS, UNIT_KINDS
from app.core.refusals import Refused
from app.journey.office import Db, Office
from app.models import Dossier, Posting, Step, Unit
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
        Column("id", "Mã đơn vị", required=True, hint="Ví dụ: phong-tckh"),
        Column("name", "Tên", required=True),
        Column("kind", "Loại", required=True, choices={k: KINDS.get(k, k) for k in UNIT_KINDS}),
        Column("tier", "Cấp", required=True, choices={t: t for t in TIERS}),
        Column("parent", "Mã đơn vị cấp trên"),
        Column("agency_code", "Mã định danh"),
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


def may_undo(doing: Doing, items: Mapping[str, Pair]) -> None:
    """A unit made by mistake goes only while nothing hangs on it, but what goes with it."""
    made = [key for key, item in items.items() if item["before"] is None]
    for start in range(0, len(made), 500):
        keys = made[start : start + 500]
        used = doing.session.scalar(
            select(Unit.id).where(
                Unit.id.in_(keys),
                or_(
                    exists().where(Posting.unit_id == Unit.id),
                    exists().where(Step.unit_id == Unit.id),
                    exists().where(Dossier.one_stop == Unit.id),
                    exists().where(_CHILD.parent_id == Unit.id, _CHILD.id.not_in(made)),
                ),
            )
        )
        if used:
            raise Refused("in_use", f"Đơn vị {used} đã có người hoặc hồ sơ, chỉ đóng lại được.")


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
    may_undo=may_undo,
)  # fmt: skip
