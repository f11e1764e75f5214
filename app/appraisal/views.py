"""The department's inbox: what comes in, what is to be assigned, what is mine."""

from __future__ import annotations

from flask import render_template, request

from app import web
from app.appraisal.lists import of_departments
from app.core.states import Role
from app.desk import quick
from app.extensions import db
from app.journey import consulting, worklists

room = web.room(
    "appraisal", Role.CASE_OFFICER, Role.AGENCY_HEAD, Role.CONSULTED_AGENCY, Role.CLERK,
    Role.APPROVER, Role.ONE_STOP_HEAD, prefix="/tham-dinh",
)  # fmt: skip


@room.get("")
def inbox() -> str:
    """Soonest due first; `xem=phong` shows the department's open steps, `xem=toi` my own."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    has_own = actor.has(Role.CASE_OFFICER, Role.CONSULTED_AGENCY)
    whole = request.args.get("xem", "toi" if has_own else "phong") == "phong"
    to_assign = quick.rows(session, office, actor, now, worklists.to_assign(session, actor))
    units = {row.step.unit_id for row in to_assign if row.step and "assign" in row.actions}
    above = {row.dossier.id for row in to_assign}
    work = of_departments(session, actor) if whole else worklists.mine(session, actor)
    return render_template(
        "appraisal/inbox.html",
        whole=whole,
        has_own=has_own,
        arriving=quick.rows(session, office, actor, now, worklists.arriving(session, actor)),
        to_assign=to_assign,
        opinions=consulting.requests_to(session, actor),
        officers=quick.people(session, units, Role.CASE_OFFICER, office.judged(now.date())),
        work=[w for w in work if w.step.assignee_id or w.dossier.id not in above],
        most=worklists.PAGE,
    )
