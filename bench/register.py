"""How long the register takes: `python -m bench.register [ROWS] [POSTGRES URL]`.

A demo office gets 300 dossiers with lawful lives; copies of their rows (dossier, steps, events)
make up the number. Prints seconds, the best of three, for a page; once, with the megabytes that
the process held at most, for each kind of file as a worker makes it (goal: a workbook of 100,000
in 15 s and 200 MB).
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text
from uuid_utils.compat import uuid7

from app import clock
from app.bulk import worker
from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from app.models import Dossier, Event, Step, Task, TaskFile
from tests.conftest import build, settings_for
from tests.make import Office

SEEDS = 300


def _rows(session: Any, model: Any, column: Any, ids: list[str]) -> list[dict[str, Any]]:
    table = model.__table__
    query = select(table).where(table.c[column].in_(ids))
    return [dict(row._mapping) for row in session.execute(query)]


def copies(session: Any, wanted: int) -> None:
    """Copies of the accepted dossiers with their steps and events, under ids and codes anew."""
    ids = list(session.scalars(select(Dossier.id).where(Dossier.code.is_not(None))))
    dossiers = _rows(session, Dossier, "id", ids)
    steps, events = _rows(session, Step, "dossier_id", ids), _rows(session, Event, "subject", ids)
    by_id: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {i: ([], []) for i in ids}
    for row in steps:
        by_id[row["dossier_id"]][0].append(row)
    for row in events:
        row.pop("id")
        by_id[row["subject"]][1].append(row)
    number = len(ids)
    while number < wanted:
        new: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
        for dossier in dossiers[: wanted - number]:
            number += 1
            id_ = str(uuid7())
            changed = {"id": id_, "code": f"H56.98-261101-{number:05d}", "lookup_code": None,
                       "temporary_id": None}  # fmt: skip
            new[0].append(dossier | changed)
            new[1].extend(row | {"dossier_id": id_} for row in by_id[dossier["id"]][0])
            new[2].extend(row | {"subject": id_} for row in by_id[dossier["id"]][1])
        for model, rows in zip((Dossier, Step, Event), new, strict=True):
            session.execute(insert(model.__table__), rows)


def best(act: Callable[[], Any]) -> float:
    """The shortest of three runs, in seconds."""
    found = []
    for _ in range(3):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return min(found)


def peak() -> int:
    """The most memory that the process held since the last look, in MB (Linux)."""
    told = Path("/proc/self/status").read_text("ascii")
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


def main(wanted: int, url: str) -> dict[str, Any]:
    """Seconds by name."""
    app = build(settings_for(Path(tempfile.mkdtemp()), "nga-son-2018", url))
    with app.app_context():
        office = Office(app)
        with writing() as session:
            for _ in fill_dossiers(session, office.rules, office.now, SEEDS):
                pass
        db.session.expunge_all()
        with writing() as session:
            copies(session, wanted)
        db.session.execute(text("ANALYZE"))
        db.session.rollback()
        db.session.remove()
    browser = app.test_client()
    browser.post("/dang-nhap", data={"username": "chanhvp", "password": "motcua-demo"})
    days = {"tu-ngay": "01/09/2026", "den-ngay": "30/11/2026"}
    page = best(lambda: browser.get("/so-theo-doi", query_string=days).get_data())
    found: dict[str, Any] = {"page": round(page, 3)}
    gc.collect()
    for way in ("xlsx", "csv", "pdf"):
        answer = browser.post("/so-theo-doi/tep", data=days | {"dang": way})
        if answer.status_code != 303:
            found[way] = f"{answer.status_code}: {len(answer.get_data())} bytes"
            continue
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        begun = time.perf_counter()
        with app.app_context():
            worker.round_of_work(worker.new_name(), clock.now)
            db.session.remove()
        found[way] = round(time.perf_counter() - begun, 2)
        with app.app_context():
            task = db.session.scalars(select(Task).order_by(Task.id.desc()).limit(1)).one()
            assert task.state == "done", task.sentence
            found["lines"] = task.total
            found[f"{way}, bytes"] = db.session.scalar(
                select(TaskFile.size).where(TaskFile.task_id == task.id)
            )
            db.session.remove()
        found[f"{way}, peak MB"] = peak()
    return found


if __name__ == "__main__":
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    told = main(rows, sys.argv[2] if len(sys.argv) > 2 else "")
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
