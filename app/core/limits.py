"""Time limits and the moments they end at; steps; early, on time, late."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.core.calendar import VIETNAM, WorkCalendar
from app.core.procedure_terms import DAYS_A_MONTH, DEFAULT_CUTOFF, LIMIT_UNITS
from app.core.vietnamese import count2

SHORT_UNITS = {
    "wd": "working_days",
    "d": "days",
    "mo": "months",
    "wh": "working_hours",
    "h": "hours",
}
WORDLESS = ("same_day", "immediate")  # units without an amount
BY_DATE = ("working_days", "days", "months")  # judged by the day, not by the instant
MOST = 9999

_SHORT = re.compile(r"(\d{1,5}(?:[.,]\d{1,3})?) ?(wd|d|mo|wh|h)", re.ASCII)
UNIT_WORDS = {  # of `LIMIT_UNITS`
    "working_days": "ngày làm việc",
    "days": "ngày",
    "months": "tháng",
    "working_hours": "giờ làm việc",
    "hours": "giờ",
    "same_day": "trong ngày",
    "immediate": "giải quyết ngay",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a procedure may take.

    amount: above 0; whole for months (it counts nothing for same_day, immediate).
    unit: working_days, days, months, working_hours, hours, same_day or immediate.
    cutoff: for same_day, received later means the next working day; 15:00 when None.
    A ValueError says in Vietnamese what is wrong.
    """

    amount: float
    unit: str
    cutoff: time | None = None

    def __post_init__(self) -> None:
        if self.unit not in LIMIT_UNITS:
            raise ValueError(
                f"Đơn vị thời hạn “{self.unit}” không có; chỉ dùng: {', '.join(LIMIT_UNITS)}."
            )
        if not 0 < self.amount <= MOST:
            raise ValueError(f"Thời hạn phải lớn hơn 0 và không quá {MOST}; hãy sửa lại số.")
        if self.unit == "months" and self.amount % 1:
            raise ValueError("Thời hạn tính bằng tháng phải là số tháng tròn; hãy sửa lại số.")

    @classmethod
    def parse(cls, text: str) -> Limit:
        """A limit from its short form: 5wd, 15d, 2mo, 8wh, 24h, same_day, immediate."""
        short = text.strip()
        if short in WORDLESS:
            return cls(1, short)
        match = _SHORT.fullmatch(short)
        if match is None:
            raise ValueError(
                f"Không đọc được thời hạn “{short}”; hãy viết số liền đơn vị: 5wd (ngày làm việc), "
                "15d (ngày), 2mo (tháng), 8wh (giờ làm việc), 24h (giờ), hoặc same_day (trong "
                "ngày), immediate (giải quyết ngay)."
            )
        return cls(float(match[1].replace(",", ".")), SHORT_UNITS[match[2]])

    def words(self) -> str:
        """As people say it: "5 ngày làm việc", "02 tháng", "trong ngày", "giải quyết ngay"."""
        if self.unit in WORDLESS:
            return UNIT_WORDS[self.unit]
        if self.unit == "months":
            return f"{count2(int(self.amount))} tháng"
        return f"{self.amount:g} {UNIT_WORDS[self.unit]}".replace(".", ",")


def due_at(accepted_at: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """When the result is due, in UTC+7 (Bộ luật Dân sự 2015, Đ147–148).

    By working days, days, months: the end of office hours of the last day, half a day counting
    as one. By working hours: within office hours. By hours: by the clock, never moved. same_day:
    the end of office hours, of the next working day when received after the cut-off or after
    closing. immediate: the end of office hours. An acceptance on a day off counts from the next
    opening.
    """
    start = calendar.counted_from(accepted_at)
    day, unit = start.date(), limit.unit
    if unit == "working_days":
        return calendar.closing(calendar.add_working_days(day, math.ceil(limit.amount)))
    if unit == "days":
        return calendar.closing(calendar.add_days(day, math.ceil(limit.amount)))
    if unit == "months":
        return calendar.closing(calendar.add_months(day, int(limit.amount)))
    if unit == "working_hours":
        return calendar.add_working_time(start, timedelta(hours=limit.amount))
    if unit == "hours":
        return start + timedelta(hours=limit.amount)
    last = calendar.closing(day).time()  # after closing, that closing can be no deadline any more
    latest = last if unit == "immediate" else min(limit.cutoff or DEFAULT_CUTOFF, last)
    in_time = start.time() <= latest
    return calendar.closing(day if in_time else calendar.next_working_day(day))


def step_due(start: datetime, amount: float, unit: str, calendar: WorkCalendar) -> datetime:
    """When a step of the route is due that began at `start`.

    Working days and hours run in office time, half a day being half the office time of it; days
    and months end with office hours of the (rolled) day; hours run by the clock. A ValueError for
    a unit that steps do not have.
    """
    if unit == "working_days":
        return calendar.add_working_share(start, amount)
    if unit == "working_hours":
        return calendar.add_working_minutes(start, amount * 60)
    here = calendar.local(start)
    if unit == "hours":
        return here + timedelta(hours=amount)
    if unit == "days":
        return calendar.closing(calendar.add_days(here.date(), math.ceil(amount)))
    if unit == "months":
        months = int(amount)
        day = calendar.same_day_of_month(here.date(), months)
        rest = math.ceil((amount - months) * DAYS_A_MONTH)
        return calendar.closing(calendar.add_days(day, rest))
    raise ValueError(f"a step has no unit {unit!r}")


def outcome(ended_at: datetime, due_at: datetime, limit: Limit) -> str:
    """`early`, `on_time` or `late`: by the date in Vietnam; by the instant for short limits.

    Short limits are same_day, working_hours and hours; immediate is never early.
    """
    if limit.unit in BY_DATE:
        ended = ended_at.astimezone(VIETNAM).date()
        last = due_at.astimezone(VIETNAM).date()
        return "early" if ended < last else "on_time" if ended == last else "late"
    if ended_at > due_at:
        return "late"
    early = ended_at < due_at and limit.unit != "immediate"
    return "early" if early else "on_time"
