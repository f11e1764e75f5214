"""Print the control slip of a dossier, or of a pile that is handed over together."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import web
from app.bulk import actions as tasks
from app.bulk import choice
from app.bulk.terms import AT_ONCE, KINDS, MOST
from app.bulk.views import give
from app.core.refusals import Refused
from app.core.states import Role
from app.desk import walk as walks
from app.documents import control_slip
from app.errors import status_of
from app.extensions import db, writing
from app.printing import actions, piles

room = web.room("printing", *(role for role in Role if role != Role.ADMIN))
KINDS[piles.KIND] = piles.SLIPS


@room.post("/ho-so/<code>/phieu-kiem-soat")
def print_slip(code: str) -> BaseResponse:
    """Note that the slip of one dossier is printed now, and open it."""
    with writing() as session:
        (slip,) = actions.note_prints(
            session, web.office(), web.actor(), web.moment(), [code.strip(" ").upper()]
        )
    values = {"code": slip.code, "den": slip.version, "lan": slip.reprint or None}
    return web.see_other("printing.slip", **values)


@room.get("/ho-so/<code>/phieu-kiem-soat.pdf")
def slip(code: str) -> Response:
    """A slip as it was printed: `den` the event it goes to, `lan` the n-th reprint of that."""
    wanted = [code.strip(" ").upper()]
    version = request.args.get("den", type=int)
    if version is None:
        found = actions.noted_slips(db.session, web.office(), web.actor(), wanted)
    else:
        reprint = request.args.get("lan", 0, type=int)
        found = [
            actions.noted_slip(
                db.session, web.office(), web.actor(), wanted[0], version, reprint
            )
        ]  # fmt: skip
    return _pdf(actions.drawn(found), f"{found[0].code}-control_slip.pdf")


@room.get("/phieu-kiem-soat")
def pile() -> str:
    """Where the codes of a pile are scanned or typed."""
    return _page("", {})


@room.post("/phieu-kiem-soat")
def print_pile() -> BaseResponse | tuple[str, int]:
    """Note that the slips of these dossiers are printed now, and open them as one PDF.

    A few are opened at once; more, or a whole list, become a task that answers for each dossier.
    """
    typed = "\n".join(request.form.getlist(choice.TICKED))
    codes = actions.codes_in(typed)
    try:
        if request.form.get(choice.WHOLE):
            return _print_list()
        if len(codes) > AT_ONCE:
            wishes = actions.wished(db.session, web.actor(), codes)
            return give(piles.KIND, wishes, url_for("printing.pile"))
        with writing() as session:
            actions.note_prints(session, web.office(), web.actor(), web.moment(), codes)
    except Refused as refused:
        errors = refused.fields or {"ma": refused.sentence}
        return _page(typed, dict(errors)), status_of(refused)
    return redirect(url_for("printing.pile_pdf", ma=codes), code=303)


def _print_list() -> BaseResponse:
    walk = walks.asked(request.form, "hom-nay")
    wanted = walk.wanted(web.office(), web.moment())
    return give(piles.KIND, piles.of_list(db.session, web.actor(), wanted), walk.href())


@room.post("/viec-hang-loat/<int(max=999999999):task_id>/phieu-kiem-soat")
def print_of_task(task_id: int) -> BaseResponse:
    """The slips of all dossiers that an order of this person carried out."""
    done = tasks.done_in(db.session, tasks.own(db.session, web.actor(), task_id))
    wishes = actions.wished(db.session, web.actor(), done)
    return give(piles.KIND, wishes, url_for("bulk.task", task_id=task_id))


@room.get("/phieu-kiem-soat.pdf")
def pile_pdf() -> Response:
    """The slips of these dossiers as they were last printed, in the order given."""
    codes = actions.codes_in(" ".join(request.args.getlist("ma")))
    found = actions.noted_slips(db.session, web.office(), web.actor(), codes)
    return _pdf(actions.drawn(found), "control_slips.pdf")


def _page(typed: str, errors: dict[str, str]) -> str:
    return render_template(
        "printing/slips.html", typed=typed, errors=errors, most=MOST,
        title=control_slip.TITLE,
    )  # fmt: skip


def _pdf(pdf: bytes, name: str) -> Response:
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    return response
