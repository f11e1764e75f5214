"""One migrated office a session; each test gets a fresh copy of it, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from app import clock, create_app
from app.config import ROOT, Settings
from app.demo.office import load_rules
from app.extensions import db, writing
from app.failures import Brake
from tests import databases
from tests.make import TODAY, Office

KEY = "a key for tests only, long enough to pass"
OFFICES = ("nga-son-2018", "nga-son-2025")


def settings_for(folder: Path, office: str, url: str = "") -> Settings:
    """Settings of a test office whose clock begins on a known morning."""
    return Settings(
        instance_dir=folder, database_url=url, secret_key=KEY, demo=True, office=office,
        demo_now=TODAY, base_url="http://localhost", metrics_token="figures",
    )  # fmt: skip


def build(settings: Settings) -> Flask:
    """The application with tables, rule files and demo staff, but no dossiers."""
    app = create_app(settings)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        with writing() as session:
            load_rules(session, settings.procedures_dir, settings.office, clock.now(), demo=True)
        db.session.remove()
        if settings.is_sqlite:
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
        db.engine.dispose()
    return app


class Kept:
    """One application an office and session; its database file is put back before each test."""

    def __init__(self, app: Flask, file: Path) -> None:
        self.app, self.file = app, file
        self.blank = file.read_bytes()

    def restore(self) -> Flask:
        """The application over a database as it was when the office was set up."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        self.file.write_bytes(self.blank)
        self.app.extensions["motcua.brake"] = Brake()
        clock.start_at(TODAY)
        return self.app


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Kept]]:
    """The offices of this session, made when first asked for."""
    made = _Offices(tmp_path_factory)
    yield made
    for one in made.values():
        with one.app.app_context():
            db.session.remove()
            db.engine.dispose()
    clock.start_at(None)


class _Offices(dict[str, Kept]):
    def __init__(self, factory: pytest.TempPathFactory) -> None:
        super().__init__()
        self._factory = factory

    def __missing__(self, office: str) -> Kept:
        folder = self._factory.mktemp(office)
        app = build(settings_for(folder, office))
        self[office] = Kept(app, folder / "motcua.sqlite3")
        return self[office]


@pytest.fixture
def office_id() -> str:
    """Which office a test works in; a test class overrides it for the commune of 2025."""
    return "nga-son-2018"


@pytest.fixture
def app(kept: dict[str, Kept], office_id: str) -> Flask:
    """An application over a fresh copy of the office (SQLite)."""
    return kept[office_id].restore()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def each_app(request: pytest.FixtureRequest, office_id: str, tmp_path: Path) -> Iterator[Flask]:
    """The same on both databases, for what depends on locks, triggers and types."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return

    def fill(url: str) -> None:
        filled = build(settings_for(tmp_path, office_id, url))
        with filled.app_context():
            db.session.remove()
            db.engine.dispose()

    with databases.fresh(f"test_{office_id}", fill) as url:
        made = create_app(settings_for(tmp_path, office_id, url))
        made.testing = True
        made.config["WTF_CSRF_ENABLED"] = False
        yield made
        with made.app_context():
            db.session.remove()
            db.engine.dispose()
        clock.start_at(TODAY)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """The office with helpers to receive and walk dossiers, inside an application context."""
    with app.app_context():
        yield Office(app)
        db.session.remove()


@pytest.fixture
def each_office(each_app: Flask) -> Iterator[Office]:
    """The same on both databases."""
    with each_app.app_context():
        yield Office(each_app)
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return app.test_client()


@pytest.fixture
def as_user(app: Flask) -> Any:
    """`as_user("tiepnhan")` gives a browser signed in as that person."""

    def sign_in(username: str) -> FlaskClient:
        browser = app.test_client()
        answer = browser.post("/dang-nhap", data={"username": username, "password": "motcua-demo"})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser

    return sign_in


@pytest.fixture
def moment() -> datetime:
    """The morning on which tests take place."""
    return TODAY
