"""Progress and outcome of long work, its file, and how it is called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, render_template
from werkzeug.wrappers import Response

from app import clock, web
from app.bulk import actions, background, worker
from app.bulk.terms import AT_ONCE, DONE, FILE_LASTS, KINDS, OPEN, Made, Wish
from app.extensions import db, writing
from app.filing.names import in_header
from app.models import Task

room = web.room("bulk")


def give(
    kind: str, wishes: Sequence[Wish], back: str, facts: Mapping[str, Any] | None = None
) -> Response:
    """Order something for these dossiers: a few are done at once, many go to the worker.

    Answers with the page of the task. Refused `bad_request` by their number.
    """
    with writing() as session:
        task = actions.order(
            session, web.actor(), kind, wishes, web.moment(), facts=facts, back=back
        )
    return start(task, at_once=len(wishes) <= AT_ONCE)


def start(task: Task, *, at_once: bool) -> Response:
    """Carry the task out now, or leave it to a worker; answers with its page."""
    if at_once:
        worker.carry_out(task.id, worker.new_name(), clock.now)
    else:
        kick()
    return web.see_other("bulk.task", task_id=task.id)


def sent(made: Made, *, inline: bool) -> FlaskResponse:
    """A file as an answer: shown by the browser, or saved."""
    response = FlaskResponse(made.data, mimetype=made.mimetype)
    way = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{way}; {in_header(made.name)}"
    response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def kick() -> None:
    """See to it that waiting tasks are carried out."""
    background.kick(current_app._get_current_object(), web.moment())  # type: ignore[attr-defined]


@room.get("/viec-hang-loat")
def tasks() -> str:
    """The person's own orders, newest first."""
    found = actions.latest(db.session, web.actor())
    return render_template("bulk/tasks.html", tasks=found, kinds=KINDS)


@room.get("/viec-hang-loat/<int(max=999999999):task_id>")
def task(task_id: int) -> str | Response:
    """How far it is; at the end the outcome of every dossier, failures first."""
    found = actions.own(db.session, web.actor(), task_id)
    if found.state == DONE and KINDS[found.kind].goes_on and _back(found):
        return redirect(_back(found), 303)
    outcome = actions.outcome(db.session, found)
    if outcome.running:  # perhaps nobody works on it: after a restart, say
        kick()
    return render_template(
        "bulk/task.html", task=found, o=outcome, kind=KINDS[found.kind], back=_back(found),
        keeps=FILE_LASTS.days, keep_until=lambda file: file.made_at + FILE_LASTS,
    )  # fmt: skip


@room.get("/viec-hang-loat/<int(max=999999999):task_id>/tep")
def file(task_id: int) -> FlaskResponse:
    """The file that a task made, for who ordered it."""
    found = actions.file_of(db.session, web.actor(), task_id)
    pdf = found.mimetype == "application/pdf"
    return sent(Made(found.name, found.mimetype, found.data), inline=pdf)


def _back(found: Task) -> str:
    ours = found.back.startswith("/") and not found.back.startswith(("//", "/\\"))
    return found.back if ours else ""


@room.post("/viec-hang-loat/<int(max=999999999):task_id>/huy")
def cancel(task_id: int) -> Response:
    """Carry out no further dossier or portion of it, or make no file."""
    with writing() as session:
        found = actions.own(session, web.actor(), task_id, lock=True)
        actions.cancel(session, found, web.moment())
        goes_on, by_portions = found.state == OPEN, KINDS[found.kind].work is not None
    if goes_on and by_portions:
        flash("Đang dừng: phần đang làm dở xong là thôi.")
    elif goes_on:
        flash("Đã dừng. Tệp của những hồ sơ đã làm xong đang được lập.")
    else:
        flash("Đã dừng. Những gì đã làm xong vẫn giữ nguyên.")
    return web.see_other("bulk.task", task_id=task_id)
