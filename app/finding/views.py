"""One box for everything: the text is posted, so that nothing personal stands in an address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from werkzeug.wrappers import Response

from app import web
from app.core.states import Role
from app.extensions import db
from app.finding.why import Why, starts_word, why
from app.journey import find
from app.journey.fragments import Sought, sought
from app.models import Dossier

room = web.room("finding", *(role for role in Role if role != Role.ADMIN))
TOO_SHORT = "Nhập ít nhất 2 chữ cái hoặc 2 chữ số."


@dataclass(frozen=True, slots=True)
class Hit:
    """A dossier that was found, and why."""

    dossier: Dossier
    why: list[Why]


@room.get("/tim")
def form() -> str:
    """The empty box."""
    return render_template("finding/find.html", text="", hits=None, more=None, wrong="")


@room.post("/tim")
def results() -> Response | str | tuple[str, int]:
    """What was found, newest first; a whole code or a scanned receipt opens its dossier."""
    text = request.form.get("tim", "")
    wanted = sought(text)
    if not wanted.enough:
        page = render_template(
            "finding/find.html", text=text, hits=None, more=None, wrong=TOO_SHORT
        )
        return page, 422
    after = request.form.get("sau") or None
    rows = list(find.anywhere(db.session, web.actor(), wanted, after=after))
    if wanted.exact and len(rows) == 1 and after is None:
        return web.see_other("desk.dossier", code=rows[0].code or rows[0].temporary_id)
    more = rows[find.PAGE - 1].id if len(rows) > find.PAGE else None
    return render_template(
        "finding/find.html", text=wanted.text, hits=_hits(rows[: find.PAGE], wanted), more=more,
        later=after is not None, wrong="",
    )  # fmt: skip


def _hits(rows: list[Dossier], wanted: Sought) -> list[Hit]:
    """The rows of a page, those whose words begin with what was typed first."""
    rows.sort(key=lambda dossier: not starts_word(dossier, wanted))
    return [Hit(dossier, why(dossier, wanted)) for dossier in rows]
