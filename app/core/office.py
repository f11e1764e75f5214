"""One office's own settings: which decree, which organisation, which one-stop, which hours."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time

from app.core.faults import EMPTY_TEXT, SLUG, Fault, Faults, Table, misnamed
from app.core.organisation import Organisation
from app.core.procedure_terms import ERAS

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_FILE = {
    "id": "text",
    "name": "text",
    "short_name": "text",
    "regime": "text",
    "era": "text",
    "valid_cap": "date",
    "organisation": "text",
    "delegations": "text",
    "place": "text",
    "province": "text",
    "phone": "text",
    "main_one_stop": "text",
    "demo_agency_code": "text",
    "commune": "text",
    "sessions": "list",
}
_REQUIRED = tuple(key for key in _FILE if key not in ("valid_cap", "phone", "demo_agency_code"))


@dataclass(frozen=True, slots=True)
class Office:
    """The settings of one office.

    valid_cap: the last day at which its units, postings and editions are judged (None = today).
    main_one_stop: full unit id. commune: slug of its commune, empty for a district.
    sessions: the working hours of a day, as pairs (from, to) of local time.
    """

    id: str
    name: str
    short_name: str
    regime: str
    era: str
    valid_cap: date | None
    organisation: str
    delegations: str
    place: str
    province: str
    phone: str
    main_one_stop: str
    demo_agency_code: str
    commune: str
    sessions: tuple[tuple[time, time], ...]

    def judged_on(self, today: date) -> date:
        """The day at which units, postings and editions are judged; the calendar uses today."""
        return min(today, self.valid_cap) if self.valid_cap else today


def parse_office(data: Table) -> Office:
    """The office of a checked file."""
    return Office(
        id=data["id"],
        name=data["name"],
        short_name=data["short_name"],
        regime=data["regime"],
        era=data["era"],
        valid_cap=data.get("valid_cap"),
        organisation=data["organisation"],
        delegations=data["delegations"],
        place=data["place"],
        province=data["province"],
        phone=data.get("phone", ""),
        main_one_stop=data["main_one_stop"],
        demo_agency_code=data.get("demo_agency_code", ""),
        commune=data["commune"],
        sessions=tuple(
            (time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in data["sessions"]
        ),
    )


def office_faults(
    file: str,
    data: Table,
    organisations: Mapping[str, Organisation],
    delegation_files: Collection[str],
    regimes: Collection[str],
) -> list[Fault]:
    """What is wrong in an office file. organisations: by file name; regimes: the known ids."""
    faults = Faults(file)
    faults.texts("", data, may_be_empty=("commune",))
    if not faults.shape("", data, _FILE, _REQUIRED):
        return faults.found
    stem = file.rpartition("/")[2].removesuffix(".toml")
    faults.check(data["id"] == stem and bool(SLUG.fullmatch(stem)), "id", misnamed(stem))
    faults.listed("era", data["era"], ERAS)
    faults.listed("regime", data["regime"], regimes)
    faults.listed("delegations", data["delegations"], delegation_files)
    if faults.listed("organisation", data["organisation"], tuple(organisations)):
        _check_units(faults, data, organisations[data["organisation"]])
    _check_sessions(faults, data["sessions"])
    return faults.found


def _check_units(faults: Faults, data: Table, organisation: Organisation) -> None:
    era = organisation.era
    text = f"danh sách đơn vị {organisation.file} là của mô hình {era}, không phải {data['era']}"
    faults.check(data["era"] == era, "era", text)
    commune = data["commune"]
    slugs = {known.slug for known in organisation.communes}
    known = not commune or commune in slugs
    text = f"không có xã “{commune}” trong danh sách xã (mô hình {era}), xem lại tên"
    faults.check(known, "commune", text)
    stop = organisation.units.get(data["main_one_stop"])
    if stop is None or stop.kind != "one_stop":
        text = f"“{data['main_one_stop']}” không phải Bộ phận Một cửa, xem lại mã đơn vị"
        faults.add("main_one_stop", text)
    elif (stop.commune_slug or "") != commune:
        wanted = f"xã “{commune}”" if commune else "cấp huyện (mục commune để trống)"
        faults.add("main_one_stop", f"“{stop.id}” không phải Một cửa của {wanted}")


def _check_sessions(faults: Faults, sessions: list[object]) -> None:
    """Pairs of HH:MM, each later than the one before."""
    faults.check(bool(sessions), "sessions", EMPTY_TEXT)
    before = ""
    for i, session in enumerate(sessions):
        pair = session if isinstance(session, list) else []
        clocks = [c for c in pair if isinstance(c, str) and _CLOCK.fullmatch(c)]
        if len(pair) != 2 or len(clocks) != 2:
            faults.add(f"sessions[{i}]", 'phải là một cặp giờ, ghi như ["07:00", "11:30"]')
            return
        in_order = before <= clocks[0] < clocks[1]
        text = "buổi sau phải nối buổi trước, giờ đầu trước giờ cuối"
        faults.check(in_order, f"sessions[{i}]", text)
        before = clocks[1]
