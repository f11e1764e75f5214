"""What is filed in a dossier, what of it can be reused elsewhere, and how much is digitised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.vietnamese import fold
from app.filing.store import Bucket, Damaged, Store
from app.journey.office import Db, Office
from app.journey.visibility import visible
from app.models import Dossier, Paper, PaperFile, Staff, StoredFile

RESULT = 0  # the number under which the result of a dossier is filed
DRAFT = 1000  # that of the draft which the officer hands in with the proposal; no paper has it
PRODUCTS = {DRAFT: "Dự thảo kết quả", RESULT: "Kết quả giải quyết"}
MOST_OFFERS = 200
_SHORTEST_RESULT = 12  # letters of a result's name that may stand inside a component's


@dataclass(frozen=True, slots=True)
class Filed:
    """A file filed in a dossier, as shown. source: what it was reused from, with its day."""

    id: int
    number: int
    name: str
    kind: str
    size: int
    pages: int
    state: int
    sha256: str
    at: datetime
    by: str
    by_id: str
    source_code: str | None
    source_number: int | None
    source_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose papers may be reused: as a dossier that does not exist yet names them."""

    personal_id: str | None
    applicant_kind: str = "person"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper digitised in another dossier of the same person.

    state: what it becomes, 2 or 3. file: the name of the file, to be looked at before.
    """

    id: int
    code: str
    number: int
    name: str
    state: int
    at: datetime
    file: str


def files_of(session: Db, dossier_id: str) -> list[Filed]:
    """The files of a dossier that was found within sight, by component, in order of filing."""
    source = aliased(PaperFile)
    query = (
        select(PaperFile, StoredFile, Staff.name, source.number, source.added_at)
        .join(StoredFile, StoredFile.sha256 == PaperFile.sha256)
        .join(Staff, Staff.id == PaperFile.added_by)
        .outerjoin(source, source.id == PaperFile.source_id)
        .where(PaperFile.dossier_id == dossier_id, PaperFile.removed_at.is_(None))
        .order_by(PaperFile.number, PaperFile.id)
    )
    return [_filed(*row) for row in session.execute(query)]


def _filed(
    link: PaperFile, stored: StoredFile, by: str, number: int | None, at: datetime | None
) -> Filed:
    return Filed(
        link.id, link.number, link.name, stored.kind, stored.size, stored.pages, link.state,
        link.sha256, link.added_at, by, link.added_by, link.source_code, number, at,
    )  # fmt: skip


def file_in_sight(session: Db, actor: Actor, file_id: int) -> tuple[PaperFile, StoredFile, str]:
    """A filed paper whose dossier the person may see, and the dossier's code.

    Refused `no_such_file` alike for one that is out of sight, removed, or never was.
    """
    query = (
        select(PaperFile, StoredFile, func.coalesce(Dossier.code, Dossier.temporary_id))
        .join(Dossier, Dossier.id == PaperFile.dossier_id)
        .join(StoredFile, StoredFile.sha256 == PaperFile.sha256)
        .where(PaperFile.id == file_id, PaperFile.removed_at.is_(None))
    )
    found = session.execute(visible(query, actor)).first()
    if found is None:
        raise Refused("no_such_file", "Không có tệp này trong phạm vi bạn được xem.")
    return found[0], found[1], found[2]


def offers(
    session: Db, office: Office, actor: Actor, dossier: Dossier | Holder, wanted: Mapping[int, str]
) -> dict[int, list[Offer]]:
    """For each component (number → name): the same paper of the same person, filed elsewhere.

    Only dossiers within the clerk's sight, never confidential ones; each content once, the newest
    filing of it first. A paper matches by its name, a result by what its procedure gives out.
    """
    if not dossier.personal_id or not wanted:
        return {}
    query = (
        select(PaperFile, Dossier.code, Dossier.edition_id, Paper.name)
        .join(Dossier, Dossier.id == PaperFile.dossier_id)
        .outerjoin(
            Paper,
            and_(Paper.dossier_id == PaperFile.dossier_id, Paper.number == PaperFile.number),
        )
        .where(
            Dossier.personal_id == dossier.personal_id,
            Dossier.applicant_kind == dossier.applicant_kind,
            Dossier.id != dossier.id, Dossier.code.is_not(None), Dossier.confidential.is_(False),
            PaperFile.removed_at.is_(None),
        )
        .order_by(PaperFile.added_at.desc(), PaperFile.id.desc())
        .limit(MOST_OFFERS)
    )  # fmt: skip
    found: dict[int, list[Offer]] = {}
    seen: set[tuple[int, str]] = set()
    rows: Any = session.execute(visible(query, actor))
    for link, code, edition_id, paper in rows:
        results = office.editions[edition_id].procedure.results
        for number, name in wanted.items():
            if (number, link.sha256) not in seen and _is_same(name, link.number, paper, results):
                seen.add((number, link.sha256))
                found.setdefault(number, []).append(_offer(link, code, paper))
    return found


def _offer(link: PaperFile, code: str, paper: str | None) -> Offer:
    state = 3 if link.number == RESULT or link.state == 3 else 2
    name = paper or "Kết quả giải quyết"
    return Offer(link.id, code, link.number, name, state, link.added_at, link.name)


def _is_same(wanted: str, number: int, paper: str | None, results: Iterable[str]) -> bool:
    name = fold(wanted)
    if number == DRAFT:
        return False  # a draft was never given to anybody
    if number != RESULT:
        return paper is not None and fold(paper) == name
    given = [fold(result) for result in results]
    return any(g == name or (len(g) >= _SHORTEST_RESULT and g in name) for g in given)


def papers_of(session: Db, dossier_id: str) -> Sequence[Paper]:
    """The components of a dossier that was found within sight."""
    query = select(Paper).where(Paper.dossier_id == dossier_id).order_by(Paper.number)
    return session.scalars(query).all()


def missing_objects(
    session: Db, store: Store | Bucket, *, look_inside: bool = False
) -> Iterator[str]:
    """Names of stored files whose object is not there, or (look_inside) is not what it was."""
    for sha256, size in session.execute(select(StoredFile.sha256, StoredFile.size)):
        if not store.has(sha256, size):
            yield sha256
        elif look_inside:
            try:
                store.read(sha256)
            except Damaged:
                yield sha256


@dataclass(frozen=True, slots=True)
class Share:
    """Components received on a day, and those of them that were digitised that very day."""

    day: date
    digitised: int
    received: int


def share_at_reception(session: Db, actor: Actor, day: date) -> Share:
    """Tỷ lệ số hóa thành phần hồ sơ khi tiếp nhận, of the dossiers within sight."""
    end = datetime.combine(day, time.max, VIETNAM)
    filed = (
        select(PaperFile.id)
        .where(
            PaperFile.dossier_id == Paper.dossier_id, PaperFile.number == Paper.number,
            PaperFile.removed_at.is_(None), PaperFile.added_at <= end,
        )
        .correlate(Paper)
        .exists()
    )  # fmt: skip
    query: Any = (
        select(func.count(), func.count().filter(filed))
        .select_from(Paper)
        .join(Dossier, Dossier.id == Paper.dossier_id)
        .where(Dossier.accepted_day == day)
    )
    received, digitised = session.execute(visible(query, actor)).one()
    return Share(day, digitised, received)
