"""Supplement, payment, pauses, apology, consultation, withdrawal, halting, post: whole lives."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app import jobs
from app.clock import VIETNAM
from app.core.clockwork import Mode
from app.core.refusals import Refused
from app.core.states import Status
from app.documents import FORMS
from app.extensions import db
from app.journey import clock, find, papers
from app.journey.audit import verify
from app.models import Document, Dossier, Message
from tests.make import Office, make_request

ITEM = {"component": 1, "defect": "Thiếu chữ ký", "todo": "Ký và nộp lại"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def _appraising(office: Office, accepted: str = "2026-06-01T09:00", code: str = "") -> Dossier:
    office.now = at(accepted)
    request = make_request() if not code else None
    dossier = office.receive(request) if request else office.receive_sample(code, "mot-cua-huyen")
    return office.walk(dossier, Status.APPRAISING)


def _text(form: str) -> str:
    """The text of the latest paper of a form."""
    row = db.session.scalars(
        select(Document).where(Document.form == form).order_by(Document.id.desc())
    ).first()
    assert row is not None, form
    import io

    from pypdf import PdfReader

    pdf = papers.draw(row, 0)
    return " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages
    )


def test_a_supplement_restarts_the_limit_from_zero(office: Office) -> None:
    """W7 with five working days: 01/06 → due 08/06; notice 03/06; received 12/06 → due 19/06."""
    dossier = _appraising(office)
    assert dossier.due_day == date(2026, 6, 8)
    office.act(dossier, "propose_supplement", "chuyenvien", at=at("2026-06-02T10:00"),
               items=[ITEM], reason="Đơn chưa ký.")  # fmt: skip
    with pytest.raises(Refused) as refused:
        office.act(dossier, "request_supplement", "tiepnhan", at=at("2026-06-02T11:00"))
    assert refused.value.code == "notice_not_approved"
    office.act(dossier, "approve_notice", "truongphong", at=at("2026-06-02T14:00"))
    office.act(dossier, "request_supplement", "tiepnhan", at=at("2026-06-03T10:00"))
    held = office.fresh(dossier.id)
    assert (held.status, held.supplements) == (Status.SUPPLEMENT_REQUESTED, 1)
    assert "Thiếu chữ ký" in _text("supplement_request")
    office.act(dossier, "supplement_received", "tiepnhan", at=at("2026-06-12T10:00"))
    held = office.fresh(dossier.id)
    assert (held.status, held.due_day) == (Status.APPRAISING, date(2026, 6, 19))
    assert "tính lại từ đầu" in held.due_reasons
    renewed = _text("receipt")  # the applicant leaves with the new appointment
    assert "Giấy hẹn mới" in renewed and "19/06/2026" in renewed
    modes = [i.mode for i in clock.intervals_of(db.session, held)]
    assert modes == [Mode.RUNNING, Mode.STOPPED, Mode.RUNNING]
    with pytest.raises(Refused) as refused:
        office.act(held, "propose_supplement", "chuyenvien", at=at("2026-06-15T10:00"),
                   items=[ITEM], reason="Lại thiếu.")  # fmt: skip
    assert refused.value.code == "supplement_once"
    office.now = at("2026-06-16T08:00")
    assert office.walk(held).status == Status.RETURNED
    assert verify(db.session).fault is None


def test_a_late_notice_needs_a_basis_of_sector_law(office: Office) -> None:
    dossier = _appraising(office)
    office.act(dossier, "propose_supplement", "chuyenvien", at=at("2026-06-04T10:00"),
               items=[ITEM], reason="Đơn chưa ký.")  # fmt: skip
    office.act(dossier, "approve_notice", "truongphong", at=at("2026-06-04T11:00"))
    with pytest.raises(Refused) as refused:
        office.act(dossier, "request_supplement", "tiepnhan", at=at("2026-06-05T08:00"))
    assert "04/06/2026" in refused.value.sentence and "sector_basis" in refused.value.fields
    office.act(dossier, "request_supplement", "tiepnhan", at=at("2026-06-05T08:00"),
               sector_basis="Điều 7 Luật riêng")  # fmt: skip
    assert "muộn hơn 03 ngày làm việc" in office.fresh(dossier.id).due_reasons


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"items": [], "reason": "x"}, "ít nhất một"),
        ({"items": [ITEM]}, "lý do"),
        ({"items": [{"component": 1, "defect": ""}], "reason": "x"}, "thiếu gì hoặc sai gì"),
        ({"items": [{"component": 1, "defect": "x", "code": "ugly"}], "reason": "x"}, "missing"),
        ({"items": [{"component": 99, "defect": "x"}], "reason": "x"}, "số 99"),
        ({"items": [{"defect": "Bản đồ"}], "reason": "x"}, "căn cứ pháp lý"),
    ],
)
def test_a_supplement_without_what_and_why_is_refused(
    office: Office, facts: dict[str, object], told: str
) -> None:
    dossier = _appraising(office)
    with pytest.raises(Refused) as refused:
        office.act(dossier, "propose_supplement", "chuyenvien", **facts)
    assert told in refused.value.sentence


def test_a_head_may_reject_the_proposal(office: Office) -> None:
    dossier = _appraising(office)
    office.act(dossier, "propose_supplement", "chuyenvien", items=[ITEM], reason="Thiếu.")
    office.act(dossier, "reject_proposal", "truongphong", reason="Hồ sơ đã đủ.")
    held = office.fresh(dossier.id)
    assert (held.status, held.supplements) == (Status.APPRAISING, 0)
    assert office.walk(held).status == Status.RETURNED


def test_no_closing_under_the_decree_of_2018(office: Office) -> None:
    dossier = _requested(office)
    with pytest.raises(Refused) as refused:
        office.act(dossier, "close_no_supplement", "tiepnhan", originals_returned=True)
    assert refused.value.code == "no_closing_rule"
    office.act(dossier, "refuse_after_supplement", "chuyenvien", reason="Không bổ sung được.",
               reason_code="not_eligible")  # fmt: skip
    assert office.walk(office.fresh(dossier.id)).outcome == "refused"


def _requested(office: Office, head: str = "truongphong") -> Dossier:
    dossier = _appraising(office)
    office.act(dossier, "propose_supplement", "chuyenvien", items=[ITEM], reason="Thiếu.")
    office.act(dossier, "approve_notice", head)
    office.act(dossier, "request_supplement", "tiepnhan")
    return office.fresh(dossier.id)


class TestDecreeOf2025:
    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    def test_closing_after_fifteen_days(self, office: Office) -> None:
        """W7b: notice Wed 03/06/2026 → closing allowed from Fri 19/06/2026."""
        office.now = at("2026-06-03T09:00")
        dossier = office.receive_sample("2.000806", "tt-pvhcc-xa@nga-son")
        dossier = office.walk(dossier, Status.APPRAISING)
        office.act(dossier, "propose_supplement", "chuyenvien", items=[ITEM], reason="Thiếu.")
        office.act(dossier, "approve_notice", "truongphong")
        office.act(dossier, "request_supplement", "tiepnhan")
        held = office.fresh(dossier.id)
        assert held.close_from == date(2026, 6, 19)
        assert "18/06/2026" in _text("supplement_request")
        told = [
            jobs.run(office.rules, at(f"2026-06-{day}T08:00"))["closing"] for day in (18, 19, 19)
        ]
        assert told == [0, 1, 0]  # the counter is told once, on the first lawful day
        with pytest.raises(Refused) as refused:
            office.act(held, "close_no_supplement", "tiepnhan", at=at("2026-06-18T16:00"),
                       originals_returned=True)  # fmt: skip
        assert "19/06/2026" in refused.value.sentence
        office.act(held, "close_no_supplement", "tiepnhan", at=at("2026-06-19T08:00"),
                   originals_returned=True)  # fmt: skip
        closed = office.fresh(dossier.id)
        assert closed.status == Status.CLOSED_NO_SUPPLEMENT and closed.settled_at is not None
        assert "dừng giải quyết" in _text("stop_notice").lower()


def test_payment_keeps_the_remainder(office: Office) -> None:
    """1.000798: the time of the financial obligation is not counted."""
    office.now = at("2026-04-20T09:00")
    dossier = office.receive_sample("1.000798", "mot-cua-huyen")
    dossier = office.walk(dossier, Status.APPRAISING)
    due = dossier.due_day
    office.act(dossier, "require_payment", "tiepnhan", at=at("2026-04-23T10:00"),
               amount=1_500_000, notice_number="12/TB-CCT")  # fmt: skip
    held = office.fresh(dossier.id)
    assert held.status == Status.PAYMENT_REQUIRED
    office.act(held, "payment_done", "tiepnhan", at=at("2026-05-06T10:00"), receipt_number="77")
    held = office.fresh(dossier.id)
    assert held.status == Status.APPRAISING and held.due_day > due
    assert [i.mode for i in clock.intervals_of(db.session, held)] == [
        Mode.RUNNING, Mode.PAUSED, Mode.RUNNING,
    ]  # fmt: skip
    office.now = at("2026-05-07T09:00")
    assert office.walk(held).status == Status.RETURNED


def test_no_pause_that_the_procedure_does_not_know(office: Office) -> None:
    dossier = _appraising(office)
    with pytest.raises(Refused) as refused:
        office.act(dossier, "require_payment", "tiepnhan", amount=1000)
    assert refused.value.code == "no_such_pause"


def test_one_apology_in_time_moves_the_promise_only(office: Office) -> None:
    dossier = _appraising(office)  # due Mon 08/06, latest apology Fri 05/06
    facts = {"late_code": "volume", "new_date": "2026-06-12", "reason": "Nhiều hồ sơ."}
    with pytest.raises(Refused) as refused:
        office.act(dossier, "extend_once", "chanhvp", at=at("2026-06-04T09:00"))
    assert refused.value.code == "no_proposal"
    office.act(dossier, "propose_extension", "truongphong", at=at("2026-06-04T09:00"), **facts)
    office.act(dossier, "extend_once", "chanhvp", at=at("2026-06-05T09:00"))
    held = office.fresh(dossier.id)
    assert held.due_day == date(2026, 6, 8) and str(held.due_at_original)[:10] == "2026-06-08"
    assert str(held.due_at)[:10] == "2026-06-12" and not held.late_apology
    assert "Nhiều hồ sơ" in _text("apology_notice")
    with pytest.raises(Refused) as refused:
        office.act(held, "propose_extension", "truongphong", at=at("2026-06-09T09:00"),
                   late_code="volume", new_date="2026-06-18", reason="Nữa.")  # fmt: skip
    assert refused.value.code == "apology_once"


def test_a_late_apology_is_allowed_and_marked(office: Office) -> None:
    dossier = _appraising(office)
    office.act(dossier, "propose_extension", "truongphong", at=at("2026-06-08T09:00"),
               late_code="volume", new_date="2026-06-12", reason="Nhiều hồ sơ.")  # fmt: skip
    office.act(dossier, "extend_once", "chanhvp", at=at("2026-06-08T10:00"))
    assert office.fresh(dossier.id).late_apology


def test_consultation_runs_on_and_lateness_is_reported(office: Office) -> None:
    dossier = _appraising(office)
    due = dossier.due_at
    office.act(dossier, "consult", "chuyenvien", at=at("2026-06-02T09:00"),
               units=["phong-tu-phap", "phong-noi-vu"], content="Cho ý kiến.",
               answer_by="2026-06-04")  # fmt: skip
    reply = {"reply": "Đồng ý."}
    with pytest.raises(Refused):
        office.act(dossier, "consult_reply", "phong-gddt.cv", **reply)
    office.act(dossier, "consult_reply", "phong-tu-phap.cv", at=at("2026-06-03T09:00"), **reply)
    with pytest.raises(Refused) as refused:
        office.act(dossier, "consult_close", "chuyenvien", at=at("2026-06-04T09:00"))
    assert "Phòng Nội vụ" in refused.value.sentence
    office.act(dossier, "consult_close", "chuyenvien", at=at("2026-06-05T09:00"))
    held = office.fresh(dossier.id)
    assert held.status == Status.APPRAISING and held.due_at == due
    assert '"late_units":["phong-noi-vu"]' in find.events_of(db.session, held)[-1].body
    told = db.session.scalars(select(Message).where(Message.kind == "consult_late")).one()
    assert '"late_units": ["phong-noi-vu"]' in told.payload and told.seq == held.event_seq


def test_verification_with_minutes(office: Office) -> None:
    dossier = _appraising(office)
    office.act(dossier, "start_verification", "chuyenvien", held_at="2026-06-03",
               place_name="Thôn 1", participants="Ông A", content="Đo đạc")  # fmt: skip
    with pytest.raises(Refused) as refused:
        office.act(dossier, "finish_verification", "chuyenvien", verified="Đúng.")
    assert "minutes" in refused.value.fields
    office.act(dossier, "finish_verification", "chuyenvien", verified="Đúng.", minutes="01/BB")
    assert office.walk(office.fresh(dossier.id)).status == Status.RETURNED


def test_withdrawal_and_its_rejection(office: Office) -> None:
    dossier = _appraising(office)
    office.act(dossier, "request_withdraw", "tiepnhan", reason="Đổi ý.")
    office.act(dossier, "reject_withdraw", "chanhvp", reason="Kết quả sắp phát hành.")
    held = office.fresh(dossier.id)
    assert held.status == Status.APPRAISING and held.status_before is None
    office.act(held, "request_withdraw", "tiepnhan", reason="Đổi ý.")
    with pytest.raises(Refused):
        office.act(held, "confirm_withdraw", "tiepnhan", originals_returned=True)
    office.act(held, "confirm_withdraw", "chanhvp", originals_returned=True, fee_decision="kept")
    ended = office.fresh(dossier.id)
    assert ended.status == Status.WITHDRAWN and ended.settled_at and ended.originals_held == 0
    assert not [s for s in office.steps(ended) if s.state in ("active", "pending")]
    assert "không hoàn lại" in _text("stop_notice")


def test_halting_needs_a_basis(office: Office) -> None:
    dossier = _appraising(office)
    with pytest.raises(Refused):
        office.act(dossier, "halt", "lanhdao", reason="Tòa án yêu cầu.", originals_returned=True)
    office.act(dossier, "halt", "lanhdao", reason="Tòa án yêu cầu.", originals_returned=True,
               legal_basis="Quyết định 5/QĐ-TA")  # fmt: skip
    assert office.fresh(dossier.id).status == Status.HALTED


def test_wrongly_sent_comes_back_and_the_clock_runs(office: Office) -> None:
    dossier = office.receive()
    office.act(dossier, "send_to_agency", "tiepnhan")
    office.act(dossier, "return_transfer", "vanthu", reason="Không thuộc phòng này.")
    held = office.fresh(dossier.id)
    assert held.status == Status.ACCEPTED and held.due_at == dossier.due_at
    assert office.walk(held).status == Status.RETURNED


def test_post_delivered_and_failed(office: Office) -> None:
    office.now += timedelta(0)
    dossier = office.receive(make_request(result_channel="post"))
    dossier = office.walk(dossier, Status.AT_ONE_STOP)
    facts = {"waybill": "VN123", "originals_returned": True, "fee_paid": True}
    office.act(dossier, "hand_to_post", "traketqua", **facts)
    office.act(dossier, "post_failed", "traketqua", reason="Vắng nhà.")
    office.act(dossier, "hand_to_post", "traketqua", **facts)
    office.act(dossier, "post_delivered", "traketqua", delivered_on="2026-11-27")
    ended = office.fresh(dossier.id)
    assert ended.status == Status.RETURNED and ended.waybill == "VN123"
    direct = office.walk(office.receive(), Status.AT_ONE_STOP)
    with pytest.raises(Refused) as refused:
        office.act(direct, "hand_to_post", "traketqua", **facts)
    assert refused.value.code == "not_by_post"


def test_an_officer_may_take_a_proposal_back(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.SUBMITTED_FOR_APPROVAL)
    with pytest.raises(Refused):
        office.act(dossier, "recall", "truongphong", reason="x")
    office.act(dossier, "recall", "chuyenvien", reason="Sửa dự thảo.")
    assert office.walk(office.fresh(dossier.id)).status == Status.RETURNED


def test_a_faulty_result_goes_back_to_the_stamp(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.AT_ONE_STOP)
    office.act(dossier, "return_to_agency", "traketqua", reason="In nhầm ngày sinh.")
    held = office.fresh(dossier.id)
    assert held.status == Status.APPROVED and held.settled_at is None
    office.act(held, "issue", "vanthu", number="99", symbol="GPXD")
    assert office.walk(office.fresh(held.id)).status == Status.RETURNED


def test_partners_wait_and_answer(office: Office) -> None:
    """1.001622: the finance department cooperates; the agency itself only waits meanwhile."""
    dossier = office.walk(office.receive_sample("1.001622", "mot-cua-huyen"),
                          Status.AWAITING_PARTNER)  # fmt: skip
    assert dossier.status == Status.AWAITING_PARTNER
    assert office.walk(dossier).status == Status.RETURNED


def test_every_form_named_by_the_table_exists() -> None:
    from app.core.workflow import TRANSITIONS

    assert {row.form for row in TRANSITIONS if row.form} <= set(FORMS)
