"""Files laid under an intake form before a dossier exists, and filed when it is accepted.

They lie under the form's own key and belong to who laid them; once the counter keeps a draft, they
lie under that draft and belong, like it, to the counter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.core.actor import Actor, Post
from app.core.refusals import Refused
from app.filing.actions import FROM_RESULT, HERE, REUSED, keep_stored
from app.filing.opening import MOST_FILES, Opened
from app.filing.reading import Offer
from app.journey import log
from app.journey.office import Db
from app.models import PaperFile, StagedFile, StoredFile


@dataclass(frozen=True, slots=True)
class Form:
    """Whose form it is, its key, and the draft that it goes on with (its id) or None."""

    staff_id: str
    key: str
    dossier_id: str | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """A file laid under a form, as shown. state: what it becomes once filed, 1–3 (codes.md §8).

    source_*: the filed paper that it is to be reused from, its dossier's code, its component.
    """

    id: int
    procedure: str
    number: int
    name: str
    kind: str
    pages: int
    sha256: str
    at: datetime
    by: str
    source_id: int | None
    source_code: str | None
    source_number: int | None
    state: int


def laid_under(session: Db, form: Form) -> list[Laid]:
    """The files under a form or its draft, by component, in the order in which they came."""
    query = (
        select(StagedFile, StoredFile.kind, StoredFile.pages, PaperFile.number, PaperFile.state)
        .join(StoredFile, StoredFile.sha256 == StagedFile.sha256)
        .outerjoin(PaperFile, PaperFile.id == StagedFile.source_id)
        .where(*_under(form))
        .order_by(StagedFile.number, StagedFile.id)
    )
    return [_laid(*row) for row in session.execute(query)]


def _laid(row: StagedFile, kind: str, pages: int, number: int | None, state: int | None) -> Laid:
    becomes = HERE
    if row.source_id is not None:
        becomes = FROM_RESULT if number == 0 or state == FROM_RESULT else REUSED
    return Laid(
        row.id, row.procedure_code, row.number, row.name, kind, pages, row.sha256, row.added_at,
        row.staff_id, row.source_id, row.source_code, number, becomes,
    )  # fmt: skip


def _under(form: Form) -> tuple[Any, ...]:
    if form.dossier_id is not None:
        return (StagedFile.dossier_id == form.dossier_id,)
    return (
        StagedFile.staff_id == form.staff_id, StagedFile.form_key == form.key,
        StagedFile.dossier_id.is_(None),
    )  # fmt: skip


def lay(
    session: Db, form: Form, procedure: str, number: int, file: Opened, sha256: str, actor: Actor,
    now: datetime,
) -> StagedFile:  # fmt: skip
    """Lay what was digitised under a component of a form; its bytes lie in the store already.

    Refused `already_filed` where the same content is there, `too_many_files`.
    """
    keep_stored(session, StoredFile(
        sha256=sha256, size=len(file.data), kind=file.kind, pages=file.pages, made_at=now,
        made_by=actor.id,
    ))  # fmt: skip
    row = _row(form, procedure, number, sha256, file.name, actor, now)
    return _add(session, form, row)


def lay_again(
    session: Db, form: Form, procedure: str, number: int, offered: Iterable[Offer], source_id: int,
    actor: Actor, now: datetime,
) -> StagedFile:  # fmt: skip
    """Lay a paper that was digitised in an earlier dossier; where it came from is kept.

    offered: what may be reused for this component now. Refused `no_such_offer` for anything else.
    """
    offer = next((o for o in offered if o.id == source_id), None)
    source = session.get(PaperFile, source_id) if offer else None
    if offer is None or source is None:
        raise Refused("no_such_offer", "Bản số hóa này không còn dùng lại được. Hãy quét giấy tờ.")
    row = _row(form, procedure, number, source.sha256, source.name, actor, now)
    row.source_id, row.source_code = source.id, offer.code
    return _add(session, form, row)


def _row(
    form: Form, procedure: str, number: int, sha256: str, name: str, actor: Actor, now: datetime
) -> StagedFile:  # fmt: skip
    return StagedFile(
        staff_id=actor.id, form_key=form.key, dossier_id=form.dossier_id,
        procedure_code=procedure, number=number, sha256=sha256, name=name, added_at=now,
    )  # fmt: skip


def _add(session: Db, form: Form, row: StagedFile) -> StagedFile:
    there = laid_under(session, form)
    if len(there) >= MOST_FILES:
        raise Refused(
            "too_many_files",
            f"Đã gắn {MOST_FILES} tệp, nhiều nhất cho một hồ sơ. "
            "Hãy bỏ tệp thừa, hoặc chọn nhiều trang cùng lúc để ghép thành một tệp.",
        )
    same = (row.procedure_code, row.number, row.sha256)
    if any((f.procedure, f.number, f.sha256) == same for f in there):
        raise Refused("already_filed", "Tệp này đã có ở giấy tờ đó, không gắn thêm lần nữa.")
    session.add(row)
    session.flush()
    return row


def take_away(session: Db, form: Form, file_id: int) -> None:
    """Take a file off the form; no dossier knew it, so nothing of it is told."""
    session.execute(delete(StagedFile).where(StagedFile.id == file_id, *_under(form)))


def keep_with(session: Db, form: Form, dossier_id: str) -> None:
    """The counter keeps a draft of the form: from now on the files lie under the draft."""
    session.execute(update(StagedFile).where(*_under(form)).values(dossier_id=dossier_id))


def laid_file(session: Db, file_id: int) -> tuple[StagedFile, StoredFile] | None:
    """A laid file by its id; whether the person may see it is the caller's to ask."""
    query = (
        select(StagedFile, StoredFile)
        .join(StoredFile, StoredFile.sha256 == StagedFile.sha256)
        .where(StagedFile.id == file_id)
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Filing:
    """What an acceptance files: rows of `paper_file`, the events' rows, the state of each paper."""

    rows: list[dict[str, Any]]
    events: list[dict[str, Any]]
    states: dict[int, int]


def filing_of(
    laid: Sequence[Laid], names: dict[int, str], dossier_id: str, after: dict[str, Any],
    actor: Actor, post: Post, now: datetime,
) -> Filing:  # fmt: skip
    """The laid files as filed in the dossier, an event each behind the one that accepts it.

    names: of the components that were received; after: the row of that event. Who laid a file,
    and when, stays with it; the events are of who accepts.
    """
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    events: list[dict[str, Any]] = []
    states: dict[int, int] = {}
    for file in laid:
        if (file.number, file.sha256) in rows:
            continue  # sent twice at the very same moment
        rows[file.number, file.sha256] = _paper_file(file, dossier_id)
        happened = _happened(file, names[file.number])
        after = log.entry(
            dossier_id, after["seq"] + 1, after["hash"], actor, post, now, happened
        )  # fmt: skip
        events.append(after)
        states.setdefault(file.number, 0)
        states[file.number] = _weightier(states[file.number], file.state)
    return Filing(list(rows.values()), events, states)


def _weightier(one: int, other: int) -> int:
    """Digitised here weighs most, then the reuse of a result (as `filing.actions` keeps it)."""
    return next((s for s in (HERE, FROM_RESULT, REUSED) if s in (one, other)), 0)


def _paper_file(file: Laid, dossier_id: str) -> dict[str, Any]:
    return {
        "dossier_id": dossier_id, "number": file.number, "sha256": file.sha256, "name": file.name,
        "state": file.state, "added_at": file.at, "added_by": file.by,
        "source_id": file.source_id, "source_code": file.source_code,
    }  # fmt: skip


def _happened(file: Laid, paper: str) -> log.Happened:
    facts: dict[str, Any] = {"component": file.number, "paper": paper, "sha256": file.sha256}
    if file.source_id is None:
        return log.Happened("file_added", facts=facts | {"pages": file.pages})
    facts |= {
        "state": file.state, "from_dossier": file.source_code,
        "from_component": file.source_number,
    }  # fmt: skip
    return log.Happened("file_reused", facts=facts)
