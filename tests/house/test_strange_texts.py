"""Strange texts in every field and address: taken by the rules or sent back, shown as text."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from app.core.states import Status
from app.extensions import db
from app.failures import Brake
from app.journey.audit import verify
from tests.house.test_security import PASSWORD, bearer, received, sign_in
from tests.intake.form import filled
from tests.make import PERSON, Office, make_request

# The stricter of the two: it knows lengths, and no NUL.
ON_POSTGRES = pytest.mark.parametrize(
    "each_app", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
PEOPLE = ("tiepnhan", "chuyenvien", "truongphong", "lanhdao", "vanthu", "chanhvp", "quantri")
SCRIPT = "<script>alert(1)</script>"
STRANGE = [
    SCRIPT, "\"'><img src=x onerror=alert(1)>", "{{7*7}}", "{% for %}", "%s%n%(x)s", "\u202eđảo",
    "a\x00b", "\x1b[31m", "e\u0302\u0323" * 150, "한" * 150, "🙂" * 60, "ß" * 50, "İ" * 60,
    "²²²²", "%", "_", "\\", "'; DROP TABLE dossier;--", "../../etc/passwd", "a\r\nX: y", "-1",
    "9" * 30, "1e9", "31/12/9999", "01/01/0001", "0001-01-01T00:00:00+14:00~" + "a" * 36,
    "x" * 5_000, "//evil.example", " ", "a " * 2_000,
]  # fmt: skip


QUERIES = ("q", "tt", "tre", "sau", "tu", "ngay", "tim", "quay", "thu-tuc", "truong-hop", "nhap",
           "nguoi", "so", "moi", "next", "lan", "sex", "birth_date", "token", "xem")  # fmt: skip


def _gets(app: Flask) -> list[Any]:
    return [
        rule for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/static"))
    ]  # fmt: skip


@pytest.mark.parametrize("username", ["tiepnhan", "chanhvp"])
def test_no_strange_address_breaks_a_page(
    each_app: Flask, username: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Every page × every parameter × every strange text."""
    received(each_app)
    browser = sign_in(each_app, username)
    strict = not each_app.extensions["motcua.settings"].is_sqlite
    odd_ones = STRANGE if strict and username == "tiepnhan" else STRANGE[::3]
    for rule in _gets(each_app):
        paths = [rule.rule]
        if rule.arguments:
            paths = [re.sub(r"<[^>]+>", quote(odd, safe=""), rule.rule) for odd in odd_ones]
        for path in paths:
            _not_broken(browser.get(path), path)
            each_app.extensions["motcua.brake"] = Brake()
        if not rule.arguments:
            for odd in odd_ones:
                address = f"{rule.rule}?" + "&".join(f"{key}={quote(odd)}" for key in QUERIES)
                _not_broken(browser.get(address), address)
    assert "unstorable" not in caplog.text


def _not_broken(answer: Any, where: str) -> None:
    assert answer.status_code < 500, (where[:200], answer.get_data(as_text=True)[:300])
    if answer.mimetype == "text/html":
        html = answer.get_data(as_text=True)
        assert (
            SCRIPT not in html and "<img src=x" not in html and "onerror=alert(1)>" not in html
        ), where


CODE_TRICKS = [
    "..", ".", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%00", "H56.99-261125-0001%00",
    "H56.99-261125-0001%0d%0aX-Evil:%201", "H56.99-261125-0001%0a", "%E2%80%83H56.99-261125-0001",
    "h56.99-261125-0001", "H56.99-261125-0001%20", "H56%25", "%25", "_", "%5c", "%22", "TAM-",
    "TAM-%C5%BF000000000", "null", "0", "-1", "%F0%9F%99%82", "%ff%fe", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("trick", CODE_TRICKS)
def test_tricks_in_a_dossiers_address(
    each_app: Flask, trick: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert received(each_app).code == "H56.99-261125-0001"
    browser, api = sign_in(each_app, "tiepnhan"), bearer(each_app, "tiepnhan")
    program = each_app.test_client()
    for path in (f"/ho-so/{trick}", f"/ho-so/{trick}/giay/receipt.pdf", f"/tiep-nhan/xong/{trick}",
                 f"/ho-so/H56.99-261125-0001/giay/{trick}.pdf"):  # fmt: skip
        answer = browser.get(path)
        good = trick.lower().startswith("h56.99-261125-0001") and trick[18:] in ("", "%20")
        assert answer.status_code in ((200, 404) if good else (303, 308, 400, 404)), path
        assert "X-Evil" not in answer.headers
        disposition = answer.headers.get("Content-Disposition", "")
        assert disposition.isascii() and disposition.count('"') in (0, 2)
    answer = program.get(f"/api/v1/dossiers/{trick}/documents/{trick}.pdf", headers=api)
    assert answer.status_code in (308, 400, 404)
    assert "unstorable" not in caplog.text


HOSTILE = {  # an organisation: of a person's name such signs are not taken at all
    "kind": "organisation", "personal_id": "2800123456", "birth_date": None, "sex": None,
    "name": f"Nguyễn {SCRIPT} {{{{7*7}}}} \u202e'\"&",
    "address": f"Thôn {SCRIPT}{{{{7*7}}}}\"'&<b>",
    "email": "a<b>\"'&{{7*7}}@vidu.vn",
}  # fmt: skip


def test_what_people_typed_is_shown_as_text(app: Flask) -> None:
    """Hostile applicant, note and facts through a whole life; every page shows them as text."""
    with app.app_context():
        office = Office(app)
        dossier = office.receive(
            make_request(
                applicant=PERSON | HOSTILE, note=f"{SCRIPT}{{{{7*7}}}}",
                submitter={"name": "Trần & 'Khác'", "address": SCRIPT},
            )
        )  # fmt: skip
        code, lookup = dossier.code, dossier.lookup_code
        office.act(dossier, "send_to_agency", "tiepnhan", papers=SCRIPT)
        office.act(dossier, "agency_receive", "vanthu", differences=f"{SCRIPT}{{{{7*7}}}}")
        office.act(
            dossier, "propose_refusal", "chuyenvien", reason=SCRIPT, reason_code="other",
            legal_basis=f"{SCRIPT}{{{{7*7}}}}",
        )  # fmt: skip
    _shown_as_text(app, code, lookup)
    with app.app_context():
        office = Office(app)
        office.act(dossier, "finish_step", "truongphong", opinion=f"{SCRIPT}{{{{7*7}}}}")
        office.act(dossier, "approve", "lanhdao")
        office.act(dossier, "issue_refusal", "vanthu", number="<b>{{7*7}}", symbol=f"<i>{'x' * 40}")
        office.act(dossier, "receive_result", "tiepnhan", shelf=f"Kệ {SCRIPT}")
    _shown_as_text(app, code, lookup)


def _shown_as_text(app: Flask, code: str, lookup: str) -> None:
    seen = 0
    pages = ("/so-theo-doi", f"/ho-so/{code}", "/tham-dinh", "/phe-duyet", "/van-thu", "/bao-cao",
             "/tra-ket-qua", "/chuyen-ho-so", f"/tiep-nhan?nguoi={code}", f"/tiep-nhan/xong/{code}",
             f"/t/{lookup}", "/tiep-nhan/nguoi?so=038190000123", "/cong-khai",
             "/so-theo-doi?q=nguyen")  # fmt: skip
    for username in PEOPLE:
        browser = sign_in(app, username)
        for path in pages:
            answer = browser.get(path)
            _not_broken(answer, f"{path} as {username}")
            html = answer.get_data(as_text=True)
            assert not re.search(r"<script>|<b>\{|<i>x", html), (path, username)
            seen += "{{7*7}}" in html
    assert seen > 8


FORMS = {
    "/dang-nhap": ("username", "password"),
    "/tra-cuu": ("code", "lookup_code"),
    "/tiep-nhan": (*filled(), "tim", "choose", "draft", "reason", "reason_code", "legal_basis",
                   "submitter_name", "submitter_personal_id", "submitter_birth_date",
                   "submitter_address", "submitter_phone", "fee-1", "fee-1-quantity",
                   "fee-1-amount", "fee-1-exempt", "fee-1-timing"),
    "/tiep-nhan/nguoi": ("so", "birth_date", "sex"),
    "/quan-tri/nhan-su": ("username", "name", "title", "unit", "role"),
}  # fmt: skip
GOOD = {
    "/dang-nhap": {"username": "tiepnhan", "password": PASSWORD},
    "/tra-cuu": {"code": "H56.99-261125-0001", "lookup_code": "0000000000"},
    "/tiep-nhan": filled(), "/tiep-nhan/nguoi": {"so": "038190000123"},
    "/quan-tri/nhan-su": {"username": "moi", "name": "Lê Mới", "title": "", "unit": "mot-cua-huyen",
                          "role": "clerk"},
}  # fmt: skip


# Their length only the database knows; it says no, and the answer is a refusal all the same.
LOOSE = ("key", "fee-1-exempt")


@ON_POSTGRES
@pytest.mark.parametrize("path", FORMS)
def test_no_strange_field_breaks_a_form(
    each_app: Flask, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each field of a good form replaced by each strange text: taken by the rules or sent back."""
    browser = sign_in(each_app, "quantri" if path.startswith("/quan-tri") else "tiepnhan")
    number = 0
    for action in ("accept", "draft", "refuse") if path == "/tiep-nhan" else ("",):
        for field in FORMS[path]:
            for odd in STRANGE if action == "accept" else STRANGE[::4]:
                number += 1
                form = GOOD[path] | {"action": action, "key": f"k{number}"} | {field: odd}
                if action == "refuse":
                    form = {"reason": "Có lý do.", "reason_code": "other"} | form
                answer = browser.post(path, data=form)
                _not_broken(answer, f"{path} {action} {field}={odd[:40]!r}")
                assert field in LOOSE or "unstorable" not in caplog.text, (field, odd[:40])
                caplog.clear()
                each_app.extensions["motcua.brake"] = Brake()
    with each_app.app_context():
        assert verify(db.session).fault is None


@ON_POSTGRES
def test_no_strange_fact_breaks_an_act(each_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """The forms of acts, each field strange; the page comes back with what was typed."""
    acts = {
        Status.APPROVED: ("vanthu", "issue", ("number", "symbol", "issued_on", "step", "version",
                                              "note")),
        Status.AT_ONE_STOP: ("traketqua", "return_direct", (
            "receiver", "receiver_id", "receiver_relation", "authorisation", "fee_paid")),
    }  # fmt: skip
    good = {"number": "7", "symbol": "GPXD", "receiver": "Lê Mẫu", "receiver_id": "038190000123",
            "originals_returned": "1", "fee_paid": "1"}  # fmt: skip
    for status, (username, action, fields) in acts.items():
        browser = sign_in(each_app, username)
        dossier = None
        for field in fields:
            for odd in STRANGE:
                if dossier is None:
                    with each_app.app_context():
                        office = Office(each_app)
                        dossier = office.walk(office.receive(), status)
                form = good | {"version": dossier.version} | {field: odd}
                answer = browser.post(f"/ho-so/{dossier.code}/viec/{action}", data=form)
                _not_broken(answer, f"{action} {field}={odd[:40]!r}")
                assert answer.status_code in (303, 400, 404, 409, 422), (field, odd)
                dossier = None if answer.status_code == 303 else dossier
        _not_broken(browser.get("/van-thu"), "/van-thu")
    assert "unstorable" not in caplog.text
