"""The fields of an action's form: what is asked, what stands in them, what can be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.facts import Fact
from app.core.limits import Limit
from app.core.procedure_parts import Extension
from app.core.states import Role
from app.core.substitution import absence_of
from app.core.vietnamese import fold
from app.journey import hands, numbering
from app.journey.office import Db, Office
from app.models import Dossier, FeeLine, Step

CHANGES = "changes."
ITEMS = "items."
ITEM_PARTS = {
    "name": "Giấy tờ khác",
    "defect": "Thiếu gì, sai gì",
    "todo": "Cần làm gì",
    "basis": "Căn cứ pháp lý",
}
FREE_ITEM = 0  # the row for what the procedure does not list
# An officer of a commune is asked through the committee, a council gives no written opinion.
CONSULTED_KINDS = frozenset({"people_committee", "office", "department", "vertical"})
TIER_WORDS = {"tỉnh": "Cấp tỉnh", "huyện": "Cấp huyện", "xã": "Cấp xã", "khu vực": "Khu vực"}
SEVERAL = "several"  # how the page calls a fact of which more than one may be ticked
BLANK = ("", "Chọn")

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under a heading, (value, words) each."""

    name: str
    choices: Sequence[tuple[str, str]]


class Grouped(tuple[Group, ...]):
    """Choices of which several may be made, under headings."""

    __slots__ = ()

    @property
    def groups(self) -> tuple[Group, ...]:
        """The headings with what stands under them."""
        return tuple(self)


@dataclass(frozen=True, slots=True)
class Input:
    """One field: the fact, its value, what can be chosen, what is wrong with it."""

    fact: Fact
    value: Any = ""
    choices: Sequence[tuple[str, str]] | Grouped = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the forms of one page are made from."""

    session: Db
    office: Office
    dossier: Dossier
    steps: Sequence[Step]
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One paper that may be asked for: its number in the procedure, and what was typed."""

    number: int
    name: str
    defect: str = ""
    todo: str = ""
    basis: str = ""
    code: str = ""


def item_rows(asked: Asked, typed: Typed) -> list[ItemRow]:
    """A row for each component of the dossier's case, and a free one at the end."""
    procedure = asked.office.editions[asked.dossier.edition_id].procedure
    case = asked.dossier.case_id
    known = case is not None or not procedure.cases
    listed = [(n, c.name) for n, c in procedure.components_for(case)] if known else []
    rows = []
    for number, name in [*listed, (FREE_ITEM, typed.get(f"{ITEMS}{FREE_ITEM}.name", ""))]:
        named = ("code", "defect", "todo", "basis")
        parts = {p: typed.get(f"{ITEMS}{number}.{p}", "") for p in named}
        rows.append(ItemRow(number, name, **parts))
    return rows


def typed_items(form: Typed) -> list[dict[str, Any]]:
    """The papers asked for: a row each where something is typed, in the order of the page."""
    numbers = sorted(
        {int(key.split(".")[1]) for key in form if _is_item(key)}, key=lambda n: (n == 0, n)
    )
    items = []
    for number in numbers:
        texts = {p: form.get(f"{ITEMS}{number}.{p}", "").strip() for p in ITEM_PARTS}
        told = {part: text for part, text in texts.items() if text}
        if told:  # a kind of reason alone asks for nothing
            code = form.get(f"{ITEMS}{number}.code", "")
            row: dict[str, Any] = {"component": number or None, "code": code}
            items.append(row | told)
    return items


def _is_item(key: str) -> bool:
    parts = key.split(".")
    known = len(parts) == 3 and parts[0] == "items" and parts[2] in ITEM_PARTS  # not its code
    return known and parts[1].isascii() and parts[1].isdigit() and len(parts[1]) < 4


def typed_units(form: Typed) -> list[str]:
    """The units ticked; a form of the browser holds the name several times."""
    many = getattr(form, "getlist", None)
    return list(many("units")) if many else [form["units"]] if form.get("units") else []


def choices_of(
    asked: Asked, fact: Fact, fitting: Sequence[Step]
) -> Sequence[tuple[str, str]] | Grouped:
    """What can be chosen for a fact, as (value, words)."""
    procedure = asked.office.editions[asked.dossier.edition_id].procedure
    if fact.name == "pause_kind":
        return [BLANK, *{p.kind: p.name for p in procedure.time_limit.pauses}.items()]
    if fact.name == "fee_line":
        query = select(FeeLine.number, FeeLine.name).where(
            FeeLine.dossier_id == asked.dossier.id, FeeLine.amount.is_(None),
            FeeLine.exempt_reason == "",
        )  # fmt: skip
        lines = asked.session.execute(query.order_by(FeeLine.number)).all()
        return [(str(number), name) for number, name in lines]
    if fact.name == "extension":
        rules = enumerate(procedure.time_limit.extensions, 1)
        return [BLANK, *((str(number), _extension(rule)) for number, rule in rules)]
    if fact.kind == "units":
        return _units(asked)
    if fact.kind == "choice":
        asks = fact.required or fact.name in ("fault", "fee_decision")
        return [*([BLANK] if asks else []), *(fact.choices or {}).items()]
    if fact.kind == "staff":
        return _officers(asked, fitting)
    return ()


def _officers(asked: Asked, fitting: Sequence[Step]) -> Sequence[tuple[str, str]]:
    day = asked.office.judged(asked.now.date())
    units = dict.fromkeys(step.unit_id for step in fitting)
    people = [
        person
        for unit in units
        for person in hands.people_at(asked.session, unit, Role.CASE_OFFICER, day)
    ]
    taken = {step.assignee_id for step in fitting}
    free = [
        (p.id, f"{p.name} ({p.username}{_away(asked, p.id, units)})")
        for p in people if p.id not in taken
    ]  # fmt: skip
    return [("", "Chọn người thụ lý"), *free]


def _away(asked: Asked, staff_id: str, units: Iterable[str]) -> str:
    """That an officer is away today, and who stands in."""
    today = asked.now.astimezone(VIETNAM).date()
    for unit in units:
        found = absence_of(asked.office.stand_ins, staff_id, unit, today)
        if found is not None:
            return f", vắng đến {found.last_day:%d/%m}, thay: {found.substitute_name}"
    return ""


def _extension(rule: Extension) -> str:
    if rule.amount is None or rule.unit is None:
        return f"{rule.when}: theo thỏa thuận"
    words = Limit(rule.amount, rule.unit).words()
    return f"{rule.when}: {'thành' if rule.effect == 'total' else 'thêm'} {words}"


def _units(asked: Asked) -> Grouped:
    """Units that can be asked for an opinion, valid today: the dossier's own tier first."""
    office, day = asked.office, asked.office.judged(asked.now.date())
    found: dict[str, list[tuple[str, str]]] = {tier: [] for tier in TIER_WORDS}
    for unit in office.units.values():
        if unit.kind in CONSULTED_KINDS and unit.valid_on(day):
            found.setdefault(unit.tier, []).append((unit.id, unit.name))
    own = office.unit(asked.dossier.department).tier
    tiers = sorted(filter(found.get, found), key=lambda tier: tier != own)
    return Grouped(
        Group(TIER_WORDS.get(tier, tier), sorted(found[tier], key=lambda pair: fold(pair[1])))
        for tier in tiers
    )


def proposed(asked: Asked, action: str, fact: Fact, acted: Step | None) -> Any:
    """What is filled in beforehand, for the person to confirm."""
    dossier, year = asked.dossier, asked.now.year
    if fact.name.startswith(CHANGES):
        return shown(getattr(dossier, fact.name.removeprefix(CHANGES)))
    if fact.kind == "items":
        return item_rows(asked, {})
    if fact.kind == "units":
        return ()
    match fact.name:
        case "amount" if action == "collect_fee":
            return f"{dossier.fee_due:,}".replace(",", ".")
        case "receiver":
            return dossier.applicant_name
        case "receiver_id":
            return dossier.personal_id or ""
        case "receiver_relation":
            return "self"
        case "issued_on":
            return f"{asked.now:%d/%m/%Y}"
        case "number" if acted is not None:
            return numbering.suggest(asked.session, acted.moved_from or acted.unit_id, year)
        case "symbol" if acted is not None:
            return numbering.usual_symbol(asked.session, acted.moved_from or acted.unit_id, year)
        case _:
            return ""


def shown(value: Any) -> str:
    """A stored value as people write it."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else (value or "")
