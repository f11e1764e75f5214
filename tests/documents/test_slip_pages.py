"""Printing control slips: who may, what the log keeps of it, one and a pile."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from app.core.states import Status
from app.extensions import db
from app.journey import find
from app.journey.audit import verify
from app.printing import actions
from tests.desk.hands import text
from tests.documents import reading
from tests.make import Office, Statements

PAGE = "/phieu-kiem-soat"


def made(app: Flask, *states: Status) -> list[str]:
    """Codes of dossiers walked to these states, apart from any browser."""
    with app.app_context():
        office = Office(app)
        codes = [str(office.walk(office.receive(), state).code) for state in states]
        db.session.remove()
        return codes


def printed(app: Flask, code: str) -> list[dict[str, Any]]:
    """What the chain keeps of the slip's prints."""
    with app.app_context():
        dossier = find.dossier_of(db.session, Office(app).person("tiepnhan"), code)
        events = find.events_of(db.session, dossier)
        found = [json.loads(e.body) for e in events if e.action == "document_drawn"]
        assert verify(db.session, code).fault is None
        db.session.remove()
    return [body for body in found if body["facts"]["form"] == "control_slip"]


def follow(browser: Any, answer: Any) -> Any:
    assert answer.status_code == 303, text(answer)
    shown = browser.get(answer.headers["Location"])
    assert shown.mimetype == "application/pdf", text(shown)
    return shown


def test_one_slip_from_the_dossiers_page(app: Flask, as_user: Any) -> None:
    (code,) = made(app, Status.IN_TRANSFER)
    browser = as_user("tiepnhan")
    page = text(browser.get(f"/ho-so/{code}"))
    assert f'action="/ho-so/{code}{PAGE}"' in page and "In phiếu kiểm soát" in page
    words = reading.text(follow(browser, browser.post(f"/ho-so/{code}{PAGE}")).data)
    for piece in (
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", f"Mã hồ sơ: {code}",
        "1. Giao: Bộ phận Tiếp nhận và Trả kết quả huyện", "2. Nhận: Phòng Kinh tế và Hạ tầng",
        "Nguyễn Thị Hòa", "Ghi đến sự kiện số 2 của nhật ký hồ sơ, mã chuỗi",
    ):  # fmt: skip
        assert piece in words
    (body,) = printed(app, code)
    assert body["actor_name"] == "Nguyễn Thị Hòa" and body["document"] == "control_slip"
    assert (body["facts"]["until"], body["facts"]["reprint"]) == (2, 0)
    assert len(body["facts"]["sha256"]) == 64


def test_the_paper_names_the_head_of_the_chain(app: Flask, as_user: Any) -> None:
    (code,) = made(app, Status.IN_TRANSFER)
    browser = as_user("tiepnhan")
    words = reading.text(follow(browser, browser.post(f"/ho-so/{code}{PAGE}")).data)
    with app.app_context():
        dossier = find.dossier_of(db.session, Office(app).person("tiepnhan"), code)
        head = find.events_of(db.session, dossier)[1].hash
        db.session.remove()
    assert head[:16] in words.replace("\u00a0", " ").replace(" ", "")


def test_printed_again_it_says_so_and_an_old_version_stays(app: Flask, as_user: Any) -> None:
    (code,) = made(app, Status.IN_TRANSFER)
    browser = as_user("tiepnhan")
    first = browser.post(f"/ho-so/{code}{PAGE}").headers["Location"]
    original = browser.get(first).data
    again = browser.post(f"/ho-so/{code}{PAGE}").headers["Location"]
    assert (first, again) == (
        f"/ho-so/{code}{PAGE}.pdf?den=2",
        f"/ho-so/{code}{PAGE}.pdf?den=2&lan=1",
    )
    lines = reading.lines(browser.get(again).data)
    assert [x for x in lines if x != "In lại lần 1"] == reading.lines(original)
    with app.app_context():
        office = Office(app)
        dossier = find.dossier_of(db.session, office.person("tiepnhan"), code)
        office.act(dossier, "agency_receive", "vanthu", differences="thiếu 01 bản vẽ")
        db.session.remove()
    assert browser.get(first).data == original  # the stored version, letter for letter
    now = follow(browser, browser.post(f"/ho-so/{code}{PAGE}"))
    assert "Chênh lệch khi kiểm đếm: thiếu 01 bản vẽ." in reading.text(now.data)
    assert browser.get(f"/ho-so/{code}{PAGE}.pdf").data == now.data  # the last print
    assert [b["facts"]["reprint"] for b in printed(app, code)] == [0, 1, 0]


@pytest.mark.parametrize(
    "query", ["", "?den=2", "?den=1", "?den=99", "?den=2&lan=1", "?den=2&lan=-1"]
)
def test_only_what_was_noted_is_shown(app: Flask, as_user: Any, query: str) -> None:
    (code,) = made(app, Status.IN_TRANSFER)
    answer = as_user("tiepnhan").get(f"/ho-so/{code}{PAGE}.pdf{query}")
    assert answer.status_code == 404
    assert "Hãy dùng nút “In phiếu kiểm soát”" in text(answer)


@pytest.mark.parametrize(
    ("who", "status"),
    [("tiepnhan", 303), ("vanthu", 303), ("chuyenvien", 303), ("chanhvp", 303),
     ("tiepnhan.xa", 404), ("bhxh-huyen.cb", 404), ("quantri", 403)],
)  # fmt: skip
def test_who_may_print(app: Flask, as_user: Any, who: str, status: int) -> None:
    (code,) = made(app, Status.IN_TRANSFER)
    browser = as_user(who)
    assert browser.post(f"/ho-so/{code}{PAGE}").status_code == status
    assert browser.post(PAGE, data={"ma": code}).status_code == status
    assert len(printed(app, code)) == (2 if status == 303 else 0)
    as_user("tiepnhan").post(f"/ho-so/{code}{PAGE}")
    shown = {303: 200}.get(status, status)
    assert browser.get(f"/ho-so/{code}{PAGE}.pdf").status_code == shown
    assert browser.get(f"{PAGE}.pdf?ma={code}").status_code == shown


def test_nobody_signed_in_is_sent_to_the_log_in(client: Any) -> None:
    for answer in (client.get(PAGE), client.get(f"{PAGE}.pdf"), client.post(PAGE)):
        assert answer.status_code == 303 and "/dang-nhap" in answer.headers["Location"]


def test_a_pile_comes_as_one_file_in_the_order_given(app: Flask, as_user: Any) -> None:
    codes = made(app, Status.IN_TRANSFER, Status.ACCEPTED, Status.RETURNED)[::-1]
    browser = as_user("tiepnhan")
    answer = browser.post(PAGE, data={"ma": "\r\n".join(codes).lower()})
    pages = reading.pages(follow(browser, answer).data)
    heads = [page for page in pages if "PHIẾU KIỂM SOÁT QUÁ TRÌNH" in " ".join(page.split())]
    assert [code for page in heads for code in codes if f"Mã hồ sơ: {code}" in page] == codes
    for code in codes:
        assert len(printed(app, code)) == 1


def test_the_list_to_be_sent_on_is_printed_at_once(app: Flask, as_user: Any) -> None:
    codes = made(app, Status.ACCEPTED, Status.ACCEPTED)
    browser = as_user("tiepnhan")
    page = text(browser.get("/chuyen-ho-so"))
    assert "In phiếu kiểm soát của danh sách này" in page
    assert all(f'name="ma" value="{code}"' in page for code in codes)
    follow(browser, browser.post(PAGE, data={"ma": codes}))


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("", 422, "Hãy nhập ít nhất một mã hồ sơ"),
        (" ,;\n", 422, "Hãy nhập ít nhất một mã hồ sơ"),
        ("\n".join(f"H56.99-261125-{n:04d}" for n in range(5001)), 422,
         "Mỗi lần in được tối đa 5.000 phiếu, danh sách này có 5.001 mã. Hãy chia làm nhiều lần"),
        ("H56.99-261125-0001 H56.99-261125-9999", 404,
         "Không tìm thấy hồ sơ H56.99-261125-9999 trong phạm vi bạn được xem"),
        ("TAM-ABCDEFGHJK", 404, "Hãy kiểm tra lại mã hồ sơ"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_is_said_and_kept(
    app: Flask, as_user: Any, typed: str, status: int, sentence: str
) -> None:
    (code,) = made(app, Status.ACCEPTED)
    answer = as_user("tiepnhan").post(PAGE, data={"ma": typed})
    page = text(answer)
    assert answer.status_code == status and sentence in page
    assert typed.strip() in page and "<title>Lỗi: " in page
    assert printed(app, code) == []


def test_twenty_slips_cost_no_more_statements_than_two(app: Flask, as_user: Any) -> None:
    codes = made(app, *[Status.ACCEPTED] * 20)
    browser = as_user("tiepnhan")
    browser.post(PAGE, data={"ma": codes})
    with Statements(app) as few:
        browser.get(f"{PAGE}.pdf", query_string={"ma": codes[:2]})
    with Statements(app) as many:
        assert browser.get(f"{PAGE}.pdf", query_string={"ma": codes}).status_code == 200
    assert len(few) == len(many) <= 8


@pytest.mark.parametrize("office_id", ["nga-son-2025"])
def test_the_set_of_2025_is_chosen_by_the_dossiers_regime(office: Office, office_id: str) -> None:
    code = next(iter(office.rules.offered(office.now.date())))
    dossier = office.receive_sample(code, office.rules.profile.main_one_stop)
    (slip,) = actions.note_prints(
        db.session, office.rules, office.person("tiepnhan"), office.now, [str(dossier.code)]
    )
    assert slip.facts.variant == "nd118"
    db.session.rollback()
    assert "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG" in reading.text(actions.drawn([slip]))


def test_prints_are_noted_on_both_databases(each_office: Office) -> None:
    from app.extensions import writing

    dossier = each_office.walk(each_office.receive(), Status.IN_TRANSFER)
    me = each_office.person("tiepnhan")
    for wanted in (0, 1):
        with writing() as session:
            (slip,) = actions.note_prints(
                session, each_office.rules, me, each_office.now, [str(dossier.code)]
            )
        assert (slip.version, slip.reprint) == (2, wanted)
    found = actions.noted_slips(db.session, each_office.rules, me, [str(dossier.code)])
    assert found == [slip]
