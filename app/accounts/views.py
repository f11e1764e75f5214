"""Pages of accounts: log in and out, set a password by a link, the list of staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.wrappers import Response

from app import web
from app.accounts import actions, passwords, sessions
from app.accounts.forms import LoginForm, PasswordForm, PostingForm, StaffForm
from app.clock import VIETNAM
from app.core.refusals import Refused
from app.core.states import Role
from app.core.substitution import lent_to
from app.core.vietnamese import fold
from app.extensions import db, login_manager, writing
from app.failures import Brake
from app.models import Posting, Staff

room = web.room("accounts")
PAGE = 20  # people a page
HOME = {
    Role.INTAKE_OFFICER: "intake.desk",
    Role.CASE_OFFICER: "appraisal.inbox",
    Role.APPROVER: "approval.inbox_of_leader",
    Role.AGENCY_HEAD: "appraisal.inbox",
    Role.ONE_STOP_HEAD: "oversight.board",
    Role.CLERK: "approval.stamp",
    Role.CONSULTED_AGENCY: "appraisal.inbox",
    Role.MONITOR: "oversight.board",
    Role.ADMIN: "accounts.staff_list",
}


@login_manager.user_loader
def load_user(token: str) -> web.SignedIn | None:
    """The person of the session in the cookie; notes its use at most every five minutes."""
    limits = web.settings()
    office = current_app.extensions["motcua.office"].profile
    found = sessions.signed_in(
        db.session, token, web.moment(), office.judged_on(web.moment().date()),
        timedelta(minutes=limits.session_idle_minutes), timedelta(hours=limits.session_hours),
    )  # fmt: skip
    if found is None:
        return None
    signed, stale = found
    if stale:
        with writing() as db_session:
            sessions.note_seen(db_session, token, web.moment())
    return _as_deputy(signed)


def _as_deputy(signed: web.SignedIn) -> web.SignedIn:
    """The person with the leaders' posts lent today; the office is read already, mostly."""
    office = current_app.extensions["motcua.office"].get(db.session, signed.stamp)
    lent = lent_to(office.stand_ins, signed.actor.id, web.moment().astimezone(VIETNAM).date())
    if lent:
        signed.actor = replace(signed.actor, signs_for=lent)
    return signed


@login_manager.request_loader
def load_program(req: Any) -> web.SignedIn | None:
    """The person as whom a program acts, by its bearer token; only under /api/."""
    scheme, _, token = req.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or not req.path.startswith("/api/"):
        return None
    office = current_app.extensions["motcua.office"].profile
    found = sessions.by_api_token(db.session, token.strip(), office.judged_on(web.moment().date()))
    return _as_deputy(found) if found else None


def home_of(actor: Any) -> str:
    """The page where a person's day begins."""
    for role in HOME:
        if actor.has(role):
            return url_for(HOME[role])
    return url_for("lookup.home")


def _safe_next(target: str | None) -> str | None:
    """A page of ours to go on to after log-in, never another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def brake() -> Brake:
    """The brake of this process."""
    return current_app.extensions["motcua.brake"]


@room.route("/dang-nhap", methods=["GET", "POST"])
@web.public
def login() -> Response | str | tuple[str, int]:
    """Log in; a wrong name and a wrong password look and last the same."""
    form = LoginForm()
    if current_user.is_authenticated and request.method == "GET":
        return _go_home()
    if not form.validate_on_submit():
        status = 200 if request.method == "GET" else 422
        return render_template("accounts/login.html", form=form, wrong=None), status
    username = form.username.data.strip().lower()
    keys = (f"login:{username}", f"login-from:{request.remote_addr}")
    try:
        actions.check_brake(brake(), keys, web.moment())
    except Refused as refusal:
        return render_template("accounts/login.html", form=form, wrong=refusal.sentence), 429
    staff = actions.find_login(db.session, username)
    good = passwords.matches(staff.password_hash if staff else None, form.password.data)
    with writing() as db_session:
        if staff is None or not good:
            actions.sign_in_failed(db_session, brake(), keys, staff, web.moment())
            token = None
        else:
            brake().clear(db_session, keys[0])
            token = actions.sign_in(
                db_session, staff, web.moment(), request.headers.get("User-Agent", "")
            )
    if token is None:
        return render_template("accounts/login.html", form=form, wrong=actions.WRONG), 422
    session.clear()
    login_user(load_user(token))
    return _go_home()


@room.get("/phien")
def state() -> dict[str, str]:
    """That the session holds, whose it is, and a token for forms that were kept open."""
    return {"name": web.actor().name, "csrf": generate_csrf()}


def _go_home() -> Response:
    target = _safe_next(request.args.get("next"))
    from flask import redirect

    return redirect(target or home_of(web.actor()), code=303)


@room.post("/dang-xuat")
def logout() -> Response:
    """Log out: the session ends on the server, the browser forgets what it kept."""
    with writing() as db_session:
        sessions.end(db_session, current_user.key, web.moment())
    logout_user()
    session.clear()
    response = web.see_other("accounts.login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@room.route("/mat-khau/<token>", methods=["GET", "POST"])
@web.public
def set_password(token: str) -> Response | str | tuple[str, int]:
    """Set a password by a one-time link."""
    staff = actions.person_of_link(db.session, token, web.moment())
    form = PasswordForm()
    if not form.validate_on_submit():
        status = 200 if request.method == "GET" else 422
        return render_template("accounts/password.html", form=form, person=staff), status
    try:
        passwords.check_new(form.password.data, staff.username, staff.name)
    except Refused as refusal:
        form.password.errors = [refusal.sentence]
        return render_template("accounts/password.html", form=form, person=staff), 422
    hashed = passwords.hash_password(form.password.data)
    with writing() as db_session:
        actions.set_password(db_session, token, hashed, web.moment())
    return web.see_other("accounts.login")


@room.get("/quan-tri")
@web.needs(Role.ADMIN)
def staff_list(form: Any = None, link: str | None = None, status: int = 200) -> tuple[str, int]:
    """Everybody with a log-in, with postings; new people, links, disabling."""
    text = request.args.get("q", "").strip()
    start = max(request.args.get("tu", 0, type=int), 0)
    chosen = request.args.get("sua", "")
    everybody = db.session.execute(select(Staff.id, Staff.name, Staff.username))
    order = sorted(everybody, key=lambda s: (fold(s.name), s.username))
    found = [s.id for s in order if fold(text) in fold(f"{s.name} {s.username}")]
    shown = [*found[start : start + PAGE], *([chosen] if chosen else [])]
    rows = {s.id: s for s in db.session.scalars(select(Staff).where(Staff.id.in_(shown)))}
    people = [rows[i] for i in found[start : start + PAGE]]
    postings: dict[str, list[Posting]] = {}
    mine = select(Posting).where(Posting.staff_id.in_(shown)).order_by(Posting.id)
    for row in db.session.scalars(mine):
        postings.setdefault(row.staff_id, []).append(row)
    form = form or StaffForm(formdata=None)
    _choices(form)
    html = render_template(
        "accounts/staff.html", people=people, postings=postings, form=form, link=link,
        chosen=rows.get(chosen), total=len(found), start=start, page=PAGE,
        posting_form=_choices(PostingForm(formdata=None)),
    )  # fmt: skip
    return html, status


def _link(token: str) -> str:
    """The address of a one-time link: on the office's own address, whatever Host was asked for."""
    return web.settings().base_url + url_for("accounts.set_password", token=token)


def _choices(form: Any) -> Any:
    units = sorted(web.office().units.values(), key=lambda u: u.path)
    day = web.office().judged(web.moment().date())
    form.unit.choices = [(u.id, u.name) for u in units if u.valid_on(day)]
    form.role.choices = [(r.value, r.label) for r in Role]
    return form


@room.post("/quan-tri/nhan-su")
@web.needs(Role.ADMIN)
def add_staff() -> Response | tuple[str, int]:
    """Make an account and show its one-time link, once."""
    form = StaffForm()
    if not form.validate_on_submit():
        return staff_list(form, status=422)
    try:
        with writing() as db_session:
            person = actions.add_staff(
                db_session, form.username.data, form.name.data, web.actor(), web.moment(),
                title=form.title.data or "",
            )  # fmt: skip
            actions.post(
                db_session, web.office(), person, form.unit.data, form.role.data, web.actor(),
                web.moment(),
            )  # fmt: skip
            token = actions.make_link(db_session, person, web.actor(), web.moment())
    except Refused as refusal:
        for name, sentence in refusal.fields.items():
            getattr(form, name).errors = [sentence]
        return staff_list(form, status=422)
    return staff_list(link=_link(token))


@room.post("/quan-tri/nhan-su/<staff_id>/<what>")
@web.needs(Role.ADMIN)
def change_staff(staff_id: str, what: str) -> Response | tuple[str, int]:
    """A reset link, a further posting, disabling or enabling."""
    link = None
    with writing() as db_session:
        person = db_session.get(Staff, staff_id)
        if person is None:
            raise Refused("no_such_dossier", "Không có tài khoản này.")
        match what:
            case "duong-dan":
                token = actions.make_link(db_session, person, web.actor(), web.moment())
                link = _link(token)
            case "vai-tro":
                actions.post(
                    db_session, web.office(), person, request.form.get("unit", ""),
                    request.form.get("role", ""), web.actor(), web.moment(),
                )  # fmt: skip
            case "khoa" | "mo":
                if person.id == web.actor().id:
                    raise Refused("not_allowed", "Không thể tự khóa tài khoản của mình.")
                actions.set_active(db_session, person, what == "mo", web.actor(), web.moment())
            case _:
                raise Refused("no_such_action", "Không có thao tác này.")
    return staff_list(link=link) if link else web.see_other("accounts.staff_list")
