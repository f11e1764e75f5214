"""The counter's page: choose a counter, call, call again, skip, send on, finish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, abort, flash, render_template, request, session
from flask_login import user_logged_out
from werkzeug.wrappers import Response

from app import web
from app.core.refusals import Refused
from app.core.states import Role
from app.errors import status_of
from app.extensions import db, writing
from app.journey.office import Db
from app.models import Counter, Ticket
from app.ticketing import actions, counters, line, seats
from app.ticketing.blueprint import number_of, room
from app.ticketing.terms import TicketState, local_day, priority_words

# From where the head of a page calls, too, and goes on working: what a form names → its page.
PAGES = {"tiep-nhan": "intake.desk", "tra-ket-qua": "handover.desk"}


def _counters() -> Sequence[Counter]:
    """Every counter of the one-stops where the person receives."""
    return counters.of_units(db.session, web.actor().units_with(Role.INTAKE_OFFICER))


def _mine(known: Sequence[Counter]) -> Counter | None:
    """The counter of this session; of one that has just begun, where the person sits today."""
    mine = next((c for c in known if c.id == session.get("counter")), None)
    if mine is None and (mine := seats.own(known, web.actor().id, web.moment())):
        _sit(mine)
    return mine


def _sit(counter: Counter) -> None:
    """Keep where the person sits for the head of every page."""
    session["counter"], session["hall"] = counter.id, counter.one_stop


def _stand_up() -> None:
    for name in ("counter", "hall", "serving"):
        session.pop(name, None)


def _leave_the_seat(_app: Flask, user: Any) -> None:
    """Who logs out sits nowhere any more; a session that only ends is found again or runs out."""
    if isinstance(user, web.SignedIn) and user.actor.has(Role.INTAKE_OFFICER):
        with writing() as db_session:
            seats.stand_up(db_session, user.actor.id)


user_logged_out.connect(_leave_the_seat)


@room.get("/quay")
def desk() -> str:
    """The counter chosen for this session; the list to choose from before that, or with `doi`."""
    known = _counters()
    mine = _mine(known)
    if mine is not None and seats.other_at(mine, web.actor().id, web.moment()):
        _stand_up()
        return _choice(known, None, seats.taken_words(db.session, mine))
    if mine is None or request.args.get("doi"):
        return _choice(known, mine)
    return _page(known, mine)


def _choice(
    known: Sequence[Counter], mine: Counter | None, refused: str = "", asked: Counter | None = None
) -> str:  # fmt: skip
    """The list; asked: the counter of another one that the person may sit down at all the same."""
    now = web.moment()
    return render_template(
        "ticketing/choose.html", counters=known, mine=mine, refused=refused, asked=asked,
        sitting=seats.names(db.session, known, now),
        names=counters.field_names(web.office(), now.date()),
    )  # fmt: skip


def _page(known: Sequence[Counter], mine: Counter, refused: Refused | None = None) -> str:
    now = web.moment()
    day = local_day(now)
    peers = [counter for counter in known if counter.one_stop == mine.one_stop]
    current = actions.at_counter(db.session, mine.id)
    waiting, total = line.waiting_for(db.session, mine, peers, now)
    _remember(current)
    return render_template(
        "ticketing/desk.html", counter=mine, current=current, waiting=waiting, total=total,
        others=[p for p in peers if p.open and p.id != mine.id], several=len(known) > 1,
        empty={p.id for p in peers if not seats.attended(p, now)},
        skipped=line.skipped(db.session, mine.one_stop, day, limit=6), refused=refused,
        figures=line.figures(db.session, mine.one_stop, day), words=priority_words,
        names=counters.field_names(web.office(), now.date()), wanted=request.form.get("to"),
    )  # fmt: skip


@room.post("/quay/chon")
def choose() -> Response | tuple[str, int]:
    """Sit down at a counter; where somebody else sits, only who was told so and is sure of it."""
    mine = _mine(_counters())
    wanted, left = number_of(request.form.get("counter")), mine.id if mine else None
    try:
        with writing() as db_session:
            target = seats.choose(
                db_session, web.actor(), wanted, left, web.moment(), request.form.get("sure", "")
            )
    except Refused as no:
        known = _counters()
        asked = next((c for c in known if c.id == wanted and no.code == "seat_asked"), None)
        return _choice(known, _mine(known), no.sentence, asked), status_of(no)
    session.pop("serving", None)
    _sit(target)
    return web.see_other("ticketing.desk")


@room.post("/quay/viec/<act>")
def act(act: str) -> Response | tuple[str, int]:
    """One press of a button; `ticket` is the number (id) that the page showed.

    next: one of PAGES, from whose head the press came.
    """
    if act not in ("goi", "goi-lai", "bo-qua", "chuyen", "xong", "cho-lai"):
        abort(404)
    try:
        seat = _seat()
        with writing() as db_session:
            counter = actions.hold(db_session, web.actor(), seat, web.moment())
            told = _carry_out(db_session, counter, act)
    except Refused as no:
        if no.code == "not_allowed":
            raise
        if no.code == "seat_taken":
            _stand_up()
        known = _counters()
        mine = _mine(known) if no.code != "seat_taken" else None
        if mine is None:
            return _choice(known, None, no.sentence), status_of(no)
        return _page(known, mine, no), status_of(no)
    if told:
        flash(told)
    return _onward(counter)


def _seat() -> int:
    """Where the person sits; Refused `no_counter` where that was never chosen today."""
    mine: int | None = session.get("counter")
    if mine is None and (found := _mine(_counters())):
        mine = found.id
    if mine is None:
        raise Refused("no_counter", "Bạn chưa chọn quầy. Hãy chọn quầy bạn ngồi rồi bấm lại.")
    return mine


def _onward(counter: Counter) -> Response:
    """Back to where the press came from: the counter's page, or one whose head has the button."""
    page = PAGES.get(request.form.get("next", ""))
    if page is None:
        return web.see_other("ticketing.desk")
    _remember(actions.at_counter(db.session, counter.id))
    there = {"quay": counter.one_stop} if page == "intake.desk" else {}
    return web.see_other(page, **there)


def _carry_out(db_session: Db, counter: Counter, act: str) -> str:
    """Carry the act out; returns what to say of it, empty where the page shows it anyway."""
    now, shown = web.moment(), number_of(request.form.get("ticket"))
    match act:
        case "goi":
            peers = counters.of_units(db_session, [counter.one_stop])
            found = actions.call_next(db_session, counter, peers, web.actor(), now, shown)
            return "" if found else f"Không còn ai chờ ở {counter.label}."
        case "goi-lai":
            again = actions.call_again(db_session, counter, now, shown)
            return f"Đã gọi lại số {again.code}, lần {again.recalled + 1}."
        case "bo-qua":
            passed = actions.skip(db_session, counter, now, shown)
            return f"Đã bỏ qua số {passed.code}. Người đến sau: bấm “Cho chờ lại”."
        case "chuyen":
            peers, to = counters.of_units(db_session, [counter.one_stop]), request.form.get("to")
            sent = actions.transfer(db_session, counter, peers, now, shown, number_of(to))
            target = next(p for p in peers if p.id == sent.for_counter)
            return f"Đã chuyển số {sent.code} sang {target.label}, gọi trước ở đó."
        case "xong":
            return f"Đã xong số {actions.finish(db_session, counter, now, shown).code}."
    return f"Số {actions.let_wait(db_session, counter, now, shown).code} chờ lại như trước."


def _remember(current: Ticket | None) -> None:
    """Keep the number being served for the head of every page; the database has the last word."""
    serving: dict[str, Any] | None = None
    if current is not None and current.state == TicketState.CALLED:
        called = int(current.called_at.timestamp()) if current.called_at else None
        serving = {"id": current.id, "code": current.code, "at": called}
    if session.get("serving") != serving:
        session["serving"] = serving
