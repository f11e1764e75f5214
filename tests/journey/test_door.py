"""The door: who may do what when; every refusal is a sentence and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.facts import facts_of
from app.core.refusals import Refused
from app.core.states import CLOSED, Role, Status
from app.core.workflow import BY_ACTION, TRANSITIONS, Transition
from app.extensions import db, writing
from app.intake import actions as intake
from app.journey import door, find
from app.journey.audit import verify
from app.models import Dossier
from tests.make import Office, make_request

STRAIGHT = (
    Status.ACCEPTED, Status.IN_TRANSFER, Status.APPRAISING, Status.SUBMITTED_FOR_APPROVAL,
    Status.APPROVED, Status.ISSUED, Status.AT_ONE_STOP, Status.RETURNED,
)  # fmt: skip
PEOPLE = (
    "tiepnhan", "traketqua", "chuyenvien", "truongphong", "lanhdao", "vanthu", "chanhvp",
    "quantri", "tiepnhan.xa", "lanhdao.xa",
)  # fmt: skip
GIVEN = {
    "reason": "Có lý do cụ thể.", "reason_code": "not_eligible", "assignee": "chuyenvien",
    "number": "5", "symbol": "GPXD", "receiver": "Nguyễn Thị Mẫu", "receiver_id": "038190000123",
    "originals_returned": True, "fee_paid": True, "changes": {"phone": "0987654321"},
    "items": [{"component": 1, "defect": "Thiếu chữ ký"}], "units": ["phong-tnmt"],
    "content": "Có ý kiến về quy hoạch không?", "answer_by": "2026-12-01", "told_by": "phone",
    "held_at": "2026-11-28", "place_name": "Thửa 12", "participants": "Hai người.",
    "late_code": "volume", "error": "Sai năm sinh.", "reported_by": "Nguyễn Thị Mẫu",
    "lost_kind": "papers", "lost_what": "Bản vẽ", "blamed_unit": "Bộ phận Một cửa",
    "new_date": "2026-12-10", "waybill": "RR123VN", "legal_basis": "Quyết định 12/QĐ-UBND",
}  # fmt: skip

# Who may do what in each state of a district dossier without a delegation (1.013228).
COUNTER = {"tiepnhan", "traketqua"}
LOOK_AFTER = {"amend_data": COUNTER | {"chanhvp"}, "report_lost": COUNTER | {"chanhvp"}}
BEFORE_RESULT = LOOK_AFTER | {"request_withdraw": COUNTER, "halt": {"lanhdao"}}
EXTENSION = {"propose_extension": {"truongphong", "lanhdao"}}
RECEIVERS = {"vanthu", "truongphong", "lanhdao"}
MAY: dict[Status, dict[str, set[str]]] = {
    Status.ACCEPTED: BEFORE_RESULT | {"send_to_agency": COUNTER, "void": {"chanhvp"}},
    Status.IN_TRANSFER: BEFORE_RESULT
    | {"agency_receive": RECEIVERS, "return_transfer": RECEIVERS},
    Status.APPRAISING: BEFORE_RESULT
    | EXTENSION
    | {
        "reassign": {"truongphong"}, "propose_result": {"chuyenvien"},
        "propose_refusal": {"chuyenvien"}, "propose_supplement": {"chuyenvien"},
        "start_verification": {"chuyenvien"}, "consult": {"chuyenvien"},
        "counter_error": {"chuyenvien", "truongphong", "vanthu"},
    },
    Status.SUBMITTED_FOR_APPROVAL: BEFORE_RESULT
    | EXTENSION
    | {"finish_step": {"truongphong"}, "send_back": {"truongphong"}, "recall": {"chuyenvien"}},
    Status.APPROVED: BEFORE_RESULT | EXTENSION | {"issue": {"vanthu"}, "clerk_return": {"vanthu"}},
    Status.ISSUED: LOOK_AFTER | {"receive_result": COUNTER},
    Status.AT_ONE_STOP: LOOK_AFTER
    | {
        "return_direct": COUNTER, "notify_ready": COUNTER,
        "return_to_agency": COUNTER | {"chanhvp"},
    },
    Status.RETURNED: {"report_error": COUNTER | {"chanhvp"}},
}  # fmt: skip


def _facts(row: Transition) -> dict[str, object]:
    return {f.name: GIVEN[f.name] for f in facts_of(row) if f.name in GIVEN}


@pytest.mark.parametrize("status", STRAIGHT)
@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda r: r.action)
def test_allowed_exactly_where_the_table_says(
    office: Office, status: Status, row: Transition
) -> None:
    """Every (state, action, person): done, or refused with a sentence and nothing stored."""
    dossier = office.walk(office.receive(), status)
    assert dossier.status == status
    allowed = MAY[status].get(row.action, set())
    version, number = dossier.version, dossier.id
    for username in PEOPLE:
        if username in allowed:
            continue
        with pytest.raises(Refused) as refused:
            office.act(dossier, row.action, username, **_facts(row))
        assert refused.value.sentence.endswith("."), refused.value.sentence
        assert len(refused.value.sentence) > 15
        db.session.rollback()
        dossier = office.fresh(number)
        assert (dossier.version, dossier.status) == (version, status)
    for username in sorted(allowed)[:1]:
        office.act(dossier, row.action, username, **_facts(row))
        assert office.fresh(number).version > version


@pytest.mark.parametrize("status", STRAIGHT)
def test_the_buttons_are_what_the_door_lets_through(office: Office, status: Status) -> None:
    dossier = office.walk(office.receive(), status)
    steps = office.steps(dossier)
    for username in PEOPLE:
        shown = door.allowed_actions(
            db.session, office.rules, dossier, steps, office.person(username), office.now
        )
        expected = {a for a, who in MAY[status].items() if username in who}
        if status == Status.ACCEPTED and username == "chanhvp":
            expected.add("void")
        assert set(shown) == expected, (username, shown)


def test_no_way_out_of_an_end_state() -> None:
    for row in TRANSITIONS:
        assert row.to is None or not row.sources & CLOSED, row.action


def test_every_action_is_listed_once_and_labelled() -> None:
    starts = [(row.action, source) for row in TRANSITIONS for source in row.sources]
    assert len(starts) == len(set(starts)), "an action of a state has one row"
    assert set(BY_ACTION) == {row.action for row in TRANSITIONS}
    for row in TRANSITIONS:
        assert row.label and row.basis, row.action
        assert row.label[0].isupper()


def test_commune_officer_is_assigned_by_itself(office: Office) -> None:
    dossier = office.receive_sample("1.001193", "mot-cua-xa@nga-yen")
    office.act(dossier, "send_to_agency", "tiepnhan.xa")
    office.act(dossier, "agency_receive", "tiepnhan.xa")
    dossier = office.fresh(dossier.id)
    assert dossier.status == Status.APPRAISING
    actions = [e.action for e in find.events_of(db.session, dossier)]
    assert actions == ["accept", "send_to_agency", "agency_receive", "assign"]


def test_a_unit_with_several_officers_waits_for_its_head(office: Office) -> None:
    from app.models import Posting

    with writing() as session:
        other = office.person("traketqua")
        session.add(Posting(staff_id=other.id, unit_id="phong-kt-ht", role=Role.CASE_OFFICER))
    dossier = office.receive()
    office.act(dossier, "send_to_agency", "tiepnhan")
    office.act(dossier, "agency_receive", "vanthu")
    assert office.fresh(dossier.id).status == Status.RECEIVED_BY_AGENCY
    with pytest.raises(Refused) as refused:
        office.act(dossier, "assign", "truongphong", assignee="lanhdao")
    assert "Có thể giao cho" in refused.value.sentence
    office.act(dossier, "assign", "truongphong", assignee="traketqua")
    dossier = office.fresh(dossier.id)
    assert dossier.status == Status.APPRAISING
    with pytest.raises(Refused) as refused:  # assigned to somebody else
        office.act(dossier, "propose_result", "chuyenvien")
    assert "đã giao cho người khác" in refused.value.sentence


def test_send_back_opens_appraisal_again_and_keeps_the_reason(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.SUBMITTED_FOR_APPROVAL)
    with pytest.raises(Refused) as refused:
        office.act(dossier, "send_back", "truongphong")
    assert refused.value.fields == {"reason": "Hãy nhập lý do."}
    office.act(dossier, "finish_step", "truongphong")
    office.act(dossier, "send_back", "lanhdao", reason="Thiếu căn cứ.")
    dossier = office.fresh(dossier.id)
    assert dossier.status == Status.APPRAISING and dossier.outcome is None
    states = [(s.position, s.state) for s in office.steps(dossier)]
    assert states == [(1, "done"), (2, "active"), (3, "pending"), (4, "pending"), (5, "pending"),
                      (6, "pending")]  # fmt: skip
    assert office.walk(dossier).status == Status.RETURNED


def test_clerk_return_opens_the_decision_again(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.APPROVED)
    office.act(dossier, "clerk_return", "vanthu", reason="Thiếu nơi nhận.")
    dossier = office.fresh(dossier.id)
    assert dossier.status == Status.SUBMITTED_FOR_APPROVAL
    assert [s.position for s in office.steps(dossier) if s.state == "active"] == [4]
    assert office.walk(dossier).status == Status.RETURNED


def test_refusal_is_a_result_that_is_handed_over(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.APPRAISING)
    office.act(
        dossier, "propose_refusal", "chuyenvien", reason="Không đúng quy hoạch.",
        reason_code="not_eligible", legal_basis="Điều 19 Nghị định 61/2018/NĐ-CP",
    )  # fmt: skip
    office.act(dossier, "finish_step", "truongphong")
    office.act(dossier, "approve", "lanhdao")
    with pytest.raises(Refused) as refused:
        office.act(dossier, "issue", "vanthu", number="9", symbol="GPXD")
    assert refused.value.code == "wrong_issue"
    office.act(dossier, "issue_refusal", "vanthu", number="9", symbol="TB-UBND")
    dossier = office.fresh(dossier.id)
    assert (dossier.status, dossier.outcome) == (Status.REFUSAL_ISSUED, "refused")
    assert dossier.settled_at is not None
    assert office.walk(dossier).status == Status.RETURNED


def test_nobody_approves_what_they_proposed(office: Office) -> None:
    from app.models import Posting

    with writing() as session:
        officer = office.person("chuyenvien")
        session.add(Posting(staff_id=officer.id, unit_id="ubnd-huyen", role=Role.APPROVER))
    fresh = Office(office.app)
    dossier = fresh.walk(fresh.receive(), Status.SUBMITTED_FOR_APPROVAL)
    fresh.act(dossier, "finish_step", "truongphong")
    with pytest.raises(Refused) as refused:
        fresh.act(dossier, "approve", "chuyenvien")
    assert refused.value.code == "same_person"
    fresh.act(dossier, "approve", "lanhdao")


def test_full_process_under_a_delegation(office: Office) -> None:
    """1.013227 under DEMO-01 (approve_and_stamp): everything happens at the one-stop."""
    dossier = office.receive_sample("1.013227", "mot-cua-huyen")
    assert dossier.delegation_id is not None
    assert {s.unit_id for s in office.steps(dossier)} == {"mot-cua-huyen"}
    with pytest.raises(Refused) as refused:
        office.act(dossier, "send_to_agency", "tiepnhan")
    assert refused.value.code == "settled_at_one_stop"
    office.act(dossier, "start_at_one_stop", "tiepnhan")
    office.act(dossier, "propose_result", "chuyenvien")
    office.act(dossier, "finish_step", "chanhvp")
    office.act(dossier, "approve", "chanhvp")
    office.act(dossier, "issue", "vanthu", number="1", symbol="GPXD")
    dossier = office.walk(office.fresh(dossier.id))
    events = find.events_of(db.session, dossier)
    assert {e.place for e in events} == {"one_stop"}
    assert '"acting_for":"ubnd-huyen"' in next(e for e in events if e.action == "approve").body


def test_a_delegation_to_propose_only_leaves_the_signature_at_the_agency(office: Office) -> None:
    from app.models import Delegation

    with writing() as session:
        row = session.query(Delegation).filter_by(number="DEMO-01/QĐ-UBND").one()
        row.level = "submit_for_approval"
        from app.journey.publishing import renew

        renew(session)
    fresh = Office(office.app)
    dossier = fresh.receive_sample("1.013227", "mot-cua-huyen")
    units = [(s.step_role, s.unit_id) for s in fresh.steps(dossier)]
    assert ("thẩm định", "mot-cua-huyen") in units
    assert ("lãnh đạo UBND", "ubnd-huyen") in units and ("văn thư", "vp-hdnd-ubnd") in units
    assert fresh.walk(dossier).status == Status.RETURNED


def test_a_delegation_that_ended_counts_no_more(office: Office) -> None:
    from datetime import date

    from app.journey.publishing import renew
    from app.models import Delegation

    open_one = office.receive_sample("1.013227", "mot-cua-huyen")
    with writing() as session:
        row = session.query(Delegation).filter_by(number="DEMO-01/QĐ-UBND").one()
        row.revoked_at = date(2024, 12, 31)
        renew(session)
    fresh = Office(office.app)
    assert fresh.receive_sample("1.013227", "mot-cua-huyen").delegation_id is None
    assert fresh.walk(fresh.fresh(open_one.id)).status == Status.RETURNED  # keeps its own route


def test_void_only_on_the_day_and_before_any_step(office: Office) -> None:
    dossier = office.receive()
    with pytest.raises(Refused) as refused:
        office.act(
            dossier, "void", "chanhvp", at=office.now + timedelta(days=1), reason="Nhầm thủ tục."
        )
    assert refused.value.code == "too_late_to_void"
    office.act(dossier, "void", "chanhvp", reason="Nhầm thủ tục.")
    voided = office.fresh(dossier.id)
    assert voided.status == Status.VOIDED
    assert not [s for s in office.steps(voided) if s.state in ("active", "pending")]
    assert office.receive().code == "H56.99-261125-0002"  # the code stays used


def test_amend_data_keeps_old_and_new_with_the_reason(office: Office) -> None:
    dossier = office.receive()
    with pytest.raises(Refused) as refused:
        office.act(
            dossier, "amend_data", "tiepnhan", reason="Gõ nhầm.", changes={"personal_id": "12"}
        )
    assert "12 chữ số" in refused.value.sentence
    with pytest.raises(Refused):
        office.act(dossier, "amend_data", "tiepnhan", reason="Gõ nhầm.", changes={"status": "x"})
    office.act(
        dossier, "amend_data", "tiepnhan", reason="Gõ nhầm.",
        changes={"applicant_name": "Nguyễn Thị Mẫn", "birth_date": "06/02/1990"},
    )  # fmt: skip
    dossier = office.fresh(dossier.id)
    assert dossier.applicant_name == "Nguyễn Thị Mẫn" and dossier.name_folded == "nguyen thi man"
    assert str(dossier.birth_date) == "1990-02-06"
    last = find.events_of(db.session, dossier)[-1]
    assert '"applicant_name":["Nguyễn Thị Mẫu","Nguyễn Thị Mẫn"]' in last.body
    change = {"changes": {"applicant_old_id": "171234567"}, "reason": "Theo thẻ."}
    office.act(dossier, "amend_data", "tiepnhan", **change)
    dossier = office.fresh(dossier.id)
    assert dossier.applicant_old_id == "171234567"
    last = find.events_of(db.session, dossier)[-1]
    assert '"applicant_old_id":["","171234567"]' in last.body
    assert verify(db.session).fault is None
    assert dossier.status == Status.ACCEPTED


def test_return_asks_for_originals_fee_and_authorisation(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.AT_ONE_STOP)
    with pytest.raises(Refused) as refused:
        office.act(
            dossier, "return_direct", "traketqua", receiver="Lê Văn Nhận", receiver_id="038",
            receiver_relation="authorised",
        )  # fmt: skip
    assert set(refused.value.fields) == {"originals_returned", "authorisation"}
    office.act(
        dossier, "return_direct", "traketqua", receiver="Lê Văn Nhận", receiver_id="038",
        receiver_relation="authorised", authorisation="12/UQ ngày 01/12/2026",
        originals_returned=True,
    )  # fmt: skip
    assert office.fresh(dossier.id).originals_held == 0


def test_an_unknown_action_and_a_wrong_step_are_refused(office: Office) -> None:
    dossier = office.receive()
    for action, code in (("fly", "no_such_action"), ("accept", "use_intake")):
        with pytest.raises(Refused) as refused:
            office.act(dossier, action, "tiepnhan")
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        office.act(dossier, "send_to_agency", "tiepnhan", step=4)
    assert refused.value.code == "no_step"


def test_an_old_form_is_told_so(office: Office) -> None:
    dossier = office.receive()
    office.act(dossier, "amend_data", "tiepnhan", reason="Sửa số.", changes={"phone": "0987654321"})
    with pytest.raises(Refused) as refused:
        office.act(dossier, "send_to_agency", "tiepnhan", version=1)
    assert refused.value.code == "stale" and refused.value.detail == {"version": 2}


def test_a_new_edition_never_changes_an_open_dossier(office: Office) -> None:
    import json
    from datetime import date

    from app.journey import publishing
    from app.models import ProcedureEdition

    open_one = office.receive()
    due, steps = open_one.due_at, len(office.steps(open_one))
    with writing() as session:
        row = session.query(ProcedureEdition).filter_by(code="1.013228", number=1).one()
        data = json.loads(row.content)
        data["time_limit"]["amount"] = 7
        data["steps"][1]["time"] = 4
        publishing.publish(session, data, "0" * 64, "9/QĐ-UBND", date(2025, 1, 2), office.now)
        publishing.renew(session)
    fresh = Office(office.app)
    newer = fresh.receive()
    assert newer.due_at > due
    held = fresh.fresh(open_one.id)
    assert (held.due_at, len(fresh.steps(held))) == (due, steps)
    assert fresh.rules.editions[held.edition_id].number == 1
    assert fresh.rules.editions[newer.edition_id].number == 3  # 2 is that of 2025
    assert fresh.walk(held).status == Status.RETURNED


def test_the_log_is_whole_after_all_this(office: Office) -> None:
    for code in ("1.013228", "1.013227", "2.000908"):
        office.walk(office.receive_sample(code, "mot-cua-huyen"))
    assert verify(db.session).fault is None


def test_a_draft_becomes_the_dossier(office: Office) -> None:
    officer = office.person("tiepnhan")
    with writing() as session:
        form = {"procedure": "1.013228", "name": "Nguyễn Thị Mẫu"}
        temporary = intake.save_draft(
            session, office.rules, officer, office.now, "mot-cua-huyen", form
        )
        assert intake.save_draft(
            session, office.rules, officer, office.now, "mot-cua-huyen", form, temporary
        ) == temporary  # fmt: skip
    assert temporary.startswith("TAM-")
    dossier = office.receive(make_request(draft=temporary))
    assert dossier.temporary_id == temporary and dossier.code
    actions = [e.action for e in find.events_of(db.session, dossier)]
    assert actions == ["register_counter", "accept"]
    assert verify(db.session).fault is None
    with pytest.raises(Refused) as refused:
        office.receive(make_request(draft=temporary))
    assert refused.value.code == "already_received" and dossier.code in refused.value.sentence


def test_refused_at_the_counter_has_no_code_and_no_clock(office: Office) -> None:
    with writing() as session:
        temporary = intake.refuse(
            session, office.rules, office.person("tiepnhan"), office.now, make_request(papers=()),
            reason="Thuộc thẩm quyền cấp tỉnh.", reason_code="wrong_authority",
        )  # fmt: skip
    dossier = db.session.query(Dossier).filter_by(temporary_id=temporary).one()
    assert dossier.code is None and dossier.due_at is None and dossier.lookup_code is None
    assert dossier.status == Status.INTAKE_REFUSED
