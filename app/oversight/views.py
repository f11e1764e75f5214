"""Board and register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import render_template, request, url_for

from app import web
from app.clock import VIETNAM
from app.core.states import BEFORE_ACCEPTANCE, CLOSED, OPEN, Role, Status
from app.core.vietnamese import percent
from app.extensions import db
from app.journey import find
from app.models import Dossier
from app.oversight.board import WINDOW, WORKING, on_time_by_unit, totals
from app.oversight.full_process import full_process

room = web.room("oversight")
ENDED = CLOSED - BEFORE_ACCEPTANCE
MOST_BARS = 12
LABEL = 36  # letters that fit beside a bar


class Chip(NamedTuple):
    """A filter: its text, the address with it turned round, whether it is on."""

    text: str
    href: str
    on: bool


@room.get("/bao-cao")
@web.needs(Role.ONE_STOP_HEAD, Role.MONITOR, Role.APPROVER)
def board() -> str:
    """The four numbers, the 50 % target in both readings, on-time by department."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    asked = request.args.get("ngay", "").strip()
    day = _day(asked)
    target = full_process(session, office, day or now.astimezone(VIETNAM).date())
    return render_template(
        "oversight/board.html",
        target=target,
        asked=asked,
        wrong_day="" if day or not asked else "Hãy nhập ngày có thật, ví dụ 25/11/2026.",
        totals=totals(session, actor, now),
        units=on_time_by_unit(session, actor, now),
        offered=office.offered(target.on),
        counter=office.unit_name(target.one_stop),
        window=WINDOW.days,
        percent=percent,
        short_name=short_name,
        most_bars=MOST_BARS,
    )


@room.get("/so-theo-doi")
@web.needs(*(r for r in Role if r != Role.ADMIN))
def register() -> str:
    """Every dossier within sight, newest first, found by any part; key-set pages."""
    args = request.args
    late = args.get("tre") == "1"
    offered = [s for s in Status if s in (WORKING if late else OPEN | ENDED)]
    chosen = [s for s in offered if s in args.getlist("tt")]
    wanted = find.Wanted(
        text=args.get("q", "").strip(),
        status=tuple(chosen) or (tuple(sorted(WORKING)) if late else ()),
        due_to=web.moment() if late else None,
        after=_cursor(args.get("sau")),
    )
    rows = list(find.search(db.session, web.actor(), wanted))
    more, rows = len(rows) > wanted.limit, rows[: wanted.limit]
    first = max(args.get("tu", 1, type=int), 1) if wanted.after else 1
    return render_template(
        "oversight/register.html", rows=rows, wanted=wanted, late=late, first=first,
        cursor=_after(rows[-1]) if more else None, chips=_chips(offered, chosen, late),
        late_link=_link(chosen, not late), bare=_link([], False), chosen=chosen,
    )  # fmt: skip


def _chips(offered: Sequence[Status], chosen: Sequence[Status], late: bool) -> list[Chip]:
    """A chip for each state; each toggles its own and keeps the rest of the address."""
    return [
        Chip(s.label, _link([c for c in offered if (c in chosen) != (c == s)], late), s in chosen)
        for s in offered
    ]


def _link(chosen: Sequence[Status], late: bool) -> str:
    """The register with these filters and the same text, from its first page."""
    query: dict[str, Any] = {
        "q": request.args.get("q", "").strip(),
        "tt": chosen,
        "tre": "1" if late else "",
    }
    return url_for("oversight.register", **{key: value for key, value in query.items() if value})


def short_name(name: str) -> str:
    """A unit's name beside a bar: what all share is left out, a long middle is cut."""
    name = name.removeprefix("Phòng ").removeprefix("Công chức ")
    if len(name) <= LABEL:
        return name
    return f"{name[:20].rpartition(' ')[0].rstrip(' -')} … {name[-14:].partition(' ')[2]}"


def _day(text: str) -> date | None:
    """A day as people write it (25/11/2026) or as programs do (2026-11-25)."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM).date()
        except ValueError:
            continue
    return None


def _after(last: Dossier) -> str | None:
    return f"{last.accepted_at.isoformat()}~{last.id}" if last.accepted_at else None


def _cursor(text: str | None) -> tuple[datetime, str] | None:
    moment, _, dossier_id = (text or "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, dossier_id) if at.tzinfo and len(dossier_id) == 36 else None
