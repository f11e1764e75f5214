"""What people send: judged by its content, its name and by really opening it; then made one file.

Source: design rule 5.x of OWASP ASVS; the sentences say what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore

import filetype

from app.core.refusals import Refused
from app.filing import names, pdfs, pictures
from app.filing.refusals import megabytes, unfit

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 30  # of a dossier, and of one sending
KINDS = {"pdf": "PDF", "jpg": "ảnh JPG", "png": "ảnh PNG"}
_ENDINGS = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png"}
# Unpacking takes memory: two at a time, whatever comes in.
_WORKING = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that may be stored. kind: pdf, jpg, png; pages: 1 for a picture."""

    name: str
    kind: str
    data: bytes
    pages: int


def together(sent: Sequence[tuple[str, bytes]]) -> Opened:
    """What was sent for one paper, as one file: alone as it is, several as one PDF in their order.

    Refused `bad_file` with a sentence for each file that cannot be taken (`detail["files"]`);
    then none is.
    """
    if not sent:
        raise unfit("Chưa chọn tệp nào.", "Hãy chọn tệp PDF, JPG hoặc PNG.")
    if len(sent) > MOST_FILES:
        raise unfit(f"Mỗi lần gửi nhiều nhất {MOST_FILES} tệp.", "Hãy gửi làm nhiều lần.")
    with _WORKING:
        opened = _each(sent)
        return opened[0] if len(opened) == 1 else _bound(opened)


def _each(sent: Iterable[tuple[str, bytes]]) -> list[Opened]:
    opened, wrong = [], []
    for given, data in sent:
        try:
            opened.append(open_one(names.clean(given), data))
        except Refused as no:
            wrong.append(no.sentence)
    if wrong:
        raise Refused("bad_file", " ".join(wrong), detail={"files": wrong})
    return opened


def open_one(name: str, data: bytes) -> Opened:
    """One file, judged; pictures come out drawn anew. Refused `bad_file`."""
    kind = _kind(name, data)
    if kind == "pdf":
        return Opened(name, kind, data, pdfs.judged(name, data))
    drawn = pictures.redrawn(name, data, kind)
    if len(drawn) > MOST_BYTES:
        raise _heavy(name, len(drawn))
    return Opened(name, kind, drawn, 1)


def _kind(name: str, data: bytes) -> str:
    """pdf, jpg or png, where content and name agree."""
    if not data:
        raise unfit(f"Tệp “{name}” trống (0 byte).", "Hãy quét lại.")
    if len(data) > MOST_BYTES:
        raise _heavy(name, len(data))
    found = filetype.guess(data)
    kind = found.extension if found else ""
    if kind == "pdf" and not data.startswith(b"%PDF-"):
        kind = ""  # the library forgives what stands before it; a page of HTML may
    if kind not in KINDS:
        what = f" là tệp {kind.upper()}" if kind else " không phải ảnh hay PDF"
        raise unfit(
            f"Tệp “{name}”{what}, không nhận.",
            "Chỉ nhận PDF, JPG, PNG: hãy quét lại hoặc lưu sang một trong ba dạng đó.",
        )
    if _ENDINGS.get(names.ending(name)) != kind:
        raise unfit(
            f"Tệp “{name}” thực ra là {KINDS[kind]}, không đúng với đuôi tên.",
            f"Hãy mở xem có đúng tệp cần gửi, đổi đuôi thành .{kind} rồi gửi lại.",
        )
    return str(kind)


def _heavy(name: str, size: int) -> Refused:
    return unfit(
        f"Tệp “{name}” nặng {megabytes(size)}, quá 20 MB.",
        "Hãy quét lại ở 200–300 dpi hoặc chia thành nhiều tệp.",
    )


def _bound(opened: Sequence[Opened]) -> Opened:
    pages = sum(one.pages for one in opened)
    if pages > pdfs.MOST_PAGES:
        raise unfit(
            f"Các tệp có {pages} trang, nhiều nhất {pdfs.MOST_PAGES} trang.",
            "Hãy gửi làm nhiều lần.",
        )
    for one in opened:
        if one.kind == "pdf" and pdfs.is_signed(one.data):
            raise unfit(
                f"Tệp “{one.name}” có chữ ký số, ghép với tệp khác thì chữ ký mất giá trị.",
                "Hãy gửi riêng tệp này.",
            )
    data, count = pdfs.bound((one.kind, one.data) for one in opened)
    name = f"{names.stem(opened[0].name)[:100]} và {len(opened) - 1} tệp nữa.pdf"
    if len(data) > MOST_BYTES:
        raise unfit(
            f"Các tệp ghép lại nặng {megabytes(len(data))}, quá 20 MB.",
            "Hãy quét ở 200–300 dpi hoặc gửi làm nhiều lần.",
        )
    return Opened(name, "pdf", data, count)
