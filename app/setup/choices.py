"""What the listed values of a procedure are called by those who look after the catalogue.

Without commas: a cell may hold several values, and a drop-down of a spreadsheet is told its own
with commas between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core import procedure_terms as terms
from app.core.limits import UNIT_WORDS
from app.core.procedure_papers_check import KIND_WORDS
from app.lookup.catalogue import CHANNELS


def _same(values: Iterable[str]) -> dict[str, str]:
    """Values that are words already."""
    return {value: value for value in values}


_STEP_UNITS = {unit: UNIT_WORDS[unit] for unit in terms.STEP_UNITS}
_PAUSES = {
    "financial_obligation": "thực hiện nghĩa vụ tài chính",
    "publicity": "niêm yết công khai",
    "verification": "xác minh",
    "other_agency": "chờ cơ quan khác",
    "offender_handling": "xử lý hành vi vi phạm",
}

# "part.key" (no part: the procedure itself; limit: its time limit) → value → words.
CHOICES: Mapping[str, Mapping[str, str]] = {
    ".level": {"xã": "cấp xã", "huyện": "cấp huyện", "liên thông": "liên thông"},
    ".era": _same(terms.ERAS),
    ".applicants": _same(terms.APPLICANTS),
    ".channels": CHANNELS,
    ".steps_basis": {
        "published": "theo quy trình đã công bố",
        "composed": "tạm lập khi chưa công bố",
    },
    "limit.unit": UNIT_WORDS,
    "limit.starts": {"acceptance": "khi tiếp nhận hồ sơ", "thu_ly": "khi thụ lý"},
    "limit.silence": {"none": "không coi là đồng ý", "consent": "coi là đồng ý"},
    "extensions.unit": _STEP_UNITS,
    "extensions.effect": {"total": "thay cho thời hạn", "extra": "cộng thêm vào thời hạn"},
    "pauses.kind": _PAUSES,
    "pauses.unit": _STEP_UNITS,
    "components.kind": KIND_WORDS,
    "components.handling": {"submit": "nộp", "present": "chỉ xuất trình"},
    "fees.kind": _same(terms.FEE_KINDS),
    "fees.channel": CHANNELS,
    "steps.role": _same(terms.ROLES),
    "steps.time_unit": _STEP_UNITS,
    "steps.pause": _PAUSES,
}
