"""What an office changed of its own set-up, kept so that it can be taken back; its own days off."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class SetupChange(Base):
    """A set of changes to one list: looked at first, then applied whole, perhaps taken back.

    kind: of app.setup.kinds. state: draft | applied | undone. items: JSON
    {key: {"before": item or null, "after": item}}. decision, starts_on: of procedures only.
    """

    __tablename__ = "setup_change"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    items: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(120), default="")
    made_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date | None]


class OwnDay(Base):
    """A day that the office says differs from the published calendar (storm, local decision)."""

    __tablename__ = "own_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(String(300))
    confirmed: Mapped[bool] = mapped_column(default=True)
