"""The API under fire: what its own OpenAPI file allows and forbids, and one wrong thing at a time.

No answer is ever a crash; every refusal is a problem+json with a code and a Vietnamese sentence.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from sqlalchemy import select

from app.accounts import sessions
from app.core.facts import facts_of
from app.core.states import Status
from app.core.workflow import TRANSITIONS
from app.extensions import db, writing
from app.journey.audit import verify
from app.models import ApiToken, Dossier, Staff
from tests.make import TODAY, Office

STEADY = settings(
    deadline=None, derandomize=True, database=None, max_examples=20,
    phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
)  # fmt: skip
# What a person types begins with a capital and holds Vietnamese letters; a sentence ends.
SENTENCE = re.compile(r"^[A-ZÀ-ỸĐ“].*[.…]$", re.DOTALL)
MARKED = re.compile(r"[à-ỹđ]", re.IGNORECASE)


def token_of(app: Flask, username: str) -> str:
    """A program's key acting as a person of the demo office."""
    secret = sessions.new_token()
    with app.app_context(), writing() as session:
        staff = session.scalars(select(Staff).where(Staff.username == username)).one()
        session.add(
            ApiToken(
                token_hash=sessions.hash_token(secret), staff_id=staff.id, scopes="",
                created_at=TODAY,
            )
        )  # fmt: skip
    return secret


def bearer(app: Flask, username: str) -> dict[str, str]:
    """The headers of a program that acts as the person."""
    return {"Authorization": f"Bearer {token_of(app, username)}"}


def lawful(status: int, content_type: str, body: bytes) -> None:
    """Not a crash; and if refused, a problem that people and programs can read."""
    assert status < 500, (status, body[:500])
    if status < 400:
        return
    assert content_type == "application/problem+json", (status, content_type)
    told = json.loads(body)
    assert told["status"] == status and told["code"] and told["title"], told
    assert told["type"] == f"urn:motcua:problem:{told['code']}"
    for sentence in [told["detail"], *told.get("errors", {}).values()]:
        assert SENTENCE.match(sentence) and MARKED.search(sentence), told


def operations(app: Flask) -> Iterator[Any]:
    """Every operation of the app's own description."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in schema.get_all_operations():
        yield found.ok()


OPERATIONS = (
    "receive", "show", "events", "document", "search", "act", "procedures", "procedure",
    "full_process_figure",
)  # fmt: skip


def test_every_operation_is_shot_at(app: Flask) -> None:
    assert [o.definition.raw["operationId"] for o in operations(app)] == list(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda m: m.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_the_description_holds(app: Flask, name: str, mode: GenerationMode) -> None:
    """What the OpenAPI file says of statuses, types, headers and shapes is what comes."""
    headers = bearer(app, "tiepnhan")
    operation = next(o for o in operations(app) if o.definition.raw["operationId"] == name)
    known = _codes(app) if mode is GenerationMode.POSITIVE else [None]

    @STEADY
    @given(case=operation.as_strategy(generation_mode=mode), code=st.sampled_from(known))
    def shoot(case: Any, code: str | None) -> None:
        if code is not None and "code" in (case.path_parameters or {}) and name != "procedure":
            case.path_parameters["code"] = code
        answer = case.call_and_validate(
            headers=headers,
            excluded_checks=[schemathesis.checks.CHECKS.get_one("positive_data_acceptance")],
        )
        content_type = answer.headers.get("content-type", [""])[0]
        lawful(answer.status_code, content_type, answer.content)

    shoot()
    with app.app_context():
        assert verify(db.session).fault is None


def _codes(app: Flask) -> list[str | None]:
    """A dossier that is there, and none at all: then the made-up code stays."""
    with app.app_context():
        return [Office(app).receive().code, None]


TEXTS = [
    "", " ", "a\x00b", "\x1b[31m", "\ud800", "\u202eđảo", "<script>alert(1)</script>", "{{7*7}}",
    "%", "_", "\\", "'; DROP TABLE dossier;--", "🙂" * 60, "e\u0302\u0323" * 200, "한" * 150,
    "x" * 100_000, "١٢٣٤٥٦٧٨٩٠١٢", "²²²²", "../../etc/passwd", "a\r\nSet-Cookie: b=c", "ß" * 50,
    "0001-01-01", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00+14:00~" + "a" * 36, "null",
]  # fmt: skip
OTHERS: list[Any] = [
    None, True, False, 0, -1, 7, 2**31, 2**63, 10**30, 1.0, 1.5, 1e300, [], {}, [[]],
    {"index": 1}, ["a", None], {"a": {"b": ["c"]}},
]  # fmt: skip
NASTY = TEXTS + OTHERS
BODY: dict[str, Any] = {
    "procedure": "1.013228", "case": "rach-nat", "one_stop": "mot-cua-huyen",
    "commune": "nga-yen", "channel": "direct", "result_channel": "direct",
    "applicant": {
        "kind": "person", "name": "Nguyễn Thị Mẫu", "personal_id": "038190000123",
        "birth_date": "1990-02-05", "sex": "Nữ", "address": "Thôn 1, xã Nga Yên",
        "phone": "0912345678", "email": "mau@vidu.vn",
    },
    "submitter": {"name": "Trần Văn Thay", "personal_id": "038090000456"},
    "components": [
        {"index": 1, "originals": 1, "copies": 0, "held": 0}, {"index": 2, "originals": 1},
    ],
    "fees": [{"index": 1, "quantity": 1, "amount": 15000, "timing": "later",
              "exempt_reason": ""}],
    "note": "Ghi chú",
}  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        yield (*at, key)
        if isinstance(item, (dict, list)):
            yield from places(item, (*at, key))


def with_changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with one thing replaced."""
    made = copy.deepcopy(value)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return made


def stored(app: Flask) -> int:
    """How many dossiers there are."""
    with app.app_context():
        return len(db.session.scalars(select(Dossier.id)).all())


def send(client: FlaskClient, path: str, body: Any, headers: dict[str, str]) -> Any:
    """POST a value as JSON, lone surrogates as escapes."""
    return client.post(
        f"/api/v1{path}", data=json.dumps(body), headers=headers, content_type="application/json"
    )


def test_an_intake_with_one_wrong_thing(each_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Each value of the contract's body replaced by each nasty one: taken whole or not at all."""
    client, headers = each_app.test_client(), bearer(each_app, "tiepnhan")
    assert send(client, "/dossiers", BODY, headers).status_code == 201
    count = 1
    for path in places(BODY):
        for nasty in NASTY:
            answer = send(client, "/dossiers", with_changed(BODY, path, nasty), headers)
            lawful(answer.status_code, answer.content_type, answer.data)
            assert answer.status_code in (201, 400, 409, 422), (path, nasty, answer.data)
            count += answer.status_code == 201
    assert stored(each_app) == count
    assert "unstorable" not in caplog.text
    with each_app.app_context():
        assert verify(db.session).fault is None
    _draw_all(each_app, client, headers)


def _draw_all(app: Flask, client: FlaskClient, headers: dict[str, str]) -> None:
    """Every receipt of a strange name can be drawn."""
    with app.app_context():
        rows = db.session.execute(select(Dossier.applicant_name, Dossier.address, Dossier.code))
        codes = {(name, address): code for name, address, code in rows}
    assert len(codes) > 5
    for told, code in codes.items():
        answer = client.get(f"/api/v1/dossiers/{code}/documents/receipt.pdf", headers=headers)
        assert answer.status_code == 200 and answer.data[:5] == b"%PDF-", (told, answer.data[:300])


SEARCH: dict[str, Any] = {
    "text": "mau", "applicant": "nguyen", "status": ["accepted"], "one_stop": "mot-cua-huyen",
    "due_from": "2026-11-01T00:00:00+07:00", "due_to": "2027-01-01T00:00:00+07:00",
    "cursor": None, "limit": 25,
}  # fmt: skip


def test_a_search_with_one_wrong_thing(each_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    client, headers = each_app.test_client(), bearer(each_app, "tiepnhan")
    send(client, "/dossiers", BODY, headers)
    assert len(send(client, "/dossiers/search", SEARCH, headers).json["items"]) == 1
    for path in places(SEARCH):
        for nasty in NASTY:
            answer = send(client, "/dossiers/search", with_changed(SEARCH, path, nasty), headers)
            lawful(answer.status_code, answer.content_type, answer.data)
            assert answer.status_code in (200, 400, 422), (path, nasty, answer.data)
    assert "unstorable" not in caplog.text


@pytest.mark.parametrize("sign", ["%", "_", "\\", "%%", "a%", "m_u", "H56%", "-%1", "'", '"', "*"])
def test_a_wildcard_finds_itself_only(app: Flask, sign: str) -> None:
    client, headers = app.test_client(), bearer(app, "tiepnhan")
    send(client, "/dossiers", BODY, headers)
    for key in ("text", "applicant"):
        found = send(client, "/dossiers/search", {key: sign}, headers)
        assert (found.status_code, found.json["items"]) == (200, []), (key, found.json)
        marks = send(client, "/dossiers/search", {key: "\u0301\u0323"}, headers)
        assert marks.json["items"] == []  # nothing but marks is no text, not every text


# A state in which the straight way comes by, for each row, and who holds it there.
WHERE = {
    "start_at_one_stop": (Status.ACCEPTED, "tiepnhan"),
    "send_to_agency": (Status.ACCEPTED, "tiepnhan"),
    "void": (Status.ACCEPTED, "chanhvp"),
    "agency_receive": (Status.IN_TRANSFER, "vanthu"),
    "assign": (Status.APPRAISING, "truongphong"),
    "reassign": (Status.APPRAISING, "truongphong"),
    "propose_result": (Status.APPRAISING, "chuyenvien"),
    "propose_refusal": (Status.APPRAISING, "chuyenvien"),
    "finish_step": (Status.SUBMITTED_FOR_APPROVAL, "truongphong"),
    "send_back": (Status.SUBMITTED_FOR_APPROVAL, "truongphong"),
    "approve": (Status.SUBMITTED_FOR_APPROVAL, "lanhdao"),
    "clerk_return": (Status.APPROVED, "vanthu"),
    "issue": (Status.APPROVED, "vanthu"),
    "issue_refusal": (Status.APPROVED, "vanthu"),
    "receive_result": (Status.ISSUED, "traketqua"),
    "return_direct": (Status.AT_ONE_STOP, "traketqua"),
    "amend_data": (Status.AT_ONE_STOP, "tiepnhan"),
    "return_transfer": (Status.IN_TRANSFER, "vanthu"),
    "start_verification": (Status.APPRAISING, "chuyenvien"),
    "consult": (Status.APPRAISING, "chuyenvien"),
    "propose_supplement": (Status.APPRAISING, "chuyenvien"),
    "pause_excluded": (Status.APPRAISING, "chuyenvien"),
    "propose_extension": (Status.APPRAISING, "truongphong"),
    "extend_limit": (Status.APPRAISING, "truongphong"),
    "extend_once": (Status.APPRAISING, "chanhvp"),
    "require_payment": (Status.APPRAISING, "tiepnhan"),
    "collect_fee": (Status.APPRAISING, "tiepnhan"),
    "request_withdraw": (Status.APPRAISING, "tiepnhan"),
    "halt": (Status.APPRAISING, "lanhdao"),
    "recall": (Status.SUBMITTED_FOR_APPROVAL, "chuyenvien"),
    "return_to_agency": (Status.AT_ONE_STOP, "tiepnhan"),
    "hand_to_post": (Status.AT_ONE_STOP, "tiepnhan"),
    "return_online": (Status.AT_ONE_STOP, "tiepnhan"),
    "notify_ready": (Status.AT_ONE_STOP, "tiepnhan"),
}
ACTIONS = [
    row for row in TRANSITIONS if row.action in WHERE and WHERE[row.action][0] in row.sources
]
GIVEN: dict[str, Any] = {
    "reason": "Có lý do cụ thể.", "reason_code": "not_eligible", "assignee": "chuyenvien",
    "number": "5", "symbol": "GPXD", "receiver": "Nguyễn Thị Mẫu", "receiver_id": "038190000123",
    "originals_returned": True, "fee_paid": True, "changes": {"phone": "0987654321"},
    "items": [{"component": 1, "defect": "Mờ"}], "units": ["phong-tnmt"], "amount": 1000,
    "answer_by": "2026-12-08", "held_at": "2026-11-27", "pause_kind": "publicity",
    "late_code": "volume", "new_date": "2026-12-30", "told_by": "phone", "extension": "1",
    "agreed_days": "2026-12-30",
}  # fmt: skip


def _facts(row: Any) -> dict[str, Any]:
    told = {fact.name: GIVEN.get(fact.name, "Chữ.") for fact in facts_of(row)}
    told |= {k: v for k, v in {"issued_on": "2026-11-25", "receiver_relation": "self"}.items()
             if k in told}  # fmt: skip
    return told | {"note": "Ghi chú.", "step": None}


@pytest.mark.parametrize("row", ACTIONS, ids=lambda r: r.action)
def test_an_act_with_one_wrong_thing(app: Flask, row: Any) -> None:
    """Each fact of each action replaced by each nasty value: done by the rules, or refused."""
    status, username = WHERE[row.action]
    client, headers = app.test_client(), bearer(app, username)
    told = _facts(row)
    wrong = [(p, n) for p in places(told) for n in NASTY]
    wrong += [(("changes", key), n) for key in ("note", "applicant_name", "birth_date", "email")
              for n in NASTY if "changes" in told]  # fmt: skip
    dossier = None
    for path, nasty in wrong:
        dossier = dossier or _walked(app, status)
        version, path_of = dossier.version, f"/dossiers/{dossier.code}/actions/{row.action}"
        answer = send(
            client, path_of, with_changed(told, path, nasty),
            headers | {"If-Match": f'"{version}"'},
        )  # fmt: skip
        lawful(answer.status_code, answer.content_type, answer.data)
        assert answer.status_code in (200, 400, 409, 422), (path, nasty, answer.data)
        if answer.status_code == 200:
            dossier = None
    with app.app_context():
        assert verify(db.session).fault is None


def _walked(app: Flask, status: Status) -> Any:
    with app.app_context():
        office = Office(app)
        return office.walk(office.receive(), status)


BODIES = {
    "empty": (b"", 422), "blank": (b"  \n", 400), "no json": (b"{procedure: 1}", 400),
    "half": (b'{"procedure": "1.0', 400), "not utf-8": (b'{"procedure": "\xff\xfe"}', 400),
    "utf-16": ('{"procedure": "1"}'.encode("utf-16"), 400),
    "a key twice": (b'{"procedure": "1.013228", "procedure": "1.013228"}', 400),
    "a key twice below": (b'{"applicant": {"name": "A", "name": "B"}}', 400),
    "NaN": (b'{"components": [{"index": NaN}]}', 400), "Infinity": (b'[-Infinity]', 400),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, 400),
    "deep objects": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400),
    "a little too deep": (b"[" * 13 + b"]" * 13, 400),
    "a very long number": (b'{"components": [{"index": ' + b"9" * 5_000 + b"}]}", 400),
    "a long number": (b'{"components": [{"index": ' + b"9" * 30 + b"}]}", 422),
    "a list": (b"[]", 422), "a text": (b'"1.013228"', 422), "null": (b"null", 422),
    "a strange key": (b'{"\\ud800": 1}', 400),
    "a megabyte": (b'{"note": "' + b"a" * 10**6 + b'"}', 422),
    "with a mark of order": (b'\xef\xbb\xbf{"procedure": 5}', 422),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_none(app: Flask, name: str) -> None:
    raw, status = BODIES[name]
    client, headers = app.test_client(), bearer(app, "tiepnhan")
    for path in ("/dossiers", "/dossiers/search"):
        answer = client.post(
            f"/api/v1{path}", data=raw, headers=headers, content_type="application/json"
        )
        lawful(answer.status_code, answer.content_type, answer.data)
        if path == "/dossiers":
            assert answer.status_code == status, answer.data
    assert stored(app) == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml"])
def test_a_body_of_another_kind(app: Flask, kind: str) -> None:
    client, headers = app.test_client(), bearer(app, "tiepnhan")
    answer = client.post("/api/v1/dossiers", data="{}", headers=headers, content_type=kind)
    assert (answer.status_code, answer.json["code"]) == (415, "not_json")


def test_a_wrong_field_is_named(app: Flask) -> None:
    client, headers = app.test_client(), bearer(app, "tiepnhan")
    body = BODY | {"applicant": {"nam": "A"}, "components": [{"index": "1"}], "extra": 1}
    told = send(client, "/dossiers", body, headers).json
    assert told["code"] == "bad_request"
    assert set(told["errors"]) == {
        "applicant.name", "applicant.nam", "components[0].index", "extra",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ('"1"', 200, None), ("1", 200, None), ('W/"1"', 200, None), (None, 428, "version_required"),
        ('"2"', 409, "stale"), ('"0"', 409, "stale"), ("*", 422, "bad_request"),
        ('"1", "2"', 422, "bad_request"), ("-1", 422, "bad_request"), ("", 422, "bad_request"),
        ("9" * 50, 422, "bad_request"), ("1.0", 422, "bad_request"),
        ("một".encode().decode("latin-1"), 422, "bad_request"),
    ],
)  # fmt: skip
def test_forms_of_if_match(app: Flask, header: str | None, status: int, code: str | None) -> None:
    client, headers = app.test_client(), bearer(app, "tiepnhan")
    dossier = _walked(app, Status.ACCEPTED)
    named = headers | ({"If-Match": header} if header is not None else {})
    answer = send(client, f"/dossiers/{dossier.code}/actions/send_to_agency", {}, named)
    assert (answer.status_code, answer.json.get("code") if code else None) == (status, code)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "QUERY", "HEAD", "GET"])
def test_other_methods_say_what_is_allowed(app: Flask, method: str) -> None:
    client, headers = app.test_client(), bearer(app, "tiepnhan")
    answer = client.open("/api/v1/dossiers", method=method, headers=headers)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"POST", "OPTIONS"}
    if method != "HEAD":
        lawful(405, answer.content_type, answer.data)


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 81, "a\x00b", "\t"])
def test_keys_that_are_none(app: Flask, key: str) -> None:
    client, headers = app.test_client(), bearer(app, "tiepnhan")
    answer = send(client, "/dossiers", BODY, headers | {"Idempotency-Key": key})
    assert answer.status_code == 422 and "Idempotency-Key" in answer.json["errors"]


def test_a_key_answers_even_when_the_same_intake_would_be_refused_now(app: Flask) -> None:
    client, headers = app.test_client(), bearer(app, "tiepnhan") | {"Idempotency-Key": "k1"}
    first = send(client, "/dossiers", BODY, headers)
    again = send(client, "/dossiers", BODY | {"components": []}, headers)
    assert (again.status_code, again.json["code"]) == (201, first.json["code"])
    other = bearer(app, "traketqua") | {"Idempotency-Key": "k1"}
    assert send(client, "/dossiers", BODY | {"components": []}, other).status_code == 409


def test_the_file_tells_of_problems_security_and_facts(app: Flask) -> None:
    told = app.test_client().get("/api/v1/openapi.json").json
    assert told["openapi"].startswith("3.1")
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert told["security"] == [{"token": []}]
    problem = told["components"]["schemas"]["ProblemOut"]
    assert set(problem["required"]) == {"type", "title", "status", "detail", "code"}
    for methods in told["paths"].values():
        for method, operation in methods.items():
            if method == "parameters":
                continue
            assert {"401", "default"} <= set(operation["responses"]), operation
    for response in told["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
    facts = told["components"]["schemas"]["ActionIn"]["properties"]
    named = {fact.name for row in ACTIONS for fact in facts_of(row)}
    assert named | {"step", "note"} <= set(facts)
    document = told["paths"]["/api/v1/dossiers/{code}/documents/{form}.pdf"]["get"]
    assert "application/pdf" in document["responses"]["200"]["content"]


def test_the_files_examples_are_good(app: Flask) -> None:
    told = app.test_client().get("/api/v1/openapi.json").json
    client, headers = app.test_client(), bearer(app, "tiepnhan")
    for path, status in (("/dossiers", 201), ("/dossiers/search", 200)):
        content = told["paths"][f"/api/v1{path}"]["post"]["requestBody"]["content"]
        example = content["application/json"]["example"]
        assert send(client, path, example, headers).status_code == status
