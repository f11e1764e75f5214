"""Published results: how many dossiers were received and settled a month, and how many in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, case, cast, func, select

from app.clock import VIETNAM
from app.core.states import BEFORE_ACCEPTANCE, Status
from app.core.vietnamese import percent
from app.journey.office import Db
from app.journey.punctuality import IN_TIME
from app.models import Dossier, Message

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the office: counts only."""

    first: date
    received: int
    settled: int
    in_time: int

    @property
    def late(self) -> int:
        """Settled after the date promised."""
        return self.settled - self.in_time

    @property
    def rate(self) -> str:
        """The share in time, "97,3%"."""
        return percent(self.in_time, self.settled)


def months(session: Db, now: datetime) -> list[Month]:
    """The last twelve months, this one first; annulled receptions are left out."""
    today = now.astimezone(VIETNAM).date()
    firsts = [_back(today, n) for n in range(MONTHS)]
    since = firsts[-1]
    kept = Dossier.status.not_in([*BEFORE_ACCEPTANCE, Status.VOIDED])
    received = dict(_by_month(session, Dossier.accepted_day, since, kept, func.count()))
    in_time = func.count(case((IN_TIME, 1)))
    settled = {
        month: counts
        for month, *counts in _by_month(
            session, Dossier.settled_day, since, kept, func.count(), in_time
        )
    }
    return [
        Month(day, received.get(f"{day:%Y-%m}", 0), *settled.get(f"{day:%Y-%m}", (0, 0)))
        for day in firsts
    ]


def _by_month(session: Db, column: Any, since: date, kept: Any, *counts: Any) -> list[Any]:
    month = func.substr(cast(column, String), 1, 7)
    query = select(month, *counts).where(column >= since, kept).group_by(month)
    return [tuple(row) for row in session.execute(query)]


def _back(day: date, months_back: int) -> date:
    """The first of the month so many months before the day's."""
    count = day.year * 12 + day.month - 1 - months_back
    return date(count // 12, count % 12 + 1, 1)


def figures(session: Db) -> list[str]:
    """Lines for a metrics collector: dossiers by status, messages by state."""
    lines = ["# TYPE motcua_dossiers gauge"]
    statuses = _counts(session, Dossier.status)
    lines += [f'motcua_dossiers{{status="{s.value}"}} {statuses.get(s.value, 0)}' for s in Status]
    lines.append("# TYPE motcua_messages gauge")
    messages = {"waiting": 0} | _counts(session, Message.state)
    lines += [f'motcua_messages{{state="{state}"}} {n}' for state, n in sorted(messages.items())]
    return lines


def _counts(session: Db, column: Any) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).group_by(column)).all()
    return {row[0]: row[1] for row in rows}
