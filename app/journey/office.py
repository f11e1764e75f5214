"""The office as it stands: units, published editions, decree, calendar. Read once, cached.

A stamp in the database says when units or editions changed; the statement that loads the actor
brings it along, so that every process reads anew at the next request and no request reads twice.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, scoped_session

from app.core.calendar import KINDS, CalendarDay, WorkCalendar
from app.core.delegation import LEVELS
from app.core.delegation import Delegation as DelegationRecord
from app.core.office import Office as OfficeFile
from app.core.office_hours import OfficeHours, parse_hours
from app.core.procedure import Procedure, from_json
from app.core.refusals import Refused
from app.core.regime import Regime
from app.core.states import Role
from app.core.substitution import StandIn
from app.models import (
    DelegatedProcedure,
    Delegation,
    OwnDay,
    OwnHours,
    ProcedureEdition,
    Setting,
    Staff,
    Substitution,
    Unit,
)

Db = Session | scoped_session[Any]
STAMP = "stamp"


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """A unit as the rules need it; path lists its ancestors and itself."""

    id: str
    base_id: str
    commune_slug: str | None
    name: str
    kind: str
    tier: str
    parent_id: str | None
    path: str
    valid_from: date | None
    valid_to: date | None
    agency_code: str | None

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on the day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition as dossiers pin it."""

    id: int
    code: str
    number: int
    era: str
    effective_from: date | None
    decision: str
    procedure: Procedure


@dataclass(frozen=True, slots=True)
class DelegationInfo:
    """A delegation record with its row's id, as dossiers refer to it."""

    id: int
    record: DelegationRecord

    @property
    def level(self) -> str:
        """How far it goes: submit_for_approval, approve, approve_and_stamp."""
        return self.record.level

    @property
    def number(self) -> str:
        """The record's number, as printed."""
        return self.record.number


class Office:
    """Immutable snapshot of everything the rules look up without asking the database."""

    def __init__(
        self,
        profile: OfficeFile,
        agency_code: str,
        base_url: str,
        regimes: Mapping[str, Regime],
        calendar: WorkCalendar,
        units: Mapping[str, UnitInfo],
        editions: Mapping[int, Edition],
        delegations: Mapping[int, DelegationInfo],
        stand_ins: tuple[StandIn, ...],
        stamp: str,
    ) -> None:
        self.profile = profile
        self.own_agency_code = agency_code
        self.base_url = base_url
        self.regimes = regimes
        self.regime = regimes[profile.regime]
        self.calendar = calendar
        self.units = units
        self.editions = editions
        self.delegations = delegations
        self.stand_ins = stand_ins
        self.stamp = stamp
        self._offered: dict[date, dict[str, Edition]] = {}

    def judged(self, day: date) -> date:
        """The day by which units, postings and editions are judged (an ended district's cap)."""
        return self.profile.judged_on(day)

    def offered(self, day: date) -> dict[str, Edition]:
        """Per code the latest edition of the office's era begun on the judged day."""
        judged = self.judged(day)
        found = self._offered.get(judged)
        if found is None:
            found = {}
            for edition in sorted(self.editions.values(), key=lambda e: e.number):
                begun = edition.effective_from is None or edition.effective_from <= judged
                if edition.era == self.profile.era and begun:
                    found[edition.code] = edition
            self._offered[judged] = found
        return found

    def edition_for(self, code: str, day: date) -> Edition:
        """The edition of a code in force on the day; Refused `no_such_procedure` with the why."""
        edition = self.offered(day).get(code.strip()[:8])
        if edition is not None:
            return edition
        others = [e for e in self.editions.values() if e.code == code]
        later = [e for e in others if e.effective_from and e.effective_from > self.judged(day)]
        if later and later[0].era == self.profile.era:
            raise Refused(
                "procedure_not_in_force",
                f"Thủ tục {code} chỉ có hiệu lực từ {later[0].effective_from:%d/%m/%Y}.",
            )
        raise Refused(
            "no_such_procedure",
            f"Không có thủ tục {code} trong danh mục đang áp dụng của {self.profile.name}. "
            "Hãy tìm lại theo tên hoặc mã thủ tục.",
        )

    def unit(self, unit_id: str) -> UnitInfo:
        """A unit by id; Refused `no_such_unit`."""
        try:
            return self.units[unit_id]
        except KeyError:
            raise Refused("no_such_unit", f"Không có đơn vị “{unit_id}”.") from None

    def unit_name(self, unit_id: str | None) -> str:
        """A unit's name, or the id where it is not known any more."""
        found = self.units.get(unit_id or "")
        return found.name if found else (unit_id or "")

    def resolve(self, base_id: str, commune_slug: str | None) -> str | None:
        """The unit a procedure file names: itself, or the instance in the commune.

        None where a commune is needed and none given, and for a commune that is none.
        """
        if commune_slug and commune_slug not in self.communes:
            return None
        if base_id in self.units:
            return base_id
        full = f"{base_id}@{commune_slug}"
        return full if full in self.units else None

    def base_name(self, base_id: str) -> str:
        """The name of what a procedure file names, one unit or a kind of unit in every commune."""
        if base_id in self.units:
            return self.units[base_id].name
        one = next((u for u in self.units.values() if u.base_id == base_id), None)
        if one is None or one.commune_slug is None:
            return base_id
        return one.name.replace(self.communes.get(one.commune_slug, ""), "").strip() + " cấp xã"

    def delegation_for(
        self, one_stop: str, procedure: Procedure, today: date
    ) -> DelegationInfo | None:
        """The record in force by which the one-stop may settle the procedure; the furthest one."""
        if not procedure.full_process:
            return None
        day = self.judged(today)
        fitting = [
            d
            for d in self.delegations.values()
            if d.record.to_one_stop == one_stop
            and procedure.code in d.record.procedures
            and d.record.valid_on(day)
        ]
        return max(fitting, key=lambda d: LEVELS.index(d.level), default=None)

    def needs_commune(self, base_id: str) -> bool:
        """Whether the id stands for one unit in every commune."""
        return base_id not in self.units and base_id in self._per_commune

    @cached_property
    def _per_commune(self) -> frozenset[str]:
        return frozenset(u.base_id for u in self.units.values() if u.commune_slug)

    @cached_property
    def communes(self) -> dict[str, str]:
        """Slug → name of every commune that has units."""
        return {
            u.commune_slug: u.name.removeprefix("Ủy ban nhân dân ")
            for u in self.units.values()
            if u.commune_slug and u.kind == "people_committee"
        }

    def agency_code(self, unit_id: str) -> str:
        """The identifier that goes into dossier codes: the unit's, its ancestors', the office's."""
        for ancestor in reversed(self.unit(unit_id).path.strip("/").split("/")):
            code = self.units[ancestor].agency_code if ancestor in self.units else None
            if code:
                return code
        return self.own_agency_code


def load_units(session: Db) -> dict[str, UnitInfo]:
    """Every unit, past ones included."""
    names = list(UnitInfo.__dataclass_fields__)
    columns = [getattr(Unit, name) for name in names]
    return {row[0]: UnitInfo(*row) for row in session.execute(select(*columns))}


def load_editions(session: Db) -> dict[int, Edition]:
    """Every published edition, its content parsed."""
    rows = session.execute(select(ProcedureEdition).order_by(ProcedureEdition.id)).scalars()
    return {
        row.id: Edition(
            row.id, row.code, row.number, row.era, row.effective_from, row.decision,
            from_json(row.content),
        )
        for row in rows
    }  # fmt: skip


def load_delegations(session: Db) -> dict[int, DelegationInfo]:
    """Every delegation record with the procedures it names."""
    named: dict[int, list[str]] = {}
    for row in session.execute(
        select(DelegatedProcedure.delegation_id, DelegatedProcedure.procedure_code).order_by(
            DelegatedProcedure.procedure_code
        )
    ):
        named.setdefault(row[0], []).append(row[1])
    return {
        row.id: DelegationInfo(
            row.id,
            DelegationRecord(
                row.number, row.signed_on, row.from_unit, row.to_one_stop,
                tuple(named.get(row.id, ())), row.level,
                tuple(name for name in row.staff.split(",") if name),
                row.valid_from, row.valid_to, row.revoked_at,
            ),
        )
        for row in session.execute(select(Delegation)).scalars()
    }  # fmt: skip


def load_stand_ins(session: Db) -> tuple[StandIn, ...]:
    """Every substitution with the names of both, in the order of entry."""
    away, other = aliased(Staff), aliased(Staff)
    query = (
        select(Substitution, away.name, other.name, Unit.path)
        .join(away, away.id == Substitution.staff_id)
        .join(other, other.id == Substitution.substitute_id)
        .join(Unit, Unit.id == Substitution.unit_id)
        .order_by(Substitution.id)
    )
    return tuple(
        StandIn(
            s.id, s.kind, s.staff_id, name, s.unit_id, path, Role(s.role), s.substitute_id,
            substitute, s.first_day, s.last_day, s.number, s.ended_on,
        )
        for s, name, substitute, path in session.execute(query)
    )  # fmt: skip


def load_calendar(session: Db, published: WorkCalendar) -> WorkCalendar:
    """The published calendar with the office's own days and hours on top."""
    own = session.scalars(select(OwnDay)).all()
    periods = [
        OfficeHours(
            row.name, parse_hours(row.hours), row.first_day, row.last_day,
            frozenset(map(int, row.weekdays)),
        )
        for row in session.scalars(select(OwnHours))
    ]  # fmt: skip
    if not own and not periods:
        return published
    first, last = min(published.years), max(published.years)
    days = {row.date: row for row in published.rows(date(first, 1, 1), date(last, 12, 31))}
    for row in own:
        days.pop(row.day, None)
        if row.kind in KINDS:  # a published day may be taken back: "as usual"
            days[row.day] = CalendarDay(row.day, row.kind, row.name, row.basis, row.confirmed)
    return WorkCalendar(
        days.values(), years=published.years, sessions=published.usual_hours, periods=periods
    )


def read_stamp(session: Db) -> str:
    """The stamp of what is cached; empty in an installation that was never filled."""
    return session.scalar(select(Setting.value).where(Setting.key == STAMP)) or ""


def touch_stamp(session: Db, stamp: str) -> None:
    """Say that units, editions or delegations changed; every process reads them anew."""
    row = session.get(Setting, STAMP)
    if row is None:
        session.add(Setting(key=STAMP, value=stamp))
    else:
        row.value = stamp


class OfficeCache:
    """Gives the office of the present stamp, reading it at most once a stamp and process."""

    def __init__(
        self,
        profile: OfficeFile,
        agency_code: str,
        base_url: str,
        regimes: Mapping[str, Regime],
        calendar: WorkCalendar,
    ) -> None:
        self.profile = profile
        self.regimes = regimes
        self.calendar = calendar
        self._fixed = (profile, agency_code, base_url, regimes, calendar)
        self._office: Office | None = None
        self._lock = threading.Lock()

    def get(self, session: Db, stamp: str | None = None) -> Office:
        """The office; `stamp` as the caller just read it spares a statement."""
        wanted = read_stamp(session) if stamp is None else stamp
        office = self._office
        if office is not None and office.stamp == wanted:
            return office
        with self._lock:
            if self._office is None or self._office.stamp != wanted:
                profile, code, base_url, regimes, _ = self._fixed
                self._office = Office(
                    profile, code, base_url, regimes, load_calendar(session, self.calendar),
                    load_units(session), load_editions(session),
                    load_delegations(session), load_stand_ins(session), wanted,
                )  # fmt: skip
            return self._office


def reasons_of(text: str) -> list[dict[str, str]]:
    """The stored reasons of a due date: [{text, basis}]."""
    found: list[dict[str, str]] = json.loads(text)
    return found
