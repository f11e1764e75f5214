"""The end of a task: its file is made, with signs of life, and stored with its last state."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.bulk.terms import (
    CANCELLED,
    DONE,
    FAILED,
    KINDS,
    LEASE,
    OPEN,
    CalledOff,
    Made,
    Make,
    Report,
    Run,
)
from app.core.refusals import Refused
from app.extensions import db, writing, writing_beside
from app.journey.office import Db
from app.models import Task, TaskFile, TaskItem

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
MOST_BYTES = 100 * 1024 * 1024
BETWEEN = 0.5  # seconds between two signs of life
FAILED_FILE = (
    "Hệ thống gặp lỗi khi lập tệp, chưa có tệp nào. Hãy thử lại; nếu vẫn lỗi, báo quản trị."
)
TOO_LARGE = "Tệp lớn quá 100 MB. Hãy chọn khoảng ngày ngắn hơn, hoặc làm nhiều lần."


def close(run: Run, kind: str, name: str, clock: Clock) -> None:
    """Make the task's file where its kind makes one, and end the task; nothing where it is lost."""
    make = KINDS[kind].make
    if make is None:
        return _end(run, name, clock(), DONE)
    try:
        made = _made(make, run, reporter(run.task_id, name, clock))
    except CalledOff:
        db.session.rollback()
    except Refused as refused:
        _end(run, name, clock(), FAILED, refused.sentence)
    except Exception:
        log.exception("file of task %s", run.task_id)
        _end(run, name, clock(), FAILED, FAILED_FILE)
    else:
        _end(run, name, clock(), DONE, made=made)


def _made(make: Make, run: Run, report: Report) -> Made | None:
    """The file; none for items of which not one was done."""
    items = _kept(db.session, run.task_id)
    if items is not None and not items:
        return None
    made = make(db.session, run, items or (), report)
    if len(made.data) > MOST_BYTES:
        raise Refused("too_large", TOO_LARGE)
    return made


def _kept(session: Db, task_id: int) -> Sequence[Mapping[str, Any]] | None:
    """What was kept of each finished item; None for a task that never had items."""
    query = select(TaskItem.state, TaskItem.made).where(TaskItem.task_id == task_id)
    rows = session.execute(query.order_by(TaskItem.number)).all()
    return [json.loads(made) for state, made in rows if state == DONE] if rows else None


def reporter(task_id: int, name: str, clock: Clock) -> Report:
    """Says how far the file is, now and then, on a connection of its own; raises CalledOff."""
    last = 0.0

    def report(written: int) -> None:
        nonlocal last
        if time.monotonic() - last < BETWEEN:
            return
        last = time.monotonic()
        ours = (Task.id == task_id, Task.state == OPEN, Task.leased_by == name)
        told = {"written": written, "leased_until": clock() + LEASE}
        with writing_beside() as connection:
            if not connection.execute(update(Task).where(*ours).values(**told)).rowcount:
                raise CalledOff

    return report


def _end(
    run: Run, name: str, now: datetime, state: str, sentence: str = "", made: Made | None = None
) -> None:
    """The last state and the file, together or not at all; nothing where the task was lost."""
    db.session.rollback()
    with writing() as session:
        ours = (Task.id == run.task_id, Task.state == OPEN, Task.leased_by == name)
        task = session.scalars(select(Task).where(*ours).with_for_update()).first()
        if task is None:
            return
        stopped = state == DONE and task.cancelled_at is not None
        task.state, task.sentence = CANCELLED if stopped else state, sentence
        task.finished_at, task.leased_until = now, None
        kept = update(TaskItem).where(TaskItem.task_id == task.id, TaskItem.made != "")
        session.execute(kept.values(made=""))  # personal data that nothing needs any more
        if made is not None:
            if made.lines is not None:
                task.total = task.written = made.lines
            session.add(TaskFile(
                task_id=task.id, name=made.name, mimetype=made.mimetype, size=len(made.data),
                data=made.data, made_at=now,
            ))  # fmt: skip
