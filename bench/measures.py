"""What is measured, and beside what."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from app.clock import now
from app.config import ROOT
from app.core.calendar import VIETNAM
from app.core.deadline import Limit, due_at, explain
from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from app.models import Dossier
from bench import floors, load
from bench.office import BODY, Measured, made, postgres, served

PORT = 8931
SERVER = "gunicorn sync, 2 tiến trình"


def _row(
    name: str, engine: str, unit: str, values: list[float], rows: int, compared: str = ""
) -> dict[str, Any]:
    return {
        "name": name, "figure": round(statistics.median(values), 4), "unit": unit,
        "median": statistics.median(values), "min": min(values), "max": max(values),
        "rows": rows, "engine": engine, "compared_with": compared,
    }  # fmt: skip


@contextmanager
def _offices(options: argparse.Namespace) -> Iterator[list[Measured]]:
    """The same office on both databases, with `--rows` dossiers in each."""
    with made() as small, postgres(options.postgres) as url, made(url) as grown:
        for office in (small, grown):
            with office.app.app_context():
                rules = office.app.extensions["motcua.office"].get(db.session)
                for start in range(0, options.rows, 200):
                    count = min(200, options.rows - start)
                    with writing() as session:
                        for _ in fill_dossiers(session, rules, now(), count, seed=start):
                            pass
                    db.session.expunge_all()
                db.session.remove()
        yield [small, grown]


def intake(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Durable intakes over HTTP at 8 and 32 clients, beside the bare driver's same rows."""
    found = []
    body = json.dumps(BODY, ensure_ascii=False)
    with _offices(options) as offices:
        for office in offices:
            script = load.post_script(office.token, body)
            bare, ours, tail, wide, ratio = [], [], [], [], []
            writers = 1 if office.engine == "sqlite" else 8
            with served("wsgi:app", office.environment, PORT) as address:
                url = f"{address}/api/v1/dossiers"
                load.run(url, clients=8, seconds=1, script=script)
                for _ in range(options.rounds):
                    bare.append(floors.bare_driver(office, options.seconds, writers))
                    got = load.run(url, clients=8, seconds=options.seconds, script=script)
                    many = load.run(url, clients=32, seconds=options.seconds, script=script)
                    if got.bad or many.bad:
                        raise SystemExit(f"{got.bad + many.bad} lần tiếp nhận bị từ chối khi đo")
                    ours.append(got.rate)
                    tail.append(got.p99)
                    wide.append(many.p99)
                    ratio.append(got.rate / bare[-1])
            floor = f"driver trần, {writers} kết nối, cùng số dòng"
            engine, rows = office.engine, options.rows
            found += [
                _row("intake: bare driver", engine, "lần/s", bare, rows),
                _row("intake: over HTTP, 8 clients", engine, "lần/s", ours, rows, SERVER),
                _row("intake: share of the floor", engine, "×", ratio, rows, floor),
                _row("intake: p99 at 8 clients", engine, "ms", tail, rows, SERVER),
                _row("intake: p99 at 32 clients", engine, "ms", wide, rows, SERVER),
            ]
    return found


def lookup(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The look-up page by token at 32 clients, beside a thin Flask page in the same run."""
    found = []
    with _offices(options) as offices:
        for office in offices:
            with office.app.app_context():
                query = select(Dossier.lookup_code).where(Dossier.status == "appraising").limit(1)
                code = db.session.scalar(query)
                db.session.remove()
            ours, thin, ratio, tail = [], [], [], []
            with (
                served("wsgi:app", office.environment, PORT) as address,
                served("bench.thin:app", office.environment, PORT + 1) as floor,
            ):
                for _ in range(options.rounds):
                    base = load.run(f"{floor}/t/{code}", clients=32, seconds=options.seconds)
                    got = load.run(f"{address}/t/{code}", clients=32, seconds=options.seconds)
                    if got.bad or base.bad:
                        raise SystemExit("trang tra cứu trả lời lỗi khi đo")
                    thin.append(base.rate)
                    ours.append(got.rate)
                    tail.append(got.p99)
                    ratio.append(got.rate / base.rate)
            engine, rows = office.engine, options.rows
            found += [
                _row("lookup: thin Flask page", engine, "trang/s", thin, rows, SERVER),
                _row("lookup: page by token", engine, "trang/s", ours, rows, SERVER),
                _row("lookup: share of the floor", engine, "×", ratio, rows, "trang Flask mỏng"),
                _row("lookup: p99 at 32 clients", engine, "ms", tail, rows, SERVER),
            ]
    return found


def receipt(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The receipt drawn warm, both copies, with reading its facts; beside bare reportlab."""
    from app.documents import FORMS
    from app.journey import papers
    from app.models import Document

    found = []
    with _offices(options) as offices:
        for office in offices:
            with office.app.app_context():
                query = select(Dossier).where(Dossier.status == "appraising").limit(1)
                dossier = db.session.scalars(query).one()
                number = dossier.id

                def ours(number: str = number) -> bytes:
                    db.session.expunge_all()
                    held = db.session.get_one(Dossier, number)
                    return papers.draw(papers.document_of(db.session, held, "receipt"), 0)

                facts = db.session.scalars(
                    select(Document).where(Document.dossier_id == number)
                ).first()
                assert facts is not None
                read = FORMS["receipt"].facts.from_json(facts.facts)
                size = len(ours())
                times = _each(ours, options.rounds)
                floor = _each(lambda read=read: bare_page(read), options.rounds)
                ratio = [a / b for a, b in zip(times, floor, strict=True)]
                db.session.remove()
            rows = options.rows
            found += [
                _row("receipt: bare reportlab, 2 pages", office.engine, "ms", floor, rows),
                _row("receipt: with its data", office.engine, "ms", times, rows),
                _row("receipt: times the floor", office.engine, "×", ratio, rows, "reportlab trần"),
                _row("receipt: size", office.engine, "kB", [size / 1000], rows),
            ]
    return found


def bare_page(facts: Any) -> bytes:
    """The same texts and QR by reportlab alone: two pages, one font, no layout of any kind."""
    import io

    from reportlab.lib.pagesizes import A5
    from reportlab.pdfgen.canvas import Canvas

    from app.documents import qr, typeface

    typeface.load()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5, invariant=1, initialFontName=typeface.REGULAR)
    matrix = qr.matrix(facts.qr_text or facts.code)
    texts = [str(v) for v in vars(facts).values() if isinstance(v, str)]
    texts += [str(item) for item in facts.reasons] + [c["name"] for c in facts.components]
    for _ in range(2):
        for line, text in enumerate(texts):
            canvas.setFont(typeface.REGULAR, 9.5)
            canvas.drawString(30, 570 - 12 * line, text[:90])
        path = canvas.beginPath()
        for y, row in enumerate(matrix):
            for x, dark in enumerate(row):
                if dark:
                    path.rect(300 + 2 * x, 500 - 2 * y, 2, 2)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _each(work: Callable[[], Any], rounds: int, times: int = 12) -> list[float]:
    """Milliseconds a call, one figure a round, after a warm-up."""
    work()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _turn in range(times):
            work()
        found.append((time.perf_counter() - start) / times * 1000)
    return found


def deadline(options: argparse.Namespace) -> list[dict[str, Any]]:
    """A due date, and one with its reasons."""
    from app import rulebook

    book = rulebook.read(ROOT / "procedures", "nga-son-2018")
    regime = book.regimes["ND61_2018"]
    at = now().astimezone(VIETNAM)
    limit = Limit(10, "working_days")
    plain = _each(lambda: due_at(at, limit, book.calendar), options.rounds, 5000)
    told = _each(lambda: explain(at, limit, book.calendar, regime), options.rounds, 1000)
    return [
        _row("deadline: due date", "–", "µs", [v * 1000 for v in plain], 0),
        _row("deadline: with its reasons", "–", "µs", [v * 1000 for v in told], 0),
    ]


def start(options: argparse.Namespace) -> list[dict[str, Any]]:
    """From starting the server to its first page, and the memory of a worker."""
    times, memory = [], []
    with made() as office:
        for _ in range(options.rounds):
            begin = time.perf_counter()
            with served("wsgi:app", office.environment, PORT) as address:
                times.append(time.perf_counter() - begin)
                subprocess.run(
                    [sys.executable, "-c",
                     f"import urllib.request;urllib.request.urlopen('{address}/thu-tuc').read()"],
                    check=True)  # fmt: skip
                memory.append(_largest_child())
    return [
        _row("start: to the first answer", "sqlite", "s", times, 0),
        _row("start: memory of a worker", "sqlite", "MB", memory, 0),
    ]


def _largest_child() -> float:
    """The resident memory of the largest gunicorn worker below this process, in MB (Linux)."""
    sizes = [0.0]
    parents: dict[int, int] = {}
    rss: dict[int, float] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/status", encoding="utf-8") as file:
                    fields = dict(line.split(":", 1) for line in file if ":" in line)
            except OSError:
                continue
            parents[int(name)] = int(fields["PPid"])
            rss[int(name)] = float(fields.get("VmRSS", "0 kB").split()[0]) / 1000
    for pid, parent in parents.items():
        if parents.get(parent) == os.getpid():
            sizes.append(rss[pid])
    return max(sizes)
