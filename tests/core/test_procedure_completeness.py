"""Are the papers all there, and what is due: tables for real procedures."""

from __future__ import annotations

import pytest

from app.core.completeness import FeeGiven, FeeLine, fee_lines, judge
from app.core.refusals import Refused
from tests.rules import edition

RENT = edition("cu-tru/1.004222.toml")
OWNER = edition("ho-kinh-doanh/2.000720.toml")
COPY = edition("chung-thuc/2.000815.toml")
SIGN = edition("chung-thuc/2.000884.toml")
REGISTER = edition("ho-tich/1.001193.toml")
PERMIT = edition("xay-dung/1.013228.toml")
LODGE = edition("van-hoa/1.000831.toml")


@pytest.mark.parametrize(
    ("procedure", "case", "listed", "missing", "groups", "choices", "idle"),
    [
        # required papers
        (SIGN, None, {1, 2}, (), (), (), ()),
        (SIGN, None, {2}, (1,), (), (), ()),
        (SIGN, None, set(), (1, 2), (), (), ()),
        # a conditional one that is not listed does not apply
        (COPY, None, {1}, (), (), (), (2,)),
        (COPY, None, {1, 2}, (), (), (), ()),
        # a group: one is enough; only members of the case count; no member, no need
        (RENT, "so-huu", {1, 2}, (), (), (), (3, 4)),
        (RENT, "so-huu", {1}, (), ("cho-o",), ((2,),), (3, 4)),
        (RENT, "so-huu", {1, 3}, (), ("cho-o",), ((2,),), (3, 4)),
        (RENT, "thue-muon-o-nho", {1, 3}, (), (), (), (2, 4)),
        (RENT, "ve-o-voi-nguoi-than", {1}, (), (), (), (2, 3, 4)),
        (RENT, "ve-o-voi-nguoi-than", {1, 4}, (), (), (), (2, 3)),
        (OWNER, "chu-ho", {2, 8}, (), ("ly-do",), ((3, 4, 5),), (1, 6, 7, 9)),
        (OWNER, "chu-ho", {2, 5}, (8,), (), (), (1, 3, 4, 6, 7, 9)),
        (OWNER, "noi-dung", {1, 3, 8}, (), (), (), (2, 3, 4, 5, 6, 7, 9)),
    ],
)
def test_verdict(procedure, case, listed, missing, groups, choices, idle) -> None:
    verdict = judge(procedure, case, listed)
    assert (verdict.missing, verdict.groups_missing) == (missing, groups)
    assert (verdict.group_choices, verdict.not_applicable) == (choices, idle)
    assert verdict.complete == (not missing and not groups)


def test_a_mapping_lists_its_keys() -> None:
    assert judge(SIGN, None, {1: "bản chính", 2: None}).complete


def test_the_sentence_names_what_is_missing() -> None:
    assert judge(RENT, "so-huu", set()).sentence == (
        "Hồ sơ còn thiếu: “Tờ khai thay đổi thông tin cư trú” (số 1); "
        "“Giấy tờ, tài liệu chứng minh việc sở hữu chỗ ở hợp pháp” (số 2). "
        "Hãy bổ sung trước khi tiếp nhận."
    )
    assert "một trong các giấy tờ “Hợp đồng mua bán" in judge(OWNER, "chu-ho", {2}).sentence
    assert judge(SIGN, None, {1, 2}).sentence == "Hồ sơ đủ thành phần theo quy định."


@pytest.mark.parametrize(
    ("case", "listed", "code"),
    [
        (None, {1}, "case_required"),
        ("khac", {1}, "no_such_case"),
        ("so-huu", {0}, "no_such_component"),
        ("so-huu", {5}, "no_such_component"),
        ("so-huu", {True}, "no_such_component"),
    ],
)
def test_refused_questions(case, listed, code) -> None:
    with pytest.raises(Refused) as refusal:
        judge(RENT, case, listed)
    assert refusal.value.code == code


def test_an_unknown_component_is_named() -> None:
    with pytest.raises(Refused) as refusal:
        judge(RENT, "so-huu", {1, 9})
    assert refusal.value.sentence == (
        "Thành phần hồ sơ số 9 không có trong thủ tục 1.004222, hãy chọn các số từ 1 đến 4."
    )
    assert refusal.value.detail == {"components": [9]}


def due(procedure, case, channel, *given):
    lines = fee_lines(procedure, case, channel, given)
    return [(line.index, line.quantity, line.amount, line.timing) for line in lines]


@pytest.mark.parametrize(
    ("procedure", "case", "channel", "given", "lines"),
    [
        # an unconditional fee that is not given is due later
        (SIGN, None, "direct", [], [(1, 1, 10_000, "later")]),
        (SIGN, None, "direct", [FeeGiven(1, 3)], [(1, 3, 30_000, "now")]),
        (SIGN, None, "direct", [FeeGiven(1, amount=10_000)], [(1, 1, 10_000, "now")]),
        # a conditional one that is not given is not due
        (REGISTER, None, "direct", [], []),
        (REGISTER, None, "direct", [FeeGiven(2, 2, timing="later")], [(2, 2, 16_000, "later")]),
        # set by a resolution: the counter enters it, or it stays open until later
        (PERMIT, "mat", "direct", [FeeGiven(1, amount=15_000)], [(1, 1, 15_000, "now")]),
        (PERMIT, "mat", "direct", [FeeGiven(1, amount=0)], [(1, 1, 0, "now")]),
        (PERMIT, "mat", "direct", [FeeGiven(1, timing="later")], [(1, 1, None, "later")]),
        (PERMIT, "mat", "direct", [], [(1, 1, None, "later")]),
        # exempt: nothing due, the reason stays
        (SIGN, None, "direct", [FeeGiven(1, exempt_reason="Hộ nghèo")], [(1, 1, 0, "now")]),
        # by case and by channel
        (LODGE, "so-phong", "direct", [FeeGiven(1, 9)], [(1, 9, 6_000_000, "now")]),
        (LODGE, "chu-so-huu", "direct", [], [(2, 1, 500_000, "later")]),
        (RENT, "so-huu", "online", [], [(2, 1, 10_000, "later")]),
        # a line for each copy, where pages make the price
        (COPY, None, "direct", [FeeGiven(1, 3), FeeGiven(1, 1)],
         [(1, 3, 5_000, "now"), (1, 1, 2_000, "now")]),
    ],
)  # fmt: skip
def test_fee_lines(procedure, case, channel, given, lines) -> None:
    assert due(procedure, case, channel, *given) == lines


def test_a_line_tells_all_that_is_printed() -> None:
    [line] = fee_lines(SIGN, None, "direct", [FeeGiven(1, exempt_reason="Người khuyết tật")])
    assert line == FeeLine(1, "Phí chứng thực chữ ký", "phí", 1, 0, "Người khuyết tật", "now")


@pytest.mark.parametrize(
    ("procedure", "case", "given", "field", "part"),
    [
        (SIGN, None, [FeeGiven(1, amount=9_000)], "fees[0].amount",
         "số tiền theo quy định là 10.000 đồng, không phải 9.000 đồng"),
        (SIGN, None, [FeeGiven(1, 0)], "fees[0].quantity", "số nguyên từ 1 đến 10000"),
        (SIGN, None, [FeeGiven(1, True)], "fees[0].quantity", "số nguyên"),
        (SIGN, None, [FeeGiven(1, 10_001)], "fees[0].quantity", "10000"),
        (SIGN, None, [FeeGiven(1, timing="soon")], "fees[0].timing", "thời điểm nộp"),
        (SIGN, None, [FeeGiven(1), FeeGiven(1)], "fees[1].index", "nhập hai lần"),
        (SIGN, None, [FeeGiven(1, amount=5, exempt_reason="Hộ nghèo")], "fees[0].amount",
         "được miễn"),
        (PERMIT, "mat", [FeeGiven(1)], "fees[0].amount", "hãy nhập số tiền phải nộp"),
        (PERMIT, "mat", [FeeGiven(1, amount=-1)], "fees[0].amount", "không âm"),
        (PERMIT, "mat", [FeeGiven(1, amount=10**12)], "fees[0].amount", "số nguyên đồng"),
        (PERMIT, "mat", [FeeGiven(1, amount=1.5)], "fees[0].amount", "số nguyên đồng"),
    ],
)  # fmt: skip
def test_wrong_fees_are_refused(procedure, case, given, field, part) -> None:
    with pytest.raises(Refused) as refusal:
        fee_lines(procedure, case, "direct", given)
    assert refusal.value.code == "bad_fee"
    assert list(refusal.value.fields) == [field]
    assert part in refusal.value.sentence


@pytest.mark.parametrize(
    ("procedure", "case", "channel", "index"),
    [(SIGN, None, "direct", 2), (RENT, "so-huu", "direct", 2), (LODGE, "so-phong", "direct", 2)],
)
def test_a_fee_of_another_case_or_channel_is_refused(procedure, case, channel, index) -> None:
    with pytest.raises(Refused) as refusal:
        fee_lines(procedure, case, channel, [FeeGiven(index)])
    assert refusal.value.code == "no_such_fee"
    assert "hãy chọn trong: 1 (" in refusal.value.sentence
