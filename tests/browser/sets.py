"""Long sets of changes in every state: being read, faulty, looked at, running, stopped, failed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from app.bulk import actions as bulk
from app.bulk import worker
from app.extensions import db, writing
from app.models import SetupChange, Task
from app.setup import book, changes, moving, reading
from app.setup.kind import Doing
from app.setup.people import PEOPLE
from app.setup.views import rows_of
from tests.make import TODAY, Office

AHEAD = TODAY + timedelta(days=1)  # a lease of a worker from whom nothing is heard
LOOK = "/quan-tri/bang/nhan-su/lan/{}"


class Sets:
    """Makes them, and keeps where they are: `set_<state>`, `task_<state>`."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.places: dict[str, str] = {}
        self._read("set_reading", running=True)
        self._read("set_not_read", stopped=True)
        self._read("set_faulty", called="")
        self._keep("set_long", self._drafted("dai"))
        self._moving("applying", self._drafted("dang"), done=2)
        self._moving("stopped_half", self._drafted("dung"), done=3, stopped=True)
        gone = self._moving("half_back", self._drafted("lui"), done=4)
        self._end(gone, "failed", "“lui0003” đã được đổi tiếp sau lần này, không lùi lại được.")

    def doing(self) -> Doing:
        return Doing(db.session, self.office.rules, self.office.person("quantri"), TODAY)

    def _keep(self, name: str, row: SetupChange) -> None:
        self.places[name] = str(row.id)

    def _workbook(self, prefix: str, name: str) -> bytes:
        people = [
            {"username": f"{prefix}{n:04d}", "name": name, "active": False, "postings": []}
            for n in range(5)
        ]
        return book.write(PEOPLE.sheets, rows_of(PEOPLE, people))

    def _drafted(self, prefix: str) -> SetupChange:
        raw = self._workbook(prefix, "Người Mới")
        made = changes.draft(PEOPLE, self.doing(), book.unpack(raw, PEOPLE.sheets).cells)
        assert made.problems == []
        with writing():
            return changes.keep(self.doing(), PEOPLE, made, f"nhan-su-{prefix}.xlsx")

    def _read(
        self, name: str, *, called: str = "Người Mới", running: bool = False, stopped: bool = False
    ) -> None:
        raw = self._workbook("doc", called)
        with writing():
            row = reading.keep(self.doing(), PEOPLE, raw, "nhan-su-dai.xlsx")
            task = reading.order(self.doing(), PEOPLE, row, LOOK.format(row.id))
        self._keep(name, row)
        self.places[name.replace("set_", "task_")] = str(task.id)
        if running:
            self._lease(task, written=1200)
            return
        if stopped:
            self._stop(task)
        worker.carry_out(task.id, worker.new_name(), lambda: TODAY)

    def _lease(self, task: Task, written: int) -> None:
        with writing() as session:
            worker.take(session, worker.new_name(), AHEAD, task.id)
            mine = update(Task).where(Task.id == task.id)
            session.execute(mine.values(written=written))

    def _stop(self, task: Task) -> None:
        with writing() as session:
            own = bulk.own(session, self.office.person("quantri"), task.id, lock=True)
            bulk.cancel(session, own, TODAY)

    def _moving(self, name: str, row: SetupChange, *, done: int, stopped: bool = False) -> Task:
        """A worker that got so far; stopped, or still at it."""
        with writing() as session:
            task = moving.order(self.doing(), PEOPLE, row, True, LOOK.format(row.id))
            part = moving.next_part(session, row, True, done)
            moving.move(self.doing(), PEOPLE, row, part, True)
        self._keep(f"set_{name}", row)
        self.places[f"task_{name}"] = str(task.id)
        self._lease(task, done)
        if stopped:
            self._stop(task)
            self._end(task, "cancelled")
        return task

    def _end(self, task: Task, state: str, sentence: str = "") -> None:
        with writing() as session:
            told = {"state": state, "sentence": sentence, "leased_until": None}
            session.execute(update(Task).where(Task.id == task.id).values(**told))
