"""A dossier and what belongs to it: papers, fees, steps of its route, printed forms, numbers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant

# Written out in statements: an index of some rows serves only those that say its condition letter
# by letter.
ACTIVE = literal_column("'active'", String)
IN_TRANSFER = literal_column("'in_transfer'", String)
EMPTY = literal_column("''", String)


class Dossier(Base):
    """One request of one applicant for one procedure. `status` is a cache of its event log.

    Money in whole đồng. event_seq and event_hash: the last link of its chain, so that an event
    needs no look-back. version: raised by every event; the form's must agree with the row's.
    accepted_day, due_day, settled_day: the local days of those moments, for figures by the day.
    submitter: JSON of who handed it in for the applicant; submitter_*: what is looked for in it.
    applicant_old_id: number of the old identity card (CMND) as the new card tells it; or empty.
    """

    __tablename__ = "dossier"
    __table_args__ = (
        Index("ix_dossier_one_stop_accepted_at", "one_stop", "accepted_at", "id"),
        Index("ix_dossier_one_stop_status_due_at", "one_stop", "status", "due_at", "id"),
        Index("ix_dossier_personal_id", "personal_id"),
        Index("ix_dossier_one_stop_id", "one_stop", "id"),
        Index("ix_dossier_accepted_at_id", "accepted_at", "id"),
        Index(
            "ix_dossier_in_transfer",
            "transfer_due_at",
            "id",
            sqlite_where=text("status = 'in_transfer'"),
            postgresql_where=text("status = 'in_transfer'"),
        ),
        Index(
            "ix_dossier_submitter_card",
            "submitter_card",
            sqlite_where=text("submitter_card IS NOT NULL"),
            postgresql_where=text("submitter_card IS NOT NULL"),
        ),
        Index(
            "ix_dossier_applicant_old_id",
            "applicant_old_id",
            sqlite_where=text("applicant_old_id <> ''"),
            postgresql_where=text("applicant_old_id <> ''"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    temporary_id: Mapped[str | None] = mapped_column(String(14), unique=True)
    code: Mapped[str | None] = mapped_column(String(50), unique=True)
    lookup_code: Mapped[str | None] = mapped_column(String(10), unique=True)
    status: Mapped[str] = mapped_column(String(24))
    version: Mapped[int] = mapped_column(default=0)
    regime: Mapped[str] = mapped_column(String(20))
    edition_id: Mapped[int] = mapped_column(ForeignKey("procedure_edition.id"))
    procedure_code: Mapped[str] = mapped_column(String(12), index=True)
    case_id: Mapped[str | None] = mapped_column(String(60))
    confidential: Mapped[bool] = mapped_column(default=False)

    one_stop: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    agency: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    department: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    commune_slug: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    result_channel: Mapped[str] = mapped_column(String(10))

    applicant_kind: Mapped[str] = mapped_column(String(12))
    applicant_name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200))
    personal_id: Mapped[str | None] = mapped_column(String(20))
    applicant_old_id: Mapped[str] = mapped_column(String(12), default="", server_default="")
    birth_date: Mapped[date | None]
    sex: Mapped[str | None] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(120))
    submitter: Mapped[str | None] = mapped_column(Text)
    submitter_folded: Mapped[str | None] = mapped_column(String(200))
    submitter_card: Mapped[str | None] = mapped_column(String(20))
    submitter_phone: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")

    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at_original: Mapped[datetime | None] = mapped_column(Instant)
    due_reasons: Mapped[str] = mapped_column(Text, default="[]")
    due_tentative: Mapped[bool] = mapped_column(default=False)
    limit_unit: Mapped[str | None] = mapped_column(String(15))
    transfer_due_at: Mapped[datetime | None] = mapped_column(Instant)
    calendar_version: Mapped[str | None] = mapped_column(String(16))
    accepted_day: Mapped[date | None]
    due_day: Mapped[date | None]
    settled_day: Mapped[date | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)

    status_before: Mapped[str | None] = mapped_column(String(24))
    intake_supplements: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    supplements: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    apologies: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    late_apology: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    notice: Mapped[str | None] = mapped_column(String(10))
    notice_facts: Mapped[str | None] = mapped_column(Text)
    extension: Mapped[str | None] = mapped_column(Text)
    close_from: Mapped[date | None]
    alert_at: Mapped[datetime | None] = mapped_column(Instant)
    reply_due_at: Mapped[datetime | None] = mapped_column(Instant)
    overdue_day: Mapped[date | None]
    warned: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    reminders: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    waybill: Mapped[str | None] = mapped_column(String(40))
    previous_id: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"))
    correction: Mapped[str | None] = mapped_column(String(10))
    results_lost: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    fee_refunded: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None] = mapped_column(String(10))
    result_number: Mapped[str | None] = mapped_column(String(80))
    result_date: Mapped[date | None]
    shelf: Mapped[str | None] = mapped_column(String(100))
    originals_held: Mapped[int] = mapped_column(default=0)
    fee_total: Mapped[int] = mapped_column(BigInteger, default=0)
    fee_due: Mapped[int] = mapped_column(BigInteger, default=0)
    fees_unknown: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    draft: Mapped[str | None] = mapped_column(Text)

    event_seq: Mapped[int] = mapped_column(default=0)
    event_hash: Mapped[str] = mapped_column(String(64), default="0" * 64)

    # The door raises `version` by hand, once an event; a row changed since it was read is refused.
    __mapper_args__ = {  # noqa: RUF012 - read by SQLAlchemy in this form
        "version_id_col": version,
        "version_id_generator": False,
    }


class DossierSearch(Base):
    """What is looked for in a dossier, in one text; triggers on `dossier` write it (step 0015).

    words: names without marks, code, temporary id, cards (old ones too), telephones, number of the
    result, in lower case, two blanks before each word. number: in the order in which they came.
    Its trigrams are indexed: on SQLite in `dossier_trigram` (FTS5, rowid = number).
    """

    __tablename__ = "dossier_search"
    __table_args__ = (
        Index(
            "ix_dossier_search_words",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
            postgresql_with={"gin_pending_list_limit": "256"},
        ).ddl_if(dialect="postgresql"),
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True
    )
    dossier_id: Mapped[str] = mapped_column(String(36), unique=True)
    words: Mapped[str] = mapped_column(Text)


class Paper(Base):
    """A component of the pinned procedure as it came in: how many, and originals held back.

    digitised: 0 not, 1 scanned, 2 reused, 3 reused from another dossier's result (portal codes).
    """

    __tablename__ = "paper"

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(20))
    originals: Mapped[int] = mapped_column(SmallInteger)
    copies: Mapped[int] = mapped_column(SmallInteger)
    held: Mapped[int] = mapped_column(SmallInteger, default=0)
    digitised: Mapped[int] = mapped_column(SmallInteger, default=0)
    note: Mapped[str] = mapped_column(String(300), default="")


class FeeLine(Base):
    """A fee of the dossier, frozen with its amount (đồng) and why it is not due, if so.

    number: the line's own; fee_index: the fee's place in the rule file. amount None: a resolution
    sets it and the counter has not entered it yet.
    """

    __tablename__ = "fee_line"

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(10))
    fee_index: Mapped[int] = mapped_column(SmallInteger)
    quantity: Mapped[int] = mapped_column(Integer)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    timing: Mapped[str] = mapped_column(String(5))
    exempt_reason: Mapped[str] = mapped_column(String(300), default="")
    paid_at: Mapped[datetime | None] = mapped_column(Instant)


class Step(Base):
    """One leg of the route: which unit, which role, how long, after which others.

    waits_for: comma-separated positions. state: pending | active | done | dropped. amount and
    time_unit as in the procedure file; due_at is counted in working minutes of the unit. late_at:
    when it was noted that the step is late, and its unit was told.
    """

    __tablename__ = "step"
    __table_args__ = (
        Index(
            "ix_step_open",
            "unit_id",
            "holder_role",
            "due_at",
            "dossier_id",
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "ix_step_assignee",
            "assignee_id",
            "due_at",
            "dossier_id",
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_step_unit_id", "unit_id", "dossier_id"),
    )

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(300))
    step_role: Mapped[str] = mapped_column(String(20))
    holder_role: Mapped[str | None] = mapped_column(String(30))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    moved_from: Mapped[str | None] = mapped_column(String(80))
    waits: Mapped[str] = mapped_column(String(60), default="")
    decides: Mapped[bool] = mapped_column(default=False)
    is_lead: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[bool] = mapped_column(Boolean, default=True)
    amount: Mapped[str] = mapped_column(String(10))
    time_unit: Mapped[str] = mapped_column(String(15))
    state: Mapped[str] = mapped_column(String(8), default="pending")
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    late_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def waits_for(self) -> tuple[int, ...]:
        """Positions of the steps that must be done first."""
        return tuple(int(p) for p in self.waits.split(",") if p)


class Document(Base):
    """The frozen facts of a printed form; the PDF is drawn from them on request, always the same.

    number: the form's own running number (`12/PXL`), empty where it has none.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("dossier_id", "form", "issue"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    form: Mapped[str] = mapped_column(String(30))
    issue: Mapped[int] = mapped_column(SmallInteger, default=1)
    number: Mapped[str] = mapped_column(String(40), default="")
    layout: Mapped[int] = mapped_column(SmallInteger)
    facts: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    drawn: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)


class DayCounter(Base):
    """The last dossier number given for an agency code on a local day."""

    __tablename__ = "day_counter"

    agency_code: Mapped[str] = mapped_column(String(35), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[int]


class YearCounter(Base):
    """The last number given in a year in one series (register, refusal notices, …) of a unit."""

    __tablename__ = "year_counter"

    unit_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    series: Mapped[str] = mapped_column(String(30), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]


class ResultNumber(Base):
    """A number given by the văn thư: unique in the year per unit and symbol (NĐ 30/2020)."""

    __tablename__ = "result_number"

    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    symbol: Mapped[str] = mapped_column(String(50), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)


class RequestKey(Base):
    """An idempotency key: a retried or double-clicked request finds the dossier it made."""

    __tablename__ = "request_key"

    client: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
