"""Many rows of one dossier, for what must cost the same however many there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from uuid_utils.compat import uuid7

from app.extensions import db, writing
from app.models import Dossier, Event, Step
from tests.make import Office


def _row(model: Any, column: Any, id_: str) -> list[dict[str, Any]]:
    table = model.__table__
    return [dict(r._mapping) for r in db.session.execute(select(table).where(column == id_))]


def copies(office: Office, dossier: Dossier, count: int, since: int = 0) -> list[str]:
    """Copies of a dossier with its route and events, due a minute later each; their codes.

    since: how many there are already.
    """
    (first,) = _row(Dossier, Dossier.id, dossier.id)
    steps = _row(Step, Step.dossier_id, dossier.id)
    events = _row(Event, Event.subject, dossier.id)
    dossiers, all_steps, all_events, codes = [], [], [], []
    for number in range(since, since + count):
        id_, code = str(uuid7()), f"{first['code'][:-4]}{5000 + number}"
        dossiers.append(
            first | {"id": id_, "code": code, "lookup_code": f"C{number:09d}",
                     "temporary_id": None}
        )  # fmt: skip
        later = timedelta(minutes=number)
        all_steps += [
            s | {"dossier_id": id_, "due_at": s["due_at"] and s["due_at"] + later} for s in steps
        ]
        all_events += [{k: v for k, v in e.items() if k != "id"} | {"subject": id_} for e in events]
        codes.append(code)
    with writing() as session:
        session.execute(insert(Dossier), dossiers)
        session.execute(insert(Step), all_steps)
        session.execute(insert(Event), all_events)
    return codes
