"""The rows of the one table: every step the law allows between the states of a dossier.

Source: Nghị định 61/2018/NĐ-CP Đ17–Đ21, Nghị định 118/2025/NĐ-CP Đ17–Đ23; each row says which.
"""

from __future__ import annotations

from app.core.settlement_rows import (
    BEFORE_RESULT,
    COUNTER,
    COUNTER_OR_HEAD,
    INTERCONNECTED,
    RUNNING,
    SETTLEMENT,
    S,
    states,
)
from app.core.states import INTAKE_STEP, OPEN, RETURN_STEP, STOPPED, Role
from app.core.transition import Clock, Hand, Move, Transition

__all__ = ["RUNNING", "TRANSITIONS"]

# fmt: off
INTAKE: tuple[Transition, ...] = (
    Transition(
        "register_counter", "Lưu tạm", states(), S.DRAFT, Hand.ONE_STOP, COUNTER,
        clock=Clock.NONE, basis="NĐ 61/2018 Đ17.1; NĐ 118/2025 Đ17.1",
    ),
    Transition(
        "submit_online", "Nộp trực tuyến", states(), S.SUBMITTED, Hand.ONE_STOP, COUNTER,
        clock=Clock.NONE, tells=True, basis="NĐ 61/2018 Đ17.2; NĐ 118/2025 Đ17.2",
    ),
    Transition(
        "accept", "Tiếp nhận", states(S.DRAFT, S.SUBMITTED, S.INTAKE_SUPPLEMENT), S.ACCEPTED,
        Hand.ONE_STOP, COUNTER, move=Move.ENTER, clock=Clock.START, tells=True,
        basis="NĐ 61/2018 Đ17.1c, Đ17.3; NĐ 118/2025 Đ17.3",
    ),
    Transition(
        "refuse_intake", "Từ chối tiếp nhận",
        states(S.DRAFT, S.SUBMITTED, S.INTAKE_SUPPLEMENT), S.INTAKE_REFUSED, Hand.ONE_STOP,
        COUNTER, clock=Clock.NONE, needs_reason=True, facts=("reason_code", "legal_basis"),
        tells=True, form="refusal_notice", basis="NĐ 61/2018 Đ17.1b; NĐ 118/2025 Đ17.1c",
    ),
    Transition(
        "ask_intake_supplement", "Yêu cầu bổ sung trước tiếp nhận",
        states(S.DRAFT, S.SUBMITTED, S.INTAKE_SUPPLEMENT), S.INTAKE_SUPPLEMENT, Hand.ONE_STOP,
        COUNTER_OR_HEAD, clock=Clock.NONE, needs_reason=True,
        facts=("items", "legal_basis", "fault"), tells=True, form="supplement_request",
        basis="NĐ 61/2018 Đ11.2c, Đ17.1a; NĐ 118/2025 Đ11.2c, Đ16.3, Đ17.2",
    ),
    Transition(
        "resubmit", "Nộp lại sau bổ sung", states(S.INTAKE_SUPPLEMENT), S.SUBMITTED,
        Hand.ONE_STOP, COUNTER, clock=Clock.NONE, basis="NĐ 118/2025 Đ17.2",
    ),
    Transition(
        "guide", "Ghi hướng dẫn", states(S.DRAFT, S.SUBMITTED, S.INTAKE_SUPPLEMENT), None,
        Hand.ONE_STOP, COUNTER, clock=Clock.NONE, facts=("guidance",),
        basis="NĐ 61/2018 Đ15; NĐ 118/2025 Đ16",
    ),
    Transition(
        "request_withdraw", "Người nộp hủy trước tiếp nhận",
        states(S.SUBMITTED, S.INTAKE_SUPPLEMENT), S.INTAKE_CANCELLED, Hand.ONE_STOP, COUNTER,
        clock=Clock.NONE, needs_reason=True, tells=True, basis="NĐ 118/2025 Đ21",
    ),
)

TRANSFER: tuple[Transition, ...] = (
    Transition(
        "send_to_agency", "Chuyển cơ quan giải quyết", states(S.ACCEPTED), S.IN_TRANSFER,
        Hand.ONE_STOP, COUNTER, move=Move.LEAVE_COUNTER, step_roles=frozenset({INTAKE_STEP}),
        facts=("papers",), form="control_slip", basis="NĐ 61/2018 Đ18; NĐ 118/2025 Đ18",
    ),
    Transition(
        "send_to_other_one_stop", "Chuyển Bộ phận Một cửa khác", states(S.ACCEPTED),
        S.IN_TRANSFER, Hand.ONE_STOP, COUNTER, move=Move.LEAVE_COUNTER,
        step_roles=frozenset({INTAKE_STEP}), facts=("to_one_stop", "papers"),
        form="control_slip", basis="NĐ 61/2018 Đ19.6; NĐ 118/2025 Đ20.1a: 01 ngày làm việc",
    ),
    Transition(
        "immediate_settle", "Giải quyết và trả ngay", states(S.ACCEPTED), S.RETURNED,
        Hand.ONE_STOP, (Role.INTAKE_OFFICER, Role.CASE_OFFICER, Role.APPROVER),
        move=Move.FINISH_ALL, clock=Clock.STOP,
        facts=("result_text", "originals_returned", "fee_paid"), result="granted",
        basis="NĐ 61/2018 Đ17.4; NĐ 118/2025 Đ17.4",
    ),
    Transition(
        "start_at_one_stop", "Giải quyết tại Bộ phận Một cửa", states(S.ACCEPTED), S.APPRAISING,
        Hand.ONE_STOP, (Role.INTAKE_OFFICER, Role.CASE_OFFICER), move=Move.LEAVE_AND_ARRIVE,
        step_roles=frozenset({INTAKE_STEP}),
        basis="NĐ 61/2018 Đ17.5; TT 01/2018/TT-VPCP Đ6; NĐ 118/2025 Đ17.5",
    ),
    Transition(
        "agency_receive", "Nhận hồ sơ", states(S.IN_TRANSFER), S.RECEIVED_BY_AGENCY, Hand.UNIT,
        (Role.CLERK, Role.AGENCY_HEAD, Role.APPROVER), move=Move.ARRIVE, facts=("differences",),
        form="control_slip", basis="NĐ 61/2018 Đ18; NĐ 118/2025 Đ18",
    ),
    Transition(
        "return_transfer", "Trả hồ sơ chuyển nhầm", states(S.IN_TRANSFER, S.RECEIVED_BY_AGENCY),
        S.ACCEPTED, Hand.UNIT, (Role.CLERK, Role.AGENCY_HEAD, Role.APPROVER),
        move=Move.BACK_TO_COUNTER, needs_reason=True, form="control_slip",
        basis="NĐ 61/2018 Đ18.3; NĐ 118/2025 Đ18",
    ),
)

RETURN: tuple[Transition, ...] = (
    Transition(
        "receive_result", "Nhận kết quả về Một cửa", states(S.ISSUED, S.REFUSAL_ISSUED),
        S.AT_ONE_STOP, Hand.ONE_STOP, COUNTER, facts=("shelf",), tells=True, form="control_slip",
        basis="NĐ 61/2018 Đ20.1; NĐ 118/2025 Đ22",
    ),
    Transition(
        "return_to_agency", "Trả cơ quan sửa kết quả", states(S.AT_ONE_STOP), S.APPROVED,
        Hand.ONE_STOP, COUNTER_OR_HEAD, move=Move.REOPEN_STAMP, needs_reason=True,
        basis="NĐ 61/2018 Đ21.1; NĐ 118/2025 Đ23.1",
    ),
    Transition(
        "return_direct", "Trả kết quả", states(S.AT_ONE_STOP), S.RETURNED, Hand.ONE_STOP,
        COUNTER, move=Move.FINISH, clock=Clock.NONE, step_roles=frozenset({RETURN_STEP}),
        facts=("receiver", "receiver_id", "receiver_relation", "authorisation",
               "originals_returned", "fee_paid", "told_before"),
        basis="NĐ 61/2018 Đ20; NĐ 118/2025 Đ22.2",
    ),
    Transition(
        "hand_to_post", "Giao bưu chính", states(S.AT_ONE_STOP), S.HANDED_TO_POST,
        Hand.ONE_STOP, COUNTER, clock=Clock.NONE, facts=("waybill", "originals_returned",
                                                         "fee_paid"),
        tells=True, basis="NĐ 61/2018 Đ20.3; NĐ 118/2025 Đ22.3",
    ),
    Transition(
        "post_delivered", "Bưu chính đã phát", states(S.HANDED_TO_POST), S.RETURNED,
        Hand.ONE_STOP, COUNTER, move=Move.FINISH, clock=Clock.NONE,
        step_roles=frozenset({RETURN_STEP}), facts=("delivered_on",),
        basis="NĐ 61/2018 Đ20.3; NĐ 118/2025 Đ22.3",
    ),
    Transition(
        "post_failed", "Bưu chính không phát được", states(S.HANDED_TO_POST), S.AT_ONE_STOP,
        Hand.ONE_STOP, COUNTER, clock=Clock.NONE, needs_reason=True, tells=True,
        basis="NĐ 61/2018 Đ20.3; NĐ 118/2025 Đ22.3",
    ),
    Transition(
        "return_online", "Trả kết quả điện tử", states(S.AT_ONE_STOP), S.RETURNED,
        Hand.ONE_STOP, COUNTER, move=Move.FINISH, clock=Clock.NONE,
        step_roles=frozenset({RETURN_STEP}), facts=("result_code", "originals_returned",
                                                    "fee_paid"),
        tells=True, basis="NĐ 61/2018 Đ20.5; NĐ 118/2025 Đ22.4",
    ),
    Transition(
        "notify_ready", "Báo có kết quả", states(S.AT_ONE_STOP), None, Hand.ONE_STOP, COUNTER,
        clock=Clock.NONE, facts=("told_by",), tells=True,
        basis="NĐ 61/2018 Đ20.4; NĐ 118/2025 Đ22.5",
    ),
    Transition(
        "mark_uncollected", "Nhắc nhận kết quả", states(S.AT_ONE_STOP), None, Hand.SYSTEM, (),
        clock=Clock.NONE, tells=True,
        basis="quy chế của Bộ phận Một cửa; pháp luật không có số ngày",
    ),
)

# After the hand-over: the dossier stays returned; its correction is a case with its own clock.
CORRECTION: tuple[Transition, ...] = (
    Transition(
        "report_error", "Nhận báo sai sót kết quả", states(S.RETURNED), None, Hand.ONE_STOP,
        COUNTER_OR_HEAD, clock=Clock.NONE, facts=("error", "reported_by"), tells=True,
        basis="NĐ 61/2018 Đ21.1; NĐ 118/2025 Đ23.1: 03 ngày làm việc",
    ),
    Transition(
        "correct_result", "Đính chính kết quả", states(S.RETURNED), None, Hand.AGENCY,
        (Role.CLERK, Role.CASE_OFFICER, Role.AGENCY_HEAD, Role.APPROVER), clock=Clock.NONE,
        facts=("corrected", "number", "symbol", "issued_on"), tells=True,
        basis="NĐ 61/2018 Đ21.1; NĐ 118/2025 Đ23.1",
    ),
    Transition(
        "return_corrected", "Trả kết quả đã đính chính", states(S.RETURNED), None,
        Hand.ONE_STOP, COUNTER, clock=Clock.NONE,
        facts=("old_returned", "receiver", "receiver_id", "receiver_relation", "authorisation"),
        tells=True, basis="NĐ 61/2018 Đ21.1; NĐ 118/2025 Đ23.1",
    ),
    Transition(
        "reject_correction", "Không đính chính", states(S.RETURNED), None, Hand.ONE_STOP,
        (Role.ONE_STOP_HEAD, Role.APPROVER), clock=Clock.NONE, needs_reason=True, tells=True,
        basis="NĐ 61/2018 Đ21.1; NĐ 118/2025 Đ23.1: chỉ sai do cơ quan",
    ),
    Transition(
        "report_lost", "Ghi nhận mất, hỏng giấy tờ", OPEN, None, Hand.ONE_STOP, COUNTER_OR_HEAD,
        facts=("lost_kind", "lost_what", "blamed_unit", "cost"), tells=True,
        basis="NĐ 61/2018 Đ21.2; NĐ 118/2025 Đ23.2: xin lỗi, chịu chi phí cấp lại",
    ),
    Transition(
        "reissue", "Cấp lại kết quả bị mất",
        states(S.ISSUED, S.REFUSAL_ISSUED, S.AT_ONE_STOP, S.HANDED_TO_POST), S.APPROVED,
        Hand.ONE_STOP, COUNTER_OR_HEAD, move=Move.REOPEN_STAMP, needs_reason=True, tells=True,
        basis="NĐ 61/2018 Đ21.2; NĐ 118/2025 Đ23.2",
    ),
)

STOP: tuple[Transition, ...] = (
    Transition(
        "request_withdraw", "Yêu cầu rút hồ sơ", BEFORE_RESULT, S.WITHDRAW_REQUESTED,
        Hand.ONE_STOP, COUNTER, needs_reason=True, basis="NĐ 118/2025 Đ21.1",
    ),
    Transition(
        "confirm_withdraw", "Đồng ý rút hồ sơ", states(S.WITHDRAW_REQUESTED), S.WITHDRAWN,
        Hand.ONE_STOP, (Role.ONE_STOP_HEAD, Role.APPROVER), move=Move.CLOSE, clock=Clock.STOP,
        facts=("originals_returned", "fee_decision"), tells=True, form="stop_notice",
        basis="NĐ 118/2025 Đ21",
    ),
    Transition(
        "reject_withdraw", "Không đồng ý rút hồ sơ", states(S.WITHDRAW_REQUESTED), None,
        Hand.ONE_STOP, (Role.ONE_STOP_HEAD, Role.APPROVER), restores=True, needs_reason=True,
        tells=True, basis="NĐ 118/2025 Đ21.1",
    ),
    Transition(
        "halt", "Dừng xử lý", BEFORE_RESULT | states(S.WITHDRAW_REQUESTED), S.HALTED,
        Hand.AGENCY, (Role.APPROVER,), move=Move.CLOSE, clock=Clock.STOP,
        needs_reason=True, facts=("legal_basis", "originals_returned"), tells=True,
        form="stop_notice", basis="quyết định của cơ quan có thẩm quyền",
    ),
    Transition(
        "void", "Hủy tiếp nhận nhầm", states(S.ACCEPTED), S.VOIDED, Hand.ONE_STOP,
        (Role.ONE_STOP_HEAD,), move=Move.CLOSE, clock=Clock.STOP, needs_reason=True, tells=True,
        basis="Nội quy: trong ngày, trước mọi bước sau",
    ),
)

CARE: tuple[Transition, ...] = (
    Transition(
        "amend_data", "Sửa thông tin", OPEN, None, Hand.ONE_STOP, COUNTER_OR_HEAD,
        needs_reason=True, facts=("changes",),
        basis="NĐ 118/2025 Đ5.1: mọi sửa đổi dữ liệu đều để lại vết",
    ),
    Transition(
        "collect_fee", "Thu phí, lệ phí", OPEN, None, Hand.ONE_STOP,
        (Role.INTAKE_OFFICER, Role.CASHIER), facts=("amount", "receipt_number"),
        basis="NĐ 61/2018 Đ22; NĐ 118/2025 Đ24",
    ),
    Transition(
        "enter_fee", "Ghi số tiền phí, lệ phí", OPEN, None, Hand.ONE_STOP,
        (Role.INTAKE_OFFICER, Role.CASHIER), facts=("fee_line", "fee_amount"),
        basis="NĐ 61/2018 Đ22; NĐ 118/2025 Đ24; mức thu do nghị quyết của HĐND quy định",
    ),
    Transition(
        "refund", "Hoàn phí, lệ phí", OPEN | STOPPED | {S.RETURNED}, None, Hand.ONE_STOP,
        (Role.CASHIER, Role.INTAKE_OFFICER), clock=Clock.NONE, needs_reason=True,
        facts=("refund_amount", "receipt_number"), tells=True,
        basis="Luật Phí và lệ phí 97/2015/QH13; NĐ 61/2018 Đ22; NĐ 118/2025 Đ24",
    ),
)
# fmt: on
TRANSITIONS: tuple[Transition, ...] = (
    *INTAKE,
    *TRANSFER,
    *SETTLEMENT,
    *INTERCONNECTED,
    *RETURN,
    *STOP,
    *CARE,
    *CORRECTION,
)  # fmt: skip
