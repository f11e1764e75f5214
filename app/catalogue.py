"""Reads the folder of rule files: procedures, organisations, offices, calendar, decrees, plan.

`check` says all that is wrong in it; `load_folder` gives its content and wants it free of faults.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.core.calendar import CalendarDay, parse_calendar_year
from app.core.calendar_check import calendar_faults
from app.core.delegation import Delegation, delegation_faults, offered, parse_delegations
from app.core.faults import Fault, Faults, misnamed, read_toml
from app.core.office import Office, office_faults, parse_office
from app.core.organisation import Organisation, organisation_faults, parse_organisation
from app.core.plan import Plan, parse_plan, plan_faults
from app.core.procedure import Procedure, parse
from app.core.procedure_check import edition_faults, read_procedure
from app.core.regime import Regime, RegimeFault, parse_regime

__all__ = ["Catalogue", "RuleFile", "RulesInvalid", "check", "load_folder", "offered"]

RULES_FOLDER = Path(__file__).resolve().parent.parent / "procedures"
ORGANISATION, CALENDAR, REGIMES, PLAN = "_organisation", "_calendar", "_regimes", "_plan"
# Rule files of other kinds, wherever a folder of only procedures may have them.
_OTHER_FOLDERS = ("calendar", "calendars", "regimes")
_OTHER_FILES = ("organisation", "calendar", "regime", "delegations")

Data = dict[str, Any]


class RulesInvalid(Exception):
    """The folder has faults; the message lists them, one a line."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A procedure file: path within the folder, SHA-256 of its bytes, content, edition."""

    path: str
    sha256: str
    data: Mapping[str, Any]
    procedure: Procedure


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The content of a rules folder.

    organisations and delegations: by file name (`organisation.toml`); offices and plans: by id or
    file stem (`nga-son-2018`, `3159`). calendar_days: of all calendar_years, by date. regimes: by
    id of the decree.
    """

    procedures: tuple[RuleFile, ...]
    organisations: Mapping[str, Organisation]
    offices: Mapping[str, Office]
    delegations: Mapping[str, tuple[Delegation, ...]]
    calendar_days: tuple[CalendarDay, ...]
    calendar_years: tuple[int, ...]
    regimes: Mapping[str, Regime]
    plans: Mapping[str, Plan]

    def offered(self, era: str, day: date) -> dict[str, Procedure]:
        """Of each code the latest edition of the era that has begun on the day."""
        return offered((file.procedure for file in self.procedures), era, day)

    def organisation_of(self, office: Office) -> Organisation:
        """The organisation that the office works in."""
        return self.organisations[office.organisation]

    def delegations_of(self, office: Office) -> tuple[Delegation, ...]:
        """The office's delegation records."""
        return self.delegations[office.delegations]


def check(folder: Path) -> list[Fault]:
    """Everything wrong in the folder, file by file; none means that it can be loaded.

    A folder without organisation files is checked against the project's own.
    """
    return _Reading(folder).faults


def load_folder(folder: Path = RULES_FOLDER) -> Catalogue:
    """The folder's content; RulesInvalid if `check` finds a fault in it."""
    reading = _Reading(folder)
    if reading.faults:
        raise RulesInvalid(reading.faults)
    return reading.catalogue()


def organisations_in(folder: Path) -> dict[str, Organisation]:
    """The organisation files of a rules folder by era; the project's own where it has none."""
    paths = sorted((folder / ORGANISATION).glob("organisation*.toml"))
    paths = paths or sorted((RULES_FOLDER / ORGANISATION).glob("organisation*.toml"))
    parsed = (
        parse_organisation(path.name, tomllib.loads(path.read_text("utf-8"))) for path in paths
    )
    return {organisation.era: organisation for organisation in parsed}


class _Reading:
    """One pass over a folder: every file read once, its faults noted, its content kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.faults: list[Fault] = []
        if not folder.is_dir():
            self.faults.append(Fault(folder.name, "file", "không có thư mục này"))
        self.organisations = self._organisations()
        self.files = self._procedures()
        self.calendar = self._tables(self._in(CALENDAR))
        self.faults += calendar_faults(self.calendar)
        self.regimes = self._tables(self._in(REGIMES))
        self._check_regimes()
        self.plans = self._tables(self._in(PLAN))
        for path, data in self.plans.items():
            self.faults += plan_faults(path, data)
        self.delegations = self._tables(self._in(ORGANISATION, "delegations"))
        self.offices = self._tables(self._office_paths())
        self._check_offices()

    def catalogue(self) -> Catalogue:
        years = list(self.calendar.values())
        days = (day for data in years for day in parse_calendar_year(data))
        offices = (parse_office(data) for data in self.offices.values())
        return Catalogue(
            procedures=tuple(self.files),
            organisations=self.organisations,
            offices={office.id: office for office in offices},
            delegations={
                _name(path): tuple(parse_delegations(data))
                for path, data in self.delegations.items()
            },
            calendar_days=tuple(sorted(days, key=lambda day: day.date)),
            calendar_years=tuple(sorted(data["year"] for data in years)),
            regimes={data["id"]: parse_regime(data) for data in self.regimes.values()},
            plans={Path(path).stem: parse_plan(data) for path, data in self.plans.items()},
        )

    def _in(self, folder: str, start: str = "") -> list[Path]:
        return sorted((self.folder / folder).glob(f"{start}*.toml"))

    def _office_paths(self) -> list[Path]:
        return [path for path in self._in(ORGANISATION) if not path.name.startswith(_OTHER_FILES)]

    def _organisations(self) -> dict[str, Organisation]:
        """By file name; for an era the folder is silent about, the project's own file."""
        own = self._in(ORGANISATION, "organisation") or self._in(".", "organisation")
        known = self._parsed(own, self.folder)
        eras = {organisation.era for organisation in known.values()}
        paths = sorted((RULES_FOLDER / ORGANISATION).glob("organisation*.toml"))
        others = {} if own == paths else self._parsed(paths, RULES_FOLDER)
        return known | {name: org for name, org in others.items() if org.era not in eras}

    def _parsed(self, paths: Iterable[Path], root: Path) -> dict[str, Organisation]:
        """The organisations of the files; a faulty one is left out, so its units are unknown."""
        parsed = {}
        for path, data in self._tables(paths, root).items():
            wrong = organisation_faults(path, data)
            self.faults += wrong
            if not wrong:
                parsed[_name(path)] = parse_organisation(_name(path), data)
        return parsed

    def _tables(self, paths: Iterable[Path], root: Path | None = None) -> dict[str, Data]:
        """The content of each file that can be read, by path within the folder."""
        tables = {}
        for path in paths:
            faults = Faults(path.relative_to(root or self.folder).as_posix())
            data = read_toml(faults, path.read_bytes())
            self.faults += faults.found
            if data is not None:
                tables[faults.file] = data
        return tables

    def _procedures(self) -> list[RuleFile]:
        by_era = {known.era: known for known in self.organisations.values()}
        read, good = [], []
        for path in _procedure_paths(self.folder):
            name, raw = path.relative_to(self.folder).as_posix(), path.read_bytes()
            data, faults = read_procedure(name, raw, by_era)
            self.faults += faults
            if data is not None:
                read.append((name, data))
            if data is not None and not faults:
                digest = hashlib.sha256(raw).hexdigest()
                good.append(RuleFile(name, digest, data, parse(data)))
        self.faults += edition_faults(read)
        return good

    def _check_regimes(self) -> None:
        for path, data in self.regimes.items():
            faults = Faults(path)
            try:
                parse_regime(data)
            except RegimeFault as error:
                faults.add_lines(error.lines)
            stem = Path(path).stem
            faults.check(data.get("id") == stem, "id", misnamed(stem))
            self.faults += faults.found

    def _check_offices(self) -> None:
        """The offices, and each delegation file against the organisation of its office."""
        decrees = self._in(REGIMES) or sorted((RULES_FOLDER / REGIMES).glob("*.toml"))
        regimes = tuple(path.stem for path in decrees)
        records = {_name(path): (path, data) for path, data in self.delegations.items()}
        editions = [file.procedure for file in self.files]
        used = set()
        for path, data in self.offices.items():
            wrong = office_faults(path, data, self.organisations, tuple(records), regimes)
            self.faults += wrong
            used.add(str(data.get("delegations")))
            if wrong:
                continue
            organisation = self.organisations[data["organisation"]]
            self.faults += delegation_faults(*records[data["delegations"]], organisation, editions)
        for name, (path, _) in records.items():
            if name not in used and self.offices:
                text = "không có cơ quan nào dùng tệp này, hãy ghi vào tệp cơ quan hoặc bỏ"
                self.faults.append(Fault(path, "file", text))


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _procedure_paths(folder: Path) -> Iterator[Path]:
    """`<field>/<code>.toml`; folders and files that begin with `_` are no procedures."""
    for path in sorted(folder.glob("*/*.toml")):
        field = path.parent.name
        hidden = field.startswith("_") or path.name.startswith(("_", *_OTHER_FILES))
        if not hidden and field not in _OTHER_FOLDERS:
            yield path
