"""Dossiers before the leader, usual and unusual ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.states import Status
from app.models import Dossier
from tests.make import TODAY, Office

OPINION = "Đủ điều kiện."


def to_sign(office: Office, **how: Any) -> Dossier:
    """A dossier before the leader: late, without opinion or with a refusal, as told."""
    at = TODAY - timedelta(days=20) if how.get("late") else None
    dossier = office.walk(office.receive(at=at), Status.APPRAISING)
    if how.get("refusal"):
        office.act(dossier, "propose_refusal", "chuyenvien", reason="Sai quy hoạch.",
                   reason_code="not_eligible")  # fmt: skip
    else:
        facts = {} if how.get("silent") else {"opinion": OPINION}
        office.act(dossier, "propose_result", "chuyenvien", **facts)
    office.act(dossier, "finish_step", "truongphong")
    return office.fresh(dossier.id)
