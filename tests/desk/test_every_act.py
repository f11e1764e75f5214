"""Every row of the table from the page of a dossier: whole lives, typed into the forms shown."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.core.completeness import FeeGiven
from app.core.states import Status
from app.core.workflow import TRANSITIONS, Hand
from app.extensions import db, writing
from app.intake import online
from app.journey import find
from app.journey.door import INTAKE_ACTIONS
from app.models import Consultation, Dossier, FeeLine, Staff
from tests.desk import test_dossier_page as simple
from tests.desk.hands import Work, form_of, text
from tests.make import Office, make_request

S = Status
REASON = {"reason": "Có lý do."}
DEFECT = {
    "items.1.code": "invalid",
    "items.1.defect": "Thiếu chữ ký",
    "items.1.todo": "Ký và nộp lại",
} | REASON
REFUSED = {"reason_code": "not_eligible", "legal_basis": "Điều 5"} | REASON
ASKED = (
    ("propose_supplement", "chuyenvien", DEFECT, S.SUPPLEMENT_PROPOSED),
    ("approve_notice", "truongphong", {}, S.SUPPLEMENT_PROPOSED),
    ("request_supplement", "tiepnhan", {}, S.SUPPLEMENT_REQUESTED),
)
BACK = {"originals_returned": "1"}
ERROR = {"error": "Sai năm sinh.", "reported_by": "Nguyễn Thị Mẫu"}
Act = tuple[str, str, dict[str, Any], Status]


def _walked(until: Status, **changes: Any) -> Callable[[Office], Dossier]:
    return lambda office: office.walk(office.receive(make_request(**changes)), until)


def _sample(
    code: str, until: Status, counter: str = "mot-cua-huyen"
) -> Callable[[Office], Dossier]:
    return lambda office: office.walk(office.receive_sample(code, counter), until)


def _requested(office: Office) -> Dossier:
    """A supplement was asked for, and the time to wait for it is over."""
    dossier = _walked(S.APPRAISING)(office)
    item = {"component": 1, "defect": "Thiếu chữ ký"}
    office.act(dossier, "propose_supplement", "chuyenvien", items=[item], reason="Thiếu.")
    office.act(dossier, "approve_notice", "truongphong")
    office.act(dossier, "request_supplement", "tiepnhan")
    with writing() as session:
        held = session.get(Dossier, dossier.id)
        assert held is not None
        held.close_from = date(2026, 11, 20)
    return office.fresh(dossier.id)


def _consulted(office: Office) -> Dossier:
    """An opinion was asked for, and the unit has answered."""
    dossier = _walked(S.APPRAISING)(office)
    office.act(dossier, "consult", "chuyenvien", units=["phong-tu-phap"], content="Ý kiến?",
               answer_by="2026-11-27")  # fmt: skip
    office.act(dossier, "consult_reply", "phong-tu-phap.cv", reply="Đồng ý.")
    return office.fresh(dossier.id)


def _online(office: Office) -> Dossier:
    with writing() as session:
        made = online.submit(
            session, office.rules, office.person("tiepnhan"), office.now, make_request(), {}
        )
        key = made.id
    return office.fresh(key)


# name → how it begins, and the acts with who does them, what is typed and the state after
LIVES: dict[str, tuple[Callable[[Office], Dossier], tuple[Act, ...]]] = {
    "supplement": (_walked(S.APPRAISING), (
        ASKED[0], ("reject_proposal", "truongphong", REASON, S.APPRAISING), *ASKED,
        ("supplement_received", "tiepnhan", {"papers": "Đơn đã ký"}, S.APPRAISING),
    )),
    "no supplement, refused": (_walked(S.APPRAISING), (
        *ASKED, ("refuse_after_supplement", "chuyenvien", REFUSED, S.SUBMITTED_FOR_APPROVAL),
        ("recall", "chuyenvien", REASON, S.APPRAISING),
    )),
    "no supplement, closed": (_requested, (
        ("close_no_supplement", "tiepnhan", BACK, S.CLOSED_NO_SUPPLEMENT),
    )),
    "payment": (_sample("1.000798", S.APPRAISING), (
        ("require_payment", "tiepnhan", {"amount": "1.500.000"}, S.PAYMENT_REQUIRED),
        ("payment_done", "tiepnhan", {"receipt_number": "77"}, S.APPRAISING),
        ("pause_excluded", "officer", {"pause_kind": "financial_obligation"} | REASON, S.PAUSED),
        ("resume_excluded", "officer", {}, S.APPRAISING),
    )),
    "apology": (_walked(S.APPRAISING), (
        ("propose_extension", "truongphong",
         {"late_code": "volume", "new_date": "10/12/2026"} | REASON, S.APPRAISING),
        ("extend_once", "chanhvp", {}, S.APPRAISING),
    )),
    "verification": (_walked(S.APPRAISING), (
        ("start_verification", "chuyenvien",
         {"held_at": "26/11/2026", "place_name": "Thôn 1", "participants": "Ông A",
          "content": "Đo đạc"}, S.VERIFYING),
        ("finish_verification", "chuyenvien", {"minutes": "01/BB", "verified": "Đúng."},
         S.APPRAISING),
    )),
    "consultation": (_walked(S.APPRAISING), (
        ("consult", "chuyenvien",
         {"units": ["phong-tu-phap"], "content": "Cho ý kiến.", "answer_by": "27/11/2026"},
         S.CONSULTING),
    )),
    "answered": (_consulted, (
        ("consult_close", "chuyenvien", {}, S.APPRAISING),
    )),
    "withdrawal": (_walked(S.APPRAISING), (
        ("request_withdraw", "tiepnhan", REASON, S.WITHDRAW_REQUESTED),
        ("reject_withdraw", "chanhvp", REASON, S.APPRAISING),
        ("request_withdraw", "tiepnhan", REASON, S.WITHDRAW_REQUESTED),
        ("confirm_withdraw", "chanhvp", BACK, S.WITHDRAWN),
    )),
    "halted": (_walked(S.APPRAISING), (
        ("halt", "lanhdao", BACK | REASON | {"legal_basis": "Quyết định 5/QĐ-TA"}, S.HALTED),
    )),
    "wrong way": (_walked(S.IN_TRANSFER), (
        ("return_transfer", "vanthu", REASON, S.ACCEPTED),
    )),
    "by post": (_walked(S.AT_ONE_STOP, result_channel="post"), (
        ("hand_to_post", "traketqua", BACK | {"waybill": "VN1"}, S.HANDED_TO_POST),
        ("post_failed", "traketqua", REASON, S.AT_ONE_STOP),
        ("hand_to_post", "traketqua", {"waybill": "VN2"}, S.HANDED_TO_POST),
        ("post_delivered", "traketqua", {"delivered_on": "26/11/2026"}, S.RETURNED),
    )),
    "online result": (_walked(S.AT_ONE_STOP, result_channel="online"), (
        ("notify_ready", "traketqua", {"told_by": "phone"}, S.AT_ONE_STOP),
        ("return_online", "traketqua", BACK | {"result_code": "KQ-1"}, S.RETURNED),
    )),
    "faulty result": (_walked(S.AT_ONE_STOP), (
        ("return_to_agency", "traketqua", REASON, S.APPROVED),
    )),
    "partner": (_sample("1.001622", S.AWAITING_PARTNER), (
        ("send_to_partner", "phong-gddt.cv", {"papers": "Đơn"}, S.AWAITING_PARTNER),
        ("partner_reply", "partner", {"reply": "Đồng ý."}, S.APPRAISING),
    )),
    "fee": (_walked(S.ACCEPTED, fees=(FeeGiven(1, 1, 75_000, "", "later"),)), (
        ("collect_fee", "tiepnhan", {"amount": "25.000", "receipt_number": "1"}, S.ACCEPTED),
        ("collect_fee", "tiepnhan", {"receipt_number": "2"}, S.ACCEPTED),
    )),
    "fee of a resolution": (_walked(S.ACCEPTED, fees=(FeeGiven(1, 1, None, "", "later"),)), (
        ("enter_fee", "tiepnhan", {"fee_line": "1", "fee_amount": "75.000"}, S.ACCEPTED),
        ("collect_fee", "tiepnhan", {"receipt_number": "2"}, S.ACCEPTED),
    )),
    "before acceptance": (_online, (
        ("guide", "tiepnhan", {"guidance": "Nộp đủ bản chính."}, S.SUBMITTED),
        ("ask_intake_supplement", "tiepnhan", DEFECT, S.INTAKE_SUPPLEMENT),
        ("resubmit", "tiepnhan", {}, S.SUBMITTED),
        ("request_withdraw", "tiepnhan", REASON, S.INTAKE_CANCELLED),
    )),
    "taken up": (_sample("2.002408", S.APPRAISING, "tiep-cong-dan"), (
        ("thu_ly", "officer", {"number": "7", "symbol": "TB-TL"}, S.APPRAISING),
    )),
    "correction": (_walked(S.RETURNED), (
        ("report_error", "tiepnhan", ERROR, S.RETURNED),
        ("reject_correction", "chanhvp", REASON, S.RETURNED),
        ("report_error", "tiepnhan", ERROR, S.RETURNED),
        ("correct_result", "vanthu",
         {"corrected": "Sửa năm sinh.", "number": "99", "symbol": "GPXD"}, S.RETURNED),
        ("return_corrected", "traketqua",
         {"old_returned": "1", "receiver": "Nguyễn Thị Mẫu", "receiver_id": "038190000123"},
         S.RETURNED),
    )),
    "lost": (_walked(S.AT_ONE_STOP), (
        ("report_lost", "traketqua",
         {"lost_kind": "result", "lost_what": "Giấy phép", "blamed_unit": "Bộ phận Một cửa",
          "cost": "50.000"}, S.AT_ONE_STOP),
        ("reissue", "traketqua", REASON, S.APPROVED),
    )),
    "money back": (_walked(S.ACCEPTED, fees=(FeeGiven(1, 1, 75_000, "", "now"),)), (
        ("refund", "tiepnhan", {"refund_amount": "25.000", "receipt_number": "1"} | REASON,
         S.ACCEPTED),
    )),
    "counter's error": (_walked(S.APPRAISING), (
        ("counter_error", "chuyenvien", REASON, S.APPRAISING),
    )),
    "another level": (lambda office: office.receive_sample("1.003003", "mot-cua-huyen"), (
        ("send_to_other_one_stop", "tiepnhan",
         {"to_one_stop": "Bộ phận Một cửa cấp tỉnh"}, S.IN_TRANSFER),
    )),
    "extension": (_sample("1.000798", S.APPRAISING), (
        ("extend_limit", "lanhdao", {"extension": "1"} | REASON, S.APPRAISING),
    )),
}  # fmt: skip


def _url(dossier: Dossier) -> str:
    return f"/ho-so/{dossier.code or dossier.temporary_id}"


def _who(work: Work, dossier: Dossier, who: str) -> str:
    """The log-in: as it is, or of who holds an open step, or of the agency's head."""

    def found(office: Office) -> str:
        steps = [s for s in office.steps(dossier) if s.state == "active"]
        if who == "officer":
            key = next(s.assignee_id for s in steps if s.assignee_id)
            return db.session.scalars(select(Staff.username).where(Staff.id == key)).one()
        if who == "partner":
            step = next(s for s in steps if s.step_role == "phối hợp")
            return office.cast.holder(step.holder_role, step.unit_id).username
        return who

    return work.do(found)


def test_every_action_is_tried() -> None:
    pages = {row.action for row in TRANSITIONS if row.hand != Hand.SYSTEM} - INTAKE_ACTIONS
    lived = {act[0] for _, acts in LIVES.values() for act in acts}
    # consult_reply has a page of its own (/y-kien); no published procedure is immediate.
    apart = {"consult_reply", "immediate_settle"}
    assert pages == set(simple.ROUND_TRIPS) | simple.ELSEWHERE | lived | apart


@pytest.mark.parametrize("name", LIVES)
def test_a_life_from_its_forms(work: Work, as_user: Any, name: str) -> None:
    begin, acts = LIVES[name]
    dossier = work.do(begin)
    for action, who, typed, after in acts:
        browser = as_user(_who(work, dossier, who))
        page = text(browser.get(_url(dossier)))
        answer = browser.post(f"{_url(dossier)}/viec/{action}", data=form_of(page, action) | typed)
        assert answer.status_code == 303, (action, text(answer))
        assert work.now(dossier).status == after, action
        again = text(browser.get(_url(dossier)))
        assert "Đã xong" in again, action


# --- the new kinds of field ------------------------------------------------------------------


def _send(work: Work, as_user: Any, dossier: Dossier, action: str, who: str, **typed: Any) -> Any:
    browser = as_user(who)
    page = text(browser.get(_url(dossier)))
    return browser.post(f"{_url(dossier)}/viec/{action}", data=form_of(page, action) | typed)


def test_papers_asked_for_come_back_and_are_told(work: Work, as_user: Any) -> None:
    dossier = work.dossier(S.APPRAISING)
    free = {"items.0.name": "Bản đồ", "items.0.defect": "Cần thêm"}
    answer = _send(work, as_user, dossier, "propose_supplement", "chuyenvien", **DEFECT | free)
    assert answer.status_code == 422 and "Hãy chọn nhóm lý do" in text(answer)
    free |= {"items.0.code": "missing"}
    answer = _send(work, as_user, dossier, "propose_supplement", "chuyenvien", **DEFECT | free)
    page = text(answer)
    assert answer.status_code == 422 and "ghi căn cứ pháp lý" in page
    assert '<a href="#propose_supplement-items">' in page
    kept = form_of(page, "propose_supplement")
    assert {k: kept[k] for k in DEFECT | free} == DEFECT | free
    assert kept["items.2.defect"] == ""
    typed = kept | {"items.0.basis": "Điều 9 Luật Mẫu"}
    answer = _send(work, as_user, dossier, "propose_supplement", "chuyenvien", **typed)
    assert answer.status_code == 303
    page = text(as_user("truongphong").get(_url(dossier)))
    assert "Thiếu chữ ký; cần: Ký và nộp lại" in page and "Bản đồ: Cần thêm" in page
    assert "/viec/approve_notice" in page and "/viec/request_supplement" not in page


def test_a_paper_without_a_defect_is_refused(work: Work, as_user: Any) -> None:
    dossier = work.dossier(S.APPRAISING)
    for typed in ({}, {"items.2.todo": "Nộp lại"}):
        answer = _send(work, as_user, dossier, "propose_supplement", "chuyenvien", **REASON | typed)
        page = text(answer)
        assert answer.status_code == 422 and 'id="propose_supplement-items-error"' in page
        assert typed.items() <= form_of(page, "propose_supplement").items()


def test_units_are_ticked_and_stay_ticked(work: Work, as_user: Any) -> None:
    dossier = work.dossier(S.APPRAISING)
    units = ["phong-tu-phap", "phong-noi-vu"]
    typed = {"units": units, "content": "Cho ý kiến.", "answer_by": "32/13/2026"}
    answer = _send(work, as_user, dossier, "consult", "chuyenvien", **typed)
    page = text(answer)
    assert answer.status_code == 422
    for unit in units:
        assert f'name="units" value="{unit}" checked' in page
    assert page.count("checked> ") >= 2 and 'value="mot-cua-huyen"' not in page
    typed["answer_by"] = "27/11/2026"
    assert _send(work, as_user, dossier, "consult", "chuyenvien", **typed).status_code == 303

    def asked(office: Office) -> set[str]:
        return set(db.session.scalars(select(Consultation.unit_id)))

    assert work.do(asked) == set(units)
    none = _send(work, as_user, dossier, "consult", "chuyenvien", content="x")
    assert none.status_code == 422 and 'id="consult-units-error"' in text(none)


def test_only_who_gives_opinions_is_offered_under_headings(work: Work, as_user: Any) -> None:
    """No officer of a commune, no council, no counter; the dossier's own tier comes first."""
    dossier = work.dossier(S.APPRAISING)
    page = text(as_user("chuyenvien").get(f"/ho-so/{dossier.code}"))
    box = page.partition('id="consult-units"')[2].partition("</fieldset>")[0]
    assert re.findall(r'class="group"[^>]*>([^<]+)<', box) == ["Cấp huyện", "Cấp tỉnh", "Cấp xã"]
    offered = re.findall(r'name="units" value="([^"]+)"', box)

    def kinds(office: Office) -> dict[str, int]:
        return Counter(office.rules.unit(unit).kind for unit in offered)

    found = work.do(kinds)
    assert set(found) == {"people_committee", "office", "department", "vertical"}
    assert len(offered) == len(set(offered)) < 100 and found["department"] > 10
    huyen = box.partition("Cấp huyện")[2].partition("Cấp tỉnh")[0]
    assert "phong-tu-phap" in huyen and "@" not in huyen


def test_money_in_parts(work: Work, as_user: Any) -> None:
    dossier = work.do(LIVES["fee"][0])
    browser = as_user("tiepnhan")
    offered = form_of(text(browser.get(_url(dossier))), "collect_fee")
    assert offered["amount"] == "75.000"
    for wrong in ("80.000", "0", "bảy lăm"):
        typed = {"amount": wrong, "receipt_number": "1"}
        answer = _send(work, as_user, dossier, "collect_fee", "tiepnhan", **typed)
        page = text(answer)
        assert answer.status_code == 422 and 'id="collect_fee-amount-error"' in page
        assert form_of(page, "collect_fee")["amount"] == wrong
    typed = {"amount": "25.000", "receipt_number": "1"}
    assert _send(work, as_user, dossier, "collect_fee", "tiepnhan", **typed).status_code == 303
    assert work.now(dossier).fee_due == 50_000

    def unpaid(office: Office) -> int:
        return len(db.session.scalars(select(FeeLine).where(FeeLine.paid_at.is_(None))).all())

    assert work.do(unpaid) == 1
    rest = _send(work, as_user, dossier, "collect_fee", "tiepnhan", receipt_number="2")
    assert rest.status_code == 303 and work.now(dossier).fee_due == 0
    assert work.do(unpaid) == 0
    page = text(browser.get(_url(dossier)))
    assert "Thu 25.000" in page and "/viec/collect_fee" not in page


def test_only_the_pauses_and_extensions_of_the_procedure(work: Work, as_user: Any) -> None:
    dossier = work.do(LIVES["payment"][0])
    page = text(as_user(_who(work, dossier, "officer")).get(_url(dossier)))
    offered = page[page.index('id="pause_excluded-pause_kind"') :].partition("</select>")[0]
    values = re.findall(r'<option value="(\w*)"', offered)
    assert values == ["", "financial_obligation", "other_agency"]
    plain = text(as_user("chuyenvien").get(_url(work.dossier(S.APPRAISING))))
    assert "/viec/pause_excluded" not in plain and "/viec/thu_ly" not in plain


def test_what_cannot_be_is_not_offered(work: Work, as_user: Any) -> None:
    plain = work.dossier(S.AT_ONE_STOP)
    page = text(as_user("traketqua").get(_url(plain)))
    for action in ("hand_to_post", "return_online", "collect_fee"):
        assert f"/viec/{action}" not in page
    dossier = work.dossier(S.APPRAISING)
    for who in ("lanhdao", "truongphong", "tiepnhan", "chanhvp"):
        page = text(as_user(who).get(_url(dossier)))
        for action in ("extend_limit", "extend_once", "require_payment", "approve_notice"):
            assert f"/viec/{action}" not in page, (who, action)


def test_the_notice_of_the_settlement_prints_what_was_typed(work: Work, as_user: Any) -> None:
    dossier = work.do(_requested)
    pdf = as_user("tiepnhan").get(_url(dossier) + "/giay/supplement_request.pdf")
    pages = PdfReader(io.BytesIO(pdf.data)).pages
    assert "Thiếu chữ ký" in " ".join(" ".join(p.extract_text().split()) for p in pages)
    assert work.do(lambda o: len(find.events_of(db.session, o.fresh(dossier.id)))) > 5


def test_the_extensions_are_those_of_the_procedure(work: Work, as_user: Any) -> None:
    dossier = work.do(LIVES["extension"][0])
    page = text(as_user("lanhdao").get(_url(dossier)))
    offered = page[page.index('id="extend_limit-extension"') :].partition("</select>")[0]
    assert "xã miền núi" in offered and "thêm 15 ngày làm việc" in offered
    before = dossier.due_day
    blank = _send(work, as_user, dossier, "extend_limit", "lanhdao", **REASON)
    assert blank.status_code == 422 and form_of(text(blank), "extend_limit")["reason"]
    typed = {"extension": "1"} | REASON
    assert _send(work, as_user, dossier, "extend_limit", "lanhdao", **typed).status_code == 303
    after = work.now(dossier).due_day
    assert before is not None and after is not None and after > before


def test_who_was_asked_sees_the_request_and_nobody_else(work: Work, as_user: Any) -> None:
    dossier = work.dossier(S.APPRAISING)
    browser, other = as_user("phong-tu-phap.cv"), as_user("phong-gddt.cv")
    assert browser.get(_url(dossier)).status_code == 404
    work.act(dossier, "consult", "chuyenvien", units=["phong-tu-phap"], content="Cho ý kiến.",
             answer_by="2026-11-27")  # fmt: skip
    assert browser.get(_url(dossier)).status_code == 404
    page = text(browser.get(f"/y-kien/{dossier.code}"))
    assert "Phòng Tư pháp" in page and 'name="reply"' in page
    assert other.get(f"/y-kien/{dossier.code}").status_code == 404
    assert other.get(_url(dossier)).status_code == 404


def test_a_result_is_not_given_before_every_fee_has_its_amount(work: Work, as_user: Any) -> None:
    def ready(office: Office) -> Dossier:
        made = make_request(fees=(FeeGiven(1, 1, None, "", "later"),))
        return office.walk(office.receive(made), S.AT_ONE_STOP)

    dossier = work.do(ready)
    assert (work.now(dossier).fees_unknown, work.now(dossier).fee_due) == (1, 0)
    browser = as_user("traketqua")
    address = f"/tra-ket-qua/{dossier.code}"
    page = text(browser.get(address))
    assert "chưa ghi" in page and "Không thu" not in page and "/viec/enter_fee" in page
    hand = {"receiver": dossier.applicant_name, "receiver_id": dossier.personal_id,
            "receiver_relation": "self", "originals_returned": "1", "fee_paid": "1",
            "version": str(work.now(dossier).version)}  # fmt: skip
    early = browser.post(address, data=hand)
    assert early.status_code == 422 and "Còn 1 khoản phí, lệ phí chưa ghi số tiền" in text(early)
    for wrong in ({"fee_line": "9", "fee_amount": "1"}, {"fee_line": "1", "fee_amount": "-1"}):
        answer = _send(work, as_user, dossier, "enter_fee", "traketqua", **wrong)
        assert answer.status_code == 422
    told = {"fee_line": "1", "fee_amount": "75.000", "next": address}
    done = _send(work, as_user, dossier, "enter_fee", "traketqua", **told)
    assert done.status_code == 303 and done.location == address
    now = work.now(dossier)
    assert (now.fees_unknown, now.fee_due, now.fee_total) == (0, 75_000, 75_000)
    page = text(browser.get(address))
    assert "Đã thu 75.000 đ" in page and "/viec/enter_fee" not in page
    hand["version"] = str(now.version)
    assert browser.post(address, data=hand).status_code == 303
    assert work.now(dossier).status == S.RETURNED
    history = text(browser.get(_url(dossier)))
    assert "75.000 đ" in history
