"""The head's page: counters of the one-stop, further reasons to go first, how the day goes."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from app import web
from app.core.refusals import Refused
from app.core.states import Role
from app.errors import status_of
from app.extensions import db, writing
from app.journey.office import UnitInfo
from app.ticketing import counters, line
from app.ticketing.blueprint import number_of, room
from app.ticketing.counters import Told
from app.ticketing.measures import seconds_per_intake
from app.ticketing.terms import local_day

HEADS = (Role.ONE_STOP_HEAD, Role.ADMIN)


def _units() -> list[UnitInfo]:
    """One-stops the person may set up: a head's own, for an administrator every one of today."""
    office, actor = web.office(), web.actor()
    own = actor.units_with(Role.ONE_STOP_HEAD)
    found = [office.unit(unit) for unit in own]
    if actor.has(Role.ADMIN):
        day = office.judged(web.moment().date())
        main = office.profile.main_one_stop
        every = sorted(office.units.values(), key=lambda u: (u.id != main, u.name, u.id))
        found += [
            u for u in every if u.kind == "one_stop" and u.valid_on(day) and u.id not in own
        ]  # fmt: skip
    return found


def _unit(units: Sequence[UnitInfo], wanted: str | None) -> UnitInfo:
    """The one-stop that was asked for, else the first; what is not the person's is refused."""
    if not wanted and units:
        return units[0]
    found = next((unit for unit in units if unit.id == wanted), None)
    if found is None:
        raise Refused(
            "no_such_unit", "Bạn không đặt được quầy cho đơn vị này. Hãy chọn đơn vị khác."
        )
    return found


@room.get("/quay/thiet-lap")
@web.needs(*HEADS)
def setup() -> str:
    """Counters, reasons and figures; `sua` opens a counter's form."""
    units = _units()
    return _page(
        units, _unit(units, request.args.get("don-vi")), number_of(request.args.get("sua"))
    )


def _page(
    units: Sequence[UnitInfo], unit: UnitInfo, edited: int | None, told: Told | None = None,
    refused: Refused | None = None, priorities: str | None = None,
) -> str:  # fmt: skip
    """The page with what was typed; a refusal's sentences stand beside their fields."""
    day = local_day(web.moment())
    known = counters.of_units(db.session, [unit.id])
    chosen = next((c for c in known if c.id == edited), None)
    reasons = counters.priorities_of(db.session, unit.id)
    measured = seconds_per_intake(db.session, unit.id, day)
    if told is None:
        next_number = str(max((c.number for c in known), default=0) + 1)
        told = counters.told_of(chosen) if chosen else Told(number=next_number)
    own = "\n".join(key for key, words in reasons.items() if key == words)
    base = web.settings().base_url
    return render_template(
        "ticketing/setup.html", units=units, unit=unit, counters=known, edited=chosen, told=told,
        names=counters.field_names(web.office(), day), refused=refused,
        errors=refused.fields if refused else {}, reasons=reasons,
        priorities=own if priorities is None else priorities,
        figures=line.figures(db.session, unit.id, day), measured=len(measured),
        median=round(median(measured)) if measured else None,
        screens={
            "Máy lấy số": base + url_for("ticketing.kiosk", one_stop=unit.id),
            "Bảng số": base + url_for("ticketing.board", one_stop=unit.id),
        },
    )  # fmt: skip


@room.post("/quay/thiet-lap")
@web.needs(*HEADS)
def save_counter() -> Response | tuple[str, int]:
    """Add a counter, or change the one whose id came along."""
    units, form = _units(), request.form
    unit = _unit(units, form.get("unit"))
    told = Told(
        form.get("number", "").strip(), form.get("name", ""), tuple(form.getlist("fields")),
        "reserved" in form, "open" in form,
    )  # fmt: skip
    # An id that is none must not make a new counter: 0 is nobody's.
    edited = (number_of(form["counter"]) or 0) if form.get("counter") else None
    names = counters.field_names(web.office(), local_day(web.moment()))
    return _saved(
        units, unit, f"Đã lưu Quầy {told.number}.", edited=edited, told=told,
        change=lambda session: counters.save(
            session, unit.id, edited, told, names, web.actor(), web.moment()
        ),
    )  # fmt: skip


@room.post("/quay/uu-tien")
@web.needs(*HEADS)
def save_priorities() -> Response | tuple[str, int]:
    """Set the one-stop's own reasons to go first."""
    units, text = _units(), request.form.get("priorities", "")
    unit = _unit(units, request.form.get("unit"))
    return _saved(
        units, unit, "Đã lưu diện ưu tiên.", edited=None, priorities=text,
        change=lambda session: counters.save_priorities(
            session, unit.id, text, web.actor(), web.moment()
        ),
    )  # fmt: skip


def _saved(
    units: Sequence[UnitInfo], unit: UnitInfo, done: str, *, change: Any, **typed: Any
) -> Response | tuple[str, int]:  # fmt: skip
    try:
        with writing() as session:
            change(session)
    except Refused as no:
        return _page(units, unit, refused=no, **typed), status_of(no)
    flash(done)
    return web.see_other("ticketing.setup", **{"don-vi": unit.id})
