"""The counter's second half: dossiers to send on, results to take back and to hand over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from app import web
from app.clock import VIETNAM
from app.core.card import read_card
from app.core.facts import TOLD_BY
from app.core.refusals import Refused
from app.core.states import Role, Status
from app.core.workflow import transition
from app.desk import quick
from app.desk.fields import Asked
from app.desk.forms import action_form, typed_facts
from app.errors import note_refusal, status_of
from app.extensions import db, writing
from app.handover.identity import Receiver, mismatches, receiver_of
from app.handover.lists import COUNTER_ROLES, to_send_on, uncollected, waiting_for_applicant
from app.journey import door, find, papers, worklists
from app.journey.fragments import Sought, sought
from app.models import Dossier

room = web.room("handover", Role.INTAKE_OFFICER, Role.ONE_STOP_HEAD)
ACTION, ENTER_FEE = "return_direct", "enter_fee"
SLIP = "originals_slip"
TOO_SHORT = "Quét giấy hẹn, hoặc nhập ít nhất 2 chữ cái, 2 chữ số."
PAST_DAYS = (0, 3, 7, 15, 30, 90)
USUAL_DAYS = 7


@room.after_request
def _devices(response: FlaskResponse) -> FlaskResponse:
    """Scanners at a serial port may be used on these pages."""
    response.headers["Permissions-Policy"] = web.WITH_DEVICES
    return response


@room.get("/tra-ket-qua")
def desk() -> str:
    """Results to take back and to hand over."""
    return _desk()


def _desk(text: str = "", found: Sequence[Dossier] | None = None, wrong: str = "") -> str:
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    coming = worklists.at_counter(session, actor, Status.ISSUED, Status.REFUSAL_ISSUED)
    waiting = waiting_for_applicant(session, actor)
    return render_template(
        "handover/desk.html",
        text=text,
        found=found,
        wrong=wrong,
        ready=worklists.at_counter(session, actor, Status.AT_ONE_STOP),
        coming=quick.rows(session, office, actor, now, coming),
        waiting=quick.rows(session, office, actor, now, waiting),
        most=worklists.PAGE,
    )


@room.post("/tra-ket-qua")
def seek() -> Response | str | tuple[str, int]:
    """Find by a scanned receipt or card, a code, a name, a telephone; one hit opens at once."""
    text = request.form.get("tim", "")
    wanted = sought(text)
    if not wanted.enough:
        return _desk(text, wrong=TOO_SHORT), 422
    ready = _ready(wanted)
    if len(ready) == 1:
        if card := read_card(text):
            return _page(ready[0], receiver_of(ready[0], card))
        return web.see_other("handover.give", code=ready[0].code)
    # Drafts have nothing to hand over.
    found = ready or [d for d in find.anywhere(db.session, web.actor(), wanted) if d.code]
    if wanted.exact and len(found) == 1 and found[0].code:
        return web.see_other("desk.dossier", code=found[0].code)
    return _desk(wanted.words[0] if read_card(text) else wanted.text, found[: find.PAGE])


def _ready(wanted: Sought) -> Sequence[Dossier]:
    """What waits at the person's own counters."""
    counters = web.actor().units_with(*COUNTER_ROLES)
    rows = find.anywhere(db.session, web.actor(), wanted, status=(Status.AT_ONE_STOP,))
    return [dossier for dossier in rows if dossier.one_stop in counters]


@room.get("/tra-ket-qua/<code>")
def give(code: str) -> Response | str:
    """Hand over one result: who came, fee, originals."""
    found = find.dossier_of(db.session, web.actor(), code)
    if found.status != Status.AT_ONE_STOP:
        return web.see_other("desk.dossier", code=code)
    return _page(found, receiver_of(found, None))


def _page(
    dossier: Dossier, receiver: Receiver, *, refused: Refused | None = None,
    doubts: dict[str, str] | None = None,
) -> str:  # fmt: skip
    """The page of a hand-over; a refusal's sentences stand beside what was typed."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    steps = door.route_of(session, dossier)
    allowed = door.allowed_actions(session, office, dossier, steps, actor, now)
    asked = Asked(session, office, dossier, steps, actor, now)
    errors = (dict(refused.fields) if refused else {}) | (doubts or {})
    form = action_form(asked, ACTION, receiver.values, errors) if ACTION in allowed else None
    fee_form = action_form(asked, ENTER_FEE, {}, {}) if ENTER_FEE in allowed else None
    return render_template(
        "handover/give.html", dossier=dossier, code=dossier.code, form=form, fee_form=fee_form,
        next=url_for("handover.give", code=dossier.code), receiver=receiver, refused=refused,
        doubts=doubts or {}, inputs={i.fact.name: i for i in form.inputs} if form else {},
        procedure=office.editions[dossier.edition_id].procedure,
        errors={f"{ACTION}-{i.fact.name}": i.error for i in form.inputs if i.error} if form else {},
        submitter=_submitter(dossier), checked="checked" in request.form,
    )  # fmt: skip


def _submitter(dossier: Dossier) -> dict[str, Any] | None:
    return json.loads(dossier.submitter) if dossier.submitter else None


@room.post("/tra-ket-qua/<code>")
def hand_over(code: str) -> Response | tuple[str, int]:
    """Note the hand-over; what is wrong comes back on the same page with everything typed."""
    typed = Receiver(request.form.to_dict())
    dossier = find.dossier_of(db.session, web.actor(), code)
    doubts = {} if "checked" in request.form else mismatches(dossier, typed.values)
    if doubts:
        return _page(dossier, typed, doubts=doubts), 422
    row = transition(ACTION)
    try:
        with writing() as session:
            found = find.dossier_of(session, web.actor(), code, lock=True)
            gives_back = found.originals_held > 0
            door.advance(
                session, web.office(), found, ACTION, web.actor(), web.moment(),
                facts=typed_facts(row, request.form, found),
                expected_version=request.form.get("version", type=int),
            )  # fmt: skip
    except Refused as refused:
        if refused.code in ("not_allowed", "same_person"):
            note_refusal(ACTION, code, refused)
        shown = find.dossier_of(db.session, web.actor(), code)
        return _page(shown, typed, refused=refused), status_of(refused)
    flash(f"Đã xong “{row.label}”, hồ sơ {code}.")
    if gives_back:
        return web.see_other("handover.returned", code=code, moi=1)
    return web.see_other("handover.desk")


@room.get("/tra-ket-qua/xong/<code>")
def returned(code: str) -> str:
    """What was given back with a result, to be printed and signed; can be opened again."""
    found = find.dossier_of(db.session, web.actor(), code)
    papers.document_of(db.session, found, SLIP)
    return render_template(
        "handover/returned.html", dossier=found, slip=SLIP,
        procedure=web.office().editions[found.edition_id].procedure,
    )  # fmt: skip


@room.get("/tra-ket-qua/chua-nhan")
def left() -> str:
    """Results that nobody came for, with telephone and reminders."""
    days = request.args.get("qua", USUAL_DAYS, type=int)
    days = days if days in PAST_DAYS else USUAL_DAYS
    return render_template(
        "handover/uncollected.html", days=days, choices=PAST_DAYS, told_by=TOLD_BY,
        rows=uncollected(db.session, web.actor(), web.moment(), days), most=worklists.PAGE,
        tells=web.actor().has(Role.INTAKE_OFFICER), days_since=_days_since,
    )  # fmt: skip


def _days_since(moment: datetime) -> int:
    """Days of the calendar that have passed, whatever the hour."""
    return (web.moment().astimezone(VIETNAM).date() - moment.astimezone(VIETNAM).date()).days


@room.get("/chuyen-ho-so")
def outgoing() -> str:
    """Received dossiers that are to be sent on, by the 15:00 rule's own deadline."""
    session, office, actor = db.session, web.office(), web.actor()
    waiting = quick.rows(session, office, actor, web.moment(), to_send_on(session, actor))
    return render_template("handover/outgoing.html", waiting=waiting, most=worklists.PAGE)
