"""What the officer's inbox offers beside its lines: views, chips, the page after this one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.states import Role
from app.core.vietnamese import fold
from app.desk.walk import STEPS, Walk
from app.journey.office import Office
from app.journey.worklists import Work

HEADS = (Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)
MOST_FIELDS = 8


class Chip(NamedTuple):
    """A filter: its text, the address with it turned round, whether it is on."""

    text: str
    href: str
    on: bool


def views(walk: Walk, actor: Actor, has_own: bool) -> list[Chip]:
    """The fixed views, and the two lists to be worked through in bulk where they are one's own."""
    offered = [("hom-nay", "Việc của tôi")] if has_own else []
    offered += [("cho-dan", "Đang chờ người dân"), ("phong", "Của phòng")]
    if actor.has(*HEADS, Role.CLERK):
        offered.append(("den", "Hồ sơ đến"))
    if actor.has(*HEADS):
        offered.append(("giao", "Chờ phân công"))
    plain = Walk(walk.view)
    return [Chip(text, plain.href(view=view), walk.view == view) for view, text in offered]


def filters(walk: Walk, office: Office, actor: Actor, now: datetime) -> list[Chip]:
    """One-click chips: late only, kind of step, field of work; each turns itself off again."""
    found = []
    if walk.view not in ("den", "cho-dan"):
        found.append(Chip("Trễ bước", walk.href(late=not walk.late), walk.late))
    if walk.view == "phong":
        found += [
            Chip(text, walk.href(step="" if walk.step == key else key), walk.step == key)
            for key, (text, _) in STEPS.items()
        ]
    fields = fields_of(office, actor, now)
    if walk.field and walk.field not in fields:
        fields[walk.field] = walk.field
    if len(fields) > 1 or walk.field:
        found += [
            Chip(name, walk.href(field="" if walk.field == slug else slug), walk.field == slug)
            for slug, name in fields.items()
        ]
    return found


def fields_of(office: Office, actor: Actor, now: datetime) -> dict[str, str]:
    """Fields of the procedures in which a unit of the person has a step, by slug; no statement."""
    own = {office.units[unit].base_id for unit in actor.units if unit in office.units}
    found: dict[str, str] = {}
    for edition in office.offered(now.date()).values():
        procedure = edition.procedure
        if any(step.unit in own for step in procedure.steps[1:-1]):
            found[procedure.field_slug] = procedure.field
    some = sorted(found.items(), key=lambda pair: fold(pair[1]))
    return dict(some[:MOST_FIELDS])


def groups(work: Sequence[Work], now: datetime) -> list[tuple[str, list[Work]]]:
    """The lines of a list by due date: over, today, later; empty groups are left out."""
    today = now.astimezone(VIETNAM).date()
    made: dict[str, list[Work]] = {"Quá hạn bước": [], "Đến hạn hôm nay": [], "Còn thời gian": []}
    for line in work:
        due = line.step.due_at
        if due is not None and due < now:
            made["Quá hạn bước"].append(line)
        elif due is not None and due.astimezone(VIETNAM).date() == today:
            made["Đến hạn hôm nay"].append(line)
        else:
            made["Còn thời gian"].append(line)
    return [(title, lines) for title, lines in made.items() if lines]
