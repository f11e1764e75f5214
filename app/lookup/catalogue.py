"""The published procedures as citizens read them: search, list by field, one procedure's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.core.limits import Limit
from app.core.procedure import Component, Fee, Procedure, TimeLimit
from app.core.procedure_search import fit
from app.core.vietnamese import dong, fold
from app.journey.office import Edition, Office

CHANNELS = {"direct": "nộp tại quầy", "post": "gửi qua bưu chính", "online": "nộp trực tuyến"}


def by_field(editions: Iterable[Edition]) -> dict[str, list[Edition]]:
    """Field → its procedures by name, fields in the order of the alphabet without marks."""
    found: dict[str, list[Edition]] = {}
    for edition in sorted(
        editions, key=lambda e: (fold(e.procedure.field), fold(e.procedure.name))
    ):
        found.setdefault(edition.procedure.field, []).append(edition)
    return found


def search(editions: Iterable[Edition], text: str) -> list[Edition]:
    """Procedures that every word fits: a word's beginning without marks, initials, or the code."""
    return [e for e in editions if fit(e.procedure, text) is not None]


def limit_words(limit: TimeLimit) -> str:
    """A time limit as people say it."""
    return Limit(limit.amount, limit.unit, limit.cutoff).words()


def limits(procedure: Procedure) -> list[tuple[str, str]]:
    """(case, limit); one row without a case where all have the same."""
    own = [(c.name, limit_words(c.time_limit)) for c in procedure.cases if c.time_limit]
    return own if len(own) == len(procedure.cases) and own else [
        ("", limit_words(procedure.time_limit)), *own,
    ]  # fmt: skip


def copies(component: Component) -> str:
    """How many of a paper, "1 bản chính, 1 bản sao", and whether it is only shown."""
    kind = "tờ khai" if component.kind == "form" else "bản chính"
    parts = []
    if component.originals:
        parts.append(f"{component.originals} {kind}")
    if component.copies:
        name = "bản sao chứng thực" if component.kind == "certified_copy" else "bản sao"
        parts.append(f"{component.copies} {name}")
    words = ", ".join(parts)
    return f"{words}, chỉ xuất trình" if component.handling == "present" else words


def need(procedure: Procedure, component: Component) -> str:
    """Whether and when a paper is needed; empty where everybody hands it in."""
    parts = []
    if component.cases is not None:
        names = [c.name.lower() for c in procedure.cases if c.id in component.cases]
        parts.append("trường hợp " + ", ".join(names))
    if component.one_of:
        parts.append("một trong các giấy tờ cùng loại")
    repeated = fold(component.condition) in fold(" ".join(parts))
    if component.condition and not repeated:
        parts.append("khi " + component.condition.removeprefix("khi "))
    elif not component.required and not parts:
        parts.append("nếu có")
    return "; ".join(parts)


def fee_words(fee: Fee) -> str:
    """The amount, or who sets it; per what; for which channel."""
    if fee.set_by:
        return f"theo {fee.set_by}"
    if fee.tiers:
        amount = "; ".join(_tier(tier.first, tier.last, tier.amount) for tier in fee.tiers)
    else:
        amount = dong(fee.amount or 0)
    words = f"{amount} / {fee.per}" if fee.per else amount
    if fee.max is not None:
        words += f", nhiều nhất {dong(fee.max)}"
    return f"{words} ({CHANNELS[fee.channel]})" if fee.channel else words


def _tier(first: int, last: int | None, amount: int) -> str:
    span = f"từ {first}" if last is None else f"{first}–{last}" if last > first else f"{first}"
    return f"thứ {span}: {dong(amount)}"


def editions_of(office: Office, code: str, today: date) -> list[Edition]:
    """The editions of a code in the office's era that have begun, newest first."""
    judged = office.judged(today)
    begun = [
        e
        for e in office.editions.values()
        if e.code == code
        and e.era == office.profile.era
        and (e.effective_from is None or e.effective_from <= judged)
    ]
    return sorted(begun, key=lambda e: -e.number)
