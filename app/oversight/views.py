"""Board and register."""

from __future__ import annotations

from datetime import date, datetime

from flask import render_template, request

from app import web
from app.core.states import OPEN, Role, Status
from app.extensions import db
from app.journey import find
from app.oversight.board import on_time_by_unit, totals
from app.oversight.full_process import full_process

room = web.room("oversight")


@room.get("/bao-cao")
@web.needs(Role.ONE_STOP_HEAD, Role.MONITOR, Role.APPROVER)
def board() -> str:
    """The four numbers, the 50 % target in both readings, on-time by department."""
    office, today = web.office(), web.moment().date()
    day = _day(request.args.get("ngay")) or today
    return render_template(
        "oversight/board.html",
        day=day,
        target=full_process(db.session, office, day),
        totals=totals(db.session, web.actor(), web.moment()),
        units=on_time_by_unit(db.session, web.actor(), web.moment()),
        offered=office.offered(day),
    )


@room.get("/so-theo-doi")
@web.needs(*(r for r in Role if r != Role.ADMIN))
def register() -> str:
    """Every dossier within sight, newest first, found by any part; key-set pages."""
    args = request.args
    chosen = [s for s in args.getlist("tt") if s in set(Status)]
    late = args.get("tre") == "1"
    wanted = find.Wanted(
        text=args.get("q", ""),
        status=tuple(chosen) or (tuple(sorted(OPEN)) if late else ()),
        due_to=web.moment() if late else None,
        after=_cursor(args.get("sau")),
    )
    rows = list(find.search(db.session, web.actor(), wanted))
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    last = rows[-1] if rows else None
    cursor = (
        f"{last.accepted_at.isoformat()}~{last.id}" if more and last and last.accepted_at else None
    )
    return render_template(
        "oversight/register.html", rows=rows, wanted=wanted, chosen=chosen, late=late,
        cursor=cursor, statuses=[s for s in Status if s in OPEN] + [Status.RETURNED],
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _cursor(text: str | None) -> tuple[datetime, str] | None:
    moment, _, dossier_id = (text or "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, dossier_id) if at.tzinfo and len(dossier_id) == 36 else None
