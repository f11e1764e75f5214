"""Who does the next lawful thing to a dossier: people found by their postings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.clock import VIETNAM
from app.core import route
from app.core.actor import Actor, Post
from app.core.route import StepState
from app.core.states import APPRAISAL_STEP, CLOSED, STAMP_STEP, Role, Status
from app.core.workflow import transition
from app.journey import door, numbering
from app.journey.hands import posted_on
from app.journey.office import Db, Office
from app.models import Dossier, Event, Posting, Staff, Step, Unit


@dataclass(frozen=True, slots=True)
class Next:
    """The next act: which action, by whom, on which step, telling what."""

    action: str
    actor: Actor
    step: int | None
    facts: dict[str, Any]


def load_actors(session: Db, day: date) -> dict[str, Actor]:
    """Every active person with the postings of the day, by id."""
    query = (
        select(Staff.id, Staff.username, Staff.name, Staff.title, Posting.unit_id, Posting.role,
               Unit.path)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Staff.active, posted_on(day))
        .order_by(Staff.username, Posting.id)
    )  # fmt: skip
    posts: dict[str, list[Post]] = {}
    people: dict[str, tuple[str, str, str]] = {}
    for staff_id, username, name, title, unit_id, role, path in session.execute(query):
        people[staff_id] = (username, name, title)
        posts.setdefault(staff_id, []).append(Post(unit_id, Role(role), path))
    return {
        staff_id: Actor(staff_id, username, name, tuple(posts[staff_id]), title)
        for staff_id, (username, name, title) in people.items()
    }


class Cast:
    """The office's people, asked who may do what; used by the demo and by whole-life tests."""

    def __init__(self, session: Db, office: Office, now: datetime) -> None:
        self.office = office
        self.actors = load_actors(session, office.judged(now.astimezone(VIETNAM).date()))

    def holder(self, role: Role, unit_id: str) -> Actor:
        """Somebody who holds the role for the unit; those posted right there first."""
        path = self.office.unit(unit_id).path
        fitting = [a for a in self.actors.values() if a.post_for(role, unit_id, path)]
        fitting.sort(
            key=lambda a: not any(p.unit_id == unit_id and p.role == role for p in a.posts)
        )
        if not fitting:
            raise LookupError(f"nobody is {role} at {unit_id}")
        return fitting[0]

    def receiver(self, unit_id: str) -> Actor:
        """Who takes dossiers in at an agency: văn thư, head, or the sole member."""
        for role in (Role.CLERK, Role.AGENCY_HEAD, Role.APPROVER):
            try:
                return self.holder(role, unit_id)
            except LookupError:
                continue
        return next(a for a in self.actors.values() if unit_id in a.units)

    def next_act(
        self, session: Db, dossier: Dossier, steps: Sequence[Step], now: datetime
    ) -> Next | None:
        """The next act on the straight way, or None at the end."""
        counter = dossier.one_stop
        match Status(dossier.status):
            case Status.ACCEPTED:
                action = "start_at_one_stop" if dossier.delegation_id else "send_to_agency"
                return Next(action, self.holder(Role.INTAKE_OFFICER, counter), None, {})
            case Status.IN_TRANSFER:
                unit = route.ready(steps)[0].unit_id
                return Next("agency_receive", self.receiver(unit), None, {})
            case Status.AT_ONE_STOP:
                return Next("return_direct", self._counter(counter), None, _handed_over(dossier))
            case Status.PAYMENT_REQUIRED:
                paid = {"receipt_number": f"GNT-{dossier.code}"[:40]}
                return Next("payment_done", self._counter(dossier.one_stop), None, paid)
            case status if status in CLOSED:
                return None
            case _:
                return self._work(session, dossier, steps, now)

    def _counter(self, counter: str) -> Actor:
        return self.holder(Role.INTAKE_OFFICER, counter)

    def _work(
        self, session: Db, dossier: Dossier, steps: Sequence[Step], now: datetime
    ) -> Next:  # fmt: skip
        open_steps = route.active(steps)
        last = steps[-1]
        if [s.position for s in open_steps] == [last.position]:
            return Next("receive_result", self._counter(dossier.one_stop), None, {})
        step = next(s for s in open_steps if s.position != last.position)
        if step.step_role == APPRAISAL_STEP and step.assignee_id is None:
            return self._assign(step)
        status = Status(dossier.status)
        issue = "issue_refusal" if dossier.outcome == "refused" else "issue"
        for action in ("approve", "propose_result", issue, "finish_step", "partner_reply"):
            row = transition(action)
            if status not in row.sources:
                continue
            fitting = route.candidates(row, status, steps)
            if action in ("propose_result", "approve") and not fitting:
                continue
            for one in fitting:
                actor = self._hand(dossier, one)
                return Next(action, actor, one.position, self._facts(session, action, one, now))
        raise LookupError(f"no next act for {dossier.code}: {status}, {step.name}")

    def _assign(self, step: Step) -> Next:
        officer = self.holder(Role.CASE_OFFICER, step.unit_id)
        unit = self.office.unit(step.unit_id)
        head_role = Role.ONE_STOP_HEAD if unit.kind == "one_stop" else Role.AGENCY_HEAD
        head = self.holder(head_role, step.unit_id)
        return Next("assign", head, step.position, {"assignee": officer.id})

    def _hand(self, dossier: Dossier, step: Step) -> Actor:
        if step.assignee_id is not None:
            return self.actors[step.assignee_id]
        if step.holder_role is None:
            return self._counter(dossier.one_stop)
        return self.holder(Role(step.holder_role), step.unit_id)

    def _facts(self, session: Db, action: str, step: Step, now: datetime) -> dict[str, Any]:
        if action == "partner_reply":
            return {"reply": "Đã xử lý phần việc của cơ quan liên thông."}
        if not action.startswith("issue") or step.step_role != STAMP_STEP:
            return {}
        unit = step.moved_from or step.unit_id
        year = now.astimezone(VIETNAM).year
        number = numbering.next_in_year(session, unit, "result", year)
        return {"number": str(number), "symbol": "KQ-TTHC"}

    def walk(self, session: Db, dossier: Dossier, act: Next, now: datetime) -> Event:
        """Carry the next act out through the door."""
        return door.advance(
            session, self.office, dossier, act.action, act.actor, now, facts=act.facts,
            step=act.step,
        )  # fmt: skip


def _handed_over(dossier: Dossier) -> dict[str, Any]:
    return {
        "receiver": dossier.applicant_name,
        "receiver_id": dossier.personal_id or "038190000123",
        "receiver_relation": "self",
        "originals_returned": True,
        "fee_paid": True,
    }


def all_done(steps: Sequence[Step]) -> bool:
    """Whether every step of a route is done."""
    return all(s.state == StepState.DONE for s in steps)
