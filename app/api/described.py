"""How the API tells of itself in its OpenAPI file: errors, security, examples, facts of actions."""

from __future__ import annotations

import http
from collections.abc import Callable
from typing import Any

from flask_smorest import Api, Blueprint
from flask_smorest.utils import prepare_response

from app.api.schemas import ProblemOut
from app.core.facts import facts_of
from app.core.workflow import TRANSITIONS
from app.documents import FORMS
from app.journey.door import INTAKE_ACTIONS

PROBLEM = "application/problem+json"
SPEC: dict[str, Any] = {
    "info": {
        "description": "Tiếp nhận, tra, xử lý hồ sơ một cửa. Mỗi lỗi là một problem+json (RFC 9457)"
        " có `code` cho chương trình và `detail` là một câu tiếng Việt cho người đọc.",
    },
    "components": {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Khóa do `flask token create --staff U` in ra một lần.",
            }
        }
    },
    "security": [{"token": []}],
}
PDF = {"type": "string", "format": "binary"}
ETAG = {
    "ETag": {
        "description": "Phiên bản của hồ sơ, gửi lại trong If-Match.",
        "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
    }
}
_ACTIONS = [row for row in TRANSITIONS if row.action not in INTAKE_ACTIONS]


def _in_path(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "in": "path", "name": name, "required": True, "description": description,
        "schema": {"type": "string", "minLength": 1} | schema,
    }  # fmt: skip


CODE = _in_path("code", "Mã hồ sơ.", maxLength=50)
FORM = _in_path("form", "Loại giấy tờ.", enum=sorted(FORMS))
ACTION = _in_path("action", "Thao tác.", enum=[row.action for row in _ACTIONS])
PROCEDURE = _in_path("code", "Mã thủ tục.", maxLength=12)
RECEIVE: dict[str, Any] = {
    "procedure": "1.013228",
    "case": "rach-nat",
    "one_stop": "mot-cua-huyen",
    "channel": "direct",
    "result_channel": "direct",
    "applicant": {
        "kind": "person", "name": "Nguyễn Thị Mẫu", "personal_id": "038190000123",
        "birth_date": "1990-02-05", "sex": "Nữ", "address": "Thôn 1, xã Nga Yên",
        "phone": "0912345678", "email": None, "old_id": "171234567",
    },
    "submitter": None,
    "components": [{"index": 1, "originals": 1}, {"index": 2, "originals": 1, "held": 1}],
    "fees": [{"index": 1, "amount": 15000, "timing": "later"}],
    "note": "",
}  # fmt: skip
SEARCH: dict[str, Any] = {
    "text": "nguyen thi mau", "status": ["accepted"], "limit": 25,
}  # fmt: skip
ACTS: dict[str, Any] = {
    "assign": {"summary": "Phân công", "value": {"assignee": "chuyenvien"}},
    "send_back": {"summary": "Trả lại thẩm định", "value": {"reason": "Thiếu ý kiến địa chính."}},
    "issue": {"summary": "Vào số, đóng dấu", "value": {"number": "12", "symbol": "GPXD"}},
    "return_direct": {
        "summary": "Trả kết quả",
        "value": {
            "receiver": "Nguyễn Thị Mẫu", "receiver_id": "038190000123",
            "receiver_relation": "self", "originals_returned": True, "fee_paid": True,
        },
    },
}  # fmt: skip


def facts_table() -> str:
    """Which facts each action takes, from the one table; those marked * must be told."""
    lines = ["| Thao tác | Tên | Dữ kiện |", "|---|---|---|"]
    for row in _ACTIONS:
        facts = ", ".join(f"`{f.name}`{'*' if f.required else ''}" for f in facts_of(row))
        lines.append(f"| `{row.action}` | {row.label} | {facts or '–'} |")
    return "\n".join(lines)


def says(room: Blueprint, operation: str, *statuses: int, **doc: Any) -> Callable[..., Any]:
    """Name an operation and the refusals it knows beside those of every one (400, 401, …)."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        for status in (401, *statuses):
            view = room.alt_response(status, http.HTTPStatus(status).name)(view)
        marked: Callable[..., Any] = room.doc(operationId=operation, **doc)(view)
        return marked

    return mark


class DescribedApi(Api):
    """flask-smorest with our errors: app/errors.py makes them, this tells of them."""

    ERROR_SCHEMA = ProblemOut

    def _register_error_handlers(self) -> None:
        """Leave errors to app/errors.py."""

    def _register_responses(self) -> None:
        """Every status as a problem+json, and one for whatever else."""
        named = {status.name: status.phrase for status in http.HTTPStatus if status >= 400}
        for name, phrase in (named | {"DEFAULT_ERROR": "Any other error"}).items():
            response = {"description": phrase, "schema": ProblemOut}
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(name, response, lazy=True)
