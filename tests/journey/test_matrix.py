"""Every state × event × role: what the table does not allow is refused, with a sentence, unmoved.

The persons here hold one role each, at the very unit where the row wants it, so that nothing but
the role decides. What the table allows is either done or refused by a guard that says why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core.actor import Actor, Post
from app.core.facts import facts_of
from app.core.refusals import Refused
from app.core.states import Role, Status
from app.core.workflow import TRANSITIONS, Hand, Transition
from app.extensions import db, writing
from app.intake import actions as intake
from app.intake.online import submit
from app.journey import door
from app.journey.door import INTAKE_ACTIONS
from app.models import Dossier, Posting, Staff, Step
from tests.journey.test_door import GIVEN
from tests.make import PERSON, Office, make_request

S = Status
Way = Callable[[Office], Dossier]
MORE = {
    "amount": 1000, "receipt_number": "1", "waybill": "VN1", "delivered_on": "2026-11-25",
    "result_code": "KQ-1", "reply": "Đồng ý.", "minutes": "1/BB", "verified": "Đúng.",
    "pause_kind": "financial_obligation", "extension": "1", "guidance": "Nộp đủ.",
    "corrected": "Đã sửa.", "refund_amount": 1000, "to_one_stop": "Một cửa huyện",
    "result_text": "Xong.", "old_returned": True, "papers": "Đơn",
}  # fmt: skip


def _walked(until: Status, **changes: Any) -> Way:
    return lambda office: office.walk(office.receive(make_request(**changes)), until)


def _then(until: Status, *acts: tuple[str, str], **facts: Any) -> Way:
    def build(office: Office) -> Dossier:
        dossier = office.walk(office.receive(), until)
        for action, by in acts:
            row = next(r for r in TRANSITIONS if r.action == action)
            told = GIVEN | MORE | facts
            office.act(
                dossier, action, by, **{f.name: told[f.name] for f in facts_of(row)
                                        if f.name in told},
            )  # fmt: skip
        return office.fresh(dossier.id)

    return build


def _before(*acts: str) -> Way:
    def build(office: Office) -> Dossier:
        with writing() as session:
            made = submit(
                session, office.rules, office.person("tiepnhan"), office.now, make_request(), {}
            )
            key = made.id
        for action in acts:
            row = next(r for r in TRANSITIONS if r.action == action)
            told = {f.name: GIVEN[f.name] for f in facts_of(row) if f.name in GIVEN}
            office.act(office.fresh(key), action, "tiepnhan", **told)
        return office.fresh(key)

    return build


def _draft(office: Office) -> Dossier:
    form = {"procedure": "1.013228", "name": PERSON["name"]}
    with writing() as session:
        intake.save_draft(
            session, office.rules, office.person("tiepnhan"), office.now, "mot-cua-huyen", form
        )
    return db.session.query(Dossier).order_by(Dossier.created_at.desc()).first()  # type: ignore


def _refused(office: Office) -> Dossier:
    with writing() as session:
        intake.refuse(
            session, office.rules, office.person("tiepnhan"), office.now, make_request(),
            reason="Sai nơi nộp.", reason_code="wrong_authority",
        )  # fmt: skip
    return db.session.query(Dossier).order_by(Dossier.created_at.desc()).first()  # type: ignore


def _received(office: Office) -> Dossier:
    """With a second officer in the unit nobody is assigned by itself."""
    with writing() as session:
        other = session.query(Staff).filter_by(username="vanthu").one()
        for unit in ("phong-kt-ht", "phong-tckh"):
            session.add(Posting(staff_id=other.id, unit_id=unit, role=Role.CASE_OFFICER))
    return office.walk(office.receive(), S.RECEIVED_BY_AGENCY)


def _closed(office: Office) -> Dossier:
    """The state alone matters here; its own way in belongs to the decree of 2025."""
    dossier = _ASKED(office)
    with writing() as session:
        held = session.get(Dossier, dossier.id)
        assert held is not None
        held.close_from = office.now.date() - timedelta(days=1)
    office.act(dossier, "close_no_supplement", "tiepnhan", originals_returned=True)
    return office.fresh(dossier.id)


_PROPOSED = _then(S.APPRAISING, ("propose_supplement", "chuyenvien"))
_ASKED = _then(
    S.APPRAISING, ("propose_supplement", "chuyenvien"), ("approve_notice", "truongphong"),
    ("request_supplement", "tiepnhan"),
)  # fmt: skip
_PAUSED: Way = lambda o: o.walk(o.receive_sample("1.003003", "mot-cua-huyen"), S.PAYMENT_REQUIRED)  # noqa: E731


def _set_aside(office: Office) -> Dossier:
    dossier = office.walk(office.receive_sample("1.000798", "mot-cua-huyen"), S.APPRAISING)
    officer = next(s.assignee_id for s in office.steps(dossier) if s.assignee_id)
    by = next(a.username for a in office.cast.actors.values() if a.id == officer)
    office.act(dossier, "pause_excluded", by, pause_kind="financial_obligation", reason="Chờ.")
    return office.fresh(dossier.id)


WAYS: dict[Status, Way] = {
    S.DRAFT: _draft,
    S.SUBMITTED: _before(),
    S.INTAKE_SUPPLEMENT: _before("ask_intake_supplement"),
    S.INTAKE_REFUSED: _refused,
    S.INTAKE_CANCELLED: _before("request_withdraw"),
    S.ACCEPTED: _walked(S.ACCEPTED),
    S.IN_TRANSFER: _walked(S.IN_TRANSFER),
    S.RECEIVED_BY_AGENCY: _received,
    S.APPRAISING: _walked(S.APPRAISING),
    S.VERIFYING: _then(S.APPRAISING, ("start_verification", "chuyenvien")),
    S.CONSULTING: _then(S.APPRAISING, ("consult", "chuyenvien")),
    S.AWAITING_PARTNER: lambda o: o.walk(
        o.receive_sample("1.001622", "mot-cua-huyen"), S.AWAITING_PARTNER
    ),
    S.SUPPLEMENT_PROPOSED: _PROPOSED,
    S.SUPPLEMENT_REQUESTED: _ASKED,
    S.PAYMENT_REQUIRED: _PAUSED,
    S.PAUSED: _set_aside,
    S.SUBMITTED_FOR_APPROVAL: _walked(S.SUBMITTED_FOR_APPROVAL),
    S.APPROVED: _walked(S.APPROVED),
    S.ISSUED: _walked(S.ISSUED),
    S.REFUSAL_ISSUED: _then(
        S.APPRAISING, ("propose_refusal", "chuyenvien"), ("finish_step", "truongphong"),
        ("approve", "lanhdao"), ("issue_refusal", "vanthu"),
    ),
    S.AT_ONE_STOP: _walked(S.AT_ONE_STOP),
    S.HANDED_TO_POST: lambda o: _then_post(o),
    S.RETURNED: _walked(S.RETURNED),
    S.WITHDRAW_REQUESTED: _then(S.APPRAISING, ("request_withdraw", "tiepnhan")),
    S.WITHDRAWN: _then(
        S.APPRAISING, ("request_withdraw", "tiepnhan"), ("confirm_withdraw", "chanhvp")
    ),
    S.CLOSED_NO_SUPPLEMENT: _closed,
    S.HALTED: _then(S.APPRAISING, ("halt", "lanhdao")),
    S.VOIDED: _then(S.ACCEPTED, ("void", "chanhvp")),
}  # fmt: skip


def _then_post(office: Office) -> Dossier:
    dossier = office.walk(office.receive(make_request(result_channel="post")), S.AT_ONE_STOP)
    office.act(
        dossier, "hand_to_post", "traketqua", waybill="VN1", originals_returned=True, fee_paid=True
    )
    return office.fresh(dossier.id)


def _units(office: Office, dossier: Dossier, row: Transition, steps: list[Step]) -> list[str]:
    """Where a row's hand may be: the counter, the agency, the units of the route, who was asked."""
    if row.hand == Hand.ONE_STOP:
        return [dossier.one_stop]
    if row.hand == Hand.AGENCY:
        return [dossier.agency, dossier.department]
    if row.hand == Hand.CONSULTED:
        return ["phong-tnmt"]
    return list(dict.fromkeys(s.unit_id for s in steps))


def _somebody(office: Office, role: Role, units: list[str], user: Actor) -> Actor:
    posts = tuple(Post(u, role, office.rules.unit(u).path) for u in units)
    return Actor(user.id, user.username, user.name, posts)


def test_every_state_has_its_way() -> None:
    assert set(WAYS) == set(Status)


@pytest.mark.parametrize("status", list(Status))
def test_no_role_does_what_the_table_does_not_say(office: Office, status: Status) -> None:
    dossier = WAYS[status](office)
    assert dossier.status == status
    number, version = dossier.id, dossier.version
    steps, user = office.steps(dossier), office.person("quantri")
    told = GIVEN | MORE
    for row in TRANSITIONS:
        facts = {f.name: told[f.name] for f in facts_of(row) if f.name in told}
        units = _units(office, dossier, row, steps)
        for role in Role:
            person = _somebody(office, role, units, user)
            held = office.fresh(number)
            try:
                door.advance(
                    db.session, office.rules, held, row.action, person, office.now, facts=facts
                )  # fmt: skip
            except Refused as no:
                code, sentence = no.code, no.sentence
            else:
                code, sentence = "done", ""
            db.session.rollback()
            _judged(row, role, status, code, sentence)
    left = office.fresh(number)
    assert (left.version, left.status) == (version, status)


def _judged(row: Transition, role: Role, status: Status, code: str, sentence: str) -> None:
    where = (row.action, role, status, code)
    if code != "done":
        assert sentence.endswith(".") and len(sentence) > 15, where
    if row.action in INTAKE_ACTIONS:
        assert code == "use_intake", where
    elif not any(r.action == row.action and status in r.sources for r in TRANSITIONS):
        assert code == "wrong_status", where
    elif row.hand == Hand.SYSTEM:
        assert code == "not_allowed", where
    elif row.roles and role not in row.roles and row.hand != Hand.UNIT:
        # the sole member of a unit may take papers over, whatever the role
        assert code in ("not_allowed", "no_step", "step_needed"), where
