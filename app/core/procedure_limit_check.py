"""Checks the time limit of a procedure file: amount, extensions, pauses."""

from __future__ import annotations

import re

from app.core.faults import CLOCK_TEXT, Faults, Table, number_text
from app.core.limits import UNIT_WORDS
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

_TOGETHER = "hãy ghi cả số lượng và đơn vị, hoặc chỉ ghi theo thỏa thuận (by_agreement = true)"


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
    faults.check(
        len(set(map(str, kinds))) == len(kinds),
        f"{key}.pauses",
        "có loại ghi hai lần, mỗi loại một lần",
    )
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
    faults.check(halves, f"{key}.amount", "phải lớn hơn 0, theo bước 0,5")
    if unit in ("same_day", "immediate"):
        faults.check(amount == 1, f"{key}.amount", f"thời hạn {UNIT_WORDS[unit]} thì phải ghi 1")
    if unit == "months":
        whole = amount % 1 == 0
        faults.check(whole, f"{key}.amount", "thời hạn theo tháng phải là số tháng tròn")
    if "cutoff" in limit:
        clock = re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", limit["cutoff"])
        faults.check(
            unit == "same_day", f"{key}.cutoff", "chỉ ghi khi thời hạn là trong ngày, hãy bỏ"
        )
        faults.check(bool(clock), f"{key}.cutoff", CLOCK_TEXT)


def _check_extension(faults: Faults, key: str, extension: Table, limit: Table) -> None:
    if not faults.shape(key, extension, EXTENSION, ("when", "effect")):
        return
    faults.listed(f"{key}.effect", extension["effect"], EFFECTS)
    faults.check(extension.get("times", 1) >= 1, f"{key}.times", "phải từ 1 trở lên")
    stated, agreed = "amount" in extension, extension.get("by_agreement", False)
    if stated != ("unit" in extension) or stated == agreed:
        faults.add(key, _TOGETHER)
        return
    if not stated:
        return
    amount, unit = extension["amount"], extension["unit"]
    faults.listed(f"{key}.unit", unit, STEP_UNITS)
    total = extension["effect"] == "total" and unit == limit["unit"]
    if amount <= 0:
        faults.add(key, "gia hạn phải lớn hơn 0")
    elif total and amount <= limit["amount"]:
        words = f"{number_text(amount)} {UNIT_WORDS.get(unit, unit)}"
        faults.add(key, f"gia hạn thành {words} không dài hơn thời hạn, hãy ghi số lớn hơn")


def _check_pause(faults: Faults, key: str, pause: Table) -> None:
    if not faults.shape(key, pause, PAUSE, ("kind", "name")):
        return
    faults.listed(f"{key}.kind", pause["kind"], PAUSES)
    if "unit" in pause:
        faults.listed(f"{key}.unit", pause["unit"], STEP_UNITS)
    together = ("max_amount" in pause) == ("unit" in pause)
    good = together and pause.get("max_amount", 1) > 0
    faults.check(good, key, "hãy ghi cả mức tối đa (lớn hơn 0) và đơn vị, hoặc bỏ cả hai")
