"""Finds procedures for the counter's search box, and the earlier dossiers of a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.deadline import Limit
from app.core.procedure import Procedure
from app.core.procedure_search import fit
from app.core.refusals import Refused
from app.core.states import OPEN, Status
from app.core.vietnamese import fold
from app.journey.office import Db, Edition, Office, UnitInfo
from app.journey.searching import has_old_number
from app.journey.visibility import visible
from app.models import Dossier

MOST_SHOWN = 7
USE_DAYS = 90
USE_SAMPLE = 2_000  # the newest acceptances at a counter tell what it is used for
PERSON_SAMPLE = 25
CODE = re.compile(r"\d\.\d{6}")
_WHOLE_CODE = re.compile(r"(\d\.\d{6})[.\d]*(?:\.H\d+)?", re.I)  # with its levels and province
_CODE_BEGUN = re.compile(r"\d(\.\d{0,6})?")


@dataclass(frozen=True, slots=True)
class Hit:
    """A procedure that fits the search, as the list shows it."""

    edition: Edition
    limit: str
    uses: int

    @property
    def procedure(self) -> Procedure:
        """The edition's content."""
        return self.edition.procedure


@dataclass(frozen=True, slots=True)
class Hits:
    """At most seven procedures, best first; why: a sentence where there is something to explain."""

    text: str = ""
    items: tuple[Hit, ...] = ()
    why: str = ""


def uses_at(session: Db, actor: Actor, counter: str, now: datetime) -> dict[str, int]:
    """How often each procedure was received at a counter lately: 90 days, newest 2 000 at most."""
    recent = visible(select(Dossier.procedure_code), actor).where(
        Dossier.one_stop == counter, Dossier.accepted_at >= now - timedelta(days=USE_DAYS)
    )
    sample = recent.order_by(Dossier.accepted_at.desc()).limit(USE_SAMPLE).subquery()
    rows = session.execute(
        select(sample.c.procedure_code, func.count()).group_by(sample.c.procedure_code)
    )
    return {code: count for code, count in rows}


def procedures(
    office: Office, counter: UnitInfo, text: str, uses: Mapping[str, int], now: datetime
) -> Hits:
    """What a clerk may mean by the text, of the procedures received at the counter today.

    Every word must fit: the beginning of a word of the name or alias without marks, initials
    (`gpxd`), the field, the code. Order: use at this counter, fit, length. An empty text gives
    what the counter receives most.
    """
    wanted = text.strip()
    if whole := _WHOLE_CODE.fullmatch(wanted):
        wanted = whole[1]
    offered = office.offered(now.astimezone(VIETNAM).date())
    here = [e for e in offered.values() if counter.base_id in e.procedure.received_at]
    if _CODE_BEGUN.fullmatch(wanted):
        found = [(0, e) for e in here if e.code.startswith(wanted)]
    else:
        found = _fitting(here, wanted)
    if not wanted:
        found = [(how, e) for how, e in found if uses.get(e.code)]
    found.sort(key=lambda f: (-uses.get(f[1].code, 0), f[0], len(f[1].procedure.name), f[1].code))
    shown = tuple(
        Hit(e, limit_words(e.procedure), uses.get(e.code, 0)) for _, e in found[:MOST_SHOWN]
    )
    return Hits(wanted, shown, "" if shown else _why(office, counter, wanted, offered, now))


def limit_words(procedure: Procedure, case: str | None = None) -> str:
    """The time limit as people say it; of the case where it is chosen."""
    limit = procedure.limit_for(case)
    return Limit(limit.amount, limit.unit, limit.cutoff).words()


def why_not_here(office: Office, counter: UnitInfo, code: str, now: datetime) -> str:
    """Why a procedure of that code cannot be received at the counter today; empty if it can."""
    try:
        edition = office.edition_for(code, now.astimezone(VIETNAM).date())
    except Refused as refusal:
        return refusal.sentence
    if counter.base_id in edition.procedure.received_at:
        return ""
    return (
        f"{edition.procedure.name} ({code}) không nhận tại {counter.name}. "
        f"Nơi nhận: {_places(office, edition)}."
    )


def _places(office: Office, edition: Edition) -> str:
    return "; ".join(office.base_name(unit) for unit in edition.procedure.received_at)


def _why(
    office: Office, counter: UnitInfo, text: str, offered: Mapping[str, Edition], now: datetime
) -> str:
    if not text:
        return ""
    if CODE.fullmatch(text):
        return why_not_here(office, counter, text, now)
    elsewhere = _fitting(offered.values(), text)
    if elsewhere:
        elsewhere.sort(key=lambda f: (f[0], len(f[1].procedure.name)))
        edition = elsewhere[0][1]
        return (
            f"Không có thủ tục nào khớp “{text}” nhận tại {counter.name}. "
            f"“{edition.procedure.name}” nhận tại: {_places(office, edition)}."
        )
    return f"Không có thủ tục nào khớp “{text}”. Thử ít chữ hơn, hoặc mã thủ tục."


def _fitting(editions: Iterable[Edition], text: str) -> list[tuple[int, Edition]]:
    """The editions that every word fits, each with its fit (smaller is better)."""
    fits = ((fit(edition.procedure, text), edition) for edition in editions)
    return [(how, edition) for how, edition in fits if how is not None]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person from earlier dossiers within sight; open_codes newest first.

    fields: the newest dossier's name, birth_date (dd/mm/yyyy), sex, address, by field. former: the
    old card's number, where dossiers were found by that alone.
    """

    open_codes: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    former: str = ""

    @property
    def as_json(self) -> str:
        """The fields for the button that fills them in."""
        return json.dumps(dict(self.fields) | {"phone": self.phone}, ensure_ascii=False)


def known_person(session: Db, actor: Actor, number: str, old: str = "") -> Known:
    """Open dossiers of the holder of an identity number, and the last phone and e-mail given.

    old: the number of the holder's old card, as the new one tells it: dossiers under it are theirs
    too.
    """
    theirs: ColumnElement[bool] = Dossier.personal_id == number
    if old:
        theirs = or_(Dossier.personal_id.in_((number, old)), has_old_number(old))
    query = visible(select(Dossier), actor).where(theirs, Dossier.status != Status.DRAFT)
    newest = query.order_by(Dossier.accepted_at.desc(), Dossier.id.desc())
    rows = session.scalars(newest.limit(PERSON_SAMPLE)).all()
    return Known(
        tuple(d.code for d in rows if d.code and d.status in OPEN),
        next((d.phone for d in rows if d.phone), ""),
        next((d.email for d in rows if d.email), ""),
        _fields(rows[0]) if rows else {},
        old if any(d.personal_id != number for d in rows) else "",
    )


def other_name(known: Known, typed: str) -> str:
    """The name on earlier dossiers where it differs from the typed one; else empty."""
    before = known.fields.get("name", "")
    return before if before and typed.strip() and fold(before) != fold(typed) else ""


def _fields(dossier: Dossier) -> dict[str, str]:
    birth = dossier.birth_date
    return {
        "name": dossier.applicant_name,
        "birth_date": f"{birth:%d/%m/%Y}" if birth else "",
        "sex": dossier.sex or "",
        "address": dossier.address,
        "old_id": dossier.applicant_old_id,
    }


def typed_again(dossier: Dossier) -> dict[str, str]:
    """The applicant of an earlier dossier as typed again."""
    birth = dossier.birth_date
    return {
        "kind": dossier.applicant_kind,
        "name": dossier.applicant_name,
        "personal_id": dossier.personal_id or "",
        "old_id": dossier.applicant_old_id,
        "birth_date": f"{birth:%d/%m/%Y}" if birth else "",
        "sex": dossier.sex or "",
        "address": dossier.address,
        "phone": dossier.phone or "",
        "email": dossier.email or "",
        "commune": dossier.commune_slug or "",
        "one_stop": dossier.one_stop,
    }
