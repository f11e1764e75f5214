"""Which dossiers of a list were ticked, as the page posts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.bulk.terms import MOST, Wish
from app.core.actor import Actor
from app.desk import inbox
from app.journey.office import Db
from app.journey.visibility import visible
from app.journey.worklists import Work
from app.models import Dossier

TICKED, SEEN = "ma", "phien."  # codes; version and step of each row: `phien.<code>=7.3`
WHOLE = "tat_ca"  # the whole list, all its pages


def ticked(form: Any) -> dict[str, int]:
    """The ticked codes with the version that each had on the page (-1 where it is not told)."""
    found = {}
    for code in form.getlist(TICKED):
        version = form.get(SEEN + code, "").partition(".")[0]
        found[code] = int(version) if version.isdecimal() and len(version) < 9 else -1
    return found


def chosen(session: Db, actor: Actor, wanted: inbox.Wanted, form: Any) -> list[Wish]:
    """What the form orders: the ticked dossiers, or the whole list, in the list's order.

    A ticked dossier that has left the list since is kept with its old version: it is answered for.
    """
    if form.get(WHOLE):
        works = inbox.page(session, actor, wanted, limit=MOST + 1)
        return [_wish(wanted.view, work, work.dossier.version) for work in works]
    versions = ticked(form)
    if not versions:
        return []
    works = inbox.page(
        session, actor, inbox.Wanted(wanted.view, codes=tuple(versions)), limit=MOST + 1
    )
    wishes = [_wish(wanted.view, w, versions[w.dossier.code or ""]) for w in works]
    gone = versions.keys() - {wish.code for wish in wishes}
    return wishes + _gone(session, actor, wanted.view, sorted(gone), versions)


def _wish(view: str, work: Work, version: int) -> Wish:
    step = None if view == "arriving" else work.step.position
    return Wish(work.dossier.id, work.dossier.code or "", action_of(view, work), step, version)


def action_of(view: str, work: Work | None) -> str:
    """What the door is asked for a line of the list."""
    if view == "approve":
        return "approve" if work is None or work.step.decides else "finish_step"
    return {"arriving": "agency_receive", "assign": "assign", "held": "reassign"}[view]


def _gone(
    session: Db, actor: Actor, view: str, codes: Sequence[str], versions: dict[str, int]
) -> list[Wish]:
    if not codes:
        return []
    query = select(Dossier.id, Dossier.code).where(Dossier.code.in_(codes)).order_by(Dossier.code)
    return [
        Wish(id_, code, action_of(view, None), None, versions[code])
        for id_, code in session.execute(visible(query, actor))
        if code is not None
    ]
