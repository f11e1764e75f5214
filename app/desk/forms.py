"""The forms of actions, made from the one table of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.core import route
from app.core.facts import AMENDABLE, Fact, facts_of
from app.core.states import STAMP_STEP, Role, Status
from app.core.workflow import Transition, transition
from app.journey import numbering
from app.journey.hands import people_at
from app.journey.office import Db, Office
from app.models import Dossier, Step

PRIMARY = (
    "send_to_agency", "start_at_one_stop", "agency_receive", "assign", "propose_result", "approve",
    "issue", "issue_refusal", "receive_result", "return_direct", "finish_step",
)  # fmt: skip
DANGER = ("send_back", "clerk_return", "propose_refusal", "void")


@dataclass(frozen=True, slots=True)
class Input:
    """One field: the fact, its value, what can be chosen, what is wrong with it."""

    fact: Fact
    value: Any = ""
    choices: Sequence[tuple[str, str]] = ()
    error: str = ""
    required: bool = False


@dataclass(slots=True)
class ActionForm:
    """An allowed action as a form; steps: the open steps to choose from, if several."""

    row: Transition
    inputs: list[Input]
    steps: list[Step] = field(default_factory=list)
    error: str = ""

    @property
    def kind(self) -> str:
        """How weighty its button is: primary, danger, plain."""
        if self.row.action in PRIMARY:
            return "primary"
        return "danger" if self.row.action in DANGER else "plain"


def action_form(
    session: Db, office: Office, dossier: Dossier, steps: Sequence[Step], action: str,
    now: datetime, typed: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None,
) -> ActionForm:  # fmt: skip
    """The form of one action, with what was typed and what is wrong where it comes back."""
    row = transition(action)
    fitting = [] if not row.step_roles else route.candidates(row, Status(dossier.status), steps)
    acted = fitting[0] if fitting else None
    inputs = []
    for fact in facts_of(row):
        if fact.name in ("number", "symbol") and acted and acted.step_role != STAMP_STEP:
            continue  # no seal, no number
        if not _wanted(fact, dossier):
            continue
        value = (typed or {}).get(fact.name, _proposed(session, fact, dossier, acted, now))
        choices = _choices(session, office, fact, acted, now)
        inputs.append(Input(fact, value, choices, (errors or {}).get(fact.name, ""), fact.required))
    several = list(fitting) if len(fitting) > 1 else []
    return ActionForm(row, inputs, several)


def _wanted(fact: Fact, dossier: Dossier) -> bool:
    """Whether the fact is asked of this dossier at all."""
    if fact.name == "originals_returned":
        return bool(dossier.originals_held)
    if fact.name == "fee_paid":
        return bool(dossier.fee_due)
    return True


def _choices(
    session: Db, office: Office, fact: Fact, acted: Step | None, now: datetime
) -> Sequence[tuple[str, str]]:
    if fact.kind == "choice":
        return tuple((fact.choices or {}).items())
    if fact.kind == "staff" and acted is not None:
        day = office.judged(now.date())
        people = people_at(session, acted.unit_id, Role.CASE_OFFICER, day)
        return [(p.id, f"{p.name} ({p.username})") for p in people]
    return ()


def _proposed(session: Db, fact: Fact, dossier: Dossier, acted: Step | None, now: datetime) -> Any:
    """What is filled in beforehand, for the person to confirm."""
    match fact.name:
        case "receiver":
            return dossier.applicant_name
        case "receiver_id":
            return dossier.personal_id or ""
        case "receiver_relation":
            return "self"
        case "issued_on":
            return f"{now:%d/%m/%Y}"
        case "number" if acted is not None:
            return numbering.suggest(session, acted.moved_from or acted.unit_id, now.year)
        case "symbol" if acted is not None:
            return numbering.usual_symbol(session, acted.moved_from or acted.unit_id, now.year)
        case "changes":
            return {key: _shown(getattr(dossier, key)) for key in AMENDABLE}
        case _:
            return ""


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else (value or "")


def typed_facts(row: Transition, form: Mapping[str, str], dossier: Dossier) -> dict[str, Any]:
    """What a page posted for an action, ready for the door; only changed values of `changes`."""
    found: dict[str, Any] = {}
    for fact in facts_of(row):
        if fact.kind == "changes":
            changes = {}
            for key in AMENDABLE:
                new = form.get(f"changes.{key}")
                if new is not None and new.strip() != _shown(getattr(dossier, key)):
                    changes[key] = new
            found[fact.name] = changes
        elif fact.kind == "yes_no":
            found[fact.name] = fact.name in form
        elif form.get(fact.name, "").strip():
            found[fact.name] = form[fact.name]
    return found
