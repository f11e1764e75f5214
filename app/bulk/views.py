"""Progress and outcome of orders over many dossiers, and how one is called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, flash, render_template
from werkzeug.wrappers import Response

from app import clock, web
from app.bulk import actions, background, worker
from app.bulk.terms import AT_ONCE, KINDS, Wish
from app.extensions import db, writing
from app.models import Task

room = web.room("bulk")
SLIPS = 100  # that the printing room takes at once


def give(
    kind: str, wishes: Sequence[Wish], back: str, facts: Mapping[str, Any] | None = None
) -> Response:
    """Order something for these dossiers: a few are done at once, many go to the worker.

    Answers with the page of the task. Refused `bad_request` by their number.
    """
    name = worker.new_name() if len(wishes) <= AT_ONCE else None
    with writing() as session:
        task = actions.order(
            session, web.actor(), kind, wishes, web.moment(), facts=facts, back=back, worker=name
        )
    return start(task, name)


def start(task: Task, name: str | None) -> Response:
    """Carry the task out now where a worker's name was leased to it, else leave it to others."""
    if name is not None:
        worker.carry_out(task.id, name, clock.now)
    else:
        background.kick(current_app._get_current_object(), web.moment())  # type: ignore[attr-defined]
    return web.see_other("bulk.task", task_id=task.id)


@room.get("/viec-hang-loat")
def tasks() -> str:
    """The person's own orders, newest first."""
    found = actions.latest(db.session, web.actor())
    return render_template("bulk/tasks.html", tasks=found, kinds=KINDS)


@room.get("/viec-hang-loat/<int(max=999999999):task_id>")
def task(task_id: int) -> str:
    """How far it is; at the end the outcome of every dossier, failures first."""
    found = actions.own(db.session, web.actor(), task_id)
    outcome = actions.outcome(db.session, found)
    late = found.leased_until is None or found.leased_until < web.moment()
    if outcome.running and late:  # nobody works on it: after a restart, say
        background.kick(current_app._get_current_object(), web.moment())  # type: ignore[attr-defined]
    codes = [item.code for item in outcome.done][:SLIPS]
    return render_template(
        "bulk/task.html", task=found, o=outcome, kind=KINDS[found.kind], codes=codes,
        back=_back(found),
    )  # fmt: skip


def _back(found: Task) -> str:
    ours = found.back.startswith("/") and not found.back.startswith(("//", "/\\"))
    return found.back if ours else ""


@room.post("/viec-hang-loat/<int(max=999999999):task_id>/huy")
def cancel(task_id: int) -> Response:
    """Carry out no further dossier of it."""
    with writing() as session:
        found = actions.own(session, web.actor(), task_id, lock=True)
        actions.cancel(session, found, web.moment())
    flash("Đã dừng. Những hồ sơ đã làm xong vẫn giữ nguyên.")
    return web.see_other("bulk.task", task_id=task_id)
