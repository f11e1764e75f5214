"""Printed forms read back: as text, as fonts, and as a scanner at the counter sees them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from io import BytesIO

import pypdf
import zxingcpp
from PIL import Image


def pages(pdf: bytes) -> list[str]:
    """Each page's text by pypdf."""
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def lines(pdf: bytes) -> list[str]:
    """All lines in the order of reading, by poppler: its own opinion, not that of pypdf."""
    text = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    return [" ".join(line.split()) for line in text.replace("\f", "\n").splitlines() if line]


def text(pdf: bytes) -> str:
    """Everything in one line, so that a sentence is found wherever its lines break."""
    return " ".join(lines(pdf))


def picture(pdf: bytes, dpi: int, page: int = 1) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-gray", "-"]
    image = subprocess.run(command, input=pdf, stdout=subprocess.PIPE, check=True).stdout
    return Image.open(BytesIO(image))


def codes(pdf: bytes, dpi: int, page: int = 1) -> dict[str, str]:
    """What a reader finds on the printed page: format → text."""
    found = zxingcpp.read_barcodes(picture(pdf, dpi, page))
    return {code.format.name: code.text for code in found}


def fonts(pdf: bytes) -> Iterator[tuple[str, bool]]:
    """(name, embedded) of every font object in the file."""
    reader = pypdf.PdfReader(BytesIO(pdf))
    for number in range(1, len(reader.xref[0]) + 1):
        thing = reader.get_object(number)
        if isinstance(thing, dict) and thing.get("/Type") == "/Font":
            descriptor = thing.get("/FontDescriptor")
            yield thing["/BaseFont"], bool(descriptor and "/FontFile2" in descriptor.get_object())


def metadata(pdf: bytes) -> dict[str, str]:
    """The file's information dictionary."""
    return {key: str(value) for key, value in pypdf.PdfReader(BytesIO(pdf)).metadata.items()}
