"""The catalogue: procedures with their papers, fees, limits and routes, an edition a change."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import exists, select

from app.catalogue import organisations_in
from app.core import procedure_terms as terms
from app.core.faults import Fault
from app.core.organisation import Organisation
from app.core.procedure import to_json
from app.core.procedure_check import check_content
from app.core.refusals import Refused
from app.journey import publishing
from app.journey.office import Db, Office
from app.models import Dossier, ProcedureEdition
from app.setup.book import Sheet
from app.setup.choices import CHOICES
from app.setup.columns import Column
from app.setup.kind import Doing, Item, Kind, Pair, Wrong
from app.setup.labels import LABELS

_KINDS = {"stated_date": "date", "table": "json", "tables": "json"}
_HEAD_LEFT = ("time_limit", "cases", "components", "fees", "steps", "schema", "effective_from")
_UNITS = {".agency", ".department", "steps.unit"}
CODE = Column("code", "Mã thủ tục", required=True)


def _columns(
    spec: Mapping[str, str], *left: str, part: str = "", prefix: str = "",
    needed: Collection[str] = (),
) -> tuple[Column, ...]:  # fmt: skip
    return tuple(
        Column(
            prefix + key, LABELS.get(prefix + key, key), _KINDS.get(kind, kind), key in needed,
            CHOICES.get(f"{part}.{key}"), units=f"{part}.{key}" in _UNITS,
        )
        for key, kind in spec.items()
        if key not in left
    )  # fmt: skip


_LIMIT = _columns(
    terms.TIME_LIMIT,
    "extensions",
    "pauses",
    part="limit",
    prefix="limit_",
    needed=("amount", "unit"),
)
_MAIN = _columns(terms.PROCEDURE, "code", *_HEAD_LEFT, needed=terms.PROCEDURE_REQUIRED)
_NEEDED = {
    "extensions": ("when", "effect"), "pauses": ("kind", "name"), "cases": ("id", "name"),
    "components": ("name", "kind", "originals", "copies", "required"), "fees": ("name", "kind"),
    "steps": ("name", "role", "unit", "time", "time_unit"),
}  # fmt: skip


def _part(name: str, spec: Mapping[str, str]) -> tuple[Column, ...]:
    return _columns(spec, part=name, needed=_NEEDED[name])


SHEETS = (
    Sheet("Thủ tục", (CODE, *_MAIN, *_LIMIT)),
    Sheet("Gia hạn", (CODE, *_part("extensions", terms.EXTENSION)), part="extensions"),
    Sheet("Tạm dừng", (CODE, *_part("pauses", terms.PAUSE)), part="pauses"),
    Sheet("Trường hợp", (CODE, *_part("cases", terms.CASE)), part="cases"),
    Sheet("Giấy tờ", (CODE, *_part("components", terms.COMPONENT)), part="components"),
    Sheet("Phí, lệ phí", (CODE, *_part("fees", terms.FEE)), part="fees"),
    Sheet("Các bước", (CODE, *_part("steps", terms.STEP)), part="steps"),
)
_TYPED_DATES = ("as_of", "effective_from")


def item_of(data: Mapping[str, Any]) -> Item:
    """A procedure's content as an item: the limit's values beside the head, lists as parts."""
    limit = data["time_limit"]
    item = {c.key: data.get(c.key) for c in (CODE, *_MAIN)}
    item |= {c.key: limit.get(c.key.removeprefix("limit_")) for c in _LIMIT}
    item["extensions"], item["pauses"] = limit.get("extensions", []), limit.get("pauses", [])
    for part in ("cases", "components", "fees", "steps"):
        item[part] = data.get(part, [])
    return item


def data_of(item: Item) -> dict[str, Any]:
    """The content of an item, as a rule file would hold it; days are days."""
    data: dict[str, Any] = {"schema": 1}
    data |= {c.key: item[c.key] for c in (CODE, *_MAIN) if item.get(c.key) is not None}
    limit = {
        c.key.removeprefix("limit_"): item[c.key] for c in _LIMIT if item.get(c.key) is not None
    }
    for part in ("extensions", "pauses"):
        if item.get(part):
            limit[part] = item[part]
    data["time_limit"] = limit
    for part in ("cases", "components", "fees", "steps"):
        if item.get(part):
            data[part] = item[part]
    for key in _TYPED_DATES:
        if isinstance(data.get(key), str):
            data[key] = date.fromisoformat(data[key])
    return data


def snapshot(session: Db, office: Office, keys: Collection[str] | None = None) -> dict[str, Item]:
    """Procedures offered, by code: the content of the latest edition."""
    latest: dict[str, ProcedureEdition] = {}
    era = office.profile.era
    query = select(ProcedureEdition).where(ProcedureEdition.era == era)
    if keys is not None:
        query = query.where(ProcedureEdition.code.in_(keys))
    for row in session.scalars(query.order_by(ProcedureEdition.code, ProcedureEdition.number)):
        latest[row.code] = row
    return {code: item_of(json.loads(row.content)) for code, row in sorted(latest.items())}


def _organisations(office: Office) -> Mapping[str, Organisation]:
    """By era, the office's own with the units that were made or closed on the pages.

    The files are read once a process, since they change with a release only.
    """
    kept = current_app.extensions.setdefault("motcua.organisations", {})
    if not kept:
        folder: Path = current_app.extensions["motcua.settings"].procedures_dir
        kept |= organisations_in(folder)
    found: dict[str, Organisation] = dict(kept)
    own = found.get(office.profile.era)
    if own is not None:
        bases = dict(own.bases)
        for unit in office.units.values():
            if unit.base_id not in bases:
                bases[unit.base_id] = {
                    "id": unit.base_id, "name": unit.name, "kind": unit.kind, "tier": unit.tier,
                    "valid_to": unit.valid_to, "per_commune": unit.commune_slug is not None,
                }  # fmt: skip
        found[own.era] = replace(own, bases=bases)
    return found


def check(doing: Doing, before: Item | None, after: Item) -> list[str | Wrong]:
    """Every fault that `flask procedures check` would name, by the column in which it stands."""
    data = data_of(after)
    slug = str(data.get("field_slug", "-"))
    path = f"{slug}/{data['code']}.toml"
    faults = check_content(path, data, _organisations(doing.office))
    wrong: list[str | Wrong] = [_placed(fault) for fault in faults]
    own = after.get("era") == doing.office.profile.era
    if before is None and doing.starts_on is None and not own:
        wrong.append("“Mô hình tổ chức” không phải của cơ quan này.")
    return wrong


_PART = re.compile(r"(?:time_limit\.)?(extensions|pauses|cases|components|fees|steps)\[(\d+)\]\.?")


def _placed(fault: Fault) -> Wrong:
    """A fault with the words of its column, and the row of the list in which it is."""
    found = _PART.match(fault.key)
    part, index = (found[1], int(found[2])) if found else ("", 0)
    rest = fault.key[found.end() :] if found else fault.key
    name = rest.removeprefix("time_limit.") if not part else rest
    limited = not part and rest.startswith("time_limit.")
    key = re.split(r"[.\[]", name, maxsplit=1)[0]
    label = LABELS.get(f"limit_{key}" if limited else key, "")
    label = label or LABELS.get(key, "Mã thủ tục" if key == "code" else "")
    return Wrong(f"“{label}”: {fault.text}" if label else fault.text, part, index)


def bars_change(doing: Doing, items: Mapping[str, Pair]) -> dict[str, str]:
    """A day after every edition of each procedure that stands; Refused without it or a decision."""
    if doing.starts_on is None or not doing.decision:
        raise Refused(
            "decision_needed", "Hãy ghi số quyết định công bố và ngày áp dụng.",
            fields={"decision": "Hãy ghi số quyết định."},
        )  # fmt: skip
    era = doing.office.profile.era
    found = publishing.later_editions(doing.session, items, era, doing.starts_on)
    return {code: refused.sentence for code, refused in found.items()}


def change(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Publish a new edition from a day, by a decision; open dossiers keep theirs."""
    assert doing.starts_on is not None  # noqa: S101 - asked before
    data = data_of(after)
    sha = hashlib.sha256(to_json(data).encode()).hexdigest()
    publishing.publish(doing.session, data, sha, doing.decision, doing.starts_on, doing.now)


def bars_undo(doing: Doing, items: Mapping[str, Pair]) -> dict[str, str]:
    """Each edition of the set still stands, and no dossier was received under it."""
    mine = (
        ProcedureEdition.code.in_(items), ProcedureEdition.effective_from == doing.starts_on,
    )  # fmt: skip
    standing = set(doing.session.scalars(select(ProcedureEdition.code).where(*mine)))
    bars = {
        key: f"Không còn bản của thủ tục {key} từ ngày đó." for key in items if key not in standing
    }
    used = exists().where(Dossier.edition_id == ProcedureEdition.id)
    for code in doing.session.scalars(select(ProcedureEdition.code).where(*mine, used)):
        bars[code] = f"Đã có hồ sơ nhận theo bản mới của {code}: hãy công bố bản sửa tiếp theo."
    return bars


def undo(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Take the edition back."""
    row = doing.session.scalars(
        select(ProcedureEdition)
        .where(ProcedureEdition.code == key, ProcedureEdition.effective_from == doing.starts_on)
    ).one()  # fmt: skip
    doing.session.delete(row)


PROCEDURES = Kind(
    "thu-tuc", "Danh mục thủ tục và quy trình", "thủ tục", SHEETS, "code", snapshot, check,
    change, undo, merges={}, bars_change=bars_change, bars_undo=bars_undo, is_rule=True,
)  # fmt: skip
