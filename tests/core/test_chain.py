"""The event chain: one text for one event, and a hash that leans on the one before."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import chain

ENTRY: dict[str, Any] = {
    "v": 1, "subject": "s", "seq": 1, "at": "2026-11-25T02:00:00.000000Z", "actor": None,
    "actor_name": "Hệ thống", "unit": None, "role": None, "acting_for": None, "action": "accept",
    "from": "draft", "to": "accepted", "place": "one_stop", "note": "", "facts": {"n": 1},
    "due_before": None, "due_after": None, "document": None,
}  # fmt: skip


def test_canonical_form_is_sorted_compact_and_keeps_nulls() -> None:
    text = chain.canonical(ENTRY)
    assert text.startswith('{"acting_for":null,"action":"accept","actor":null,"actor_name":"Hệ')
    assert ": " not in text and ", " not in text
    assert chain.canonical(dict(reversed(ENTRY.items()))) == text


def test_known_hash() -> None:
    text = chain.canonical(ENTRY)
    assert chain.link(chain.ZERO, text) == hashlib.sha256(bytes(32) + text.encode()).digest()


@pytest.mark.parametrize(
    "wrong",
    [
        {k: v for k, v in ENTRY.items() if k != "note"},
        ENTRY | {"extra": 1},
        ENTRY | {"facts": {"n": 1.5}},
        ENTRY | {"facts": {"list": [{"deep": 0.1}]}},
    ],
)
def test_what_would_not_read_back_the_same_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="event"):
        chain.canonical(wrong)


def test_decomposed_letters_hash_as_composed_ones() -> None:
    composed, decomposed = "Nguyễn", "Nguyễn"
    assert chain.canonical(ENTRY | {"note": composed}) == chain.canonical(
        ENTRY | {"note": decomposed}
    )


@given(st.datetimes(min_value=datetime(2018, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
       st.integers(-12, 14))  # fmt: skip
def test_instants_read_back(moment: datetime, hours: int) -> None:
    at = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    text = chain.instant(at)
    assert chain.parse_instant(text) == at and len(text) == 27
    assert chain.parse_instant(text).tzinfo == UTC


def _entries(count: int) -> list[chain.Entry]:
    made, previous = [], chain.ZERO
    for seq in range(1, count + 1):
        text = chain.canonical(ENTRY | {"seq": seq})
        digest = chain.link(previous, text)
        made.append(chain.Entry(seq, text, digest, previous))
        previous = digest
    return made


def test_a_whole_chain_has_no_fault() -> None:
    assert chain.first_fault(_entries(5)) is None
    assert chain.first_fault([]) is None


@given(st.integers(0, 4), st.sampled_from(["drop", "swap", "text", "hash", "previous"]))
def test_any_single_change_is_found(at: int, kind: str) -> None:
    entries = _entries(5)
    one = entries[at]
    if kind == "drop":
        if at == 4:
            return  # a missing end is found by the dossier's own count
        del entries[at]
    elif kind == "swap":
        other = (at + 1) % 5
        entries[at], entries[other] = entries[other], entries[at]
    else:
        changed = {
            "text": chain.Entry(one.seq, one.text + " ", one.hash, one.previous),
            "hash": chain.Entry(one.seq, one.text, bytes(31) + b"x", one.previous),
            "previous": chain.Entry(one.seq, one.text, one.hash, bytes(31) + b"x"),
        }
        entries[at] = changed[kind]
    fault = chain.first_fault(entries)
    assert fault is not None and fault[0] <= at + 2
