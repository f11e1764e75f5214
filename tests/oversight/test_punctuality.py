"""Early, on time, late: the rows' conditions agree with the core's reading of one dossier."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.clock import VIETNAM
from app.core.deadline import Limit, outcome
from app.core.states import Status
from app.extensions import db, writing
from app.journey.punctuality import EARLY, IN_TIME, LATE, ON_TIME
from app.models import Dossier
from app.oversight.board import on_time_by_unit, totals
from tests.make import Office

DUE = datetime(2026, 12, 2, 17, 0, tzinfo=VIETNAM)
CASES = [
    (unit, DUE + timedelta(minutes=minutes))
    for unit in ("working_days", "days", "months", "same_day", "working_hours", "immediate")
    for minutes in (-3000, -60, 0, 1, 419, 421, 3000)
]


@pytest.mark.parametrize(("unit", "ended"), CASES)
def test_rows_and_core_agree(each_office: Office, unit: str, ended: datetime) -> None:
    dossier = each_office.walk(each_office.receive(), Status.ISSUED)
    with writing() as session:
        session.execute(
            update(Dossier).where(Dossier.id == dossier.id).values(
                limit_unit=unit, due_at=DUE, due_day=DUE.date(), settled_at=ended,
                settled_day=ended.astimezone(VIETNAM).date(),
            )
        )  # fmt: skip
    found = {
        name
        for name, condition in (("early", EARLY), ("on_time", ON_TIME), ("late", LATE))
        if db.session.scalar(select(Dossier.id).where(condition))
    }
    wanted = outcome(ended, DUE, Limit(1, unit))
    assert found == {wanted}
    assert bool(db.session.scalar(select(Dossier.id).where(IN_TIME))) == (wanted != "late")


def test_the_door_keeps_the_local_day(office: Office) -> None:
    """Issued at half past midnight, which in UTC is still the day before."""
    dossier = office.walk(office.receive(), Status.APPROVED)
    night = datetime(2026, 12, 3, 0, 30, tzinfo=VIETNAM)
    office.act(dossier, "issue", "vanthu", at=night, number="1", symbol="GPXD")
    held = office.fresh(dossier.id)
    assert str(held.settled_day) == "2026-12-03" and str(held.due_day) == "2026-12-02"
    assert db.session.scalar(select(Dossier.id).where(LATE)) == dossier.id


def test_board_counts_within_sight(office: Office) -> None:
    office.walk(office.receive(), Status.ISSUED)
    office.receive()
    office.act(office.receive(), "void", "chanhvp", reason="Nhập nhầm thủ tục.")
    head = office.person("chanhvp")
    counts = totals(db.session, head, office.now)
    assert (counts.open, counts.settled, counts.in_time) == (1, 1, 1)
    lines = on_time_by_unit(db.session, head, office.now)
    assert [(x.unit_id, x.early, x.on_time, x.late) for x in lines] == [("phong-kt-ht", 1, 0, 0)]
    stranger = office.person("tiepnhan.xa")
    assert totals(db.session, stranger, office.now).open == 0
