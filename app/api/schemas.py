"""What the API takes and gives; the OpenAPI file is made from these, so it cannot drift."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

_SENTENCES = {
    "required": "Thiếu mục này.",
    "null": "Mục này không được để trống.",
    "validator_failed": "Giá trị không hợp lệ.",
    "invalid": "Giá trị không đúng kiểu.",
    "type": "Giá trị không đúng kiểu.",
    "too_large": "Số quá lớn.",
    "invalid_utf8": "Chữ không đúng mã UTF-8.",
    "special": "Số không hợp lệ.",
}
for _field in (
    fields.Field, fields.String, fields.Integer, fields.Boolean, fields.List, fields.Nested,
    fields.Date, fields.DateTime, fields.Dict,
):  # fmt: skip
    _field.default_error_messages = {
        key: _SENTENCES.get(key, text) for key, text in _field.default_error_messages.items()
    }
SHORT = validate.Length(max=500, error="Dài quá 500 ký tự.")


class Strict(ma.Schema):
    """A body with an unknown key is refused, so that a typo never passes for "absent"."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {  # noqa: RUF012 - read by marshmallow in this form
        "unknown": "Không có mục này.",
        "type": "Cần một đối tượng JSON.",
    }


class PersonIn(Strict):
    """An applicant, or who submits for one."""

    kind = fields.String(load_default="person")
    name = fields.String(required=True, validate=SHORT)
    personal_id = fields.String(load_default=None, allow_none=True, validate=SHORT)
    birth_date = fields.String(load_default=None, allow_none=True, validate=SHORT)
    sex = fields.String(load_default=None, allow_none=True, validate=SHORT)
    address = fields.String(load_default="", allow_none=True, validate=SHORT)
    phone = fields.String(load_default=None, allow_none=True, validate=SHORT)
    email = fields.String(load_default=None, allow_none=True, validate=SHORT)


class PaperIn(Strict):
    """A component handed in: its place in the rule file (from 1), pieces, originals held."""

    index = fields.Integer(required=True, strict=True)
    originals = fields.Integer(load_default=None, allow_none=True, strict=True)
    copies = fields.Integer(load_default=None, allow_none=True, strict=True)
    held = fields.Integer(load_default=0, strict=True)


class FeeIn(Strict):
    """A fee: its place in the rule file, how many, amount only where a resolution sets it."""

    index = fields.Integer(required=True, strict=True)
    quantity = fields.Integer(load_default=1, strict=True)
    amount = fields.Integer(load_default=None, allow_none=True, strict=True)
    exempt_reason = fields.String(load_default="", allow_none=True, validate=SHORT)
    timing = fields.String(load_default="now")


class ReceiveIn(Strict):
    """An intake."""

    procedure = fields.String(required=True)
    case = fields.String(load_default=None, allow_none=True)
    one_stop = fields.String(required=True)
    commune = fields.String(load_default=None, allow_none=True)
    channel = fields.String(load_default="direct")
    result_channel = fields.String(load_default="direct")
    applicant = fields.Nested(PersonIn, required=True)
    submitter = fields.Nested(PersonIn, load_default=None, allow_none=True)
    components = fields.List(fields.Nested(PaperIn), load_default=list)
    fees = fields.List(fields.Nested(FeeIn), load_default=list)
    note = fields.String(load_default="", allow_none=True)


class KeyHeader(ma.Schema):
    """A retried request with the same key gets the first one's dossier."""

    key = fields.String(
        data_key="Idempotency-Key",
        load_default=None,
        validate=validate.Length(min=1, max=80, error="Khóa dài từ 1 đến 80 ký tự."),
    )


class VersionHeader(ma.Schema):
    """The version of the dossier that the caller has seen."""

    version = fields.String(data_key="If-Match", load_default=None)


class ReasonOut(ma.Schema):
    """A sentence that explains the due date, with its article."""

    text = fields.String()
    basis = fields.String()


class DocumentOut(ma.Schema):
    """A paper of the dossier and where to get it."""

    form = fields.String()
    url = fields.String()


class DossierOut(ma.Schema):
    """A dossier as programs see it; instants ISO 8601 with offset."""

    code = fields.String(allow_none=True)
    temporary_id = fields.String(allow_none=True)
    lookup_code = fields.String(allow_none=True)
    lookup_url = fields.String(allow_none=True)
    status = fields.String()
    status_label = fields.String()
    version = fields.Integer()
    procedure = fields.String()
    procedure_name = fields.String()
    edition = fields.Integer()
    case = fields.String(allow_none=True)
    one_stop = fields.String()
    agency = fields.String()
    channel = fields.String()
    result_channel = fields.String()
    regime = fields.String()
    applicant = fields.Dict()
    accepted_at = fields.String(allow_none=True)
    due_at = fields.String(allow_none=True)
    due_tentative = fields.Boolean()
    due_reasons = fields.List(fields.Nested(ReasonOut))
    transfer_due_at = fields.String(allow_none=True)
    settled_at = fields.String(allow_none=True)
    returned_at = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    result_number = fields.String(allow_none=True)
    fee_total = fields.Integer()
    fee_due = fields.Integer()
    steps = fields.List(fields.Dict())
    allowed_actions = fields.List(fields.String())
    documents = fields.List(fields.Nested(DocumentOut))
    warnings = fields.Dict()


class SearchIn(Strict):
    """What to look for; every part narrows. cursor: as the page before gave it."""

    text = fields.String(load_default="", validate=SHORT)
    applicant = fields.String(load_default="", validate=SHORT)
    status = fields.List(fields.String(), load_default=list)
    one_stop = fields.String(load_default=None, allow_none=True)
    due_from = fields.AwareDateTime(load_default=None, allow_none=True)
    due_to = fields.AwareDateTime(load_default=None, allow_none=True)
    cursor = fields.String(load_default=None, allow_none=True)
    limit = fields.Integer(
        load_default=25, strict=True,
        validate=validate.Range(min=1, max=100, error="Từ 1 đến 100."),
    )  # fmt: skip


class LineOut(ma.Schema):
    """A dossier in a list."""

    code = fields.String()
    status = fields.String()
    procedure = fields.String()
    applicant = fields.String()
    accepted_at = fields.String(allow_none=True)
    due_at = fields.String(allow_none=True)


class SearchOut(ma.Schema):
    """A page of dossiers; no cursor on the last one."""

    items = fields.List(fields.Nested(LineOut))
    cursor = fields.String(allow_none=True)


class ProcedureOut(ma.Schema):
    """A procedure as offered today."""

    code = fields.String()
    name = fields.String()
    field = fields.String()
    edition = fields.Integer()
    effective_from = fields.String(allow_none=True)
    level = fields.String()
    limit = fields.Dict()
    received_at = fields.List(fields.String())
    channels = fields.List(fields.String())
    full_process = fields.Boolean()
    cases = fields.List(fields.Dict())
    components = fields.List(fields.Dict())
    fees = fields.List(fields.Dict())
    steps = fields.List(fields.Dict())


class OnQuery(ma.Schema):
    """A day; today where it is left out."""

    on = fields.Date(load_default=None)


def facts_schema() -> Any:
    """An action's body: the facts of its row, which the door itself checks."""
    return ma.Schema.from_dict({}, name="ActionIn")(unknown=ma.INCLUDE)
