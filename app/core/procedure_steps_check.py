"""Checks the steps of a procedure file: their order, their sum, their units, who signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from app.core.faults import (
    ONLY_TRUE_TEXT,
    SLUG_TEXT,
    TWICE_TEXT,
    Faults,
    Table,
    number_text,
)
from app.core.limits import UNIT_WORDS
from app.core.procedure_terms import (
    DAYS_A_MONTH,
    HOURS_A_DAY,
    NO_DECISION,
    NO_STAMP,
    ROLES,
    SIGNERS,
    STEP,
    STEP_UNITS,
    STEP_UNITS_IN,
)

FindUnit = Callable[[str, str], Table | None]
# In the smallest unit that a step of the limit may have: hours of working days, days of months.
_STEP_COST = {"working_days": HOURS_A_DAY, "months": DAYS_A_MONTH}
_LIMIT_COST = {**_STEP_COST, "same_day": HOURS_A_DAY}

_UNDECIDED = (
    "chưa có bước nào là quyết định (decides), phải có đúng một, "
    f"hoặc ghi chú bắt đầu bằng “{NO_DECISION}”"
)
_UNSTAMPED = (
    f"thiếu bước văn thư sau bước quyết định, hãy thêm, hoặc ghi chú bắt đầu bằng “{NO_STAMP}”"
)


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
    faults.check(3 <= len(steps) <= 12, key, "phải có từ 3 đến 12 bước")
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
    faults.check(good, key, "bước đầu phải có vai tiếp nhận, bước cuối phải có vai trả kết quả")
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
            faults.add(f"{key}.unit", "hồ sơ kín không qua quầy Một cửa, hãy chọn đơn vị khác")
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
        text = "chỉ một cơ quan được chủ trì (is_lead), đang có hơn một"
        faults.check(len(self.leads) < 2, key, text)
        if key != "steps":  # a case may be shorter; the claims are about the procedure itself
            return
        if self.data["full_process"]:
            self._check_claim(faults)
        level = self.data["level"]
        if level == "liên thông":
            text = "liên thông thì các bước phải ở từ hai cơ quan trở lên"
            faults.check(len(self.agencies) > 1, "level", text)
        elif len(self.own) > 1:
            names = ", ".join(sorted(self.own))
            text = f"cấp {level} nhưng các bước ở nhiều cơ quan ({names}), hãy ghi liên thông"
            faults.add("level", text)

    def _check_claim(self, faults: Faults) -> None:
        """Nothing speaks against doing all of it at the one-stop."""
        reasons = (
            (len(self.tiers) > 1, "các bước ở hơn một cấp"),
            (self.vertical, "có cơ quan ngành dọc tham gia"),
            (self.elsewhere, "có bước phối hợp ở nơi khác"),
        )
        for holds, why in reasons:
            text = f"không làm trọn tại Một cửa được vì {why}, hãy ghi không (false)"
            faults.check(not holds, "full_process", text)


def _check_times(
    faults: Faults, key: str, steps: Sequence[Table], limit: Table, pauses: Sequence[str]
) -> bool:
    """Whether every counted step can be added up to the limit."""
    family = STEP_UNITS_IN.get(limit.get("unit", ""))
    good = family is not None
    for i, step in enumerate(steps):
        at = f"{key}[{i}]"
        faults.check(step["time"] >= 0, f"{at}.time", "không được nhỏ hơn 0")
        if not step.get("counts", True):
            if "pause" not in step:
                faults.add(at, "không tính vào thời hạn thì phải ghi khoảng không tính (pause)")
            elif step["pause"] not in pauses:
                text = "thời hạn không có khoảng tạm dừng loại này, hãy thêm vào phần tạm dừng"
                faults.add(f"{at}.pause", text)
            continue
        faults.check("pause" not in step, f"{at}.pause", "bước tính vào thời hạn thì bỏ mục này")
        if family is not None and step["time_unit"] not in family:
            _add_unit(faults, f"{at}.time_unit", step["time_unit"], limit["unit"])
            good = False
    return good


def _add_unit(faults: Faults, key: str, unit: str, limit_unit: str) -> None:
    """Note a unit that does not go with the limit's, or is none at all."""
    family = STEP_UNITS_IN[limit_unit]
    if unit not in STEP_UNITS:
        faults.listed(key, unit, family)
        return
    wanted = " hoặc ".join(UNIT_WORDS[name] for name in family)
    limit = UNIT_WORDS[limit_unit]
    text = f"{UNIT_WORDS[unit]} không dùng được khi thời hạn là {limit}, hãy dùng {wanted}"
    faults.add(key, text)


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
            faults.check(slug, f"{key}[{i}].id", SLUG_TEXT)
            text = "mã riêng này đã dùng cho bước ở trên, mỗi bước một mã"
            new = faults.check(step["id"] not in at, f"{key}[{i}].id", text)
            good = good and new
            at[step["id"]] = i
    if not good:
        return None
    awaited = {j for waits in before for j in waits}
    for i in range(len(steps) - 1):
        if i not in awaited:
            good = False
            faults.add(f"{key}[{i}]", "không có bước nào đi sau bước này, hãy nối vào bước sau")
    return before if good else None


def _waits_for(
    faults: Faults, key: str, step: Table, i: int, at: dict[str, int]
) -> list[int] | None:
    named = step.get("depends_on")
    if named is None:
        return [i - 1] if i else []
    key = f"{key}.depends_on"
    text = "đang để trống: chỉ bước đầu không đi sau bước nào"
    good = faults.check(bool(named) or not i, key, text)
    faults.check(len(set(named)) == len(named), key, TWICE_TEXT)
    for name in named:
        text = f"ở trên không có bước “{name}”, xem lại mã riêng của bước"
        known = faults.check(name in at, key, text)
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
        text = (
            f"các bước cộng lại {number_text(total)} giờ làm việc, thời hạn {UNIT_WORDS[unit]} "
            f"thì phải trên 0 và không quá {number_text(want)} giờ"
        )
        faults.check(0 < total <= want, key, text)
    elif abs(total - want) > 1e-9:
        reached = number_text(total / _LIMIT_COST.get(unit, 1))
        amount, words = number_text(limit["amount"]), UNIT_WORDS[unit]
        text = f"các bước cộng lại {reached} {words}, thời hạn là {amount} {words}"
        faults.add(key, f"{text}, hãy sửa cho bằng nhau")


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
            faults.add(f"{key}[{i}].decides", ONLY_TRUE_TEXT)
    deciding = [i for i, step in enumerate(steps) if step.get("decides")]
    if not deciding and _excused(data, NO_DECISION):
        signed = any(step["role"] in SIGNERS for step in steps)
        text = f"ghi chú “{NO_DECISION}” trái với quy trình, vì có bước của người ký"
        faults.check(not signed, key, text)
    elif not deciding:
        faults.add(key, _UNDECIDED)
    elif len(deciding) > 1:
        faults.add(key, f"có {len(deciding)} bước là quyết định, phải có đúng một")
    else:
        _check_decision(faults, key, steps, deciding[0], data)
    if not _excused(data, NO_STAMP) and not _stamped(steps, before, deciding):
        faults.add(key, _UNSTAMPED)


def _check_decision(faults: Faults, key: str, steps: Sequence[Table], i: int, data: Table) -> None:
    step, at = steps[i], f"{key}[{i}].decides"
    text = f"vai {step['role']} không ký quyết định, hãy chọn {', '.join(SIGNERS)}"
    faults.check(step["role"] in SIGNERS, at, text)
    unit, agency = step["unit"], data["agency"]
    text = f"bước này ở “{unit}”, phải ở cơ quan quyết định “{agency}”"
    faults.check(unit == agency, at, text)
    later = any(step["role"] in SIGNERS for step in steps[i + 1 :])
    faults.check(not later, at, "sau bước này còn bước của người ký, hãy chọn bước ký cuối cùng")


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
        faults.add("notes", "ghi chú nói thiếu bước, nhưng quy trình có bước quyết định, hãy bỏ")
