"""Texts as Vietnamese people write them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.vietnamese import (
    clock,
    count2,
    date_words,
    day_month,
    dong,
    fold,
    hour_minute,
    initials,
    long_date,
    mask_id,
    name_sort_key,
    nfc,
    percent,
    weekday,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nguyễn Thị Ngọc Ước", "nguyen thi ngoc uoc"),
        ("  ĐỖ   Đức\tĐạt\n", "do duc dat"),
        ("Lộ Trình Ngựa Gỗ", "lo trinh ngua go"),
        ("Số 12/QĐ-UBND", "so 12/qd-ubnd"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(st.text())
def test_fold_is_stable_and_blind_to_the_form(text: str) -> None:
    folded = fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(nfc(text))
    assert folded == " ".join(folded.split())
    assert not any(unicodedata.combining(c) for c in folded)


def test_nfc() -> None:
    assert nfc("Nguye\u0302\u0303n") == "Nguyễn"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 23), "thứ Hai"),
        (date(2026, 11, 24), "thứ Ba"),
        (date(2026, 11, 25), "thứ Tư"),
        (date(2026, 11, 26), "thứ Năm"),
        (date(2026, 11, 27), "thứ Sáu"),
        (date(2026, 11, 28), "thứ Bảy"),
        (date(2026, 11, 29), "Chủ nhật"),
    ],
)
def test_weekday(day: date, name: str) -> None:
    assert weekday(day) == name
    assert weekday(day, capital=True) == name.replace("thứ", "Thứ")


def test_dates() -> None:
    assert date_words(date(2026, 12, 8)) == "thứ Ba, 08/12/2026"
    assert date_words(date(2026, 12, 8), capital=True) == "Thứ Ba, 08/12/2026"
    assert day_month(date(2026, 2, 8)) == "08/02"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "ngày 23 tháng 11 năm 2026"),
        (date(2026, 11, 5), "ngày 05 tháng 11 năm 2026"),
        (date(2027, 2, 9), "ngày 09 tháng 02 năm 2027"),
        (date(2027, 3, 10), "ngày 10 tháng 3 năm 2027"),
    ],
)
def test_long_date_has_zeros_where_the_decree_wants_them(day: date, words: str) -> None:
    assert long_date(day) == words


def test_instants_are_told_in_vietnams_time() -> None:
    night = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)  # 01:05 on the next day in Vietnam
    assert (clock(night), hour_minute(night)) == ("01:05", "01 giờ 05 phút")
    assert date_words(night) == "thứ Tư, 25/11/2026"
    assert long_date(night) == "ngày 25 tháng 11 năm 2026"
    assert weekday(night) == "thứ Tư"


def test_times() -> None:
    assert clock(time(9, 14)) == "09:14"
    assert hour_minute(time(9, 14, 59)) == "09 giờ 14 phút"


@pytest.mark.parametrize(
    ("n", "text"), [(0, "0 đ"), (500, "500 đ"), (75000, "75.000 đ"), (1234567, "1.234.567 đ")]
)
def test_money(n: int, text: str) -> None:
    assert dong(n) == text


@pytest.mark.parametrize(
    ("n", "d", "text"),
    [
        (8, 15, "53,3%"),
        (2, 3, "66,7%"),
        (1, 8, "12,5%"),
        (1, 2000, "0,1%"),  # exactly half of a tenth goes up
        (0, 7, "0,0%"),
        (7, 7, "100,0%"),
        (0, 0, "–"),
    ],
)
def test_percent(n: int, d: int, text: str) -> None:
    assert percent(n, d) == text


def test_count2() -> None:
    assert [count2(n) for n in (0, 2, 12, 100)] == ["00", "02", "12", "100"]


@pytest.mark.parametrize(
    "ordered",
    [
        # given names by the alphabet: a ă â b c d đ e ê … o ô ơ … u ư
        ["Lê An", "Lê Ăn", "Lê Ân", "Lê Bình", "Lê Dung", "Lê Đan", "Lê Em", "Lê Uyên", "Lê Ước"],
        # the tone decides between the same letters: ngang, huyền, hỏi, ngã, sắc, nặng
        ["Lê Hoa", "Lê Hòa", "Lê Hỏa", "Lê Hõa", "Lê Hóa", "Lê Họa", "Lê Hoan"],
        # then the middle names, then the family
        ["Vũ Anh", "An Thị Anh", "Bùi Thị Anh", "An Văn Anh", "An Thị Bé"],
        ["Anh", "Lê Anh", "Ánh"],
        ["Lê Tâm", "Lê Tú", "Lê Tuân", "Lê Tuấn"],
    ],
)
def test_names_in_their_order(ordered: list[str]) -> None:
    assert sorted(reversed(ordered), key=name_sort_key) == ordered
    decomposed = [unicodedata.normalize("NFD", name.upper()) for name in ordered]
    assert sorted(reversed(decomposed), key=name_sort_key) == decomposed


@given(st.lists(st.text()))
def test_any_names_can_be_ordered_whatever_their_form(names: list[str]) -> None:
    ordered = sorted(names, key=name_sort_key)
    decomposed = [unicodedata.normalize("NFD", name) for name in ordered]
    assert sorted(decomposed, key=name_sort_key) == decomposed


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Nguyễn Thị Ngọc Ước", "N. T. N. Ước"),
        ("đỗ Ánh", "Đ. Ánh"),
        ("Ước", "Ước"),
        (unicodedata.normalize("NFD", "Ưng Hoàng Ân"), "Ư. H. Ân"),
        ("", ""),
    ],
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("038190000123", "038*****0123"),
        ("123456789", "*****6789"),  # the old identity card
        ("C1234567", "*****567"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_mask_id(number: str, masked: str) -> None:
    assert mask_id(number) == masked
