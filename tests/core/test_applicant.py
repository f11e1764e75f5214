"""The applicant: hard errors say how to put it right, doubts never block."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core import applicant

GOOD = {
    "kind": "person", "name": "Nguyễn Thị Mẫu", "personal_id": "038190000123",
    "birth_date": "05/02/1990", "sex": "Nữ", "address": "Thôn 1", "phone": "0912 345 678",
    "email": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "old", "told"),
    [
        ({"old_id": "171234567"}, "171234567", ""),
        ({"old_id": "038 180 000 456"}, "038180000456", ""),
        ({"old_id": "038190000123"}, "", ""),  # the number of today tells nothing new
        ({"old_id": None}, "", ""),
        ({"old_id": "17123456"}, "", "9 hoặc 12 chữ số"),
        ({"old_id": "17123456x"}, "", "9 hoặc 12 chữ số"),
        ({"kind": "organisation", "personal_id": "2800123456", "old_id": "171234567"}, "",
         "Chỉ cá nhân"),
    ],
)  # fmt: skip
def test_the_number_of_the_old_card(given: dict[str, Any], old: str, told: str) -> None:
    checked = applicant.read(GOOD | given)
    if told:
        assert told in checked.errors["old_id"] and checked.applicant is None
        return
    assert checked.applicant is not None and checked.applicant.old_id == old
    assert ("old_id" in checked.applicant.as_facts()) == bool(old)


def test_a_good_card_reads_without_doubt() -> None:
    checked = applicant.read(GOOD)
    assert checked.errors == {} and checked.doubts == {}
    assert checked.applicant is not None
    assert checked.applicant.birth_date == date(1990, 2, 5)
    assert checked.applicant.phone == "0912345678"


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        ({"name": " "}, "name", "Hãy nhập"), ({"name": "123"}, "name", "chữ cái"),
        ({"name": "A" * 201}, "name", "Dài quá"),
        ({"personal_id": "03819000012"}, "personal_id", "bạn nhập 11"),
        ({"personal_id": "03819000012x"}, "personal_id", "chỉ gồm chữ số"),
        ({"birth_date": "31/02/1990"}, "birth_date", "ngày có thật"),
        ({"sex": "x"}, "sex", "Nam hoặc Nữ"), ({"phone": "0112345678"}, "phone", "10 chữ số"),
        ({"email": "a@b"}, "email", "ten@"), ({"kind": "ghost"}, "kind", "cá nhân"),
        ({"kind": "organisation", "personal_id": "12345"}, "personal_id", "Mã số thuế"),
    ],
)  # fmt: skip
def test_errors(change: dict[str, str], key: str, told: str) -> None:
    checked = applicant.read(GOOD | change)
    assert told in checked.errors[key] and checked.applicant is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"personal_id": "003190000123"}, "Mã tỉnh 003"),
        ({"personal_id": "038190000000"}, "000000"),
        ({"sex": "Nam"}, "giới tính"),
        ({"birth_date": "05/02/1991"}, "năm sinh"),
        ({"kind": "organisation", "personal_id": "0100109107"}, "Số kiểm tra"),
    ],
)
def test_doubts_are_said_and_do_not_block(change: dict[str, str], told: str) -> None:
    checked = applicant.read(GOOD | change)
    assert told in checked.doubts["personal_id"] and checked.applicant is not None


@pytest.mark.parametrize(
    ("prefix", "digit"),
    [("010010910", 6), ("280000000", 2), ("280123456", 4), ("280000001", None)],
)
def test_tax_code_vectors(prefix: str, digit: int | None) -> None:
    assert applicant.tax_code_check_digit(prefix) == digit


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("+84 912 345 678", "0912345678"), ("0237.3872.0001", None), ("02373872000", "02373872000")],
)
def test_phones(typed: str, stored: str | None) -> None:
    checked = applicant.read(GOOD | {"phone": typed})
    assert (checked.applicant.phone if checked.applicant else None) == stored
