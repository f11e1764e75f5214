"""Verbs of orders over many dossiers: give, confirm, cancel; and what came of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from app.bulk.terms import (
    CANCELLED,
    DONE,
    DRAFT,
    DRAFT_LASTS,
    LEASE,
    LEFT_OUT,
    OPEN,
    REFUSED,
    WAITING,
    Wish,
    check_count,
)
from app.core.actor import Actor
from app.core.refusals import Refused
from app.journey.office import Db
from app.models import Task, TaskItem

SHOWN = 100  # finished items on a page
FAILURES = 500  # refused ones, which people have to look at


@dataclass(frozen=True, slots=True)
class Outcome:
    """A task as it stands: how many items in each state, the refused ones, some finished ones."""

    task: Task
    counts: Mapping[str, int]
    refused: Sequence[TaskItem]
    done: Sequence[TaskItem]

    @property
    def finished(self) -> int:
        """Items with an answer."""
        return self.counts.get(DONE, 0) + self.counts.get(REFUSED, 0)

    @property
    def wanted(self) -> int:
        """Items that were to be carried out: all but those not confirmed."""
        return sum(self.counts.values()) - self.counts.get(LEFT_OUT, 0)

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self.task.state == OPEN


def order(
    session: Db, actor: Actor, kind: str, wishes: Sequence[Wish], now: datetime, *,
    facts: Mapping[str, Any] | None = None, back: str = "", left_out: Collection[int] | None = None,
    worker: str | None = None,
) -> Task:  # fmt: skip
    """Store an order with its items in the order given; Refused `bad_request` by their number.

    facts: told for each item. back: the list to go back to. left_out: a draft to be confirmed,
    these items (numbers from 1) not ticked. worker: who carries it out from now on, if known.
    """
    check_count(len(wishes))
    draft = left_out is not None
    task = Task(
        kind=kind, staff_id=actor.id, state=DRAFT if draft else OPEN, total=len(wishes),
        facts=json.dumps(dict(facts or {}), ensure_ascii=False), back=back[:300], created_at=now,
        leased_by=worker, leased_until=now + LEASE if worker else None,
    )  # fmt: skip
    session.add(task)
    session.flush()
    rows = [
        {
            "task_id": task.id, "number": number, "dossier_id": wish.dossier_id,
            "code": wish.code, "action": wish.action, "step": wish.step, "version": wish.version,
            "state": LEFT_OUT if number in (left_out or ()) else WAITING, "sentence": "",
        }
        for number, wish in enumerate(wishes, 1)
    ]  # fmt: skip
    session.execute(insert(TaskItem), rows)
    return task


def own(session: Db, actor: Actor, task_id: int, *, lock: bool = False) -> Task:
    """A task of this person; Refused `no_such_task` for all others."""
    query = select(Task).where(Task.id == task_id, Task.staff_id == actor.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).first()
    if found is None:
        raise Refused("no_such_task", "Không có việc hàng loạt này trong các việc của bạn.")
    return found


def latest(session: Db, actor: Actor, limit: int = 20) -> Sequence[Task]:
    """The person's own orders, newest first."""
    query = select(Task).where(Task.staff_id == actor.id, Task.state != DRAFT)
    return session.scalars(query.order_by(Task.id.desc()).limit(limit)).all()


def confirm(
    session: Db, task: Task, shown: Mapping[int, int], ticked: Collection[int], now: datetime,
    worker: str | None = None,
) -> int:  # fmt: skip
    """Open a draft: of the shown items (number → version seen) those ticked, and all not shown.

    How many will be carried out. Refused `bad_request` where none is left, `not_a_draft` where it
    was confirmed before.
    """
    if task.state != DRAFT:
        raise Refused("not_a_draft", "Danh sách này đã được xác nhận, xem kết quả ở trang việc.")
    mine = TaskItem.task_id == task.id
    items = session.scalars(select(TaskItem).where(mine, TaskItem.number.in_(sorted(shown))))
    for item in items:
        item.state = WAITING if item.number in ticked else LEFT_OUT
        item.version = shown[item.number]
    session.flush()
    waiting = select(func.count()).select_from(TaskItem).where(mine, TaskItem.state == WAITING)
    count = session.scalar(waiting) or 0
    check_count(count)
    task.state = OPEN
    task.leased_by, task.leased_until = worker, now + LEASE if worker else None
    return count


def cancel(session: Db, task: Task, now: datetime) -> None:
    """Carry out no further item; what is done stays done."""
    if task.state != OPEN:
        return
    task.state, task.cancelled_at, task.finished_at = CANCELLED, now, now
    session.execute(
        update(TaskItem)
        .where(TaskItem.task_id == task.id, TaskItem.state == WAITING)
        .values(state=CANCELLED)
    )


def outcome(session: Db, task: Task) -> Outcome:
    """How far a task is; three statements whatever its size."""
    mine = TaskItem.task_id == task.id
    counted = select(TaskItem.state, func.count()).where(mine).group_by(TaskItem.state)

    def some(state: str, limit: int) -> Sequence[TaskItem]:
        query = select(TaskItem).where(mine, TaskItem.state == state)
        return session.scalars(query.order_by(TaskItem.number).limit(limit)).all()

    counts = {state: count for state, count in session.execute(counted)}
    return Outcome(task, counts, some(REFUSED, FAILURES), some(DONE, SHOWN))


def forget_drafts(session: Db, now: datetime) -> None:
    """Drop orders that nobody confirmed within a day; nothing was done by them."""
    old = select(Task.id).where(Task.state == DRAFT, Task.created_at < now - DRAFT_LASTS)
    session.execute(delete(TaskItem).where(TaskItem.task_id.in_(old)))
    session.execute(delete(Task).where(Task.state == DRAFT, Task.created_at < now - DRAFT_LASTS))
