"""Checks what the applicant brings and pays: components and fees of a procedure file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from app.core.faults import SLUG, Faults, Table
from app.core.procedure_terms import (
    CHANNELS,
    COMPONENT,
    COMPONENT_KINDS,
    FEE,
    FEE_KINDS,
    HANDLINGS,
    TIER,
)

_PRICES = ("amount", "tiers", "set_by")


def check_components(faults: Faults, data: Table, case_ids: Collection[str]) -> None:
    """All `[[components]]`, or the reason why there are none."""
    components = data.get("components", [])
    reason = "no_components_reason" in data
    faults.check(bool(components) or reason, "components", "empty and no reason given")
    if components and reason:
        faults.add("no_components_reason", "there are components")
    groups: Counter[str] = Counter()
    for i, component in enumerate(components):
        key = f"components[{i}]"
        required = ("name", "kind", "originals", "copies", "required")
        if not faults.shape(key, component, COMPONENT, required):
            continue
        _check_pieces(faults, key, component)
        _check_condition(faults, key, component)
        faults.listed(f"{key}.handling", component.get("handling", "submit"), HANDLINGS)
        _check_case_list(faults, key, component, case_ids)
        if "one_of" in component:
            groups[component["one_of"]] += 1
    for group, members in groups.items():
        faults.check(bool(SLUG.fullmatch(group)), f'one_of "{group}"', "slug expected")
        faults.check(members > 1, f'one_of "{group}"', "fewer than two members")


def _check_pieces(faults: Faults, key: str, component: Table) -> None:
    kind, originals, copies = component["kind"], component["originals"], component["copies"]
    faults.listed(f"{key}.kind", kind, COMPONENT_KINDS)
    if originals < 0 or copies < 0 or originals + copies < 1:
        faults.add(key, "no piece counted")
    elif kind in ("copy", "certified_copy"):
        faults.check(not originals, key, f"kind {kind} but originals {originals}")
        faults.check(copies > 0, key, f"kind {kind} but no copy")
    elif kind in ("form", "original"):
        faults.check(originals > 0, key, f"kind {kind} but no original")


def _check_condition(faults: Faults, key: str, component: Table) -> None:
    required, condition = component["required"], "condition" in component
    faults.check(not (required and condition), key, "required but has a condition")
    faults.check(required or condition, key, "not required and no condition")
    if required and "one_of" in component:
        faults.add(key, "a member of a one_of group cannot be required")


def _check_case_list(faults: Faults, key: str, part: Table, case_ids: Collection[str]) -> None:
    named = part.get("cases")
    if named is None:
        return
    faults.check(bool(named), f"{key}.cases", "empty")
    for case_id in named:
        faults.check(case_id in case_ids, f"{key}.cases", f"no case {case_id}")


def check_fees(faults: Faults, data: Table, case_ids: Collection[str]) -> None:
    """All `[[fees]]`."""
    for i, fee in enumerate(data.get("fees", [])):
        key = f"fees[{i}]"
        if not faults.shape(key, fee, FEE, ("name", "kind", "per")):
            continue
        faults.listed(f"{key}.kind", fee["kind"], FEE_KINDS)
        one = sum(price in fee for price in _PRICES) == 1
        faults.check(one, key, "exactly one of amount, tiers, set_by")
        amount = fee.get("amount", 0)
        faults.check(amount >= 0, f"{key}.amount", "below 0")
        faults.check(fee.get("max", amount) >= amount, f"{key}.max", "below amount")
        if "channel" in fee and faults.listed(f"{key}.channel", fee["channel"], CHANNELS):
            offered = fee["channel"] in data["channels"]
            faults.check(offered, f"{key}.channel", "channel not offered")
        _check_case_list(faults, key, fee, case_ids)
        if "tiers" in fee:
            _check_tiers(faults, f"{key}.tiers", fee["tiers"])


def _check_tiers(faults: Faults, key: str, tiers: list[Table]) -> None:
    """From 1 without gap; only the last one may lack `to`."""
    faults.check(bool(tiers), key, "empty")
    expected: int | None = 1
    for i, tier in enumerate(tiers):
        if not faults.shape(f"{key}[{i}]", tier, TIER, ("from", "amount")):
            return
        faults.check(tier["amount"] >= 0, f"{key}[{i}].amount", "below 0")
        faults.check(tier["from"] == expected, key, f"gap before {tier['from']}")
        last = tier.get("to")
        if last is not None and last < tier["from"]:
            faults.add(f"{key}[{i}].to", f"{last} is before from {tier['from']}")
        expected = None if last is None else last + 1
