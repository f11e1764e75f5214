"""What applicants think of the service; who they are stands nowhere beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Rating(Base):
    """One answer a dossier and stage (NĐ 61/2018 Đ31.1, NĐ 118/2025 Đ33.1).

    stage: accept, refuse, supplement, return. attitude, timing: 2 good, 1 middling, 0 bad.
    contacts: how often the applicant had to come again (2 = twice or more). one_stop: whom it is
    about; kept here, so that figures need no look at dossiers.
    """

    __tablename__ = "rating"

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(12), primary_key=True)
    one_stop: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    attitude: Mapped[int] = mapped_column(SmallInteger)
    timing: Mapped[int] = mapped_column(SmallInteger)
    contacts: Mapped[int] = mapped_column(SmallInteger)
    extra_cost: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text, default="")
