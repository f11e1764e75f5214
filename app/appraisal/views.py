"""The department's inbox: what comes in, what is to be assigned, what is mine."""

from __future__ import annotations

from flask import render_template, request

from app import web
from app.core.states import Role
from app.extensions import db
from app.journey import worklists

room = web.room(
    "appraisal", Role.CASE_OFFICER, Role.AGENCY_HEAD, Role.CONSULTED_AGENCY, Role.CLERK,
    Role.APPROVER, Role.ONE_STOP_HEAD, prefix="/tham-dinh",
)  # fmt: skip


@room.get("")
def inbox() -> str:
    """Soonest due first; `xem=phong` shows the whole department's open steps."""
    session, actor = db.session, web.actor()
    whole = request.args.get("xem") == "phong"
    return render_template(
        "appraisal/inbox.html",
        whole=whole,
        arriving=worklists.arriving(session, actor),
        to_assign=worklists.to_assign(session, actor),
        work=worklists.of_units(session, actor) if whole else worklists.mine(session, actor),
    )
