"""Every rule of the schema for one procedure file; the limit, steps and papers have own modules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from app.core.faults import (
    EMPTY_TEXT,
    ONLY_TRUE_TEXT,
    SLUG_TEXT,
    TWICE_TEXT,
    Fault,
    Faults,
    Table,
    date_text,
    no_unit,
    read_toml,
)
from app.core.organisation import Organisation
from app.core.procedure_limit_check import check_limit, check_short_limit
from app.core.procedure_papers_check import check_components, check_fees
from app.core.procedure_steps_check import check_steps
from app.core.procedure_terms import (
    APPLICANTS,
    CASE,
    CHANNELS,
    ERAS,
    LEVELS,
    PROCEDURE,
    PROCEDURE_REQUIRED,
    RECEIVERS,
    SOURCES,
    STEPS_BASES,
    TWO_LEVEL,
    TWO_LEVELS_BEGIN,
)

Organisations = Mapping[str, Organisation]
_CODE = re.compile(r"[0-9]\.[0-9]{6}")
_LAW = re.compile(r"\d+[a-z]?/(19|20)\d\d/[0-9A-ZĐ]|\d+/(QĐ|NQ|TT|CP)-?")
_NO_RECEIVER = (  # `RECEIVERS` in words
    "không phải nơi tiếp nhận hồ sơ, "
    "hãy chọn Bộ phận Một cửa, nơi tiếp công dân hoặc cơ quan ngành dọc"
)
_NOT_EMPTY = ("received_at", "applicants", "channels", "results", "legal_basis")


def check_file(relative_path: str, raw: bytes, organisations: Organisations) -> list[Fault]:
    """The faults of one procedure file, none if it is good.

    relative_path: with forward slashes, from the rules folder (`ho-tich/1.001193.toml`).
    organisations: by era (`ba cấp`, `hai cấp`); an era that is not there leaves its units unknown.
    """
    return read_procedure(relative_path, raw, organisations)[1]


def read_procedure(
    relative_path: str, raw: bytes, organisations: Organisations
) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The file's content (None where it cannot be read) and its faults."""
    faults = Faults(relative_path)
    data = read_toml(faults, raw)
    if data is None:
        return None, faults.found
    return data, faults.found + check_content(relative_path, data, organisations)


def check_content(
    relative_path: str, data: dict[str, Any], organisations: Organisations
) -> list[Fault]:
    """The faults of a file's content, wherever it was written."""
    faults = Faults(relative_path)
    faults.texts("", data)
    if faults.shape("", data, PROCEDURE, PROCEDURE_REQUIRED):
        _check_head(faults, PurePosixPath(relative_path), data)
        if faults.listed("era", data["era"], ERAS):
            _check_body(faults, data, organisations)
    return faults.found


def edition_faults(files: Iterable[tuple[str, Table]]) -> list[Fault]:
    """What is wrong between files: the same edition twice, a later one that begins too early.

    files: path and content of every file that could be read.
    """
    seen: dict[tuple[str, date | None], tuple[str, Table]] = {}
    found = []
    for file, data in files:
        code, start = data.get("code"), data.get("effective_from")
        if not isinstance(code, str) or type(start) not in (date, type(None)):
            continue
        if (code, start) in seen:
            key = "effective_from" if start else "code"
            found.append(Fault(file, key, f"đã có trong {seen[code, start][0]}, hãy bỏ một tệp"))
        seen.setdefault((code, start), (file, data))
    for (code, start), (file, _) in seen.items():
        first = seen.get((code, None))
        described = first[1].get("as_of") if first else None
        if type(start) is date and type(described) is date and start <= described:
            text = (
                f"{date_text(start)} phải sau {date_text(described)}, "
                "ngày mà bản đầu của thủ tục tính đến"
            )
            found.append(Fault(file, "effective_from", text))
    return found


def _check_head(faults: Faults, path: PurePosixPath, data: Table) -> None:
    """The keys that need no other file: names, lists, lengths."""
    faults.check(data["schema"] == 1, "schema", "phải là 1")
    coded = bool(_CODE.fullmatch(data["code"]))
    faults.check(coded, "code", "phải có một chữ số, dấu chấm, sáu chữ số, ví dụ 1.001193")
    _check_file_name(faults, path, data)
    slug, folder = data["field_slug"], path.parent.name
    if faults.check(bool(re.fullmatch(r"[a-z0-9-]+", slug)), "field_slug", SLUG_TEXT):
        faults.check(slug == folder, "field_slug", f"phải trùng tên thư mục “{folder}”")
    named = data["name"] in data.get("aliases", [])
    faults.check(not named, "aliases", "trùng với tên thủ tục, hãy bỏ")
    faults.listed("level", data["level"], LEVELS)
    for key, allowed in (("applicants", APPLICANTS), ("channels", CHANNELS)):
        for i, value in enumerate(data[key]):
            faults.listed(f"{key}[{i}]", value, allowed)
        faults.check(len(set(data[key])) == len(data[key]), key, TWICE_TEXT)
    for key in _NOT_EMPTY:
        faults.check(bool(data[key]), key, EMPTY_TEXT)
    faults.check(len(data["summary"]) <= 300, "summary", "dài quá 300 ký tự, hãy viết gọn lại")
    faults.check(data["sets"] >= 1, "sets", "phải từ 1 trở lên")
    _check_sources(faults, data)


def _check_sources(faults: Faults, data: Table) -> None:
    for i, law in enumerate(data["legal_basis"]):
        text = f"“{law}” phải bắt đầu bằng số hiệu văn bản, như 23/2015/NĐ-CP"
        faults.check(bool(_LAW.match(law)), f"legal_basis[{i}]", text)
    wanted = " hoặc ".join(f"“{start}”" for start in SOURCES)
    faults.check(data["source"].startswith(SOURCES), "source", f"phải bắt đầu bằng {wanted}")
    faults.listed("steps_basis", data["steps_basis"], STEPS_BASES)


def _check_file_name(faults: Faults, path: PurePosixPath, data: Table) -> None:
    """CODE.toml is edition 1; CODE.DATE.toml a later one, with effective_from = DATE."""
    code, start = data["code"], data.get("effective_from")
    named = path.stem
    if named != code and (start is None or not named.startswith(f"{code}.")):
        text = f"không khớp tên tệp “{named}”, hãy sửa mã, ngày áp dụng hoặc tên tệp"
        faults.add("code", text)
    elif start and named != f"{code}.{start}":
        text = f"tệp tên là “{named}”, theo ngày này phải là “{code}.{start}”"
        faults.add("effective_from", text)


def _check_body(faults: Faults, data: Table, organisations: Organisations) -> None:
    """The keys that lean on the era and its units, and the parts."""
    organisation = organisations.get(data["era"])
    _check_era(faults, data)
    units = Units(faults, organisation, data["era"], data["as_of"])
    units.find("agency", data["agency"])
    units.find("department", data["department"])
    _check_receivers(faults, units, data)
    _check_confidential(faults, data)
    measurable = check_limit(faults, data["time_limit"])
    case_ids = _check_cases(faults, units, data)
    check_components(faults, data, case_ids)
    check_fees(faults, data, case_ids)
    if measurable:
        check_steps(faults, units.find, "steps", data["steps"], data["time_limit"], data)
    _check_two_level(faults, data, organisations)


class Units:
    """Looks up the units that a file names and notes those that are not there, or not any more."""

    def __init__(
        self, faults: Faults, organisation: Organisation | None, era: str, day: date | None
    ) -> None:
        self.faults = faults
        self.era = era
        self.known = organisation.bases if organisation else {}
        self.day = day

    def find(self, key: str, unit_id: str) -> Table | None:
        """The unit's record, or None with the fault noted."""
        unit = self.known.get(unit_id)
        if unit is None:
            self.faults.add(key, no_unit(unit_id, self.era))
            return None
        last = unit.get("valid_to")
        if self.day and last and last < self.day:
            text = (
                f"đơn vị “{unit_id}” chỉ có đến {date_text(last)}, "
                f"trước ngày nội dung tính đến ({date_text(self.day)})"
            )
            self.faults.add(key, text)
        return unit


def _check_era(faults: Faults, data: Table) -> None:
    era, as_of, start = data["era"], data["as_of"], data.get("effective_from")
    two_levels = era == "hai cấp"
    holds = f"mô hình {era} chỉ có {'từ' if two_levels else 'trước'} {date_text(TWO_LEVELS_BEGIN)}"
    if two_levels != (as_of >= TWO_LEVELS_BEGIN):
        faults.add("era", f"{holds}, nội dung lại tính đến {date_text(as_of)}")
    if start is None:
        return
    if two_levels != (start >= TWO_LEVELS_BEGIN):
        faults.add("era", f"{holds}, ngày áp dụng lại là {date_text(start)}")
    if as_of < start:
        faults.add("as_of", f"{date_text(as_of)} trước ngày áp dụng {date_text(start)}")


def _check_receivers(faults: Faults, units: Units, data: Table) -> None:
    for i, unit_id in enumerate(data["received_at"]):
        key = f"received_at[{i}]"
        unit = units.find(key, unit_id)
        if unit is None:
            continue
        faults.check(unit["kind"] in RECEIVERS, key, f"“{unit_id}” {_NO_RECEIVER}")
        if data.get("confidential") and unit["kind"] == "one_stop":
            text = f"hồ sơ kín không tiếp nhận tại quầy Một cửa “{unit_id}”, hãy chọn nơi khác"
            faults.add(key, text)


def _check_confidential(faults: Faults, data: Table) -> None:
    if "confidential" not in data:
        return
    faults.check(data["confidential"], "confidential", ONLY_TRUE_TEXT)
    if data["confidential"]:
        offline = "online" not in data["channels"]
        faults.check(offline, "channels", "hồ sơ kín không nộp trực tuyến được, hãy bỏ cách nộp đó")
        text = "hồ sơ kín không làm trọn tại Một cửa được, hãy ghi không (false)"
        faults.check(not data["full_process"], "full_process", text)


def _check_cases(faults: Faults, units: Units, data: Table) -> list[str]:
    ids: list[str] = []
    for i, case in enumerate(data.get("cases", [])):
        key = f"cases[{i}]"
        if not faults.shape(key, case, CASE, ("id", "name")):
            continue
        faults.check(bool(re.fullmatch(r"[a-z0-9-]+", case["id"])), f"{key}.id", SLUG_TEXT)
        ids.append(case["id"])
        limited, stepped = "time_limit" in case, "steps" in case
        if limited and not stepped:
            faults.add(key, "có thời hạn riêng thì phải có các bước riêng")
        elif stepped and not limited:
            faults.add(key, "có các bước riêng thì phải có thời hạn riêng")
        elif limited:
            limit, steps = case["time_limit"], case["steps"]
            if check_short_limit(faults, f"{key}.time_limit", limit):
                check_steps(faults, units.find, f"{key}.steps", steps, limit, data)
    faults.check(
        len(set(ids)) == len(ids), "cases", "có mã riêng ghi hai lần, mỗi trường hợp một mã"
    )
    return ids


def _check_two_level(faults: Faults, data: Table, organisations: Organisations) -> None:
    after = data.get("two_level")
    if after is None:
        return
    text = "chỉ ghi ở thủ tục của mô hình ba cấp, hãy bỏ"
    faults.check(data["era"] == "ba cấp", "two_level", text)
    if not faults.shape("two_level", after, TWO_LEVEL, ("agency", "source")):
        return
    later = Units(faults, organisations.get("hai cấp"), "hai cấp", None)
    later.find("two_level.agency", after["agency"])
    if "time_limit" in after:
        check_short_limit(faults, "two_level.time_limit", after["time_limit"])
