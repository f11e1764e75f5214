"""Guards of the opinions asked from other units: ask, answer, close with who was late.

Source: Nghị định 61/2018/NĐ-CP Đ19.5, Nghị định 118/2025/NĐ-CP Đ19.4.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.states import Role
from app.journey import log
from app.journey.guards import Act, today_of, wrong_field
from app.journey.office import Db
from app.journey.visibility import asked_visible, in_sight
from app.models import Consultation, Dossier, Message

AT_MOST = 50  # requests listed at once


def _consult(act: Act) -> None:
    answer_by = date.fromisoformat(act.facts["answer_by"])
    if answer_by < today_of(act):
        raise wrong_field("answer_by", "Hạn trả lời không được trước hôm nay.")
    due = act.dossier.due_day
    if due is not None and today_of(act) <= due < answer_by:  # overdue, any day is as good
        raise wrong_field(
            "answer_by",
            f"Hạn trả lời không được sau hạn của hồ sơ ({due:%d/%m/%Y}).",
        )
    last = act.session.scalar(
        select(func.max(Consultation.number)).where(Consultation.dossier_id == act.dossier.id)
    )
    for number, unit_id in enumerate(act.facts["units"], (last or 0) + 1):
        act.session.add(
            Consultation(
                dossier_id=act.dossier.id, number=number, unit_id=act.office.unit(unit_id).id,
                content=act.facts["content"], asked_at=act.now, answer_by=answer_by,
            )
        )  # fmt: skip


def open_consultations(act: Act) -> list[Consultation]:
    """The opinions still waited for."""
    query = select(Consultation).where(
        Consultation.dossier_id == act.dossier.id, Consultation.replied_at.is_(None)
    )
    return list(act.session.scalars(query.order_by(Consultation.number)))


def _consult_reply(act: Act) -> None:
    for row in open_consultations(act):
        path = act.office.unit(row.unit_id).path
        if any(
            act.actor.post_for(role, row.unit_id, path)
            for role in (Role.CONSULTED_AGENCY, Role.AGENCY_HEAD)
        ):
            row.replied_at, row.reply = act.now, act.facts["reply"]
            act.facts |= {"unit": row.unit_id, "late": today_of(act) > row.answer_by}
            return
    raise Refused("not_asked", "Không có yêu cầu lấy ý kiến nào đang chờ đơn vị của bạn.")


def _consult_close(act: Act) -> None:
    waiting = open_consultations(act)
    early = [r for r in waiting if today_of(act) <= r.answer_by]
    if early:
        names = "; ".join(
            f"{act.office.unit_name(r.unit_id)} (đến {r.answer_by:%d/%m/%Y})" for r in early
        )
        raise Refused("still_waiting", f"Còn chờ ý kiến trong hạn của: {names}.")
    for row in waiting:  # late: the lead agency tells the head of the one-stop
        row.late_reported_at = row.replied_at = act.now
    if waiting:
        act.facts["late_units"] = [r.unit_id for r in waiting]
        _tell_head(act)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for an opinion, as the unit asked sees it."""

    dossier: Dossier
    request: Consultation


def requests_to(session: Db, actor: Actor, *, code: str | None = None) -> list[Asked]:
    """Requests to the person's units: all still open, or every one of a dossier; soonest first."""
    query = (
        select(Dossier, Consultation)
        .join(Consultation, Consultation.dossier_id == Dossier.id)
        .where(in_sight(Consultation.unit_id, actor))
        .order_by(Consultation.answer_by, Consultation.dossier_id, Consultation.number)
        .limit(AT_MOST)
    )
    which = Dossier.code == code if code else Consultation.replied_at.is_(None)
    rows = session.execute(asked_visible(query.where(which), actor))
    return [Asked(*row) for row in rows]


def _tell_head(act: Act) -> None:
    """The head of the one-stop is told which units did not answer (Đ19.5b; Đ19.4c)."""
    dossier = act.dossier
    row = log.message_row(dossier.id, dossier.event_seq + 1, dossier.status, dossier.code, act.now)
    told = {"one_stop": dossier.one_stop, "late_units": act.facts["late_units"]}
    row["payload"] = json.dumps(json.loads(row["payload"]) | told, ensure_ascii=False)
    act.session.add(Message(**(row | {"kind": "consult_late"})))


CONSULT_GUARDS: dict[str, Callable[[Act], None]] = {
    "consult": _consult,
    "consult_reply": _consult_reply,
    "consult_close": _consult_close,
}
