"""One table: refusal or HTTP error → a page for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

import secrets
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.core.refusals import Refused
from app.extensions import db, writing
from app.journey.log import Happened, record_for_account
from app.web import moment

# Status of a refusal by its code; every other lawful no is a conflict with how things stand.
STATUSES = {
    "bad_json": 400,
    "not_json": 415,
    "bad_facts": 422,
    "bad_request": 422,
    "too_many_rows": 422,
    "bad_fee": 422,
    "case_required": 422,
    "no_such_case": 422,
    "no_such_component": 422,
    "no_such_fee": 422,
    "no_such_procedure": 422,
    "no_such_unit": 422,
    "no_such_dossier": 404,
    "no_such_document": 404,
    "no_such_action": 404,
    "no_such_draft": 404,
    "no_such_file": 404,
    "bad_file": 422,
    "no_such_task": 404,
    "version_required": 428,
    "too_many": 429,
}
TITLES = {
    400: ("Yêu cầu không đọc được", "Hãy quay lại trang trước và thử lại."),
    401: ("Chưa đăng nhập", "Yêu cầu này cần khóa truy cập hợp lệ."),
    403: ("Không có quyền", "Tài khoản của bạn không được giao việc này."),
    404: ("Không tìm thấy trang", "Hãy kiểm tra địa chỉ, hoặc quay về trang chủ."),
    405: ("Thao tác không dùng được ở đây", "Hãy quay lại trang trước và thử lại."),
    409: ("Không thực hiện được", "Hãy tải lại trang rồi thử lại."),
    413: ("Dữ liệu gửi lên quá lớn", "Hãy gửi tệp nhỏ hơn 20 MB."),
    415: ("Không đọc được kiểu dữ liệu", "Hãy gửi dữ liệu dạng JSON."),
    422: ("Thông tin chưa đúng", "Hãy sửa các mục được nêu rồi gửi lại."),
    428: ("Thiếu số phiên bản", "Hãy gửi kèm If-Match với phiên bản hồ sơ đang có."),
    429: ("Thử quá nhiều lần", "Hãy đợi ít phút rồi thử lại."),
    500: (
        "Hệ thống gặp lỗi",
        "Không có gì bị lưu dở dang. Hãy thử lại; nếu vẫn lỗi, báo quản trị.",
    ),
    503: ("Hệ thống đang bận", "Không có gì bị lưu dở dang. Hãy thử lại sau ít giây."),
}


def status_of(refusal: Refused) -> int:
    """The HTTP status of a refusal."""
    return STATUSES.get(refusal.code, 409)


def problem(
    status: int, code: str, sentence: str, *, fields: dict[str, str] | None = None,
    detail: dict[str, Any] | None = None,
) -> Response:  # fmt: skip
    """An answer in problem+json: type, title, status, detail, code, and the wrong fields."""
    title = TITLES.get(status, TITLES[500])[0]
    body: dict[str, Any] = {
        "type": f"urn:motcua:problem:{code}",
        "title": title,
        "status": status,
        "detail": sentence,
        "code": code,
    }
    if fields:
        body["errors"] = fields
    if detail:
        body["data"] = detail
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


# What a form of ours carries besides what people typed into it.
_OURS = {"csrf_token", "version", "next", "ds", "step", "key", "ve"}


def _sent() -> tuple[list[tuple[str, str]], list[str]]:
    """What the form brought that failed now, to be sent again; and of that what people typed.

    Only of a form that had our token: else any other site could have this page send its own.
    """
    if not (current_user.is_authenticated and g.get("csrf_valid")):
        return [], []
    fields = [(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"]
    return fields, [v for k, v in fields if v.strip() and k not in _OURS]


def page(status: int, title: str, sentence: str) -> Response:
    """An error page: what happened and what to do; what was typed stays on it."""
    try:
        again, typed = _sent()
        html = render_template(
            "error.html", title=title, sentence=sentence, status=status, again=again, typed=typed
        )
    except Exception:  # the page that tells of an error must not fail itself
        current_app.logger.exception("error page")
        html = f"<!doctype html><html lang=vi><title>{title}</title><h1>{title}</h1>{sentence}"
    return make_response(html, status)


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def note_refusal(action: str, subject: str | None, refusal: Refused) -> None:
    """Keep a refused attempt in the chain of the account that tried (nothing else was stored)."""
    if not current_user.is_authenticated:
        return
    who = current_user.actor
    facts = {"code": refusal.code, "action": action, "dossier": subject}
    with writing() as session:
        record_for_account(
            session, who.id, who, moment(), Happened("refused", note=refusal.sentence, facts=facts)
        )


def _refused(refusal: Refused) -> Response:
    status = status_of(refusal)
    if refusal.code in ("not_allowed", "same_person"):
        about = request.view_args or {}
        note_refusal(about.get("action") or request.endpoint or "", about.get("code"), refusal)
    if _wants_json():
        return problem(
            status, refusal.code, refusal.sentence, fields=refusal.fields, detail=refusal.detail
        )
    return page(status, TITLES.get(status, TITLES[409])[0], refusal.sentence)


def wrong_fields(messages: Any, path: str = "") -> dict[str, str]:
    """The sentences of a refused body by the place of each field: `applicant.name`, `fees[0]`."""
    if isinstance(messages, str):
        return {path or "body": messages}
    if isinstance(messages, list):
        return wrong_fields(messages[0], path) if messages else {}
    found: dict[str, str] = {}
    for key, inner in messages.items():
        if key == "_schema" or (not path and key in ("json", "headers", "query")):
            place = path
        elif isinstance(key, int):
            place = f"{path}[{key}]"
        else:
            place = f"{path}.{key}" if path else str(key)
        found |= wrong_fields(inner, place)
    return found


def _http(error: HTTPException) -> Response | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if code == 403 and request.method == "POST":
        note_refusal(request.endpoint or "", None, Refused("http_403", TITLES[403][1]))
    title, sentence = TITLES.get(code, (error.name, "Hãy thử lại."))
    wrong = wrong_fields((getattr(error, "data", None) or {}).get("messages", {}))
    if wrong:
        name, first = next(iter(wrong.items()))
        response = problem(code, "bad_request", f"Mục “{name}”: {first}", fields=wrong)
    elif _wants_json():
        response = problem(code, f"http_{code}", sentence)
    else:
        response = page(code, title, sentence)
    if code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _csrf(_: CSRFError) -> Response:
    return page(
        400,
        "Trang đã mở quá lâu",
        "Vì an toàn, hãy quay lại trang trước (nội dung đã nhập vẫn còn), tải lại rồi gửi lại.",
    )


def _stale(_: StaleDataError) -> Response:
    db.session.rollback()
    return _refused(
        Refused("stale", "Người khác vừa cập nhật hồ sơ này. Hãy tải lại trang rồi làm tiếp.")
    )


def _clash(error: IntegrityError) -> Response:
    db.session.rollback()
    if "result_number" in str(error.orig):
        return _refused(
            Refused("number_taken", "Số văn bản này vừa được cấp cho hồ sơ khác, hãy lấy số tiếp.")
        )
    return _stale(StaleDataError())


def _outside(_: OverflowError) -> Response:
    db.session.rollback()
    current_app.logger.warning("outside the calendar", exc_info=True)
    return _refused(Refused("bad_request", "Ngày này nằm ngoài lịch, hãy chọn ngày khác."))


def _unstorable(error: DataError) -> Response:
    """What the database cannot hold (PostgreSQL says so): a form should have said it before."""
    db.session.rollback()
    error.hide_parameters = True
    current_app.logger.exception("unstorable")
    return _refused(
        Refused("bad_request", "Có mục dài quá hoặc có ký tự không lưu được, hãy sửa rồi gửi lại.")
    )


def _passes(error: OperationalError) -> bool:
    """Whether trying again helps: a lock, a deadlock, a connection that the server closed."""
    state = getattr(error.orig, "sqlstate", None) or ""
    locked = "locked" in str(error.orig)
    return (
        locked or error.connection_invalidated or state.startswith(("08", "40", "53", "55", "57"))
    )


def _failed(error: Exception) -> Response:
    db.session.rollback()
    busy = isinstance(error, OperationalError) and _passes(error)
    reference = secrets.token_hex(4)
    if isinstance(error, StatementError):
        error.hide_parameters = True  # names and numbers of people never reach the log
    current_app.logger.exception("error %s", reference)
    title, sentence = TITLES[503 if busy else 500]
    sentence = f"{sentence} Mã lỗi: {reference}."
    status = 503 if busy else 500
    if _wants_json():
        return problem(status, "failed", sentence)
    return page(status, title, sentence)


def install(app: Flask) -> None:
    """Register the table."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(OverflowError, _outside)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)
