"""The page of a unit whose opinion was asked: the question, and where to answer; no more."""

from __future__ import annotations

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from app import web
from app.core.refusals import Refused
from app.core.states import Status
from app.desk.views import room
from app.errors import note_refusal, status_of
from app.extensions import db, writing
from app.journey import consulting, door, find


def _page(code: str, refused: Refused | None = None) -> str:
    found = find.dossier_of(db.session, web.actor(), code, asked=True)
    asked = consulting.requests_to(db.session, web.actor(), code=found.code)
    if not asked:
        raise Refused("no_such_dossier", "Không có yêu cầu lấy ý kiến nào gửi đơn vị của bạn.")
    procedure = web.office().editions[found.edition_id].procedure
    return render_template(
        "desk/opinion.html", dossier=found, asked=asked, procedure=procedure, refused=refused,
        open=found.status == Status.CONSULTING and any(a.request.replied_at is None for a in asked),
        typed=request.form.get("reply", "") if refused else "",
    )  # fmt: skip


@room.get("/y-kien/<code>")
def opinion(code: str) -> str:
    """A request for an opinion, to those who were asked."""
    return _page(code)


@room.post("/y-kien/<code>")
def answer_opinion(code: str) -> Response | tuple[str, int]:
    """Answer it; a refusal comes back with what was typed."""
    try:
        with writing() as session:
            found = find.dossier_of(session, web.actor(), code, lock=True, asked=True)
            door.advance(
                session, web.office(), found, "consult_reply", web.actor(), web.moment(),
                facts={"reply": request.form.get("reply", "")},
            )  # fmt: skip
    except Refused as refused:
        if refused.code == "no_such_dossier":
            raise
        if refused.code == "not_allowed":
            note_refusal("consult_reply", code, refused)
        return _page(code, refused), status_of(refused)
    flash(f"Đã gửi ý kiến về hồ sơ {code}.")
    return web.see_other("desk.opinion", code=code)
