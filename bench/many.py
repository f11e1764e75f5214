"""An office with years of dossiers: the demo's lawful lives, repeated day by day.

Rows go in by the driver (COPY on PostgreSQL), so that a million take minutes. Old days hold closed
dossiers only, the last month every state. Each dossier has an applicant of its own, one in eight a
submitter beside; ids and codes grow with the days. One dossier in `LOGGED` keeps its events.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from app.core.states import CLOSED
from app.core.vietnamese import fold
from app.demo.dossiers import fill_dossiers
from app.demo.people import GIVEN, MIDDLES, SURNAMES
from app.extensions import db, writing
from app.models import Dossier
from tests.conftest import build, settings_for
from tests.make import Office

SEEDS, DAYS, OPEN_DAYS, LOGGED, PORTION = 300, 1_000, 30, 10, 20_000
BEYOND = "0002"  # after the ids of all repeated dossiers
Row = dict[str, Any]


def _rows(connection: Any, table: str, where: str = "1 = 1") -> list[Row]:
    found = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {where}")
    return [dict(row._mapping) for row in found]


def _shift(days: int, kept: dict[tuple[str, int], str]) -> Callable[[Row], Row]:
    """Moves every day and moment of a row by so many days."""

    def moved(day: str) -> str:
        if (day, days) not in kept:
            kept[day, days] = (date.fromisoformat(day) + timedelta(days)).isoformat()
        return kept[day, days]

    def change(row: Row) -> Row:
        new = dict(row)
        for name, value in row.items():
            if isinstance(value, date):
                new[name] = value + timedelta(days)
            elif name.endswith("_day") and value:
                new[name] = moved(value)
            elif name.endswith("_at") and value:
                new[name] = moved(value[:10]) + value[10:]
        return new

    return change


def made_id(number: int) -> str:
    """The id of a repeated dossier: ids grow with the days, and stand before every real one."""
    mark = f"{number:08x}"
    return f"0001{mark[:4]}-{mark[4:]}-7000-8000-{number:012x}"


def person(rng: random.Random) -> tuple[str, str, str]:
    """A name, a card and a telephone."""
    name = " ".join(rng.choice(words) for words in (SURNAMES, MIDDLES, MIDDLES, GIVEN))
    return name, f"038{rng.randrange(10**9):09d}", f"09{rng.randrange(10**8):08d}"


class Seeds:
    """The demo's dossiers with their steps and events, to be copied."""

    def __init__(self, connection: Any) -> None:
        self.all = _rows(connection, "dossier", "code IS NOT NULL")
        self.closed = [row for row in self.all if row["status"] in CLOSED]
        self.steps: dict[str, list[Row]] = {row["id"]: [] for row in self.all}
        self.events: dict[str, list[Row]] = {row["id"]: [] for row in self.all}
        for row in _rows(connection, "step"):
            self.steps.get(row["dossier_id"], []).append(row)
        for row in _rows(connection, "event"):
            del row["id"]
            self.events.get(row["subject"], []).append(row)


def _lives(seeds: Seeds, wanted: int, rng: random.Random) -> Iterator[tuple[Row, list[Row], Any]]:
    """A dossier with its steps and events (None for most) after another, day by day."""
    kept: dict[tuple[str, int], str] = {}
    newest = max(str(row["accepted_day"]) for row in seeds.all)
    for number in range(wanted):
        back = DAYS - 1 - number * DAYS // wanted
        seed = rng.choice(seeds.all if back < OPEN_DAYS else seeds.closed)
        day = date.fromisoformat(newest) - timedelta(back)
        change = _shift((day - date.fromisoformat(str(seed["accepted_day"]))).days, kept)
        id_ = made_id(number)
        name, card, phone = person(rng)
        other = person(rng) if number % 8 == 0 else None
        agency = seed["code"].split("-")[0]
        dossier = change(seed) | {
            "id": id_, "code": f"{agency}-{day:%y%m%d}-{number % 100_000:05d}", "lookup_code": None,
            "temporary_id": None, "applicant_name": name, "name_folded": fold(name),
            "personal_id": card, "phone": phone,
        }  # fmt: skip
        if other and "submitter" in dossier:
            told = dict(zip(("name", "personal_id", "phone"), other, strict=True))
            dossier["submitter"] = json.dumps(told, ensure_ascii=False)
            if "submitter_folded" in dossier:
                dossier["submitter_folded"] = " ".join((fold(other[0]), *other[1:]))
        steps = [change(row) | {"dossier_id": id_} for row in seeds.steps[seed["id"]]]
        logged = number % LOGGED == 0 or back == 0
        events = [row | {"subject": id_} for row in seeds.events[seed["id"]]] if logged else None
        yield dossier, steps, events


def _insert(raw: Any, table: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in rows[0])
    values = (tuple(row.values()) for row in rows)
    if hasattr(raw, "pipeline"):
        with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for one in values:
                copy.write_row(one)
        return
    marks = ", ".join("?" * len(rows[0]))
    raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def fill(session: Any, wanted: int, rng: random.Random) -> None:
    """So many dossiers more, in the transaction of the session."""
    connection = session.connection()
    seeds = Seeds(connection)
    raw = connection.connection.driver_connection
    lives = _lives(seeds, wanted, rng)
    held: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
    for number, (dossier, steps, events) in enumerate(lives, 1):
        held[0].append(dossier)
        held[1].extend(steps)
        held[2].extend(events or ())
        if number % PORTION == 0 or number == wanted:
            for table, rows in zip(("dossier", "step", "event"), held, strict=True):
                _insert(raw, table, rows)
                rows.clear()


def settle(engine: Any) -> None:
    """What a database does by itself in quiet hours: counts its rows, writes its log away."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as raw:
        if engine.dialect.name == "sqlite":
            raw.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            raw.execute(text("ANALYZE"))
        else:
            raw.execute(text("VACUUM ANALYZE"))


@contextmanager
def office_of_years(wanted: int, url: str = "", folder: Path | None = None) -> Iterator[Office]:
    """An office with so many dossiers, in an application context; its SQLite file is temporary.

    folder: keep it there; an office that stands there already is taken as it is.
    """
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        app = build(settings_for(place, "nga-son-2018", url))
        with app.app_context():
            office = Office(app)
            if db.session.scalars(select(Dossier.id).limit(1)).first() is None:
                with writing() as session:
                    for _ in fill_dossiers(session, office.rules, office.now, SEEDS):
                        pass
                db.session.expunge_all()
                with writing() as session:
                    fill(session, wanted, random.Random(1))
                settle(db.engine)
            yield office
            db.session.remove()
            db.engine.dispose()
