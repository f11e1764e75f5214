"""The floors: the same rows by the bare driver, a thin Flask page, a bare reportlab page."""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.clock import now
from app.demo.cast import Cast
from app.extensions import db, writing
from app.intake import actions as intake
from app.intake.request import PaperGiven, Request
from bench.office import BODY, Measured

_runs = itertools.count(1)
Recorded = list[tuple[str, Any, bool]]


def record_intake(office: Measured) -> tuple[Recorded, dict[str, str]]:
    """The very statements of one intake with their parameters, and what must be fresh in each."""
    seen: Recorded = []

    def note(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        if statement.startswith("INSERT"):
            seen.append((statement, parameters, many))

    with office.app.app_context():
        run = f"recorded-{next(_runs)}"
        rules = office.app.extensions["motcua.office"].get(db.session)
        clerk = next(a for a in Cast(db.session, rules, now()).actors.values()
                     if a.username == "tiepnhan")  # fmt: skip
        request = Request(
            procedure=BODY["procedure"], one_stop=BODY["one_stop"], applicant=BODY["applicant"],
            papers=(PaperGiven(1), PaperGiven(2, held=1)), case=BODY["case"],
        )  # fmt: skip
        event.listen(db.engine, "before_cursor_execute", note)
        with writing() as session:
            prepared = intake.prepare(rules, clerk, now(), request)
            got = intake.receive(session, rules, clerk, prepared, run)
        event.remove(db.engine, "before_cursor_execute", note)
        fresh = {
            got.dossier.id: "id", got.dossier.code or "": "code",
            got.dossier.lookup_code or "": "lookup", run: "key",
        }  # fmt: skip
        db.session.remove()
    return seen, fresh


def _renewed(parameters: Any, fresh: dict[str, str], mark: str) -> Any:
    """The parameters with the dossier's id, code, look-up code and key made anew."""

    def one(value: Any) -> Any:
        kind = fresh.get(value) if isinstance(value, str) else None
        if kind is None:
            return value
        return {
            "id": mark.rjust(36, "0"),
            "code": f"H56.99-{mark}",
            "lookup": mark.rjust(10, "0"),
            "key": f"k{mark}",
        }[kind]

    def row(values: Any) -> Any:
        if isinstance(values, dict):
            return {k: one(v) for k, v in values.items()}
        return tuple(one(v) for v in values)

    return [row(p) for p in parameters] if isinstance(parameters, list) else row(parameters)


def bare_driver(office: Measured, seconds: float, clients: int) -> float:
    """Intakes a second by the driver alone: the same rows, one commit each, same durability."""
    recorded, fresh = record_intake(office)
    ends = time.monotonic() + seconds
    counts, run = [0] * clients, next(_runs)
    open_one = _sqlite(office) if office.engine == "sqlite" else _postgres(office)

    def work(number: int) -> None:
        begin, execute, many, commit, close = open_one()
        while time.monotonic() < ends:
            mark = f"{number:02d}{run:02d}{counts[number]:06d}"
            begin()
            for statement, parameters, is_many in recorded:
                values = _renewed(parameters, fresh, mark)
                (many if is_many else execute)(statement, values)
            commit()
            counts[number] += 1
        close()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


Driver = tuple[
    Callable[[], Any], Callable[..., Any], Callable[..., Any], Callable[[], Any], Callable[[], Any]
]


def _sqlite(office: Measured) -> Callable[[], Driver]:
    path = office.folder / "motcua.sqlite3"

    def connect() -> Driver:
        raw = sqlite3.connect(path, isolation_level=None, timeout=30)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")
        return (
            lambda: raw.execute("BEGIN IMMEDIATE"),
            lambda s, p: raw.execute(s, p).fetchall(),
            raw.executemany,
            lambda: raw.execute("COMMIT"),
            raw.close,
        )

    return connect


def _postgres(office: Measured) -> Callable[[], Driver]:
    import psycopg

    def connect() -> Driver:
        raw = psycopg.connect(office.url.replace("postgresql+psycopg", "postgresql"))
        cursor = raw.cursor()
        return (lambda: None, cursor.execute, cursor.executemany, raw.commit, raw.close)

    return connect


def thin_app() -> Flask:
    """The thinnest page that answers the same look-up: one read by token, one Jinja page."""
    import os

    from flask import render_template_string
    from sqlalchemy import create_engine, text

    app = Flask("thin")
    url = os.environ["MOTCUA_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    folder = os.environ["MOTCUA_INSTANCE_DIR"]
    engine = create_engine(url or f"sqlite:///{folder}/motcua.sqlite3", pool_size=16)
    query = text("SELECT code, status, due_at FROM dossier WHERE lookup_code = :code")
    page = app.jinja_env.from_string(
        "<!doctype html><html lang=vi><title>{{ code }}</title><h1>{{ status }}</h1>{{ due }}"
    )

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.get("/t/<code>")
    def show(code: str) -> str:
        with engine.connect() as connection:
            row = connection.execute(query, {"code": code}).one()
        return page.render(code=row[0], status=row[1], due=row[2])

    del render_template_string
    return app
