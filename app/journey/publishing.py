"""Puts units, editions and delegation records into the database; what is open keeps its own."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from app.core.delegation import Delegation as Record
from app.core.organisation import Organisation
from app.core.procedure import parse, to_json
from app.core.refusals import Refused
from app.journey.office import Db, touch_stamp
from app.models import DelegatedProcedure, Delegation, ProcedureEdition, Unit


@dataclass(slots=True)
class Loaded:
    """What a load did, by code: new editions, those already known, those whose content differs."""

    new: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def renew(session: Db) -> None:
    """Tell every process to read units, editions and delegations anew."""
    touch_stamp(session, str(uuid7()))


def load_organisation(session: Db, organisation: Organisation) -> int:
    """Make the units of an organisation file exist as the file says; returns how many are new.

    A renamed unit keeps its former name with the day; no unit is ever deleted.
    """
    known = {unit.id: unit for unit in session.scalars(select(Unit))}
    new = 0
    for unit in sorted(organisation.units.values(), key=lambda u: u.path.count("/")):
        row = known.get(unit.id)
        if row is None:
            row = Unit(id=unit.id, former_names="[]")
            session.add(row)
            new += 1
        former = list(unit.former_names)
        if row.name and row.name != unit.name and row.name not in former:
            former.append(row.name)
        row.base_id, row.commune_slug = unit.base_id, unit.commune_slug
        row.name, row.kind, row.tier = unit.name, unit.kind, unit.tier
        row.parent_id, row.path = unit.parent, unit.path
        row.valid_from, row.valid_to = unit.valid_from, unit.valid_to
        row.former_names = json.dumps(former, ensure_ascii=False)
    session.flush()
    return new


def load_procedures(
    session: Db, files: Iterable[tuple[str, Mapping[str, Any]]], now: datetime
) -> Loaded:
    """Publish the editions of rule files, each (sha256, content), that are not known yet.

    A file whose (code, effective_from) is known with other content is left alone and reported:
    a change needs `flask procedures publish` with its decision and date.
    """
    known = {
        (row.code, row.effective_from): row for row in session.scalars(select(ProcedureEdition))
    }
    numbers: dict[str, int] = {}
    for code, _ in known:
        numbers[code] = numbers.get(code, 0) + 1
    out = Loaded()
    ordered = sorted(files, key=lambda f: (f[1]["code"], f[1].get("effective_from") or date.min))
    for sha256, data in ordered:
        code, start = data["code"], data.get("effective_from")
        label = f"{code} từ {start}" if start else code
        row = known.get((code, start))
        if row is not None:
            (out.same if row.content == to_json(data) else out.changed).append(label)
            continue
        numbers[code] = numbers.get(code, 0) + 1
        session.add(_edition(data, numbers[code], start, "", sha256, now))
        out.new.append(label)
    session.flush()
    return out


def publish(
    session: Db, data: Mapping[str, Any], sha256: str, decision: str, start: date, now: datetime
) -> ProcedureEdition:
    """Put a new edition of a procedure in force from a day, by a decision.

    Open dossiers keep the edition they were received under. Refused `edition_exists` where an
    edition of that day stands already, `edition_order` where a later one does.
    """
    code = data["code"]
    for refused in later_editions(session, [code], data["era"], start).values():
        raise refused
    own = select(func.max(ProcedureEdition.number)).where(ProcedureEdition.code == code)
    content = {**data, "effective_from": start}
    parse(content)
    row = _edition(content, (session.scalar(own) or 0) + 1, start, decision, sha256, now)
    session.add(row)
    session.flush()
    return row


def later_editions(
    session: Db, codes: Collection[str], era: str, start: date
) -> dict[str, Refused]:
    """Why a new edition cannot start on that day, by code: `edition_exists`, `edition_order`."""
    told = (
        ProcedureEdition.code, ProcedureEdition.effective_from, ProcedureEdition.decision,
        ProcedureEdition.era,
    )  # fmt: skip
    later = ProcedureEdition.effective_from >= start
    found: dict[str, Refused] = {}
    for row in session.execute(select(*told).where(ProcedureEdition.code.in_(codes), later)):
        if row.effective_from == start:
            found[row.code] = Refused(
                "edition_exists",
                f"Thủ tục {row.code} đã có bản áp dụng từ {start:%d/%m/%Y} "
                f"({row.decision or 'theo tệp quy tắc'}). Hãy chọn ngày khác.",
            )
        elif row.era == era:
            found[row.code] = Refused(
                "edition_order",
                f"Thủ tục {row.code} đã có bản áp dụng từ {row.effective_from:%d/%m/%Y}, "
                f"sau ngày {start:%d/%m/%Y}. Ngày áp dụng phải sau bản mới nhất.",
            )
    return found


def _edition(
    data: Mapping[str, Any], number: int, start: date | None, decision: str, sha256: str,
    now: datetime,
) -> ProcedureEdition:  # fmt: skip
    return ProcedureEdition(
        code=data["code"], number=number, era=data["era"], effective_from=start,
        decision=decision, sha256=sha256, content=to_json(data), published_at=now,
    )  # fmt: skip


def load_delegations(session: Db, records: Iterable[Record]) -> int:
    """Enter delegation records by their number; a known number is left as it is."""
    known = set(session.scalars(select(Delegation.number)))
    new = 0
    for record in records:
        if record.number in known:
            continue
        row = Delegation(
            number=record.number, signed_on=record.date, from_unit=record.from_unit,
            to_one_stop=record.to_one_stop, level=record.level, staff=",".join(record.staff),
            valid_from=record.valid_from, valid_to=record.valid_to, revoked_at=record.revoked_at,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add_all(
            DelegatedProcedure(delegation_id=row.id, procedure_code=code)
            for code in record.procedures
        )
        new += 1
    session.flush()
    return new


def revoke_delegation(session: Db, number: str, last: date) -> None:
    """End a record after a day; Refused `no_such_delegation`. Open dossiers keep their route."""
    row = session.scalar(select(Delegation).where(Delegation.number == number))
    if row is None:
        raise Refused("no_such_delegation", f"Không có văn bản ủy quyền số {number}.")
    row.revoked_at = last
    session.flush()
