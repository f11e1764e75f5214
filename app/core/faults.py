"""What is wrong in a rule file, said as `file: key: what is wrong`; checks shared by every kind."""

from __future__ import annotations

import codecs
import math
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Sentences that several checks say; each follows the key it is about.
SLUG_TEXT = "chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ ho-tich"
CLOCK_TEXT = "phải là giờ và phút, ghi như 15:00"
EMPTY_TEXT = "đang để trống, hãy điền"
TWICE_TEXT = "có mục ghi hai lần, hãy bỏ bớt"
ONLY_TRUE_TEXT = "chỉ ghi “có” (true), không thì để trống"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the file (path within the rules folder), the key, what is wrong."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}"


def wrong_type(kind: str) -> str:
    """What is said of a value that is not of the kind."""
    return f"sai kiểu dữ liệu, cần {EXPECTED[kind]}"


def number_text(value: float) -> str:
    """A number as people write it: "0,5"."""
    return f"{value:.10g}".replace(".", ",")


def date_text(value: date) -> str:
    """A date as people write it: "30/06/2025"."""
    return f"{value:%d/%m/%Y}"


def misnamed(stem: str) -> str:
    """What is said of an id that differs from its file's name."""
    return f"phải trùng tên tệp “{stem}”"


def no_unit(unit_id: str, era: str) -> str:
    """What is said of a unit that the list of that era does not have."""
    return f"không có đơn vị “{unit_id}” trong danh sách đơn vị (mô hình {era}), xem lại mã"


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return _is_int(value) or (isinstance(value, float) and math.isfinite(value))


def _is_date(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


# What a key may hold; "texts" and "tables" are lists of "text" and "table".
KINDS: dict[str, Callable[[object], bool]] = {
    "text": lambda value: isinstance(value, str),
    "int": _is_int,
    "number": _is_number,
    "bool": lambda value: isinstance(value, bool),
    "date": _is_date,
    "table": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
}
LISTS = {"texts": "text", "tables": "table"}
EXPECTED = {
    "text": "chữ, ghi trong ngoặc kép",
    "int": "một số nguyên",
    "number": "một số",
    "bool": "có hoặc không (true hoặc false)",
    "date": "một ngày, ghi như 2025-06-30 không có ngoặc kép",
    "table": "một bảng",
    "list": "một danh sách",
    "texts": "một danh sách chữ",
    "tables": "một danh sách bảng",
}
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")
_NOT_TOML = {  # how the reader's messages begin
    "Cannot declare": "mục này ghi hai lần",
    "Cannot overwrite": "mục này ghi hai lần",
    "Cannot": "mục này trái với chỗ đã ghi ở trên",
    "Duplicate": "mục này ghi hai lần",
    "Unclosed": "thiếu dấu đóng ngoặc",
    "Unterminated": "thiếu dấu đóng ngoặc kép",
    "Expected '='": "thiếu dấu = sau tên khóa",
    "Invalid date": "không phải ngày, giờ có thật",
    "Invalid value": "giá trị ghi sai, chữ phải trong ngoặc kép",
}

_BOM_TEXT = "có dấu BOM ở đầu tệp, hãy lưu lại dạng UTF-8 không có BOM"

Spec = Mapping[str, str]
Table = Mapping[str, Any]


class Faults:
    """The faults of one file, in the order in which they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(self, key: str, text: str) -> None:
        """Note one fault."""
        self.found.append(Fault(self.file, key, text))

    def add_lines(self, lines: Iterable[str]) -> None:
        """Note faults that another check has put as `key: what is wrong`."""
        for line in lines:
            key, _, text = line.partition(": ")
            self.add(key, text)

    def check(self, good: bool, key: str, text: str) -> bool:
        """Note a fault unless `good`; say whether it was."""
        if not good:
            self.add(key, text)
        return good

    def listed(self, key: str, value: object, allowed: Collection[str]) -> bool:
        """Whether the value is in a closed list; the fault shows the list in its own order."""
        names = ", ".join(f"“{name}”" for name in allowed)
        return self.check(value in allowed, key, f"“{value}” không dùng được, chỉ dùng {names}")

    def shape(self, key: str, table: Table, spec: Spec, required: Collection[str]) -> bool:
        """Whether the table can be read on: every key of the right type, none missing.

        An unknown key is a fault, so that a misspelt one never passes for "absent".
        """
        good = True
        for name, value in table.items():
            full = f"{key}.{name}" if key else name
            if name not in spec:
                self.add(full, "không có mục này, xem lại tên khóa")
            elif not self._typed(full, value, spec[name]):
                good = False
        for name in required:
            if name not in table:
                self.add(f"{key}.{name}" if key else name, "thiếu, hãy điền")
                good = False
        return good

    def _typed(self, key: str, value: Any, kind: str) -> bool:
        if kind not in LISTS:
            return self.check(KINDS[kind](value), key, wrong_type(kind))
        if not isinstance(value, list):
            self.add(key, wrong_type(kind))
            return False
        fits = KINDS[LISTS[kind]]
        bad = [i for i, item in enumerate(value) if not fits(item)]
        for i in bad:
            self.add(f"{key}[{i}]", wrong_type(LISTS[kind]))
        return not bad

    def texts(self, key: str, value: object, may_be_empty: Collection[str] = ()) -> None:
        """Note every text that is empty, not NFC or has a blank at an end, at any depth."""
        if isinstance(value, str):
            composed = unicodedata.is_normalized("NFC", value)
            self.check(composed, key, "dấu chưa ở dạng dựng sẵn (NFC), hãy gõ lại")
            self.check(value == value.strip(), key, "thừa khoảng trắng ở đầu hoặc cuối, hãy xóa")
            self.check(bool(value) or key in may_be_empty, key, EMPTY_TEXT)
        elif isinstance(value, dict):
            for name, item in value.items():
                self.texts(f"{key}.{name}" if key else name, item, may_be_empty)
        elif isinstance(value, list):
            for i, item in enumerate(value):
                self.texts(f"{key}[{i}]", item, may_be_empty)


def read_toml(faults: Faults, raw: bytes) -> dict[str, Any] | None:
    """The file's content (UTF-8, LF), or None with the fault noted where it cannot be read."""
    if b"\r" in raw:
        faults.add("file", "dòng kết thúc kiểu Windows (CR), hãy lưu lại với xuống dòng LF")
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
        return tomllib.loads(text)
    except UnicodeDecodeError:
        faults.add("file", "không phải chữ UTF-8, hãy lưu lại dạng UTF-8")
    except ValueError as error:  # a number of thousands of digits is no TOMLDecodeError
        bom = raw.startswith(codecs.BOM_UTF8)
        faults.add("file", _BOM_TEXT if bom else _unreadable(str(error)))
    except RecursionError:
        faults.add("file", "lồng nhau quá nhiều tầng, hãy ghi gọn lại")
    return None


def _unreadable(message: str) -> str:
    """The reader's own message in Vietnamese: where, and what is wrong there."""
    found = _PLACE.search(message)
    at_end = " ở cuối tệp" if message.endswith("(at end of document)") else ""
    where = f" ở dòng {found[1]}, cột {found[2]}" if found else at_end
    told = (text for start, text in _NOT_TOML.items() if message.startswith(start))
    return f"không đọc được{where}: {next(told, 'sai cách ghi TOML')}, hãy sửa"
