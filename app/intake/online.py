"""Online submissions: kept under a temporary id until the counter receives, refuses or asks."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from uuid_utils.compat import uuid7

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.chain import ZERO
from app.core.codes import new_lookup_code, new_temporary_id
from app.core.states import Status
from app.intake import rows
from app.intake.request import Request, judge_request
from app.journey import log
from app.journey.notices import reply_clock
from app.journey.office import Db, Office
from app.models import Dossier, Event, Message


def submit(
    session: Db, office: Office, actor: Actor, now: datetime, request: Request,
    form: dict[str, Any],
) -> Dossier:  # fmt: skip
    """Keep an online submission; the clock of the law does not run yet, the reply's timers do.

    form: what the intake screen shows when the counter opens it. Source: NĐ 61/2018 Đ17.2;
    NĐ 118/2025 Đ17.2 (staff alerted within 02 hours, reply within 08 working hours).
    """
    today = now.astimezone(VIETNAM).date()
    intake = judge_request(office, actor, today, request, complete=False)
    dossier_id = str(uuid7())
    columns = rows.dossier_row(intake, office, dossier_id, Status.SUBMITTED, actor.id, now)
    columns |= {"temporary_id": new_temporary_id(), "draft": json.dumps(form, ensure_ascii=False)}
    if not intake.procedure.confidential:
        columns["lookup_code"] = new_lookup_code()  # followed by it from the first hour
    facts = {"procedure": intake.procedure.code, "temporary_id": columns["temporary_id"]}
    what = log.Happened("submit_online", Status.DRAFT, Status.SUBMITTED, facts=facts)
    event = log.entry(dossier_id, 1, ZERO.hex(), actor, intake.post, now, what)
    dossier = Dossier(**columns, event_seq=1, event_hash=event["hash"])
    reply_clock(office, dossier, now)
    session.add(dossier)
    session.flush()
    session.add(Event(**event))
    session.add(
        Message(**log.message_row(dossier_id, 1, Status.SUBMITTED, dossier.temporary_id, now))
    )
    session.flush()
    return dossier
