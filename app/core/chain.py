"""Hash of an event, chained per subject: plain functions.

hash = SHA-256(previous 32 bytes ‖ canonical text in UTF-8); the first event's previous is 32 zeros.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ZERO = bytes(32)
VERSION = 1
KEYS = (
    "v", "subject", "seq", "at", "actor", "actor_name", "unit", "role", "acting_for", "action",
    "from", "to", "place", "note", "facts", "due_before", "due_after", "document",
)  # fmt: skip


def instant(at: datetime) -> str:
    """A moment as it stands in the log: UTC, six decimals, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_instant(text: str) -> datetime:
    """The moment of a log entry, aware, UTC."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def canonical(entry: Mapping[str, Any]) -> str:
    """The one text of an event: sorted keys, no blanks, NFC, nulls kept, integers only.

    Raises ValueError for a missing or unknown key or a float, which would not read back the same.
    """
    if set(entry) != set(KEYS):
        raise ValueError(f"event keys: {sorted(set(entry) ^ set(KEYS))}")
    _refuse_floats(entry)
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError("event: integers only")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_floats(inner)


def link(previous: bytes, text: str) -> bytes:
    """The hash of an entry whose predecessor in the same subject has hash `previous`."""
    return hashlib.sha256(previous + text.encode()).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as stored: its number in the subject, its text and its hash."""

    seq: int
    text: str
    hash: bytes
    previous: bytes


def first_fault(entries: Iterable[Entry]) -> tuple[int, str] | None:
    """(seq, what is wrong) of the first bad entry of one subject's chain, or None.

    Finds a changed text, a changed or missing entry, a changed order, a broken link.
    """
    previous, expected = ZERO, 1
    for entry in entries:
        if entry.seq != expected:
            return expected, f"thiếu mục số {expected}, gặp mục số {entry.seq}"
        if entry.previous != previous:
            return entry.seq, "không nối với mục trước"
        if link(previous, entry.text) != entry.hash:
            return entry.seq, "nội dung không khớp với mã băm"
        previous, expected = entry.hash, expected + 1
    return None
