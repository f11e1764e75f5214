"""The register by day, unit and field: the page, the PDF and the CSV say the same dossiers."""

from __future__ import annotations

import csv
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import clock
from app.bulk import making, worker
from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from app.journey import register
from app.journey.visibility import visible
from app.models import Dossier, Event, Staff
from app.oversight import exports
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
    answer = browser.post(f"{PAGE}/tep", data=query | {"dang": "csv"})
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    body = answer.get_data(as_text=True)
    assert body.startswith("\ufeff")
    return list(csv.DictReader(StringIO(body[1:])))


def book(browser: Any, **query: Any) -> tuple[str, list[str]]:
    answer = browser.post(f"{PAGE}/tep", data=query | {"dang": "pdf"})
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


def test_who_may_not(client: Any, as_user: Any) -> None:
    for ask in (lambda b: b.get(PAGE), lambda b: b.post(f"{PAGE}/tep", data={"dang": "csv"})):
        assert ask(as_user("quantri")).status_code == 403
        assert ask(client).status_code == 303


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
    (form,) = re.findall(rf'<form[^>]*action="{PAGE}/tep".*?</form>', html, re.DOTALL)
    for name, value in {**NOVEMBER, "tt": "returned"}.items():
        assert f'name="{name}" value="{value}"' in form
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
        answer = browser.post(f"{PAGE}/tep", data=query | {"dang": kind})
        assert answer.status_code == 422 and sentence in text(answer)


def test_the_last_day_of_all_is_refused_not_broken(as_user: Any) -> None:
    browser, day = as_user("chanhvp"), {"den-ngay": "31/12/9999"}
    for answer in (
        browser.get(PAGE, query_string=day),
        browser.post(f"{PAGE}/tep", data=day | {"dang": "csv"}),
    ):
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


def workbook(data: bytes) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The lines of a workbook, and what its second sheet says."""
    book = openpyxl.load_workbook(BytesIO(data))
    heads, *rows = list(book["Sổ theo dõi"].values)
    said = {str(row[0]): str(row[1]) for row in book["Thông tin"].values}
    return [dict(zip(heads, row, strict=True)) for row in rows], said


def test_the_workbook_says_the_same_in_the_types_of_a_workbook(full: Flask, as_user: Any) -> None:
    browser, query = as_user("chanhvp"), {**NOVEMBER, "mot-cua": "mot-cua-huyen"}
    answer = browser.post(f"{PAGE}/tep", data=query | {"dang": "xlsx"})
    lines, said = workbook(answer.data)
    written = table(browser, **query)
    assert [x["Mã hồ sơ"] for x in lines] == [x["Mã hồ sơ"] for x in written] and lines
    for line, other in zip(lines, written, strict=True):
        at = line["Nhận hồ sơ"]
        assert isinstance(at, datetime) and f"{at:%d/%m/%Y %H:%M}" == other["Nhận hồ sơ"][:16]
        assert line["TT"] == int(other["TT"]) and line["Số điện thoại"] == other["Số điện thoại"]
    assert said["Số hồ sơ"] == str(len(lines)) and said["Người lập"]
    assert said["Tiếp nhận từ ngày"] == "01/11/2026"
    assert said["Nơi tiếp nhận"] == "Bộ phận Tiếp nhận và Trả kết quả huyện"


def test_whoever_takes_a_file_is_written_down(full: Flask, as_user: Any) -> None:
    as_user("chanhvp").post(f"{PAGE}/tep", data={"dang": "csv", "q": "nguyen"})
    with full.app_context():
        query = select(Event.body).where(
            Event.subject == Office(full).person("chanhvp").id, Event.action == "exported"
        )
        (body,) = db.session.scalars(query)
        db.session.remove()
    facts = json.loads(body)["facts"]
    assert facts["asked"] == {"q": "nguyen"} and facts["kind"] == "book_csv" and facts["lines"] > 0


@pytest.mark.parametrize("way", ["", "exe"])
def test_no_file_of_another_kind(as_user: Any, way: str) -> None:
    answer = as_user("chanhvp").post(f"{PAGE}/tep", data={"dang": way})
    assert answer.status_code == 422 and "Hãy chọn dạng tệp" in text(answer)


# --- long ones -----------------------------------------------------------------------------------


@pytest.fixture
def long(full: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Nobody waits for more than ten lines here; signs of life at every one."""
    monkeypatch.setattr(exports, "DIRECT", 10)
    monkeypatch.setattr(exports, "_STEP", 1)
    monkeypatch.setattr(making, "BETWEEN", 0.0)
    return full


def work(app: Flask) -> None:
    with app.app_context():
        worker.round_of_work(worker.new_name(), clock.now)
        db.session.remove()


@pytest.mark.parametrize(("way", "kind"), [("pdf", "pdf"), ("xlsx", "sheet"), ("csv", "csv")])
def test_a_long_file_is_made_behind_and_says_the_same(
    long: Flask, as_user: Any, monkeypatch: pytest.MonkeyPatch, way: str, kind: str
) -> None:
    browser = as_user("chanhvp")
    answer = browser.post(f"{PAGE}/tep", data={"dang": way})
    assert answer.status_code == 303 and answer.location.startswith("/viec-hang-loat/")
    assert "Dừng, không lập tệp" in text(browser.get(answer.location))
    assert browser.get(answer.location + "/tep").status_code == 404
    work(long)
    html = text(browser.get(answer.location))
    file = browser.get(answer.location + "/tep")
    assert file.status_code == 200 and kind in file.mimetype
    assert "Về danh sách" in html and "giữ đến" in html
    monkeypatch.setattr(exports, "DIRECT", 10_000)
    once = browser.post(f"{PAGE}/tep", data={"dang": way})
    if way == "xlsx":
        assert workbook(file.data)[0] == workbook(once.data)[0]
    else:
        assert file.data == once.data
    for other in ("chuyenvien", "tiepnhan"):
        assert as_user(other).get(answer.location + "/tep").status_code == 404


def test_called_off_while_it_is_written(
    long: Flask, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = as_user("chanhvp")
    page = browser.post(f"{PAGE}/tep", data={"dang": "csv"}).location
    real, seen = making.reporter, []

    def cancel() -> None:
        assert "Đã ghi 5 trong" in text(browser.get(page))
        assert browser.post(page + "/huy").status_code == 303

    def reporter(*args: Any) -> Any:
        report = real(*args)

        def told(written: int) -> None:
            seen.append(written)
            report(written)
            if written == 5:  # in a thread of its own: here the worker's snapshot would be read
                pool.submit(cancel).result()

        return told

    monkeypatch.setattr(making, "reporter", reporter)
    with ThreadPoolExecutor(1) as pool:
        work(long)
    assert seen == [1, 2, 3, 4, 5, 6]  # the next look found it called off
    html = text(browser.get(page))
    assert "Đã dừng, không có tệp" in html and browser.get(page + "/tep").status_code == 404


def test_too_many_lines_for_a_book_are_refused_before_anybody_waits(
    full: Flask, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "MOST_PRINTED", 5)
    monkeypatch.setattr(exports, "MOST_LINES", 6)
    browser = as_user("chanhvp")
    for way, sentence in (("pdf", "Sổ in được tối đa 5 hồ sơ"), ("csv", "tối đa 6 hồ sơ")):
        answer = browser.post(f"{PAGE}/tep", data={"dang": way})
        assert answer.status_code == 422 and sentence in text(answer)


def test_a_fault_while_the_file_is_made_is_told(
    long: Flask, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = as_user("chanhvp")
    page = browser.post(f"{PAGE}/tep", data={"dang": "csv"}).location

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(exports, "entries", broken)
    work(long)
    html = text(browser.get(page))
    assert "Chưa lập được tệp" in html and making.FAILED_FILE in html
    assert "Chưa làm được" in text(browser.get("/viec-hang-loat"))
