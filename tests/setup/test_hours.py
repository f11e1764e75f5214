"""Hours of a season on pages and by spreadsheet; what was counted in the old ones stays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import g
from flask.testing import FlaskClient

from app import jobs
from app.clock import VIETNAM
from app.extensions import db
from app.lookup.pages import opening_hours
from app.models import Dossier
from tests.make import TODAY, Office
from tests.setup.sheets import append, book_of, carry, send

LIST = "/quan-tri/bang/gio"


def entered(admin: FlaskClient, **fields: str) -> Any:
    return admin.post(f"{LIST}/mot", data={f"0.0.{key}": value for key, value in fields.items()})


def applied(admin: FlaskClient, answer: Any) -> None:
    assert answer.status_code == 303, answer.text
    assert carry(admin, answer.location).status_code == 303


def rules(office: Office) -> Any:
    db.session.rollback()
    return office.app.extensions["motcua.office"].get(db.session)


def test_a_season_begins_on_its_day(admin: FlaskClient, office: Office) -> None:
    answer = entered(admin, name="Mùa đông", hours="7:30 - 12:00,13:00-16:30")
    assert answer.status_code == 422 and "Hãy ghi từ ngày nào" in answer.text
    assert 'value="7:30 - 12:00,13:00-16:30"' in answer.text, "what was typed stays"
    answer = entered(
        admin, name="Mùa đông", hours="07:30-12:00, 13:00-16:30", valid_from="01/12/2026"
    )
    applied(admin, answer)
    calendar = rules(office).calendar
    assert calendar.closing(date(2026, 11, 30)).time() == time(17)
    assert calendar.closing(date(2026, 12, 1)).time() == time(16, 30)
    page = admin.get(LIST).text
    assert "Mùa đông" in page and "Thường lệ" in page and "13:00-16:30" in page
    assert carry(admin, answer.location, "lui").status_code == 303
    assert rules(office).calendar.closing(date(2026, 12, 1)).time() == time(17)


def test_what_was_counted_in_the_old_hours_stays(admin: FlaskClient, office: Office) -> None:
    """Received at 16:50, in time then; the winter closes at 16:30 from a later day on."""
    at = datetime.combine(TODAY.date(), time(16, 50), VIETNAM)
    before = office.receive(at=at)
    old = office.fresh(before.id)
    due, transfer = old.due_at_original, old.transfer_due_at
    start = TODAY.date() + timedelta(days=1)
    answer = entered(
        admin, name="Mùa đông", hours="07:30-12:00, 13:00-16:30", valid_from=f"{start:%d/%m/%Y}"
    )
    applied(admin, answer)
    jobs.run(rules(office), at)
    db.session.expire_all()
    new = db.session.get(Dossier, before.id)
    assert new is not None and due is not None
    assert new.transfer_due_at == transfer, "handed over by the hours of its own day"
    local = new.due_at.astimezone(VIETNAM) if new.due_at else None
    assert local is not None and local.date() == due.astimezone(VIETNAM).date()
    assert local.time() == time(16, 30), "the last day closes by its own hours"


def test_weekdays_and_wrong_rows_by_spreadsheet(admin: FlaskClient, office: Office) -> None:
    sheets = book_of(admin, "gio")
    told: dict[str, Any] = {"Từ_ngày": "01/12/2026"}
    append(sheets, "Giờ làm việc", Tên="Mùa đông", Giờ="08:00-12:00, 13:00-17:00", **told)
    append(sheets, "Giờ làm việc", Tên="Thứ Sáu", Giờ="08:00-12:00", Các_thứ="6", **told)
    append(sheets, "Giờ làm việc", Tên="Sai giờ", Giờ="08:00-12:00, 11:00-17:00", **told)
    append(sheets, "Giờ làm việc", Tên="Sai thứ", Giờ="08:00-12:00", Các_thứ="2-9", **told)
    answer = send(admin, "gio", sheets)
    assert answer.status_code == 422
    assert "buổi sau nối buổi trước" in answer.text and "như 2-6 hoặc 2, 4, CN" in answer.text
    sheets["Giờ làm việc"].delete_rows(5, 2)
    append(sheets, "Giờ làm việc", Tên="Cũng thế", Giờ="09:00-12:00", Các_thứ="CN,2-7", **told)
    append(sheets, "Giờ làm việc", Tên="Ngược", Giờ="09:00-12:00", Từ_ngày="02/12/2026",
           Đến_hết_ngày="01/12/2026")  # fmt: skip
    answer = send(admin, "gio", sheets)
    assert "“Mùa đông” cũng từ ngày đó, cho cùng các thứ" in answer.text
    assert "Ngày cuối trước ngày đầu" in answer.text
    sheets["Giờ làm việc"].delete_rows(5, 2)
    applied(admin, send(admin, "gio", sheets))
    office_now = rules(office)
    assert office_now.calendar.closing(date(2026, 12, 4)).time() == time(12)
    assert opening_hours(office_now, date(2026, 12, 9)) == (
        "08:00–12:00, 13:00–17:00 (thứ Sáu 08:00–12:00)"
    )
    assert opening_hours(office_now, date(2026, 11, 20)) == "07:00–11:30, 13:30–17:00"
    assert send(admin, "gio", book_of(admin, "gio")).status_code == 409, "nothing changed"


def test_the_usual_hours_are_those_of_the_office_file(admin: FlaskClient) -> None:
    answer = admin.post(
        f"{LIST}/mot?ma=Thường lệ", data={"0.0.name": "Thường lệ", "0.0.hours": "08:00-12:00"}
    )
    assert answer.status_code == 422 and "thêm một dòng có ngày bắt đầu" in answer.text


def test_the_public_pages_tell_the_hours_of_now(admin: FlaskClient, office: Office) -> None:
    code = next(iter(office.rules.offered(TODAY.date())))
    answer = entered(admin, name="Mới", hours="06:30-10:30, 14:00-18:00", valid_from="01/01/2020")
    applied(admin, answer)
    for known in ("office", "_login_user"):  # another request knows nothing of this one
        g.pop(known, None)
    page = office.app.test_client().get(f"/thu-tuc/{code}").text
    assert "06:30–10:30, 14:00–18:00" in page
