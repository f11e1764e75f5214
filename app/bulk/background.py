"""Long work of an office without a worker process: a thread of the web process does it.

Where `flask worker` runs, its sign of life in the table keeps these threads from starting.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from flask import Flask

from app import clock
from app.bulk import worker
from app.extensions import db, writing
from app.journey.office import Db
from app.models import Setting

SEEN = "worker_seen"
SILENCE = timedelta(seconds=30)  # after this no worker process is believed to run
_starting = threading.Lock()
_threads: dict[int, threading.Thread] = {}


def note_alive(now: datetime) -> None:
    """A worker process says that it runs."""
    with writing() as session:
        row = session.get(Setting, SEEN)
        if row is None:
            session.add(Setting(key=SEEN, value=now.isoformat()))
        else:
            row.value = now.isoformat()


def is_alive(session: Db, now: datetime) -> bool:
    """Whether a worker process said so a short while ago."""
    row = session.get(Setting, SEEN)
    return row is not None and now - datetime.fromisoformat(row.value) < SILENCE


def kick(app: Flask, now: datetime) -> bool:
    """See to it that waiting tasks are carried out; whether a thread of ours does it.

    Tests carry tasks out by hand: a thread would outlive their database.
    """
    if app.testing or is_alive(db.session, now):
        return False
    with _starting:
        running = _threads.get(id(app))
        if running is None or not running.is_alive():
            thread = threading.Thread(target=_work, args=(app,), name="bulk", daemon=True)
            _threads[id(app)] = thread
            thread.start()
    return True


def _work(app: Flask) -> None:
    with app.app_context():
        try:
            worker.round_of_work(worker.new_name(), clock.now)
        except Exception:
            app.logger.exception("bulk work")  # leases end by themselves, the next kick goes on
        finally:
            db.session.remove()
