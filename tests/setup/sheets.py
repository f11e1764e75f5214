"""A list's workbook as an administrator handles it: exported, changed, sent, carried out."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from flask.testing import FlaskClient


def book_of(admin: FlaskClient, kind: str) -> Any:
    answer = admin.get(f"/quan-tri/bang/{kind}/bang.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def send(admin: FlaskClient, kind: str, sheets: Any) -> Any:
    out = io.BytesIO()
    sheets.save(out)
    out.seek(0)
    return admin.post(f"/quan-tri/bang/{kind}/tep", data={"file": (out, "sua.xlsx")})


def row_of(sheet: Any, key: str) -> int:
    return next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == key)


def column_of(sheet: Any, label: str) -> int:
    heads = [str(c.value).removesuffix(" *") for c in sheet[1]]
    return heads.index(label) + 1


def set_cell(sheets: Any, sheet: str, key: str, label: str, value: Any) -> None:
    page = sheets[sheet]
    page.cell(row_of(page, key), column_of(page, label)).value = value


def append(sheets: Any, sheet: str, **cells: Any) -> None:
    page = sheets[sheet]
    row = page.max_row + 1
    for label, value in cells.items():
        page.cell(row, column_of(page, label.replace("_", " "))).value = value


def carry(admin: FlaskClient, look: str, what: str = "ap_dung", **form: str) -> Any:
    return admin.post(f"{look}/{what}", data=form)
