"""The deadline of a dossier: due moment, supplement and pauses, the reasons, the time left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core import reasons as say
from app.core.calendar import VIETNAM, WorkCalendar
from app.core.limits import BY_DATE, Limit, due_at, outcome, step_due
from app.core.reasons import Reason
from app.core.refusals import Refused
from app.core.regime import Regime
from app.core.vietnamese import clock, count2, date_words

__all__ = [
    "ClockEvent",
    "Explanation",
    "Limit",
    "Reason",
    "closing_allowed_from",
    "due_at",
    "explain",
    "outcome",
    "remaining_words",
    "step_due",
    "transfer_due",
]

EVENT_NAMES = {
    "supplement_requested": "yêu cầu bổ sung",
    "supplement_received": "nhận đủ hồ sơ bổ sung",
    "paused": "tạm dừng",
    "resumed": "tính tiếp",
    "taken_up": "thụ lý",
    "extended": "gia hạn theo quy định",
    "apologised": "xin lỗi, hẹn lại ngày trả",
}

Left = timedelta | int  # office or clock time; days or working days


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """What moves the clock: kind is a key of `EVENT_NAMES`; reason and number go into sentences.

    limit, effect: of an extension, `total` (replaces the limit) or `extra` (added after it).
    until: the day agreed on (an extension by agreement), the new day promised (an apology).
    """

    kind: str
    at: datetime
    reason: str = ""
    number: str = ""
    limit: Limit | None = None
    effect: str = "extra"
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A deadline with everything that hangs on it.

    due_at: as it stands (the last one computed while the clock is stopped); due_at_original: as
    first promised. transfer_due_at, latest_supplement_notice: from the acceptance.
    latest_apology: None when not even the day of acceptance would be early enough.
    tentative: the date may move when the calendar is confirmed. running: the clock is not stopped.
    promised: the new day of an apology, at the end of its office hours; it moves no lawful date
    (NĐ 61/2018 Đ19.9, NĐ 118/2025 Đ19.6), so `due_at` is what lateness is judged by.
    """

    due_at: datetime
    due_at_original: datetime
    reasons: tuple[Reason, ...]
    transfer_due_at: datetime
    latest_supplement_notice: date
    latest_apology: date | None
    tentative: bool
    running: bool
    promised: datetime | None = None


def explain(
    accepted_at: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    regime: Regime,
    events: Iterable[ClockEvent] = (),
) -> Explanation:
    """The due moment after the events (in their order), with the reasons as sentences.

    A supplement restarts the limit from zero (NĐ 61/2018 Đ19.4, NĐ 118/2025 Đ19.5); a pause
    keeps the remainder in the limit's own unit. Refused `bad_events` for a sequence that cannot
    be: before the acceptance, out of order, received without request, resumed without pause, …
    """
    run = _Clock(accepted_at, limit, calendar, regime)
    notice = calendar.add_working_days(run.start.date(), regime.supplement_notice_wd)
    transfer_due_at = transfer_due(run.start, calendar, regime)
    run.begin("Nhận hồ sơ", accepted_at, transfer_due_at)
    events = tuple(events)
    run.ends("Hạn trả ban đầu" if events else "Hạn trả")
    original = run.due
    for event in events:
        run.apply(event, notice)
    tentative = run.tentative()
    if tentative:
        run.reasons.append(say.tentative())
    apology = calendar.subtract_working_days(run.due.date(), regime.apology_before_wd)
    return Explanation(
        due_at=run.due,
        due_at_original=original,
        reasons=tuple(run.reasons),
        transfer_due_at=transfer_due_at,
        latest_supplement_notice=notice,
        latest_apology=apology if apology >= calendar.local(accepted_at).date() else None,
        tentative=tentative,
        running=run.mode == "running",
        promised=run.promised,
    )


def transfer_due(accepted_at: datetime, calendar: WorkCalendar, regime: Regime) -> datetime:
    """By when the paper must be handed to the agency (Đ18): the cut-off itself is still in time.

    The end of the same office day, or the opening of the next working day after the cut-off (or
    after closing, where the office closes before it).
    """
    start = calendar.counted_from(accepted_at)
    day = start.date()
    if start.time() <= min(regime.transfer_cutoff, calendar.closing(day).time()):
        return calendar.closing(day)
    return calendar.opening(calendar.next_working_day(day))


def closing_allowed_from(notice: date, calendar: WorkCalendar, regime: Regime) -> date | None:
    """The first day on which a dossier nobody supplemented may be closed (NĐ 118/2025 Đ19.5).

    notice: the day of the request; None where the decree knows no such closing.
    """
    if regime.close_after_days is None:
        return None
    return calendar.add_days(notice, regime.close_after_days) + timedelta(days=1)


class _Clock:
    """The clock of one dossier, wound on event by event. mode: running, waiting or paused."""

    def __init__(
        self, accepted_at: datetime, limit: Limit, calendar: WorkCalendar, regime: Regime
    ) -> None:
        self.limit, self.calendar, self.regime = limit, calendar, regime
        self.last = calendar.local(accepted_at)
        self.start = calendar.counted_from(accepted_at)
        self.due = due_at(self.start, limit, calendar)
        self.mode = "running"
        self.reasons: list[Reason] = []
        self.supplements = 0
        self.left: Left | None = None  # None: the limit had run out before the pause
        self.promised: datetime | None = None

    def begin(self, verb: str, accepted: datetime, transfer_due_at: datetime | None) -> None:
        """Why the limit ends when it does, counted in full from self.start."""
        accepted = self.calendar.local(accepted)
        start, limit, calendar = self.start, self.limit, self.calendar
        self.reasons += say.start_of(accepted, start, limit, verb)
        if transfer_due_at and transfer_due_at.date() != start.date():
            self.reasons.append(say.transfer(transfer_due_at, self.regime, limit))
        self.reasons += say.counted(start.date(), self.due.date(), limit, calendar)

    def ends(self, label: str) -> None:
        self.reasons.append(say.ends(self.due, self.limit, label))

    def apply(self, event: ClockEvent, notice: date) -> None:
        """Take one event; Refused if it cannot come now."""
        at = self.calendar.local(event.at)
        self._check(event, at)
        match event.kind:
            case "supplement_requested":
                self._request(event, at, notice)
            case "supplement_received":
                self._restart("Nhận đủ hồ sơ bổ sung", at)
            case "taken_up":
                self._restart("Thụ lý", at)
            case "paused":
                self._pause(event, at)
            case "resumed":
                self._resume(event, at)
            case "extended":
                self._extend(event, at)
            case _:
                self._apologise(event, at)
        self.last = at

    def _check(self, event: ClockEvent, at: datetime) -> None:
        name = EVENT_NAMES.get(event.kind)
        if name is None:
            listed = ", ".join(EVENT_NAMES)
            raise Refused("bad_events", f"Không có sự kiện “{event.kind}”; chỉ dùng: {listed}.")
        if at < self.last:
            raise Refused(
                "bad_events",
                f"Sự kiện “{name}” lúc {say.moment(at)} đứng sau việc đã ghi lúc "
                f"{say.moment(self.last)} mà lại sớm hơn; hãy xem lại thời điểm.",
            )
        wanted = {"supplement_received": "waiting", "resumed": "paused"}.get(event.kind, "running")
        if self.mode != wanted:
            raise Refused(
                "bad_events",
                f"Không ghi được “{name}” lúc {say.moment(at)}: {_WHY_NOT[self.mode, wanted]}",
            )

    def _request(self, event: ClockEvent, at: datetime, notice: date) -> None:
        self.mode = "waiting"
        self.supplements += 1
        article = say.article(self.regime, "supplement_notice_wd")
        self.reasons.append(
            Reason(
                f"Yêu cầu bổ sung lúc {say.moment(at)}{_detail(event)}: đồng hồ dừng, "
                f"khi nhận đủ hồ sơ thì tính lại từ đầu đủ {self.limit.words()}.",
                article,
            )
        )
        if at.date() > notice:
            days = count2(self.regime.supplement_notice_wd)
            self.reasons.append(
                Reason(
                    f"Thông báo bổ sung muộn hơn {days} ngày làm việc kể từ khi nhận hồ sơ "
                    f"(chậm nhất {date_words(notice)}).",
                    article,
                )
            )
        if self.supplements > self.regime.supplement_max:
            self.reasons.append(
                Reason(
                    f"Đây là lần yêu cầu bổ sung thứ {self.supplements}, quá số lần cho phép "
                    f"({count2(self.regime.supplement_max)}).",
                    say.article(self.regime, "supplement_max"),
                )
            )

    def _restart(self, verb: str, at: datetime) -> None:
        self.mode = "running"
        self.promised = None
        self.start = self.calendar.counted_from(at)
        self.due = due_at(self.start, self.limit, self.calendar)
        self.begin(verb, at, None)
        self.ends("Hạn trả mới")

    def _extend(self, event: ClockEvent, at: datetime) -> None:
        before = self.due
        if event.limit is None:
            if event.until is None:
                raise Refused("bad_events", "Gia hạn theo thỏa thuận cần ngày đã thỏa thuận.")
            self.due = self.calendar.closing(self.calendar.roll(event.until))
            words = "theo ngày đã thỏa thuận"
        elif event.effect == "total":
            self.limit = event.limit
            self.due = due_at(self.start, event.limit, self.calendar)
            words = f"thời hạn thành {event.limit.words()} kể từ đầu"
        else:
            self.due = due_at(self.due, event.limit, self.calendar)
            words = f"thêm {event.limit.words()}"
        if self.due <= before:
            raise Refused("bad_events", "Gia hạn phải dài hơn thời hạn đang có.")
        self.reasons.append(
            Reason(f"Gia hạn lúc {say.moment(at)}{_detail(event)}: {words}.", say.SECTOR_LAW)
        )
        self.ends("Hạn trả mới")

    def _apologise(self, event: ClockEvent, at: datetime) -> None:
        if event.until is None:
            raise Refused("bad_events", "Xin lỗi, hẹn lại cần ngày hẹn mới.")
        self.promised = self.calendar.closing(event.until)
        latest = self.calendar.subtract_working_days(self.due.date(), self.regime.apology_before_wd)
        late = "" if at.date() <= latest else f", sau ngày chậm nhất {date_words(latest)}"
        self.reasons.append(
            Reason(
                f"Xin lỗi lúc {say.moment(at)}{_detail(event)}{late}; hẹn lại "
                f"{date_words(event.until)}. Hạn theo luật vẫn là {date_words(self.due.date())}.",
                say.article(self.regime, "apology_before_wd"),
            )
        )

    def _pause(self, event: ClockEvent, at: datetime) -> None:
        self.mode = "paused"
        self.left = _left(at, self.due, self.limit, self.calendar)
        if self.left is None:
            rest = "thời hạn đã hết trước đó nên hạn trả giữ nguyên"
        else:
            rest = f"còn lại {_left_words(self.left, self.limit)}, tính tiếp khi hết tạm dừng"
        self.reasons.append(
            Reason(f"Tạm dừng lúc {say.moment(at)}{_detail(event)}: {rest}.", say.SECTOR_LAW)
        )

    def _resume(self, event: ClockEvent, at: datetime) -> None:
        self.mode = "running"
        left = self.left
        if left is None:
            self.reasons.append(
                Reason(f"Hết tạm dừng lúc {say.moment(at)}{_detail(event)}.", say.SECTOR_LAW)
            )
            self.ends("Hạn trả")
            return
        self.due = _due_after(at, left, self.limit, self.calendar)
        self.reasons.append(
            Reason(
                f"Tính tiếp từ {say.moment(at)}{_detail(event)}: "
                f"{_left_words(left, self.limit)} còn lại.",
                say.SECTOR_LAW,
            )
        )
        self.reasons += say.remainder(at.date(), self.due.date(), left, self.limit, self.calendar)
        self.ends("Hạn trả mới")

    def tentative(self) -> bool:
        """Hours by the clock hang on the calendar only where the start was moved."""
        start = self.start.date()
        end = start if self.limit.unit == "hours" else max(start, self.due.date())
        return self.calendar.tentative(start, end)


_WHY_NOT = {
    ("running", "waiting"): "hồ sơ không có yêu cầu bổ sung nào đang chờ; hãy ghi yêu cầu trước.",
    ("running", "paused"): "hồ sơ không đang tạm dừng; hãy ghi việc tạm dừng trước.",
    ("waiting", "running"): "hồ sơ đang chờ bổ sung; hãy ghi việc nhận đủ hồ sơ trước.",
    ("waiting", "paused"): "hồ sơ đang chờ bổ sung, không phải tạm dừng.",
    ("paused", "running"): "hồ sơ đang tạm dừng; hãy ghi việc tính tiếp trước.",
    ("paused", "waiting"): "hồ sơ đang tạm dừng, không phải chờ bổ sung.",
}


def _left(at: datetime, due: datetime, limit: Limit, calendar: WorkCalendar) -> Left | None:
    """What is left at the pause, in the limit's own unit; None when the limit had run out."""
    paused, last = at.date(), due.date()
    if paused > last or (limit.unit not in BY_DATE and at >= due):
        return None
    if limit.unit == "working_hours":
        return calendar.working_time_between(at, due)
    if limit.unit == "hours":
        return due - at
    if limit.unit in ("days", "months"):  # a part of a month can only be said in days
        return (last - paused).days
    return calendar.working_days_between(paused, last)


def _due_after(at: datetime, left: Left, limit: Limit, calendar: WorkCalendar) -> datetime:
    """The due moment when `left` goes on from the resumption; its day is not counted."""
    if isinstance(left, timedelta):
        return at + left if limit.unit == "hours" else calendar.add_working_time(at, left)
    day = at.date()
    if limit.unit in ("days", "months"):
        return calendar.closing(calendar.add_days(day, left))
    if left:
        return calendar.closing(calendar.add_working_days(day, left))
    due = calendar.closing(calendar.roll(day))
    if at > due and limit.unit not in BY_DATE:
        return calendar.closing(calendar.next_working_day(day))
    return due


def _left_words(left: Left, limit: Limit) -> str:
    if isinstance(left, int):
        return f"{left} ngày" if limit.unit in ("days", "months") else f"{left} ngày làm việc"
    hours, minutes = divmod(int(left / timedelta(minutes=1)), 60)
    words = f"{hours} giờ {count2(minutes)} phút" if minutes else f"{hours} giờ"
    return words if limit.unit == "hours" else f"{words} làm việc"


def _detail(event: ClockEvent) -> str:
    parts = [f"số {event.number}" if event.number else "", event.reason.rstrip(" .")]
    told = ", ".join(part for part in parts if part)
    return f" ({told})" if told else ""


def remaining_words(now: datetime, due_at: datetime, calendar: WorkCalendar) -> str:
    """The time left for people: "còn 2 ngày làm việc", "hết hạn hôm nay lúc 17:00", "trễ …"."""
    here, due = calendar.local(now), due_at.astimezone(VIETNAM)
    today, last = here.date(), due.date()
    if today == last:
        by_the_clock = due != calendar.closing(last)  # limits in hours end to the minute
        if here > due and by_the_clock:
            return f"đã hết hạn hôm nay lúc {clock(due)}"
        return f"hết hạn hôm nay lúc {clock(due)}"
    days = calendar.working_days_between(today, last)
    if today < last:
        return f"còn {days} ngày làm việc" if days else f"hết hạn lúc {say.moment(due)}"
    return f"trễ {-days} ngày làm việc" if days else "trễ chưa đến 1 ngày làm việc"
