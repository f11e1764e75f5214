"""Verbs of the file room: file a paper, reuse one, take one away; each leaves its event."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.core.actor import Actor, Post
from app.core.refusals import Refused
from app.core.states import BEFORE_ACCEPTANCE, CLOSED, Role, Status
from app.filing.opening import MOST_FILES, Opened
from app.filing.reading import DRAFT, PRODUCTS, RESULT, Offer
from app.journey import door, log
from app.journey.office import Db, Office
from app.models import Dossier, Paper, PaperFile, Step, StoredFile

HERE, REUSED, FROM_RESULT = 1, 2, 3  # codes.md §8: Được số hóa, Tái sử dụng, … từ kết quả
WORKERS = (Role.CASE_OFFICER, Role.AGENCY_HEAD, Role.CLERK, Role.INTAKE_OFFICER)
WITH_ITS_RESULT = (
    Status.APPROVED, Status.ISSUED, Status.REFUSAL_ISSUED, Status.AT_ONE_STOP, Status.RETURNED,
)  # fmt: skip
# While the officer and the leader still work on what it says.
WITH_A_DRAFT = (
    Status.APPRAISING, Status.VERIFYING, Status.CONSULTING, Status.AWAITING_PARTNER,
    Status.SUBMITTED_FOR_APPROVAL,
)  # fmt: skip
LONGEST_REASON = 300


def post_to_file(
    session: Db, office: Office, dossier: Dossier, actor: Actor, number: int
) -> Post:  # fmt: skip
    """The posting by which the person may file under a component, or the result, now.

    Refused `not_allowed` (see `working_post`), `closed_for_files` (see `why_closed`).
    """
    post = working_post(office, dossier, door.route_of(session, dossier), actor)
    if post is None:
        raise Refused(
            "not_allowed",
            "Bạn chỉ được xem tệp của hồ sơ này; số hóa là việc của Bộ phận Một cửa đã nhận và "
            "các đơn vị giải quyết.",
        )
    if closed := why_closed(dossier, number):
        raise Refused("closed_for_files", closed)
    return post


def working_post(
    office: Office, dossier: Dossier, steps: Iterable[Step], actor: Actor
) -> Post | None:  # fmt: skip
    """Who works on the dossier files in it; who only decides or watches gets None.

    Counter officers and the head of the one-stop that received it; officers, heads and clerks of
    the units on its route.
    """
    counter = office.unit(dossier.one_stop)
    for role in (Role.INTAKE_OFFICER, Role.ONE_STOP_HEAD):
        post = actor.post_for(role, counter.id, counter.path)
        if post is not None:
            return post
    units = {step.unit_id for step in steps}
    return next((p for p in actor.posts if p.unit_id in units and p.role in WORKERS), None)


def why_closed(dossier: Dossier, number: int) -> str:
    """Why nothing is filed now: papers before acceptance and after the end, a result too early."""
    if number == RESULT and dossier.status not in WITH_ITS_RESULT:
        return "Chưa có kết quả được ký nên chưa gắn được tệp kết quả."
    if number == DRAFT and dossier.status not in WITH_A_DRAFT:
        return "Dự thảo chỉ gắn được khi hồ sơ đang thẩm định hoặc đang trình."
    if dossier.status in BEFORE_ACCEPTANCE:
        return "Hồ sơ chưa được tiếp nhận nên chưa gắn được tệp."
    if dossier.status in CLOSED and number != RESULT:
        return "Hồ sơ đã kết thúc, giấy tờ không đổi được nữa."
    return ""


def paper_name(session: Db, dossier: Dossier, number: int) -> str:
    """The name of a component of the dossier, or of its result; Refused `no_such_component`."""
    if number in PRODUCTS:
        return PRODUCTS[number]
    query = select(Paper.name).where(Paper.dossier_id == dossier.id, Paper.number == number)
    name = session.scalar(query)
    if name is None:
        raise Refused("no_such_component", "Hồ sơ không có giấy tờ này. Hãy tải lại trang.")
    return str(name)


def check_room(session: Db, dossier: Dossier) -> int:
    """How many more files the dossier may hold; Refused `too_many_files` at none."""
    query = select(func.count()).select_from(PaperFile).where(
        PaperFile.dossier_id == dossier.id, PaperFile.removed_at.is_(None)
    )  # fmt: skip
    left = MOST_FILES - int(session.scalar(query) or 0)
    if left <= 0:
        raise Refused(
            "too_many_files",
            f"Hồ sơ đã có {MOST_FILES} tệp, nhiều nhất cho một hồ sơ. "
            "Hãy bỏ tệp thừa, hoặc gửi nhiều trang cùng lúc để ghép thành một tệp.",
        )
    return left


def add(
    session: Db, office: Office, dossier: Dossier, number: int, file: Opened, sha256: str,
    actor: Actor, now: datetime,
) -> PaperFile:  # fmt: skip
    """File what was digitised here under a component; its bytes lie in the store already.

    Refused `already_filed` where the same content is there, `too_many_files`, and as
    `post_to_file`. Source: NĐ 118/2025 Đ19 (số hóa khi tiếp nhận).
    """
    post = post_to_file(session, office, dossier, actor, number)
    name = paper_name(session, dossier, number)
    keep_stored(session, StoredFile(
        sha256=sha256, size=len(file.data), kind=file.kind, pages=file.pages, made_at=now,
        made_by=actor.id,
    ))  # fmt: skip
    link = _link(session, dossier, number, sha256, file.name, HERE, actor, now)
    facts = _facts(link, name) | {"pages": file.pages}
    _tell(session, dossier, actor, post, now, "file_added", facts)
    return link


def reuse(
    session: Db, office: Office, dossier: Dossier, number: int, offered: Iterable[Offer],
    source_id: int, actor: Actor, now: datetime,
) -> PaperFile:  # fmt: skip
    """File a paper again that was digitised in another dossier; where it came from is kept.

    offered: what may be reused for this component now. Refused `no_such_offer` for anything else.
    """
    post = post_to_file(session, office, dossier, actor, number)
    name = paper_name(session, dossier, number)
    offer = next((o for o in offered if o.id == source_id), None)
    source = session.get(PaperFile, source_id) if offer else None
    if offer is None or source is None:
        raise Refused("no_such_offer", "Bản số hóa này không còn dùng lại được. Hãy tải lại trang.")
    link = _link(
        session, dossier, number, source.sha256, source.name, offer.state, actor, now
    )  # fmt: skip
    link.source_id, link.source_code = source.id, offer.code
    facts = _facts(link, name) | {
        "state": offer.state, "from_dossier": offer.code, "from_component": offer.number,
    }  # fmt: skip
    _tell(session, dossier, actor, post, now, "file_reused", facts)
    return link


def remove(
    session: Db, office: Office, dossier: Dossier, file_id: int, reason: str, actor: Actor,
    now: datetime,
) -> PaperFile:  # fmt: skip
    """Take a file off its component; the row and the bytes stay, nobody is shown them any more.

    Others than the counter take away only what they filed themselves. Refused `bad_request`
    without a reason.
    """
    link = session.get(PaperFile, file_id)
    if link is None or link.dossier_id != dossier.id or link.removed_at is not None:
        raise Refused("no_such_file", "Tệp này không còn ở hồ sơ. Hãy tải lại trang.")
    post = post_to_file(session, office, dossier, actor, link.number)
    if link.added_by != actor.id and post.unit_id != dossier.one_stop:
        raise Refused("not_allowed", "Tệp này do người khác gắn; chỉ họ hoặc Một cửa bỏ được.")
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise Refused("bad_request", "Hãy nhập lý do bỏ tệp.")
    link.removed_at, link.removed_by, link.removed_why = now, actor.id, reason
    session.flush()
    _keep_state(session, dossier.id, link.number)
    facts = _facts(link, paper_name(session, dossier, link.number)) | {"reason": reason}
    _tell(session, dossier, actor, post, now, "file_removed", facts)
    return link


def keep_stored(session: Db, row: StoredFile) -> None:
    """The row of an object; another dossier may bring the same bytes at this very moment."""
    if session.get(StoredFile, row.sha256) is not None:
        return
    with suppress(IntegrityError), session.begin_nested():
        session.add(row)


def _link(
    session: Db, dossier: Dossier, number: int, sha256: str, name: str, state: int, actor: Actor,
    now: datetime,
) -> PaperFile:  # fmt: skip
    check_room(session, dossier)
    query = select(PaperFile.id).where(
        PaperFile.dossier_id == dossier.id, PaperFile.number == number,
        PaperFile.sha256 == sha256, PaperFile.removed_at.is_(None),
    )  # fmt: skip
    if session.scalar(query) is not None:
        raise Refused("already_filed", "Tệp này đã có ở giấy tờ đó, không gắn thêm lần nữa.")
    link = PaperFile(
        dossier_id=dossier.id, number=number, sha256=sha256, name=name, state=state,
        added_at=now, added_by=actor.id,
    )  # fmt: skip
    session.add(link)
    session.flush()
    _keep_state(session, dossier.id, number)
    return link


def _keep_state(session: Db, dossier_id: str, number: int) -> None:
    """`Paper.digitised` follows the files: digitised here weighs most, then reuse of a result."""
    paper = session.get(Paper, (dossier_id, number)) if number not in PRODUCTS else None
    if paper is None:
        return
    query = select(PaperFile.state).where(
        PaperFile.dossier_id == dossier_id, PaperFile.number == number,
        PaperFile.removed_at.is_(None),
    )  # fmt: skip
    states = set(session.scalars(query))
    paper.digitised = next((s for s in (HERE, FROM_RESULT, REUSED) if s in states), 0)


def _facts(link: PaperFile, name: str) -> dict[str, Any]:
    return {"component": link.number, "paper": name, "sha256": link.sha256}


def _tell(
    session: Db, dossier: Dossier, actor: Actor, post: Post, now: datetime, action: str,
    facts: dict[str, Any],
) -> None:  # fmt: skip
    """An event that changes no status, so the dossier's version stays: nobody's form is spoilt."""
    place = log.ONE_STOP if post.unit_id == dossier.one_stop else log.AGENCY
    log.record(
        session, dossier, actor, post, now, log.Happened(action, place=place, facts=facts)
    )  # fmt: skip
