"""The rows of the control slip, from lives led through the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clock import VIETNAM
from app.core.states import Role, Status
from app.extensions import db, writing
from app.journey import find, slips
from app.models import Dossier, Posting, Staff
from tests.make import TODAY, Office

COUNTER, ROOM, DECIDES, SEALS = "mot-cua-huyen", "phong-kt-ht", "ubnd-huyen", "vp-hdnd-ubnd"
ROUTE = [(COUNTER, ROOM), (ROOM, DECIDES), (DECIDES, SEALS), (SEALS, COUNTER)]


def rows(office: Office, dossier: Dossier) -> list[slips.Handover]:
    fresh = office.fresh(dossier.id)
    events = find.events_of(db.session, fresh)
    return slips.handovers(office.rules, office.steps(fresh), events)


def pairs(found: list[slips.Handover]) -> list[tuple[str, str]]:
    return [(row.from_unit, row.to_unit) for row in found]


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


def sent(office: Office, when: datetime = TODAY, **facts: Any) -> Dossier:
    dossier = office.receive()
    office.act(dossier, "send_to_agency", "tiepnhan", at=when, **facts)
    return dossier


def reach(office: Office, dossier: Dossier, unit: str) -> Dossier:
    """The dossier walked until its open steps lie in a unit."""
    while [s.unit_id for s in office.steps(dossier) if s.state == "active"] != [unit]:
        dossier = office.walk(dossier, limit=1)
    return dossier


def test_before_the_first_hand_over_all_are_blank(office: Office) -> None:
    found = rows(office, office.receive())
    assert pairs(found) == ROUTE
    assert all(row.at is None and not row.giver and not row.result for row in found)


def test_sent_and_not_yet_taken_leaves_room_to_sign(office: Office) -> None:
    first, *others = rows(office, sent(office, at(25, 10), papers="02 bản vẽ"))
    assert (first.at, first.giver) == (at(25, 10), "Nguyễn Thị Hòa")
    assert first.taken_at is None and not first.taker and first.awaited == "agency_receive"
    assert first.notes == ["Giấy tờ chuyển kèm: 02 bản vẽ."]
    assert pairs(others) == ROUTE[1:] and all(row.at is None for row in others)


def test_differences_are_noted_where_the_papers_were_taken_over(each_office: Office) -> None:
    dossier = sent(each_office, at(25, 10))
    each_office.act(
        dossier, "agency_receive", "vanthu", at=at(25, 10, 20), differences="thiếu 01 bản vẽ"
    )
    first, *_ = rows(each_office, dossier)
    assert (first.from_unit, first.to_unit) == ROUTE[0]
    assert first.taken_at == at(25, 10, 20) and first.taker and not first.awaited
    assert first.notes == ["Chênh lệch khi kiểm đếm: thiếu 01 bản vẽ."]
    (opened,) = [s for s in each_office.steps(dossier) if s.state == "active"]
    assert first.due_at == opened.due_at  # the due of the step that begins


def test_a_whole_life_has_every_row_filled(each_office: Office) -> None:
    dossier = each_office.walk(each_office.receive())
    assert dossier.status == Status.RETURNED
    found = rows(each_office, dossier)
    assert pairs(found) == ROUTE
    for row in found:
        assert row.at and row.taken_at and row.giver and row.taker
        assert row.result == "early" and row.at <= row.taken_at
    assert found[-1].due_at is None  # the hand-over has no limit of a department


def test_result_waits_for_the_counter_to_sign_for_it(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.ISSUED)
    last = rows(office, dossier)[-1]
    assert (last.from_unit, last.to_unit) == ROUTE[-1]
    assert last.awaited == "receive_result" and last.giver and last.taken_at is None
    office.act(dossier, "receive_result", "tiepnhan", at=office.now, shelf="Kệ 2")
    last = rows(office, dossier)[-1]
    assert (last.taken_at, last.taker, last.awaited) == (office.now, "Nguyễn Thị Hòa", "")


@pytest.mark.parametrize(
    ("taken_over", "before"),
    [(False, ["Bên nhận trả lại, không nhận."]), (True, [])],
)
def test_sent_to_the_wrong_agency_comes_back(
    office: Office, taken_over: bool, before: list[str]
) -> None:
    dossier = sent(office, at(25, 10))
    if taken_over:  # by a department with two officers, so that it waits to be assigned
        with writing() as session:
            other = session.query(Staff).filter_by(username="phong-tu-phap.cv").one()
            session.add(Posting(staff_id=other.id, unit_id=ROOM, role=Role.CASE_OFFICER))
        office.act(dossier, "agency_receive", "vanthu", at=at(25, 11))
    office.act(dossier, "return_transfer", "vanthu", at=at(25, 14), reason="Không phải việc phòng")
    first, back, *ahead = rows(office, dossier)
    assert first.notes == before and not first.awaited
    assert (back.from_unit, back.to_unit) == (ROOM, COUNTER)
    assert back.notes == ["Trả hồ sơ chuyển nhầm.", "Lý do: Không phải việc phòng."]
    assert pairs(ahead) == ROUTE  # the way begins anew
    office.act(dossier, "send_to_agency", "tiepnhan", at=at(25, 15))
    assert [row.taker for row in rows(office, dossier)][1] == "Nguyễn Thị Hòa"


def test_what_the_leader_sends_back_is_a_row_with_its_reason(office: Office) -> None:
    dossier = reach(office, office.receive(), DECIDES)
    office.act(dossier, "send_back", "lanhdao", at=office.now, reason="Thiếu căn cứ")
    back = next(row for row in rows(office, dossier) if row.from_unit == DECIDES)
    assert back.to_unit == ROOM and back.at == back.taken_at == office.now
    assert back.giver == "Phạm Văn Thắng"
    assert back.notes == ["Trả lại thẩm định.", "Lý do: Thiếu căn cứ."]
    assert pairs(rows(office, dossier))[-3:] == ROUTE[1:]
    found = rows(office, office.walk(dossier))
    assert pairs(found) == [*ROUTE[:2], (DECIDES, ROOM), *ROUTE[1:]]
    assert all(row.at and row.giver and row.taker for row in found)


@pytest.mark.parametrize(
    ("days", "result"),
    [(-1, "early"), (0, "on_time"), (2, "late")],
)
def test_a_step_is_early_on_time_or_late_by_its_own_limit(
    office: Office, days: int, result: str
) -> None:
    dossier = sent(office)
    office.act(dossier, "agency_receive", "vanthu", at=office.now)
    first, *_ = rows(office, dossier)
    assert first.due_at is not None and first.due_at.astimezone(VIETNAM).day == 27  # 2 days
    (head,) = [s for s in office.steps(dossier) if s.unit_id == ROOM and s.step_role != "thẩm định"]
    office.now = TODAY + timedelta(minutes=30)
    dossier = office.walk(dossier, Status.SUBMITTED_FOR_APPROVAL)
    due = office.steps(dossier)[head.position - 1].due_at
    assert due is not None
    office.now = due + timedelta(days=days)
    dossier = reach(office, dossier, DECIDES)
    (out,) = [row for row in rows(office, dossier) if row.from_unit == ROOM and row.at]
    assert (out.at, out.result) == (due + timedelta(days=days), result)


def test_nothing_is_ahead_of_a_dossier_that_ended(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.APPRAISING)
    office.act(dossier, "request_withdraw", "tiepnhan", reason="Đổi ý", at=office.now)
    office.act(dossier, "confirm_withdraw", "chanhvp", at=office.now, originals_returned=True)
    found = rows(office, dossier)
    assert pairs(found) == ROUTE[:1]


def test_supplementary_papers_go_on_from_the_counter_and_the_step_begins_anew(
    office: Office,
) -> None:
    dossier = office.walk(office.receive(), Status.APPRAISING)
    items = [{"component": 2, "defect": "chưa chứng thực", "todo": "nộp bản chứng thực"}]
    office.act(dossier, "propose_supplement", "chuyenvien", at=office.now, items=items,
               reason="Thiếu giấy tờ", legal_basis="khoản 4 Điều 19")  # fmt: skip
    office.act(dossier, "approve_notice", "truongphong", at=office.now)
    office.act(dossier, "request_supplement", "tiepnhan", at=office.now)
    brought = office.now + timedelta(days=12)
    office.act(dossier, "supplement_received", "tiepnhan", at=brought, papers="01 bản chứng thực")
    added = rows(office, dossier)[1]
    assert (added.from_unit, added.to_unit) == ROUTE[0]
    assert (added.at, added.giver) == (brought, "Nguyễn Thị Hòa")
    assert added.notes == ["Giấy tờ bổ sung.", "Giấy tờ chuyển kèm: 01 bản chứng thực."]
    assert added.due_at and added.due_at > brought
    office.now = brought + timedelta(minutes=30)
    dossier = reach(office, dossier, DECIDES)
    left = [row.result for row in rows(office, dossier) if row.from_unit == ROOM and row.at]
    assert "late" not in left  # the twelve days were the applicant's


def test_wholly_at_the_one_stop_nothing_changes_hands(office: Office) -> None:
    dossier = office.walk(office.receive_sample("1.001612", COUNTER))
    assert dossier.delegation_id is not None and rows(office, dossier) == []


class TestEveryRoute:
    """Whatever the route: each row links what the one before left, and a full life leaves none."""

    def test_of_the_district(self, office: Office) -> None:
        self._walk_all(office)

    @pytest.mark.parametrize("office_id", ["nga-son-2025"])
    def test_of_the_commune(self, office: Office, office_id: str) -> None:
        self._walk_all(office)

    def _walk_all(self, office: Office) -> None:
        counter = office.rules.profile.main_one_stop
        base = office.rules.unit(counter).base_id
        walked = 0
        for code, edition in sorted(office.rules.offered(office.now.date()).items()):
            if base not in edition.procedure.received_at or edition.procedure.confidential:
                continue
            received = office.receive_sample(code, counter)
            planned = pairs(rows(office, received))
            dossier = office.walk(received)
            if dossier.status != Status.RETURNED:
                continue
            found = rows(office, dossier)
            assert set(pairs(found)) == set(planned), code
            for row in found:
                assert row.from_unit != row.to_unit and row.at and row.taken_at, code
                assert row.at <= row.taken_at and row.taker and not row.awaited, code
            if found:
                assert found[0].from_unit == found[-1].to_unit == counter, code
            walked += 1
        assert walked >= 8
