"""What moved a dossier's clock, whose opinion was asked meanwhile, what was put right later."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class ClockMove(Base):
    """One thing that moved the clock, in order; the intervals and the due date follow from them.

    kind: core.deadline.EVENT_NAMES. notice: the number of the paper that says so. amount and unit
    of an extension, effect `total` or `extra`; until: a day agreed on or promised.
    """

    __tablename__ = "clock_move"

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")
    notice: Mapped[str] = mapped_column(String(40), default="")
    amount: Mapped[str | None] = mapped_column(String(10))
    unit: Mapped[str | None] = mapped_column(String(15))
    effect: Mapped[str] = mapped_column(String(6), default="extra")
    until: Mapped[date | None]


class Consultation(Base):
    """An opinion asked of a unit (NĐ 61/2018 Đ19.5, NĐ 118/2025 Đ19.4b); the clock runs on.

    late_reported_at: when the lead agency told the head of the one-stop that the answer is late.
    """

    __tablename__ = "consultation"
    __table_args__ = (Index("ix_consultation_unit_id", "unit_id", "replied_at"),)

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    content: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answer_by: Mapped[date]
    replied_at: Mapped[datetime | None] = mapped_column(Instant)
    reply: Mapped[str] = mapped_column(Text, default="")
    late_reported_at: Mapped[datetime | None] = mapped_column(Instant)


class Correction(Base):
    """A result with an error, put right as a case of its own (NĐ 61/2018 Đ21.1, NĐ 118/2025 Đ23.1).

    The dossier stays returned. state: open (to be put right by due_at, where the decree sets a
    limit), corrected (to be handed over), returned, rejected. old_number, new_number: the result's.
    """

    __tablename__ = "correction"

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), default="open")
    error: Mapped[str] = mapped_column(Text)
    reported_by: Mapped[str] = mapped_column(String(200))
    reported_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    corrected: Mapped[str] = mapped_column(Text, default="")
    corrected_at: Mapped[datetime | None] = mapped_column(Instant)
    old_number: Mapped[str | None] = mapped_column(String(80))
    new_number: Mapped[str | None] = mapped_column(String(80))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
