"""A list in an address: which one, with which filters, and where in it somebody is.

`ds=phong.dat-dai.1.tham-dinh.<place>`; by it the page of a dossier knows the one before and the
one after, without going back to the list and without remembering anything on the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from app.core.actor import Actor
from app.core.states import (
    APPLICANT_STEP,
    APPRAISAL_STEP,
    LEADER_STEPS,
    PARTNER_STEP,
    STAMP_STEP,
)
from app.desk.inbox import Key, Wanted, page
from app.journey.office import Db, Office
from app.journey.worklists import Work

# The word of a view in an address → the list, and the page where it is read.
VIEWS = {
    "hom-nay": ("mine", "/tham-dinh"),
    "cho-dan": ("citizen", "/tham-dinh"),
    "phong": ("unit", "/tham-dinh"),
    "den": ("arriving", "/tham-dinh"),
    "giao": ("assign", "/tham-dinh"),
    "ky": ("approve", "/phe-duyet"),
}
STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "tham-dinh": ("Thẩm định", (APPRAISAL_STEP,)),
    "lanh-dao": ("Lãnh đạo ký", tuple(sorted(LEADER_STEPS))),
    "van-thu": ("Văn thư", (STAMP_STEP,)),
    "phoi-hop": ("Cơ quan phối hợp", (PARTNER_STEP,)),
    "nguoi-nop": ("Người nộp", (APPLICANT_STEP,)),
}
LAST_POSITION = 32767  # what the column holds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Walk:
    """A list as its address says it: view, field of work, late only, kind of step."""

    view: str
    field: str = ""
    late: bool = False
    step: str = ""

    def wanted(self, office: Office, now: datetime) -> Wanted:
        """What to read from the database."""
        editions = None
        if self.field:
            found = (e for e in office.editions.values() if e.procedure.field_slug == self.field)
            editions = tuple(e.id for e in found)
        roles = STEPS[self.step][1] if self.step else ()
        return Wanted(VIEWS[self.view][0], editions, roles, now if self.late else None)

    def href(self, **changes: Any) -> str:
        """The list's page with some filter turned round; further names are further arguments."""
        own = {k: changes.pop(k) for k in ("view", "field", "late", "step") if k in changes}
        walk = replace(self, **own)
        given = {
            "xem": walk.view if walk.view != "ky" else "", "linh-vuc": walk.field,
            "tre": "1" if walk.late else "", "buoc": walk.step, **changes,
        }  # fmt: skip
        asked = urlencode({key: value for key, value in given.items() if value})
        return VIEWS[walk.view][1] + (f"?{asked}" if asked else "")

    def text(self, key: Key | None) -> str:
        """The list and a place in it, for `ds`."""
        parts = (self.view, self.field, "1" if self.late else "", self.step)
        return ".".join((*parts, place(key) if key else ""))


def place(key: Key) -> str:
    """A line's key, short: microseconds, id, position, in letters that need no escape."""
    return f"{(key[0] - _EPOCH) // _MICRO:x}-{UUID(key[1]).hex}-{key[2]}"


def key_of(text: str) -> Key | None:
    """The key that `place` wrote; None for anything else."""
    parts = text.split("-")
    try:
        at = _EPOCH + int(parts[0], 16) * _MICRO
        position = int(parts[2])
        fits = len(parts) == 3 and 0 <= position <= LAST_POSITION
        return (at, str(UUID(parts[1])), position) if fits else None
    except (ValueError, IndexError, OverflowError):
        return None


def asked(arguments: Mapping[str, str], view: str) -> Walk:
    """The list that a page's address asks for; what is unknown is left out."""
    wanted = {"toi": "hom-nay"}.get(arguments.get("xem", ""), arguments.get("xem", ""))
    slug = arguments.get("linh-vuc", "")
    step = arguments.get("buoc", "")
    return Walk(
        wanted if wanted in VIEWS and wanted != "ky" and view != "ky" else view,
        slug if slug.replace("-", "").isalnum() else "",
        arguments.get("tre") == "1", step if step in STEPS else "",
    )  # fmt: skip


def parsed(text: str) -> tuple[Walk, Key] | None:
    """The list and the place that `Walk.text` wrote; None for anything else."""
    parts = text.split(".")
    if len(parts) != 5 or parts[0] not in VIEWS or (parts[3] and parts[3] not in STEPS):
        return None
    key = key_of(parts[4])
    walk = Walk(parts[0], parts[1], parts[2] == "1", parts[3])
    return None if key is None else (walk, key)


@dataclass(frozen=True, slots=True)
class Around:
    """What a dossier's page says of the list it was opened from: addresses, None at the ends."""

    text: str
    back: str
    before: str | None
    after: str | None


def _address(walk: Walk, works: list[Work]) -> str | None:
    if not works:
        return None
    work = works[0]
    code = work.dossier.code or work.dossier.temporary_id
    return f"/ho-so/{code}?ds={walk.text(work.key)}"


def around(session: Db, office: Office, actor: Actor, now: datetime, text: str) -> Around | None:
    """The neighbours of a place in a list; two statements, none where `text` is no list."""
    found = parsed(text)
    if found is None:
        return None
    walk, key = found
    wanted = walk.wanted(office, now)
    earlier = page(session, actor, wanted, before=key, limit=1)
    later = page(session, actor, wanted, after=key, limit=1)
    return Around(text, walk.href(), _address(walk, earlier), _address(walk, later))


def onward(session: Db, office: Office, actor: Actor, now: datetime, text: str) -> str | None:
    """Where to go on after an act: the next dossier of the list, else the list."""
    found = around(session, office, actor, now, text)
    return None if found is None else found.after or found.back
