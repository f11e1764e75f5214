"""An office to measure: a database of its own, filled, with a counter clerk's token."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from app import clock, create_app
from app.accounts import sessions
from app.config import ROOT, Settings
from app.demo.office import load_rules
from app.extensions import db, writing
from app.models import ApiToken, Staff

KEY = "a key for measuring only, long enough"
BODY: dict[str, Any] = {
    "procedure": "1.013228", "case": "rach-nat", "one_stop": "mot-cua-huyen",
    "channel": "direct", "result_channel": "direct",
    "applicant": {
        "kind": "person", "name": "Nguyễn Thị Mẫu", "personal_id": "038190000123",
        "birth_date": "1990-02-05", "sex": "Nữ", "address": "Thôn 1, xã Nga Yên",
        "phone": "0912345678", "email": None,
    },
    "submitter": None, "components": [{"index": 1, "originals": 1}, {"index": 2, "held": 1}],
    "fees": [{"index": 1, "amount": 15000, "timing": "later"}], "note": "",
}  # fmt: skip


@dataclass(slots=True)
class Measured:
    """An office under measurement."""

    app: Flask
    folder: Path
    url: str
    token: str

    @property
    def engine(self) -> str:
        """`sqlite` or `postgres`."""
        return "sqlite" if not self.url else "postgres"

    @property
    def environment(self) -> dict[str, str]:
        """The settings with which servers of this office are started."""
        return os.environ | {
            "MOTCUA_INSTANCE_DIR": str(self.folder), "MOTCUA_SECRET_KEY": KEY, "MOTCUA_DEMO": "1",
            "MOTCUA_DATABASE_URL": self.url, "MOTCUA_BASE_URL": "http://127.0.0.1:8000",
        }  # fmt: skip


@contextmanager
def made(url: str = "") -> Iterator[Measured]:
    """A fresh office on SQLite, or on the PostgreSQL database of the address."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    settings = Settings(instance_dir=folder, database_url=url, secret_key=KEY, demo=True)
    app = create_app(settings)
    secret = sessions.new_token()
    try:
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            with writing() as session:
                load_rules(
                    session, settings.procedures_dir, settings.office, clock.now(), demo=True
                )
                clerk = session.scalars(select(Staff).where(Staff.username == "tiepnhan")).one()
                session.add(
                    ApiToken(
                        token_hash=sessions.hash_token(secret), staff_id=clerk.id,
                        created_at=clock.now(),
                    )
                )  # fmt: skip
            db.session.remove()
        yield Measured(app, folder, url, secret)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres(given: str | None) -> Iterator[str]:
    """The address of an empty database on the given server, or on the tests' own."""
    import psycopg

    from tests import databases

    if given:
        os.environ[databases.SETTING] = given
    with psycopg.connect(databases.server_url(), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS motcua_bench WITH (FORCE)")
        admin.execute("CREATE DATABASE motcua_bench")
        yield databases._url("motcua_bench")
        admin.execute("DROP DATABASE IF EXISTS motcua_bench WITH (FORCE)")


@contextmanager
def served(target: str, environment: dict[str, str], port: int) -> Iterator[str]:
    """gunicorn as the install guide starts it, a worker a core; ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2",
         "--log-level", "error", target],
        env=environment, cwd=ROOT,
    )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str) -> None:
    import time
    import urllib.error
    import urllib.request

    for _ in range(100):
        try:
            urllib.request.urlopen(address + "/healthz", timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} does not answer")
