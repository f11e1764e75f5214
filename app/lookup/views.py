"""Public pages: no log-in, no cookie, no script."""

from __future__ import annotations

import hmac
import math
from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, make_response, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from app import web
from app.core.codes import clean_lookup_code, parse_dossier_code
from app.core.refusals import Refused
from app.extensions import csrf, db, writing
from app.failures import Brake
from app.journey.office import OfficeCache
from app.lookup import catalogue, pages, published, reading, stages
from app.lookup.forms import LookupForm
from app.models import Setting

room = web.room("lookup")
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
FAILURES_A_MINUTE, FAILURES_A_NUMBER = 20, 5


@room.app_context_processor
def _profile() -> dict[str, Any]:
    """The office's own settings for every page's head; they cost no statement."""
    return {"profile": current_app.extensions["motcua.office"].profile}


def _brake() -> Brake:
    return current_app.extensions["motcua.brake"]


def _address() -> str:
    return f"lookup-from:{request.remote_addr}"


def _number(code: str) -> str | None:
    wanted = parse_dossier_code(code)
    return f"lookup:{wanted}" if wanted else None


def _held(*keys: str | None) -> datetime | None:
    """Until when one of the keys must wait."""
    held = [_brake().held_until(key, web.moment()) for key in keys if key]
    return max((until for until in held if until), default=None)


def _wait(until: datetime) -> Response:
    seconds = max(math.ceil((until - web.moment()).total_seconds()), 1)
    response = make_response(
        render_template("lookup/wait.html", until=until, minutes=math.ceil(seconds / 60)), 429
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def _not_found(form: LookupForm | None = None, number: str | None = None) -> Response:
    """Count the failure and answer as for any other: wrong, unknown, hidden and old look alike."""
    now = web.moment()
    with writing() as session:
        _brake().failed(
            session, _address(), now, free=FAILURES_A_MINUTE, window=A_MINUTE,
            first_wait=A_MINUTE, longest=A_MINUTE,
        )  # fmt: skip
        if number:
            _brake().failed(
                session, number, now, free=FAILURES_A_NUMBER, window=AN_HOUR,
                first_wait=AN_HOUR, longest=AN_HOUR,
            )  # fmt: skip
    form = form or LookupForm(formdata=None)
    return _unlisted(make_response(render_template("lookup/missing.html", form=form), 404))


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@room.get("/")
@web.public
def home() -> str:
    """What this is, the look-up box, the way to procedures and results."""
    return render_template("lookup/home.html", form=LookupForm(formdata=None))


@room.get("/tra-cuu")
@web.public
def lookup_form() -> str:
    """The look-up form."""
    return render_template("lookup/form.html", form=LookupForm(formdata=None))


@room.post("/tra-cuu")
@web.public
def find() -> BaseResponse | tuple[str, int]:
    """To the dossier's page, by number and look-up code; changes nothing, so needs no token."""
    form = LookupForm()
    if not form.validate():
        return render_template("lookup/form.html", form=form), 422
    number = _number(form.code.data)
    until = _held(_address(), number)
    if until:
        return _wait(until)
    found = reading.by_code(db.session, form.code.data, form.lookup_code.data, web.moment())
    if found is None:
        return _not_found(form, number)
    return redirect(f"/t/{clean_lookup_code(form.lookup_code.data)}", code=303)


csrf.exempt(find)


@room.get("/t/<token>")
@room.get("/T/<token>")
@web.public
def dossier(token: str) -> BaseResponse:
    """One dossier by the code on its receipt; a good look-up writes nothing."""
    until = _held(_address())
    if until:
        return _wait(until)
    now = web.moment()
    found = reading.by_token(db.session, token, now)
    if found is None:
        return _not_found()
    cache: OfficeCache = current_app.extensions["motcua.office"]
    office = cache.get(db.session, found.stamp)
    view = pages.view_of(found, office, now)
    view.rate = (clean_lookup_code(token) or "") if stages.stage_of(found.status) else ""
    return _unlisted(make_response(render_template("lookup/dossier.html", view=view)))


@room.get("/thu-tuc")
@web.public
def procedures() -> str:
    """Every procedure in force, by field; `q` narrows."""
    text = request.args.get("q", "").strip()[:100]
    offered = web.office().offered(web.moment().date()).values()
    fields = catalogue.by_field(catalogue.search(offered, text))
    return render_template(
        "lookup/procedures.html", fields=fields, text=text, total=len(offered),
        limit_words=catalogue.limit_words,
    )  # fmt: skip


@room.get("/thu-tuc/<code>")
@web.public
def procedure(code: str) -> str | tuple[str, int]:
    """One procedure: papers, limit, fees, steps, where, on what basis, since when."""
    office, today = web.office(), web.moment().date()
    try:
        edition = office.edition_for(code, today)
    except Refused as refusal:
        html = render_template(
            "error.html", title="Không tìm thấy thủ tục", sentence=refusal.sentence, status=404
        )
        return html, 404
    return render_template(
        "lookup/procedure.html", edition=edition, procedure=edition.procedure, words=catalogue,
        limits=catalogue.limits(edition.procedure), hours=pages.opening_hours(office, today),
        editions=catalogue.editions_of(office, edition.code, today),
    )  # fmt: skip


@room.get("/cong-khai")
@web.public
def results() -> str:
    """Counts by month, no names."""
    found = published.months(db.session, web.moment())
    return render_template("lookup/published.html", months=found)


@room.get("/healthz")
@web.public
def alive() -> Response:
    """The process answers."""
    return _text("ok")


@room.get("/readyz")
@web.public
def ready() -> Response:
    """The database answers and has its tables; 503 if not."""
    try:
        db.session.execute(select(Setting.key).limit(1)).first()
    except Exception:  # whatever is wrong with it, the answer is the same: not ready
        current_app.logger.exception("not ready")
        db.session.rollback()
        return _text("database: no answer", 503)
    return _text("ok")


@room.get("/metrics")
@web.public
def metrics() -> Response:
    """Figures for a collector that knows the token; closed where none is set."""
    wanted = web.settings().metrics_token
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    given = bearer.strip() if scheme.lower() == "bearer" else request.args.get("token", "")
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        return _text("forbidden", 403)
    return _text("\n".join(published.figures(db.session)))


def _text(body: str, status: int = 200) -> Response:
    return Response(body + "\n", status, mimetype="text/plain")
