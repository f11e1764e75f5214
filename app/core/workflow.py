"""The one table of steps allowed between the states of a dossier.

Source: Nghị định 61/2018/NĐ-CP Đ17–Đ21, Nghị định 118/2025/NĐ-CP Đ17–Đ23.
The table draws the buttons, guards the door, lists the API's actions and feeds the tests: a new
step of the law is a new row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.core.refusals import Refused
from app.core.states import (
    APPRAISAL_STEP,
    INTAKE_STEP,
    LEADER_STEPS,
    OPEN,
    RETURN_STEP,
    STAMP_STEP,
    STEP_ROLES,
    Role,
    Status,
)


class Clock(StrEnum):
    """What an event does to the dossier's time limit."""

    NONE = "none"
    START = "start"
    KEEP = "keep"
    STOP = "stop"


class Move(StrEnum):
    """What an event does to the route; the door carries it out."""

    NOTHING = "nothing"
    ENTER = "enter"  # copy the route, open its first step
    LEAVE_COUNTER = "leave_counter"  # the first step is done, what follows waits for the agency
    ARRIVE = "arrive"  # the steps after the first open
    LEAVE_AND_ARRIVE = "leave_and_arrive"  # both at once, under a delegation
    ASSIGN = "assign"
    FINISH = "finish"  # the step is done, its successors open
    PROPOSE = "propose"  # the last appraisal is done; the leader's step opens
    REOPEN_APPRAISAL = "reopen_appraisal"
    REOPEN_DECISION = "reopen_decision"
    CLOSE = "close"  # nothing stays open


class Hand(StrEnum):
    """Where the actor must hold the role."""

    ONE_STOP = "one_stop"  # at the one-stop that received the dossier
    STEP = "step"  # holder of the step acted on: its role at its unit, its assignee if it has one
    UNIT = "unit"  # one of the row's roles at the unit of the step
    HEAD = "head"  # head of the step's unit, else of its nearest ancestor that has one


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: which action leads from which states to which, by whom, with what effect.

    to = None: the status stays. step_roles: words of the route's steps the action may act on.
    facts: names of what the actor must or may tell (core/facts.py). tells: the applicant is told.
    """

    action: str
    label: str
    sources: frozenset[Status]
    to: Status | None
    hand: Hand
    roles: tuple[Role, ...]
    move: Move = Move.NOTHING
    clock: Clock = Clock.KEEP
    step_roles: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()
    needs_reason: bool = False
    tells: bool = False
    result: str | None = None
    basis: str = ""


def _states(*states: Status) -> frozenset[Status]:
    return frozenset(states)


_AGENCY_WORK = _states(
    Status.RECEIVED_BY_AGENCY,
    Status.APPRAISING,
    Status.SUBMITTED_FOR_APPROVAL,
    Status.APPROVED,
    Status.ISSUED,
    Status.REFUSAL_ISSUED,
)
_COUNTER = (Role.INTAKE_OFFICER,)

# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "register_counter", "Lưu tạm", _states(), Status.DRAFT, Hand.ONE_STOP, _COUNTER,
        clock=Clock.NONE, basis="NĐ 61/2018 Đ17.1; NĐ 118/2025 Đ17.1",
    ),
    Transition(
        "accept", "Tiếp nhận", _states(Status.DRAFT), Status.ACCEPTED, Hand.ONE_STOP, _COUNTER,
        move=Move.ENTER, clock=Clock.START, tells=True,
        basis="NĐ 61/2018 Đ17.1c, Đ17.3; NĐ 118/2025 Đ17.3",
    ),
    Transition(
        "refuse_intake", "Từ chối tiếp nhận", _states(Status.DRAFT), Status.INTAKE_REFUSED,
        Hand.ONE_STOP, _COUNTER, clock=Clock.NONE, needs_reason=True,
        facts=("reason_code", "legal_basis"), tells=True,
        basis="NĐ 61/2018 Đ17.1b; NĐ 118/2025 Đ17.1c",
    ),
    Transition(
        "send_to_agency", "Chuyển cơ quan giải quyết", _states(Status.ACCEPTED),
        Status.IN_TRANSFER, Hand.ONE_STOP, _COUNTER, move=Move.LEAVE_COUNTER,
        step_roles=frozenset({INTAKE_STEP}), facts=("papers",),
        basis="NĐ 61/2018 Đ18; NĐ 118/2025 Đ18",
    ),
    Transition(
        "start_at_one_stop", "Giải quyết tại Bộ phận Một cửa", _states(Status.ACCEPTED),
        Status.APPRAISING, Hand.ONE_STOP, (Role.INTAKE_OFFICER, Role.CASE_OFFICER),
        move=Move.LEAVE_AND_ARRIVE, step_roles=frozenset({INTAKE_STEP}),
        basis="NĐ 61/2018 Đ17.5; TT 01/2018/TT-VPCP Đ6; NĐ 118/2025 Đ17.5",
    ),
    Transition(
        "agency_receive", "Nhận hồ sơ", _states(Status.IN_TRANSFER), Status.RECEIVED_BY_AGENCY,
        Hand.UNIT, (Role.CLERK, Role.AGENCY_HEAD, Role.APPROVER), move=Move.ARRIVE,
        facts=("differences",), basis="NĐ 61/2018 Đ18; NĐ 118/2025 Đ18",
    ),
    Transition(
        "assign", "Phân công", _states(Status.RECEIVED_BY_AGENCY, Status.APPRAISING),
        Status.APPRAISING, Hand.HEAD, (Role.AGENCY_HEAD, Role.ONE_STOP_HEAD), move=Move.ASSIGN,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("assignee",),
        basis="NĐ 61/2018 Đ19.1; NĐ 118/2025 Đ19.1",
    ),
    Transition(
        "reassign", "Giao người khác",
        _states(Status.APPRAISING, Status.APPROVED, Status.ISSUED, Status.REFUSAL_ISSUED), None,
        Hand.HEAD,
        (Role.AGENCY_HEAD, Role.ONE_STOP_HEAD), move=Move.ASSIGN, needs_reason=True,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("assignee",),
        basis="NĐ 61/2018 Đ19.1; NĐ 118/2025 Đ19.1",
    ),
    Transition(
        "finish_step", "Xong bước này", _AGENCY_WORK, None, Hand.STEP, (), move=Move.FINISH,
        step_roles=frozenset(STEP_ROLES), facts=("opinion",),
        basis="TT 01/2018/TT-VPCP Đ8.3",
    ),
    Transition(
        "propose_result", "Trình kết quả", _states(Status.APPRAISING),
        Status.SUBMITTED_FOR_APPROVAL, Hand.STEP, (Role.CASE_OFFICER,), move=Move.PROPOSE,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("opinion",), result="granted",
        basis="NĐ 61/2018 Đ19.2; NĐ 118/2025 Đ19.3",
    ),
    Transition(
        "propose_refusal", "Trình từ chối giải quyết", _states(Status.APPRAISING),
        Status.SUBMITTED_FOR_APPROVAL, Hand.STEP, (Role.CASE_OFFICER,), move=Move.PROPOSE,
        step_roles=frozenset({APPRAISAL_STEP}), facts=("reason_code", "legal_basis"),
        needs_reason=True, result="refused", basis="NĐ 61/2018 Đ19.8; NĐ 118/2025 Đ19.3",
    ),
    Transition(
        "approve", "Ký duyệt",
        _states(Status.SUBMITTED_FOR_APPROVAL, Status.RECEIVED_BY_AGENCY, Status.APPRAISING),
        Status.APPROVED, Hand.STEP, (), move=Move.FINISH, step_roles=LEADER_STEPS,
        basis="NĐ 61/2018 Đ19; NĐ 118/2025 Đ19",
    ),
    Transition(
        "send_back", "Trả lại thẩm định", _states(Status.SUBMITTED_FOR_APPROVAL),
        Status.APPRAISING, Hand.STEP, (), move=Move.REOPEN_APPRAISAL, step_roles=LEADER_STEPS,
        needs_reason=True, basis="NĐ 61/2018 Đ19.1; NĐ 118/2025 Đ19.1",
    ),
    Transition(
        "clerk_return", "Trả lại người ký", _states(Status.APPROVED),
        Status.SUBMITTED_FOR_APPROVAL, Hand.STEP, (Role.CLERK,), move=Move.REOPEN_DECISION,
        step_roles=frozenset({STAMP_STEP}), needs_reason=True, basis="NĐ 30/2020/NĐ-CP Đ15",
    ),
    Transition(
        "issue", "Vào số, đóng dấu",
        _states(Status.APPROVED, Status.APPRAISING, Status.RECEIVED_BY_AGENCY), Status.ISSUED,
        Hand.STEP, (), move=Move.FINISH, clock=Clock.STOP, step_roles=frozenset(STEP_ROLES),
        facts=("number", "symbol", "issued_on"), tells=True, result="granted",
        basis="NĐ 30/2020/NĐ-CP Đ15; NĐ 61/2018 Đ20",
    ),
    Transition(
        "issue_refusal", "Vào số thông báo từ chối", _states(Status.APPROVED),
        Status.REFUSAL_ISSUED, Hand.STEP, (), move=Move.FINISH, clock=Clock.STOP,
        step_roles=LEADER_STEPS | {STAMP_STEP},
        facts=("number", "symbol", "issued_on"), tells=True, result="refused",
        basis="NĐ 61/2018 Đ19.8; NĐ 118/2025 Đ19.3",
    ),
    Transition(
        "receive_result", "Nhận kết quả về Một cửa",
        _states(Status.ISSUED, Status.REFUSAL_ISSUED), Status.AT_ONE_STOP, Hand.ONE_STOP,
        _COUNTER, facts=("shelf",), tells=True, basis="NĐ 61/2018 Đ20.1; NĐ 118/2025 Đ22",
    ),
    Transition(
        "return_direct", "Trả kết quả", _states(Status.AT_ONE_STOP), Status.RETURNED,
        Hand.ONE_STOP, _COUNTER, move=Move.FINISH, clock=Clock.NONE,
        step_roles=frozenset({RETURN_STEP}),
        facts=("receiver", "receiver_id", "receiver_relation", "authorisation",
               "originals_returned", "fee_paid"),
        basis="NĐ 61/2018 Đ20; NĐ 118/2025 Đ22.2",
    ),
    Transition(
        "amend_data", "Sửa thông tin", OPEN, None, Hand.ONE_STOP,
        (Role.INTAKE_OFFICER, Role.ONE_STOP_HEAD), needs_reason=True, facts=("changes",),
        basis="NĐ 118/2025 Đ5.1: mọi sửa đổi dữ liệu đều để lại vết",
    ),
    Transition(
        "void", "Hủy tiếp nhận nhầm", _states(Status.ACCEPTED), Status.VOIDED, Hand.ONE_STOP,
        (Role.ONE_STOP_HEAD,), move=Move.CLOSE, clock=Clock.STOP, needs_reason=True, tells=True,
        basis="Nội quy: trong ngày, trước mọi bước sau",
    ),
)
# fmt: on
BY_ACTION: dict[str, Transition] = {t.action: t for t in TRANSITIONS}


def transition(action: str) -> Transition:
    """The row of an action; Refused `no_such_action` for an unknown one."""
    row = BY_ACTION.get(action)
    if row is None:
        raise Refused("no_such_action", f"Không có thao tác “{action}”.")
    return row


def rows_from(status: Status) -> tuple[Transition, ...]:
    """Every row that may start in this state, in the order of the table."""
    return tuple(t for t in TRANSITIONS if status in t.sources)


def check_source(row: Transition, status: Status) -> None:
    """Refused `wrong_status` unless the action may start in this state."""
    if status not in row.sources:
        raise Refused(
            "wrong_status",
            f"Không thể “{row.label}” khi hồ sơ đang ở trạng thái “{status.label}”. "
            "Hãy tải lại trang để xem trạng thái mới nhất.",
        )


def next_status(row: Transition, status: Status) -> Status:
    """The state after the action: the row's, or the same where the row keeps it."""
    return row.to if row.to is not None else status


def fold(statuses: Iterable[str | None]) -> str | None:
    """Status = the `to` of the last event that has one (the log is the truth)."""
    last = None
    for to in statuses:
        last = to or last
    return last
