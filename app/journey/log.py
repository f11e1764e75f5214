"""Writes events into the chain of a dossier or an account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core import chain
from app.core.actor import Actor, Post
from app.journey.office import Db
from app.models import Dossier, Event, Message, Staff

ONE_STOP, AGENCY = "one_stop", "agency"


@dataclass(slots=True)
class Happened:
    """What an event says, beside who and when; due dates as moments."""

    action: str
    from_status: str | None = None
    to_status: str | None = None
    place: str = ONE_STOP
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    due_before: datetime | None = None
    due_after: datetime | None = None
    acting_for: str | None = None
    document: str | None = None


def entry(
    subject: str, seq: int, previous: str, actor: Actor, post: Post | None, at: datetime,
    what: Happened,
) -> dict[str, Any]:  # fmt: skip
    """The row of an event (a dict for `insert(Event)`), hashed onto its predecessor."""
    body = chain.canonical(
        {
            "v": chain.VERSION,
            "subject": subject,
            "seq": seq,
            "at": chain.instant(at),
            "actor": actor.id or None,
            "actor_name": actor.name,
            "unit": post.unit_id if post else None,
            "role": str(post.role) if post else None,
            "acting_for": what.acting_for,
            "action": what.action,
            "from": what.from_status,
            "to": what.to_status,
            "place": what.place,
            "note": what.note,
            "facts": dict(what.facts),
            "due_before": chain.instant(what.due_before) if what.due_before else None,
            "due_after": chain.instant(what.due_after) if what.due_after else None,
            "document": what.document,
        }
    )
    return {
        "subject": subject,
        "seq": seq,
        "at": at,
        "action": what.action,
        "to_status": what.to_status,
        "place": what.place,
        "body": body,
        "previous": previous,
        "hash": chain.link(bytes.fromhex(previous), body).hex(),
    }


def record(
    session: Db, dossier: Dossier, actor: Actor, post: Post | None, at: datetime, what: Happened
) -> Event:
    """Append an event to a dossier's chain; the dossier row keeps the chain's head."""
    row = entry(dossier.id, dossier.event_seq + 1, dossier.event_hash, actor, post, at, what)
    event = Event(**row)
    session.add(event)
    dossier.event_seq, dossier.event_hash = event.seq, event.hash
    return event


def record_for_account(
    session: Db, staff_id: str, actor: Actor, at: datetime, what: Happened
) -> Event:
    """Append an event to an account's chain (log-ins, refused attempts, changes of rights).

    Two at once wait for each other on the account's row: a chain has no room for both.
    """
    session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))
    last = session.execute(
        select(Event.seq, Event.hash)
        .where(Event.subject == staff_id)
        .order_by(Event.seq.desc())
        .limit(1)
    ).first()
    seq, previous = (last.seq, last.hash) if last else (0, chain.ZERO.hex())
    event = Event(**entry(staff_id, seq + 1, previous, actor, None, at, what))
    session.add(event)
    return event


def message_row(
    subject: str, seq: int, status: str, code: str | None, at: datetime
) -> dict[str, Any]:
    """The outbox line that tells of an event; no personal data stands in it."""
    payload = {"code": code, "status": status, "at": chain.instant(at)}
    return {
        "subject": subject,
        "seq": seq,
        "kind": "progress",
        "payload": json.dumps(payload, ensure_ascii=False, sort_keys=True),
        "next_at": at,
        "state": "waiting",
        "attempts": 0,
    }


def tell(session: Db, dossier: Dossier, event: Event) -> None:
    """Put into the outbox that the applicant is to be told of this event."""
    row = message_row(dossier.id, event.seq, dossier.status, dossier.code, event.at)
    session.add(Message(**row))
