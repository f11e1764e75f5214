"""What no field can hold is refused with a sentence, and everything typed comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core.completeness import FeeGiven
from app.core.refusals import Refused
from tests.desk.hands import text
from tests.intake.form import errors, send, value_of
from tests.make import PERSON, TODAY, Office, make_request


@pytest.fixture
def clerk(as_user: Any) -> FlaskClient:
    return as_user("tiepnhan")


def test_a_key_that_was_spoiled_is_no_fault_of_the_database(clerk: FlaskClient) -> None:
    answer = send(clerk, key="k" * 81)
    html = text(answer)
    assert answer.status_code == 422 and "bị hỏng khi gửi, chưa lưu gì" in html
    assert value_of(html, "name") == PERSON["name"]
    assert len(value_of(html, "key") or "") == 36


def test_a_note_with_what_nobody_can_read(clerk: FlaskClient) -> None:
    answer = send(clerk, note="gấp\x07")
    assert answer.status_code == 422
    assert errors(text(answer)) == {"note": "Ghi chú có ký tự không đọc được, hãy gõ lại mục này."}
    assert send(clerk, note="dòng một\r\n\tdòng hai").status_code == 303


def test_nobody_is_born_tomorrow(clerk: FlaskClient, office: Office) -> None:
    answer = send(clerk, birth_date="05/02/2999")
    assert "chưa đến" in errors(text(answer))["birth_date"] and answer.status_code == 422
    second = {"name": "Lê Văn Hai", "birth_date": f"{TODAY + timedelta(days=1):%d/%m/%Y}"}
    with pytest.raises(Refused) as refused:
        office.receive(make_request(submitter=second))
    assert set(refused.value.fields) == {"submitter.birth_date"}


def test_a_reason_of_exemption_has_its_length(office: Office) -> None:
    long = FeeGiven(1, exempt_reason="vì " * 120, timing="later")
    with pytest.raises(Refused) as refused:
        office.receive(make_request(fees=(long,)))
    assert refused.value.fields == {"fees[0].exempt": "Lý do miễn dài quá 300 ký tự, hãy viết gọn."}


def test_amending_keeps_what_the_post_needs(office: Office) -> None:
    dossier = office.receive(make_request(result_channel="post"))
    told = {"reason": "gõ nhầm"}
    for changes, field in (
        ({"address": ""}, "address"),
        ({"birth_date": "05/02/2999"}, "birth_date"),
    ):
        with pytest.raises(Refused) as refused:
            office.act(dossier, "amend_data", "tiepnhan", changes=changes, **told)
        assert set(refused.value.fields) == {field}
    direct = office.receive()
    office.act(direct, "amend_data", "tiepnhan", changes={"address": ""}, **told)
    with pytest.raises(Refused):
        office.act(direct, "amend_data", "tiepnhan", changes={"result_channel": "post"}, **told)
