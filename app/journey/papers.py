"""Draws a printed form from its frozen facts, on request, and notes in the log that it did."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from app.core.actor import Actor
from app.core.refusals import Refused
from app.documents import FORMS
from app.journey.log import Happened, record
from app.journey.office import Db
from app.models import Document, Dossier


def document_of(session: Db, dossier: Dossier, form: str) -> Document:
    """The latest issue of a form; Refused `no_such_document`."""
    query = (
        select(Document)
        .where(Document.dossier_id == dossier.id, Document.form == form)
        .order_by(Document.issue.desc())
        .limit(1)
    )
    found = session.scalars(query).first() if form in FORMS else None
    if found is None:
        raise Refused("no_such_document", "Hồ sơ này không có giấy tờ đó.")
    return found


def draw(document: Document, reprint: int) -> bytes:
    """The PDF: the same facts, layout and reprint number always give the same bytes."""
    form = FORMS[document.form]
    if sha256(document.facts.encode()).hexdigest() != document.sha256:
        raise Refused(
            "document_changed",
            "Nội dung lưu của giấy tờ này không khớp mã băm, không in được. Hãy báo quản trị.",
        )
    return bytes(form.draw(form.facts.from_json(document.facts), reprint=reprint))


def note_drawn(
    session: Db, dossier: Dossier, document: Document, pdf: bytes, reprint: int, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Keep in the dossier's chain that the form was drawn, with the PDF's hash."""
    document.drawn = max(document.drawn, reprint + 1)
    facts = {"form": document.form, "issue": document.issue, "reprint": reprint,
             "sha256": sha256(pdf).hexdigest()}  # fmt: skip
    record(
        session, dossier, actor, None, now,
        Happened("document_drawn", facts=facts, document=document.form),
    )  # fmt: skip
