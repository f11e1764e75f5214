"""Applicants as hostile programs and careless paste send them."""

from __future__ import annotations

import pytest

from app.core.applicant import read
from app.core.card import read_card

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
        ("Lê & Trần", "Lê & Trần"), ("Ksor H’Bơi", "Ksor H’Bơi"),
        ("Müller, Jørgen", "Müller, Jørgen"),
    ],
)  # fmt: skip
def test_marks_that_nobody_sees_are_left_out(typed: str, kept: str) -> None:
    checked = read(GOOD | {"name": typed})
    assert checked.applicant is not None and checked.applicant.name == kept


@pytest.mark.parametrize("name", ["Pháº¡m VÄn Thá»", "Nguyễn <b>", "Tr\u00a7n Văn A", "Lê Thị ��"])
def test_a_name_read_in_a_wrong_code_is_asked_for_again(name: str) -> None:
    checked = read(GOOD | {"name": name})
    assert checked.applicant is None and "ký tự lạ" in checked.errors["name"]
    assert (
        read(
            GOOD | {"kind": "organisation", "personal_id": "", "name": "HTX 19/5 <Nga An>"}
        ).errors.get("name")
        is None
    )


@pytest.mark.parametrize(
    ("name", "address", "garbled"),
    [
        ("Nguyễn Thị Mẫu", "Thôn 1, Nga Yên", False), ("Y H'Đok Niê", "Buôn Đôn", False),
        ("LÊ THỊ HÒA", "SN 12/3, TT Nga Sơn", False), ("Hò A Pó", "Bản Sa Ná", False),
        ("Pháº¡m VÄn Thá»\u00ad", "Thôn 1", True), ("PhÂm Vãn Thø", "Nga Thçch", True),
        ("PhÂm Văn Thư", "Nga Thạch", True), ("Nguyen Thi Mau", "Thon 1", True),
        ("Nguyễn Thị Mẫu", "Thôn 1, Nga Thçch", True), ("Nguyễ?n Thị Mẫu", "Thôn 1", True),
    ],
)  # fmt: skip
def test_letters_that_were_lost_on_a_card(name: str, address: str, garbled: bool) -> None:
    card = read_card(f"038190000123||{name}|05021990|Nữ|{address}|15042021")
    assert card is not None and card.garbled is garbled
