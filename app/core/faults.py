"""What is wrong in a rule file, said as `file: key: what is wrong`; checks shared by every kind."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the file (path within the rules folder), the key, what is wrong."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}"


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
    "stated_date": _is_date,
    "table": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
}
LISTS = {"texts": "text", "tables": "table"}
EXPECTED = {"stated_date": "a date expected"}  # where "wrong type" says too little

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
        names = ", ".join(f'"{name}"' for name in allowed)
        return self.check(value in allowed, key, f'"{value}" is not one of {names}')

    def shape(self, key: str, table: Table, spec: Spec, required: Collection[str]) -> bool:
        """Whether the table can be read on: every key of the right type, none missing.

        An unknown key is a fault, so that a misspelt one never passes for "absent".
        """
        good = True
        for name, value in table.items():
            full = f"{key}.{name}" if key else name
            if name not in spec:
                self.add(full, "no such key")
            elif not self._typed(full, value, spec[name]):
                good = False
        for name in required:
            if name not in table:
                self.add(f"{key}.{name}" if key else name, "missing")
                good = False
        return good

    def _typed(self, key: str, value: Any, kind: str) -> bool:
        if kind not in LISTS:
            return self.check(KINDS[kind](value), key, EXPECTED.get(kind, "wrong type"))
        if not isinstance(value, list):
            self.add(key, "wrong type")
            return False
        fits = KINDS[LISTS[kind]]
        bad = [i for i, item in enumerate(value) if not fits(item)]
        for i in bad:
            self.add(f"{key}[{i}]", "wrong type")
        return not bad

    def texts(self, key: str, value: object, may_be_empty: Collection[str] = ()) -> None:
        """Note every text that is empty, not NFC or has a blank at an end, at any depth."""
        if isinstance(value, str):
            self.check(unicodedata.is_normalized("NFC", value), key, "text is not NFC")
            self.check(value == value.strip(), key, "blank at the start or end")
            self.check(bool(value) or key in may_be_empty, key, "empty")
        elif isinstance(value, dict):
            for name, item in value.items():
                self.texts(f"{key}.{name}" if key else name, item, may_be_empty)
        elif isinstance(value, list):
            for i, item in enumerate(value):
                self.texts(f"{key}[{i}]", item, may_be_empty)


def read_toml(faults: Faults, raw: bytes) -> dict[str, Any] | None:
    """The file's content (UTF-8, LF), or None with the fault noted where it cannot be read."""
    if b"\r" in raw:
        faults.add("file", "CR found, LF expected")
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
        return tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.add("file", str(error))
    except RecursionError:
        faults.add("file", "nested too deeply")
    return None
