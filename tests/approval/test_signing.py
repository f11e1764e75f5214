"""A leader lets a deputy sign: by a paper, on its days, in the leader's name, never alone."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.states import Role, Status
from app.core.substitution import SIGNATURE, StandIn, check_days, check_overlap, lent_to
from app.extensions import db, writing
from app.journey.hands import actor_of
from app.models import Dossier, Event, Posting, Substitution
from tests.approval.ready import to_sign
from tests.desk.hands import Work, form_of, text
from tests.make import TODAY

DAY = date(2026, 11, 25)
FORM = {
    "post": "ubnd-huyen:approver", "first_day": "25/11/2026", "last_day": "27112026",
    "number": "12/UQ-UBND",
}  # fmt: skip


def stand_in(**changes: Any) -> StandIn:
    given: dict[str, Any] = {
        "id": 1, "kind": SIGNATURE, "staff_id": "leader", "staff_name": "Lãnh đạo",
        "unit_id": "ubnd", "path": "/ubnd/", "role": Role.APPROVER, "substitute_id": "deputy",
        "substitute_name": "Cấp phó", "first_day": DAY, "last_day": DAY + timedelta(days=2),
        "number": "12",
    }  # fmt: skip
    return StandIn(**(given | changes))


@pytest.mark.parametrize(("days", "ended", "holds"), [
    (-1, None, False), (0, None, True), (2, None, True), (3, None, False),
    (0, 1, True), (1, 1, False), (2, 1, False), (0, 0, False),
])  # fmt: skip
def test_it_holds_from_the_first_to_the_last_day(days: int, ended: int | None, holds: bool) -> None:
    ended_on = None if ended is None else DAY + timedelta(days=ended)
    found = lent_to([stand_in(ended_on=ended_on)], "deputy", DAY + timedelta(days=days))
    assert bool(found) is holds
    assert lent_to([stand_in()], "leader", DAY) == ()


@pytest.mark.parametrize(("first", "last", "fault"), [
    (0, 0, None), (0, 365, None), (0, -1, "last_day"), (-5, -1, "last_day"), (-5, 0, None),
    (0, 366, "last_day"),
])  # fmt: skip
def test_days_that_make_sense(first: int, last: int, fault: str | None) -> None:
    days = (DAY + timedelta(days=first), DAY + timedelta(days=last))
    if fault is None:
        return check_days(*days, DAY)
    with pytest.raises(Refused) as refused:
        check_days(*days, DAY)
    assert list(refused.value.fields) == [fault]
    return None


@pytest.mark.parametrize(("first", "last", "ended", "clash"), [
    (3, 5, None, False), (2, 5, None, True), (-3, -1, None, False), (-3, 0, None, True),
    (1, 1, 1, False), (0, 0, 1, True), (0, 2, 0, False),
])  # fmt: skip
def test_one_stand_in_at_a_time(first: int, last: int, ended: int | None, clash: bool) -> None:
    ended_on = None if ended is None else DAY + timedelta(days=ended)
    asked = (DAY + timedelta(days=first), DAY + timedelta(days=last))
    known = [stand_in(ended_on=ended_on)]
    if clash:
        with pytest.raises(Refused, match="đã có người thay"):
            check_overlap(known, SIGNATURE, "leader", "ubnd", *asked)
    else:
        check_overlap(known, SIGNATURE, "leader", "ubnd", *asked)


def lend(work: Work, leader: Any, to: str = "truongphong", **changes: str) -> Any:
    """The leader enters who signs; the answer."""
    deputy = work.do(lambda office: office.person(to).id)
    return leader.post("/phe-duyet/uy-quyen", data=FORM | {"substitute": deputy} | changes)


def bodies(work: Work, dossier: Dossier) -> list[dict[str, Any]]:
    query = select(Event.body).where(Event.subject == dossier.id).order_by(Event.seq)
    return work.do(lambda _: [json.loads(b) for b in db.session.scalars(query)])


def test_the_deputy_signs_in_the_leaders_name_on_those_days(work: Work, as_user: Any) -> None:
    dossier = work.do(to_sign)
    leader, deputy = as_user("lanhdao"), as_user("truongphong")
    assert dossier.code not in text(deputy.get("/phe-duyet"))
    assert lend(work, leader).status_code == 303
    assert "12/UQ-UBND" in text(leader.get("/phe-duyet/uy-quyen"))
    html = text(deputy.get("/phe-duyet"))
    assert "Bạn đang ký thay Phạm Văn Thắng" in html and dossier.code in html
    answer = deputy.post(f"/ho-so/{dossier.code}/viec/approve", data=form_of(html, "approve"))
    assert answer.status_code == 303
    body = bodies(work, dossier)[-1]
    person = work.do(lambda office: (office.person("lanhdao").id, office.person("truongphong").id))
    assert (body["acting_for"], body["actor"]) == person
    assert (body["role"], body["unit"]) == ("approver", "ubnd-huyen")
    assert body["facts"]["authority"] == "12/UQ-UBND"
    page = text(deputy.get(f"/ho-so/{dossier.code}"))
    assert "Ký thay Phạm Văn Thắng theo ủy quyền số 12/UQ-UBND" in page
    assert work.now(dossier).status == Status.APPROVED


def test_ended_early_it_gives_nothing_any_more(work: Work, as_user: Any) -> None:
    dossier = work.do(to_sign)
    leader, deputy = as_user("lanhdao"), as_user("truongphong")
    lend(work, leader)
    form = form_of(text(deputy.get("/phe-duyet")), "approve")
    row = work.do(lambda _: db.session.scalars(select(Substitution.id)).one())
    assert deputy.post(f"/phe-duyet/uy-quyen/{row}/ket-thuc").status_code == 404
    assert leader.post(f"/phe-duyet/uy-quyen/{row}/ket-thuc").status_code == 303
    answer = deputy.post(f"/ho-so/{dossier.code}/viec/approve", data=form)
    assert answer.status_code == 409
    assert work.now(dossier).status == Status.SUBMITTED_FOR_APPROVAL


def test_before_and_after_its_days_nobody_signs(work: Work, as_user: Any) -> None:
    dossier = work.do(to_sign)
    lend(work, as_user("lanhdao"), first_day="26/11/2026", last_day="27/11/2026")
    assert dossier.code not in text(as_user("truongphong").get("/phe-duyet"))


def test_who_has_no_role_of_a_leader_gets_in_to_sign_and_no_further(
    work: Work, as_user: Any
) -> None:
    def post(office: Any) -> None:  # a deputy at the committee without a leader's role
        with writing() as session:
            session.add(Posting(staff_id=office.person("phong-tu-phap.cv").id,
                                unit_id="ubnd-huyen", role=Role.CASE_OFFICER))  # fmt: skip

    work.do(post)
    dossier = work.do(to_sign)
    deputy = as_user("phong-tu-phap.cv")
    assert deputy.get("/phe-duyet").status_code == 403
    assert lend(work, as_user("lanhdao"), "phong-tu-phap.cv").status_code == 303
    html = text(deputy.get("/phe-duyet"))
    assert dossier.code in html and 'href="/phe-duyet"' in html
    assert deputy.get("/bao-cao").status_code == 403
    assert deputy.get("/phe-duyet/uy-quyen").status_code == 403
    page = text(deputy.get(f"/ho-so/{dossier.code}"))
    assert "/viec/approve" in page and "/viec/send_back" in page and "/viec/halt" not in page
    answer = deputy.post(f"/ho-so/{dossier.code}/viec/halt",
                         data={"reason": "x", "version": str(dossier.version)})  # fmt: skip
    assert work.now(dossier).status == Status.SUBMITTED_FOR_APPROVAL
    assert answer.status_code in (409, 422)
    ticks = {"ma": [dossier.code], f"phien.{dossier.code}": f"{dossier.version}.1"}
    summary = deputy.post("/phe-duyet/duyet", data=ticks).location
    done = deputy.post(summary, data={"chon": "1", "hien": f"1:{dossier.version}"})
    assert "Đã xong 1 hồ sơ" in text(deputy.get(done.location))
    assert bodies(work, dossier)[-1]["acting_for"]


def test_separation_of_duties_compares_persons_all_the_same(work: Work, as_user: Any) -> None:
    """The proposer does not sign as a deputy; nor does a deputy sign in the proposer's name."""
    dossier = work.do(to_sign)
    lend(work, as_user("lanhdao"))

    def proposed_by(name: str) -> None:
        def change(office: Any) -> None:
            with writing() as session:
                row = session.get(Dossier, dossier.id)
                row.proposed_by, row.version = office.person(name).id, row.version + 1

        work.do(change)

    for name, code in (("truongphong", "same_person"), ("lanhdao", "not_allowed")):
        proposed_by(name)

        def sign(office: Any) -> None:
            actor: Actor = actor_of(db.session, office.rules, office.person("truongphong").id, DAY)
            office.cast.actors = {actor.id: actor}
            office.act(dossier, "approve", "truongphong")

        with pytest.raises(Refused, match=code):
            work.do(sign)


def test_a_leader_who_is_posted_no_more_lends_nothing(work: Work, as_user: Any) -> None:
    dossier = work.do(to_sign)
    lend(work, as_user("lanhdao"))

    def leave(office: Any) -> None:
        with writing() as session:
            own = select(Posting).where(Posting.staff_id == office.person("lanhdao").id)
            for row in session.scalars(own):
                row.valid_to = date(2020, 1, 1)

    deputy = as_user("truongphong")
    form = form_of(text(deputy.get("/phe-duyet")), "approve")
    work.do(leave)
    answer = deputy.post(f"/ho-so/{dossier.code}/viec/approve", data=form)
    assert answer.status_code == 409 and "không còn hiệu lực" in text(answer)
    assert work.now(dossier).status == Status.SUBMITTED_FOR_APPROVAL


@pytest.mark.parametrize(("changes", "words"), [
    ({"number": " "}, "Hãy nhập số văn bản ủy quyền."),
    ({"number": "9" * 61}, "Dài quá 60 ký tự"),
    ({"first_day": "31/02/2026"}, "không phải một ngày"),
    ({"last_day": ""}, "Chưa có ngày"),
    ({"last_day": "24/11/2026", "first_day": "20/11/2026"}, "Ngày cuối đã qua"),
    ({"last_day": "24/11/2026"}, "Ngày cuối không được trước ngày đầu"),
    ({"substitute": ""}, "Hãy chọn cấp phó"),
    ({"substitute": "khong-co"}, "Hãy chọn cấp phó"),
    ({"post": "mot-cua-huyen:approver"}, "Hãy chọn thẩm quyền ký của bạn"),
    ({"post": ""}, "Hãy chọn thẩm quyền ký của bạn"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    work: Work, as_user: Any, changes: dict[str, str], words: str
) -> None:
    answer = lend(work, as_user("lanhdao"), **changes)
    html = text(answer)
    assert answer.status_code == 422 and words in html
    for name in ("number", "first_day", "last_day"):
        typed = (FORM | changes)[name]
        assert f'value="{typed}"' in html, name


def test_twice_on_the_same_days_is_refused(work: Work, as_user: Any) -> None:
    leader = as_user("lanhdao")
    assert lend(work, leader).status_code == 303
    again = lend(work, leader)
    assert again.status_code == 422 and "đã có người thay" in text(again)
    assert lend(work, leader, first_day="28/11/2026", last_day="30/11/2026").status_code == 303
    assert TODAY.date() == DAY
