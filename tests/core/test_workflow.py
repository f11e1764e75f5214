"""The table of steps and its queries: each answers for every state what the rows say."""

from __future__ import annotations

import pytest

from app.core import workflow
from app.core.refusals import Refused
from app.core.settlement_rows import BEFORE_RESULT, RUNNING
from app.core.states import BEFORE_ACCEPTANCE, CLOSED, OPEN, WITH_RESULT, Status
from app.core.transition import Clock, Hand, Transition
from app.core.workflow import (
    BY_ACTION,
    TRANSITIONS,
    check_source,
    fold,
    next_status,
    rows_from,
    transition,
)

S = Status
ACTIONS = list(dict.fromkeys(row.action for row in TRANSITIONS))
EVERY_STATE = pytest.mark.parametrize("status", list(Status), ids=str)
EVERY_ROW = pytest.mark.parametrize(
    "row", TRANSITIONS, ids=lambda row: f"{row.action}-{row.to or 'stays'}"
)


def rows_of(action: str) -> list[Transition]:
    return [row for row in TRANSITIONS if row.action == action]


@EVERY_STATE
def test_the_rows_of_a_state_in_the_order_of_the_table(status: Status) -> None:
    expected = []
    for row in TRANSITIONS:
        for source in row.sources:
            if source == status:
                expected.append(row)
    assert rows_from(status) == tuple(expected)
    assert isinstance(rows_from(status), tuple)


@pytest.mark.parametrize("action", ACTIONS)
def test_the_row_of_an_action_from_each_state(action: str) -> None:
    """The one that starts there; where none does, the last one of the action."""
    for status in Status:
        starting = [row for row in rows_of(action) if status in row.sources]
        assert len(starting) <= 1
        row = transition(action, status)
        assert row is (starting[0] if starting else rows_of(action)[-1])
        if starting:
            check_source(row, status)
            assert row in rows_from(status)
            continue
        with pytest.raises(Refused) as refused:
            check_source(row, status)
        assert refused.value.code == "wrong_status"
        assert refused.value.sentence == (
            f"Không thể “{row.label}” khi hồ sơ đang ở trạng thái “{status.label}”. "
            "Hãy tải lại trang để xem trạng thái mới nhất."
        )


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_by_its_name(action: str) -> None:
    assert BY_ACTION[action] is rows_of(action)[0]
    assert transition(action) is transition(action, None) is rows_of(action)[-1]


def test_every_action_is_found_and_no_other() -> None:
    assert list(BY_ACTION) == ACTIONS
    assert {row.action for row in rows_of("request_withdraw")} == {"request_withdraw"}
    assert len(rows_of("request_withdraw")) == 2  # before and after the acceptance
    for unknown in ("", "accepted", "Accept", "accept "):
        with pytest.raises(Refused) as refused:
            transition(unknown, S.DRAFT)
        assert refused.value.code == "no_such_action"
        assert refused.value.sentence == f"Không có thao tác “{unknown}”."


@EVERY_ROW
def test_where_a_row_leads(row: Transition) -> None:
    for status in Status:
        plainly = status if row.to is None else row.to
        assert next_status(row, status) == plainly
        for before in Status:
            expected = before if row.restores else plainly
            assert next_status(row, status, before) == expected


@EVERY_ROW
def test_a_row_is_whole(row: Transition) -> None:
    assert row.label[0].isupper() and row.basis
    assert not (row.restores and row.to), "back to the state before, or to one of its own"
    assert row.roles or row.hand in (Hand.SYSTEM, Hand.STEP), "somebody may do it"
    if row.hand == Hand.SYSTEM:
        assert not row.roles and not row.needs_reason


def test_an_action_has_one_row_a_state() -> None:
    starts = [(row.action, source) for row in TRANSITIONS for source in row.sources]
    assert len(starts) == len(set(starts))


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_no_way_out_of_an_end_state(status: Status) -> None:
    for row in rows_from(status):
        assert row.to is None and not row.restores, row.action
        assert row.clock == Clock.NONE, row.action
        assert next_status(row, status, S.APPRAISING) == status


def test_every_state_is_reached_and_every_open_one_left() -> None:
    """The wait for a partner is reached by the route alone, when a partner's step opens."""
    reached = {row.to for row in TRANSITIONS} | {S.AWAITING_PARTNER}
    assert set(Status) <= reached
    for status in set(Status) - CLOSED:
        assert any(row.to not in (None, status) or row.restores for row in rows_from(status))


def test_only_the_acceptance_starts_the_clock_and_only_it_leads_to_the_settlement() -> None:
    starting = [row for row in TRANSITIONS if row.clock == Clock.START]
    assert [row.action for row in starting] == ["accept"]
    for row in TRANSITIONS:
        if row.sources & BEFORE_ACCEPTANCE:
            assert row.sources <= BEFORE_ACCEPTANCE, row.action
            within = row.to is None or row.to in BEFORE_ACCEPTANCE
            assert within or row.clock == Clock.START, row.action
        elif row.to is not None and row.sources:
            assert row.to not in BEFORE_ACCEPTANCE, row.action


def test_what_stands_still_goes_on_only_by_the_rows_that_say_so() -> None:
    """Out of a pause: resumed; out of a wait: from zero, refused, or the end."""
    for status, clocks in (
        (S.PAYMENT_REQUIRED, {Clock.RESUME}),
        (S.PAUSED, {Clock.RESUME}),
        (S.SUPPLEMENT_REQUESTED, {Clock.RESTART, Clock.RESUME}),
    ):
        out = [row for row in rows_from(status) if row.restores or row.to not in (None, status)]
        ended = {S.WITHDRAW_REQUESTED, *CLOSED}
        assert {row.clock for row in out if row.to not in ended} == clocks


def test_who_asks_to_withdraw_comes_back_to_where_the_dossier_was() -> None:
    for status in BEFORE_RESULT:
        assert next_status(transition("request_withdraw", status), status) == S.WITHDRAW_REQUESTED
        reject = transition("reject_withdraw", S.WITHDRAW_REQUESTED)
        assert next_status(reject, S.WITHDRAW_REQUESTED, status) == status
    for status in (S.SUBMITTED, S.INTAKE_SUPPLEMENT):
        assert next_status(transition("request_withdraw", status), status) == S.INTAKE_CANCELLED
    for status in WITH_RESULT:
        with pytest.raises(Refused):
            check_source(transition("request_withdraw", status), status)


def test_the_clock_runs_in_open_states_only() -> None:
    assert RUNNING < BEFORE_RESULT < OPEN
    assert not RUNNING & (CLOSED | WITH_RESULT)


@pytest.mark.parametrize(
    ("log", "status"),
    [
        ([], None),
        ([None], None),
        (["draft"], "draft"),
        (["draft", None], "draft"),
        (["draft", "accepted"], "accepted"),
        ([None, "draft", None, "accepted", None, None], "accepted"),
        (["accepted", "paused", "accepted"], "accepted"),
        (["accepted", ""], "accepted"),
    ],
)
def test_the_status_is_the_last_one_of_the_log(log: list[str | None], status: str | None) -> None:
    assert fold(log) == status
    assert fold(iter(log)) == status


def test_the_module_offers_what_it_says() -> None:
    for name in workflow.__all__:
        assert hasattr(workflow, name), name
