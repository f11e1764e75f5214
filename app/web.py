"""What every page shares: default deny, the actor, security headers, filters for templates."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_login import UserMixin, current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.clock import VIETNAM, now
from app.config import Settings
from app.core import vietnamese
from app.core.actor import Actor
from app.core.deadline import remaining_words
from app.core.states import Role, Status
from app.documents import qr
from app.extensions import db
from app.journey.office import Office, OfficeCache

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC: frozenset[Role] = frozenset()
STAFF = frozenset(Role)
# For the counter's pages only, which set it themselves.
WITH_DEVICES = "camera=(self), serial=(self), geolocation=()"
# For the page that films a card (desk/reader.py): it alone may run compiled WebAssembly.
WITH_READER = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "
    "style-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class SignedIn(UserMixin):
    """The person of this request, as Flask-Login keeps one; `key` is the session's own id."""

    def __init__(self, actor: Actor, key: str, stamp: str, via: str) -> None:
        self.actor = actor
        self.key = key
        self.stamp = stamp
        self.via = via

    def get_id(self) -> str:
        """What the signed cookie holds: the random id of the session."""
        return self.key


def room(name: str, *roles: Role, prefix: str | None = None) -> Blueprint:
    """A blueprint whose pages need one of the roles; without roles, any signed-in person."""
    blueprint = Blueprint(name, f"app.{name}", url_prefix=prefix)
    blueprint.access = frozenset(roles) or STAFF  # type: ignore[attr-defined]
    return blueprint


def public(view: View) -> View:
    """Mark a page that anybody may open."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def needs(*roles: Role) -> Callable[[View], View]:
    """Narrow one page of a room to some roles."""

    def mark(view: View) -> View:
        view.access = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def open_to_deputies(view: View) -> View:
    """Let those in too who sign for a leader today, whatever roles they hold themselves."""
    view.deputies = True  # type: ignore[attr-defined]
    return view


def _signs_here() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(actor().signs_for) and getattr(view, "deputies", False)


def access_of(app: Flask, endpoint: str) -> frozenset[Role] | None:
    """The roles an endpoint is declared for; empty = public; None = never declared, so denied."""
    view = app.view_functions.get(endpoint)
    if endpoint == "static":
        return PUBLIC
    found: frozenset[Role] | None = getattr(view, "access", None)
    if found is None and "." in endpoint:
        found = getattr(app.blueprints.get(endpoint.rsplit(".", 1)[0]), "access", None)
    return found


def actor() -> Actor:
    """The person who acts in this request."""
    return current_user.actor


def settings() -> Settings:
    """The frozen settings of this application."""
    return current_app.extensions["motcua.settings"]


def office() -> Office:
    """The office as of this request; the stamp came with the actor, so it costs no statement."""
    if "office" not in g:
        cache: OfficeCache = current_app.extensions["motcua.office"]
        stamp = current_user.stamp if current_user.is_authenticated else None
        g.office = cache.get(db.session, stamp)
    return g.office


def moment() -> datetime:
    """The moment of this request: one for the whole of it."""
    if "moment" not in g:
        g.moment = now()
    return g.moment


def see_other(endpoint: str, **values: Any) -> BaseResponse:
    """Redirect after a POST."""
    return redirect(url_for(endpoint, **values), code=303)


def _readable() -> bool:
    """Whether nothing in the address or a form holds a NUL, which PostgreSQL cannot store.

    A page to go on to (`next`) holds no control character at all: browsers leave out tabs and line
    ends, so that `/<tab>/elsewhere` would lead to another site.
    """
    told = [*(request.view_args or {}).items(), *request.args.items(multi=True)]
    if request.mimetype in _FORMS and not request.path.startswith("/api/"):
        told += request.form.items(multi=True)
    return not any(
        "\0" in str(value) or (key == "next" and _CONTROL.search(value)) for key, value in told
    )


def _guard() -> BaseResponse | None:
    if not _readable():
        abort(400)
    if request.endpoint is None:
        return None  # 404 and 405 answer for themselves
    access = access_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if access is None:
        abort(403)
    if access == PUBLIC:
        return None
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
    if not current_user.is_authenticated:
        if request.path.startswith("/api/"):
            abort(401)
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.login", next=target), code=303)
    if access != STAFF and not actor().has(*access) and not _signs_here():
        abort(403)
    return None


def _nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def _headers(response: Response) -> Response:
    headers = response.headers
    nonce = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; "
        f"style-src 'self'{nonce}; img-src 'self' data:; "
        "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), serial=(), geolocation=()")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    if settings().secure_cookies:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _when(value: datetime | date | None, form: str = "date") -> str:
    """A moment or day in words: date, time, both."""
    if value is None:
        return "–"
    local = value.astimezone(VIETNAM) if isinstance(value, datetime) else value
    if form == "time" and isinstance(local, datetime):
        return vietnamese.clock(local)
    day = local.date() if isinstance(local, datetime) else local
    if form == "short":
        return f"{day:%d/%m/%Y}"
    if form == "both" and isinstance(local, datetime):
        return f"{vietnamese.clock(local)} {vietnamese.date_words(day)}"
    return vietnamese.date_words(day)


def _left(due_at: datetime | None) -> str:
    """How much time is left, in words."""
    return remaining_words(moment(), due_at, office().calendar) if due_at else ""


def _asset(app: Flask) -> Callable[[str], str]:
    """`asset("css/motcua.css")`: its address with a mark of its content, so that it may be kept."""
    folder = Path(app.static_folder or "")
    marks: dict[str, str] = {}

    def address(name: str) -> str:
        if name not in marks:
            marks[name] = sha256((folder / name).read_bytes()).hexdigest()[:10]
        return f"/static/{name}?v={marks[name]}"

    return address


def install(app: Flask) -> None:
    """Put the guard, the headers and the filters on the application."""
    app.before_request(_guard)
    app.after_request(_headers)
    app.jinja_env.filters |= {
        "when": _when,
        "left": _left,
        "dong": vietnamese.dong,
        "many": vietnamese.count,
        "capitalised": lambda s: s[:1].upper() + s[1:],
        "mask_id": lambda s: vietnamese.mask_id(s) if s else "",
    }
    app.jinja_env.globals |= {
        "nonce": _nonce,
        "asset": _asset(app),
        "Role": Role,
        "Status": Status,
        "moment": moment,
        "office": office,
        "settings": settings,
        "qr_svg": lambda text: Markup(qr.svg(text)),  # noqa: S704 - our own drawing
    }
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
