"""A checked file, asked: limit, steps, papers and fees of a case; stored as text and read back."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from app.catalogue import RULES_FOLDER
from app.core.procedure import from_json, parse, to_json
from app.core.refusals import Refused
from tests.rules import edition, text_of

RESIDE = "cu-tru/1.010041.toml"
RENT = "cu-tru/1.004222.toml"
ALTER = "ho-tich/1.004859.toml"
BIRTH = "ho-tich/2.000986.toml"


def test_every_file_survives_being_stored_as_text() -> None:
    for path in sorted(RULES_FOLDER.glob("[a-z]*/*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        assert from_json(to_json(data)) == parse(data), path.name


def test_equal_content_is_equal_text_whatever_the_order() -> None:
    data = tomllib.loads(text_of(RESIDE))
    assert to_json(dict(reversed(data.items()))) == to_json(data)
    assert '"as_of": "2025-06-30"' in to_json(data)


@pytest.mark.parametrize(
    ("path", "case", "amount", "unit", "cutoff", "steps"),
    [
        ("ho-tich/1.001193.toml", None, 1, "same_day", dt.time(15), 5),
        (RESIDE, "co-du-lieu", 4, "working_hours", None, 5),
        (RESIDE, "xac-minh", 3, "working_days", None, 5),
        (RESIDE, None, 4, "working_hours", None, 5),  # lists show the procedure's own limit
        (ALTER, "thay-doi-cai-chinh", 3, "working_days", None, 5),
        (ALTER, "bo-sung", 1, "same_day", dt.time(15), 5),
        ("khieu-nai-to-cao/2.002408.toml", None, 30, "days", None, 8),
    ],
)
def test_limit_of_a_case(
    path: str, case: str | None, amount: float, unit: str, cutoff: dt.time | None, steps: int
) -> None:
    procedure = edition(path)
    limit = procedure.limit_for(case)
    assert (limit.amount, limit.unit, limit.cutoff) == (amount, unit, cutoff)
    assert len(procedure.steps_for(case)) == steps


def test_same_day_without_a_cutoff_ends_at_three() -> None:
    text = text_of("ho-tich/1.001193.toml").replace('cutoff = "15:00"\n', "")
    assert parse(tomllib.loads(text)).time_limit.cutoff == dt.time(15, 0)


def test_a_case_keeps_the_procedures_extensions_but_not_its_steps() -> None:
    procedure = edition(ALTER)
    assert procedure.limit_for("bo-sung").extensions == procedure.time_limit.extensions
    assert procedure.steps_for("bo-sung") != procedure.steps
    assert edition("khieu-nai-to-cao/2.002408.toml").time_limit.starts == "thu_ly"


def test_steps_side_by_side_wait_for_the_same_one() -> None:
    waits = [step.waits_for for step in edition(BIRTH).steps]
    assert waits == [(), (1,), (2,), (3,), (4,), (4,), (5, 6)]


def test_extensions_and_pauses() -> None:
    copies = edition("chung-thuc/2.000815.toml").time_limit
    assert [(e.amount, e.unit, e.effect, e.by_agreement) for e in copies.extensions] == [
        (2, "working_days", "extra", False),
        (None, None, "extra", True),
    ]
    land = edition("dat-dai/1.003003.toml").time_limit
    assert [p.kind for p in land.pauses] == ["financial_obligation", "offender_handling"]
    paused = [step for step in edition("dat-dai/1.003003.toml").steps if not step.counts]
    assert [(s.role, s.pause) for s in paused] == [("người nộp", "financial_obligation")]


def test_components_and_fees_keep_their_numbers() -> None:
    procedure = edition(RENT)
    assert [i for i, _ in procedure.components_for("thue-muon-o-nho")] == [1, 3]
    assert [(i, f.amount) for i, f in procedure.fees_for("so-huu", "direct")] == [(1, 20000)]
    assert [(i, f.amount) for i, f in procedure.fees_for("so-huu", "online")] == [(2, 10000)]
    assert [i for i, _ in procedure.fees_for("so-huu")] == [1, 2]


@pytest.mark.parametrize(
    ("path", "case", "code"),
    [
        (RENT, None, "case_required"),
        (RENT, "khac", "no_such_case"),
        (RENT, "", "no_such_case"),
        (BIRTH, "khac", "no_such_case"),
    ],
)
def test_a_case_is_named_exactly_when_there_are_cases(
    path: str, case: str | None, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        edition(path).components_for(case)
    assert refusal.value.code == code
    assert "case" in refusal.value.fields


def test_the_refusal_names_the_cases() -> None:
    with pytest.raises(Refused) as refusal:
        edition(RESIDE).case(None)
    assert refusal.value.sentence == (
        "Thủ tục 1.010041 có nhiều trường hợp, hãy chọn một trong các trường hợp: co-du-lieu "
        "(Thông tin có trong cơ sở dữ liệu); xac-minh (Cần xác minh)."
    )


@pytest.mark.parametrize(
    ("path", "fee", "quantity", "amount"),
    [
        ("chung-thuc/2.000815.toml", 1, 1, 2000),  # TT 226/2016: 2.000 for pages 1 and 2,
        ("chung-thuc/2.000815.toml", 1, 2, 4000),
        ("chung-thuc/2.000815.toml", 1, 3, 5000),  # 1.000 from the third,
        ("chung-thuc/2.000815.toml", 1, 198, 200_000),
        ("chung-thuc/2.000815.toml", 1, 199, 200_000),  # at most 200.000 a copy
        ("chung-thuc/2.000884.toml", 1, 3, 30_000),
        ("van-hoa/1.000831.toml", 1, 6, 6_000_000),
        ("van-hoa/1.000831.toml", 1, 7, 6_000_000),
        ("xay-dung/1.013227.toml", 1, 1, None),  # a resolution sets it
    ],
)
def test_amount_for_a_quantity(path: str, fee: int, quantity: int, amount: int | None) -> None:
    assert edition(path).fees[fee - 1].amount_for(quantity) == amount


def test_no_quantity_below_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        edition("chung-thuc/2.000815.toml").fees[0].amount_for(0)


def test_whether_a_signature_decides() -> None:
    text = text_of("chung-thuc/2.000884.toml")
    assert parse(tomllib.loads(text)).has_decision
    assert not parse(tomllib.loads(text.replace("decides = true\n", ""))).has_decision
