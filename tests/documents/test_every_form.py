"""What every printed form promises, whatever it says."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from app.core.regime import FORM_NAMES
from app.documents import FORMS
from app.documents.facts import PaperFacts
from tests.documents import reading
from tests.documents.facts import (
    apology_facts,
    book_facts,
    consult_facts,
    control_facts,
    minutes_facts,
    originals_facts,
    payment_facts,
    receipt_facts,
    refusal_facts,
    stop_facts,
    supplement_facts,
)

EXAMPLES: dict[str, Callable[..., PaperFacts]] = {
    "receipt": receipt_facts,
    "supplement_request": supplement_facts,
    "refusal_notice": refusal_facts,
    "apology_notice": apology_facts,
    "stop_notice": stop_facts,
    "control_slip": control_facts,
    "tracking_book": book_facts,
    "payment_notice": payment_facts,
    "consult_request": consult_facts,
    "verification_minutes": minutes_facts,
    "originals_slip": originals_facts,
}
OWN = {"payment_notice", "consult_request", "verification_minutes", "originals_slip"}
COPIES = {"apology_notice": 1, "control_slip": 1, "tracking_book": 1}
VARIANTS = ("nd61", "nd118")
by_form = pytest.mark.parametrize("name", EXAMPLES)
by_variant = pytest.mark.parametrize("variant", VARIANTS)


def drawn(name: str, reprint: int = 0, **changes: Any) -> bytes:
    return FORMS[name].draw(EXAMPLES[name](**changes), reprint)


def test_forms_are_those_of_the_decrees() -> None:
    assert set(FORMS) == set(FORM_NAMES) | OWN == set(EXAMPLES)
    assert all(form.layout >= 1 for form in FORMS.values())
    assert FORMS["receipt"].title == "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"


@by_form
@by_variant
def test_same_facts_give_the_same_bytes_back_from_json(name: str, variant: str) -> None:
    facts = EXAMPLES[name](variant=variant)
    stored = facts.to_json()
    again = FORMS[name].facts.from_json(stored)
    assert again.to_json() == stored
    assert FORMS[name].draw(again) == FORMS[name].draw(facts) == drawn(name, variant=variant)


def test_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from tests.documents.test_every_form import EXAMPLES, drawn;"
        "print(hashlib.sha256(b''.join(drawn(name, 2) for name in EXAMPLES)).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    here = hashlib.sha256(b"".join(drawn(name, 2) for name in EXAMPLES)).hexdigest()
    assert other.stdout.decode().strip() == here


@by_form
@by_variant
def test_reprint_adds_one_line_a_copy_and_nothing_else(name: str, variant: str) -> None:
    again = reading.lines(drawn(name, 3, variant=variant))
    assert again.count("In lại lần 3") == COPIES.get(name, 2)
    once = reading.lines(drawn(name, variant=variant))
    assert [line for line in again if line != "In lại lần 3"] == once
    assert len(once) > 20


@by_form
def test_reprint_is_counted_from_one(name: str) -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        drawn(name, -1)


@by_form
@by_variant
def test_every_font_is_embedded_and_ours(name: str, variant: str) -> None:
    pdf = drawn(name, 1, variant=variant)
    found = dict(reading.fonts(pdf))
    assert found
    assert all(found.values())
    assert all(font.startswith("/AAAAAA+LiberationSerif") for font in found)
    assert b"Helvetica" not in pdf


@by_form
def test_metadata_holds_nothing_personal(name: str) -> None:
    told = reading.metadata(drawn(name))
    assert "Nguyễn" not in told["/Title"]
    assert told.pop("/Title")
    assert told.pop("/Producer").startswith("ReportLab")
    assert set(told.values()) <= {"", "/False", "D:20000101000000+00'00'"}


def _loose(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFD", value)
    if isinstance(value, dict):
        return {key: _loose(item) for key, item in value.items()}
    return [_loose(item) for item in value] if isinstance(value, list) else value


@by_form
def test_decomposed_text_prints_like_composed(name: str) -> None:
    facts = EXAMPLES[name]()
    fields = FORMS[name].facts.__dataclass_fields__
    values = {field: _loose(getattr(facts, field)) for field in fields}
    loose = FORMS[name].facts(**values)
    assert loose.to_json() != facts.to_json()
    assert FORMS[name].draw(loose) == FORMS[name].draw(facts)


@by_form
def test_facts_of_another_form_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="facts of another form"):
        FORMS[name].facts.from_json('{"colour":"red"}')


@by_form
def test_a_form_knows_the_two_sets_only(name: str) -> None:
    with pytest.raises(ValueError, match="variant is one of"):
        EXAMPLES[name](variant="nd99")
