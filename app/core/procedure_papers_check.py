"""Checks what the applicant brings and pays: components and fees of a procedure file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from app.core.faults import EMPTY_TEXT, SLUG, SLUG_TEXT, Faults, Table
from app.core.procedure_terms import (
    CHANNELS,
    COMPONENT,
    COMPONENT_KINDS,
    FEE,
    FEE_KINDS,
    HANDLINGS,
    TIER,
)

KIND_WORDS = {  # of `COMPONENT_KINDS`
    "form": "tờ khai",
    "original": "bản chính",
    "certified_copy": "bản sao chứng thực",
    "copy": "bản sao",
}
_PRICES = ("amount", "tiers", "set_by")
_ONE_PRICE = "ghi đúng một trong ba: số tiền (amount), bậc (tiers), do văn bản nào định (set_by)"
_BELOW_0 = "không được nhỏ hơn 0"


def check_components(faults: Faults, data: Table, case_ids: Collection[str]) -> None:
    """All `[[components]]`, or the reason why there are none."""
    components = data.get("components", [])
    reason = "no_components_reason" in data
    text = "hãy thêm giấy tờ, hoặc ghi vì sao không cần giấy tờ (no_components_reason)"
    faults.check(bool(components) or reason, "components", text)
    if components and reason:
        faults.add("no_components_reason", "đã có giấy tờ thì bỏ mục này")
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
        faults.check(bool(SLUG.fullmatch(group)), f'one_of "{group}"', SLUG_TEXT)
        text = "nhóm chọn một phải có từ hai giấy tờ trở lên"
        faults.check(members > 1, f'one_of "{group}"', text)


def _check_pieces(faults: Faults, key: str, component: Table) -> None:
    kind, originals, copies = component["kind"], component["originals"], component["copies"]
    faults.listed(f"{key}.kind", kind, COMPONENT_KINDS)
    words = f"loại {KIND_WORDS.get(kind, kind)}"
    if originals < 0 or copies < 0 or originals + copies < 1:
        faults.add(key, "phải có ít nhất một bản chính hoặc bản sao")
    elif kind in ("copy", "certified_copy"):
        faults.check(not originals, key, f"{words} thì số bản chính phải là 0, đang là {originals}")
        faults.check(copies > 0, key, f"{words} thì số bản sao phải từ 1 trở lên")
    elif kind in ("form", "original"):
        faults.check(originals > 0, key, f"{words} thì số bản chính phải từ 1 trở lên")


def _check_condition(faults: Faults, key: str, component: Table) -> None:
    required, condition = component["required"], "condition" in component
    text = "bắt buộc thì không ghi điều kiện, hãy bỏ một trong hai"
    faults.check(not (required and condition), key, text)
    faults.check(required or condition, key, "không bắt buộc thì phải ghi điều kiện: khi nào cần")
    if required and "one_of" in component:
        faults.add(key, "thuộc nhóm chọn một (one_of) thì không thể bắt buộc")


def _check_case_list(faults: Faults, key: str, part: Table, case_ids: Collection[str]) -> None:
    named = part.get("cases")
    if named is None:
        return
    text = "đang để trống: ghi mã riêng của trường hợp, hoặc bỏ mục này nếu dùng cho mọi trường hợp"
    faults.check(bool(named), f"{key}.cases", text)
    for case_id in named:
        text = f"thủ tục không có trường hợp “{case_id}”, xem lại mã riêng"
        faults.check(case_id in case_ids, f"{key}.cases", text)


def check_fees(faults: Faults, data: Table, case_ids: Collection[str]) -> None:
    """All `[[fees]]`."""
    for i, fee in enumerate(data.get("fees", [])):
        key = f"fees[{i}]"
        if not faults.shape(key, fee, FEE, ("name", "kind", "per")):
            continue
        faults.listed(f"{key}.kind", fee["kind"], FEE_KINDS)
        one = sum(price in fee for price in _PRICES) == 1
        faults.check(one, key, _ONE_PRICE)
        amount = fee.get("amount", 0)
        faults.check(amount >= 0, f"{key}.amount", _BELOW_0)
        capped = fee.get("max", amount) >= amount
        faults.check(capped, f"{key}.max", "mức trần nhỏ hơn số tiền, hãy sửa một trong hai")
        if "channel" in fee and faults.listed(f"{key}.channel", fee["channel"], CHANNELS):
            offered = fee["channel"] in data["channels"]
            faults.check(
                offered, f"{key}.channel", "thủ tục không có cách nộp này, xem lại cách nộp"
            )
        _check_case_list(faults, key, fee, case_ids)
        if "tiers" in fee:
            _check_tiers(faults, f"{key}.tiers", fee["tiers"])


def _check_tiers(faults: Faults, key: str, tiers: list[Table]) -> None:
    """From 1 without gap; only the last one may lack `to`."""
    faults.check(bool(tiers), key, EMPTY_TEXT)
    expected: int | None = 1
    for i, tier in enumerate(tiers):
        if not faults.shape(f"{key}[{i}]", tier, TIER, ("from", "amount")):
            return
        faults.check(tier["amount"] >= 0, f"{key}[{i}].amount", _BELOW_0)
        faults.check(tier["from"] == expected, key, _gap_text(tier["from"], expected))
        last = tier.get("to")
        if last is not None and last < tier["from"]:
            faults.add(f"{key}[{i}].to", f"số cuối {last} nhỏ hơn số đầu {tier['from']} của bậc")
        expected = None if last is None else last + 1


def _gap_text(first: int, expected: int | None) -> str:
    if expected is None:
        return f"bậc trước không có số cuối (to), không thể có thêm bậc từ {first}"
    return f"bậc từ {first} phải bắt đầu từ {expected}, các bậc nối tiếp nhau"
