"""Slips by the hundred: each print noted by itself, all of them drawn into one file at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.bulk.terms import MOST, Kind, Made, Report, Run, Wish
from app.core.actor import Actor
from app.desk import inbox
from app.documents import control_slip
from app.journey.office import Db
from app.printing import actions, slip

KIND = "slips"


def of_list(session: Db, actor: Actor, wanted: inbox.Wanted) -> list[Wish]:
    """An order for a whole list, all its pages: each dossier once, whatever steps stand in it."""
    works = inbox.page(session, actor, wanted, limit=MOST + 1)
    found = {work.dossier.id: work.dossier for work in works if work.dossier.code}
    return [Wish(d.id, str(d.code), slip.FORM, None, d.version) for d in found.values()]


def _note(session: Db, run: Run, code: str, now: datetime) -> Mapping[str, Any]:
    """The print is noted in the dossier's chain; what the slip said then is kept for the file.

    Drawn from what was kept: a dossier may move on, or out of sight, before the last one is noted.
    """
    (noted,) = actions.note_prints(session, run.office, run.actor, now, [code])
    return {"facts": noted.facts.to_json(), "reprint": noted.reprint}


def _draw(session: Db, run: Run, items: Sequence[Mapping[str, Any]], report: Report) -> Made:
    slips = [
        (control_slip.Facts.from_json(item["facts"]), int(item["reprint"])) for item in items
    ]  # fmt: skip
    session.rollback()  # drawing takes seconds and needs no database
    pdf = control_slip.draw_pile(slips, report)
    return Made("phieu-kiem-soat.pdf", "application/pdf", pdf)


SLIPS = Kind("In phiếu kiểm soát", "Đã ghi lần in", act=_note, make=_draw)
