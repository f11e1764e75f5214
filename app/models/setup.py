"""What an office changed of its own set-up, kept so that it can be taken back; its own days off."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class SetupChange(Base):
    """A set of changes to one list: looked at first, then applied item by item, perhaps taken back.

    kind: of app.setup.kinds. state: reading (a worker reads `raw`, the workbook) | faulty (see
    `problems`, JSON) | draft | partly (stopped on the way) | applied | undone. size: how many
    items; done: how many of them, the first ones, hold now. decision, starts_on: of procedures
    only. task_id: the long work that last read or moved it.
    """

    __tablename__ = "setup_change"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    size: Mapped[int] = mapped_column(default=0, server_default="0")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    problems: Mapped[str] = mapped_column(Text, default="[]", server_default="[]", deferred=True)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    source: Mapped[str] = mapped_column(String(120), default="")
    made_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date | None]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))


class SetupItem(Base):
    """One item of a set of changes: how it stood (null: not at all) and how it shall stand, JSON.

    Rows of their own, because the set's row is written anew with every portion that is applied.
    number: from 1, the order of applying; taken back in the opposite one. left_out: it is passed
    over both ways, since somebody else changed it or it is in use.
    """

    __tablename__ = "setup_item"

    change_id: Mapped[int] = mapped_column(ForeignKey("setup_change.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    left_out: Mapped[bool] = mapped_column(default=False, server_default=false())


class OwnDay(Base):
    """A day that the office says differs from the published calendar (storm, local decision)."""

    __tablename__ = "own_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(300))
    confirmed: Mapped[bool] = mapped_column(default=True)


class OwnHours(Base):
    """Office hours of a season or of some weekdays, instead of those of the office file.

    weekdays: "0123456", 0 is Monday. hours: "07:00-11:30, 13:30-17:00". last_day: None until
    other hours begin.
    """

    __tablename__ = "own_hours"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    weekdays: Mapped[str] = mapped_column(String(7))
    hours: Mapped[str] = mapped_column(String(120))
