"""Fills an installation for demonstration: units, editions, delegations, people, dossiers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from app.catalogue import load_folder
from app.demo.people import fill_people
from app.journey import publishing
from app.journey.office import Db
from app.models import Dossier
from app.ticketing.counters import fill_counters


def load_rules(
    session: Db, folder: Path, office_id: str, now: datetime, *, demo: bool
) -> publishing.Loaded:
    """Bring units and editions of the rule folder into the database; nothing is doubled.

    demo: the demo's delegation records and staff too.
    """
    catalogue = load_folder(folder)
    office = catalogue.offices[office_id]
    new_units = publishing.load_organisation(session, catalogue.organisation_of(office))
    loaded = publishing.load_procedures(
        session, ((file.sha256, file.data) for file in catalogue.procedures), now
    )
    changed = bool(new_units or loaded.new)
    if demo:
        changed |= bool(publishing.load_delegations(session, catalogue.delegations_of(office)))
        changed |= bool(fill_people(session, office_id, now))
        fill_counters(session, office)
    if changed:
        publishing.renew(session)
    return loaded


def dossiers_made(session: Db) -> int:
    """How many dossiers there are, to know how many the demo still lacks."""
    return session.scalar(select(func.count()).select_from(Dossier)) or 0
