"""Gathers the frozen facts of the papers that an act brings about, and keeps them with the dossier.

Drawing knows no database; what stands here at the moment of the act is what every reprint says.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from app.clock import VIETNAM
from app.core.codes import parse_dossier_code
from app.core.facts import LATE_REASONS, REFUSAL_REASONS
from app.core.states import Role
from app.core.vietnamese import date_words
from app.documents import (
    FORMS,
    apology_notice,
    consult_request,
    originals_slip,
    payment_notice,
    receipt,
    refusal_notice,
    stop_notice,
    supplement_request,
    verification_minutes,
)
from app.documents.facts import PaperFacts
from app.journey.guards import Act
from app.journey.office import Db, Office
from app.models import Document, Dossier, Event, Paper

FEE_SENTENCES = {
    "kept": "Phí, lệ phí đã nộp không hoàn lại theo quy định.",
    "refunded": "Phí, lệ phí đã nộp được hoàn lại.",
    "none": "",
}


def variant(office: Office, regime: str) -> str:
    """Which layout of the forms the dossier's decree has."""
    return "nd118" if office.regimes[regime].id.startswith("ND118") else "nd61"


def head_of(office: Office, unit_id: str) -> str:
    """Line 1 of a paper's head: the parent body of the one-stop, in capitals."""
    unit = office.unit(unit_id)
    for ancestor in reversed(unit.path.strip("/").split("/")[:-1]):
        parent = office.units.get(ancestor)
        if parent is not None and parent.kind == "people_committee":
            return parent.name.upper()
    return unit.name.upper()


def _common(act: Act) -> dict[str, Any]:
    dossier, office = act.dossier, act.office
    code = parse_dossier_code(dossier.code or "")
    return {
        "variant": variant(office, dossier.regime),
        "agency_name": head_of(office, dossier.one_stop),
        "one_stop_title": office.regimes[dossier.regime].one_stop_title.upper(),
        "place": office.profile.place,
        "number": act.facts.get("number", ""),
        "one_stop_name": office.unit_name(dossier.one_stop),
        "applicant_name": dossier.applicant_name,
        "submitter_name": json.loads(dossier.submitter)["name"] if dossier.submitter else "",
        "address": dossier.address,
        "phone": dossier.phone or "",
        "email": dossier.email or "",
        "procedure_name": office.editions[dossier.edition_id].procedure.name,
        "procedure_code": dossier.procedure_code,
        "issued_at": act.now.astimezone(VIETNAM).isoformat(),
        "code": dossier.code or "",
        "barcode_digits": code.digits if code else "",
        "contact": office.profile.phone,
    }


def _supplement(act: Act) -> PaperFacts:
    closing = act.dossier.close_from
    due = act.dossier.due_at_original
    return supplement_request.Facts(
        **_common(act),
        items=[
            {"component": i["name"], "defect": i["defect"], "todo": i.get("todo", ""),
             "basis": i.get("basis", "")}
            for i in act.facts["items"]
        ],
        reason=act.facts["reason"],
        legal_basis=act.facts.get("legal_basis", ""),
        contact_officer=act.actor.name,
        contact_phone=act.office.profile.phone,
        signer_name=act.actor.name,
        due_at=due.astimezone(VIETNAM).isoformat() if due else None,
        complete_by=(closing - timedelta(days=1)).isoformat() if closing else None,
        closing_basis=act.office.regimes[act.dossier.regime].article("close_after_days")
        if closing
        else "",
    )  # fmt: skip


def _apology(act: Act) -> PaperFacts:
    dossier = act.dossier
    assert dossier.accepted_at and dossier.due_at and dossier.due_at_original  # noqa: S101
    return apology_notice.Facts(
        **_common(act),
        accepted_at=dossier.accepted_at.astimezone(VIETNAM).isoformat(),
        due_at_original=dossier.due_at_original.astimezone(VIETNAM).isoformat(),
        due_at=dossier.due_at.astimezone(VIETNAM).isoformat(),
        reason_label=LATE_REASONS[act.facts["late_code"]],
        reason=act.facts["reason"],
        signer_name="",
    )


def _refusal(act: Act) -> PaperFacts:
    told = json.loads(act.dossier.notice_facts or "{}")
    return refusal_notice.Facts(
        **(_common(act) | {"number": act.dossier.result_number or ""}),
        reason_label=REFUSAL_REASONS.get(told.get("reason_code", ""), ""),
        reason=told.get("reason", ""),
        legal_basis=told.get("legal_basis", ""),
        signer_name="",
        signer="agency_head",
    )


_KINDS = {
    "confirm_withdraw": "withdrawn",
    "close_no_supplement": "not_supplemented",
    "halt": "halted",
}


# The earlier act that a stop answers: the applicant's wish, the request nobody met.
_ASKED = {"confirm_withdraw": "request_withdraw", "close_no_supplement": "request_supplement"}


def _last(act: Act, action: str) -> Event | None:
    query = select(Event).where(Event.subject == act.dossier.id, Event.action == action)
    return act.session.scalars(query.order_by(Event.seq.desc()).limit(1)).first()


def _returned(act: Act) -> list[dict[str, Any]]:
    """The originals that were held since the acceptance, when the act gave them back."""
    accepted = _last(act, "accept")
    if not act.facts.get("originals_returned") or accepted is None:
        return []
    told = json.loads(accepted.body)["facts"]["components"]
    held = {c["index"]: c["held"] for c in told if c["held"]}
    query = select(Paper.number, Paper.name).where(
        Paper.dossier_id == act.dossier.id, Paper.number.in_(held)
    )
    return [
        {"name": name, "form": "bản chính", "quantity": held[number]}
        for number, name in act.session.execute(query.order_by(Paper.number))
    ]


def _signer(act: Act) -> str:
    """Who signs the stop: the deciding agency's head, else the one-stop's, else the counter."""
    if act.row.action == "halt":
        return "agency_head"
    unit = act.office.unit(act.dossier.one_stop)
    head = act.actor.post_for(Role.ONE_STOP_HEAD, unit.id, unit.path)
    if act.row.action == "close_no_supplement" and head is None:
        return "intake_officer"
    return "one_stop_head"


def _stop(act: Act) -> PaperFacts:
    dossier, kind = act.dossier, _KINDS[act.row.action]
    assert dossier.accepted_at  # noqa: S101 - stops come after acceptance
    asked = _last(act, _ASKED.get(act.row.action, act.row.action))
    on = asked.at if asked else act.now
    number = json.loads(asked.body)["facts"].get("number", "") if asked else ""
    closing: date | None = dossier.close_from
    return stop_notice.Facts(
        **_common(act),
        kind=kind,
        accepted_at=dossier.accepted_at.astimezone(VIETNAM).isoformat(),
        referred_on=on.astimezone(VIETNAM).date().isoformat(),
        reason=act.facts.get("reason", "") or act.row.label,
        legal_basis=act.facts.get("legal_basis", "") or act.row.basis,
        signer_name=act.actor.name,
        signer=_signer(act),
        reference=act.facts.get("legal_basis", "") if kind == "halted" else number,
        papers_returned=_returned(act),
        complete_by=(closing - timedelta(days=1)).isoformat() if closing else None,
        fee_decision=FEE_SENTENCES.get(act.facts.get("fee_decision", "none"), ""),
    )


def _receipt(act: Act) -> PaperFacts:
    """The receipt anew, with the appointment that follows from the supplement (Đ19.4, Đ19.5)."""
    dossier = act.dossier
    first = act.session.scalars(
        select(Document)
        .where(Document.dossier_id == dossier.id, Document.form == "receipt")
        .order_by(Document.issue)
        .limit(1)
    ).one()
    assert dossier.due_at  # noqa: S101 - an accepted dossier has a due date
    told = receipt.Facts.from_json(first.facts)
    given = date_words(datetime.fromisoformat(told.accepted_at))
    return replace(
        told,
        accepted_at=act.now.astimezone(VIETNAM).isoformat(),
        due_at=dossier.due_at.astimezone(VIETNAM).isoformat(),
        tentative=dossier.due_tentative,
        reasons=[reason["text"] for reason in json.loads(dossier.due_reasons)],
        officer_name=act.actor.name,
        note=f"Giấy hẹn mới sau khi nhận đủ hồ sơ bổ sung; thay giấy hẹn cấp {given}.",
    )


def _payment(act: Act) -> PaperFacts:
    return payment_notice.Facts(
        **_common(act), amount=act.facts["amount"], legal_basis=act.facts.get("legal_basis", ""),
        tax_notice=act.facts.get("notice_number", ""), signer_name=act.actor.name,
    )  # fmt: skip


def _consult(act: Act) -> PaperFacts:
    return consult_request.Facts(
        **_common(act), units=[act.office.unit_name(u) for u in act.facts["units"]],
        content=act.facts["content"], answer_by=act.facts["answer_by"],
        asked_by=act.office.unit_name(act.dossier.department),
    )  # fmt: skip


def _minutes(act: Act) -> PaperFacts:
    begun = _last(act, "start_verification")
    told = json.loads(begun.body)["facts"] if begun else {}
    parts = {key: told.get(key, "") for key in ("place_name", "participants", "content")}
    held_at = told.get("held_at") or act.now.astimezone(VIETNAM).date().isoformat()
    return verification_minutes.Facts(
        **(_common(act) | {"number": act.facts["minutes"]}), **parts, held_at=held_at,
        verified=act.facts["verified"], signer_name=act.actor.name,
    )  # fmt: skip


def _originals(act: Act, papers: list[dict[str, Any]]) -> PaperFacts:
    dossier = act.dossier
    return originals_slip.Facts(
        **(_common(act) | {"number": dossier.code or ""}), papers=papers,
        receiver=act.facts.get("receiver") or dossier.applicant_name,
        receiver_id=act.facts.get("receiver_id", ""), signer_name=act.actor.name,
    )  # fmt: skip


GATHER: dict[str, Callable[[Act], PaperFacts]] = {
    "receipt": _receipt,
    "payment_notice": _payment,
    "consult_request": _consult,
    "verification_minutes": _minutes,
    "supplement_request": _supplement,
    "apology_notice": _apology,
    "refusal_notice": _refusal,
    "stop_notice": _stop,
}


def keep(act: Act) -> None:
    """Keep the facts of the paper that the act brings about, as a new issue of its form."""
    form = act.row.form
    if form in GATHER:
        number = act.facts.get("number", "")
        store(act.session, act.dossier, form, GATHER[form](act), number, act.now)
    papers = _returned(act) if "originals_returned" in act.row.facts else []
    if papers:
        told = _originals(act, papers)
        store(act.session, act.dossier, "originals_slip", told, "", act.now)


def store(
    session: Db, dossier: Dossier, form: str, facts: PaperFacts, number: str, now: Any
) -> Document:
    """Add an issue of a form to the dossier; the PDF is drawn from it on request."""
    last = session.scalar(
        select(func.max(Document.issue)).where(
            Document.dossier_id == dossier.id, Document.form == form
        )
    )
    text = facts.to_json()
    row = Document(
        dossier_id=dossier.id, form=form, issue=(last or 0) + 1, number=number,
        layout=FORMS[form].layout, facts=text, sha256=sha256(text.encode()).hexdigest(),
        created_at=now,
    )  # fmt: skip
    session.add(row)
    return row
