"""Counts failures (log-in, look-up) per key in the database, so that all processes share them.

Only failures write. A key that is over its limit is also remembered in the process, so that
refusing it costs no statement, and a good look-up costs none either.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, text

from app.journey.office import Db
from app.models import Instant

REMEMBERED = 10_000

_COUNT = text(
    "INSERT INTO failure_count (key, count, expires_at) VALUES (:key, 1, :expires)"
    " ON CONFLICT (key) DO UPDATE SET"
    " count = CASE WHEN failure_count.expires_at < :now THEN 1 ELSE failure_count.count + 1 END,"
    " expires_at = CASE WHEN failure_count.expires_at < :now THEN :expires"
    " ELSE failure_count.expires_at END"
    " RETURNING count"
).bindparams(
    bindparam("key", type_=String), bindparam("expires", type_=Instant),
    bindparam("now", type_=Instant),
)  # fmt: skip


class Brake:
    """Which keys are held back, and until when; one a process, the counts are in the database."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def held_until(self, key: str, now: datetime) -> datetime | None:
        """The moment until which the key must wait, or None."""
        until = self._until.get(key)
        if until is not None and until <= now:
            self._until.pop(key, None)  # another thread may have been quicker
            return None
        return until

    def failed(
        self, session: Db, key: str, now: datetime, *, free: int, window: timedelta,
        first_wait: timedelta, longest: timedelta,
    ) -> int:  # fmt: skip
        """Count a failure; after `free` of them in the window each one doubles the wait."""
        expires = now + window
        count = int(
            session.execute(_COUNT, {"key": key, "expires": expires, "now": now}).scalar_one()
        )
        if count >= free:
            wait = min(first_wait * 2 ** min(count - free, 20), longest)
            if len(self._until) >= REMEMBERED:
                self._until = {k: until for k, until in self._until.items() if until > now}
            self._until[key] = now + wait
        return count

    def clear(self, session: Db, key: str) -> None:
        """Forget a key's failures after a success, also those that other processes counted."""
        self._until.pop(key, None)
        session.execute(text("DELETE FROM failure_count WHERE key = :key"), {"key": key})
