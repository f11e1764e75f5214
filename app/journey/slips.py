"""The hand-overs of a dossier, read from its log: what the control slip says of them.

Phiếu kiểm soát quá trình giải quyết hồ sơ (TT 01/2018/TT-VPCP Mẫu 05, TT 03/2025/TT-VPCP Mẫu 06);
NĐ 61/2018 Điều 18, NĐ 118/2025 Điều 18. The same events and route give the same rows.

A paper is taken over formally where the table of steps has an act for it (`agency_receive`,
`receive_result`); until that act the row leaves room to write. Between other steps the system
hands over and takes in one moment; who took it is whoever acts on the step first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.limits import Limit, outcome, step_due
from app.core.route import nobody_holds
from app.core.states import APPRAISAL_STEP, CLOSED, RETURN_STEP
from app.core.workflow import BY_ACTION, Clock
from app.journey.office import Office
from app.models import Event, Step

# Acts by which a dossier leaves the counter; its taking over is an act of its own.
SENDS = frozenset({"send_to_agency", "send_to_other_one_stop"})
TAKES = frozenset({"agency_receive", "receive_result"})
_SAID = (
    ("papers", "Giấy tờ chuyển kèm"),
    ("differences", "Chênh lệch khi kiểm đếm"),
    ("reason", "Lý do"),
)


@dataclass(slots=True)
class Handover:
    """One row of the slip; units by id. Empty or None: not yet, so there is room to write.

    result: early, on_time, late – of the step that ended with it. due_at: of the step that begins.
    awaited: the act by which the taker will confirm, empty where none is waited for.
    """

    from_unit: str
    to_unit: str
    at: datetime | None = None
    giver: str = ""
    taken_at: datetime | None = None
    taker: str = ""
    result: str = ""
    due_at: datetime | None = None
    notes: list[str] = field(default_factory=list)
    awaited: str = ""
    step: int = 0


def handovers(office: Office, steps: Sequence[Step], events: Iterable[Event]) -> list[Handover]:
    """The hand-overs between units in their order, those still to come at the end, blank."""
    life = _Life(office, steps)
    for event in events:
        life.read(event)
    return life.rows + life.ahead()


@dataclass(frozen=True, slots=True)
class _Left:
    """A step that ended: when, by whose hand, how it kept its time."""

    at: datetime
    by: str
    result: str


class _Life:
    """The route replayed from the events: which steps are open until when, which are done."""

    def __init__(self, office: Office, steps: Sequence[Step]) -> None:
        self.office = office
        self.steps = {step.position: step for step in steps}
        self.due: dict[int, datetime] = {}
        self.left: dict[int, _Left] = {}
        self.rows: list[Handover] = []
        self.stopped_at: datetime | None = None
        self.over = False

    def read(self, event: Event) -> None:
        """Take in one event; those before the acceptance have no route and change nothing."""
        body = json.loads(event.body)
        told, action, at = body["facts"], event.action, event.at
        by = body["actor_name"] if body["actor"] else ""
        self._taken(action, told, at, by)
        self._clock(action, at)
        for position in told.get("finished", []):
            self._leave(position, at, by)
        if action == "accept" and 1 in self.steps:
            self._open(1, at)
        elif action in SENDS:
            self._send(told, at, by, body["note"])
        elif action == "send_to_partner":
            self._to_partner(body, at, by)
        elif action == "supplement_received":
            self._supplement(body, at, by)
        elif action in _BACK:
            self._back(action, body, at, by)
        else:
            self._forward(action, told.get("opened", []), at)
        self.over = self.over or body["to"] in CLOSED

    def ahead(self) -> list[Handover]:
        """What the route still holds, blank; nothing once the dossier has ended."""
        on_its_way = [(r.from_unit, r.to_unit) for r in self.rows if r.awaited]
        blank: list[Handover] = []
        for position, step in sorted(self.steps.items()):
            if self.over or position in self.due or position in self.left:
                continue
            for origin in self._origins(step):
                pair = (origin, step.unit_id)
                if pair not in on_its_way and pair not in [(r.from_unit, r.to_unit) for r in blank]:
                    blank.append(Handover(*pair, step=position))
        return blank

    # --- What events do ---------------------------------------------------------------------

    def _taken(self, action: str, told: Mapping[str, Any], at: datetime, by: str) -> None:
        """Who took it over: by the formal act, else by acting on the step first."""
        acted = told.get("step")
        for row in reversed(self.rows):
            if action in TAKES and row.awaited == action:
                row.taken_at, row.taker, row.awaited = at, by, ""
                row.notes += _said(told)
                return
            if acted is not None and row.step == acted and not row.awaited:
                if row.at is not None and not row.taker and action != "send_to_partner":
                    row.taker = by
                return

    def _clock(self, action: str, at: datetime) -> None:
        """Steps stand still while the dossier's clock does, and begin anew when it does."""
        found = BY_ACTION.get(action)
        match found.clock if found else Clock.NONE:
            case Clock.PAUSE | Clock.WAIT:
                self.stopped_at = self.stopped_at or at
            case Clock.RESTART:
                self.stopped_at = None
                for position in list(self.due):
                    self._open(position, at)
            case Clock.RESUME if self.stopped_at is not None:
                calendar = self.office.calendar
                stood = calendar.working_time_between(self.stopped_at, at)
                self.due = {p: calendar.add_working_time(d, stood) for p, d in self.due.items()}
                self.stopped_at = None
            case _:
                pass

    def _open(self, position: int, at: datetime) -> None:
        step = self.steps[position]
        self.due[position] = step_due(at, float(step.amount), step.time_unit, self.office.calendar)

    def _leave(self, position: int, at: datetime, by: str) -> None:
        if position in self.steps:
            giver = "" if nobody_holds(self.steps[position]) else by
            self.left[position] = _Left(at, giver, self._kept_time(position, at))
            self.due.pop(position, None)

    def _kept_time(self, position: int, at: datetime) -> str:
        """Before, on or after its time, by the same reading as whole dossiers."""
        step, due = self.steps[position], self.due.get(position)
        if due is None or float(step.amount) <= 0 or step.step_role == RETURN_STEP:
            return ""
        return outcome(at, due, Limit(float(step.amount), _whole(step)))

    def _send(self, told: Mapping[str, Any], at: datetime, by: str, note: str) -> None:
        following = [s for s in self.steps.values() if 1 in s.waits_for]
        target = told.get("to_one_stop") or (following[0].unit_id if following else "")
        first = self.steps[1]
        row = Handover(
            first.unit_id, target, at, by, result=self.left[1].result if 1 in self.left else "",
            notes=_said(told, note), awaited="agency_receive",
            step=following[0].position if following else 0,
        )  # fmt: skip
        self.rows.append(row)

    def _forward(self, action: str, opened: Sequence[int], at: datetime) -> None:
        """Steps that open: a row from each unit that worked before to a unit that did not."""
        made: list[tuple[str, str]] = []
        for position in opened:
            if position not in self.steps:
                continue
            step = self.steps[position]
            self._open(position, at)
            sent = self._sent_to(position) if action == "agency_receive" else None
            if sent is not None:
                sent.due_at = self.due[position]
                made.append((sent.from_unit, sent.to_unit))
            for origin in self._origins(step):
                if (origin, step.unit_id) not in made:
                    made.append((origin, step.unit_id))
                    self.rows.append(self._row(origin, step, at))

    def _row(self, origin: str, step: Step, at: datetime) -> Handover:
        gave = max(
            (self.left[p] for p in step.waits_for if self._unit(p) == origin and p in self.left),
            key=lambda left: left.at, default=None,
        )  # fmt: skip
        formal = step.step_role == RETURN_STEP
        return Handover(
            origin, step.unit_id, gave.at if gave else at, gave.by if gave else "",
            taken_at=None if formal else gave.at if gave else at,
            result=gave.result if gave else "",
            due_at=None if formal else self.due.get(step.position),
            awaited="receive_result" if formal else "", step=step.position,
        )  # fmt: skip

    def _back(self, action: str, body: Mapping[str, Any], at: datetime, by: str) -> None:
        """Given back: from the unit that had it to the step that opens again."""
        told = body["facts"]
        had = told.get("step") or next(iter(told.get("put_back", [])), None)
        origin = self._unit(had) if had else body["unit"] or ""
        result = self._kept_time(had, at) if had in self.due else ""
        for row in self.rows:
            if row.awaited and action == "return_transfer":  # before anybody confirmed it
                row.notes.append("Bên nhận trả lại, không nhận.")
            row.awaited = ""
        for position in (*told.get("put_back", []), had):
            self.due.pop(position or 0, None)
            self.left.pop(position or 0, None)
        for position in told.get("opened", []):
            self.left.pop(position, None)
            self._open(position, at)
            target = self._unit(position)
            if target == origin:
                continue
            fetched = action == "recall"  # the one who gets it back is who acts
            label = BY_ACTION[action].label
            self.rows.append(
                Handover(
                    origin, target, at, "" if fetched else by, at, by if fetched else "", result,
                    self.due[position], [f"{label}.", *_said(told, body["note"])], step=position,
                )
            )  # fmt: skip

    def _to_partner(self, body: Mapping[str, Any], at: datetime, by: str) -> None:
        """Papers follow to a partner whose step opened already: that row's own moment."""
        told = body["facts"]
        position = told.get("step", 0)
        row = next((r for r in reversed(self.rows) if r.step == position), None)
        if row is None:
            row = Handover(body["unit"] or "", self._unit(position), step=position)
            self.rows.append(row)
        row.at, row.giver, row.taken_at, row.taker = at, by, None, ""
        row.notes += _said(told, body["note"])

    def _supplement(self, body: Mapping[str, Any], at: datetime, by: str) -> None:
        """What the applicant brought goes from the counter to who appraises."""
        counter = self.steps[1].unit_id if 1 in self.steps else ""
        for position in self.due:
            step = self.steps[position]
            if step.step_role == APPRAISAL_STEP and step.unit_id != counter:
                notes = ["Giấy tờ bổ sung.", *_said(body["facts"], body["note"])]
                self.rows.append(
                    Handover(counter, step.unit_id, at, by, due_at=self.due[position],
                             notes=notes, step=position)
                )  # fmt: skip

    # --- Reading the route ------------------------------------------------------------------

    def _unit(self, position: int | None) -> str:
        step = self.steps.get(position or 0)
        return step.unit_id if step else ""

    def _origins(self, step: Step) -> list[str]:
        """Units of the steps before it, its own left out."""
        units = [self._unit(p) for p in step.waits_for if p in self.steps]
        return [unit for unit in dict.fromkeys(units) if unit != step.unit_id]

    def _sent_to(self, position: int) -> Handover | None:
        """The row that was sent from the counter and has just been taken over for this step."""
        unit = self._unit(position)
        return next(
            (r for r in reversed(self.rows)
             if r.to_unit == unit and r.step in (position, 0) and r.due_at is None and r.taken_at),
            None,
        )  # fmt: skip


_BACK = frozenset(
    {"return_transfer", "send_back", "recall", "clerk_return", "return_to_agency", "reissue"}
)


def _whole(step: Step) -> str:
    """The unit by which a step's time is judged: parts of a day by the moment."""
    amount = float(step.amount)
    if step.time_unit == "working_days" and amount < 1:
        return "working_hours"
    return "days" if step.time_unit == "months" else step.time_unit


def _said(told: Mapping[str, Any], note: str = "") -> list[str]:
    """What the act told, as notes: papers, differences, reason, and the free note."""
    notes = [f"{label}: {_ended(told[key])}" for key, label in _SAID if told.get(key)]
    return [*notes, *([_ended(note)] if note else [])]


def _ended(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
