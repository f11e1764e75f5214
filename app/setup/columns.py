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
MOST_LEVELS = 12  # of lists within lists in a cell
_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


class BadCell(ValueError):
    """What is wrong with a cell, a sentence for people."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. kind: text | lower | texts (a line each) | set (the same, in no order) | int |
    number | bool | date | day (a date as it is shown) | json | hours | weekdays (office hours).

    choices: value → words, where only listed ones will do; of a list, each of its values. key: its
    name in the data. most: letters that the database holds. default: what a blank stands for.
    units: it names a unit by its id.
    """

    key: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, str] | None = None
    hint: str = ""
    most: int = MOST_LETTERS
    default: Any = None
    units: bool = False

    def shown(self, value: Any) -> str:
        """The value as people write it; blank for none."""
        if value is None:
            return ""
        match self.kind:
            case "bool":
                return YES if value else NO
            case "texts" | "set":
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
        words = self.choices or {}
        if isinstance(value, (list, tuple)) and self.choices is not None:
            return "\n".join(words.get(str(one), str(one)) for one in value)
        shown = self.shown(value)
        return words.get(shown, shown)

    def read(self, cell: Any) -> Any:
        """A cell as typed (text, or what a spreadsheet holds) → value, None for blank; BadCell."""
        text = _text(cell)
        if not text:
            if self.required:
                raise BadCell(f"Thiếu “{self.label}”, hãy điền.")
            return self.default
        if text in _ERRORS:
            raise BadCell(f"“{self.label}”: ô báo lỗi {text}, hãy sửa hoặc gõ giá trị.")
        if len(text) > self.most:
            raise BadCell(f"“{self.label}” dài quá {self.most} ký tự, hãy viết gọn.")
        if any(ord(c) < 32 and c not in "\n\t" for c in text):
            raise BadCell(f"“{self.label}” có ký tự không đọc được, hãy gõ lại.")
        value = _READERS[self.kind](self, text)
        if self.choices is None:
            return value
        return [self._choice(v) for v in value] if isinstance(value, list) else self._choice(value)

    def _choice(self, value: Any) -> Any:
        """The listed value of what was typed, itself or its words."""
        choices = self.choices or {}
        if value in choices:
            return value
        back = {words.casefold(): key for key, words in choices.items()}
        found = back.get(str(value).casefold())
        if found is None:
            listed = ", ".join(list(choices.values())[:12])
            raise BadCell(
                f"“{self.label}”: “{str(value)[:40]}” không có trong danh sách ({listed})."
            )
        return found


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        cell = f"{cell:%d/%m/%Y}"
    if isinstance(cell, bool):
        cell = YES if cell else NO
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return nfc(str(cell)).replace("\r\n", "\n").strip() if cell is not None else ""


def _lines(_: Column, text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


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
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if value is None or _deep(value):
        raise BadCell(f"“{column.label}” không đúng cách ghi, hãy giữ như tệp đã xuất.")
    return value


def _deep(value: Any) -> bool:
    """Whether it is nested deeper than any rule is."""
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [
            inner for one in level if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
        ]  # fmt: skip
    return bool(level)


_READERS: dict[str, Callable[[Column, str], Any]] = {
    "text": lambda _, text: text,
    "lower": lambda _, text: text.lower(),
    "texts": _lines,
    "set": lambda column, text: sorted(set(_lines(column, text))),
    "int": _int,
    "number": _number,
    "bool": _bool,
    "date": _date,
    "day": lambda column, text: f"{date.fromisoformat(_date(column, text)):%d/%m/%Y}",
    "json": _json,
    "hours": _hours,
    "weekdays": _weekdays,
}
