"""What an actor tells with an action: one table for the forms on screen, the API and its checks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.refusals import Refused
from app.core.workflow import Transition

MAX_TEXT = 2000
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

REFUSAL_REASONS = {
    "wrong_authority": "Không thuộc thẩm quyền giải quyết",
    "not_in_catalogue": "Thủ tục không có trong danh mục tiếp nhận",
    "not_eligible": "Không đủ điều kiện theo quy định",
    "false_or_altered": "Giấy tờ giả mạo, tẩy xóa, sửa chữa",
    "duplicate": "Trùng với hồ sơ đang giải quyết",
    "no_authorisation": "Người nộp không có giấy ủy quyền hợp lệ",
    "out_of_time": "Quá thời hạn được yêu cầu giải quyết",
    "other": "Lý do khác",
}
FAULTS = {"agency": "Do cơ quan hướng dẫn thiếu", "applicant": "Do người nộp"}
PAUSE_KINDS = {
    "financial_obligation": "Thực hiện nghĩa vụ tài chính",
    "publicity": "Niêm yết, công khai",
    "verification": "Giám định, xác minh chuyên môn",
    "other_agency": "Chờ cơ quan khác",
    "offender_handling": "Xử lý vi phạm",
}
LATE_REASONS = {
    "volume": "Khối lượng hồ sơ nhiều",
    "consulted_agency_late": "Cơ quan được lấy ý kiến trả lời trễ",
    "system_failure": "Sự cố hệ thống",
    "verification_longer": "Xác minh kéo dài",
    "staff_absence": "Người thụ lý vắng",
    "force_majeure": "Sự kiện bất khả kháng",
    "policy_change": "Quy định thay đổi",
    "other": "Lý do khác",
}
TOLD_BY = {
    "sms": "Tin nhắn",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "social": "Mạng xã hội",
}
FEE_DECISIONS = {"kept": "Không hoàn", "refunded": "Hoàn lại", "none": "Chưa nộp"}
DEFECTS = {
    "missing": "Thiếu giấy tờ",
    "invalid": "Không hợp lệ, không đúng mẫu",
    "unclear": "Mờ, không đọc được",
    "mismatch": "Thông tin không khớp",
    "outdated": "Hết hiệu lực",
    "other": "Lý do khác",
}
LOST_KINDS = {"papers": "Giấy tờ người nộp đã giao", "result": "Kết quả chưa trả"}
RELATIONS = {"self": "Chính người đứng tên hồ sơ", "authorised": "Người được ủy quyền"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to tell: its label, kind and whether it must be told.

    kind: text | long_text | date | yes_no | choice | staff | changes | items | units | money.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, str] | None = None
    hint: str = ""
    max_length: int = 200


FACTS: dict[str, Fact] = {
    f.name: f
    for f in (
        Fact("reason", "Lý do", "long_text", required=True, max_length=MAX_TEXT,
             hint="Viết rõ để người nhận biết cần làm gì."),
        Fact("reason_code", "Nhóm lý do", "choice", required=True, choices=REFUSAL_REASONS),
        Fact("legal_basis", "Căn cứ pháp lý", max_length=500,
             hint="Ví dụ: khoản 2 Điều 17 Nghị định 61/2018/NĐ-CP."),
        Fact("papers", "Danh mục giấy tờ chuyển kèm", "long_text", max_length=MAX_TEXT),
        Fact("differences", "Chênh lệch khi kiểm đếm (nếu có)", "long_text", max_length=MAX_TEXT),
        Fact("assignee", "Người thụ lý", "staff", required=True),
        Fact("opinion", "Ý kiến", "long_text", max_length=MAX_TEXT),
        Fact("number", "Số văn bản", required=True, max_length=20),
        Fact("symbol", "Ký hiệu", required=True, max_length=50, hint="Ví dụ: GPXD, QĐ-UBND."),
        Fact("issued_on", "Ngày ban hành", "date"),
        Fact("shelf", "Nơi cất kết quả", max_length=100, hint="Kệ, hộp."),
        Fact("receiver", "Người nhận kết quả", required=True),
        Fact("receiver_id", "Số giấy tờ tùy thân của người nhận", required=True, max_length=20),
        Fact("receiver_relation", "Người nhận là", "choice", choices=RELATIONS),
        Fact("authorisation", "Giấy ủy quyền (số, ngày)",
             hint="Bắt buộc khi người nhận không đứng tên hồ sơ."),
        Fact("originals_returned", "Đã trả lại bản chính đang giữ", "yes_no"),
        Fact("fee_paid", "Đã thu đủ phí, lệ phí còn lại", "yes_no"),
        Fact("changes", "Thông tin sửa", "changes", required=True),
        Fact("items", "Giấy tờ cần bổ sung, hoàn thiện", "items", required=True,
             hint="Mỗi giấy tờ: thiếu gì hoặc sai gì, cần làm gì."),
        Fact("fault", "Do ai phải bổ sung lần nữa", "choice", choices=FAULTS),
        Fact("guidance", "Nội dung hướng dẫn", "long_text", required=True, max_length=MAX_TEXT),
        Fact("held_at", "Ngày xác minh", "date", required=True),
        Fact("place_name", "Địa điểm", required=True),
        Fact("participants", "Thành phần tham gia", "long_text", required=True,
             max_length=MAX_TEXT),
        Fact("content", "Nội dung", "long_text", required=True, max_length=MAX_TEXT),
        Fact("applicant_invited", "Mời người nộp tham dự", "yes_no"),
        Fact("minutes", "Biên bản (số, ngày)", required=True),
        Fact("verified", "Kết quả xác minh", "long_text", required=True, max_length=MAX_TEXT),
        Fact("units", "Đơn vị được lấy ý kiến", "units", required=True),
        Fact("answer_by", "Hạn trả lời", "date", required=True),
        Fact("reply", "Nội dung trả lời", "long_text", required=True, max_length=MAX_TEXT),
        Fact("sector_basis", "Căn cứ luật chuyên ngành (khi quá 03 ngày làm việc)",
             max_length=500),
        Fact("amount", "Số tiền (đồng)", "money", required=True),
        Fact("fee_line", "Khoản phí, lệ phí", required=True, max_length=5),
        Fact("fee_amount", "Số tiền (đồng), 0 nếu không thu", "money", required=True),
        Fact("notice_number", "Số thông báo", max_length=40),
        Fact("receipt_number", "Số chứng từ", required=True, max_length=40),
        Fact("paid_on", "Ngày nộp", "date"),
        Fact("pause_kind", "Loại thời gian không tính", "choice", required=True,
             choices=PAUSE_KINDS),
        Fact("late_code", "Nhóm lý do trễ", "choice", required=True, choices=LATE_REASONS),
        Fact("new_date", "Ngày hẹn trả mới", "date", required=True),
        Fact("extension", "Trường hợp gia hạn (số thứ tự trong thủ tục)", required=True,
             max_length=2),
        Fact("agreed_days", "Ngày đã thỏa thuận", "date"),
        Fact("waybill", "Mã vận đơn", required=True, max_length=40),
        Fact("delivered_on", "Ngày phát", "date", required=True),
        Fact("result_code", "Mã số giấy tờ điện tử", required=True, max_length=80),
        Fact("told_by", "Cách báo", "choice", required=True, choices=TOLD_BY),
        Fact("told_before", "Đã báo người nộp trước khi trả sớm", "yes_no"),
        Fact("error", "Sai sót trên kết quả", "long_text", required=True, max_length=MAX_TEXT,
             hint="Mục nào sai, đúng phải là gì; sai do cơ quan."),
        Fact("reported_by", "Người báo sai sót", required=True),
        Fact("corrected", "Đã sửa thế nào", "long_text", required=True, max_length=MAX_TEXT),
        Fact("old_returned", "Đã thu lại bản sai", "yes_no"),
        Fact("lost_kind", "Mất, hỏng gì", "choice", required=True, choices=LOST_KINDS),
        Fact("lost_what", "Tên giấy tờ bị mất, hỏng", "long_text", required=True, max_length=500),
        Fact("blamed_unit", "Đơn vị chịu trách nhiệm", required=True),
        Fact("cost", "Chi phí cấp lại do cơ quan chịu (đồng)", "money"),
        Fact("refund_amount", "Số tiền hoàn lại (đồng)", "money", required=True),
        Fact("to_one_stop", "Bộ phận Một cửa nhận", required=True),
        Fact("result_text", "Kết quả giải quyết", "long_text", required=True,
             max_length=MAX_TEXT, hint="Ví dụ: đã chứng thực 02 bản sao, số 15/CT."),
        Fact("fee_decision", "Phí, lệ phí đã nộp", "choice", choices=FEE_DECISIONS),
    )
}  # fmt: skip

# What amend_data may change, and how the applicant's row calls it.
AMENDABLE = {
    "applicant_name": "Họ tên người nộp",
    "personal_id": "Số định danh cá nhân",
    "applicant_old_id": "Số CMND cũ",
    "birth_date": "Ngày sinh",
    "sex": "Giới tính",
    "address": "Địa chỉ",
    "phone": "Số điện thoại",
    "email": "Thư điện tử",
    "note": "Ghi chú",
    "result_channel": "Nơi nhận kết quả",
}


def facts_of(row: Transition) -> list[Fact]:
    """The facts an action takes, the reason last."""
    facts = [FACTS[name] for name in row.facts]
    return [*facts, FACTS["reason"]] if row.needs_reason else facts


def check(row: Transition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as stored: NFC, trimmed, dates as `YYYY-MM-DD`, blanks left out.

    Refused `bad_facts` with one sentence a field for anything missing, unknown or ill-formed.
    """
    known = {fact.name: fact for fact in facts_of(row)}
    errors: dict[str, str] = {}
    clean: dict[str, Any] = {}
    for name in given:
        if name not in known and name not in ("step", "note"):
            errors[name] = f"Không có mục “{name}” trong thao tác “{row.label}”."
    for name, fact in known.items():
        value = _normalise(given.get(name))
        if value in (None, ""):
            if fact.required:
                errors[name] = f"Hãy nhập {fact.label[0].lower()}{fact.label[1:]}."
            continue
        try:
            clean[name] = _READERS[fact.kind](fact, value)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise Refused("bad_facts", next(iter(errors.values())), fields=errors)
    return clean


def _normalise(value: Any) -> Any:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def _text(fact: Fact, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{fact.label}: hãy nhập chữ.")
    if len(value) > fact.max_length:
        raise ValueError(
            f"{fact.label} dài quá {fact.max_length} ký tự (đang có {len(value)}), hãy viết gọn."
        )
    if _UNREADABLE.search(value):
        raise ValueError(f"{fact.label} có ký tự không đọc được, hãy gõ lại.")
    return value


def _date(fact: Fact, value: Any) -> str:
    text = _text(fact, value)
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    iso = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else text
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        raise ValueError(f"{fact.label} phải là ngày có thật, ví dụ 08/12/2026.") from None


def _yes_no(fact: Fact, value: Any) -> bool:
    if value in (True, "1", "true", "on", "yes"):
        return True
    if value in (False, "0", "false", "off", "no"):
        return False
    raise ValueError(f"{fact.label}: chọn có hoặc không.")


def _choice(fact: Fact, value: Any) -> str:
    text = _text(fact, value)
    if fact.choices is None or text not in fact.choices:
        listed = ", ".join(fact.choices or {})
        raise ValueError(f"{fact.label}: “{text}” không có trong danh sách ({listed}).")
    return text


def _changes(fact: Fact, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not value:
        raise ValueError("Hãy sửa ít nhất một mục.")
    clean = {}
    for key, new in value.items():
        if key not in AMENDABLE:
            raise ValueError(f"Không sửa được mục “{key}”; chỉ sửa: {', '.join(AMENDABLE)}.")
        clean[key] = _text(Fact(key, AMENDABLE[key], max_length=500), _normalise(new or ""))
    return clean


def _money(fact: Fact, value: Any) -> int:
    text = str(value).replace(".", "").replace(" ", "").removesuffix("đ")
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ValueError(f"{fact.label} phải là số nguyên đồng, ví dụ 150.000.")
    return int(text)


def _units(fact: Fact, value: Any) -> list[str]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(n, str) for n in names):
        raise ValueError(f"{fact.label}: hãy chọn trong danh sách đơn vị.")
    clean = list(dict.fromkeys(n.strip() for n in names if n.strip()))
    if not clean or len(clean) > 20:
        raise ValueError(f"{fact.label}: chọn từ 1 đến 20 đơn vị.")
    return clean


_ITEM_TEXTS = {"defect": True, "todo": False, "basis": False, "name": False}


def _items(fact: Fact, value: Any) -> list[dict[str, Any]]:
    """[{component, code, defect, todo, basis}]: what is missing or wrong, and what to do about it.

    code: of DEFECTS, so that the reasons can be counted. A page that leaves it blank is refused;
    a program that knows no codes says `other` by saying nothing.
    """
    if not isinstance(value, (list, tuple)) or not value or len(value) > 50:
        raise ValueError("Hãy nêu ít nhất một giấy tờ còn thiếu hoặc sai.")
    clean = []
    for item in value:
        number = item.get("component") if isinstance(item, Mapping) else None
        if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
            raise ValueError("Thành phần hồ sơ (component) phải là số thứ tự, hoặc bỏ trống.")
        if not isinstance(item, Mapping) or set(item) - {"component", "code", *_ITEM_TEXTS}:
            raise ValueError("Mỗi giấy tờ gồm component, code, defect, todo, basis.")
        code = item.get("code", "other")
        if code == "":
            raise ValueError("Hãy chọn nhóm lý do của mỗi giấy tờ.")
        if code not in DEFECTS:
            raise ValueError(f"Nhóm lý do (code) là một trong: {', '.join(DEFECTS)}.")
        row: dict[str, Any] = {"component": number, "code": code}
        for key, needed in _ITEM_TEXTS.items():
            text = _text(Fact(key, "Nội dung bổ sung", max_length=500),
                         _normalise(item.get(key) or ""))  # fmt: skip
            if needed and not text:
                raise ValueError("Mỗi giấy tờ phải ghi thiếu gì hoặc sai gì.")
            if text:
                row[key] = text
        clean.append(row)
    return clean


_READERS: dict[str, Callable[[Fact, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "staff": _text,
    "date": _date,
    "yes_no": _yes_no,
    "choice": _choice,
    "changes": _changes,
    "money": _money,
    "units": _units,
    "items": _items,
}
