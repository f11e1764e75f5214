"""A busy office: sixty dossiers of the demo, and one in each state that has a page of its own."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.accounts import actions as accounts
from app.core.states import Status
from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from app.intake import actions as intake
from app.models import Dossier, Staff
from tests.make import TODAY, Office, make_request

LONG = "Công ty Trách nhiệm hữu hạn Một thành viên Đầu tư Xây dựng và Thương mại Nga Sơn"
COMPANY = {
    "kind": "organisation",
    "name": LONG,
    "personal_id": "2800123456",
    "phone": "0912345678",
    "address": "Tiểu khu Ba Đình 2, thị trấn Nga Sơn",
}
STRAIGHT_WAY = (
    Status.ACCEPTED, Status.APPRAISING, Status.SUBMITTED_FOR_APPROVAL, Status.APPROVED,
    Status.ISSUED, Status.AT_ONE_STOP, Status.RETURNED,
)  # fmt: skip
NOT_ELIGIBLE = {
    "reason_code": "not_eligible",
    "reason": "Công trình khởi công trước khi được cấp phép.",
    "legal_basis": "khoản 8 Điều 19 Nghị định 61/2018/NĐ-CP",
}


class Known:
    """Dossiers by the state they are in, for addresses: code and look-up code."""

    def __init__(self, office: Office) -> None:
        self.places: dict[str, str] = {}
        for status in STRAIGHT_WAY:
            self.keep(status, office.walk(office.receive(), status))
        signed_off = office.walk(office.receive(), Status.SUBMITTED_FOR_APPROVAL)
        office.act(signed_off, "finish_step", "truongphong")
        self.keep("to_sign", signed_off)
        late = office.receive(at=TODAY - timedelta(days=20))
        self.keep("late", late)
        self.keep("refused", self._refused(office))
        draft = {"procedure": "1.013227", "name": LONG}
        hands = (office.rules, office.person("tiepnhan"), TODAY)
        with writing() as session:
            self.places["draft"] = intake.save_draft(session, *hands, "mot-cua-huyen", draft)
            self.places["turned_away"] = intake.refuse(
                session, *hands, make_request(), **NOT_ELIGIBLE
            )
            staff = session.scalars(select(Staff).where(Staff.username == "chuyenvien")).one()
            self.places["link"] = accounts.make_link(
                session, staff, office.person("quantri"), TODAY
            )
            self.places["staff"] = staff.id

    def _refused(self, office: Office) -> Dossier:
        found = office.walk(office.receive(make_request(applicant=COMPANY)), Status.APPRAISING)
        office.act(found, "propose_refusal", "chuyenvien", **NOT_ELIGIBLE)
        office.act(found, "finish_step", "truongphong")
        office.act(found, "approve", "lanhdao")
        office.act(found, "issue_refusal", "vanthu", number="90", symbol="TB-UBND")
        office.act(found, "receive_result", "traketqua", shelf="Kệ B")
        return office.fresh(found.id)

    def keep(self, name: str, dossier: Dossier) -> None:
        self.places[name] = dossier.code or ""
        self.places[f"{name}_token"] = dossier.lookup_code or ""


def fill(app: Flask) -> Known:
    """Fill an office without dossiers."""
    with app.app_context():
        office = Office(app)
        with writing() as session:
            list(fill_dossiers(session, office.rules, TODAY, 60))
        found = Known(office)
        db.session.remove()
    return found
