"""Officers who are away: who takes over, what the one who assigns is told, the work handed over."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.refusals import Refused
from app.core.states import Role, Status
from app.core.substitution import ABSENCE, absence_of, check_presence, present
from app.extensions import db, writing
from app.journey.office import read_stamp
from app.journey.standing_in import Wish, enter
from app.models import Event, Posting, Step, Substitution
from tests.approval.test_signing import DAY, stand_in
from tests.desk.hands import Work, text
from tests.make import Office

UNIT = "phong-kt-ht"
PAGE = "/tham-dinh/vang-mat"


def away(**changes: Any) -> Any:
    given = {"kind": ABSENCE, "staff_id": "a", "substitute_id": "b", "unit_id": UNIT}
    return stand_in(**(given | changes))


@pytest.mark.parametrize(("known", "who"), [
    ([], "a"),
    ([away()], "b"),
    ([away(unit_id="other")], "a"),
    ([away(first_day=DAY + timedelta(days=1), last_day=DAY + timedelta(days=1))], "a"),
    ([away(ended_on=DAY)], "a"),
    ([away(), away(staff_id="b", substitute_id="c")], "c"),
    ([away(), away(staff_id="b", substitute_id="a")], "a"),  # all are away: no endless round
])  # fmt: skip
def test_who_works_for_an_officer(known: list[Any], who: str) -> None:
    assert present(known, "a", UNIT, DAY) == who


def test_the_absence_that_lasts_longest_is_told() -> None:
    longer = away(id=2, last_day=DAY + timedelta(days=9))
    assert absence_of([away(), longer], "a", UNIT, DAY) == longer


NAMES = {"a": "Ái", "b": "Bình", "c": "Chi", "d": "Dung"}


def span(away_: str, substitute: str, first: int, last: int, **changes: Any) -> Any:
    """An absence in the days of November."""
    days = {"first_day": date(2026, 11, first), "last_day": date(2026, 11, last)}
    named = {"staff_name": NAMES[away_], "substitute_name": NAMES[substitute]}
    return away(staff_id=away_, substitute_id=substitute, **(days | named | changes))


@pytest.mark.parametrize(("known", "told"), [
    # Ái is to be away from the 10th to the 20th, Bình to stand in.
    ([], ""),
    ([span("b", "a", 10, 20)],
     "Bình vắng từ 10/11/2026 đến 20/11/2026, Ái làm thay. Như vậy không còn ai làm."),
    ([span("b", "a", 20, 25)],
     "Bình vắng từ 20/11/2026 đến 25/11/2026, Ái làm thay. Như vậy không còn ai làm."),
    ([span("b", "a", 1, 10)],
     "Bình vắng từ 01/11/2026 đến 10/11/2026, Ái làm thay. Như vậy không còn ai làm."),
    ([span("b", "a", 1, 9), span("b", "c", 21, 30)], ""),
    ([span("b", "c", 12, 13)], "Bình vắng từ 12/11/2026 đến 13/11/2026, Chi làm thay. Hãy chọn"),
    ([span("b", "c", 9, 21), span("c", "a", 5, 11)],
     "Bình vắng từ 09/11/2026 đến 21/11/2026, Chi làm thay; Chi vắng từ 05/11/2026 đến 11/11/2026, "
     "Ái làm thay. Như vậy không còn ai làm. Hãy chọn"),
    # No day on which all three are away: Bình's absence forbids it all the same.
    ([span("b", "c", 10, 12), span("c", "a", 13, 20)],
     "Bình vắng từ 10/11/2026 đến 12/11/2026, Chi làm thay. Hãy chọn"),
    ([span("b", "c", 9, 21), span("c", "d", 9, 21), span("d", "a", 20, 20)],
     "Dung vắng từ 20/11/2026 đến 20/11/2026, Ái làm thay. Như vậy không còn ai làm. Hãy chọn"),
    ([span("b", "a", 10, 20, ended_on=date(2026, 11, 10))], ""),
    ([span("b", "a", 1, 20, ended_on=date(2026, 11, 11))], "từ 01/11/2026 đến 10/11/2026, Ái"),
    ([span("b", "c", 10, 20, unit_id="other")], "Bình vắng từ 10/11/2026"),
    ([span("b", "a", 10, 20, kind="signature")], ""),
    ([span("c", "a", 10, 20), span("c", "b", 1, 2)], ""),  # Ái falls away: Bình goes on for her
])  # fmt: skip
def test_who_stands_in_must_be_there(known: list[Any], told: str) -> None:
    days = (date(2026, 11, 10), date(2026, 11, 20))
    if not told:
        check_presence(known, "a", "b", *days)
        return
    with pytest.raises(Refused) as refused:
        check_presence(known, "a", "b", *days)
    assert told in refused.value.sentence and set(refused.value.fields) == {"substitute"}


def test_two_who_stand_in_for_each_other_are_refused_on_the_page(work: Work, as_user: Any) -> None:
    officer, other = ids(work)
    browser = as_user("truongphong")
    assert browser.post(PAGE, data=form(officer, other)).status_code == 303
    days = {"first_day": "30/11/2026", "last_day": "02/12/2026"}
    answer = browser.post(PAGE, data=form(other, officer, **days))
    html = text(answer)
    assert answer.status_code == 422 and 'id="substitute-error"' in html
    assert "Trần Quốc Tuấn vắng từ 25/11/2026 đến 30/11/2026" in html
    days = {"first_day": "01/12/2026", "last_day": "02/12/2026"}
    assert browser.post(PAGE, data=form(other, officer, **days)).status_code == 303


def test_two_at_once_make_no_circle(each_office: Office) -> None:
    """Each reads what the other has entered, however old the office is that it holds."""
    office = each_office
    officer, second = office.person("chuyenvien").id, office.person("phong-tu-phap.cv").id
    with writing() as session:
        session.add(Posting(staff_id=second, unit_id=UNIT, role=Role.CASE_OFFICER))
    told: list[str] = []
    start = threading.Barrier(2)

    def go(away_: str, substitute: str) -> None:
        with office.app.app_context():
            wish = Wish(ABSENCE, away_, UNIT, Role.CASE_OFFICER, substitute, DAY, DAY, reason="Ốm.")
            head = office.person("truongphong")
            start.wait()
            try:
                with writing() as session:
                    enter(session, office.rules, head, wish, office.now)
            except Refused as refused:
                told.append(refused.code)
            db.session.remove()

    pairs = ((officer, second), (second, officer))
    threads = [threading.Thread(target=go, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["bad_request"]
    assert len(db.session.scalars(select(Substitution.id)).all()) == 1


def ids(work: Work) -> tuple[str, str]:
    """The officer and the second one of the department."""
    other = work.second_officer(UNIT)
    return work.do(lambda office: office.person("chuyenvien").id), other


def form(officer: str, other: str, **changes: str) -> dict[str, str]:
    given = {
        "staff": f"{UNIT}:{officer}", "substitute": f"{UNIT}:{other}",
        "first_day": "25/11/2026", "last_day": "30/11/2026", "reason": "Nghỉ phép.",
    }  # fmt: skip
    return given | changes


def test_the_head_enters_it_and_hands_the_work_over_dossier_by_dossier(
    work: Work, as_user: Any
) -> None:
    dossiers = [work.dossier(Status.APPRAISING) for _ in range(2)]
    asked = work.dossier(Status.APPRAISING)
    officer, other = ids(work)
    work.act(asked, "start_verification", "chuyenvien", held_at="2026-11-26", place_name="Nga Yên",
             participants="Chủ hộ", content="Đo đạc")  # fmt: skip
    head = as_user("truongphong")
    assert head.post(PAGE, data=form(officer, other)).status_code == 303
    html = text(head.get(PAGE))
    assert "Giao lại 3 hồ sơ" in html and "đang vắng" in html
    row = work.do(lambda _: db.session.scalars(select(Substitution.id)).one())
    answer = head.post(f"{PAGE}/{row}/giao-lai")
    assert "Đã xong 3 hồ sơ" in text(head.get(answer.location))
    for dossier in [*dossiers, asked]:
        holder = work.do(lambda office, d=dossier: [
            s.assignee_id for s in office.steps(d) if s.state == "active"])  # fmt: skip
        assert holder == [other]
        query = select(Event.body).where(Event.subject == dossier.id).order_by(Event.seq.desc())
        body = json.loads(work.do(lambda _, q=query: db.session.scalars(q).first()))
        assert body["action"] == "reassign" and "vắng từ 25/11/2026" in body["facts"]["reason"]
    assert "không còn hồ sơ nào" in text(head.get(PAGE))
    assert dossiers[0].code in text(as_user("phong-tu-phap.cv").get("/tham-dinh"))


def test_who_assigns_is_told_who_is_away_and_who_stands_in(work: Work, as_user: Any) -> None:
    officer, other = ids(work)
    head = as_user("truongphong")
    work.dossier(Status.RECEIVED_BY_AGENCY)
    head.post(PAGE, data=form(officer, other))
    for address in ("/tham-dinh", "/tham-dinh?xem=giao"):
        html = text(head.get(address))
        assert "Trần Quốc Tuấn (vắng đến 30/11, thay: " in html, address


def test_new_work_of_who_is_away_falls_to_who_stands_in(work: Work, as_user: Any) -> None:
    """A unit's only officer needs no assigning: on those days the substitute gets the dossier."""
    officer, other = ids(work)
    as_user("truongphong").post(PAGE, data=form(officer, other))

    def only_one(_: Any) -> None:  # the second officer is no officer of the unit any more
        from app.models import Posting

        with writing() as session:
            row = session.query(Posting).filter_by(staff_id=other, unit_id=UNIT).one()
            row.valid_to = date(2020, 1, 1)

    work.do(only_one)
    dossier = work.dossier(Status.IN_TRANSFER)
    work.act(dossier, "agency_receive", "truongphong")
    query = select(Step).where(Step.dossier_id == dossier.id, Step.state == "active")
    step = work.do(lambda _: db.session.scalars(query).one())
    assert step.assignee_id == other


def test_an_officer_enters_the_own_absence_only(work: Work, as_user: Any) -> None:
    officer, other = ids(work)
    browser = as_user("chuyenvien")
    assert browser.post(PAGE, data=form(other, officer)).status_code == 409
    before = work.do(lambda _: read_stamp(db.session))
    assert browser.post(PAGE, data=form(officer, other)).status_code == 303
    assert work.do(lambda _: read_stamp(db.session)) != before  # every process reads it anew
    row = work.do(lambda _: db.session.scalars(select(Substitution)).one())
    assert browser.post(f"{PAGE}/{row.id}/giao-lai").status_code == 403
    assert as_user("tiepnhan.xa").post(f"{PAGE}/{row.id}/ket-thuc").status_code == 404
    assert browser.post(f"{PAGE}/{row.id}/ket-thuc").status_code == 303
    assert "Không có ai vắng" in text(browser.get(PAGE))
    query = select(Event.action).where(Event.subject == officer).order_by(Event.seq)
    kept = work.do(lambda _: db.session.scalars(query).all())
    told = [action for action in kept if action.startswith("stand_in")]
    assert told == ["stand_in_entered", "stand_in_ended"]


def test_the_head_of_another_unit_has_no_hand_in_it(work: Work, as_user: Any) -> None:
    officer, other = ids(work)
    as_user("truongphong").post(PAGE, data=form(officer, other))
    row = work.do(lambda _: db.session.scalars(select(Substitution.id)).one())
    stranger = as_user("lanhdao.xa")
    assert stranger.post(f"{PAGE}/{row}/giao-lai").status_code == 404
    assert stranger.post(f"{PAGE}/999/giao-lai").status_code == 404
    assert "Trần Quốc Tuấn" not in text(stranger.get(PAGE)).partition("Ghi người vắng")[0]


@pytest.mark.parametrize(("changes", "words"), [
    ({"staff": ""}, "Hãy chọn người vắng."),
    ({"substitute": ""}, "Hãy chọn người làm thay."),
    ({"substitute": "same"}, "Người làm thay phải là người khác."),
    ({"substitute": "khong-co"}, "cùng vai trò tại đơn vị"),
    ({"reason": ""}, "Hãy nhập lý do vắng."),
    ({"reason": "x" * 501}, "Dài quá 500 ký tự"),
    ({"first_day": "hôm nay"}, "“hôm nay” không phải một ngày"),
    ({"last_day": "24/11/2026"}, "Ngày cuối không được trước ngày đầu"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    work: Work, as_user: Any, changes: dict[str, str], words: str
) -> None:
    officer, other = ids(work)
    if changes.get("substitute") == "same":
        changes = {"substitute": f"{UNIT}:{officer}"}
    answer = as_user("truongphong").post(PAGE, data=form(officer, other, **changes))
    html = text(answer)
    assert answer.status_code in (409, 422) and words in html
    assert f'value="{form(officer, other, **changes)["last_day"]}"' in html
