"""Checks the time limit of a procedure file: amount, extensions, pauses."""

from __future__ import annotations

import re

from app.core.faults import Faults, Table
from app.core.procedure_terms import (
    EFFECTS,
    EXTENSION,
    LIMIT_UNITS,
    PAUSE,
    PAUSES,
    SHORT_LIMIT,
    SILENCES,
    STARTS,
    STEP_UNITS,
    TIME_LIMIT,
)


def check_limit(faults: Faults, limit: Table) -> bool:
    """The table `[time_limit]` with everything in it; whether the steps can be measured by it."""
    key = "time_limit"
    if not faults.shape(key, limit, TIME_LIMIT, ("amount", "unit")):
        return False
    _check_amount(faults, key, limit)
    faults.listed(f"{key}.starts", limit.get("starts", "acceptance"), STARTS)
    faults.listed(f"{key}.silence", limit.get("silence", "none"), SILENCES)
    for i, extension in enumerate(limit.get("extensions", [])):
        _check_extension(faults, f"{key}.extensions[{i}]", extension, limit)
    kinds = [pause.get("kind") for pause in limit.get("pauses", [])]
    faults.check(len(set(map(str, kinds))) == len(kinds), f"{key}.pauses", "a kind is repeated")
    for i, pause in enumerate(limit.get("pauses", [])):
        _check_pause(faults, f"{key}.pauses[{i}]", pause)
    return True


def check_short_limit(faults: Faults, key: str, limit: Table) -> bool:
    """A case's own limit; whether it can be read on."""
    good = faults.shape(key, limit, SHORT_LIMIT, ("amount", "unit"))
    if good:
        _check_amount(faults, key, limit)
    return good


def _check_amount(faults: Faults, key: str, limit: Table) -> None:
    amount, unit = limit["amount"], limit["unit"]
    faults.listed(f"{key}.unit", unit, LIMIT_UNITS)
    halves = amount > 0 and amount * 2 % 1 == 0
    faults.check(halves, f"{key}.amount", "above 0, in steps of 0.5")
    if unit in ("same_day", "immediate"):
        faults.check(amount == 1, f"{key}.amount", f"{unit}: amount must be 1")
    if unit == "months":
        faults.check(amount % 1 == 0, f"{key}.amount", "months: whole months")
    if "cutoff" in limit:
        clock = re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", limit["cutoff"])
        faults.check(unit == "same_day", f"{key}.cutoff", "only for same_day")
        faults.check(bool(clock), f"{key}.cutoff", "HH:MM expected")


def _check_extension(faults: Faults, key: str, extension: Table, limit: Table) -> None:
    if not faults.shape(key, extension, EXTENSION, ("when", "effect")):
        return
    faults.listed(f"{key}.effect", extension["effect"], EFFECTS)
    faults.check(extension.get("times", 1) >= 1, f"{key}.times", "at least 1")
    stated, agreed = "amount" in extension, extension.get("by_agreement", False)
    if stated != ("unit" in extension) or stated == agreed:
        faults.add(key, "amount and unit, or by_agreement = true")
        return
    if not stated:
        return
    amount, unit = extension["amount"], extension["unit"]
    faults.listed(f"{key}.unit", unit, STEP_UNITS)
    total = extension["effect"] == "total" and unit == limit["unit"]
    if amount <= 0 or (total and amount <= limit["amount"]):
        text = f"{extension['effect']} {amount} {unit} is not longer than the limit"
        faults.add(key, text)


def _check_pause(faults: Faults, key: str, pause: Table) -> None:
    if not faults.shape(key, pause, PAUSE, ("kind", "name")):
        return
    faults.listed(f"{key}.kind", pause["kind"], PAUSES)
    if "unit" in pause:
        faults.listed(f"{key}.unit", pause["unit"], STEP_UNITS)
    together = ("max_amount" in pause) == ("unit" in pause)
    good = together and pause.get("max_amount", 1) > 0
    faults.check(good, key, "max_amount and unit together, above 0")
