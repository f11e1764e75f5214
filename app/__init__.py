"""The electronic one-stop shop (Một cửa): the only file that knows every room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from app import clock, errors, extensions, rulebook, web
from app.config import ROOT, Settings, load_settings
from app.failures import Brake
from app.journey.office import OfficeCache

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> Flask:
    """The application of one office. Reads the rule files; needs the tables only when asked."""
    settings = settings or load_settings()
    app = Flask(
        "app",
        root_path=str(ROOT / "app"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "app" / "static"),
        instance_path=str(Path(settings.instance_dir).resolve()),
    )
    app.config.update(_flask_settings(settings))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    clock.start_at(settings.demo_now)
    book = rulebook.read(settings.procedures_dir, settings.office)
    app.extensions["motcua.settings"] = settings
    app.extensions["motcua.brake"] = Brake()
    app.extensions["motcua.office"] = OfficeCache(
        book.office, settings.agency_code or book.office.demo_agency_code, settings.base_url,
        book.regimes, book.calendar,
    )  # fmt: skip
    extensions.bind(app, settings)
    web.install(app)
    errors.install(app)
    _rooms(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(ROOT / "app" / "static"), prefix="static/", max_age=86400,
        allow_all_origins=False, add_headers_function=_static_headers,
    )  # fmt: skip
    return app


def _static_headers(headers: Any, _path: str, _url: str) -> None:
    """Files of ours are what their names say, also to a browser that likes to guess."""
    headers["X-Content-Type-Options"] = "nosniff"


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.key(),
        "SESSION_COOKIE_NAME": "motcua",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "MAX_FORM_PARTS": 500,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "API_TITLE": "Một cửa",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
    }


def _rooms(app: Flask) -> None:
    import importlib

    for more in (
        "app.desk.opinions",
        "app.desk.reader",
        "app.lookup.rating",
        "app.appraisal.absences",
        "app.approval.rounds",
        "app.approval.signing",
    ):  # more pages of a room
        importlib.import_module(more)
    for name in (
        "intake", "desk", "appraisal", "approval", "handover", "lookup", "oversight", "accounts",
        "printing", "ticketing", "setup", "bulk", "finding", "filing",
    ):  # fmt: skip
        app.register_blueprint(importlib.import_module(f"app.{name}.views").room)
    from app import cli
    from app.api import v1

    v1.install(app)
    cli.install(app)
