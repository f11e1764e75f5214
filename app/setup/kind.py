"""What a list of the set-up is: its sheets, how it stands, how one item of it is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.actor import Actor
from app.journey.office import Db, Office
from app.setup.book import Sheet

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doing:
    """Who changes the set-up, where and when; decision and start of new editions."""

    session: Db
    office: Office
    actor: Actor
    now: datetime
    decision: str = ""
    starts_on: date | None = None

    @property
    def today(self) -> date:
        """The local day."""
        return self.office.calendar.local(self.now).date()


@dataclass(frozen=True, slots=True)
class Kind:
    """A list: the first sheet holds its items, the others lists within them.

    snapshot: every item by key. check: what is wrong with one, sentences. change: carry one over
    from how it stands to how it shall stand; undo: back again (Refused where that cannot be).
    merges: parts whose rows are never dropped by being left out, and the keys that identify a row.
    """

    id: str
    title: str
    what: str
    sheets: tuple[Sheet, ...]
    key: str
    snapshot: Callable[[Db, Office], dict[str, Item]]
    check: Callable[[Doing, Item | None, Item], list[str]]
    change: Callable[[Doing, str, Item | None, Item], None]
    undo: Callable[[Doing, str, Item | None, Item], None]
    merges: Mapping[str, tuple[str, ...]]
    is_rule: bool = False  # a change is an edition: it needs a decision and a day

    @property
    def main(self) -> Sheet:
        """The sheet of the items."""
        return self.sheets[0]

    @property
    def parts(self) -> Sequence[Sheet]:
        """The sheets of the lists within the items."""
        return self.sheets[1:]
