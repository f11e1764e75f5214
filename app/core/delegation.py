"""Records by which an agency's work is done at the one-stop, and the share that is so done.

TT 01/2018/TT-VPCP Điều 6: work is moved to the one-stop by a written delegation; whether a
procedure is eligible for it (`full_process`) is a property of its rule file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day

from app.core.faults import EMPTY_TEXT, Fault, Faults, Table, date_text, no_unit
from app.core.organisation import Organisation
from app.core.procedure import Procedure

LEVELS = ("submit_for_approval", "approve", "approve_and_stamp")
DEMO_MARK = "DEMO-"
_DEMO = f"trong tệp dùng thử, số phải bắt đầu bằng “{DEMO_MARK}” và phải ghi demo = true"
_REAL = f"ngoài tệp dùng thử, số không bắt đầu bằng “{DEMO_MARK}” và không ghi demo = true"

_FILE = {"demo": "bool", "delegations": "tables"}
_RECORD = {
    "demo": "bool",
    "number": "text",
    "date": "date",
    "from_unit": "text",
    "to_one_stop": "text",
    "procedures": "texts",
    "level": "text",
    "staff": "texts",
    "valid_from": "date",
    "valid_to": "date",
    "revoked_at": "date",
}
_REQUIRED = ("number", "date", "from_unit", "to_one_stop", "procedures", "level", "valid_from")


@dataclass(frozen=True, slots=True)
class Delegation:
    """One record; units are full ids (`ubnd-xa@nga-son`), procedures are national codes.

    staff: user names of those who hold the moved steps; empty = by the roles at the one-stop.
    """

    number: str
    date: Day
    from_unit: str
    to_one_stop: str
    procedures: tuple[str, ...]
    level: str
    staff: tuple[str, ...]
    valid_from: Day
    valid_to: Day | None
    revoked_at: Day | None

    def valid_on(self, day: Day) -> bool:
        """Whether it is in force on the day; its last day and the day of revocation included."""
        ends = min(self.valid_to or Day.max, self.revoked_at or Day.max)
        return self.valid_from <= day <= ends

    def reaches(self, level: str) -> bool:
        """Whether it goes as far as the level: `approve_and_stamp` reaches `approve` too."""
        return LEVELS.index(self.level) >= LEVELS.index(level)


def parse_delegations(data: Table) -> list[Delegation]:
    """The records of a checked file, in its order."""
    return [
        Delegation(
            number=record["number"],
            date=record["date"],
            from_unit=record["from_unit"],
            to_one_stop=record["to_one_stop"],
            procedures=tuple(record["procedures"]),
            level=record["level"],
            staff=tuple(record.get("staff", ())),
            valid_from=record["valid_from"],
            valid_to=record.get("valid_to"),
            revoked_at=record.get("revoked_at"),
        )
        for record in data["delegations"]
    ]


def offered(editions: Iterable[Procedure], era: str, day: Day) -> dict[str, Procedure]:
    """Of each code the latest edition of the era that has begun on the day, in order of codes."""
    latest: dict[str, Procedure] = {}
    for edition in sorted(editions, key=lambda p: (p.code, p.effective_from or Day.min)):
        if edition.era == era and (edition.effective_from or Day.min) <= day:
            latest[edition.code] = edition
    return latest


@dataclass(frozen=True, slots=True)
class Share:
    """Which of the procedures received at a one-stop are wholly done there; codes in order.

    eligible: nothing speaks against it. delegated: eligible, and under a record in force that
    reaches `approve`. without_record: eligible, no record in force. below_approve: eligible, and
    only under a lower one.
    """

    received: tuple[str, ...]
    eligible: tuple[str, ...]
    delegated: tuple[str, ...]
    without_record: tuple[str, ...]
    below_approve: tuple[str, ...]

    @property
    def reaches_half(self) -> bool:
        """Whether at least 50 % of the received ones are delegated; false if none is received."""
        return bool(self.received) and 2 * len(self.delegated) >= len(self.received)


def share_of(
    procedures: Mapping[str, Procedure],
    delegations: Iterable[Delegation],
    one_stop: str,
    day: Day,
) -> Share:
    """The share at one one-stop (full id) on a day; procedures: those offered on that day."""
    base = one_stop.partition("@")[0]
    received = tuple(c for c, p in sorted(procedures.items()) if base in p.received_at)
    eligible = tuple(code for code in received if procedures[code].full_process)
    best: dict[str, int] = {}
    for record in delegations:
        if record.to_one_stop == one_stop and record.valid_on(day):
            for code in record.procedures:
                best[code] = max(best.get(code, 0), LEVELS.index(record.level))
    enough = LEVELS.index("approve")
    return Share(
        received,
        eligible,
        tuple(code for code in eligible if best.get(code, -1) >= enough),
        tuple(code for code in eligible if code not in best),
        tuple(code for code in eligible if best.get(code, enough) < enough),
    )


def delegation_faults(
    file: str,
    data: Table,
    organisation: Organisation,
    editions: Sequence[Procedure],
) -> list[Fault]:
    """What is wrong in a delegation file of an office of that organisation.

    A procedure may be named only if it is eligible, received at that one-stop and decided by the
    unit that delegates, in the edition that holds on the record's first day.
    """
    faults = Faults(file)
    faults.texts("", data)
    if not faults.shape("", data, _FILE, ("delegations",)):
        return faults.found
    numbers: set[str] = set()
    for i, record in enumerate(data["delegations"]):
        key = f"delegations[{i}]"
        if not faults.shape(key, record, _RECORD, _REQUIRED):
            continue
        _check_number(faults, key, record, data.get("demo", False), numbers)
        faults.listed(f"{key}.level", record["level"], LEVELS)
        last = record.get("valid_to", record["valid_from"])
        in_order = record["date"] <= record["valid_from"] <= last
        text = "ngày văn bản (date), ngày đầu, ngày cuối phải theo thứ tự trước sau"
        faults.check(in_order, key, text)
        if _check_units(faults, key, record, organisation):
            begun = offered(editions, organisation.era, record["valid_from"])
            _check_procedures(faults, f"{key}.procedures", record, begun)
    return faults.found


def _check_number(faults: Faults, key: str, record: Table, demo: bool, numbers: set[str]) -> None:
    number = record["number"]
    marked = number.startswith(DEMO_MARK), record.get("demo", False)
    text = _DEMO if demo else _REAL
    faults.check(marked == (demo, demo), f"{key}.number", text)
    text = f"số “{number}” đã dùng cho văn bản ở trên"
    faults.check(number not in numbers, f"{key}.number", text)
    numbers.add(number)


def _check_units(faults: Faults, key: str, record: Table, organisation: Organisation) -> bool:
    stop = organisation.units.get(record["to_one_stop"])
    giver = organisation.units.get(record["from_unit"])
    good = faults.check(
        stop is not None and stop.kind == "one_stop",
        f"{key}.to_one_stop",
        f"“{record['to_one_stop']}” không phải Bộ phận Một cửa, xem lại mã đơn vị",
    )
    if giver is None:
        faults.add(f"{key}.from_unit", no_unit(record["from_unit"], organisation.era))
        return False
    if stop is not None and giver.commune_slug != stop.commune_slug:
        faults.add(f"{key}.from_unit", f"“{giver.id}” không cùng xã với “{stop.id}”")
        return False
    return good


def _check_procedures(
    faults: Faults, key: str, record: Table, begun: Mapping[str, Procedure]
) -> None:
    stop = record["to_one_stop"].partition("@")[0]
    giver = record["from_unit"].partition("@")[0]
    faults.check(bool(record["procedures"]), key, EMPTY_TEXT)
    for code in record["procedures"]:
        procedure = begun.get(code)
        if procedure is None:
            faults.add(key, f"ngày {date_text(record['valid_from'])} không có thủ tục {code}")
            continue
        text = f"thủ tục {code} không được làm trọn tại Một cửa, hãy bỏ khỏi văn bản"
        faults.check(procedure.full_process, key, text)
        text = f"thủ tục {code} không tiếp nhận tại “{stop}”"
        faults.check(stop in procedure.received_at, key, text)
        text = f"thủ tục {code} do “{procedure.agency}” quyết định, không phải “{giver}”"
        faults.check(giver == procedure.agency, key, text)
