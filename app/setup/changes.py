"""From a workbook to a set of changes that is looked at, applied whole, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core.refusals import Refused
from app.journey import publishing
from app.journey.log import Happened, record_for_account
from app.journey.office import Db
from app.models import SetupChange
from app.setup import book
from app.setup.book import Line, Problem, Sheet
from app.setup.kind import Doing, Item, Kind

# Of one set of changes. It is applied whole or not at all, so it cannot be stopped half-way: it
# must be short instead: 2,000 people with their roles took 2.8 s, 2,000 procedures 1.2 s.
MOST_ITEMS = 2000


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


def draft(
    kind: Kind, doing: Doing, cells: Mapping[str, Iterable[tuple[int, Mapping[str, Any]]]]
) -> Draft:
    """Read the sheets, compare with how things stand, check each item that differs."""
    problems: list[Problem] = []
    lines = {s.name: book.read(s, cells[s.name], problems) for s in kind.sheets if s.name in cells}
    stands = kind.snapshot(doing.session, doing.office)
    wanted = _items(kind, lines, stands, problems)
    made = Draft([], problems, {})
    rows = {line.values[kind.key]: line.row for line in lines.get(kind.main.name, ())}
    for key, after in wanted.items():
        before = stands.get(key)
        if before is not None and plain(before) == plain(after):
            continue
        row = rows.get(key, 0)
        problems += [
            Problem(kind.main.name, row, f"{key}: {text}")
            for text in kind.check(doing, before, after)
        ]
        made.differences.append(difference(kind, key, before, after))
        made.items[key] = {"before": before, "after": after}
    if len(made.items) > MOST_ITEMS:
        sentence = (
            f"Tệp có {len(made.items)} mục thay đổi, mỗi lần áp dụng được tối đa {MOST_ITEMS} mục. "
            "Hãy chia thành nhiều tệp rồi nộp lần lượt."
        )
        raise Refused("too_many_rows", sentence, fields={"file": sentence})
    return made


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
        blank = {c.key: None for c in kind.main.columns}
        found[key] = blank | line.values
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
            lines.append((column.label, column.shown(old), column.shown(new)))
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
            yield label, column.shown(was.get(column.key)), column.shown(now.get(column.key))


def keep(doing: Doing, kind: Kind, made: Draft, source: str) -> SetupChange:
    """Keep a draft without problems, to be looked at and applied."""
    row = SetupChange(
        kind=kind.id, items=json.dumps(made.items, ensure_ascii=False), source=source[:120],
        made_by=doing.actor.id, made_at=doing.now,
    )  # fmt: skip
    doing.session.add(row)
    doing.session.flush()
    return row


def change_of(session: Db, kind: Kind, number: int, *, lock: bool = False) -> SetupChange:
    """A set of changes of a list (its row held for a change); Refused where there is none."""
    query = select(SetupChange).where(SetupChange.id == number, SetupChange.kind == kind.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).first()
    if row is None:
        raise Refused("no_such_document", "Không có lần thay đổi này.")
    return row


def apply(doing: Doing, kind: Kind, row: SetupChange) -> int:
    """Carry all of it out, or none; Refused `stale` where something changed since the look."""
    if row.state != "draft":
        raise Refused("already_done", "Lần thay đổi này đã áp dụng rồi.")
    items = json.loads(row.items)
    stands = kind.snapshot(doing.session, doing.office)
    for key, item in items.items():
        if plain(stands.get(key)) != plain(item["before"]):
            raise Refused(
                "stale", f"“{key}” vừa được người khác thay đổi. Hãy tải bảng mới, sửa lại rồi nộp."
            )
        kind.change(doing, key, item["before"], item["after"])
    row.state, row.applied_at = "applied", doing.now
    row.decision, row.starts_on = doing.decision, doing.starts_on
    _done(doing, kind, row, "setup_changed", list(items))
    return len(items)


def undo(doing: Doing, kind: Kind, row: SetupChange) -> int:
    """Take all of it back, or none; Refused where it was changed again or is in use."""
    if row.state != "applied":
        raise Refused("already_done", "Lần thay đổi này không ở trạng thái đã áp dụng.")
    items = json.loads(row.items)
    stands = kind.snapshot(doing.session, doing.office)
    for key, item in items.items():
        if not kind.is_rule and plain(stands.get(key)) != plain(item["after"]):
            raise Refused("stale", f"“{key}” đã được đổi tiếp sau lần này, không lùi lại được.")
    for key, item in reversed(items.items()):
        kind.undo(doing, key, item["before"], item["after"])
    row.state, row.undone_at = "undone", doing.now
    _done(doing, kind, row, "setup_undone", list(items))
    return len(items)


def _done(doing: Doing, kind: Kind, row: SetupChange, action: str, keys: list[str]) -> None:
    """Say to every process that the office changed; the account's chain keeps who and what."""
    doing.session.flush()
    publishing.renew(doing.session)
    facts = {"list": kind.id, "change": row.id, "count": len(keys), "items": keys[:50]}
    record_for_account(
        doing.session, doing.actor.id, doing.actor, doing.now, Happened(action, facts=facts)
    )  # fmt: skip


def history(session: Db, kind: Kind, limit: int = 20) -> list[SetupChange]:
    """The last sets of changes of a list, drafts left out."""
    query = select(SetupChange).where(SetupChange.kind == kind.id, SetupChange.state != "draft")
    return list(session.scalars(query.order_by(SetupChange.id.desc()).limit(limit)))
