"""A leader lets a deputy sign on some days, by a paper with a number (ủy quyền ký)."""

from __future__ import annotations

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from app import web
from app.approval.rounds import LEADERS
from app.approval.views import room
from app.clock import VIETNAM
from app.core.refusals import Refused
from app.core.states import Role
from app.core.substitution import SIGNATURE
from app.desk.days import read_day
from app.errors import status_of
from app.extensions import db, writing
from app.journey import standing_in


@room.get("/phe-duyet/uy-quyen")
@web.needs(*LEADERS)
def signing(refused: Refused | None = None) -> str:
    """Who signs for me, now or soon, and the form to enter it."""
    session, office, actor, now = db.session, web.office(), web.actor(), web.moment()
    today = now.astimezone(VIETNAM).date()
    posts = [p for p in actor.posts if p.role in LEADERS]
    day = office.judged(today)
    shown = standing_in.current(office.stand_ins, SIGNATURE, today)
    offered = {
        p.unit_id: [d for d in standing_in.deputies(session, office, p.unit_id, day)
                    if d.id != actor.id]
        for p in posts
    }  # fmt: skip
    return render_template(
        "approval/signing.html", posts=posts, deputies=offered, today=today, refused=refused,
        shown=[s for s in shown if s.staff_id == actor.id], typed=request.form if refused else {},
    )  # fmt: skip


@room.post("/phe-duyet/uy-quyen")
@web.needs(*LEADERS)
def lend() -> Response | tuple[str, int]:
    """Note who signs for me; a refusal comes back with everything typed."""
    form, actor = request.form, web.actor()
    unit, _, role = form.get("post", "").partition(":")
    try:
        if not any((p.unit_id, p.role) == (unit, role) for p in actor.posts if p.role in LEADERS):
            sentence = "Hãy chọn thẩm quyền ký của bạn."
            raise Refused("bad_request", sentence, fields={"post": sentence})
        wish = standing_in.Wish(
            SIGNATURE, actor.id, unit, Role(role), form.get("substitute", ""),
            read_day(form.get("first_day", ""), "first_day", "Từ ngày"),
            read_day(form.get("last_day", ""), "last_day", "Đến ngày"),
            form.get("number", ""), form.get("reason", ""),
        )  # fmt: skip
        with writing() as session:
            standing_in.enter(session, web.office(), actor, wish, web.moment())
    except Refused as refused:
        return signing(refused), status_of(refused)
    flash("Đã ghi ủy quyền ký.")
    return web.see_other("approval.signing")


@room.post("/phe-duyet/uy-quyen/<int(max=999999999):stand_in_id>/ket-thuc")
@web.needs(*LEADERS)
def take_back(stand_in_id: int) -> Response:
    """End it today: from now on only the leader signs."""
    with writing() as session:
        standing_in.end(session, web.office(), web.actor(), stand_in_id, web.moment())
    flash("Đã kết thúc ủy quyền ký từ hôm nay.")
    return web.see_other("approval.signing")
