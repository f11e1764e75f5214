"""The counter asks for what is missing: a kept draft and its notice, in one transaction.

Source: NĐ 61/2018/NĐ-CP Đ17.1a; NĐ 118/2025/NĐ-CP Đ16.3, Đ17.1: one full notice; no code is given
and no clock runs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.procedure import Procedure
from app.core.refusals import Refused
from app.core.states import Status
from app.intake import actions, rows
from app.intake.forms import MISSING, Typed, marks_of
from app.intake.request import Request, judge_request
from app.journey import door
from app.journey.office import Db, Office

NOT_HANDED_IN = "Chưa nộp"
# What the draft's row keeps as it is when the request is written on it.
_KEPT = frozenset(
    {"id", "temporary_id", "status", "version", "regime", "edition_id", "procedure_code",
     "one_stop", "created_at", "created_by", "draft"}
)  # fmt: skip


def missing_items(procedure: Procedure, case: str | None, typed: Typed) -> list[dict[str, Any]]:
    """A line for each paper marked as missing; a note in `missing-note-N` says what is wrong.

    Of papers of which one will do, the line names the others that will do as well.
    """
    marks, papers = marks_of(procedure, case, typed), dict(procedure.components_for(case))
    items = []
    for n in (n for n, mark in marks.items() if mark == MISSING):
        defect = typed.get(f"missing-note-{n}", "").strip() or NOT_HANDED_IN
        group = papers[n].one_of
        others = [c.name for i, c in papers.items() if group and c.one_of == group and i != n]
        if others:
            defect = f"{defect.rstrip('.')}. Nộp giấy tờ này hoặc một trong: {'; '.join(others)}."
        items.append({"component": n, "code": "missing", "defect": defect})
    return items


def ask(
    session: Db, office: Office, actor: Actor, now: datetime, request: Request, *,
    form: dict[str, Any], facts: dict[str, Any], key: str | None = None,
) -> str:  # fmt: skip
    """Keep the request and ask for the supplement; returns its temporary id.

    form: what the screen shows again; facts: items, reason and, the second time, fault. Refused
    as by `ask_intake_supplement` in the door, and where a draft is of another procedure.
    """
    today = now.astimezone(VIETNAM).date()
    intake = judge_request(office, actor, today, request, complete=False)
    made = actions.save_draft(
        session, office, actor, now, request.one_stop, form, request.draft, request.draft_seen
    )
    kept = actions.draft_of(session, actor, made)
    if kept.procedure_code != intake.procedure.code or kept.one_stop != intake.counter.id:
        raise Refused(
            "other_procedure",
            "Hồ sơ lưu tạm này thuộc thủ tục hoặc quầy khác. Hãy mở hồ sơ mới cho thủ tục này.",
        )
    columns = rows.dossier_row(intake, office, kept.id, Status(kept.status), actor.id, now)
    for name, value in columns.items():
        if name not in _KEPT:
            setattr(kept, name, value)
    door.advance(session, office, kept, "ask_intake_supplement", actor, now, facts=facts)
    actions.use_key(session, actor, key, kept.id, now)
    return made
