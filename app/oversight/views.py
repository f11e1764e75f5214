"""Board and register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import web
from app.bulk import actions as tasks
from app.bulk.terms import KINDS, Run
from app.bulk.views import sent, start
from app.clock import VIETNAM
from app.core.refusals import Refused
from app.core.states import Role, Status
from app.core.vietnamese import percent
from app.extensions import db, writing
from app.journey import find
from app.journey.log import Happened, record_for_account
from app.models import Dossier
from app.oversight import exports
from app.oversight import register as books
from app.oversight.board import WINDOW, on_time_by_unit, totals
from app.oversight.full_process import full_process

room = web.room("oversight")
KINDS |= exports.BOOKS
MOST_BARS = 12
# The states that people ask for day by day; the others are a click further away.
NEAR = frozenset({
    Status.ACCEPTED, Status.IN_TRANSFER, Status.APPRAISING, Status.SUPPLEMENT_REQUESTED,
    Status.SUBMITTED_FOR_APPROVAL, Status.AT_ONE_STOP, Status.RETURNED,
})  # fmt: skip
LABEL = 36  # letters that fit beside a bar


class Chip(NamedTuple):
    """A filter: its text, the address with it turned round, whether it is on; near: not folded."""

    text: str
    href: str
    on: bool
    near: bool


@room.get("/bao-cao")
@web.needs(Role.ONE_STOP_HEAD, Role.MONITOR, Role.APPROVER)
def board() -> str:
    """The four numbers, the 50 % target in both readings, on-time by department."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    asked = request.args.get("ngay", "").strip()
    day = books.day_of(asked)
    target = full_process(session, office, day or now.astimezone(VIETNAM).date())
    return render_template(
        "oversight/board.html",
        target=target,
        asked=asked,
        wrong_day="" if day or not asked else books.WRONG_DAY,
        totals=totals(session, actor, now),
        units=on_time_by_unit(session, actor, now),
        offered=office.offered(target.on),
        counter=office.unit_name(target.one_stop),
        window=WINDOW.days,
        percent=percent,
        short_name=short_name,
        most_bars=MOST_BARS,
    )


EVERYBODY = tuple(role for role in Role if role != Role.ADMIN)


@room.get("/so-theo-doi")
@web.needs(*EVERYBODY)
def register() -> str:
    """Every dossier within sight, newest first, found by any part; key-set pages."""
    office, actor = web.office(), web.actor()
    read = books.asked_list(request.args, office, web.moment())
    asked, late, chosen = read.asked, read.late, read.chosen
    wanted = replace(read.wanted, after=_cursor(request.args.get("sau")))
    rows = list(find.search(db.session, actor, wanted))
    more, rows = len(rows) > wanted.limit, rows[: wanted.limit]
    first = max(request.args.get("tu", 1, type=int), 1) if wanted.after else 1
    return render_template(
        "oversight/register.html", rows=rows, wanted=wanted, late=late, first=first,
        cursor=_after(rows[-1]) if more else None, chips=_chips(read),
        late_link=_link(chosen, not late, asked), bare=_link([], False, books.Asked({})),
        chosen=chosen, asked=asked, labels=books.LABELS, fields=books.fields(office),
        one_stops=books.one_stops(office, actor), units=books.units(office, actor),
    )  # fmt: skip


@room.post("/so-theo-doi/tep")
@web.needs(*EVERYBODY)
def register_file() -> BaseResponse:
    """The dossiers of the page's filters as a file: a short one at once, a long one as a task."""
    kind = exports.WAYS.get(request.form.get("dang", ""))
    if kind is None:
        raise Refused("bad_request", "Hãy chọn dạng tệp: sổ in PDF, bảng tính Excel hoặc CSV.")
    read = books.asked_list(request.form, web.office(), web.moment())
    read.asked.check()
    lines = exports.lines_of(db.session, web.actor(), read.wanted)
    exports.check_length(kind, lines)
    facts = exports.facts_of(request.form, web.moment())
    with writing() as session:
        told = Happened("exported", facts=facts | {"kind": kind, "lines": lines})
        record_for_account(session, web.actor().id, web.actor(), web.moment(), told)
        if lines > exports.DIRECT:
            back = _link(read.chosen, read.late, read.asked)
            task = tasks.order_whole(
                session, web.actor(), kind, lines, web.moment(), facts=facts, back=back
            )
    if lines > exports.DIRECT:
        return start(task, at_once=False)
    run = Run(0, web.office(), web.actor(), facts, web.moment())
    made = exports.MAKERS[kind](db.session, run, (), lambda written: None)
    return sent(made, inline=kind == exports.PDF)


def _chips(read: books.AskedList) -> list[Chip]:
    """A chip for each state; each toggles its own and keeps the rest of the address."""
    return [
        Chip(
            s.label,
            _link(
                [c for c in read.offered if (c in read.chosen) != (c == s)], read.late, read.asked
            ),
            s in read.chosen,
            s in NEAR or s in read.chosen,
        )
        for s in read.offered
    ]


def _link(chosen: Sequence[Status], late: bool, asked: books.Asked) -> str:
    """The register with these filters and the same text, from its first page."""
    query: dict[str, Any] = {
        "q": request.values.get("q", "").strip(),
        "tt": chosen,
        "tre": "1" if late else "",
        **asked.typed,
    }
    return url_for("oversight.register", **{key: value for key, value in query.items() if value})


def short_name(name: str) -> str:
    """A unit's name beside a bar: what all share is left out, a long middle is cut."""
    name = name.removeprefix("Phòng ").removeprefix("Công chức ")
    if len(name) <= LABEL:
        return name
    return f"{name[:20].rpartition(' ')[0].rstrip(' -')} … {name[-14:].partition(' ')[2]}"


def _after(last: Dossier) -> str | None:
    return f"{last.accepted_at.isoformat()}~{last.id}" if last.accepted_at else None


def _cursor(text: str | None) -> tuple[datetime, str] | None:
    moment, _, dossier_id = (text or "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, dossier_id) if at.tzinfo and len(dossier_id) == 36 else None
