"""What happened, never changed: the append-only log, and what is to be told outside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Event(Base):
    """One entry of a subject's chain. `body` is the canonical text whose hash is chained.

    subject: UUID of a dossier or an account. The other columns repeat what the body says, for
    queries; `flask log verify` compares them with it. Triggers refuse UPDATE and DELETE.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("subject", "seq"),
        Index("ix_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    action: Mapped[str] = mapped_column(String(30))
    to_status: Mapped[str | None] = mapped_column(String(24))
    place: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Message(Base):
    """A line of the outbox: written with the event, sent later, never in the way of the counter."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_state_next_at", "state", "next_at"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)
