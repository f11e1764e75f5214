"""A busy office: sixty dossiers of the demo, and one in every state of the table.

All of it is made by the acts of the application; nothing is put into its tables by hand.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.accounts import actions as accounts
from app.bulk import actions as bulk
from app.bulk import worker
from app.bulk.terms import Wish
from app.core.states import Role, Status
from app.demo.detours import BEGUN, Way
from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from app.intake import actions as intake
from app.intake import online, supplement
from app.models import Counter, Dossier, Staff
from app.ticketing import actions as ticketing
from tests.browser.sets import Sets
from tests.make import TODAY, Office, make_request
from tests.ticketing.hands import STOP, Seat, take

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
        for name in ("to_sign", "to_sign_too"):
            signed_off = office.walk(office.receive(), Status.SUBMITTED_FOR_APPROVAL)
            office.act(signed_off, "finish_step", "truongphong")
            self.keep(name, signed_off)
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
            self.places["asked"] = supplement.ask(
                session, *hands, make_request(), form=draft | {"procedure": "1.013228"},
                facts={
                    "items": [{"component": 1, "code": "missing", "defect": "Chưa nộp"}],
                    "reason": "Thiếu đơn đề nghị.", "fault": ""})  # fmt: skip
        self._waiting(office)
        self._ended(office)
        self._corrected(office)
        self._orders(office)
        self._sets(office)
        self._second_officer(office)
        self._rest()

    def _waiting(self, office: Office) -> None:
        """What is asked, checked, paid, withdrawn: states in which something else is awaited."""
        for name, kind in (
            ("supplement_requested", "supplement"), ("supplement_proposed", "proposed"),
            ("verifying", "verify"), ("consulting", "consult"), ("apologised", "apology"),
            ("withdraw_requested", "withdraw"), ("withdrawn", "withdrawn"), ("halted", "halt"),
        ):  # fmt: skip
            self.keep(name, detour(office, office.walk(office.receive(), Status.APPRAISING), kind))
        answered = detour(office, office.walk(office.receive(), Status.APPRAISING), "consult")
        office.act(answered, "consult_reply", "phong-tu-phap.cv", reply="Đủ cơ sở pháp lý.")
        self.keep("answered", answered)
        for name, action, who, facts in (
            ("payment_required", "require_payment", "tiepnhan", {"amount": "1500000"}),
            ("paused", "pause_excluded", "", {
                "pause_kind": "financial_obligation", "reason": "Chờ nộp tiền thuê đất."}),
        ):  # fmt: skip
            made = office.receive_sample("1.000798", "mot-cua-huyen")
            dossier = office.walk(made, Status.APPRAISING)
            steps = office.steps(dossier)
            way = Way(office.cast.holder, office.cast.actors, dossier, steps, office.now)
            office.act(dossier, action, who or way.officer().username, **facts)
            self.keep(name, dossier)
        made = office.receive_sample("1.001622", "mot-cua-huyen")
        self.keep("awaiting_partner", office.walk(made, Status.AWAITING_PARTNER))
        by_post = make_request(result_channel="post")
        self.keep("by_post", office.walk(office.receive(by_post), Status.AT_ONE_STOP))
        posted = office.walk(office.receive(by_post), Status.AT_ONE_STOP)
        facts = {"waybill": "VN123", "originals_returned": True}
        office.act(posted, "hand_to_post", "traketqua", **facts)
        self.keep("handed_to_post", posted)

    def _ended(self, office: Office) -> None:
        """What ended before its result, at the counter or long ago."""
        mistaken = office.receive()
        office.act(mistaken, "void", "chanhvp", reason="Nhập nhầm thủ tục.")
        self.keep("voided", mistaken)
        given_up = detour(office, office.walk(office.receive(), Status.APPRAISING), "supplement")
        with writing():  # the decree of this office's day knows no such day; later ones do
            office.fresh(given_up.id).close_from = TODAY.date()
        office.act(given_up, "close_no_supplement", "tiepnhan", originals_returned=True)
        self.keep("closed_no_supplement", given_up)
        with writing() as session:
            sent = [
                online.submit(session, office.rules, office.person("tiepnhan"), TODAY,
                              make_request(), {})
                for _ in range(2)
            ]  # fmt: skip
            keys = [one.id for one in sent]
        cancelled = office.fresh(keys[0])
        office.act(cancelled, "request_withdraw", "tiepnhan", reason="Nộp nhầm thủ tục.")
        self.keep("intake_cancelled", cancelled)
        self.keep("submitted", office.fresh(keys[1]))

    def _corrected(self, office: Office) -> None:
        """Results that were faulty or got lost after all was done."""
        told = {"error": "Sai năm sinh.", "reported_by": "Nguyễn Thị Mẫu"}
        dossiers = [office.walk(office.receive(), Status.RETURNED) for _ in range(3)]
        for dossier in dossiers:
            office.act(dossier, "report_error", "tiepnhan", **told)
        self.keep("faulty", dossiers[0])
        office.act(dossiers[1], "correct_result", "vanthu", corrected="Sửa năm sinh.", number="99",
                   symbol="GPXD")  # fmt: skip
        self.keep("corrected", dossiers[1])
        office.act(dossiers[2], "reject_correction", "chanhvp", reason="Sai từ bản khai.")
        self.keep("not_corrected", dossiers[2])
        lost = office.walk(office.receive(), Status.AT_ONE_STOP)
        office.act(lost, "report_lost", "traketqua", lost_kind="result", lost_what="Giấy phép",
                   blamed_unit="Bộ phận Một cửa", cost=50_000)  # fmt: skip
        self.keep("lost", lost)

    def _orders(self, office: Office) -> None:
        """Work over many: one that runs, one with failures, one called off; each is the head's."""
        head = office.person("truongphong")
        for name in ("running", "failed", "stopped"):
            arriving = [office.walk(office.receive(), Status.IN_TRANSFER) for _ in range(2)]
            wishes = [
                Wish(d.id, d.code or "", "agency_receive", None, d.version - n)
                for n, d in enumerate(arriving)
            ]
            runner = worker.new_name()
            with writing() as session:
                task = bulk.order(session, head, "receive", wishes, TODAY, back="/tham-dinh")
                self.places[name] = str(task.id)
                if name == "stopped":
                    bulk.cancel(session, task, TODAY)
                elif name == "running":  # with a worker from whom nothing is heard for a day
                    worker.take(session, runner, TODAY + timedelta(days=1))
            if name == "failed":
                worker.carry_out(int(self.places[name]), runner, lambda: TODAY)

    def _sets(self, office: Office) -> None:
        """Changes of the set-up on their way."""
        self.places |= Sets(office).places

    def _second_officer(self, office: Office) -> None:
        """Where two do the same work, what arrives waits for the head to assign it."""
        with writing() as session:
            staff = session.scalars(select(Staff).where(Staff.username == "phong-tu-phap.cv")).one()
            accounts.post(session, office.rules, staff, "phong-kt-ht", Role.CASE_OFFICER,
                          office.person("quantri"), TODAY)  # fmt: skip
        arriving = office.walk(office.receive(), Status.IN_TRANSFER)
        self.keep("in_transfer", arriving)
        for _ in range(2):
            arrived = office.walk(office.receive(), Status.IN_TRANSFER)
            office.act(arrived, "agency_receive", "vanthu")
            self.keep("received_by_agency", arrived)

    def _rest(self) -> None:
        """One of the demo's for every state that was not made on purpose."""
        for dossier in db.session.scalars(select(Dossier).order_by(Dossier.id)).all():
            if dossier.status not in self.places:
                self.keep(dossier.status, dossier)

    def _refused(self, office: Office) -> Dossier:
        """A notice of refusal, numbered; at the office's door already in what is returned."""
        for name in ("refusal_issued", ""):
            made = office.receive(make_request(applicant=COMPANY))
            found = office.walk(made, Status.APPRAISING)
            office.act(found, "propose_refusal", "chuyenvien", **NOT_ELIGIBLE)
            office.act(found, "finish_step", "truongphong")
            office.act(found, "approve", "lanhdao")
            office.act(found, "issue_refusal", "vanthu", number="91" if name else "90",
                       symbol="TB-UBND")  # fmt: skip
            if name:
                self.keep(name, found)
        office.act(found, "receive_result", "traketqua", shelf="Kệ B")
        return office.fresh(found.id)

    def keep(self, name: str, dossier: Dossier) -> None:
        self.places[name] = dossier.code or dossier.temporary_id or ""
        self.places[f"{name}_token"] = dossier.lookup_code or ""


def detour(office: Office, dossier: Dossier, kind: str) -> Dossier:
    """Leave the straight way as lives of the demo do; the dossier as it then stands."""
    for action, who, facts in BEGUN[kind]:
        steps = office.steps(dossier)
        way = Way(office.cast.holder, office.cast.actors, dossier, steps, office.now)
        told: dict[str, Any] = facts(way)
        office.act(dossier, action, who(way).username, **told)
    return office.fresh(dossier.id)


def queue(app: Flask) -> None:
    """A morning in the middle: some served, some waiting, one skipped, one at a counter."""
    with app.app_context():
        office = Office(app)
        counters = select(Counter.id).where(Counter.one_stop == STOP).order_by(Counter.number)
        one, two, _ = db.session.scalars(counters).all()
        for n in range(20):
            field, priority = ("", "dat-dai")[n % 5 == 2], ("", "pregnant")[n % 9 == 4]
            take(field, priority, at=TODAY + timedelta(minutes=n - 60))
        seat = Seat(office, one)
        for n in range(4):
            seat.call(TODAY + timedelta(minutes=7 * n - 40))
        seat.act(ticketing.skip, TODAY - timedelta(minutes=9))
        Seat(office, two, "traketqua").call(TODAY - timedelta(minutes=1))
        db.session.remove()


def fill(app: Flask) -> Known:
    """Fill an office without dossiers."""
    queue(app)
    with app.app_context():
        office = Office(app)
        with writing() as session:
            list(fill_dossiers(session, office.rules, TODAY, 60))
        found = Known(office)
        db.session.remove()
    return found
