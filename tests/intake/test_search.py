"""The procedure search of the counter: what fits, in which order, and why nothing does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.actor import Actor
from app.extensions import db
from app.intake import search
from tests.make import TODAY, Office, make_request

HOUSEHOLD = {"1.001612", "1.001266", "1.001570", "2.000720"}


def _codes(office: Office, text: str, uses: dict[str, int] | None = None) -> list[str]:
    counter = office.rules.unit("mot-cua-huyen")
    hits = search.procedures(office.rules, counter, text, uses or {}, TODAY)
    return [hit.edition.code for hit in hits.items]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gpxd", "1.013228"),  # initials inside the name
        ("gp xay", "1.013227"),  # initials and a beginning
        ("GIAY PHEP XAY DUNG", "1.013228"),
        ("giấy phép xây", "1.013227"),
        ("Giâ\u0301y phe\u0301p xây", "1.013227"),  # typed in decomposed letters
        ("thanh lap ho kinh doanh", "1.001612"),
        ("hoat dong xay", "1.013228"),  # the field
        ("1.0132", "1.013227"),  # the beginning of a code
        ("  ruou ", "2.000620"),
    ],
)
def test_finds_by_words_initials_field_and_code(office: Office, text: str, code: str) -> None:
    assert code in _codes(office, text)


def test_every_word_must_fit(office: Office) -> None:
    assert set(_codes(office, "ho kinh doanh")) >= HOUSEHOLD
    assert _codes(office, "ho kinh doanh cham dut") == ["1.001266"]
    assert _codes(office, "inh oanh") == []  # only beginnings of words


def test_order_is_use_then_fit_then_length(office: Office) -> None:
    plain = _codes(office, "ho kinh doanh")
    in_name_row = [code for code in plain if code in HOUSEHOLD]
    assert in_name_row[:2] == ["1.001612", "1.001266"], "equally well fitting: the shorter name"
    assert plain.index("2.000720") < plain.index("1.001570"), "words in a row, then length"
    used = _codes(office, "ho kinh doanh", {"1.001570": 3, "2.000720": 5})
    assert used[:2] == ["2.000720", "1.001570"]


def test_at_most_seven(office: Office) -> None:
    assert len(_codes(office, "c")) == search.MOST_SHOWN


def test_empty_text_gives_what_the_counter_uses_most(office: Office) -> None:
    assert _codes(office, "") == []
    assert _codes(office, " ", {"1.001266": 2, "1.013228": 9}) == ["1.013228", "1.001266"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9.999999", ["9.999999", "danh mục"]),
        ("1.004873", ["không nhận tại", "Nơi nhận", "cấp xã"]),  # a commune's procedure, by code
        ("khai tu", ["Không có thủ tục nào khớp “khai tu”", "nhận tại", "cấp xã"]),
        ("abc xyz", ["Không có thủ tục nào khớp “abc xyz”", "Thử ít chữ hơn"]),
    ],
)
def test_nothing_found_says_why(office: Office, text: str, words: list[str]) -> None:
    counter = office.rules.unit("mot-cua-huyen")
    hits = search.procedures(office.rules, counter, text, {}, TODAY)
    assert hits.items == ()
    for word in words:
        assert word in hits.why


def _actor(office: Office) -> Actor:
    return office.person("tiepnhan")


def test_uses_count_ninety_days_at_this_counter_only(office: Office) -> None:
    office.receive()
    office.receive(make_request(procedure="1.013227", case=None))
    office.receive(at=TODAY - timedelta(days=89))
    office.receive(at=TODAY - timedelta(days=91))
    office.receive_sample("1.000656", "mot-cua-xa@nga-yen")
    uses = search.uses_at(db.session, _actor(office), "mot-cua-huyen", TODAY)
    assert uses == {"1.013228": 2, "1.013227": 1}
    elsewhere = search.uses_at(db.session, _actor(office), "mot-cua-xa@nga-yen", TODAY)
    assert elsewhere == {}, "another counter's dossiers are out of sight"


def test_known_person_gives_open_dossiers_and_the_last_phone(office: Office) -> None:
    number = "038190000123"
    person = dict(make_request().applicant)
    old = office.receive(make_request(applicant=person | {"email": "mau@example.vn"}))
    office.walk(old)
    newer = office.receive(make_request(applicant=person | {"phone": "0987654321"}),
                           at=TODAY + timedelta(hours=1))  # fmt: skip
    known = search.known_person(db.session, _actor(office), number)
    assert known.open_codes == (newer.code,)
    assert (known.phone, known.email) == ("0987654321", "mau@example.vn")
    assert search.known_person(db.session, _actor(office), "038190000999") == search.Known()
    stranger = office.person("tiepnhan.xa")
    assert search.known_person(db.session, stranger, number) == search.Known()
