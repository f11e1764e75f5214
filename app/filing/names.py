"""Names of files as people gave them, made fit to be stored, shown and downloaded."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from app.core.vietnamese import fold

LONGEST = 120  # letters of a name, its ending included
_NOWHERE = re.compile(r'[<>:"|?*]')  # no file of Windows may bear these
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,5})$")
_NO_NAME = "tep"


def clean(given: str) -> str:
    """The last part of a path as a plain name, at most LONGEST letters, ending kept; never empty.

    Control and direction marks are dropped (an `exe` written backwards looks like a `pdf`), and
    so is what no disk takes. NFC; cleaning twice changes nothing.
    """
    last = re.split(r"[/\\]", given)[-1]
    spaced = "".join(" " if unicodedata.category(c)[0] == "Z" else c for c in last)
    visible = "".join(c for c in spaced if unicodedata.category(c)[0] != "C")
    name = unicodedata.normalize("NFC", _NOWHERE.sub("_", visible))
    name = " ".join(name.split()).rstrip(" .")
    if _ENDING.fullmatch(name):
        name = _NO_NAME + name
    name = name.lstrip(" .") or _NO_NAME
    return _short(f"{_NO_NAME} {name}" if _RESERVED.match(name) else name)


def _short(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    found = _ENDING.search(name)
    end = found[0] if found else ""
    return name[: LONGEST - len(end)].rstrip(" .") + end


def ending(name: str) -> str:
    """The ending in lower case without its dot; empty where there is none."""
    found = _ENDING.search(name)
    return found[1].lower() if found else ""


def stem(name: str) -> str:
    """The name without its ending."""
    return _ENDING.sub("", name)


def in_header(name: str) -> str:
    """The name as Content-Disposition takes it: for old browsers without marks, then as it is."""
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", fold(name))
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
