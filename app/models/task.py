"""Work over many dossiers at once, and who stands in for whom on which days."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant

_BIG = BigInteger().with_variant(Integer, "sqlite")
_OPEN = text("state = 'open'")


class Task(Base):
    """One order of a person for many dossiers; each item is carried out and answered by itself.

    Long work without items (an export) is a task too. kind: bulk.terms.KINDS. state: draft (to be
    confirmed) | open | done | cancelled | failed, then `sentence` says why. facts: JSON, told for
    every item alike. total: items, or lines of an export. written: how far its file is. leased_by,
    leased_until: who closes it and makes its file, until when that worker is believed alive.
    cancelled_at: no further item from then on; a file of what was done may still be made.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_task_staff_id", "staff_id", "id"),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    facts: Mapped[str] = mapped_column(Text, default="{}")
    total: Mapped[int]
    written: Mapped[int] = mapped_column(default=0, server_default="0")
    sentence: Mapped[str] = mapped_column(Text, default="", server_default="")
    back: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    leased_by: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None] = mapped_column(Instant)


class TaskItem(Base):
    """One dossier of a task: what to do to it, as it was when it was chosen, and how it went.

    dossier_id: None for a code of which the person saw no dossier, to be refused by name. action,
    step: for the door. version: of the dossier as the person saw it. state: waiting | done |
    refused | left_out (not confirmed) | cancelled. sentence: why not. made: JSON, what the task's
    file needs of it. leased_by, leased_until: which worker is at it, and until when it is believed
    to be alive; several share a task.
    """

    __tablename__ = "task_item"
    __table_args__ = (Index("ix_task_item_state", "task_id", "state", "number"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    dossier_id: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"))
    code: Mapped[str] = mapped_column(String(50))
    action: Mapped[str] = mapped_column(String(30))
    step: Mapped[int | None] = mapped_column(SmallInteger)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    sentence: Mapped[str] = mapped_column(Text, default="")
    made: Mapped[str] = mapped_column(Text, default="", server_default="")
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    leased_by: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None] = mapped_column(Instant)


class TaskFile(Base):
    """The file that a task made, for the person who ordered it; dropped some days later.

    It lies in the database: stored with the task's end or not at all, in anybody's reach who has
    the task, never an orphan. size in bytes.
    """

    __tablename__ = "task_file"
    __table_args__ = (Index("ix_task_file_made_at", "made_at"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    mimetype: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime] = mapped_column(Instant)


class Substitution(Base):
    """Who stands in for a person's role at a unit, from one day to another, both included.

    kind: `absence` (an officer is away, a colleague of the same role takes over) or `signature`
    (a leader lets a deputy sign, by a paper with a number). Days are those of the real calendar.
    ended_on: the first day on which it holds no more, where it was ended early.
    """

    __tablename__ = "substitution"
    __table_args__ = (Index("ix_substitution_unit_id", "unit_id", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(30))
    substitute_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    number: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    entered_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    ended_on: Mapped[date | None]
