"""Lives of the demo that leave the straight way: what is asked, waited for, withdrawn, stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.clock import VIETNAM
from app.core import route
from app.core.actor import Actor
from app.core.states import APPRAISAL_STEP, Role, Status
from app.models import Dossier, Step

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """What a detour's act needs: who is who, the dossier, its route, the moment."""

    holder: Callable[[Role, str], Actor]
    actors: dict[str, Actor]
    dossier: Dossier
    steps: Sequence[Step]
    at: datetime

    @property
    def day(self) -> str:
        """The local day of the moment."""
        return self.at.astimezone(VIETNAM).date().isoformat()

    def later(self, days: int) -> str:
        """A day after the later of the moment and the due day."""
        due = self.dossier.due_day or self.at.astimezone(VIETNAM).date()
        day = max(due, self.at.astimezone(VIETNAM).date()) + timedelta(days=days)
        while day.weekday() > 4:  # Monday is 0
            day += timedelta(days=1)
        return day.isoformat()

    def counter(self) -> Actor:
        """Somebody at the counter."""
        return self.holder(Role.INTAKE_OFFICER, self.dossier.one_stop)

    def officer(self) -> Actor:
        """Who appraises; LookupError where nobody does now."""
        for step in route.active(self.steps):
            if step.step_role == APPRAISAL_STEP and step.assignee_id in self.actors:
                return self.actors[step.assignee_id]
        raise LookupError("nobody appraises now")

    def head(self) -> Actor:
        """The head over who appraises."""
        own = next(s for s in route.active(self.steps) if s.step_role == APPRAISAL_STEP)
        role = Role.ONE_STOP_HEAD if own.moved_from else Role.AGENCY_HEAD
        return self.holder(role, own.unit_id)


Act = tuple[str, Callable[[Way], Actor], Callable[[Way], Facts]]


def _agency(role: Role) -> Callable[[Way], Actor]:
    return lambda way: way.holder(role, way.dossier.agency)


def _one_stop_head(way: Way) -> Actor:
    try:
        return way.holder(Role.ONE_STOP_HEAD, way.dossier.one_stop)
    except LookupError:
        return way.holder(Role.APPROVER, way.dossier.one_stop)


def _nothing(_way: Way) -> Facts:
    return {}


_MISSING = {
    "reason": "Qua thẩm định, hồ sơ còn thiếu thông tin để giải quyết.",
    "items": [{"component": 1, "defect": "Chưa có chữ ký của người nộp", "todo": "Ký, nộp lại"}],
}
_ASK: tuple[Act, ...] = (
    ("propose_supplement", Way.officer, lambda _: dict(_MISSING)),
    ("approve_notice", Way.head, _nothing),
    ("request_supplement", Way.counter, lambda _: {"sector_basis": "Luật chuyên ngành"}),
)
_WITHDRAW = ("request_withdraw", Way.counter, lambda _: {"reason": "Gia đình đổi dự định."})
# What begins a detour from appraisal, by the kind of life.
BEGUN: dict[str, tuple[Act, ...]] = {
    "supplement": _ASK,
    "proposed": _ASK[:1],
    "verify": (
        ("start_verification", Way.officer, lambda w: {
            "held_at": w.day, "place_name": "Tại thửa đất", "participants": "Công chức địa chính",
            "content": "Kiểm tra hiện trạng.", "applicant_invited": True}),
    ),
    "consult": (
        ("consult", Way.officer, lambda w: {
            "units": ["phong-tu-phap"], "content": "Đề nghị cho ý kiến về tính pháp lý.",
            "answer_by": w.day}),
    ),
    "apology": (
        ("propose_extension", lambda w: w.holder(Role.AGENCY_HEAD, w.dossier.department),
         lambda w: {"late_code": "volume", "new_date": w.later(7),
                    "reason": "Khối lượng hồ sơ trong tuần tăng cao."}),
        ("extend_once", Way.counter, _nothing),
    ),
    "withdraw": (_WITHDRAW,),
    "withdrawn": (
        _WITHDRAW,
        ("confirm_withdraw", _one_stop_head, lambda _: {"originals_returned": True}),
    ),
    "pause": (
        ("pause_excluded", Way.officer, lambda _: {
            "pause_kind": "financial_obligation", "reason": "Chờ nộp tiền thuê đất."}),
    ),
    "halt": (
        ("halt", _agency(Role.APPROVER), lambda _: {
            "reason": "Thửa đất đang có tranh chấp được Tòa án thụ lý.", "originals_returned": True,
            "legal_basis": "Thông báo thụ lý vụ án dân sự"}),
    ),
}  # fmt: skip
# How a life goes on from the states that the straight way does not know.
ONWARD: dict[Status, tuple[Act, ...]] = {
    Status.SUPPLEMENT_PROPOSED: _ASK[1:],
    Status.SUPPLEMENT_REQUESTED: (
        ("supplement_received", Way.counter, lambda _: {"papers": "Đơn đã ký"}),
    ),
    Status.VERIFYING: (
        ("finish_verification", Way.officer,
         lambda _: {"minutes": "Biên bản xác minh", "verified": "Đúng hiện trạng."}),
    ),
    Status.CONSULTING: (
        ("consult_reply", lambda w: w.holder(Role.AGENCY_HEAD, "phong-tu-phap"),
         lambda _: {"reply": "Hồ sơ đủ cơ sở pháp lý."}),
        ("consult_close", Way.officer, _nothing),
    ),
    Status.PAUSED: (("resume_excluded", Way.officer, _nothing),),
    Status.WITHDRAW_REQUESTED: (
        ("reject_withdraw", _one_stop_head, lambda _: {"reason": "Người nộp xin tiếp tục."}),
    ),
    Status.HANDED_TO_POST: (
        ("post_delivered", Way.counter, lambda w: {"delivered_on": w.day}),
    ),
}  # fmt: skip
STAYS = frozenset({"supplement", "proposed", "verify", "consult", "withdraw", "pause"})
