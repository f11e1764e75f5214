"""Rating the service: one answer a dossier and stage, nobody's name, wrong ones come back."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.states import Status
from app.extensions import db
from app.lookup.stages import stage_of
from app.models import Rating
from tests.make import Office

GOOD = {"attitude": "2", "timing": "1", "contacts": "0", "extra_cost": "0", "comment": "Nhanh."}


def test_a_rating_is_kept_once_a_stage(each_office: Office) -> None:
    browser = each_office.app.test_client()
    dossier = each_office.receive()
    url = f"/t/{dossier.lookup_code}/danh-gia"
    assert f'href="{url}"' in browser.get(f"/t/{dossier.lookup_code}").text
    assert "Cảm ơn bạn" in browser.post(url, data=GOOD).text
    assert "đã được đánh giá" in browser.post(url, data=GOOD).text
    each_office.walk(each_office.fresh(dossier.id))
    assert "Cảm ơn bạn" in browser.post(url, data=GOOD | {"attitude": "0"}).text
    rows = db.session.scalars(select(Rating).order_by(Rating.stage)).all()
    assert [(r.stage, r.attitude, r.timing, r.contacts) for r in rows] == [
        ("accept", 2, 1, 0), ("return", 0, 1, 0),
    ]  # fmt: skip
    assert {r.one_stop for r in rows} == {"mot-cua-huyen"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"attitude": ""}, "Hãy chọn một câu trả lời."),
        ({"contacts": "9"}, "Hãy chọn một câu trả lời."),
        ({"comment": "x" * 1001}, "hãy viết gọn trong 1000"),
    ],
)
def test_what_is_wrong_comes_back_with_the_rest(
    office: Office, client: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    dossier = office.receive()
    answer = client.post(f"/t/{dossier.lookup_code}/danh-gia", data=GOOD | wrong)
    assert answer.status_code == 422 and sentence in answer.text
    assert answer.text.count(" checked") == 4 - (len(wrong) if "comment" not in wrong else 0)
    assert db.session.scalars(select(Rating)).all() == []


def test_a_wrong_code_rates_nothing(office: Office, client: FlaskClient) -> None:
    office.receive()
    assert client.post("/t/0000000000/danh-gia", data=GOOD).status_code == 404


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (Status.SUBMITTED, None), (Status.ACCEPTED, "accept"), (Status.APPRAISING, "accept"),
        (Status.INTAKE_REFUSED, "refuse"), (Status.SUPPLEMENT_REQUESTED, "supplement"),
        (Status.RETURNED, "return"), (Status.VOIDED, None), (Status.WITHDRAWN, None),
    ],
)  # fmt: skip
def test_which_stage(status: Status, stage: str | None) -> None:
    assert stage_of(status) == stage
