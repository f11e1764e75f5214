"""Who is who: the units of an organisation file, one instance in every commune where it says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.faults import SLUG, SLUG_TEXT, Fault, Faults, Table, date_text
from app.core.procedure_terms import ERAS
from app.core.refusals import Refused

UNIT_KINDS = (
    "people_committee",
    "office",
    "one_stop",
    "citizen_reception",
    "department",
    "officer",
    "council",
    "vertical",
)
TIERS = ("tỉnh", "huyện", "xã", "khu vực")
COMMUNE_TYPES = ("xã", "phường", "thị trấn", "đặc khu")

_FILE = {
    "schema": "int",
    "era": "text",
    "valid_from": "date",
    "valid_to": "date",
    "district": "text",
    "district_code": "text",
    "province": "text",
    "province_code": "text",
    "source": "text",
    "notes": "texts",
    "units": "tables",
    "communes": "tables",
}
_UNIT = {
    "id": "text",
    "name": "text",
    "kind": "text",
    "tier": "text",
    "parent": "text",
    "per_commune": "bool",
    "valid_from": "date",
    "valid_to": "date",
    "former_names": "texts",
    "note": "text",
}
_COMMUNE = {
    "code": "text",
    "type": "text",
    "name": "text",
    "slug": "text",
    "valid_from": "date",
    "valid_to": "date",
    "successor": "text",
    "formed_from": "texts",
    "note": "text",
}


def _holds(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    return (valid_from or date.min) <= day <= (valid_to or date.max)


@dataclass(frozen=True, slots=True)
class Unit:
    """A body or a part of one, valid from one day to another (both included; None = open).

    id: `phong-tckh`, or `mot-cua-xa@nga-yen` for the instance of one commune. parent: full id too.
    path: `/ubnd-tinh/ubnd-huyen/phong-tckh/`, the ancestors and the unit itself.
    """

    id: str
    name: str
    kind: str
    tier: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    former_names: tuple[str, ...]
    base_id: str
    commune_slug: str | None
    path: str

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on the day."""
        return _holds(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune (xã, phường, thị trấn); the slug is unique in its file, code and name are not."""

    code: str
    type: str
    name: str
    slug: str
    valid_from: date | None
    valid_to: date | None
    successor: str | None

    @property
    def full_name(self) -> str:
        """`xã Nga Yên`, `thị trấn Nga Sơn`."""
        return f"{self.type} {self.name}"

    def valid_on(self, day: date) -> bool:
        """Whether the commune exists on the day."""
        return _holds(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation file, expanded. bases: the file's own records by id, for the checkers."""

    file: str
    era: str
    bases: Mapping[str, Table]
    communes: tuple[Commune, ...]
    units: Mapping[str, Unit]

    def path(self, unit_id: str) -> str:
        """`/ubnd-tinh/ubnd-huyen/phong-tckh/`; Refused `no_such_unit` for an unknown id."""
        return self.unit(unit_id).path

    def unit(self, unit_id: str) -> Unit:
        """The unit of a full id; Refused `no_such_unit` for an unknown one."""
        unit = self.units.get(unit_id)
        if unit is None:
            raise Refused(
                "no_such_unit",
                f"Không có đơn vị “{unit_id}” trong tổ chức của đơn vị này, hãy kiểm tra lại mã.",
                detail={"unit": unit_id},
            )
        return unit

    def resolve(self, unit_id: str, commune_slug: str | None = None) -> Unit:
        """The unit a procedure file means: of its bare id, the instance of that commune.

        Refused `commune_required` where the id has one instance a commune and none is named.
        """
        if not self.bases.get(unit_id, {}).get("per_commune"):
            return self.unit(unit_id)
        if not commune_slug:
            raise Refused(
                "commune_required",
                f"“{self.bases[unit_id]['name']}” có ở từng xã, hãy chọn xã, thị trấn.",
                fields={"commune": "Hãy chọn xã, thị trấn."},
                detail={"unit": unit_id},
            )
        return self.unit(f"{unit_id}@{commune_slug}")

    def communes_on(self, day: date) -> tuple[Commune, ...]:
        """The communes that exist on the day, in the file's order."""
        return tuple(commune for commune in self.communes if commune.valid_on(day))


def parse_organisation(file: str, data: Table) -> Organisation:
    """The organisation of a checked file; `file` is the name that messages show."""
    return Organisation(
        file,
        data["era"],
        {record["id"]: record for record in data["units"]},
        tuple(communes_of(data)),
        {unit.id: unit for unit in expand(data)},
    )


def slug_of(name: str) -> str:
    """`Nga Yên` → `nga-yen`: letters without marks, `đ` as `d`, words joined by hyphens."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", plain)))


def communes_of(organisation: Table) -> Iterator[Commune]:
    """The file's communes, each with a slug of its own.

    Two names may fold to the same letters (Nga Thanh, Nga Thành): the later one in the file then
    gets its code behind it (`nga-thanh-16141`), and a running number should that be taken too.
    """
    taken: set[str] = set()
    for record in organisation.get("communes", []):
        slug = record.get("slug") or slug_of(record["name"])
        if slug in taken:
            slug = f"{slug}-{record['code']}"
        plain, number = slug, 2
        while slug in taken:
            slug, number = f"{plain}-{number}", number + 1
        taken.add(slug)
        yield Commune(
            record["code"],
            record["type"],
            record["name"],
            slug,
            *_shared_days(organisation, record),
            record.get("successor"),
        )


def expand(organisation: Table) -> list[Unit]:
    """All units of a checked file; a `per_commune` one becomes `ID@slug` in every commune."""
    records = {record["id"]: record for record in organisation["units"]}
    communes = list(communes_of(organisation))
    units = []
    for record in records.values():
        if record.get("per_commune"):
            units += [_instance(organisation, records, record, commune) for commune in communes]
        else:
            units.append(_single(organisation, records, record))
    return units


def _single(organisation: Table, records: Mapping[str, Table], record: Table) -> Unit:
    return Unit(
        id=record["id"],
        name=record["name"],
        kind=record["kind"],
        tier=record["tier"],
        parent=record.get("parent"),
        valid_from=_shared_days(organisation, record)[0],
        valid_to=_shared_days(organisation, record)[1],
        former_names=tuple(record.get("former_names", ())),
        base_id=record["id"],
        commune_slug=None,
        path=_path(records, record, None),
    )


def _instance(
    organisation: Table, records: Mapping[str, Table], record: Table, commune: Commune
) -> Unit:
    days = {"valid_from": commune.valid_from, "valid_to": commune.valid_to}
    first, last = _shared_days(organisation, record, days)
    parent = record.get("parent")
    return Unit(
        id=_full_id(record, commune.slug),
        name=_name_in(record["name"], commune),
        kind=record["kind"],
        tier=record["tier"],
        parent=_full_id(records[parent], commune.slug) if parent else None,
        valid_from=first,
        valid_to=last,
        former_names=tuple(record.get("former_names", ())),
        base_id=record["id"],
        commune_slug=commune.slug,
        path=_path(records, record, commune.slug),
    )


def _full_id(record: Table, slug: str | None) -> str:
    return f"{record['id']}@{slug}" if slug and record.get("per_commune") else str(record["id"])


def _path(records: Mapping[str, Table], record: Table, slug: str | None) -> str:
    names = [_full_id(record, slug)]
    while parent := record.get("parent"):
        record = records[parent]
        names.append(_full_id(record, slug))
    return f"/{'/'.join(reversed(names))}/"


def _name_in(name: str, commune: Commune) -> str:
    """The unit's name in one commune: the words for "the commune" give way to its own name."""
    named, count = re.subn(r"xã, thị trấn|cấp xã|\bxã\b(?! hội)", commune.full_name, name, count=1)
    return named if count else f"{name} {commune.full_name}"


def _shared_days(*spans: Table) -> tuple[date | None, date | None]:
    """The days that all the tables share; None where no table sets a bound."""
    firsts = [span["valid_from"] for span in spans if span.get("valid_from")]
    lasts = [span["valid_to"] for span in spans if span.get("valid_to")]
    return max(firsts, default=None), min(lasts, default=None)


def organisation_faults(file: str, data: Table) -> list[Fault]:
    """What is wrong in an organisation file; none means that it can be parsed."""
    faults = Faults(file)
    faults.texts("", data)
    if not faults.shape("", data, _FILE, ("schema", "era", "source", "units", "communes")):
        return faults.found
    faults.check(data["schema"] == 1, "schema", "phải là 1")
    faults.listed("era", data["era"], ERAS)
    _check_days(faults, "valid_to", data)
    _check_units(faults, data["units"])
    _check_communes(faults, data["communes"])
    return faults.found


def _check_days(faults: Faults, key: str, record: Table) -> None:
    first, last = record.get("valid_from"), record.get("valid_to")
    if first and last and last < first:
        faults.add(key, f"ngày cuối {date_text(last)} trước ngày đầu {date_text(first)}")


def _check_units(faults: Faults, units: list[dict[str, Any]]) -> None:
    above: dict[str, Table] = {}
    for i, unit in enumerate(units):
        key = f"units[{i}]"
        if not faults.shape(key, unit, _UNIT, ("id", "name", "kind", "tier")):
            continue
        text = f"“{unit['id']}” không đúng dạng, {SLUG_TEXT}"
        faults.check(bool(SLUG.fullmatch(unit["id"])), f"{key}.id", text)
        text = f"mã “{unit['id']}” đã dùng ở trên, mỗi đơn vị một mã"
        faults.check(unit["id"] not in above, f"{key}.id", text)
        faults.listed(f"{key}.kind", unit["kind"], UNIT_KINDS)
        faults.listed(f"{key}.tier", unit["tier"], TIERS)
        _check_days(faults, f"{key}.valid_to", unit)
        _check_parent(faults, key, unit, above)
        above.setdefault(unit["id"], unit)


def _check_parent(faults: Faults, key: str, unit: Table, above: Mapping[str, Table]) -> None:
    """A parent stands above its parts in the file, so no unit can be its own ancestor."""
    parent = unit.get("parent")
    if parent is None:
        return
    text = f"ở trên không có đơn vị “{parent}”, đơn vị cấp trên phải đứng trước “{unit['id']}”"
    if faults.check(parent in above, f"{key}.parent", text):
        inside = above[parent].get("per_commune") and not unit.get("per_commune")
        text = f"“{parent}” có ở từng xã (per_commune), “{unit['id']}” cũng phải như vậy"
        faults.check(not inside, f"{key}.parent", text)


def _check_communes(faults: Faults, communes: list[dict[str, Any]]) -> None:
    slugs: list[str] = []
    for i, commune in enumerate(communes):
        key = f"communes[{i}]"
        if not faults.shape(key, commune, _COMMUNE, ("code", "type", "name")):
            continue
        faults.listed(f"{key}.type", commune["type"], COMMUNE_TYPES)
        _check_days(faults, f"{key}.valid_to", commune)
        if "slug" in commune:
            slug = commune["slug"]
            text = f"“{slug}” không đúng dạng, {SLUG_TEXT}"
            faults.check(bool(SLUG.fullmatch(slug)), f"{key}.slug", text)
            text = f"“{slug}” đã dùng cho xã ở trên, mỗi xã một tên"
            faults.check(slug not in slugs, f"{key}.slug", text)
            slugs.append(slug)
    if slugs and len(slugs) != len(communes):
        faults.add("communes", "có xã chưa ghi tên viết liền không dấu (slug), hãy ghi cho mọi xã")


def units_below(units: Collection[Unit], top: str) -> list[Unit]:
    """The unit of that id and all its parts, at any depth."""
    return [unit for unit in units if f"/{top}/" in unit.path]
