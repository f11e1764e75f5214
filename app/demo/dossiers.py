"""Dossiers with lawful histories: received in office hours, walked through the door, some late."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.completeness import FeeGiven
from app.core.procedure import Procedure
from app.core.refusals import Refused
from app.core.states import CLOSED, Role, Status
from app.demo.cast import Cast, Next
from app.demo.detours import BEGUN, ONWARD, STAYS, Act, Way
from app.demo.people import GIVEN, MIDDLES, SURNAMES
from app.intake import actions as intake
from app.intake.online import submit
from app.intake.request import PaperGiven, Request
from app.journey import door
from app.journey.office import Db, Edition, Office
from app.models import Dossier

SEED = 3159
DAYS_BACK = 75
BATCH = 50


# Working minutes before an act, from … to; what is not named takes 5 to 150.
_WAITS = {
    "send_to_agency": (5, 260), "agency_receive": (10, 240), "assign": (10, 300),
    "finish_step": (30, 500), "propose_result": (60, 900), "approve": (30, 600),
    "issue": (15, 240), "payment_done": (400, 4000), "receive_result": (10, 240),
    "return_direct": (60, 2400),
}  # fmt: skip
# What every fortieth dossier is; a kind of detours.BEGUN, or one of these.
ONLINE = ("online", "online_supplement", "cancelled")
STAYING = 0.5  # of those whose detour is a waiting, so many still wait
KINDS = {
    7: "refused", 23: "voided", 31: "draft", 1: "supplement", 4: "proposed", 9: "verify",
    12: "consult", 15: "apology", 18: "withdraw", 20: "withdrawn", 26: "halt", 28: "post",
    33: "online", 35: "online_supplement", 36: "cancelled", 38: "supplement", 22: "pause",
    39: "pause",
}  # fmt: skip
_OPINIONS = (
    "Hồ sơ đủ thành phần, đúng quy định; đề nghị giải quyết.",
    "Đã đối chiếu bản chính, đủ điều kiện; đề nghị ký.",
    "Đã kiểm tra hiện trạng, phù hợp hồ sơ; đề nghị giải quyết.",
)
_REFUSAL = {
    "reason_code": "not_eligible",
    "reason": "Qua thẩm định, hồ sơ không đáp ứng điều kiện theo quy định của thủ tục.",
    "legal_basis": "khoản 8 Điều 19 Nghị định 61/2018/NĐ-CP",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A dossier to come: where and when it is received, and how it will go."""

    at: datetime
    edition: Edition
    counter: str
    kind: str


def fill_dossiers(
    session: Db, office: Office, now: datetime, count: int, seed: int = SEED
) -> Iterator[int]:
    """Make `count` dossiers; yields how many are made each time a batch wants committing."""
    dice = random.Random(seed)  # noqa: S311 - a repeatable demo, not a secret
    cast = Cast(session, office, now)
    for number, plan in enumerate(_plans(office, now, count, dice), 1):
        _live(session, office, cast, plan, now, dice)
        if number % BATCH == 0 or number == count:
            session.flush()
            yield number


def _plans(office: Office, now: datetime, count: int, dice: random.Random) -> list[Plan]:
    counters = _counters(office, now)
    today = now.astimezone(VIETNAM).date()
    offered = [e for e in office.offered(today).values() if not e.procedure.confidential]
    plans = []
    for number in range(count):
        counter = counters[0] if dice.random() < 0.7 else dice.choice(counters)
        base = office.unit(counter).base_id
        fitting = [e for e in offered if base in e.procedure.received_at]
        if KINDS.get(number % 40) == "pause":
            fitting = [e for e in fitting if e.procedure.time_limit.pauses] or fitting
        edition = fitting[number % len(fitting)] if number < 40 else dice.choice(fitting)
        kind = KINDS.get(number % 40, "life")
        at = _office_minute(office, now, dice, recent=kind in ("voided", "draft", *ONLINE))
        plans.append(Plan(at, edition, counter, kind))
    return sorted(plans, key=lambda p: p.at)


def _counters(office: Office, now: datetime) -> list[str]:
    """The main one-stop first, then those of its kind with people at them."""
    day = office.judged(now.astimezone(VIETNAM).date())
    main = office.profile.main_one_stop
    kinds = [
        u.id
        for u in office.units.values()
        if u.kind == "one_stop" and u.tier in ("huyện", "xã") and u.valid_on(day) and u.id != main
    ]
    return [
        main,
        *sorted(kinds)[:6],
        *(["mot-cua-xa@nga-yen"] * 6 if main == "mot-cua-huyen" else []),
    ]


def _office_minute(office: Office, now: datetime, dice: random.Random, *, recent: bool) -> datetime:
    back = 0 if recent else int(DAYS_BACK * dice.random() ** 2.2)
    day = now.astimezone(VIETNAM).date() - timedelta(days=back)
    calendar = office.calendar
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    at = calendar.add_working_minutes(calendar.opening(day), dice.randint(5, 440))
    return min(at, now - timedelta(minutes=1))


def _live(
    session: Db, office: Office, cast: Cast, plan: Plan, now: datetime, dice: random.Random
) -> None:
    counter = office.unit(plan.counter)
    officer = cast.holder(Role.INTAKE_OFFICER, counter.id)
    request = sample_request(office, plan.edition.procedure, counter.id, dice, now)
    if plan.kind == "draft":
        form = {"procedure": request.procedure, "name": request.applicant["name"]}
        intake.save_draft(session, office, officer, plan.at, counter.id, form)
        return
    if plan.kind == "refused":
        intake.refuse(
            session, office, officer, plan.at, request, reason_code="wrong_authority",
            reason="Thửa đất ngoài địa bàn huyện; hồ sơ nộp tại nơi có đất.",
        )  # fmt: skip
        return
    if plan.kind in ONLINE:
        _submitted(session, office, officer, plan, request)
        return
    if plan.kind == "post":
        request = replace(request, result_channel="post")
    prepared = intake.prepare(office, officer, plan.at, request)
    made = intake.receive(session, office, officer, prepared)
    dossier = session.scalars(select(Dossier).where(Dossier.id == made.id)).one()
    if plan.kind == "voided":
        try:
            head = cast.holder(Role.ONE_STOP_HEAD, counter.id)
        except LookupError:
            return
        facts = {"reason": "Nhập nhầm thủ tục, đã tiếp nhận lại bằng hồ sơ khác."}
        door.advance(
            session, office, dossier, "void", head, plan.at + timedelta(seconds=40), facts=facts
        )
        return
    _walk(session, office, cast, dossier, plan, now, dice)


def _submitted(
    session: Db, office: Office, officer: Actor, plan: Plan, request: Request
) -> None:  # fmt: skip
    """An online submission that waits, or one that was asked for more."""
    form = {"procedure": request.procedure, "case": request.case or "", **request.applicant}
    sent = replace(request, channel="online")
    if "online" not in plan.edition.procedure.channels:
        sent = request
    shown = {k: str(v) for k, v in form.items() if v is not None}
    made = submit(session, office, officer, plan.at, sent, shown)
    if plan.kind == "cancelled":
        door.advance(
            session, office, made, "request_withdraw", officer, plan.at + timedelta(minutes=9),
            facts={"reason": "Nộp nhầm thủ tục."},
        )  # fmt: skip
    papers = plan.edition.procedure.components_for(request.case)
    if plan.kind == "online_supplement" and papers:
        blurred = {"defect": "Ảnh chụp mờ, không đọc được", "todo": "Chụp lại"}
        items = [blurred | {"component": papers[0][0]}]
        door.advance(
            session, office, made, "ask_intake_supplement", officer,
            plan.at + timedelta(minutes=20), facts={"items": items, "reason": "Tệp không rõ."},
        )  # fmt: skip


def _detour(
    session: Db, office: Office, cast: Cast, dossier: Dossier, acts: Sequence[Act], at: datetime
) -> bool:  # fmt: skip
    """The acts in turn, some minutes apart; False where this dossier has no such way."""
    try:
        with session.begin_nested():
            for number, (action, who, facts) in enumerate(acts):
                when = at + timedelta(minutes=11 * number)
                steps = door.route_of(session, dossier)
                way = Way(cast.holder, cast.actors, dossier, steps, when)
                door.advance(
                    session, office, dossier, action, who(way), when, facts=facts(way)
                )  # fmt: skip
    except (LookupError, Refused):
        return False
    return True


def _walk(
    session: Db, office: Office, cast: Cast, dossier: Dossier, plan: Plan, now: datetime,
    dice: random.Random,
) -> None:  # fmt: skip
    """Act after act, each some working time after the one before, until the present."""
    slow = 2.6 if dice.random() < 0.08 else 1.0
    sent_back, at, kind = False, plan.at, plan.kind
    while True:
        acts = _aside(dossier, kind)
        if acts:
            at = office.calendar.add_working_minutes(at, dice.randint(20, 900))
            if at + timedelta(hours=1) >= now:
                return
            done = _detour(session, office, cast, dossier, acts, at)
            at += timedelta(hours=1)
            if not (done or dossier.status == Status.APPRAISING) or dossier.status in CLOSED:
                return
            if kind in STAYS and dice.random() < STAYING:
                return
            kind = "life"
            continue
        steps = door.route_of(session, dossier)
        act = cast.next_act(session, dossier, steps, at)
        if act is None:
            return
        waits = _WAITS.get(act.action, (5, 150))
        at = office.calendar.add_working_minutes(at, int(dice.randint(*waits) * slow))
        at += timedelta(seconds=dice.randint(0, 59))
        if at >= now:
            return
        act = _varied(act, dossier, dice, sent_back)
        sent_back = sent_back or act.action == "send_back"
        cast.walk(session, dossier, act, at)


def _aside(dossier: Dossier, kind: str) -> Sequence[Act] | None:
    """The acts that leave the straight way here, or that lead back to it."""
    if dossier.status == Status.APPRAISING and kind in BEGUN:
        return BEGUN[kind]
    return ONWARD.get(Status(dossier.status))


def _varied(act: Next, dossier: Dossier, dice: random.Random, sent_back: bool) -> Next:
    """Now and then another lawful act instead: sent back once, refused, by post."""
    if act.action == "approve" and not sent_back and dice.random() < 0.06:
        reason = {"reason": "Dự thảo ghi thiếu căn cứ pháp lý, đề nghị bổ sung."}
        return replace(act, action="send_back", facts=reason)
    if act.action == "return_direct" and dossier.result_channel == "post":
        facts = {"waybill": f"VN{dice.randint(10**8, 10**9)}", "originals_returned": True}
        return replace(act, action="hand_to_post", facts=facts | {"fee_paid": True})
    if act.action == "propose_result" and dice.random() < 0.05:
        return replace(act, action="propose_refusal", facts=_REFUSAL)
    if act.action == "propose_result" and dice.random() < 0.9:  # now and then one says nothing
        return replace(act, facts={"opinion": dice.choice(_OPINIONS)})
    return act


def sample_request(
    office: Office, procedure: Procedure, counter: str, dice: random.Random, now: datetime
) -> Request:
    """A complete request for a procedure: the papers it needs, a believable applicant."""
    case = dice.choice(procedure.cases).id if procedure.cases else None
    papers, groups = [], set()
    for index, component in procedure.components_for(case):
        first_of_group = component.one_of is not None and component.one_of not in groups
        if component.required or first_of_group:
            groups.add(component.one_of)
            held = 1 if component.kind == "original" and dice.random() < 0.15 else 0
            papers.append(PaperGiven(index, held=min(held, component.originals)))
    commune = office.unit(counter).commune_slug or dice.choice(_commune_slugs(office, now))
    return Request(
        procedure=procedure.code, one_stop=counter, applicant=_person(office, commune, dice),
        papers=tuple(papers), fees=_fees(procedure, case, dice), case=case,
        channel="direct" if "direct" in procedure.channels else procedure.channels[0],
        commune=commune,
    )  # fmt: skip


def _commune_slugs(office: Office, now: datetime) -> list[str]:
    day = office.judged(now.astimezone(VIETNAM).date())
    return sorted(
        u.commune_slug
        for u in office.units.values()
        if u.commune_slug and u.kind == "people_committee" and u.valid_on(day)
    )


def _fees(procedure: Procedure, case: str | None, dice: random.Random) -> tuple[FeeGiven, ...]:
    given = []
    for index, fee in procedure.fees_for(case, "direct"):
        if fee.condition and dice.random() < 0.6:
            continue
        timing = dice.choice(("now", "later"))
        amount = 150_000 if fee.set_by else None
        given.append(FeeGiven(index, amount=amount, timing=timing))
    return tuple(given)


def _person(office: Office, commune: str, dice: random.Random) -> dict[str, Any]:
    female = dice.random() < 0.5
    middle = "Thị" if female else dice.choice([m for m in MIDDLES if m not in ("Thị", "Thu")])
    year = dice.randint(1950, 2004)
    century = "1" if female else "0"
    if year >= 2000:
        century = "3" if female else "2"
    number = f"038{century}{year % 100:02d}{dice.randint(1, 999_999):06d}"
    place = office.communes.get(commune, "")
    return {
        "kind": "person",
        "name": f"{dice.choice(SURNAMES)} {middle} {dice.choice(GIVEN)}",
        "personal_id": number,
        "birth_date": f"{year}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
        "sex": "Nữ" if female else "Nam",
        "address": f"Thôn {dice.randint(1, 12)}, {place}",
        "phone": f"09{dice.randint(10_000_000, 99_999_999)}",
    }
