"""Are the papers all there, and what is to be paid: judged at the counter before acceptance.

Sources: NĐ 61/2018/NĐ-CP Điều 17 khoản 3 and NĐ 118/2025/NĐ-CP (a dossier is accepted only when
complete; nothing beyond the published components may be asked for). Whether a condition in words
is met is the officer's judgement, so a conditional component or fee that is not listed does not
apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from app.core.procedure import Fee, Procedure
from app.core.refusals import Refused

MAX_QUANTITY = 10_000
MAX_AMOUNT = 999_999_999_999
TIMINGS = ("now", "later")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is missing (numbers of components, from 1), and the sentence that says so.

    groups_missing: the `one_of` groups of which nothing was listed; group_choices: for each of
    them, in the same order, the numbers of which one is needed. not_applicable: conditional
    components that were not listed, and all components of other cases.
    """

    missing: tuple[int, ...]
    groups_missing: tuple[str, ...]
    group_choices: tuple[tuple[int, ...], ...]
    not_applicable: tuple[int, ...]
    sentence: str

    @property
    def complete(self) -> bool:
        """Whether the dossier may be accepted."""
        return not self.missing and not self.groups_missing


def judge(
    procedure: Procedure, case: str | None, listed: Mapping[int, Any] | AbstractSet[int]
) -> Verdict:
    """Whether the listed components (numbers from 1) make the dossier complete for the case.

    Refused `case_required`, `no_such_case`, `no_such_component`. A listed component of another
    case counts for nothing.
    """
    applicable = dict(procedure.components_for(case))
    _check_numbers(procedure, listed)
    missing = tuple(i for i, c in applicable.items() if c.required and i not in listed)
    groups: dict[str, list[int]] = {}
    for i, component in applicable.items():
        if component.one_of:
            groups.setdefault(component.one_of, []).append(i)
    open_groups = {
        name: tuple(members)
        for name, members in groups.items()
        if not any(i in listed for i in members)
    }
    needed = {*missing, *(i for members in open_groups.values() for i in members)}
    idle = tuple(
        i
        for i in range(1, len(procedure.components) + 1)
        if i not in applicable or (i not in listed and i not in needed)
    )
    sentence = _sentence(procedure, missing, open_groups.values())
    return Verdict(missing, tuple(open_groups), tuple(open_groups.values()), idle, sentence)


def _check_numbers(procedure: Procedure, listed: Iterable[int]) -> None:
    count = len(procedure.components)
    unknown = [
        i for i in listed if isinstance(i, bool) or not isinstance(i, int) or not 1 <= i <= count
    ]
    if unknown:
        named = ", ".join(str(i) for i in unknown)
        known = f"chọn các số từ 1 đến {count}"
        advice = known if count else "để trống vì thủ tục không cần giấy tờ"
        raise Refused(
            "no_such_component",
            f"Thành phần hồ sơ số {named} không có trong thủ tục {procedure.code}, hãy {advice}.",
            fields={"components": f"Không có thành phần số {named}, hãy {advice}."},
            detail={"components": unknown},
        )


def _sentence(procedure: Procedure, missing: Sequence[int], groups: Iterable[Sequence[int]]) -> str:
    def named(i: int) -> str:
        return f"“{procedure.components[i - 1].name}” (số {i})"

    parts = [named(i) for i in missing]
    for members in groups:
        start = "" if len(members) == 1 else "một trong các giấy tờ "
        parts.append(start + ", ".join(named(i) for i in members))
    if not parts:
        return "Hồ sơ đủ thành phần theo quy định."
    return f"Hồ sơ còn thiếu: {'; '.join(parts)}. Hãy bổ sung trước khi tiếp nhận."


@dataclass(frozen=True, slots=True)
class FeeGiven:
    """What the counter enters for one fee: its number (from 1), how many, when it is paid.

    amount: đồng, where a resolution sets it. exempt_reason: why nothing is due.
    """

    index: int
    quantity: int = 1
    amount: int | None = None
    exempt_reason: str = ""
    timing: str = "now"


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of what is due; amount None = set by a resolution, not entered yet."""

    index: int
    name: str
    kind: str
    quantity: int
    amount: int | None
    exempt_reason: str
    timing: str


def fee_lines(
    procedure: Procedure, case: str | None, channel: str | None, given: Sequence[FeeGiven]
) -> list[FeeLine]:
    """The lines due, by number: those given, and every unconditional one not given (paid later).

    A fee with tiers or a ceiling may be given more than once, a line for each copy. Refused
    `no_such_fee`, `bad_fee` (fields `fees[i].…`), `case_required`, `no_such_case`.
    """
    due = dict(procedure.fees_for(case, channel))
    errors: dict[str, str] = {}
    lines: list[FeeLine] = []
    seen: set[int] = set()
    for position, item in enumerate(given):
        fee = due.get(item.index)
        if fee is None:
            raise _unknown_fee(procedure, item, position, due)
        wrong = _wrong_with(fee, item, repeated=item.index in seen)
        if wrong:
            errors[f"fees[{position}].{wrong[0]}"] = wrong[1]
            continue
        seen.add(item.index)
        lines.append(_line(fee, item))
    if errors:
        raise Refused("bad_fee", next(iter(errors.values())), fields=errors)
    lines += [
        _line(fee, FeeGiven(i, timing="later"))
        for i, fee in due.items()
        if i not in seen and not fee.condition
    ]
    return sorted(lines, key=lambda line: line.index)


def _unknown_fee(
    procedure: Procedure, item: FeeGiven, position: int, due: Mapping[int, Fee]
) -> Refused:
    names = "; ".join(f"{i} ({fee.name})" for i, fee in due.items())
    advice = f"hãy chọn trong: {names}" if due else "hãy bỏ trống vì không phải nộp khoản nào"
    sentence = (
        f"Khoản thu số {item.index} không áp dụng cho trường hợp và cách nộp này của thủ tục "
        f"{procedure.code}, {advice}."
    )
    fields = {f"fees[{position}].index": sentence}
    return Refused("no_such_fee", sentence, fields=fields, detail={"fees": [item.index]})


def _wrong_with(fee: Fee, item: FeeGiven, *, repeated: bool) -> tuple[str, str] | None:
    """The wrong key of an entered fee and the sentence about it; None if all is right."""
    name = f"Khoản “{fee.name}”"
    if repeated and not fee.tiers and fee.max is None:
        return "index", f"{name} được nhập hai lần, hãy gộp vào một dòng và ghi số lượng."
    if not _whole(item.quantity) or not 1 <= item.quantity <= MAX_QUANTITY:
        return "quantity", f"{name}: số lượng phải là số nguyên từ 1 đến {MAX_QUANTITY}."
    if item.timing not in TIMINGS:
        return "timing", f"{name}: thời điểm nộp phải là “now” (nộp ngay) hoặc “later” (nộp sau)."
    if item.exempt_reason:
        if item.amount:
            return "amount", f"{name} được miễn thì số tiền phải là 0 hoặc để trống."
        return None
    return _wrong_amount(fee, item, name)


def _wrong_amount(fee: Fee, item: FeeGiven, name: str) -> tuple[str, str] | None:
    known = fee.amount_for(item.quantity)
    if item.amount is None:
        if known is None and item.timing == "now":
            return "amount", f"{name} do {fee.set_by} quy định, hãy nhập số tiền phải nộp."
        return None
    if not _whole(item.amount) or not 0 <= item.amount <= MAX_AMOUNT:
        return "amount", f"{name}: số tiền phải là số nguyên đồng, không âm."
    if known is not None and item.amount != known:
        return "amount", (
            f"{name}: số tiền theo quy định là {_dong(known)}, không phải {_dong(item.amount)}; "
            "hãy để trống để hệ thống tính."
        )
    if fee.max is not None and item.amount > fee.max:
        return "amount", f"{name}: số tiền không được quá {_dong(fee.max)}."
    return None


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


def _line(fee: Fee, item: FeeGiven) -> FeeLine:
    amount = item.amount if fee.set_by else fee.amount_for(item.quantity)
    if item.exempt_reason:
        amount = 0
    return FeeLine(
        index=item.index,
        name=fee.name,
        kind=fee.kind,
        quantity=item.quantity,
        amount=amount,
        exempt_reason=item.exempt_reason,
        timing=item.timing,
    )
