"""How long a search takes: `python -m bench.search [ROWS] [POSTGRES URL]`.

An office with years of dossiers (`bench/many.py`). Prints the median and the 95th percentile in
milliseconds of each kind of text, searched by three people, and of receiving a dossier meanwhile.
Each text is searched three times and the shortest counts, since machines are shared.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select

from app.core.actor import Actor
from app.core.vietnamese import fold
from app.extensions import db
from app.journey import find
from app.journey.fragments import sought
from app.models import Dossier
from bench.many import BEYOND, made_id, office_of_years
from tests.make import Office

PEOPLE = ("tiepnhan", "tiepnhan.xa", "truongphong")
ROUNDS, TRIES = 40, 3


def somebody(rng: random.Random) -> Dossier:
    """A dossier from anywhere between the first and the last."""
    last = db.session.scalars(select(func.max(Dossier.id)).where(Dossier.id < BEYOND)).one()
    found = db.session.get(Dossier, made_id(rng.randrange(int(last[-12:], 16) + 1)))
    if found is None:
        raise LookupError(last)
    return found


def texts(one: Dossier, rng: random.Random) -> Iterator[tuple[str, str]]:
    """A kind and a text of that kind, as people type and scan."""
    words, phone, card = one.applicant_name.split(), one.phone or "", one.personal_id or ""
    yield "surname", words[0]
    yield "given name", words[-1]
    yield "full name", fold(one.applicant_name)
    yield "two words", f"{words[1]} {words[-1]}"
    yield "inside a word", fold(words[0])[1:4]
    yield "two letters", fold(words[-1])[:2]
    yield "initials", f"{words[0][0]} {words[-1][0]}"
    yield "nobody's", "zzz"
    yield "last digits of a telephone", phone[-5:]
    yield "three digits", phone[-3:]
    yield "a telephone", phone
    yield "last digits of a card", card[-6:]
    yield "a card", card
    yield "a code", one.code or ""
    yield "the day's number", f"261101-{rng.randrange(10**4):04d}"
    yield "a result's number", f"{rng.randrange(1, 90)}/KQ"
    yield "name and telephone", f"{words[-1]} {phone[-4:]}"


def milliseconds(act: Callable[[], object]) -> float:
    """How long it took."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _search(actor: Actor, typed: str) -> float:
    db.session.rollback()
    db.session.expunge_all()
    return milliseconds(lambda: find.anywhere(db.session, actor, sought(typed)))


def figures(times: list[float]) -> dict[str, float]:
    """The median and the 95th percentile."""
    p95 = statistics.quantiles(times, n=20)[-1]
    return {"median": round(statistics.median(times), 1), "p95": round(p95, 1)}


def measured(office: Office, rng: random.Random, rounds: int) -> dict[str, Any]:
    """Milliseconds by kind of text and by person."""
    found: dict[str, list[float]] = {"all searches": []}
    for _ in range(rounds):
        for kind, typed in list(texts(somebody(rng), rng)):
            for who in PEOPLE:
                actor = office.person(who)
                took = min(_search(actor, typed) for _ in range(TRIES))
                for name in ("all searches", f"{kind}, {who}"):
                    found.setdefault(name, []).append(took)
    found["receiving a dossier"] = [milliseconds(office.receive) for _ in range(5 * rounds)]
    return {kind: figures(times) for kind, times in found.items()}


if __name__ == "__main__":
    rows_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with office_of_years(rows_wanted, sys.argv[2] if len(sys.argv) > 2 else "") as filled:
        told = measured(filled, random.Random(1), ROUNDS)
    print(json.dumps({"rows": rows_wanted} | told, indent=1))
