"""The counter's second half: dossiers to send on, results to take back and to hand over."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from app import web
from app.core.codes import parse_dossier_code
from app.core.states import Role, Status
from app.desk import quick
from app.extensions import db
from app.handover.lists import to_send_on, waiting_for_applicant
from app.journey import find, worklists

room = web.room("handover", Role.INTAKE_OFFICER, Role.ONE_STOP_HEAD)


@room.get("/tra-ket-qua")
def desk() -> str | Response:
    """Results to take back and to hand over; a scanned or typed code opens its dossier."""
    text = request.args.get("q", "").strip()
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    found = []
    if text:
        found = list(find.search(session, actor, find.Wanted(text=text)))
        if len(found) == 1 and (parse_dossier_code(text) or text.isdigit()):
            return redirect(f"/ho-so/{found[0].code}", code=303)
    coming = worklists.at_counter(session, actor, Status.ISSUED, Status.REFUSAL_ISSUED)
    waiting = waiting_for_applicant(session, actor)
    return render_template(
        "handover/desk.html",
        text=text,
        found=found,
        ready=worklists.at_counter(session, actor, Status.AT_ONE_STOP),
        coming=quick.rows(session, office, actor, now, coming),
        waiting=quick.rows(session, office, actor, now, waiting),
        most=worklists.PAGE,
    )


@room.get("/chuyen-ho-so")
def outgoing() -> str:
    """Received dossiers that are to be sent on, by the 15:00 rule's own deadline."""
    session, office, actor = db.session, web.office(), web.actor()
    waiting = quick.rows(session, office, actor, web.moment(), to_send_on(session, actor))
    return render_template("handover/outgoing.html", waiting=waiting, most=worklists.PAGE)
