"""Every rule of the schema for one procedure file; the limit, steps and papers have own modules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from app.core.faults import Fault, Faults, Table, read_toml
from app.core.organisation import Organisation
from app.core.procedure_limit_check import check_limit, check_short_limit
from app.core.procedure_papers_check import check_components, check_fees
from app.core.procedure_steps_check import check_steps
from app.core.procedure_terms import (
    APPLICANTS,
    CASE,
    CHANNELS,
    ERAS,
    LEVELS,
    PROCEDURE,
    PROCEDURE_REQUIRED,
    RECEIVERS,
    SOURCES,
    STEPS_BASES,
    TWO_LEVEL,
    TWO_LEVELS_BEGIN,
)

Organisations = Mapping[str, Organisation]
_CODE = re.compile(r"[0-9]\.[0-9]{6}")
_LAW = re.compile(r"\d+[a-z]?/(19|20)\d\d/[0-9A-ZĐ]|\d+/(QĐ|NQ|TT|CP)-?")
_NOT_EMPTY = ("received_at", "applicants", "channels", "results", "legal_basis")


def check_file(relative_path: str, raw: bytes, organisations: Organisations) -> list[Fault]:
    """The faults of one procedure file, none if it is good.

    relative_path: with forward slashes, from the rules folder (`ho-tich/1.001193.toml`).
    organisations: by era (`ba cấp`, `hai cấp`); an era that is not there leaves its units unknown.
    """
    return read_procedure(relative_path, raw, organisations)[1]


def read_procedure(
    relative_path: str, raw: bytes, organisations: Organisations
) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The file's content (None where it cannot be read) and its faults."""
    faults = Faults(relative_path)
    data = read_toml(faults, raw)
    if data is None:
        return None, faults.found
    return data, faults.found + check_content(relative_path, data, organisations)


def check_content(
    relative_path: str, data: dict[str, Any], organisations: Organisations
) -> list[Fault]:
    """The faults of a file's content, wherever it was written."""
    faults = Faults(relative_path)
    faults.texts("", data)
    if faults.shape("", data, PROCEDURE, PROCEDURE_REQUIRED):
        _check_head(faults, PurePosixPath(relative_path), data)
        if faults.listed("era", data["era"], ERAS):
            _check_body(faults, data, organisations)
    return faults.found


def edition_faults(files: Iterable[tuple[str, Table]]) -> list[Fault]:
    """What is wrong between files: the same edition twice, a later one that begins too early.

    files: path and content of every file that could be read.
    """
    seen: dict[tuple[str, date | None], tuple[str, Table]] = {}
    found = []
    for file, data in files:
        code, start = data.get("code"), data.get("effective_from")
        if not isinstance(code, str) or type(start) not in (date, type(None)):
            continue
        if (code, start) in seen:
            key = "effective_from" if start else "code"
            found.append(Fault(file, key, f"also in {seen[code, start][0]}"))
        seen.setdefault((code, start), (file, data))
    for (code, start), (file, _) in seen.items():
        first = seen.get((code, None))
        described = first[1].get("as_of") if first else None
        if type(start) is date and type(described) is date and start <= described:
            text = f"{start}, but edition 1 describes {described}"
            found.append(Fault(file, "effective_from", text))
    return found


def _check_head(faults: Faults, path: PurePosixPath, data: Table) -> None:
    """The keys that need no other file: names, lists, lengths."""
    faults.check(data["schema"] == 1, "schema", "1 expected")
    faults.check(bool(_CODE.fullmatch(data["code"])), "code", "form d.dddddd expected")
    _check_file_name(faults, path, data)
    slug = data["field_slug"]
    good = path.parent.name == slug and bool(re.fullmatch(r"[a-z0-9-]+", slug))
    faults.check(good, "field_slug", f"folder is {path.parent.name}")
    faults.check(data["name"] not in data.get("aliases", []), "aliases", "same as name")
    faults.listed("level", data["level"], LEVELS)
    for key, allowed in (("applicants", APPLICANTS), ("channels", CHANNELS)):
        for i, value in enumerate(data[key]):
            faults.listed(f"{key}[{i}]", value, allowed)
        faults.check(len(set(data[key])) == len(data[key]), key, "repeated")
    for key in _NOT_EMPTY:
        faults.check(bool(data[key]), key, "empty")
    faults.check(len(data["summary"]) <= 300, "summary", "over 300 characters")
    faults.check(data["sets"] >= 1, "sets", "at least 1")
    for i, law in enumerate(data["legal_basis"]):
        form = bool(_LAW.match(law))
        faults.check(form, f"legal_basis[{i}]", f"{law} has no form NUMBER/YEAR/…")
    wanted = ", ".join(f'"{start}"' for start in SOURCES)
    faults.check(data["source"].startswith(SOURCES), "source", f"must begin with one of {wanted}")
    faults.listed("steps_basis", data["steps_basis"], STEPS_BASES)


def _check_file_name(faults: Faults, path: PurePosixPath, data: Table) -> None:
    """CODE.toml is edition 1; CODE.DATE.toml a later one, with effective_from = DATE."""
    code, start = data["code"], data.get("effective_from")
    named = path.stem
    if named != code and (start is None or not named.startswith(f"{code}.")):
        faults.add("code", f"file is named {named}")
    elif start and named != f"{code}.{start}":
        faults.add("effective_from", f"{start} but file is named {named}")


def _check_body(faults: Faults, data: Table, organisations: Organisations) -> None:
    """The keys that lean on the era and its units, and the parts."""
    organisation = organisations.get(data["era"])
    _check_era(faults, data)
    units = Units(faults, organisation, data["era"], data["as_of"])
    units.find("agency", data["agency"])
    units.find("department", data["department"])
    _check_receivers(faults, units, data)
    _check_confidential(faults, data)
    measurable = check_limit(faults, data["time_limit"])
    case_ids = _check_cases(faults, units, data)
    check_components(faults, data, case_ids)
    check_fees(faults, data, case_ids)
    if measurable:
        check_steps(faults, units.find, "steps", data["steps"], data["time_limit"], data)
    _check_two_level(faults, data, organisations)


class Units:
    """Looks up the units that a file names and notes those that are not there, or not any more."""

    def __init__(
        self, faults: Faults, organisation: Organisation | None, era: str, day: date | None
    ) -> None:
        self.faults = faults
        self.file = organisation.file if organisation else f"organisation of era {era}"
        self.known = organisation.bases if organisation else {}
        self.day = day

    def find(self, key: str, unit_id: str) -> Table | None:
        """The unit's record, or None with the fault noted."""
        unit = self.known.get(unit_id)
        if unit is None:
            self.faults.add(key, f"no unit {unit_id} in {self.file}")
            return None
        last = unit.get("valid_to")
        if self.day and last and last < self.day:
            self.faults.add(key, f"{unit_id} ended on {last}, before as_of {self.day}")
        return unit


def _check_era(faults: Faults, data: Table) -> None:
    era, as_of, start = data["era"], data["as_of"], data.get("effective_from")
    if era == "ba cấp" and as_of >= TWO_LEVELS_BEGIN:
        faults.add("era", "ba cấp but as_of is after 2025-06-30")
    if era == "hai cấp" and as_of < TWO_LEVELS_BEGIN:
        faults.add("era", "hai cấp but as_of is before 2025-07-01")
    if start is None:
        return
    if (era == "ba cấp") != (start < TWO_LEVELS_BEGIN):
        faults.add("era", f"{era} but effective_from is {start}")
    if as_of < start:
        faults.add("as_of", f"{as_of} is before effective_from {start}")


def _check_receivers(faults: Faults, units: Units, data: Table) -> None:
    for i, unit_id in enumerate(data["received_at"]):
        key = f"received_at[{i}]"
        unit = units.find(key, unit_id)
        if unit is None:
            continue
        faults.check(unit["kind"] in RECEIVERS, key, f"{unit_id} is not a one-stop")
        if data.get("confidential") and unit["kind"] == "one_stop":
            faults.add(key, f"confidential but received at the counter of {unit_id}")


def _check_confidential(faults: Faults, data: Table) -> None:
    if "confidential" not in data:
        return
    faults.check(data["confidential"], "confidential", "only true, or left out")
    if data["confidential"]:
        faults.check("online" not in data["channels"], "channels", "confidential but online")
        faults.check(not data["full_process"], "full_process", "true but confidential")


def _check_cases(faults: Faults, units: Units, data: Table) -> list[str]:
    ids: list[str] = []
    for i, case in enumerate(data.get("cases", [])):
        key = f"cases[{i}]"
        if not faults.shape(key, case, CASE, ("id", "name")):
            continue
        faults.check(bool(re.fullmatch(r"[a-z0-9-]+", case["id"])), f"{key}.id", "slug expected")
        ids.append(case["id"])
        limited, stepped = "time_limit" in case, "steps" in case
        if limited and not stepped:
            faults.add(key, "own time limit without steps")
        elif stepped and not limited:
            faults.add(key, "own steps without a time limit")
        elif limited:
            limit, steps = case["time_limit"], case["steps"]
            if check_short_limit(faults, f"{key}.time_limit", limit):
                check_steps(faults, units.find, f"{key}.steps", steps, limit, data)
    faults.check(len(set(ids)) == len(ids), "cases", "an id is repeated")
    return ids


def _check_two_level(faults: Faults, data: Table, organisations: Organisations) -> None:
    after = data.get("two_level")
    if after is None:
        return
    faults.check(data["era"] == "ba cấp", "two_level", "only in files of era ba cấp")
    if not faults.shape("two_level", after, TWO_LEVEL, ("agency", "source")):
        return
    later = Units(faults, organisations.get("hai cấp"), "hai cấp", None)
    later.find("two_level.agency", after["agency"])
    if "time_limit" in after:
        check_short_limit(faults, "two_level.time_limit", after["time_limit"])
