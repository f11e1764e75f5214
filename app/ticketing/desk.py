"""The counter's page: choose a counter, call, call again, skip, send on, finish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, render_template, request, session
from werkzeug.wrappers import Response

from app import web
from app.core.refusals import Refused
from app.core.states import Role
from app.errors import status_of
from app.extensions import db, writing
from app.journey.office import Db
from app.models import Counter, Ticket
from app.ticketing import actions, counters, line
from app.ticketing.blueprint import number_of, room
from app.ticketing.terms import TicketState, priority_words


def _counters() -> Sequence[Counter]:
    """Every counter of the one-stops where the person receives."""
    return counters.of_units(db.session, web.actor().units_with(Role.INTAKE_OFFICER))


def _mine(known: Sequence[Counter]) -> Counter | None:
    return next((c for c in known if c.id == session.get("counter")), None)


@room.get("/quay")
def desk() -> str:
    """The counter chosen for this session; the list to choose from before that, or with `doi`."""
    known = _counters()
    mine = _mine(known)
    if mine is None or request.args.get("doi"):
        return _choice(known, mine)
    return _page(known, mine)


def _choice(known: Sequence[Counter], mine: Counter | None, refused: str = "") -> str:
    return render_template(
        "ticketing/choose.html", counters=known, mine=mine, refused=refused,
        names=counters.field_names(web.office(), web.moment().date()),
    )  # fmt: skip


def _page(known: Sequence[Counter], mine: Counter, refused: Refused | None = None) -> str:
    day = actions.local_day(web.moment())
    peers = [counter for counter in known if counter.one_stop == mine.one_stop]
    current = actions.at_counter(db.session, mine.id)
    waiting, total = line.waiting_for(db.session, mine, peers, day)
    _remember(current)
    return render_template(
        "ticketing/desk.html", counter=mine, current=current, waiting=waiting, total=total,
        others=[p for p in peers if p.open and p.id != mine.id], several=len(known) > 1,
        skipped=line.skipped(db.session, mine.one_stop, day, limit=6), refused=refused,
        figures=line.figures(db.session, mine.one_stop, day), words=priority_words,
        names=counters.field_names(web.office(), web.moment().date()),
        wanted=request.form.get("to"),
    )  # fmt: skip


@room.post("/quay/chon")
def choose() -> Response | tuple[str, int]:
    """Sit down at a counter for this session."""
    known = _counters()
    mine, wanted = _mine(known), number_of(request.form.get("counter"))
    target = next((c for c in known if c.id == wanted), None)
    if target is None or not target.open:
        return _choice(known, mine, "Quầy này không còn mở. Hãy chọn quầy khác."), 422
    present = actions.at_counter(db.session, mine.id) if mine and mine is not target else None
    if present is not None and mine is not None:
        told = (
            f"{mine.label} đang phục vụ số {present.code}. Hãy bấm Xong, Bỏ qua hoặc Chuyển quầy "
            "trước khi đổi quầy."
        )
        return _choice(known, mine, told), 409
    session["counter"] = target.id
    return web.see_other("ticketing.desk")


@room.post("/quay/viec/<act>")
def act(act: str) -> Response | tuple[str, int]:
    """One press of a button; `ticket` is the number (id) that the page showed."""
    if act not in ("goi", "goi-lai", "bo-qua", "chuyen", "xong", "cho-lai"):
        abort(404)
    try:
        with writing() as db_session:
            counter = actions.hold(db_session, web.actor(), session.get("counter") or 0)
            told = _carry_out(db_session, counter, act)
    except Refused as no:
        known = _counters()
        mine = _mine(known)
        if no.code == "not_allowed":
            raise
        if mine is None:
            return _choice(known, None, no.sentence), status_of(no)
        return _page(known, mine, no), status_of(no)
    if told:
        flash(told)
    return web.see_other("ticketing.desk")


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
        serving = {"id": current.id, "code": current.code}
    if session.get("serving") != serving:
        session["serving"] = serving
