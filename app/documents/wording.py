"""Lines that several forms word alike, and the checks of their facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from app.core.vietnamese import count2, hour_minute, long_date
from app.documents.flow import Run
from app.documents.form import GAP, item
from app.documents.typeface import REGULAR

VARIANTS = ("nd61", "nd118")


def check_choice(name: str, value: str, allowed: Collection[str]) -> None:
    """Raises `ValueError` where the value is none of those allowed."""
    if value not in allowed:
        raise ValueError(f"{name} is one of {tuple(allowed)}, not {value!r}")


def check_instants(facts: object, *names: str) -> None:
    """Raises `ValueError` for a field that is no ISO 8601 instant with an offset; None is left."""
    for name in names:
        value = getattr(facts, name)
        if value is not None and datetime.fromisoformat(value).tzinfo is None:
            raise ValueError(f"{name} needs an offset")


def day(text: str) -> str:
    """ISO date or instant → "ngày 08 tháng 12 năm 2026"."""
    return long_date(datetime.fromisoformat(text))


def day_and_hour(text: str) -> str:
    """ISO instant → "17 giờ 00 phút, ngày 08 tháng 12 năm 2026"."""
    instant = datetime.fromisoformat(text)
    return f"{hour_minute(instant)}, {long_date(instant)}"


def applicant(label: str, name: str, submitter: str) -> list[Run]:
    """The applicant in bold, and who came in their place."""
    runs = item(label, name, bold=True)
    if submitter and submitter != name:
        runs.append((f" (người nộp: {submitter})", REGULAR))
    return runs


def reached_at(phone: str, email: str) -> list[Run]:
    """Telephone and e-mail on one line."""
    return [*item("Số điện thoại:", phone), GAP, *item("Email:", email)]


def procedure(label: str, name: str, code: str) -> list[Run]:
    """The procedure in bold with its national code, never broken before the code."""
    runs = item(label, name, bold=True)
    if code:
        runs.append((f" (mã\u00a0thủ\u00a0tục\u00a0{code})", REGULAR))
    return runs


def paper_and_count(component: Mapping[str, Any]) -> list[str]:
    """{name, form, quantity} → name and "01 bản chính"; words of their own stay as they are."""
    form, quantity = component["form"], component["quantity"]
    if isinstance(quantity, str):
        return [component["name"], quantity]
    return [component["name"], f"{count2(quantity)} {form[:1].lower()}{form[1:]}".strip()]
