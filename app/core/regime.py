"""What a decree fixes: limits of notices, closing, the code's agency, the set of forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from app.core.faults import CLOCK_TEXT, Faults, wrong_type

CODE_AGENCIES = ("receiving", "settling")  # whose code begins the dossier's
FEE_SETTLEMENTS = ("monthly", "quarterly")
FORM_NAMES = (
    "receipt",
    "supplement_request",
    "refusal_notice",
    "apology_notice",
    "stop_notice",
    "control_slip",
    "tracking_book",
)

_REQUIRED = {
    "id": "text",
    "name": "text",
    "decrees": "texts",
    "valid_from": "date",
    "code_agency": "text",
    "one_stop_title": "text",
    "due_time_policy": "text",
    "transfer_cutoff": "text",
    "supplement_notice_wd": "int",
    "supplement_max": "int",
    "intake_supplement_max": "int",
    "apology_before_wd": "int",
    "apology_max": "int",
    "fee_settlement": "text",
    "withdraw_allowed": "bool",
    "scan_signature": "bool",
    "eid_check": "bool",
    "refusal_portal_status": "int",
    "uncollected_days": "int",
}
_OPTIONAL = {
    "valid_to": "date",
    "other_level_transfer_wd": "int",
    "close_after_days": "int",
    "online_alert_h": "int",
    "online_reply_wh": "int",
    "correction_wd": "int",
    "payment_transfer_wh": "int",
    "paper_in_order": "bool",
}
_FILE = {**_REQUIRED, **_OPTIONAL, "forms": "table", "basis": "table"}
_FORM = {"number": "text", "title": "text", "copies": "int", "signer": "text"}
_UNFOUNDED = ("id", "name", "decrees")  # what needs no article
_LISTED = {
    "code_agency": CODE_AGENCIES,
    "due_time_policy": ("end_of_day",),  # the only policy the deadlines follow
    "fee_settlement": FEE_SETTLEMENTS,
}
_ABOVE_0 = "phải lớn hơn 0"
_MARK = re.compile(r"\s*\[[^\]]*\]")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class RegimeFault(ValueError):
    """A regime file that cannot be used. lines: one "key: what is wrong" for each fault."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


@dataclass(frozen=True, slots=True)
class FormRule:
    """A numbered form. copies, signer: None where the law names none."""

    number: str
    title: str
    copies: int | None
    signer: str | None


@dataclass(frozen=True, slots=True)
class Regime:
    """The rules under which a dossier was accepted; None: the law has no such number.

    Endings: _wd working days, _wh working hours, _h clock hours, _days calendar days.
    paper_in_order: a paper dossier goes to one partner after the other, whatever the file allows.
    forms: by name (`FORM_NAMES`). basis: the article of each key, of forms as "forms.receipt".
    """

    id: str
    name: str
    decrees: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    code_agency: str
    one_stop_title: str
    due_time_policy: str
    transfer_cutoff: time
    other_level_transfer_wd: int | None
    supplement_notice_wd: int
    supplement_max: int
    intake_supplement_max: int
    close_after_days: int | None
    online_alert_h: int | None
    online_reply_wh: int | None
    apology_before_wd: int
    apology_max: int
    correction_wd: int | None
    payment_transfer_wh: int | None
    paper_in_order: bool | None
    fee_settlement: str
    withdraw_allowed: bool
    scan_signature: bool
    eid_check: bool
    refusal_portal_status: int
    uncollected_days: int
    forms: Mapping[str, FormRule]
    basis: Mapping[str, str]

    @property
    def decree(self) -> str:
        """The decree in short, for sentences: "NĐ 61/2018"."""
        number, year, *_ = self.decrees[0].split("/")
        return f"NĐ {number}/{year}"

    def article(self, name: str) -> str:
        """The article behind a key ("NĐ 61/2018 Đ19.4"), its mark of trust left out.

        A form's is named "forms.receipt". KeyError for a key the regime does not set.
        """
        return _MARK.sub("", self.basis[name]).strip()

    def valid_on(self, day: date) -> bool:
        """Whether a dossier accepted on the day falls under it."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def parse_regime(data: Mapping[str, Any]) -> Regime:
    """The regime of a file; RegimeFault with every key that is unknown, missing or wrong."""
    faults = Faults("")
    faults.texts("", dict(data))
    if faults.shape("", data, _FILE, (*_REQUIRED, "forms", "basis")):
        _check_values(faults, data)
        _check_forms(faults, data["forms"])
        _check_basis(faults, data)
    if faults.found:
        raise RegimeFault(f"{fault.key}: {fault.text}" for fault in faults.found)
    basis = dict(data["basis"])
    for_forms = basis.pop("forms", {})
    values: dict[str, Any] = {key: data.get(key) for key in (*_REQUIRED, *_OPTIONAL)}
    values |= {
        "decrees": tuple(data["decrees"]),
        "transfer_cutoff": time.fromisoformat(data["transfer_cutoff"]),
        "forms": {name: _form(form) for name, form in data["forms"].items()},
        "basis": basis | {f"forms.{name}": text for name, text in for_forms.items()},
    }
    return Regime(**values)


def _form(data: Mapping[str, Any]) -> FormRule:
    return FormRule(data["number"], data["title"], data.get("copies"), data.get("signer"))


def _check_values(faults: Faults, data: Mapping[str, Any]) -> None:
    for key, allowed in _LISTED.items():
        faults.listed(key, data[key], allowed)
    clock = _CLOCK.fullmatch(data["transfer_cutoff"])
    faults.check(bool(clock), "transfer_cutoff", CLOCK_TEXT)
    for key in (*_REQUIRED, *_OPTIONAL):
        if _FILE[key] == "int" and key in data:
            faults.check(data[key] > 0, key, _ABOVE_0)
    decrees = data["decrees"]
    good = bool(decrees) and all(text.count("/") == 2 for text in decrees)
    faults.check(good, "decrees", "phải có ít nhất một số hiệu, ghi như 61/2018/NĐ-CP")
    ends = data.get("valid_to", data["valid_from"])
    faults.check(data["valid_from"] <= ends, "valid_to", "ngày cuối trước ngày đầu")


def _check_forms(faults: Faults, forms: Mapping[str, Any]) -> None:
    numbers: list[str] = []
    for name, form in forms.items():
        key = f"forms.{name}"
        text = f"không có mẫu này, chỉ dùng {', '.join(FORM_NAMES)}"
        faults.check(name in FORM_NAMES, key, text)
        if not faults.check(isinstance(form, dict), key, wrong_type("table")):
            continue
        if faults.shape(key, form, _FORM, ("number", "title")):
            twice = form["number"] in numbers
            text = f"số “{form['number']}” đã dùng cho mẫu khác"
            faults.check(not twice, f"{key}.number", text)
            numbers.append(form["number"])
            faults.check(form.get("copies", 1) > 0, f"{key}.copies", _ABOVE_0)


def _check_basis(faults: Faults, data: Mapping[str, Any]) -> None:
    """Every rule has its article, and no article stands for a rule that is not set."""
    basis = data["basis"]
    founded = [key for key in (*_REQUIRED, *_OPTIONAL) if key in data and key not in _UNFOUNDED]
    spec = dict.fromkeys(founded, "text") | {"forms": "table"}
    if faults.shape("basis", basis, spec, founded):
        forms = data["forms"]
        faults.shape("basis.forms", basis.get("forms", {}), dict.fromkeys(forms, "text"), forms)
