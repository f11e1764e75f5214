"""What one control slip says, and which of its prints the log knows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.clock import VIETNAM
from app.core.chain import parse_instant
from app.core.codes import parse_dossier_code
from app.core.refusals import Refused
from app.core.states import PARTNER_STEP
from app.documents import control_slip
from app.journey import slips
from app.journey.notice_papers import head_of, variant
from app.journey.office import Office
from app.models import Dossier, Event, Step

PRINTED = "document_drawn"
FORM = "control_slip"
# What changes nothing on the slip: that something was printed, or that papers were digitised.
BESIDE = frozenset({PRINTED, "file_added", "file_reused", "file_removed"})


def version_of(events: Iterable[Event]) -> int:
    """The last event that counts for the slip; see BESIDE for those that do not."""
    return max((e.seq for e in events if e.action not in BESIDE), default=0)


def prints_of(events: Iterable[Event], version: int | None = None) -> dict[int, int]:
    """How often the slip was printed as of each version (`version_of` at that time)."""
    found: dict[int, int] = {}
    for event in events:
        if event.action == PRINTED:
            facts = json.loads(event.body)["facts"]
            if facts.get("form") == FORM and version in (None, facts["until"]):
                found[facts["until"]] = found.get(facts["until"], 0) + 1
    return found


def slip_of(
    office: Office, dossier: Dossier, steps: Sequence[Step], events: Sequence[Event],
    version: int | None = None,
) -> control_slip.Facts:  # fmt: skip
    """The slip as of an event, by default the last that counts (`version_of`).

    It is dated by that event and names it with the chain's hash there, so the same version always
    gives the same facts. Refused `no_slip` before acceptance, `no_such_document` for a version
    that is none.
    """
    if dossier.code is None or dossier.accepted_at is None:
        raise Refused("no_slip", "Hồ sơ chưa được tiếp nhận nên chưa có phiếu kiểm soát.")
    wanted = version_of(events) if version is None else version
    told = [e for e in events if e.seq <= wanted]
    if not told or told[-1].seq != wanted or told[-1].at < dossier.accepted_at:
        raise Refused("no_such_document", "Hồ sơ này không có phiếu kiểm soát đến sự kiện đó.")
    last, code = told[-1], parse_dossier_code(dossier.code)
    due = json.loads(last.body)["due_after"]
    return control_slip.Facts(
        variant=variant(office, dossier.regime),
        agency_name=head_of(office, dossier.one_stop),
        one_stop_title=office.regimes[dossier.regime].one_stop_title.upper(),
        place=office.profile.place,
        code=dossier.code,
        barcode_digits=code.digits if code else "",
        printed_at=_here(last.at),
        lead_unit=office.unit_name(dossier.department),
        partner_units="; ".join(_partners(office, dossier, steps, told)),
        procedure_name=office.editions[dossier.edition_id].procedure.name,
        due_at=_here(parse_instant(due)) if due else None,
        handovers=[_as_facts(office, row) for row in slips.handovers(office, steps, told)],
        until=wanted,
        chain=last.hash,
    )


def _partners(
    office: Office, dossier: Dossier, steps: Sequence[Step], events: Iterable[Event]
) -> list[str]:
    """Units of the route's partner steps and those whose opinion was asked, each once."""
    units = [s.unit_id for s in steps if s.step_role == PARTNER_STEP]
    for event in events:
        if event.action == "consult":
            units += json.loads(event.body)["facts"].get("units", [])
    return [office.unit_name(unit) for unit in dict.fromkeys(units) if unit != dossier.department]


def _as_facts(office: Office, row: slips.Handover) -> dict[str, Any]:
    """A row as the form takes it; what is not known is left out."""
    told = {
        "from_unit": office.unit_name(row.from_unit),
        "to_unit": office.unit_name(row.to_unit),
        "at": _here(row.at) if row.at else "",
        "taken_at": _here(row.taken_at) if row.taken_at else "",
        "giver": row.giver,
        "taker": row.taker,
        "result": row.result,
        "due_at": _here(row.due_at) if row.due_at else "",
        "note": " ".join(row.notes),
    }
    return {key: value for key, value in told.items() if value}


def _here(at: datetime) -> str:
    return at.astimezone(VIETNAM).isoformat()
