"""The present moment, Vietnam time; called only at entry points and passed on."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
_shift = timedelta()


def now() -> datetime:
    """The present moment, aware, UTC+7; in demo mode shifted to start at MOTCUA_DEMO_NOW."""
    return datetime.now(VIETNAM) + _shift


def start_at(moment: datetime | None) -> None:
    """Let the clock go on from this moment (demo only), or run true again for None."""
    global _shift
    _shift = timedelta() if moment is None else moment - datetime.now(VIETNAM)
