"""The forms of actions, made from the one table of facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from app.core import route
from app.core.actor import Actor
from app.core.applicant import SEXES
from app.core.facts import AMENDABLE, Fact, facts_of
from app.core.states import STAMP_STEP, Role, Status
from app.core.workflow import Transition, transition
from app.journey import hands, numbering
from app.journey.office import Db, Office
from app.models import Dossier, Step

PRIMARY = (
    "send_to_agency", "start_at_one_stop", "agency_receive", "assign", "propose_result", "approve",
    "issue", "issue_refusal", "receive_result", "return_direct", "finish_step",
)  # fmt: skip
DANGER = ("send_back", "clerk_return", "propose_refusal", "void")
RESULT_PLACES = {
    "direct": "Tại Bộ phận Một cửa",
    "post": "Qua bưu chính công ích",
    "online": "Trực tuyến",
}
CHANGES = "changes."
# What a person has and an organisation has not.
_OF_PERSONS = ("birth_date", "sex")
# The reader of applicants calls the name otherwise than the dossier's column.
_ERROR_KEYS = {"applicant_name": "name"}

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Input:
    """One field: the fact, its value, what can be chosen, what is wrong with it."""

    fact: Fact
    value: Any = ""
    choices: Sequence[tuple[str, str]] = ()
    error: str = ""


@dataclass(slots=True)
class ActionForm:
    """An allowed action as a form.

    steps: the open steps to choose from, if several; step: the position to post where the door
    would else have to ask. error: why it was refused; empty unless it came back.
    """

    row: Transition
    label: str
    inputs: list[Input]
    steps: list[Step] = field(default_factory=list)
    step: int | None = None
    error: str = ""
    failed: bool = False

    @property
    def kind(self) -> str:
        """How weighty its button is: primary, danger, plain."""
        if self.row.action in PRIMARY:
            return "primary"
        return "danger" if self.row.action in DANGER else "plain"

    @property
    def id(self) -> str:
        """The id of the form on the page; those of its fields begin with the action."""
        return f"viec-{self.row.action}"

    def errors(self) -> dict[str, str]:
        """What is wrong by id of field, in the order of the page."""
        found = {f"{self.row.action}-{i.fact.name}": i.error for i in self.inputs if i.error}
        return found or ({self.id: self.error} if self.error else {})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the forms of one page are made from."""

    session: Db
    office: Office
    dossier: Dossier
    steps: Sequence[Step]
    actor: Actor
    now: datetime


def action_form(
    asked: Asked, action: str, typed: Typed | None = None, errors: Mapping[str, str] | None = None
) -> ActionForm:
    """The form of one action, with what was typed and what is wrong where it comes back."""
    row = transition(action)
    fitting = [] if not row.step_roles else _fitting(asked, row)
    acted = fitting[0] if fitting else None
    several = len(fitting) > 1
    form = ActionForm(row, _label(row, asked.dossier, acted, several), [])
    if several:
        form.steps = fitting
    form.step = acted.position if acted and not several else None
    for fact in _asked_facts(asked, row, acted):
        if typed is None:
            value = _proposed(asked, fact, acted)
        else:
            value = fact.name in typed if fact.kind == "yes_no" else typed.get(fact.name, "")
        key = fact.name.removeprefix(CHANGES)
        error = (errors or {}).get(key) or (errors or {}).get(_ERROR_KEYS.get(key, key), "")
        form.inputs.append(Input(fact, value, _choices(asked, fact, fitting), error))
    if form.kind == "danger":
        form.inputs.sort(key=lambda i: i.fact.name not in ("reason", "reason_code"))
    return form


def _fitting(asked: Asked, row: Transition) -> list[Step]:
    """The steps the action may act on, those of this person's hand if there are any."""
    fitting = route.candidates(row, Status(asked.dossier.status), asked.steps)
    if len(fitting) < 2:
        return fitting
    day = asked.office.judged(asked.now.date())
    session, office, dossier, actor = asked.session, asked.office, asked.dossier, asked.actor
    own = [s for s in fitting if hands.may(session, office, row, dossier, [s], actor, day)]
    return own or fitting


def _label(row: Transition, dossier: Dossier, acted: Step | None, several: bool) -> str:
    if row.action == "finish_step" and acted is not None and not several:
        return f"Xong bước “{acted.name}”"
    if row.action == "approve" and dossier.outcome == "refused":
        return "Ký duyệt từ chối"
    return row.label


def _asked_facts(asked: Asked, row: Transition, acted: Step | None) -> Iterator[Fact]:
    """The facts that make sense for this dossier; each amendable value is a fact of its own."""
    dossier = asked.dossier
    for fact in facts_of(row):
        if fact.name in ("number", "symbol") and acted and acted.step_role != STAMP_STEP:
            continue  # no seal, no number
        if fact.name == "originals_returned" and not dossier.originals_held:
            continue
        if fact.name == "fee_paid" and not dossier.fee_due:
            continue
        if fact.kind == "changes":
            yield from _amendable(dossier)
        else:
            yield fact


def _amendable(dossier: Dossier) -> Iterator[Fact]:
    kinds = {"birth_date": "date", "sex": "choice", "result_channel": "choice", "note": "long_text"}
    choices = {
        "sex": {"": "Không ghi"} | {s: s for s in SEXES},
        "result_channel": RESULT_PLACES,
    }
    organisation = dossier.applicant_kind == "organisation"
    for key, label in AMENDABLE.items():
        if organisation and key in _OF_PERSONS:
            continue
        fact = Fact(CHANGES + key, label, kinds.get(key, "text"), choices=choices.get(key))
        if organisation and key == "personal_id":
            fact = replace(fact, label="Mã số thuế")
        yield fact


def _choices(asked: Asked, fact: Fact, fitting: Sequence[Step]) -> Sequence[tuple[str, str]]:
    if fact.kind == "choice":
        blank = [("", "Chọn nhóm lý do")] if fact.required else []
        return [*blank, *(fact.choices or {}).items()]
    if fact.kind == "staff":
        day = asked.office.judged(asked.now.date())
        units = dict.fromkeys(step.unit_id for step in fitting)
        people = [
            person
            for unit in units
            for person in hands.people_at(asked.session, unit, Role.CASE_OFFICER, day)
        ]
        taken = {step.assignee_id for step in fitting}
        free = [(p.id, f"{p.name} ({p.username})") for p in people if p.id not in taken]
        return [("", "Chọn người thụ lý"), *free]
    return ()


def _proposed(asked: Asked, fact: Fact, acted: Step | None) -> Any:
    """What is filled in beforehand, for the person to confirm."""
    dossier, year = asked.dossier, asked.now.year
    if fact.name.startswith(CHANGES):
        return shown(getattr(dossier, fact.name.removeprefix(CHANGES)))
    match fact.name:
        case "receiver":
            return dossier.applicant_name
        case "receiver_id":
            return dossier.personal_id or ""
        case "receiver_relation":
            return "self"
        case "issued_on":
            return f"{asked.now:%d/%m/%Y}"
        case "number" if acted is not None:
            return numbering.suggest(asked.session, acted.moved_from or acted.unit_id, year)
        case "symbol" if acted is not None:
            return numbering.usual_symbol(asked.session, acted.moved_from or acted.unit_id, year)
        case _:
            return ""


def shown(value: Any) -> str:
    """A stored value as people write it."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else (value or "")


def typed_facts(row: Transition, form: Typed, dossier: Dossier) -> dict[str, Any]:
    """What a page posted for an action, ready for the door; only changed values of `changes`."""
    found: dict[str, Any] = {}
    for fact in facts_of(row):
        if fact.kind == "changes":
            found[fact.name] = _changed(form, dossier)
        elif fact.kind == "yes_no":
            found[fact.name] = fact.name in form
        elif form.get(fact.name, "").strip():
            found[fact.name] = form[fact.name]
    return found


def _changed(form: Typed, dossier: Dossier) -> dict[str, str]:
    """The amended values only; browsers send line ends as CR LF, which are no change."""
    changes = {}
    for key in AMENDABLE:
        new = form.get(CHANGES + key)
        if new is None:
            continue
        new = new.replace("\r\n", "\n").strip()
        if new != shown(getattr(dossier, key)):
            changes[key] = new
    return changes


def left_over(row: Transition, typed: Typed) -> list[tuple[str, str]]:
    """What was typed for an action that can be done no more: label and text, to be copied."""
    labels = {fact.name: fact.label for fact in facts_of(row)}
    labels |= {CHANGES + key: label for key, label in AMENDABLE.items()}
    return [(labels[k], v) for k, v in typed.items() if k in labels and v.strip() and v != "1"]
