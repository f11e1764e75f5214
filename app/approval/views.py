"""The văn thư's desk; the leader's round is in rounds.py, signing for a leader in signing.py."""

from __future__ import annotations

from flask import render_template

from app import web
from app.approval.lists import next_numbers
from app.core.states import Role
from app.desk import quick
from app.extensions import db
from app.journey import worklists

room = web.room("approval", Role.APPROVER, Role.AGENCY_HEAD, Role.ONE_STOP_HEAD, Role.CLERK)


@room.get("/van-thu")
@web.needs(Role.CLERK)
def stamp() -> str:
    """What waits for number and seal, and dossiers arriving at the unit."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    work = quick.rows(session, office, actor, now, worklists.to_stamp(session, actor))
    units = {row.step.moved_from or row.step.unit_id for row in work if row.step}
    return render_template(
        "approval/stamp.html",
        work=work,
        numbers=next_numbers(session, units, now.year),
        arriving=quick.rows(session, office, actor, now, worklists.arriving(session, actor)),
        most=worklists.PAGE,
    )
