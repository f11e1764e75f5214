"""Verbs of the counter: receive a dossier, keep a draft, refuse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select, update
from uuid_utils.compat import uuid7

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.chain import ZERO
from app.core.codes import new_lookup_code, new_temporary_id
from app.core.deadline import Explanation, Limit, explain
from app.core.facts import check
from app.core.refusals import Refused
from app.core.states import Status
from app.core.workflow import transition
from app.documents import FORMS
from app.filing import staging
from app.filing.staging import Laid
from app.intake import rows
from app.intake.papers import receipt_facts, refusal_facts
from app.intake.request import Intake, Request, clean_note, judge_request
from app.journey import find, log, numbering
from app.journey.office import Db, Office
from app.journey.pipeline import one_round_trip
from app.models import (
    Base,
    Document,
    Dossier,
    Event,
    FeeLine,
    Message,
    Paper,
    PaperFile,
    RequestKey,
    StagedFile,
    Step,
)

DRAFT_LIMIT = 20_000
# What the counter may still receive or refuse.
TO_RECEIVE = (Status.DRAFT, Status.SUBMITTED, Status.INTAKE_SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class Received:
    """What an intake made. dossier and steps hold the stored values but are not of a session."""

    dossier: Dossier
    steps: list[Step]
    doubts: dict[str, str]

    @property
    def id(self) -> str:
        """The dossier's own id."""
        return self.dossier.id


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the dossier's chain stands before the event: a fresh one, or a draft's."""

    dossier_id: str
    seq: int = 0
    hash: str = ZERO.hex()
    version: int = 0
    status: Status = Status.DRAFT
    is_draft: bool = False
    lookup: str | None = None


def known_key(session: Db, client: str, key: str) -> str | None:
    """The dossier that this client's key made before, or None."""
    return session.scalar(
        select(RequestKey.dossier_id).where(RequestKey.client == client, RequestKey.key == key)
    )


@dataclass(frozen=True, slots=True)
class Prepared:
    """An intake judged and worked out: all that needs no database, before the writer's turn."""

    intake: Intake
    explained: Explanation
    dossier_id: str
    at: datetime


def prepare(office: Office, actor: Actor, now: datetime, request: Request) -> Prepared:
    """Judge a request and compute its due date; Refused says what is missing or wrong."""
    intake = judge_request(office, actor, now.astimezone(VIETNAM).date(), request)
    limit = intake.procedure.limit_for(request.case)
    explained = explain(
        now, Limit(limit.amount, limit.unit, limit.cutoff), office.calendar, office.regime
    )
    return Prepared(intake, explained, str(uuid7()), now)


def receive(
    session: Db, office: Office, actor: Actor, prepared: Prepared, key: str | None = None,
    laid: Sequence[Laid] = (),
) -> Received:  # fmt: skip
    """Accept a complete dossier: code, due date with reasons, route, event, receipt; all or none.

    key: the client's idempotency key; using one twice breaks the unique constraint, and the entry
    point answers with the first dossier. laid: files under the form, each of a component that is
    received; they are filed with it. Source: NĐ 61/2018 Đ17.1c, Đ17.3; NĐ 118/2025 Đ17.3.
    """
    intake, explained, now = prepared.intake, prepared.explained, prepared.at
    today = now.astimezone(VIETNAM).date()
    head = _head(session, actor, intake.request, prepared.dossier_id)
    route = rows.step_rows(intake, office, head.dossier_id, now)
    papers = rows.paper_rows(intake, head.dossier_id)
    fees = rows.fee_rows(intake, head.dossier_id, now)
    columns = rows.dossier_row(intake, office, head.dossier_id, Status.ACCEPTED, actor.id, now)
    columns["previous_id"] = _previous(session, actor, intake)
    settles = office.regime.code_agency == "settling"
    agency_code = office.agency_code(intake.agency if settles else intake.counter.id)
    code = numbering.next_dossier_code(session, agency_code, today)
    register = numbering.next_in_year(session, intake.counter.id, "register", today.year)
    lookup = None if intake.procedure.confidential else head.lookup or new_lookup_code()
    columns |= rows.acceptance_columns(intake, code, lookup, explained, office, now)
    event = _accept_event(intake, head, actor, now, columns, register)
    facts = receipt_facts(office, intake, columns, code, register, actor)
    message = log.message_row(head.dossier_id, event["seq"], Status.ACCEPTED, str(code), now)
    names = {paper["number"]: paper["name"] for paper in papers}
    filing = staging.filing_of(laid, names, head.dossier_id, event, actor, intake.post, now)
    for paper in papers:
        paper["digitised"] = filing.states.get(paper["number"], 0)
    _store_head(session, head, columns, [event, *filing.events][-1])
    with one_round_trip(session):
        _insert(session, Paper, papers)
        _insert(session, FeeLine, fees)
        _insert(session, Step, route)
        _insert(session, Event, [event, *filing.events])
        _file(session, filing.rows, laid)
        _insert(session, Document, [_document(head.dossier_id, "receipt", facts, now)])
        _insert(session, Message, [message])
        use_key(session, actor, key, head.dossier_id, now)
    made = [Step(**row) for row in route]
    return Received(Dossier(**columns), made, intake.doubts)


def _file(session: Db, rows: list[dict[str, Any]], laid: Sequence[Laid]) -> None:
    """What lay under the form lies in the dossier now, and no longer under the form."""
    if laid:
        _insert(session, PaperFile, rows)
        done = delete(StagedFile).where(StagedFile.id.in_([file.id for file in laid]))
        session.connection().execute(done)


def use_key(session: Db, actor: Actor, key: str | None, dossier_id: str, now: datetime) -> None:
    """Tie the client's idempotency key to the dossier; a second use breaks the constraint."""
    if key is not None:
        used = {"client": actor.id, "key": key, "dossier_id": dossier_id, "created_at": now}
        _insert(session, RequestKey, [used])


def _head(session: Db, actor: Actor, request: Request, fresh_id: str) -> _Head:
    if request.draft is None:
        return _Head(fresh_id)
    draft = draft_of(session, actor, request.draft, request.draft_seen)
    return _Head(
        draft.id, draft.event_seq, draft.event_hash, draft.version, Status(draft.status),
        is_draft=True, lookup=draft.lookup_code,
    )  # fmt: skip


def _previous(session: Db, actor: Actor, intake: Intake) -> str | None:
    """The closed dossier that comes again with its supplement; Refused where it is not one."""
    code = intake.request.previous
    if not code:
        return None
    before = find.dossier_of(session, actor, code)
    ended = before.status in (Status.CLOSED_NO_SUPPLEMENT, Status.WITHDRAWN)
    if not ended or before.procedure_code != intake.procedure.code:
        raise Refused(
            "not_previous",
            f"Hồ sơ {before.code} không phải hồ sơ đã đóng của thủ tục này, "
            "hãy bỏ mục “hồ sơ trước” rồi tiếp nhận như hồ sơ mới.",
        )
    return before.id


def _accept_event(
    intake: Intake, head: _Head, actor: Actor, now: datetime, columns: dict[str, Any],
    register: int,
) -> dict[str, Any]:  # fmt: skip
    facts = {
        "procedure": intake.procedure.code,
        "edition": intake.edition.number,
        "case": intake.request.case,
        "regime": columns["regime"],
        "calendar": columns["calendar_version"],
        "channel": columns["channel"],
        "components": [
            {"index": p.index, "held": p.held} for p in sorted(
                intake.request.papers, key=lambda p: p.index
            )
        ],
        "fee_total": columns["fee_total"],
        "delegation": intake.delegation.number if intake.delegation else None,
        "register": register,
        "code": columns["code"],
    }  # fmt: skip
    if intake.request.previous:
        facts["previous"] = intake.request.previous
    what = log.Happened(
        "accept", head.status, Status.ACCEPTED, log.ONE_STOP, clean_note(intake.request.note),
        facts, None, columns["due_at"], document="receipt",
    )  # fmt: skip
    return log.entry(head.dossier_id, head.seq + 1, head.hash, actor, intake.post, now, what)


def _store_head(session: Db, head: _Head, columns: dict[str, Any], event: dict[str, Any]) -> None:
    columns |= {"event_seq": event["seq"], "event_hash": event["hash"]}
    if not head.is_draft:
        _insert(session, Dossier, [columns])
        return
    changed = {k: v for k, v in columns.items() if k not in ("id", "temporary_id", "created_at")}
    changed["version"] = head.version + 1
    done = session.execute(
        update(Dossier)
        .where(Dossier.id == head.dossier_id, Dossier.version == head.version)
        .values(**changed)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(
            "stale", "Hồ sơ nháp này vừa được người khác xử lý. Hãy mở lại danh sách nháp."
        )


_STORED: tuple[type[Base], ...] = (
    Dossier, Paper, PaperFile, FeeLine, Step, Event, Document, Message, RequestKey,
)  # fmt: skip
# inline: the new row's own number is not asked back.
_INSERTS: dict[type, Any] = {
    table: insert(Base.metadata.tables[table.__tablename__]).inline() for table in _STORED
}


def _insert(session: Db, table: type, many: list[dict[str, Any]]) -> None:
    """One statement for all rows, without the ORM."""
    if many:
        session.connection().execute(_INSERTS[table], many)


def _document(dossier_id: str, form: str, facts: Any, now: datetime) -> dict[str, Any]:
    text = facts.to_json()
    return {
        "dossier_id": dossier_id,
        "form": form,
        "issue": 1,
        "number": getattr(facts, "number", ""),
        "layout": FORMS[form].layout,
        "facts": text,
        "sha256": sha256(text.encode()).hexdigest(),
        "drawn": 0,
        "created_at": now,
    }


def refuse(
    session: Db, office: Office, actor: Actor, now: datetime, request: Request, *,
    reason: str, reason_code: str, legal_basis: str = "", key: str | None = None,
) -> str:  # fmt: skip
    """Refuse a dossier at the counter with Mẫu 03; returns its temporary id.

    No code is issued and no clock runs (NĐ 61/2018 Đ17.1b; NĐ 118/2025 Đ17.1c). key: as for
    `receive`.
    """
    today = now.astimezone(VIETNAM).date()
    intake = judge_request(office, actor, today, request, complete=False)
    given = {"reason": reason, "reason_code": reason_code, "legal_basis": legal_basis}
    facts = check(transition("refuse_intake"), given)
    head = _head(session, actor, request, str(uuid7()))
    number = numbering.next_in_year(session, intake.counter.id, "refusal_notice", today.year)
    columns = rows.dossier_row(
        intake, office, head.dossier_id, Status.INTAKE_REFUSED, actor.id, now
    )
    columns["temporary_id"] = request.draft or new_temporary_id()
    what = log.Happened(
        "refuse_intake", head.status, Status.INTAKE_REFUSED, log.ONE_STOP, "",
        facts | {"number": f"{number}/PTC", "procedure": intake.procedure.code},
        document="refusal_notice",
    )  # fmt: skip
    event = log.entry(head.dossier_id, head.seq + 1, head.hash, actor, intake.post, now, what)
    _store_head(session, head, columns, event)
    _insert(session, Event, [event])
    form = refusal_facts(office, intake, columns, f"{number}/PTC", facts, now, actor)
    _insert(session, Document, [_document(head.dossier_id, "refusal_notice", form, now)])
    use_key(session, actor, key, head.dossier_id, now)
    return str(columns["temporary_id"])


def save_draft(
    session: Db, office: Office, actor: Actor, now: datetime, one_stop: str,
    form: dict[str, Any], draft: str | None = None, seen: int | None = None,
) -> str:  # fmt: skip
    """Keep what was typed at the counter; returns the temporary id (the same for a kept draft).

    Only the procedure must be known. A draft is seen at its own counter alone.
    """
    text = json.dumps(form, ensure_ascii=False)
    if len(text) > DRAFT_LIMIT:
        raise Refused("too_long", "Bản nháp dài quá, hãy rút gọn ghi chú và địa chỉ.")
    if draft is not None:
        kept = draft_of(session, actor, draft, seen)
        kept.draft, kept.version = text, kept.version + 1
        kept.applicant_name = str(form.get("name") or "")[:200]
        session.flush()
        return draft
    procedure = str(form.get("procedure") or "")
    if not procedure:
        raise Refused("bad_request", "Hãy chọn thủ tục trước khi lưu tạm.")
    today = now.astimezone(VIETNAM).date()
    channels = office.edition_for(procedure, today).procedure.channels
    request = Request(
        procedure, one_stop, {"name": form.get("name") or "Chưa ghi tên"}, channel=channels[0],
        commune=form.get("commune") or next(iter(office.communes), None),
    )  # fmt: skip
    intake = judge_request(office, actor, today, request, complete=False)
    head = _Head(str(uuid7()))
    columns = rows.dossier_row(intake, office, head.dossier_id, Status.DRAFT, actor.id, now)
    columns |= {"temporary_id": new_temporary_id(), "draft": text}
    what = log.Happened("register_counter", None, Status.DRAFT, facts={"procedure": procedure})
    event = log.entry(head.dossier_id, 1, head.hash, actor, intake.post, now, what)
    _store_head(session, head, columns, event)
    _insert(session, Event, [event])
    return str(columns["temporary_id"])


def draft_of(session: Db, actor: Actor, temporary_id: str, seen: int | None = None) -> Dossier:
    """A counter's draft that the person may go on with.

    seen: its version as the screen showed it. Refused `no_such_draft`, `already_received` (by
    another window, or a colleague), `draft_changed` with detail.version.
    """
    draft = session.scalar(
        select(Dossier).where(
            Dossier.temporary_id == temporary_id, Dossier.one_stop.in_(sorted(actor.units))
        )
    )
    if draft is not None and draft.code is not None:
        raise Refused(
            "already_received",
            f"Hồ sơ này đã được tiếp nhận, mã {draft.code}. Hãy mở hồ sơ đó (Ctrl K); muốn lập hồ "
            "sơ khác thì mở màn hình tiếp nhận mới.",
        )
    if draft is None or draft.status not in TO_RECEIVE:
        raise Refused("no_such_draft", "Không tìm thấy hồ sơ chờ tiếp nhận này tại quầy của bạn.")
    if seen is not None and seen != draft.version:
        raise Refused(
            "draft_changed",
            "Hồ sơ này vừa được lưu ở cửa sổ khác. Hãy xem lại: bấm lần nữa thì giữ nội dung đang "
            "thấy ở đây, thay cho nội dung vừa lưu.",
            detail={"version": draft.version},
        )
    return draft


def is_waiting(session: Db, actor: Actor, dossier_id: str) -> bool:
    """Whether the dossier is one that the person may still receive at a counter of theirs."""
    return session.scalar(
        select(Dossier.id).where(
            Dossier.id == dossier_id, Dossier.status.in_(TO_RECEIVE),
            Dossier.one_stop.in_(sorted(actor.units)),
        )
    ) is not None  # fmt: skip
