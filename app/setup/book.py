"""Workbooks: sheets of rows of cells, written by xlsxwriter, read by openpyxl, never trusted."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from app.core.refusals import Refused
from app.setup.columns import BadCell, Column

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 80 * 1024 * 1024
MOST_ROWS = 50_000
HEAD = 1  # rows above the data


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and columns. part: the key of the list it holds in an item; "" = the item."""

    name: str
    columns: tuple[Column, ...]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: sheet and row as the person sees them (row 0: all of it)."""

    sheet: str
    row: int
    text: str


@dataclass(slots=True)
class Line:
    """A row that was read: its number in the sheet, its values by column key, columns left out."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class Unpacked:
    """A workbook's cells by sheet: (row number, column key → cell); marks: of the items, as they
    stood when it was exported."""

    cells: dict[str, list[tuple[int, dict[str, Any]]]]
    marks: dict[str, str]


MARKS = "_xuat"  # a sheet that nobody sees: key and mark of every item that was exported
_FORMULA = re.compile(
    rb"<f[^>]*>[^<]*</f>(?:<v\s*/>|<v></v>)?</c>|<f[^>]*/>(?:<v\s*/>|<v></v>)?</c>"
)
Cells = Mapping[str, Sequence[Mapping[str, Any]]]  # sheet → rows of column key → cell


def write(
    sheets: Iterable[Sheet], rows: Mapping[str, Sequence[Mapping[str, Any]]],
    marks: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """The workbook: texts only, so that no cell is a formula; choices in the cell's drop-down.

    marks: of each item by key; what comes back is compared with them.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E5F0FA", "text_wrap": True})
        plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for sheet in sheets:
            _write_sheet(book, sheet, rows.get(sheet.name, ()), head, plain)
        if marks:
            page = book.add_worksheet(MARKS)
            page.very_hidden()
            for number, pair in enumerate(marks.items()):
                page.write_row(number, 0, pair)
    return out.getvalue()


def _write_sheet(
    book: Any, sheet: Sheet, rows: Iterable[Mapping[str, Any]], head: Any, plain: Any
) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(HEAD, 1)
    for at, column in enumerate(sheet.columns):
        page.write_string(0, at, column.label + (" *" if column.required else ""), head)
        page.set_column(at, at, min(max(len(column.label) + 2, 14), 50), plain)
        words = list((column.choices or {}).values())
        lists = column.kind in ("texts", "set")
        if words and not lists and sum(len(w) + 1 for w in words) < 250:
            page.data_validation(
                HEAD, at, MOST_ROWS, at, {"validate": "list", "source": words}
            )  # fmt: skip
    for number, row in enumerate(rows, HEAD):
        for at, column in enumerate(sheet.columns):
            shown = column.told(row.get(column.key))
            if shown:
                page.write_string(number, at, shown, plain)


def unpack(
    raw: bytes, sheets: Sequence[Sheet], told: Callable[[int], None] = lambda _rows: None
) -> Unpacked:
    """The cells of an xlsx.

    told: called with the number of rows read so far. Refused `bad_file` for what is no xlsx, too
    big, a bomb, lacks a sheet or column or has others, holds a formula that was never worked out.
    """
    import openpyxl

    unpacked_size(raw)
    _check_formulas(raw)
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except Exception:  # whatever openpyxl stumbles over, it is no workbook of ours
        raise _bad("Tệp hỏng hoặc không phải bảng tính .xlsx, hãy xuất lại rồi sửa.") from None
    with contextlib.closing(book):
        _check_sheets(book.sheetnames, sheets)
        pages: dict[str, list[Sequence[Any]]] = {}
        for sheet in sheets:
            if sheet.name in book.sheetnames:
                read_before = sum(map(len, pages.values()))
                pages[sheet.name] = _rows(book[sheet.name], read_before, told)
        marks = _rows(book[MARKS], 0, lambda _: None) if MARKS in book.sheetnames else []
    return Unpacked(
        {s.name: _cells(s, pages[s.name]) for s in sheets if s.name in pages},
        {str(row[0]): str(row[1]) for row in marks if len(row) > 1},
    )


def _check_sheets(names: Sequence[str], sheets: Sequence[Sheet]) -> None:
    known = [sheet.name for sheet in sheets]
    strange = [name for name in names if name not in known and name != MARKS]
    if strange:
        raise _bad(
            f"Tệp có trang lạ “{strange[0]}”. Chỉ nhận trang {', '.join(f'“{n}”' for n in known)}: "
            "hãy giữ tên trang như tệp đã xuất."
        )
    for sheet in sheets:  # a list left out as a whole stays as it is
        if sheet.name not in names and not sheet.part:
            raise _bad(f"Tệp thiếu trang “{sheet.name}”, hãy xuất lại rồi sửa trên tệp đó.")


def _check_formulas(raw: bytes) -> None:
    """A formula that no program worked out reads as a blank, and would erase what stands."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/") and _FORMULA.search(packed.read(name)):
                raise _bad(
                    "Tệp có công thức chưa được tính. Hãy mở bằng Excel rồi lưu lại, "
                    "hoặc thay công thức bằng giá trị."
                )


def _rows(page: Any, read_before: int, told: Callable[[int], None]) -> list[Sequence[Any]]:
    rows = []
    for row in islice(page.iter_rows(values_only=True), MOST_ROWS + 2):
        rows.append(row)
        told(read_before + len(rows))
    return rows


def unpacked_size(raw: bytes) -> int:
    """Bytes that the parts of an xlsx unpack to; Refused `bad_file` where it is none, or huge."""
    if len(raw) > MOST_BYTES:
        raise _bad(f"Tệp lớn quá {MOST_BYTES // 1024 // 1024} MB, hãy chia nhỏ.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            size = sum(info.file_size for info in packed.infolist())
    except zipfile.BadZipFile:
        raise _bad("Tệp không phải bảng tính .xlsx, hãy lưu dạng Excel (.xlsx).") from None
    if size > MOST_UNPACKED:
        raise _bad("Tệp giải nén ra quá lớn, hãy xuất lại rồi sửa.")
    return size


def _cells(sheet: Sheet, rows: Sequence[Sequence[Any]]) -> list[tuple[int, dict[str, Any]]]:
    if len(rows) > MOST_ROWS:
        raise _bad(f"Trang “{sheet.name}” quá {MOST_ROWS} dòng.")
    places = _places(sheet, rows[0] if rows else ())
    found = []
    for number, row in enumerate(rows[HEAD:], HEAD + 1):
        cells = {key: row[at] if at < len(row) else None for key, at in places.items()}
        if any(cell not in (None, "") for cell in cells.values()):
            found.append((number, cells))
    return found


def _places(sheet: Sheet, head: Sequence[Any]) -> dict[str, int]:
    """Where each column stands; Refused for one that is lacking, strange or there twice.

    A column of the items that nobody needs may be left out: it stays as it is. In a list within
    an item it may not, since its rows are known by all they hold.
    """
    labels = {column.label.casefold(): column.key for column in sheet.columns}
    places: dict[str, int] = {}
    for at, cell in enumerate(head):
        label = str(cell or "").removesuffix("*").strip()
        key = labels.get(label.casefold())
        if label and (key is None or key in places):
            wrong = "lặp cột" if key else "có cột lạ"
            raise _bad(f"Trang “{sheet.name}” {wrong} “{label}”: hãy giữ tên cột như tệp đã xuất.")
        if key:
            places[key] = at
    lacking = [c.label for c in sheet.columns if c.key not in places and (c.required or sheet.part)]
    if lacking:
        raise _bad(f"Trang “{sheet.name}” thiếu cột: {', '.join(lacking)}.")
    return places


def _bad(sentence: str) -> Refused:
    return Refused("bad_file", sentence, fields={"file": sentence})


def read(
    sheet: Sheet, rows: Iterable[tuple[int, Mapping[str, Any]]], problems: list[Problem]
) -> list[Line]:
    """The lines of a sheet with their values; what cannot be read goes to problems."""
    lines = []
    for number, cells in rows:
        out = tuple(c.key for c in sheet.columns if c.key not in cells)
        line, good = Line(number, left_out=out), True
        for column in sheet.columns:
            if column.key in out:
                continue
            try:
                value = column.read(cells.get(column.key))
            except BadCell as fault:
                problems.append(Problem(sheet.name, number, str(fault)))
                good = False
            else:
                if value is not None:
                    line.values[column.key] = value
        if good:
            lines.append(line)
    return lines
