"""The calendar's year files: every row read, every wrong one named."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest

from app.core.calendar import CalendarDay, CalendarFault, parse_calendar_year
from tests.core.published import CALENDAR_FILES, DAYS, YEARS


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_every_published_file_is_read() -> None:
    assert list(range(2018, 2028)) == YEARS
    assert sum(len(data["days"]) for data in CALENDAR_FILES.values()) == len(DAYS) == 121
    assert sorted(DAYS, key=lambda row: row.date) == DAYS
    swap = next(row for row in DAYS if row.date == day("2026-01-10"))
    assert swap == CalendarDay(
        day("2026-01-10"), "worked_swap", "Làm bù cho ngày nghỉ 02/01/2026", "12729/VPCP-KGVX"
    )


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            {"date": "2026-01-01"},
            "days[0].date: sai kiểu dữ liệu, cần một ngày, ghi như 2025-06-30 không có ngoặc kép",
        ),
        ({"date": day("2025-01-01")}, "days[0].date: 01/01/2025 không thuộc năm 2026"),
        (
            {"date": day("2026-01-03")},
            "days[0].kind: 03/01/2026 là thứ Bảy hoặc Chủ nhật, vốn đã nghỉ, hãy bỏ dòng này",
        ),
        ({"date": day("2026-01-02")}, "days[1].date: ngày 02/01/2026 đã ghi ở trên"),
        (
            {"kind": "worked_swap"},
            "days[0].kind: 01/01/2026 là ngày làm việc thường, làm bù chỉ vào thứ Bảy, Chủ nhật",
        ),
        ({"name": ""}, "days[0].name: đang để trống, hãy điền"),
        ({"confirm": True}, "days[0].confirm: không có mục này, xem lại tên khóa"),
        (
            {"confirmed": "có"},
            "days[0].confirmed: sai kiểu dữ liệu, cần có hoặc không (true hoặc false)",
        ),
        ({"basis": None}, "days[0].basis: thiếu, hãy điền"),
    ],
)
def test_a_wrong_row_is_named(change: dict[str, object], line: str) -> None:
    data = deepcopy(CALENDAR_FILES["2026"])
    data["days"][0] |= change
    for key in [key for key, value in change.items() if value is None]:
        del data["days"][0][key]
    with pytest.raises(CalendarFault) as fault:
        parse_calendar_year(data)
    assert line in fault.value.lines


def test_a_row_is_confirmed_unless_it_says_otherwise() -> None:
    row = {"date": day("2026-06-01"), "kind": "off_holiday", "name": "Nghỉ", "basis": "Luật"}
    assert parse_calendar_year({"year": 2026, "days": [row]}) == [
        CalendarDay(day("2026-06-01"), "off_holiday", "Nghỉ", "Luật", confirmed=True)
    ]


def test_a_wrong_row_is_no_twin_of_a_right_one() -> None:
    right = {"date": day("2026-06-01"), "kind": "off_holiday", "name": "Nghỉ", "basis": "Luật"}
    with pytest.raises(CalendarFault) as fault:
        parse_calendar_year({"year": 2026, "days": [right | {"kind": "off"}, right]})
    assert len(fault.value.lines) == 1 and fault.value.lines[0].startswith("days[0].kind: ")


def test_an_unknown_kind_and_a_file_without_year_are_named() -> None:
    data = deepcopy(CALENDAR_FILES["2026"])
    data["days"][0]["kind"] = "off"
    with pytest.raises(
        CalendarFault, match=r"^days\[0\].kind: “off” không dùng được, chỉ dùng “off_h"
    ):
        parse_calendar_year(data)
    with pytest.raises(CalendarFault, match=r"^year: thiếu, hãy điền$"):
        parse_calendar_year({"days": []})


def test_every_bad_day_of_a_year_is_named() -> None:
    weekend = [
        {"date": date(2026, 1, day), "kind": "off_holiday", "name": "Nghỉ", "basis": "Thông báo"}
        for day in (3, 4)
    ]
    with pytest.raises(CalendarFault) as wrong:
        parse_calendar_year({"year": 2026, "days": weekend})
    assert len(wrong.value.lines) == 2
