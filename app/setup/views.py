"""Pages of the set-up: each list as a table, a form for one item, a spreadsheet out and in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, flash, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import web
from app.bulk import views as bulk
from app.bulk.terms import KINDS as LONG_WORK
from app.bulk.terms import OPEN
from app.core.refusals import Refused
from app.core.states import Role
from app.errors import status_of
from app.extensions import db, writing
from app.models import SetupChange, Staff, Task
from app.setup import book, changes, moving, reading
from app.setup.changes import Draft
from app.setup.kind import Doing, Item, Kind
from app.setup.kinds import KINDS, kind_of

room = web.room("setup", Role.ADMIN, prefix="/quan-tri/bang")
LONG_WORK |= moving.LONG | reading.LONG
PAGE = 50
SHOWN = 300  # items whose differences are shown
SPARE = 3  # blank rows offered for a part's list
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _doing(session: Any, decision: str = "", starts_on: date | None = None) -> Doing:
    return Doing(session, web.office(), web.actor(), web.moment(), decision, starts_on)


@room.get("")
def lists() -> str:
    """Every list that can be set up."""
    return render_template("setup/lists.html", kinds=KINDS.values())


@room.get("/<word>")
def table(word: str) -> str:
    """A list: search, a page of items, spreadsheet out and in, what was changed before."""
    return _table(kind_of(word))


def _table(kind: Kind, refused: Refused | None = None, made: Draft | None = None) -> str:
    items = kind.snapshot(db.session, web.office())
    text = request.args.get("q", "").strip().casefold()
    found = [k for k, i in items.items() if not text or text in _words(i)]
    start = min(max(request.args.get("tu", 0, type=int), 0), max(len(found) - 1, 0))
    columns = [c for c in kind.main.columns if c.kind != "json"][:6]
    past = changes.history(db.session, kind)
    names = {s.id: s.name for s in db.session.query(Staff.id, Staff.name).all()} if past else {}
    return render_template(
        "setup/table.html", kind=kind, columns=columns, total=len(found), start=start, page=PAGE,
        rows=[(k, items[k]) for k in found[start : start + PAGE]], text=request.args.get("q", ""),
        past=past, names=names, refused=refused, made=made,
    )  # fmt: skip


def _words(item: Item) -> str:
    return " ".join(str(v) for v in item.values() if isinstance(v, str)).casefold()


@room.get("/<word>/bang.xlsx")
def export(word: str) -> Response:
    """The whole list as a spreadsheet, to be changed and brought back."""
    kind = kind_of(word)
    items = kind.snapshot(db.session, web.office())
    response = Response(book.write(kind.sheets, rows_of(kind, items.values())), mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{kind.id}.xlsx"'
    return response


def rows_of(kind: Kind, items: Any) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of every sheet for some items."""
    rows: dict[str, list[Mapping[str, Any]]] = {sheet.name: [] for sheet in kind.sheets}
    for item in items:
        rows[kind.main.name].append(item)
        for sheet in kind.parts:
            rows[sheet.name] += [{kind.key: item[kind.key]} | row for row in item[sheet.part]]
    return rows


@room.post("/<word>/tep")
def upload(word: str) -> BaseResponse | tuple[str, int]:
    """Look at what a spreadsheet would change; nothing is changed yet. A long one is ordered."""
    kind = kind_of(word)
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            sentence = "Hãy chọn tệp .xlsx."
            raise Refused("bad_file", sentence, fields={"file": sentence})
        raw = file.read(book.MOST_BYTES + 1)
        file.close()
        if book.unpacked_size(raw) > reading.DIRECT:
            return _read_later(kind, raw, file.filename)
        return _looked_at(kind, book.unpack(raw, kind.sheets), file.filename)
    except Refused as refused:
        return _table(kind, refused), status_of(refused)


def _read_later(kind: Kind, raw: bytes, source: str) -> BaseResponse:
    with writing() as session:
        doing = _doing(session)
        row = reading.keep(doing, kind, raw, source)
        task = reading.order(doing, kind, row, _look_at(kind, row))
    return bulk.start(task, at_once=False)


def _looked_at(
    kind: Kind, cells: Mapping[str, Sequence[tuple[int, Mapping[str, Any]]]], source: str
) -> BaseResponse | tuple[str, int]:
    """Keep a good draft and show it; problems come back by row and nothing is kept."""
    made = changes.draft(kind, _doing(db.session), cells)
    if made.problems:
        return _table(kind, made=made), 422
    if not made.items:
        raise Refused("nothing_changed", reading.NOTHING)
    with writing() as session:
        row = changes.keep(_doing(session), kind, made, source)
        number = row.id
    return web.see_other("setup.look", word=kind.id, number=number)


@room.get("/<word>/lan/<int:number>")
def look(word: str, number: int) -> str:
    """A set of changes: every difference, and the button that applies or takes back."""
    return _look(kind_of(word), number)


def _look(kind: Kind, number: int, refused: Refused | None = None) -> str:
    row = changes.change_of(db.session, kind, number)
    shown = changes.items_of(db.session, row, 1, SHOWN)
    differences = [
        changes.difference(kind, key, item["before"], item["after"]) for key, item in shown.items()
        if item["after"] is not None
    ]  # fmt: skip
    return render_template(
        "setup/look.html", kind=kind, row=row, differences=differences, refused=refused,
        problems=changes.problems_of(row), running=_running(row), at_once=moving.AT_ONCE,
        tomorrow=_doing(db.session).today.isoformat(), typed=request.form,
    )  # fmt: skip


def _running(row: SetupChange) -> Task | None:
    """The long work that is at this set now."""
    task = db.session.get(Task, row.task_id) if row.task_id is not None else None
    return task if task is not None and task.state == OPEN else None


@room.post("/<word>/lan/<int:number>/<any(ap_dung, lui):what>")
def carry_out(word: str, number: int, what: str) -> BaseResponse | tuple[str, int]:
    """Apply a set of changes, or take it back; many items are left to a worker."""
    kind, up = kind_of(word), what == "ap_dung"
    try:
        row = changes.change_of(db.session, kind, number)
        told = _edition(kind, row) if up else (row.decision, row.starts_on)
        if moving.left(row, up) > moving.AT_ONCE:
            return bulk.start(_ordered(kind, row, up, *told), at_once=False)
        with writing() as session:
            row = changes.change_of(session, kind, number, lock=True)
            count = moving.move_all(_doing(session, *told), kind, row, up)
    except Refused as refused:
        return _look(kind, number, refused), status_of(refused)
    flash(f"{'Đã áp dụng' if up else 'Đã lùi lại'} {count} {kind.what}.")
    return web.see_other("setup.table", word=kind.id)


def _ordered(
    kind: Kind, seen: SetupChange, up: bool, decision: str, starts_on: date | None
) -> Task:
    """Asked of all items before the first is touched, and before anybody has to wait for it."""
    moving.check_all(_doing(db.session, decision, starts_on), kind, seen, up)
    with writing() as session:
        row = changes.change_of(session, kind, seen.id, lock=True)
        doing = _doing(session, decision, starts_on)
        return moving.order(doing, kind, row, up, _look_at(kind, row))


def _look_at(kind: Kind, row: SetupChange) -> str:
    return url_for("setup.look", word=kind.id, number=row.id)


def _edition(kind: Kind, row: SetupChange) -> tuple[str, date | None]:
    """The decision and the first day of what is applied; of a set that goes on, its own."""
    if row.done or not kind.is_rule:
        return row.decision, row.starts_on
    try:
        starts_on = date.fromisoformat(request.form.get("starts_on", ""))
    except ValueError:
        sentence = "Hãy ghi ngày áp dụng."
        raise Refused("bad_request", sentence, fields={"starts_on": sentence}) from None
    return request.form.get("decision", "").strip()[:120], starts_on


@room.get("/<word>/mot")
def item(word: str) -> str:
    """The form of one item (`ma`), or of a new one."""
    kind = kind_of(word)
    wanted = request.args.get("ma", "")
    items = kind.snapshot(db.session, web.office()) if wanted else {}
    if wanted and wanted not in items:
        raise Refused("no_such_document", f"Không có “{wanted}” trong bảng {kind.title.lower()}.")
    return _form(kind, wanted, _cells_of(kind, items.get(wanted)))


def _cells_of(kind: Kind, found: Item | None) -> dict[str, list[dict[str, str]]]:
    """What stands in the form: a row of texts a sheet row, blank rows at the end of lists."""
    rows = rows_of(kind, [found] if found else [])
    cells: dict[str, list[dict[str, str]]] = {}
    for sheet in kind.sheets:
        cells[sheet.name] = [
            {c.key: c.shown(row.get(c.key)) for c in sheet.columns} for row in rows[sheet.name]
        ]
        spare = SPARE if sheet.part else int(not found)
        cells[sheet.name] += [dict.fromkeys((c.key for c in sheet.columns), "")] * spare
    return cells


def _form(
    kind: Kind, wanted: str, cells: Mapping[str, list[dict[str, str]]],
    problems: Sequence[book.Problem] = (),
) -> str:  # fmt: skip
    return render_template(
        "setup/item.html", kind=kind, wanted=wanted, cells=cells, problems=problems
    )


@room.post("/<word>/mot")
def change_item(word: str) -> BaseResponse | tuple[str, int]:
    """One item as typed on its page, through the same look as a spreadsheet."""
    kind = kind_of(word)
    wanted = request.args.get("ma", "")
    cells = _typed(kind)
    main = cells[kind.main.name][:1]
    key = (main[0].get(kind.key, "") if main else "").strip()
    numbered: dict[str, list[tuple[int, Mapping[str, Any]]]] = {
        kind.main.name: [(1, row) for row in main]
    }
    for sheet in kind.parts:
        told = [row for row in cells[sheet.name] if any(row[c] for c in row if c != kind.key)]
        numbered[sheet.name] = [(n, row | {kind.key: key}) for n, row in enumerate(told, 1)]
    try:
        made = changes.draft(kind, _doing(db.session), numbered)
        if made.problems:
            return _form(kind, wanted, cells, made.problems), 422
        return _looked_at(kind, numbered, f"trang sửa {key}")
    except Refused as refused:
        problem = book.Problem(kind.main.name, 0, refused.sentence)
        return _form(kind, wanted, cells, [problem]), status_of(refused)


def _typed(kind: Kind) -> dict[str, list[dict[str, str]]]:
    """The rows of the posted form, by sheet; a field is `<sheet>.<row>.<column>`."""
    cells: dict[str, list[dict[str, str]]] = {}
    for at, sheet in enumerate(kind.sheets):
        numbers = sorted(
            {int(n.split(".")[1]) for n in request.form if n.startswith(f"{at}.")
             and n.split(".")[1].isdigit() and len(n.split(".")) == 3}
        )[:200]  # fmt: skip
        cells[sheet.name] = [
            {c.key: request.form.get(f"{at}.{n}.{c.key}", "") for c in sheet.columns}
            for n in numbers
        ]
    return cells
