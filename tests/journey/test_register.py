"""The register's lines: exactly the dossiers asked for, within sight, with their own numbers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.clock import VIETNAM
from app.core.refusals import Refused
from app.core.states import Status
from app.demo.dossiers import fill_dossiers
from app.documents import tracking_book
from app.extensions import db, writing
from app.journey import register
from app.journey.find import Wanted
from app.journey.visibility import visible
from app.models import Document, Dossier
from tests.documents import reading
from tests.make import TODAY, Office

READERS = ("tiepnhan", "chuyenvien", "chanhvp", "tiepnhan.xa", "bhxh-huyen.cb")


def filled(office: Office, count: int = 60) -> Office:
    with writing() as session:
        for _ in fill_dossiers(session, office.rules, office.now, count, seed=5):
            pass
    db.session.expunge_all()
    return office


def lines(office: Office, who: str, **wanted: Any) -> list[dict[str, Any]]:
    found = register.entries(db.session, office.rules, office.person(who), Wanted(**wanted))
    return list(found)


def test_lines_are_the_accepted_dossiers_in_sight_and_no_more(each_office: Office) -> None:
    office = filled(each_office)
    for who in READERS:
        query = visible(select(Dossier.code), office.person(who))
        query = query.where(Dossier.accepted_at.is_not(None))
        lawful = list(db.session.scalars(query.order_by(Dossier.accepted_at, Dossier.id)))
        assert [line["code"] for line in lines(office, who)] == lawful, who
    assert lines(office, "quantri") == []


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 11, 1), date(2026, 11, 20)), (None, date(2026, 11, 10)),
     (date(2026, 11, 18), None), (date(2026, 11, 25), date(2026, 11, 25)), (None, None)],
)  # fmt: skip
def test_days_are_whole_local_days_and_agree_with_a_count(
    office: Office, first: date | None, last: date | None
) -> None:
    filled(office)
    since, before = register.days(first, last)
    found = lines(office, "chanhvp", accepted_from=since, accepted_to=before)
    query = visible(select(func.count()).select_from(Dossier), office.person("chanhvp"))
    query = query.where(Dossier.accepted_day.is_not(None))
    if first:
        query = query.where(Dossier.accepted_day >= first)
    if last:
        query = query.where(Dossier.accepted_day <= last)
    assert len(found) == db.session.scalar(query)


def test_the_edges_of_a_day(office: Office) -> None:
    midnight, last = datetime(2026, 11, 25, tzinfo=VIETNAM), timedelta(microseconds=1)
    days = [midnight, midnight + timedelta(days=1)]
    moments = [moment for day in days for moment in (day - last, day)]
    codes = []
    for moment in moments:
        dossier = office.receive()
        with writing() as session:
            session.execute(
                update(Dossier).where(Dossier.id == dossier.id).values(accepted_at=moment)
            )
        codes.append(dossier.code)
    since, before = register.days(date(2026, 11, 25), date(2026, 11, 25))
    found = lines(office, "tiepnhan", accepted_from=since, accepted_to=before)
    assert [line["code"] for line in found] == codes[1:3]


@pytest.mark.parametrize("field", ["one_stop", "department"])
def test_one_stop_and_unit_agree_with_a_count(office: Office, field: str) -> None:
    filled(office)
    query = visible(select(getattr(Dossier, field), func.count()), office.person("chanhvp"))
    query = query.where(Dossier.accepted_at.is_not(None)).group_by(getattr(Dossier, field))
    counted = db.session.execute(query).all()
    assert len(counted) > 1
    for unit, count in counted:
        assert len(lines(office, "chanhvp", **{field: unit})) == count


def test_numbers_are_those_of_the_receipts(office: Office) -> None:
    filled(office)
    receipts = dict(
        db.session.execute(
            select(Dossier.code, Document.facts)
            .join(Document, Document.dossier_id == Dossier.id)
            .where(Document.form == "receipt")
        ).all()
    )
    found = lines(office, "chanhvp")
    assert found
    for line in found:
        assert f'"book_number":"{line["number"]:04d}"' in receipts[line["code"]]


def test_a_line_says_how_it_ended(office: Office) -> None:
    done = office.walk(office.receive())
    gone = office.walk(office.receive(), Status.APPRAISING)
    office.act(gone, "request_withdraw", "tiepnhan", reason="Đổi ý", at=office.now)
    office.act(gone, "confirm_withdraw", "chanhvp", at=office.now, originals_returned=True)
    first, second = lines(office, "tiepnhan")
    assert first["code"] == done.code and first["receiver"] == "Nguyễn Thị Mẫu"
    assert first["returned_at"] and first["note"] == "" and first["method"] == "Trực tiếp"
    assert (first["number"], second["number"]) == (1, 2)
    assert second["note"] == "Đã rút hồ sơ" and second["returned_at"] is None


def test_the_book_of_one_counter_and_year_has_volume_and_numbers(office: Office) -> None:
    filled(office)
    facts = register.book_of(
        db.session, office.rules, office.person("chanhvp"), Wanted(one_stop="mot-cua-huyen"),
        None, None,
    )  # fmt: skip
    numbers = [row["number"] for row in facts.rows]
    assert numbers == sorted(numbers) and numbers[0] == 1
    assert (facts.volume, facts.year, facts.first_number) == ("01/2026", "2026", "01")
    assert facts.last_number == f"{numbers[-1]:02d}" and facts.variant == "nd61"
    words = reading.text(tracking_book.draw(facts))
    assert all(row["code"] in words for row in facts.rows)


def test_a_book_of_several_counters_names_them_and_counts_nothing(office: Office) -> None:
    filled(office)
    facts = register.book_of(
        db.session, office.rules, office.person("chanhvp"), Wanted(),
        date(2025, 12, 1), date(2026, 11, 30),
    )  # fmt: skip
    assert (facts.volume, facts.first_number, facts.year) == ("", "", "2025–2026")
    assert facts.period == "từ ngày 01/12/2025 đến ngày 30/11/2026"
    assert all("một cửa" in row["note"].lower() or "trả kết quả" in row["note"].lower()
               for row in facts.rows)  # fmt: skip


def test_a_book_too_thick_is_refused_with_what_to_do(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "MOST_PRINTED", 2)
    for _ in range(3):
        office.receive()
    with pytest.raises(Refused, match=r"tối đa 2 hồ sơ mỗi lần\. Hãy chọn khoảng ngày ngắn hơn"):
        register.book_of(
            db.session, office.rules, office.person("tiepnhan"), Wanted(), None, None
        )  # fmt: skip


def test_days_beyond_all_calendars_are_refused() -> None:
    with pytest.raises(Refused, match="nằm ngoài lịch"):
        register.days(None, date.max)


@pytest.mark.parametrize("portion", [1, 7])
def test_portions_lose_nothing(
    each_office: Office, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    for minute in range(9):
        each_office.receive(at=TODAY + timedelta(minutes=minute))
    whole = lines(each_office, "tiepnhan")
    monkeypatch.setattr(register, "PORTION", portion)
    assert lines(each_office, "tiepnhan") == whole and len(whole) == 9
