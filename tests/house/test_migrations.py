"""Migrations: one head, the models' own schema, up and down, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from app import clock
from app.bulk import actions as tasks
from app.bulk.terms import Wish
from app.config import ROOT
from app.extensions import db, writing
from app.journey.audit import verify
from app.models import Base, TaskFile
from tests.make import Office

FOLDER = str(ROOT / "migrations")


def test_one_head_and_numbered_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", FOLDER)
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1
    numbers = sorted(r.revision for r in script.walk_revisions())
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert path.name[:4] in numbers and path.name[4] == "_"


def _is_ours(_item: object, name: str | None, _kind: str, there: bool, _other: object) -> bool:
    """Each database indexes trigrams in its own way, which the other's models or tables lack."""
    if there:
        return not (name or "").startswith("dossier_trigram")
    return name != "ix_dossier_search_words"


def test_after_all_steps_the_schema_is_the_models(each_app: Flask) -> None:
    with each_app.app_context(), db.engine.connect() as connection:
        opts = {"compare_type": True, "include_object": _is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_each_step_goes_up_and_down(each_app: Flask) -> None:
    with each_app.app_context():
        downgrade(directory=FOLDER, revision="base")
        db.session.remove()
        with db.engine.connect() as connection:
            tables = set(db.inspect(connection).get_table_names())
        assert tables <= {"alembic_version"}
        upgrade(directory=FOLDER)
        db.session.remove()


def test_the_triggers_go_down_and_up_with_data(each_office: Office) -> None:
    dossier = each_office.receive()
    each_office.walk(dossier)
    with writing() as session:  # rows that point at tables which a step makes anew
        wishes = [Wish(dossier.id, str(dossier.code), "sign", None, 1),
                  Wish(None, "H56.99-261124-9999", "control_slip", None, 0)]  # fmt: skip
        task = tasks.order(session, each_office.person("lanhdao"), "sign", wishes, clock.now())
        session.add(TaskFile(task_id=task.id, name="a", mimetype="text/csv", size=1, data=b"a",
                             made_at=clock.now()))  # fmt: skip
    db.session.remove()
    downgrade(directory=FOLDER, revision="0001")
    upgrade(directory=FOLDER)
    assert verify(db.session).fault is None
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(db.text("DELETE FROM event"))
    db.session.rollback()


def test_a_killed_run_leaves_nothing_half_done(tmp_path: Path) -> None:
    """The process dies in the middle of the first step; the next start does it all."""
    program = (
        "import os, sys\n"
        "from sqlalchemy import event\n"
        "from sqlalchemy.engine import Engine\n"
        "count = 0\n"
        "@event.listens_for(Engine, 'before_cursor_execute')\n"
        "def die(c, u, statement, *rest):\n"
        "    global count\n"
        "    count += statement.startswith('\\nCREATE')\n"
        "    if count == 9: os._exit(9)\n"
        "from flask_migrate import upgrade\n"
        "from app import create_app\n"
        "with create_app().app_context(): upgrade(directory='migrations')\n"
    )
    env = os.environ | {"MOTCUA_INSTANCE_DIR": str(tmp_path), "MOTCUA_DEMO": "1"}
    killed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=env, check=False)
    assert killed.returncode == 9
    ready = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "prepare", "--dossiers", "5"],
        cwd=ROOT, env=env, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert ready.returncode == 0, ready.stderr
    assert "Đã lập 5 hồ sơ thử." in ready.stdout


def test_sets_of_changes_get_rows_and_lose_nothing(each_office: Office) -> None:
    person = each_office.person("quantri").id
    kept = {
        "don-vi": ("applied", {"a": {"before": None, "after": {"id": "a", "name": "Tổ Một"}},
                               "b": {"before": {"id": "b"}, "after": {"id": "b", "name": "ơ"}}}),
        "lich": ("draft", {"c": {"before": {"id": "c"}, "after": {"id": "c", "name": "x"}}}),
        "nhan-su": ("undone", {}),
    }  # fmt: skip
    db.session.remove()
    downgrade(directory=FOLDER, revision="0012")
    with db.engine.begin() as connection:
        for kind, (state, items) in kept.items():
            connection.execute(db.text(
                "INSERT INTO setup_change (kind, state, items, source, made_by, made_at, decision)"
                " VALUES (:kind, :state, :items, 'a.xlsx', :person, '2026-01-02', '')"
            ), {"kind": kind, "state": state, "person": person,
                "items": json.dumps(items, ensure_ascii=False)})  # fmt: skip
    upgrade(directory=FOLDER)
    with db.engine.connect() as connection:
        told = connection.execute(db.text("SELECT kind, size, done FROM setup_change")).all()
        rows = connection.execute(db.text("SELECT number, key FROM setup_item ORDER BY 1, 2")).all()
    assert {tuple(row) for row in told} == {("don-vi", 2, 2), ("lich", 1, 0), ("nhan-su", 0, 0)}
    assert [tuple(row) for row in rows] == [(1, "a"), (1, "c"), (2, "b")]
    downgrade(directory=FOLDER, revision="0012")
    with db.engine.connect() as connection:
        found = connection.execute(db.text("SELECT kind, state, items FROM setup_change")).all()
    assert {kind: (state, json.loads(items)) for kind, state, items in found} == kept
    upgrade(directory=FOLDER)
    db.session.remove()


def test_hours_that_held_always_hold_from_before_the_calendar(each_app: Flask) -> None:
    with each_app.app_context():
        db.session.remove()
        downgrade(directory=FOLDER, revision="0013")
        kept = json.dumps([["08:00", "12:00"], ["13:00", "17:00"]])
        with db.engine.begin() as connection:
            connection.execute(
                db.text("INSERT INTO setting (key, value) VALUES ('office_hours', :kept)"),
                {"kept": kept},
            )
        upgrade(directory=FOLDER)
        with db.engine.connect() as connection:
            rows = connection.execute(db.text("SELECT hours, weekdays FROM own_hours")).all()
            left = connection.scalar(
                db.text("SELECT count(*) FROM setting WHERE key = 'office_hours'")
            )
        assert [tuple(row) for row in rows] == [("08:00-12:00, 13:00-17:00", "0123456")]
        assert left == 0
        downgrade(directory=FOLDER, revision="0013")
        with db.engine.connect() as connection:
            told = connection.scalar(
                db.text("SELECT value FROM setting WHERE key = 'office_hours'")
            )
        assert told == kept
        upgrade(directory=FOLDER)
        db.session.remove()
