"""The rows that receiving a dossier inserts, as plain dicts: Core is five times the ORM's speed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from app.clock import VIETNAM
from app.core.codes import DossierCode
from app.core.deadline import Explanation, step_due
from app.core.procedure import StepRule
from app.core.route import MOVED, StepState, moved_holder
from app.core.states import INTAKE_STEP, PARTNER_STEP, RETURN_STEP, STEP_ROLES
from app.core.vietnamese import fold
from app.intake.request import Intake, clean_note, resolve_step_unit
from app.journey.office import Office


def dossier_row(
    intake: Intake, office: Office, dossier_id: str, status: str, staff_id: str, now: datetime
) -> dict[str, Any]:
    """The dossier's own row before numbers, due dates and the chain's head are known."""
    request, person, procedure = intake.request, intake.applicant, intake.procedure
    return {
        "id": dossier_id,
        "temporary_id": None,
        "code": None,
        "lookup_code": None,
        "status": status,
        "version": 1,
        "regime": office.regime.id,
        "edition_id": intake.edition.id,
        "procedure_code": procedure.code,
        "case_id": request.case,
        "confidential": procedure.confidential,
        "one_stop": intake.counter.id,
        "agency": intake.agency,
        "department": intake.department,
        "commune_slug": intake.commune,
        "channel": request.channel,
        "result_channel": request.result_channel,
        "applicant_kind": person.kind,
        "applicant_name": person.name,
        "name_folded": fold(person.name),
        "personal_id": person.personal_id,
        "applicant_old_id": person.old_id,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "address": person.address,
        "phone": person.phone,
        "email": person.email,
        **_submitter(intake),
        "note": clean_note(request.note),
        "created_at": now,
        "created_by": staff_id,
        "draft": None,
        "previous_id": None,
        "correction": None,
        "results_lost": False,
        "fee_refunded": 0,
    }


def _submitter(intake: Intake) -> dict[str, Any]:
    """Who hands in for the applicant, whole and as search looks for them."""
    person = intake.submitter
    return {
        "submitter": (
            json.dumps(person.as_facts(), ensure_ascii=False, sort_keys=True) if person else None
        ),
        "submitter_folded": fold(person.name) if person else None,
        "submitter_card": person.personal_id if person else None,
        "submitter_phone": person.phone if person else None,
    }


def acceptance_columns(
    intake: Intake, code: DossierCode, lookup_code: str | None, explained: Explanation,
    office: Office, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """What acceptance adds: code, due date with its reasons, delegation, fees."""
    total = sum(line.amount or 0 for line in intake.fees)
    return {
        "code": str(code),
        "lookup_code": lookup_code,
        "accepted_at": now,
        "accepted_day": now.astimezone(VIETNAM).date(),
        "due_day": explained.due_at.astimezone(VIETNAM).date(),
        "due_at": explained.due_at,
        "due_at_original": explained.due_at_original,
        "due_reasons": json.dumps(
            [{"text": r.text, "basis": r.basis} for r in explained.reasons], ensure_ascii=False
        ),
        "due_tentative": explained.tentative,
        "limit_unit": intake.procedure.limit_for(intake.request.case).unit,
        "transfer_due_at": _transfer_due(intake, explained, office, now),
        "calendar_version": office.calendar.version,
        "delegation_id": intake.delegation.id if intake.delegation else None,
        "originals_held": sum(p.held for p in intake.request.papers),
        "fee_total": total,
        "fee_due": sum(x.amount or 0 for x in intake.fees if x.timing == "later"),
        "fees_unknown": sum(x.amount is None for x in intake.fees),
    }


def _transfer_due(
    intake: Intake, explained: Explanation, office: Office, now: datetime
) -> datetime:
    """By when the paper leaves the counter; to another level the decree may give days (Đ20.1a)."""
    days = office.regime.other_level_transfer_wd
    steps = intake.procedure.steps_for(intake.request.case)
    following = next((s for s in steps if tuple(s.waits_for) == (1,)), None)
    if days is None or following is None or intake.delegation is not None:
        return explained.transfer_due_at
    unit = office.unit(resolve_step_unit(office, following.unit, intake.commune))
    if unit.tier == intake.counter.tier:
        return explained.transfer_due_at
    start = office.calendar.counted_from(now).date()
    return office.calendar.closing(office.calendar.add_working_days(start, days))


def paper_rows(intake: Intake, dossier_id: str) -> list[dict[str, Any]]:
    """A row for each paper laid on the counter, in the order of the file."""
    components = dict(intake.procedure.components_for(intake.request.case))
    rows = []
    for paper in sorted(intake.request.papers, key=lambda p: p.index):
        component = components[paper.index]
        rows.append(
            {
                "dossier_id": dossier_id,
                "number": paper.index,
                "name": component.name,
                "kind": component.kind,
                "originals": component.originals if paper.originals is None else paper.originals,
                "copies": component.copies if paper.copies is None else paper.copies,
                "held": paper.held,
                "digitised": 0,
                "note": "",
            }
        )
    return rows


def fee_rows(intake: Intake, dossier_id: str, now: datetime) -> list[dict[str, Any]]:
    """The frozen fees."""
    return [
        {
            "dossier_id": dossier_id,
            "number": number,
            "fee_index": line.index,
            "name": line.name,
            "kind": line.kind,
            "quantity": line.quantity,
            "amount": line.amount,
            "timing": line.timing,
            "exempt_reason": line.exempt_reason,
            "paid_at": now if line.timing == "now" and line.amount else None,
        }
        for number, line in enumerate(intake.fees, 1)
    ]


def step_rows(
    intake: Intake, office: Office, dossier_id: str, now: datetime
) -> list[dict[str, Any]]:
    """The route copied from the pinned edition; the first step is open.

    Reception and hand-over lie at the receiving one-stop; a valid delegation moves appraisal,
    signatures, seal there according to its level.
    """
    moved = MOVED[intake.delegation.level] if intake.delegation else frozenset()
    in_order = bool(office.regime.paper_in_order) and intake.request.channel != "online"
    rows = []
    for position, rule in enumerate(intake.procedure.steps_for(intake.request.case), 1):
        unit, holder, origin = _place(intake, office, rule, moved)
        first = position == 1
        rows.append(
            {
                "dossier_id": dossier_id,
                "position": position,
                "name": rule.name,
                "step_role": rule.role,
                "holder_role": holder,
                "unit_id": unit,
                "moved_from": origin,
                "waits": ",".join(map(str, _waits(rule, position, in_order=in_order))),
                "decides": rule.decides,
                "is_lead": rule.is_lead,
                "counts": rule.counts,
                "amount": f"{rule.time:g}",
                "time_unit": rule.time_unit,
                "state": StepState.ACTIVE if first else StepState.PENDING,
                "assignee_id": None,
                "started_at": now if first else None,
                "due_at": (
                    step_due(now, rule.time, rule.time_unit, office.calendar) if first else None
                ),
                "done_at": None,
                "late_at": None,
            }
        )
    return rows


def _waits(rule: StepRule, position: int, *, in_order: bool) -> list[int]:
    """The steps to be done first; papers are at one partner at a time (Đ19.6; Đ20.2)."""
    waits = set(rule.waits_for)
    if in_order and rule.role == PARTNER_STEP and position > 2:
        waits.add(position - 1)
    return sorted(waits)


def _place(
    intake: Intake, office: Office, rule: StepRule, moved: frozenset[str]
) -> tuple[str, str | None, str | None]:
    if rule.role in (INTAKE_STEP, RETURN_STEP):
        return intake.counter.id, STEP_ROLES[rule.role], None
    unit = resolve_step_unit(office, rule.unit, intake.commune)
    if rule.role in moved:
        return intake.counter.id, moved_holder(rule.role), unit
    return unit, STEP_ROLES[rule.role], None
