"""API /api/v1: receive, show, search, act, events, documents, procedures, the 50 % figure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, request
from flask_login import current_user
from flask_smorest import Blueprint
from sqlalchemy.exc import IntegrityError

from app import web
from app.api import answers, described, schemas
from app.api.described import says
from app.api.json_body import StrictParser
from app.core.completeness import FeeGiven
from app.core.refusals import Refused
from app.core.workflow import BY_ACTION
from app.extensions import csrf, db, writing
from app.intake import actions as intake
from app.intake.request import PaperGiven, Request
from app.journey import door, find, papers
from app.journey.door import INTAKE_ACTIONS
from app.models import Dossier
from app.oversight.full_process import full_process


class StrictBlueprint(Blueprint):
    """A blueprint whose bodies are read strictly."""

    ARGUMENTS_PARSER = StrictParser()


room = StrictBlueprint("api", __name__, url_prefix="/api/v1", description="Hồ sơ một cửa")
room.access = web.STAFF

READ, WRITE, REPORTS = "dossiers:read", "dossiers:write", "reports:read"
SCOPES = {
    "api.receive": WRITE,
    "api.act": WRITE,
    "api.report": REPORTS,
    "api.full_process_figure": REPORTS,
}


@room.before_request
def _scoped() -> None:
    """Programs only, by their token, and only within its scopes."""
    if not current_user.is_authenticated or current_user.via != "token":
        abort(401)
    wanted = SCOPES.get(request.endpoint or "", READ)
    scopes = current_user.scopes
    if scopes and wanted not in scopes:
        raise Refused("not_allowed", f"Khóa này không có phạm vi {wanted}.")


def _answer(dossier: Dossier) -> dict[str, Any]:
    steps = door.route_of(db.session, dossier)
    return answers.dossier_answer(
        db.session, web.office(), dossier, steps, web.actor(), web.moment()
    )


def _tagged(body: Mapping[str, Any], status: int = 200) -> tuple[Any, int, dict[str, str]]:
    return body, status, {"ETag": f'"{body["version"]}"'}


def _fee(fee: Mapping[str, Any]) -> FeeGiven:
    return FeeGiven(
        fee["index"], fee["quantity"], fee["amount"], fee["exempt_reason"] or "", fee["timing"]
    )


def _request(body: Mapping[str, Any]) -> Request:
    return Request(
        procedure=body["procedure"], one_stop=body["one_stop"], applicant=body["applicant"],
        papers=tuple(PaperGiven(**paper) for paper in body["components"]),
        fees=tuple(_fee(fee) for fee in body["fees"]), case=body["case"] or None,
        channel=body["channel"], result_channel=body["result_channel"],
        submitter=body["submitter"], commune=body["commune"] or None, note=body["note"] or "",
        previous=body["previous"] or None,
    )  # fmt: skip


@room.post("/dossiers")
@says(room, "receive", 409)
@room.arguments(schemas.ReceiveIn(), example=described.RECEIVE)
@room.arguments(schemas.KeyHeader(), location="headers")
@room.response(201, schemas.DossierOut(), headers=described.ETAG)
def receive(body: dict[str, Any], headers: dict[str, Any]) -> Any:
    """Receive a dossier; the same Idempotency-Key gives the same dossier again."""
    key = headers.get("key")
    office, actor, now = web.office(), web.actor(), web.moment()
    try:
        prepared = intake.prepare(office, actor, now, _request(body))
        with writing() as session:
            made = intake.receive(session, office, actor, prepared, key)
    except (IntegrityError, Refused) as no:
        # A key used before: nothing of this attempt was stored, the first one answers, even where
        # what was lawful then would be refused by now.
        db.session.rollback()
        first = intake.known_key(db.session, actor.id, key) if key else None
        dossier = db.session.get(Dossier, first) if first else None
        if dossier is None:
            raise no
        return _tagged(_answer(dossier), 201)
    told = answers.dossier_answer(
        db.session, office, made.dossier, made.steps, actor, now, forms=["receipt"]
    )
    return _tagged(told | {"warnings": made.doubts}, 201)


@room.get("/dossiers/<code>", parameters=[described.CODE])
@says(room, "show", 404)
@room.response(200, schemas.DossierOut(), headers=described.ETAG)
def show(code: str) -> Any:
    """One dossier within the caller's sight."""
    return _tagged(_answer(find.dossier_of(db.session, web.actor(), code)))


@room.get("/dossiers/<code>/events", parameters=[described.CODE])
@says(room, "events", 404)
@room.response(200, schemas.EventsOut())
def events(code: str) -> Any:
    """The dossier's life, each event with its hash."""
    dossier = find.dossier_of(db.session, web.actor(), code)
    return {"items": [answers.event_answer(e) for e in find.events_of(db.session, dossier)]}


@room.get(
    "/dossiers/<code>/documents/<form>.pdf", parameters=[described.CODE, described.FORM]
)  # fmt: skip
@says(room, "document", 404)
@room.arguments(schemas.ReprintQuery(), location="query")
@room.response(200, described.PDF, content_type="application/pdf")
def document(query: dict[str, Any], code: str, form: str) -> Response:
    """A paper as PDF. The first drawing is noted in the log; `?reprint=1` draws a marked copy."""
    dossier = find.dossier_of(db.session, web.actor(), code)
    found = papers.document_of(db.session, dossier, form)
    again = query.get("reprint") == "1"
    reprint = max(found.drawn, 1) if again else 0
    pdf = papers.draw(found, reprint)
    if again or not found.drawn:
        with writing() as session:
            dossier = find.dossier_of(session, web.actor(), code, lock=True)
            found = papers.document_of(session, dossier, form)
            papers.note_drawn(session, dossier, found, pdf, reprint, web.actor(), web.moment())
    return Response(pdf, mimetype="application/pdf")


@room.post("/dossiers/search")
@says(room, "search")
@room.arguments(schemas.SearchIn(), example=described.SEARCH)
@room.response(200, schemas.SearchOut())
def search(body: dict[str, Any]) -> Any:
    """Search by body, so that no name or card number stands in an address."""
    after = answers.read_cursor(body["cursor"]) if body["cursor"] else None
    if body["cursor"] and after is None:
        raise Refused("bad_request", "Con trỏ trang không hợp lệ, hãy tìm lại từ đầu.")
    wanted = find.Wanted(
        text=body["text"], applicant=body["applicant"], status=tuple(body["status"]),
        one_stop=body["one_stop"], due_from=body["due_from"], due_to=body["due_to"],
        after=after, limit=body["limit"],
    )  # fmt: skip
    rows = find.search(db.session, web.actor(), wanted)
    page, more = rows[: wanted.limit], len(rows) > wanted.limit
    return {
        "items": [answers.line_answer(d) for d in page],
        "cursor": answers.cursor_of(page[-1]) if more else None,
    }


@room.post(
    "/dossiers/<code>/actions/<action>", parameters=[described.CODE, described.ACTION]
)  # fmt: skip
@says(room, "act", 404, 409, 428, description=described.facts_table())
@room.arguments(schemas.facts_schema(), examples=described.ACTS)
@room.arguments(schemas.VersionHeader(), location="headers")
@room.response(200, schemas.DossierOut(), headers=described.ETAG)
def act(body: dict[str, Any], headers: dict[str, Any], code: str, action: str) -> Any:
    """Any row of the transition table: the body holds the action's facts, `step`, `note`."""
    if action not in BY_ACTION or action in INTAKE_ACTIONS:
        raise Refused("no_such_action", f"Không có thao tác “{action}” trên hồ sơ đã tiếp nhận.")
    version = _version(headers.get("version"))
    step, note = body.pop("step", None), body.pop("note", "")
    if step is not None and not (isinstance(step, int) and not isinstance(step, bool)):
        raise Refused("bad_request", "Bước (step) phải là số thứ tự của bước.")
    if not isinstance(note, str):
        raise Refused("bad_request", "Ghi chú (note) phải là chữ.")
    asked = action == "consult_reply"
    with writing() as session:
        dossier = find.dossier_of(session, web.actor(), code, lock=True, asked=asked)
        door.advance(
            session, web.office(), dossier, action, web.actor(), web.moment(), note=note,
            facts=body, step=step, expected_version=version,
        )  # fmt: skip
    try:
        return _tagged(_answer(find.dossier_of(db.session, web.actor(), code)))
    except Refused:  # a unit that was asked sees the request only
        return _tagged(answers.brief(dossier))


def _version(header: str | None) -> int:
    if header is None:
        raise Refused(
            "version_required", "Hãy gửi kèm If-Match với phiên bản (version) của hồ sơ đang có."
        )
    match = re.fullmatch(r'\s*(?:W/)?"?(\d{1,9})"?\s*', header)
    if match is None:
        raise Refused("bad_request", f"If-Match “{header[:40]}” không phải số phiên bản.")
    return int(match[1])


@room.get("/procedures")
@says(room, "procedures")
@room.response(200, schemas.ProceduresOut())
def procedures() -> Any:
    """Every procedure offered today."""
    offered = web.office().offered(web.moment().date())
    return {"items": [answers.procedure_answer(e) for _, e in sorted(offered.items())]}


@room.get("/procedures/<code>", parameters=[described.PROCEDURE])
@says(room, "procedure", 404)
@room.response(200, schemas.ProcedureOut())
def procedure(code: str) -> Any:
    """One procedure as offered today."""
    try:
        return answers.procedure_answer(web.office().edition_for(code, web.moment().date()))
    except Refused as refused:
        raise Refused("no_such_document", refused.sentence) from None


@room.get("/metrics/full-process")
@says(room, "full_process_figure")
@room.arguments(schemas.OnQuery(), location="query")
@room.response(200, schemas.FigureOut())
def full_process_figure(query: dict[str, Any]) -> Any:
    """The 50 % figure in both readings."""
    day = query.get("on") or web.moment().date()
    return full_process(db.session, web.office(), day).as_facts()


def install(app: Flask) -> None:
    """Register the API and its OpenAPI file."""
    app.config["OPENAPI_URL_PREFIX"] = "/api/v1"
    app.config["OPENAPI_JSON_PATH"] = "openapi.json"
    api = described.DescribedApi(app, spec_kwargs=described.SPEC)
    api.register_blueprint(room)
    csrf.exempt(room)
    current = app.blueprints.get("api-docs")
    if current is not None:
        current.access = web.PUBLIC  # type: ignore[attr-defined]
