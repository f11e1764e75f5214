"""The queue at a one-stop: its counters, the numbers people take, who called them and when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant

_BIG = BigInteger().with_variant(Integer, "sqlite")
_CALLED = text("state = 'called'")


class Counter(Base):
    """A counter (quầy) of a one-stop: by field of work, or kept for people who go first.

    fields: comma-separated slugs of the fields it serves, empty = all of them. reserved: for
    elderly, pregnant and disabled people (NĐ 61/2018 Đ13, NĐ 118/2025 Đ13). Never deleted, only
    closed, since tickets refer to it. held_by: who chose it to sit at, since held_since, last heard
    of at held_at; ticketing.seats says what that means.
    """

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("one_stop", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    one_stop: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(80), default="")
    fields: Mapped[str] = mapped_column(String(1000), default="")
    reserved: Mapped[bool] = mapped_column(default=False)
    open: Mapped[bool] = mapped_column(default=True)
    # No reference: a sign of presence, which nothing depends on once its day is over.
    held_by: Mapped[str | None] = mapped_column(String(36))
    held_since: Mapped[datetime | None] = mapped_column(Instant)
    held_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def field_slugs(self) -> tuple[str, ...]:
        """The fields it serves; empty = every field."""
        return tuple(slug for slug in self.fields.split(",") if slug)

    @property
    def label(self) -> str:
        """How people are told to go there: "Quầy 2"."""
        return f"Quầy {self.number}"


class QueueRule(Base):
    """What a one-stop adds to the law: further reasons to go first, a JSON list of words."""

    __tablename__ = "queue_rule"

    one_stop: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    priorities: Mapped[str] = mapped_column(Text, default="[]")


class LastTicket(Base):
    """The last number given at a one-stop on a local day in a series."""

    __tablename__ = "last_ticket"

    one_stop: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(1), primary_key=True)
    value: Mapped[int]


class Ticket(Base):
    """A number taken (số thứ tự). It holds for its local day and names nobody.

    series: A, or U for people who go first. field: slug, None = any. priority: a key of
    ticketing.terms.PRIORITIES or the one-stop's own words. state: waiting | called | served |
    skipped. for_counter: where it was sent on to. called_at, shown_at: of the present call, the
    second moved by every repetition. waited, served: seconds until the first call, and at counters.
    press: mark of the press at the machine that it was given for; the same press gives no second.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("one_stop", "day", "series", "number"),
        Index("ix_ticket_line", "one_stop", "day", "state", "taken_at"),
        # A counter serves one at a time, whatever the pages believed.
        Index(
            "uq_ticket_counter_id_called",
            "counter_id",
            unique=True,
            sqlite_where=_CALLED,
            postgresql_where=_CALLED,
        ),
        Index("uq_ticket_press", "press", unique=True),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    one_stop: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date]
    series: Mapped[str] = mapped_column(String(1))
    number: Mapped[int]
    field: Mapped[str | None] = mapped_column(String(50))
    priority: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    for_counter: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    taken_at: Mapped[datetime] = mapped_column(Instant)
    called_at: Mapped[datetime | None] = mapped_column(Instant)
    shown_at: Mapped[datetime | None] = mapped_column(Instant)
    recalled: Mapped[int] = mapped_column(SmallInteger, default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    waited: Mapped[int | None]
    served: Mapped[int | None]
    press: Mapped[str | None] = mapped_column(String(32))

    @property
    def code(self) -> str:
        """As shown and called out: "A047"."""
        return f"{self.series}{self.number:03d}"


class TicketCall(Base):
    """One stay of a ticket at a counter, with who served; ending: served, skipped, transferred."""

    __tablename__ = "ticket_call"
    __table_args__ = (Index("ix_ticket_call_counter_id_called_at", "counter_id", "called_at"),)

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    called_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ending: Mapped[str | None] = mapped_column(String(11))
