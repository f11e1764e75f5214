"""The department's inbox: what comes in, what is to be assigned, what is mine."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from app import web
from app.appraisal import lists
from app.bulk import choice
from app.bulk.views import give
from app.core.refusals import Refused
from app.core.states import Role, Status
from app.desk import inbox as inboxes
from app.desk import quick
from app.desk import walk as walks
from app.desk.inbox import PAGE
from app.desk.walk import Walk
from app.errors import status_of
from app.extensions import db
from app.journey import consulting
from app.journey.worklists import Work

room = web.room(
    "appraisal", Role.CASE_OFFICER, Role.AGENCY_HEAD, Role.CONSULTED_AGENCY, Role.CLERK,
    Role.APPROVER, Role.ONE_STOP_HEAD, prefix="/tham-dinh",
)  # fmt: skip
ABOVE = 8  # lines of what comes in and is to be assigned, above the person's own work
IN_BULK = {"den": "receive", "giao": "assign"}


def _has_own() -> bool:
    return web.actor().has(Role.CASE_OFFICER, Role.CONSULTED_AGENCY)


@room.get("")
def inbox() -> str:
    """One of the views of `xem`, soonest due first, with the filters of the address."""
    walk = walks.asked(request.args, "hom-nay" if _has_own() else "phong")
    return _many(walk) if walk.view in IN_BULK else _work(walk)


def _lines(walk: Walk, limit: int = PAGE + 1) -> list[Work]:
    after = walks.key_of(request.args.get("sau", ""))
    wanted = walk.wanted(web.office(), web.moment())
    return inboxes.page(db.session, web.actor(), wanted, after=after, limit=limit)


def _shared(walk: Walk, work: list[Work]) -> dict[str, Any]:
    """What every view's page needs; work: the lines, and one more where there is a next page."""
    office, actor, now = web.office(), web.actor(), web.moment()
    last = work[PAGE - 1].key if len(work) > PAGE else None
    more = walks.place(last) if last else None
    return {
        "walk": walk, "views": lists.views(walk, actor, _has_own()), "has_own": _has_own(),
        "filters": lists.filters(walk, office, actor, now), "most": PAGE,
        "next_page": walk.href(sau=more) if more else None, "paged": bool(request.args.get("sau")),
    }  # fmt: skip


def _work(walk: Walk) -> str:
    """A view of open work, under what comes in and what is to be assigned."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    work = _lines(walk)
    shared = _shared(walk, work)
    above = [] if shared["paged"] else _above()
    units = {row.step.unit_id for row in above if row.step and "assign" in row.actions}
    return render_template(
        "appraisal/inbox.html",
        arriving=[r for r in above if r.dossier.status == Status.IN_TRANSFER],
        to_assign=[r for r in above if r.dossier.status != Status.IN_TRANSFER],
        opinions=[] if shared["paged"] else consulting.requests_to(session, actor),
        officers=quick.officers(session, office, units, now),
        groups=lists.groups(work[:PAGE], now) if walk.view != "cho-dan" else [("", work[:PAGE])],
        count=len(work), above=ABOVE, **shared,
    )  # fmt: skip


def _above() -> list[quick.Row]:
    """The first lines of what comes in and what is to be assigned, with what may be done."""
    session, actor = db.session, web.actor()
    coming = inboxes.page(session, actor, inboxes.Wanted("arriving"), limit=ABOVE)
    waiting = (
        inboxes.page(session, actor, inboxes.Wanted("assign"), limit=ABOVE)
        if actor.has(*lists.HEADS) else []
    )  # fmt: skip
    return quick.rows(session, web.office(), actor, web.moment(), [*coming, *waiting])


def _many(walk: Walk, refused: Refused | None = None) -> str:
    """A list with boxes to tick, for one act on many."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    work = _lines(walk)
    rows = quick.rows(session, office, actor, now, work[:PAGE])
    units = {row.step.unit_id for row in rows if row.step and "assign" in row.actions}
    return render_template(
        "appraisal/many.html", items=rows, kind=IN_BULK[walk.view],
        action=choice.action_of(walk.wanted(office, now).view, None),
        officers=quick.officers(session, office, units, now), refused=refused,
        ticked=choice.ticked(request.form), **_shared(walk, work),
    )  # fmt: skip


@room.post("/hang-loat")
def many() -> Response | tuple[str, int]:
    """Assign or take over the ticked dossiers, or the whole list; an answer for each of them."""
    walk = walks.asked(request.form, "den")
    kind = IN_BULK.get(walk.view, "receive")
    try:
        facts = _assignee() if kind == "assign" else {}
        wanted = walk.wanted(web.office(), web.moment())
        wishes = choice.chosen(db.session, web.actor(), wanted, request.form)
        return give(kind, wishes, walk.href(), facts)
    except Refused as refused:
        return _many(walk, refused), status_of(refused)


def _assignee() -> dict[str, str]:
    assignee = request.form.get("assignee", "")
    if not assignee:
        sentence = "Hãy chọn người thụ lý cho các hồ sơ đã đánh dấu."
        raise Refused("bad_request", sentence, fields={"assignee": sentence})
    return {"assignee": assignee}
