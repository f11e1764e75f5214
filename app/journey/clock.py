"""A dossier's clock: what moved it is kept in order, and the dates are worked out anew from it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.core.clockwork import Interval, intervals
from app.core.deadline import ClockEvent, Explanation, Limit, explain
from app.core.vietnamese import nfc
from app.journey.office import Db, Office
from app.models import ClockMove, Dossier


def limit_of(office: Office, dossier: Dossier) -> Limit:
    """The limit of the pinned edition and case."""
    found = office.editions[dossier.edition_id].procedure.limit_for(dossier.case_id)
    return Limit(found.amount, found.unit, found.cutoff)


def moves_of(session: Db, dossier: Dossier) -> list[ClockEvent]:
    """What moved the clock so far, in order."""
    query = select(ClockMove).where(ClockMove.dossier_id == dossier.id).order_by(ClockMove.number)
    return [_event(row) for row in session.scalars(query)]


def _event(row: ClockMove) -> ClockEvent:
    limit = Limit(float(row.amount), row.unit) if row.amount and row.unit else None
    return ClockEvent(row.kind, row.at, row.reason, row.notice, limit, row.effect, row.until)


def intervals_of(session: Db, dossier: Dossier) -> list[Interval]:
    """Running, paused, stopped: from acceptance to the end of settlement, or to now."""
    if dossier.accepted_at is None:
        return []
    return intervals(dossier.accepted_at, moves_of(session, dossier), dossier.settled_at)


def paused_since(session: Db, dossier: Dossier) -> datetime | None:
    """When the clock was last paused; None where it never was."""
    return session.scalar(
        select(func.max(ClockMove.at)).where(
            ClockMove.dossier_id == dossier.id, ClockMove.kind == "paused"
        )
    )


def explained(session: Db, office: Office, dossier: Dossier) -> Explanation:
    """The dossier's dates as they follow from its acceptance and everything since."""
    if dossier.accepted_at is None:
        raise ValueError("a dossier that was never accepted has no deadline")
    return explain(
        dossier.accepted_at, limit_of(office, dossier), office.calendar,
        office.regimes[dossier.regime], moves_of(session, dossier),
    )  # fmt: skip


def move(
    session: Db, office: Office, dossier: Dossier, kind: str, at: datetime, *, reason: str = "",
    notice: str = "", limit: Limit | None = None, effect: str = "extra",
    until: date | None = None,
) -> Explanation:  # fmt: skip
    """Move the clock and set the dossier's dates anew; Refused `bad_events` where it cannot be.

    due_at_original is the lawful date, by which lateness is judged; due_at is what the citizen
    was promised last.
    """
    last = session.scalar(
        select(func.max(ClockMove.number)).where(ClockMove.dossier_id == dossier.id)
    )
    row = ClockMove(
        dossier_id=dossier.id, number=(last or 0) + 1, kind=kind, at=at, reason=nfc(reason),
        notice=notice, amount=f"{limit.amount:g}" if limit else None,
        unit=limit.unit if limit else None, effect=effect, until=until,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return renew(session, office, dossier)


def renew(session: Db, office: Office, dossier: Dossier) -> Explanation:
    """Work out the dates again (after a move, or after the calendar changed)."""
    told = explained(session, office, dossier)
    dossier.due_at_original = told.due_at
    dossier.due_day = office.calendar.local(told.due_at).date()
    dossier.due_at = told.promised or told.due_at
    dossier.due_tentative = told.tentative
    dossier.due_reasons = json.dumps(reasons(told), ensure_ascii=False)
    dossier.calendar_version = office.calendar.version
    return told


def reasons(told: Explanation) -> list[dict[str, Any]]:
    """The reasons as stored: [{text, basis}]."""
    return [{"text": reason.text, "basis": reason.basis} for reason in told.reasons]
