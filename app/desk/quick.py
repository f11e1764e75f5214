"""Lists with what may be done on each row at once; the same statements for one row and for fifty.

Rooms draw one-click buttons from these rows; the door still judges every click.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.clock import VIETNAM
from app.core import route
from app.core.actor import Actor
from app.core.states import Role, Status
from app.core.substitution import absence_of
from app.core.workflow import transition
from app.journey import door
from app.journey.hands import StaffLine, posted_on
from app.journey.office import Db, Office
from app.journey.worklists import Work
from app.models import Dossier, Posting, Staff, Step

People = dict[str, list[StaffLine]]


@dataclass(frozen=True, slots=True)
class Row:
    """A dossier in a list: its route, the step it is listed for, who has it, what I may do."""

    dossier: Dossier
    steps: Sequence[Step]
    actions: frozenset[str]
    step: Step | None = None
    holder: str | None = None
    key: tuple[datetime, str, int] | None = None

    @property
    def next_unit(self) -> str | None:
        """Where it goes from the counter."""
        following = route.ready_after_first(self.steps)
        return following.unit_id if following else None

    @property
    def open_steps(self) -> list[Step]:
        """What still keeps the result from coming: open steps but the hand-over."""
        return [s for s in route.active(self.steps) if s.position != len(self.steps)]


def rows(
    session: Db, office: Office, actor: Actor, now: datetime, items: Iterable[Work | Dossier]
) -> list[Row]:
    """The rows of a list, in its order; two statements at most. items are within sight already."""
    works = [w if isinstance(w, Work) else Work(w, None, None) for w in items]  # type: ignore[arg-type]
    routes = _routes(session, [w.dossier.id for w in works])
    day = office.judged(now.date())
    arriving = [w.dossier for w in works if w.dossier.status == Status.IN_TRANSFER]
    takes = _takeable(session, office, actor, day, arriving, routes)
    made = []
    for work in works:
        steps = routes.get(work.dossier.id, [])
        if work.dossier.status == Status.IN_TRANSFER:
            # The door asks the database for each unit's members here; a list may not.
            actions = ["agency_receive"] if work.dossier.id in takes else []
        else:
            actions = door.allowed_actions(session, office, work.dossier, steps, actor, now)
        made.append(
            Row(work.dossier, steps, frozenset(actions), work.step, work.assignee, work.key)
        )
    return made


def _routes(session: Db, ids: Sequence[str]) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {}
    if ids:
        query = select(Step).where(Step.dossier_id.in_(ids)).order_by(Step.position)
        for step in session.scalars(query):
            found.setdefault(step.dossier_id, []).append(step)
    return found


def _takeable(
    session: Db, office: Office, actor: Actor, day: date, arriving: Sequence[Dossier],
    routes: dict[str, list[Step]],
) -> set[str]:  # fmt: skip
    """Which arriving dossiers the person may take over: by role, or as a unit's only member."""
    takes, doubtful = set(), {}
    for dossier in arriving:
        following = route.ready(routes.get(dossier.id, []))[:1]
        if not following:
            continue
        unit = office.unit(following[0].unit_id)
        roles = transition("agency_receive").roles
        if any(actor.post_for(role, unit.id, unit.path) for role in roles):
            takes.add(dossier.id)
        elif unit.id in actor.units:
            doubtful[dossier.id] = unit.id
    if doubtful:
        members = people(session, set(doubtful.values()), None, day)
        takes |= {
            id_
            for id_, unit_id in doubtful.items()
            if [p.id for p in members.get(unit_id, [])] == [actor.id]
        }
    return takes


def officers(
    session: Db, office: Office, units: Iterable[str], now: datetime
) -> dict[str, list[tuple[str, str]]]:
    """Case officers of the units to choose from, (id, words); who is away comes last, with why."""
    day = office.judged(now.date())
    found = people(session, units, Role.CASE_OFFICER, day)
    return {unit: officer_choices(office, unit, lines, now) for unit, lines in found.items()}


def officer_choices(
    office: Office, unit: str, lines: Sequence[StaffLine], now: datetime
) -> list[tuple[str, str]]:
    """People of a unit as (id, words): those who are away today last, with who stands in."""
    today = now.astimezone(VIETNAM).date()
    here, away = [], []
    for person in lines:
        absence = absence_of(office.stand_ins, person.id, unit, today)
        if absence is None:
            here.append((person.id, person.name))
        else:
            until = f"{absence.last_day:%d/%m}"
            words = f"{person.name} (vắng đến {until}, thay: {absence.substitute_name})"
            away.append((person.id, words))
    return here + away


def people(session: Db, units: Iterable[str], role: Role | None, day: date) -> People:
    """Active people posted at several units (in a role, or in any), by unit and name."""
    wanted = sorted(set(units))
    if not wanted:
        return {}
    query = (
        select(Posting.unit_id, Staff.id, Staff.username, Staff.name)
        .join(Staff, Staff.id == Posting.staff_id)
        .where(Posting.unit_id.in_(wanted), Staff.active, posted_on(day))
        .order_by(Staff.name, Staff.id)
        .distinct()
    )
    if role is not None:
        query = query.where(Posting.role == role)
    found: People = {}
    for unit_id, *person in session.execute(query):
        found.setdefault(unit_id, []).append(StaffLine(*person))
    return found
