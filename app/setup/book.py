"""Workbooks: sheets of rows of cells, written by xlsxwriter, read by openpyxl, never trusted."""

from __future__ import annotations

import contextlib
import io
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
    """A row that was read: its number in the sheet and its values by column key."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)


Cells = Mapping[str, Sequence[Mapping[str, Any]]]  # sheet → rows of column key → cell


def write(sheets: Iterable[Sheet], rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """The workbook: texts only, so that no cell is a formula; choices in the cell's drop-down."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E5F0FA", "text_wrap": True})
        plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(HEAD, 1)
            for at, column in enumerate(sheet.columns):
                page.write_string(0, at, column.label + (" *" if column.required else ""), head)
                page.set_column(at, at, min(max(len(column.label) + 2, 14), 50), plain)
                words = list((column.choices or {}).values())
                if words and sum(len(w) + 1 for w in words) < 250:
                    page.data_validation(
                        HEAD, at, MOST_ROWS, at, {"validate": "list", "source": words}
                    )  # fmt: skip
            for number, row in enumerate(rows.get(sheet.name, ()), HEAD):
                for at, column in enumerate(sheet.columns):
                    shown = column.told(row.get(column.key))
                    if shown:
                        page.write_string(number, at, shown, plain)
    return out.getvalue()


def unpack(
    raw: bytes, sheets: Sequence[Sheet], told: Callable[[int], None] = lambda _rows: None
) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """The cells of an xlsx by sheet: (row number, column key → cell).

    told: called with the number of rows read so far. Refused `bad_file` for what is no xlsx, too
    big, a bomb, or lacks a sheet or column.
    """
    import openpyxl

    unpacked_size(raw)
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except Exception:  # whatever openpyxl stumbles over, it is no workbook of ours
        raise _bad("Tệp hỏng hoặc không phải bảng tính .xlsx, hãy xuất lại rồi sửa.") from None
    with contextlib.closing(book):
        pages: dict[str, list[Sequence[Any]]] = {}
        for sheet in sheets:
            if sheet.name in book.sheetnames:
                read_before = sum(map(len, pages.values()))
                pages[sheet.name] = _rows(book[sheet.name], read_before, told)
    for sheet in sheets:  # a list left out as a whole stays as it is
        if sheet.name not in pages and not sheet.part:
            raise _bad(f"Tệp thiếu trang “{sheet.name}”, hãy xuất lại rồi sửa trên tệp đó.")
    return {s.name: _cells(s, pages[s.name]) for s in sheets if s.name in pages}


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


def _cells(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> list[tuple[int, dict[str, Any]]]:
    labels = {column.label.casefold(): column.key for column in sheet.columns}
    places: dict[int, str] = {}
    found = []
    for number, row in enumerate(rows, 1):
        if number == HEAD:
            for at, cell in enumerate(row):
                key = labels.get(str(cell or "").removesuffix("*").strip().casefold())
                if key:
                    places[at] = key
            lacking = [
                c.label for c in sheet.columns if c.required and c.key not in places.values()
            ]
            if lacking:
                raise _bad(f"Trang “{sheet.name}” thiếu cột: {', '.join(lacking)}.")
            continue
        if number > MOST_ROWS:
            raise _bad(f"Trang “{sheet.name}” quá {MOST_ROWS} dòng.")
        cells = {key: row[at] for at, key in places.items() if at < len(row)}
        if any(cell not in (None, "") for cell in cells.values()):
            found.append((number, cells))
    return found


def _bad(sentence: str) -> Refused:
    return Refused("bad_file", sentence, fields={"file": sentence})


def read(
    sheet: Sheet, rows: Iterable[tuple[int, Mapping[str, Any]]], problems: list[Problem]
) -> list[Line]:
    """The lines of a sheet with their values; what cannot be read goes to problems."""
    lines = []
    for number, cells in rows:
        line, good = Line(number), True
        for column in sheet.columns:
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
