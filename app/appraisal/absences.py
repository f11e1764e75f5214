"""Officers who are away: who takes over on which days, and their open work handed over in bulk."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from app import web
from app.appraisal.views import room
from app.bulk.choice import action_of
from app.bulk.terms import MOST, Wish
from app.bulk.views import give
from app.clock import VIETNAM
from app.core.refusals import Refused
from app.core.states import Role
from app.core.substitution import ABSENCE, StandIn
from app.desk import inbox, quick
from app.desk.days import read_day
from app.errors import status_of
from app.extensions import db, writing
from app.journey import standing_in
from app.journey.standing_in import HEADS

PAGE = "/tham-dinh/vang-mat"
WHO = (Role.CASE_OFFICER, *HEADS)


def _units() -> list[str]:
    """Units whose absences the person may see: the own ones, and those headed."""
    actor, office = web.actor(), web.office()
    own = set(actor.units_with(*WHO))
    return sorted(u for u in office.units if u in own or standing_in.heads(office, actor, u))


@room.get("/vang-mat")
@web.needs(*WHO)
def absences(refused: Refused | None = None) -> str:
    """Who is away now or soon, their open work, and the form to enter an absence."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    units, today = _units(), now.astimezone(VIETNAM).date()
    shown = [s for s in standing_in.current(office.stand_ins, ABSENCE, today) if s.unit_id in units]
    day = office.judged(today)
    people = quick.people(session, units, Role.CASE_OFFICER, day)
    offered = {unit: lines for unit, lines in people.items() if len(lines) > 1}
    if not actor.has(*HEADS):
        offered = {u: lines for u, lines in offered.items() if any(p.id == actor.id for p in lines)}
    return render_template(
        "appraisal/absences.html", shown=shown, today=today, people=offered,
        headed={s.id for s in shown if standing_in.heads(office, actor, s.unit_id)},
        work=standing_in.open_work(session, units), refused=refused, is_head=actor.has(*HEADS),
        typed=request.form if refused else {},
    )  # fmt: skip


@room.post("/vang-mat")
@web.needs(*WHO)
def enter_absence() -> Response | tuple[str, int]:
    """Note an absence with who stands in; a refusal comes back with everything typed."""
    form = request.form
    try:
        wish = standing_in.Wish(
            ABSENCE, _person(form, "staff"), form["staff"].rpartition(":")[0], Role.CASE_OFFICER,
            _person(form, "substitute"),
            read_day(form.get("first_day", ""), "first_day", "Từ ngày"),
            read_day(form.get("last_day", ""), "last_day", "Đến ngày"),
            reason=form.get("reason", ""),
        )  # fmt: skip
        with writing() as session:
            standing_in.enter(session, web.office(), web.actor(), wish, web.moment())
    except Refused as refused:
        return absences(refused), status_of(refused)
    flash("Đã ghi người làm thay. Hồ sơ đang làm của người vắng: bấm “Giao lại”.")
    return web.see_other("appraisal.absences")


def _person(form: Any, name: str) -> str:
    """The person of a choice `unit:person`; Refused where nothing is chosen."""
    value = form.get(name, "").rpartition(":")[2]
    if not value:
        label = {"staff": "người vắng", "substitute": "người làm thay"}[name]
        raise Refused("bad_request", f"Hãy chọn {label}.", fields={name: f"Hãy chọn {label}."})
    return str(value)


@room.post("/vang-mat/<int(max=999999999):stand_in_id>/ket-thuc")
@web.needs(*WHO)
def end_absence(stand_in_id: int) -> Response:
    """The officer is back early."""
    with writing() as session:
        standing_in.end(session, web.office(), web.actor(), stand_in_id, web.moment())
    flash("Đã kết thúc từ hôm nay.")
    return web.see_other("appraisal.absences")


@room.post("/vang-mat/<int(max=999999999):stand_in_id>/giao-lai")
@web.needs(*HEADS)
def hand_over(stand_in_id: int) -> Response:
    """Give the open work of who is away to who stands in, each dossier by its own event."""
    found = next((s for s in web.office().stand_ins if s.id == stand_in_id), None)
    if found is None or not standing_in.heads(web.office(), web.actor(), found.unit_id):
        raise Refused("no_such_document", "Không có lần làm thay này trong phạm vi của bạn.")
    reason = f"{found.staff_name} vắng từ {found.first_day:%d/%m/%Y} đến {found.last_day:%d/%m/%Y}."
    facts = {"assignee": found.substitute_id, "reason": reason}
    return give("reassign", _work_of(found), PAGE, facts)


def _work_of(found: StandIn) -> list[Wish]:
    wanted = inbox.Wanted("held", assignee=found.staff_id)
    return [
        Wish(w.dossier.id, w.dossier.code or "", action_of("held", w), w.step.position,
             w.dossier.version)
        for w in inbox.page(db.session, web.actor(), wanted, limit=MOST)
        if w.step.unit_id == found.unit_id
    ]  # fmt: skip
