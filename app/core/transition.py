"""What a row of the table of steps is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.states import Role, Status


class Clock(StrEnum):
    """What an event does to the dossier's time limit."""

    NONE = "none"
    START = "start"
    KEEP = "keep"
    STOP = "stop"  # the settlement is over
    WAIT = "wait"  # stands still until the supplement; then from zero
    RESTART = "restart"
    PAUSE = "pause"  # goes on with what was left
    RESUME = "resume"
    EXTEND = "extend"  # the lawful date moves
    PROMISE = "promise"  # an apology: the promised day moves, the lawful one stays


class Move(StrEnum):
    """What an event does to the route; the door carries it out."""

    NOTHING = "nothing"
    ENTER = "enter"  # copy the route, open its first step
    LEAVE_COUNTER = "leave_counter"  # the first step is done, what follows waits for the agency
    ARRIVE = "arrive"  # the steps after the first open
    LEAVE_AND_ARRIVE = "leave_and_arrive"  # both at once, under a delegation
    ASSIGN = "assign"
    FINISH = "finish"  # the step is done, its successors open
    PROPOSE = "propose"  # the last appraisal is done; the leader's step opens
    REOPEN_APPRAISAL = "reopen_appraisal"
    REOPEN_DECISION = "reopen_decision"
    REOPEN_STAMP = "reopen_stamp"  # the result goes back to be put right
    BACK_TO_COUNTER = "back_to_counter"  # sent to the wrong agency: the first step again
    LOOK = "look"  # acts about a step and moves nothing
    PAID = "paid"  # the applicant's own step is done, if it was open
    FINISH_ALL = "finish_all"  # received, settled and returned in one go
    CLOSE = "close"  # nothing stays open


class Hand(StrEnum):
    """Where the actor must hold the role."""

    ONE_STOP = "one_stop"  # at the one-stop that received the dossier
    STEP = "step"  # holder of the step acted on: its role at its unit, its assignee if it has one
    UNIT = "unit"  # one of the row's roles at the unit of the step
    HEAD = "head"  # head of the step's unit, else of its nearest ancestor that has one
    AGENCY = "agency"  # holds the role at the deciding agency or the department that prepares
    CONSULTED = "consulted"  # of a unit whose opinion is waited for
    PROPOSER = "proposer"  # the officer who proposed
    SYSTEM = "system"  # a timer, nobody's hand


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: which action leads from which states to which, by whom, with what effect.

    to = None: the status stays. step_roles: words of the route's steps the action may act on.
    facts: names of what the actor must or may tell (core/facts.py). tells: the applicant is told.
    restores: back to the status before the pause. form: the paper that the act brings about.
    """

    action: str
    label: str
    sources: frozenset[Status]
    to: Status | None
    hand: Hand
    roles: tuple[Role, ...]
    move: Move = Move.NOTHING
    clock: Clock = Clock.KEEP
    step_roles: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()
    needs_reason: bool = False
    tells: bool = False
    result: str | None = None
    restores: bool = False
    form: str | None = None
    basis: str = ""
