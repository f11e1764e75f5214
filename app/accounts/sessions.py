"""Who is behind a request: one statement gives person, postings and the office's stamp."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Date, Row, and_, bindparam, or_, select, update

from app.core.actor import Actor, Post
from app.core.states import Role
from app.journey.office import STAMP, Db
from app.models import ApiToken, LoginSession, Posting, Setting, Staff, Unit
from app.web import SignedIn

SEEN_EVERY = timedelta(minutes=5)


def hash_token(token: str) -> str:
    """What is stored of a session id, link or API token."""
    return sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A fresh secret, 256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def _people(source: type, extra: list[Any]) -> Any:
    """Person, postings and stamp by the hash of a secret; made once, run with `key` and `day`."""
    stamp = select(Setting.value).where(Setting.key == STAMP).scalar_subquery()
    day = bindparam("day", type_=Date)
    held = and_(
        Posting.staff_id == Staff.id,
        or_(Posting.valid_from.is_(None), Posting.valid_from <= day),
        or_(Posting.valid_to.is_(None), Posting.valid_to >= day),
    )
    return (
        select(
            Staff.id, Staff.username, Staff.name, Staff.title, Posting.unit_id, Posting.role,
            Unit.path, stamp.label("stamp"), *extra,
        )
        .select_from(source)
        .join(Staff, Staff.id == source.staff_id)  # type: ignore[attr-defined]
        .outerjoin(Posting, held)
        .outerjoin(Unit, Unit.id == Posting.unit_id)
        .where(source.token_hash == bindparam("key"), source.revoked_at.is_(None))  # type: ignore[attr-defined]
        .where(Staff.active)
        .order_by(Posting.id)
    )  # fmt: skip


_BY_SESSION = _people(LoginSession, [LoginSession.created_at, LoginSession.seen_at])
_BY_TOKEN = _people(ApiToken, [ApiToken.scopes])


def _actor(rows: Sequence[Row[Any]]) -> Actor:
    first = rows[0]
    posts = tuple(
        Post(row.unit_id, Role(row.role), row.path) for row in rows if row.unit_id is not None
    )
    return Actor(first.id, first.username, first.name, posts, first.title)


def signed_in(
    session: Db, token: str, now: datetime, day: date, idle: timedelta, longest: timedelta
) -> tuple[SignedIn, bool] | None:
    """The person of a log-in session and whether its last use should be noted; None = log in."""
    rows = session.execute(_BY_SESSION, {"key": hash_token(token), "day": day}).all()
    if not rows:
        return None
    created, seen = rows[0].created_at, rows[0].seen_at
    if now - created > longest or now - seen > idle + SEEN_EVERY:
        return None
    return SignedIn(_actor(rows), token, rows[0].stamp or "", "cookie"), now - seen > SEEN_EVERY


def by_api_token(session: Db, token: str, day: date) -> SignedIn | None:
    """The person as whom a program acts; the token's scopes narrow nothing but what is declared."""
    rows = session.execute(_BY_TOKEN, {"key": hash_token(token), "day": day}).all()
    if not rows:
        return None
    found = SignedIn(_actor(rows), "", rows[0].stamp or "", "token")
    found.scopes = frozenset(rows[0].scopes.split())
    return found


def begin(session: Db, staff_id: str, now: datetime, agent: str) -> str:
    """Start a log-in session; returns its id, which is never stored."""
    token = new_token()
    session.add(
        LoginSession(
            token_hash=hash_token(token), staff_id=staff_id, created_at=now, seen_at=now,
            agent=agent[:200],
        )
    )  # fmt: skip
    return token


def end(session: Db, token: str, now: datetime) -> None:
    """Revoke one session."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == hash_token(token))
        .values(revoked_at=now)
    )


def end_all(session: Db, staff_id: str, now: datetime) -> None:
    """Revoke every session of a person (disabled, password changed)."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.staff_id == staff_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def note_seen(session: Db, token: str, now: datetime) -> None:
    """Remember that the session is in use, at most every five minutes."""
    session.execute(
        update(LoginSession).where(LoginSession.token_hash == hash_token(token)).values(seen_at=now)
    )
