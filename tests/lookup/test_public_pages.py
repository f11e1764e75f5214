"""Home, published procedures and results, health."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import clock
from app.core.states import Status
from app.extensions import writing
from tests.make import TODAY, Office

PAGES = ("/", "/tra-cuu", "/thu-tuc", "/thu-tuc?q=gpxd", "/thu-tuc/1.013228", "/cong-khai")


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    """The page as text."""
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("path", [*PAGES, "/khong-co", "/t/0000000000"])
def test_public_pages_set_no_cookie_and_load_nothing(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    html = answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    assert not re.search(r"<script|\ssrc=|stylesheet|@font-face|\sstyle=", html)
    nonce = re.search(r'<style nonce="([^"]+)">', html)
    assert nonce and f"'nonce-{nonce[1]}'" in answer.headers["Content-Security-Policy"]
    title = re.search(r"<title>(.*?) – UBND huyện Nga Sơn</title>", html, re.S)
    headings = re.findall(r"<h1>(.*?)</h1>", html, re.S)
    assert title and headings == [title[1]]
    assert '<html lang="vi">' in html
    assert len(re.findall(r'\sid="([^"]+)"', html)) == len(set(re.findall(r'\sid="([^"]+)"', html)))


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("gpxd", "1.013228"),
        ("cấp lại giấy phép xây dựng", "1.013228"),
        ("CAP LAI giay phep", "1.013228"),
        ("lai xay", "1.013228"),
        ("1.013228", "1.013228"),
        ("1.0132", "1.013228"),
    ],
)
def test_procedures_are_found_without_marks_by_initials_and_code(
    client: FlaskClient, wanted: str, code: str
) -> None:
    html = client.get("/thu-tuc", query_string={"q": wanted}).get_data(as_text=True)
    assert f'href="/thu-tuc/{code}"' in html


def test_every_word_must_fit(client: FlaskClient) -> None:
    html = client.get("/thu-tuc", query_string={"q": "xây khongcochunay"}).get_data(as_text=True)
    assert "Không có thủ tục nào khớp “xây khongcochunay”" in html
    assert 'class="list"' not in html


def test_what_is_typed_is_never_markup(client: FlaskClient) -> None:
    html = client.get("/thu-tuc", query_string={"q": "<b>x</b>"}).get_data(as_text=True)
    assert "<b>x</b>" not in html


def test_the_list_holds_every_procedure_on_offer_once(app: Flask, client: FlaskClient) -> None:
    html = text_of(client, "/thu-tuc")
    listed = re.findall(r'href="/thu-tuc/([\d.]+)"', html)
    with app.app_context():
        offered = Office(app).rules.offered(TODAY.date())
    assert sorted(listed) == sorted(offered)


def test_every_procedure_has_its_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        offered = Office(app).rules.offered(TODAY.date())
    for code, edition in offered.items():
        html = text_of(client, f"/thu-tuc/{code}")
        assert edition.procedure.components == () or "Giấy tờ phải nộp" in html
        for law in edition.procedure.legal_basis:
            assert law in html


def test_one_procedure(client: FlaskClient) -> None:
    html = text_of(client, "/thu-tuc/1.013228")
    for told in (
        "5 ngày làm việc",
        "theo Nghị quyết của HĐND tỉnh Thanh Hóa (28/2024/NQ-HĐND)",
        "Bộ phận Tiếp nhận và Trả kết quả huyện",
        "1 bản chính – trường hợp bị rách, nát",
        "Mẫu số 02 Phụ lục II",
        "175/2024/NĐ-CP",
        "(đang áp dụng)",
    ):
        assert told in html


@pytest.mark.parametrize("code", ["9.999999", "khong-co"])
def test_an_unknown_procedure_is_not_found(client: FlaskClient, code: str) -> None:
    assert f"Không có thủ tục {code}" in text_of(client, f"/thu-tuc/{code}", 404)


class TestOfACommune:
    @pytest.fixture
    def office_id(self) -> str:
        return "nga-son-2025"

    def test_the_edition_of_its_own_era(self, client: FlaskClient) -> None:
        html = text_of(client, "/thu-tuc/1.013228")
        assert "140/2025/NĐ-CP" in html
        assert "có hiệu lực từ 01/07/2025" in html


def row(html: str, month: str) -> list[str]:
    """The numbers of a month."""
    line = next(part for part in html.split("<tr>") if f">{month}<" in part)
    return re.findall(r"<td>(.*?)</td>", line)


def test_results_by_month_count_annulled_receptions_nowhere(
    app: Flask, client: FlaskClient
) -> None:
    assert row(text_of(client, "/cong-khai"), "11/2026") == ["0", "0", "0", "0", "–"]
    with app.app_context():
        office = Office(app)
        office.walk(office.receive())  # in time
        office.receive()  # open
        office.act(office.receive(), "void", "chanhvp", reason="Nhập nhầm")
        late = office.walk(office.receive(), until=Status.APPRAISING)
        office.now = TODAY + timedelta(days=8)
        office.walk(late)
    clock.start_at(TODAY + timedelta(days=9))
    html = text_of(client, "/cong-khai")
    assert row(html, "11/2026") == ["3", "1", "1", "0", "100,0%"]
    assert row(html, "12/2026") == ["0", "1", "0", "1", "0,0%"]
    assert html.count('scope="row"') == 12


def test_health(app: Flask, client: FlaskClient) -> None:
    assert client.get("/healthz").data == b"ok\n"
    assert client.get("/readyz").status_code == 200
    with app.app_context(), writing() as session:
        session.execute(text("ALTER TABLE setting RENAME TO gone"))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_figures_need_the_token(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        Office(app).receive()
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics?token=wrong").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Basic figures"}).status_code == 403
    for answer in (
        client.get("/metrics?token=figures"),
        client.get("/metrics", headers={"Authorization": "Bearer figures"}),
    ):
        lines = answer.get_data(as_text=True).splitlines()
        assert 'motcua_dossiers{status="accepted"} 1' in lines
        assert 'motcua_dossiers{status="returned"} 0' in lines
        assert any(line.startswith('motcua_messages{state="waiting"} ') for line in lines)
