"""The decrees as data: every key read, every fault named."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, time
from typing import Any

import pytest

from app.core.regime import FORM_NAMES, FormRule, RegimeFault, parse_regime
from tests.core.published import REGIME_FILES, REGIMES

LAW_2018, LAW_2021, LAW_2025 = (REGIMES[i] for i in ("ND61_2018", "ND61_107", "ND118_2025"))


def test_every_key_of_the_files_is_kept() -> None:
    for id_, data in REGIME_FILES.items():
        regime = REGIMES[id_]
        assert regime.id == id_
        for key, value in data.items():
            if key not in ("decrees", "transfer_cutoff", "forms", "basis"):
                assert getattr(regime, key) == value, key
        assert list(regime.decrees) == data["decrees"]
        assert regime.transfer_cutoff == time(15)
        assert set(regime.forms) == set(data["forms"])


def test_what_the_decrees_do_differently() -> None:
    old, new = LAW_2018, LAW_2025
    assert (old.close_after_days, new.close_after_days) == (None, 15)
    assert (old.code_agency, new.code_agency) == ("receiving", "settling")
    assert (old.online_reply_wh, new.online_reply_wh) == (None, 8)
    assert (old.correction_wd, new.correction_wd) == (None, 3)
    assert (LAW_2018.scan_signature, LAW_2021.scan_signature) == (False, True)
    assert (old.forms["control_slip"].number, new.forms["control_slip"].number) == ("05", "06")
    assert "stop_notice" not in old.forms


def test_forms() -> None:
    assert LAW_2018.forms["receipt"] == FormRule(
        "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", 2, "intake_officer"
    )
    assert LAW_2025.forms["stop_notice"] == FormRule(
        "05", "Thông báo dừng giải quyết hồ sơ", None, None
    )


def test_names_for_sentences() -> None:
    assert [r.decree for r in (LAW_2018, LAW_2021, LAW_2025)] == [
        "NĐ 61/2018",
        "NĐ 61/2018",
        "NĐ 118/2025",
    ]
    assert LAW_2018.article("supplement_notice_wd") == "NĐ 61/2018 Đ19.4"
    assert LAW_2025.article("supplement_notice_wd") == "NĐ 118/2025 Đ19.5"
    assert LAW_2018.article("forms.supplement_request").startswith("TT 01/2018 Đ9.1, Mẫu số 02;")
    with pytest.raises(KeyError):
        LAW_2018.article("close_after_days")


def test_no_mark_of_trust_is_left_in_any_article() -> None:
    articles = [r.article(name) for r in REGIMES.values() for name in r.basis]
    assert len(articles) == 78
    assert not [text for text in articles if "[" in text or "]" in text or not text]


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (date(2018, 6, 20), []),
        (date(2018, 6, 21), ["ND61_2018"]),
        (date(2021, 12, 5), ["ND61_2018"]),
        (date(2021, 12, 6), ["ND61_107"]),
        (date(2025, 6, 30), ["ND61_107"]),
        (date(2025, 7, 1), ["ND118_2025"]),
        (date(2030, 1, 1), ["ND118_2025"]),
    ],
)
def test_one_regime_a_day(day: date, ids: list[str]) -> None:
    assert [r.id for r in REGIMES.values() if r.valid_on(day)] == ids


def altered(path: str, value: Any) -> dict[str, Any]:
    """A good file with one key set, or taken away when the value is None."""
    data = deepcopy(REGIME_FILES["ND118_2025"])
    *folders, key = path.split(".")
    table = data
    for folder in folders:
        table = table[folder]
    if value is None:
        del table[key]
    else:
        table[key] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("close_after_day", 15, "close_after_day: không có mục này, xem lại tên khóa"),
        ("supplement_max", None, "supplement_max: thiếu, hãy điền"),
        ("supplement_max", "1", "supplement_max: sai kiểu dữ liệu, cần một số nguyên"),
        ("supplement_max", 0, "supplement_max: phải lớn hơn 0"),
        (
            "valid_from",
            "2025-07-01",
            "valid_from: sai kiểu dữ liệu, cần một ngày, ghi như 2025-06-30 không có ngoặc kép",
        ),
        ("valid_to", date(2025, 6, 30), "valid_to: ngày cuối trước ngày đầu"),
        ("transfer_cutoff", "15h", "transfer_cutoff: phải là giờ và phút, ghi như 15:00"),
        ("decrees", [], "decrees: phải có ít nhất một số hiệu, ghi như 61/2018/NĐ-CP"),
        ("decrees", ["118/2025"], "decrees: phải có ít nhất một số hiệu, ghi như 61/2018/NĐ-CP"),
        (
            "due_time_policy",
            "same_time_of_day",
            "due_time_policy: “same_time_of_day” không dùng được, chỉ dùng “end_of_day”",
        ),
        (
            "fee_settlement",
            "yearly",
            "fee_settlement: “yearly” không dùng được, chỉ dùng “monthly”, “quarterly”",
        ),
        ("name", "Nghi\u0323 định", "name: dấu chưa ở dạng dựng sẵn (NFC), hãy gõ lại"),
        ("forms.receipt.number", None, "forms.receipt.number: thiếu, hãy điền"),
        (
            "forms.receipt.number",
            "02",
            "forms.supplement_request.number: số “02” đã dùng cho mẫu khác",
        ),
        ("forms.receipt.copies", 0, "forms.receipt.copies: phải lớn hơn 0"),
        ("forms.receipt.sign", "x", "forms.receipt.sign: không có mục này, xem lại tên khóa"),
        (
            "forms.recept",
            {"number": "09", "title": "A"},
            f"forms.recept: không có mẫu này, chỉ dùng {', '.join(FORM_NAMES)}",
        ),
        ("forms.receipt", "01", "forms.receipt: sai kiểu dữ liệu, cần một bảng"),
        ("basis.supplement_max", None, "basis.supplement_max: thiếu, hãy điền"),
        ("basis.hours", "NĐ 1", "basis.hours: không có mục này, xem lại tên khóa"),
        ("basis.forms.receipt", None, "basis.forms.receipt: thiếu, hãy điền"),
        # An article without its rule.
        ("correction_wd", None, "basis.correction_wd: không có mục này, xem lại tên khóa"),
    ],
)
def test_a_wrong_key_is_named(path: str, value: Any, line: str) -> None:
    with pytest.raises(RegimeFault) as fault:
        parse_regime(altered(path, value))
    assert line in fault.value.lines
