"""Row access: one function, for lists, look-ups, search and export alike."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from app.core.states import Role, Status
from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from app.journey import find, worklists
from app.journey.visibility import visible
from app.models import Dossier, Step
from tests.make import Office

READERS = (
    "tiepnhan", "chuyenvien", "truongphong", "lanhdao", "vanthu", "chanhvp", "quantri",
    "tiepnhan.xa", "lanhdao.xa", "phong-tu-phap.cv", "thanh-tra-huyen.tp", "bhxh-huyen.cb",
    "mot-cua-xa.nga-an.tn", "ubnd-xa.nga-an.ct", "cong-an-xa.nga-yen.cb",
)  # fmt: skip


@pytest.fixture
def full(office: Office) -> Office:
    """An office with dossiers at many counters, in many states."""
    with writing() as session:
        for _ in fill_dossiers(session, office.rules, office.now, 80, seed=5):
            pass
    db.session.expunge_all()
    return office


def _lawful_sight(office: Office, username: str) -> set[str]:
    """Who may see what, written the slow and obvious way."""
    actor = office.person(username)
    posts = [p for p in actor.posts if p.role != Role.ADMIN]

    def sees(unit_id: str) -> bool:
        path = office.rules.unit(unit_id).path
        return any(
            p.unit_id == unit_id
            or (p.role in (Role.AGENCY_HEAD, Role.APPROVER, Role.MONITOR)
                and path.startswith(p.path))
            for p in posts
        )  # fmt: skip

    found = set()
    for dossier in db.session.scalars(select(Dossier)):
        units = db.session.scalars(select(Step.unit_id).where(Step.dossier_id == dossier.id)).all()
        on_route = dossier.status != Status.DRAFT and any(sees(u) for u in units)
        if sees(dossier.one_stop) or on_route:
            found.add(dossier.id)
    return found


@pytest.mark.parametrize("username", READERS)
def test_sight_is_exactly_the_law_of_the_house(full: Office, username: str) -> None:
    actor = full.person(username)
    seen = set(db.session.scalars(visible(select(Dossier.id), actor)))
    assert seen == _lawful_sight(full, username)
    if username == "quantri":
        assert seen == set()


@pytest.mark.parametrize("username", READERS)
def test_no_list_shows_more_than_sight(full: Office, username: str) -> None:
    actor, lawful = full.person(username), _lawful_sight(full, username)
    shown = {d.id for d in find.search(db.session, actor, find.Wanted(limit=100))}
    lists = (
        worklists.mine, worklists.to_assign, worklists.to_approve, worklists.to_stamp,
    )  # fmt: skip
    for read in lists:
        shown |= {work.dossier.id for work in read(db.session, actor)}
    shown |= {d.id for d in worklists.arriving(db.session, actor)}
    shown |= {d.id for d in worklists.at_counter(db.session, actor, *Status)}
    shown |= {d.id for d in worklists.drafts(db.session, actor)}
    assert shown <= lawful
    for dossier in db.session.scalars(select(Dossier).limit(30)).all():
        code = dossier.code or dossier.temporary_id
        try:
            find.dossier_of(db.session, actor, code)
            found = True
        except Exception as refused:
            assert getattr(refused, "code", "") == "no_such_dossier"
            found = False
        assert found == (dossier.id in lawful)


def test_moving_a_person_changes_the_sight_at_once(full: Office) -> None:
    from app.models import Posting, Staff

    with writing() as session:
        staff = session.scalars(select(Staff).where(Staff.username == "bhxh-huyen.cb")).one()
        session.query(Posting).filter_by(staff_id=staff.id).delete()
        session.add(Posting(staff_id=staff.id, unit_id="mot-cua-xa@nga-yen", role="intake_officer"))
    fresh = Office(full.app)
    actor = fresh.person("bhxh-huyen.cb")
    seen = set(db.session.scalars(visible(select(Dossier.id), actor)))
    assert seen == _lawful_sight(fresh, "bhxh-huyen.cb") and seen


@pytest.mark.parametrize("text", ["nguyen", "Nguyễn", "thi mau", "0912345678", "038190000123"])
def test_search_finds_without_marks_and_by_number(office: Office, text: str) -> None:
    dossier = office.receive()
    actor = office.person("tiepnhan")
    assert [d.id for d in find.search(db.session, actor, find.Wanted(text=text))] == [dossier.id]


@pytest.mark.parametrize(
    "text", ["H56.99-261125-0001", "0001", "261125-0001", "h56.99-261125-0001"]
)
def test_search_finds_by_code(each_office: Office, text: str) -> None:
    dossier = each_office.receive()
    actor = each_office.person("tiepnhan")
    found = find.search(db.session, actor, find.Wanted(text=text))
    assert [d.id for d in found] == [dossier.id]


def test_pages_by_key_miss_nothing_and_repeat_nothing(each_office: Office) -> None:
    dice = random.Random(1)
    for _ in range(23):
        each_office.receive(at=each_office.now.replace(minute=dice.randint(0, 3)))
    actor, seen, after = each_office.person("tiepnhan"), [], None
    while True:
        rows = find.search(db.session, actor, find.Wanted(limit=5, after=after))
        seen += [d.id for d in rows[:5]]
        if len(rows) <= 5:
            break
        after = (rows[4].accepted_at, rows[4].id)
    assert len(seen) == len(set(seen)) == 23
