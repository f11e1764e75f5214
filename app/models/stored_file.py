"""Digitised papers: what lies in the file store, and to which component of which dossier."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant

_BIG = BigInteger().with_variant(Integer, "sqlite")
_ACTIVE = text("removed_at IS NULL")


class StoredFile(Base):
    """An object of the file store, named by its content: the same bytes lie there once.

    sha256: of the bytes, in hex. size in bytes. kind: pdf, jpg, png. pages: 1 for a picture.
    Rows and objects are never deleted: the log of a dossier names them.
    """

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(4))
    pages: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))


class PaperFile(Base):
    """A file filed under a component of a dossier; never deleted, only marked as removed.

    number: the component's, 0 = the result of the dossier. name: as given, cleaned. state: 1
    digitised here, 2 reused, 3 reused from another dossier's result (portal codes, as in
    `Paper.digitised`). source_id, source_code: the filed paper it was reused from, and the number
    of that dossier.
    """

    __tablename__ = "paper_file"
    __table_args__ = (
        Index(
            "uq_paper_file_dossier_id_number_sha256",
            "dossier_id",
            "number",
            "sha256",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    name: Mapped[str] = mapped_column(String(150))
    state: Mapped[int] = mapped_column(SmallInteger)
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("paper_file.id"))
    source_code: Mapped[str | None] = mapped_column(String(50))
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    removed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    removed_why: Mapped[str] = mapped_column(String(300), default="", server_default="")


class StagedFile(Base):
    """A file laid under an intake form before a dossier exists: filed when the form is accepted.

    form_key: the form's own key; dossier_id: the counter's draft that keeps the file, once there
    is one. procedure_code, number: for which component. name: as given, cleaned. source_id,
    source_code: the filed paper that is to be reused, and the number of its dossier.
    """

    __tablename__ = "staged_file"
    __table_args__ = (Index("ix_staged_file_staff_id_form_key", "staff_id", "form_key"),)

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    form_key: Mapped[str] = mapped_column(String(80))
    dossier_id: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    procedure_code: Mapped[str] = mapped_column(String(12))
    number: Mapped[int] = mapped_column(SmallInteger)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    name: Mapped[str] = mapped_column(String(150))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("paper_file.id"))
    source_code: Mapped[str | None] = mapped_column(String(50))
    added_at: Mapped[datetime] = mapped_column(Instant)
