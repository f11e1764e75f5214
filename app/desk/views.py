"""The page of one dossier, its actions and its papers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from app import web
from app.core.facts import DEFECTS
from app.core.refusals import Refused
from app.core.states import CLOSED, Role, Status
from app.core.workflow import BY_ACTION, transition
from app.desk import walk
from app.desk.fields import Asked
from app.desk.forms import (
    RESULT_PLACES,
    ActionForm,
    action_form,
    left_over,
    typed_facts,
)
from app.documents import FORMS
from app.errors import note_refusal, status_of
from app.extensions import db, writing
from app.journey import door, find, papers, timeline
from app.journey.timeline import Line
from app.models import Correction, Document, Dossier, FeeLine, Paper, Staff

room = web.room("desk")


def _rows(model: type, dossier: Dossier) -> Any:
    table: Any = model
    query = select(table).where(table.dossier_id == dossier.id).order_by(table.number)
    return db.session.scalars(query).all()


def _holders(steps: Any) -> dict[str, str]:
    """Names of the people who have steps, by id."""
    ids = {step.assignee_id for step in steps if step.assignee_id}
    if not ids:
        return {}
    query = select(Staff.id, Staff.name).where(Staff.id.in_(sorted(ids)))
    return {row[0]: row[1] for row in db.session.execute(query)}


def _page(
    dossier: Dossier, *, failed: str | None = None, refused: Refused | None = None
) -> str:  # fmt: skip
    session, office, now = db.session, web.office(), web.moment()
    steps = door.route_of(session, dossier)
    asked = Asked(session, office, dossier, steps, web.actor(), now)
    forms, lost = _forms(asked, failed, refused)
    names = {s.position: s.name for s in steps}
    edition, status = office.editions[dossier.edition_id], Status(dossier.status)
    lines = timeline.lines(find.events_of(session, dossier), office, names)
    return render_template(
        "desk/dossier.html",
        dossier=dossier, steps=steps, forms=forms, procedure=edition.procedure, edition=edition,
        lines=lines, papers=_rows(Paper, dossier), fees=_rows(FeeLine, dossier),
        documents=_latest(find.documents_of(session, dossier)),
        titles={name: form.title for name, form in FORMS.items()},
        reasons=json.loads(dossier.due_reasons or "[]"), status=status,
        submitter=json.loads(dossier.submitter) if dossier.submitter else None,
        holders=_holders(steps), refused=refused, lost=lost,
        failed=next((f for f in forms if f.failed), None),
        news=_news(lines, dossier) if refused and refused.code == "stale" else [],
        proposal=_last(lines, "propose_result", "propose_refusal") if dossier.outcome else None,
        delegation=office.delegations.get(dossier.delegation_id or 0), next=_next(),
        around=walk.around(session, office, web.actor(), now, request.values.get("ds", "")),
        result_places=RESULT_PLACES, defects=DEFECTS,
        may_receive=web.actor().has(Role.INTAKE_OFFICER),
        corrections=_rows(Correction, dossier) if status in CLOSED else [],
    )  # fmt: skip


def _forms(
    asked: Asked, failed: str | None, refused: Refused | None
) -> tuple[list[ActionForm], list[tuple[str, str]]]:
    """The forms to show, the first weighty one first; and what was typed for one that is gone."""
    allowed = door.allowed_actions(
        asked.session, asked.office, asked.dossier, asked.steps, asked.actor, asked.now
    )
    forms = []
    for action in allowed:
        if refused is None or action != failed:
            forms.append(action_form(asked, action))
            continue
        form = action_form(asked, action, request.form, refused.fields)
        form.failed, form.error = True, refused.sentence
        forms.append(form)
    forms.sort(key=lambda f: ("primary", "plain", "danger").index(f.kind))
    gone = failed is not None and failed not in allowed
    return forms, left_over(transition(failed), request.form) if failed and gone else []


def _news(lines: Sequence[Line], dossier: Dossier) -> list[Line]:
    """What others did since the form that came too late was opened; an act raises the version."""
    acts = [line for line in lines if line.action in BY_ACTION]
    since = request.form.get("version", dossier.version, type=int)
    return acts[-max(dossier.version - since, 1) :]


def _last(lines: Sequence[Line], *actions: str) -> Line | None:
    return next((line for line in reversed(lines) if line.action in actions), None)


def _latest(documents: Sequence[Document]) -> list[Document]:
    """The last issue of each form, the only one that is drawn."""
    return list({document.form: document for document in documents}.values())


@room.get("/ho-so/<code>")
def dossier(code: str) -> str:
    """One dossier within sight."""
    return _page(find.dossier_of(db.session, web.actor(), code))


@room.post("/ho-so/<code>/viec/<action>")
def act(code: str, action: str) -> BaseResponse | tuple[str, int]:
    """Carry out an action; a refusal comes back on the same page with everything typed."""
    row = transition(action)
    version = request.form.get("version", type=int)
    step = request.form.get("step", type=int)
    try:
        with writing() as session:
            found = find.dossier_of(session, web.actor(), code, lock=True)
            typed = typed_facts(row, request.form, found)
            door.advance(
                session, web.office(), found, action, web.actor(), web.moment(), facts=typed,
                note=request.form.get("note", ""), step=step, expected_version=version,
            )  # fmt: skip
    except Refused as refused:
        if refused.code == "no_such_dossier":
            raise
        if refused.code in ("not_allowed", "same_person"):
            note_refusal(action, code, refused)
        shown = find.dossier_of(db.session, web.actor(), code)
        return _page(shown, failed=action, refused=refused), status_of(refused)
    flash(f"Đã xong “{row.label}”, hồ sơ {code}.")
    return redirect(_onward() or f"/ho-so/{code}", code=303)


def _onward() -> str | None:
    """After an act: the next dossier of the list that this one was opened from, or the list."""
    text = request.values.get("ds", "")
    next_one = walk.onward(db.session, web.office(), web.actor(), web.moment(), text)
    return next_one or _next()


def _next() -> str | None:
    """The list to go back to, a page of ours."""
    target = request.values.get("next", "")
    ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if ours and target.isprintable() else None


@room.get("/ho-so/<code>/giay/<form>.pdf")
def document(code: str, form: str) -> Response:
    """A paper as PDF; `lan` asks for the n-th reprint that was noted, none for the original."""
    found = find.dossier_of(db.session, web.actor(), code)
    paper = papers.document_of(db.session, found, form)
    reprint = request.args.get("lan", 0, type=int)
    if not 0 <= reprint < max(paper.drawn, 1):
        raise Refused("no_such_document", "Chưa có lần in lại này. Hãy dùng nút “In lại”.")
    pdf = papers.draw(paper, reprint)
    if not paper.drawn:
        _note(code, form, pdf, 0)
    name = f"{code}-{form}.pdf"
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    return response


def _note(code: str, form: str, pdf: bytes, reprint: int) -> None:
    with writing() as session:
        found = find.dossier_of(session, web.actor(), code, lock=True)
        paper = papers.document_of(session, found, form)
        papers.note_drawn(session, found, paper, pdf, reprint, web.actor(), web.moment())


@room.post("/ho-so/<code>/giay/<form>/in-lai")
def reprint(code: str, form: str) -> BaseResponse:
    """Note a reprint and open it; it says “In lại lần n” and else the same."""
    found = find.dossier_of(db.session, web.actor(), code)
    paper = papers.document_of(db.session, found, form)
    number = max(paper.drawn, 1)
    _note(code, form, papers.draw(paper, number), number)
    return redirect(f"/ho-so/{code}/giay/{form}.pdf?lan={number}", code=303)
