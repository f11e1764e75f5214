"""The rows of the settlement: from the department's desk to the sealed result, with every stop.

Source: Nghị định 61/2018/NĐ-CP Đ19, Nghị định 118/2025/NĐ-CP Đ19–Đ20; each row says which.
"""

from __future__ import annotations

from app.core.states import (
    APPRAISAL_STEP,
    LEADER_STEPS,
    PARTNER_STEP,
    STAMP_STEP,
    STEP_ROLES,
    Role,
    Status,
)
from app.core.transition import Clock, Hand, Move, Transition

S = Status
COUNTER = (Role.INTAKE_OFFICER,)
COUNTER_OR_HEAD = (Role.INTAKE_OFFICER, Role.ONE_STOP_HEAD)
HEADS = (Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)


def states(*some: Status) -> frozenset[Status]:
    """A set of states."""
    return frozenset(some)


# Settlement goes on and the clock runs.
RUNNING = states(
    S.ACCEPTED, S.IN_TRANSFER, S.RECEIVED_BY_AGENCY, S.APPRAISING, S.VERIFYING, S.CONSULTING,
    S.AWAITING_PARTNER, S.SUPPLEMENT_PROPOSED, S.SUBMITTED_FOR_APPROVAL, S.APPROVED,
)  # fmt: skip
_AGENCY_WORK = states(
    S.RECEIVED_BY_AGENCY, S.APPRAISING, S.AWAITING_PARTNER, S.SUBMITTED_FOR_APPROVAL, S.APPROVED,
    S.ISSUED, S.REFUSAL_ISSUED,
)  # fmt: skip
# An officer who is away is replaced whatever the dossier waits for.
_OFFICERS_WORK = states(
    S.APPRAISING, S.VERIFYING, S.CONSULTING, S.AWAITING_PARTNER, S.SUPPLEMENT_PROPOSED,
    S.SUPPLEMENT_REQUESTED, S.PAYMENT_REQUIRED, S.PAUSED, S.APPROVED, S.ISSUED, S.REFUSAL_ISSUED,
)  # fmt: skip
BEFORE_RESULT = RUNNING | states(S.SUPPLEMENT_REQUESTED, S.PAYMENT_REQUIRED, S.PAUSED)

# fmt: off
SETTLEMENT: tuple[Transition, ...] = (
    Transition(
        "assign", "Phân công", states(S.RECEIVED_BY_AGENCY, S.APPRAISING), S.APPRAISING,
        Hand.HEAD, HEADS, move=Move.ASSIGN, step_roles=frozenset({APPRAISAL_STEP}),
        facts=("assignee",), basis="NĐ 61/2018 Đ19.1; NĐ 118/2025 Đ19.1",
    ),
    Transition(
        "reassign", "Giao người khác",
        _OFFICERS_WORK, None, Hand.HEAD, HEADS, move=Move.ASSIGN, needs_reason=True,
        step_roles=frozenset({APPRAISAL_STEP}),
        facts=("assignee",), basis="NĐ 61/2018 Đ19.1; NĐ 118/2025 Đ19.1",
    ),
    Transition(
        "thu_ly", "Thụ lý", states(S.APPRAISING), None, Hand.STEP, (Role.CASE_OFFICER,),
        clock=Clock.RESTART, step_roles=frozenset({APPRAISAL_STEP}), facts=("number", "symbol"),
        tells=True, basis="Luật Khiếu nại 02/2011/QH13 Đ27, Đ28",
    ),
    Transition(
        "finish_step", "Xong bước này", _AGENCY_WORK, None, Hand.STEP, (), move=Move.FINISH,
        step_roles=frozenset(STEP_ROLES) - {PARTNER_STEP}, facts=("opinion",),
        basis="TT 01/2018/TT-VPCP Đ8.3",
    ),
    Transition(
        "start_verification", "Thẩm tra, xác minh", states(S.APPRAISING), S.VERIFYING, Hand.STEP,
        (Role.CASE_OFFICER,), step_roles=frozenset({APPRAISAL_STEP}),
        facts=("held_at", "place_name", "participants", "content", "applicant_invited"),
        basis="NĐ 61/2018 Đ19.3; NĐ 118/2025 Đ19.4a",
    ),
    Transition(
        "finish_verification", "Kết thúc xác minh", states(S.VERIFYING), S.APPRAISING, Hand.STEP,
        (Role.CASE_OFFICER,), step_roles=frozenset({APPRAISAL_STEP}),
        facts=("minutes", "verified"), form="verification_minutes",
        basis="NĐ 61/2018 Đ19.3; NĐ 118/2025 Đ19.4a",
    ),
    Transition(
        "consult", "Lấy ý kiến", states(S.APPRAISING, S.CONSULTING), S.CONSULTING, Hand.STEP,
        (Role.CASE_OFFICER,), step_roles=frozenset({APPRAISAL_STEP}),
        facts=("units", "content", "answer_by"), form="consult_request",
        basis="NĐ 61/2018 Đ19.5; NĐ 118/2025 Đ19.4b",
    ),
    Transition(
        "consult_reply", "Trả lời ý kiến", states(S.CONSULTING), None, Hand.CONSULTED,
        (Role.CONSULTED_AGENCY, Role.AGENCY_HEAD), facts=("reply",),
        basis="NĐ 61/2018 Đ19.5; NĐ 118/2025 Đ19.4c",
    ),
    Transition(
        "consult_close", "Kết thúc lấy ý kiến", states(S.CONSULTING), S.APPRAISING, Hand.STEP,
        (Role.CASE_OFFICER,), step_roles=frozenset({APPRAISAL_STEP}), facts=("opinion",),
        basis="NĐ 61/2018 Đ19.5b; NĐ 118/2025 Đ19.4c: trễ thì báo người đứng đầu Một cửa",
    ),
    Transition(
        "propose_supplement", "Đề xuất yêu cầu bổ sung", states(S.APPRAISING),
        S.SUPPLEMENT_PROPOSED, Hand.STEP, (Role.CASE_OFFICER,), needs_reason=True,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("items", "legal_basis"),
        basis="NĐ 61/2018 Đ19.4; NĐ 118/2025 Đ19.5",
    ),
    Transition(
        "approve_notice", "Duyệt phiếu bổ sung", states(S.SUPPLEMENT_PROPOSED), None, Hand.HEAD,
        HEADS, step_roles=frozenset({APPRAISAL_STEP}), move=Move.LOOK,
        basis="NĐ 61/2018 Đ19.4; NĐ 118/2025 Đ19.5",
    ),
    Transition(
        "reject_proposal", "Không yêu cầu bổ sung", states(S.SUPPLEMENT_PROPOSED), S.APPRAISING,
        Hand.HEAD, HEADS, step_roles=frozenset({APPRAISAL_STEP}), move=Move.LOOK,
        needs_reason=True, basis="NĐ 61/2018 Đ19.4; NĐ 118/2025 Đ19.5",
    ),
    Transition(
        "request_supplement", "Gửi phiếu yêu cầu bổ sung", states(S.SUPPLEMENT_PROPOSED),
        S.SUPPLEMENT_REQUESTED, Hand.ONE_STOP, COUNTER, clock=Clock.WAIT,
        facts=("sector_basis",), tells=True, form="supplement_request",
        basis="NĐ 61/2018 Đ19.4; NĐ 118/2025 Đ19.5: chậm nhất 03 ngày làm việc",
    ),
    Transition(
        "supplement_received", "Nhận đủ hồ sơ bổ sung", states(S.SUPPLEMENT_REQUESTED),
        S.APPRAISING, Hand.ONE_STOP, COUNTER, clock=Clock.RESTART, facts=("papers",), tells=True,
        form="receipt", basis="NĐ 61/2018 Đ19.4; NĐ 118/2025 Đ19.5: tính lại từ đầu",
    ),
    Transition(
        "refuse_after_supplement", "Trình từ chối (không bổ sung được)",
        states(S.SUPPLEMENT_REQUESTED), S.SUBMITTED_FOR_APPROVAL, Hand.STEP,
        (Role.CASE_OFFICER,), move=Move.PROPOSE, clock=Clock.RESUME,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("reason_code", "legal_basis"),
        needs_reason=True, result="refused", basis="NĐ 61/2018 Đ19.8; NĐ 118/2025 Đ19.3",
    ),
    Transition(
        "close_no_supplement", "Đóng hồ sơ không bổ sung", states(S.SUPPLEMENT_REQUESTED),
        S.CLOSED_NO_SUPPLEMENT, Hand.ONE_STOP, COUNTER_OR_HEAD, move=Move.CLOSE, clock=Clock.STOP,
        facts=("originals_returned",), tells=True, form="stop_notice",
        basis="NĐ 118/2025 Đ19.5: sau 15 ngày kể từ ngày thông báo",
    ),
    Transition(
        "require_payment", "Thông báo nghĩa vụ tài chính", RUNNING - {S.ACCEPTED},
        S.PAYMENT_REQUIRED, Hand.ONE_STOP, COUNTER, clock=Clock.PAUSE,
        facts=("amount", "legal_basis", "notice_number"), tells=True, form="payment_notice",
        basis="NĐ 61/2018 Đ22; thời gian thực hiện nghĩa vụ tài chính không tính vào thời hạn",
    ),
    Transition(
        "payment_done", "Đã thực hiện nghĩa vụ tài chính", states(S.PAYMENT_REQUIRED), None,
        Hand.ONE_STOP, (Role.INTAKE_OFFICER, Role.CASHIER), clock=Clock.RESUME, restores=True,
        move=Move.PAID, facts=("receipt_number", "paid_on"), tells=True,
        basis="NĐ 61/2018 Đ22",
    ),
    Transition(
        "pause_excluded", "Tạm dừng tính thời gian", RUNNING - {S.ACCEPTED, S.IN_TRANSFER},
        S.PAUSED, Hand.STEP, (Role.CASE_OFFICER,), clock=Clock.PAUSE,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("pause_kind", "notice_number"),
        needs_reason=True, tells=True, basis="thời gian pháp luật chuyên ngành không tính",
    ),
    Transition(
        "resume_excluded", "Tính tiếp thời gian", states(S.PAUSED), None, Hand.STEP,
        (Role.CASE_OFFICER,), clock=Clock.RESUME, restores=True,
        step_roles=frozenset({APPRAISAL_STEP}), tells=True,
        basis="thời gian pháp luật chuyên ngành không tính",
    ),
    Transition(
        "propose_extension", "Đề nghị gia hạn, xin lỗi", RUNNING - {S.ACCEPTED, S.IN_TRANSFER},
        None, Hand.AGENCY, (Role.AGENCY_HEAD, Role.APPROVER), needs_reason=True,
        facts=("late_code", "new_date"), basis="NĐ 61/2018 Đ19.9; NĐ 118/2025 Đ19.6",
    ),
    Transition(
        "extend_once", "Xin lỗi và hẹn lại", RUNNING, None, Hand.ONE_STOP,
        (Role.ONE_STOP_HEAD, Role.INTAKE_OFFICER), clock=Clock.PROMISE, tells=True,
        form="apology_notice", basis="NĐ 61/2018 Đ19.9; NĐ 118/2025 Đ19.6: không quá một lần",
    ),
    Transition(
        "extend_limit", "Gia hạn theo luật", RUNNING - {S.ACCEPTED, S.IN_TRANSFER}, None,
        Hand.AGENCY, (Role.AGENCY_HEAD, Role.APPROVER), clock=Clock.EXTEND,
        needs_reason=True, facts=("extension", "agreed_days"), tells=True,
        basis="thời hạn kéo dài theo quy định của thủ tục",
    ),
    Transition(
        "counter_error", "Ghi sai sót khi tiếp nhận",
        states(S.RECEIVED_BY_AGENCY, S.APPRAISING), None, Hand.UNIT,
        (Role.CASE_OFFICER, Role.AGENCY_HEAD, Role.CLERK), move=Move.LOOK,
        step_roles=frozenset({APPRAISAL_STEP}), needs_reason=True,
        basis="NĐ 61/2018 Đ17.1, Đ18; NĐ 118/2025 Đ17: người nộp không chịu vì lỗi của Một cửa",
    ),
    Transition(
        "recompute_due", "Tính lại hạn theo lịch mới",
        BEFORE_RESULT | states(S.WITHDRAW_REQUESTED), None, Hand.SYSTEM, (), tells=True,
        basis="BLDS 2015 Đ147–Đ148; lịch nghỉ do Nhà nước công bố",
    ),
    Transition(
        "mark_overdue", "Quá hạn", RUNNING, None, Hand.SYSTEM, (),
        basis="NĐ 61/2018 Đ19.9; NĐ 118/2025 Đ19.6",
    ),
    Transition(
        "propose_result", "Trình kết quả", states(S.APPRAISING), S.SUBMITTED_FOR_APPROVAL,
        Hand.STEP, (Role.CASE_OFFICER,), move=Move.PROPOSE,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("opinion",), result="granted",
        basis="NĐ 61/2018 Đ19.2; NĐ 118/2025 Đ19.3",
    ),
    Transition(
        "propose_refusal", "Trình từ chối giải quyết", states(S.APPRAISING),
        S.SUBMITTED_FOR_APPROVAL, Hand.STEP, (Role.CASE_OFFICER,), move=Move.PROPOSE,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("reason_code", "legal_basis"),
        needs_reason=True, result="refused", basis="NĐ 61/2018 Đ19.8; NĐ 118/2025 Đ19.3",
    ),
    Transition(
        "recall", "Rút lại tờ trình", states(S.SUBMITTED_FOR_APPROVAL), S.APPRAISING,
        Hand.PROPOSER, (Role.CASE_OFFICER,), move=Move.REOPEN_APPRAISAL, needs_reason=True,
        basis="TT 01/2018/TT-VPCP Đ8.3",
    ),
    Transition(
        "approve", "Ký duyệt",
        states(S.SUBMITTED_FOR_APPROVAL, S.RECEIVED_BY_AGENCY, S.APPRAISING), S.APPROVED,
        Hand.STEP, (), move=Move.FINISH, step_roles=LEADER_STEPS,
        basis="NĐ 61/2018 Đ19; NĐ 118/2025 Đ19",
    ),
    Transition(
        "send_back", "Trả lại thẩm định", states(S.SUBMITTED_FOR_APPROVAL), S.APPRAISING,
        Hand.STEP, (), move=Move.REOPEN_APPRAISAL, step_roles=LEADER_STEPS, needs_reason=True,
        basis="NĐ 61/2018 Đ19.1; NĐ 118/2025 Đ19.1",
    ),
    Transition(
        "clerk_return", "Trả lại người ký", states(S.APPROVED), S.SUBMITTED_FOR_APPROVAL,
        Hand.STEP, (Role.CLERK,), move=Move.REOPEN_DECISION, step_roles=frozenset({STAMP_STEP}),
        needs_reason=True, basis="NĐ 30/2020/NĐ-CP Đ15",
    ),
    Transition(
        "issue", "Vào số, đóng dấu", states(S.APPROVED, S.APPRAISING, S.RECEIVED_BY_AGENCY),
        S.ISSUED, Hand.STEP, (), move=Move.FINISH, clock=Clock.STOP,
        step_roles=frozenset(STEP_ROLES), facts=("number", "symbol", "issued_on"), tells=True,
        result="granted", basis="NĐ 30/2020/NĐ-CP Đ15; NĐ 61/2018 Đ20",
    ),
    Transition(
        "issue_refusal", "Vào số thông báo từ chối", states(S.APPROVED), S.REFUSAL_ISSUED,
        Hand.STEP, (), move=Move.FINISH, clock=Clock.STOP, step_roles=LEADER_STEPS | {STAMP_STEP},
        facts=("number", "symbol", "issued_on"), tells=True, result="refused",
        form="refusal_notice", basis="NĐ 61/2018 Đ19.8; NĐ 118/2025 Đ19.3",
    ),
)

INTERCONNECTED: tuple[Transition, ...] = (
    Transition(
        "send_to_partner", "Chuyển cơ quan liên thông", _AGENCY_WORK, None, Hand.AGENCY,
        (Role.CASE_OFFICER, Role.CLERK, Role.AGENCY_HEAD), move=Move.LOOK,
        step_roles=frozenset({PARTNER_STEP}), facts=("papers",), form="control_slip",
        basis="NĐ 61/2018 Đ19.6; NĐ 118/2025 Đ20.1",
    ),
    Transition(
        "partner_reply", "Cơ quan liên thông trả lời", _AGENCY_WORK, None, Hand.STEP,
        (Role.CONSULTED_AGENCY,), move=Move.FINISH, step_roles=frozenset({PARTNER_STEP}),
        facts=("reply",), basis="NĐ 61/2018 Đ19.6–19.7; NĐ 118/2025 Đ20",
    ),
)
# fmt: on
