"""The sentences that explain a deadline, and the articles they name."""

from __future__ import annotations

from datetime import time

import pytest

from app.core.calendar import WorkCalendar
from app.core.deadline import ClockEvent, Explanation, Limit, due_at, explain
from tests.core.published import CALENDAR, REGIMES, at, told

LAW_2018, LAW_2025 = REGIMES["ND61_2018"], REGIMES["ND118_2025"]


def texts(explanation: Explanation) -> list[str]:
    return [reason.text for reason in explanation.reasons]


def test_reasons_of_w1() -> None:
    explanation = told("2026-11-25 16:10", "5wd")
    assert [(reason.text, reason.basis) for reason in explanation.reasons] == [
        (
            "Nhận hồ sơ lúc 16:10 thứ Tư, 25/11/2026; thời hạn 5 ngày làm việc, "
            "ngày nhận không tính.",
            "khoản 3 Điều 147 Bộ luật Dân sự 91/2015/QH13",
        ),
        (
            "Nhận sau 15:00 nên hồ sơ giấy chuyển cho cơ quan giải quyết chậm nhất lúc 07:00 "
            "thứ Năm, 26/11/2026; hạn trả không vì thế mà đổi.",
            "NĐ 61/2018 Đ18.1–18.2",
        ),
        (
            "Không tính: 28/11–29/11 (Thứ Bảy, Chủ nhật).",
            "Quyết định 188/1999/QĐ-TTg (tuần làm việc 40 giờ)",
        ),
        (
            "Hạn trả: hết giờ làm việc (17:00) thứ Tư, 02/12/2026.",
            "khoản 1 Điều 148 Bộ luật Dân sự 91/2015/QH13",
        ),
    ]


def test_reasons_name_feasts_and_worked_weekends_with_their_notices() -> None:
    reasons = told("2026-08-20 08:00", "10wd").reasons
    assert reasons[1].text == (
        "Không tính: 23/08 (Chủ nhật); 29/08–30/08, 05/09–06/09 (Thứ Bảy, Chủ nhật); "
        "31/08 (Nghỉ hoán đổi, làm bù ngày 22/08/2026); 01/09–02/09 (Quốc khánh)."
    )
    assert reasons[1].basis == (
        "Quyết định 188/1999/QĐ-TTg (tuần làm việc 40 giờ); 9441/TB-BNV; "
        "Điều 112 Bộ luật Lao động 45/2019/QH14"
    )
    assert reasons[2].text == ("Có tính thứ Bảy, 22/08/2026 (Làm bù cho ngày nghỉ 31/08/2026).")
    assert reasons[2].basis == "9441/TB-BNV"
    assert "16/02–20/02 (Tết Bính Ngọ)" in texts(told("2026-02-12 09:00", "5wd"))[1]


@pytest.mark.parametrize(
    ("accepted", "limit", "expected"),
    [
        (
            "2026-04-17 09:00",
            "15d",
            "Ngày cuối của thời hạn, thứ Bảy, 02/05/2026, là ngày nghỉ nên chuyển đến "
            "ngày làm việc tiếp theo.",
        ),
        (
            "2026-10-23 09:00",
            "1mo",
            "Hạn trả: hết giờ làm việc (17:00) thứ Hai, 23/11/2026.",
        ),
        (
            "2026-10-24 09:00",  # a Saturday, so from Monday 26/10
            "29d",
            "Ngày cuối của thời hạn, thứ Ba, 24/11/2026, là Ngày Văn hóa Việt Nam nên chuyển "
            "đến ngày làm việc tiếp theo.",
        ),
        (
            "2026-12-31 09:00",
            "2mo",
            "Tháng 02/2027 không có ngày 31, nên tính đến ngày cuối tháng, 28/02/2027.",
        ),
        (
            "2026-11-22 16:00",
            "1wd",
            "Ngày nhận là ngày nghỉ nên tính như nhận lúc 07:00 thứ Hai, 23/11/2026.",
        ),
        (
            "2026-11-23 15:20",
            "same_day",
            "Nhận hồ sơ lúc 15:20 thứ Hai, 23/11/2026; nhận sau 15:00 nên trả vào ngày "
            "làm việc tiếp theo.",
        ),
        (
            "2026-11-23 14:20",
            "same_day",
            "Nhận hồ sơ lúc 14:20 thứ Hai, 23/11/2026; thủ tục trả trong ngày khi nhận đến 15:00.",
        ),
        (
            "2026-11-23 16:00",
            "8wh",
            "Nhận hồ sơ lúc 16:00 thứ Hai, 23/11/2026; thời hạn 8 giờ làm việc, chỉ tính trong "
            "giờ làm việc.",
        ),
        ("2026-11-23 16:00", "8wh", "Không tính: 24/11 (Ngày Văn hóa Việt Nam)."),
        ("2026-11-23 16:00", "8wh", "Hạn trả: 16:00 thứ Tư, 25/11/2026."),
        ("2026-11-23 16:00", "24h", "Hạn trả: 16:00 thứ Ba, 24/11/2026."),
        (
            "2026-11-23 16:00",
            "immediate",
            "Nhận hồ sơ lúc 16:00 thứ Hai, 23/11/2026; thủ tục giải quyết ngay, không hẹn ngày.",
        ),
    ],
)
def test_a_reason_is_told(accepted: str, limit: str, expected: str) -> None:
    assert expected in texts(told(accepted, limit))


def test_reasons_of_calendar_days_skip_no_weekend() -> None:
    assert not [text for text in texts(told("2026-06-01 09:00", "15d")) if "Không tính" in text]


def test_reasons_of_events_name_paper_and_decree() -> None:
    events = [
        ClockEvent("supplement_requested", at("2026-06-03 10:00"), "Thiếu bản vẽ.", "12/PYC"),
        ClockEvent("supplement_received", at("2026-06-12 10:00")),
        ClockEvent("paused", at("2026-06-15 10:00"), "chờ nghĩa vụ tài chính"),
        ClockEvent("resumed", at("2026-06-17 10:00")),
    ]
    limit = Limit.parse("10wd")
    explanation = explain(at("2026-06-01 09:00"), limit, CALENDAR, LAW_2025, events)
    told_events = [
        (reason.text, reason.basis)
        for reason in explanation.reasons
        if not reason.text.startswith(("Không tính", "Nhận hồ sơ"))
    ]
    sector_law = "pháp luật chuyên ngành của thủ tục"
    last_day = "khoản 1 Điều 148 Bộ luật Dân sự 91/2015/QH13"
    assert told_events == [
        ("Hạn trả ban đầu: hết giờ làm việc (17:00) thứ Hai, 15/06/2026.", last_day),
        (
            "Yêu cầu bổ sung lúc 10:00 thứ Tư, 03/06/2026 (số 12/PYC, Thiếu bản vẽ): đồng hồ "
            "dừng, khi nhận đủ hồ sơ thì tính lại từ đầu đủ 10 ngày làm việc.",
            "NĐ 118/2025 Đ19.5",
        ),
        (
            "Nhận đủ hồ sơ bổ sung lúc 10:00 thứ Sáu, 12/06/2026; thời hạn 10 ngày làm việc, "
            "ngày nhận không tính.",
            "khoản 3 Điều 147 Bộ luật Dân sự 91/2015/QH13",
        ),
        ("Hạn trả mới: hết giờ làm việc (17:00) thứ Sáu, 26/06/2026.", last_day),
        (
            "Tạm dừng lúc 10:00 thứ Hai, 15/06/2026 (chờ nghĩa vụ tài chính): còn lại 9 ngày "
            "làm việc, tính tiếp khi hết tạm dừng.",
            sector_law,
        ),
        ("Tính tiếp từ 10:00 thứ Tư, 17/06/2026: 9 ngày làm việc còn lại.", sector_law),
        ("Hạn trả mới: hết giờ làm việc (17:00) thứ Ba, 30/06/2026.", last_day),
    ]


@pytest.mark.parametrize(
    ("limit", "paused", "words"),
    [
        ("10d", "2026-06-03 10:00", "còn lại 8 ngày, tính tiếp"),
        ("8wh", "2026-06-01 10:15", "còn lại 6 giờ 45 phút làm việc, tính tiếp"),
        ("24h", "2026-06-01 10:00", "còn lại 23 giờ, tính tiếp"),
        ("1wd", "2026-06-03 10:00", "thời hạn đã hết trước đó nên hạn trả giữ nguyên"),
    ],
)
def test_the_remainder_in_words(limit: str, paused: str, words: str) -> None:
    reasons = texts(told("2026-06-01 09:00", limit, ("paused", paused)))
    assert words in reasons[-1]


def test_a_resumed_limit_of_days_tells_why_its_end_moved() -> None:
    events = (("paused", "2026-06-03 09:00"), ("resumed", "2026-06-05 09:00"))
    reasons = texts(told("2026-06-01 09:00", "10d", *events))
    assert reasons[-2].startswith("Ngày cuối của thời hạn, thứ Bảy, 13/06/2026, là ngày nghỉ")


def test_a_pause_after_the_end_is_told_and_leaves_the_end() -> None:
    events = (("paused", "2026-06-16 08:00"), ("resumed", "2026-06-18 09:00"))
    assert texts(told("2026-06-01 09:00", "10wd", *events))[-3:] == [
        "Tạm dừng lúc 08:00 thứ Ba, 16/06/2026: thời hạn đã hết trước đó nên hạn trả giữ nguyên.",
        "Hết tạm dừng lúc 09:00 thứ Năm, 18/06/2026.",
        "Hạn trả: hết giờ làm việc (17:00) thứ Hai, 15/06/2026.",
    ]


def test_unlawful_requests_are_told_not_hidden() -> None:
    late = texts(told("2026-06-01 09:00", "10wd", ("supplement_requested", "2026-06-05 10:00")))
    assert late[-1] == (
        "Thông báo bổ sung muộn hơn 03 ngày làm việc kể từ khi nhận hồ sơ "
        "(chậm nhất thứ Năm, 04/06/2026)."
    )
    twice = (
        ("supplement_requested", "2026-06-03 10:00"),
        ("supplement_received", "2026-06-12 09:00"),
        ("supplement_requested", "2026-06-15 10:00"),
    )
    assert texts(told("2026-06-01 09:00", "10wd", *twice))[-1] == (
        "Đây là lần yêu cầu bổ sung thứ 2, quá số lần cho phép (01)."
    )


@pytest.mark.parametrize(
    ("accepted", "limit", "tentative"),
    [
        ("2026-11-25 16:10", "5wd", False),
        ("2025-01-20 09:00", "10wd", True),  # over an unconfirmed Tết
        ("2027-12-23 09:00", "10wd", True),  # into a year without a file
        ("2027-12-31 16:00", "24h", False),  # by the clock, no calendar needed
        ("2028-01-04 16:00", "24h", True),  # unless the day of acceptance may be off
    ],
)
def test_tentative_is_told(accepted: str, limit: str, tentative: bool) -> None:
    explanation = told(accepted, limit)
    assert explanation.tentative is tentative
    assert texts(explanation)[-1].startswith("Hạn trả là dự kiến:") is tentative


def test_a_restart_in_confirmed_days_is_no_longer_tentative() -> None:
    events = (
        ("supplement_requested", "2025-01-22 09:00"),
        ("supplement_received", "2025-02-03 09:00"),
    )
    assert told("2025-01-20 09:00", "10wd", events[0]).tentative
    assert not told("2025-01-20 09:00", "10wd", *events).tentative


def test_the_offices_own_hours_end_the_day() -> None:
    mornings = WorkCalendar([], sessions=[(time(8), time(12))])
    assert due_at(at("2026-11-20 09:00"), Limit.parse("1wd"), mornings) == at("2026-11-23 12:00")
    reasons = explain(at("2026-11-20 09:00"), Limit.parse("1wd"), mornings, LAW_2018).reasons
    assert "Hạn trả: hết giờ làm việc (12:00) thứ Hai, 23/11/2026." in [r.text for r in reasons]
