"""Random people do random things to dossiers, lawful and not: what must hold, holds after each.

The invariants of a dossier's life (one code, one log, no way back from an end, no dead end) are
checked against the rows themselves, not against what the door says of itself.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app.accounts import actions as accounts
from app.clock import VIETNAM
from app.core.actor import SYSTEM, Actor
from app.core.facts import facts_of
from app.core.refusals import Refused
from app.core.route import StepState
from app.core.states import (
    APPRAISAL_STEP,
    CLOCK_STOPPED,
    CLOSED,
    OPEN,
    WITH_RESULT,
    Role,
    Status,
)
from app.core.workflow import TRANSITIONS, fold
from app.demo.cast import Cast
from app.documents import FORMS
from app.extensions import db, writing
from app.journey import clock, door, hands, papers
from app.journey.audit import verify
from app.models import (
    ClockMove,
    Document,
    Dossier,
    Event,
    FeeLine,
    Paper,
    Posting,
    ResultNumber,
    Step,
)
from tests.make import Office

# Parallel partners, two levels, under a delegation, a complaint, the plain one, notice only.
CODES = ("2.000986", "1.001776", "1.013227", "2.002408", "1.013228", "1.001193")
# How a life goes on when nobody makes detours: the first that somebody may do is done.
FORWARD = (
    "reissue", "return_direct", "receive_result", "issue", "issue_refusal", "approve",
    "propose_result", "finish_step", "partner_reply", "post_delivered", "payment_done",
    "resume_excluded",
    "finish_verification", "consult_reply", "consult_close", "reject_withdraw",
    "supplement_received",
    "request_supplement", "approve_notice", "thu_ly", "assign", "agency_receive",
    "start_at_one_stop", "send_to_agency", "reassign",
)  # fmt: skip
# Buttons that stand there although the day has not come, or what they give is used up.
NOT_YET = {"still_waiting", "extension_used"}
SELDOM = {"amend_data", "void", "halt", "request_withdraw", "confirm_withdraw",
          "propose_extension", "collect_fee", "notify_ready", "guide", "report_lost", "refund",
          "counter_error", "send_to_partner", "report_error", "correct_result",
          "return_corrected", "reject_correction"}  # fmt: skip
SIDEWAYS = SELDOM | {"reassign", "recall", "extend_once", "extend_limit", "return_transfer"}
NAMES = [row.action for row in reversed(TRANSITIONS)] + ["no_such_action"]
WORDS = st.sampled_from(["", "Có lý do.", "<b>", "\x00", "x" * 3000, "%"])


class Lives(RuleBasedStateMachine):
    """A few dossiers in one office, any person, any action, in any order."""

    def __init__(
        self, office: Office, commune: str, codes: Sequence[str], numbers: Iterator[int]
    ) -> None:
        super().__init__()
        self.numbers = numbers
        self.office, self.commune, self.procedures = office, commune, codes
        self.rules, self.cast = office.rules, office.cast
        self.people = sorted(self.cast.actors.values(), key=lambda a: a.username)
        self.now: datetime = office.now
        self.ids: list[str] = []
        self.due: dict[str, datetime | None] = {}
        self.codes: dict[str, str | None] = {}
        self.seen: dict[str, str] = {}

    # ---- what people do -------------------------------------------------------------------

    @initialize(data=st.data())
    def one_at_least(self, data: st.DataObject) -> None:
        self._receive(data)

    @precondition(lambda self: len(self.ids) < 3)
    @rule(data=st.data())
    def another_comes(self, data: st.DataObject) -> None:
        self._receive(data)

    def _receive(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(self.procedures))
        rules = self.rules.edition_for(code, self.now.date()).procedure
        counter = data.draw(st.sampled_from(rules.received_at))
        counter = self.rules.resolve(counter, self.commune) or ""
        self.receive(code, counter)

    def receive(self, code: str, counter: str) -> Dossier:
        """A dossier of a procedure, received at a counter and watched from now on."""
        made = self.office.receive_sample(code, counter, self.now)
        self.ids.append(made.id)
        self.due[made.id], self.codes[made.id] = made.due_at_original, made.code
        return made

    @rule(minutes=st.sampled_from([1, 45, 240, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(data=st.data(), times=st.integers(1, 6))
    def somebody_may(self, data: st.DataObject, times: int) -> None:
        self.somebody_acts(data, times)

    def somebody_acts(self, data: st.DataObject, times: int) -> None:
        """A button that is shown, pressed with what it asks for, works."""
        for _ in range(times):
            dossier = self._some(data)
            buttons = list(self._buttons(dossier))
            if not buttons:
                assert dossier.status in CLOSED
                return
            shown = sorted({action for action, _ in buttons})
            often = [a for a in shown for _ in range(1 if a in SELDOM else 4)]
            action = data.draw(st.sampled_from(often))
            hands = [person.username for done, person in buttons if done == action]
            person = self.office.person(data.draw(st.sampled_from(hands)))
            self._press(dossier, action, person, draw=lambda of: data.draw(st.sampled_from(of)))

    @rule(data=st.data())
    def anybody_tries_anything(self, data: st.DataObject) -> None:
        """Any person, any action, any facts: done by somebody in office, or refused whole."""
        dossier = self._some(data)
        person = self.office.person(data.draw(st.sampled_from([p.username for p in self.people])))
        action = data.draw(st.sampled_from(NAMES))
        facts = self._facts(dossier, action, lambda of: data.draw(st.sampled_from(of)), None)
        if facts and data.draw(st.booleans()):
            facts[data.draw(st.sampled_from(sorted(facts)))] = data.draw(WORDS)
        step = data.draw(st.sampled_from([None, None, 0, 1, 2, 3, 99]))
        self._attempt(dossier, action, person, facts, step)

    @rule(data=st.data())
    def somebody_comes_too_late(self, data: st.DataObject) -> None:
        """A form opened before the last change is refused, whatever it asks."""
        dossier = self._some(data)
        for action, person in itertools.islice(self._buttons(dossier), 1):
            with pytest.raises(Refused) as no, writing() as session:
                self._advance(session, dossier.id, action, person, {}, None, dossier.version - 1)
            assert no.value.code == "stale"

    @rule(data=st.data())
    def the_receipt_is_drawn(self, data: st.DataObject) -> None:
        dossier = self._some(data)
        version = dossier.version
        with writing() as session:
            held = self._held(session, dossier.id)
            paper = papers.document_of(session, held, "receipt")
            papers.note_drawn(session, held, paper, b"", paper.drawn, self.people[0], self.now)
        assert self._fresh(dossier.id).version == version

    # ---- how they do it -------------------------------------------------------------------

    def _some(self, data: st.DataObject) -> Dossier:
        return self._fresh(data.draw(st.sampled_from(self.ids)))

    def _fresh(self, dossier_id: str) -> Dossier:
        return self.office.fresh(dossier_id)

    def _held(self, session: Any, dossier_id: str) -> Dossier:
        query = select(Dossier).where(Dossier.id == dossier_id).with_for_update()
        found: Dossier = session.scalars(query.execution_options(populate_existing=True)).one()
        return found

    def _advance(
        self, session: Any, dossier_id: str, action: str, person: Actor, facts: dict[str, Any],
        step: int | None, version: int | None = None,
    ) -> Event:  # fmt: skip
        held = self._held(session, dossier_id)
        return door.advance(
            session, self.rules, held, action, person, self.now, facts=facts, step=step,
            expected_version=version,
        )  # fmt: skip

    def _buttons(self, dossier: Dossier) -> Iterator[tuple[str, Actor]]:
        """Everything anybody may do now, as the pages would show it."""
        steps = door.route_of(db.session, dossier)
        for person in self.people:
            for action in door.allowed_actions(
                db.session, self.rules, dossier, steps, person, self.now
            ):
                yield action, person

    def _press(
        self, dossier: Dossier, action: str, person: Actor, draw: Callable[[list[Any]], Any]
    ) -> None:
        steps = [None, *(s.position for s in self.office.steps(dossier))]
        codes = []
        for step in steps:  # where several fit, the page lets the person choose
            facts = self._facts(dossier, action, draw, step)
            no = self._attempt(dossier, action, person, facts, step)
            if no is None:
                return
            if no.code in NOT_YET:
                self.now += timedelta(days=14)
                return
            codes.append((no.code, no.sentence))
            if codes[0][0] not in ("step_needed", "not_allowed", "not_an_officer"):
                break
        raise AssertionError((action, person.username, dossier.status, dossier.code, codes))

    def _facts(
        self, dossier: Dossier, action: str, draw: Callable[[list[Any]], Any], step: int | None
    ) -> dict[str, Any]:
        row = next((r for r in TRANSITIONS if r.action == action), None)
        if row is None:
            return {}
        number = next(self.numbers)
        day = self.now.astimezone(VIETNAM).date()
        due = dossier.due_at.astimezone(VIETNAM).date() if dossier.due_at else day
        later = str(self.rules.calendar.add_working_days(max(day, due), 20))
        pauses = self._pauses(dossier)
        given: dict[str, Any] = {
            "items": [{"component": 1, "defect": "Mờ"}], "units": [self._asked()],
            "content": "Hỏi.", "answer_by": str(day), "held_at": str(day),
            "place_name": "Thửa 12", "participants": "Hai người.", "minutes": "12/BB",
            "verified": "Đúng.", "reply": "Đồng ý.", "sector_basis": "Điều 7",
            "amount": dossier.fee_due or 1000, "receipt_number": "AA 12", "waybill": "RR1VN",
            "pause_kind": pauses[0] if pauses else "publicity", "late_code": "volume",
            "new_date": later,
            "told_by": "phone", "delivered_on": str(day), "result_code": "KQ-1",
            "legal_basis": "Quyết định 12/QĐ-UBND", "guidance": "Nói rõ.",
            "extension": "1", "agreed_days": later,
            "reason": "Có lý do cụ thể.", "reason_code": "not_eligible",
            "number": str(number), "symbol": "KQ", "receiver": "Nguyễn Thị Mẫu",
            "receiver_id": "038190000123", "originals_returned": True, "fee_paid": True,
            "changes": {"address": f"Thôn {number}"},
            "error": "Sai tên.", "reported_by": "Ông Mẫu", "corrected": "Sửa tên.",
            "old_returned": True, "lost_what": "Bản vẽ", "blamed_unit": "Một cửa",
            "lost_kind": "result" if dossier.status in WITH_RESULT else "papers",
            "refund_amount": dossier.fee_total - dossier.fee_due - dossier.fee_refunded,
            "to_one_stop": "Bộ phận Một cửa cấp huyện", "result_text": "Đã chứng thực.",
        }  # fmt: skip
        if "assignee" in row.facts:
            given["assignee"] = draw(self._officers(dossier, step) or ["nobody"])
        return {f.name: given[f.name] for f in facts_of(row) if f.name in given}

    def _asked(self) -> str:
        """A department whose head can answer: the district's, or the commune's of 2025."""
        units = self.rules.units
        return next(
            p.unit_id for a in self.people for p in a.posts
            if p.role == Role.AGENCY_HEAD and units[p.unit_id].kind == "department"
        )  # fmt: skip

    def _pauses(self, dossier: Dossier) -> list[str]:
        limit = self.rules.editions[dossier.edition_id].procedure.time_limit
        return [pause.kind for pause in limit.pauses]

    def _officers(self, dossier: Dossier, step: int | None) -> list[str]:
        day = self.rules.judged(self.now.astimezone(VIETNAM).date())
        units = [
            s.unit_id for s in self.office.steps(dossier)
            if s.state == StepState.ACTIVE and step in (None, s.position)
        ]  # fmt: skip
        return [
            p.id for u in dict.fromkeys(units)
            for p in hands.people_at(db.session, u, Role.CASE_OFFICER, day)
        ]  # fmt: skip

    def _attempt(
        self, dossier: Dossier, action: str, person: Actor, facts: dict[str, Any], step: int | None
    ) -> Refused | None:
        """Try; check that a refusal left nothing and that an act left what it must."""
        before, was = self._rows(dossier.id), Status(dossier.status)
        version, number = dossier.version, dossier.id
        try:
            with writing() as session:
                self._advance(session, number, action, person, facts, step)
        except Refused as no:
            db.session.expire_all()
            assert self._rows(number) == before, (action, no.code)
            assert no.sentence.endswith(".") and len(no.sentence) > 15, no.sentence
            return no
        now = self._fresh(number)
        assert was not in CLOSED or now.status == was, (was, action)
        new = self._events(number)[len(before["event"]) :]
        assert now.version == version + len(new) > version
        bodies = [json.loads(e.body) for e in new]
        assert bodies[0]["action"] == action and bodies[0]["actor"] == person.id
        self._in_office(now, bodies[0], person)
        return None

    def _in_office(self, dossier: Dossier, body: dict[str, Any], person: Actor) -> None:
        """The posting that the event names is one that the person really holds."""
        held = {(p.unit_id, str(p.role)) for p in person.posts}
        info = self.rules.delegations.get(dossier.delegation_id or 0)
        by_name = info is not None and person.username in info.record.staff
        assert (body["unit"], body["role"]) in held or by_name, (body, person)

    def _rows(self, dossier_id: str) -> dict[str, list[Any]]:
        db.session.rollback()
        return {
            table.__tablename__: [tuple(row) for row in db.session.execute(
                select(*table.__table__.columns)
                .where(column == dossier_id)
                .order_by(*table.__table__.primary_key.columns)
            )]
            for table, column in (
                (Dossier, Dossier.id), (Step, Step.dossier_id), (Paper, Paper.dossier_id),
                (FeeLine, FeeLine.dossier_id), (Document, Document.dossier_id),
                (ResultNumber, ResultNumber.dossier_id), (Event, Event.subject),
            )
        }  # fmt: skip

    def _events(self, dossier_id: str) -> list[Event]:
        query = select(Event).where(Event.subject == dossier_id).order_by(Event.seq)
        return list(db.session.scalars(query))

    # ---- what must hold -------------------------------------------------------------------

    @invariant()
    def every_life_is_whole(self) -> None:
        for dossier_id in self.ids:
            dossier = self._fresh(dossier_id)
            if self.seen.get(dossier_id) != dossier.event_hash:
                self._whole(dossier)
                self.seen[dossier_id] = dossier.event_hash

    def _whole(self, dossier: Dossier) -> None:
        status, steps = Status(dossier.status), self.office.steps(dossier)
        events = self._events(dossier.id)
        assert dossier.code == self.codes[dossier.id] is not None
        moved = db.session.scalars(
            select(ClockMove.kind).where(ClockMove.dossier_id == dossier.id)
        ).all()
        if not moved:
            assert dossier.due_at_original == dossier.due_at == self.due[dossier.id]
        elif status not in CLOCK_STOPPED:
            told = clock.explained(db.session, self.rules, dossier)
            assert dossier.due_at_original == told.due_at
            assert dossier.due_at == (told.promised or told.due_at)
        assert fold(e.to_status for e in events) == status
        drawn = sum(e.action == "document_drawn" for e in events)
        assert dossier.version == len(events) - drawn
        assert verify(db.session, dossier.code).fault is None
        forms = db.session.scalars(
            select(Document.form).where(Document.dossier_id == dossier.id)
        ).all()
        assert "receipt" in forms and set(forms) <= set(FORMS)
        if status == Status.RETURNED:
            held = db.session.scalars(select(Paper.held).where(Paper.dossier_id == dossier.id))
            assert (dossier.originals_held, dossier.fee_due, sum(held)) == (0, 0, 0)
            assert dossier.settled_at is not None and dossier.returned_at is not None
            assert {s.state for s in steps} <= {StepState.DONE, StepState.DROPPED}
        if status in CLOSED:
            assert not [s for s in steps if s.state in (StepState.ACTIVE, StepState.PENDING)]
        for step in steps:
            assert (step.done_at is not None) == (step.state == StepState.DONE), step.name
            if step.state in (StepState.ACTIVE, StepState.DONE):
                done = {s.position for s in steps if s.state == StepState.DONE}
                assert done.issuperset(step.waits_for), (step.position, status)
        self._no_dead_end(dossier, status)

    def _no_dead_end(self, dossier: Dossier, status: Status) -> None:
        if status in OPEN:
            free = any(
                s.state == StepState.ACTIVE and s.step_role == APPRAISAL_STEP
                and s.assignee_id is None for s in self.office.steps(dossier)
            )  # fmt: skip
            sideways = SIDEWAYS - {"reassign"} if free else SIDEWAYS
            onward = any(action not in sideways for action, _ in self._buttons(dossier))
            assert onward, (dossier.procedure_code, status, [
                (s.position, s.name, s.state) for s in self.office.steps(dossier)
            ])  # fmt: skip

    @invariant()
    def no_number_is_given_twice(self) -> None:
        codes = db.session.scalars(select(Dossier.code).where(Dossier.code.is_not(None))).all()
        assert len(codes) == len(set(codes))
        accepted = db.session.execute(
            select(Dossier.one_stop, Dossier.accepted_at, Event.body)
            .join(Dossier, Dossier.id == Event.subject)
            .where(Event.action == "accept")
        ).all()
        registered = [  # the book begins anew each year
            (unit, at.astimezone(VIETNAM).year, json.loads(body)["facts"]["register"])
            for unit, at, body in accepted
        ]
        assert len(registered) == len(set(registered)) == len(codes)

    def teardown(self) -> None:
        """From wherever the detours led, the straight way still leads to the end."""
        for dossier_id in self.ids:
            for _ in range(40):
                dossier = self._fresh(dossier_id)
                if dossier.status in CLOSED:
                    break
                buttons = dict(self._buttons(dossier))
                action = next((a for a in FORWARD if a in buttons), None)
                assert action is not None, (dossier.procedure_code, dossier.status, list(buttons))
                self._press(dossier, action, buttons[action], draw=lambda of: of[0])
            assert self._fresh(dossier_id).status in CLOSED
        assert verify(db.session).fault is None


def _run(office: Office, commune: str, examples: int, codes: Sequence[str] = CODES) -> None:
    numbers = itertools.count(1)
    run_state_machine_as_test(
        lambda: Lives(office, commune, codes, numbers),
        settings=settings(
            max_examples=examples, stateful_step_count=30, deadline=None, derandomize=True,
            database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_lives_in_the_district(office: Office) -> None:
    _run(office, "nga-yen", 10)


def crowd(office: Office) -> None:
    """Two officers in every unit, so that nobody is assigned by itself."""
    with writing() as session:
        taken = session.execute(
            select(Posting.unit_id, Posting.valid_from, Posting.valid_to)
            .where(Posting.role == Role.CASE_OFFICER)
            .order_by(Posting.id)
        ).all()
        for number, (unit, begun, end) in enumerate(taken):
            made = accounts.add_staff(session, f"them.{number}", "Lê Văn Thêm", SYSTEM, office.now)
            session.add(
                Posting(
                    staff_id=made.id, unit_id=unit, role=Role.CASE_OFFICER, valid_from=begun,
                    valid_to=end,
                )
            )  # fmt: skip
    office.cast = Cast(db.session, office.rules, office.now)


def test_lives_where_the_head_must_choose(office: Office) -> None:
    crowd(office)
    _run(office, "nga-yen", 4)


def test_lives_on_postgres(each_office: Office) -> None:
    _run(each_office, "nga-yen", 2)


class TestTheCommuneOf2025:
    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    def test_lives_in_the_commune(self, office: Office) -> None:
        _run(office, "nga-son", 5, sorted(office.rules.offered(office.now.date())))
