"""Guards of what goes on beside or after the settlement: errors put right, losses, money back,
what is settled at once, dossiers of another level.

Source: Nghị định 61/2018/NĐ-CP Đ17.4, Đ19.6, Đ21; Nghị định 118/2025/NĐ-CP Đ17.4, Đ20.1a, Đ23.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select

from app.core import route
from app.core.refusals import Refused
from app.core.route import StepState
from app.core.states import WITH_RESULT
from app.core.vietnamese import dong
from app.journey import clock
from app.journey.guards import Act, collect, give_back, result_day, take_number, wrong_field
from app.journey.moves import renew_step
from app.journey.office import Office
from app.models import Correction, Dossier, Step

OPEN_CASE, CORRECTED_CASE = "open", "corrected"


def _case(act: Act, *wanted: str) -> Correction:
    query = select(Correction).where(
        Correction.dossier_id == act.dossier.id, Correction.state.in_(wanted)
    )
    found = act.session.scalars(query).first()
    if found is None:
        raise Refused(
            "no_correction",
            "Hồ sơ này không có yêu cầu đính chính nào đang ở bước đó. Hãy tải lại trang.",
        )
    return found


def _report_error(act: Act) -> None:
    """Open the case; its own clock starts (3 working days where the decree says so)."""
    dossier = act.dossier
    if dossier.correction is not None:
        raise Refused("correction_open", "Hồ sơ này đang được đính chính, chờ xong lần này đã.")
    if dossier.result_number is None and dossier.outcome is None:
        raise Refused("no_result", "Hồ sơ này không có kết quả nào để đính chính.")
    days = act.office.regimes[dossier.regime].correction_wd
    calendar = act.office.calendar
    due = None
    if days is not None:
        start = calendar.local(act.now).date()
        due = calendar.closing(calendar.add_working_days(start, days))
        act.facts["correct_by"] = due.isoformat()
    last = act.session.scalar(
        select(func.max(Correction.number)).where(Correction.dossier_id == dossier.id)
    )
    act.session.add(
        Correction(
            dossier_id=dossier.id, number=(last or 0) + 1, error=act.facts["error"],
            reported_by=act.facts["reported_by"], reported_at=act.now, due_at=due,
            old_number=dossier.result_number,
        )
    )  # fmt: skip
    dossier.correction = OPEN_CASE


def _correct_result(act: Act) -> None:
    case = _case(act, OPEN_CASE)
    issued_on = result_day(act, case.reported_at)
    take_number(act, act.dossier.agency, issued_on)
    act.dossier.result_date = issued_on
    case.state = act.dossier.correction = CORRECTED_CASE
    case.corrected, case.corrected_at = act.facts["corrected"], act.now
    case.new_number = act.dossier.result_number
    act.facts["late"] = case.due_at is not None and act.now > case.due_at


def _return_corrected(act: Act) -> None:
    if act.facts.get("receiver_relation") == "authorised" and not act.facts.get("authorisation"):
        raise wrong_field(
            "authorisation", "Người nhận không đứng tên hồ sơ: hãy ghi giấy ủy quyền."
        )
    if not act.facts.get("old_returned"):
        raise wrong_field(
            "old_returned", "Thu lại bản có sai sót rồi đánh dấu đã thu, sau đó mới trả bản mới."
        )
    case = _case(act, CORRECTED_CASE)
    case.state, case.closed_at = "returned", act.now
    act.dossier.correction = None


def _reject_correction(act: Act) -> None:
    case = _case(act, OPEN_CASE)
    case.state, case.closed_at = "rejected", act.now
    act.dossier.correction = None


def _report_lost(act: Act) -> None:
    if act.facts["lost_kind"] == "result":
        if act.dossier.status not in WITH_RESULT:
            raise wrong_field("lost_kind", "Hồ sơ này chưa có kết quả: hãy chọn giấy tờ đã giao.")
        act.dossier.results_lost = True


def _reissue(act: Act) -> None:
    dossier = act.dossier
    if not dossier.results_lost:
        raise Refused(
            "nothing_lost", "Chưa ghi nhận mất kết quả: hãy ghi nhận mất, hỏng trước khi cấp lại."
        )
    dossier.results_lost = False
    dossier.shelf = dossier.waybill = None


def _refund(act: Act) -> None:
    dossier, amount = act.dossier, act.facts["refund_amount"]
    paid = dossier.fee_total - dossier.fee_due - dossier.fee_refunded
    if not 0 < amount <= paid:
        left = f"từ 1 đồng đến {dong(paid)} đã thu" if paid > 0 else "không có: chưa thu khoản nào"
        raise wrong_field("refund_amount", f"Số tiền hoàn được: {left}.")
    dossier.fee_refunded += amount


def is_immediate(office: Office, dossier: Dossier) -> bool:
    """Whether the result is given while the applicant waits (Đ17.4 of both decrees)."""
    procedure = office.editions[dossier.edition_id].procedure
    return procedure.limit_for(dossier.case_id).unit == "immediate"


def _immediate_settle(act: Act) -> None:
    if not is_immediate(act.office, act.dossier):
        raise Refused(
            "not_immediate",
            "Thủ tục này không thuộc loại giải quyết ngay; hãy chuyển hồ sơ theo quy trình.",
        )
    collect(act)
    give_back(act)
    act.dossier.outcome = act.row.result
    act.dossier.returned_at = act.now


def goes_elsewhere(office: Office, dossier: Dossier, steps: list[Step] | tuple[Step, ...]) -> bool:
    """Whether the work lies with a body of another level than the counter's."""
    following = route.ready_after_first(steps)
    if following is None or following.moved_from is not None:
        return False
    return office.unit(following.unit_id).tier != office.unit(dossier.one_stop).tier


def _send_elsewhere(act: Act) -> None:
    if not goes_elsewhere(act.office, act.dossier, list(act.steps)):
        raise Refused(
            "same_level",
            "Hồ sơ này do cơ quan cùng cấp giải quyết: hãy chọn “Chuyển cơ quan giải quyết”.",
        )


def _recompute_due(act: Act) -> None:
    """The calendar changed: dates of the dossier and of its open steps are worked out anew."""
    dossier = act.dossier
    before: tuple[date | None, object] = (dossier.due_day, dossier.due_at)
    clock.renew(act.session, act.office, dossier)
    for step in act.steps:
        if step.state == StepState.ACTIVE and step.started_at is not None:
            renew_step(act.office, step, step.started_at)
    act.facts |= {
        "old_day": before[0].isoformat() if before[0] else None,
        "new_day": dossier.due_day.isoformat() if dossier.due_day else None,
        "calendar": act.office.calendar.version,
    }


AFTER_GUARDS: dict[str, Callable[[Act], None]] = {
    "report_error": _report_error,
    "correct_result": _correct_result,
    "return_corrected": _return_corrected,
    "reject_correction": _reject_correction,
    "report_lost": _report_lost,
    "reissue": _reissue,
    "refund": _refund,
    "immediate_settle": _immediate_settle,
    "send_to_other_one_stop": _send_elsewhere,
    "recompute_due": _recompute_due,
}
