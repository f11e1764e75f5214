"""The forms of actions, made from the one table of facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.core import route
from app.core.applicant import SEXES
from app.core.facts import AMENDABLE, Fact, facts_of
from app.core.states import STAMP_STEP, Status
from app.core.workflow import Transition, transition
from app.desk.fields import (
    CHANGES,
    ITEM_PARTS,
    ITEMS,
    SEVERAL,
    Asked,
    Grouped,
    Input,
    Typed,
    choices_of,
    item_rows,
    proposed,
    shown,
    typed_items,
    typed_units,
)
from app.journey import hands
from app.models import Dossier, Step

PRIMARY = (
    "send_to_agency", "start_at_one_stop", "agency_receive", "assign", "propose_result", "approve",
    "issue", "issue_refusal", "receive_result", "return_direct", "finish_step", "thu_ly",
    "finish_verification", "consult_reply", "consult_close", "approve_notice",
    "request_supplement", "supplement_received", "payment_done", "resume_excluded", "extend_once",
    "immediate_settle", "correct_result", "return_corrected",
    "partner_reply", "hand_to_post", "post_delivered", "return_online", "confirm_withdraw",
)  # fmt: skip
DANGER = (
    "send_back", "clerk_return", "propose_refusal", "void", "reject_proposal", "return_transfer",
    "refuse_after_supplement", "close_no_supplement", "reject_withdraw", "halt", "recall",
    "return_to_agency", "reject_correction", "reissue", "counter_error", "report_lost",
)  # fmt: skip
RESULT_PLACES = {
    "direct": "Tại Bộ phận Một cửa",
    "post": "Qua bưu chính công ích",
    "online": "Trực tuyến",
}
# What a person has and an organisation has not.
_OF_PERSONS = ("applicant_old_id", "birth_date", "sex")
# The reader of applicants calls the name otherwise than the dossier's column.
_ERROR_KEYS = {"applicant_name": "name", "applicant_old_id": "old_id"}


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
        value = (
            proposed(asked, action, fact, acted) if typed is None else _as_typed(asked, fact, typed)
        )
        key = fact.name.removeprefix(CHANGES)
        error = (errors or {}).get(key) or (errors or {}).get(_ERROR_KEYS.get(key, key), "")
        choices = choices_of(asked, fact, fitting)
        if isinstance(choices, Grouped):
            fact = replace(fact, kind=SEVERAL)
        form.inputs.append(Input(fact, value, choices, error))
    if form.kind == "danger":
        form.inputs.sort(key=lambda i: i.fact.name not in ("reason", "reason_code"))
    return form


def _as_typed(asked: Asked, fact: Fact, typed: Typed) -> Any:
    match fact.kind:
        case "yes_no":
            return fact.name in typed
        case "items":
            return item_rows(asked, typed)
        case "units":
            return typed_units(typed)
        case _:
            return typed.get(fact.name, "")


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


def _asked_again(asked: Asked) -> bool:
    regime = asked.office.regimes[asked.dossier.regime]
    return asked.dossier.intake_supplements >= regime.intake_supplement_max


def _by_agreement(asked: Asked) -> bool:
    limit = asked.office.editions[asked.dossier.edition_id].procedure.time_limit
    return any(rule.by_agreement or rule.amount is None for rule in limit.extensions)


# Facts that only some dossiers give reason to ask for.
_WANTED: dict[str, Callable[[Asked], bool]] = {
    "originals_returned": lambda a: bool(a.dossier.originals_held),
    "fee_paid": lambda a: bool(a.dossier.fee_due),
    "fee_decision": lambda a: bool(a.dossier.fee_total),
    "fault": _asked_again,
    "agreed_days": _by_agreement,
    "told_before": lambda a: a.dossier.due_at is not None and a.now < a.dossier.due_at,
}


def _asked_facts(asked: Asked, row: Transition, acted: Step | None) -> Iterator[Fact]:
    """The facts that make sense for this dossier; each amendable value is a fact of its own."""
    dossier = asked.dossier
    for fact in facts_of(row):
        if fact.name in ("number", "symbol") and acted and acted.step_role != STAMP_STEP:
            continue  # no seal, no number
        wanted = _WANTED.get(fact.name)
        if wanted is not None and not wanted(asked):
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


def typed_facts(row: Transition, form: Typed, dossier: Dossier) -> dict[str, Any]:
    """What a page posted for an action, ready for the door; only changed values of `changes`."""
    found: dict[str, Any] = {}
    for fact in facts_of(row):
        if fact.kind == "changes":
            found[fact.name] = _changed(form, dossier)
        elif fact.kind == "yes_no":
            found[fact.name] = fact.name in form
        elif fact.kind == "items":
            found[fact.name] = typed_items(form)
        elif fact.kind == "units":
            found[fact.name] = typed_units(form)
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
    for key in typed:
        if key.startswith(ITEMS) and (part := key.rpartition(".")[2]) in ITEM_PARTS:
            labels[key] = ITEM_PARTS[part]
    return [(labels[k], v) for k, v in typed.items() if k in labels and v.strip() and v != "1"]
