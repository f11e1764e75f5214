"""Who does long work: a worker process where one runs, else a thread of the web process."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.bulk import actions, background
from app.bulk.terms import Wish
from app.extensions import db, writing
from app.models import Dossier, Task
from tests.appraisal.copies import copies
from tests.approval.ready import to_sign
from tests.make import Office


def order_many(office: Office, count: int) -> int:
    """An order to sign copies of a dossier; the task's id."""
    first = to_sign(office)
    copies(office, first, count)
    rows = db.session.execute(select(Dossier.id, Dossier.code, Dossier.version))
    wishes = [Wish(id_, code or "", "approve", None, version) for id_, code, version in rows]
    with writing() as session:
        return actions.order(session, office.person("lanhdao"), "sign", wishes, clock.now()).id


def state(task_id: int) -> str:
    db.session.rollback()  # what the thread did came after our snapshot
    task = db.session.get(Task, task_id)
    assert task is not None
    return task.state


def test_without_a_worker_process_a_thread_does_it(app: Flask, office: Office) -> None:
    task_id = order_many(office, 24)
    app.testing = False
    try:
        assert background.kick(app, clock.now())
        background._threads[id(app)].join(timeout=60)
    finally:
        app.testing = True
    assert state(task_id) == "done"


def test_where_a_worker_process_runs_the_web_leaves_it_alone(app: Flask, office: Office) -> None:
    background.note_alive(clock.now())
    app.testing = False
    try:
        assert not background.kick(app, clock.now())
        assert background.is_alive(db.session, clock.now() + timedelta(seconds=29))
        assert not background.is_alive(db.session, clock.now() + timedelta(seconds=31))
    finally:
        app.testing = True


def test_tests_start_no_thread(app: Flask, office: Office) -> None:
    assert not background.kick(app, clock.now())


@pytest.mark.parametrize("command", [["worker", "--once"], ["jobs", "run"]])
def test_the_commands_do_a_round(app: Flask, office: Office, command: list[str]) -> None:
    task_id = order_many(office, 3)
    db.session.remove()
    answer = app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 0, answer.output
    with app.app_context():
        assert state(task_id) == "done"
        db.session.remove()
