"""Finds dossiers, always within the person's sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, tuple_

from app.core.actor import Actor
from app.core.refusals import Refused
from app.journey.fragments import Sought, sought
from app.journey.office import Db
from app.journey.searching import found_by, statements
from app.journey.visibility import asked_visible, visible
from app.models import Correction, Document, Dossier, Event

PAGE = 25


def dossier_of(
    session: Db, actor: Actor, code: str, *, lock: bool = False, asked: bool = False
) -> Dossier:
    """A dossier by code or temporary id; Refused `no_such_dossier` where there is none in sight.

    lock: hold its row for a change (PostgreSQL; on SQLite the writer's turn does it). asked: one
    on which the person's unit was asked will do; nothing but the request may be shown of it.
    """
    # Only blanks are forgiven: what is found here is repeated in headers and addresses.
    wanted = code.strip(" ").upper() if code.isascii() else ""
    query = select(Dossier).where(
        Dossier.temporary_id == wanted if wanted.startswith("TAM-") else Dossier.code == wanted
    )
    if lock:
        # What was read before the lock may be old by now: take the row as it stands.
        query = query.with_for_update(of=Dossier).execution_options(populate_existing=True)
    found = session.scalars(visible(query, actor)).first()
    if found is None and asked:
        found = session.scalars(asked_visible(query, actor)).first()
    if found is None:
        raise Refused(
            "no_such_dossier",
            "Không tìm thấy hồ sơ này trong phạm vi bạn được xem. Hãy kiểm tra lại mã hồ sơ.",
        )
    return found


def events_of(session: Db, dossier: Dossier) -> Sequence[Event]:
    """The dossier's events in order."""
    query = select(Event).where(Event.subject == dossier.id).order_by(Event.seq)
    return session.scalars(query).all()


def documents_of(session: Db, dossier: Dossier) -> Sequence[Document]:
    """The printed forms that exist for the dossier, without their facts being parsed."""
    query = select(Document).where(Document.dossier_id == dossier.id).order_by(Document.id)
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; every part narrows. after: (accepted_at, id) of the last row seen.

    accepted_from, accepted_to: from this moment on, before that one. editions: ids, None for all.
    """

    text: str = ""
    status: tuple[str, ...] = ()
    one_stop: str | None = None
    department: str | None = None
    editions: tuple[int, ...] | None = None
    accepted_from: datetime | None = None
    accepted_to: datetime | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    applicant: str = ""
    after: tuple[datetime, str] | None = None
    limit: int = PAGE


def search(session: Db, actor: Actor, wanted: Wanted) -> Sequence[Dossier]:
    """Dossiers in the person's sight, newest acceptance first, one more than `limit` if there are.

    text, applicant: fragments, found as by `anywhere`. Key-set paging: no OFFSET, no COUNT.
    """
    query = narrowed(session, visible(select(Dossier), actor), wanted)
    ordered = query.order_by(Dossier.accepted_at.desc(), Dossier.id.desc())
    return session.scalars(ordered.limit(wanted.limit + 1)).all()


def narrowed(session: Db, query: Any, wanted: Wanted) -> Any:
    """A statement on accepted dossiers with every wanted part; sight, order, length are its own."""
    query = query.where(Dossier.accepted_at.is_not(None))
    if wanted.status:
        query = query.where(Dossier.status.in_(wanted.status))
    for column, value in (
        (Dossier.one_stop, wanted.one_stop), (Dossier.department, wanted.department),
    ):  # fmt: skip
        if value:
            query = query.where(column == value)
    if wanted.editions is not None:
        query = query.where(Dossier.edition_id.in_(wanted.editions))
    if wanted.accepted_from is not None:
        query = query.where(Dossier.accepted_at >= _storable(wanted.accepted_from))
    if wanted.accepted_to is not None:
        query = query.where(Dossier.accepted_at < _storable(wanted.accepted_to))
    if wanted.due_from is not None:
        query = query.where(Dossier.due_at >= _storable(wanted.due_from))
    if wanted.due_to is not None:
        query = query.where(Dossier.due_at <= _storable(wanted.due_to))
    for text in (wanted.text, wanted.applicant):
        if text.strip():
            query = query.where(found_by(session, sought(text)))
    if wanted.after is not None:
        key = tuple_(Dossier.accepted_at, Dossier.id)
        query = query.where(key < tuple_(*_bound(wanted.after)))
    return query


def _storable(at: datetime) -> datetime:
    """The moment in UTC; Refused `bad_request` where it lies outside all calendars."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise Refused("bad_request", "Thời điểm này nằm ngoài lịch, hãy chọn ngày khác.") from None


def _bound(after: tuple[datetime, str]) -> tuple[Any, Any]:
    from sqlalchemy import String, bindparam

    from app.models import Instant

    return bindparam(None, _storable(after[0]), Instant()), bindparam(None, after[1], String())


def anywhere(
    session: Db, actor: Actor, wanted: Sought, *, after: str | None = None, limit: int = PAGE,
    status: Sequence[str] = (),
) -> Sequence[Dossier]:  # fmt: skip
    """Dossiers in sight in which every fragment stands somewhere, newest first, one over `limit`.

    Accepted or not; after: the id of the last one seen (ids grow with time). status: only these.
    """

    def narrow(query: Any) -> Any:
        return query.where(Dossier.status.in_(status)) if status else query

    rows: Sequence[Dossier] = []
    for query in statements(session, actor, wanted, narrow, after, limit + 1):
        rows = session.scalars(query).all()
        if len(rows) > limit:
            break
    if rows or after is not None or len(wanted.words) != 1:
        return rows
    return _by_old_number(session, actor, wanted.words[0], limit)


def _by_old_number(session: Db, actor: Actor, word: str, limit: int) -> Sequence[Dossier]:
    """Dossiers whose result bore the number before an error in it was put right."""
    if not any(c.isdigit() for c in word):
        return []
    old = select(Correction.dossier_id).where(
        Correction.old_number.contains(word.upper(), autoescape=True)
    )
    query = visible(select(Dossier), actor).where(Dossier.id.in_(old))
    return session.scalars(query.order_by(Dossier.id.desc()).limit(limit)).all()


def newest(query: Any, limit: int) -> Any:
    """A list's order and length: newest acceptance first."""
    return query.order_by(Dossier.accepted_at.desc(), Dossier.id.desc()).limit(limit)
