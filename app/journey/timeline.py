"""Events as sentences for people; the table's codes never reach a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.facts import AMENDABLE, REFUSAL_REASONS
from app.core.vietnamese import dong
from app.core.workflow import BY_ACTION
from app.documents import FORMS
from app.journey.office import Office
from app.models import Event

OTHER_ACTIONS = {
    "document_drawn": "In giấy tờ",
    "file_added": "Số hóa giấy tờ",
    "file_reused": "Dùng lại bản số hóa",
    "file_removed": "Bỏ tệp",
    "signed_in": "Đăng nhập",
    "sign_in_failed": "Đăng nhập sai",
    "refused": "Thao tác bị từ chối",
    "link_made": "Cấp đường dẫn đặt mật khẩu",
    "password_set": "Đặt mật khẩu",
    "account_made": "Tạo tài khoản",
    "account_disabled": "Khóa tài khoản",
    "account_enabled": "Mở tài khoản",
    "posted": "Giao vai trò",
    "stand_in_entered": "Ghi người làm thay, ký thay",
    "stand_in_ended": "Kết thúc làm thay, ký thay",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a dossier's life."""

    at: datetime
    what: str
    who: str
    unit: str
    details: tuple[str, ...]
    place: str
    action: str
    seq: int


def lines(events: Sequence[Event], office: Office, names: Mapping[int, str]) -> list[Line]:
    """The events as lines, oldest first; names: the route's step names by position."""
    return [_line(event, office, names) for event in events]


def _line(event: Event, office: Office, names: Mapping[int, str]) -> Line:
    body = json.loads(event.body)
    row = BY_ACTION.get(event.action)
    what = row.label if row else OTHER_ACTIONS.get(event.action, event.action)
    if event.action == "finish_step":
        what = f"Xong bước “{names.get(body['facts'].get('step', 0), '')}”"
    details = tuple(_details(body, office, names))
    unit = office.unit_name(body["unit"]) if body["unit"] else ""
    return Line(
        event.at, what, body["actor_name"], unit, details, event.place, event.action, event.seq
    )


def _filed(facts: Mapping[str, Any]) -> list[str]:
    """The paper that was digitised, and the dossier from which it was taken over."""
    if "sha256" not in facts or "paper" not in facts:
        return []
    pages = f", {facts['pages']} trang" if facts.get("pages", 1) > 1 else ""
    source = f", từ hồ sơ {facts['from_dossier']}" if "from_dossier" in facts else ""
    return [f"{facts['paper']}{pages}{source}"]


def _asked_for(facts: Mapping[str, Any], office: Office) -> list[str]:
    """Papers to be handed in and units whose opinion is wanted."""
    found = []
    for item in facts.get("items", []):
        todo = f"; cần: {item['todo']}" if item.get("todo") else ""
        found.append(f"{item.get('name') or 'Nội dung khác'}: {item['defect']}{todo}")
    if facts.get("units"):
        found.append("Hỏi: " + "; ".join(office.unit_name(unit) for unit in facts["units"]))
    return found


_TOLD = (
    ("reason", "Lý do"), ("legal_basis", "Căn cứ"), ("opinion", "Ý kiến"),
    ("differences", "Chênh lệch"), ("papers", "Giấy tờ chuyển"), ("shelf", "Nơi cất"),
    ("guidance", "Hướng dẫn"), ("content", "Nội dung"), ("reply", "Trả lời"),
    ("verified", "Kết quả xác minh"), ("receiver", "Người nhận"),
    ("authorisation", "Giấy ủy quyền"), ("error", "Sai sót"), ("reported_by", "Người báo"),
    ("corrected", "Đã sửa"), ("lost_what", "Mất, hỏng"), ("blamed_unit", "Đơn vị chịu trách nhiệm"),
    ("result_text", "Kết quả"), ("to_one_stop", "Chuyển đến"), ("previous", "Hồ sơ trước"),
)  # fmt: skip


def _by_whom(body: Mapping[str, Any], office: Office) -> list[str]:
    """In whose place it was done, and to whom a step was given."""
    facts, found = body["facts"], []
    if facts.get("signed_for"):
        found.append(f"Ký thay {facts['signed_for']} theo ủy quyền số {facts['authority']}")
    elif body["acting_for"]:
        found.append(f"Thay {office.unit_name(body['acting_for'])} theo ủy quyền")
    if "assignee_name" in facts:
        found.append(f"Giao cho {facts['assignee_name']}")
    if "reason_code" in facts:
        found.append(REFUSAL_REASONS.get(facts["reason_code"], facts["reason_code"]))
    return found


def _numbers(facts: Mapping[str, Any]) -> list[str]:
    """The paper drawn, the number given, the money taken or given back, the day that moved."""
    found = []
    if facts.get("form") in FORMS:
        again = f", in lại lần {facts['reprint']}" if facts.get("reprint") else ""
        found.append(f"{FORMS[facts['form']].title}{again}")
    if facts.get("number"):
        found.append(f"Số: {facts['number']}{'/' + facts['symbol'] if 'symbol' in facts else ''}")
    if "fee_amount" in facts:
        found.append(f"{facts.get('fee_name', 'Phí, lệ phí')}: {dong(facts['fee_amount'])}")
    for key, verb in (("fee_collected", "Thu"), ("refund_amount", "Hoàn lại")):
        if facts.get(key):
            found.append(f"{verb} {dong(facts[key])}")
    if facts.get("old_day") and facts.get("new_day"):
        old, new = (date.fromisoformat(facts[k]) for k in ("old_day", "new_day"))
        found.append(f"Hẹn trả: {old:%d/%m/%Y} → {new:%d/%m/%Y}")
    return found


def _details(body: Mapping[str, Any], office: Office, names: Mapping[int, str]) -> list[str]:
    facts = body["facts"]
    found = _by_whom(body, office)
    found += [f"{label}: {facts[key]}" for key, label in _TOLD if facts.get(key)]
    found += _filed(facts) + _asked_for(facts, office) + _numbers(facts)
    for key, pair in (facts.get("changes") or {}).items():
        old, new = pair
        found.append(f"{AMENDABLE.get(key, key)}: {old or 'trống'} → {new or 'trống'}")
    if body["action"] == "refused" or body["note"]:
        found.append(body["note"])
    opened = [names[p] for p in facts.get("opened", []) if p in names]
    if opened:
        found.append("Chuyển bước: " + "; ".join(opened))
    return found
