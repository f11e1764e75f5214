"""How long a search takes: `python -m bench.search [ROWS] [POSTGRES URL]`.

A demo office gets 300 dossiers with lawful lives; copies of their rows with names, card and
telephone numbers of their own make up the number. Prints the median and the 95th percentile in
milliseconds of each kind of text, searched by three people, and of receiving a dossier meanwhile.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, text, update

from app.core.vietnamese import fold
from app.demo.dossiers import fill_dossiers
from app.demo.people import GIVEN, MIDDLES, SURNAMES
from app.extensions import db, writing
from app.journey import find
from app.journey.fragments import sought
from app.models import Dossier
from bench.register import SEEDS, copies
from tests.conftest import build, settings_for
from tests.make import Office

PEOPLE = ("tiepnhan", "tiepnhan.xa", "truongphong")
ROUNDS = 40


def _people_of_their_own(session: Any, rng: random.Random) -> list[dict[str, str]]:
    """Every dossier gets another applicant; what they are called now."""
    rows = []
    for (id_,) in session.execute(select(Dossier.id)).all():
        parts = (SURNAMES, MIDDLES, MIDDLES, GIVEN)
        name = " ".join(rng.choice(words) for words in parts)
        rows.append({
            "key": id_, "name": name, "folded": fold(name),
            "card": f"038{rng.randrange(10**9):09d}", "phone": f"09{rng.randrange(10**8):08d}",
        })  # fmt: skip
    table = Dossier.__table__
    session.connection().execute(
        update(table).where(table.c.id == bindparam("key")).values(
            applicant_name=bindparam("name"), name_folded=bindparam("folded"),
            personal_id=bindparam("card"), phone=bindparam("phone"),
        ),
        rows,
    )  # fmt: skip
    return rows


def texts(rows: list[dict[str, str]], rng: random.Random) -> Iterator[tuple[str, str]]:
    """A kind and a text of that kind, as people type and scan."""
    one = rng.choice(rows)
    words = one["name"].split()
    yield "surname", words[0]
    yield "full name", one["folded"]
    yield "two words", f"{words[1]} {words[-1]}"
    yield "inside a word", one["folded"].split()[0][1:4]
    yield "nobody's", "zzz"
    yield "last digits of a telephone", one["phone"][-5:]
    yield "a telephone", one["phone"]
    yield "a card", one["card"]
    yield "the day's number", f"261101-{rng.randrange(10**4):04d}"
    yield "a result's number", f"{rng.randrange(1, 90)}/KQ"


def milliseconds(act: Callable[[], object]) -> float:
    """How long it took."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _figures(times: list[float]) -> dict[str, float]:
    p95 = statistics.quantiles(times, n=20)[-1]
    return {"median": round(statistics.median(times), 1), "p95": round(p95, 1)}


def main(wanted: int, url: str) -> dict[str, Any]:
    """Milliseconds by kind of text."""
    app = build(settings_for(Path(tempfile.mkdtemp()), "nga-son-2018", url))
    rng = random.Random(1)
    with app.app_context():
        office = Office(app)
        with writing() as session:
            for _ in fill_dossiers(session, office.rules, office.now, SEEDS):
                pass
        db.session.expunge_all()
        with writing() as session:
            copies(session, wanted)
        with writing() as session:
            rows = _people_of_their_own(session, rng)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as raw:
            raw.execute(text("VACUUM ANALYZE" if url else "ANALYZE"))
        found: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for kind, typed in texts(rows, rng):
                for who in PEOPLE:
                    actor = office.person(who)
                    took = milliseconds(lambda a=actor, t=typed: find.anywhere(
                        db.session, a, sought(t)))  # fmt: skip
                    found.setdefault(kind, []).append(took)
                    db.session.rollback()
        found["receiving a dossier"] = [milliseconds(office.receive) for _ in range(ROUNDS)]
        every = [t for kind, times in found.items() if "receiving" not in kind for t in times]
        return {"rows": wanted, "all searches": _figures(every)} | {
            kind: _figures(times) for kind, times in found.items()
        }


if __name__ == "__main__":
    rows_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(json.dumps(main(rows_wanted, sys.argv[2] if len(sys.argv) > 2 else ""), indent=1))
