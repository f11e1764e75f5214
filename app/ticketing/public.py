"""Screens for everybody: the machine at the door, the number it gave, the board on the wall.

They name nobody. The machine works without script; with it, it never leaves its page, so that a
lost network leaves no page of the browser's own there. Machine and board ask for themselves anew
(live.js), and where scripts are off the browser does (meta refresh).
"""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import abort, current_app, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import web
from app.core.refusals import Refused
from app.errors import status_of
from app.extensions import csrf, db, writing
from app.failures import Brake
from app.journey.office import Db, UnitInfo
from app.models import Counter, Ticket
from app.ticketing import actions, counters, line
from app.ticketing.blueprint import room
from app.ticketing.terms import TicketState, local_day, parse_code

MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
A_MINUTE, AN_HOUR = 20, 300  # numbers from one address: more than any door lets through
FRESH = timedelta(seconds=30)  # how long a call stands out on the board


@dataclass(frozen=True, slots=True)
class Place:
    """A one-stop with its counters."""

    unit: UnitInfo
    counters: Sequence[Counter]

    @property
    def open(self) -> list[Counter]:
        """The counters that call."""
        return [counter for counter in self.counters if counter.open]


def _place(one_stop: str) -> Place:
    """The one-stop of an address; 404 where it has no counters."""
    unit = web.office().units.get(one_stop)
    found = counters.of_units(db.session, [one_stop]) if unit else []
    if unit is None or not found:
        abort(404)
    return Place(unit, found)


def _brake() -> Brake:
    return current_app.extensions["motcua.brake"]


def _keys(one_stop: str) -> tuple[str, str]:
    return tuple(f"{name}:{one_stop}:{request.remote_addr}" for name in ("ticket", "tickets"))  # type: ignore[return-value]


def _held(one_stop: str) -> datetime | None:
    held = [_brake().held_until(key, web.moment()) for key in _keys(one_stop)]
    return max((until for until in held if until), default=None)


def _count(session: Db, one_stop: str) -> None:
    """Count a number given; the same brake as for wrong look-ups holds who takes too many."""
    few, many = _keys(one_stop)
    now, brake = web.moment(), _brake()
    brake.failed(session, few, now, free=A_MINUTE, window=MINUTE, first_wait=MINUTE, longest=MINUTE)
    brake.failed(
        session, many, now, free=AN_HOUR, window=HOUR, first_wait=QUARTER, longest=HOUR
    )  # fmt: skip


@room.get("/lay-so/<one_stop>")
@web.public
def kiosk(one_stop: str) -> str:
    """The machine at the door: one touch gives a number. `in=1`: the ticket is printed at once."""
    return _kiosk(_place(one_stop))


def _kiosk(place: Place, refused: str = "") -> str:
    names = counters.field_names(web.office(), web.moment().date())
    slugs = sorted({slug for counter in place.open for slug in counter.field_slugs})
    fields = {slug: names.get(slug, slug) for slug in slugs}
    reasons = counters.priorities_of(db.session, place.unit.id)
    offered = json.dumps([bool(place.open), fields, reasons])
    return render_template(
        "ticketing/kiosk.html", place=place, refused=refused, typed=request.form, fields=fields,
        reasons=reasons, offered=sha256(offered.encode()).hexdigest()[:12],
        figures=line.figures(db.session, place.unit.id, local_day(web.moment())),
        printing=bool(request.values.get("in")), key=secrets.token_urlsafe(12),
    )  # fmt: skip


@room.post("/lay-so/<one_stop>")
@web.public
def take(one_stop: str) -> Response | tuple[str, int]:
    """Give a number and show it; a press that was given one already is shown the same again."""
    place, form = _place(one_stop), request.form
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _kiosk(place, "Số chỉ lấy được ở màn hình này. Mời bạn bấm “Lấy số”."), 403
    press = actions.press_of(
        one_stop, web.moment(), form.get("key", ""), form.get("field", ""), form.get("priority", "")
    )
    given = actions.given_for(db.session, press)
    if given is None and (until := _held(one_stop)):
        seconds = max(1, math.ceil((until - web.moment()).total_seconds()))
        told = f"Máy vừa phát nhiều số liên tiếp. Mời bạn đợi {seconds} giây rồi bấm lại."
        return _kiosk(place, told), 429
    try:
        given = given or _give(one_stop, press)
    except Refused as no:
        return _kiosk(_place(one_stop), no.sentence), status_of(no)
    printing = {"in": "1"} if form.get("in") else {}
    return web.see_other("ticketing.ticket", one_stop=one_stop, code=given.code, **printing)


# A token would protect nothing here: whoever stands before the machine is nobody to us, and a
# number is given on no account's authority, so that another site gains nothing by a visitor's
# browser that it could not do itself. And it would do harm: a machine whose cookie has gone, or
# whose page was left open over a change of the key, would refuse everybody until somebody reloads
# it. What remains is numbers without end: the brake counts them by address, and a form that another
# site has sent is refused.
csrf.exempt(take)


def _give(one_stop: str, press: str | None) -> Ticket:
    """Give the next number and count it; two answers to one press are one number."""
    form = request.form
    try:
        with writing() as session:
            ticket = actions.take(
                session, one_stop, counters.of_units(session, [one_stop]), web.moment(),
                field=form.get("field", ""), priority=form.get("priority", ""), press=press,
                reasons=list(counters.priorities_of(session, one_stop)),
            )  # fmt: skip
            _count(session, one_stop)
    except IntegrityError:
        given = actions.given_for(db.session, press)
        if given is None:
            raise
        return given
    return ticket


@room.get("/lay-so/<one_stop>/<code>")
@web.public
def ticket(one_stop: str, code: str) -> str | tuple[str, int]:
    """A number of today: how many wait before it, about how long, or where to go."""
    place, parsed = _place(one_stop), parse_code(code)
    day = local_day(web.moment())
    found = line.find(db.session, one_stop, day, *parsed) if parsed else None
    if found is None:
        told = "Hôm nay không có số này. Số chỉ dùng trong ngày lấy; mời bạn lấy số mới."
        return _kiosk(place, told), 404
    people = minutes = None
    if found.state == TicketState.WAITING:
        people = line.ahead(db.session, found)
        minutes = line.foretold(db.session, found, people, place.counters, web.moment())
    at = {counter.id: counter for counter in place.counters}
    return render_template(
        "ticketing/ticket.html", place=place, ticket=found, people=people, minutes=minutes,
        counter=at.get(found.counter_id or found.for_counter or 0),
        printing=bool(request.args.get("in")),
    )  # fmt: skip


@room.get("/bang-so/<one_stop>")
@web.public
def board(one_stop: str) -> str:
    """The board on the wall: numbers at the counters, how many wait, how long it takes today."""
    place, now = _place(one_stop), web.moment()
    day = local_day(now)
    rows: list[dict[str, Any]] = [
        {"ticket": t, "counter": c, "fresh": t.shown_at and now - t.shown_at < FRESH}
        for t, c in line.called(db.session, one_stop, day)
    ]
    return render_template(
        "ticketing/board.html", place=place, rows=rows, now=now,
        figures=line.figures(db.session, one_stop, day),
        skipped=line.skipped(db.session, one_stop, day, limit=5),
        kiosk=url_for("ticketing.kiosk", one_stop=one_stop),
    )  # fmt: skip
