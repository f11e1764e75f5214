"""The parts of a procedure edition: limit, steps, cases, components, fees. Amounts in đồng."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer limit under a condition; amount and unit are None where the parties agree on it.

    effect: `total` replaces the limit (counted from the start), `extra` is added after it.
    """

    when: str
    effect: str
    amount: int | float | None
    unit: str | None
    by_agreement: bool
    times: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that is not counted in the limit (financial obligation, posting, another agency …)."""

    kind: str
    name: str
    max_amount: int | float | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long it may take. cutoff: only for `same_day`; received after it, the next working day.

    starts: `acceptance` or `thu_ly`; silence: `none` or `consent`.
    """

    amount: int | float
    unit: str
    cutoff: dt.time | None
    starts: str = "acceptance"
    silence: str = "none"
    note: str = ""
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class StepRule:
    """One leg of the internal process. waits_for: positions (from 1) of the steps before it."""

    name: str
    role: str
    unit: str
    time: int | float
    time_unit: str
    counts: bool
    pause: str | None
    result: str
    id: str | None
    waits_for: tuple[int, ...]
    is_lead: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One of several cases of a procedure; its limit and steps, where it has its own."""

    id: str
    name: str
    time_limit: TimeLimit | None
    steps: tuple[StepRule, ...] | None


@dataclass(frozen=True, slots=True)
class Component:
    """A paper that belongs to the dossier. cases: None = all of them."""

    name: str
    kind: str
    originals: int
    copies: int
    required: bool
    condition: str
    handling: str
    one_of: str | None
    cases: tuple[str, ...] | None
    form: str

    def applies_to(self, case: str | None) -> bool:
        """Whether it may be asked for in that case."""
        return self.cases is None or case in self.cases


@dataclass(frozen=True, slots=True)
class FeeTier:
    """The price of each unit from the first to the last of the tier (None = all that follow)."""

    first: int
    last: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Fee:
    """A phí or lệ phí. set_by: the resolution that sets an amount that is not known here."""

    name: str
    kind: str
    amount: int | None
    tiers: tuple[FeeTier, ...]
    set_by: str
    per: str
    max: int | None
    channel: str | None
    cases: tuple[str, ...] | None
    condition: str
    exempt: tuple[str, ...]
    basis: str

    def amount_for(self, quantity: int = 1) -> int | None:
        """The đồng due for so many units, at most `max`; None where a resolution sets it."""
        if quantity < 1:
            raise ValueError(f"quantity {quantity}: at least 1")
        if self.set_by:
            return None
        total = (self.amount or 0) * quantity
        for tier in self.tiers:
            last = quantity if tier.last is None else min(tier.last, quantity)
            total += tier.amount * max(0, last - tier.first + 1)
        return total if self.max is None else min(total, self.max)

    def applies_to(self, case: str | None, channel: str | None) -> bool:
        """Whether it may be due in that case, for a dossier that came in by that channel."""
        fits_case = self.cases is None or case in self.cases
        return fits_case and (channel is None or self.channel in (None, channel))


@dataclass(frozen=True, slots=True)
class TwoLevel:
    """What became of a procedure of the three levels on 2025-07-01."""

    agency: str
    name: str
    time_limit: TimeLimit | None
    basis: tuple[str, ...]
    source: str
