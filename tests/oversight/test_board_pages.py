"""The board and the register as pages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.clock import VIETNAM
from app.core.states import Status
from app.extensions import db, writing
from app.models import Dossier
from app.oversight import views
from app.oversight.board import Totals
from app.oversight.views import short_name
from tests.make import TODAY, Office, Statements


def made(app: Flask, *states: Status, **changes: Any) -> list[str]:
    """Codes of dossiers walked to these states, apart from any browser; changes on their rows."""
    with app.app_context():
        office = Office(app)
        codes = []
        for state in states:
            dossier = office.walk(office.receive(), state)
            codes.append(dossier.code)
            if changes:
                with writing() as session:
                    session.execute(
                        update(Dossier).where(Dossier.id == dossier.id).values(**changes)
                    )
        db.session.remove()
        return codes


def get(browser: Any, page: str, **query: Any) -> str:
    return unescape(browser.get(page, query_string=query).get_data(as_text=True))


def listed(html: str) -> list[str]:
    """Codes in the register's rows, in their order."""
    return re.findall(r'<td class="code"><a href="/ho-so/[^"]+">([^<]+)</a>', html)


# --- board ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["chanhvp", "lanhdao"])
def test_the_board_answers_the_plans_questions(app: Flask, as_user: Any, who: str) -> None:
    made(app, Status.ACCEPTED, Status.RETURNED, Status.AT_ONE_STOP)
    html = get(as_user(who), "/bao-cao")
    assert "<h1>Kết quả giải quyết hồ sơ</h1>" in html
    assert re.search(r'class="big">1</p><p>hồ sơ đang giải quyết, <b>0</b> quá hạn; 1 kết', html)
    assert "đúng và trước hạn: 2/2 hồ sơ" in html
    assert "<b>8/15 = 53,3%</b> · chỉ tiêu 50%" in html and ">đạt</span>" in html
    assert "<b>0/2 = 0,0%</b> · thực tế theo hồ sơ" in html


def test_reading_b_counts_what_really_ran_at_the_counter(app: Flask, as_user: Any) -> None:
    with app.app_context():
        office = Office(app)
        office.walk(office.receive_sample("1.001612", "mot-cua-huyen"))
        office.walk(office.receive())
        db.session.remove()
    html = get(as_user("chanhvp"), "/bao-cao")
    assert "<b>1/2 = 50,0%</b> · thực tế theo hồ sơ" in html
    ran = html[html.index("Đã ủy quyền, chưa có hồ sơ nào làm trọn") :]
    assert '<span class="count">7</span>' in ran[:120] and "1.001612" not in ran[: ran.index("/ul")]


def test_the_day_is_asked_in_either_writing(as_user: Any) -> None:
    browser = as_user("chanhvp")
    for asked in ("30/11/2018", "2018-11-30"):
        html = get(browser, "/bao-cao", ngay=asked)
        assert 'value="30/11/2018"' in html
        assert "<b>0/" in html and "chưa đạt" in html  # the records began later


def test_a_day_that_is_none_is_said_and_kept(as_user: Any) -> None:
    html = get(as_user("chanhvp"), "/bao-cao", ngay="31/02/2026")
    assert "<title>Lỗi: " in html and 'value="31/02/2026"' in html
    assert '<a href="#ngay">Hãy nhập ngày có thật' in html
    assert "8/15" in html  # today's figures, rather than none


def test_bars_and_table_say_the_same(app: Flask, as_user: Any) -> None:
    late = {"settled_at": TODAY.replace(month=12, day=9), "settled_day": TODAY.date()}
    late["settled_day"] = late["settled_at"].astimezone(VIETNAM).date()
    made(app, Status.ISSUED)
    made(app, Status.ISSUED, **late)
    html = get(as_user("chanhvp"), "/bao-cao")
    assert "Kinh tế và Hạ tầng: 50,0%  2 hs" in html
    row = html[html.index('<th scope="row">Phòng Kinh tế và Hạ tầng</th>') :]
    assert re.findall(r'class="num">(?:<b>)?([^<]+)<', row)[:5] == ["1", "0", "1", "2", "50,0%"]


def test_an_empty_board_shares_nothing(as_user: Any) -> None:
    html = get(as_user("chanhvp"), "/bao-cao")
    assert "Chưa có hồ sơ nào giải quyết xong trong 90 ngày qua" in html
    assert '<p class="big">–</p><p>đúng và trước hạn: 0/0' in html


def test_numbers_past_999_are_written_with_a_point(
    as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "totals", lambda *_: Totals(12345, 1001, 2002, 4004, 3003))
    html = get(as_user("chanhvp"), "/bao-cao")
    for words in ('<p class="big">12.345</p>', "<b>1.001</b> quá hạn", "2.002 kết quả chờ",
                  "3.003/4.004 hồ sơ"):  # fmt: skip
        assert words in html, words


def test_overdue_leads_to_just_these_rows(app: Flask, as_user: Any) -> None:
    past = {"due_at": TODAY.replace(day=20)}
    late = made(app, Status.ACCEPTED, Status.APPRAISING, **past)
    made(app, Status.AT_ONE_STOP, **past)
    made(app, Status.ACCEPTED)
    browser = as_user("chanhvp")
    html = get(browser, "/bao-cao")
    assert "<b>2</b> quá hạn" in html and 'href="/so-theo-doi?tre=1"' in html
    assert sorted(listed(get(browser, "/so-theo-doi", tre="1"))) == sorted(late)


@pytest.mark.parametrize("who", ["tiepnhan", "chuyenvien", "vanthu", "quantri"])
def test_others_have_no_board(as_user: Any, who: str) -> None:
    assert as_user(who).get("/bao-cao").status_code == 403


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Phòng Tư pháp", "Tư pháp"),
        ("Phòng Lao động - Thương binh và Xã hội", "Lao động - Thương binh và Xã hội"),
        ("Công chức Địa chính - Nông nghiệp - Xây dựng và Môi trường xã Nga Yên",
         "Địa chính - Nông … xã Nga Yên"),
    ],
)  # fmt: skip
def test_names_beside_bars(name: str, short: str) -> None:
    assert short_name(name) == short and len(short) <= 36


# --- register ----------------------------------------------------------------------------------


def test_newest_first_and_a_page_at_a_time(app: Flask, as_user: Any) -> None:
    codes = made(app, *[Status.ACCEPTED] * 27)
    browser = as_user("tiepnhan")
    html = get(browser, "/so-theo-doi")
    assert listed(html) == codes[:1:-1]
    following = unescape(re.search(r'rel="next" href="([^"]+)"', html)[1])  # type: ignore[index]
    second = unescape(browser.get(following).get_data(as_text=True))
    assert listed(second) == [codes[1], codes[0]]
    assert "<td>26</td>" in second and 'rel="next"' not in second and "Về trang đầu" in second


def test_states_are_switched_one_by_one_in_the_address(app: Flask, as_user: Any) -> None:
    accepted, signed, ended = made(app, Status.ACCEPTED, Status.APPROVED, Status.RETURNED)
    browser = as_user("tiepnhan")
    both = get(browser, "/so-theo-doi", tt=["accepted", "approved"], q="mẫu")
    assert sorted(listed(both)) == [accepted, signed]
    chips = dict(re.findall(r'class="chip" href="([^"]+)"( aria-current="true")?', both))
    assert chips["/so-theo-doi?q=m%E1%BA%ABu&tt=approved"]  # takes "accepted" away again
    added = "/so-theo-doi?q=m%E1%BA%ABu&tt=accepted&tt=approved&tt=returned"
    assert chips[added] == ""
    assert len(listed(unescape(browser.get(added).get_data(as_text=True)))) == 3
    assert ended not in listed(both)
    assert '<input type="hidden" name="tt" value="accepted">' in both  # a new search keeps them


@pytest.mark.parametrize("words", ["nguyen thi mau", "Mẫu", "0912345678", "038190000123"])
def test_found_by_any_part(app: Flask, as_user: Any, words: str) -> None:
    (code,) = made(app, Status.ACCEPTED)
    assert listed(get(as_user("tiepnhan"), "/so-theo-doi", q=words)) == [code]
    assert listed(get(as_user("tiepnhan.xa"), "/so-theo-doi", q=words)) == []


def test_nothing_found_says_what_to_try(app: Flask, as_user: Any) -> None:
    made(app, Status.ACCEPTED)
    html = get(as_user("tiepnhan"), "/so-theo-doi", q="zzz", tt="returned")
    assert "Không có hồ sơ nào khớp" in html and "Xem mọi hồ sơ" in html and "Bỏ lọc" in html


@pytest.mark.parametrize("query", ["sau=x", "sau=2026-11-25T09:00~a", "tt=nonsense", "tu=-5",
                                   "sau=2026-11-25T09:00:00%2B07:00~" + "a" * 36])  # fmt: skip
def test_a_broken_address_does_no_harm(app: Flask, as_user: Any, query: str) -> None:
    made(app, Status.ACCEPTED)
    assert as_user("tiepnhan").get(f"/so-theo-doi?{query}").status_code == 200


@pytest.mark.parametrize("page", ["/bao-cao", "/so-theo-doi", "/so-theo-doi?tre=1&q=mau"])
def test_cost_does_not_grow(app: Flask, as_user: Any, page: str) -> None:
    made(app, Status.ACCEPTED, Status.RETURNED)
    browser = as_user("chanhvp")
    browser.get(page)
    with Statements(app) as few:
        browser.get(page)
    made(app, *[Status.ACCEPTED] * 30, *[Status.RETURNED] * 10)
    with Statements(app) as many:
        assert browser.get(page).status_code == 200
    assert len(few) == len(many) <= 12
