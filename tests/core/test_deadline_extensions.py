"""Extensions, apologies and the formal act that starts a limit anew."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.core.calendar import VIETNAM
from app.core.deadline import ClockEvent, Limit, explain
from app.core.refusals import Refused
from tests.core.published import CALENDAR, REGIMES

ND61, ND118 = REGIMES["ND61_2018"], REGIMES["ND118_2025"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("limit", "event", "due"),
    [
        # 10 working days from Mon 01/06/2026 are due Mon 15/06; two more are due Wed 17/06.
        ("10wd", ClockEvent("extended", at("2026-06-10T09:00"), limit=Limit(2, "working_days")),
         "2026-06-17"),
        # 30 days from 01/06 → Wed 01/07; the complex case is 45 from the start → Thu 16/07.
        ("30d", ClockEvent("extended", at("2026-06-10T09:00"), limit=Limit(45, "days"),
                           effect="total"), "2026-07-16"),
        # 3 working days, but 23 calendar days if verification is needed (units may differ).
        ("3wd", ClockEvent("extended", at("2026-06-02T09:00"), limit=Limit(23, "days"),
                           effect="total"), "2026-06-24"),
        # by agreement, on a Saturday: rolled to Monday.
        ("2wd", ClockEvent("extended", at("2026-06-02T09:00"), until=date(2026, 6, 20)),
         "2026-06-22"),
        # thu lý on 10/06 starts the 30 days anew.
        ("30d", ClockEvent("taken_up", at("2026-06-10T09:00")), "2026-07-10"),
    ],
)  # fmt: skip
def test_the_lawful_date_moves(limit: str, event: ClockEvent, due: str) -> None:
    told = explain(at("2026-06-01T09:00"), Limit.parse(limit), CALENDAR, ND61, [event])
    assert told.due_at.date().isoformat() == due
    assert told.due_at > told.due_at_original and told.promised is None
    assert told.reasons[-1].text.startswith("Hạn trả mới")


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            ClockEvent("extended", at("2026-06-10T09:00"), "vụ việc phức tạp.", "7/TB",
                       Limit(2, "working_days")),
            "Gia hạn lúc 09:00 thứ Tư, 10/06/2026 (số 7/TB, vụ việc phức tạp): "
            "thêm 2 ngày làm việc.",
        ),
        (
            ClockEvent("extended", at("2026-06-10T09:00"), limit=Limit(45, "days"),
                       effect="total"),
            "Gia hạn lúc 09:00 thứ Tư, 10/06/2026: thời hạn thành 45 ngày kể từ đầu.",
        ),
        (
            ClockEvent("extended", at("2026-06-10T09:00"), until=date(2026, 7, 20)),
            "Gia hạn lúc 09:00 thứ Tư, 10/06/2026: theo ngày đã thỏa thuận.",
        ),
    ],
)  # fmt: skip
def test_an_extension_is_told(event: ClockEvent, sentence: str) -> None:
    told = explain(at("2026-06-01T09:00"), Limit(10, "working_days"), CALENDAR, ND61, [event])
    assert (sentence, "pháp luật chuyên ngành của thủ tục") in [
        (reason.text, reason.basis) for reason in told.reasons
    ]


def test_a_total_extension_is_the_limit_from_then_on() -> None:
    """A supplement counts it in full; an extra one is gone with the restart."""
    asked = ClockEvent("supplement_requested", at("2026-06-11T09:00"))
    received = ClockEvent("supplement_received", at("2026-06-12T09:00"))
    for effect, due in (("total", "2026-07-13"), ("extra", "2026-06-26")):
        longer = ClockEvent(
            "extended", at("2026-06-10T09:00"), limit=Limit(31, "days"), effect=effect
        )
        told = explain(
            at("2026-06-01T09:00"), Limit(10, "working_days"), CALENDAR, ND61,
            [longer, asked, received],
        )  # fmt: skip
        assert told.due_at == at(f"{due}T17:00")


@pytest.mark.parametrize("regime", [ND61, ND118])
def test_an_apology_promises_a_day_and_moves_no_lawful_date(regime: object) -> None:
    """W12: due Wed 25/11/2026, the day before is a holiday, so the latest apology is Mon 23/11."""
    sorry = ClockEvent("apologised", at("2026-11-23T10:00"), until=date(2026, 12, 1))
    told = explain(at("2026-11-18T09:00"), Limit(4, "working_days"), CALENDAR, regime, [sorry])  # type: ignore[arg-type]
    assert told.due_at == at("2026-11-25T17:00") and told.promised == at("2026-12-01T17:00")
    assert told.latest_apology == date(2026, 11, 23)
    assert "sau ngày chậm nhất" not in told.reasons[-1].text
    assert "Hạn theo luật vẫn là thứ Tư, 25/11/2026" in told.reasons[-1].text
    late = ClockEvent("apologised", at("2026-11-25T08:00"), until=date(2026, 12, 1))
    told = explain(at("2026-11-18T09:00"), Limit(4, "working_days"), CALENDAR, regime, [late])  # type: ignore[arg-type]
    assert "sau ngày chậm nhất thứ Hai, 23/11/2026" in told.reasons[-1].text


def test_a_supplement_after_an_apology_forgets_the_promise() -> None:
    told = explain(
        at("2026-06-01T09:00"), Limit(10, "working_days"), CALENDAR, ND61,
        [
            ClockEvent("apologised", at("2026-06-02T09:00"), until=date(2026, 6, 30)),
            ClockEvent("supplement_requested", at("2026-06-03T09:00")),
            ClockEvent("supplement_received", at("2026-06-12T09:00")),
        ],
    )  # fmt: skip
    assert told.promised is None and told.due_at == at("2026-06-26T17:00")


@pytest.mark.parametrize(
    "event",
    [
        ClockEvent("extended", at("2026-06-02T09:00"), limit=Limit(3, "days"), effect="total"),
        ClockEvent("extended", at("2026-06-02T09:00")),
        ClockEvent("extended", at("2026-06-02T09:00"), until=date(2026, 6, 3)),
        ClockEvent("extended", at("2026-06-02T09:00"), until=date(2026, 6, 15)),  # as it is
        ClockEvent("apologised", at("2026-06-02T09:00")),
    ],
)
def test_what_would_not_help_is_refused(event: ClockEvent) -> None:
    with pytest.raises(Refused) as refused:
        explain(at("2026-06-01T09:00"), Limit(10, "working_days"), CALENDAR, ND61, [event])
    assert refused.value.code == "bad_events"


def test_no_extension_while_the_clock_stands() -> None:
    events = [
        ClockEvent("paused", at("2026-06-02T09:00")),
        ClockEvent("extended", at("2026-06-03T09:00"), limit=Limit(2, "working_days")),
    ]
    with pytest.raises(Refused):
        explain(at("2026-06-01T09:00"), Limit(10, "working_days"), CALENDAR, ND61, events)
