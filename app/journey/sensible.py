"""Which allowed acts make sense for a dossier as it stands: the guards that need no facts.

The table says what the law knows; this says which of it this dossier's procedure, decree and past
leave open. The door's guards judge again: hiding a button is no check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select

from app.clock import VIETNAM
from app.core import route
from app.core.actor import Actor
from app.core.procedure import Procedure
from app.core.regime import Regime
from app.core.states import Role
from app.journey.aftercare import CORRECTED_CASE, OPEN_CASE, goes_elsewhere, is_immediate
from app.journey.notices import APPROVED_NOTICE, WAITING_NOTICE
from app.journey.office import Db, Office
from app.models import ClockMove, Consultation, Dossier, Step


@dataclass(frozen=True, slots=True)
class View:
    """A dossier as one person sees it at a moment."""

    session: Db
    office: Office
    dossier: Dossier
    steps: Sequence[Step]
    actor: Actor
    now: datetime

    @property
    def procedure(self) -> Procedure:
        """The pinned edition's procedure."""
        return self.office.editions[self.dossier.edition_id].procedure

    @property
    def regime(self) -> Regime:
        """The decree that the dossier was received under."""
        return self.office.regimes[self.dossier.regime]

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return self.now.astimezone(VIETNAM).date()


def sensible(action: str, view: View) -> bool:
    """Whether the guards that need no facts would let the action through."""
    rule = _RULES.get(action)
    return rule is None or rule(view)


def _not_moved(view: View) -> bool:
    following = route.ready_after_first(view.steps)
    return following is None or following.moved_from is None


def _received_today(view: View) -> bool:
    accepted = view.dossier.accepted_at
    return accepted is not None and accepted.astimezone(VIETNAM).date() == view.today


def _pauses(view: View) -> set[str]:
    return {pause.kind for pause in view.procedure.time_limit.pauses}


def _to_take_up(view: View) -> bool:
    """Asks the database, for the few procedures that are taken up only."""
    if view.procedure.limit_for(view.dossier.case_id).starts != "thu_ly":
        return False
    done = exists().where(ClockMove.dossier_id == view.dossier.id, ClockMove.kind == "taken_up")
    return not view.session.scalar(select(done))


def _may_ask_at_intake(view: View) -> bool:
    dossier = view.dossier
    if view.procedure.cases and dossier.case_id is None:
        return False  # which papers are needed is not known yet
    if dossier.intake_supplements < view.regime.intake_supplement_max:
        return True
    path = view.office.unit(dossier.one_stop).path
    return view.actor.post_for(Role.ONE_STOP_HEAD, dossier.one_stop, path) is not None


def _may_close(view: View) -> bool:
    return view.dossier.close_from is not None and view.today >= view.dossier.close_from


def _may_propose_extension(view: View) -> bool:
    return view.dossier.extension is None and view.dossier.apologies < view.regime.apology_max


def _all_answered_or_late(view: View) -> bool:
    """Asks the database too, for dossiers whose opinions are out only."""
    waiting = exists().where(
        Consultation.dossier_id == view.dossier.id, Consultation.replied_at.is_(None),
        Consultation.answer_by >= view.today,
    )  # fmt: skip
    return not view.session.scalar(select(waiting))


_RULES: dict[str, Callable[[View], bool]] = {
    "ask_intake_supplement": _may_ask_at_intake,
    "request_withdraw": lambda v: v.regime.withdraw_allowed,
    "send_to_agency": _not_moved,
    "start_at_one_stop": lambda v: v.dossier.delegation_id is not None,
    "thu_ly": _to_take_up,
    "propose_supplement": lambda v: not v.dossier.supplements,
    "approve_notice": lambda v: v.dossier.notice == WAITING_NOTICE,
    "request_supplement": lambda v: v.dossier.notice == APPROVED_NOTICE,
    "close_no_supplement": _may_close,
    "require_payment": lambda v: "financial_obligation" in _pauses(v),
    "pause_excluded": lambda v: bool(_pauses(v)),
    "propose_extension": _may_propose_extension,
    "extend_once": lambda v: v.dossier.extension is not None,
    "extend_limit": lambda v: bool(v.procedure.time_limit.extensions),
    "issue": lambda v: v.dossier.outcome != "refused",
    "issue_refusal": lambda v: v.dossier.outcome == "refused",
    "receive_result": lambda v: not route.work_left(v.steps),
    "return_direct": lambda v: not v.dossier.results_lost,
    "hand_to_post": lambda v: v.dossier.result_channel == "post" and not v.dossier.results_lost,
    "return_online": lambda v: v.dossier.result_channel == "online" and not v.dossier.results_lost,
    "collect_fee": lambda v: bool(v.dossier.fee_due),
    "enter_fee": lambda v: bool(v.dossier.fees_unknown),
    "void": _received_today,
    "report_error": lambda v: v.dossier.correction is None and v.dossier.outcome is not None,
    "correct_result": lambda v: v.dossier.correction == OPEN_CASE,
    "return_corrected": lambda v: v.dossier.correction == CORRECTED_CASE,
    "reject_correction": lambda v: v.dossier.correction == OPEN_CASE,
    "reissue": lambda v: v.dossier.results_lost,
    "refund": lambda v: v.dossier.fee_total - v.dossier.fee_due > v.dossier.fee_refunded,
    "immediate_settle": lambda v: is_immediate(v.office, v.dossier),
    "send_to_other_one_stop": lambda v: goes_elsewhere(v.office, v.dossier, list(v.steps)),
    "consult_close": _all_answered_or_late,
}
