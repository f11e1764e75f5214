"""What must hold beside state and role, and what an action changes on the dossier's own row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from app.clock import VIETNAM
from app.core import applicant as applicants
from app.core import route
from app.core.actor import Actor
from app.core.completeness import MAX_AMOUNT
from app.core.refusals import Refused
from app.core.states import Role
from app.core.vietnamese import dong, fold
from app.core.workflow import Transition
from app.journey.hands import people_at
from app.journey.office import Db, Office
from app.models import Dossier, FeeLine, Paper, ResultNumber, Step


@dataclass(slots=True)
class Act:
    """One action on its way through the door."""

    session: Db
    office: Office
    dossier: Dossier
    steps: Sequence[Step]
    row: Transition
    step: Step | None
    actor: Actor
    now: datetime
    day: date
    note: str
    facts: dict[str, Any]


def _send_to_agency(act: Act) -> None:
    following = route.ready_after_first(act.steps)
    if following is not None and following.moved_from is not None:
        raise Refused(
            "settled_at_one_stop",
            "Hồ sơ này được giải quyết tại Bộ phận Một cửa theo văn bản ủy quyền, "
            "không phải chuyển đi. Hãy chọn “Giải quyết tại Bộ phận Một cửa”.",
        )


def _start_at_one_stop(act: Act) -> None:
    if act.dossier.delegation_id is None:
        raise Refused(
            "no_delegation",
            "Thủ tục này chưa có văn bản ủy quyền còn hiệu lực khi tiếp nhận, "
            "hãy chuyển hồ sơ đến cơ quan giải quyết.",
        )


def _assign(act: Act) -> None:
    assert act.step is not None  # noqa: S101 - the row always acts on a step
    officers = people_at(act.session, act.step.unit_id, Role.CASE_OFFICER, act.day)
    wanted = act.facts["assignee"]
    chosen = next((p for p in officers if wanted in (p.id, p.username)), None)
    if chosen is None:
        names = ", ".join(f"{p.name} ({p.username})" for p in officers) or "chưa có ai"
        unit = act.office.unit_name(act.step.unit_id)
        raise Refused(
            "not_an_officer",
            f"“{wanted}” không phải công chức thụ lý của {unit}. Có thể giao cho: {names}.",
            fields={"assignee": "Hãy chọn người trong danh sách của đơn vị."},
        )
    act.facts |= {"assignee": chosen.id, "assignee_name": chosen.name}
    act.step.assignee_id = chosen.id


def _propose(act: Act) -> None:
    act.dossier.proposed_by = act.actor.id
    act.dossier.outcome = act.row.result
    refused = act.row.result == "refused"
    act.dossier.notice_facts = json.dumps(act.facts, ensure_ascii=False) if refused else None


def _approve(act: Act) -> None:
    delegated = act.step is not None and act.step.moved_from is not None
    if act.actor.id == act.dossier.proposed_by and not delegated:
        raise Refused(
            "same_person",
            "Người thẩm định không được ký duyệt chính hồ sơ mình trình. "
            "Hãy để người có thẩm quyền khác ký.",
        )
    if act.dossier.outcome is None:
        act.dossier.outcome = "granted"


def _send_back(act: Act) -> None:
    act.dossier.outcome = None
    act.dossier.proposed_by = None


def _issue(act: Act) -> None:
    refusal = act.dossier.outcome == "refused"
    if refusal != (act.row.action == "issue_refusal"):
        other = "Vào số thông báo từ chối" if refusal else "Vào số, đóng dấu"
        raise Refused("wrong_issue", f"Kết quả đã ký của hồ sơ này phải dùng “{other}”.")
    issued_on = result_day(act, act.dossier.accepted_at or act.now)
    act.dossier.outcome = act.row.result
    act.dossier.result_date = issued_on
    if "number" in act.facts:
        assert act.step is not None  # noqa: S101 - the row always acts on a step
        take_number(act, act.step.moved_from or act.step.unit_id, issued_on)


def result_day(act: Act, earliest: datetime) -> date:
    """The day of issue that was told (else today), noted in the facts.

    Refused where it lies after today or before the earliest moment it can be.
    """
    issued_on = date.fromisoformat(
        act.facts.setdefault("issued_on", act.now.astimezone(VIETNAM).date().isoformat())
    )
    first = _day(earliest)
    if issued_on > _day(act.now):
        raise wrong_field("issued_on", "Ngày ban hành không được sau hôm nay.")
    if issued_on < first:
        raise wrong_field("issued_on", f"Ngày ban hành không được trước ngày {first:%d/%m/%Y}.")
    return issued_on


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def take_number(act: Act, unit: str, issued_on: date) -> None:
    """Keep the number told for the result; Refused where the unit's year has it already."""
    number, symbol = act.facts["number"], act.facts.get("symbol", "")
    key = (unit, symbol.upper()[:50], issued_on.year, number.lstrip("0") or "0")
    taken = act.session.get(ResultNumber, key)
    if taken is not None and taken.dossier_id != act.dossier.id:
        raise number_taken(number, symbol, issued_on.year)
    if taken is None:
        act.session.add(
            ResultNumber(
                unit_id=key[0], symbol=key[1], year=key[2], number=key[3],
                dossier_id=act.dossier.id,
            )
        )  # fmt: skip
    act.dossier.result_number = f"{number}/{symbol}" if symbol else number


def number_taken(number: str, symbol: str, year: int) -> Refused:
    """The refusal for a number already given, found before or by the unique key."""
    return Refused(
        "number_taken",
        f"Số {number}/{symbol} năm {year} đã cấp cho văn bản khác, hãy lấy số tiếp theo.",
        fields={"number": "Số này đã dùng trong năm, hãy nhập số khác."},
    )


def _receive_result(act: Act) -> None:
    if route.work_left(act.steps):
        names = "; ".join(
            f"{s.name} ({act.office.unit_name(s.unit_id)})" for s in route.active(act.steps)
        )
        raise Refused("work_left", f"Chưa đủ kết quả: còn bước {names}.")
    act.dossier.shelf = act.facts.get("shelf")


def collect(act: Act) -> None:
    """Fees due at the hand-over must be taken; the lines and the dossier note it."""
    dossier = act.dossier
    if dossier.fees_unknown:
        raise wrong_field(
            "fee_paid",
            f"Còn {dossier.fees_unknown} khoản phí, lệ phí chưa ghi số tiền: ghi số tiền "
            "(0 nếu không thu) rồi mới trả kết quả.",
        )
    if not dossier.fee_due:
        return
    if not act.facts.get("fee_paid"):
        due = dong(dossier.fee_due)
        raise wrong_field("fee_paid", f"Còn {due} phí, lệ phí chưa thu: thu rồi đánh dấu đã thu.")
    _mark_paid(act)
    act.facts["fee_collected"] = dossier.fee_due
    dossier.fee_due = 0


def give_back(act: Act) -> None:
    """Originals held must be given back (NĐ 61/2018 Đ20.2; NĐ 118/2025 Đ22.2)."""
    dossier = act.dossier
    if not dossier.originals_held:
        return
    if not act.facts.get("originals_returned"):
        raise wrong_field(
            "originals_returned",
            f"Đang giữ {dossier.originals_held} bản chính: trả lại rồi đánh dấu đã trả.",
        )
    act.session.execute(update(Paper).where(Paper.dossier_id == dossier.id).values(held=0))
    dossier.originals_held = 0


def today_of(act: Act) -> date:
    """The day of the act in Vietnam."""
    return act.now.astimezone(VIETNAM).date()


def wrong_field(name: str, sentence: str) -> Refused:
    """The refusal of one fact, with its sentence beside the field."""
    return Refused("bad_facts", sentence, fields={name: sentence})


def not_lost(act: Act) -> None:
    """A result noted as lost cannot be handed over; it is issued again first."""
    if act.dossier.results_lost:
        raise Refused("result_lost", "Kết quả đã ghi nhận bị mất: hãy cấp lại kết quả rồi mới trả.")


def _return_direct(act: Act) -> None:
    not_lost(act)
    errors: dict[str, str] = {}
    by_other = act.facts.get("receiver_relation", "self") == "authorised"
    if by_other and not act.facts.get("authorisation"):
        errors["authorisation"] = "Người nhận không đứng tên hồ sơ: hãy ghi giấy ủy quyền."
    for check in (collect, give_back):
        try:
            check(act)
        except Refused as refused:
            errors |= refused.fields
    if errors:
        raise Refused("bad_facts", next(iter(errors.values())), fields=errors)
    act.dossier.returned_at = act.now


def _amend_data(act: Act) -> None:
    dossier, changes = act.dossier, act.facts["changes"]
    new = {
        "kind": dossier.applicant_kind, "name": dossier.applicant_name,
        "personal_id": dossier.personal_id, "birth_date": dossier.birth_date,
        "sex": dossier.sex, "address": dossier.address, "phone": dossier.phone,
        "email": dossier.email, "old_id": dossier.applicant_old_id,
    }  # fmt: skip
    new |= {k.removeprefix("applicant_"): v for k, v in changes.items() if k in _APPLICANT_KEYS}
    checked = applicants.read(new)
    if checked.applicant is None:
        raise Refused("bad_facts", next(iter(checked.errors.values())), fields=checked.errors)
    fresh: dict[str, Any] = {
        k: getattr(checked.applicant, k.removeprefix("applicant_")) for k in _APPLICANT_KEYS
    }
    fresh |= {k: v for k, v in changes.items() if k in ("note", "result_channel")}
    if fresh.get("result_channel", "direct") not in ("direct", "post", "online"):
        raise Refused("bad_facts", "Nơi nhận kết quả là direct, post hoặc online.")
    _check_amended(act, fresh)
    told = {}
    for key in changes:
        old = getattr(dossier, key)
        if old != fresh[key]:
            told[key] = [_plain(old), _plain(fresh[key])]
            setattr(dossier, key, fresh[key])
    if not told:
        raise Refused("nothing_changed", "Thông tin mới giống thông tin cũ, không có gì để sửa.")
    dossier.name_folded = fold(dossier.applicant_name)
    act.facts["changes"] = told


def _check_amended(act: Act, fresh: dict[str, Any]) -> None:
    """What the acceptance asked for holds after an amendment too."""
    dossier, birth = act.dossier, fresh["birth_date"]
    by_post = "post" in (dossier.channel, fresh.get("result_channel", dossier.result_channel))
    if by_post and not fresh["address"]:
        raise wrong_field("address", "Gửi, nhận qua bưu chính cần địa chỉ người nộp.")
    if birth is not None and birth > today_of(act):
        raise wrong_field("birth_date", f"Ngày sinh {birth:%d/%m/%Y} chưa đến.")


_APPLICANT_KEYS = frozenset(
    {
        "applicant_name",
        "applicant_old_id",
        "personal_id",
        "birth_date",
        "sex",
        "address",
        "phone",
        "email",
    }
)


def _plain(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _collect_fee(act: Act) -> None:
    """Part of what is due may be taken; the lines are paid when nothing is left."""
    dossier, amount = act.dossier, act.facts["amount"]
    if not dossier.fee_due:
        raise Refused("nothing_due", "Hồ sơ này không còn khoản phí, lệ phí nào phải thu.")
    if not 0 < amount <= dossier.fee_due:
        raise wrong_field(
            "amount", f"Số tiền phải từ 1 đồng đến {dong(dossier.fee_due)} còn thiếu."
        )
    dossier.fee_due -= amount
    act.facts["fee_collected"] = amount
    if not dossier.fee_due:
        _mark_paid(act)


def _enter_fee(act: Act) -> None:
    """The amount of a fee that a resolution sets, known only now; from then on it is due."""
    dossier, amount = act.dossier, act.facts["fee_amount"]
    open_lines = (FeeLine.dossier_id == dossier.id) & FeeLine.amount.is_(None)
    lines = {
        str(line.number): line
        for line in act.session.scalars(select(FeeLine).where(open_lines).order_by(FeeLine.number))
        if not line.exempt_reason
    }
    line = lines.get(str(act.facts["fee_line"]))
    if line is None:
        names = "; ".join(f"{number} ({one.name})" for number, one in lines.items())
        told = f"hãy chọn trong: {names}" if names else "mọi khoản đều đã có số tiền"
        raise wrong_field("fee_line", f"Không có khoản này, {told}.")
    procedure = act.office.editions[dossier.edition_id].procedure
    most = procedure.fees[line.fee_index - 1].max or MAX_AMOUNT
    if not 0 <= amount <= most:
        raise wrong_field("fee_amount", f"Số tiền phải từ 0 đến {dong(most)}.")
    line.amount = amount
    dossier.fee_total += amount
    dossier.fee_due += amount
    dossier.fees_unknown -= 1
    act.facts["fee_name"] = line.name


def _mark_paid(act: Act) -> None:
    unpaid = (FeeLine.dossier_id == act.dossier.id) & FeeLine.paid_at.is_(None)
    act.session.execute(update(FeeLine).where(unpaid).values(paid_at=act.now))


def _void(act: Act) -> None:
    accepted = act.dossier.accepted_at
    today = act.now.astimezone(VIETNAM).date()
    if accepted is None or accepted.astimezone(VIETNAM).date() != today:
        raise Refused(
            "too_late_to_void",
            "Chỉ hủy được trong ngày tiếp nhận và trước mọi bước sau. "
            "Hồ sơ này hãy cho rút hoặc dừng theo quy định.",
        )


GUARDS: dict[str, Callable[[Act], None]] = {
    "send_to_agency": _send_to_agency,
    "start_at_one_stop": _start_at_one_stop,
    "assign": _assign,
    "reassign": _assign,
    "propose_result": _propose,
    "propose_refusal": _propose,
    "approve": _approve,
    "send_back": _send_back,
    "issue": _issue,
    "issue_refusal": _issue,
    "receive_result": _receive_result,
    "return_direct": _return_direct,
    "amend_data": _amend_data,
    "collect_fee": _collect_fee,
    "enter_fee": _enter_fee,
    "void": _void,
}
