"""The sample office fills on any day: whatever procedure the draw falls on, in whatever plan."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from app.demo import dossiers
from app.demo.dossiers import KINDS, Plan
from app.extensions import db, writing
from app.models import Dossier
from tests.make import Office


@pytest.mark.parametrize("office_id", ["nga-son-2018", "nga-son-2025"])
@pytest.mark.parametrize("kind", sorted({*KINDS.values(), "life"}))
def test_every_procedure_lives_every_plan(office: Office, office_id: str, kind: str) -> None:
    counter = office.rules.profile.main_one_stop
    base = office.rules.unit(counter).base_id
    at = office.now - timedelta(days=1)
    dice = random.Random(3)
    lived = 0
    for edition in office.rules.offered(office.now.date()).values():
        if edition.procedure.confidential or base not in edition.procedure.received_at:
            continue
        plan = Plan(at, edition, counter, kind)
        with writing() as session:
            dossiers._live(session, office.rules, office.cast, plan, office.now, dice)
        lived += 1
    assert lived > 10
    assert db.session.query(Dossier).count() >= lived
