"""How a file is refused: what is wrong with it, and what to do."""

from __future__ import annotations

from app.core.refusals import Refused


def unfit(wrong: str, todo: str) -> Refused:
    """Refused `bad_file`: nothing was stored."""
    return Refused("bad_file", f"{wrong} {todo}")


def megabytes(size: int) -> str:
    """A size as people read it: `24,3 MB`, `512 KB`."""
    if size < 1024 * 1024:
        return f"{max(size // 1024, 1)} KB"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + " MB"
