"""What a citizen is told in each state: the heading, the date, and first of all what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.clock import VIETNAM
from app.core.deadline import remaining_words
from app.core.facts import REFUSAL_REASONS
from app.core.office_hours import Sessions
from app.core.route import StepState
from app.core.states import APPLICANT_STEP, CLOCK_STOPPED, CLOSED, RETURN_STEP, Status
from app.core.vietnamese import clock, date_words, dong, weekday
from app.journey.office import Office
from app.lookup.reading import PublicDossier, PublicStep
from app.lookup.words import APPEAL, BRING, BY_PROXY, REFUSED_HERE, REFUSED_RETURNED, STATES


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of the route. kind: done, now, later; said: hidden words for who cannot see."""

    name: str
    kind: str
    said: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class View:
    """Everything the page shows, ready words only."""

    heading: str
    pill: str
    kind: str
    date_label: str = ""
    date: str = ""
    date_note: str = ""
    lead: str = ""
    todo: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    steps: list[StepLine] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    rate: str = ""


def view_of(found: PublicDossier, office: Office, now: datetime) -> View:
    """The page of a dossier at a moment."""
    state = STATES[found.status]
    if found.refused and found.status in (Status.AT_ONE_STOP, Status.RETURNED):
        state = REFUSED_HERE if found.status == Status.AT_ONE_STOP else REFUSED_RETURNED
    view = View(state.heading or found.status.public_label, state.pill, state.kind, lead=state.lead)
    if state.more:
        view.todo.append(state.more)
    if found.accepted_at is None:
        _before(view, found, office)
    elif found.status in CLOCK_STOPPED:
        _settled(view, found, office, now)
    else:
        _running(view, found, office, now)
    view.todo += _also(found, office)
    view.steps = [_step(step, office, view.kind, now) for step in found.steps]
    view.facts = list(_facts(found, office))
    return view


def _before(view: View, found: PublicDossier, office: Office) -> None:
    """An online submission that is not received yet: no appointment, but a reply is due."""
    view.date_label = "Trả lời trước"
    view.date = f"{clock(found.due_at)} {date_words(found.due_at, capital=True)}"
    if found.status != Status.SUBMITTED or found.due_at == found.begun_at:
        view.date_label = "Cập nhật ngày"
        view.date = date_words(found.since or found.begun_at, capital=True)
    if found.status == Status.INTAKE_SUPPLEMENT:
        view.todo = _wanted(found) + view.todo
        view.todo.append(f"Nộp lại trực tuyến hoặc tại {_place(found, office)}.")


def _running(view: View, found: PublicDossier, office: Office, now: datetime) -> None:
    view.reasons = [reason["text"] for reason in json.loads(found.due_reasons or "[]")]
    before = f"trước {clock(found.due_at)}"
    view.date = date_words(found.due_at, capital=True)
    left = remaining_words(now, found.due_at, office.calendar)
    if now > found.due_at:
        view.heading, view.pill, view.kind = "Hồ sơ đang trễ hẹn", "Trễ hẹn", "late"
        view.date_label, view.date_note = "Hẹn cũ", left
        if office.editions[found.edition_id].procedure.time_limit.silence == "consent":
            view.todo.append("Theo quy định của thủ tục, quá hạn không trả lời là đồng ý.")
        view.todo.append(
            "Chúng tôi xin lỗi vì trễ hẹn. Hồ sơ vẫn đang được giải quyết; "
            "bạn có thể gọi để hỏi ngày trả mới."
        )
    else:
        view.date_label = "Hẹn trả kết quả" + (" (dự kiến)" if found.due_tentative else "")
        view.date_note = f"{before} · {left}" if left.startswith("còn") else f"{before} hôm nay"
        if found.due_at_original < now < found.due_at:
            view.heading, view.pill, view.kind = "Hồ sơ trễ hẹn, đã hẹn lại", "Trễ hẹn", "late"
            view.date_label = "Hẹn lại"
            view.date_note = f"{before}; hẹn cũ: {date_words(found.due_at_original)}"
            view.todo.append("Chúng tôi xin lỗi vì trễ hẹn.")
    turn = next((s for s in found.steps if _is_applicants(s)), None)
    if turn is not None:
        view.lead = f"Đến lượt bạn: {turn.name}."
        view.kind = view.kind if view.kind == "late" else "wait"
    elif view.kind != "late":
        view.todo.append(_told(found))


def _settled(view: View, found: PublicDossier, office: Office, now: datetime) -> None:
    place = _place(found, office)
    since = found.since or found.settled_at or found.begun_at
    match found.status:
        case Status.AT_ONE_STOP:
            view.date_label = "Nhận từ"
            view.date = date_words(found.since or found.due_at, capital=True)
            view.date_note = f"{opening_hours(office, now.date())}, các ngày làm việc"
            view.todo.append(f"đến {place}. {BY_PROXY}")
            if found.result_channel == "post":
                view.lead = "Kết quả được gửi qua bưu chính theo địa chỉ bạn đã đăng ký."
                view.todo = ["Cần nhận tại quầy thì gọi cho chúng tôi trước."]
        case Status.RETURNED:
            view.date_label = "Trả ngày"
            view.date = date_words(found.returned_at or found.due_at, capital=True)
            if found.shown_until is not None:
                last = date_words(found.shown_until)
                view.todo.append(f"Trang này còn xem được đến hết {last}.")
        case Status.SUPPLEMENT_REQUESTED | Status.PAYMENT_REQUIRED:
            _asked(view, found, place)
        case Status.PAUSED:
            view.date_label = "Tạm dừng từ"
            view.date = date_words(since, capital=True)
        case Status.HANDED_TO_POST:
            view.date_label = "Gửi ngày"
            view.date = date_words(since, capital=True)
            if found.told.get("waybill"):
                view.todo.append(f"Số hiệu bưu gửi: {found.told['waybill']}.")
        case status if status in ENDED:
            view.date_label = ENDED[status]
            view.date = date_words(found.settled_at or since, capital=True)
        case _:
            view.date_label = "Ký ngày"
            view.date = date_words(found.settled_at or found.due_at, capital=True)
            view.todo.append(_told(found))


# An end without a result: what its date is called.
ENDED = {
    Status.VOIDED: "Hủy ngày", Status.WITHDRAWN: "Rút ngày",
    Status.CLOSED_NO_SUPPLEMENT: "Đóng ngày", Status.HALTED: "Dừng ngày",
}  # fmt: skip


def _asked(view: View, found: PublicDossier, place: str) -> None:
    """What the applicant has to bring or pay, as the notice says, and until when."""
    told = found.told
    view.date_label = "Thông báo ngày"
    view.date = date_words(found.since or found.begun_at, capital=True)
    if found.status == Status.PAYMENT_REQUIRED:
        if told.get("amount"):
            view.todo.insert(0, f"Số tiền: {dong(told['amount'])}.")
        if told.get("notice_number"):
            view.todo.append(f"Theo thông báo số {told['notice_number']}.")
        return
    view.todo = _wanted(found) + view.todo
    view.todo.append(f"Nộp tại {place}, mang theo {BRING}.")
    if told.get("closing_allowed_from"):
        last = date.fromisoformat(told["closing_allowed_from"]) - timedelta(days=1)
        view.date_label, view.date = "Bổ sung đến hết", date_words(last, capital=True)
        view.date_note = "quá ngày này hồ sơ có thể bị đóng"


def _wanted(found: PublicDossier) -> list[str]:
    """What is to be brought, a sentence a paper."""
    items = found.told.get("items", [])
    return [f"{i['name']}: {i.get('todo') or i['defect']}".rstrip(".") + "." for i in items]


def _also(found: PublicDossier, office: Office) -> Iterator[str]:
    """What comes along with any state: reason and appeal, money, papers to collect."""
    if found.refused:
        reason = REFUSAL_REASONS.get(found.reason_code, "")
        if reason and found.reason_code != "other":
            yield f"Lý do: {reason[0].lower()}{reason[1:]}; nội dung đầy đủ ghi trong thông báo."
        else:
            yield "Lý do ghi trong thông báo."
        yield APPEAL
    open_still = found.status not in CLOSED
    if found.fee_due and open_still:
        yield f"Còn phải nộp {dong(found.fee_due)} phí, lệ phí khi nhận kết quả."
    if found.originals_held and open_still:
        yield f"Nhớ nhận lại {found.originals_held} bản chính đang giữ tại {_place(found, office)}."


def _is_applicants(step: PublicStep) -> bool:
    return step.state == StepState.ACTIVE and step.step_role == APPLICANT_STEP


def _told(found: PublicDossier) -> str:
    if found.result_channel == "post":
        return "Kết quả sẽ gửi qua bưu chính theo địa chỉ bạn đã đăng ký."
    if found.phone_tail:
        return f"Khi có kết quả, chúng tôi báo đến số điện thoại có đuôi {found.phone_tail}."
    return "Hãy xem lại trang này gần ngày hẹn."


def _place(found: PublicDossier, office: Office) -> str:
    return office.unit_name(found.one_stop)


def opening_hours(office: Office, day: date) -> str:
    """The hours of the day's week: "07:00–11:30, 13:30–17:00 (thứ Sáu 07:00–11:30)"."""
    monday = day - timedelta(days=day.weekday())
    week = [office.calendar.hours_on(monday + timedelta(days=n)) for n in range(5)]
    usual = max(week, key=week.count)
    others: dict[Sessions, list[str]] = {}
    for n, sessions in enumerate(week):
        if sessions != usual:
            others.setdefault(sessions, []).append(weekday(monday + timedelta(days=n)))
    told = "; ".join(f"{', '.join(names)} {_clocks(hours)}" for hours, names in others.items())
    return f"{_clocks(usual)} ({told})" if told else _clocks(usual)


def _clocks(sessions: Sessions) -> str:
    return ", ".join(f"{clock(a)}–{clock(b)}" for a, b in sessions)


def _step(step: PublicStep, office: Office, kind: str, now: datetime) -> StepLine:
    unit = "bạn" if step.step_role == APPLICANT_STEP else office.unit_name(step.unit_id)
    if step.state == StepState.DONE:
        at = step.done_at.astimezone(VIETNAM) if step.done_at else None
        when = f"{clock(at)} {date_words(at)}" if at else "Đã xong"
        return StepLine(step.name, "done", "đã xong", (when, unit))
    if step.state == StepState.ACTIVE:
        if step.step_role == RETURN_STEP:
            return StepLine(step.name, "now", "chờ trả", (f"Tại {unit}",))
        estimate = step.due_at is not None and step.due_at > now and kind != "late"
        words = f", dự kiến xong {date_words(step.due_at)}" if estimate and step.due_at else ""
        return StepLine(step.name, "now", "đang làm", (f"Đang làm{words}", unit))
    return StepLine(step.name, "later", "chưa đến bước này", (unit,))


def _facts(found: PublicDossier, office: Office) -> Iterator[tuple[str, str]]:
    procedure = office.editions[found.edition_id].procedure
    yield ("Mã hồ sơ" if found.accepted_at else "Mã tạm"), found.code
    yield "Thủ tục", procedure.name
    yield "Nơi nhận hồ sơ", _place(found, office)
    begun = "Nhận lúc" if found.accepted_at else "Nộp lúc"
    yield begun, f"{clock(found.begun_at)} {date_words(found.begun_at)}"
    yield "Người nộp", found.person
    if found.fee_total:
        paid = f"còn phải nộp {dong(found.fee_due)}" if found.fee_due else "đã nộp"
        yield "Phí, lệ phí", f"{dong(found.fee_total)}, {paid}"
