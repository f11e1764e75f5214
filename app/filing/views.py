"""Pages of the files: filed under a dossier's papers, seen beside it, taken from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app import web
from app.clock import VIETNAM
from app.core.refusals import Refused
from app.core.states import Role
from app.errors import note_refusal, status_of
from app.extensions import db, writing
from app.filing import actions, names, opening, reading
from app.filing.reading import DRAFT, PRODUCTS, Filed, Offer, Share
from app.filing.refusals import megabytes
from app.filing.store import Bucket, Damaged, Store, store_of
from app.journey import door, find
from app.models import Dossier, Paper, Step, StoredFile

room = web.room("filing", *(role for role in Role if role != Role.ADMIN))

MOST_SENT = 100 * 1024 * 1024  # of one sending: some scans of 20 MB each
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
STATES = {0: "Chưa số hóa", 1: "Được số hóa", 2: "Tái sử dụng",
          3: "Tái sử dụng từ kết quả hồ sơ khác"}  # fmt: skip


@dataclass(slots=True)
class Row:
    """A component as shown: its files, and what could be reused for it."""

    number: int
    name: str
    paper: Paper | None
    files: list[Filed]
    offers: list[Offer] = field(default_factory=list)

    @property
    def state(self) -> int:
        """The portal's state of digitisation, 0–3."""
        return self.paper.digitised if self.paper else 0


@dataclass(slots=True)
class Panel:
    """The papers of a dossier with their files. viewed: the file that stands open.

    products: draft and result, where there is one or the person may file one (may_file).
    """

    rows: list[Row]
    products: list[Row]
    may: bool
    may_file: frozenset[int]
    mine: str
    at_counter: bool
    left: int
    viewed: Filed | None

    def may_remove(self, file: Filed) -> bool:
        """Whether the person may take the file away."""
        may = file.number in self.may_file if file.number in PRODUCTS else self.may
        return may and (self.at_counter or file.by_id == self.mine)


def filing_of(
    dossier: Dossier, papers: Sequence[Paper] | None = None, steps: Sequence[Step] | None = None
) -> Panel:
    """The panel of a dossier that was found within sight; for templates of other rooms too.

    papers, steps: where the page has read them already.
    """
    session, office, actor = db.session, web.office(), web.actor()
    papers = reading.papers_of(session, dossier.id) if papers is None else papers
    steps = door.route_of(session, dossier) if steps is None else steps
    filed = reading.files_of(session, dossier.id)
    rows = [Row(p.number, p.name, p, [f for f in filed if f.number == p.number]) for p in papers]
    post = actions.working_post(office, dossier, steps, actor)
    may = post is not None and not actions.why_closed(dossier, 1)
    open_ = frozenset(
        n for n in PRODUCTS if post is not None and not actions.why_closed(dossier, n)
    )
    if may:
        empty = {row.number: row.name for row in rows if not row.files}
        found = reading.offers(session, office, actor, dossier, empty)
        for row in rows:
            row.offers = found.get(row.number, [])
    made = {n: [f for f in filed if f.number == n] for n in PRODUCTS}
    products = [
        Row(n, PRODUCTS[n], None, files) for n, files in made.items() if files or n in open_
    ]
    asked = _number(request.args.get("tep", ""))
    return Panel(
        rows, products, may, open_, actor.id, post is not None and post.unit_id == dossier.one_stop,
        opening.MOST_FILES - len(filed), next((f for f in filed if f.id == asked), None),
    )  # fmt: skip


def drafts_of(dossier: Dossier) -> list[Filed]:
    """The draft results of a dossier that was found within sight; one statement."""
    return [f for f in reading.files_of(db.session, dossier.id) if f.number == DRAFT]


def share_at_reception() -> Share:
    """How much of what came in today was digitised today, within the person's sight."""
    today = web.moment().astimezone(VIETNAM).date()
    return reading.share_at_reception(db.session, web.actor(), today)


@room.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {
        "filing_of": filing_of, "drafts_of": drafts_of,
        "filing_states": STATES, "megabytes": megabytes,
        "share_at_reception": share_at_reception, "filing_limits": opening,
    }  # fmt: skip


@room.url_value_preprocessor
def _more_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Scans may be larger than other forms, but only those of a person who is signed in."""
    if endpoint == "filing.add" and current_user.is_authenticated:
        request.max_content_length = MOST_SENT


@room.teardown_request
def _let_go(_: BaseException | None) -> None:
    """What was sent lies in files of its own while it is read, and nowhere after that."""
    request.close()


def _store() -> Store | Bucket:
    return store_of(web.settings())


def _number(text: str) -> int:
    """A number of an address or form; -1, which nothing has, for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) <= 15
    return int(text) if plain else -1


@room.get("/ho-so/<code>/tep")
def files(code: str) -> str:
    """The papers of one dossier with their files, one of them open beside the list."""
    return _page(find.dossier_of(db.session, web.actor(), code))


def _page(dossier: Dossier, refused: Refused | None = None) -> str:
    told = refused.detail.get("files") if refused else None
    procedure = web.office().editions[dossier.edition_id].procedure
    return render_template(
        "filing/files.html", dossier=dossier, panel=filing_of(dossier), procedure=procedure,
        code=dossier.code or dossier.temporary_id,
        wrong=(told or [refused.sentence]) if refused else [],
        wrong_row=_number(request.form.get("number", "")) if refused else -1,
    )  # fmt: skip


@room.post("/ho-so/<code>/tep")
def add(code: str) -> BaseResponse | tuple[str, int]:
    """File what was scanned or chosen for one paper; several files become one PDF."""
    number = _number(request.form.get("number", ""))
    try:
        return _add(code, number)
    except Refused as refused:
        return _refuse(code, refused)


def _add(code: str, number: int) -> BaseResponse:
    session, office, actor = db.session, web.office(), web.actor()
    found = find.dossier_of(session, actor, code)
    actions.post_to_file(session, office, found, actor, number)
    actions.paper_name(session, found, number)
    actions.check_room(session, found)
    # What takes time (unpacking, writing to the disk) happens before the writer's turn.
    sent = [(f.filename or "", f.read()) for f in request.files.getlist("files") if f.filename]
    file = opening.together(sent)
    stored = _store().put(file.data)
    with writing() as session:
        found = find.dossier_of(session, actor, code, lock=True)
        actions.add(session, office, found, number, file, stored, actor, web.moment())
        following = _following(found, number)
    pages = f" ({file.pages} trang)" if file.pages > 1 else ""
    flash(f"Đã gắn tệp “{file.name}”{pages}.")
    return _back(code, following)


def _following(dossier: Dossier, number: int) -> int:
    """The next paper without a file, to which the focus goes; else the one just done."""
    papers = reading.papers_of(db.session, dossier.id)
    empty = [p.number for p in papers if not p.digitised]
    return next((n for n in empty if n > number), empty[0] if empty else number)


@room.post("/ho-so/<code>/tep/dung-lai")
def reuse(code: str) -> BaseResponse | tuple[str, int]:
    """File a paper again that was digitised in another dossier of the same person."""
    number, source = (_number(request.form.get(key, "")) for key in ("number", "source"))
    office, actor = web.office(), web.actor()
    try:
        with writing() as session:
            found = find.dossier_of(session, actor, code, lock=True)
            wanted = {number: actions.paper_name(session, found, number)}
            offered = reading.offers(session, office, actor, found, wanted).get(number, [])
            made = actions.reuse(
                session, office, found, number, offered, source, actor, web.moment()
            )
            following = _following(found, number)
    except Refused as refused:
        return _refuse(code, refused)
    flash(f"Đã dùng lại bản số hóa của hồ sơ {made.source_code}.")
    return _back(code, following)


@room.post("/ho-so/<code>/tep/bo")
def remove(code: str) -> BaseResponse | tuple[str, int]:
    """Take a file away, with a reason."""
    file, reason = _number(request.form.get("file", "")), request.form.get("reason", "")
    try:
        with writing() as session:
            found = find.dossier_of(session, web.actor(), code, lock=True)
            link = actions.remove(
                session, web.office(), found, file, reason, web.actor(), web.moment()
            )
    except Refused as refused:
        return _refuse(code, refused)
    flash(f"Đã bỏ tệp “{link.name}”.")
    return _back(code, link.number)


def _refuse(code: str, refused: Refused) -> tuple[str, int]:
    """The page of the files with what is wrong on top; nothing was stored."""
    if refused.code == "no_such_dossier":
        raise refused
    if refused.code == "not_allowed":
        note_refusal(request.endpoint or "", code, refused)
    shown = find.dossier_of(db.session, web.actor(), code)
    return _page(shown, refused), status_of(refused)


_BACK = {"xong": "intake.received", "tep": "filing.files"}


def _back(code: str, number: int) -> BaseResponse:
    """To the page from which it was sent, at the paper that comes next."""
    endpoint = _BACK.get(request.form.get("ve", ""), "desk.dossier")
    # The field itself, not its row: browsers move the focus to what a fragment names.
    return redirect(url_for(endpoint, code=code, _anchor=f"tep-{number}-files"), code=303)


@room.get("/tep/<file>")
def content(file: str) -> Response:
    """The bytes of a filed paper whose dossier is within sight; `tai` to save them."""
    link, stored, code = reading.file_in_sight(db.session, web.actor(), _number(file))
    return served(stored, f"{code}-{link.number}-{names.stem(link.name)}.{stored.kind}")


def served(stored: StoredFile, name: str) -> Response:
    """The bytes of a file that was found within sight; `tai` in the address to save them."""
    try:
        data = _store().read(stored.sha256)
    except Damaged:
        raise Refused(
            "file_damaged",
            "Tệp này bị mất hoặc không khớp mã băm, không mở được. Hãy báo quản trị.",
        ) from None
    response = Response(data, mimetype=TYPES[stored.kind])
    way = "attachment" if "tai" in request.args else "inline"
    response.headers["Content-Disposition"] = f"{way}; {names.in_header(name)}"
    # Whatever it holds, it runs nothing, sends nothing, and is no page of ours.
    policy = "default-src 'none'; sandbox; frame-ancestors 'self'"
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
