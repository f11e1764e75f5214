"""What a list of the set-up is: its sheets, how it stands, how one item of it is changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from app.core.actor import Actor
from app.journey.office import Db, Office
from app.setup.book import Sheet

Item = dict[str, Any]
Pair = Mapping[str, "Item | None"]  # before, after


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an item, a sentence; part, index: in which row of which of its lists."""

    text: str
    part: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class Doing:
    """Who changes the set-up, where and when; decision and start of new editions.

    above: the items that stand above the one being checked in the same workbook, by key.
    """

    session: Db
    office: Office
    actor: Actor
    now: datetime
    decision: str = ""
    starts_on: date | None = None
    above: Mapping[str, Item] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The local day."""
        return self.office.calendar.local(self.now).date()


class Snapshot(Protocol):
    """How a list stands in the database."""

    def __call__(
        self, session: Db, office: Office, keys: Collection[str] | None = None
    ) -> dict[str, Item]:
        """Items by key, in the list's order: all of them, or those of the keys."""


def _nothing(_doing: Doing, _items: Mapping[str, Pair]) -> dict[str, str]:
    """Nothing stands against it."""
    return {}


@dataclass(frozen=True, slots=True)
class Kind:
    """A list: the first sheet holds its items, the others lists within them.

    snapshot: items by key, all or those of the keys. check: what is wrong with one. change: carry
    one over from how it stands to how it shall stand; undo: back again. bars_change, bars_undo:
    why that cannot be, a sentence for each such item (Refused where it can be for none); asked
    before a set is begun and once more before each portion. merges: parts whose
    rows are never dropped by being left out, and the keys that identify a row.
    """

    id: str
    title: str
    what: str
    sheets: tuple[Sheet, ...]
    key: str
    snapshot: Snapshot
    check: Callable[[Doing, Item | None, Item], Sequence[str | Wrong]]
    change: Callable[[Doing, str, Item | None, Item], None]
    undo: Callable[[Doing, str, Item | None, Item], None]
    merges: Mapping[str, tuple[str, ...]]
    bars_change: Callable[[Doing, Mapping[str, Pair]], dict[str, str]] = _nothing
    bars_undo: Callable[[Doing, Mapping[str, Pair]], dict[str, str]] = _nothing
    is_rule: bool = False  # a change is an edition: it needs a decision and a day

    @property
    def main(self) -> Sheet:
        """The sheet of the items."""
        return self.sheets[0]

    @property
    def parts(self) -> Sequence[Sheet]:
        """The sheets of the lists within the items."""
        return self.sheets[1:]
