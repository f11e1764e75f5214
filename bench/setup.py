"""How long a list by spreadsheet takes: `python -m bench.setup [ITEMS] [--people] [--postgres]`.

Copies of the project's own procedures under other codes (or that many new people), exported, read
back, checked, applied by a worker in portions, and taken back. All the while another thread writes
something small every 10 ms, as a counter would: how long it waited is printed too.
"""

from __future__ import annotations

import argparse
import copy
import itertools
import threading
import time
from contextlib import nullcontext
from datetime import date
from typing import Any

from flask import Flask

from app import clock
from app.bulk import worker
from app.demo.cast import Cast
from app.extensions import db, writing
from app.models import Setting
from app.setup import book, changes, moving
from app.setup.kind import Doing, Item, Kind
from app.setup.people import PEOPLE
from app.setup.procedures import PROCEDURES
from app.setup.views import rows_of
from bench import office as offices

POSTING = {"unit": "mot-cua-huyen", "role": "intake_officer", "valid_from": None, "valid_to": None}


class Counter:
    """Somebody who writes a little all the while, and how long each time took, in seconds."""

    def __init__(self, app: Flask) -> None:
        self._app, self._end, self.waits = app, threading.Event(), [0.0]
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Counter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        with self._app.app_context():
            while not self._end.wait(0.01):
                start = time.perf_counter()
                with writing() as session:
                    session.merge(Setting(key="bench", value=str(start)))
                self.waits.append(time.perf_counter() - start)
            db.session.remove()

    def said(self) -> str:
        """The longest wait and the 99th hundredth."""
        ordered = sorted(self.waits)
        return (
            f"người ghi bên cạnh chờ lâu nhất {ordered[-1] * 1000:.0f} ms, "
            f"p99 {ordered[int(len(ordered) * 0.99)] * 1000:.0f} ms"
        )


def wanted_items(kind: Kind, stands: dict[str, Item], count: int) -> list[Item]:
    """So many items that the office has not yet."""
    if kind is PEOPLE:
        return [
            {"username": f"nguoi{n:05d}", "name": f"Người Thứ {n}", "title": "Công chức",
             "phone": None, "active": True, "postings": [dict(POSTING)]}
            for n in range(count)
        ]  # fmt: skip
    own = list(stands.values())
    many = []
    for number in range(count):
        item = copy.deepcopy(own[number % len(own)])
        item["code"] = f"9.{number:06d}"
        many.append(item)
    return many


def moved(app: Flask, doing: Doing, kind: Kind, number: int, up: bool) -> str:
    """Order it, carry it out as a worker does; what the counter beside it felt."""
    moving.check_all(doing, kind, changes.change_of(db.session, kind, number), up)
    with writing() as session:
        row = changes.change_of(session, kind, number, lock=True)
        moving.order(doing, kind, row, up, "")
    with Counter(app) as counter:
        worker.round_of_work(worker.new_name(), clock.now)
    row = changes.change_of(db.session, kind, number)
    if row.done != (row.size if up else 0):
        raise SystemExit(f"{row.state} {row.done}/{row.size}")
    return counter.said()


def measure(app: Flask, kind: Kind, count: int) -> None:
    """All parts in turn, each printed with its seconds."""
    rules = app.extensions["motcua.office"].get(db.session)
    people = Cast(db.session, rules, clock.now()).actors.values()
    admin = next(a for a in people if a.username == "quantri")
    doing = Doing(db.session, rules, admin, clock.now(), "1/QĐ-UBND", date(2024, 1, 1))
    many = wanted_items(kind, kind.snapshot(db.session, rules), count)
    marks: list[tuple[str, float, str]] = [("", time.perf_counter(), "")]

    def mark(name: str, said: str = "") -> None:
        marks.append((name, time.perf_counter(), said))

    raw = book.write(kind.sheets, rows_of(kind, many))
    mark("ghi bảng tính", f"{len(raw) / 1000:.0f} kB, {book.unpacked_size(raw) / 1e6:.1f} MB")
    cells: Any = book.unpack(raw, kind.sheets).cells
    mark("đọc bảng tính")
    draft = changes.draft(kind, doing, cells)
    if draft.problems:
        raise SystemExit(str(draft.problems[:3]))
    mark("so sánh, kiểm tra")
    with writing():
        number = changes.keep(doing, kind, draft, "đo").id
    mark("giữ lại")
    mark("áp dụng", moved(app, doing, kind, number, up=True))
    forward = marks[-1][1] - marks[0][1]
    mark("lùi lại", moved(app, doing, kind, number, up=False))
    for (_, before, _), (name, after, said) in itertools.pairwise(marks):
        print(f"{name:<20}{after - before:8.2f} s  {said}")
    print(f"{'từ tệp đến áp dụng':<20}{forward:8.2f} s · {count} {kind.what}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.setup")
    parser.add_argument("count", nargs="?", type=int, default=500)
    parser.add_argument("--people", action="store_true", help="nhân sự thay vì thủ tục")
    parser.add_argument("--postgres", nargs="?", const="", help="máy chủ; không ghi: máy của test")
    options = parser.parse_args()
    where = nullcontext("") if options.postgres is None else offices.postgres(options.postgres)
    with where as url, offices.made(url) as office, office.app.app_context():
        measure(office.app, PEOPLE if options.people else PROCEDURES, options.count)
        db.session.remove()
