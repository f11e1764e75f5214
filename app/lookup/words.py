"""What a citizen is told in each legal state: a pill, its kind, and first of all what to do."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.states import Status

BRING = "giấy hẹn và giấy tờ tùy thân (căn cước)"
BY_PROXY = "Người nhận thay mang thêm giấy ủy quyền; người của tổ chức mang giấy giới thiệu."
APPEAL = (
    "Không đồng ý thì có thể khiếu nại trong 90 ngày kể từ ngày nhận được thông báo "
    "(Luật Khiếu nại 2011, Điều 9), hoặc hỏi lại Bộ phận Một cửa."
)


@dataclass(frozen=True, slots=True)
class State:
    """How a legal state is told: pill (a word), its kind, and the first words of what to do."""

    pill: str
    kind: str
    lead: str
    more: str = ""
    heading: str = ""


_NOTHING = "Chưa cần làm gì."
STATES: dict[Status, State] = {
    Status.DRAFT: State("Chưa tiếp nhận", "plain", "Hãy hoàn thành việc nộp tại quầy."),
    Status.SUBMITTED: State(
        "Chờ tiếp nhận", "plain", _NOTHING, "Bộ phận Một cửa sẽ xem hồ sơ và báo lại cho bạn."
    ),
    Status.INTAKE_SUPPLEMENT: State(
        "Chờ bạn", "wait", "Bổ sung giấy tờ theo phiếu hướng dẫn rồi nộp lại."
    ),
    Status.INTAKE_CANCELLED: State("Đã hủy", "plain", "Không cần làm gì thêm."),
    Status.INTAKE_REFUSED: State(
        "Không tiếp nhận", "late", "Xem lý do trong phiếu từ chối tiếp nhận.", APPEAL
    ),
    Status.ACCEPTED: State("Đúng hẹn", "info", _NOTHING),
    Status.IN_TRANSFER: State("Đúng hẹn", "info", _NOTHING),
    Status.RECEIVED_BY_AGENCY: State("Đúng hẹn", "info", _NOTHING),
    Status.APPRAISING: State("Đúng hẹn", "info", _NOTHING),
    Status.VERIFYING: State("Đúng hẹn", "info", _NOTHING),
    Status.CONSULTING: State("Đúng hẹn", "info", _NOTHING),
    Status.AWAITING_PARTNER: State("Đúng hẹn", "info", _NOTHING),
    Status.SUPPLEMENT_PROPOSED: State("Đúng hẹn", "info", _NOTHING),
    Status.SUPPLEMENT_REQUESTED: State(
        "Chờ bạn", "wait", "Bổ sung giấy tờ dưới đây.",
        "Thời hạn tạm dừng; khi nhận đủ, thời hạn được tính lại từ đầu.",
    ),
    Status.PAYMENT_REQUIRED: State(
        "Chờ bạn", "wait", "Thực hiện nghĩa vụ tài chính dưới đây.",
        "Thời gian bạn thực hiện không tính vào thời hạn giải quyết.",
    ),
    Status.PAUSED: State(
        "Tạm dừng", "plain", _NOTHING,
        "Khoảng thời gian này theo luật không tính vào thời hạn giải quyết; "
        "hết khoảng đó, ngày hẹn được tính lại.",
    ),
    Status.SUBMITTED_FOR_APPROVAL: State("Đúng hẹn", "info", _NOTHING),
    Status.APPROVED: State("Đúng hẹn", "info", _NOTHING),
    Status.ISSUED: State(
        "Sắp trả kết quả", "info", "Chưa cần đến nhận.", "Kết quả đang được chuyển về nơi nộp."
    ),
    Status.REFUSAL_ISSUED: State(
        "Không được giải quyết", "late", "Chưa cần đến nhận.",
        "Thông báo có ghi lý do đang được chuyển về nơi nộp.",
    ),
    Status.AT_ONE_STOP: State("Đã có kết quả", "done", "Mang " + BRING),
    Status.HANDED_TO_POST: State(
        "Đang gửi", "done", "Chờ nhân viên bưu chính giao đến địa chỉ bạn đã đăng ký.",
        "Khi nhận, hãy đưa giấy tờ tùy thân (căn cước).",
    ),
    Status.WITHDRAW_REQUESTED: State(
        "Đang xem xét", "plain", _NOTHING, "Bộ phận Một cửa sẽ báo bạn kết quả xem xét."
    ),
    Status.WITHDRAWN: State(
        "Đã rút", "plain", "Không cần làm gì thêm.", "Cần giải quyết lại thì nộp hồ sơ mới."
    ),
    Status.CLOSED_NO_SUPPLEMENT: State(
        "Đã đóng", "late", "Còn nhu cầu thì nộp hồ sơ mới.",
        "Quá thời hạn ghi trong phiếu yêu cầu mà giấy tờ chưa được bổ sung.",
    ),
    Status.HALTED: State(
        "Đã dừng", "late", "Xem lý do trong thông báo đã gửi cho bạn.", APPEAL
    ),
    Status.RETURNED: State("Đã xong", "done", "Không cần làm gì thêm."),
    Status.VOIDED: State(
        "Đã hủy", "late", "Hãy liên hệ Bộ phận Một cửa.",
        "Hồ sơ này đã hủy vì tiếp nhận nhầm; nếu chưa được giải thích hoặc chưa nhận lại giấy tờ, "
        "bạn gọi hoặc đến nơi đã nộp.",
    ),
}  # fmt: skip
REFUSED_HERE = State("Không được giải quyết", "late", "Mang " + BRING, heading="Hồ sơ được trả lại")
REFUSED_RETURNED = State(
    "Không được giải quyết", "late", "Hồ sơ và thông báo đã được trả lại.",
    heading="Hồ sơ đã được trả lại",
)  # fmt: skip
