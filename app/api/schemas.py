"""What the API takes and gives; the OpenAPI file is made from these, so it cannot drift."""

from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from app.core.facts import AMENDABLE, FACTS, MAX_TEXT, Fact

_SENTENCES = {
    "required": "Thiếu mục này.",
    "null": "Mục này không được để trống.",
    "validator_failed": "Giá trị không hợp lệ.",
    "invalid": "Giá trị không đúng kiểu.",
    "type": "Giá trị không đúng kiểu.",
    "too_large": "Số quá lớn.",
    "invalid_utf8": "Chữ không đúng mã UTF-8.",
    "special": "Số không hợp lệ.",
    "invalid_awareness": "Thời điểm phải có múi giờ, ví dụ 2026-11-25T09:00:00+07:00.",
    "format": "Không viết được theo dạng này.",
}
for _field in (
    fields.Field, fields.String, fields.Number, fields.Integer, fields.Boolean, fields.List,
    fields.Nested, fields.Date, fields.DateTime, fields.Dict,
):  # fmt: skip
    _field.default_error_messages = {
        key: _SENTENCES.get(key, text) for key, text in _field.default_error_messages.items()
    }
SHORT = validate.Length(max=500, error="Dài quá 500 ký tự.")
REASON = validate.Length(max=300, error="Dài quá 300 ký tự.")


class Strict(ma.Schema):
    """A body with an unknown key is refused, so that a typo never passes for "absent"."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {  # noqa: RUF012 - read by marshmallow in this form
        "unknown": "Không có mục này.",
        "type": "Cần một đối tượng JSON.",
    }


class PersonIn(Strict):
    """A person or an organisation as told; who submits for the applicant."""

    kind = fields.String(load_default="person", validate=SHORT)
    name = fields.String(required=True, validate=SHORT)
    personal_id = fields.String(load_default=None, allow_none=True, validate=SHORT)
    birth_date = fields.String(load_default=None, allow_none=True, validate=SHORT)
    sex = fields.String(load_default=None, allow_none=True, validate=SHORT)
    address = fields.String(load_default="", allow_none=True, validate=SHORT)
    phone = fields.String(load_default=None, allow_none=True, validate=SHORT)
    email = fields.String(load_default=None, allow_none=True, validate=SHORT)


class ApplicantIn(PersonIn):
    """An applicant; old_id: the number of a person's old card (CMND), 9 or 12 digits."""

    old_id = fields.String(load_default=None, allow_none=True, validate=SHORT)


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
    exempt_reason = fields.String(load_default="", allow_none=True, validate=REASON)
    timing = fields.String(load_default="now", validate=SHORT)


class ReceiveIn(Strict):
    """An intake."""

    procedure = fields.String(required=True, validate=SHORT)
    case = fields.String(load_default=None, allow_none=True, validate=SHORT)
    one_stop = fields.String(required=True, validate=SHORT)
    commune = fields.String(load_default=None, allow_none=True, validate=SHORT)
    channel = fields.String(load_default="direct", validate=SHORT)
    result_channel = fields.String(load_default="direct", validate=SHORT)
    applicant = fields.Nested(ApplicantIn, required=True)
    submitter = fields.Nested(PersonIn, load_default=None, allow_none=True)
    components = fields.List(fields.Nested(PaperIn), load_default=list)
    fees = fields.List(fields.Nested(FeeIn), load_default=list)
    note = fields.String(load_default="", allow_none=True)
    previous = fields.String(load_default=None, allow_none=True, validate=SHORT)


class KeyHeader(ma.Schema):
    """A retried request with the same key gets the first one's dossier."""

    key = fields.String(
        data_key="Idempotency-Key",
        validate=validate.Regexp(
            r"[!-~]{1,80}\Z", error="Khóa gồm 1 đến 80 chữ, số, dấu ASCII, không có khoảng trắng."
        ),
    )


class VersionHeader(ma.Schema):
    """The version of the dossier that the caller has seen."""

    version = fields.String(
        data_key="If-Match",
        metadata={"description": "Version of the dossier, as its ETag says.", "example": '"3"'},
    )


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
    status = fields.List(fields.String(validate=SHORT), load_default=list)
    one_stop = fields.String(load_default=None, allow_none=True, validate=SHORT)
    due_from = fields.AwareDateTime(load_default=None, allow_none=True)
    due_to = fields.AwareDateTime(load_default=None, allow_none=True)
    cursor = fields.String(load_default=None, allow_none=True, validate=SHORT)
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


class OnQuery(Strict):
    """A day; today where it is left out."""

    on = fields.Date(
        validate=validate.Range(
            min=date(2000, 1, 1), max=date(2999, 12, 31), error="Năm phải từ 2000 đến 2999."
        )
    )


class ReprintQuery(Strict):
    """1 asks for a copy marked “In lại lần n”; the log notes it."""

    reprint = fields.String(validate=validate.OneOf(["0", "1"], error="Chỉ nhận 0 hoặc 1."))


class EventOut(ma.Schema):
    """An entry of a dossier's log: the hashed text's content, its hash, the one before it."""

    v = fields.Integer()
    subject = fields.String()
    seq = fields.Integer()
    at = fields.String()
    actor = fields.String(allow_none=True)
    actor_name = fields.String()
    unit = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    acting_for = fields.String(allow_none=True)
    action = fields.String()
    from_ = fields.String(data_key="from", attribute="from", allow_none=True)
    to = fields.String(allow_none=True)
    place = fields.String()
    note = fields.String()
    facts = fields.Dict()
    due_before = fields.String(allow_none=True)
    due_after = fields.String(allow_none=True)
    document = fields.String(allow_none=True)
    hash = fields.String()
    previous = fields.String()


class EventsOut(ma.Schema):
    """A dossier's life, oldest first."""

    items = fields.List(fields.Nested(EventOut))


class ProceduresOut(ma.Schema):
    """Every procedure offered today."""

    items = fields.List(fields.Nested(ProcedureOut))


class FigureOut(ma.Schema):
    """The 50 % target in both readings: by procedures, by what really happened to dossiers."""

    on = fields.String()
    one_stop = fields.String()
    procedures = fields.Dict()
    dossiers = fields.Dict()
    eligible_without_record = fields.List(fields.String())
    below_approve = fields.List(fields.String())
    never_run = fields.List(fields.String())


class ProblemOut(ma.Schema):
    """Why not (RFC 9457): `code` for programs, `detail` a Vietnamese sentence for people."""

    type = fields.String(required=True, metadata={"example": "urn:motcua:problem:incomplete"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"example": "incomplete"})
    errors = fields.Dict(
        keys=fields.String(), values=fields.String(),
        metadata={"description": "The sentence for each field that is wrong."},
    )  # fmt: skip
    data = fields.Dict(metadata={"description": "Plain values, as the missing components."})


def facts_schema() -> ma.Schema:
    """An action's body as documented: all facts of core/facts.py; the door itself checks them."""
    known: dict[str, Any] = {
        "step": fields.Raw(metadata={
            "type": "integer", "description": "Vị trí của bước, khi có nhiều bước đang mở."}),
        "note": fields.Raw(metadata={
            "type": "string", "description": "Ghi chú.", "maxLength": MAX_TEXT}),
    }  # fmt: skip
    known |= {name: fields.Raw(metadata=_told(fact)) for name, fact in FACTS.items()}
    made: ma.Schema = ma.Schema.from_dict(known, name="ActionIn")(unknown=ma.INCLUDE)
    return made


def _told(fact: Fact) -> dict[str, Any]:
    """How a fact stands in the OpenAPI file."""
    text = f"{fact.label}. {fact.hint}".strip()
    match fact.kind:
        case "yes_no":
            return {"type": "boolean", "description": text}
        case "choice":
            return {"type": "string", "description": text, "enum": list(fact.choices or {})}
        case "changes":
            keys = {key: {"type": "string", "description": say} for key, say in AMENDABLE.items()}
            return {"type": "object", "description": text, "properties": keys,
                    "minProperties": 1, "additionalProperties": False}  # fmt: skip
        case "date":
            return {"type": "string", "format": "date", "description": text}
        case _:
            return {"type": "string", "description": text, "maxLength": fact.max_length}
