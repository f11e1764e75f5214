"""One fault put into a good file gives exactly the message that names it."""

from __future__ import annotations

import datetime as dt

import pytest

from app.catalogue import RULES_FOLDER
from app.core.procedure_check import check_file, edition_faults
from tests.rules import faults_in, organisations, text_of

SIGN = "chung-thuc/2.000884.toml"  # chứng thực chữ ký: same day, one fee
COPY = "chung-thuc/2.000815.toml"  # chứng thực bản sao: tiers, extensions
RESIDE = "cu-tru/1.010041.toml"  # a case with its own limit and steps
RENT = "cu-tru/1.004222.toml"  # cases, a one_of group, fees by channel
LAND = "dat-dai/1.003003.toml"  # liên thông, pauses
BIRTH = "ho-tich/2.000986.toml"  # liên thông with steps side by side
COMPLAINT = "khieu-nai-to-cao/2.002408.toml"
LATER = "chung-thuc/2.000884.2025-07-01.toml"
PERMIT = "xay-dung/1.013227.toml"

Swap = tuple[str, str]
SECRET = ("full_process = false", "full_process = false\nconfidential = true")

HEAD: list[tuple[str, Swap, str]] = [
    (SIGN, ("schema = 1", "schema = 2"), "schema: 1 expected"),
    (SIGN, ("schema = 1\n", ""), "schema: missing"),
    (SIGN, ("sets = 1", 'sets = "1"'), "sets: wrong type"),
    (SIGN, ("sets = 1", "sets = true"), "sets: wrong type"),
    (SIGN, ("sets = 1", "sets = 0"), "sets: at least 1"),
    (SIGN, ("sets = 1", "sets = 1\nfeild = 1"), "feild: no such key"),
    (SIGN, ('field = "Chứng thực"', 'field = ""'), "field: empty"),
    (SIGN, ('field = "Chứng thực"', 'field = " Chứng thực"'),
     "field: blank at the start or end"),
    (SIGN, ('field = "Chứng thực"', 'field = "Chu\u031b\u0301ng thực"'),
     "field: text is not NFC"),
    (SIGN, ('aliases = ["Thủ tục chứng thực chữ ký trong các giấy tờ, văn bản"]',
            'aliases = ["  x"]'), "aliases[0]: blank at the start or end"),
    (SIGN, ('field_slug = "chung-thuc"', 'field_slug = "ho-tich"'),
     "field_slug: folder is chung-thuc"),
    (SIGN, ('level = "xã"', 'level = "quận"'),
     'level: "quận" is not one of "xã", "huyện", "liên thông"'),
    (SIGN, ('era = "ba cấp"', 'era = "bốn cấp"'),
     'era: "bốn cấp" is not one of "ba cấp", "hai cấp"'),
    (SIGN, ("as_of = 2025-06-30", "as_of = 2025-07-01"),
     "era: ba cấp but as_of is after 2025-06-30"),
    (SIGN, ("as_of = 2025-06-30", 'as_of = "2025-06-30"'), "as_of: a date expected"),
    (SIGN, ("as_of = 2025-06-30", "as_of = 2025-06-30T00:00:00"), "as_of: a date expected"),
    (SIGN, ('department = "xa-tu-phap"', 'department = "xa-y-te"'),
     "department: no unit xa-y-te in organisation.toml"),
    (LATER, ('department = "xa-vp-hdnd-ubnd"', 'department = "xa-tu-phap"'),
     "department: no unit xa-tu-phap in organisation-2025.toml"),
    (SIGN, ('department = "xa-tu-phap"', 'department = "phong-kt-ht"'),
     "department: phong-kt-ht ended on 2025-02-28, before as_of 2025-06-30"),
    (SIGN, ('received_at = ["mot-cua-xa"]', 'received_at = ["ubnd-xa"]'),
     "received_at[0]: ubnd-xa is not a one-stop"),
    (SIGN, ('received_at = ["mot-cua-xa"]', "received_at = []"), "received_at: empty"),
    (SIGN, ('applicants = ["cá nhân"]', 'applicants = ["cá nhan"]'),
     'applicants[0]: "cá nhan" is not one of "cá nhân", "hộ gia đình", "hộ kinh doanh", '
     '"tổ chức", "doanh nghiệp", "cộng đồng dân cư"'),
    (SIGN, ('summary = "', f'summary = "{"a" * 300}'), "summary: over 300 characters"),
    (SIGN, ('channels = ["direct"]', 'channels = ["fax"]'),
     'channels[0]: "fax" is not one of "direct", "post", "online"'),
    (SIGN, ('channels = ["direct"]', 'channels = ["direct", "direct"]'), "channels: repeated"),
    (SIGN, ('results = ["Giấy tờ, văn bản được chứng thực chữ ký hoặc điểm chỉ"]',
            "results = []"), "results: empty"),
    (SIGN, ('legal_basis = ["23/2015/NĐ-CP"', 'legal_basis = ["Nghị định 23"'),
     "legal_basis[0]: Nghị định 23 has no form NUMBER/YEAR/…"),
    (SIGN, ('source = "verified:', 'source = "seen:'),
     'source: must begin with one of "verified:", "partly verified:", '
     '"from knowledge, to be checked against the published decision"'),
    (SIGN, ('steps_basis = "composed"', 'steps_basis = "guessed"'),
     'steps_basis: "guessed" is not one of "published", "composed"'),
    (SIGN, ('steps_basis = "composed"', 'steps_basis = "composed"\nno_components_reason = "x"'),
     "no_components_reason: there are components"),
    (COMPLAINT, (SECRET[0], "full_process = false\nconfidential = false"),
     "confidential: only true, or left out"),
    (RESIDE, ('field = "', 'aliases = ["Xác nhận thông tin về cư trú"]\nfield = "'),
     "aliases: same as name"),
]  # fmt: skip

LIMIT: list[tuple[str, Swap, str]] = [
    (SIGN, ("amount = 1\n", "amount = 0\n"),
     "time_limit.amount: above 0, in steps of 0.5|time_limit.amount: same_day: amount must be 1"
     "|steps: 2.5 working hours in a same_day limit of at most 0"),
    (PERMIT, ('[time_limit]\namount = 5', "[time_limit]\namount = 5.3"),
     "time_limit.amount: above 0, in steps of 0.5|steps: steps add up to 5, the limit is 5.3"),
    (SIGN, ("amount = 1\n", "amount = inf\n"), "time_limit.amount: wrong type"),
    (SIGN, ('unit = "same_day"', 'unit = "day"'),
     'time_limit.unit: "day" is not one of "working_days", "days", "months", "working_hours", '
     '"hours", "same_day", "immediate"|time_limit.cutoff: only for same_day'),
    (SIGN, ("[time_limit]\namount = 1", "[time_limit]\namount = 2"),
     "time_limit.amount: same_day: amount must be 1"),
    (SIGN, ('cutoff = "15:00"', 'cutoff = "24:00"'), "time_limit.cutoff: HH:MM expected"),
    (RESIDE, ('unit = "working_hours"\nnote', 'unit = "working_hours"\ncutoff = "15:00"\nnote'),
     "time_limit.cutoff: only for same_day"),
    (COMPLAINT, ('amount = 30\nunit = "days"', 'amount = 1.5\nunit = "months"'),
     "time_limit.amount: months: whole months|steps: steps add up to 1, the limit is 1.5"),
    (COMPLAINT, ('starts = "thu_ly"', 'starts = "later"'),
     'time_limit.starts: "later" is not one of "acceptance", "thu_ly"'),
    (COMPLAINT, ('starts = "thu_ly"', 'silence = "yes"'),
     'time_limit.silence: "yes" is not one of "none", "consent"'),
    (COMPLAINT, ("amount = 45", "amount = 30"),
     "time_limit.extensions[0]: total 30 days is not longer than the limit"),
    (COMPLAINT, ('effect = "total"', 'effect = "more"'),
     'time_limit.extensions[0].effect: "more" is not one of "total", "extra"'),
    (COMPLAINT, ("amount = 45\n", ""),
     "time_limit.extensions[0]: amount and unit, or by_agreement = true"),
    (COMPLAINT, ('effect = "total"', 'effect = "total"\ntimes = 0'),
     "time_limit.extensions[0].times: at least 1"),
    (COMPLAINT, ('amount = 45\nunit = "days"', 'amount = 45\nunit = "same_day"'),
     'time_limit.extensions[0].unit: "same_day" is not one of "working_days", "days", "months", '
     '"working_hours", "hours"'),
    (LAND, ('kind = "offender_handling"', 'kind = "holiday"'),
     'time_limit.pauses[1].kind: "holiday" is not one of "financial_obligation", "publicity", '
     '"verification", "other_agency", "offender_handling"'),
    (LAND, ('kind = "offender_handling"', 'kind = "financial_obligation"'),
     "time_limit.pauses: a kind is repeated"),
    (LAND, ('kind = "offender_handling"', 'kind = "offender_handling"\nmax_amount = 3'),
     "time_limit.pauses[1]: max_amount and unit together, above 0"),
]  # fmt: skip

CASES: list[tuple[str, Swap, str]] = [
    (RENT, ('[[cases]]\nid = "so-huu"', '[[cases]]\nid = "Sở hữu"'),
     "cases[0].id: slug expected|components[1].cases: no case so-huu"),
    (RENT, ('id = "ve-o-voi-nguoi-than"', 'id = "so-huu"'),
     "cases: an id is repeated|components[3].cases: no case ve-o-voi-nguoi-than"),
    (RENT, ('id = "so-huu"', 'id = "so-huu"\ntime_limit = { amount = 1, unit = "days" }'),
     "cases[0]: own time limit without steps"),
    (RESIDE, ('time_limit = { amount = 3, unit = "working_days" }\n', ""),
     "cases[1]: own steps without a time limit"),
    (RESIDE, ("amount = 3", "amount = 4"),
     "cases[1].steps: steps add up to 3, the limit is 4"),
    (RESIDE, ("decides = true\n", ""), "cases[1].steps: 0 steps decide, exactly one expected"),
    (RESIDE, ('[two_level]\nagency = "cong-an-xa"', '[two_level]\nagency = "cong-an-huyen"'),
     "two_level.agency: no unit cong-an-huyen in organisation-2025.toml"),
    (LATER, ("[time_limit]", '[two_level]\nagency = "ubnd-xa"\nsource = "x"\n[time_limit]'),
     "two_level: only in files of era ba cấp"),
]  # fmt: skip

PAPERS: list[tuple[str, Swap, str]] = [
    (RENT, ('name = "Tờ khai thay đổi thông tin cư trú"', 'name = ""'),
     "components[0].name: empty"),
    (RENT, ('kind = "form"', 'kind = "paper"'),
     'components[0].kind: "paper" is not one of "form", "original", "certified_copy", "copy"'),
    (RENT, ("originals = 1\ncopies = 0", "originals = 0\ncopies = 0"),
     "components[0]: no piece counted"),
    (RENT, ("originals = 0\ncopies = 1", "originals = 1\ncopies = 1"),
     "components[1]: kind copy but originals 1"),
    (RENT, ("originals = 1\ncopies = 0", "originals = 0\ncopies = 1"),
     "components[0]: kind form but no original"),
    (RENT, ("required = true", "required = false"),
     "components[0]: not required and no condition"),
    (RENT, ("required = true", 'required = true\ncondition = "luôn luôn"'),
     "components[0]: required but has a condition"),
    (RENT, ('required = false\ncondition = "chỗ ở thuộc quyền sở hữu của mình"',
            "required = true"), "components[1]: a member of a one_of group cannot be required"),
    (RENT, ("required = true", 'required = true\nhandling = "keep"'),
     'components[0].handling: "keep" is not one of "submit", "present"'),
    (RENT, ('one_of = "cho-o"\n', ""), 'one_of "cho-o": fewer than two members'),
    (RENT, ('cases = ["so-huu"]', 'cases = ["khac"]'), "components[1].cases: no case khac"),
    (RENT, ('cases = ["so-huu"]', "cases = []"), "components[1].cases: empty"),
    (RENT, ("amount = 20000\n", ""), "fees[0]: exactly one of amount, tiers, set_by"),
    (RENT, ("amount = 20000", 'amount = 20000\nset_by = "Nghị quyết"'),
     "fees[0]: exactly one of amount, tiers, set_by"),
    (RENT, ("amount = 20000", "amount = 20000.0"), "fees[0].amount: wrong type"),
    (RENT, ("amount = 20000", "amount = -1"), "fees[0].amount: below 0"),
    (RENT, ("amount = 20000", "amount = 20000\nmax = 19999"), "fees[0].max: below amount"),
    (RENT, ('kind = "lệ phí"', 'kind = "thuế"'),
     'fees[0].kind: "thuế" is not one of "phí", "lệ phí"'),
    (RENT, ('channel = "direct"', 'channel = "post"'), "fees[0].channel: channel not offered"),
    (RENT, ('channel = "direct"', 'channel = "fax"'),
     'fees[0].channel: "fax" is not one of "direct", "post", "online"'),
    (RENT, ('channel = "direct"', 'cases = ["khac"]'), "fees[0].cases: no case khac"),
    (COPY, ("{ from = 3,", "{ from = 4,"), "fees[0].tiers: gap before 4"),
    (COPY, ("{ from = 1, to = 2,", "{ from = 2, to = 2,"), "fees[0].tiers: gap before 2"),
    (COPY, ("{ from = 1, to = 2,", "{ from = 1,"), "fees[0].tiers: gap before 3"),
    (COPY, ("{ from = 3, amount", "{ from = 3, price"),
     "fees[0].tiers[1].price: no such key|fees[0].tiers[1].amount: missing"),
]  # fmt: skip

STAMP = 'role = "văn thư"\nunit = "xa-van-phong"\ntime = 0.25'
STEPS: list[tuple[str, Swap, str]] = [
    (SIGN, ('role = "thẩm định"', 'role = "xem xét"'),
     'steps[1].role: "xem xét" is not one of "tiếp nhận", "thẩm định", "trưởng phòng", '
     '"lãnh đạo UBND", "lãnh đạo cơ quan", "văn thư", "trả kết quả", "phối hợp", "người nộp"'),
    (SIGN, ('unit = "xa-tu-phap"', 'unit = "xa-y-te"'),
     "steps[1].unit: no unit xa-y-te in organisation.toml"),
    (SIGN, ("time = 0.5", "time = -0.5"), "steps[0].time: below 0"),
    (SIGN, ("time = 0.5\n", ""), "steps[0].time: missing"),
    (SIGN, ('time_unit = "working_hours"', 'time_unit = "days"'),
     "steps[0].time_unit: days in a limit of same_day"),
    (SIGN, ("time = 0.5", "time = 6.5"),
     "steps: 8.5 working hours in a same_day limit of at most 8"),
    (BIRTH, ("time = 15\n", "time = 14\n"), "steps: steps add up to 19, the limit is 20"),
    (BIRTH, ("time = 10\n", "time = 16\n"), "steps: steps add up to 21, the limit is 20"),
    (SIGN, ("decides = true\n", ""), "steps: 0 steps decide, exactly one expected"),
    (SIGN, ("decides = true\n", "decides = false\n"),
     "steps[2].decides: only true, or left out|steps: 0 steps decide, exactly one expected"),
    (SIGN, ('role = "lãnh đạo UBND"', 'role = "thẩm định"'),
     "steps[2].decides: role thẩm định does not sign"),
    (SIGN, ('unit = "ubnd-xa"\ntime', 'unit = "xa-tu-phap"\ntime'),
     "steps[2].decides: at xa-tu-phap, but agency is ubnd-xa"),
    (SIGN, (STAMP, STAMP.replace("văn thư", "lãnh đạo UBND")),
     "steps[2].decides: a later step signs|steps: no văn thư step after the deciding step"),
    (SIGN, (STAMP, STAMP.replace("văn thư", "thẩm định")),
     "steps: no văn thư step after the deciding step"),
    (SIGN, ('role = "tiếp nhận"', 'role = "thẩm định"'),
     "steps: must begin with tiếp nhận and end with trả kết quả"),
    (BIRTH, ('id = "chuyen"', 'id = "Chuyển"'),
     "steps[3].id: slug expected|steps[4].depends_on: no earlier step chuyen"
     "|steps[5].depends_on: no earlier step chuyen"),
    (BIRTH, ('id = "bao-hiem-y-te"', 'id = "chuyen"'),
     "steps[5].id: an id is repeated|steps[6].depends_on: no earlier step bao-hiem-y-te"),
    (BIRTH, ('depends_on = ["chuyen"]', 'depends_on = ["chuyen", "chuyen"]'),
     "steps[4].depends_on: repeated"),
    (BIRTH, ('depends_on = ["chuyen"]', "depends_on = []"),
     "steps[4].depends_on: only the first step waits for nothing"),
    (BIRTH, ('depends_on = ["thuong-tru", "bao-hiem-y-te"]', 'depends_on = ["thuong-tru"]'),
     "steps[5]: no later step waits for this one"),
    (BIRTH, ('id = "thuong-tru"', 'id = "thuong-tru"\nis_lead = true'),
     "steps: is_lead in more than one agency"),
    (LAND, ('pause = "financial_obligation"', 'pause = "publicity"'),
     "steps[4].pause: no such pause in time_limit.pauses"),
    (LAND, ('\npause = "financial_obligation"', ""), "steps[4]: counts = false needs pause"),
    (LAND, ("\ncounts = false", ""), "steps[4].pause: only with counts = false"),
    (LAND, ("full_process = false", "full_process = true"),
     "full_process: true but steps are at more than one tier"
     "|full_process: true but another agency takes part"
     "|full_process: true but work is done elsewhere (phối hợp)"),
    (LAND, ('level = "liên thông"', 'level = "huyện"'),
     "level: huyện but steps are in more than one agency: huyện, xã"),
    (SIGN, ('level = "xã"', 'level = "liên thông"'),
     "level: liên thông but steps are in one agency"),
    (SIGN, ('steps_basis = "composed"',
            'steps_basis = "composed"\nnotes = ["Không có bước văn thư: không đóng dấu."]'),
     "notes: a note says a step is missing, but the procedure is decided"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "swap", "message"), [*HEAD, *LIMIT, *CASES, *PAPERS, *STEPS])
def test_a_fault_is_named(path: str, swap: Swap, message: str) -> None:
    assert faults_in(path, swap) == [f"{path}: {part}" for part in message.split("|")]


@pytest.mark.parametrize(
    ("path", "swaps", "message"),
    [
        (SIGN, [('code = "2.000884"', 'code = "2.000885"')], "code: file is named 2.000884"),
        (COMPLAINT, [SECRET, ('channels = ["direct", "post"]', 'channels = ["online"]')],
         "channels: confidential but online"),
        (COMPLAINT, [SECRET, ('received_at = ["tiep-cong-dan"]',
                              'received_at = ["mot-cua-huyen"]')],
         "received_at[0]: confidential but received at the counter of mot-cua-huyen"),
        (COMPLAINT, [SECRET, ('unit = "tiep-cong-dan"', 'unit = "mot-cua-huyen"')],
         "steps[0].unit: confidential but at the counter"),
    ],
)  # fmt: skip
def test_a_fault_of_two_keys_is_named(path: str, swaps: list[Swap], message: str) -> None:
    assert faults_in(path, *swaps) == [f"{path}: {message}"]


@pytest.mark.parametrize(
    ("named", "swaps", "message"),
    [
        ("chung-thuc/2.000885.toml", [], "code: file is named 2.000885"),
        ("chung-thuc/20.00884.toml", [('"2.000884"', '"20.00884"')],
         "code: form d.dddddd expected"),
        ("ho-tich/2.000884.toml", [], "field_slug: folder is ho-tich"),
        ("chung-thuc/2.000884.2025-01-01.toml", [], "code: file is named 2.000884.2025-01-01"),
        ("chung-thuc/2.000884.toml", [("sets = 1", "sets = 1\neffective_from = 2025-01-01")],
         "effective_from: 2025-01-01 but file is named 2.000884"),
        ("chung-thuc/2.000884.2025-01-02.toml",
         [("sets = 1", "sets = 1\neffective_from = 2025-01-01")],
         "effective_from: 2025-01-01 but file is named 2.000884.2025-01-02"),
        ("chung-thuc/2.000884.2025-01-01.toml",
         [("sets = 1", 'sets = 1\neffective_from = "2025-01-01"')],
         "effective_from: wrong type"),
        ("chung-thuc/2.000884.2025-01-01.toml",
         [("sets = 1", "sets = 1\neffective_from = 2025-01-01T07:00:00")],
         "effective_from: wrong type"),
    ],
)  # fmt: skip
def test_the_file_name_and_the_keys_agree(named: str, swaps: list[Swap], message: str) -> None:
    assert faults_in(SIGN, *swaps, named=named) == [f"{named}: {message}"]


def test_the_era_and_the_days_agree() -> None:
    early = [("effective_from = 2025-07-01", "effective_from = 2025-06-01")]
    named = "chung-thuc/2.000884.2025-06-01.toml"
    assert faults_in(LATER, *early, named=named) == [
        f"{named}: era: hai cấp but effective_from is 2025-06-01"
    ]
    assert faults_in(LATER, ("as_of = 2026-06-30", "as_of = 2025-06-30")) == [
        f"{LATER}: era: hai cấp but as_of is before 2025-07-01",
        f"{LATER}: as_of: 2025-06-30 is before effective_from 2025-07-01",
    ]


def test_a_good_file_has_no_fault_and_may_be_confidential() -> None:
    assert faults_in(COMPLAINT) == []
    assert faults_in(COMPLAINT, SECRET) == []


def test_no_components_need_a_reason() -> None:
    text = text_of(RESIDE)
    without = text[: text.index("[[components]]")] + text[text.index("\n[[steps]]") :]
    reason = without.replace("[time_limit]", 'no_components_reason = "Có sẵn."\n[time_limit]', 1)
    assert [str(f) for f in check_file(RESIDE, without.encode(), organisations())] == [
        f"{RESIDE}: components: empty and no reason given"
    ]
    assert check_file(RESIDE, reason.encode(), organisations()) == []


@pytest.mark.parametrize("count", [2, 13])
def test_three_to_twelve_steps(count: int) -> None:
    text = text_of(SIGN)
    head, *steps = text.split("\n[[steps]]")
    chosen = [steps[0], *[steps[1].replace("0.5", "0")] * (count - 2), *steps[-2:]][:count]
    raw = "\n[[steps]]".join([head, *chosen]).encode()
    assert f"{SIGN}: steps: 3 to 12 steps expected" in map(
        str, check_file(SIGN, raw, organisations())
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff", "file: 'utf-8' codec can't decode byte 0xff"),
        (b"schema = ", "file: Invalid value"),
        (b"\xef\xbb\xbfschema = 1", "file: Invalid statement"),
        (b"a = " + b"[" * 20_000, "file: "),
        (b"schema = 1\r\n", "file: CR found, LF expected"),
        (b"", "schema: missing"),
    ],
)
def test_an_unreadable_file_is_a_fault_not_a_crash(raw: bytes, message: str) -> None:
    first = check_file(SIGN, raw, organisations())[0]
    assert str(first).startswith(f"{SIGN}: {message}")


@pytest.mark.parametrize("value", ["1", "true", '"x"', "2025-07-01", "[]", "[1]", "[{}]", "{}"])
@pytest.mark.parametrize("key", ["cases", "components", "fees", "steps", "time_limit", "notes"])
def test_any_value_anywhere_is_judged_without_a_crash(key: str, value: str) -> None:
    text = text_of(SIGN)
    head = text[: text.index("[time_limit]")] + f"{key} = {value}\n"
    faults = check_file(SIGN, head.encode(), organisations())
    assert faults, f"{key} = {value} alone makes no good file"


def test_units_are_unknown_without_an_organisation() -> None:
    first = check_file(SIGN, text_of(SIGN).encode(), {})[0]
    assert str(first) == f"{SIGN}: agency: no unit ubnd-xa in organisation of era ba cấp"


def test_every_file_of_the_project_is_good() -> None:
    paths = sorted(RULES_FOLDER.glob("[a-z]*/*.toml"))
    found = [
        str(fault)
        for path in paths
        for fault in check_file(
            path.relative_to(RULES_FOLDER).as_posix(), path.read_bytes(), organisations()
        )
    ]
    assert (len(paths), found) == (72, [])


def test_an_edition_stands_once_and_a_later_one_begins_later() -> None:
    first = {"code": "1.001193", "as_of": dt.date(2025, 6, 30)}
    later = {"code": "1.001193", "effective_from": dt.date(2025, 7, 1)}
    early = {"code": "1.001193", "effective_from": dt.date(2025, 6, 30)}
    assert edition_faults([("a", first), ("b", later)]) == []
    assert list(map(str, edition_faults([("a", first), ("b", first)]))) == ["b: code: also in a"]
    assert list(map(str, edition_faults([("a", later), ("b", later)]))) == [
        "b: effective_from: also in a"
    ]
    assert list(map(str, edition_faults([("a", first), ("b", early)]))) == [
        "b: effective_from: 2025-06-30, but edition 1 describes 2025-06-30"
    ]
