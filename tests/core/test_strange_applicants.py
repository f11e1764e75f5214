"""Applicants as hostile programs and careless paste send them."""

from __future__ import annotations

import pytest

from app.core.applicant import read

GOOD = {"name": "Nguyễn Thị Mẫu", "personal_id": "038190000123", "phone": "0912345678"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "A\x00B"), ("name", "A\x1b[31m"), ("name", "A\x7f"), ("name", "A\ud800"),
        ("name", "한" * 70),  # three letters each where names are looked for
        ("name", "12345"), ("name", "\u200b"), ("name", "x" * 201), ("address", "Thôn\x08"),
        ("address", "x" * 301), ("email", "a@b.vn\ud800"), ("email", f"{'x' * 120}@vidu.vn"),
        ("personal_id", "٠٣٨١٩٠٠٠٠١٢٣"), ("personal_id", "²" * 12), ("phone", "٠٩١٢٣٤٥٦٧٨"),
        ("phone", "0912345678\x00"), ("birth_date", "05/02/0190"), ("birth_date", "0001-01-01"),
        ("birth_date", "31/02/1990"), ("birth_date", "9" * 50), ("sex", "nam\x00"),
        ("kind", "person\x00"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_or_shown_is_sent_back(key: str, value: str) -> None:
    checked = read(GOOD | {key: value})
    assert checked.applicant is None
    assert checked.errors[key].endswith(".")


def test_tax_codes_have_plain_digits() -> None:
    told = {"kind": "organisation", "name": "Công ty Mẫu", "personal_id": "٢٨٠٠٠٠٠٠٠٠"}
    assert set(read(told).errors) == {"personal_id"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nguyễn\u200b Thị\ufeff Mẫu\u00ad", "Nguyễn Thị Mẫu"),  # pasted from Word or a chat
        ("\u202eNguyễn Thị Mẫu\u202c", "Nguyễn Thị Mẫu"),  # turned round
        ("Nguye\u0302\u0303n  Thi\u0323\tMa\u0302\u0303u", "Nguyễn Thị Mẫu"),  # decomposed
        ("Y Bhăm Niê", "Y Bhăm Niê"), ("D'Angelo-Ñez", "D'Angelo-Ñez"), ("مرحبا", "مرحبا"),
        ("<b>Lê & Trần</b>", "<b>Lê & Trần</b>"),
    ],
)  # fmt: skip
def test_marks_that_nobody_sees_are_left_out(typed: str, kept: str) -> None:
    checked = read(GOOD | {"name": typed})
    assert checked.applicant is not None and checked.applicant.name == kept
