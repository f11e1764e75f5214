"""Roles, the words of a route's steps, and the legal states of a dossier.

Source: Nghị định 61/2018/NĐ-CP Đ17–Đ21, Nghị định 118/2025/NĐ-CP Đ17–Đ23; the portal's codes are
those of TrangThaiHoSo. Everything is stored by value and never deleted.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do, held per unit (a posting)."""

    INTAKE_OFFICER = "intake_officer"
    ONE_STOP_HEAD = "one_stop_head"
    AGENCY_HEAD = "agency_head"
    CASE_OFFICER = "case_officer"
    APPROVER = "approver"
    CLERK = "clerk"
    CASHIER = "cashier"
    CONSULTED_AGENCY = "consulted_agency"
    MONITOR = "monitor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """Vietnamese name of the role."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.INTAKE_OFFICER: "Công chức tiếp nhận và trả kết quả",
    Role.ONE_STOP_HEAD: "Người đứng đầu Bộ phận Một cửa",
    Role.AGENCY_HEAD: "Thủ trưởng cơ quan, trưởng phòng",
    Role.CASE_OFFICER: "Công chức thụ lý",
    Role.APPROVER: "Người có thẩm quyền ký",
    Role.CLERK: "Văn thư",
    Role.CASHIER: "Người thu phí, lệ phí",
    Role.CONSULTED_AGENCY: "Cơ quan phối hợp",
    Role.MONITOR: "Cán bộ kiểm soát thủ tục hành chính",
    Role.ADMIN: "Quản trị hệ thống",
}

# Heads, approvers and monitors act and see for the units below theirs too.
COVERING_ROLES = frozenset({Role.AGENCY_HEAD, Role.APPROVER, Role.MONITOR})

# The role words of a procedure file and who holds such a step; "người nộp" is nobody's.
STEP_ROLES: dict[str, Role | None] = {
    "tiếp nhận": Role.INTAKE_OFFICER,
    "trả kết quả": Role.INTAKE_OFFICER,
    "thẩm định": Role.CASE_OFFICER,
    "trưởng phòng": Role.AGENCY_HEAD,
    "lãnh đạo UBND": Role.APPROVER,
    "lãnh đạo cơ quan": Role.APPROVER,
    "văn thư": Role.CLERK,
    "phối hợp": Role.CONSULTED_AGENCY,
    "người nộp": None,
}
INTAKE_STEP, RETURN_STEP, APPRAISAL_STEP = "tiếp nhận", "trả kết quả", "thẩm định"
STAMP_STEP, PARTNER_STEP, APPLICANT_STEP = "văn thư", "phối hợp", "người nộp"
LEADER_STEPS = frozenset({"trưởng phòng", "lãnh đạo UBND", "lãnh đạo cơ quan"})


class Status(StrEnum):
    """The legal state of a dossier; stored by value, never deleted."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INTAKE_SUPPLEMENT = "intake_supplement"
    INTAKE_REFUSED = "intake_refused"
    INTAKE_CANCELLED = "intake_cancelled"
    ACCEPTED = "accepted"
    IN_TRANSFER = "in_transfer"
    RECEIVED_BY_AGENCY = "received_by_agency"
    APPRAISING = "appraising"
    VERIFYING = "verifying"
    CONSULTING = "consulting"
    AWAITING_PARTNER = "awaiting_partner"
    SUPPLEMENT_PROPOSED = "supplement_proposed"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    PAYMENT_REQUIRED = "payment_required"
    PAUSED = "paused"
    SUBMITTED_FOR_APPROVAL = "submitted_for_approval"
    APPROVED = "approved"
    ISSUED = "issued"
    REFUSAL_ISSUED = "refusal_issued"
    AT_ONE_STOP = "at_one_stop"
    HANDED_TO_POST = "handed_to_post"
    RETURNED = "returned"
    WITHDRAW_REQUESTED = "withdraw_requested"
    WITHDRAWN = "withdrawn"
    CLOSED_NO_SUPPLEMENT = "closed_no_supplement"
    HALTED = "halted"
    VOIDED = "voided"

    @property
    def label(self) -> str:
        """The state's name on staff screens and papers."""
        return _STATES[self][0]

    @property
    def public_label(self) -> str:
        """The milder sentence a citizen reads."""
        return _STATES[self][1]

    @property
    def portal_code(self) -> int | None:
        """TrangThaiHoSo of the national portal (1–10); None where the portal has no such state."""
        return _STATES[self][2]


_STATES: dict[Status, tuple[str, str, int | None]] = {
    Status.DRAFT: ("Nháp", "Hồ sơ chưa được tiếp nhận", None),
    Status.SUBMITTED: ("Mới đăng ký (chờ tiếp nhận)", "Hồ sơ trực tuyến đang chờ tiếp nhận", 1),
    Status.INTAKE_SUPPLEMENT: (
        "Chờ bổ sung trước tiếp nhận",
        "Cần bổ sung giấy tờ trước khi tiếp nhận",
        5,
    ),
    Status.INTAKE_REFUSED: ("Không được tiếp nhận", "Hồ sơ không được tiếp nhận", 3),
    Status.INTAKE_CANCELLED: (
        "Người nộp hủy trước tiếp nhận",
        "Hồ sơ đã hủy theo yêu cầu của người nộp",
        7,
    ),
    Status.ACCEPTED: ("Được tiếp nhận", "Hồ sơ đã được tiếp nhận", 2),
    Status.IN_TRANSFER: (
        "Đang chuyển đến cơ quan giải quyết",
        "Hồ sơ đang được chuyển đến cơ quan giải quyết",
        2,
    ),
    Status.RECEIVED_BY_AGENCY: (
        "Cơ quan đã nhận, chờ phân công",
        "Cơ quan giải quyết đã nhận hồ sơ",
        4,
    ),
    Status.APPRAISING: ("Đang thẩm định", "Hồ sơ đang được thẩm định", 4),
    Status.VERIFYING: ("Đang thẩm tra, xác minh", "Hồ sơ đang được thẩm tra, xác minh", 4),
    Status.CONSULTING: ("Đang lấy ý kiến", "Cơ quan đang lấy ý kiến các đơn vị liên quan", 4),
    Status.AWAITING_PARTNER: (
        "Đang xử lý tại cơ quan liên thông",
        "Hồ sơ đang ở cơ quan liên thông",
        4,
    ),
    Status.SUPPLEMENT_PROPOSED: (
        "Đề xuất yêu cầu bổ sung (nội bộ)",
        "Hồ sơ đang được thẩm định",
        4,
    ),
    Status.SUPPLEMENT_REQUESTED: ("Yêu cầu bổ sung giấy tờ", "Cần bổ sung giấy tờ", 5),
    Status.PAYMENT_REQUIRED: (
        "Chờ thực hiện nghĩa vụ tài chính",
        "Cần thực hiện nghĩa vụ tài chính",
        6,
    ),
    Status.PAUSED: ("Tạm dừng tính thời gian", "Hồ sơ đang tạm dừng tính thời gian", 4),
    Status.SUBMITTED_FOR_APPROVAL: ("Trình phê duyệt", "Hồ sơ đang chờ lãnh đạo phê duyệt", 4),
    Status.APPROVED: ("Đã ký", "Kết quả đã ký, đang vào sổ và đóng dấu", 4),
    Status.ISSUED: (
        "Đã vào sổ, đóng dấu (phát hành)",
        "Kết quả đã có, đang chuyển về Bộ phận Một cửa",
        9,
    ),
    Status.REFUSAL_ISSUED: (
        "Đã có thông báo từ chối giải quyết",
        "Hồ sơ không được giải quyết, thông báo đang chuyển về Bộ phận Một cửa",
        9,
    ),
    Status.AT_ONE_STOP: (
        "Kết quả đã về Bộ phận Một cửa",
        "Kết quả đã có, mời đến nhận",
        9,
    ),
    Status.HANDED_TO_POST: ("Đã giao bưu chính", "Kết quả đang được bưu chính chuyển đến", 9),
    Status.RETURNED: ("Đã trả kết quả", "Đã trả kết quả", 10),
    Status.WITHDRAW_REQUESTED: (
        "Công dân yêu cầu rút hồ sơ",
        "Đang xem xét yêu cầu rút hồ sơ",
        7,
    ),
    Status.WITHDRAWN: ("Đã rút hồ sơ", "Hồ sơ đã rút theo yêu cầu", 7),
    Status.CLOSED_NO_SUPPLEMENT: (
        "Đóng hồ sơ do không bổ sung",
        "Hồ sơ đã đóng vì không được bổ sung",
        8,
    ),
    Status.HALTED: ("Dừng xử lý", "Hồ sơ đã dừng giải quyết", 8),
    Status.VOIDED: ("Đã hủy (tiếp nhận nhầm)", "Hồ sơ đã hủy do tiếp nhận nhầm", 8),
}

CLOSED = frozenset(
    {
        Status.INTAKE_REFUSED,
        Status.INTAKE_CANCELLED,
        Status.RETURNED,
        Status.WITHDRAWN,
        Status.CLOSED_NO_SUPPLEMENT,
        Status.HALTED,
        Status.VOIDED,
    }
)
BEFORE_ACCEPTANCE = frozenset(
    {
        Status.DRAFT,
        Status.SUBMITTED,
        Status.INTAKE_SUPPLEMENT,
        Status.INTAKE_REFUSED,
        Status.INTAKE_CANCELLED,
    }
)
WITH_RESULT = frozenset(
    {Status.ISSUED, Status.REFUSAL_ISSUED, Status.AT_ONE_STOP, Status.HANDED_TO_POST}
)
# Ended without a result: withdrawn, closed, halted; they count as settled.
STOPPED = frozenset({Status.WITHDRAWN, Status.CLOSED_NO_SUPPLEMENT, Status.HALTED})
CLOCK_STOPPED = (
    CLOSED
    | BEFORE_ACCEPTANCE
    | WITH_RESULT
    | {Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUIRED, Status.PAUSED}
)
WITH_DEPARTMENT = frozenset(
    {
        Status.IN_TRANSFER,
        Status.RECEIVED_BY_AGENCY,
        Status.APPRAISING,
        Status.VERIFYING,
        Status.CONSULTING,
        Status.AWAITING_PARTNER,
        Status.SUPPLEMENT_PROPOSED,
        Status.SUBMITTED_FOR_APPROVAL,
        Status.APPROVED,
    }
)
WAITING_FOR_CITIZEN = frozenset(
    {Status.INTAKE_SUPPLEMENT, Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUIRED}
)
WITH_COUNTER = frozenset({Status.DRAFT, Status.ACCEPTED, Status.AT_ONE_STOP})
OPEN = frozenset(Status) - CLOSED - BEFORE_ACCEPTANCE
