"""The plan's target: at least 50 % of procedures run wholly at the one-stop, in both readings.

Quyết định 3159/QĐ-UBND, task II.4; TT 01/2018/TT-VPCP Đ6, Đ13.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, distinct, func, select

from app.clock import VIETNAM
from app.core.delegation import Share, share_of
from app.core.vietnamese import percent
from app.journey.log import ONE_STOP
from app.journey.office import Db, Office
from app.models import Dossier, Event

# The four acts of the target, and the events in which each of them happens.
ACTS = {
    "accept": 1,
    "propose_result": 2,
    "propose_refusal": 2,
    "approve": 3,
    "return_direct": 4,
}


@dataclass(frozen=True, slots=True)
class FullProcess:
    """Both readings on a day at the office's main one-stop.

    share: reading A, by procedures. full_dossiers of settled_dossiers: reading B, by what
    really happened to settled dossiers. never_run: delegated, but no dossier ran so.
    """

    on: date
    one_stop: str
    share: Share
    full_dossiers: int
    settled_dossiers: int
    never_run: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether the target is reached: 2·n ≥ N on integers, and there is something to count."""
        return bool(self.share.received) and 2 * len(self.share.delegated) >= len(
            self.share.received
        )

    def as_facts(self) -> dict[str, Any]:
        """The figures for programs."""
        return {
            "on": self.on.isoformat(),
            "one_stop": self.one_stop,
            "procedures": {
                "full": len(self.share.delegated),
                "all": len(self.share.received),
                "met": self.met,
            },
            "dossiers": {"full": self.full_dossiers, "all": self.settled_dossiers},
            "eligible_without_record": list(self.share.without_record),
            "below_approve": list(self.share.below_approve),
            "never_run": list(self.never_run),
        }

    def text(self) -> str:
        """The figures in words."""
        full, all_ = len(self.share.delegated), len(self.share.received)
        lines = [
            f"Ngày {self.on:%d/%m/%Y}, tại {self.one_stop}:",
            f"  A. Theo thủ tục: {full}/{all_} = {percent(full, all_)}"
            f" ({'đạt' if self.met else 'chưa đạt'} chỉ tiêu 50%)",
            f"  B. Theo hồ sơ đã giải quyết: {self.full_dossiers}/{self.settled_dossiers}"
            f" = {percent(self.full_dossiers, self.settled_dossiers)}",
        ]
        if self.share.without_record:
            lines.append(f"  Đủ điều kiện, chưa ủy quyền: {', '.join(self.share.without_record)}")
        if self.never_run:
            lines.append(f"  Đã ủy quyền, chưa có hồ sơ chạy trọn: {', '.join(self.never_run)}")
        return "\n".join(lines)


def full_process(session: Db, office: Office, on: date) -> FullProcess:
    """Both readings of the target on a day, for the office's main one-stop."""
    one_stop = office.profile.main_one_stop
    editions = {code: e.procedure for code, e in office.offered(on).items()}
    records = [d.record for d in office.delegations.values()]
    share = share_of(editions, records, one_stop, office.judged(on))
    until = datetime.combine(on + timedelta(days=1), time.min, VIETNAM)
    settled = session.execute(
        select(Dossier.procedure_code, func.count(Dossier.id))
        .where(Dossier.one_stop == one_stop, Dossier.settled_at < until)
        .where(Dossier.status != "voided")
        .group_by(Dossier.procedure_code)
    )
    wholly = dict(_wholly(session, one_stop, until))
    total = sum(row[1] for row in settled)
    never = tuple(code for code in share.delegated if code not in wholly)
    return FullProcess(on, one_stop, share, sum(wholly.values()), total, never)


def _wholly(session: Db, one_stop: str, until: datetime) -> list[tuple[str, int]]:
    """Per procedure, how many settled dossiers had all four acts at the one-stop."""
    act = case(*((Event.action == name, number) for name, number in ACTS.items()))
    done = (
        select(Event.subject)
        .join(Dossier, Dossier.id == Event.subject)
        .where(
            Event.action.in_(list(ACTS)), Event.at < until, Dossier.one_stop == one_stop,
            Dossier.settled_at < until,
        )
        .group_by(Event.subject)
        .having(func.count(distinct(act)) == len(set(ACTS.values())))
        .having(func.min(case((Event.place == ONE_STOP, 1), else_=0)) == 1)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(Dossier.procedure_code, func.count())
        .join(done, done.c.subject == Dossier.id)
        .group_by(Dossier.procedure_code)
    )
    return [(row[0], row[1]) for row in rows]
