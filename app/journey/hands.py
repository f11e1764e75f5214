"""Whether a person's hand is the right one for an action: role, unit, assignee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.core.actor import SYSTEM, Actor, Post
from app.core.refusals import Refused
from app.core.route import nobody_holds
from app.core.states import APPRAISAL_STEP, LEADER_STEPS, Role
from app.core.substitution import lent_to
from app.core.workflow import Hand, Transition
from app.journey.office import Db, Office
from app.models import Consultation, Dossier, Posting, Staff, Step, Substitution, Unit


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A person to choose from: id, log-in, name."""

    id: str
    username: str
    name: str


def posted_on(day: date) -> ColumnElement[bool]:
    """Whether a posting holds on the judged day."""
    begun: Any = or_(Posting.valid_from.is_(None), Posting.valid_from <= day)
    open_end: Any = or_(Posting.valid_to.is_(None), Posting.valid_to >= day)
    both: ColumnElement[bool] = begun & open_end
    return both


def people_at(session: Db, unit_id: str, role: Role | None, day: date) -> list[StaffLine]:
    """Active people posted at exactly this unit (in a role, or in any), by name."""
    query = (
        select(Staff.id, Staff.username, Staff.name)
        .join(Posting, Posting.staff_id == Staff.id)
        .where(Posting.unit_id == unit_id, Staff.active, posted_on(day))
        .order_by(Staff.name, Staff.id)
        .distinct()
    )
    if role is not None:
        query = query.where(Posting.role == role)
    return [StaffLine(*row) for row in session.execute(query)]


def actor_of(session: Db, office: Office, staff_id: str, today: date) -> Actor:
    """A person as a rule sees one, apart from any request; nobody's posts where inactive."""
    query = (
        select(Staff.username, Staff.name, Staff.title, Posting.unit_id, Posting.role, Unit.path)
        .outerjoin(Posting, (Posting.staff_id == Staff.id) & posted_on(office.judged(today)))
        .outerjoin(Unit, Unit.id == Posting.unit_id)
        .where(Staff.id == staff_id, Staff.active)
        .order_by(Posting.id)
    )
    rows = session.execute(query).all()
    if not rows:
        return Actor(staff_id, "", "")
    posts = tuple(Post(r.unit_id, Role(r.role), r.path) for r in rows if r.unit_id is not None)
    lent = lent_to(office.stand_ins, staff_id, today)
    return Actor(staff_id, rows[0].username, rows[0].name, posts, rows[0].title, lent)


def _deny(row: Transition, why: str) -> Refused:
    return Refused("not_allowed", f"Bạn không được “{row.label}” hồ sơ này: {why}")


def post_for_action(
    session: Db, office: Office, row: Transition, dossier: Dossier, step: Step | None,
    actor: Actor, day: date,
) -> Post:  # fmt: skip
    """The posting by which the person may act; Refused `not_allowed` with the reason."""
    match row.hand:
        case Hand.ONE_STOP:
            return _at_one_stop(office, row, dossier, actor)
        case Hand.STEP:
            return _as_holder(office, row, dossier, step, actor)
        case Hand.UNIT:
            return _at_unit(session, office, row, step, actor, day)
        case Hand.HEAD:
            return _as_head(office, row, step, actor)
        case Hand.AGENCY:
            return _at_agency(office, row, dossier, actor)
        case Hand.CONSULTED:
            return _as_consulted(session, office, row, dossier, actor)
        case Hand.PROPOSER:
            return _as_proposer(row, dossier, actor)
        case _:
            if actor is SYSTEM:
                return Post(dossier.one_stop, Role.MONITOR, office.unit(dossier.one_stop).path)
            raise _deny(row, "việc này do hệ thống tự làm theo giờ.")


def _at_one_stop(office: Office, row: Transition, dossier: Dossier, actor: Actor) -> Post:
    path = office.unit(dossier.one_stop).path
    for role in row.roles:
        post = actor.post_for(role, dossier.one_stop, path)
        if post is not None:
            return post
    roles = ", ".join(role.label for role in row.roles)
    raise _deny(row, f"cần vai trò {roles} tại {office.unit_name(dossier.one_stop)}.")


def _as_holder(
    office: Office, row: Transition, dossier: Dossier, step: Step | None, actor: Actor
) -> Post:
    assert step is not None  # noqa: S101 - a row of this hand always acts on a step
    if nobody_holds(step):
        counter = office.unit(dossier.one_stop)
        post = actor.post_for(Role.INTAKE_OFFICER, counter.id, counter.path)
        if post is not None:
            return post
        raise _deny(row, f"bước này do {counter.name} ghi nhận khi người nộp đã làm xong.")
    named = _named_by_record(office, dossier, step)
    if actor.username in named:
        return Post(step.unit_id, Role(step.holder_role or ""), office.unit(step.unit_id).path)
    holder = Role(step.holder_role or "")
    if step.step_role == APPRAISAL_STEP and step.assignee_id is None:
        raise _deny(row, f"bước “{step.name}” chưa phân công người thụ lý.")
    if step.assignee_id is not None and step.assignee_id != actor.id:
        raise _deny(row, f"bước “{step.name}” đã giao cho người khác.")
    post = actor.post_for(holder, step.unit_id, office.unit(step.unit_id).path)
    post = post or _lent(row, dossier, step, actor)
    if post is None:
        unit = office.unit_name(step.unit_id)
        raise _deny(row, f"bước “{step.name}” do {holder.label.lower()} của {unit} thực hiện.")
    return post


SIGNED_FOR = frozenset({"approve", "send_back", "finish_step"})  # what a deputy may do


def _lent(row: Transition, dossier: Dossier, step: Step, actor: Actor) -> Post | None:
    """The leader's post in which a deputy signs this step; never in the proposer's own name."""
    if row.action not in SIGNED_FOR or step.step_role not in LEADER_STEPS:
        return None
    for post in actor.signs_for:
        own = post.lent is not None and post.lent.staff_id == dossier.proposed_by
        if (post.unit_id, post.role) == (step.unit_id, step.holder_role) and not own:
            return post
    return None


def check_lent(session: Db, post: Post, today: date, day: date) -> None:
    """Refused `not_allowed` unless the paper of a lent post holds and its leader still has it.

    today: by which the paper is judged; day: by which postings are. One statement.
    """
    if post.lent is None:
        return
    held = (
        select(Substitution.id)
        .join(Staff, Staff.id == Substitution.staff_id)
        .join(Posting, Posting.staff_id == Substitution.staff_id)
        .where(
            Substitution.id == post.lent.id, Substitution.first_day <= today,
            Substitution.last_day >= today, Staff.active, posted_on(day),
            or_(Substitution.ended_on.is_(None), Substitution.ended_on > today),
            Posting.unit_id == Substitution.unit_id, Posting.role == Substitution.role,
        )
        .limit(1)
    )  # fmt: skip
    if session.scalar(held) is None:
        raise Refused(
            "not_allowed",
            f"Ủy quyền ký số {post.lent.number} của {post.lent.name} không còn hiệu lực. "
            "Hãy để người có thẩm quyền ký, hoặc ghi ủy quyền mới.",
        )


def _named_by_record(office: Office, dossier: Dossier, step: Step) -> tuple[str, ...]:
    """The user names that the delegation record itself puts in charge of a moved step."""
    if step.moved_from is None or dossier.delegation_id is None:
        return ()
    info = office.delegations.get(dossier.delegation_id)
    return info.record.staff if info else ()


def _at_unit(
    session: Db, office: Office, row: Transition, step: Step | None, actor: Actor, day: date
) -> Post:
    assert step is not None  # noqa: S101 - a row of this hand always acts on a step
    unit = office.unit(step.unit_id)
    for role in row.roles:
        post = actor.post_for(role, unit.id, unit.path)
        if post is not None:
            return post
    own = [p for p in actor.posts if p.unit_id == unit.id]
    if own and [p.id for p in people_at(session, unit.id, None, day)] == [actor.id]:
        return own[0]  # the sole member of the unit
    raise _deny(row, f"cần văn thư hoặc thủ trưởng của {unit.name}.")


def _as_head(office: Office, row: Transition, step: Step | None, actor: Actor) -> Post:
    assert step is not None  # noqa: S101 - a row of this hand always acts on a step
    unit = office.unit(step.unit_id)
    wanted = Role.ONE_STOP_HEAD if unit.kind == "one_stop" else Role.AGENCY_HEAD
    for role in (wanted, Role.AGENCY_HEAD):
        post = actor.post_for(role, unit.id, unit.path)
        if post is not None:
            return post
    raise _deny(row, f"việc phân công do thủ trưởng của {unit.name} thực hiện.")


def _at_agency(office: Office, row: Transition, dossier: Dossier, actor: Actor) -> Post:
    units = [dossier.agency, dossier.department]
    if dossier.delegation_id is not None:
        head = actor.post_for(
            Role.ONE_STOP_HEAD, dossier.one_stop, office.unit(dossier.one_stop).path
        )
        if head is not None:
            return head
    for unit_id in units:
        for role in row.roles:
            post = actor.post_for(role, unit_id, office.unit(unit_id).path)
            if post is not None:
                return post
    raise _deny(row, f"cần thủ trưởng của {office.unit_name(dossier.agency)}.")


def _as_consulted(
    session: Db, office: Office, row: Transition, dossier: Dossier, actor: Actor
) -> Post:
    asked = select(Consultation.unit_id).where(
        Consultation.dossier_id == dossier.id, Consultation.replied_at.is_(None)
    )
    for unit_id in session.scalars(asked):
        for role in row.roles:
            post = actor.post_for(role, unit_id, office.unit(unit_id).path)
            if post is not None:
                return post
    raise _deny(row, "không có yêu cầu lấy ý kiến nào đang chờ đơn vị của bạn.")


def _as_proposer(row: Transition, dossier: Dossier, actor: Actor) -> Post:
    if dossier.proposed_by == actor.id:
        for post in actor.posts:
            if post.role in row.roles:
                return post
    raise _deny(row, "chỉ người đã trình mới rút lại được.")


def may(
    session: Db, office: Office, row: Transition, dossier: Dossier, steps: Sequence[Step | None],
    actor: Actor, day: date,
) -> bool:  # fmt: skip
    """Whether the person may act on any of the candidate steps (None = the whole dossier)."""
    for step in steps:
        try:
            post_for_action(session, office, row, dossier, step, actor, day)
        except Refused:
            continue
        return True
    return False
