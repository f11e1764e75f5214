"""What goes on beside and after the settlement, each with what the decree wants of it."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app import jobs
from app.clock import VIETNAM
from app.core.calendar import CalendarDay, WorkCalendar
from app.core.completeness import FeeGiven
from app.core.refusals import Refused
from app.core.states import Role, Status
from app.extensions import db
from app.journey import clock, consulting, find
from app.models import Correction, Dossier, Event, Message
from tests.make import Office, make_request

S = Status
ERROR = {"error": "Sai năm sinh.", "reported_by": "Nguyễn Thị Mẫu"}
HANDED = {"receiver": "Nguyễn Thị Mẫu", "receiver_id": "038190000123", "old_returned": True}


def _refused(office: Office, dossier: Dossier, action: str, by: str, **facts: Any) -> str:
    with pytest.raises(Refused) as no:
        office.act(dossier, action, by, **facts)
    db.session.rollback()
    return no.value.code


def _last(dossier: Dossier) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(find.events_of(db.session, dossier)[-1].body)
    return found


# --- a result with an error ------------------------------------------------------------------


class TestCorrectionUnderTheDecreeOf2025:
    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    def test_three_working_days_and_the_dossier_stays_returned(self, office: Office) -> None:
        code = next(
            c for c, e in sorted(office.rules.offered(office.now.date()).items())
            if not e.procedure.confidential and "tt-pvhcc-xa" in e.procedure.received_at
            and any(s.decides for s in e.procedure.steps_for(next(iter(e.procedure.cases), None)
                    and next(iter(e.procedure.cases)).id))
        )  # fmt: skip
        counter = office.rules.resolve("tt-pvhcc-xa", "nga-son") or ""
        dossier = office.walk(office.receive_sample(code, counter))
        assert dossier.status == S.RETURNED
        clerk = office.cast.holder(Role.INTAKE_OFFICER, dossier.one_stop).username
        at = datetime(2026, 12, 4, 10, 0, tzinfo=VIETNAM)  # a Friday
        office.act(dossier, "report_error", clerk, at=at, **ERROR)
        case = db.session.scalars(select(Correction)).one()
        assert case.due_at == datetime(2026, 12, 9, 17, 0, tzinfo=VIETNAM)
        assert office.fresh(dossier.id).status == S.RETURNED


def test_a_correction_from_report_to_hand_over(each_office: Office) -> None:
    office = each_office
    dossier = office.walk(office.receive())
    old = dossier.result_number
    assert _refused(office, dossier, "correct_result", "vanthu", corrected="Sửa.", number="9",
                    symbol="GPXD") == "no_correction"  # fmt: skip
    office.act(dossier, "report_error", "tiepnhan", **ERROR)
    assert _refused(office, dossier, "report_error", "tiepnhan", **ERROR) == "correction_open"
    assert _refused(office, dossier, "return_corrected", "traketqua", **HANDED) == "no_correction"
    office.act(
        dossier, "correct_result", "vanthu", corrected="Năm sinh 1990.", number="99", symbol="GPXD"
    )
    unseen = HANDED | {"old_returned": False}
    assert _refused(office, dossier, "return_corrected", "traketqua", **unseen) == "bad_facts"
    office.act(dossier, "return_corrected", "traketqua", **HANDED)
    held = office.fresh(dossier.id)
    assert (held.status, held.correction, held.result_number) == (S.RETURNED, None, "99/GPXD")
    case = db.session.scalars(select(Correction)).one()
    assert (case.state, case.old_number, case.new_number) == ("returned", old, "99/GPXD")
    office.act(dossier, "report_error", "tiepnhan", **ERROR)  # it may happen again
    office.act(dossier, "reject_correction", "chanhvp", reason="Khai đúng như giấy khai sinh.")
    states = db.session.scalars(select(Correction.state).order_by(Correction.number)).all()
    assert states == ["returned", "rejected"]


# --- lost, given back, settled at once -------------------------------------------------------


def test_a_lost_result_is_issued_again_before_it_is_returned(office: Office) -> None:
    dossier = office.walk(office.receive(), S.AT_ONE_STOP)
    lost = {"lost_kind": "result", "lost_what": "Giấy phép", "blamed_unit": "Một cửa", "cost": 0}
    office.act(dossier, "report_lost", "traketqua", **lost)
    given = HANDED | {"originals_returned": True, "fee_paid": True}
    del given["old_returned"]
    assert _refused(office, dossier, "return_direct", "traketqua", **given) == "result_lost"
    office.act(dossier, "reissue", "traketqua", reason="Cấp lại giấy phép bị mất.")
    assert office.fresh(dossier.id).status == S.APPROVED
    assert office.walk(dossier).status == S.RETURNED


def test_papers_may_be_lost_at_any_time_a_result_only_once_there_is_one(office: Office) -> None:
    dossier = office.receive()
    lost = {"lost_what": "Bản vẽ", "blamed_unit": "Một cửa"}
    told = {"lost_kind": "result"} | lost
    assert _refused(office, dossier, "report_lost", "tiepnhan", **told) == "bad_facts"
    office.act(dossier, "report_lost", "tiepnhan", lost_kind="papers", **lost)
    assert _refused(office, dossier, "reissue", "tiepnhan", reason="Mất.") == "wrong_status"


@pytest.mark.parametrize("amount", [0, 75_001])
def test_no_more_is_given_back_than_was_taken(office: Office, amount: int) -> None:
    fees = (FeeGiven(1, 1, 75_000, "", "now"),)
    dossier = office.receive(make_request(fees=fees))
    paid = {"receipt_number": "1", "reason": "Nộp thừa."}
    wrong = _refused(office, dossier, "refund", "tiepnhan", refund_amount=amount, **paid)
    assert wrong == "bad_facts"
    office.act(dossier, "refund", "tiepnhan", refund_amount=70_000, **paid)
    again = _refused(office, dossier, "refund", "tiepnhan", refund_amount=5_001, **paid)
    assert again == "bad_facts"
    assert office.fresh(dossier.id).fee_refunded == 70_000


def test_settled_at_once_where_the_procedure_is_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = office.receive_sample("2.000815", "mot-cua-xa@nga-yen")
    done = {"result_text": "Đã chứng thực 02 bản.", "originals_returned": True, "fee_paid": True}
    code = _refused(office, dossier, "immediate_settle", "tiepnhan.xa", **done)
    assert code == "not_immediate"
    edition = office.rules.editions[dossier.edition_id]
    limit = dataclasses.replace(edition.procedure.time_limit, unit="immediate", cutoff=None)
    procedure = dataclasses.replace(edition.procedure, time_limit=limit)
    immediate = dataclasses.replace(edition, procedure=procedure)
    monkeypatch.setitem(office.rules.editions, edition.id, immediate)  # type: ignore[arg-type]
    office.act(dossier, "immediate_settle", "tiepnhan.xa", **done)
    held = office.fresh(dossier.id)
    assert (held.status, held.outcome) == (S.RETURNED, "granted")
    assert held.settled_at == held.returned_at == office.now
    assert {s.state for s in office.steps(held)} == {"done"}


def test_to_another_level_only_where_the_work_lies_there(office: Office) -> None:
    near, far = office.receive(), office.receive_sample("1.003003", "mot-cua-huyen")
    told = {"to_one_stop": "Bộ phận Một cửa cấp tỉnh"}
    assert _refused(office, near, "send_to_other_one_stop", "tiepnhan", **told) == "same_level"
    office.act(far, "send_to_other_one_stop", "tiepnhan", **told)
    assert office.fresh(far.id).status == S.IN_TRANSFER
    assert _last(far)["facts"]["to_one_stop"] == told["to_one_stop"]


# --- the applicant's own step, open steps after a stop ---------------------------------------


def test_the_applicants_step_pauses_the_clock_by_itself(each_office: Office) -> None:
    office = each_office
    dossier = office.walk(office.receive_sample("1.003003", "mot-cua-huyen"), S.PAYMENT_REQUIRED)
    due = dossier.due_at_original
    assert dossier.status == S.PAYMENT_REQUIRED and due is not None
    modes = [str(part.mode) for part in clock.intervals_of(db.session, dossier)]
    assert modes == ["running", "paused"]
    begun = _last(dossier)
    assert (begun["action"], begun["actor_name"]) == ("require_payment", "Hệ thống")
    paused, calendar = office.now, office.rules.calendar
    office.now = calendar.opening(calendar.add_working_days(paused.date(), 5))
    office.act(dossier, "payment_done", "tiepnhan", receipt_number="12")
    held = office.fresh(dossier.id)
    assert held.due_day == calendar.add_working_days(due.astimezone(VIETNAM).date(), 5)
    own = next(s for s in office.steps(held) if s.step_role == "người nộp")
    assert own.state == "done"
    assert office.walk(held).status == S.RETURNED


def test_a_supplement_gives_open_steps_their_limits_anew(office: Office) -> None:
    dossier = office.walk(office.receive(), S.APPRAISING)
    items = [{"component": 1, "defect": "Thiếu chữ ký"}]
    office.act(dossier, "propose_supplement", "chuyenvien", items=items, reason="Thiếu.")
    office.act(dossier, "approve_notice", "truongphong")
    office.act(dossier, "request_supplement", "tiepnhan")
    done = [(s.position, s.done_at) for s in office.steps(dossier) if s.state == "done"]
    back = datetime(2026, 12, 14, 9, 0, tzinfo=VIETNAM)
    office.act(dossier, "supplement_received", "tiepnhan", at=back)
    steps = office.steps(dossier)
    assert [(s.position, s.done_at) for s in steps if s.state == "done"] == done
    opened = next(s for s in steps if s.state == "active")
    assert opened.started_at == back and opened.due_at is not None and opened.due_at > back


# --- the calendar changes --------------------------------------------------------------------


def test_a_new_day_off_moves_open_dossiers_only(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = each_office
    open_one, done = office.receive(), office.walk(office.receive())
    due = open_one.due_at_original
    assert due == datetime(2026, 12, 2, 17, 0, tzinfo=VIETNAM)
    assert jobs.run(office.rules, office.now)["recomputed"] == 0
    calendar = office.rules.calendar
    known = calendar.rows(date(min(calendar.years), 1, 1), date(max(calendar.years), 12, 31))
    off = CalendarDay(date(2026, 12, 1), "off_holiday", "Nghỉ bão", "Công điện")
    changed = WorkCalendar([*known, off], years=calendar.years)
    monkeypatch.setattr(office.rules, "calendar", changed)
    assert jobs.run(office.rules, office.now)["recomputed"] == 1
    assert jobs.run(office.rules, office.now)["recomputed"] == 0
    held = office.fresh(open_one.id)
    assert held.due_at_original == datetime(2026, 12, 3, 17, 0, tzinfo=VIETNAM)
    told = _last(held)
    assert (told["action"], told["facts"]["old_day"], told["facts"]["new_day"]) == (
        "recompute_due", "2026-12-02", "2026-12-03",
    )  # fmt: skip
    assert "Nghỉ bão" in held.due_reasons
    assert office.fresh(done.id).due_at_original == done.due_at_original
    told_of = db.session.scalars(select(Message.seq).where(Message.subject == held.id)).all()
    assert told["seq"] in told_of


# --- asked units, closed dossiers that come again ---------------------------------------------


def test_an_asked_unit_sees_the_request_only(office: Office, as_user: Any) -> None:
    dossier = office.walk(office.receive(), S.APPRAISING)
    office.act(dossier, "consult", "chuyenvien", units=["phong-tu-phap"],
               content="Ranh giới có tranh chấp không?", answer_by="2026-11-27")  # fmt: skip
    asked = office.person("phong-tu-phap.cv")
    with pytest.raises(Refused):
        find.dossier_of(db.session, asked, dossier.code or "")
    assert find.search(db.session, asked, find.Wanted(text="mau")) == []
    waiting = consulting.requests_to(db.session, asked)
    assert [a.dossier.id for a in waiting] == [dossier.id]
    browser = as_user("phong-tu-phap.cv")
    assert "Ranh giới có tranh chấp" in browser.get("/tham-dinh").text
    assert browser.get(f"/ho-so/{dossier.code}").status_code == 404
    page = browser.get(f"/y-kien/{dossier.code}").text
    assert "Ranh giới có tranh chấp" in page and "Nguyễn Thị Mẫu" not in page
    empty = browser.post(f"/y-kien/{dossier.code}", data={"reply": " "})
    assert empty.status_code == 422 and "Hãy nhập nội dung trả lời" in empty.text
    sent = browser.post(f"/y-kien/{dossier.code}", data={"reply": "Không có tranh chấp."})
    assert sent.status_code == 303
    assert "Không có tranh chấp." in browser.get(f"/y-kien/{dossier.code}").text
    assert consulting.requests_to(db.session, asked) == []
    assert as_user("lanhdao.xa").get(f"/y-kien/{dossier.code}").status_code == 404


def test_a_closed_dossier_comes_again_linked(office: Office) -> None:
    first = office.walk(office.receive(), S.APPRAISING)
    open_code = first.code
    with pytest.raises(Refused) as no:
        office.receive(make_request(previous=open_code))
    assert no.value.code == "not_previous"
    db.session.rollback()
    office.act(first, "request_withdraw", "tiepnhan", reason="Chưa đủ giấy tờ.")
    office.act(first, "confirm_withdraw", "chanhvp", originals_returned=True)
    again = office.receive(make_request(previous=open_code))
    assert again.previous_id == first.id and again.code != first.code
    accepted = db.session.scalars(
        select(Event).where(Event.subject == again.id, Event.action == "accept")
    ).one()
    assert json.loads(accepted.body)["facts"]["previous"] == open_code


def test_thu_ly_takes_the_number_of_its_notice(office: Office) -> None:
    dossier = office.walk(office.receive_sample("2.002408", "tiep-cong-dan"), S.APPRAISING)
    step = next(s for s in office.steps(dossier) if s.state == "active")
    officer = next(a.username for a in office.cast.actors.values() if a.id == step.assignee_id)
    assert _refused(office, dossier, "thu_ly", officer) == "bad_facts"
    office.act(dossier, "thu_ly", officer, number="7", symbol="TB-TL")
    assert [m.number for m in clock.moves_of(db.session, dossier)] == ["7/TB-TL"]
