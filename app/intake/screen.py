"""What the intake screen shows beside the typed fields: papers, fees, the appointment card."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.clock import VIETNAM
from app.core.deadline import Explanation, Limit, explain
from app.core.procedure import Component, Fee, Procedure
from app.core.refusals import Refused
from app.core.states import INTAKE_STEP
from app.core.vietnamese import dong
from app.filing.reading import Offer
from app.filing.staging import Laid
from app.intake import forms
from app.intake.forms import HAVE, MARKS, MISSING, NONE, IntakeForm, Typed
from app.intake.search import Hits, Known
from app.journey.office import DelegationInfo, Edition, Office, UnitInfo

KIND_WORDS = {
    "form": "Bản chính",
    "original": "Bản chính",
    "certified_copy": "Bản sao chứng thực",
    "copy": "Bản sao",
}
NOT_ENTERED = "Chưa nhập số tiền"
ONE_EACH = ("trường hợp", "lần", "hồ sơ", "lần đăng ký", "giấy phép")


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One component on the screen; held is None where no original can be held back."""

    index: int
    component: Component
    mark: str
    held: str | None
    error: str = ""
    note: str = ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The marks to choose from."""
        names = [HAVE, MISSING] + ([] if self.component.required else [NONE])
        return [(name, MARKS[name]) for name in names]

    @property
    def form_words(self) -> str:
        """In which form and how many: "02 bản chính", "01 bản sao, xuất trình"."""
        c = self.component
        parts = [f"{c.originals:02d} bản chính"] if c.originals else []
        if c.copies:
            words = KIND_WORDS[c.kind if c.kind in ("copy", "certified_copy") else "copy"]
            parts.append(f"{c.copies:02d} {words[0].lower()}{words[1:]}")
        if c.handling == "present":
            parts.append("xuất trình")
        return ", ".join(parts) or KIND_WORDS[c.kind]


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """Rows that stand together; any_of: at least one of them is needed."""

    any_of: bool
    rows: list[PaperRow]

    @property
    def to_check(self) -> list[list[PaperRow]]:
        """What is looked at together: each paper by itself, papers of which one will do as one."""
        return [self.rows] if self.any_of else [[row] for row in self.rows]


def _is_seen(rows: Sequence[PaperRow]) -> bool:
    return all(row.mark for row in rows)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One fee on the screen. due: the đồng that it comes to, None while nobody entered it."""

    index: int
    fee: Fee
    ticked: bool
    applies: bool
    quantity: str
    amount: str
    exempt: str
    timing: str
    due: int | None
    errors: Mapping[str, str]

    @property
    def asks_quantity(self) -> bool:
        """Whether how many is a question."""
        return not self.fee.set_by and self.fee.per not in ONE_EACH

    @property
    def rule(self) -> str:
        """What the page needs to reckon the amount while the clerk types (JSON)."""
        fee = self.fee
        tiers = [[t.first, t.last, t.amount] for t in fee.tiers]
        return json.dumps(
            {"amount": fee.amount or 0, "tiers": tiers, "max": fee.max, "typed": bool(fee.set_by)}
        )


@dataclass(slots=True)
class Screen:
    """Everything a page of the intake desk is drawn from."""

    form: IntakeForm
    counter: UnitInfo
    counters: Sequence[UnitInfo]
    hits: Hits | None = None
    notice: str = ""
    edition: Edition | None = None
    case: str | None = None
    limit: str = ""
    groups: list[PaperGroup] = field(default_factory=list)
    fees: list[FeeRow] = field(default_factory=list)
    due: Explanation | None = None
    by_clock: bool = False
    delegation: DelegationInfo | None = None
    goes_to: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    known: Known | None = None
    laid: dict[int, list[Laid]] = field(default_factory=dict)
    aside: list[Laid] = field(default_factory=list)
    offers: Mapping[int, list[Offer]] = field(default_factory=dict)
    turns_away: bool = False

    @property
    def procedure(self) -> Procedure | None:
        """The chosen procedure."""
        return self.edition.procedure if self.edition else None

    @property
    def ready(self) -> bool:
        """Whether procedure and case are known, so that papers and due date can be shown."""
        return self.due is not None

    @property
    def rows(self) -> list[PaperRow]:
        """All paper rows in order."""
        return [row for group in self.groups for row in group.rows]

    @property
    def _to_check(self) -> list[list[PaperRow]]:
        return [one for group in self.groups for one in group.to_check]

    @property
    def papers_words(self) -> str:
        """How far the check of the papers is."""
        rows = self.rows
        lacking = sum(row.mark == MISSING for row in rows)
        unseen = sum(not _is_seen(one) for one in self._to_check)
        if lacking:
            return f"Thiếu {lacking} giấy tờ"
        if unseen:
            return f"Còn {unseen} chưa kiểm tra"
        return "Đủ thành phần" if rows else "Không cần giấy tờ"

    @property
    def checked_words(self) -> str:
        """How many of the required papers were looked at."""
        required = [
            one for one in self._to_check if one[0].component.required or one[0].component.one_of
        ]
        seen = sum(map(_is_seen, required))
        return f"{seen}/{len(required)} giấy tờ bắt buộc đã kiểm tra" if required else ""

    @property
    def lacking(self) -> bool:
        """Whether a paper is marked as missing, so that the dossier cannot be received."""
        return any(row.mark == MISSING for row in self.rows)

    @property
    def asks_fault(self) -> bool:
        """Whether the head must say whose fault a second supplement is."""
        return "fault" in self.errors or bool(self.form.value("fault"))

    @property
    def person_done(self) -> bool:
        """Whether the applicant's panel holds what acceptance needs, without an error."""
        return bool(self.form.value("name")) and not self.person_wrong

    @property
    def person_wrong(self) -> bool:
        """Whether something about the applicant or who hands in must be put right."""
        return any(key in forms.PERSON or key.startswith("submitter_") for key in self.errors)

    @property
    def has_submitter(self) -> bool:
        """Whether somebody hands in for the applicant."""
        return any(self.form.value(f"submitter_{key}") for key in forms.SECOND)

    @property
    def folded(self) -> bool:
        """Whether the applicant's panel is one line: when the clerk goes on at the papers."""
        if self.summary:
            return self.person_done and "" not in self.errors and "commune" not in self.errors
        return self.focus.startswith("components-")

    @property
    def refusing(self) -> bool:
        """Whether the refusal's fields are shown."""
        names = ("reason_code", "reason", "legal_basis")
        told = any(self.form.value(name) or name in self.errors for name in names)
        return self.turns_away or told

    @property
    def summary_items(self) -> dict[str, str] | list[str]:
        """The sentences of the error summary, with the ids of their fields where they have one."""
        whole = self.errors.get("")
        if whole:
            return [whole]
        papers = {f"components-{row.index}": row for row in self.rows}
        return {
            key: f"Giấy tờ số {papers[key].index}, {papers[key].component.name}: {text}"
            if key in papers
            else text
            for key, text in self.errors.items()
        }

    @property
    def summary_title(self) -> str:
        """What the error summary is headed with."""
        lacking = self.errors and all(key.startswith("components-") for key in self.errors)
        if lacking and self.lacking:
            return "Chưa tiếp nhận được: hồ sơ còn thiếu giấy tờ"
        return "Chưa lưu được, hãy sửa các mục sau"

    @property
    def focus(self) -> str:
        """The id of the field where the clerk goes on; empty after a refusal (its summary does)."""
        if self.summary:
            return ""
        if self.edition is None:
            return "tim"
        if self.turns_away:
            return "reason_code"
        if not self.ready:
            return "case"
        for name in ("personal_id", "name", "address", "phone"):
            if not self.form.value(name):
                return name
        unseen = next((row for row in self.rows if not row.mark), None)
        return f"components-{unseen.index}" if unseen else ""

    @property
    def fees_open(self) -> bool:
        """Whether the fees have something to enter or to put right."""
        return self.fee_open or any(row.fee.condition or row.errors for row in self.fees)

    @property
    def fee_total(self) -> int:
        """What is known to be due in all."""
        return sum(row.due or 0 for row in self.fees if row.applies and row.ticked)

    @property
    def fee_words(self) -> str:
        """The sum of the fees, and whether one is still to be entered."""
        if not any(row.applies and row.ticked for row in self.fees):
            return "Không thu"
        if self.fee_open:
            return f"{dong(self.fee_total)} + khoản chưa nhập" if self.fee_total else NOT_ENTERED
        return dong(self.fee_total)

    @property
    def fee_open(self) -> bool:
        """Whether a fee is due whose amount nobody entered yet."""
        return any(row.due is None for row in self.fees if row.applies and row.ticked)


def fill(screen: Screen, office: Office, edition: Edition, typed: Typed, now: datetime) -> None:
    """Show a chosen procedure: cases, papers, fees, due date, where the dossier goes."""
    procedure, form = edition.procedure, screen.form
    screen.edition = edition
    form.channel.options = [(c, forms.CHANNELS[c]) for c in procedure.channels]
    if form.channel.data not in procedure.channels:
        form.channel.data = procedure.channels[0]
    known = {case.id for case in procedure.cases}
    screen.case = form.case.data = form.case.data if form.case.data in known else None
    screen.limit = _limit_of(procedure, screen.case).words()
    _communes(screen, office, procedure)
    if procedure.cases and screen.case is None:
        return
    limit = _limit_of(procedure, screen.case)
    screen.by_clock = limit.unit in ("hours", "working_hours")
    screen.due = explain(now, limit, office.calendar, office.regime)
    screen.groups = _groups(procedure, screen.case, typed, screen.errors)
    screen.fees = _fees(procedure, screen.case, form.value("channel"), typed, screen.errors)
    today = now.astimezone(VIETNAM).date()
    screen.delegation = office.delegation_for(screen.counter.id, procedure, today)
    screen.goes_to = _goes_to(screen, office)


def _limit_of(procedure: Procedure, case: str | None) -> Limit:
    limit = procedure.limit_for(case)
    return Limit(limit.amount, limit.unit, limit.cutoff)


def commune_of(counter: UnitInfo, office: Office, form: IntakeForm) -> str | None:
    """The commune that units in every commune are taken from."""
    return counter.commune_slug or form.value("commune") or office.profile.commune or None


def _communes(screen: Screen, office: Office, procedure: Procedure) -> None:
    """Offer the communes only where a unit of the route depends on it."""
    steps = procedure.steps_for(screen.case)
    units = [procedure.agency, procedure.department, *(step.unit for step in steps)]
    settled = screen.counter.commune_slug or office.profile.commune
    if settled or not any(office.needs_commune(unit) for unit in units):
        screen.form.commune.options = []
        return
    names = sorted(office.communes.items(), key=lambda item: item[1])
    screen.form.commune.options = [("", "Chọn xã, thị trấn"), *names]


def _goes_to(screen: Screen, office: Office) -> str:
    procedure = screen.edition.procedure if screen.edition else None
    if procedure is None:
        return ""
    steps = procedure.steps_for(screen.case)
    following = next((s for s in steps if s.role != INTAKE_STEP), None)
    if following is None:
        return screen.counter.name
    unit = office.resolve(following.unit, commune_of(screen.counter, office, screen.form))
    return office.unit_name(unit) if unit else office.base_name(following.unit)


def _groups(
    procedure: Procedure, case: str | None, typed: Typed, errors: Mapping[str, str]
) -> list[PaperGroup]:
    marks = forms.marks_of(procedure, case, typed)
    groups: list[PaperGroup] = []
    named: dict[str, PaperGroup] = {}
    for index, component in procedure.components_for(case):
        keeps = (
            component.handling == "submit" and component.kind == "original" and component.originals
        )
        row = PaperRow(
            index, component, marks[index],
            typed.get(f"held-{index}", "") if keeps else None,
            errors.get(f"components-{index}", ""), typed.get(f"missing-note-{index}", ""),
        )  # fmt: skip
        group = named.get(component.one_of or "")
        if group is None:
            if component.one_of or not groups or groups[-1].any_of:
                group = PaperGroup(bool(component.one_of), [])
                groups.append(group)
            else:
                group = groups[-1]
            if component.one_of:
                named[component.one_of] = group
        group.rows.append(row)
    return groups


def _fees(
    procedure: Procedure, case: str | None, channel: str, typed: Typed, errors: Mapping[str, str]
) -> list[FeeRow]:
    due = {index for index, _ in procedure.fees_for(case, channel)}
    return [
        FeeRow(
            index, fee, forms.fee_ticked(index, fee, typed), index in due,
            typed.get(f"fee-{index}-quantity", "1"), typed.get(f"fee-{index}-amount", ""),
            typed.get(f"fee-{index}-exempt", ""), typed.get(f"fee-{index}-timing", "later"),
            _due(index, fee, typed),
            {part: errors[key] for part in ("quantity", "amount", "timing", "exempt", "index")
             if (key := f"fee-{index}-{part}") in errors},
        )
        for index, fee in procedure.fees_for(case)
    ]  # fmt: skip


def _due(index: int, fee: Fee, typed: Typed) -> int | None:
    given = forms.fee_given(index, fee, typed)
    if given.exempt_reason:
        return 0
    if fee.set_by:
        return given.amount if given.amount is None or given.amount >= 0 else None
    return fee.amount_for(given.quantity) if given.quantity > 0 else None


def refused_on(screen: Screen, refused: Refused, request: forms.Request | None) -> None:
    """Put the sentences of a refusal beside their fields."""
    screen.errors = forms.errors_by_field(refused, request)
    screen.summary = refused.sentence
