"""Dossiers and procedures as the API tells them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.procedure import Procedure
from app.core.states import Status
from app.journey import door
from app.journey.office import Db, Edition, Office
from app.models import Document, Dossier, Event, Step


def iso(moment: datetime | None) -> str | None:
    """A moment in Vietnam time, ISO 8601 with offset."""
    return moment.astimezone(VIETNAM).isoformat() if moment else None


def dossier_answer(
    session: Db, office: Office, dossier: Dossier, steps: Sequence[Step], actor: Actor,
    now: datetime, *, forms: Sequence[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One dossier for a program; forms: the papers it has, where the caller knows them."""
    code = dossier.code or dossier.temporary_id
    if forms is None:
        query = select(Document.form).where(Document.dossier_id == dossier.id).distinct()
        forms = session.scalars(query).all()
    return _facts_of(office, dossier) | {
        "steps": [_step(step) for step in steps],
        "allowed_actions": door.allowed_actions(session, office, dossier, steps, actor, now),
        "documents": [
            {"form": f, "url": url_for("api.document", code=code, form=f)} for f in forms
        ],
    }


def brief(dossier: Dossier) -> dict[str, Any]:
    """What a unit that was only asked may know after its answer."""
    return {
        "code": dossier.code, "status": dossier.status, "version": dossier.version,
        "status_label": Status(dossier.status).label,
    }  # fmt: skip


def _facts_of(office: Office, dossier: Dossier) -> dict[str, Any]:
    lookup, edition = dossier.lookup_code, office.editions[dossier.edition_id]
    return {
        "code": dossier.code,
        "temporary_id": dossier.temporary_id,
        "lookup_code": lookup,
        "lookup_url": f"{office.base_url}/t/{lookup}" if lookup else None,
        "status": dossier.status,
        "status_label": Status(dossier.status).label,
        "version": dossier.version,
        "procedure": dossier.procedure_code,
        "procedure_name": edition.procedure.name,
        "edition": edition.number,
        "case": dossier.case_id,
        "one_stop": dossier.one_stop,
        "agency": dossier.agency,
        "channel": dossier.channel,
        "result_channel": dossier.result_channel,
        "regime": dossier.regime,
        "applicant": _applicant(dossier),
        "accepted_at": iso(dossier.accepted_at),
        "due_at": iso(dossier.due_at),
        "due_tentative": bool(dossier.due_tentative),
        "due_reasons": json.loads(dossier.due_reasons or "[]"),
        "transfer_due_at": iso(dossier.transfer_due_at),
        "settled_at": iso(dossier.settled_at),
        "returned_at": iso(dossier.returned_at),
        "outcome": dossier.outcome,
        "result_number": dossier.result_number,
        "fee_total": dossier.fee_total or 0,
        "fee_due": dossier.fee_due or 0,
    }


def _applicant(dossier: Dossier) -> dict[str, Any]:
    return {
        "kind": dossier.applicant_kind,
        "name": dossier.applicant_name,
        "personal_id": dossier.personal_id,
        "old_id": dossier.applicant_old_id or None,
        "birth_date": dossier.birth_date.isoformat() if dossier.birth_date else None,
        "sex": dossier.sex,
        "address": dossier.address,
        "phone": dossier.phone,
        "email": dossier.email,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "position": step.position,
        "name": step.name,
        "role": step.step_role,
        "unit": step.unit_id,
        "state": str(step.state),
        "assignee": step.assignee_id,
        "decides": step.decides,
        "started_at": iso(step.started_at),
        "due_at": iso(step.due_at),
        "done_at": iso(step.done_at),
    }


def line_answer(dossier: Dossier) -> dict[str, Any]:
    """A dossier in a list."""
    return {
        "code": dossier.code,
        "status": dossier.status,
        "procedure": dossier.procedure_code,
        "applicant": dossier.applicant_name,
        "accepted_at": iso(dossier.accepted_at),
        "due_at": iso(dossier.due_at),
    }


def event_answer(event: Event) -> dict[str, Any]:
    """An event: the hashed text's content, and the hash."""
    body: dict[str, Any] = json.loads(event.body)
    return body | {"hash": event.hash, "previous": event.previous}


def procedure_answer(edition: Edition) -> dict[str, Any]:
    """A procedure as offered today."""
    rules: Procedure = edition.procedure
    return {
        "code": edition.code,
        "name": rules.name,
        "field": rules.field,
        "edition": edition.number,
        "effective_from": edition.effective_from.isoformat() if edition.effective_from else None,
        "level": rules.level,
        "limit": {"amount": rules.time_limit.amount, "unit": rules.time_limit.unit},
        "received_at": list(rules.received_at),
        "channels": list(rules.channels),
        "full_process": rules.full_process,
        "cases": [{"id": c.id, "name": c.name} for c in rules.cases],
        "components": [
            {
                "index": i, "name": c.name, "kind": c.kind, "originals": c.originals,
                "copies": c.copies, "required": c.required, "condition": c.condition or None,
                "one_of": c.one_of, "cases": list(c.cases) if c.cases is not None else None,
            }
            for i, c in enumerate(rules.components, 1)
        ],
        "fees": [
            {
                "index": i, "name": f.name, "kind": f.kind, "amount": f.amount, "per": f.per,
                "set_by": f.set_by or None, "condition": f.condition or None,
            }
            for i, f in enumerate(rules.fees, 1)
        ],
        "steps": [
            {"name": s.name, "role": s.role, "unit": s.unit, "time": s.time,
             "time_unit": s.time_unit, "decides": s.decides}
            for s in rules.steps
        ],
    }  # fmt: skip


def cursor_of(dossier: Dossier) -> str:
    """Where the next page begins."""
    return f"{iso(dossier.accepted_at)}~{dossier.id}"


def read_cursor(text: str) -> tuple[datetime, str] | None:
    """The place a cursor names, or None where it is none of ours."""
    moment, _, dossier_id = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if at.tzinfo is None or len(dossier_id) != 36:
        return None
    return at, dossier_id
