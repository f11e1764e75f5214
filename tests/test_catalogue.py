"""The whole rules folder: what is in it, what is wrong in a spoilt copy, what an office offers."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import pytest

from app.catalogue import RULES_FOLDER, Catalogue, RulesInvalid, check, load_folder
from app.core.delegation import share_of
from app.core.office import Office


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_folder()


def messages(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder)]


def test_the_projects_rules_are_good() -> None:
    assert messages(RULES_FOLDER) == []


def test_what_is_in_it(catalogue: Catalogue) -> None:
    codes = {file.procedure.code for file in catalogue.procedures}
    later = [file for file in catalogue.procedures if file.procedure.effective_from]
    assert (len(catalogue.procedures), len(codes), len(later)) == (72, 46, 26)
    assert set(catalogue.organisations) == {"organisation.toml", "organisation-2025.toml"}
    assert set(catalogue.offices) == {"nga-son-2018", "nga-son-2025"}
    assert set(catalogue.regimes) == {"ND61_2018", "ND61_107", "ND118_2025"}
    assert catalogue.calendar_years == tuple(range(2018, 2028))
    days = [day.date for day in catalogue.calendar_days]
    assert days == sorted(set(days))


def test_a_rule_file_knows_its_bytes(catalogue: Catalogue) -> None:
    file = catalogue.procedures[0]
    raw = (RULES_FOLDER / file.path).read_bytes()
    assert file.sha256 == hashlib.sha256(raw).hexdigest()
    assert file.procedure.code == file.data["code"]


def test_the_plan_of_decision_3159(catalogue: Catalogue) -> None:
    plan = catalogue.plans["3159"]
    assert (plan.number, plan.date) == ("3159/QĐ-UBND", dt.date(2018, 10, 17))
    assert [no for no, _ in plan.parts] == ["I", "II", "III", "IV"]
    assert len(plan.tasks) == 16
    [half] = [task for task in plan.tasks if task.indicator == "full_process_procedure_rate"]
    assert (half.id, half.target, half.due) == ("II.4", 0.5, dt.date(2019, 3, 31))


def test_the_offices(catalogue: Catalogue) -> None:
    district, commune = catalogue.offices["nga-son-2018"], catalogue.offices["nga-son-2025"]
    assert (district.regime, district.main_one_stop) == ("ND61_2018", "mot-cua-huyen")
    assert district.judged_on(dt.date(2026, 11, 24)) == dt.date(2025, 2, 28)
    assert district.judged_on(dt.date(2019, 1, 2)) == dt.date(2019, 1, 2)
    assert commune.judged_on(dt.date(2026, 11, 24)) == dt.date(2026, 11, 24)
    assert commune.sessions == (
        (dt.time(7), dt.time(11, 30)),
        (dt.time(13, 30), dt.time(17)),
    )
    assert catalogue.organisation_of(commune).unit(commune.main_one_stop).kind == "one_stop"


@pytest.mark.parametrize(
    ("era", "day", "code", "start"),
    [
        ("ba cấp", dt.date(2018, 12, 1), "1.001193", None),
        ("ba cấp", dt.date(2026, 1, 1), "1.001193", None),  # the other era's edition never holds
        ("hai cấp", dt.date(2025, 7, 1), "1.001193", dt.date(2025, 7, 1)),
    ],
)
def test_the_edition_that_holds(catalogue: Catalogue, era, day, code, start) -> None:
    assert catalogue.offered(era, day)[code].effective_from == start


def test_a_later_edition_is_not_offered_before_it_begins(catalogue: Catalogue) -> None:
    before = catalogue.offered("hai cấp", dt.date(2025, 6, 30))
    after = catalogue.offered("hai cấp", dt.date(2025, 7, 1))
    assert {code for code in after if code not in before} == {
        file.procedure.code for file in catalogue.procedures if file.procedure.effective_from
    }
    assert "2.000620" not in after  # no edition of the two levels: not offered there


def share(catalogue: Catalogue, office: Office, day: dt.date):
    judged = office.judged_on(day)
    offered = catalogue.offered(office.era, judged)
    return share_of(offered, catalogue.delegations_of(office), office.main_one_stop, judged)


@pytest.mark.parametrize(
    ("office", "day", "received", "eligible", "delegated", "without", "below", "half"),
    [
        ("nga-son-2018", dt.date(2026, 11, 24), 15, 9, 8, ("1.013228",), (), True),
        ("nga-son-2018", dt.date(2018, 12, 1), 15, 9, 8, ("1.013228",), (), True),
        ("nga-son-2018", dt.date(2018, 11, 30), 15, 9, 0, None, (), False),
        ("nga-son-2025", dt.date(2026, 6, 30), 29, 19, 16,
         ("1.005280", "2.000806"), ("1.008004",), True),
        ("nga-son-2025", dt.date(2025, 7, 31), 29, 19, 10, None, (), False),  # 20 < 29
        ("nga-son-2025", dt.date(2025, 7, 14), 29, 19, 0, None, (), False),
    ],
)  # fmt: skip
def test_the_share_wholly_done_at_the_one_stop(
    catalogue: Catalogue, office, day, received, eligible, delegated, without, below, half
) -> None:
    got = share(catalogue, catalogue.offices[office], day)
    assert len(got.received) == received
    assert len(got.eligible) == eligible
    assert len(got.delegated) == delegated
    assert len(got.delegated) + len(got.without_record) + len(got.below_approve) == eligible
    assert without in (None, got.without_record)
    assert got.below_approve == below
    assert got.reaches_half is half


def test_a_commune_counter_without_records_has_no_share(catalogue: Catalogue) -> None:
    office = catalogue.offices["nga-son-2025"]
    offered = catalogue.offered(office.era, dt.date(2026, 6, 30))
    records = catalogue.delegations_of(office)
    got = share_of(offered, records, "tt-pvhcc-xa@nga-an", dt.date(2026, 6, 30))
    assert (len(got.received), got.delegated, got.reaches_half) == (29, (), False)
    assert not share_of({}, records, office.main_one_stop, dt.date(2026, 6, 30)).reaches_half


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULES_FOLDER, tmp_path / "rules"))


SPOILT = [
    ("_organisation/nga-son-2018.toml", 'regime = "ND61_2018"', 'regime = "ND1"',
     'regime: “ND1” không dùng được, chỉ dùng “ND118_2025”, “ND61_107”, “ND61_2018”'),
    ("_organisation/nga-son-2018.toml", 'id = "nga-son-2018"', 'id = "x"',
     "id: phải trùng tên tệp “nga-son-2018”"),
    ("_organisation/nga-son-2018.toml", 'era = "ba cấp"', 'era = "hai cấp"',
     "era: danh sách đơn vị organisation.toml là của mô hình ba cấp, không phải hai cấp"),
    ("_organisation/nga-son-2018.toml", '"mot-cua-huyen"', '"phong-tckh"',
     "main_one_stop: “phong-tckh” không phải Bộ phận Một cửa, xem lại mã đơn vị"),
    ("_organisation/nga-son-2018.toml", 'commune = ""', 'commune = "nga-moi"',
     "commune: không có xã “nga-moi” trong danh sách xã (mô hình ba cấp), xem lại tên"),
    ("_organisation/nga-son-2025.toml", 'commune = "nga-son"', 'commune = ""',
     "main_one_stop: “tt-pvhcc-xa@nga-son” không phải Một cửa của cấp huyện (mục commune để "
     "trống)"),
    ("_organisation/nga-son-2025.toml", '["13:30", "17:00"]', '["11:00", "17:00"]',
     "sessions[1]: buổi sau phải nối buổi trước, giờ đầu trước giờ cuối"),
    ("_organisation/nga-son-2025.toml", '"13:30", "17:00"', '"13:30"',
     'sessions[1]: phải là một cặp giờ, ghi như ["07:00", "11:30"]'),
    ("_organisation/delegations-demo.toml", 'level = "approve_and_stamp"', 'level = "sign"',
     'delegations[0].level: “sign” không dùng được, chỉ dùng “submit_for_approval”, “approve”, '
     '“approve_and_stamp”'),
    ("_organisation/delegations-demo.toml", '"1.013227"', '"2.000986"',
     "delegations[0].procedures: thủ tục 2.000986 không được làm trọn tại Một cửa, hãy bỏ khỏi "
     "văn bản"),
    ("_organisation/delegations-demo.toml", '"1.013227"', '"2.000815"',
     "delegations[0].procedures: thủ tục 2.000815 không tiếp nhận tại “mot-cua-huyen”"),
    ("_organisation/delegations-demo.toml", '"1.013227"', '"1.001612"',
     "delegations[0].procedures: thủ tục 1.001612 do “phong-tckh” quyết định, không phải "
     "“ubnd-huyen”"),
    ("_organisation/delegations-demo.toml", '"1.013227"', '"9.999999"',
     "delegations[0].procedures: ngày 01/12/2018 không có thủ tục 9.999999"),
    ("_organisation/delegations-demo.toml", 'to_one_stop = "mot-cua-huyen"',
     'to_one_stop = "ubnd-huyen"',
     "delegations[0].to_one_stop: “ubnd-huyen” không phải Bộ phận Một cửa, xem lại mã đơn vị"),
    ("_organisation/delegations-demo-2025.toml", 'from_unit = "ubnd-xa@nga-son"',
     'from_unit = "ubnd-xa@nga-an"',
     "delegations[0].from_unit: “ubnd-xa@nga-an” không cùng xã với “tt-pvhcc-xa@nga-son”"),
    ("_organisation/delegations-demo-2025.toml", 'from_unit = "ubnd-xa@nga-son"',
     'from_unit = "ubnd-xa"',
     "delegations[0].from_unit: không có đơn vị “ubnd-xa” trong danh sách đơn vị (mô hình hai "
     "cấp), xem lại mã"),
    ("_organisation/delegations-demo.toml", "valid_from = 2018-12-01", "valid_from = 2018-11-01",
     "delegations[0]: ngày văn bản (date), ngày đầu, ngày cuối phải theo thứ tự trước sau"),
    ("_organisation/delegations-demo.toml", "DEMO-02/QĐ-UBND", "DEMO-01/QĐ-UBND",
     "delegations[1].number: số “DEMO-01/QĐ-UBND” đã dùng cho văn bản ở trên"),
    ("_organisation/delegations-demo.toml", "DEMO-02/QĐ-UBND", "02/QĐ-UBND",
     "delegations[1].number: trong tệp dùng thử, số phải bắt đầu bằng “DEMO-” và phải ghi demo = "
     "true"),
    ("_organisation/organisation.toml", 'kind = "one_stop"', 'kind = "onestop"', None),
    ("_calendar/2018.toml", "year = 2018", "year = 2017", None),
    ("_regimes/ND61_2018.toml", 'id = "ND61_2018"', 'id = "ND61"',
     "id: phải trùng tên tệp “ND61_2018”"),
    ("_plan/3159.toml", 'part = "I"', 'part = "V"',
     'tasks[0].part: “V” không dùng được, chỉ dùng “I”, “II”, “III”, “IV”'),
    ("_plan/3159.toml", "due = 2018-12-31\n", "",
     "tasks[0].due: hạn theo quý thì phải ghi ngày"),
    ("ho-tich/1.001193.toml", "as_of = 2025-06-30", 'as_of = "x"',
     "as_of: sai kiểu dữ liệu, cần một ngày, ghi như 2025-06-30 không có ngoặc kép"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), SPOILT)
def test_a_spoilt_file_is_named(rules: Path, file: str, old: str, new: str, message) -> None:
    text = (rules / file).read_text(encoding="utf-8")
    assert old in text
    (rules / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    found = messages(rules)
    assert found
    assert found[0].startswith(f"{file}: ")
    assert message is None or f"{file}: {message}" in found
    with pytest.raises(RulesInvalid, match="toml: "):
        load_folder(rules)


def test_the_same_edition_in_two_folders(rules: Path) -> None:
    text = (rules / "ho-tich/1.001193.toml").read_text(encoding="utf-8")
    (rules / "cu-tru/1.001193.toml").write_text(
        text.replace('field_slug = "ho-tich"', 'field_slug = "cu-tru"'), encoding="utf-8"
    )
    assert messages(rules) == [
        "ho-tich/1.001193.toml: code: đã có trong cu-tru/1.001193.toml, hãy bỏ một tệp"
    ]


def test_a_later_edition_begins_after_the_day_the_first_describes(rules: Path) -> None:
    path = rules / "ho-tich/1.001193.toml"
    text = path.read_text(encoding="utf-8")
    early = text.replace(
        "\nas_of = 2025-06-30", "\nas_of = 2025-06-30\neffective_from = 2025-06-01"
    )
    (rules / "ho-tich/1.001193.2025-06-01.toml").write_text(early, encoding="utf-8")
    assert messages(rules) == [
        "ho-tich/1.001193.2025-06-01.toml: effective_from: 01/06/2025 phải sau 30/06/2025, "
        "ngày mà bản đầu của thủ tục tính đến"
    ]


def test_an_office_names_every_delegation_file(rules: Path) -> None:
    (rules / "_organisation/nga-son-2025.toml").unlink()
    assert messages(rules) == [
        "_organisation/delegations-demo-2025.toml: file: không có cơ quan nào dùng tệp này, "
        "hãy ghi vào tệp cơ quan hoặc bỏ"
    ]


def test_a_year_left_out_of_the_calendar(rules: Path) -> None:
    (rules / "_calendar/2024.toml").unlink()
    assert "_calendar/2024.toml: file: thiếu lịch của năm này, hãy thêm tệp" in messages(rules)


def test_a_swap_of_days_names_both(rules: Path) -> None:
    path = rules / "_calendar/2026.toml"
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("pair = ")]
    assert lines
    path.write_text(text.replace(f"{lines[0]}\n", "", 1), encoding="utf-8")
    assert any(": ngày hoán đổi phải ghi ngày đổi cho nó" in message for message in messages(rules))
    other = "pair = 2026-03-02\n"
    path.write_text(text.replace(f"{lines[0]}\n", other, 1), encoding="utf-8")
    unanswered = ": ngày 02/03/2026 không ghi đổi cho ngày này"
    assert any(unanswered in message for message in messages(rules))


def test_a_folder_of_only_procedures_leans_on_the_projects_organisation(tmp_path: Path) -> None:
    folder = tmp_path / "ho-tich"
    folder.mkdir()
    shutil.copy(RULES_FOLDER / "ho-tich/1.001193.toml", folder)
    (tmp_path / "_draft").mkdir()
    (tmp_path / "_draft/1.000000.toml").write_text("no rule file", encoding="utf-8")
    (folder / "_notes.toml").write_text("no rule file", encoding="utf-8")
    assert messages(tmp_path) == []
    assert [file.path for file in load_folder(tmp_path).procedures] == ["ho-tich/1.001193.toml"]
    text = (folder / "1.001193.toml").read_text(encoding="utf-8")
    (folder / "1.001193.toml").write_text(text.replace('"ubnd-xa"', '"ubnd-x"', 1), "utf-8")
    unknown = "không có đơn vị “ubnd-x” trong danh sách đơn vị (mô hình ba cấp), xem lại mã"
    assert f"ho-tich/1.001193.toml: agency: {unknown}" in messages(tmp_path)


def test_organisation_files_may_lie_at_the_top_of_the_folder(tmp_path: Path) -> None:
    shutil.copytree(RULES_FOLDER / "ho-tich", tmp_path / "ho-tich")
    text = (RULES_FOLDER / "_organisation/organisation.toml").read_text(encoding="utf-8")
    (tmp_path / "organisation.toml").write_text(
        text.replace('id = "xa-van-phong"', 'id = "xa-van-thu"'), encoding="utf-8"
    )
    found = messages(tmp_path)
    assert (
        "ho-tich/1.001193.toml: steps[3].unit: không có đơn vị “xa-van-phong” trong danh sách đơn "
        "vị (mô hình ba cấp), xem lại mã" in found
    )
    assert not any("2025-07-01.toml" in message for message in found)


def test_no_such_folder(tmp_path: Path) -> None:
    assert messages(tmp_path / "away") == ["away: file: không có thư mục này"]
