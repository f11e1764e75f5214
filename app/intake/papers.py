"""Gathers the frozen facts of the papers that the counter hands out; drawing knows no database."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.codes import DossierCode
from app.core.deadline import Limit
from app.core.facts import REFUSAL_REASONS
from app.documents import receipt, refusal_notice
from app.intake.request import RESULT_CHANNELS, Intake
from app.journey.notice_papers import head_of, variant
from app.journey.office import Office

KINDS = {
    "form": "bản chính",
    "original": "bản chính",
    "certified_copy": "bản chứng thực",
    "copy": "bản sao",
}


def _fees(intake: Intake) -> list[dict[str, Any]]:
    rows = []
    for line in intake.fees:
        if line.exempt_reason:
            state = f"miễn: {line.exempt_reason}"
        elif line.amount is None:
            state = "nộp sau, theo mức do Nghị quyết quy định"
        else:
            state = "đã nộp" if line.timing == "now" else "nộp khi nhận kết quả"
        rows.append({"name": line.name, "amount": line.amount, "state": state})
    return rows


def _components(intake: Intake) -> list[dict[str, Any]]:
    components = dict(intake.procedure.components_for(intake.request.case))
    rows = []
    for paper in sorted(intake.request.papers, key=lambda p: p.index):
        component = components[paper.index]
        originals = component.originals if paper.originals is None else paper.originals
        copies = component.copies if paper.copies is None else paper.copies
        parts = []
        if originals:
            parts.append(f"{originals:02d} bản chính")
        if copies:
            kind = component.kind if component.kind in ("certified_copy", "copy") else "copy"
            parts.append(f"{copies:02d} {KINDS[kind]}")
        if paper.held:
            parts.append(f"giữ {paper.held:02d} bản chính để trả lại")
        if component.handling == "present":
            parts.append("xuất trình")
        rows.append(
            {
                "name": component.name + (f" ({component.form})" if component.form else ""),
                "form": KINDS[component.kind],
                "quantity": ", ".join(parts),
            }
        )
    return rows


def receipt_facts(
    office: Office, intake: Intake, columns: dict[str, Any], code: DossierCode, register: int,
    actor: Actor,
) -> receipt.Facts:  # fmt: skip
    """What Mẫu số 01 says of this dossier."""
    limit = intake.procedure.limit_for(intake.request.case)
    lookup = columns["lookup_code"]
    accepted: datetime = columns["accepted_at"].astimezone(VIETNAM)
    by_hand = intake.request.result_channel == "direct"
    return receipt.Facts(
        **_common(office, intake),
        code=str(code),
        lookup_code=lookup,
        qr_text=f"{office.base_url}/T/{lookup}".upper() if lookup else None,
        barcode_digits=code.digits,
        submitter_name=intake.submitter.name if intake.submitter else "",
        applicant_id=intake.applicant.personal_id or "",
        components=_components(intake),
        sets=intake.procedure.sets,
        limit_words=Limit(limit.amount, limit.unit, limit.cutoff).words(),
        accepted_at=accepted.isoformat(),
        due_at=columns["due_at"].astimezone(VIETNAM).isoformat(),
        tentative=columns["due_tentative"],
        reasons=[reason["text"] for reason in json.loads(columns["due_reasons"])],
        result_place=(
            intake.counter.name if by_hand else RESULT_CHANNELS[intake.request.result_channel]
        ),
        fees=_fees(intake),
        fee_total=columns["fee_total"] or None,
        book_volume=f"01/{accepted.year}",
        book_number=f"{register:04d}",
        officer_name=actor.name,
    )


def _common(office: Office, intake: Intake) -> dict[str, Any]:
    """What every paper of the counter says: who we are, whose dossier, which procedure."""
    person = intake.applicant
    return {
        "variant": variant(office, office.regime.id),
        "agency_name": head_of(office, intake.counter.id),
        "one_stop_title": office.regime.one_stop_title.upper(),
        "place": office.profile.place,
        "one_stop_name": intake.counter.name,
        "applicant_name": person.name,
        "address": person.address,
        "phone": person.phone or "",
        "email": person.email or "",
        "procedure_name": intake.procedure.name,
        "procedure_code": intake.procedure.code,
        "contact": office.profile.phone,
    }


def refusal_facts(
    office: Office, intake: Intake, columns: dict[str, Any], number: str, given: dict[str, Any],
    now: datetime, actor: Actor,
) -> refusal_notice.Facts:  # fmt: skip
    """What Mẫu số 03 says at the counter."""
    return refusal_notice.Facts(
        **_common(office, intake),
        number=number,
        reason_label=REFUSAL_REASONS[given["reason_code"]],
        reason=given["reason"],
        legal_basis=given.get("legal_basis", ""),
        issued_at=now.astimezone(VIETNAM).isoformat(),
        submitter_name=intake.submitter.name if intake.submitter else "",
        signer_name=actor.name,
    )
