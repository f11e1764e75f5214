"""The leader's round: the list, one dossier beside it, many signed after a look at the unusual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app import web
from app.approval.lists import Proposal, proposals
from app.approval.unusual import Facts, remarks
from app.approval.views import room
from app.bulk import actions as tasks
from app.bulk import choice
from app.bulk.terms import AT_ONCE, DRAFT, MOST, WAITING
from app.bulk.views import start
from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.states import Role
from app.desk import inbox, quick
from app.desk import walk as walks
from app.desk.inbox import PAGE
from app.errors import status_of
from app.extensions import db, writing
from app.journey.worklists import Work
from app.models import Dossier, Paper, TaskItem

LEADERS = (Role.APPROVER, Role.AGENCY_HEAD, Role.ONE_STOP_HEAD)
WALK = walks.Walk("ky")
USUAL_SHOWN = 200  # of the usual ones on the summary; the rest is counted
UNUSUAL_SHOWN = 500  # of the others; what is not shown is not signed
LONGEST_CODE = 40  # of what an address asks for and the page says back


@dataclass(frozen=True, slots=True)
class Line:
    """A dossier that waits for the signature: the work, its proposal, why it is unusual."""

    work: Work
    proposal: Proposal | None
    remarks: tuple[str, ...]


def _facts(
    work: Work, proposal: Proposal | None, actor: Actor, now: datetime, version: int | None
) -> Facts:
    dossier, step = work.dossier, work.step
    dates = [at for at in (dossier.due_at, step.due_at) if at is not None]
    return Facts(
        late=any(at < now for at in dates),
        changed=version is not None and version != dossier.version,
        opinion=bool(proposal and proposal.opinion),
        refusal=dossier.outcome == "refused",
        own=dossier.proposed_by == actor.id and not step.moved_from,
        decides=step.decides,
    )


def lines(works: Sequence[Work], versions: Mapping[str, int] | None = None) -> list[Line]:
    """The lines of works, one statement; versions: as the person saw them, by code."""
    actor, now = web.actor(), web.moment()
    found = proposals(db.session, actor, [work.dossier.id for work in works])
    made = []
    for work in works:
        proposal = found.get(work.dossier.id)
        version = (versions or {}).get(work.dossier.code or "")
        told = remarks(_facts(work, proposal, actor, now, version))
        made.append(Line(work, proposal, told))
    return made


@room.get("/phe-duyet")
@web.needs(*LEADERS)
@web.open_to_deputies
def inbox_of_leader(refused: Refused | None = None) -> str:
    """What waits for this person's signature, by the step's own limit; `mo` is open beside it."""
    after = walks.key_of(request.args.get("sau", ""))
    session, actor, now = db.session, web.actor(), web.moment()
    wanted = WALK.wanted(web.office(), now)
    works = inbox.page(session, actor, wanted, after=after, limit=PAGE + 1)
    more = works[PAGE - 1].key if len(works) > PAGE else None
    shown = works[:PAGE]
    asked = request.args.get("mo", "")
    opened = _opened(shown, asked)
    extra = [opened] if opened is not None and opened not in shown else []
    rows = quick.rows(session, web.office(), actor, now, [*shown, *extra])
    found = {line.work.dossier.id: line for line in lines([*shown, *extra])}
    row = next((r for r in rows if opened and r.dossier.id == opened.dossier.id), None)
    return render_template(
        "approval/inbox.html", rows_=rows[: len(shown)], lines=found, row=row, walk=WALK,
        papers=_papers(row.dossier) if row else [], more=walks.place(more) if more else None,
        after=request.args.get("sau", "") if after else "", most=PAGE, refused=refused,
        ticked=choice.ticked(request.form), following=_following(shown, opened),
        gone="" if opened else asked[:LONGEST_CODE],
    )  # fmt: skip


def _opened(shown: Sequence[Work], code: str) -> Work | None:
    """The dossier beside the list: the one asked for, the first where none is.

    None where the one asked for waits no more: another in its place could be signed for it.
    """
    if not code:
        return shown[0] if shown else None
    for work in shown:
        if work.dossier.code == code:
            return work
    wanted = inbox.Wanted("approve", codes=(code,))
    found = inbox.page(db.session, web.actor(), wanted, limit=1)
    return found[0] if found else None


def _following(shown: Sequence[Work], opened: Work | None) -> str:
    """The code of the next line, to go on to after an act."""
    codes = [work.dossier.code or "" for work in shown]
    at = codes.index(opened.dossier.code or "") if opened in shown and opened else -1
    others = codes[at + 1 :] or codes[: max(at, 0)][-1:]
    return others[0] if others else ""


def _papers(dossier: Dossier) -> Sequence[Paper]:
    query = select(Paper).where(Paper.dossier_id == dossier.id).order_by(Paper.number)
    return db.session.scalars(query).all()


@room.post("/phe-duyet/duyet")
@web.needs(*LEADERS)
@web.open_to_deputies
def choose() -> Response | tuple[str, int]:
    """Keep what was ticked as an order to be confirmed; the unusual ones are not ticked in it."""
    wanted = WALK.wanted(web.office(), web.moment())
    try:
        wishes = choice.chosen(db.session, web.actor(), wanted, request.form)
        found = _judged((w.code, w.version) for w in wishes)
        odd = {
            number for number, wish in enumerate(wishes, 1)
            if wish.code not in found or found[wish.code].remarks
        }  # fmt: skip
        with writing() as session:
            task = tasks.order(
                session, web.actor(), "sign", wishes, web.moment(), back="/phe-duyet",
                left_out=odd,
            )  # fmt: skip
    except Refused as refused:
        return inbox_of_leader(refused), status_of(refused)
    return web.see_other("approval.summary", task_id=task.id)


def _judged(seen: Iterable[tuple[str, int]]) -> dict[str, Line]:
    """The lines of dossiers as they stand now, against the versions seen, by code."""
    versions = dict(seen)
    if not versions:
        return {}
    wanted = inbox.Wanted("approve", codes=tuple(versions))
    works = inbox.page(db.session, web.actor(), wanted, limit=MOST)
    return {line.work.dossier.code or "": line for line in lines(works, versions)}


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the summary; line None: it waits for this signature no more."""

    item: TaskItem
    line: Line | None
    ticked: bool

    @property
    def unusual(self) -> bool:
        """Whether it stands on top."""
        return self.line is None or bool(self.line.remarks)


@room.get("/phe-duyet/duyet/<int(max=999999999):task_id>")
@web.needs(*LEADERS)
@web.open_to_deputies
def summary(task_id: int, refused: Refused | None = None) -> Response | str:
    """What is about to be signed, the unusual first and not ticked."""
    session = db.session
    task = tasks.own(session, web.actor(), task_id)
    if task.state != DRAFT:
        return web.see_other("bulk.task", task_id=task_id)
    query = select(TaskItem).where(TaskItem.task_id == task_id).order_by(TaskItem.number)
    stored = session.scalars(query).all()
    found = _judged((item.code, item.version) for item in stored)
    again = set(request.form.getlist("chon")) if refused else None
    items = []
    for item in stored:
        line = found.get(item.code)
        usual = item.state == WAITING and line is not None and not line.remarks
        ticked = usual if again is None else str(item.number) in again
        items.append(Item(item, line, ticked))
    usual_ones = [i for i in items if not i.unusual]
    # What became unusual since the choice stands first: only what is shown can be left out.
    odd = sorted((i for i in items if i.unusual), key=lambda i: i.item.state != WAITING)
    return render_template(
        "approval/summary.html", task=task, unusual=odd[:UNUSUAL_SHOWN],
        left=len(odd[UNUSUAL_SHOWN:]),
        usual=usual_ones[:USUAL_SHOWN], hidden=len(usual_ones[USUAL_SHOWN:]),
        total=len(items), refused=refused,
    )  # fmt: skip


@room.post("/phe-duyet/duyet/<int(max=999999999):task_id>")
@web.needs(*LEADERS)
@web.open_to_deputies
def sign(task_id: int) -> Response | tuple[Any, int]:
    """Sign what is ticked, each by its own event; the page of the task answers for each."""
    ticked = {int(n) for n in request.form.getlist("chon") if n.isdecimal() and len(n) < 9}
    shown = _shown(request.form.getlist("hien"))
    try:
        with writing() as session:
            task = tasks.own(session, web.actor(), task_id, lock=True)
            count = tasks.confirm(session, task, shown, ticked)
    except Refused as refused:
        if refused.code == "not_a_draft":  # confirmed before, at another window
            return web.see_other("bulk.task", task_id=task_id)
        if refused.code != "bad_request":
            raise
        return summary(task_id, refused), status_of(refused)
    return start(task, at_once=count <= AT_ONCE)


def _shown(texts: Sequence[str]) -> dict[int, int]:
    """`number:version` of every line that the summary showed."""
    found = {}
    for text in texts:
        number, _, version = text.partition(":")
        if number.isdecimal() and version.isdecimal() and len(text) < 20:
            found[int(number)] = int(version)
    return found
