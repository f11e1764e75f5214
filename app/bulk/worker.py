"""Carries out long work: a transaction an item, so that one that fails harms none; then its file.

Workers share a task: each leases some items at a time. An item is locked and marked in the
transaction of its own act: a worker that dies leaves it waiting, a second one finds it done. Never
twice. Who answers the last item does not matter: a task without waiting items is leased as a whole
by one worker, which makes its file and closes it.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from app.bulk.actions import tidy
from app.bulk.making import close
from app.bulk.terms import CHUNK, DONE, KINDS, LEASE, OPEN, REFUSED, WAITING, Run
from app.clock import VIETNAM
from app.core.refusals import Refused
from app.extensions import db, writing
from app.journey import door, find
from app.journey.hands import actor_of
from app.journey.log import Happened, record_for_account
from app.journey.office import Db
from app.models import Task, TaskItem

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
TRIES = 3  # of an item whose transaction met a lock or a lost connection
STALE = (
    "Người khác đã cập nhật hồ sơ này sau khi bạn mở danh sách. "
    "Hãy mở hồ sơ, xem thay đổi rồi làm tiếp."
)
FAILED_ITEM = "Hệ thống gặp lỗi ở hồ sơ này, chưa có gì thay đổi. Hãy mở hồ sơ và thử lại."


@dataclass(frozen=True, slots=True)
class Share:
    """What a worker took: some items of a task, or, without numbers, the closing of it."""

    run: Run
    kind: str
    numbers: tuple[int, ...]


def new_name() -> str:
    """A worker's name: the process, and something that no other thread of it has."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def round_of_work(name: str, clock: Clock, most: int | None = None) -> int:
    """Carry out tasks, the oldest first, until nothing is left to take; how many items were done.

    most: leave off after so many items, or after a file.
    """
    with writing() as session:
        tidy(session, clock())
    return _work(name, clock, most)


def carry_out(task_id: int, name: str, clock: Clock) -> int:
    """Carry out what no other worker has of one task; how many items were done."""
    return _work(name, clock, None, task_id)


def _work(name: str, clock: Clock, most: int | None, task_id: int | None = None) -> int:
    done = 0
    while most is None or done < most:
        # Where the rules are new it reads them, which may take a while: before, not in its turn.
        current_app.extensions["motcua.office"].get(db.session)
        with writing() as session:
            share = take(session, name, clock(), task_id)
        if share is None:
            break
        for number in share.numbers:
            _item(share, number, clock)
        if not share.numbers:
            close(share.run, share.kind, name, clock)
        done += len(share.numbers)
    return done


def take(session: Db, name: str, now: datetime, task_id: int | None = None) -> Share | None:
    """Lease the next items of the oldest open task that has any to give, or the closing of one.

    None where nothing is left, or all of it is with living workers. task_id: only of this one.
    """
    waiting = and_(TaskItem.task_id == Task.id, TaskItem.state == WAITING)
    to_give = select(TaskItem.number).where(waiting, _free(TaskItem, name, now)).exists()
    to_close = and_(~select(TaskItem.number).where(waiting).exists(), _free(Task, name, now))
    query = select(Task).where(Task.state == OPEN, or_(to_give, to_close)).order_by(Task.id)
    if task_id is not None:
        query = query.where(Task.id == task_id)
    # Held for the moment of leasing only: who comes meanwhile waits, then finds less than it saw.
    task = session.scalars(query.limit(1).with_for_update(of=Task)).first()
    if task is None:
        return None
    numbers = _lease_items(session, task.id, name, now)
    if not numbers and not _lease_closing(session, task.id, name, now):
        return None
    return Share(_run(session, task, now), task.kind, numbers)


def _free(row: Any, name: str, now: datetime) -> ColumnElement[bool]:
    """Whether no other living worker has the row (a worker that asks again has lost its own)."""
    return or_(row.leased_until.is_(None), row.leased_until < now, row.leased_by == name)


def _lease_items(session: Db, task_id: int, name: str, now: datetime) -> tuple[int, ...]:
    mine = and_(TaskItem.task_id == task_id, TaskItem.state == WAITING)
    query = select(TaskItem.number).where(mine, _free(TaskItem, name, now))
    numbers = tuple(session.scalars(query.order_by(TaskItem.number).limit(CHUNK)))
    if numbers:
        leased = update(TaskItem).where(mine, TaskItem.number.in_(numbers))
        session.execute(leased.values(leased_by=name, leased_until=now + LEASE))
    return numbers


def _lease_closing(session: Db, task_id: int, name: str, now: datetime) -> bool:
    waiting = select(TaskItem.number).where(
        TaskItem.task_id == task_id, TaskItem.state == WAITING
    )  # fmt: skip
    leased = update(Task).where(
        Task.id == task_id, Task.state == OPEN, _free(Task, name, now), ~waiting.exists()
    )
    values = {"leased_by": name, "leased_until": now + LEASE}
    found = session.execute(leased.values(**values).returning(Task.id))
    return found.first() is not None


def _run(session: Db, task: Task, now: datetime) -> Run:
    office = current_app.extensions["motcua.office"].get(session)
    actor = actor_of(session, office, task.staff_id, now.astimezone(VIETNAM).date())
    return Run(task.id, office, actor, json.loads(task.facts), now)


def _item(share: Share, number: int, clock: Clock) -> None:
    run = share.run
    for attempt in range(1, TRIES + 1):
        try:
            return _act(share, number, clock())
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
    return _refuse(run, number, Refused("failed", FAILED_ITEM), clock())


def _mark(session: Db, run: Run, number: int, **values: Any) -> Any:
    """Mark the item and lock its row; None where somebody else has dealt with it meanwhile."""
    mine = (
        TaskItem.task_id == run.task_id, TaskItem.number == number, TaskItem.state == WAITING,
    )  # fmt: skip
    told = (TaskItem.code, TaskItem.action, TaskItem.step, TaskItem.version)
    marked = update(TaskItem).where(*mine).values(**values).returning(*told)
    return session.execute(marked.execution_options(synchronize_session=False)).first()


def _act(share: Share, number: int, now: datetime) -> None:
    """The act and the mark that it is done, together or not at all."""
    run, act = share.run, KINDS[share.kind].act
    with writing() as session:
        item = _mark(session, run, number, state=DONE, done_at=now)
        if item is None:
            return
        if act is not None:
            made = json.dumps(dict(act(session, run, item.code, now)), ensure_ascii=False)
            mine = (TaskItem.task_id == run.task_id, TaskItem.number == number)
            session.execute(update(TaskItem).where(*mine).values(made=made))
            return
        dossier = find.dossier_of(session, run.actor, item.code, lock=True)
        door.advance(
            session, run.office, dossier, item.action, run.actor, now, facts=run.facts,
            step=item.step, expected_version=item.version,
        )  # fmt: skip


def _refuse(run: Run, number: int, refused: Refused, now: datetime) -> None:
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
