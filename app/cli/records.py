"""A dossier's life, the audit trail, the figures."""

from __future__ import annotations

import json
from datetime import date

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.cli import answer, as_json, fail, refusals
from app.cli.rules import office
from app.clock import VIETNAM, now
from app.core.states import Status
from app.extensions import db
from app.journey import door, find, timeline
from app.journey.audit import verify
from app.models import Dossier
from app.oversight.full_process import full_process

dossier = AppGroup("dossier", help="Hồ sơ.")
log = AppGroup("log", help="Nhật ký không sửa được.")
metrics = AppGroup("metrics", help="Số liệu.")


@dossier.command("show")
@click.argument("code")
@as_json
@refusals
def show(code: str, as_json: bool) -> None:
    """Một hồ sơ và mọi việc đã xảy ra với nó."""
    wanted = code.strip().upper()
    column = Dossier.temporary_id if wanted.startswith("TAM-") else Dossier.code
    found = db.session.scalar(select(Dossier).where(column == wanted))
    if found is None:
        return fail(f"Không có hồ sơ {code}.")
    here = office()
    steps = door.route_of(db.session, found)
    events = find.events_of(db.session, found)
    facts = {
        "code": found.code,
        "status": found.status,
        "procedure": found.procedure_code,
        "accepted_at": found.accepted_at.astimezone(VIETNAM).isoformat()
        if found.accepted_at
        else None,
        "due_at": found.due_at.astimezone(VIETNAM).isoformat() if found.due_at else None,
        "steps": [
            {"position": s.position, "name": s.name, "unit": s.unit_id, "state": s.state}
            for s in steps
        ],
        "events": [json.loads(e.body) | {"hash": e.hash} for e in events],
    }
    names = {s.position: s.name for s in steps}
    lines = [f"{found.code or found.temporary_id} · {Status(found.status).label}"]
    for line in timeline.lines(events, here, names):
        lines.append(
            f"  {line.at.astimezone(VIETNAM):%d/%m/%Y %H:%M} {line.what} · {line.who} · {line.unit}"
        )
        lines += [f"      {detail}" for detail in line.details]
    answer(as_json, facts, "\n".join(lines))
    return None


@log.command("verify")
@click.argument("code", required=False)
@as_json
def verify_log(code: str | None, as_json: bool) -> None:
    """Kiểm lại từng chuỗi nhật ký; nêu mục sai đầu tiên."""
    result = verify(db.session, code)
    if result.fault is None:
        text = f"{result.events} mục của {result.subjects} chuỗi: nguyên vẹn, trạng thái khớp."
        answer(as_json, {"ok": True, "events": result.events, "subjects": result.subjects}, text)
        return
    answer(as_json, {"ok": False, "fault": result.fault, "events": result.events}, result.fault)
    raise SystemExit(1)


@metrics.command("full-process")
@click.option("--on", "day", help="Ngày, YYYY-MM-DD; mặc định hôm nay.")
@as_json
@refusals
def show_full_process(day: str | None, as_json: bool) -> None:
    """Chỉ tiêu 50 % thủ tục thực hiện toàn bộ quy trình tại Một cửa, hai cách tính."""
    try:
        on = date.fromisoformat(day) if day else now().date()
    except ValueError:
        raise click.BadParameter(f"“{day}” không phải ngày YYYY-MM-DD", param_hint="--on") from None
    found = full_process(db.session, office(), on)
    answer(as_json, found.as_facts(), found.text())
