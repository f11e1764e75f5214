"""Days as people type them."""

from __future__ import annotations

import re
from datetime import date

from app.core.refusals import Refused

_DAY = re.compile(r"\s*(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\s*|\s*(\d{2})(\d{2})(\d{4})\s*")


def read_day(text: str, name: str, label: str) -> date:
    """A day written `dd/mm/yyyy` or `ddmmyyyy`; Refused `bad_request` under the field's name."""
    found = _DAY.fullmatch(text)
    parts = [part for part in found.groups() if part is not None] if found else []
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        said = f"“{text.strip()[:20]}” không phải một ngày" if text.strip() else "Chưa có ngày"
        sentence = f"{label}: {said}. Hãy nhập dạng ngày/tháng/năm, ví dụ 01/12/2026."
        raise Refused("bad_request", sentence, fields={name: sentence}) from None
