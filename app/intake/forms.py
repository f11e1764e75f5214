"""The intake form: what the counter typed, as a `Request`; the rules are judged elsewhere.

Rows of papers and fees are as many as the procedure has, so their names are made of the row's
number: `components-2` = have | missing | none, `held-2`; `fee-1`, `fee-1-quantity`,
`fee-1-amount`, `fee-1-exempt`, `fee-1-timing`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField

from app.core.applicant import KINDS, SEXES
from app.core.card import old_number
from app.core.completeness import FeeGiven, judge
from app.core.facts import FAULTS, REFUSAL_REASONS
from app.core.procedure import Fee, Procedure
from app.core.procedure_parts import Component
from app.core.refusals import Refused
from app.intake.request import CHANNELS, RESULT_CHANNELS, PaperGiven, Request

Typed = Mapping[str, str]
HAVE, MISSING, NONE = "have", "missing", "none"
MARKS = {HAVE: "Đủ", MISSING: "Thiếu", NONE: "Không nộp"}
SUPPLEMENT_REASON = "Hồ sơ chưa đủ thành phần theo quy định."
PERSON = ("kind", "name", "personal_id", "birth_date", "sex", "address", "phone", "email", "old_id")
SECOND = ("name", "personal_id", "birth_date", "address", "phone")
NOT_KEPT = frozenset(
    {
        "csrf_token",
        "action",
        "choose",
        "key",
        "draft",
        "draft_seen",
        "reason",
        "reason_code",
        "fault",
        "staged",
    }
)
_FEE_FIELD = re.compile(r"fees\[(\d+)\]\.(\w+)")


class ChoiceField(StringField):
    """One of some values, kept as typed: what may be chosen is the domain's to judge.

    options: (value, label) pairs as the page offers them; a page may narrow its own.
    """

    def __init__(self, label: str, options: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.options = list(options.items())


class IntakeForm(FlaskForm):
    """The fields that every procedure has; nothing typed is ever cut or refused here."""

    key = HiddenField()
    draft = HiddenField()
    draft_seen = HiddenField()
    previous = HiddenField()
    one_stop = HiddenField()
    procedure = HiddenField()
    tim = StringField("Tìm thủ tục theo tên, chữ cái đầu, lĩnh vực hoặc mã")
    case = ChoiceField("Trường hợp", {})
    kind = ChoiceField("Người nộp là", KINDS, default="person")
    name = StringField("Họ và tên")
    personal_id = StringField("Số căn cước")
    old_id = HiddenField()
    birth_date = StringField("Ngày sinh")
    sex = ChoiceField("Giới tính", {"": ""} | {s: s for s in SEXES})
    address = StringField("Nơi thường trú")
    phone = StringField("Điện thoại")
    email = StringField("Thư điện tử")
    commune = ChoiceField("Xã, thị trấn", {})
    submitter_name = StringField("Họ và tên người nộp thay")
    submitter_personal_id = StringField("Số căn cước")
    submitter_birth_date = StringField("Ngày sinh")
    submitter_address = StringField("Nơi thường trú")
    submitter_phone = StringField("Điện thoại")
    channel = ChoiceField("Cách nộp", CHANNELS, default="direct")
    result_channel = ChoiceField("Nhận kết quả", RESULT_CHANNELS, default="direct")
    note = TextAreaField("Ghi chú")
    reason_code = ChoiceField("Nhóm lý do", {"": "Chọn nhóm lý do"} | REFUSAL_REASONS)
    reason = TextAreaField("Lý do")
    legal_basis = StringField("Căn cứ pháp lý")
    supplement_reason = TextAreaField("Lý do yêu cầu bổ sung", default=SUPPLEMENT_REASON)
    fault = ChoiceField("Do ai phải bổ sung lần nữa", {"": "Chọn"} | FAULTS)

    def value(self, name: str) -> str:
        """What stands in a field, without blanks around it."""
        return (self[name].data or "").strip()

    @property
    def old_number(self) -> str:
        """The old card's number as the scanned card told it; nobody could put right another."""
        if self.value("kind") == "organisation":
            return ""
        return old_number(self.value("old_id"), self.value("personal_id"))


def marks_of(procedure: Procedure, case: str | None, typed: Typed) -> dict[int, str]:
    """Per number of a component its mark; empty where a needed paper is not looked at yet.

    A paper under a condition counts as not handed in until it is marked. Of papers of which one
    will do, one that is there, or said to be missing, settles the others; when none of them is
    handed in the first one is missing.
    """
    marks = {}
    groups: dict[str, list[int]] = {}
    for index, component in procedure.components_for(case):
        mark = typed.get(f"components-{index}", "")
        open_ = component.required or component.one_of
        marks[index] = mark if mark in MARKS else ("" if open_ else NONE)
        if component.one_of:
            groups.setdefault(component.one_of, []).append(index)
    for members in groups.values():
        _settle(marks, members)
    return marks


def _settle(marks: dict[int, str], members: Sequence[int]) -> None:
    """One mark decides for a group of which one will do."""
    given = [i for i in members if marks[i] == HAVE]
    lacking = [i for i in members if marks[i] == MISSING]
    if not given and not lacking and all(marks[i] == NONE for i in members):
        lacking = [members[0]]
    if not given and not lacking:
        return
    for i in members:
        if i not in given:
            marks[i] = MISSING if not given and i == lacking[0] else NONE


def refused_marks(procedure: Procedure, marks: Mapping[int, str], case: str | None) -> Refused:
    """What the marks lack for acceptance, a sentence for each row; no fields if nothing.

    Marking a paper under a condition "Thiếu" says that the condition holds, so that it is
    needed like a required one.
    """
    fields: dict[str, str] = {}
    unseen = _unseen(procedure, marks)
    for i in unseen:
        fields[f"components.{i}"] = (
            "chưa kiểm tra: cần ít nhất một trong các giấy tờ của nhóm này."
            if procedure.components[i - 1].one_of
            else "chưa kiểm tra, hãy chọn Đủ hoặc Thiếu."
        )
    needed = replace(
        procedure,
        components=tuple(
            replace(component, required=_is_needed(component, marks.get(i, "")))
            for i, component in enumerate(procedure.components, 1)
        ),
    )
    listed = {i for i, mark in marks.items() if mark == HAVE or not mark}
    verdict = judge(needed, case, listed)
    for i in verdict.missing:
        fields[f"components.{i}"] = "còn thiếu."
    for members in verdict.group_choices:
        fields[f"components.{members[0]}"] = "cần ít nhất một trong các giấy tờ của nhóm này."
    if unseen:
        rows = ", ".join(str(i) for i in unseen)
        sentence = f"Chưa kiểm tra giấy tờ số {rows}: hãy chọn Đủ hoặc Thiếu ở từng dòng."
    else:
        sentence = verdict.sentence
    code = "bad_request" if unseen else "incomplete"
    return Refused(code, sentence, fields=fields, detail={"missing": list(verdict.missing)})


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _unseen(procedure: Procedure, marks: Mapping[int, str]) -> list[int]:
    """The papers to look at still; of a group of which one will do, its first one."""
    groups: set[str] = set()
    found = []
    for i in (i for i, mark in marks.items() if not mark):
        group = procedure.components[i - 1].one_of
        if group not in groups:
            found.append(i)
        if group:
            groups.add(group)
    return found


def _is_needed(component: Component, mark: str) -> bool:
    return component.required or (mark == MISSING and not component.one_of)


def request_of(form: IntakeForm, procedure: Procedure | None, typed: Typed) -> Request:
    """The form as the domain takes it."""
    case = form.value("case") or None
    papers: tuple[PaperGiven, ...] = ()
    fees: tuple[FeeGiven, ...] = ()
    if procedure is not None and not (procedure.cases and case is None):
        marks = marks_of(procedure, case, typed)
        components = dict(procedure.components_for(case))
        papers = tuple(
            PaperGiven(i, components[i].originals, components[i].copies, _count(typed, f"held-{i}"))
            for i, mark in marks.items()
            if mark == HAVE
        )
        due = procedure.fees_for(case, form.value("channel"))
        fees = tuple(fee_given(i, fee, typed) for i, fee in due if fee_ticked(i, fee, typed))
    second = {key: form.value(f"submitter_{key}") for key in SECOND}
    return Request(
        procedure=form.value("procedure"), one_stop=form.value("one_stop"),
        applicant={key: form.value(key) for key in PERSON} | {"old_id": form.old_number},
        papers=papers, fees=fees, case=case,
        channel=form.value("channel"), result_channel=form.value("result_channel"),
        submitter=second if any(second.values()) else None,
        commune=form.value("commune") or None, note=form.value("note"),
        draft=form.value("draft") or None, draft_seen=_version(form.value("draft_seen")),
        previous=form.value("previous") or None,
    )  # fmt: skip


def fee_ticked(index: int, fee: Fee, typed: Typed) -> bool:
    """Whether the fee is due: always without a condition, else when the clerk ticked it."""
    return not fee.condition or f"fee-{index}" in typed


def fee_given(index: int, fee: Fee, typed: Typed) -> FeeGiven:
    """One fee as the clerk entered it; -1 stands for what is no whole number (refused later)."""
    amount = _money(typed.get(f"fee-{index}-amount", "")) if fee.set_by else None
    timing = typed.get(f"fee-{index}-timing", "later")
    quantity = typed.get(f"fee-{index}-quantity", "").strip()
    return FeeGiven(
        index,
        _whole(quantity) if quantity else 1,
        amount,
        typed.get(f"fee-{index}-exempt", "").strip(),
        timing,
    )


def _money(text: str) -> int | None:
    bare = re.sub(r"[\s.,đ]", "", text.lower())
    return _whole(bare) if bare else None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _count(typed: Typed, name: str) -> int:
    text = typed.get(name, "").strip()
    return _whole(text) if text else 0


def kept(typed: Mapping[str, Any]) -> dict[str, str]:
    """What a draft keeps of the form."""
    return {k: str(v) for k, v in typed.items() if k not in NOT_KEPT and str(v).strip()}


def errors_by_field(refused: Refused, request: Request | None) -> dict[str, str]:
    """The refusal's sentences by the id of the field on the page; "" for one without a field."""
    found = {}
    for key, sentence in refused.fields.items():
        found[_element(key, request)] = sentence
    return found or {"": refused.sentence}


def _element(key: str, request: Request | None) -> str:
    fee = _FEE_FIELD.fullmatch(key)
    if fee and request and int(fee[1]) < len(request.fees):
        return f"fee-{request.fees[int(fee[1])].index}-{fee[2]}"
    part, _, rest = key.partition(".")
    match part:
        case "applicant":
            return rest
        case "submitter":
            return f"submitter_{rest}"
        case "components":
            return f"components-{rest}" if rest else "papers"
        case "items":
            return "papers"
    return key


ADDRESSED = {"one_stop": "quay", "procedure": "thu-tuc", "case": "truong-hop"}
# What the empty screen sends by itself.
_AS_OPENED = {"kind", "channel", "result_channel", "commune", "supplement_reason"}


def address_of(typed: Typed) -> dict[str, str] | None:
    """What the address of the screen holds, where nothing but the procedure was chosen yet.

    So that a browser may come back to it later without asking whether to send a form again.
    """
    if set(kept(typed)) - _AS_OPENED - set(ADDRESSED) or typed.get("draft"):
        return None
    return {word: typed[name] for name, word in ADDRESSED.items() if typed.get(name)}


def forget_rows(typed: MutableMapping[str, str]) -> None:
    """Marks and fees belong to the procedure for which they were made."""
    for name in list(typed):
        if name.startswith(("components-", "held-", "fee-", "missing-note-")) or name == "case":
            del typed[name]
