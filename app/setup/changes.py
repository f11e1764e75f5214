"""From a workbook to a set of changes that is looked at before it is applied (setup.moving)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.core.refusals import Refused
from app.journey.office import Db
from app.models import SetupChange, SetupItem
from app.setup import book
from app.setup.book import Line, Problem, Sheet
from app.setup.kind import Doing, Item, Kind, Pair, Wrong

MOST_ITEMS = 5000  # of one set of changes
LOOKED_AT = timedelta(days=7)  # what nobody applied is forgotten: it holds personal data
CHANGED = "vừa được người khác đổi sau khi bạn mở trang hay xuất tệp, hãy xem lại rồi sửa tiếp."
Told = Callable[[int, int], None]  # how many items of how many were checked


@dataclass(frozen=True, slots=True)
class Difference:
    """How one item would change: what is `new` or `changed`; lines of (what, old, new)."""

    key: str
    what: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Draft:
    """What a workbook or a page asks for: differences, problems, and the items themselves."""

    differences: list[Difference]
    problems: list[Problem]
    items: dict[str, dict[str, Item | None]]


def plain(value: Any) -> Any:
    """A value without its blanks, so that equal things look equal."""
    if isinstance(value, Mapping):
        kept = {k: plain(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def _untold(_checked: int, _of: int) -> None:
    """Nobody waits for it."""


def mark(item: Item) -> str:
    """A short name of how an item stands: another one where anything of it is another."""
    text = json.dumps(plain(item), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def draft(
    kind: Kind, doing: Doing, cells: Mapping[str, Iterable[tuple[int, Mapping[str, Any]]]],
    told: Told = _untold, seen: Mapping[str, str] | None = None,
) -> Draft:  # fmt: skip
    """Read the sheets, compare with how things stand, check each item that differs.

    seen: the marks of the items as they stood when the sheets were written; one that was changed
    since is a problem, so that nobody's change is undone unawares.
    """
    problems: list[Problem] = []
    lines = {s.name: book.read(s, cells[s.name], problems) for s in kind.sheets if s.name in cells}
    stands = kind.snapshot(doing.session, doing.office)
    wanted = _items(kind, lines, stands, problems)
    made = Draft([], problems, {})
    rows = _row_numbers(kind, lines)
    above: dict[str, Item] = {}
    among = replace(doing, above=above)
    for number, (key, after) in enumerate(wanted.items()):
        told(number, len(wanted))
        before = stands.get(key)
        if before is not None and plain(before) == plain(after):
            continue
        wrong = list(kind.check(among, before, after))
        if before is not None and (seen or {}).get(key, mark(before)) != mark(before):
            wrong.insert(0, CHANGED)
        problems += [_problem(kind, rows, key, one) for one in wrong]
        above[key] = after
        made.differences.append(difference(kind, key, before, after))
        made.items[key] = {"before": before, "after": after}
    if len(made.items) > MOST_ITEMS:
        sentence = (
            f"Tệp có {len(made.items)} mục thay đổi, mỗi lần áp dụng được tối đa {MOST_ITEMS} mục. "
            "Hãy chia thành nhiều tệp rồi nộp lần lượt."
        )
        raise Refused("too_many_rows", sentence, fields={"file": sentence})
    return made


def _row_numbers(kind: Kind, lines: Mapping[str, list[Line]]) -> dict[tuple[str, str], list[int]]:
    """Of each item, and of each of its lists, the rows in which it was read: (part, key) → rows."""
    rows: dict[tuple[str, str], list[int]] = {}
    for sheet in kind.sheets:
        for line in lines.get(sheet.name, ()):
            rows.setdefault((sheet.part, line.values[kind.key]), []).append(line.row)
    return rows


def _problem(
    kind: Kind, rows: Mapping[tuple[str, str], list[int]], key: str, wrong: str | Wrong
) -> Problem:
    """What is wrong, with the sheet and row of the list's row where it is one."""
    told = wrong if isinstance(wrong, Wrong) else Wrong(wrong)
    sheet = next((s for s in kind.sheets if s.part == told.part), kind.main)
    found = rows.get((sheet.part, key), [])
    row = found[told.index] if told.index < len(found) else 0
    return Problem(sheet.name, row, f"{key}: {told.text}")


def _items(
    kind: Kind, lines: Mapping[str, list[Line]], stands: Mapping[str, Item],
    problems: list[Problem],
) -> dict[str, Item]:  # fmt: skip
    """The items as they shall stand; what a sheet leaves out stays as it is."""
    found: dict[str, Item] = {}
    for line in lines.get(kind.main.name, ()):
        key = line.values[kind.key]
        if key in found:
            problems.append(Problem(kind.main.name, line.row, f"“{key}” có hai dòng, giữ một."))
            continue
        item: Item = {c.key: None for c in kind.main.columns} | line.values
        item |= {k: stands.get(key, {}).get(k) for k in line.left_out}  # stays as it is
        found[key] = item
        for sheet in kind.parts:
            found[key][sheet.part] = [] if sheet.name in lines else stands.get(key, {}).get(
                sheet.part, []
            )  # fmt: skip
    for sheet in kind.parts:
        _part(kind, sheet, lines.get(sheet.name, ()), found, stands, problems)
    return found


def _part(
    kind: Kind, sheet: Sheet, lines: Iterable[Line], found: dict[str, Item],
    stands: Mapping[str, Item], problems: list[Problem],
) -> None:  # fmt: skip
    for line in lines:
        values = dict(line.values)
        key = values.pop(kind.key)
        if key not in found:
            sentence = f"“{key}” không có ở trang “{kind.main.name}”, hãy thêm dòng ở đó trước."
            problems.append(Problem(sheet.name, line.row, sentence))
            continue
        found[key][sheet.part].append(values)
    same = kind.merges.get(sheet.part)
    if same is None:
        return
    for key, item in found.items():  # rows left out are kept: ending one is a date, not a gap
        told = {tuple(row.get(k) for k in same) for row in item[sheet.part]}
        for row in stands.get(key, {}).get(sheet.part, []):
            if tuple(row.get(k) for k in same) not in told:
                item[sheet.part].append(row)


def difference(kind: Kind, key: str, before: Item | None, after: Item) -> Difference:
    """What would change of one item, column by column, row by row of its lists."""
    lines: list[tuple[str, str, str]] = []
    for column in kind.main.columns:
        old, new = (before or {}).get(column.key), after.get(column.key)
        if plain(old) != plain(new) and (plain(old) or plain(new)):
            lines.append((column.label, column.told(old), column.told(new)))
    for sheet in kind.parts:
        lines += _part_lines(sheet, (before or {}).get(sheet.part) or [], after[sheet.part])
    return Difference(key, "changed" if before is not None else "new", tuple(lines))


def _part_lines(
    sheet: Sheet, old: list[Item], new: list[Item]
) -> Iterable[tuple[str, str, str]]:  # fmt: skip
    for number in range(max(len(old), len(new))):
        was = old[number] if number < len(old) else {}
        now = new[number] if number < len(new) else {}
        if plain(was) == plain(now):
            continue
        columns = [c for c in sheet.columns if plain(was.get(c.key)) != plain(now.get(c.key))]
        for column in columns:
            label = f"{sheet.name} {number + 1} · {column.label}"
            yield label, column.told(was.get(column.key)), column.told(now.get(column.key))


def keep(doing: Doing, kind: Kind, made: Draft, source: str) -> SetupChange:
    """Keep a draft without problems, to be looked at and applied."""
    row = SetupChange(
        kind=kind.id, source=source[:120], made_by=doing.actor.id, made_at=doing.now,
    )  # fmt: skip
    doing.session.add(row)
    doing.session.flush()
    fill(doing.session, row, made)
    return row


def fill(session: Db, row: SetupChange, made: Draft) -> None:
    """Keep what was read: the items, or what is wrong; the workbook is needed no more."""
    row.state, row.raw = "faulty" if made.problems else "draft", None
    row.problems = json.dumps([asdict(p) for p in made.problems], ensure_ascii=False)
    items = {} if made.problems else made.items
    row.size = len(items)
    if items:
        session.execute(insert(SetupItem), [
            {"change_id": row.id, "number": number, "key": key, "before": _text(item["before"]),
             "after": _text(item["after"])}
            for number, (key, item) in enumerate(items.items(), 1)
        ])  # fmt: skip


def _text(item: Item | None) -> str | None:
    return None if item is None else json.dumps(item, ensure_ascii=False)


def items_of(
    session: Db, row: SetupChange, first: int, last: int, *, backwards: bool = False
) -> dict[str, Pair]:
    """The items of a set from one number to another, both included, in order or against it.

    Those that were left out are not among them.
    """
    query = select(SetupItem.key, SetupItem.before, SetupItem.after).where(
        SetupItem.change_id == row.id, SetupItem.number.between(first, last),
        SetupItem.left_out.is_(False),
    )  # fmt: skip
    number = SetupItem.number.desc() if backwards else SetupItem.number
    return {
        key: {"before": None if before is None else json.loads(before), "after": json.loads(after)}
        for key, before, after in session.execute(query.order_by(number))
    }


def leave_out(session: Db, row: SetupChange, keys: Collection[str]) -> int:
    """Let some items of a set be as they are, from now on; how many."""
    mine = (SetupItem.change_id == row.id, SetupItem.key.in_(keys))
    found = session.execute(
        update(SetupItem).where(*mine).values(left_out=True).returning(SetupItem.key)
    )
    return len(found.all())


def left_out(session: Db, row: SetupChange) -> list[str]:
    """The items of a set that were left out."""
    mine = (SetupItem.change_id == row.id, SetupItem.left_out.is_(True))
    return list(session.scalars(select(SetupItem.key).where(*mine).order_by(SetupItem.number)))


def stands_now(session: Db, row: SetupChange, stands: Mapping[str, Item]) -> None:
    """Keep how items came to stand, where that is not to the letter what was asked for."""
    for key, item in stands.items():
        mine = (SetupItem.change_id == row.id, SetupItem.key == key)
        session.execute(update(SetupItem).where(*mine).values(after=_text(item)))


def change_of(session: Db, kind: Kind, number: int, *, lock: bool = False) -> SetupChange:
    """A set of changes of a list; Refused where there is none.

    lock: nobody else changes this list by a set until the transaction ends.
    """
    if lock:  # all sets of the list, in one order, since each may change the same item
        sets = select(SetupChange.id).where(SetupChange.kind == kind.id).order_by(SetupChange.id)
        session.execute(sets.with_for_update()).all()
    query = select(SetupChange).where(SetupChange.id == number, SetupChange.kind == kind.id)
    row = session.scalars(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise Refused("no_such_document", "Không có lần thay đổi này.")
    return row


def problems_of(row: SetupChange) -> list[Problem]:
    """What was wrong with the workbook."""
    return [Problem(**told) for told in json.loads(row.problems)]


def history(session: Db, kind: Kind, limit: int = 20) -> list[SetupChange]:
    """The last sets of changes of a list of which something was applied."""
    moved = SetupChange.state.in_(("partly", "applied", "undone"))
    query = select(SetupChange).where(SetupChange.kind == kind.id, moved)
    return list(session.scalars(query.order_by(SetupChange.id.desc()).limit(limit)))


def forget(session: Db, now: datetime) -> int:
    """Drop what was looked at and never applied; how many sets."""
    old = SetupChange.made_at < now - LOOKED_AT
    never = SetupChange.state.in_(("reading", "faulty", "draft"))
    gone = session.scalars(select(SetupChange.id).where(old, never)).all()
    session.execute(delete(SetupItem).where(SetupItem.change_id.in_(gone)))
    session.execute(delete(SetupChange).where(SetupChange.id.in_(gone)))
    return len(gone)
