"""Applies a set of changes and takes it back: a few items at once, many by portions.

Every item is changed whole or not at all. A portion is a transaction: others write in between, the
person sees how far it is and may stop it; a worker that dies leaves the set where it was. From
there it is applied further or taken back. What can be known to stand against it is asked for all
items before the first one is touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.bulk import actions as tasks
from app.bulk.terms import OPEN, Hold, Run
from app.bulk.terms import Kind as Long
from app.core.refusals import Refused
from app.core.states import Role
from app.extensions import writing
from app.journey import publishing
from app.journey.log import Happened, record_for_account
from app.journey.office import Db
from app.models import SetupChange, Task
from app.setup.changes import change_of, items_of, plain, stands_now
from app.setup.kind import Doing, Kind, Pair
from app.setup.kinds import kind_of

AT_ONCE = 100  # items carried out while the person waits, in one transaction
PORTION = 25  # items of a transaction of the worker: some 40 ms
Items = Mapping[str, Pair]


def left(row: SetupChange, up: bool) -> int:
    """How many items are to be applied still, or taken back."""
    return row.size - row.done if up else row.done


def check_still(session: Db, row: SetupChange) -> None:
    """Refused `already_running` while a worker is at the set."""
    if row.task_id is not None:
        task = session.get(Task, row.task_id, populate_existing=True)
        if task is not None and task.state == OPEN:
            raise Refused(
                "already_running", "Lần thay đổi này đang chạy. Hãy chờ xong, hoặc dừng nó trước."
            )


def check_state(session: Db, row: SetupChange, up: bool) -> None:
    """Refused `already_done`, `already_running`: what stands against beginning, or going on."""
    check_still(session, row)
    if row.state in ("reading", "faulty"):
        raise Refused("not_read", "Tệp này chưa đọc xong hoặc còn chỗ sai, chưa áp dụng được.")
    if up and not (row.state == "draft" or (row.state == "partly" and row.undone_at is None)):
        raise Refused("already_done", "Lần thay đổi này đã áp dụng rồi.")
    if not up and row.state not in ("partly", "applied"):
        raise Refused("already_done", "Lần thay đổi này không ở trạng thái đã áp dụng.")


def check(doing: Doing, kind: Kind, items: Items, up: bool) -> None:
    """Refused `stale` where one changed since, or for what else stands against any of them.

    detail: the keys of all of these, which may be left out instead.
    """
    stands = kind.snapshot(doing.session, doing.office, list(items))
    seen = "before" if up else "after"
    bars = {
        key: _STALE[up].format(key) for key, item in items.items()
        if (up or not kind.is_rule) and plain(stands.get(key)) != plain(item[seen])
    }  # fmt: skip
    code = "stale" if bars else "in_use"
    bars = (kind.bars_change if up else kind.bars_undo)(doing, items) | bars
    if bars:
        first, *others = bars.values()
        more = f" (và {len(others)} mục khác)" if others else ""
        raise Refused(code, first + more, detail={"keys": list(bars)})


_STALE = {
    True: "“{}” vừa được người khác thay đổi. Hãy tải bảng mới, sửa lại rồi nộp.",
    False: "“{}” đã được đổi tiếp sau lần này, không lùi lại được.",
}


@dataclass(frozen=True, slots=True)
class Part:
    """The items that come next, and how many places of the set they are with those left out."""

    items: Items
    count: int


def next_part(session: Db, row: SetupChange, up: bool, most: int | None = None) -> Part:
    """What comes next, in the order in which it is to be carried out."""
    count = left(row, up) if most is None else min(most, left(row, up))
    if up:
        return Part(items_of(session, row, row.done + 1, row.done + count), count)
    first = row.done - count + 1
    return Part(items_of(session, row, first, row.done, backwards=True), count)


def move(doing: Doing, kind: Kind, row: SetupChange, part: Part, up: bool) -> None:
    """Carry the next items out, all of them or none, and say so in the account's chain."""
    check(doing, kind, part.items, up)
    first = row.done
    for key, item in part.items.items():
        after = item["after"]
        assert after is not None  # noqa: S101 - an item always stands somehow
        (kind.change if up else kind.undo)(doing, key, item["before"], after)
    doing.session.flush()
    if up and not kind.is_rule:
        _keep_as_stored(doing, kind, row, part.items)
    row.done = first + part.count if up else first - part.count
    if up:
        row.applied_at = doing.now
        row.state = "applied" if row.done == row.size else "partly"
    else:
        row.undone_at = doing.now
        row.state = "partly" if row.done else "undone"
    doing.session.flush()
    facts = {
        "list": kind.id, "change": row.id, "count": len(part.items), "items": list(part.items),
        "from": first, "to": row.done, "of": row.size,
    }  # fmt: skip
    happened = Happened("setup_changed" if up else "setup_undone", facts=facts)
    record_for_account(doing.session, doing.actor.id, doing.actor, doing.now, happened)


def _keep_as_stored(doing: Doing, kind: Kind, row: SetupChange, items: Items) -> None:
    """What was asked for may be stored in other letters; taking back compares with these."""
    stands = kind.snapshot(doing.session, doing.office, list(items))
    others = {k: v for k, v in stands.items() if plain(v) != plain(items[k]["after"])}
    stands_now(doing.session, row, others)


def move_all(doing: Doing, kind: Kind, row: SetupChange, up: bool) -> int:
    """Carry out all that is left in this transaction, whole or not at all; how many items."""
    _begin(doing, row, up)
    part = next_part(doing.session, row, up)
    move(doing, kind, row, part, up)
    publishing.renew(doing.session)
    return len(part.items)


def check_all(doing: Doing, kind: Kind, row: SetupChange, up: bool) -> None:
    """Refused where anything stands against what is left, as far as can be known before."""
    check_state(doing.session, row, up)
    check(doing, kind, next_part(doing.session, row, up).items, up)


def _begin(doing: Doing, row: SetupChange, up: bool) -> None:
    """Keep by which decision and from when, once: what goes on later goes on under the same."""
    check_state(doing.session, row, up)
    if up and row.done == 0:
        row.decision, row.starts_on = doing.decision, doing.starts_on


# --- By a worker ---------------------------------------------------------------------------------


def order(doing: Doing, kind: Kind, row: SetupChange, up: bool, back: str) -> Task:
    """Store an order to apply a set, or to take it back, by portions."""
    _begin(doing, row, up)
    facts = {"list": kind.id, "change": row.id}
    word = APPLY if up else UNDO
    task = tasks.order_whole(
        doing.session, doing.actor, word, left(row, up), doing.now, facts=facts, back=back
    )
    row.task_id = task.id
    return task


def doing_of(session: Db, run: Run, row: SetupChange, now: datetime) -> Doing:
    """Who acts, with the rights of now; Refused `not_allowed` where those have ended."""
    if not run.actor.has(Role.ADMIN):
        raise Refused("not_allowed", "Bạn không còn vai trò quản trị nên việc này đã dừng.")
    return Doing(session, run.office, run.actor, now, row.decision, row.starts_on)


def _portions(session: Db, run: Run, hold: Hold, up: bool) -> None:
    kind, number = kind_of(run.facts["list"]), int(run.facts["change"])
    row = change_of(session, kind, number)
    hold.told(0)
    todo = left(row, up)
    check(doing_of(session, run, row, run.now), kind, next_part(session, row, up).items, up)
    try:
        while (part := next_part(session, row, up, PORTION)).count:
            with hold.writing(todo - left(row, up) + part.count) as held:
                row = change_of(held, kind, number, lock=True)
                move(doing_of(held, run, row, clock.now()), kind, row, part, up)
    finally:  # stopped on the way, what is changed holds all the same
        with writing() as at_last:
            publishing.renew(at_last)


def _apply(session: Db, run: Run, hold: Hold) -> None:
    """Apply what is left of a set."""
    _portions(session, run, hold, up=True)


def _take_back(session: Db, run: Run, hold: Hold) -> None:
    """Take back what holds of a set, the last item first."""
    _portions(session, run, hold, up=False)


APPLY, UNDO = "setup_apply", "setup_undo"
_WORDS: Mapping[str, Any] = {"counted": "mục", "back": "Xem lần thay đổi"}
LONG = {
    APPLY: Long("Áp dụng thay đổi", "Đã áp dụng", work=_apply, **_WORDS),
    UNDO: Long("Lùi lại thay đổi", "Đã lùi lại", work=_take_back, **_WORDS),
}
