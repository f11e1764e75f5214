"""Early, on time, late, as conditions on `Dossier` rows: one reading for every figure.

By the day (a result issued on the due date is on time until midnight, BLDS Đ148.6), but by the
moment for limits of hours and of the same day (at once is never early). core.deadline.outcome
says the same of one dossier.
"""

from __future__ import annotations

from sqlalchemy import and_, not_, or_

from app.models import Dossier

_BY_MOMENT = Dossier.limit_unit.in_(("same_day", "immediate", "hours", "working_hours"))
LATE = or_(
    and_(_BY_MOMENT, Dossier.settled_at > Dossier.due_at_original),
    and_(not_(_BY_MOMENT), Dossier.settled_day > Dossier.due_day),
)
IN_TIME = not_(LATE)
EARLY = or_(
    and_(
        _BY_MOMENT, Dossier.limit_unit != "immediate", Dossier.settled_at < Dossier.due_at_original
    ),
    and_(not_(_BY_MOMENT), Dossier.settled_day < Dossier.due_day),
)
ON_TIME = and_(not_(EARLY), IN_TIME)
