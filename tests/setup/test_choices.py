"""The words of listed values: all of them, told apart, fit for a cell with several."""

from __future__ import annotations

import unicodedata

import pytest

from app.core import procedure_terms as terms
from app.setup.choices import CHOICES

LISTS = {
    ".level": terms.LEVELS, ".era": terms.ERAS, ".applicants": terms.APPLICANTS,
    ".channels": terms.CHANNELS, ".steps_basis": terms.STEPS_BASES,
    "limit.unit": terms.LIMIT_UNITS, "limit.starts": terms.STARTS,
    "limit.silence": terms.SILENCES,
    "extensions.unit": terms.STEP_UNITS, "extensions.effect": terms.EFFECTS,
    "pauses.kind": terms.PAUSES, "pauses.unit": terms.STEP_UNITS,
    "components.kind": terms.COMPONENT_KINDS, "components.handling": terms.HANDLINGS,
    "fees.kind": terms.FEE_KINDS, "fees.channel": terms.CHANNELS,
    "steps.role": terms.ROLES, "steps.time_unit": terms.STEP_UNITS, "steps.pause": terms.PAUSES,
}  # fmt: skip
SPECS = {
    "": terms.PROCEDURE, "limit": terms.TIME_LIMIT, "extensions": terms.EXTENSION,
    "pauses": terms.PAUSE, "components": terms.COMPONENT, "fees": terms.FEE, "steps": terms.STEP,
}  # fmt: skip


def test_every_listed_key_and_no_other() -> None:
    assert list(CHOICES) == list(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_every_value_has_words_in_the_order_of_the_core(name: str) -> None:
    part, _, key = name.partition(".")
    assert key in SPECS[part]
    assert tuple(CHOICES[name]) == LISTS[name]


@pytest.mark.parametrize("name", LISTS)
def test_words_are_told_apart_and_fit_a_cell(name: str) -> None:
    words = list(CHOICES[name].values())
    assert len({text.casefold() for text in words}) == len(words)
    for text in words:
        assert text == text.strip() and unicodedata.is_normalized("NFC", text)
        assert not {",", ";", "\n"} & set(text), "several values stand in one cell or drop-down"
    others = [(value, w) for value, w in CHOICES[name].items() if w in CHOICES[name] and w != value]
    assert others == [], "words that are another value would be read as that one"
