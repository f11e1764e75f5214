"""Dossier codes, look-up codes, temporary ids."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import codes


@pytest.mark.parametrize(
    ("text", "agency", "day", "number"),
    [
        ("000.00.32.H56-181017-0001", "000.00.32.H56", date(2018, 10, 17), 1),
        ("H56.32-261125-0007", "H56.32", date(2026, 11, 25), 7),
        ("H56-261125-10000", "H56", date(2026, 11, 25), 10000),
        (" h56.99-261125-0001 ", "H56.99", date(2026, 11, 25), 1),
    ],
)
def test_codes_of_the_law_are_read(text: str, agency: str, day: date, number: int) -> None:
    assert codes.parse_dossier_code(text) == codes.DossierCode(agency, day, number)


@pytest.mark.parametrize(
    "text",
    ["", "H56.99-261125-001", "H56.99-261399-0001", "Z56-261125-0001", "H56.99_261125_0001",
     "H56.99-261125-0001234", "000.00.32-181017-0001", "TAM-0000000000"],
)  # fmt: skip
def test_other_texts_are_no_codes(text: str) -> None:
    assert codes.parse_dossier_code(text) is None


@given(st.dates(date(2018, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_a_code_reads_back(day: date, number: int) -> None:
    code = codes.DossierCode("H56.99", day, number)
    assert codes.parse_dossier_code(str(code)) == code
    assert code.digits.isdigit() and code.digits.startswith(f"{day:%y%m%d}")


def test_lookup_codes_are_random_and_of_the_alphabet() -> None:
    made = {codes.new_lookup_code() for _ in range(2000)}
    assert len(made) == 2000
    assert all(len(c) == 10 and set(c) <= set(codes.CROCKFORD) for c in made)
    assert set("".join(made)) == set(codes.CROCKFORD)
    assert codes.TEMPORARY.match(codes.new_temporary_id())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("7KQ4M-2XP9D", "7KQ4M2XP9D"), ("7kq4m 2xp9d", "7KQ4M2XP9D"), ("OIL4M2XP9D", "0114M2XP9D"),
        ("7KQ4M2XP9", None), ("7KQ4M2XP9U", None), ("", None), ("7KQ4M2XP9DD", None),
    ],
)  # fmt: skip
def test_what_a_person_types_of_a_lookup_code(typed: str, stored: str | None) -> None:
    assert codes.clean_lookup_code(typed) == stored


@pytest.mark.parametrize(
    ("code", "good"),
    [("H56", True), ("H56.32.05", True), ("000.00.00.G22", True), ("Z01", False), ("h56", False),
     ("H5", False), ("H56." + ".".join(["ABCDEFGHIJ"] * 4), False)],
)  # fmt: skip
def test_agency_identifiers(code: str, good: bool) -> None:
    assert codes.valid_agency(code) is good
