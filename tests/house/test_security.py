"""Hostile visitors: headers, cookies, forms of other sites, addresses that lead elsewhere, logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import clock, create_app, web
from app.accounts import sessions
from app.config import Settings
from app.extensions import db, writing
from app.models import ApiToken, Dossier, Staff
from tests.intake.form import filled
from tests.make import PERSON, TODAY, Office, make_request

PASSWORD = "motcua-demo"


def sign_in(app: Flask, username: str) -> FlaskClient:
    """A browser signed in as a person of the demo office."""
    browser = app.test_client()
    answer = browser.post("/dang-nhap", data={"username": username, "password": PASSWORD})
    assert answer.status_code == 303
    return browser


def bearer(app: Flask, username: str) -> dict[str, str]:
    """The headers of a program that acts as the person."""
    secret = sessions.new_token()
    with app.app_context(), writing() as session:
        staff = session.scalars(select(Staff).where(Staff.username == username)).one()
        session.add(
            ApiToken(
                token_hash=sessions.hash_token(secret), staff_id=staff.id, created_at=TODAY
            )
        )  # fmt: skip
    return {"Authorization": f"Bearer {secret}"}


def received(app: Flask, **changes: Any) -> Any:
    """A dossier as stored, with its codes."""
    with app.app_context():
        return Office(app).receive(make_request(applicant=PERSON | changes))


# ---- headers, cookies ----------------------------------------------------------------------


ANSWERS = {
    "public page": ("/", 200), "form": ("/tra-cuu", 200), "wrong code": ("/t/0000000000", 404),
    "no such page": ("/khong-co", 404), "not signed in": ("/so-theo-doi", 303),
    "not signed in, api": ("/api/v1/procedures", 401), "openapi": ("/api/v1/openapi.json", 200),
    "alive": ("/healthz", 200), "no token": ("/metrics", 403), "staff page": ("/tiep-nhan", 200),
    "dossier": ("/ho-so/{code}", 200), "paper": ("/ho-so/{code}/giay/receipt.pdf", 200),
    "not mine": ("/quan-tri", 403), "no dossier": ("/ho-so/H56.99-261125-9999", 404),
    "api": ("/api/v1/dossiers/{code}", 200),
    "api paper": ("/api/v1/dossiers/{code}/documents/receipt.pdf", 200),
    "api refusal": ("/api/v1/dossiers/x", 404),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_every_kind_of_answer_carries_the_headers(app: Flask, name: str) -> None:
    path, status = ANSWERS[name]
    path = path.format(code=received(app).code)
    outside = "not signed in" in name or path in ("/", "/tra-cuu")
    browser = app.test_client() if outside else sign_in(app, "tiepnhan")
    headers = bearer(app, "tiepnhan") if name in ("api", "api paper", "api refusal") else {}
    if headers:
        browser = app.test_client()
    answer = browser.get(path, headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)[:300]
    got = answer.headers
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Referrer-Policy"] == "no-referrer"
    assert got["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in got["Cache-Control"]
    policy = got["Content-Security-Policy"]
    assert "frame-ancestors" in policy and "unsafe" not in policy
    if answer.mimetype == "text/html":
        assert policy.startswith("default-src 'none'; script-src 'self'"), policy
    assert "Access-Control-Allow-Origin" not in got and "X-Powered-By" not in got


def test_a_failure_carries_the_headers_and_tells_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("app.lookup.catalogue.by_field", broken)
    monkeypatch.setattr("app.api.answers.procedure_answer", broken)
    page = app.test_client().get("/thu-tuc")
    told = app.test_client().get("/api/v1/procedures", headers=bearer(app, "tiepnhan"))
    for answer in (page, told):
        assert answer.status_code == 500 and answer.headers["X-Content-Type-Options"] == "nosniff"
        body = answer.get_data(as_text=True)
        assert "secret" not in body and "Traceback" not in body and "Mã lỗi" in body
    assert told.content_type == "application/problem+json"


def test_no_inline_script_and_no_style_without_a_nonce(app: Flask) -> None:
    code = received(app).code
    browser = sign_in(app, "tiepnhan")
    for path in ("/", "/tra-cuu", "/tiep-nhan", "/so-theo-doi", f"/ho-so/{code}", "/thu-tuc"):
        html = browser.get(path).get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*\bsrc=)", html), path
        assert not re.search(r"\son\w+\s*=", html), path
        assert not re.search(r"<style(?![^>]*nonce=)", html), path


@pytest.fixture
def secure_app(app: Flask) -> Iterator[Flask]:
    """The same office behind https."""
    settings: Settings = app.extensions["motcua.settings"]
    made = create_app(settings.model_copy(update={"base_url": "https://mot-cua.vidu.vn"}))
    made.testing, made.config["WTF_CSRF_ENABLED"] = True, False
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    clock.start_at(TODAY)


def _cookie(app: Flask) -> tuple[str, Any]:
    answer = app.test_client().post(
        "/dang-nhap", data={"username": "tiepnhan", "password": PASSWORD}
    )
    return answer.headers["Set-Cookie"], answer.headers


def test_cookies_follow_the_scheme_of_the_address(app: Flask, secure_app: Flask) -> None:
    plain, headers = _cookie(app)
    assert "Strict-Transport-Security" not in headers and "Secure" not in plain
    safe, headers = _cookie(secure_app)
    assert "max-age=" in headers["Strict-Transport-Security"] and "Secure" in safe
    for cookie in (plain, safe):
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
        assert "Domain=" not in cookie and "Expires" not in cookie


@pytest.mark.parametrize("path", ["/", "/tra-cuu", "/thu-tuc", "/thu-tuc/1.013228", "/cong-khai",
                                  "/t/0000000000", "/healthz"])  # fmt: skip
def test_public_pages_set_no_cookie(app: Flask, path: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert "Set-Cookie" not in app.test_client().get(path).headers
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


# ---- forms of other sites, other methods ----------------------------------------------------


def _first_of(rule: str) -> str:
    """A rule with the first of the words it lists: `<any(on, off):what>` → `on`."""
    return re.sub(r"<any\((\w+)[^>]*>", r"\1", rule)


def _posts(app: Flask) -> list[str]:
    """An address for each page that takes a POST."""
    return [
        re.sub(r"<[^>]+>", "x", re.sub(r"<int[^>]*>", "1", _first_of(rule.rule)))
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    ]


def test_no_form_of_another_site_is_taken(app: Flask) -> None:
    """Every page that changes something wants its token.

    The look-up changes nothing; who rates proves it by the receipt's own code, without a cookie;
    who takes a number at the door is nobody, and the machine must outlive its cookie.
    """
    browser = sign_in(app, "tiepnhan")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        paths = _posts(app)
        assert len(paths) >= 10
        for path in paths:
            for form in ({}, {"csrf_token": "made up"}, filled()):
                answer = browser.post(path, data=form)
                free = path in ("/tra-cuu", "/t/x/danh-gia", "/lay-so/x")
                wanted = {404, 422} if free else {400}
                assert answer.status_code in wanted, (path, answer.status_code)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        assert db.session.scalars(select(Dossier.id)).all() == []


def test_what_browsers_say_of_another_site_is_believed(app: Flask) -> None:
    browser = sign_in(app, "quantri")
    for path in _posts(app):
        public = web.access_of(app, _endpoint(app, path)) == web.PUBLIC
        answer = browser.post(path, headers={"Sec-Fetch-Site": "cross-site"})
        assert public or answer.status_code == 403, (path, answer.status_code)


def _endpoint(app: Flask, path: str) -> str:
    return app.url_map.bind("localhost").match(path, method="POST")[0]


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "X"])
def test_other_methods_are_refused_with_what_is_allowed(app: Flask, method: str) -> None:
    browser = sign_in(app, "tiepnhan")
    for path in ("/", "/dang-xuat", "/tiep-nhan", "/ho-so/x", "/tra-cuu", "/static/css/motcua.css"):
        answer = browser.open(path, method=method)
        assert answer.status_code == 405, path
        assert {"GET", "POST"} & {m.strip() for m in answer.headers["Allow"].split(",")}, path


# ---- sessions, addresses --------------------------------------------------------------------


def test_what_a_visitor_brought_along_does_not_outlive_the_log_in(app: Flask) -> None:
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["brought"], kept["csrf_token"] = "along", "known to the attacker"
    assert browser.post(
        "/dang-nhap", data={"username": "tiepnhan", "password": PASSWORD}
    ).status_code == 303  # fmt: skip
    with browser.session_transaction() as kept:
        assert "brought" not in kept and kept.get("csrf_token") != "known to the attacker"


def _host_as_browsers_read(location: str) -> str:
    """The host that a browser goes to: blanks at the ends and line ends go, \\ counts as /."""
    plain = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    parts = urlsplit(plain)
    return parts.netloc or (parts.scheme and "other scheme") or ""


ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
    "javascript:alert(1)", "/%09/evil.example", "/.//evil.example", "http:evil.example", "@evil",
    "/\x00/evil.example", "/ /evil.example", "/\r/evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_log_in_never_leads_elsewhere(app: Flask, target: str) -> None:
    answer = app.test_client().post(
        f"/dang-nhap?next={quote(target)}", data={"username": "tiepnhan", "password": PASSWORD}
    )
    assert answer.status_code in (303, 400)
    assert _host_as_browsers_read(answer.headers.get("Location", "")) == ""


@pytest.mark.parametrize("target", ELSEWHERE)
def test_an_act_never_leads_elsewhere(app: Flask, target: str) -> None:
    dossier = received(app)
    answer = sign_in(app, "tiepnhan").post(
        f"/ho-so/{dossier.code}/viec/send_to_agency", data={"version": 1, "next": target}
    )
    assert answer.status_code in (303, 400)
    assert _host_as_browsers_read(answer.headers.get("Location", "")) == ""


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost@evil.example"])
def test_the_host_that_was_asked_for_is_not_repeated(app: Flask, host: str) -> None:
    admin, headers = sign_in(app, "quantri"), {"Host": host}
    with app.app_context():
        number = db.session.scalar(select(Staff.id).where(Staff.username == "vanthu"))
    link = admin.post(f"/quan-tri/nhan-su/{number}/duong-dan", headers=headers)
    text_ = link.get_data(as_text=True)
    if link.status_code == 200:
        assert "http://localhost/mat-khau/" in text_ and "evil" not in text_
    for path in ("/so-theo-doi", "/t/0000000000", "/api/v1/dossiers/x", "/dang-nhap"):
        answer = app.test_client().get(path, headers=headers)
        assert "evil" not in answer.headers.get("Location", "") + answer.get_data(as_text=True)


# ---- logs ------------------------------------------------------------------------------------


def test_the_log_names_nobody(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """An intake, a look-up and a crash of the database: no name, number or secret is logged."""
    caplog.set_level(logging.DEBUG)
    browser, headers = sign_in(app, "tiepnhan"), bearer(app, "tiepnhan")
    told = app.test_client().post(
        "/api/v1/dossiers", headers=headers, json=_body(PERSON | {"email": "rieng@vidu.vn"})
    )
    assert told.status_code == 201
    app.test_client().get(f"/t/{told.json['lookup_code']}")
    with app.app_context(), writing() as session:
        session.execute(text("DROP TABLE document"))
    crashed = app.test_client().post("/api/v1/dossiers", headers=headers, json=_body(PERSON))
    assert (
        crashed.status_code == 500 and browser.post("/tiep-nhan", data=filled()).status_code == 500
    )
    assert "no such table" in caplog.text  # the crash itself is there, to be found
    secrets = ["Nguyễn Thị Mẫu", "nguyen thi mau", "038190000123", "0912345678", "rieng@vidu.vn",
               "Thôn 1", told.json["lookup_code"], headers["Authorization"][7:],
               PASSWORD]  # fmt: skip
    assert [s for s in secrets if s in caplog.text] == []


def _body(person: dict[str, Any]) -> dict[str, Any]:
    return {"procedure": "1.013228", "case": "rach-nat", "one_stop": "mot-cua-huyen",
            "applicant": person, "components": [{"index": 1}, {"index": 2}]}  # fmt: skip


def test_our_files_are_what_their_names_say_and_ours_only(client: FlaskClient) -> None:
    with client.get("/static/css/motcua.css") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
