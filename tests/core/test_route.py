"""A dossier's route: which step an action acts on, where appraisal lies on either side of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.core import route
from app.core.refusals import Refused
from app.core.states import Status
from app.core.workflow import transition

INTAKE, LEADER, HEAD = "tiếp nhận", "lãnh đạo UBND", "trưởng phòng"
APPRAISAL, STAMP, PARTNER, RETURN = "thẩm định", "văn thư", "phối hợp", "trả kết quả"
STATES = {"·": "pending", "!": "active", "+": "done", "x": "dropped"}


@dataclass(frozen=True)
class Leg:
    position: int
    step_role: str
    state: str
    waits_for: tuple[int, ...]
    decides: bool = False
    assignee_id: str | None = "somebody"
    unit_id: str = "phong"

    @property
    def name(self) -> str:
        return f"Bước {self.position}"


def legs(*words: str, states: str, decides: int | None, **waits: tuple[int, ...]) -> list[Leg]:
    """A route of words, each waiting for the one before; `w4=(2, 3)` for other waits."""
    return [
        Leg(i, word, STATES[state], waits.get(f"w{i}", (i - 1,) if i > 1 else ()), i == decides)
        for i, (word, state) in enumerate(zip(words, states, strict=True), 1)
    ]


# Entering a decision into the land register is appraisal after the decision.
LATE = (INTAKE, APPRAISAL, LEADER, STAMP, APPRAISAL, RETURN)


def positions(action: str, status: Status, steps: list[Leg]) -> list[int]:
    return [s.position for s in route.candidates(transition(action), status, steps)]


@pytest.mark.parametrize(
    ("action", "status", "states", "expected"),
    [
        ("propose_result", Status.APPRAISING, "+!····", [2]),
        ("finish_step", Status.APPRAISING, "+!····", []),
        ("approve", Status.SUBMITTED_FOR_APPROVAL, "++!···", [3]),
        ("approve", Status.APPRAISING, "++!···", []),  # not proposed yet
        ("send_back", Status.SUBMITTED_FOR_APPROVAL, "++!···", [3]),
        ("issue", Status.APPROVED, "+++!··", [4]),
        ("finish_step", Status.APPROVED, "+++!··", []),
        ("finish_step", Status.ISSUED, "++++!·", [5]),
        ("propose_result", Status.APPRAISING, "++++!·", []),
        ("reassign", Status.ISSUED, "++++!·", [5]),
    ],
)
def test_appraisal_after_the_decision_proposes_nothing(
    action: str, status: Status, states: str, expected: list[int]
) -> None:
    assert positions(action, status, legs(*LATE, states=states, decides=3)) == expected


def test_the_last_appraisal_is_the_last_before_the_decision() -> None:
    steps = legs(*LATE, states="+++!··", decides=3)
    assert route.last_appraisal(steps).position == 2
    assert route.last_appraisal(steps, before=6).position == 5
    only_late = legs(INTAKE, LEADER, STAMP, APPRAISAL, RETURN, states="+!···", decides=2)
    assert route.last_appraisal(only_late) is None
    assert positions("approve", Status.RECEIVED_BY_AGENCY, only_late) == [2]


def test_nobody_sends_back_to_an_appraisal_that_never_was() -> None:
    steps = legs(INTAKE, HEAD, LEADER, STAMP, RETURN, states="++!··", decides=3)
    assert positions("send_back", Status.SUBMITTED_FOR_APPROVAL, steps) == []
    with pytest.raises(Refused, match="Không có bước nào"):
        route.acted_on(transition("send_back"), Status.SUBMITTED_FOR_APPROVAL, steps)


def test_without_a_stamp_left_the_deciding_hand_issues() -> None:
    plain = legs(INTAKE, APPRAISAL, LEADER, RETURN, states="+++!", decides=3)
    assert positions("issue", Status.APPROVED, plain) == [3]
    waiting = legs(INTAKE, APPRAISAL, LEADER, PARTNER, STAMP, RETURN, states="+++!··", decides=3)
    assert positions("issue", Status.APPROVED, waiting) == []
    spent = legs(INTAKE, APPRAISAL, LEADER, STAMP, RETURN, states="++++!", decides=3)
    assert positions("issue", Status.APPROVED, spent) == [3]


def test_several_open_steps_must_be_named() -> None:
    steps = legs(
        INTAKE, APPRAISAL, PARTNER, PARTNER, LEADER, STAMP, RETURN, states="++!!···", decides=5,
        w4=(2,), w5=(3, 4),
    )  # fmt: skip
    row = transition("partner_reply")
    with pytest.raises(Refused) as no:
        route.acted_on(row, Status.APPRAISING, steps)
    assert (no.value.code, no.value.detail) == ("step_needed", {"steps": [3, 4]})
    assert route.acted_on(row, Status.APPRAISING, steps, 4).position == 4
    with pytest.raises(Refused):
        route.acted_on(row, Status.APPRAISING, steps, 2)
