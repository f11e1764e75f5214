"""The leader's round and the văn thư's desk."""

from __future__ import annotations

from flask import render_template

from app import web
from app.core.states import Role
from app.extensions import db
from app.journey import worklists

room = web.room("approval", Role.APPROVER, Role.AGENCY_HEAD, Role.ONE_STOP_HEAD, Role.CLERK)


@room.get("/phe-duyet")
@web.needs(Role.APPROVER, Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)
def inbox() -> str:
    """What waits for this person's signature, soonest due first."""
    return render_template(
        "approval/inbox.html", work=worklists.to_approve(db.session, web.actor())
    )


@room.get("/van-thu")
@web.needs(Role.CLERK)
def stamp() -> str:
    """What waits for number and seal, and dossiers arriving at the unit."""
    return render_template(
        "approval/stamp.html",
        work=worklists.to_stamp(db.session, web.actor()),
        arriving=worklists.arriving(db.session, web.actor()),
    )
