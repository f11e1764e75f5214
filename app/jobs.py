"""Timers of the law, each safe to run twice: overdue, reminders, alerts, uncollected results.

Each dossier is its own transaction, so that one that fails holds up no other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from app.clock import VIETNAM
from app.core.actor import SYSTEM
from app.core.route import StepState
from app.core.states import Status
from app.core.transitions import RUNNING
from app.core.workflow import BY_ACTION
from app.extensions import db, writing
from app.journey import clock, door, log
from app.journey.notices import reminder_due
from app.journey.office import Db, Office
from app.models import ACTIVE, Dossier, Message, StagedFile, Step
from app.setup import changes

AT_MOST = 5000  # a run; the next one goes on
LYING = timedelta(hours=24)
DATED = BY_ACTION["recompute_due"].sources


def run(office: Office, now: datetime) -> dict[str, int]:
    """Do everything that is due; how many of each."""
    return {
        "recomputed": _each(_outdated(office), lambda s, d: _recompute(s, office, d, now)),
        "overdue": _each(_overdue(office, now), lambda s, d: _mark(s, office, d, now)),
        "warned": _each(_to_warn(now), lambda s, d: _warn(s, office, d, now)),
        "late_steps": _each(_late_steps(now), lambda s, d: _note_late(s, d, now)),
        "closing": _each(_to_close(now), lambda s, d: _tell_closing(s, d, now)),
        "alerts": _each(_unanswered(now), lambda s, d: _alert(s, d, now)),
        "uncollected": _each(_waiting(), lambda s, d: _remind(s, office, d, now)),
        "forgotten": _forget(_left_lying(now)) + _forget_drafts(now),
    }


def _each(ids: Iterable[str], work: Callable[[Db, Dossier], bool]) -> int:
    done = 0
    for dossier_id in ids:
        with writing() as session:
            query = select(Dossier).where(Dossier.id == dossier_id).with_for_update()
            dossier = session.scalars(query.execution_options(populate_existing=True)).one()
            done += work(session, dossier)
    return done


def _outdated(office: Office) -> list[str]:
    """Open dossiers whose dates were worked out by an older calendar."""
    query = select(Dossier.id).where(
        Dossier.status.in_(sorted(DATED)), Dossier.calendar_version != office.calendar.version
    )
    return list(db.session.scalars(query.order_by(Dossier.due_at).limit(AT_MOST)))


def _recompute(session: Db, office: Office, dossier: Dossier, now: datetime) -> bool:
    """Work the dates out anew; an event and a message only where the date moved."""
    if dossier.status not in DATED or dossier.calendar_version == office.calendar.version:
        return False
    old = (dossier.due_at, dossier.due_at_original)
    told = clock.explained(session, office, dossier)
    if old == (told.promised or told.due_at, told.due_at):
        clock.renew(session, office, dossier)  # the reasons may name another day off
        return False
    door.advance(session, office, dossier, "recompute_due", SYSTEM, now)
    return True


def _overdue(office: Office, now: datetime) -> list[str]:
    today = now.astimezone(VIETNAM).date()
    query = select(Dossier.id).where(
        Dossier.status.in_(sorted(RUNNING)), Dossier.due_at_original < now,
        or_(Dossier.overdue_day.is_(None), Dossier.overdue_day < today),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(Dossier.due_at_original).limit(AT_MOST)))


def _mark(session: Db, office: Office, dossier: Dossier, now: datetime) -> bool:
    """At most one event a dossier and day."""
    today = now.astimezone(VIETNAM).date()
    if dossier.status not in RUNNING or dossier.overdue_day == today:
        return False
    door.advance(session, office, dossier, "mark_overdue", SYSTEM, now)
    return True


def _to_warn(now: datetime) -> list[str]:
    query = select(Dossier.id).where(
        Dossier.status.in_(sorted(RUNNING)), Dossier.due_at_original >= now, Dossier.warned < 2
    )
    return list(db.session.scalars(query.order_by(Dossier.due_at_original).limit(AT_MOST)))


def _warn(session: Db, office: Office, dossier: Dossier, now: datetime) -> bool:
    """At half of the time, and one working day before (once each)."""
    accepted, due = dossier.accepted_at, dossier.due_at_original
    if accepted is None or due is None:
        return False
    calendar = office.calendar
    last_day = calendar.previous_working_day(calendar.local(due).date())
    stage = (
        2 if calendar.local(now).date() >= last_day else int(now >= accepted + (due - accepted) / 2)
    )
    if stage <= dossier.warned:
        return False
    dossier.warned = stage
    kind = "last_day" if stage == 2 else "half_time"
    row = log.message_row(dossier.id, dossier.event_seq, dossier.status, dossier.code, now)
    session.add(Message(**(row | {"kind": kind})))
    return True


def _late_steps(now: datetime) -> list[str]:
    query = (
        select(Step.dossier_id)
        .join(Dossier, Dossier.id == Step.dossier_id)
        .where(
            Step.state == ACTIVE, Step.due_at < now, Step.late_at.is_(None),
            Dossier.status.in_(sorted(RUNNING)),
        )
        .distinct()
        .order_by(Step.dossier_id)
        .limit(AT_MOST)
    )  # fmt: skip
    return list(db.session.scalars(query))


def _note_late(session: Db, dossier: Dossier, now: datetime) -> bool:
    """A step whose own time is over is charged to its unit, once; no other limit moves."""
    late = [
        s for s in door.route_of(session, dossier)
        if s.state == StepState.ACTIVE and s.late_at is None and s.due_at and s.due_at < now
    ]  # fmt: skip
    for step in late:
        step.late_at = now
    if late and dossier.status in RUNNING:
        units = sorted({s.unit_id for s in late})
        _message(session, dossier, "step_late", now, {"units": units})
    return bool(late)


def _to_close(now: datetime) -> list[str]:
    query = select(Dossier.id).where(
        Dossier.status == Status.SUPPLEMENT_REQUESTED, Dossier.alert_at <= now
    )
    return list(db.session.scalars(query.limit(AT_MOST)))


def _tell_closing(session: Db, dossier: Dossier, now: datetime) -> bool:
    """Tell the counter, once, that a dossier nobody supplemented may be closed (Đ19.5)."""
    if dossier.status != Status.SUPPLEMENT_REQUESTED or dossier.alert_at is None:
        return False
    dossier.alert_at = None
    _message(session, dossier, "may_close", now, {"one_stop": dossier.one_stop})
    return True


def _message(
    session: Db, dossier: Dossier, kind: str, now: datetime, more: dict[str, Any]
) -> None:  # fmt: skip
    code = dossier.code or dossier.temporary_id
    row = log.message_row(dossier.id, dossier.event_seq, dossier.status, code, now)
    row["payload"] = json.dumps(json.loads(row["payload"]) | more, ensure_ascii=False)
    session.add(Message(**(row | {"kind": kind})))


def _unanswered(now: datetime) -> list[str]:
    query = select(Dossier.id).where(
        Dossier.status == Status.SUBMITTED, Dossier.alert_at.is_not(None), Dossier.alert_at <= now
    )
    return list(db.session.scalars(query.limit(AT_MOST)))


def _alert(session: Db, dossier: Dossier, now: datetime) -> bool:
    """Tell the staff of an online submission that nobody opened within two hours."""
    if dossier.alert_at is None:
        return False
    dossier.alert_at = None
    row = log.message_row(dossier.id, dossier.event_seq, dossier.status, dossier.temporary_id, now)
    session.add(Message(**(row | {"kind": "staff_alert"})))
    return True


def _waiting() -> list[str]:
    query = select(Dossier.id).where(Dossier.status == Status.AT_ONE_STOP, Dossier.reminders < 3)
    return list(db.session.scalars(query.limit(AT_MOST)))


def _remind(session: Db, office: Office, dossier: Dossier, now: datetime) -> bool:
    today = now.astimezone(VIETNAM).date()
    if dossier.status != Status.AT_ONE_STOP or not reminder_due(office, dossier, today):
        return False
    door.advance(session, office, dossier, "mark_uncollected", SYSTEM, now)
    return True


def _left_lying(now: datetime) -> list[int]:
    """Files laid under an intake form that was never sent, or that its draft needs no more."""
    waiting = select(Dossier.id).where(
        Dossier.status.in_((Status.DRAFT, Status.SUBMITTED, Status.INTAKE_SUPPLEMENT))
    )
    query = select(StagedFile.id).where(
        StagedFile.added_at < now - LYING,
        or_(StagedFile.dossier_id.is_(None), StagedFile.dossier_id.not_in(waiting)),
    )
    return list(db.session.scalars(query.limit(AT_MOST)))


def _forget(laid: list[int]) -> int:
    if laid:
        with writing() as session:
            session.execute(delete(StagedFile).where(StagedFile.id.in_(laid)))
    return len(laid)


def _forget_drafts(now: datetime) -> int:
    with writing() as session:
        return changes.forget(session, now)
