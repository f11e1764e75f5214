"""Routes that no published file has yet, but the checker would let pass: none is a dead end."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.core.route import StepState
from app.core.states import (
    APPLICANT_STEP,
    APPRAISAL_STEP,
    INTAKE_STEP,
    PARTNER_STEP,
    RETURN_STEP,
    STAMP_STEP,
    STEP_ROLES,
)
from app.extensions import writing
from app.models import Dossier, Step
from tests.journey.test_lives_property import Lives, crowd
from tests.make import Office

LEADER, HEAD = "lãnh đạo UBND", "trưởng phòng"
UNITS = {
    APPRAISAL_STEP: ("phong-kt-ht", "phong-tckh"), HEAD: ("phong-kt-ht", "phong-tckh"),
    LEADER: ("ubnd-huyen",), STAMP_STEP: ("vp-hdnd-ubnd",), PARTNER_STEP: ("bhxh-huyen",),
}  # fmt: skip
BEFORE = (APPRAISAL_STEP, PARTNER_STEP, HEAD, LEADER, APPLICANT_STEP, STAMP_STEP)
AFTER = (PARTNER_STEP, APPLICANT_STEP, APPRAISAL_STEP)


class Leg:
    """One step of a drawn route: its word, what it waits for, whether it decides."""

    def __init__(self, word: str, waits: set[int], decides: bool = False) -> None:
        self.word, self.waits, self.decides = word, waits, decides

    def __repr__(self) -> str:
        return f"{self.word} {sorted(self.waits)}{' decides' if self.decides else ''}"


@st.composite
def routes(draw: st.DrawFn) -> list[Leg]:
    """A route as the rule files may have one: decided and stamped, decided only, or neither."""
    kind = draw(st.sampled_from(["stamped", "stamped", "stamped", "decided", "neither"]))
    if kind == "neither":
        inner = (APPRAISAL_STEP, PARTNER_STEP, STAMP_STEP)
        words = draw(st.lists(st.sampled_from(inner), min_size=1, max_size=5))
    elif kind == "decided":
        few = st.sampled_from((APPRAISAL_STEP, PARTNER_STEP))
        words = [*draw(st.lists(few, max_size=2)), LEADER]
    else:
        words = [*draw(st.lists(st.sampled_from(BEFORE), max_size=5)), LEADER]
        later = [*draw(st.lists(st.sampled_from(AFTER), max_size=3)), STAMP_STEP]
        words += draw(st.permutations(later))
    decision = None if kind == "neither" else max(i for i, w in enumerate(words, 2) if w == LEADER)
    route = [Leg(INTAKE_STEP, set())]
    for position, word in enumerate([*words, RETURN_STEP], 2):
        some = st.sets(st.integers(1, position - 1), min_size=1, max_size=2)
        waits = draw(st.one_of(st.just({position - 1}), some))
        if decision is not None and word == STAMP_STEP and position > decision:
            waits = waits | {decision}
        route.append(Leg(word, waits, position == decision))
    for position in range(1, len(route)):  # the file's checker: somebody waits for each
        if not any(position in leg.waits for leg in route[position:]):
            waiting = draw(st.integers(position + 1, len(route)))
            route[waiting - 1].waits.add(position)
    return route


def lay(office: Office, dossier: Dossier, route: list[Leg], draw: Any) -> None:
    """Give an accepted dossier this route instead of its own."""
    with writing() as session:
        session.execute(delete(Step).where(Step.dossier_id == dossier.id))
        for position, leg in enumerate(route, 1):
            first = position == 1
            session.add(
                Step(
                    dossier_id=dossier.id, position=position, name=f"Bước {position}, {leg.word}",
                    step_role=leg.word, holder_role=STEP_ROLES[leg.word], decides=leg.decides,
                    unit_id=draw(st.sampled_from(UNITS.get(leg.word, ("mot-cua-huyen",)))),
                    waits=",".join(map(str, sorted(leg.waits))), amount="1",
                    time_unit="working_days",
                    state=StepState.ACTIVE if first else StepState.PENDING,
                    started_at=office.now if first else None,
                )
            )  # fmt: skip


@pytest.mark.parametrize("crowded", [False, True], ids=["sole officers", "several officers"])
def test_every_route_has_an_end(office: Office, crowded: bool) -> None:
    """Random lawful acts, then the straight way: it ends, whatever the route looks like."""
    if crowded:
        crowd(office)
    numbers = itertools.count(1)

    @settings(
        max_examples=12, deadline=None, derandomize=True, database=None,
        phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(route=routes(), data=st.data())
    def live(route: list[Leg], data: st.DataObject) -> None:
        lives = Lives(office, "nga-yen", ["1.013228"], numbers)
        dossier = lives.receive("1.013228", "mot-cua-huyen")
        lay(office, dossier, route, data.draw)
        for _ in range(4):
            lives.somebody_acts(data, times=4)
            lives.every_life_is_whole()
        lives.teardown()

    live()
