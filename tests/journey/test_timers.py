"""Jobs: each does its work once, and a second run changes nothing more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app import jobs
from app.clock import VIETNAM
from app.core.refusals import Refused
from app.core.states import Status
from app.extensions import db, writing
from app.intake.online import submit
from app.journey import find
from app.models import Dossier, Event, Message
from tests.make import PERSON, Office, make_request

NOTHING = {
    "forgotten": 0,
    "recomputed": 0,
    "late_steps": 0,
    "closing": 0,
    "overdue": 0,
    "warned": 0,
    "alerts": 0,
    "uncollected": 0,
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def _events(action: str) -> int:
    query = select(func.count()).select_from(Event).where(Event.action == action)
    return db.session.scalar(query) or 0


def test_overdue_once_a_dossier_and_day(each_office: Office) -> None:
    dossier = each_office.receive(at=at("2026-06-01T09:00"))  # due Mon 08/06/2026
    each_office.receive(at=at("2026-06-08T09:00"))
    assert jobs.run(each_office.rules, at("2026-06-08T16:59"))["overdue"] == 0
    assert jobs.run(each_office.rules, at("2026-06-08T17:01"))["overdue"] == 1
    assert jobs.run(each_office.rules, at("2026-06-08T18:00")) == NOTHING
    assert jobs.run(each_office.rules, at("2026-06-09T08:00"))["overdue"] == 1
    assert jobs.run(each_office.rules, at("2026-06-09T08:00")) == NOTHING
    assert _events("mark_overdue") == 2
    held = each_office.fresh(dossier.id)
    assert held.status == Status.ACCEPTED
    body = find.events_of(db.session, held)[-1].body
    assert '"late_steps":[{"step":1,"unit":"mot-cua-huyen"}]' in body
    assert '"actor_name":"Hệ thống"' in body


def test_warnings_at_half_time_and_a_working_day_before(office: Office) -> None:
    office.receive(at=at("2026-06-01T09:00"))  # due Mon 08/06, so the last day before is Fri 05/06
    assert jobs.run(office.rules, at("2026-06-03T09:00"))["warned"] == 0
    assert jobs.run(office.rules, at("2026-06-05T00:30"))["warned"] == 1
    assert jobs.run(office.rules, at("2026-06-05T09:00")) == NOTHING
    other = Message.kind.not_in(("progress", "step_late"))
    assert db.session.scalars(select(Message.kind).where(other)).all() == ["last_day"]


def test_a_late_step_is_charged_to_its_unit_once(each_office: Office) -> None:
    dossier = each_office.receive(at=at("2026-06-01T09:00"))  # the counter's step: half a day
    due = next(s.due_at for s in each_office.steps(dossier) if s.state == "active")
    assert due is not None
    assert jobs.run(each_office.rules, due)["late_steps"] == 0
    assert jobs.run(each_office.rules, due + timedelta(minutes=1))["late_steps"] == 1
    assert jobs.run(each_office.rules, due + timedelta(minutes=2))["late_steps"] == 0
    told = db.session.scalars(select(Message.payload).where(Message.kind == "step_late")).one()
    assert '"units": ["mot-cua-huyen"]' in told
    late = [s for s in each_office.steps(dossier) if s.late_at is not None]
    assert [s.unit_id for s in late] == ["mot-cua-huyen"]


def test_uncollected_results_are_reminded_of_thrice(office: Office) -> None:
    dossier = office.walk(office.receive(at=at("2026-06-01T09:00")), Status.AT_ONE_STOP)
    for day, count in (("2026-07-07", 0), ("2026-07-08", 1), ("2026-07-09", 0), ("2026-08-07", 1),
                       ("2026-09-08", 1), ("2026-12-31", 0)):  # fmt: skip
        assert jobs.run(office.rules, at(f"{day}T09:00"))["uncollected"] == count, day
    assert office.fresh(dossier.id).reminders == 3
    with pytest.raises(Refused):
        office.act(dossier, "mark_uncollected", "traketqua")


class TestOnline:
    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    def _submit(self, office: Office, when: datetime) -> Dossier:
        request = make_request(
            procedure="2.000806", case=None, one_stop="tt-pvhcc-xa@nga-son", papers=(),
            channel="online", applicant=PERSON,
        )  # fmt: skip
        procedure = office.rules.edition_for("2.000806", when.date()).procedure
        if procedure.cases:
            request = make_request(
                procedure="2.000806", case=procedure.cases[0].id, papers=(), channel="online",
                one_stop="tt-pvhcc-xa@nga-son",
            )  # fmt: skip
        channel = "online" if "online" in procedure.channels else procedure.channels[0]
        request = make_request(
            procedure="2.000806", case=request.case, papers=(), channel=channel,
            one_stop="tt-pvhcc-xa@nga-son",
        )  # fmt: skip
        with writing() as session:
            made = submit(session, office.rules, office.person("tiepnhan"), when, request, {})
            number = made.id
        return office.fresh(number)

    def test_two_hours_and_eight_working_hours(self, office: Office) -> None:
        """W9: Fri 20/11/2026 16:00 → reply by Mon 23/11 16:00; alert at 18:00 by the clock."""
        dossier = self._submit(office, at("2026-11-20T16:00"))
        assert dossier.status == Status.SUBMITTED and dossier.code is None
        assert dossier.reply_due_at == at("2026-11-23T16:00")
        assert jobs.run(office.rules, at("2026-11-20T17:59"))["alerts"] == 0
        assert jobs.run(office.rules, at("2026-11-20T18:00"))["alerts"] == 1
        assert jobs.run(office.rules, at("2026-11-20T18:00"))["alerts"] == 0

    def test_supplement_before_acceptance_once(self, office: Office) -> None:
        dossier = self._submit(office, at("2026-11-20T09:00"))
        item = {"component": 1, "defect": "Ảnh mờ", "todo": "Chụp lại"}
        office.act(dossier, "ask_intake_supplement", "tiepnhan", items=[item], reason="Mờ.")
        held = office.fresh(dossier.id)
        assert held.status == Status.INTAKE_SUPPLEMENT and held.reply_due_at is None
        office.act(held, "resubmit", "tiepnhan", at=at("2026-11-23T09:00"))
        again = office.fresh(dossier.id)
        assert again.status == Status.SUBMITTED
        assert again.reply_due_at == at("2026-11-25T09:00")  # the 24th is a day off
        with pytest.raises(Refused) as refused:
            office.act(again, "ask_intake_supplement", "tiepnhan", items=[item], reason="Lại mờ.")
        assert "một lần" in refused.value.sentence
        with pytest.raises(Refused):
            office.act(again, "ask_intake_supplement", "chanhvp", items=[item], reason="Lại mờ.")
        office.act(again, "ask_intake_supplement", "chanhvp", items=[item], reason="Lại mờ.",
                   fault="agency")  # fmt: skip
        assert office.fresh(dossier.id).intake_supplements == 2

    def test_cancelled_by_the_applicant_before_acceptance(self, office: Office) -> None:
        dossier = self._submit(office, at("2026-11-20T09:00"))
        office.act(dossier, "request_withdraw", "tiepnhan", reason="Nộp nhầm.")
        assert office.fresh(dossier.id).status == Status.INTAKE_CANCELLED


def test_half_time_comes_before_the_last_day(office: Office) -> None:
    dossier = office.receive_sample("2.000806", "mot-cua-huyen", at=at("2026-06-01T09:00"))
    assert dossier.accepted_at and dossier.due_at
    half = dossier.accepted_at + (dossier.due_at - dossier.accepted_at) / 2
    assert jobs.run(office.rules, half - timedelta(minutes=1))["warned"] == 0
    assert jobs.run(office.rules, half)["warned"] == 1
    assert office.fresh(dossier.id).warned == 1
