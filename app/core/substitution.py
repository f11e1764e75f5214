"""Standing in for a person: an officer who is away, a leader who lets a deputy sign.

Source: NĐ 61/2018/NĐ-CP Đ19.1 and NĐ 118/2025/NĐ-CP Đ19.1 (assigning); Luật Tổ chức chính quyền
địa phương on ủy quyền, NĐ 30/2020/NĐ-CP Đ13 (signing on behalf, by a dated paper).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.actor import Lent, Post
from app.core.refusals import Refused
from app.core.states import Role

ABSENCE, SIGNATURE = "absence", "signature"
LONGEST = 366  # days; a longer stand-in is a posting


@dataclass(frozen=True, slots=True)
class StandIn:
    """One substitution; path lists the unit's ancestors, days are both included.

    ended_on: the first day on which it holds no more, where it was ended early.
    """

    id: int
    kind: str
    staff_id: str
    staff_name: str
    unit_id: str
    path: str
    role: Role
    substitute_id: str
    substitute_name: str
    first_day: date
    last_day: date
    number: str = ""
    ended_on: date | None = None

    @property
    def end(self) -> date:
        """The last day on which it holds; before the first one where it was ended at once."""
        if self.ended_on is None:
            return self.last_day
        return min(self.last_day, self.ended_on - timedelta(days=1))

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on the day."""
        return self.meets(day, day)

    def meets(self, first: date, last: date) -> bool:
        """Whether it is in force on one of these days."""
        return max(self.first_day, first) <= min(self.end, last)


def lent_to(stand_ins: Iterable[StandIn], staff_id: str, day: date) -> tuple[Post, ...]:
    """The leaders' posts in which a deputy may sign on the day."""
    return tuple(
        Post(s.unit_id, s.role, s.path, Lent(s.id, s.staff_id, s.staff_name, s.number))
        for s in stand_ins
        if s.kind == SIGNATURE and s.substitute_id == staff_id and s.holds_on(day)
    )


def absence_of(
    stand_ins: Iterable[StandIn], staff_id: str, unit_id: str, day: date
) -> StandIn | None:
    """The absence of an officer of a unit on the day; the one that lasts longest."""
    fitting = [
        s for s in stand_ins
        if s.kind == ABSENCE and (s.staff_id, s.unit_id) == (staff_id, unit_id) and s.holds_on(day)
    ]  # fmt: skip
    return max(fitting, key=lambda s: s.last_day, default=None)


def present(stand_ins: Iterable[StandIn], staff_id: str, unit_id: str, day: date) -> str:
    """Who works for an officer on the day: the officer, or who stands in (and is there)."""
    known = list(stand_ins)
    seen: set[str] = set()
    while staff_id not in seen:
        seen.add(staff_id)
        away = absence_of(known, staff_id, unit_id, day)
        if away is None:
            return staff_id
        staff_id = away.substitute_id
    return staff_id  # all of them are away: the last one asked


def check_days(first: date, last: date, today: date) -> None:
    """Refused `bad_request`, field by field, unless the days make sense."""
    errors = {}
    if last < first:
        errors["last_day"] = "Ngày cuối không được trước ngày đầu."
    elif last < today:
        errors["last_day"] = "Ngày cuối đã qua, hãy chọn ngày từ hôm nay trở đi."
    elif (last - first).days >= LONGEST:
        errors["last_day"] = "Dài quá một năm: hãy giao vai trò thay vì ghi thay."
    if errors:
        raise Refused("bad_request", next(iter(errors.values())), fields=errors)


def check_overlap(
    stand_ins: Iterable[StandIn], kind: str, staff_id: str, unit_id: str, first: date, last: date
) -> None:
    """Refused `bad_request` where the person is stood in for at the unit on one of the days."""
    for s in stand_ins:
        same = (s.kind, s.staff_id, s.unit_id) == (kind, staff_id, unit_id)
        if same and s.meets(first, last):
            sentence = (
                f"{s.staff_name} đã có người thay từ {s.first_day:%d/%m/%Y} đến "
                f"{s.end:%d/%m/%Y}. Hãy kết thúc lần đó hoặc chọn ngày khác."
            )
            raise Refused("bad_request", sentence, fields={"first_day": sentence})


def check_presence(
    stand_ins: Iterable[StandIn], staff_id: str, substitute_id: str, first: date, last: date
) -> None:
    """Refused `bad_request` where who is to stand in is away on one of the days, at any unit.

    That alone forbids every circle (A by B, B by C, C by A): whoever is entered last would be
    stood in for by somebody away. Who falls away later, though already standing in for another,
    may still be entered; the work then goes on to the next (`present`).
    """
    known = [s for s in stand_ins if s.kind == ABSENCE]
    chain: list[StandIn] = []
    asked, seen, nobody = substitute_id, {staff_id}, ""
    while asked not in seen:
        seen.add(asked)
        fitting = [s for s in known if s.staff_id == asked and s.meets(first, last)]
        if not fitting:
            break
        away = min(fitting, key=lambda s: (s.first_day, s.id))
        chain.append(away)
        # Further on, only the days on which all so far are away make a circle.
        first, last = max(first, away.first_day), min(last, away.end)
        asked = away.substitute_id
    else:
        nobody = "Như vậy không còn ai làm. "
    if chain:
        told = "; ".join(
            f"{s.staff_name} vắng từ {s.first_day:%d/%m/%Y} đến {s.end:%d/%m/%Y}, "
            f"{s.substitute_name} làm thay" for s in chain
        )  # fmt: skip
        sentence = f"{told}. {nobody}Hãy chọn người làm thay khác hoặc ngày khác."
        raise Refused("bad_request", sentence, fields={"substitute": sentence})
