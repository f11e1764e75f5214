"""The form's own reading: marks, papers, fees, and where a refusal's sentences belong."""

from __future__ import annotations

from typing import Any

import pytest

from app.catalogue import load_folder
from app.core.completeness import FeeGiven
from app.core.procedure import Procedure
from app.core.refusals import Refused
from app.intake import forms
from app.intake.forms import HAVE, MISSING, NONE
from app.intake.request import Request
from app.intake.supplement import missing_items

CATALOGUE = {(f.procedure.code, f.procedure.era): f.procedure for f in load_folder().procedures}
PERMIT = CATALOGUE["1.013228", "ba cấp"]  # 1 required, 2 when torn; fee set by a resolution
BIRTH = CATALOGUE["1.001193", "ba cấp"]  # 2–5: one of a group
COPIES = CATALOGUE["2.000815", "ba cấp"]  # a fee with tiers


def _refused(procedure: Procedure, marks: dict[int, str], case: str | None = None) -> Refused:
    typed = {f"components-{i}": mark for i, mark in marks.items()}
    return forms.refused_marks(procedure, forms.marks_of(procedure, case, typed), case)


@pytest.mark.parametrize(
    ("marks", "wrong"),
    [
        ({1: HAVE, 2: HAVE}, set()),
        ({1: HAVE, 2: NONE}, set()),
        ({1: HAVE}, set()),  # a paper under a condition is not handed in unless marked
        ({1: HAVE, 2: MISSING}, {"components.2"}),  # but marked missing it is needed
        ({1: MISSING}, {"components.1"}),
        ({}, {"components.1"}),
        ({1: "yes"}, {"components.1"}),
        ({2: MISSING}, {"components.1", "components.2"}),
    ],
)
def test_marks_refused(marks: dict[int, str], wrong: set[str]) -> None:
    assert set(_refused(PERMIT, marks, "rach-nat").fields) == wrong


def test_unseen_is_another_thing_than_missing() -> None:
    unseen = _refused(PERMIT, {}, "mat")
    assert unseen.code == "bad_request" and "Chưa kiểm tra giấy tờ số 1" in unseen.sentence
    missing = _refused(PERMIT, {1: MISSING}, "mat")
    assert missing.code == "incomplete"
    assert "Đơn đề nghị cấp lại" in missing.sentence and "(số 1)" in missing.sentence
    assert missing.detail == {"missing": [1]}


def test_a_group_wants_one_of_its_papers() -> None:
    required = {i: HAVE for i, c in enumerate(BIRTH.components, 1) if c.required}
    group = [i for i, c in enumerate(BIRTH.components, 1) if c.one_of]
    unseen = _refused(BIRTH, required)
    assert list(unseen.fields) == [f"components.{group[0]}"]
    assert "Chưa kiểm tra" in unseen.sentence and "ít nhất một" in "".join(unseen.fields.values())
    for none in ({i: forms.NONE for i in group}, {group[2]: MISSING}):
        refused = _refused(BIRTH, required | none)
        assert len(refused.fields) == 1 and refused.code == "incomplete"
        assert "một trong các giấy tờ" in refused.sentence
    for given in group:
        assert not _refused(BIRTH, required | {given: HAVE}).fields
        assert not _refused(BIRTH, required | {given: HAVE, group[0]: MISSING}).fields or (
            given == group[0]
        )


@pytest.mark.parametrize(
    ("typed", "settled"),
    [
        ({}, {2: "", 3: "", 4: "", 5: ""}),
        ({3: HAVE}, {2: "none", 3: HAVE, 4: "none", 5: "none"}),
        ({3: HAVE, 5: HAVE, 2: MISSING}, {2: "none", 3: HAVE, 4: "none", 5: HAVE}),
        ({4: MISSING}, {2: "none", 3: "none", 4: MISSING, 5: "none"}),
        ({4: MISSING, 5: MISSING}, {2: "none", 3: "none", 4: MISSING, 5: "none"}),
        ({2: "none", 3: "none"}, {2: "none", 3: "none", 4: "", 5: ""}),
        (dict.fromkeys((2, 3, 4, 5), "none"), {2: MISSING, 3: "none", 4: "none", 5: "none"}),
    ],
)
def test_one_mark_settles_a_group(typed: dict[int, str], settled: dict[int, str]) -> None:
    marks = forms.marks_of(BIRTH, None, {f"components-{i}": m for i, m in typed.items()})
    assert {i: marks[i] for i in (2, 3, 4, 5)} == settled


def test_a_supplement_names_what_will_do_for_a_group() -> None:
    items = missing_items(BIRTH, None, {"components-4": MISSING, "missing-note-4": "Chưa có dấu"})
    assert [item["component"] for item in items] == [4]
    told = items[0]["defect"]
    assert told.startswith("Chưa có dấu. Nộp giấy tờ này hoặc một trong: ")
    for i in (2, 3, 5):
        assert BIRTH.components[i - 1].name in told


def test_papers_of_another_case_are_not_read() -> None:
    typed = {"components-1": HAVE, "components-2": HAVE}
    assert forms.marks_of(PERMIT, "mat", typed) == {1: HAVE}


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ({}, FeeGiven(1, timing="later")),
        ({"fee-1-amount": "75.000"}, FeeGiven(1, amount=75_000, timing="later")),
        ({"fee-1-amount": " 75 000 đ ", "fee-1-timing": "now"}, FeeGiven(1, amount=75_000)),
        ({"fee-1-amount": "bảy mươi"}, FeeGiven(1, amount=-1, timing="later")),
        ({"fee-1-amount": "-5"}, FeeGiven(1, amount=-1, timing="later")),
        ({"fee-1-amount": "75.000", "fee-1-quantity": "²"},
         FeeGiven(1, quantity=-1, amount=75_000, timing="later")),
        ({"fee-1-exempt": "hộ nghèo"}, FeeGiven(1, exempt_reason="hộ nghèo", timing="later")),
    ],
)  # fmt: skip
def test_a_fee_set_by_resolution(typed: dict[str, str], given: FeeGiven) -> None:
    assert forms.fee_given(1, PERMIT.fees[0], typed) == given


def test_a_known_fee_takes_no_amount() -> None:
    typed = {"fee-1-amount": "1", "fee-1-quantity": "12"}
    assert forms.fee_given(1, COPIES.fees[0], typed) == FeeGiven(1, 12, timing="later")


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        ({"applicant.name": "a", "submitter.phone": "b"}, ["name", "submitter_phone"]),
        ({"components.3": "a", "components": "b"}, ["components-3", "papers"]),
        ({"fees[1].amount": "a"}, ["fee-4-amount"]),
        ({"fees[7].amount": "a"}, ["fees[7].amount"]),
        ({"commune": "a", "case": "b", "reason": "c"}, ["commune", "case", "reason"]),
        ({}, [""]),
    ],
)
def test_sentences_go_to_their_fields(fields: dict[str, str], ids: list[str]) -> None:
    told = Request("1.013228", "x", {}, fees=(FeeGiven(2), FeeGiven(4)))
    found: dict[str, Any] = forms.errors_by_field(Refused("bad", "Câu.", fields=fields), told)
    assert list(found) == ids
    assert found[ids[0]] == ("a" if fields else "Câu.")


def test_a_draft_keeps_neither_key_nor_refusal() -> None:
    typed = {"name": "Mẫu", "key": "k", "csrf_token": "t", "action": "draft", "reason": "r",
             "note": "  "}  # fmt: skip
    assert forms.kept(typed) == {"name": "Mẫu"}
