"""The leader's round: the unusual first and not ticked, each signature its own event."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.approval.unusual import Facts, remarks
from app.bulk import worker
from app.clock import now
from app.core.route import StepState
from app.core.states import Status
from app.extensions import db, writing
from app.models import Event, Step
from tests.appraisal.copies import copies
from tests.approval.ready import OPINION, to_sign
from tests.desk.hands import Work, form_of, text
from tests.make import TODAY, Office, Statements


@pytest.mark.parametrize(("facts", "said"), [
    (Facts(), ()),
    (Facts(late=True), ("quá hạn",)),
    (Facts(changed=True), ("đã thay đổi sau khi bạn mở danh sách",)),
    (Facts(opinion=False), ("thiếu ý kiến thẩm định",)),
    (Facts(refusal=True), ("đề nghị từ chối",)),
    (Facts(own=True), ("bạn đã trình hồ sơ này, người khác phải ký",)),
    (Facts(own=True, decides=False), ()),
    (Facts(ready=False), ("không còn chờ bạn ký",)),
    (Facts(late=True, changed=True, opinion=False, refusal=True),
     ("đã thay đổi sau khi bạn mở danh sách", "quá hạn", "đề nghị từ chối",
      "thiếu ý kiến thẩm định")),
])  # fmt: skip
def test_what_is_unusual(facts: Facts, said: tuple[str, ...]) -> None:
    assert remarks(facts) == said


def ticked(html: str, *codes: str) -> dict[str, Any]:
    """The round's form with these dossiers ticked, all of them where none is named."""
    found = re.findall(r'name="ma" value="([^"]+)"', html)
    seen = dict(re.findall(r'name="(phien\.[^"]+)" value="([^"]+)"', html))
    return {"ma": list(codes) or found, **seen}


def confirmed(html: str, *extra: str) -> dict[str, Any]:
    """The summary's form as it stands, with further lines ticked by their numbers."""
    on = re.findall(r'name="chon" value="(\d+)"[^>]* checked', html)
    return {"chon": [*on, *extra], "hien": re.findall(r'name="hien" value="([^"]+)"', html)}


def approvals(work: Work) -> int:
    query = select(func.count()).select_from(Event).where(Event.action == "approve")
    return work.do(lambda _: db.session.scalar(query)) or 0


def test_the_unusual_stand_first_are_not_ticked_and_are_not_signed(
    work: Work, as_user: Any
) -> None:
    usual = [work.do(to_sign) for _ in range(2)]
    late = work.do(lambda o: to_sign(o, late=True))
    silent = work.do(lambda o: to_sign(o, silent=True))
    refusal = work.do(lambda o: to_sign(o, refusal=True))
    leader = as_user("lanhdao")
    page = text(leader.get("/phe-duyet"))
    odd = re.findall(r'name="ma" value="([^"]+)" data-unusual', page)
    assert set(odd) == {late.code, silent.code, refusal.code}
    answer = leader.post("/phe-duyet/duyet", data=ticked(page))
    assert answer.status_code == 303
    html = text(leader.get(answer.location))
    top = html.partition('id="usual"')[0]
    for dossier, words in ((late, "quá hạn"), (silent, "thiếu ý kiến"), (refusal, "từ chối")):
        assert dossier.code in top and words in top
    assert not [d for d in usual if d.code in top] and " checked>" not in top.partition("<ul")[2]
    answer = leader.post(answer.location, data=confirmed(html))
    html = text(leader.get(answer.location))
    assert "Đã xong 2 hồ sơ" in html and "3 hồ sơ để lại" in html
    assert approvals(work) == 2
    for dossier in usual:
        assert work.now(dossier).status == Status.APPROVED
    assert work.now(late).status == Status.SUBMITTED_FOR_APPROVAL


def test_an_unusual_one_is_signed_where_the_leader_ticks_it(work: Work, as_user: Any) -> None:
    late = work.do(lambda o: to_sign(o, late=True))
    leader = as_user("lanhdao")
    summary = leader.post("/phe-duyet/duyet", data=ticked(text(leader.get("/phe-duyet")))).location
    html = text(leader.get(summary))
    none = leader.post(summary, data=confirmed(html))
    assert none.status_code == 422 and "Chưa chọn hồ sơ nào" in text(none)
    answer = leader.post(summary, data=confirmed(html, "1"))
    assert "Đã xong 1 hồ sơ" in text(leader.get(answer.location))
    assert work.now(late).status == Status.APPROVED
    again = leader.post(summary, data=confirmed(html, "1"))  # at a second window
    assert (again.status_code, again.location) == (303, answer.location)
    assert approvals(work) == 1
    assert leader.get(summary).status_code == 303  # confirmed: its outcome is shown instead


def test_what_changed_since_the_list_was_opened_is_unusual(work: Work, as_user: Any) -> None:
    one, two = work.do(to_sign), work.do(to_sign)
    leader = as_user("lanhdao")
    form = ticked(text(leader.get("/phe-duyet")))
    work.act(one, "amend_data", "tiepnhan", reason="Sai số điện thoại.",
             changes={"phone": "0987654321"})  # fmt: skip
    html = text(leader.get(leader.post("/phe-duyet/duyet", data=form).location))
    top, _, rest = html.partition('id="usual"')
    assert one.code in top and "đã thay đổi sau khi bạn mở danh sách" in top
    assert two.code in rest and two.code not in top


def test_what_changes_after_the_summary_is_not_signed_the_others_are(
    work: Work, as_user: Any
) -> None:
    one, two = work.do(to_sign), work.do(to_sign)
    leader = as_user("lanhdao")
    summary = leader.post("/phe-duyet/duyet", data=ticked(text(leader.get("/phe-duyet")))).location
    html = text(leader.get(summary))
    work.act(one, "amend_data", "tiepnhan", reason="Sai số điện thoại.",
             changes={"phone": "0987654321"})  # fmt: skip
    html = text(leader.get(leader.post(summary, data=confirmed(html)).location))
    assert "Đã xong 1 hồ sơ" in html and "Người khác đã cập nhật hồ sơ này" in html
    assert html.index(one.code) < html.index(two.code)
    assert work.now(one).status == Status.SUBMITTED_FOR_APPROVAL


def test_what_is_gone_is_told_and_cannot_be_ticked(work: Work, as_user: Any) -> None:
    one = work.do(to_sign)
    leader = as_user("lanhdao")
    form = ticked(text(leader.get("/phe-duyet")))
    work.act(one, "send_back", "lanhdao", reason="Thiếu ảnh.")
    html = text(leader.get(leader.post("/phe-duyet/duyet", data=form).location))
    assert "không còn chờ bạn ký" in html and 'name="chon"' not in html


def test_more_than_a_few_are_signed_in_the_background(work: Work, as_user: Any) -> None:
    dossier = work.do(to_sign)
    work.do(lambda office: copies(office, dossier, 24))
    leader = as_user("lanhdao")
    summary = leader.post("/phe-duyet/duyet", data={"tat_ca": "1"}).location
    html = text(leader.get(summary))
    assert "Xem lại trước khi ký 25 hồ sơ" in html
    answer = leader.post(summary, data=confirmed(html))
    assert "Đã xử lý 0 trong 25 hồ sơ" in text(leader.get(answer.location))
    # Only one of them has the chain that its row speaks of: the copies share its events' hashes.
    work.do(lambda _: worker.round_of_work(worker.new_name(), now))
    assert "Đã xong 25 hồ sơ" in text(leader.get(answer.location))
    assert approvals(work) == 25


def test_the_dossier_stands_beside_the_list_without_a_script(work: Work, as_user: Any) -> None:
    one, two = work.do(to_sign), work.do(lambda o: to_sign(o, refusal=True))
    leader = as_user("lanhdao")
    html = text(leader.get("/phe-duyet"))
    assert f'data-code="{one.code}"' in html and OPINION in html
    link = f"/phe-duyet?mo={two.code}"
    assert f'href="{link}#pane"' in html
    beside = text(leader.get(link)).partition('id="pane"')[2]
    assert f'data-code="{two.code}"' in beside and "Sai quy hoạch." in beside
    assert "Giấy tờ đã nhận (2)" in beside


def test_what_waits_no_more_is_never_another_dossier(work: Work, as_user: Any) -> None:
    one, two = work.do(to_sign), work.do(to_sign)
    leader = as_user("lanhdao")
    work.act(two, "approve", "lanhdao")
    for code in (two.code, "H56.99-000000-0000", "<b>" + "x" * 90):
        answer = leader.get("/phe-duyet", query_string={"mo": code})
        pane = answer.get_data(as_text=True).partition('id="pane"')[2]
        assert answer.status_code == 200 and "không còn chờ bạn ký" in pane
        assert one.code not in pane and "/viec/" not in pane and "<b>" not in pane
        assert 'href="/phe-duyet"' in pane
    work.act(one, "approve", "lanhdao")
    html = text(leader.get(f"/phe-duyet?mo={one.code}"))
    assert "không còn chờ bạn ký" in html and "Không có hồ sơ nào chờ bạn ký" in html


def test_a_row_counts_down_what_the_list_is_sorted_by(work: Work, as_user: Any) -> None:
    """By the step's limit; the day promised to the applicant stands beside it."""
    made = [work.do(to_sign) for _ in range(3)]

    def turn_round(office: Office) -> None:
        for number, dossier in enumerate(made):
            with writing():
                step = next(s for s in office.steps(dossier) if s.state == StepState.ACTIVE)
                step.due_at = TODAY + timedelta(days=(8, 1, 5)[number])
                db.session.flush()  # reading afresh drops what is not written yet
                office.fresh(dossier.id).due_at = TODAY + timedelta(days=20 - number)

    work.do(turn_round)
    rows = text(as_user("lanhdao").get("/phe-duyet")).partition("data-round")[2]
    rows = rows.partition("</ul>")[0]
    order = re.findall(r'name="ma" value="([^"]+)"', rows)
    assert order == [made[n].code for n in (1, 2, 0)]
    left = [int(n) for n in re.findall(r"bước ký còn (\d+) ngày", rows)]
    assert len(left) == 3 and left == sorted(left)
    assert re.findall(r"hẹn trả ([\d/]+)", rows) == ["14/12/2026", "13/12/2026", "15/12/2026"]


def test_signing_one_goes_on_to_the_next_sending_back_asks_for_a_reason(
    work: Work, as_user: Any
) -> None:
    one, two = work.do(to_sign), work.do(to_sign)
    leader = as_user("lanhdao")
    html = text(leader.get("/phe-duyet"))
    answer = leader.post(f"/ho-so/{one.code}/viec/approve", data=form_of(html, "approve"))
    assert answer.location == f"/phe-duyet?mo={two.code}"
    form = form_of(text(leader.get(answer.location)), "send_back")
    refused = leader.post(f"/ho-so/{two.code}/viec/send_back", data=form)
    assert refused.status_code == 422
    done = leader.post(f"/ho-so/{two.code}/viec/send_back", data=form | {"reason": "Thiếu ảnh."})
    assert done.status_code == 303 and done.location.startswith("/phe-duyet")
    assert work.now(two).status == Status.APPRAISING


@pytest.mark.parametrize("data", [
    {}, {"ma": ["H56.99-000000-0000"]}, {"ma": ["x"], "phien.x": "zz.1"},
])  # fmt: skip
def test_nothing_chosen_is_said(as_user: Any, data: dict[str, Any]) -> None:
    answer = as_user("lanhdao").post("/phe-duyet/duyet", data=data)
    assert answer.status_code == 422 and "Chưa chọn hồ sơ nào" in text(answer)


def test_a_summary_is_the_own_one(work: Work, as_user: Any) -> None:
    work.do(to_sign)
    leader = as_user("lanhdao")
    summary = leader.post("/phe-duyet/duyet", data=ticked(text(leader.get("/phe-duyet")))).location
    assert as_user("truongphong").get(summary).status_code == 404
    assert as_user("truongphong").post(summary, data={"chon": "1"}).status_code == 404
    assert as_user("chuyenvien").get(summary).status_code == 403


def test_the_round_costs_the_same_with_10_and_with_1000_rows(
    app: Flask, work: Work, as_user: Any
) -> None:
    dossier = work.do(to_sign)
    leader, costs = as_user("lanhdao"), []
    for since, count in ((0, 10), (10, 990)):
        work.do(lambda office, n=count, since=since: copies(office, dossier, n, since))
        leader.get("/phe-duyet")
        with Statements(app) as statements:
            assert leader.get("/phe-duyet").status_code == 200
        assert len(statements) <= 8, statements.seen
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert work.do(lambda _: db.session.scalar(select(func.count()).select_from(Step))) > 1000
