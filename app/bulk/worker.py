"""Carries out orders over many dossiers: a transaction an item, so that one that fails harms none.

Which worker has a task is a lease in the table. An item is locked and marked in the transaction
of its own act: a worker that dies leaves it waiting, a second one finds it done. Never twice.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from app.bulk.actions import forget_drafts
from app.bulk.terms import CHUNK, DONE, LEASE, OPEN, REFUSED, WAITING
from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.refusals import Refused
from app.extensions import db, writing
from app.journey import door, find
from app.journey.hands import actor_of
from app.journey.log import Happened, record_for_account
from app.journey.office import Db, Office
from app.models import Task, TaskItem

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
TRIES = 3  # of an item whose transaction met a lock or a lost connection
STALE = (
    "Người khác đã cập nhật hồ sơ này sau khi bạn mở danh sách. "
    "Hãy mở hồ sơ, xem thay đổi rồi làm tiếp."
)
FAILED = "Hệ thống gặp lỗi ở hồ sơ này, chưa có gì thay đổi. Hãy mở hồ sơ và thử lại."


@dataclass(frozen=True, slots=True)
class _Run:
    """What every item of a task needs."""

    task_id: int
    office: Office
    actor: Actor
    facts: Mapping[str, Any]
    now: datetime


def new_name() -> str:
    """A worker's name: the process, and something that no other thread of it has."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def take(session: Db, name: str, now: datetime) -> int | None:
    """Lease the oldest open task that no living worker has; its id."""
    free = or_(Task.leased_until.is_(None), Task.leased_until < now)
    query = select(Task).where(Task.state == OPEN, free).order_by(Task.id).limit(1)
    task = session.scalars(query.with_for_update(skip_locked=True)).first()
    if task is None:
        return None
    task.leased_by, task.leased_until = name, now + LEASE
    return task.id


def round_of_work(name: str, clock: Clock, most: int | None = None) -> int:
    """Take tasks and carry them out until none is left (or `most` items are done); how many."""
    done = 0
    with writing() as session:
        forget_drafts(session, clock())
    while most is None or done < most:
        with writing() as session:
            task_id = take(session, name, clock())
        if task_id is None:
            break
        done += carry_out(task_id, name, clock, None if most is None else most - done)
    return done


def carry_out(task_id: int, name: str, clock: Clock, most: int | None = None) -> int:
    """Carry out a leased task, sign of life every CHUNK items; how many items were done.

    Ends early where the lease was lost, or the task cancelled: another has it then, or nobody.
    """
    done = 0
    while most is None or done < most:
        run = _begin(task_id, name, clock())
        numbers = _next(task_id) if run is not None else []
        if run is None or not numbers:
            break
        for number in numbers:
            _item(run, number, clock)
        done += len(numbers)
    _finish(task_id, name, clock())
    return done


def _begin(task_id: int, name: str, now: datetime) -> _Run | None:
    """Renew the lease and read what the items need; None where the task is no longer ours."""
    with writing() as session:
        ours = (Task.id == task_id, Task.leased_by == name, Task.state == OPEN)
        task = session.scalars(select(Task).where(*ours).with_for_update()).first()
        if task is None:
            return None
        task.leased_until = now + LEASE
        office = current_app.extensions["motcua.office"].get(session)
        actor = actor_of(session, office, task.staff_id, now.astimezone(VIETNAM).date())
        return _Run(task_id, office, actor, json.loads(task.facts), now)


def _next(task_id: int) -> list[int]:
    query = select(TaskItem.number).where(TaskItem.task_id == task_id, TaskItem.state == WAITING)
    return list(db.session.scalars(query.order_by(TaskItem.number).limit(CHUNK)))


def _item(run: _Run, number: int, clock: Clock) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            return _act(run, number, clock())
        except Refused as refused:
            if refused.code == "stale":
                refused = Refused("stale", STALE)
            return _refuse(run, number, refused, clock())
        except StaleDataError:
            return _refuse(run, number, Refused("stale", STALE), clock())
        except SQLAlchemyError:
            log.warning("task %s item %s, try %s", run.task_id, number, attempt, exc_info=True)
        except Exception:
            log.exception("task %s item %s", run.task_id, number)
            break
    return _refuse(run, number, Refused("failed", FAILED), clock())


def _mark(session: Db, run: _Run, number: int, **values: Any) -> Any:
    """Mark the item and lock its row; None where somebody else has dealt with it meanwhile."""
    mine = (
        TaskItem.task_id == run.task_id, TaskItem.number == number, TaskItem.state == WAITING,
    )  # fmt: skip
    told = (TaskItem.code, TaskItem.action, TaskItem.step, TaskItem.version)
    marked = update(TaskItem).where(*mine).values(**values).returning(*told)
    return session.execute(marked.execution_options(synchronize_session=False)).first()


def _act(run: _Run, number: int, now: datetime) -> None:
    """The act and the mark that it is done, together or not at all."""
    with writing() as session:
        item = _mark(session, run, number, state=DONE, done_at=now)
        if item is None:
            return
        dossier = find.dossier_of(session, run.actor, item.code, lock=True)
        door.advance(
            session, run.office, dossier, item.action, run.actor, now, facts=run.facts,
            step=item.step, expected_version=item.version,
        )  # fmt: skip


def _refuse(run: _Run, number: int, refused: Refused, now: datetime) -> None:
    """Mark why not; an attempt outside a role is kept in the account's chain as well."""
    with writing() as session:
        told = {"state": REFUSED, "sentence": refused.sentence, "done_at": now}
        item = _mark(session, run, number, **told)
        if item is None:
            return
        if refused.code in ("not_allowed", "same_person"):
            facts = {"code": refused.code, "action": item.action, "dossier": item.code}
            what = Happened("refused", note=refused.sentence, facts=facts)
            record_for_account(session, run.actor.id, run.actor, now, what)


def _finish(task_id: int, name: str, now: datetime) -> None:
    """Close a task without waiting items; else give the lease back."""
    waiting = select(TaskItem.number).where(TaskItem.task_id == task_id, TaskItem.state == WAITING)
    ours = (Task.id == task_id, Task.leased_by == name, Task.state == OPEN)
    with writing() as session:
        session.execute(
            update(Task).where(*ours, ~waiting.exists()).values(state=DONE, finished_at=now)
        )
        session.execute(update(Task).where(*ours).values(leased_until=None))
