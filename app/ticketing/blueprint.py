"""The room itself; its pages stand in public.py (the door), desk.py (counters), setup.py (head)."""

from __future__ import annotations

from app import web
from app.core.states import Role

room = web.room("ticketing", Role.INTAKE_OFFICER)


def number_of(text: str | None) -> int | None:
    """The id a form sent; None for anything that is none."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
