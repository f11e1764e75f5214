"""The catalogue: procedures with their papers, fees, limits and routes, an edition a change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import exists, select

from app.catalogue import organisations_in
from app.core import procedure_terms as terms
from app.core.procedure import to_json
from app.core.procedure_check import check_content
from app.core.refusals import Refused
from app.journey import publishing
from app.journey.office import Db, Office
from app.models import Dossier, ProcedureEdition
from app.setup.book import Sheet
from app.setup.columns import Column
from app.setup.kind import Doing, Item, Kind, Pair
from app.setup.labels import LABELS

_KINDS = {"stated_date": "date", "table": "json", "tables": "json"}
_HEAD_LEFT = ("time_limit", "cases", "components", "fees", "steps", "schema", "effective_from")
CODE = Column("code", "Mã thủ tục", required=True)


def _columns(
    spec: Mapping[str, str], *left: str, prefix: str = "", needed: Collection[str] = ()
) -> tuple[Column, ...]:
    return tuple(
        Column(prefix + key, LABELS.get(prefix + key, key), _KINDS.get(kind, kind), key in needed)
        for key, kind in spec.items()
        if key not in left
    )


_LIMIT = _columns(
    terms.TIME_LIMIT, "extensions", "pauses", prefix="limit_", needed=("amount", "unit")
)
_MAIN = _columns(terms.PROCEDURE, "code", *_HEAD_LEFT, needed=terms.PROCEDURE_REQUIRED)
SHEETS = (
    Sheet("Thủ tục", (CODE, *_MAIN, *_LIMIT)),
    Sheet("Gia hạn", (CODE, *_columns(terms.EXTENSION)), part="extensions"),
    Sheet("Tạm dừng", (CODE, *_columns(terms.PAUSE)), part="pauses"),
    Sheet("Trường hợp", (CODE, *_columns(terms.CASE)), part="cases"),
    Sheet("Giấy tờ", (CODE, *_columns(terms.COMPONENT)), part="components"),
    Sheet("Phí, lệ phí", (CODE, *_columns(terms.FEE)), part="fees"),
    Sheet("Các bước", (CODE, *_columns(terms.STEP)), part="steps"),
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


def _organisations() -> Mapping[str, Any]:
    """By era; read once a process, since the rule files change with a release only."""
    kept = current_app.extensions.setdefault("motcua.organisations", {})
    if not kept:
        folder: Path = current_app.extensions["motcua.settings"].procedures_dir
        kept |= organisations_in(folder)
    return dict(kept)


def check(doing: Doing, before: Item | None, after: Item) -> list[str]:
    """Every fault that `flask procedures check` would name."""
    data = data_of(after)
    slug = str(data.get("field_slug", "-"))
    faults = check_content(f"{slug}/{data['code']}.toml", data, _organisations())
    wrong = [f"{fault.key}: {fault.text}" for fault in faults]
    if before is None and doing.starts_on is None and after.get("era") != doing.office.profile.era:
        wrong.append("era: không phải mô hình tổ chức của cơ quan này")
    return wrong


def may_change(doing: Doing, items: Mapping[str, Pair]) -> None:
    """A decision and a day, after every edition of each procedure that stands."""
    if doing.starts_on is None or not doing.decision:
        raise Refused(
            "decision_needed", "Hãy ghi số quyết định công bố và ngày áp dụng.",
            fields={"decision": "Hãy ghi số quyết định."},
        )  # fmt: skip
    publishing.check_start(doing.session, items, doing.office.profile.era, doing.starts_on)


def change(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Publish a new edition from a day, by a decision; open dossiers keep theirs."""
    assert doing.starts_on is not None  # noqa: S101 - asked before
    data = data_of(after)
    sha = hashlib.sha256(to_json(data).encode()).hexdigest()
    publishing.publish(doing.session, data, sha, doing.decision, doing.starts_on, doing.now)


def may_undo(doing: Doing, items: Mapping[str, Pair]) -> None:
    """Each edition of the set still stands, and no dossier was received under it."""
    mine = (
        ProcedureEdition.code.in_(items), ProcedureEdition.effective_from == doing.starts_on,
    )  # fmt: skip
    standing = set(doing.session.scalars(select(ProcedureEdition.code).where(*mine)))
    gone = next((key for key in items if key not in standing), None)
    if gone is not None:
        raise Refused("nothing_to_undo", f"Không còn bản của thủ tục {gone} từ ngày đó.")
    used = exists().where(Dossier.edition_id == ProcedureEdition.id)
    code = doing.session.scalar(select(ProcedureEdition.code).where(*mine, used).limit(1))
    if code is not None:
        raise Refused(
            "in_use", f"Đã có hồ sơ nhận theo bản mới của {code}: hãy công bố bản sửa tiếp theo."
        )


def undo(doing: Doing, key: str, before: Item | None, after: Item) -> None:
    """Take the edition back."""
    row = doing.session.scalars(
        select(ProcedureEdition)
        .where(ProcedureEdition.code == key, ProcedureEdition.effective_from == doing.starts_on)
    ).one()  # fmt: skip
    doing.session.delete(row)


PROCEDURES = Kind(
    "thu-tuc", "Danh mục thủ tục và quy trình", "thủ tục", SHEETS, "code", snapshot, check,
    change, undo, merges={}, may_change=may_change, may_undo=may_undo, is_rule=True,
)  # fmt: skip
