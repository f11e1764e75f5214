"""Many approvals in the background, each its own transaction and event: seconds for N of them.

python -m bench.bulk [N] [--workers W] [--postgres [URL]]
(goal: 5,000 in 20 s; not part of the timed tests)
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.bulk import actions, worker
from app.bulk.terms import Wish
from app.clock import VIETNAM
from app.config import ROOT
from app.core.states import Status
from app.demo.cast import Cast
from app.demo.dossiers import sample_request
from app.extensions import db, writing
from app.intake import actions as intake
from app.journey import door
from app.models import Dossier, Event, TaskItem
from bench import office as offices


def fill(session: Any, rules: Any, count: int) -> tuple[Any, list[Wish]]:
    """Dossiers that wait for the leader's decision, made through the door; 250 a commit."""
    now = clock.now().astimezone(VIETNAM)
    cast = Cast(session, rules, now)
    people = {a.username: a for a in cast.actors.values()}
    procedure = rules.edition_for("1.013228", now.date()).procedure
    request = sample_request(rules, procedure, "mot-cua-huyen", random.Random(1), now)
    wishes: list[Wish] = []
    while len(wishes) < count:
        with writing() as held:
            for _ in range(min(250, count - len(wishes))):
                ready = intake.prepare(rules, people["tiepnhan"], now, request)
                received = intake.receive(held, rules, people["tiepnhan"], ready)
                made = held.get(Dossier, received.id)
                for _step in range(12):
                    if made.status == Status.SUBMITTED_FOR_APPROVAL:
                        break
                    act = cast.next_act(held, made, door.route_of(held, made), now)
                    cast.walk(held, made, act, now)
                door.advance(held, rules, made, "finish_step", people["truongphong"], now)
                wishes.append(Wish(made.id, made.code or "", "approve", None, made.version))
        db.session.expunge_all()
    return people["lanhdao"], wishes


def worked(environment: dict[str, str]) -> None:
    """A further worker process does a round."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)


def measure(count: int, url: str, workers: int) -> dict[str, Any]:
    """Seconds for `count` approvals by so many workers; every one of them checked afterwards."""
    with offices.made(url) as measured, measured.app.app_context():
        rules = measured.app.extensions["motcua.office"].get(db.session)
        leader, wishes = fill(db.session, rules, count)
        started, cpu = time.perf_counter(), time.process_time()
        with writing() as session:
            task_id = actions.order(session, leader, "sign", wishes, clock.now()).id
        ordered = time.perf_counter() - started
        others = [
            threading.Thread(target=worked, args=(measured.environment,))
            for _ in range(workers - 1)
        ]  # fmt: skip
        for other in others:
            other.start()
        worker.round_of_work(worker.new_name(), clock.now)
        for other in others:
            other.join()
        worker.round_of_work(worker.new_name(), clock.now)
        db.session.rollback()
        seconds, own = time.perf_counter() - started, time.process_time() - cpu
        states = dict(
            db.session.execute(
                select(TaskItem.state, func.count())
                .where(TaskItem.task_id == task_id)
                .group_by(TaskItem.state)
            ).all()
        )  # type: ignore[arg-type]
        events = db.session.scalar(
            select(func.count()).select_from(Event).where(Event.action == "approve")
        )
        assert (states, events) == ({"done": count}, count), (states, events)
        return {
            "name": f"bulk approve {count}", "engine": measured.engine, "workers": workers,
            "seconds": round(seconds, 2),
            "own_cpu": round(own, 2), "order": round(ordered, 2),
            "ms_each": round(1000 * seconds / count, 2),
        }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.bulk")
    parser.add_argument("count", nargs="?", type=int, default=5000)
    parser.add_argument("--postgres", nargs="?", const="", help="máy chủ; không ghi: máy của test")
    parser.add_argument("--workers", type=int, default=1, help="tiến trình cùng làm")
    options = parser.parse_args()
    if options.postgres is None:
        print(json.dumps(measure(options.count, "", options.workers), ensure_ascii=False))
    else:
        with offices.postgres(options.postgres) as url:
            print(json.dumps(measure(options.count, url, options.workers), ensure_ascii=False))
