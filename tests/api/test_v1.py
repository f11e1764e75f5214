"""The API as the contract has it: receive, show, act, search, papers, figures."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from app.accounts import sessions
from app.extensions import db, writing
from app.models import ApiToken, Dossier, Event, Staff
from tests.make import TODAY, Statements

BODY: dict[str, Any] = {
    "procedure": "1.013228",
    "case": "rach-nat",
    "one_stop": "mot-cua-huyen",
    "channel": "direct",
    "result_channel": "direct",
    "applicant": {
        "kind": "person", "name": "Nguyễn Thị Mẫu", "personal_id": "038190000123",
        "birth_date": "1990-02-05", "sex": "Nữ", "address": "Thôn 1, xã Nga Yên",
        "phone": "0912345678", "email": None,
    },
    "submitter": None,
    "components": [{"index": 1, "originals": 1}, {"index": 2, "originals": 1, "held": 1}],
    "fees": [{"index": 1, "amount": 15000, "timing": "later"}],
    "note": "",
}  # fmt: skip


class Program:
    """A program with a token, speaking JSON."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.post(f"/api/v1{path}", json=body, headers=self.headers | named)

    def act(self, told: dict[str, Any], action: str, **facts: Any) -> Any:
        path = f"/dossiers/{told['code']}/actions/{action}"
        return self.post(path, facts, If_Match=f'"{told["version"]}"')


@pytest.fixture
def as_program(app: Flask) -> Any:
    """`as_program("tiepnhan", "dossiers:read")`: a program acting as that person."""

    def make(username: str, *scopes: str) -> Program:
        secret = sessions.new_token()
        with app.app_context(), writing() as session:
            staff = session.scalars(select(Staff).where(Staff.username == username)).one()
            session.add(
                ApiToken(
                    token_hash=sessions.hash_token(secret), staff_id=staff.id,
                    scopes=" ".join(scopes), created_at=TODAY,
                )
            )  # fmt: skip
        return Program(app.test_client(), secret)

    return make


def test_receive_as_the_contract_shows(as_program: Any) -> None:
    answer = as_program("tiepnhan").post("/dossiers", BODY)
    assert answer.status_code == 201, answer.json
    told = answer.json
    assert told["code"] == "H56.99-261125-0001"
    assert len(told["lookup_code"]) == 10
    assert told["lookup_url"].endswith(f"/t/{told['lookup_code']}")
    assert (told["status"], told["version"]) == ("accepted", 1)
    assert told["regime"] == "ND61_2018"
    assert told["accepted_at"].startswith("2026-11-25T09:00")
    assert told["due_at"] == "2026-12-02T17:00:00+07:00"
    assert told["due_reasons"][0]["text"] and told["due_reasons"][0]["basis"]
    assert told["allowed_actions"] == [
        "send_to_agency", "request_withdraw", "amend_data", "collect_fee",
        "report_lost",
    ]  # fmt: skip
    assert told["documents"] == [
        {"form": "receipt", "url": f"/api/v1/dossiers/{told['code']}/documents/receipt.pdf"}
    ]
    assert answer.headers["ETag"] == '"1"'


def test_receive_costs_at_most_twelve_statements(app: Flask, as_program: Any) -> None:
    program = as_program("tiepnhan")
    program.post("/dossiers", BODY)  # the office is read once a process
    with Statements(app) as seen:
        assert program.post("/dossiers", BODY, Idempotency_Key="once").status_code == 201
    assert len(seen) <= 12, seen.seen


def test_same_key_same_answer(app: Flask, as_program: Any) -> None:
    program = as_program("tiepnhan")
    first = program.post("/dossiers", BODY, Idempotency_Key="a1")
    again = program.post("/dossiers", BODY, Idempotency_Key="a1")
    assert again.status_code == 201
    ignored = {"warnings"}
    assert {k: v for k, v in again.json.items() if k not in ignored} == {
        k: v for k, v in first.json.items() if k not in ignored
    }
    other = program.post("/dossiers", BODY, Idempotency_Key="a2")
    assert other.json["code"] != first.json["code"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Dossier)) == 2


def test_the_old_number_goes_in_and_comes_out(as_program: Any) -> None:
    program = as_program("tiepnhan")
    told = program.post("/dossiers", BODY | {"applicant": BODY["applicant"] | {
        "old_id": "171234567"}}).json  # fmt: skip
    assert told["applicant"]["old_id"] == "171234567"
    assert program.get(f"/dossiers/{told['code']}").json["applicant"]["old_id"] == "171234567"
    found = program.post("/dossiers/search", {"text": "171234567"}).json["items"]
    assert [item["code"] for item in found] == [told["code"]]
    without = program.post("/dossiers", BODY).json
    assert without["applicant"]["old_id"] is None


def test_another_program_may_use_the_same_key(as_program: Any) -> None:
    one = as_program("tiepnhan").post("/dossiers", BODY, Idempotency_Key="k")
    two = as_program("traketqua").post("/dossiers", BODY, Idempotency_Key="k")
    assert one.json["code"] != two.json["code"]


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"components": []}, 409, "incomplete", "components.1"),
        ({"case": None}, 422, "case_required", "case"),
        ({"case": "khac"}, 422, "no_such_case", "case"),
        ({"procedure": "9.999999"}, 422, "no_such_procedure", None),
        ({"one_stop": "khong-co"}, 422, "no_such_unit", None),
        ({"one_stop": "mot-cua-xa@nga-yen"}, 409, "not_allowed", None),
        ({"channel": "fax"}, 422, "bad_request", "channel"),
        ({"components": [{"index": 9}]}, 422, "no_such_component", "components"),
        ({"applicant": {"name": ""}}, 422, "bad_request", "applicant.name"),
        ({"applicant": {"name": "A", "personal_id": "123"}}, 422, "bad_request",
         "applicant.personal_id"),
        ({"applicant": {"name": "A", "old_id": "1712"}}, 422, "bad_request", "applicant.old_id"),
        ({"submitter": {"name": "A", "old_id": "171234567"}}, 422, "bad_request",
         "submitter.old_id"),
        ({"applicant": {"name": "A", "phone": "12"}}, 422, "bad_request", "applicant.phone"),
        ({"fees": [{"index": 1, "amount": -5}]}, 422, "bad_fee", "fees[0].amount"),
        ({"fees": [{"index": 7}]}, 422, "no_such_fee", "fees[0].index"),
    ],
)  # fmt: skip
def test_a_wrong_intake_says_what_is_wrong_and_stores_nothing(
    app: Flask, as_program: Any, change: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    answer = as_program("tiepnhan").post("/dossiers", BODY | change)
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert answer.content_type == "application/problem+json"
    assert answer.json["detail"].endswith((".", "…")) and " " in answer.json["detail"]
    if field:
        assert field in answer.json["errors"], answer.json
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Dossier)) == 0
        assert (
            db.session.scalar(
                select(func.count()).select_from(Event).where(Event.action == "accept")
            )
            == 0
        )


@pytest.mark.parametrize("body", [{"procedure": 5}, {"applicant": "x"}, {"unknown": 1}, []])
def test_a_body_of_another_shape_is_422(as_program: Any, body: Any) -> None:
    sent = BODY | body if isinstance(body, dict) else body
    answer = as_program("tiepnhan").post("/dossiers", sent)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


def test_acting_needs_the_version(as_program: Any) -> None:
    program = as_program("tiepnhan")
    told = program.post("/dossiers", BODY).json
    path = f"/dossiers/{told['code']}/actions/send_to_agency"
    assert program.post(path, {}).status_code == 428
    stale = program.post(path, {}, If_Match='"7"')
    assert (stale.status_code, stale.json["code"]) == (409, "stale")
    assert program.post(path, {}, If_Match="x").status_code == 422
    good = program.act(told, "send_to_agency")
    assert (good.status_code, good.json["status"], good.json["version"]) == (200, "in_transfer", 2)


def test_from_counter_to_return_over_the_api(as_program: Any) -> None:
    people = {
        name: as_program(name)
        for name in ("tiepnhan", "chuyenvien", "truongphong", "lanhdao", "vanthu", "traketqua")
    }
    told = people["tiepnhan"].post("/dossiers", BODY).json

    def go(name: str, action: str, **facts: Any) -> None:
        nonlocal told
        answer = people[name].act(told, action, **facts)
        assert answer.status_code == 200, (action, answer.json)
        told = answer.json

    go("tiepnhan", "send_to_agency")
    go("vanthu", "agency_receive")
    # phong-kt-ht has one case officer only: assigned by itself
    assert told["status"] == "appraising"
    go("truongphong", "reassign", assignee="chuyenvien", reason="Giữ người đang làm.")
    go("chuyenvien", "propose_result", opinion="Đủ điều kiện.")
    assert told["status"] == "submitted_for_approval"
    go("truongphong", "finish_step", opinion="Đồng ý.")
    refused = people["chuyenvien"].act(told, "approve")
    assert refused.status_code == 409 and refused.json["code"] == "not_allowed"
    go("lanhdao", "approve")
    go("vanthu", "issue", number="12", symbol="GPXD")
    assert told["status"] == "issued" and told["result_number"] == "12/GPXD"
    go("traketqua", "receive_result", shelf="Kệ 2")
    missing = people["traketqua"].act(
        told, "return_direct", receiver="Nguyễn Thị Mẫu", receiver_id="038190000123"
    )
    assert missing.status_code == 422
    assert set(missing.json["errors"]) == {"originals_returned", "fee_paid"}
    go(
        "traketqua",
        "return_direct",
        receiver="Nguyễn Thị Mẫu",
        receiver_id="038190000123",
        originals_returned=True,
        fee_paid=True,
    )
    assert (told["status"], told["fee_due"]) == ("returned", 0)
    events = people["tiepnhan"].get(f"/dossiers/{told['code']}/events").json["items"]
    assert [e["action"] for e in events] == [
        "accept", "send_to_agency", "agency_receive", "assign", "reassign", "propose_result",
        "finish_step", "approve", "issue", "receive_result", "return_direct",
    ]  # fmt: skip
    assert events[0]["previous"] == "0" * 64
    assert all(b["previous"] == a["hash"] for a, b in pairwise(events))


def test_a_refused_attempt_stays_in_the_accounts_chain(app: Flask, as_program: Any) -> None:
    told = as_program("tiepnhan").post("/dossiers", BODY).json
    answer = as_program("traketqua").act(told, "void", reason="Thử hủy.")
    assert answer.status_code == 409
    with app.app_context():
        staff = db.session.scalars(select(Staff).where(Staff.username == "traketqua")).one()
        event = db.session.scalars(select(Event).where(Event.subject == staff.id)).one()
        facts = json.loads(event.body)["facts"]
        assert (event.action, facts["action"], facts["dossier"]) == (
            "refused", "void", told["code"],
        )  # fmt: skip


def test_receipt_is_drawn_on_request_and_always_the_same(as_program: Any) -> None:
    program = as_program("tiepnhan")
    told = program.post("/dossiers", BODY).json
    path = f"/dossiers/{told['code']}/documents/receipt.pdf"
    first, second = program.get(path), program.get(path)
    assert first.content_type == "application/pdf"
    assert first.data == second.data and first.data.startswith(b"%PDF")
    drawn = [
        e
        for e in program.get(f"/dossiers/{told['code']}/events").json["items"]
        if e["action"] == "document_drawn"
    ]
    assert len(drawn) == 1
    again = program.get(path + "?reprint=1")
    assert again.data != first.data
    assert "In lại lần 1" in _text(again.data) and told["code"] in _text(first.data)
    assert program.get(f"/dossiers/{told['code']}/documents/khac.pdf").status_code == 404


def _text(pdf: bytes) -> str:
    import io

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_search_pages_by_key(as_program: Any) -> None:
    program = as_program("tiepnhan")
    codes = [program.post("/dossiers", BODY).json["code"] for _ in range(5)]
    page = program.post("/dossiers/search", {"text": "mau", "limit": 3}).json
    rest = program.post(
        "/dossiers/search", {"text": "mau", "limit": 3, "cursor": page["cursor"]}
    ).json
    found = [item["code"] for item in page["items"] + rest["items"]]
    assert sorted(found) == sorted(codes) and rest["cursor"] is None
    assert program.post("/dossiers/search", {"text": "không có ai"}).json["items"] == []
    assert program.post("/dossiers/search", {"cursor": "x"}).status_code == 422


def test_other_units_see_nothing(as_program: Any) -> None:
    told = as_program("tiepnhan").post("/dossiers", BODY).json
    commune = as_program("tiepnhan.xa")
    assert commune.get(f"/dossiers/{told['code']}").status_code == 404
    assert commune.post("/dossiers/search", {"text": "mau"}).json["items"] == []
    assert as_program("quantri").get(f"/dossiers/{told['code']}").status_code == 404
    assert as_program("chanhvp").get(f"/dossiers/{told['code']}").status_code == 200


def test_tokens_are_needed_and_scoped(app: Flask, as_program: Any, as_user: Any) -> None:
    assert app.test_client().get("/api/v1/procedures").status_code == 401
    assert Program(app.test_client(), "wrong").get("/procedures").status_code == 401
    assert as_user("tiepnhan").get("/api/v1/procedures").status_code == 401  # a cookie is no token
    reader = as_program("tiepnhan", "dossiers:read")
    assert reader.get("/procedures").status_code == 200
    answer = reader.post("/dossiers", BODY)
    assert (answer.status_code, answer.json["code"]) == (409, "not_allowed")


def test_procedures_and_figure(as_program: Any) -> None:
    program = as_program("chanhvp")
    offered = program.get("/procedures").json["items"]
    assert len(offered) >= 40 and all(item["components"] or True for item in offered)
    one = program.get("/procedures/1.013228").json
    assert one["limit"] == {"amount": 5, "unit": "working_days"}
    assert program.get("/procedures/9.999999").status_code == 404
    figure = program.get("/metrics/full-process").json
    assert figure["procedures"] == {"full": 8, "all": 15, "met": True}
    assert figure["eligible_without_record"] == ["1.013228"]


def test_openapi_is_public_and_lists_the_calls(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").json["paths"]
    assert {
        "/api/v1/dossiers",
        "/api/v1/dossiers/search",
        "/api/v1/procedures",
        "/api/v1/dossiers/{code}/actions/{action}",
    } <= set(paths)
