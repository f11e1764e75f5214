"""One edition of a procedure as the rule file has it, ready to be asked. Amounts in đồng."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.procedure_parts import (
    Case,
    Component,
    Extension,
    Fee,
    FeeTier,
    Pause,
    StepRule,
    TimeLimit,
    TwoLevel,
)
from app.core.procedure_terms import DEFAULT_CUTOFF
from app.core.refusals import Refused

__all__ = [
    "Case",
    "Component",
    "Extension",
    "Fee",
    "FeeTier",
    "Pause",
    "Procedure",
    "StepRule",
    "TimeLimit",
    "TwoLevel",
    "from_json",
    "parse",
    "to_json",
]


@dataclass(frozen=True, slots=True)
class Procedure:
    """One edition of a published procedure; the names are those of the rule files' keys."""

    code: str
    name: str
    aliases: tuple[str, ...]
    field: str
    field_slug: str
    level: str
    era: str
    effective_from: dt.date | None
    as_of: dt.date
    agency: str
    department: str
    received_at: tuple[str, ...]
    applicants: tuple[str, ...]
    summary: str
    channels: tuple[str, ...]
    full_process: bool
    confidential: bool
    sets: int
    results: tuple[str, ...]
    forms: tuple[str, ...]
    legal_basis: tuple[str, ...]
    source: str
    steps_basis: str
    no_components_reason: str
    notes: tuple[str, ...]
    time_limit: TimeLimit
    cases: tuple[Case, ...]
    components: tuple[Component, ...]
    fees: tuple[Fee, ...]
    steps: tuple[StepRule, ...]
    two_level: TwoLevel | None

    @property
    def has_decision(self) -> bool:
        """Whether a signature decides; not so where the law only wants a notification."""
        return any(step.decides for step in self.steps)

    @property
    def units(self) -> frozenset[str]:
        """Every unit that it names, in its head, its steps and those of its cases."""
        steps = [*self.steps, *(step for case in self.cases for step in case.steps or ())]
        heads = (self.agency, self.department, *self.received_at)
        return frozenset({*heads, *(step.unit for step in steps if step.unit)})

    def case(self, case_id: str | None) -> Case | None:
        """The case of that id (None for a procedure without cases).

        Refused `case_required` where one must be named, `no_such_case` for an unknown one.
        """
        if case_id is None and not self.cases:
            return None
        for case in self.cases:
            if case.id == case_id:
                return case
        if not self.cases:
            raise Refused(
                "no_such_case",
                f"Thủ tục {self.code} không chia trường hợp, hãy bỏ trống mục trường hợp.",
                fields={"case": "Thủ tục này không chia trường hợp, hãy bỏ trống."},
            )
        names = "; ".join(f"{case.id} ({case.name})" for case in self.cases)
        if case_id is None:
            code, start = "case_required", f"Thủ tục {self.code} có nhiều trường hợp"
        else:
            code, start = "no_such_case", f"Thủ tục {self.code} không có trường hợp “{case_id}”"
        raise Refused(
            code,
            f"{start}, hãy chọn một trong các trường hợp: {names}.",
            fields={"case": f"Hãy chọn một trong các trường hợp: {names}."},
            detail={"cases": [case.id for case in self.cases]},
        )

    def limit_for(self, case_id: str | None = None) -> TimeLimit:
        """The case's own limit, else the procedure's; extensions and pauses are the procedure's.

        Without a case id, the procedure's limit (for lists and look-ups).
        """
        case = self.case(case_id) if case_id is not None else None
        return (case.time_limit if case else None) or self.time_limit

    def steps_for(self, case_id: str | None = None) -> tuple[StepRule, ...]:
        """The case's own steps, else the procedure's."""
        case = self.case(case_id) if case_id is not None else None
        return (case.steps if case else None) or self.steps

    def components_for(self, case_id: str | None = None) -> tuple[tuple[int, Component], ...]:
        """The components that apply to the case, each with its number (from 1) in the file."""
        case = self.case(case_id)
        return tuple(
            (i, component)
            for i, component in enumerate(self.components, 1)
            if component.applies_to(case.id if case else None)
        )

    def fees_for(
        self, case_id: str | None = None, channel: str | None = None
    ) -> tuple[tuple[int, Fee], ...]:
        """The fees that may be due in the case and channel, each with its number (from 1)."""
        case = self.case(case_id)
        return tuple(
            (i, fee)
            for i, fee in enumerate(self.fees, 1)
            if fee.applies_to(case.id if case else None, channel)
        )


def to_json(data: Mapping[str, Any]) -> str:
    """A checked file's content as text for storing: dates ISO, keys sorted, so equal = equal."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, default=_iso)


def from_json(text: str) -> Procedure:
    """The procedure of a text made by `to_json`."""
    return parse(json.loads(text))


def _iso(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _day(value: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(data.get(key, ()))


def parse(data: Mapping[str, Any]) -> Procedure:
    """The procedure of a checked dict (from TOML, or from JSON with dates as ISO text)."""
    limit = _limit(data["time_limit"])
    start = data.get("effective_from")
    two_level = data.get("two_level")
    return Procedure(
        code=data["code"],
        name=data["name"],
        aliases=_texts(data, "aliases"),
        field=data["field"],
        field_slug=data["field_slug"],
        level=data["level"],
        era=data["era"],
        effective_from=_day(start) if start else None,
        as_of=_day(data["as_of"]),
        agency=data["agency"],
        department=data["department"],
        received_at=_texts(data, "received_at"),
        applicants=_texts(data, "applicants"),
        summary=data["summary"],
        channels=_texts(data, "channels"),
        full_process=data["full_process"],
        confidential=data.get("confidential", False),
        sets=data["sets"],
        results=_texts(data, "results"),
        forms=_texts(data, "forms"),
        legal_basis=_texts(data, "legal_basis"),
        source=data["source"],
        steps_basis=data["steps_basis"],
        no_components_reason=data.get("no_components_reason", ""),
        notes=_texts(data, "notes"),
        time_limit=limit,
        cases=tuple(_case(case, limit) for case in data.get("cases", ())),
        components=tuple(_component(item) for item in data.get("components", ())),
        fees=tuple(_fee(fee) for fee in data.get("fees", ())),
        steps=_steps(data["steps"]),
        two_level=_two_level(two_level, limit) if two_level else None,
    )


def _limit(data: Mapping[str, Any]) -> TimeLimit:
    return TimeLimit(
        amount=data["amount"],
        unit=data["unit"],
        cutoff=_cutoff(data),
        starts=data.get("starts", "acceptance"),
        silence=data.get("silence", "none"),
        note=data.get("note", ""),
        extensions=tuple(
            Extension(
                when=item["when"],
                effect=item["effect"],
                amount=item.get("amount"),
                unit=item.get("unit"),
                by_agreement=item.get("by_agreement", False),
                times=item.get("times", 1),
            )
            for item in data.get("extensions", ())
        ),
        pauses=tuple(
            Pause(item["kind"], item["name"], item.get("max_amount"), item.get("unit"))
            for item in data.get("pauses", ())
        ),
    )


def _cutoff(data: Mapping[str, Any]) -> dt.time | None:
    if data["unit"] != "same_day":
        return None
    return dt.time.fromisoformat(data["cutoff"]) if "cutoff" in data else DEFAULT_CUTOFF


def _own_limit(data: Mapping[str, Any] | None, limit: TimeLimit) -> TimeLimit | None:
    if data is None:
        return None
    return replace(limit, amount=data["amount"], unit=data["unit"], cutoff=_cutoff(data), note="")


def _case(data: Mapping[str, Any], limit: TimeLimit) -> Case:
    return Case(
        id=data["id"],
        name=data["name"],
        time_limit=_own_limit(data.get("time_limit"), limit),
        steps=_steps(data["steps"]) if "steps" in data else None,
    )


def _two_level(data: Mapping[str, Any], limit: TimeLimit) -> TwoLevel:
    own = _own_limit(data.get("time_limit"), limit)
    return TwoLevel(
        data["agency"], data.get("name", ""), own, _texts(data, "basis"), data["source"]
    )


def _component(data: Mapping[str, Any]) -> Component:
    return Component(
        name=data["name"],
        kind=data["kind"],
        originals=data["originals"],
        copies=data["copies"],
        required=data["required"],
        condition=data.get("condition", ""),
        handling=data.get("handling", "submit"),
        one_of=data.get("one_of"),
        cases=_texts(data, "cases") if "cases" in data else None,
        form=data.get("form", ""),
    )


def _fee(data: Mapping[str, Any]) -> Fee:
    return Fee(
        name=data["name"],
        kind=data["kind"],
        amount=data.get("amount"),
        tiers=tuple(
            FeeTier(tier["from"], tier.get("to"), tier["amount"]) for tier in data.get("tiers", ())
        ),
        set_by=data.get("set_by", ""),
        per=data["per"],
        max=data.get("max"),
        channel=data.get("channel"),
        cases=_texts(data, "cases") if "cases" in data else None,
        condition=data.get("condition", ""),
        exempt=_texts(data, "exempt"),
        basis=data.get("basis", ""),
    )


def _steps(data: list[dict[str, Any]]) -> tuple[StepRule, ...]:
    at: dict[str, int] = {}
    rules = []
    for position, step in enumerate(data, 1):
        above = (position - 1,) if position > 1 else ()
        named = tuple(at[name] for name in step["depends_on"]) if "depends_on" in step else above
        if "id" in step:
            at[step["id"]] = position
        rules.append(
            StepRule(
                name=step["name"],
                role=step["role"],
                unit=step["unit"],
                time=step["time"],
                time_unit=step["time_unit"],
                counts=step.get("counts", True),
                pause=step.get("pause"),
                result=step.get("result", ""),
                id=step.get("id"),
                waits_for=named,
                is_lead=step.get("is_lead", False),
                decides=step.get("decides", False),
            )
        )
    return tuple(rules)
