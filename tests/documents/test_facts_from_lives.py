"""What the papers of real lives say: the right days, numbers, signers, what comes back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core.states import Status
from app.extensions import db
from app.models import Document, Dossier
from tests.make import PERSON, Office, make_request

ITEMS = [{"component": 2, "defect": "chưa chứng thực", "todo": "nộp bản chứng thực"}]


def told(dossier: Dossier, form: str) -> dict[str, Any]:
    query = select(Document.facts).where(Document.dossier_id == dossier.id, Document.form == form)
    facts: dict[str, Any] = json.loads(db.session.scalars(query.order_by(Document.issue)).all()[-1])
    return facts


def test_a_withdrawal_names_the_day_it_was_asked_and_lists_what_comes_back(office: Office) -> None:
    dossier = office.walk(office.receive(), Status.APPRAISING)
    office.act(dossier, "request_withdraw", "tiepnhan", reason="Đổi ý", at=office.now)
    later = office.now + timedelta(days=2)
    office.act(dossier, "confirm_withdraw", "chanhvp", at=later, originals_returned=True)
    facts = told(dossier, "stop_notice")
    assert facts["referred_on"] == "2026-11-25" and facts["issued_at"].startswith("2026-11-27")
    assert (facts["kind"], facts["signer"]) == ("withdrawn", "one_stop_head")
    (paper,) = facts["papers_returned"]
    assert (paper["form"], paper["quantity"]) == ("bản chính", 1) and paper["name"]


def test_who_came_for_the_applicant_signs(office: Office) -> None:
    second = PERSON | {"name": "Trần Văn Mạnh", "personal_id": "038085000321", "sex": "Nam",
                       "birth_date": "1985-03-04"}  # fmt: skip
    dossier = office.walk(office.receive(make_request(submitter=second)), Status.APPRAISING)
    office.act(dossier, "propose_supplement", "chuyenvien", at=office.now, items=ITEMS,
               reason="Thiếu giấy tờ", legal_basis="khoản 4 Điều 19")  # fmt: skip
    office.act(dossier, "approve_notice", "truongphong", at=office.now)
    office.act(dossier, "request_supplement", "tiepnhan", at=office.now)
    assert told(dossier, "supplement_request")["submitter_name"] == "Trần Văn Mạnh"
    assert told(dossier, "receipt")["submitter_name"] == "Trần Văn Mạnh"
