"""What is told at the counter, from the screen or the API, in one plain form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core import applicant as applicants
from app.core.actor import Actor, Post
from app.core.applicant import Applicant
from app.core.completeness import FeeGiven, FeeLine, fee_lines, judge
from app.core.procedure import Procedure
from app.core.refusals import Refused
from app.core.states import Role
from app.journey.office import DelegationInfo, Edition, Office, UnitInfo

CHANNELS = {"direct": "Trực tiếp", "post": "Bưu chính công ích", "online": "Trực tuyến"}
RESULT_CHANNELS = {
    "direct": "Tại Bộ phận Một cửa",
    "post": "Qua bưu chính công ích",
    "online": "Trực tuyến",
}
HIGHEST_COUNT = 99
LONGEST_REASON = 300
# Control characters but tab and line ends; halves of a surrogate pair.
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PaperGiven:
    """A paper laid on the counter: number of the component, pieces, originals to give back."""

    index: int
    originals: int | None = None
    copies: int | None = None
    held: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """An intake as told; draft: the temporary id of the counter's draft it comes from,
    draft_seen: its version as the screen showed it.

    previous: code of a dossier closed without a supplement, which comes again with it.
    """

    procedure: str
    one_stop: str
    applicant: Mapping[str, Any]
    papers: tuple[PaperGiven, ...] = ()
    fees: tuple[FeeGiven, ...] = ()
    case: str | None = None
    channel: str = "direct"
    result_channel: str = "direct"
    submitter: Mapping[str, Any] | None = None
    commune: str | None = None
    note: str = ""
    draft: str | None = None
    draft_seen: int | None = None
    previous: str | None = None


@dataclass(slots=True)
class Intake:
    """A request that has been judged: everything that receiving needs, nothing stored yet."""

    request: Request
    edition: Edition
    counter: UnitInfo
    post: Post
    commune: str | None
    agency: str
    department: str
    applicant: Applicant
    submitter: Applicant | None
    delegation: DelegationInfo | None
    doubts: dict[str, str] = field(default_factory=dict)
    fees: list[FeeLine] = field(default_factory=list)

    @property
    def procedure(self) -> Procedure:
        """The pinned edition's content."""
        return self.edition.procedure


def judge_request(
    office: Office, actor: Actor, today: date, request: Request, *, complete: bool = True
) -> Intake:
    """Check everything an intake needs; Refused with all the fields that are wrong.

    complete=False leaves out papers and fees (a refusal at the counter needs neither).
    """
    edition = office.edition_for(request.procedure, today)
    procedure = edition.procedure
    counter, post = _counter(office, actor, request, procedure)
    if not counter.valid_on(office.judged(today)):
        raise Refused("unit_ended", f"{counter.name} không còn hoạt động.")
    if request.channel not in procedure.channels:
        offered = ", ".join(CHANNELS[c].lower() for c in procedure.channels)
        raise _field("channel", f"Thủ tục này chỉ nhận {offered}.")
    if request.result_channel not in RESULT_CHANNELS:
        raise _field("result_channel", "Nơi nhận kết quả là direct, post hoặc online.")
    commune = counter.commune_slug or request.commune or office.profile.commune or None
    applicant, submitter, doubts = _people(request, today, complete)
    agency = _resolve(office, procedure.agency, commune)
    department = _resolve(office, procedure.department, commune)
    delegation = office.delegation_for(counter.id, procedure, today)
    intake = Intake(
        request, edition, counter, post, commune, agency, department, applicant, submitter,
        delegation, doubts,
    )  # fmt: skip
    if complete:
        procedure.case(request.case)
        _papers(procedure, request)
        _reasons(request)
        intake.fees = fee_lines(procedure, request.case, request.channel, list(request.fees))
    return intake


def _field(name: str, sentence: str) -> Refused:
    return Refused("bad_request", sentence, fields={name: sentence})


def _counter(
    office: Office, actor: Actor, request: Request, procedure: Procedure
) -> tuple[UnitInfo, Post]:
    counter = office.unit(request.one_stop)
    post = actor.post_for(Role.INTAKE_OFFICER, counter.id, counter.path)
    if post is None:
        raise Refused("not_allowed", f"Bạn không được phân công tiếp nhận tại {counter.name}.")
    if counter.base_id not in procedure.received_at:
        places = "; ".join(office.base_name(unit) for unit in procedure.received_at)
        raise Refused(
            "wrong_counter",
            f"Thủ tục này không nhận tại {counter.name}. Nơi nhận: {places}.",
            fields={"one_stop": f"Nơi nhận thủ tục này: {places}."},
        )
    return counter, post


def _resolve(office: Office, base_id: str, commune: str | None) -> str:
    unit_id = office.resolve(base_id, commune)
    if unit_id is None:
        raise _field(
            "commune",
            "Thủ tục này do cấp xã tham gia giải quyết: hãy chọn xã, thị trấn của người nộp.",
        )
    return unit_id


def resolve_step_unit(office: Office, base_id: str, commune: str | None) -> str:
    """The unit of a route step; the same sentence where the commune is missing."""
    return _resolve(office, base_id, commune)


def _people(
    request: Request, today: date, complete: bool
) -> tuple[Applicant, Applicant | None, dict[str, str]]:
    checked = applicants.read(request.applicant)
    errors = {f"applicant.{key}": text for key, text in checked.errors.items()}
    doubts = {f"applicant.{key}": text for key, text in checked.doubts.items()}
    submitter = None
    if request.submitter and any(request.submitter.values()):
        second = applicants.read(request.submitter, whose="người nộp thay")
        errors |= {f"submitter.{key}": text for key, text in second.errors.items()}
        submitter = second.applicant
    for part, person in (("applicant", checked.applicant), ("submitter", submitter)):
        if person and person.birth_date and person.birth_date > today:
            errors[f"{part}.birth_date"] = f"Ngày sinh {person.birth_date:%d/%m/%Y} chưa đến."
    by_post = "post" in (request.channel, request.result_channel)
    if complete and by_post and not (request.applicant.get("address") or "").strip():
        errors.setdefault("applicant.address", "Gửi, nhận qua bưu chính cần địa chỉ người nộp.")
    if len(request.note) > HIGHEST_COUNT * 10:
        errors["note"] = f"Ghi chú dài quá {HIGHEST_COUNT * 10} ký tự, hãy viết gọn."
    if UNREADABLE.search(request.note):
        errors["note"] = "Ghi chú có ký tự không đọc được, hãy gõ lại mục này."
    if errors or checked.applicant is None:
        raise Refused("bad_request", next(iter(errors.values())), fields=errors)
    return checked.applicant, submitter, doubts


def _papers(procedure: Procedure, request: Request) -> None:
    seen: set[int] = set()
    for paper in request.papers:
        counts = (paper.originals, paper.copies, paper.held)
        if any(c is not None and not 0 <= c <= HIGHEST_COUNT for c in counts):
            raise _field(
                f"components.{paper.index}", f"Số bản của giấy tờ phải từ 0 đến {HIGHEST_COUNT}."
            )
        if paper.index in seen:
            raise _field(f"components.{paper.index}", "Giấy tờ này ghi hai lần.")
        if paper.held > (paper.originals if paper.originals is not None else paper.held):
            raise _field(f"components.{paper.index}", "Số bản chính giữ lại nhiều hơn số nộp.")
        seen.add(paper.index)
    verdict = judge(procedure, request.case, seen)
    if verdict.missing or verdict.groups_missing:
        raise Refused(
            "incomplete",
            verdict.sentence,
            fields={f"components.{i}": "Giấy tờ bắt buộc còn thiếu." for i in verdict.missing},
            detail={
                "missing": list(verdict.missing),
                "groups_missing": list(verdict.groups_missing),
            },
        )


def _reasons(request: Request) -> None:
    for position, fee in enumerate(request.fees):
        if len(fee.exempt_reason) > LONGEST_REASON:
            raise _field(
                f"fees[{position}].exempt",
                f"Lý do miễn dài quá {LONGEST_REASON} ký tự, hãy viết gọn.",
            )


def clean_note(text: str) -> str:
    """The counter's note as stored."""
    return unicodedata.normalize("NFC", text).strip()
