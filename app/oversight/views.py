"""Board and register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from flask import Response, render_template, request, stream_with_context, url_for

from app import web
from app.clock import VIETNAM
from app.core.states import BEFORE_ACCEPTANCE, CLOSED, OPEN, Role, Status
from app.core.vietnamese import percent
from app.documents import tracking_book
from app.extensions import db
from app.journey import find
from app.journey.register import book_of, entries
from app.models import Dossier
from app.oversight import register as books
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
    asked = books.asked(request.args, office)
    late, offered, chosen = _states()
    wanted = replace(_wanted(asked, late, chosen), after=_cursor(request.args.get("sau")))
    rows = list(find.search(db.session, actor, wanted))
    more, rows = len(rows) > wanted.limit, rows[: wanted.limit]
    first = max(request.args.get("tu", 1, type=int), 1) if wanted.after else 1
    return render_template(
        "oversight/register.html", rows=rows, wanted=wanted, late=late, first=first,
        cursor=_after(rows[-1]) if more else None, chips=_chips(offered, chosen, late, asked),
        late_link=_link(chosen, not late, asked), bare=_link([], False, books.Asked({})),
        chosen=chosen, asked=asked, labels=books.LABELS, fields=books.fields(office),
        one_stops=books.one_stops(office, actor), units=books.units(office, actor),
        pdf=_link(chosen, late, asked, "oversight.register_pdf"),
        csv=_link(chosen, late, asked, "oversight.register_csv"),
    )  # fmt: skip


@room.get("/so-theo-doi.pdf")
@web.needs(*EVERYBODY)
def register_pdf() -> Response:
    """The same dossiers as the book that the circulars prescribe, first accepted first."""
    asked = books.asked(request.args, web.office())
    asked.check()
    late, _, chosen = _states()
    facts = book_of(
        db.session, web.office(), web.actor(), _wanted(asked, late, chosen), asked.first,
        asked.last, asked.field_name,
    )  # fmt: skip
    db.session.rollback()  # the reading is over; drawing takes seconds and needs no database
    response = Response(tracking_book.draw(facts), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="so-theo-doi.pdf"'
    response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    return response


@room.get("/so-theo-doi.csv")
@web.needs(*EVERYBODY)
def register_csv() -> Response:
    """The same dossiers for a spreadsheet, sent while they are read."""
    asked = books.asked(request.args, web.office())
    asked.check()
    late, _, chosen = _states()
    lines = entries(db.session, web.office(), web.actor(), _wanted(asked, late, chosen))
    body = stream_with_context(books.as_csv(web.office(), lines))
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="so-theo-doi.csv"'
    return response


def _states() -> tuple[bool, list[Status], list[Status]]:
    """Whether only late ones are asked for, the states to choose from, those chosen."""
    late = request.args.get("tre") == "1"
    offered = [s for s in Status if s in (WORKING if late else OPEN | ENDED)]
    return late, offered, [s for s in offered if s in request.args.getlist("tt")]


def _wanted(asked: books.Asked, late: bool, chosen: Sequence[Status]) -> find.Wanted:
    """Everything that the address asks for but the page."""
    return asked.wanted(
        request.args.get("q", "").strip(),
        tuple(chosen) or (tuple(sorted(WORKING)) if late else ()),
        web.moment() if late else None,
    )


def _chips(
    offered: Sequence[Status], chosen: Sequence[Status], late: bool, asked: books.Asked
) -> list[Chip]:
    """A chip for each state; each toggles its own and keeps the rest of the address."""
    return [
        Chip(
            s.label,
            _link([c for c in offered if (c in chosen) != (c == s)], late, asked),
            s in chosen,
        )
        for s in offered
    ]


def _link(
    chosen: Sequence[Status], late: bool, asked: books.Asked, page: str = "oversight.register"
) -> str:
    """The register with these filters and the same text, from its first page."""
    query: dict[str, Any] = {
        "q": request.args.get("q", "").strip(),
        "tt": chosen,
        "tre": "1" if late else "",
        **asked.typed,
    }
    return url_for(page, **{key: value for key, value in query.items() if value})


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
