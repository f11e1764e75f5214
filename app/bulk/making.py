"""The end of a task: its file is made, or its work done, with signs of life; its last state."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from app.bulk.terms import (
    CANCELLED,
    DONE,
    FAILED,
    KINDS,
    LEASE,
    OPEN,
    CalledOff,
    Kind,
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
FAILED_WORK = (
    "Hệ thống gặp lỗi nên đã dừng giữa chừng. Hãy thử lại; nếu vẫn lỗi, báo quản trị hệ thống."
)
TOO_LARGE = "Tệp lớn quá 100 MB. Hãy chọn khoảng ngày ngắn hơn, hoặc làm nhiều lần."


def close(run: Run, kind: str, name: str, clock: Clock) -> None:
    """Do what a kind does at the end of its items, and end the task; nothing where it is lost."""
    told = KINDS[kind]
    try:
        made = _done(told, run, name, clock)
    except CalledOff:
        db.session.rollback()
        if told.work is not None:  # it has stopped; a file that is called off ended there and then
            _end(run, name, clock(), CANCELLED)
    except Refused as refused:
        _end(run, name, clock(), FAILED, refused.sentence)
    except Exception:
        log.exception("end of task %s", run.task_id)
        _end(run, name, clock(), FAILED, FAILED_FILE if told.work is None else FAILED_WORK)
    else:
        _end(run, name, clock(), DONE, made=made)


def _done(told: Kind, run: Run, name: str, clock: Clock) -> Made | None:
    """The file, where the kind makes one; what it works at without items is done."""
    if told.make is not None:
        return _made(told.make, run, reporter(run.task_id, name, clock))
    if told.work is not None:
        told.work(db.session, run, Holding(run.task_id, name, clock))
    return None


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
    """Says how far the file is, now and then, on a connection of its own; raises CalledOff.

    A first call-off stops the items, not the file of those that are done.
    """
    return Holding(task_id, name, clock, until_called_off=False).told


@dataclass(slots=True)
class Holding:
    """A worker's hold on a task: see bulk.terms.Hold. last: when it was said, monotonic seconds."""

    task_id: int
    name: str
    clock: Clock
    until_called_off: bool = True
    last: float = 0.0

    def told(self, written: int, total: int | None = None) -> None:
        """Say how far it is, on a connection of its own; CalledOff where the hold has ended."""
        if time.monotonic() - self.last < BETWEEN:
            return
        self.last = time.monotonic()
        with writing_beside() as connection:
            self._mark(connection, written, total)

    @contextmanager
    def writing(self, written: int) -> Iterator[Db]:
        """A write transaction with the task's row held, so that a call-off waits for its end."""
        with writing() as session:
            self._mark(session, written, None)
            yield session

    def _mark(self, connection: Db | Connection, written: int, total: int | None) -> None:
        ours = [Task.id == self.task_id, Task.state == OPEN, Task.leased_by == self.name]
        if self.until_called_off:
            ours.append(Task.cancelled_at.is_(None))
        told: dict[str, Any] = {"written": written, "leased_until": self.clock() + LEASE}
        if total is not None:
            told["total"] = total
        marked = update(Task).where(*ours).values(**told)
        found = connection.execute(marked.returning(Task.id).execution_options(
            synchronize_session=False
        ))  # fmt: skip
        if found.first() is None:
            raise CalledOff


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
