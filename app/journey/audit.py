"""Verifies the log: every chain, every status, nothing vanished; names the first bad entry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select

from app.core import chain
from app.core.workflow import fold
from app.journey.office import Db
from app.models import Dossier, Event, Staff


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was read, and the first fault as a sentence (None: all is whole)."""

    subjects: int
    events: int
    fault: str | None


Head = tuple[str, int, str, str]  # code, last seq, last hash, status


def verify(session: Db, code: str | None = None) -> Verified:
    """Read the log of one dossier, or of everything, and check it against itself and the rows."""
    heads = _heads(session, code)
    if code is not None and not heads:
        return Verified(0, 0, f"Không có hồ sơ {code}.")
    accounts = {} if code else _accounts(session)
    subjects = events = 0
    seen: set[str] = set()
    for subject, group in groupby(_rows(session, heads, code), key=lambda row: str(row.subject)):
        rows = list(group)
        subjects, events = subjects + 1, events + len(rows)
        seen.add(subject)
        label = heads[subject][0] if subject in heads else accounts.get(subject)
        if label is None:
            return Verified(subjects, events, f"Chuỗi {subject} không thuộc hồ sơ, tài khoản nào.")
        fault = _chain_fault(subject, rows) or _head_fault(heads.get(subject), rows)
        if fault is not None:
            return Verified(subjects, events, f"{label}: {fault}.")
    for subject, (label, *_rest) in heads.items():
        if subject not in seen:
            return Verified(subjects, events, f"{label}: mất toàn bộ nhật ký.")
    return Verified(subjects, events, None)


def _accounts(session: Db) -> dict[str, str]:
    return {row[0]: row[1] for row in session.execute(select(Staff.id, Staff.username))}


def _heads(session: Db, code: str | None) -> dict[str, Head]:
    query = select(
        Dossier.id, Dossier.code, Dossier.temporary_id, Dossier.event_seq, Dossier.event_hash,
        Dossier.status,
    )  # fmt: skip
    if code is not None:
        wanted = code.strip().upper()
        query = query.where((Dossier.code == wanted) | (Dossier.temporary_id == wanted))
    return {
        row.id: (row.code or row.temporary_id or row.id, row.event_seq, row.event_hash, row.status)
        for row in session.execute(query)
    }


def _rows(session: Db, heads: dict[str, Head], code: str | None) -> Iterator[Row[Any]]:
    query = select(
        Event.subject, Event.seq, Event.at, Event.action, Event.to_status, Event.place, Event.body,
        Event.previous, Event.hash,
    ).order_by(Event.subject, Event.seq)  # fmt: skip
    if code is not None:
        query = query.where(Event.subject.in_(list(heads)))
    return iter(session.execute(query.execution_options(yield_per=2000)))


def _chain_fault(subject: str, rows: list[Row[Any]]) -> str | None:
    entries = (
        chain.Entry(r.seq, r.body, bytes.fromhex(r.hash), bytes.fromhex(r.previous)) for r in rows
    )
    found = chain.first_fault(entries)
    if found is not None:
        return f"mục số {found[0]}: {found[1]}"
    for row in rows:
        body = json.loads(row.body)
        said = (body["subject"], body["seq"], body["action"], body["to"], body["place"], body["at"])
        stored = (
            subject, row.seq, row.action, row.to_status, row.place, chain.instant(row.at),
        )  # fmt: skip
        if said != stored:
            return f"mục số {row.seq}: cột không khớp với nội dung đã băm"
    return None


def _head_fault(head: Head | None, rows: list[Row[Any]]) -> str | None:
    if head is None:
        return None
    _, seq, last_hash, status = head
    if (rows[-1].seq, rows[-1].hash) != (seq, last_hash):
        return f"mục số {rows[-1].seq + 1}: hồ sơ ghi có {seq} mục, nhật ký hết ở {rows[-1].seq}"
    folded = fold(row.to_status for row in rows)
    if folded != status:
        return f"mục số {seq}: trạng thái là “{status}”, nhật ký cho ra “{folded}”"
    return None
