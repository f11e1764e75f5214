"""The sentences that explain a deadline, each with the article it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.calendar import Stretch, WorkCalendar
from app.core.limits import Limit
from app.core.procedure_terms import DEFAULT_CUTOFF
from app.core.regime import Regime
from app.core.vietnamese import clock, date_words, day_month

CIVIL_CODE = "Bộ luật Dân sự 91/2015/QH13"
FROM_THE_MOMENT = f"khoản 1 Điều 147 {CIVIL_CODE}"
NEXT_DAY = f"khoản 3 Điều 147 {CIVIL_CODE}"
LAST_DAY = f"khoản 1 Điều 148 {CIVIL_CODE}"
SAME_DAY_OF_MONTH = f"khoản 3 Điều 148 {CIVIL_CODE}"
DAY_OFF_AT_THE_END = f"khoản 5 Điều 148 {CIVIL_CODE}"
WEEKLY_REST = "Quyết định 188/1999/QĐ-TTg (tuần làm việc 40 giờ)"
OFFICE_HOURS = "giờ làm việc của cơ quan"
OWN_RULE = "cách tính của hệ thống, pháp luật không quy định riêng"
SECTOR_LAW = "pháp luật chuyên ngành của thủ tục"

_WEEKEND = ("Thứ Bảy", "Chủ nhật", "Thứ Bảy, Chủ nhật")
_IN_OFFICE_TIME = ("working_days", "working_hours", "same_day", "immediate")


@dataclass(frozen=True, slots=True)
class Reason:
    """A full sentence, and the instrument it rests on."""

    text: str
    basis: str


def moment(t: datetime) -> str:
    """As in "16:10 thứ Tư, 25/11/2026"."""
    return f"{clock(t)} {date_words(t)}"


def article(regime: Regime, name: str) -> str:
    """The decree's article behind a rule, without the remarks that follow it."""
    return regime.article(name).partition(";")[0].partition(":")[0]


def start_of(accepted: datetime, start: datetime, limit: Limit, verb: str) -> Iterator[Reason]:
    """The acceptance, what its limit is and from when it counts."""
    told, basis = _counting(start, limit)
    yield Reason(f"{verb} lúc {moment(accepted)}; {told}.", basis)
    if start != accepted:
        yield Reason(f"Ngày nhận là ngày nghỉ nên tính như nhận lúc {moment(start)}.", OWN_RULE)


def _counting(start: datetime, limit: Limit) -> tuple[str, str]:
    words = limit.words()
    if limit.unit == "immediate":
        return "thủ tục giải quyết ngay, không hẹn ngày", SECTOR_LAW
    if limit.unit == "same_day":
        cutoff = limit.cutoff or DEFAULT_CUTOFF
        if start.time() <= cutoff:
            return f"thủ tục trả {words} khi nhận đến {clock(cutoff)}", SECTOR_LAW
        return f"nhận sau {clock(cutoff)} nên trả vào ngày làm việc tiếp theo", SECTOR_LAW
    if limit.unit == "hours":
        return f"thời hạn {words}, tính ngay từ lúc nhận", FROM_THE_MOMENT
    if limit.unit == "working_hours":
        return f"thời hạn {words}, chỉ tính trong giờ làm việc", FROM_THE_MOMENT
    return f"thời hạn {words}, ngày nhận không tính", NEXT_DAY


def transfer(due: datetime, regime: Regime, limit: Limit) -> Reason:
    """That a late acceptance moves the hand-over; the deadline only where its own law says so."""
    unmoved = "" if limit.unit == "same_day" else "; hạn trả không vì thế mà đổi"
    return Reason(
        f"Nhận sau {clock(regime.transfer_cutoff)} nên hồ sơ giấy chuyển cho cơ quan giải quyết "
        f"chậm nhất lúc {moment(due)}{unmoved}.",
        article(regime, "transfer_cutoff"),
    )


def counted(start: date, due: date, limit: Limit, calendar: WorkCalendar) -> Iterator[Reason]:
    """Which days between did not count, which worked weekend days did, how the end was moved."""
    if limit.unit in _IN_OFFICE_TIME:
        yield from _skipped(start, due, calendar)
    elif limit.unit == "days":
        yield from _rolled(start + timedelta(days=math.ceil(limit.amount)), due, calendar)
    elif limit.unit == "months":
        last = calendar.same_day_of_month(start, int(limit.amount))
        if last.day != start.day:
            yield Reason(
                f"Tháng {last.month:02d}/{last.year} không có ngày {start.day}, "
                f"nên tính đến ngày cuối tháng, {last:%d/%m/%Y}.",
                SAME_DAY_OF_MONTH,
            )
        yield from _rolled(last, due, calendar)


def remainder(
    resumed: date, due: date, left: timedelta | int, limit: Limit, calendar: WorkCalendar
) -> Iterator[Reason]:
    """The same as `counted`, for what was left when a pause ended."""
    if limit.unit in _IN_OFFICE_TIME:
        yield from _skipped(resumed, due, calendar)
    elif isinstance(left, int):
        yield from _rolled(resumed + timedelta(days=left), due, calendar)


def _skipped(start: date, due: date, calendar: WorkCalendar) -> Iterator[Reason]:
    stretches = calendar.skipped(start, due)
    rows = calendar.rows(start, due)
    if stretches:
        by_name: dict[str, list[str]] = {}
        for first, last, name in _merged(stretches):
            by_name.setdefault(name, []).append(_span(first, last))
        listed = "; ".join(f"{', '.join(spans)} ({name})" for name, spans in by_name.items())
        bases = [WEEKLY_REST] if any(name in _WEEKEND for *_, name in stretches) else []
        bases += [row.basis for row in rows if not row.worked]
        yield Reason(f"Không tính: {listed}.", "; ".join(dict.fromkeys(bases)))
    for row in rows:
        if row.worked and calendar.is_working_day(row.date):
            name = _flat(row.name)
            yield Reason(f"Có tính {date_words(row.date)} ({name}).", row.basis)


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    """Days of one feast in a row as one: "16/02–20/02 (Tết Bính Ngọ)"."""
    merged: list[Stretch] = []
    for first, last, name in stretches:
        stem = name.partition(" (")[0]
        before = merged[-1] if merged else None
        touches = before is not None and (first - before[1]).days == 1
        if before and touches and before[2].partition(",")[0] == stem and stem not in _WEEKEND:
            merged[-1] = (before[0], last, stem)
        else:
            merged.append((first, last, _flat(name)))
    return merged


def _flat(name: str) -> str:
    """A name that stands in brackets has none of its own."""
    return name.replace(" (", ", ").replace(")", "")


def _span(first: date, last: date) -> str:
    return day_month(first) if first == last else f"{day_month(first)}–{day_month(last)}"


def _rolled(last: date, due: date, calendar: WorkCalendar) -> Iterator[Reason]:
    if last == due:
        return
    day = timedelta(days=1)
    *_, name = calendar.skipped(last - day, last)[0]
    off = "ngày nghỉ" if name in _WEEKEND else _flat(name)
    yield Reason(
        f"Ngày cuối của thời hạn, {date_words(last)}, là {off} nên chuyển đến ngày làm việc "
        "tiếp theo.",
        DAY_OFF_AT_THE_END,
    )


def ends(due: datetime, limit: Limit, label: str) -> Reason:
    """The due moment itself."""
    basis = {
        "months": SAME_DAY_OF_MONTH,
        "working_hours": OFFICE_HOURS,
        "hours": FROM_THE_MOMENT,
    }.get(limit.unit, LAST_DAY)
    if limit.unit in ("hours", "working_hours"):
        return Reason(f"{label}: {moment(due)}.", basis)
    end = clock(due)
    return Reason(f"{label}: hết giờ làm việc ({end}) {date_words(due)}.", basis)


def tentative() -> Reason:
    """That the date may still move."""
    return Reason(
        "Hạn trả là dự kiến: lịch nghỉ trong khoảng này chưa có thông báo chính thức; "
        "hạn được tính lại khi lịch được xác nhận.",
        "Điều 112 Bộ luật Lao động 45/2019/QH14",
    )
