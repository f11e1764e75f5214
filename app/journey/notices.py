"""Guards of the acts that stop, pause, lengthen or restart the clock, and of those that end early.

Each checks what the law wants beside state and role, moves the clock, and notes what the paper or
the next act needs. Sources stand with the rows of the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

from app.core.deadline import Limit, closing_allowed_from
from app.core.refusals import Refused
from app.core.route import StepState
from app.core.states import Role
from app.journey import clock, numbering
from app.journey.consulting import CONSULT_GUARDS
from app.journey.guards import Act, collect, give_back, not_lost, today_of, wrong_field
from app.journey.moves import renew_step
from app.journey.office import Office
from app.models import Dossier

WAITING_NOTICE, APPROVED_NOTICE = "waiting", "approved"


def number_of(act: Act, series: str, ending: str) -> str:
    """The next number of the one-stop's own papers in the year, `12/HDHS`."""
    value = numbering.next_in_year(act.session, act.dossier.one_stop, series, today_of(act).year)
    return f"{value}/{ending}"


def name_items(office: Office, dossier: Dossier, items: list[dict[str, object]]) -> None:
    """Put the published name beside each item's component number.

    Refused where a paper is asked for that the procedure does not list and no basis is named
    (NĐ 61/2018 Đ5, NĐ 118/2025 Đ5: nothing beyond the published papers).
    """
    components = dict(office.editions[dossier.edition_id].procedure.components_for(dossier.case_id))
    for item in items:
        number = item.get("component")
        if number in (None, 0):
            if not item.get("basis"):
                raise wrong_field(
                    "items", "Giấy tờ ngoài danh mục công bố: hãy ghi căn cứ pháp lý của yêu cầu."
                )
            item["name"] = item.get("name") or "Nội dung khác"
            continue
        component = components.get(number) if isinstance(number, int) else None
        if component is None:
            raise wrong_field("items", f"Thủ tục không có thành phần hồ sơ số {number}.")
        item["name"] = component.name


def _propose_supplement(act: Act) -> None:
    if act.dossier.supplements:
        raise Refused(
            "supplement_once",
            "Hồ sơ đã yêu cầu bổ sung một lần trong giải quyết; pháp luật chỉ cho phép một lần. "
            "Nếu vẫn không đủ điều kiện, hãy trình từ chối có lý do.",
        )
    name_items(act.office, act.dossier, act.facts["items"])
    act.dossier.notice = WAITING_NOTICE
    act.dossier.notice_facts = json.dumps(act.facts, ensure_ascii=False)


def _approve_notice(act: Act) -> None:
    if act.dossier.notice == APPROVED_NOTICE:
        raise Refused("already_approved", "Phiếu này đã được duyệt, chờ Một cửa gửi.")
    act.dossier.notice = APPROVED_NOTICE


def _reject_proposal(act: Act) -> None:
    act.dossier.notice = None
    act.dossier.notice_facts = None


def _request_supplement(act: Act) -> None:
    dossier = act.dossier
    if dossier.notice != APPROVED_NOTICE:
        raise Refused(
            "notice_not_approved",
            "Thủ trưởng cơ quan chưa duyệt phiếu yêu cầu bổ sung; duyệt xong mới gửi được.",
        )
    told = clock.explained(act.session, act.office, dossier)
    if today_of(act) > told.latest_supplement_notice and not act.facts.get("sector_basis"):
        raise wrong_field(
            "sector_basis",
            "Đã quá 03 ngày làm việc kể từ khi nhận hồ sơ "
            f"(chậm nhất {told.latest_supplement_notice:%d/%m/%Y}): chỉ gửi được nếu luật chuyên "
            "ngành cho thời hạn khác, hãy ghi căn cứ.",
        )
    kept = json.loads(dossier.notice_facts or "{}")
    number = number_of(act, "supplement_request", "HDHS")
    closing = closing_allowed_from(
        today_of(act), act.office.calendar, act.office.regimes[dossier.regime]
    )
    act.facts |= kept | {"number": number}
    if closing is not None:
        act.facts["closing_allowed_from"] = closing.isoformat()
    dossier.supplements += 1
    dossier.notice = dossier.notice_facts = None
    dossier.close_from = closing
    if closing is not None:
        dossier.alert_at = act.office.calendar.opening(act.office.calendar.roll(closing))
    clock.move(
        act.session, act.office, dossier, "supplement_requested", act.now,
        reason=kept.get("reason", ""), notice=number,
    )  # fmt: skip


def _supplement_received(act: Act) -> None:
    act.dossier.close_from = act.dossier.alert_at = None
    clock.move(act.session, act.office, act.dossier, "supplement_received", act.now)
    for step in act.steps:  # what is done stays done; open steps get their limits anew
        if step.state == StepState.ACTIVE:
            step.started_at = act.now
            renew_step(act.office, step, act.now)


def _refuse_after_supplement(act: Act) -> None:
    act.dossier.close_from = None
    act.dossier.proposed_by = act.actor.id
    act.dossier.outcome = act.row.result
    act.dossier.notice_facts = json.dumps(act.facts, ensure_ascii=False)
    clock.move(act.session, act.office, act.dossier, "supplement_received", act.now)


def _close_no_supplement(act: Act) -> None:
    allowed = act.dossier.close_from
    if allowed is None:
        raise Refused(
            "no_closing_rule",
            "Chế độ pháp lý của hồ sơ này không có quy định đóng hồ sơ khi không bổ sung.",
        )
    if today_of(act) < allowed:
        raise Refused(
            "too_early_to_close",
            f"Chỉ đóng được từ {allowed:%d/%m/%Y}, sau 15 ngày kể từ ngày thông báo bổ sung.",
        )
    give_back(act)
    act.facts["number"] = number_of(act, "stop_notice", "TBD")


def _require_payment(act: Act) -> None:
    _may_pause(act, "financial_obligation")
    _keep_status(act)
    clock.move(
        act.session, act.office, act.dossier, "paused", act.now,
        reason="chờ thực hiện nghĩa vụ tài chính", notice=act.facts.get("notice_number", ""),
    )  # fmt: skip


def _may_pause(act: Act, kind: str) -> None:
    pauses = act.office.editions[act.dossier.edition_id].procedure.time_limit.pauses
    if kind not in {pause.kind for pause in pauses}:
        raise Refused(
            "no_such_pause",
            "Thủ tục này không có khoảng thời gian nào loại đó được trừ ra khỏi thời hạn.",
            fields={"pause_kind": "Không có trong quy định của thủ tục."},
        )


def _keep_status(act: Act) -> None:
    act.dossier.status_before = act.dossier.status


def _resume(act: Act) -> None:
    since = clock.paused_since(act.session, act.dossier)
    clock.move(
        act.session, act.office, act.dossier, "resumed", act.now,
        reason=act.facts.get("receipt_number", ""),
    )  # fmt: skip
    calendar = act.office.calendar
    for step in act.steps:  # what was left of a step's own time when the clock stopped
        if step.state == StepState.ACTIVE and step.due_at and since and step.due_at > since:
            left = calendar.working_minutes_between(since, step.due_at)
            step.due_at = calendar.add_working_minutes(act.now, left)


def _pause_excluded(act: Act) -> None:
    _may_pause(act, act.facts["pause_kind"])
    _keep_status(act)
    clock.move(
        act.session, act.office, act.dossier, "paused", act.now, reason=act.facts["reason"],
        notice=act.facts.get("notice_number", ""),
    )  # fmt: skip


def _propose_extension(act: Act) -> None:
    if act.dossier.apologies >= act.office.regimes[act.dossier.regime].apology_max:
        raise Refused("apology_once", "Hồ sơ đã xin lỗi và hẹn lại một lần, không hẹn lại nữa.")
    new_date = date.fromisoformat(act.facts["new_date"])
    due = act.dossier.due_day
    if due is None or new_date <= due or not act.office.calendar.is_working_day(new_date):
        raise wrong_field("new_date", "Ngày hẹn mới phải là ngày làm việc sau hạn đang có.")
    act.dossier.extension = json.dumps(act.facts, ensure_ascii=False)


def _extend_once(act: Act) -> None:
    dossier = act.dossier
    if dossier.extension is None:
        raise Refused(
            "no_proposal", "Cơ quan giải quyết chưa đề nghị gia hạn; cơ quan đề nghị trước."
        )
    told = clock.explained(act.session, act.office, dossier)
    kept = json.loads(dossier.extension)
    late = told.latest_apology is None or today_of(act) > told.latest_apology
    number = number_of(act, "apology_notice", "PXL")
    act.facts |= kept | {"number": number, "late_apology": late}
    dossier.apologies += 1
    dossier.late_apology = late
    dossier.extension = None
    clock.move(
        act.session, act.office, dossier, "apologised", act.now, reason=kept["reason"],
        notice=number, until=date.fromisoformat(kept["new_date"]),
    )  # fmt: skip


def _extend_limit(act: Act) -> None:
    rules = act.office.editions[act.dossier.edition_id].procedure.time_limit.extensions
    try:
        rule = rules[int(act.facts["extension"]) - 1]
    except (ValueError, IndexError):
        listed = "; ".join(f"{i} – {r.when}" for i, r in enumerate(rules, 1)) or "không có"
        raise wrong_field("extension", f"Chọn trường hợp gia hạn của thủ tục: {listed}.") from None
    used = sum(
        m.reason == rule.when for m in clock.moves_of(act.session, act.dossier)
        if m.kind == "extended"
    )  # fmt: skip
    if used >= rule.times:
        raise Refused("extension_used", f"Trường hợp “{rule.when}” đã dùng đủ số lần.")
    until = act.facts.get("agreed_days")
    limit = Limit(rule.amount, rule.unit) if rule.amount is not None and rule.unit else None
    if limit is None and until is None:
        raise wrong_field("agreed_days", "Gia hạn theo thỏa thuận: hãy ghi ngày đã thỏa thuận.")
    clock.move(
        act.session, act.office, act.dossier, "extended", act.now, reason=rule.when, limit=limit,
        effect=rule.effect, until=date.fromisoformat(until) if until and limit is None else None,
    )  # fmt: skip


def _thu_ly(act: Act) -> None:
    procedure = act.office.editions[act.dossier.edition_id].procedure
    if procedure.limit_for(act.dossier.case_id).starts != "thu_ly":
        raise Refused("no_thu_ly", "Thời hạn của thủ tục này tính từ khi tiếp nhận, không thụ lý.")
    if any(m.kind == "taken_up" for m in clock.moves_of(act.session, act.dossier)):
        raise Refused("thu_ly_once", "Vụ việc này đã thụ lý.")
    number, symbol = act.facts["number"], act.facts["symbol"]
    clock.move(
        act.session, act.office, act.dossier, "taken_up", act.now, notice=f"{number}/{symbol}"[:40]
    )  # fmt: skip


def _request_withdraw(act: Act) -> None:
    if not act.office.regimes[act.dossier.regime].withdraw_allowed:
        raise Refused("no_withdrawal", "Chế độ pháp lý của hồ sơ không cho rút hồ sơ.")
    _keep_status(act)


def _stop(act: Act) -> None:
    give_back(act)
    act.facts["number"] = number_of(act, "stop_notice", "TBD")


def _halt(act: Act) -> None:
    if not act.facts.get("legal_basis"):
        raise wrong_field(
            "legal_basis", "Dừng xử lý cần căn cứ: quyết định số, ngày, của cơ quan nào."
        )
    _stop(act)


def _hand_to_post(act: Act) -> None:
    if act.dossier.result_channel != "post":
        raise Refused(
            "not_by_post",
            "Hồ sơ này không đăng ký nhận qua bưu chính. Hãy sửa nơi nhận kết quả trước "
            "nếu người nộp yêu cầu.",
        )
    not_lost(act)
    collect(act)
    give_back(act)
    act.dossier.waybill = act.facts["waybill"]


def _post_delivered(act: Act) -> None:
    act.dossier.returned_at = act.now


def _return_online(act: Act) -> None:
    not_lost(act)
    collect(act)
    give_back(act)
    act.dossier.returned_at = act.now


def _return_to_agency(act: Act) -> None:
    act.dossier.shelf = None


def _mark_uncollected(act: Act) -> None:
    act.dossier.reminders += 1
    act.facts["reminder"] = act.dossier.reminders


def reminder_due(office: Office, dossier: Dossier, today: date) -> bool:
    """Whether an uncollected result is to be reminded of: N days after the appointment, thrice."""
    if dossier.due_day is None or dossier.reminders >= 3:
        return False
    days = office.regimes[dossier.regime].uncollected_days or 30
    return today >= dossier.due_day + timedelta(days=days * (dossier.reminders + 1))


def _ask_intake_supplement(act: Act) -> None:
    """Once by the counter; a second time only by the head, with whose fault it is (Đ11.2c)."""
    dossier = act.dossier
    allowed = act.office.regimes[dossier.regime].intake_supplement_max
    if dossier.intake_supplements >= allowed:
        path = act.office.unit(dossier.one_stop).path
        if act.actor.post_for(Role.ONE_STOP_HEAD, dossier.one_stop, path) is None:
            raise Refused(
                "supplement_once",
                "Hồ sơ chỉ được yêu cầu bổ sung một lần khi tiếp nhận. Lần nữa phải do người "
                "đứng đầu Bộ phận Một cửa quyết định, có lý do.",
            )
        if not act.facts.get("fault"):
            raise wrong_field("fault", "Hãy ghi do ai mà phải bổ sung lần nữa.")
    name_items(act.office, dossier, act.facts["items"])
    dossier.intake_supplements += 1
    dossier.reply_due_at = dossier.alert_at = None
    act.facts["number"] = number_of(act, "supplement_request", "HDHS")


def _resubmit(act: Act) -> None:
    reply_clock(act.office, act.dossier, act.now)


def reply_clock(office: Office, dossier: Dossier, now: datetime) -> None:
    """Start the timers of an online submission: staff alert, reply (NĐ 118/2025 Đ17.2)."""
    regime = office.regimes[dossier.regime]
    if regime.online_alert_h is not None:
        dossier.alert_at = now + timedelta(hours=regime.online_alert_h)
    if regime.online_reply_wh is not None:
        minutes = regime.online_reply_wh * 60
        dossier.reply_due_at = office.calendar.add_working_minutes(now, minutes)


def _mark_overdue(act: Act) -> None:
    """Once a day; the open steps that are late themselves are charged to their units."""
    act.dossier.overdue_day = today_of(act)
    late = [
        {"step": s.position, "unit": s.unit_id}
        for s in act.steps
        if s.state == "active" and s.due_at is not None and s.due_at < act.now
    ]
    act.facts["late_steps"] = late
    if is_consent(act.office, act.dossier):
        act.facts["deemed_consent"] = True


def is_consent(office: Office, dossier: Dossier) -> bool:
    """Whether no answer in time counts as agreement by the procedure's own law."""
    procedure = office.editions[dossier.edition_id].procedure
    return procedure.limit_for(dossier.case_id).silence == "consent"


NOTICE_GUARDS: dict[str, Callable[[Act], None]] = {
    **CONSULT_GUARDS,
    "ask_intake_supplement": _ask_intake_supplement,
    "resubmit": _resubmit,
    "mark_overdue": _mark_overdue,
    "propose_supplement": _propose_supplement,
    "approve_notice": _approve_notice,
    "reject_proposal": _reject_proposal,
    "request_supplement": _request_supplement,
    "supplement_received": _supplement_received,
    "refuse_after_supplement": _refuse_after_supplement,
    "close_no_supplement": _close_no_supplement,
    "require_payment": _require_payment,
    "payment_done": _resume,
    "pause_excluded": _pause_excluded,
    "resume_excluded": _resume,
    "propose_extension": _propose_extension,
    "extend_once": _extend_once,
    "extend_limit": _extend_limit,
    "thu_ly": _thu_ly,
    "request_withdraw": _request_withdraw,
    "confirm_withdraw": _stop,
    "halt": _halt,
    "hand_to_post": _hand_to_post,
    "post_delivered": _post_delivered,
    "return_online": _return_online,
    "return_to_agency": _return_to_agency,
    "mark_uncollected": _mark_uncollected,
}
