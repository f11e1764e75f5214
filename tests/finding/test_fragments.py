"""What a typed or scanned text is taken for, and where in a dossier it is found."""

from __future__ import annotations

import pytest

from app.core.card import read_card
from app.finding.why import starts_word, why
from app.journey.fragments import code_part, sought
from app.models import Dossier

CARD = "038190000123||Nguyễn Thị Mẫu|05021990|Nữ|Thôn 1, Nga Yên, Nga Sơn|15042021"


@pytest.mark.parametrize(
    ("typed", "words", "lookup", "exact"),
    [
        ("Nguyễn  THỊ", ("nguyen", "thi"), "", False),
        ("Đức", ("duc",), "", False),
        ("0912 345 678", ("0912345678",), "", True),
        ("+84 912.345.678", ("0912345678",), "", True),
        ("345 678", ("345678",), "", False),
        ("2611250001", ("2611250001",), "", True),
        ("h56.99-261125-0001", ("h56.99-261125-0001",), "", True),
        ("tam-0123456789", ("tam-0123456789",), "", True),
        ("HTTPS://MOTCUA.VN/T/0123ABCDEF", (), "0123ABCDEF", True),
        (CARD, ("038190000123",), "", True),
        ("gy7hj-peq53", (), "GY7HJPEQ53", True),
        ("GY7HJPEQ53", ("gy7hjpeq53",), "", False),
        ("nguyenthim", ("nguyenthim",), "", False),
        ("0912345678", ("0912345678",), "", True),
        ("mẫu mẫu 12/GP", ("mau", "12/gp"), "", False),
        ("a\u200b\x07b", ("ab",), "", False),
    ],
)
def test_the_text_is_taken_apart(
    typed: str, words: tuple[str, ...], lookup: str, exact: bool
) -> None:
    found = sought(typed)
    assert (found.words, found.lookup, found.exact) == (words, lookup, exact)


@pytest.mark.parametrize(
    ("typed", "enough"),
    [("", False), ("a", False), (" ", False), ("ab", True), ("a b", True), ("7", False),
     ("77", True)],
)  # fmt: skip
def test_two_letters_are_the_least(typed: str, enough: bool) -> None:
    assert sought(typed).enough is enough


@pytest.mark.parametrize(
    ("word", "part"),
    [("2611260007", "261126-0007"), ("261126-7", "261126-0007"), ("2611260", "261126-0"),
     ("261126", ""), ("mau", "")],
)  # fmt: skip
def test_the_day_and_its_number_are_an_end_of_a_code(word: str, part: str) -> None:
    assert code_part(word) == part


def dossier() -> Dossier:
    return Dossier(
        applicant_name="Nguyễn Thị Mẫu", name_folded="nguyen thi mau", applicant_kind="person",
        personal_id="038190000123", phone="0912345678", code="H56.99-261125-0001",
        temporary_id=None, result_number="12/GPXD",
    )  # fmt: skip


def told(typed: str) -> dict[str, str]:
    """Per place its text with the matching part in brackets."""
    return {
        place.label: "".join(f"[{t}]" if marked else t for t, marked in place.pieces)
        for place in why(dossier(), sought(typed))
    }


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("guyen", {"tên": "N[guyễn] Thị Mẫu"}),
        ("mẫu ng", {"tên": "[Ng]uyễn Thị [Mẫu]"}),
        ("0123", {"số căn cước": "038*****[0123]"}),
        ("1900", {"số căn cước": "038[1900]*0123"}),
        ("345678", {"điện thoại": "0912[345678]"}),
        ("2611250001", {"mã hồ sơ": "H56.99-[261125-0001]"}),
        ("12/gp", {"số kết quả": "[12/GP]XD"}),
        ("zzz", {}),
    ],
)
def test_why_it_was_found(typed: str, where: dict[str, str]) -> None:
    assert told(typed) == where


def test_word_beginnings_come_first() -> None:
    assert starts_word(dossier(), sought("mau"))
    assert starts_word(dossier(), sought("0912"))
    assert not starts_word(dossier(), sought("guyen"))


@pytest.mark.parametrize(
    ("second", "old"),
    [("171234567", "171234567"), (" 171234567 ", "171234567"), ("038180000456", "038180000456"),
     ("", ""), ("17123456", ""), ("1712345678", ""), ("17123456x", ""), ("١٧١٢٣٤٥٦٧", ""),
     ("038190000123", "")],
)  # fmt: skip
def test_the_old_number_of_a_card(second: str, old: str) -> None:
    payload = CARD.replace("||", f"|{second}|")
    card = read_card(payload)
    assert card is not None and card.old == old and card.number == "038190000123"
    assert sought(payload).old == old and sought(payload).words == ("038190000123",)


@pytest.mark.parametrize(
    ("payload", "name", "garbled"),
    [
        (CARD, "Nguyễn Thị Mẫu", False),
        (CARD + "|Nguyễn Văn Cha|Lê Thị Mẹ||", "Nguyễn Thị Mẫu", False),
        (CARD.replace("05021990", "05/02/1990"), "Nguyễn Thị Mẫu", False),
        (CARD.replace("Nguyễn", "Nguy?n"), "Nguy?n Thị Mẫu", True),
        (CARD.replace("Nguyễn", "Nguye64n"), "Nguye64n Thị Mẫu", True),
        (CARD.replace("Thị", "Thịị"), "Nguyễn Thịị Mẫu", True),
        ("038190000123||NGUYEN THI MAU|05021990|Nu|Thon 1, Nga Yen|15042021", "NGUYEN THI MAU",
         True),
    ],
)  # fmt: skip
def test_a_card_and_its_garbled_letters(payload: str, name: str, garbled: bool) -> None:
    card = read_card(payload)
    assert card is not None and (card.number, card.name) == ("038190000123", name)
    assert card.garbled is garbled


@pytest.mark.parametrize("text", ["", "038190000123", "038190000123|a|b", "x" * 12 + "|" * 7])
def test_what_is_no_card(text: str) -> None:
    assert read_card(text) is None
