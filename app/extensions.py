"""The libraries bound to the application, and how the database is opened and written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import scoped_session

from app.config import Settings
from app.models import Base
from app.turn import Turn

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
login_manager = LoginManager()
csrf = CSRFProtect()
migrate = Migrate()

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def bind(app: Flask, settings: Settings) -> None:
    """Attach the libraries to the application and prepare its database engine."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    options: dict[str, Any] = {"pool_pre_ping": False}
    if not settings.is_sqlite:
        options |= {"pool_size": 16, "max_overflow": 8, "pool_recycle": 1800}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    login_manager.init_app(app)
    csrf.init_app(app)
    migrate.init_app(app, db, directory="migrations", render_as_batch=True)
    path = Path(settings.instance_dir) / "writer.lock" if settings.is_sqlite else None
    app.extensions["motcua.turn"] = Turn(path)
    with app.app_context():
        if settings.is_sqlite:
            prepare_sqlite(db.engine)


def prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys on, a commit survives a power cut; we say ourselves how to begin."""

    @event.listens_for(engine, "connect")
    def _connected(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "temp_store=MEMORY",
            "cache_size=-16000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def writing() -> Iterator[scoped_session[Any]]:
    """One write transaction of an entry point: takes its turn, commits at the end of the block.

    Whatever raises inside rolls everything back. What was read before is given up first, since a
    reader's snapshot cannot become a writer's on SQLite. Entry points only (views, api, cli, jobs).
    """
    session = db.session
    session.rollback()
    turn: Turn = current_app.extensions["motcua.turn"]
    with turn.take():
        token = _writing.set(True)
        try:
            yield from _transaction(session)
        finally:
            _writing.reset(token)


@contextmanager
def writing_beside() -> Iterator[Connection]:
    """A short write on a connection of its own, while the session goes on reading: signs of life.

    Inside `writing()` it would wait for itself.
    """
    turn: Turn = current_app.extensions["motcua.turn"]
    with turn.take():
        token = _writing.set(True)
        try:
            with db.engine.begin() as connection:
                yield connection
        finally:
            _writing.reset(token)


def _transaction(session: scoped_session[Any]) -> Iterator[scoped_session[Any]]:
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
