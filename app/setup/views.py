"""Pages of the set-up: each list as a table, a form for one item, a spreadsheet out and in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response, flash, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app import web
from app.bulk import actions as tasks
from app.bulk import views as bulk
from app.bulk.terms import KINDS as LONG_WORK
from app.bulk.terms import OPEN
from app.core import vietnamese
from app.core.refusals import Refused
from app.core.states import Role
from app.core.vietnamese import fold
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
NUMBER = "int(max=999999999):number"
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
    words = fold(request.args.get("q", "")).split()
    found = [k for k, i in items.items() if not words or _holds(i, words)]
    start = min(max(request.args.get("tu", 0, type=int), 0), max(len(found) - 1, 0))
    columns = [c for c in kind.main.columns if c.kind != "json"][:6]
    past = changes.history(db.session, kind)
    names = {s.id: s.name for s in db.session.query(Staff.id, Staff.name).all()} if past else {}
    return render_template(
        "setup/table.html", kind=kind, columns=columns, total=len(found), start=start, page=PAGE,
        rows=[(k, items[k]) for k in found[start : start + PAGE]], text=request.args.get("q", ""),
        past=past, names=names, refused=refused, made=made,
    )  # fmt: skip


def _holds(item: Item, words: Sequence[str]) -> bool:
    """Whether every word, without its marks, stands somewhere in the item."""
    text = fold(" ".join(str(v) for v in item.values() if isinstance(v, str)))
    return all(word in text for word in words)


@room.get("/<word>/bang.xlsx")
def export(word: str) -> Response:
    """The whole list as a spreadsheet, to be changed and brought back."""
    kind = kind_of(word)
    items = kind.snapshot(db.session, web.office())
    marks = {key: changes.mark(item) for key, item in items.items()}
    raw = book.write(kind.sheets, rows_of(kind, items.values()), marks)
    response = Response(raw, mimetype=XLSX)
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
        read = book.unpack(raw, kind.sheets)
        return _looked_at(kind, read.cells, file.filename, read.marks)
    except Refused as refused:
        return _table(kind, refused), status_of(refused)


def _read_later(kind: Kind, raw: bytes, source: str) -> BaseResponse:
    with writing() as session:
        doing = _doing(session)
        row = reading.keep(doing, kind, raw, source)
        task = reading.order(doing, kind, row, _look_at(kind, row))
    return bulk.start(task, at_once=False)


def _looked_at(
    kind: Kind, cells: Mapping[str, Sequence[tuple[int, Mapping[str, Any]]]], source: str,
    seen: Mapping[str, str],
) -> BaseResponse | tuple[str, int]:  # fmt: skip
    """Keep a good draft and show it; problems come back by row and nothing is kept."""
    made = changes.draft(kind, _doing(db.session), cells, seen=seen)
    if made.problems:
        return _table(kind, made=made), 422
    if not made.items:
        raise Refused("nothing_changed", reading.NOTHING)
    with writing() as session:
        row = changes.keep(_doing(session), kind, made, source)
        number = row.id
    return web.see_other("setup.look", word=kind.id, number=number)


@room.get(f"/<word>/lan/<{NUMBER}>")
def look(word: str, number: int) -> str:
    """A set of changes: every difference, and the button that applies or takes back."""
    return _look(kind_of(word), number)


def _look(kind: Kind, number: int, refused: Refused | None = None) -> str:
    row = changes.change_of(db.session, kind, number)
    start = min(max(request.args.get("tu", 0, type=int), 0), max(row.size - 1, 0))
    shown = changes.items_of(db.session, row, start + 1, start + SHOWN)
    differences = [
        changes.difference(kind, key, item["before"], item["after"]) for key, item in shown.items()
        if item["after"] is not None
    ]  # fmt: skip
    running = _running(row)
    if running is not None:  # perhaps nobody works at it: after a restart, say
        bulk.kick()
    return render_template(
        "setup/look.html", kind=kind, row=row, differences=differences, refused=refused,
        problems=changes.problems_of(row), running=running, start=start, page=SHOWN,
        bars=(refused.detail or {}).get("keys", []) if refused else [],
        left_out=changes.left_out(db.session, row), typed=request.form,
        tomorrow=_doing(db.session).today.isoformat(),
    )  # fmt: skip


def _running(row: SetupChange) -> Task | None:
    """The long work that is at this set now."""
    task = db.session.get(Task, row.task_id) if row.task_id is not None else None
    return task if task is not None and task.state == OPEN else None


@room.post(f"/<word>/lan/<{NUMBER}>/<any(ap_dung, lui):what>")
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


@room.post(f"/<word>/lan/<{NUMBER}>/dung")
def stop(word: str, number: int) -> BaseResponse:
    """Stop the long work that is at a set; any administrator may, whoever ordered it."""
    kind = kind_of(word)
    with writing() as session:
        # Only the task is held: a worker holds it first and the sets after it, never otherwise.
        row = changes.change_of(session, kind, number)
        task = session.get(Task, row.task_id, with_for_update=True) if row.task_id else None
        if task is not None:
            tasks.cancel(session, task, web.moment())
    flash("Đang dừng: phần đang làm dở xong là thôi.")
    return web.see_other("setup.look", word=kind.id, number=number)


@room.post(f"/<word>/lan/<{NUMBER}>/de_lai")
def leave(word: str, number: int) -> BaseResponse | tuple[str, int]:
    """Leave out of a set what stands against it, and so be able to carry out the rest."""
    kind, keys = kind_of(word), request.form.getlist("key")
    try:
        with writing() as session:
            row = changes.change_of(session, kind, number, lock=True)
            moving.check_still(session, row)
            count = changes.leave_out(session, row, keys[: changes.MOST_ITEMS])
    except Refused as refused:
        return _look(kind, number, refused), status_of(refused)
    flash(f"Đã để lại {vietnamese.count(count)} mục như đang có.")
    return web.see_other("setup.look", word=kind.id, number=number)


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
    items = kind.snapshot(db.session, web.office(), [wanted]) if wanted else {}
    if wanted and wanted not in items:
        raise Refused("no_such_document", f"Không có “{wanted}” trong bảng {kind.title.lower()}.")
    seen = changes.mark(items[wanted]) if wanted else ""
    return _form(kind, wanted, _cells_of(kind, items.get(wanted)), seen)


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
    kind: Kind, wanted: str, cells: Mapping[str, list[dict[str, str]]], seen: str = "",
    problems: Sequence[book.Problem] = (), stands: Sequence[tuple[str, str, str]] = (),
) -> str:  # fmt: skip
    """The form; seen: the mark of the item as shown; stands: (what, as it stands, as typed)."""
    return render_template(
        "setup/item.html", kind=kind, wanted=wanted, cells=cells, problems=problems, seen=seen,
        stands=stands, units=_units(kind),
    )  # fmt: skip


def _units(kind: Kind) -> list[Any]:
    """The units that a field may name: to be chosen from, since nobody knows their ids by heart."""
    if not any(column.units for sheet in kind.sheets for column in sheet.columns):
        return []
    units = web.office().units.values()
    if kind.is_rule:  # a rule names a unit of every commune once
        return list({u.base_id: replace(u, id=u.base_id) for u in units}.values())
    return sorted(units, key=lambda u: u.id)


@room.post("/<word>/mot")
def change_item(word: str) -> BaseResponse | tuple[str, int]:
    """One item as typed on its page, through the same look as a spreadsheet."""
    kind = kind_of(word)
    wanted, seen = request.args.get("ma", ""), request.form.get("seen", "")
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
        key = next(iter(made.items), key)  # as it is written in the list
        _check_key(kind, wanted, key)
        stands = kind.snapshot(db.session, web.office(), [key]).get(key)
        if stands is not None and seen and seen != changes.mark(stands):
            return _changed_meanwhile(kind, wanted, cells, stands, made), 409
        if made.problems:
            return _form(kind, wanted, cells, seen, made.problems), 422
        return _looked_at(kind, numbered, f"trang sửa {key}", {})
    except Refused as refused:
        problem = book.Problem(kind.main.name, 0, refused.sentence)
        return _form(kind, wanted, cells, seen, [problem]), status_of(refused)


def _check_key(kind: Kind, wanted: str, key: str) -> None:
    """Refused where adding would change what is there, or changing would make another one."""
    if not wanted and kind.snapshot(db.session, web.office(), [key]):
        raise Refused("bad_request", f"Đã có “{key}” trong bảng: hãy mở mục đó để sửa.")
    if wanted and key != wanted:
        label = next(c.label for c in kind.main.columns if c.key == kind.key)
        raise Refused(
            "bad_request",
            f"Không đổi được “{label}” của mục đang có (“{wanted}”): hãy thêm mục mới.",
        )


def _changed_meanwhile(
    kind: Kind, wanted: str, cells: Mapping[str, list[dict[str, str]]], stands: Item, made: Draft
) -> str:
    """What was typed stays; beside it, what stands now and would be changed by sending it again."""
    after = made.items.get(wanted, {}).get("after")
    lines = changes.difference(kind, wanted, stands, after).lines if after is not None else ()
    sentence = (
        "Người khác vừa đổi mục này sau khi bạn mở trang. Hãy so với giá trị đang có bên dưới, "
        "sửa nếu cần rồi bấm “Xem thay đổi” lần nữa."
    )
    problem = book.Problem(kind.main.name, 0, sentence)
    return _form(kind, wanted, cells, changes.mark(stands), [problem], lines)


def _typed(kind: Kind) -> dict[str, list[dict[str, str]]]:
    """The rows of the posted form, by sheet; a field is `<sheet>.<row>.<column>`."""
    cells: dict[str, list[dict[str, str]]] = {}
    for at, sheet in enumerate(kind.sheets):
        numbers = sorted(
            {int(n.split(".")[1]) for n in request.form if n.startswith(f"{at}.")
             and n.split(".")[1].isdigit() and len(n.split(".")) == 3}
        )[:200]  # fmt: skip
        cells[sheet.name] = [
            {c.key: "\n".join(request.form.getlist(f"{at}.{n}.{c.key}")) for c in sheet.columns}
            for n in numbers
        ]
    return cells
