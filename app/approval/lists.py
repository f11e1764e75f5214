"""What a leader and a văn thư need beside the rows of their lists; one statement each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.actor import Actor
from app.core.facts import REFUSAL_REASONS
from app.journey.office import Db
from app.journey.visibility import visible
from app.models import Dossier, Event, ResultNumber


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the officer proposed last: who, what for, in whose words; opinion: reasons count."""

    who: str
    text: str
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class NextNumber:
    """What the văn thư gives next, to be confirmed; empty where nothing can be told."""

    number: str
    symbol: str


def proposals(session: Db, actor: Actor, ids: Sequence[str]) -> dict[str, Proposal]:
    """The last proposal of each dossier, by its id."""
    query = (
        select(Event.subject, Event.body)
        .join(Dossier, Dossier.id == Event.subject)
        .where(Event.subject.in_(ids), Event.action.in_(("propose_result", "propose_refusal")))
        .order_by(Event.seq)
    )
    found = {}
    for subject, text in session.execute(visible(query, actor)) if ids else ():
        body = json.loads(text)
        facts = body["facts"]
        parts = (
            REFUSAL_REASONS.get(facts.get("reason_code", ""), ""),
            facts.get("reason", ""),
            facts.get("legal_basis", ""),
            facts.get("opinion", ""),
        )
        opinion = facts.get("opinion", "") or facts.get("reason", "")
        found[subject] = Proposal(body["actor_name"], "; ".join(p for p in parts if p), opinion)
    return found


def next_numbers(session: Db, units: Iterable[str], year: int) -> dict[str, NextNumber]:
    """By unit, the number after its last one of the year and the symbol it used most."""
    long = func.length(ResultNumber.number)
    query = (
        select(
            ResultNumber.unit_id, ResultNumber.symbol, long, func.max(ResultNumber.number),
            func.count(),
        )
        .where(ResultNumber.unit_id.in_(sorted(units)), ResultNumber.year == year)
        .group_by(ResultNumber.unit_id, ResultNumber.symbol, long)
    )  # fmt: skip
    highest: dict[str, tuple[int, str]] = {}
    uses: dict[str, dict[str, int]] = {}
    for unit, symbol, length, number, count in session.execute(query):
        highest[unit] = max(highest.get(unit, (0, "")), (length, number))
        of_unit = uses.setdefault(unit, {})
        of_unit[symbol] = of_unit.get(symbol, 0) + count
    found = {unit: NextNumber("1", "") for unit in units}
    for unit, (_, number) in highest.items():
        symbol = min(uses[unit], key=lambda s: (-uses[unit][s], s))
        found[unit] = NextNumber(str(int(number) + 1) if number.isdigit() else "", symbol)
    return found
