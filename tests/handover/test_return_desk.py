"""The return desk: find by scan, name, telephone; who came; fee, originals; what nobody fetched."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.core.completeness import FeeGiven
from app.core.states import Status
from app.extensions import writing
from app.intake.request import PaperGiven
from app.models import Dossier
from bench.register import copies
from tests.desk.hands import Work, text
from tests.make import PERSON, Office, Statements, make_request

URL = "/tra-ket-qua"
CARD = "038190000123||Nguyễn Thị Mẫu|05021990|Nữ|Thôn 1, Nga Yên, Nga Sơn|15042021"
OTHER = "038090000456||Trần Văn Khác|05021990|Nam|Thôn 2, Nga Yên, Nga Sơn|15042021"
DUE = FeeGiven(1, amount=15_000, timing="later")


@pytest.fixture
def work(app: Flask) -> Work:
    return Work(app)


@pytest.fixture
def desk(as_user: Any) -> FlaskClient:
    return as_user("traketqua")


def ready(work: Work, **changes: Any) -> Any:
    """A result that waits at the counter: one original held, 15.000 đ due."""

    def make(office: Office) -> Any:
        made = office.receive(make_request(fees=(DUE,), **changes))
        return office.walk(made, Status.AT_ONE_STOP)

    return work.do(make)


def seek(desk: FlaskClient, typed: str) -> Any:
    return desk.post(URL, data={"tim": typed})


def value(html: str, name: str) -> str:
    found = re.search(rf'<input[^>]*\bname="{name}"[^>]*\bvalue="([^"]*)"', html)
    assert found is not None, name
    return found[1]


def relation(html: str) -> str:
    found = re.search(r'name="receiver_relation" value="(\w+)"[^>]* checked', html)
    assert found is not None
    return found[1]


def focused(html: str) -> list[str]:
    return re.findall(
        r'<(?:input|button|div|li)[^>]*?(?:id|class)="([^"]+)"[^>]*\bdata-focus', html
    )


def filled(work: Work, dossier: Any, **changes: str) -> dict[str, str]:
    given = {
        "version": str(work.now(dossier).version), "receiver": PERSON["name"],
        "receiver_id": PERSON["personal_id"], "receiver_relation": "self",
        "fee_paid": "1", "originals_returned": "1", "told_before": "1",
    }  # fmt: skip
    return {k: v for k, v in (given | changes).items() if v}


def test_every_way_to_find_opens_the_one_result(work: Work, desk: FlaskClient) -> None:
    made = ready(work)
    digits = made.code[-11:].replace("-", "")
    for typed in (made.code, digits, f"HTTPS://X/T/{made.lookup_code}", "mau", "Nguyễn Mẫu",
                  "0912345678", "345678", "038190000123"):  # fmt: skip
        answer = seek(desk, typed)
        assert (answer.status_code, answer.location) == (303, f"{URL}/{made.code}"), typed
    html = text(desk.get(f"{URL}/{made.code}"))
    assert value(html, "receiver") == "Nguyễn Thị Mẫu" and value(html, "receiver_id") == ""
    assert "Đã thu 15.000 đ" in html and "Đã trả lại 01 bản chính" in html
    assert focused(html) == ["return_direct-receiver_id"]


def test_a_scanned_card_finds_and_identifies(work: Work, desk: FlaskClient) -> None:
    ready(work)
    html = text(seek(desk, CARD))
    assert value(html, "receiver_id") == "038190000123" and relation(html) == "self"
    assert "Số thẻ và họ tên khớp với người đứng tên hồ sơ." in html
    renamed = text(seek(desk, CARD.replace("Mẫu", "Mậu Thân")))
    assert "Số thẻ khớp nhưng họ tên khác: hồ sơ ghi Nguyễn Thị Mẫu" in renamed
    garbled = text(seek(desk, CARD.replace("Nguyễn", "Nguy?n")))
    assert value(garbled, "receiver") == "Nguyễn Thị Mẫu" and "đọc lỗi" in garbled
    nobody = text(seek(desk, OTHER))
    assert "Không thấy hồ sơ nào khớp “038090000456”" in nobody and "Trần Văn Khác" not in nobody


@pytest.mark.parametrize("known", [
    {"personal_id": "171234567"}, {"personal_id": "038190000555", "applicant_old_id": "171234567"},
])  # fmt: skip
def test_a_card_finds_what_was_received_under_its_old_number(
    work: Work, desk: FlaskClient, known: dict[str, str]
) -> None:
    made = ready(work)

    def before(_: Any) -> None:
        with writing() as session:
            session.execute(update(Dossier).where(Dossier.id == made.id).values(**known))

    work.do(before)
    html = text(seek(desk, CARD.replace("||", "|171234567|")))
    assert value(html, "receiver_id") == "038190000123" and relation(html) == "self"
    assert "Số CMND cũ của thẻ khớp hồ sơ" in html
    assert re.search(r'id="checked-box"(?! hidden)', html)
    assert "171234567" not in html.partition("<aside")[2], "masked as the card's number"
    assert seek(desk, "171234567").location == f"{URL}/{made.code}"
    data = filled(work, made, receiver_id="038190000123")
    assert desk.post(f"{URL}/{made.code}", data=data).status_code == 422
    done = desk.post(f"{URL}/{made.code}", data=data | {"checked": "1"})
    assert done.status_code == 303


def test_several_results_are_listed_and_others_say_their_state(
    work: Work, desk: FlaskClient
) -> None:
    codes = [ready(work).code, ready(work).code]
    answer = seek(desk, "mau")
    html = text(answer)
    assert answer.status_code == 200 and "Kết quả tìm “mau”" in html
    assert all(f'href="{URL}/{code}"' in html for code in codes)
    running = work.dossier(code="1.005092")
    assert seek(desk, running.code).location == f"/ho-so/{running.code}"
    none = seek(desk, "<b>zzz")
    assert "Không thấy hồ sơ nào khớp “<b>zzz”" in text(none)
    assert "<b>zzz" not in none.get_data(as_text=True)
    short = seek(desk, "z")
    assert short.status_code == 422 and "ít nhất 2 chữ" in text(short)


def test_handing_over_notes_everything(work: Work, desk: FlaskClient) -> None:
    made = ready(work)
    answer = desk.post(f"{URL}/{made.code}", data=filled(work, made))
    assert (answer.status_code, answer.location) == (303, f"{URL}/xong/{made.code}?moi=1")
    now = work.now(made)
    assert (now.status, now.fee_due, now.originals_held) == (Status.RETURNED, 0, 0)
    done = text(desk.get(answer.location))
    assert f"Đã xong “Trả kết quả”, hồ sơ {made.code}." in done
    assert f'src="/ho-so/{made.code}/giay/originals_slip.pdf' in done
    assert desk.get(f"/ho-so/{made.code}/giay/originals_slip.pdf").mimetype == "application/pdf"
    again = desk.get(f"{URL}/{made.code}")
    assert again.location == f"/ho-so/{made.code}"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"receiver_id": "038090000456"}, "receiver_id", "Khác số trên hồ sơ (038*****0123)"),
        ({"receiver": "Trần Văn Khác"}, "receiver", "Khác tên trên hồ sơ (Nguyễn Thị Mẫu)"),
        ({"receiver_relation": "authorised"}, "authorisation", "hãy ghi giấy ủy quyền"),
        ({"receiver_id": ""}, "receiver_id", ""),
        ({"fee_paid": ""}, "fee_paid", "chưa thu"),
        ({"originals_returned": ""}, "originals_returned", "trả lại rồi đánh dấu"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    work: Work, desk: FlaskClient, changes: dict[str, str], field: str, words: str
) -> None:
    made = ready(work)
    answer = desk.post(f"{URL}/{made.code}", data=filled(work, made, **changes))
    html = text(answer)
    assert answer.status_code in (409, 422) and work.now(made).status == Status.AT_ONE_STOP
    box = html.partition('class="errors"')[2].partition("</ul>")[0]
    assert f'href="#return_direct-{field}"' in box and words in box
    assert value(html, "receiver") == changes.get("receiver", PERSON["name"])
    assert re.search(r'id="return_direct-\w+"[^>]*aria-invalid="true"', html)


def test_a_new_card_of_the_same_person_is_checked_by_eye(work: Work, desk: FlaskClient) -> None:
    made = ready(work)
    data = filled(work, made, receiver_id="038090000456", checked="1")
    assert desk.post(f"{URL}/{made.code}", data=data).status_code == 303
    assert work.now(made).status == Status.RETURNED


def test_nothing_to_give_back_leads_to_the_next_person(work: Work, desk: FlaskClient) -> None:
    papers = (PaperGiven(1), PaperGiven(2))
    made = ready(work, papers=papers)
    answer = desk.post(f"{URL}/{made.code}", data=filled(work, made, originals_returned=""))
    assert answer.location == URL
    assert desk.get(f"{URL}/xong/{made.code}").status_code == 404


def test_somebody_else_needs_an_authorisation(work: Work, desk: FlaskClient) -> None:
    made = ready(work)
    data = filled(work, made, receiver="Trần Văn Khác", receiver_id="038090000456",
                  receiver_relation="authorised", authorisation="Số 12, 20/11/2026")  # fmt: skip
    assert desk.post(f"{URL}/{made.code}", data=data).status_code == 303


def test_a_hand_over_that_came_second_keeps_what_was_typed(work: Work, desk: FlaskClient) -> None:
    made = ready(work)
    data = filled(work, made)
    work.act(made, "notify_ready", "tiepnhan", told_by="phone")
    late = desk.post(f"{URL}/{made.code}", data=data)
    html = text(late)
    assert late.status_code == 409 and value(html, "receiver_id") == PERSON["personal_id"]
    assert desk.post(f"{URL}/{made.code}", data=data | {"version": value(html, "version")}).location
    gone = desk.post(f"{URL}/{made.code}", data=data)
    assert gone.status_code == 409
    assert "Những gì bạn đã nhập" in text(gone) and PERSON["personal_id"] in text(gone)


def test_an_organisation_sends_somebody(work: Work, desk: FlaskClient) -> None:
    firm = {"kind": "organisation", "name": "Công ty Mẫu", "personal_id": "2800123456"}
    made = ready(work, applicant=PERSON | firm | {"birth_date": "", "sex": ""})
    html = text(desk.get(f"{URL}/{made.code}"))
    assert value(html, "receiver") == "" and "Mã số thuế" in html
    data = filled(work, made, receiver="Trần Văn Khác", receiver_id="038090000456")
    assert desk.post(f"{URL}/{made.code}", data=data).status_code == 303


def test_who_may_not_hand_over_sees_why(work: Work, as_user: Any) -> None:
    made = ready(work)
    assert as_user("lanhdao").get(f"{URL}/{made.code}").status_code == 403
    assert as_user("tiepnhan.xa").get(f"{URL}/{made.code}").status_code == 404
    html = text(as_user("chanhvp").get(f"{URL}/{made.code}"))
    assert html.count("<h1") == 1


def test_results_that_nobody_fetched(work: Work, desk: FlaskClient, app: Flask) -> None:
    def old(office: Office) -> Any:
        at = office.now - timedelta(days=40)
        office.now = at
        return office.walk(office.receive(at=at), Status.AT_ONE_STOP)

    made, fresh = work.do(old), ready(work)
    html = text(desk.get(f"{URL}/chua-nhan"))
    assert made.code in html and fresh.code not in html
    assert 'href="tel:0912345678"' in html and "chưa báo lần nào" in html
    assert made.code not in text(desk.get(f"{URL}/chua-nhan?qua=90"))
    assert text(desk.get(f"{URL}/chua-nhan?qua=x")) == text(desk.get(f"{URL}/chua-nhan?qua=7"))
    told = {"version": str(made.version), "told_by": "phone", "next": f"{URL}/chua-nhan?qua=7"}
    answer = desk.post(f"/ho-so/{made.code}/viec/notify_ready", data=told)
    assert answer.location == f"{URL}/chua-nhan?qua=7"
    assert "đã báo 1 lần, lần cuối" in text(desk.get(f"{URL}/chua-nhan"))


def test_the_desk_costs_the_same_with_many_rows(work: Work, desk: FlaskClient, app: Flask) -> None:
    def many(_: Office) -> None:
        with writing() as session:
            copies(session, 1_000)

    made = [ready(work) for _ in range(10)][-1]
    costs = []
    for fill in (lambda _: None, many):
        work.do(fill)
        cost = []
        for ask in (
            lambda: desk.get(URL), lambda: desk.get(f"{URL}/chua-nhan?qua=0"),
            lambda: desk.get(f"{URL}/{made.code}"), lambda: seek(desk, "mau"),
        ):  # fmt: skip
            ask()
            with Statements(app) as statements:
                assert ask().status_code == 200
            cost.append(len(statements))
            assert len(statements) <= 12, statements.seen
        costs.append(cost)
    assert costs[0] == costs[1]
