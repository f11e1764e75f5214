"""What a citizen reads while it is their turn, while the clock stands, and after an early end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.clock import VIETNAM
from app.core.states import Status
from app.models import Dossier
from tests.make import Office, make_request

ITEM = {"component": 1, "defect": "Thiếu chữ ký", "todo": "Ký và nộp lại"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def page(client: FlaskClient, dossier: Dossier, now: str) -> str:
    """The words of the dossier's page at a moment."""
    clock.start_at(at(now))
    answer = client.get(f"/t/{dossier.lookup_code}")
    assert answer.status_code == 200
    html = re.sub(r"<style.*?</style>", "", answer.get_data(as_text=True), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def appraising(office: Office, **given: object) -> Dossier:
    office.now = at("2026-06-01T09:00")
    return office.walk(office.receive(make_request(**given)), Status.APPRAISING)


def asked(office: Office) -> Dossier:
    dossier = appraising(office)
    office.act(dossier, "propose_supplement", "chuyenvien", items=[ITEM], reason="Đơn chưa ký.")
    office.act(dossier, "approve_notice", "truongphong")
    office.act(dossier, "request_supplement", "tiepnhan", at=at("2026-06-03T10:00"))
    return office.fresh(dossier.id)


def proposed(office: Office) -> Dossier:
    dossier = appraising(office)
    office.act(dossier, "propose_supplement", "chuyenvien", items=[ITEM], reason="Đơn chưa ký.")
    return office.fresh(dossier.id)


def withdrawing(office: Office) -> Dossier:
    dossier = appraising(office)
    office.act(dossier, "request_withdraw", "tiepnhan", reason="Không còn nhu cầu.")
    return office.fresh(dossier.id)


def withdrawn(office: Office) -> Dossier:
    dossier = withdrawing(office)
    office.act(dossier, "confirm_withdraw", "chanhvp", fee_decision="none",
               originals_returned=True)  # fmt: skip
    return office.fresh(dossier.id)


def posted(office: Office) -> Dossier:
    office.now = at("2026-06-01T09:00")
    request = make_request(result_channel="post")
    dossier = office.walk(office.receive(request), Status.AT_ONE_STOP)
    office.act(dossier, "hand_to_post", "tiepnhan", at=at("2026-06-08T10:00"), waybill="RR123VN",
               originals_returned=True, fee_paid=True)  # fmt: skip
    return office.fresh(dossier.id)


@pytest.mark.parametrize(
    ("work", "now", "said", "unsaid"),
    [
        (
            asked, "2026-06-04T08:00",
            ("Chờ bạn", "Cần bổ sung giấy tờ", "Ký và nộp lại.",
             "Thông báo ngày Thứ Tư, 03/06/2026",
             "tính lại từ đầu", "giấy tờ tùy thân"),
            ("trễ", "Hẹn trả kết quả", "Đơn chưa ký"),
        ),
        (
            proposed, "2026-06-02T08:00",
            ("Hồ sơ đang được thẩm định", "Hẹn trả kết quả"), ("bổ sung", "Thiếu chữ ký"),
        ),
        (
            withdrawing, "2026-06-02T08:00", ("Đang xem xét yêu cầu rút hồ sơ",),
            ("Không còn nhu cầu",),
        ),
        (withdrawn, "2026-06-02T08:00", ("Hồ sơ đã rút theo yêu cầu", "Rút ngày"), ("trễ",)),
        (
            posted, "2026-06-20T08:00",
            ("Kết quả đang được bưu chính chuyển đến", "Số hiệu bưu gửi: RR123VN.",
             "Gửi ngày Thứ Hai, 08/06/2026"), ("trễ",),
        ),
    ],
)  # fmt: skip
def test_the_page_says_what_to_do(
    app: Flask, client: FlaskClient, work: Callable[[Office], Dossier], now: str,
    said: tuple[str, ...], unsaid: tuple[str, ...],
) -> None:  # fmt: skip
    with app.app_context():
        dossier = work(Office(app))
    words = page(client, dossier, now)
    for text in said:
        assert text in words, words
    for text in unsaid:
        assert text not in words, words
