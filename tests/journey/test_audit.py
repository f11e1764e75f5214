"""Tampering with the log or the rows is found, and the first bad entry is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core import chain
from app.core.states import Status
from app.extensions import db, writing
from app.journey.audit import verify
from app.models import Event
from tests.make import Office

DISARM = {
    "sqlite": ["DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"],
    "postgresql": [
        "DROP TRIGGER event_no_change ON event", "DROP TRIGGER event_no_truncate ON event",
    ],
}  # fmt: skip


def _sql(statement: str, **values: object) -> None:
    with writing() as session:
        session.execute(text(statement), values)


def _edit(number: str) -> None:
    _sql("UPDATE event SET body = body || ' ' WHERE subject = :s AND seq = 3", s=number)


def _hash_too(number: str) -> None:
    """A forger who knows the rule: new text and a new hash, but not the next entry's."""
    row = db.session.query(Event).filter_by(subject=number, seq=3).one()
    body = row.body.replace("in_transfer", "in_transfeR")
    forged = chain.link(bytes.fromhex(row.previous), body).hex()
    _sql("UPDATE event SET body = :b, hash = :h WHERE subject = :s AND seq = 3", b=body, h=forged,
         s=number)  # fmt: skip


TAMPER: dict[str, tuple[Callable[[str], None], str]] = {
    "edited text": (_edit, "mục số 3"),
    "edited with its hash": (_hash_too, "mục số"),
    "edited column": (
        lambda n: _sql("UPDATE event SET place = 'one_stop' WHERE subject = :s AND seq = 3", s=n),
        "mục số 3",
    ),
    "edited moment": (
        lambda n: _sql(
            "UPDATE event SET at = '2026-01-01T00:00:00.000000Z' WHERE subject = :s AND seq = 2",
            s=n,
        ),
        "mục số 2",
    ),
    "one entry gone": (
        lambda n: _sql("DELETE FROM event WHERE subject = :s AND seq = 2", s=n), "mục số 2",
    ),
    "the last entry gone": (
        lambda n: _sql(
            "DELETE FROM event WHERE subject = :s AND seq = "
            "(SELECT max(seq) FROM event WHERE subject = :s)",
            s=n,
        ),
        "hồ sơ ghi có",
    ),
    "all entries gone": (
        lambda n: _sql("DELETE FROM event WHERE subject = :s", s=n), "mất toàn bộ nhật ký",
    ),
    "two entries swapped": (
        lambda n: [
            _sql("UPDATE event SET seq = 99 WHERE subject = :s AND seq = 2", s=n),
            _sql("UPDATE event SET seq = 2 WHERE subject = :s AND seq = 3", s=n),
            _sql("UPDATE event SET seq = 3 WHERE subject = :s AND seq = 99", s=n),
        ][0],
        "mục số 2",
    ),
    "status changed behind the log": (
        lambda n: _sql("UPDATE dossier SET status = 'returned' WHERE id = :s", s=n), "trạng thái",
    ),
    "the dossier itself gone": (
        lambda n: [
            _sql(f"DELETE FROM {table} WHERE dossier_id = :s", s=n)
            for table in ("paper", "fee_line", "step", "document", "result_number", "request_key")
        ]
        and _sql("DELETE FROM dossier WHERE id = :s", s=n),
        "không thuộc hồ sơ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPER)
def test_ten_kinds_of_tampering_are_found(office: Office, kind: str) -> None:
    tamper, told = TAMPER[kind]
    office.walk(office.receive())
    victim = office.walk(office.receive(), Status.APPROVED)
    assert verify(db.session).fault is None
    for statement in DISARM["sqlite"]:
        _sql(statement)
    tamper(victim.id)
    fault = verify(db.session).fault
    assert fault is not None and told in fault, fault
    if kind != "the dossier itself gone":
        assert fault.startswith(victim.code or "?")
        assert verify(db.session, victim.code).fault is not None


@pytest.mark.parametrize("verb", ["UPDATE event SET place = 'x'", "DELETE FROM event"])
def test_the_database_itself_refuses_a_change(each_office: Office, verb: str) -> None:
    each_office.receive()
    with pytest.raises(DatabaseError, match="append-only"):
        _sql(verb)
    assert verify(db.session).fault is None


def test_truncate_is_refused_on_postgres(each_office: Office) -> None:
    each_office.receive()
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(DatabaseError):
            _sql("DELETE FROM event WHERE 1 = 1")
        return
    with pytest.raises(DatabaseError, match="append-only"):
        _sql("TRUNCATE event")


def test_the_same_life_hashes_the_same_on_both_databases(each_office: Office) -> None:
    dossier = each_office.walk(each_office.receive())
    rows = db.session.query(Event).filter_by(subject=dossier.id).order_by(Event.seq).all()
    previous = chain.ZERO
    for row in rows:
        previous = chain.link(previous, row.body)
        assert previous.hex() == row.hash
    assert dossier.event_hash == rows[-1].hash and dossier.event_seq == len(rows)
