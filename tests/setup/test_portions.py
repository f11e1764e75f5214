"""A long set of changes: applied by portions, stopped, gone on with, taken back, never twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app import clock, jobs
from app.bulk import actions as tasks
from app.bulk import worker
from app.bulk.terms import LEASE
from app.core.refusals import Refused
from app.core.states import Role
from app.extensions import db, writing
from app.journey.office import read_stamp
from app.models import Event, Posting, SetupChange, Staff, Task
from app.setup import changes, moving
from app.setup.kind import Doing
from app.setup.kinds import KINDS
from app.setup.people import PEOPLE
from tests.make import Office

Move = Callable[..., None]


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven people are a long set here, in portions of two."""
    monkeypatch.setattr(moving, "AT_ONCE", 3)
    monkeypatch.setattr(moving, "PORTION", 2)


def doing(office: Office) -> Doing:
    rules = office.app.extensions["motcua.office"].get(db.session)
    return Doing(db.session, rules, office.person("quantri"), clock.now())


def drafted(office: Office, count: int = 7) -> int:
    """A set that makes so many people, `moi01` and on, the first one with a role."""
    people = [
        (n, {"username": f"moi{n:02d}", "name": f"Người Mới {n}", "active": "có"})
        for n in range(1, count + 1)
    ]
    role = {"username": "moi01", "unit": "mot-cua-huyen", "role": Role.INTAKE_OFFICER.label}
    cells = {"Nhân sự": people, "Vai trò": [(1, role)]}
    made = changes.draft(PEOPLE, doing(office), cells)
    assert made.problems == []
    with writing():
        return changes.keep(doing(office), PEOPLE, made, "moi.xlsx").id


def ordered(office: Office, number: int, up: bool = True) -> int:
    with writing() as session:
        row = changes.change_of(session, PEOPLE, number, lock=True)
        return moving.order(doing(office), PEOPLE, row, up, "/quan-tri/bang/nhan-su").id


def work() -> None:
    worker.round_of_work(worker.new_name(), clock.now)
    db.session.rollback()


def standing() -> list[str]:
    """Who of the set has an account that is in use."""
    query = select(Staff.username).where(Staff.username.like("moi%"), Staff.active)
    return list(db.session.scalars(query.order_by(Staff.username)))


def set_row(number: int) -> SetupChange:
    row = db.session.get(SetupChange, number, populate_existing=True)
    assert row is not None
    return row


def task_row(number: int) -> Task:
    row = db.session.get(Task, number, populate_existing=True)
    assert row is not None
    return row


def told(action: str) -> Counter[str]:
    """Of whom the account's chain says that the set changed them, and how often."""
    bodies = db.session.scalars(
        select(Event.body).where(Event.action == action).order_by(Event.seq)
    )
    return Counter(key for body in bodies for key in json.loads(body)["facts"]["items"])


def names(first: int, last: int) -> list[str]:
    return [f"moi{n:02d}" for n in range(first, last + 1)]


def between(monkeypatch: pytest.MonkeyPatch, portion: int, then: Callable[[], None]) -> None:
    """Do something once, when that portion is about to begin (the first is 1)."""
    real, count = moving.next_part, 0

    def counted(*args: Any) -> Any:
        nonlocal count
        count += len(args) > 3  # with a most: for a portion
        if count == portion and len(args) > 3:
            then()
        return real(*args)

    monkeypatch.setattr(moving, "next_part", counted)


def somebody_else(session: Any, username: str) -> None:
    session.add(Staff(
        id="x" * 36, username=username, name="Người khác", active=True, created_at=clock.now()
    ))  # fmt: skip


def call_off(office: Office, task_id: int) -> None:
    with writing() as session:
        own = tasks.own(session, office.person("quantri"), task_id, lock=True)
        tasks.cancel(session, own, clock.now())


def test_a_long_set_is_applied_by_portions_and_taken_back(each_office: Office) -> None:
    office = each_office
    number = drafted(office)
    stamp = read_stamp(db.session)
    task_id = ordered(office, number)
    assert standing() == [] and task_row(task_id).total == 7
    work()
    assert standing() == names(1, 7)
    assert db.session.scalar(select(Posting.role).join(Staff).where(Staff.username == "moi01"))
    row, task = set_row(number), task_row(task_id)
    assert (row.state, row.done, row.size) == ("applied", 7, 7)
    assert (task.state, task.written, task.sentence) == ("done", 7, "")
    assert told("setup_changed") == Counter(names(1, 7))
    assert read_stamp(db.session) != stamp  # every process reads the office anew
    ordered(office, number, up=False)
    work()
    row = set_row(number)
    assert (row.state, row.done) == ("undone", 0) and standing() == []
    assert told("setup_undone") == Counter(names(1, 7))
    bodies = [json.loads(b)["facts"] for b in db.session.scalars(
        select(Event.body).where(Event.action == "setup_undone").order_by(Event.seq))]  # fmt: skip
    assert [(b["from"], b["to"], b["of"]) for b in bodies] == [
        (7, 5, 7),
        (5, 3, 7),
        (3, 1, 7),
        (1, 0, 7),
    ]


def test_stopped_on_the_way_it_goes_on_or_back(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = each_office
    number = drafted(office)
    stamp = read_stamp(db.session)
    task_id = ordered(office, number)
    with monkeypatch.context() as patch:
        between(patch, 3, lambda: call_off(office, task_id))
        work()
    row, task = set_row(number), task_row(task_id)
    assert (row.state, row.done) == ("partly", 4) and standing() == names(1, 4)
    assert (task.state, task.written) == ("cancelled", 4)
    assert read_stamp(db.session) != stamp, "what is changed holds"
    work()
    assert set_row(number).done == 4, "stopped is stopped"
    second = ordered(office, number)
    assert task_row(second).total == 3
    with monkeypatch.context() as patch:
        between(patch, 2, lambda: call_off(office, second))
        work()
    assert set_row(number).done == 6
    back = ordered(office, number, up=False)
    assert task_row(back).total == 6
    work()
    row = set_row(number)
    assert (row.state, row.done) == ("undone", 0) and standing() == []
    with pytest.raises(Refused, match="đã áp dụng rồi"):
        ordered(office, number)


def test_called_off_before_it_began_nothing_is_changed(office: Office) -> None:
    number = drafted(office)
    task_id = ordered(office, number)
    call_off(office, task_id)
    assert task_row(task_id).state == "open", "a worker says when it has stopped"
    work()
    assert (task_row(task_id).state, task_row(task_id).written) == ("cancelled", 0)
    assert (set_row(number).state, standing()) == ("draft", [])
    ordered(office, number)
    work()
    assert standing() == names(1, 7)


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = each_office
    number = drafted(office)
    task_id = ordered(office, number)
    real, count = PEOPLE.change, 0

    class Killed(BaseException):
        pass

    def dying(*args: Any) -> None:
        nonlocal count
        count += 1
        real(*args)
        if count == 4:  # in the second portion, before its commit
            raise Killed

    with monkeypatch.context() as patch:
        patch.setitem(KINDS, PEOPLE.id, replace(PEOPLE, change=dying))
        with pytest.raises(Killed):
            work()
    db.session.rollback()
    assert (set_row(number).done, standing()) == (2, names(1, 2))
    work()
    assert set_row(number).done == 2, "its lease still runs"
    with writing() as session:
        past = clock.now() - LEASE
        session.execute(update(Task).where(Task.id == task_id).values(leased_until=past))
    work()
    row = set_row(number)
    assert (row.state, task_row(task_id).state, standing()) == ("applied", "done", names(1, 7))
    assert told("setup_changed") == Counter(names(1, 7)), "none twice"


def test_a_worker_that_was_given_up_changes_nothing_more(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = each_office
    number = drafted(office)
    task_id = ordered(office, number)

    def take_over() -> None:
        with writing() as session:
            past = clock.now() - timedelta(seconds=1)
            session.execute(update(Task).where(Task.id == task_id).values(leased_until=past))
        with writing() as session:
            assert worker.take(session, "another", clock.now()) is not None

    between(monkeypatch, 2, take_over)
    work()
    assert (set_row(number).done, task_row(task_id).state) == (2, "open")
    assert task_row(task_id).leased_by == "another"


def test_what_somebody_changes_meanwhile_stops_it_with_a_sentence(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = each_office
    number = drafted(office)
    task_id = ordered(office, number)

    def faster() -> None:
        with writing() as session:
            somebody_else(session, "moi06")

    between(monkeypatch, 2, faster)
    work()
    row, task = set_row(number), task_row(task_id)
    assert (row.state, row.done, task.state, task.written) == ("partly", 4, "failed", 4)
    assert task.sentence.startswith("“moi06” vừa được người khác thay đổi")
    assert db.session.scalar(select(Staff.name).where(Staff.username == "moi06")) == "Người khác"


def test_what_stands_against_it_is_asked_before_the_first_item(office: Office) -> None:
    number = drafted(office)
    with writing() as session:
        somebody_else(session, "moi07")
    with pytest.raises(Refused, match="moi07"):
        moving.check_all(doing(office), PEOPLE, set_row(number), up=True)
    task_id = ordered(office, number)  # as if it came in between
    work()
    assert (set_row(number).done, task_row(task_id).state) == (0, "failed")


def test_a_fault_of_ours_stops_it_with_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = drafted(office)
    task_id = ordered(office, number)

    def broken() -> None:
        raise RuntimeError("lỗi thử")

    between(monkeypatch, 2, broken)
    work()
    task = task_row(task_id)
    assert (set_row(number).done, task.state) == (2, "failed")
    assert "đã dừng giữa chừng" in task.sentence and "lỗi thử" in caplog.text


def test_who_is_no_administrator_any_more_changes_nothing(office: Office) -> None:
    number = drafted(office)
    task_id = ordered(office, number)
    me = office.person("quantri")
    with writing() as session:
        ended = update(Posting).where(Posting.staff_id == me.id)
        session.execute(ended.values(valid_to=date(2020, 1, 1)))
    work()
    assert task_row(task_id).state == "failed" and standing() == []
    assert "không còn vai trò quản trị" in task_row(task_id).sentence


def test_one_movement_at_a_time(office: Office) -> None:
    number = drafted(office)
    ordered(office, number)
    for up in (True, False):
        with pytest.raises(Refused, match="đang chạy"):
            ordered(office, number, up=up)


def _rows(session: Any) -> Sequence[int]:
    found: Sequence[int] = session.scalars(select(SetupChange.id)).all()
    return found


def test_what_nobody_applied_is_forgotten_after_a_week(office: Office) -> None:
    looked, applied = drafted(office, 1), drafted(office, 2)
    with writing() as session:
        row = changes.change_of(session, PEOPLE, applied, lock=True)
        moving.move_all(doing(office), PEOPLE, row, up=True)
    rules = doing(office).office
    jobs.run(rules, clock.now() + timedelta(days=6))
    assert sorted(_rows(db.session)) == [looked, applied]
    jobs.run(rules, clock.now() + timedelta(days=8))
    assert _rows(db.session) == [applied]
