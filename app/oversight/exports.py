"""The register as a file: the book of the circulars (PDF), a workbook, CSV; of any length.

Each is a kind of long work: made for a few lines while the person waits, for many by a worker.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.bulk.terms import Kind, Made, Make, Report, Run
from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.refusals import Refused
from app.documents import tracking_book
from app.journey.find import Wanted, narrowed
from app.journey.office import Db, Office
from app.journey.register import book_of, check_printed, entries
from app.journey.visibility import visible
from app.models import Dossier
from app.oversight import register as books

DIRECT = 1000  # lines of a file that a person waits for; more go to a worker
MOST_LINES = 200_000  # of a table; some 20 MB
_STEP = 500  # lines between two looks at whether somebody called it off
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADS = (
    ("TT", "number", 7), ("Mã hồ sơ", "code", 21), ("Tên TTHC", "procedure", 44),
    ("Số lượng hồ sơ (bộ)", "sets", 9), ("Tên cá nhân, tổ chức", "applicant", 26),
    ("Địa chỉ", "address", 40), ("Số điện thoại", "phone", 13),
    ("Cơ quan chủ trì giải quyết", "lead_agency", 32), ("Nhận hồ sơ", "accepted_at", 16),
    ("Hẹn trả kết quả", "due_at", 16), ("Trả kết quả", "returned_at", 16),
    ("Phương thức nhận kết quả", "method", 14), ("Người nhận kết quả", "receiver", 24),
    ("Ghi chú", "note", 26), ("Trạng thái", "status", 24), ("Nơi tiếp nhận", "one_stop", 30),
)  # fmt: skip
_MOMENTS = frozenset({"accepted_at", "due_at", "returned_at"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines_of(session: Db, actor: Actor, wanted: Wanted) -> int:
    """How many lines a file will have, counted up to one more than any file may have."""
    ids = narrowed(session, visible(select(Dossier.id), actor), wanted).limit(MOST_LINES + 1)
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def check_length(kind: str, lines: int) -> None:
    """Refused `too_many_rows` for a file that nobody could read; it says what to do instead."""
    if kind == PDF:
        check_printed(lines)
    elif lines > MOST_LINES:
        raise Refused(
            "too_many_rows",
            f"Mỗi tệp có tối đa {MOST_LINES:,} hồ sơ".replace(",", ".")
            + ". Hãy chọn khoảng ngày ngắn hơn, một đơn vị hoặc một lĩnh vực.",
        )


def facts_of(form: MultiDict[str, str], now: datetime) -> dict[str, Any]:
    """What an order keeps: the filters as they were asked, and when."""
    names = (books.TEXT, books.LATE, *books.FILTERS)
    told = {name: form.get(name, "").strip() for name in names}
    asked: dict[str, Any] = {name: text for name, text in told.items() if text}
    if states := form.getlist(books.STATE):
        asked[books.STATE] = states
    return {"asked": asked, "at": now.isoformat()}


def _list(run: Run) -> books.AskedList:
    """The list that was ordered, late ones as of that moment."""
    at = datetime.fromisoformat(run.facts["at"])
    return books.asked_list(MultiDict(run.facts["asked"]), run.office, at)


def _entries(session: Db, run: Run, report: Report) -> Iterator[dict[str, Any]]:
    for number, entry in enumerate(entries(session, run.office, run.actor, _list(run).wanted), 1):
        if number % _STEP == 0:
            report(number)
        yield entry


# --- PDF -----------------------------------------------------------------------------------------


def _pdf(session: Db, run: Run, _: Sequence[Mapping[str, Any]], report: Report) -> Made:
    """The book that the circulars prescribe, first accepted first (TT 01/2018/TT-VPCP Điều 10)."""
    read = _list(run)
    asked = read.asked
    facts = book_of(
        session, run.office, run.actor, read.wanted, asked.first, asked.last, asked.field_name
    )
    session.rollback()  # the reading is over; drawing takes seconds and needs no database
    pdf = tracking_book.draw(facts, told=report)
    return Made("so-theo-doi.pdf", "application/pdf", pdf, len(facts.rows))


# --- CSV -----------------------------------------------------------------------------------------


def _csv(session: Db, run: Run, _: Sequence[Mapping[str, Any]], report: Report) -> Made:
    """The lines for a spreadsheet; a mark says that it is UTF-8.

    Moments as dd/mm/yyyy hh:mm:ss. A text that a spreadsheet would reckon out gets an apostrophe.
    """
    lines = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "so.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as page:
            writer = csv.writer(page)
            writer.writerow([head for head, _, _ in _HEADS])
            for entry in _entries(session, run, report):
                lines += 1
                writer.writerow([_cell(run.office, name, entry[name]) for _, name, _ in _HEADS])
        return Made("so-theo-doi.csv", "text/csv", path.read_bytes(), lines)


def _cell(office: Office, name: str, value: Any) -> str:
    if name in _MOMENTS:
        return f"{datetime.fromisoformat(value):%d/%m/%Y %H:%M:%S}" if value else ""
    text = office.unit_name(value) if name == "one_stop" else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


# --- Workbook ------------------------------------------------------------------------------------


def _xlsx(session: Db, run: Run, _: Sequence[Mapping[str, Any]], report: Report) -> Made:
    """The lines as a workbook, written row by row so that memory stays small; moments are moments.

    Texts stay texts: nothing in them is a formula. A second sheet says what was asked, by whom.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "so.xlsx"
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "tmpdir": folder,
        }  # fmt: skip
        with xlsxwriter.Workbook(path, options) as book:
            lines = _fill(book, session, run, report)
            _say_what(book, run, lines)
        return Made("so-theo-doi.xlsx", XLSX, path.read_bytes(), lines)


def _fill(book: Any, session: Db, run: Run, report: Report) -> int:
    sheet = book.add_worksheet("Sổ theo dõi")
    bold = book.add_format(
        {"bold": True, "text_wrap": True, "bg_color": "#E5F0FA", "valign": "top"}
    )
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.freeze_panes(1, 2)
    for column, (head, _, width) in enumerate(_HEADS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    lines = 0
    for entry in _entries(session, run, report):
        lines += 1
        for column, (_, name, _) in enumerate(_HEADS):
            value = entry[name]
            if value is None or value == "":
                continue
            if name in _MOMENTS:
                at = datetime.fromisoformat(value).replace(tzinfo=None)
                sheet.write_datetime(lines, column, at, moment)
            elif isinstance(value, int):
                sheet.write_number(lines, column, value)
            else:
                text = run.office.unit_name(value) if name == "one_stop" else value
                sheet.write_string(lines, column, text)
    sheet.autofilter(0, 0, max(lines, 1), len(_HEADS) - 1)
    return lines


def _say_what(book: Any, run: Run, lines: int) -> None:
    read = _list(run)
    told = {books.TEXT: "Tìm theo chữ", books.LATE: "Chỉ hồ sơ quá hạn"} | books.LABELS
    sheet = book.add_worksheet("Thông tin")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 60)
    rows = [
        ("Lập lúc", f"{run.now.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"),
        ("Người lập", run.actor.name), ("Số hồ sơ", str(lines)),
        *((told[name], _said(run.office, name, text)) for name, text in run.facts["asked"].items()
          if name in told),
        ("Trạng thái", ", ".join(s.label for s in read.chosen) or "Mọi trạng thái"),
    ]  # fmt: skip
    for number, (label, text) in enumerate(rows):
        sheet.write_string(number, 0, label)
        sheet.write_string(number, 1, text)


def _said(office: Office, name: str, text: str) -> str:
    if name == books.LATE:
        return "có"
    return office.unit_name(text) if name in (books.ONE_STOP, books.UNIT) else text


PDF = "book_pdf"
WAYS = {"pdf": PDF, "xlsx": "book_xlsx", "csv": "book_csv"}  # as the form says it → the kind
MAKERS: dict[str, Make] = {PDF: _pdf, "book_xlsx": _xlsx, "book_csv": _csv}
_LABELS = {
    PDF: ("In sổ theo dõi", "Đã in"), "book_xlsx": ("Tải sổ theo dõi (Excel)", "Đã ghi"),
    "book_csv": ("Tải sổ theo dõi (CSV)", "Đã ghi"),
}  # fmt: skip
BOOKS = {kind: Kind(*_LABELS[kind], make=make) for kind, make in MAKERS.items()}
