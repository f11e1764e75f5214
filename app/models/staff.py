"""People, units, who holds which role where, and log-ins."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Unit(Base):
    """A body or a part of one, valid from one day to another; `path` lists its ancestors.

    id: `phong-tckh`, or `mot-cua-xa@nga-yen` for a commune's own. path: `/ubnd-tinh/ubnd-huyen/…/`.
    former_names: JSON list of {"name", "until"}.
    """

    __tablename__ = "unit"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    base_id: Mapped[str] = mapped_column(String(50), index=True)
    commune_slug: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(30))
    tier: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(String(400), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    former_names: Mapped[str] = mapped_column(Text, default="[]")
    agency_code: Mapped[str | None] = mapped_column(String(35))


class Staff(Base):
    """A person with a log-in; never deleted, only made inactive."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Posting(Base):
    """A role held by a person at a unit from one day to another (both included; None = open)."""

    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_unit_id_role", "unit_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(30))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class LoginSession(Base):
    """A log-in that the server can end; the cookie holds the id whose hash stands here."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    agent: Mapped[str] = mapped_column(String(200), default="")


class OneTimeLink(Base):
    """A link by which a person sets a password once: first administrator, reset."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class ApiToken(Base):
    """A program's key, acting as one person; only its hash is stored."""

    __tablename__ = "api_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    scopes: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Delegation(Base):
    """A lawful record by which work of an agency is done at the one-stop (TT 01/2018 Đ6).

    staff: comma-separated user names, empty = decided by the roles held at the one-stop.
    """

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    signed_on: Mapped[date]
    from_unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    to_one_stop: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    level: Mapped[str] = mapped_column(String(30))
    staff: Mapped[str] = mapped_column(String(500), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    revoked_at: Mapped[date | None]


class DelegatedProcedure(Base):
    """A procedure named in a delegation record."""

    __tablename__ = "delegated_procedure"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    procedure_code: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)


class Setting(Base):
    """A value of this office that changes seldom: the office's id, stamps of what is cached."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class FailureCount(Base):
    """Failed log-ins and look-ups in one window of time, per key."""

    __tablename__ = "failure_count"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(Instant)


class ProcedureEdition(Base):
    """One edition of a published procedure, as pinned by dossiers; content is the checked file.

    number counts the editions of a code from 1; effective_from None = the first one.
    """

    __tablename__ = "procedure_edition"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        UniqueConstraint("code", "effective_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), index=True)
    number: Mapped[int]
    era: Mapped[str] = mapped_column(String(10))
    effective_from: Mapped[date | None]
    decision: Mapped[str] = mapped_column(String(120), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Instant)
