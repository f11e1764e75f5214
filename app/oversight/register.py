"""What the register's address or form asks for: text, states, days, one-stop, unit, field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.states import BEFORE_ACCEPTANCE, CLOSED, OPEN, Status
from app.core.vietnamese import fold
from app.journey.find import Wanted
from app.journey.office import Office, UnitInfo
from app.journey.register import days
from app.oversight.board import WORKING

TEXT, LATE, STATE = "q", "tre", "tt"
FROM, TO, ONE_STOP, UNIT, FIELD = "tu-ngay", "den-ngay", "mot-cua", "don-vi", "linh-vuc"
FILTERS = (FROM, TO, ONE_STOP, UNIT, FIELD)
WRONG_DAY = "Hãy nhập ngày có thật, ví dụ 25/11/2026."
WRONG_ORDER = "Ngày cuối đứng trước ngày đầu. Hãy sửa một trong hai ngày."
_LONGEST = 200
_ENDED = CLOSED - BEFORE_ACCEPTANCE


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address: as typed, as understood, and what is wrong with which of them.

    typed: only those that say something. A wrong one narrows nothing and stands in `errors`.
    """

    typed: Mapping[str, str]
    first: date | None = None
    last: date | None = None
    one_stop: str | None = None
    unit: str | None = None
    field_name: str = ""
    editions: tuple[int, ...] | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def wanted(self, text: str, status: tuple[str, ...], due_to: datetime | None) -> Wanted:
        """The filters with what else the page asks for."""
        accepted_from, accepted_to = days(self.first, self.last)
        return Wanted(
            text=text, status=status, due_to=due_to, one_stop=self.one_stop,
            department=self.unit, editions=self.editions, accepted_from=accepted_from,
            accepted_to=accepted_to,
        )  # fmt: skip

    def check(self) -> None:
        """Refused `bad_request` with the first fault; a file can't show it beside its field."""
        if self.errors:
            name, sentence = next(iter(self.errors.items()))
            raise Refused("bad_request", f"{LABELS[name]}: {sentence}", fields=dict(self.errors))


LABELS = {
    FROM: "Tiếp nhận từ ngày",
    TO: "Đến ngày",
    ONE_STOP: "Nơi tiếp nhận",
    UNIT: "Cơ quan giải quyết",
    FIELD: "Lĩnh vực",
}


def asked(args: Mapping[str, str], office: Office) -> Asked:
    """The filters of an address, read and checked against the office."""
    typed = {name: args.get(name, "").strip()[:_LONGEST] for name in FILTERS}
    errors: dict[str, str] = {}
    first, last = (_day(name, typed[name], errors) for name in (FROM, TO))
    if first and last and last < first:
        errors[TO] = WRONG_ORDER
        last = None
    for name in (ONE_STOP, UNIT):
        if typed[name] and typed[name] not in office.units:
            errors[name] = "Không có đơn vị này. Hãy chọn trong danh sách."
    wanted_field = typed[FIELD]
    editions = tuple(e.id for e in office.editions.values() if e.procedure.field == wanted_field)
    if wanted_field and not editions:
        errors[FIELD] = "Không có lĩnh vực này. Hãy chọn trong danh sách."
    good = {name: "" if name in errors else value for name, value in typed.items()}
    return Asked(
        {name: value for name, value in typed.items() if value}, first, last,
        good[ONE_STOP] or None, good[UNIT] or None, good[FIELD],
        editions if good[FIELD] else None, errors,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedList:
    """Everything asked for but the page: filters, late ones only, states offered, chosen."""

    asked: Asked
    late: bool
    offered: Sequence[Status]
    chosen: Sequence[Status]
    wanted: Wanted


def asked_list(args: Any, office: Office, now: datetime) -> AskedList:
    """The list of an address or form (a MultiDict); late is judged as of the moment given."""
    found = asked(args, office)
    late = args.get(LATE) == "1"
    offered = [s for s in Status if s in (WORKING if late else OPEN | _ENDED)]
    chosen = [s for s in offered if s in args.getlist(STATE)]
    states = tuple(chosen) or (tuple(sorted(WORKING)) if late else ())
    wanted = found.wanted(args.get(TEXT, "").strip(), states, now if late else None)
    return AskedList(found, late, offered, chosen, wanted)


def day_of(text: str) -> date | None:
    """A day as people write it (25/11/2026) or as programs do (2026-11-25); None for no day."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM).date()
        except ValueError:
            continue
    return None


def _day(name: str, text: str, errors: dict[str, str]) -> date | None:
    found = day_of(text) if text else None
    if text and found is None:
        errors[name] = WRONG_DAY
    return found


# --- What may be chosen --------------------------------------------------------------------------


def one_stops(office: Office, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the one-stops to choose from, those the person works at or oversees first.

    Who belongs to none (a department gets dossiers from several) may name any.
    """
    all_ = [u for u in office.units.values() if u.kind == "one_stop"]
    return _named([u for u in all_ if _near(u, actor)] or all_)


def units(office: Office, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the units that settle dossiers: all for a counter, else those in sight."""
    # A commune settles as one: its single officers would be two hundred lines more to read.
    all_ = [
        u for u in office.units.values()
        if u.kind not in ("one_stop", "officer", "council")
        and (u.commune_slug is None or u.kind == "people_committee")
    ]  # fmt: skip
    at_counter = any(office.unit(id_).kind == "one_stop" for id_ in actor.units)
    near = [u for u in all_ if _near(u, actor)]
    if at_counter or not near:
        near += [u for u in all_ if u not in near and u.commune_slug is None]
    return _named(near)


def fields(office: Office) -> list[tuple[str, str]]:
    """The fields (lĩnh vực) of every published edition, as value and text, in order."""
    names = {e.procedure.field for e in office.editions.values()}
    return [(name, name) for name in sorted(names, key=fold)]


def _near(unit: UnitInfo, actor: Actor) -> bool:
    return unit.id in actor.units or any(unit.path.startswith(p) for p in actor.covered_paths)


def _named(found: Iterable[UnitInfo]) -> list[tuple[str, str]]:
    """Units of the district first, then commune by commune."""
    ordered = sorted(found, key=lambda u: (u.commune_slug or "", u.name))
    return [(u.id, u.name) for u in ordered]
