"""The register by day, unit and field: the page, the PDF and the CSV say the same dossiers."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from app.journey.visibility import visible
from app.models import Dossier, Staff
from tests.desk.hands import text
from tests.documents import reading
from tests.make import Office
from tests.oversight.test_board_pages import get, listed

PAGE = "/so-theo-doi"
NOVEMBER = {"tu-ngay": "01/11/2026", "den-ngay": "2026-11-30"}


@pytest.fixture
def full(app: Flask) -> Flask:
    """An office with dossiers at many counters, in many states."""
    with app.app_context():
        office = Office(app)
        with writing() as session:
            for _ in fill_dossiers(session, office.rules, office.now, 80, seed=5):
                pass
        db.session.remove()
    return app


def table(browser: Any, **query: Any) -> list[dict[str, str]]:
    answer = browser.get(f"{PAGE}.csv", query_string=query)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    body = answer.get_data(as_text=True)
    assert body.startswith("\ufeff")
    return list(csv.DictReader(StringIO(body[1:])))


def book(browser: Any, **query: Any) -> tuple[str, list[str]]:
    answer = browser.get(f"{PAGE}.pdf", query_string=query)
    assert answer.mimetype == "application/pdf", text(answer)
    pages = reading.pages(answer.data)
    codes = re.findall(r"H56\.[\d.]*-\d{6}-\d{4,5}", " ".join(pages[1:]))
    return pages[0], codes


@pytest.mark.parametrize(
    "query",
    [NOVEMBER, {"mot-cua": "mot-cua-huyen"}, {"don-vi": "phong-kt-ht"},
     {"linh-vuc": "Hoạt động xây dựng"}, {"tt": "returned"}, {"tre": "1"}, {"q": "nguyen"},
     {**NOVEMBER, "mot-cua": "mot-cua-huyen", "tt": ["accepted", "appraising", "returned"]}],
)  # fmt: skip
@pytest.mark.parametrize("who", ["chanhvp", "chuyenvien"])
def test_page_pdf_and_csv_list_the_same(
    full: Flask, as_user: Any, who: str, query: dict[str, Any]
) -> None:
    browser = as_user(who)
    lines = table(browser, **query)
    codes = [line["Mã hồ sơ"] for line in lines]
    shown: list[str] = []
    page = get(browser, PAGE, **query)
    while True:
        shown += listed(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        page = text(browser.get(following[1]))
    assert sorted(shown) == sorted(codes) and len(set(codes)) == len(codes)
    assert sorted(code.replace(" ", "") for code in book(browser, **query)[1]) == sorted(codes)


def test_they_agree_with_a_direct_count(full: Flask, as_user: Any) -> None:
    with full.app_context():
        actor = Office(full).person("chanhvp")
        query = visible(select(Dossier.department, func.count()), actor).where(
            Dossier.accepted_day.between(date(2026, 11, 1), date(2026, 11, 30))
        )
        counted = dict(db.session.execute(query.group_by(Dossier.department)).all())
        db.session.remove()
    browser = as_user("chanhvp")
    for unit, count in counted.items():
        assert len(table(browser, **NOVEMBER, **{"don-vi": unit})) == count
    assert sum(counted.values()) == len(table(browser, **NOVEMBER)) > 20


def test_nobody_gets_more_than_sight(full: Flask, as_user: Any) -> None:
    with full.app_context():
        actor = Office(full).person("tiepnhan.xa")
        query = visible(select(Dossier.code), actor).where(Dossier.accepted_at.is_not(None))
        lawful = set(db.session.scalars(query))
        db.session.remove()
    lines = table(as_user("tiepnhan.xa"))
    assert {line["Mã hồ sơ"] for line in lines} == lawful and lawful
    assert table(as_user("tiepnhan.xa"), **{"mot-cua": "mot-cua-huyen"}) == [
        line for line in lines if line["Nơi tiếp nhận"] == "Bộ phận Tiếp nhận và Trả kết quả huyện"
    ]


@pytest.mark.parametrize("page", [PAGE, f"{PAGE}.pdf", f"{PAGE}.csv"])
def test_who_may_not(client: Any, as_user: Any, page: str) -> None:
    assert as_user("quantri").get(page).status_code == 403
    assert client.get(page).status_code == 303


def test_the_cover_says_what_was_asked(full: Flask, as_user: Any) -> None:
    cover, codes = book(
        as_user("chanhvp"), **NOVEMBER,
        **{"mot-cua": "mot-cua-huyen", "linh-vuc": "Hoạt động xây dựng"},
    )  # fmt: skip
    assert "Lĩnh vực: Hoạt động xây dựng" in cover and codes
    assert "Thời gian: từ ngày 01/11/2026 đến ngày 30/11/2026" in cover
    assert "Quyển số: 01/2026" in cover and "Năm: 2026" in cover
    assert "ỦY BAN NHÂN DÂN HUYỆN NGA SƠN" in cover


def test_filters_stay_in_every_link_of_the_page(full: Flask, as_user: Any) -> None:
    html = get(as_user("chanhvp"), PAGE, **NOVEMBER, tt="returned")
    for kind in ("pdf", "csv"):
        (link,) = re.findall(rf'href="({PAGE}\.{kind}[^"]+)"', html)
        assert "tu-ngay=01/11/2026" in link.replace("%2F", "/") and "tt=returned" in link
    chips = re.findall(r'class="chip" href="([^"]+)"', html)
    assert chips and all("den-ngay=2026-11-30" in chip for chip in chips)
    assert 'value="01/11/2026"' in html and 'class="bare" href="/so-theo-doi"' in html


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ({"tu-ngay": "31/02/2026"}, "tu-ngay", "Hãy nhập ngày có thật"),
        ({"den-ngay": "hôm nay"}, "den-ngay", "Hãy nhập ngày có thật"),
        ({"tu-ngay": "02/11/2026", "den-ngay": "01/11/2026"}, "den-ngay",
         "Ngày cuối đứng trước ngày đầu"),
        ({"mot-cua": "khong-co"}, "mot-cua", "Không có đơn vị này"),
        ({"don-vi": "'; drop"}, "don-vi", "Không có đơn vị này"),
        ({"linh-vuc": "Bói toán"}, "linh-vuc", "Không có lĩnh vực này"),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_said_where_it_stands(
    full: Flask, as_user: Any, query: dict[str, str], name: str, sentence: str
) -> None:
    browser = as_user("chanhvp")
    html = get(browser, PAGE, **query)
    assert "<title>Lỗi: " in html and f'href="#{name}">{sentence}' in html
    for kind in ("pdf", "csv"):
        answer = browser.get(f"{PAGE}.{kind}", query_string=query)
        assert answer.status_code == 422 and sentence in text(answer)


def test_the_last_day_of_all_is_refused_not_broken(as_user: Any) -> None:
    for page in (PAGE, f"{PAGE}.csv"):
        answer = as_user("chanhvp").get(page, query_string={"den-ngay": "31/12/9999"})
        assert answer.status_code == 422 and "nằm ngoài lịch" in text(answer)


def test_a_name_that_looks_like_a_formula_stays_a_name(app: Flask, as_user: Any) -> None:
    with app.app_context():
        office = Office(app)
        dossier = office.receive()
        with writing() as session:
            session.execute(
                update(Dossier).where(Dossier.id == dossier.id).values(applicant_name="=1+1")
            )
        assert session.scalar(select(func.count(Staff.id)))
        db.session.remove()
    (line,) = table(as_user("tiepnhan"))
    assert line["Tên cá nhân, tổ chức"] == "'=1+1"
    assert line["Nhận hồ sơ"] == "25/11/2026 09:00:00" and line["TT"] == "1"
