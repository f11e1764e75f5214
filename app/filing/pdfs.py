"""PDF files: really opened, nothing in them that runs, hides or is locked; several bound to one.

A PDF that passes is kept to the byte, so a digital signature in it stays valid. One that holds
scripts or attachments is refused, not stripped: what is stored must be what was handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import settings as qpdf

from app.filing import pictures
from app.filing.refusals import unfit

MOST_PAGES = 300
MOST_OBJECTS = 100_000
MOST_UNPACKED = 16 * 1024 * 1024
# Of the whole process, once at its start: what one packed part may unpack to.
# Only lists of objects are unpacked here, never a page: those of 300 pages take far less.
qpdf.set_qpdf_limits(
    flate_max_memory=MOST_UNPACKED, run_length_max_memory=MOST_UNPACKED,
    png_max_memory=MOST_UNPACKED, tiff_max_memory=MOST_UNPACKED, max_stream_filters=4,
    parser_max_nesting=100, parser_max_container_size=1_000_000,
)  # fmt: skip

RUNS, HOLDS, FORM = "runs", "holds", "form"
_TELLING: dict[str, dict[str, str]] = {
    "/S": dict.fromkeys(
        ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition",
         "/RichMediaExecute"), RUNS
    ) | dict.fromkeys(("/Movie", "/Sound"), HOLDS),
    "/Type": {"/EmbeddedFile": HOLDS},
    "/Subtype": dict.fromkeys(
        ("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"), HOLDS
    ),
}  # fmt: skip
_KEYS = {"/JS": RUNS, "/JavaScript": RUNS, "/EmbeddedFiles": HOLDS, "/EF": HOLDS, "/XFA": FORM}
_SENTENCES = {
    RUNS: (
        "chứa mã tự chạy (JavaScript, lệnh mở chương trình hoặc gửi dữ liệu đi).",
        "Hãy mở tệp, in ra PDF mới rồi gửi bản đó.",
    ),
    HOLDS: (
        "chứa tệp đính kèm, âm thanh hoặc phim bên trong.",
        "Hãy tách tệp đính kèm ra gửi riêng, in phần còn lại ra PDF mới.",
    ),
    FORM: ("là biểu mẫu động (XFA), trình duyệt không hiện được.", "Hãy in ra PDF mới."),
}
# qpdf has no limit for LZW; packed objects are younger than it and never use it lawfully.
_LZW = re.compile(rb"/(?:L|#4[Cc])(?:Z|#5[Aa])(?:W|#57)[D#\s/\]>\[]")
_PACKED_OBJECTS = re.compile(rb"/(?:O|#4[Ff])(?:b|#62)(?:j|#6[Aa])")


def judged(name: str, data: bytes) -> int:
    """How many pages the PDF has; Refused `bad_file` says why it cannot be taken."""
    if _LZW.search(data) and _PACKED_OBJECTS.search(data):
        raise _broken(name)
    before = qpdf.qpdf_limit_errors()
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as pdf:
            pages = _pages(name, pdf)
    except pikepdf.PasswordError:
        raise _locked(name) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError,
            RuntimeError, RecursionError, MemoryError, OverflowError):  # fmt: skip
        raise _broken(name) from None
    if qpdf.qpdf_limit_errors() != before:  # what was too big to be looked at may hold anything
        raise _broken(name)
    return pages


def _pages(name: str, pdf: pikepdf.Pdf) -> int:
    if pdf.is_encrypted:
        raise _locked(name)
    if len(pdf.objects) > MOST_OBJECTS:
        raise unfit(
            f"Tệp “{name}” quá phức tạp ({len(pdf.objects)} thành phần).",
            "Hãy in ra PDF mới hoặc quét lại.",
        )
    count = len(pdf.pages)
    if not 1 <= count <= MOST_PAGES:
        raise unfit(
            f"Tệp “{name}” có {count} trang; mỗi tệp từ 1 đến {MOST_PAGES} trang.",
            "Hãy chia thành nhiều tệp." if count else "Hãy quét lại.",
        )
    found = next(_telling(pdf), None)
    if found is not None:
        wrong, todo = _SENTENCES[found]
        raise unfit(f"Tệp “{name}” {wrong}", todo)
    for page in pdf.pages:
        if page.mediabox is None or len(page.mediabox) != 4:
            raise _broken(name)
    return count


def _locked(name: str) -> Exception:
    return unfit(
        f"Tệp “{name}” đặt mật khẩu hoặc bị khóa quyền.",
        "Hãy mở bằng mật khẩu, in ra PDF không khóa rồi gửi bản đó.",
    )


def _broken(name: str) -> Exception:
    return unfit(
        f"Tệp “{name}” hỏng hoặc bị cắt giữa chừng, không mở được.",
        "Hãy quét lại, hoặc mở tệp rồi in ra PDF mới.",
    )


def _telling(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Why the file cannot be taken, for each thing in it that runs or hides."""
    for one in pdf.objects:
        for key, value in _entries(one):
            if key in _KEYS:
                yield _KEYS[key]
            elif key in _TELLING and isinstance(value, pikepdf.Name):
                kind = _TELLING[key].get(str(value))
                if kind is not None:
                    yield kind


def _entries(top: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value within one object of the file, other objects it points to left out."""
    waiting = [top]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            inside = list(one)
        elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            pairs = list(one.items())
            yield from pairs
            inside = [value for _, value in pairs]
        else:
            continue
        waiting += [v for v in inside if isinstance(v, pikepdf.Object) and not v.is_indirect]


def is_signed(data: bytes) -> bool:
    """Whether the PDF bears a digital signature, which binding it to others would break."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return any(
            key == "/ByteRange" for one in pdf.objects for key, _ in _entries(one)
        )  # fmt: skip


def bound(parts: Iterable[tuple[str, bytes]]) -> tuple[bytes, int]:
    """One PDF of pictures and PDFs (kind, bytes) in the order given, and how many pages.

    The same parts give the same bytes, so that they are stored once.
    """
    opened = []
    with pikepdf.new() as pdf:
        for kind, data in parts:
            if kind == "pdf":
                opened.append(pikepdf.open(BytesIO(data)))
                pdf.pages.extend(opened[-1].pages)
            else:
                pictures.add_page(pdf, data, kind)
        out = BytesIO()
        # What the parts hold stays packed as it was: nothing is unpacked, nothing is lost.
        pdf.save(
            out, deterministic_id=True, compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )  # fmt: skip
        count = len(pdf.pages)
    for one in opened:
        one.close()
    return out.getvalue(), count
