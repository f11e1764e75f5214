"""Checks the steps of a procedure file: their order, their sum, their units, who signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from app.core.faults import Faults, Table
from app.core.procedure_terms import (
    DAYS_A_MONTH,
    HOURS_A_DAY,
    NO_DECISION,
    NO_STAMP,
    ROLES,
    SIGNERS,
    STEP,
    STEP_UNITS_IN,
)

FindUnit = Callable[[str, str], Table | None]
# In the smallest unit that a step of the limit may have: hours of working days, days of months.
_STEP_COST = {"working_days": HOURS_A_DAY, "months": DAYS_A_MONTH}
_LIMIT_COST = {**_STEP_COST, "same_day": HOURS_A_DAY}


def check_steps(
    faults: Faults,
    find_unit: FindUnit,
    key: str,
    steps: Sequence[Table],
    limit: Table,
    data: Table,
) -> None:
    """The steps under `key` (the procedure's or a case's) against the limit they must fill.

    find_unit: gives the record of a unit, or None having noted that it is not there.
    """
    faults.check(3 <= len(steps) <= 12, key, "3 to 12 steps expected")
    required = ("name", "role", "unit", "time", "time_unit")
    shapes = [faults.shape(f"{key}[{i}]", s, STEP, required) for i, s in enumerate(steps)]
    if not steps or not all(shapes):
        return
    places = _Places(data)
    for i, step in enumerate(steps):
        faults.listed(f"{key}[{i}].role", step["role"], ROLES)
        unit = find_unit(f"{key}[{i}].unit", step["unit"])
        if unit is not None:
            places.note(faults, f"{key}[{i}]", step, unit)
    places.check(faults, key)
    fits = _check_times(faults, key, steps, limit, _pause_kinds(data))
    ends = steps[0]["role"], steps[-1]["role"]
    good = ends == ("tiếp nhận", "trả kết quả")
    faults.check(good, key, "must begin with tiếp nhận and end with trả kết quả")
    before = _predecessors(faults, key, steps)
    if before is None:
        return
    if fits:
        _check_sum(faults, key, steps, before, limit)
    _check_signature(faults, key, steps, before, data)
    _check_notes(faults, steps, limit, data)


def _pause_kinds(data: Table) -> list[str]:
    return [pause.get("kind", "") for pause in _tables(data["time_limit"].get("pauses"))]


def _tables(value: object) -> list[Table]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


class _Places:
    """Where the work of one list of steps is done, and what the file claims about it."""

    def __init__(self, data: Table) -> None:
        self.data = data
        self.tiers: set[str] = set()
        self.agencies: set[str] = set()
        self.own: set[str] = set()  # the agencies that do more than answer (phối hợp)
        self.leads: set[str] = set()
        self.vertical = False
        self.elsewhere = False

    def note(self, faults: Faults, key: str, step: Table, unit: Table) -> None:
        if step["role"] == "người nộp":
            return
        if self.data.get("confidential") and unit["kind"] == "one_stop":
            faults.add(f"{key}.unit", "confidential but at the counter")
        vertical = unit["kind"] == "vertical"
        agency = unit["id"] if vertical else unit["tier"]
        self.tiers.add(unit["tier"])
        self.agencies.add(agency)
        self.vertical |= vertical
        if step["role"] == "phối hợp":
            self.elsewhere = True
        else:
            self.own.add(agency)
        if step.get("is_lead"):
            self.leads.add(agency)

    def check(self, faults: Faults, key: str) -> None:
        faults.check(len(self.leads) < 2, key, "is_lead in more than one agency")
        if key != "steps":  # a case may be shorter; the claims are about the procedure itself
            return
        if self.data["full_process"]:
            claim = "full_process"
            one_tier = len(self.tiers) < 2
            faults.check(one_tier, claim, "true but steps are at more than one tier")
            faults.check(not self.vertical, claim, "true but another agency takes part")
            faults.check(not self.elsewhere, claim, "true but work is done elsewhere (phối hợp)")
        level = self.data["level"]
        if level == "liên thông":
            shared = len(self.agencies) > 1
            faults.check(shared, "level", "liên thông but steps are in one agency")
        elif len(self.own) > 1:
            names = ", ".join(sorted(self.own))
            faults.add("level", f"{level} but steps are in more than one agency: {names}")


def _check_times(
    faults: Faults, key: str, steps: Sequence[Table], limit: Table, pauses: Sequence[str]
) -> bool:
    """Whether every counted step can be added up to the limit."""
    family = STEP_UNITS_IN.get(limit.get("unit", ""))
    good = family is not None
    for i, step in enumerate(steps):
        at = f"{key}[{i}]"
        faults.check(step["time"] >= 0, f"{at}.time", "below 0")
        if not step.get("counts", True):
            if "pause" not in step:
                faults.add(at, "counts = false needs pause")
            elif step["pause"] not in pauses:
                faults.add(f"{at}.pause", "no such pause in time_limit.pauses")
            continue
        faults.check("pause" not in step, f"{at}.pause", "only with counts = false")
        if family is not None and step["time_unit"] not in family:
            faults.add(f"{at}.time_unit", f"{step['time_unit']} in a limit of {limit['unit']}")
            good = False
    return good


def _predecessors(faults: Faults, key: str, steps: Sequence[Table]) -> list[list[int]] | None:
    """For each step, the indices of the steps it waits for; None where they cannot be told."""
    at: dict[str, int] = {}
    before: list[list[int]] = []
    good = True
    for i, step in enumerate(steps):
        waits = _waits_for(faults, f"{key}[{i}]", step, i, at)
        good = good and waits is not None
        before.append(waits or [])
        if "id" in step:
            slug = bool(re.fullmatch(r"[a-z0-9-]+", step["id"]))
            faults.check(slug, f"{key}[{i}].id", "slug expected")
            new = faults.check(step["id"] not in at, f"{key}[{i}].id", "an id is repeated")
            good = good and new
            at[step["id"]] = i
    if not good:
        return None
    awaited = {j for waits in before for j in waits}
    for i in range(len(steps) - 1):
        if i not in awaited:
            good = False
            faults.add(f"{key}[{i}]", "no later step waits for this one")
    return before if good else None


def _waits_for(
    faults: Faults, key: str, step: Table, i: int, at: dict[str, int]
) -> list[int] | None:
    named = step.get("depends_on")
    if named is None:
        return [i - 1] if i else []
    key = f"{key}.depends_on"
    good = faults.check(bool(named) or not i, key, "only the first step waits for nothing")
    faults.check(len(set(named)) == len(named), key, "repeated")
    for name in named:
        known = faults.check(name in at, key, f"no earlier step {name}")
        good = good and known
    return [at[name] for name in named] if good else None


def _check_sum(
    faults: Faults,
    key: str,
    steps: Sequence[Table],
    before: Sequence[Sequence[int]],
    limit: Table,
) -> None:
    """The longest path of counted steps takes exactly the limit."""
    ends: list[float] = []
    for step, waits in zip(steps, before, strict=True):
        cost = step["time"] * _STEP_COST.get(step["time_unit"], 1)
        counted = cost if step.get("counts", True) else 0
        ends.append(max((ends[j] for j in waits), default=0.0) + counted)
    unit, total = limit["unit"], ends[-1]
    want = limit["amount"] * _LIMIT_COST.get(unit, 1)
    if unit in ("same_day", "immediate"):
        text = f"{total:g} working hours in a {unit} limit of at most {want:g}"
        faults.check(0 < total <= want, key, text)
    elif abs(total - want) > 1e-9:
        shown = total / _LIMIT_COST.get(unit, 1)
        faults.add(key, f"steps add up to {shown:g}, the limit is {limit['amount']:g}")


def _excused(data: Table, start: str) -> bool:
    return any(note.startswith(start) for note in data.get("notes", []))


def _check_signature(
    faults: Faults,
    key: str,
    steps: Sequence[Table],
    before: Sequence[Sequence[int]],
    data: Table,
) -> None:
    """The last signature decides and a văn thư step follows it, or a note says why not."""
    for i, step in enumerate(steps):
        if step.get("decides") is False:
            faults.add(f"{key}[{i}].decides", "only true, or left out")
    deciding = [i for i, step in enumerate(steps) if step.get("decides")]
    if not deciding and _excused(data, NO_DECISION):
        signed = any(step["role"] in SIGNERS for step in steps)
        faults.check(not signed, key, "a note says nothing is decided, but a step signs")
    elif len(deciding) != 1:
        faults.add(key, f"{len(deciding)} steps decide, exactly one expected")
    else:
        _check_decision(faults, key, steps, deciding[0], data)
    if not _excused(data, NO_STAMP) and not _stamped(steps, before, deciding):
        faults.add(key, "no văn thư step after the deciding step")


def _check_decision(faults: Faults, key: str, steps: Sequence[Table], i: int, data: Table) -> None:
    step, at = steps[i], f"{key}[{i}].decides"
    faults.check(step["role"] in SIGNERS, at, f"role {step['role']} does not sign")
    agency = data["agency"]
    faults.check(step["unit"] == agency, at, f"at {step['unit']}, but agency is {agency}")
    later = any(step["role"] in SIGNERS for step in steps[i + 1 :])
    faults.check(not later, at, "a later step signs")


def _stamped(
    steps: Sequence[Table], before: Sequence[Sequence[int]], deciding: Sequence[int]
) -> bool:
    """Whether a văn thư step comes after the decision (anywhere, if nothing is decided)."""
    after = set(deciding)
    for i, waits in enumerate(before):
        if not deciding or after.intersection(waits):
            after.add(i)
    return any(steps[i]["role"] == "văn thư" for i in after)


def _check_notes(faults: Faults, steps: Sequence[Table], limit: Table, data: Table) -> None:
    excused = _excused(data, NO_DECISION) or _excused(data, NO_STAMP)
    decided = any(step.get("decides") for step in steps)
    if excused and decided and limit["unit"] != "immediate":
        faults.add("notes", "a note says a step is missing, but the procedure is decided")
