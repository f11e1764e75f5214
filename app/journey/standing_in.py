"""Verbs of standing in: an officer is away, a leader lets a deputy sign; ended early.

Every change is an event of the account that is stood in for, and every process reads it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.states import APPRAISAL_STEP, Role
from app.core.substitution import (
    ABSENCE,
    SIGNATURE,
    StandIn,
    check_days,
    check_overlap,
    check_presence,
)
from app.journey.hands import StaffLine, people_at, posted_on
from app.journey.log import Happened, record_for_account
from app.journey.office import STAMP, Db, Office, load_stand_ins, touch_stamp
from app.models import ACTIVE, Posting, Setting, Staff, Step, Substitution, Unit

HEADS = (Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)
LEADERS = (Role.APPROVER, Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was entered: who, for which role where, who stands in, the days, paper and reason."""

    kind: str
    staff_id: str
    unit_id: str
    role: Role
    substitute_id: str
    first_day: date
    last_day: date
    number: str = ""
    reason: str = ""


def heads(office: Office, actor: Actor, unit_id: str) -> bool:
    """Whether the person is a head of the unit, or of one above it."""
    path = office.unit(unit_id).path
    return any(actor.post_for(role, unit_id, path) for role in HEADS)


def enter(session: Db, office: Office, actor: Actor, wish: Wish, now: datetime) -> Substitution:
    """Note who stands in; the caller commits.

    Refused `not_allowed` for another's absence by who is no head, and for a signature that is not
    the person's own; `bad_request` with the field where days, people or the paper do not fit.
    """
    own = wish.staff_id == actor.id
    if not own and (wish.kind == SIGNATURE or not heads(office, actor, wish.unit_id)):
        raise Refused(
            "not_allowed", "Chỉ chính người đó hoặc thủ trưởng đơn vị ghi được người làm thay."
        )
    today = now.astimezone(VIETNAM).date()
    check_days(wish.first_day, wish.last_day, today)
    known = _known(session)
    days = (wish.first_day, wish.last_day)
    check_overlap(known, wish.kind, wish.staff_id, wish.unit_id, *days)
    _check_people(session, office, wish, office.judged(today))
    if wish.kind == ABSENCE:
        check_presence(known, wish.staff_id, wish.substitute_id, *days)
    _check_paper(wish)
    row = Substitution(
        kind=wish.kind, staff_id=wish.staff_id, unit_id=wish.unit_id, role=wish.role,
        substitute_id=wish.substitute_id, first_day=wish.first_day, last_day=wish.last_day,
        number=wish.number.strip(), reason=wish.reason.strip(), entered_by=actor.id,
        entered_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _tell(session, actor, row, "stand_in_entered", now)
    return row


def end(session: Db, office: Office, actor: Actor, stand_in_id: int, now: datetime) -> None:
    """End a substitution today; Refused `no_such_document` for one out of the person's hands."""
    row = session.get(Substitution, stand_in_id, with_for_update=True)
    mine = row is not None and row.staff_id == actor.id
    if row is None or not (mine or (row.kind == ABSENCE and heads(office, actor, row.unit_id))):
        raise Refused("no_such_document", "Không có lần làm thay này trong phạm vi của bạn.")
    if row.ended_on is None:
        row.ended_on = now.astimezone(VIETNAM).date()
        _tell(session, actor, row, "stand_in_ended", now)


def _tell(session: Db, actor: Actor, row: Substitution, action: str, now: datetime) -> None:
    facts = {
        "kind": row.kind, "unit": row.unit_id, "role": row.role, "substitute": row.substitute_id,
        "from": row.first_day.isoformat(), "to": row.last_day.isoformat(), "number": row.number,
    }  # fmt: skip
    told = Happened(action, note=row.reason, facts=facts)
    record_for_account(session, row.staff_id, actor, now, told)
    touch_stamp(session, str(uuid7()))


def _known(session: Db) -> tuple[StandIn, ...]:
    """All there are now. Who enters another meanwhile waits: two at once make no circle either."""
    session.get(Setting, STAMP, with_for_update=True)
    return load_stand_ins(session)


def _check_people(session: Db, office: Office, wish: Wish, day: date) -> None:
    errors = {}
    holders = {p.id for p in people_at(session, wish.unit_id, wish.role, day)}
    if wish.staff_id not in holders:
        errors["staff"] = "Hãy chọn người đang giữ vai trò này tại đơn vị."
    if wish.substitute_id == wish.staff_id:
        errors["substitute"] = "Người làm thay phải là người khác."
    elif wish.kind == ABSENCE and wish.substitute_id not in holders:
        errors["substitute"] = (
            "Người làm thay phải cùng vai trò tại đơn vị: hãy chọn trong danh sách."
        )
    elif wish.kind == SIGNATURE and wish.substitute_id not in {
        p.id for p in deputies(session, office, wish.unit_id, day)
    }:
        errors["substitute"] = "Hãy chọn cấp phó hoặc thủ trưởng đơn vị trực thuộc trong danh sách."
    if errors:
        raise Refused("bad_request", next(iter(errors.values())), fields=errors)


def _check_paper(wish: Wish) -> None:
    errors = {}
    if wish.kind == SIGNATURE and not wish.number.strip():
        errors["number"] = "Hãy nhập số văn bản ủy quyền."
    if wish.kind == ABSENCE and not wish.reason.strip():
        errors["reason"] = "Hãy nhập lý do vắng."
    for name, text, limit in (("number", wish.number, 60), ("reason", wish.reason, 500)):
        if len(text) > limit:
            errors[name] = f"Dài quá {limit} ký tự, hãy viết gọn."
    if errors:
        raise Refused("bad_request", next(iter(errors.values())), fields=errors)


def deputies(session: Db, office: Office, unit_id: str, day: date) -> list[StaffLine]:
    """Who may be let sign for a leader of the unit: people there, heads of the units below."""
    path = office.unit(unit_id).path
    query = (
        select(Staff.id, Staff.username, Staff.name)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(
            Staff.active, posted_on(day), Posting.role != Role.ADMIN,
            (Unit.id == unit_id)
            | (Unit.path.startswith(path, autoescape=True) & Posting.role.in_(LEADERS)),
        )
        .order_by(Staff.name, Staff.id)
        .distinct()
    )  # fmt: skip
    return [StaffLine(*row) for row in session.execute(query)]


def open_work(session: Db, units: Sequence[str]) -> dict[tuple[str, str], int]:
    """How many open appraisal steps each person has at the units: (person, unit) → number."""
    query = (
        select(Step.assignee_id, Step.unit_id, func.count())
        .where(
            Step.state == ACTIVE, Step.step_role == APPRAISAL_STEP,
            Step.unit_id.in_(sorted(units)), Step.assignee_id.is_not(None),
        )
        .group_by(Step.assignee_id, Step.unit_id)
    )  # fmt: skip
    rows = session.execute(query)
    return {(person, unit): count for person, unit, count in rows if person is not None}


def current(stand_ins: Sequence[StandIn], kind: str, today: date) -> list[StandIn]:
    """Those in force or still to come, soonest first."""
    found = [
        s for s in stand_ins
        if s.kind == kind and s.last_day >= today and (s.ended_on is None or s.ended_on > today)
    ]  # fmt: skip
    return sorted(found, key=lambda s: (s.first_day, s.id))
