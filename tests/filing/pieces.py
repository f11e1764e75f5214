"""Files for tests, made on the spot: good scans, and everything that must be refused."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image

A4_LOW = (620, 877)


def picture(fmt: str = "JPEG", size: tuple[int, int] = A4_LOW, mode: str = "RGB", seed: int = 0,
            **how: Any) -> bytes:  # fmt: skip
    """A picture of some texture; another seed gives other bytes."""
    out = BytesIO()
    image = Image.linear_gradient("L").resize(size).rotate(seed * 7).convert(mode)
    image.save(out, fmt, **how)
    return out.getvalue()


def pdf(pages: int = 1, mark: str = "", **how: Any) -> bytes:
    """A PDF of blank pages; another mark gives other bytes; how: arguments of saving."""
    out = BytesIO()
    made = pages_of(pages)
    if mark:
        made.Root.Mark = pikepdf.String(mark)
    made.save(out, **({"static_id": True} | how))
    return out.getvalue()


def pages_of(pages: int = 1) -> pikepdf.Pdf:
    """An open PDF of blank A4 pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    return made


def saved(made: pikepdf.Pdf, **how: Any) -> bytes:
    """An open PDF as bytes."""
    out = BytesIO()
    made.save(out, **how)
    return out.getvalue()


def with_action(kind: str, **more: Any) -> bytes:
    """A PDF whose opening does something, packed as writers pack it today."""
    made = pages_of()
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/" + kind), **more)
    return saved(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def with_names(key: str) -> bytes:
    """A PDF with a tree of names of a kind, as attachments and document scripts are kept."""
    made = pages_of()
    made.Root.Names = pikepdf.Dictionary({"/" + key: pikepdf.Dictionary(Names=pikepdf.Array())})
    return saved(made)


def with_annotation(subtype: str) -> bytes:
    """A PDF with something that sits on its page."""
    made = pages_of()
    made.pages[0].Annots = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name("/" + subtype))]
    )
    return saved(made)


def with_attachment() -> bytes:
    """A PDF that carries another file."""
    made = pages_of()
    made.attachments["virus.exe"] = b"MZ"
    return saved(made)


def with_form(xfa: bool = False) -> bytes:
    """A PDF with a form in it: plain fields are lawful, a dynamic one is not."""
    made = pages_of()
    form: dict[str, Any] = {"/Fields": pikepdf.Array()}
    if xfa:
        form["/XFA"] = pikepdf.Array()
    made.Root.AcroForm = pikepdf.Dictionary(form)
    return saved(made)


def signed() -> bytes:
    """A PDF with the marks of a digital signature."""
    made = pages_of()
    made.Root.Signature = made.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=pikepdf.Array([0, 1, 2, 3]))
    )
    return saved(made)


def encrypted(user: str) -> bytes:
    """A PDF with a password, or (empty) one that everybody may open but not everybody print."""
    return saved(pages_of(), encryption=pikepdf.Encryption(owner="chủ", user=user))


def png(width: int, height: int, rows: int | None = None) -> bytes:
    """A black and white PNG of any size from very few bytes; rows: how many it really holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    line = b"\0" * (width // 8 + 1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(line * min(height if rows is None else rows, 2000), 9))
        + chunk(b"IEND", b"")
    )


def packed_bomb(megabytes: int, filters: bytes = b"/FlateDecode") -> bytes:
    """A small PDF whose list of objects unpacks to many megabytes."""
    packer = zlib.compressobj(9)
    packed = packer.compress(b"4 0 <</Type/Catalog/Pages 5 0 R>>")
    for _ in range(megabytes):
        packed += packer.compress(b" " * (1 << 20))
    packed += packer.flush()
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for number, body in (
        (5, b"<</Type/Pages/Kids[6 0 R]/Count 1>>"),
        (6, b"<</Type/Page/Parent 5 0 R/MediaBox[0 0 100 100]>>"),
        (7, b"<</Type/ObjStm/N 1/First 4/Filter %s/Length %d>>\nstream\n%s\nendstream"
            % (filters, len(packed), packed)),
    ):  # fmt: skip
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    places[8] = len(out)
    rows = [(1, places[n], 0) if n in places else (2, 7, 0) if n == 4 else (0, 0, 0)
            for n in range(9)]  # fmt: skip
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    head = b"<</Type/XRef/Size 9/W[1 4 2]/Root 4 0 R/Length %d>>" % len(table)
    head = b"<</Type/XRef/Size 9/W[1 4 2]/Root 4 0 R/Length %d>>" % len(table)
    out += b"8 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (head, table)
    out += b"startxref\n%d\n%%%%EOF\n" % places[8]
    return bytes(out)
