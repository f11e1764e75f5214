"""A list's columns: how a cell is written for people and read back, with what may be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.office_hours import hours_text, parse_hours, parse_weekdays, weekdays_text
from app.core.vietnamese import nfc

YES, NO = "có", "không"
MOST_LETTERS = 4000


class BadCell(ValueError):
    """What is wrong with a cell, a sentence for people."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. kind: text | texts (a line each) | int | number | bool | date | json, and for
    office hours: hours | weekdays.

    choices: value → words, where only listed ones will do. key: its name in the data.
    """

    key: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, str] | None = None
    hint: str = ""

    def shown(self, value: Any) -> str:
        """The value as people write it; blank for none."""
        if value is None:
            return ""
        match self.kind:
            case "bool":
                return YES if value else NO
            case "texts":
                return "\n".join(value)
            case "date":
                return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
            case "json":
                return json.dumps(value, ensure_ascii=False)
            case "number" | "int":
                return f"{value:g}"
            case _:
                return str(value)

    def told(self, value: Any) -> str:
        """The value in words: a choice by its label."""
        shown = self.shown(value)
        return (self.choices or {}).get(shown, shown)

    def read(self, cell: Any) -> Any:
        """A cell as typed (text, or what a spreadsheet holds) → value, None for blank; BadCell."""
        if isinstance(cell, datetime):
            cell = cell.date()
        if isinstance(cell, date):
            cell = f"{cell:%d/%m/%Y}"
        if isinstance(cell, bool):
            cell = YES if cell else NO
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        text = nfc(str(cell)).replace("\r\n", "\n").strip() if cell is not None else ""
        if not text:
            if self.required:
                raise BadCell(f"Thiếu “{self.label}”, hãy điền.")
            return None
        if len(text) > MOST_LETTERS or any(ord(c) < 32 and c not in "\n\t" for c in text):
            raise BadCell(f"“{self.label}” dài quá hoặc có ký tự không đọc được, hãy gõ lại.")
        value = _READERS[self.kind](self, text)
        if self.choices is not None and value not in self.choices:
            back = {words.casefold(): key for key, words in self.choices.items()}
            value = back.get(str(value).casefold())
            if value is None:
                listed = ", ".join(list(self.choices)[:12])
                raise BadCell(f"“{self.label}”: “{text[:40]}” không có trong danh sách ({listed}).")
        return value


def _bool(column: Column, text: str) -> bool:
    word = text.casefold()
    if word in (YES, "x", "1", "true", "đúng"):
        return True
    if word in (NO, "0", "false", "sai", "-"):
        return False
    raise BadCell(f"“{column.label}”: ghi “{YES}” hoặc “{NO}”.")


def _number(column: Column, text: str) -> int | float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise BadCell(f"“{column.label}”: “{text[:40]}” không phải số.") from None
    if not abs(value) < 1e12:
        raise BadCell(f"“{column.label}”: số quá lớn.")
    return int(value) if value.is_integer() else value


def _int(column: Column, text: str) -> int:
    value = _number(column, text)
    if not isinstance(value, int):
        raise BadCell(f"“{column.label}” phải là số nguyên.")
    return value


def _date(column: Column, text: str) -> str:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day only
        except ValueError:
            continue
    raise BadCell(f"“{column.label}”: “{text[:40]}” không phải ngày, ghi như 08/12/2026.")


def _hours(column: Column, text: str) -> str:
    try:
        return hours_text(parse_hours(text))
    except ValueError:
        raise BadCell(
            f"“{column.label}”: ghi như 07:00-11:30, 13:30-17:00, buổi sau nối buổi trước."
        ) from None


def _weekdays(column: Column, text: str) -> str | None:
    try:
        return weekdays_text(parse_weekdays(text)) or None
    except ValueError:
        raise BadCell(
            f"“{column.label}”: ghi thứ bằng số, như 2-6 hoặc 2, 4, CN; để trống là mọi ngày."
        ) from None


def _json(column: Column, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise BadCell(f"“{column.label}” không đúng cách ghi, hãy giữ như tệp đã xuất.") from None


_READERS: dict[str, Callable[[Column, str], Any]] = {
    "text": lambda _, text: text,
    "texts": lambda _, text: [line.strip() for line in text.split("\n") if line.strip()],
    "int": _int,
    "number": _number,
    "bool": _bool,
    "date": _date,
    "json": _json,
    "hours": _hours,
    "weekdays": _weekdays,
}
