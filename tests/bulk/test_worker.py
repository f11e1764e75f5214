"""Orders over many dossiers: each item its own act and answer, never twice, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.bulk import actions, worker
from app.bulk.terms import LEASE, Wish
from app.core.refusals import Refused
from app.core.states import Status
from app.extensions import db, writing
from app.journey import door
from app.models import Dossier, Event, Staff, Task, TaskItem
from tests.make import TODAY, Office


def ready(office: Office, count: int) -> list[Dossier]:
    """Dossiers that wait for the leader's decision."""
    found = []
    for _ in range(count):
        dossier = office.walk(office.receive(at=TODAY), Status.SUBMITTED_FOR_APPROVAL)
        office.act(dossier, "finish_step", "truongphong")
        found.append(office.fresh(dossier.id))
    return found


def order(office: Office, dossiers: Sequence[Dossier], by: str = "lanhdao", **how: Any) -> int:
    """Order their approval; the task's id."""
    wishes = [Wish(d.id, d.code or "", "approve", None, d.version) for d in dossiers]
    with writing() as session:
        return actions.order(
            session, office.person(by), how.pop("kind", "sign"), wishes, office.now, **how
        ).id


def states(task_id: int) -> list[str]:
    """The states of a task's items, in order."""
    db.session.expire_all()
    query = select(TaskItem.state).where(TaskItem.task_id == task_id).order_by(TaskItem.number)
    return list(db.session.scalars(query))


def approvals(dossiers: Sequence[Dossier | str]) -> list[int]:
    """How many events of approval each dossier (or its id) has."""
    ids = [d if isinstance(d, str) else d.id for d in dossiers]
    query = select(Event.subject, func.count()).where(Event.action == "approve")
    found = dict(db.session.execute(query.group_by(Event.subject)).all())
    return [found.get(id_, 0) for id_ in ids]


def work(most: int | None = None) -> int:
    return worker.round_of_work(worker.new_name(), clock.now, most)


def test_each_item_is_an_act_of_its_own_and_one_that_fails_harms_none(each_office: Office) -> None:
    office = each_office
    dossiers = ready(office, 4)
    task_id = order(office, dossiers)
    office.act(dossiers[1], "send_back", "lanhdao", reason="Thiếu bản vẽ.")
    assert work() == 4
    assert states(task_id) == ["done", "refused", "done", "done"]
    assert approvals(dossiers) == [1, 0, 1, 1]
    item = db.session.get(TaskItem, (task_id, 2))
    assert item is not None and "Người khác đã cập nhật hồ sơ này" in item.sentence
    task = db.session.get(Task, task_id)
    assert task is not None and (task.state, task.finished_at is not None) == ("done", True)
    for dossier in (dossiers[0], dossiers[2], dossiers[3]):
        assert office.fresh(dossier.id).status == Status.APPROVED


def test_two_workers_at_once_never_do_an_item_twice(each_office: Office) -> None:
    office = each_office
    dossiers = ready(office, 6)
    task_id, ids = order(office, dossiers), [d.id for d in dossiers]
    # Both believe that the items are theirs: a lease that ran out while its worker only slept.
    begun, faults = threading.Barrier(2), []

    def run(number: int) -> None:
        with office.app.app_context():
            try:
                begun.wait(timeout=20)
                with writing() as session:
                    share = worker.take(session, "dead", clock.now(), task_id)
                assert share is not None and share.numbers == (1, 2, 3, 4, 5, 6)
                begun.wait(timeout=20)
                for item in share.numbers:
                    worker._item(share, item, clock.now)
            except Exception as fault:  # told by the main thread
                faults.append(fault)
            finally:
                db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    assert states(task_id) == ["done"] * 6
    assert approvals(ids) == [1] * 6


def test_what_a_worker_leased_is_left_alone_until_the_lease_runs_out(each_office: Office) -> None:
    office = each_office
    order(office, ready(office, 1))
    with writing() as session:
        assert worker.take(session, "alive", office.now) is not None
        assert worker.take(session, "other", office.now) is None
        assert worker.take(session, "other", office.now + LEASE + timedelta(seconds=1)) is not None
        assert worker.take(session, "third", office.now + LEASE) is None


def test_workers_share_a_task_and_one_of_them_closes_it(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = each_office
    monkeypatch.setattr(worker, "CHUNK", 2)
    dossiers = ready(office, 5)
    task_id = order(office, dossiers)
    shares = []
    with writing() as session:
        for name in ("a", "b", "c", "d"):
            shares.append(worker.take(session, name, clock.now()))
    assert [share and share.numbers for share in shares] == [(1, 2), (3, 4), (5,), None]
    for share in shares[::-1]:
        for number in share.numbers if share else ():
            worker._item(share, number, clock.now)
    with writing() as session:
        closing = worker.take(session, "d", clock.now())
        assert closing is not None and closing.numbers == ()
        assert worker.take(session, "e", clock.now()) is None  # only one closes it
    worker.close(closing.run, closing.kind, "d", clock.now)
    task = db.session.get(Task, task_id)
    assert task is not None and task.state == "done"
    assert states(task_id) == ["done"] * 5 and approvals(dossiers) == [1] * 5


def test_a_worker_that_died_half_way_is_followed_by_another(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = each_office
    dossiers = ready(office, 4)
    task_id = order(office, dossiers)
    real, count = door.advance, 0

    class Killed(BaseException):
        pass

    def dying(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        event = real(*args, **kwargs)
        if count == 3:  # after the act, before its commit
            raise Killed
        return event

    monkeypatch.setattr(door, "advance", dying)
    with pytest.raises(Killed):
        work()
    monkeypatch.setattr(door, "advance", real)
    db.session.rollback()
    assert states(task_id) == ["done", "done", "waiting", "waiting"]
    assert work() == 0  # its lease still runs
    with writing() as session:
        before = clock.now() - timedelta(seconds=1)
        session.execute(update(TaskItem).values(leased_until=before))
    assert work() == 2
    assert states(task_id) == ["done"] * 4
    assert approvals(dossiers) == [1] * 4


def test_cancelled_half_way_what_is_done_stays(each_office: Office) -> None:
    office = each_office
    dossiers = ready(office, 3)
    task_id = order(office, dossiers)
    with writing() as session:
        share = worker.take(session, "w", clock.now())
    assert share is not None and share.run.task_id == task_id
    worker._item(share, 1, clock.now)
    with writing() as session:
        actions.cancel(session, actions.own(session, office.person("lanhdao"), task_id, lock=True),
                       office.now)  # fmt: skip
    worker._item(share, 2, clock.now)
    with writing() as session:
        assert worker.take(session, "w", clock.now()) is None
    assert states(task_id) == ["done", "cancelled", "cancelled"]
    assert approvals(dossiers) == [1, 0, 0]
    assert work() == 0


def test_a_fault_of_ours_is_told_and_the_others_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    dossiers = ready(office, 3)
    task_id = order(office, dossiers)
    real = door.advance

    def faulty(session: Any, rules: Any, dossier: Dossier, *args: Any, **kwargs: Any) -> Any:
        if dossier.id == dossiers[1].id:
            raise ZeroDivisionError
        return real(session, rules, dossier, *args, **kwargs)

    monkeypatch.setattr(door, "advance", faulty)
    work()
    assert states(task_id) == ["done", "refused", "done"]
    item = db.session.get(TaskItem, (task_id, 2))
    assert item is not None and item.sentence == worker.FAILED_ITEM


def test_an_attempt_outside_a_role_is_refused_and_kept_in_the_accounts_chain(
    office: Office,
) -> None:
    dossiers = ready(office, 2)
    task_id = order(office, dossiers, by="chuyenvien")
    work()
    assert states(task_id) == ["refused", "refused"]
    kept = select(func.count()).select_from(Event).where(
        Event.subject == office.person("chuyenvien").id, Event.action == "refused"
    )  # fmt: skip
    assert db.session.scalar(kept) == 2


def test_who_is_disabled_meanwhile_acts_no_more(office: Office) -> None:
    dossiers = ready(office, 1)
    task_id = order(office, dossiers)
    with writing() as session:
        session.get(Staff, office.person("lanhdao").id).active = False
    work()
    assert states(task_id) == ["refused"]


def test_a_part_of_a_task_at_a_time(office: Office) -> None:
    task_id = order(office, ready(office, 3))
    name = worker.new_name()
    assert worker.round_of_work(name, clock.now, most=1) == 3  # a share is never split
    assert states(task_id) == ["done"] * 3


@pytest.mark.parametrize("count", [0, 5001])
def test_an_order_of_nothing_or_of_too_many_is_refused(office: Office, count: int) -> None:
    wishes = [Wish("x", "x", "approve", None, 1)] * count
    with pytest.raises(Refused, match="bad_request"), writing() as session:
        actions.order(session, office.person("lanhdao"), "sign", wishes, office.now)


def test_nobody_sees_anothers_task(office: Office) -> None:
    task_id = order(office, ready(office, 1))
    with pytest.raises(Refused, match="no_such_task"):
        actions.own(db.session, office.person("chuyenvien"), task_id)


def test_a_draft_that_nobody_confirms_is_forgotten(office: Office) -> None:
    task_id = order(office, ready(office, 1), left_out=())
    work()
    assert states(task_id) == ["waiting"]
    office.now += timedelta(days=2)
    with writing() as session:
        actions.tidy(session, office.now)
    assert db.session.get(Task, task_id) is None and states(task_id) == []


def test_only_what_is_confirmed_is_carried_out(office: Office) -> None:
    dossiers = ready(office, 4)
    task_id = order(office, dossiers, left_out={1, 2})
    leader = office.person("lanhdao")
    with writing() as session:
        task = actions.own(session, leader, task_id, lock=True)
        shown = {1: dossiers[0].version, 2: dossiers[1].version, 3: dossiers[2].version}
        assert actions.confirm(session, task, shown, {1}) == 2
    work()
    assert states(task_id) == ["done", "left_out", "left_out", "done"]
    with pytest.raises(Refused, match="not_a_draft"), writing() as session:
        actions.confirm(session, actions.own(session, leader, task_id), {}, ())
