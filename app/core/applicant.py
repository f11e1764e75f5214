"""The applicant as told at the counter: checked, normalised; soft doubts are said, not blocked.

Source: codes of số định danh cá nhân (NĐ 137/2015, NĐ 70/2024), mã số thuế, telephone numbering.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from app.core.vietnamese import fold

KINDS = {"person": "Cá nhân", "organisation": "Tổ chức"}
SEXES = ("Nam", "Nữ")
_PROVINCES = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035"
    " 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072"
    " 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096".split()
)
_MOBILE = re.compile(r"0[35789]\d{8}", re.ASCII)
_LANDLINE = re.compile(r"02\d{9}", re.ASCII)
_OLD_ID = re.compile(r"\d{9}|\d{12}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
# Neither stored nor shown: control characters, halves of a surrogate pair.
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_IN_NAMES = frozenset("'’‘`´.,-–()/&\"“”")
EARLIEST_BIRTH = date(1850, 1, 1)
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person or organisation; dates as date, phone as dialled in the country (0…).

    old_id: number of the old identity card (CMND) of a person, empty where it is not known.
    """

    kind: str
    name: str
    personal_id: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    address: str = ""
    phone: str | None = None
    email: str | None = None
    old_id: str = ""

    def as_facts(self) -> dict[str, Any]:
        """The values for an event or a form: dates as ISO text."""
        facts = asdict(self)
        facts["birth_date"] = self.birth_date.isoformat() if self.birth_date else None
        if not self.old_id:
            del facts["old_id"]  # so that facts without one stay as they were ever written
        return facts


@dataclass(slots=True)
class Checked:
    """What came of reading: the applicant (None where errors forbid it), errors, doubts."""

    applicant: Applicant | None = None
    errors: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)


def read(given: Mapping[str, Any], *, whose: str = "người nộp") -> Checked:
    """Read kind, name, personal_id, birth_date, sex, address, phone, email, old_id.

    Keys of errors and doubts are those names; each sentence says how to put it right.
    """
    out = Checked()
    values = {key: _text(given.get(key)) for key in Applicant.__dataclass_fields__}
    for key, limit in (("name", LONGEST_NAME), ("address", 300), ("email", 120)):
        length = max(len(values[key]), len(fold(values[key])))
        if length > limit:
            out.errors[key] = f"Dài quá {limit} ký tự (đang có {length}), hãy viết gọn."
    for key, value in values.items():
        if _UNREADABLE.search(value):
            out.errors[key] = "Có ký tự không đọc được, hãy gõ lại mục này."
    kind = values["kind"] or "person"
    if kind not in KINDS:
        out.errors["kind"] = "Chọn cá nhân hoặc tổ chức."
    if not values["name"]:
        out.errors["name"] = f"Hãy nhập tên {whose}."
    elif not any(c.isalpha() for c in values["name"]):
        out.errors["name"] = f"Tên {whose} phải có chữ cái."
    elif kind == "person" and (spoilt := _spoilt(values["name"])):
        out.errors["name"] = f"Tên {whose} có ký tự lạ “{spoilt}”, hãy gõ lại theo thẻ."
    birth = _birth_date(values["birth_date"], out)
    sex = values["sex"] or None
    if sex is not None and sex not in SEXES:
        out.errors["sex"] = "Giới tính ghi Nam hoặc Nữ."
    number = _number(kind, values["personal_id"], birth, sex, out)
    old = _old_id(kind, values["old_id"], number, out)
    phone = _phone(values["phone"], out)
    email = values["email"] or None
    if email is not None and "email" not in out.errors and not _EMAIL.fullmatch(email):
        out.errors["email"] = "Thư điện tử phải có dạng ten@noi-cap.vn."
    if not out.errors:
        out.applicant = Applicant(
            kind, values["name"], number, birth, sex, values["address"], phone, email, old
        )
    return out


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    composed = unicodedata.normalize("NFC", str(value))
    # Word and chat programs bring marks that nobody sees: blanks of no width, turned directions.
    seen = "".join(c for c in composed if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", seen).strip()


def _spoilt(name: str) -> str:
    """The first sign in a person's name that no name has, as letters read in a wrong code leave."""
    return next((c for c in name if unicodedata.category(c)[0] in "SCP" and c not in _IN_NAMES), "")


def _birth_date(text: str, out: Checked) -> date | None:
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,2})[/.-]?(\d{2})[/.-]?(\d{4})", text)
    iso = f"{match[3]}-{match[2]}-{int(match[1]):02d}" if match else text
    try:
        born = date.fromisoformat(iso)
    except ValueError:
        born = date.min
    if born >= EARLIEST_BIRTH:
        return born
    out.errors.setdefault("birth_date", "Ngày sinh phải là ngày có thật, ví dụ 05/02/1990.")
    return None


def _number(kind: str, text: str, birth: date | None, sex: str | None, out: Checked) -> str | None:
    digits = re.sub(r"[\s.]", "", text)
    if not digits:
        return None
    if kind == "organisation":
        _tax_code(digits, out)
        return digits
    if not digits.isdigit() or not digits.isascii():
        out.errors["personal_id"] = "Số định danh cá nhân chỉ gồm chữ số."
    elif len(digits) != 12:
        out.errors["personal_id"] = (
            f"Số định danh cá nhân phải có 12 chữ số; bạn nhập {len(digits)}."
        )
    else:
        doubt = personal_id_doubt(digits, birth, sex)
        if doubt:
            out.doubts["personal_id"] = doubt
    return digits


def _old_id(kind: str, text: str, number: str | None, out: Checked) -> str:
    """The old card's number; empty where it is the number of today."""
    digits = re.sub(r"[\s.]", "", text)
    if digits and kind == "organisation":
        out.errors["old_id"] = "Chỉ cá nhân có số CMND cũ."
    elif digits and not _OLD_ID.fullmatch(digits):
        out.errors.setdefault("old_id", "Số CMND cũ gồm 9 hoặc 12 chữ số.")
    return "" if digits == number else digits


def personal_id_doubt(digits: str, birth: date | None, sex: str | None) -> str:
    """What looks wrong in a 12-digit number; empty if nothing. Never a reason to refuse."""
    if int(digits[:3]) < 100 and digits[:3] not in _PROVINCES:
        return f"Mã tỉnh {digits[:3]} trong số định danh không có trong danh mục, hãy xem lại thẻ."
    if digits[6:] == "000000":
        return "Sáu số cuối của số định danh là 000000, hãy xem lại thẻ."
    century, is_female = 19 + int(digits[3]) // 2, int(digits[3]) % 2 == 1
    if sex is not None and (sex == "Nữ") != is_female:
        return "Số định danh không khớp với giới tính, hãy xem lại thẻ."
    if birth is not None and (birth.year // 100, birth.year % 100) != (century, int(digits[4:6])):
        return "Số định danh không khớp với năm sinh, hãy xem lại thẻ."
    return ""


def tax_code_check_digit(first_nine: str) -> int | None:
    """The tenth digit of a tax code, or None where the rule gives none (Σ mod 11 = 0)."""
    total = sum(
        int(d) * w for d, w in zip(first_nine, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True)
    )
    digit = 10 - total % 11
    return None if digit == 10 else digit


def _tax_code(text: str, out: Checked) -> None:
    if not re.fullmatch(r"\d{10}(-?\d{3})?|\d{12}", text, re.ASCII):
        out.errors["personal_id"] = (
            "Mã số thuế gồm 10 chữ số, 10 chữ số và 3 chữ số của đơn vị phụ thuộc, hoặc 12 chữ số."
        )
    elif len(text) != 12 and tax_code_check_digit(text[:9]) != int(text[9]):
        out.doubts["personal_id"] = "Số kiểm tra của mã số thuế không khớp, hãy xem lại giấy tờ."


def _phone(text: str, out: Checked) -> str | None:
    digits = re.sub(r"[\s.()-]", "", text)
    if not digits:
        return None
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    out.errors["phone"] = (
        "Số điện thoại di động gồm 10 chữ số bắt đầu bằng 03, 05, 07, 08, 09; "
        "số cố định gồm 11 chữ số bắt đầu bằng 02."
    )
    return None
