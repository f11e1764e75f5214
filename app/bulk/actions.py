"""Verbs of long work: order, confirm, cancel; and what came of it."""

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
    FILE_LASTS,
    KINDS,
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
from app.models import Task, TaskFile, TaskItem

SHOWN = 100  # finished items on a page
FAILURES = 500  # refused ones, which people have to look at


@dataclass(frozen=True, slots=True)
class Outcome:
    """A task as it stands: how many items in each state, the refused ones, some finished ones.

    file: what it made, without its bytes; None before and after it is kept.
    """

    task: Task
    counts: Mapping[str, int]
    refused: Sequence[TaskItem]
    done: Sequence[TaskItem]
    file: TaskFile | None

    @property
    def finished(self) -> int:
        """Items with an answer; lines written of an export."""
        if not self.counts:
            return self.task.written
        return self.counts.get(DONE, 0) + self.counts.get(REFUSED, 0)

    @property
    def wanted(self) -> int:
        """Items that were to be carried out: all but those not confirmed; an export's lines."""
        if not self.counts:
            return self.task.total
        return sum(self.counts.values()) - self.counts.get(LEFT_OUT, 0)

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self.task.state == OPEN

    @property
    def drawing(self) -> bool:
        """Whether all items have their answers and the file of them is being made."""
        return self.running and bool(self.counts) and not self.counts.get(WAITING)


def order(
    session: Db, actor: Actor, kind: str, wishes: Sequence[Wish], now: datetime, *,
    facts: Mapping[str, Any] | None = None, back: str = "", left_out: Collection[int] | None = None,
) -> Task:  # fmt: skip
    """Store an order with its items in the order given; Refused `bad_request` by their number.

    facts: told for each item. back: the list to go back to. left_out: a draft to be confirmed,
    these items (numbers from 1) not ticked.
    """
    check_count(len(wishes))
    state = OPEN if left_out is None else DRAFT
    task = _task(session, actor, kind, now, facts, back, state, len(wishes))
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


def order_whole(
    session: Db, actor: Actor, kind: str, lines: int, now: datetime, *,
    facts: Mapping[str, Any], back: str = "",
) -> Task:  # fmt: skip
    """Store an order without items: a file of about so many lines, a work of so many parts."""
    return _task(session, actor, kind, now, facts, back, OPEN, lines)


def _task(
    session: Db, actor: Actor, kind: str, now: datetime, facts: Mapping[str, Any] | None,
    back: str, state: str, total: int,
) -> Task:  # fmt: skip
    task = Task(
        kind=kind, staff_id=actor.id, state=state, total=total, back=back[:300], created_at=now,
        facts=json.dumps(dict(facts or {}), ensure_ascii=False),
    )  # fmt: skip
    session.add(task)
    session.flush()
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


def file_of(session: Db, actor: Actor, task_id: int) -> TaskFile:
    """The file that a task of this person made; Refused `no_such_file` once it is dropped."""
    own(session, actor, task_id)
    found = session.get(TaskFile, task_id)
    if found is None:
        raise Refused(
            "no_such_file",
            f"Tệp này không còn: tệp xuất ra giữ {FILE_LASTS.days} ngày. Hãy xuất lại.",
        )
    return found


def latest(session: Db, actor: Actor, limit: int = 20) -> Sequence[Task]:
    """The person's own orders, newest first."""
    query = select(Task).where(Task.staff_id == actor.id, Task.state != DRAFT)
    return session.scalars(query.order_by(Task.id.desc()).limit(limit)).all()


def confirm(session: Db, task: Task, shown: Mapping[int, int], ticked: Collection[int]) -> int:
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
    return count


def cancel(session: Db, task: Task, now: datetime) -> None:
    """Carry out no further item; what is done stays done.

    Where a file is made of what was done, it is still made: the log already tells of it. Called
    off once more, it is not. A work of many portions ends with the portion it is at.
    """
    if task.state != OPEN:
        return
    if KINDS[task.kind].work is not None:
        task.cancelled_at = task.cancelled_at or now
        return
    mine = TaskItem.task_id == task.id
    session.execute(update(TaskItem).where(mine, TaskItem.state == WAITING).values(state=CANCELLED))
    done = select(TaskItem.number).where(mine, TaskItem.state == DONE).limit(1)
    if KINDS[task.kind].make and task.cancelled_at is None and session.scalar(done) is not None:
        task.cancelled_at = now
        return
    session.execute(update(TaskItem).where(mine, TaskItem.made != "").values(made=""))
    task.state, task.cancelled_at, task.finished_at = CANCELLED, task.cancelled_at or now, now


def outcome(session: Db, task: Task) -> Outcome:
    """How far a task is; four statements whatever its size."""
    mine = TaskItem.task_id == task.id
    counted = select(TaskItem.state, func.count()).where(mine).group_by(TaskItem.state)

    def some(state: str, limit: int) -> Sequence[TaskItem]:
        query = select(TaskItem).where(mine, TaskItem.state == state)
        return session.scalars(query.order_by(TaskItem.number).limit(limit)).all()

    counts = {state: count for state, count in session.execute(counted)}
    file = session.get(TaskFile, task.id)
    return Outcome(task, counts, some(REFUSED, FAILURES), some(DONE, SHOWN), file)


def done_in(session: Db, task: Task) -> list[str]:
    """The codes of the dossiers that a task carried out, in its order."""
    query = select(TaskItem.code).where(TaskItem.task_id == task.id, TaskItem.state == DONE)
    return list(session.scalars(query.order_by(TaskItem.number)))


def tidy(session: Db, now: datetime) -> None:
    """Drop orders that nobody confirmed within a day, and files that were kept long enough."""
    old = select(Task.id).where(Task.state == DRAFT, Task.created_at < now - DRAFT_LASTS)
    session.execute(delete(TaskItem).where(TaskItem.task_id.in_(old)))
    session.execute(delete(Task).where(Task.state == DRAFT, Task.created_at < now - DRAFT_LASTS))
    session.execute(delete(TaskFile).where(TaskFile.made_at < now - FILE_LASTS))
