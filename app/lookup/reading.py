"""What the public page reads of a dossier: one statement, only what may be shown, no writing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, select

from app.core.codes import clean_lookup_code, parse_dossier_code
from app.core.route import StepState
from app.core.states import BEFORE_ACCEPTANCE, CLOSED, Status
from app.core.vietnamese import initials
from app.journey.office import STAMP, Db
from app.models import Dossier, Event, Setting, Step

# A look-up code stops working so long after the hand-over.
KEPT = timedelta(days=90)
SHOWN = ("items", "closing_allowed_from", "amount", "notice_number", "waybill")
TAIL = 3  # digits of the telephone number that are shown


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A leg of the route as anybody with the receipt may see it: no officer's name."""

    name: str
    unit_id: str
    step_role: str
    state: str
    due_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicDossier:
    """What the page shows: initials and the telephone's tail instead of person and number.

    stamp: of the office's cached data, brought along. since: when it came into its state, where
    the page says so. told: what the applicant was told then (SHOWN and no more). refused: only
    once the notice is issued; reason_code: why (core.facts.REFUSAL_REASONS).
    """

    code: str
    status: Status
    edition_id: int
    one_stop: str
    person: str
    phone_tail: str
    begun_at: datetime
    accepted_at: datetime | None
    due_at: datetime
    due_at_original: datetime
    due_reasons: str
    due_tentative: bool
    settled_at: datetime | None
    returned_at: datetime | None
    refused: bool
    reason_code: str
    result_channel: str
    fee_total: int
    fee_due: int
    originals_held: int
    since: datetime | None
    told: dict[str, Any]
    stamp: str
    steps: list[PublicStep] = field(default_factory=list)

    @property
    def shown_until(self) -> datetime | None:
        """The moment from which the look-up code opens nothing; None while it is open."""
        ended = self.status in CLOSED and self.status != Status.RETURNED
        end = self.returned_at or ((self.settled_at or self.since) if ended else None)
        return end + KEPT if end else None


# Before its notice is issued, a refusal is a proposal, and nobody's business outside.
_TOLD = (Status.REFUSAL_ISSUED, Status.AT_ONE_STOP, Status.HANDED_TO_POST, Status.RETURNED)
# Where what brought the dossier into its state is told: what to bring, to pay, to wait for.
_WAITING = (
    Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUIRED, Status.PAUSED, Status.HANDED_TO_POST,
    Status.INTAKE_SUPPLEMENT,
)  # fmt: skip


def _last(column: Any, *which: Any) -> Any:
    """The column of a dossier's last event that meets the conditions."""
    return (
        select(column)
        .where(Event.subject == Dossier.id, *which)
        .order_by(Event.seq.desc())
        .limit(1)
        .correlate(Dossier)
        .scalar_subquery()
    )


_HERE = Event.to_status == Dossier.status
_DATED = (*_WAITING, Status.AT_ONE_STOP, *BEFORE_ACCEPTANCE)
_SINCE = case((Dossier.status.in_(_DATED), _last(Event.at, _HERE)))
_TELLING = case((Dossier.status.in_(_WAITING), _last(Event.body, _HERE)))
_REFUSAL = case(
    (
        and_(Dossier.outcome == "refused", Dossier.status.in_(_TOLD)),
        _last(Event.body, Event.action.in_(("propose_refusal", "refuse_after_supplement"))),
    )
)
_STATEMENT = (
    select(
        Dossier.code, Dossier.temporary_id, Dossier.created_at, Dossier.reply_due_at,
        Dossier.status, Dossier.edition_id, Dossier.one_stop,
        Dossier.applicant_kind, Dossier.applicant_name, Dossier.phone, Dossier.accepted_at,
        Dossier.due_at, Dossier.due_at_original, Dossier.due_reasons, Dossier.due_tentative,
        Dossier.settled_at, Dossier.returned_at, Dossier.outcome, Dossier.result_channel,
        Dossier.fee_total, Dossier.fee_due, Dossier.originals_held,
        _SINCE.label("since"), _TELLING.label("told"), _REFUSAL.label("refusal"),
        select(Setting.value).where(Setting.key == STAMP).scalar_subquery().label("stamp"),
        Step.name, Step.unit_id, Step.step_role, Step.state, Step.due_at.label("step_due"),
        Step.done_at,
    )
    .outerjoin(Step, and_(Step.dossier_id == Dossier.id, Step.state != StepState.DROPPED))
    .where(Dossier.lookup_code == bindparam("token"), Dossier.confidential.is_(False))
    .order_by(Step.position)
)  # fmt: skip


def by_token(session: Db, token: str, now: datetime) -> PublicDossier | None:
    """The dossier of a look-up code as typed or scanned, in one statement.

    None for a wrong code, a confidential procedure, or 90 days after the end: all look the same.
    """
    clean = clean_lookup_code(token)
    if clean is None:
        return None
    rows = session.execute(_STATEMENT, {"token": clean}).all()
    if not rows or rows[0].status == Status.DRAFT:
        return None
    found = _dossier(rows)
    end = found.shown_until
    return None if end is not None and now > end else found


def rated(session: Db, token: str) -> Any:
    """The id and the one-stop of a look-up code's dossier, or None."""
    query = select(Dossier.id, Dossier.one_stop).where(
        Dossier.lookup_code == clean_lookup_code(token), Dossier.confidential.is_(False)
    )
    return session.execute(query).one_or_none()


def by_code(session: Db, code: str, token: str, now: datetime) -> PublicDossier | None:
    """The dossier of a code and its look-up code; the code alone shows nothing."""
    wanted = parse_dossier_code(code)
    found = by_token(session, token, now) if wanted is not None else None
    return found if found is not None and found.code == str(wanted) else None


def _dossier(rows: Sequence[Any]) -> PublicDossier:
    row = rows[0]
    body = json.loads(row.refusal)["facts"] if row.refusal else {}
    told = json.loads(row.told)["facts"] if row.told else {}
    return PublicDossier(
        code=row.code or row.temporary_id,
        status=Status(row.status),
        edition_id=row.edition_id,
        one_stop=row.one_stop,
        person=_person(row.applicant_kind, row.applicant_name),
        phone_tail=(row.phone or "")[-TAIL:],
        begun_at=row.accepted_at or row.created_at,
        accepted_at=row.accepted_at,
        due_at=row.due_at or row.reply_due_at or row.created_at,
        due_at_original=row.due_at_original or row.due_at or row.created_at,
        due_reasons=row.due_reasons,
        due_tentative=row.due_tentative,
        settled_at=row.settled_at,
        returned_at=row.returned_at,
        refused=row.outcome == "refused" and row.status in _TOLD,
        reason_code=body.get("reason_code", ""),
        result_channel=row.result_channel,
        fee_total=row.fee_total,
        fee_due=row.fee_due,
        originals_held=row.originals_held,
        since=row.since,
        told={k: v for k, v in told.items() if k in SHOWN},
        stamp=row.stamp or "",
        steps=[
            PublicStep(r.name, r.unit_id, r.step_role, r.state, r.step_due, r.done_at)
            for r in rows
            if r.name is not None
        ],
    )


def _person(kind: str, name: str) -> str:
    """People by initials and given name; an organisation's name is public anyway."""
    return name if kind == "organisation" else initials(name)
