"""The closed lists and the shapes of a procedure file, as the schema of the rule files has them."""

from __future__ import annotations

import datetime as dt

STEP_UNITS = ("working_days", "days", "months", "working_hours", "hours")
LIMIT_UNITS = (*STEP_UNITS, "same_day", "immediate")
# Unit of the limit: the units its steps may have.
STEP_UNITS_IN = {
    "working_days": ("working_days", "working_hours"),
    "working_hours": ("working_hours",),
    "same_day": ("working_hours",),
    "immediate": ("working_hours",),
    "days": ("days",),
    "months": ("months", "days"),
    "hours": ("hours",),
}
HOURS_A_DAY = 8
# Only to add up steps (Bộ luật Dân sự, Điều 146); a deadline in months is counted by the calendar.
DAYS_A_MONTH = 30
DEFAULT_CUTOFF = dt.time(15, 0)  # NĐ 61/2018: after 15:00 the result is due on the next working day
TWO_LEVELS_BEGIN = dt.date(2025, 7, 1)  # the districts ended on the day before

LEVELS = ("xã", "huyện", "liên thông")
ERAS = ("ba cấp", "hai cấp")
APPLICANTS = (
    "cá nhân",
    "hộ gia đình",
    "hộ kinh doanh",
    "tổ chức",
    "doanh nghiệp",
    "cộng đồng dân cư",
)
CHANNELS = ("direct", "post", "online")
COMPONENT_KINDS = ("form", "original", "certified_copy", "copy")
HANDLINGS = ("submit", "present")
FEE_KINDS = ("phí", "lệ phí")
STARTS = ("acceptance", "thu_ly")
SILENCES = ("none", "consent")
EFFECTS = ("total", "extra")
STEPS_BASES = ("published", "composed")
RECEIVERS = ("one_stop", "vertical", "citizen_reception")
ROLES = (
    "tiếp nhận",
    "thẩm định",
    "trưởng phòng",
    "lãnh đạo UBND",
    "lãnh đạo cơ quan",
    "văn thư",
    "trả kết quả",
    "phối hợp",
    "người nộp",
)
SIGNERS = ("trưởng phòng", "lãnh đạo UBND", "lãnh đạo cơ quan")
PAUSES = (
    "financial_obligation",
    "publicity",
    "verification",
    "other_agency",
    "offender_handling",
)
SOURCES = (
    "verified:",
    "partly verified:",
    "from knowledge, to be checked against the published decision",
)
NO_DECISION = "Không có bước quyết định:"
NO_STAMP = "Không có bước văn thư:"

PROCEDURE = {
    "schema": "int",
    "code": "text",
    "name": "text",
    "aliases": "texts",
    "field": "text",
    "field_slug": "text",
    "level": "text",
    "era": "text",
    "effective_from": "date",
    "as_of": "date",
    "agency": "text",
    "department": "text",
    "received_at": "texts",
    "applicants": "texts",
    "summary": "text",
    "channels": "texts",
    "full_process": "bool",
    "confidential": "bool",
    "sets": "int",
    "results": "texts",
    "forms": "texts",
    "legal_basis": "texts",
    "source": "text",
    "steps_basis": "text",
    "no_components_reason": "text",
    "notes": "texts",
    "time_limit": "table",
    "cases": "tables",
    "components": "tables",
    "fees": "tables",
    "steps": "tables",
    "two_level": "table",
}
PROCEDURE_OPTIONAL = {
    "aliases",
    "effective_from",
    "confidential",
    "forms",
    "no_components_reason",
    "notes",
    "cases",
    "components",
    "fees",
    "two_level",
}
PROCEDURE_REQUIRED = tuple(key for key in PROCEDURE if key not in PROCEDURE_OPTIONAL)
TIME_LIMIT = {
    "amount": "number",
    "unit": "text",
    "cutoff": "text",
    "starts": "text",
    "silence": "text",
    "note": "text",
    "extensions": "tables",
    "pauses": "tables",
}
SHORT_LIMIT = {"amount": "number", "unit": "text", "cutoff": "text"}
EXTENSION = {
    "when": "text",
    "amount": "number",
    "unit": "text",
    "effect": "text",
    "by_agreement": "bool",
    "times": "int",
}
PAUSE = {"kind": "text", "name": "text", "max_amount": "number", "unit": "text"}
CASE = {"id": "text", "name": "text", "time_limit": "table", "steps": "tables"}
COMPONENT = {
    "name": "text",
    "kind": "text",
    "originals": "int",
    "copies": "int",
    "required": "bool",
    "condition": "text",
    "handling": "text",
    "one_of": "text",
    "cases": "texts",
    "form": "text",
}
FEE = {
    "name": "text",
    "kind": "text",
    "amount": "int",
    "tiers": "tables",
    "set_by": "text",
    "per": "text",
    "max": "int",
    "channel": "text",
    "cases": "texts",
    "condition": "text",
    "exempt": "texts",
    "basis": "text",
}
TIER = {"from": "int", "to": "int", "amount": "int"}
STEP = {
    "name": "text",
    "role": "text",
    "unit": "text",
    "time": "number",
    "time_unit": "text",
    "counts": "bool",
    "pause": "text",
    "result": "text",
    "id": "text",
    "depends_on": "texts",
    "is_lead": "bool",
    "decides": "bool",
}
TWO_LEVEL = {
    "agency": "text",
    "name": "text",
    "time_limit": "table",
    "basis": "texts",
    "source": "text",
}
