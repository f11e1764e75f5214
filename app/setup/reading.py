"""A long workbook is read, compared and checked by a worker; the person sees how far it is."""

from __future__ import annotations

from app.bulk import actions as tasks
from app.bulk.terms import Hold, Run
from app.bulk.terms import Kind as Long
from app.core.refusals import Refused
from app.journey.office import Db
from app.models import SetupChange, Task
from app.setup import book, changes
from app.setup.book import Problem
from app.setup.changes import Draft
from app.setup.kind import Doing, Kind
from app.setup.kinds import kind_of
from app.setup.moving import doing_of

DIRECT = 2 * 1024 * 1024  # bytes of an unpacked workbook that a person waits for: half a second
READ = "setup_read"
NOTHING = "Không có gì khác với dữ liệu đang dùng."


def keep(doing: Doing, kind: Kind, raw: bytes, source: str) -> SetupChange:
    """Keep a workbook that a worker shall read."""
    row = SetupChange(
        kind=kind.id, state="reading", raw=raw, source=source[:120],
        made_by=doing.actor.id, made_at=doing.now,
    )  # fmt: skip
    doing.session.add(row)
    doing.session.flush()
    return row


def order(doing: Doing, kind: Kind, row: SetupChange, back: str) -> Task:
    """Store an order to read it; how many rows it has is not known before."""
    facts = {"list": kind.id, "change": row.id}
    task = tasks.order_whole(doing.session, doing.actor, READ, 0, doing.now, facts=facts, back=back)
    row.task_id = task.id
    return task


def _read(session: Db, run: Run, hold: Hold) -> None:
    """What the workbook would change, or what is wrong with it, is kept in its row."""
    kind, number = kind_of(run.facts["list"]), int(run.facts["change"])
    row = changes.change_of(session, kind, number)
    if row.state != "reading":
        return
    hold.told(0)
    made = _draft(doing_of(session, run, row, run.now), kind, row.raw or b"", hold)
    with hold.writing(len(made.items)) as held:
        row = changes.change_of(held, kind, number)
        changes.fill(held, row, made)


def _draft(doing: Doing, kind: Kind, raw: bytes, hold: Hold) -> Draft:
    try:
        read = book.unpack(raw, kind.sheets, told=hold.told)
        made = changes.draft(kind, doing, read.cells, told=hold.told, seen=read.marks)
    except Refused as refused:
        return Draft([], [Problem("", 0, refused.sentence)], {})
    if not made.items and not made.problems:
        made.problems.append(Problem("", 0, NOTHING))
    return made


LONG = {
    READ: Long(
        "Đọc bảng tính", "Đã kiểm tra", counted="mục", work=_read, back="Xem kết quả", goes_on=True
    )
}
