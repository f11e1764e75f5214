"""Writes docs/states.md from the table of steps, so that what is read is what is carried out.

python3 tools/states.py            write it
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.core.states import Status  # noqa: E402
from app.core.workflow import TRANSITIONS, Transition  # noqa: E402

PAGE = ROOT / "docs" / "states.md"
INTRO = """# States and steps

Written by `python3 tools/states.py` from the table in `app/core/transitions.py` and
`app/core/settlement_rows.py`; a test compares them.

"""
CLOCK = {
    "none": "–", "start": "starts", "keep": "runs on", "stop": "ends", "wait": "stands still",
    "restart": "from zero", "pause": "paused", "resume": "goes on", "extend": "lawful date moves",
    "promise": "promised day moves",
}  # fmt: skip
# From so many states on, an arrow would hide the others: the table says them.
WIDE = 5


def page() -> str:
    """The whole page: the states, the drawing, the steps."""
    return INTRO + _states() + "\n" + _drawing() + "\n" + _steps()


def _states() -> str:
    lines = ["| state | on staff screens | what the citizen reads | portal |", "|---|---|---|---|"]
    for status in Status:
        portal = status.portal_code if status.portal_code is not None else "–"
        lines.append(f"| `{status}` | {status.label} | {status.public_label} | {portal} |")
    return "\n".join(lines) + "\n"


def _drawing() -> str:
    """Arrows that change the state; those from five states and more stand in the table only."""
    arrows: dict[tuple[Status, Status], list[str]] = {}
    for row in TRANSITIONS:
        if row.to is None or len(row.sources) >= WIDE:
            continue
        for source in sorted(row.sources):
            arrows.setdefault((source, row.to), []).append(row.action)
    lines = [
        f"  {source}[{source.label}] -- {' · '.join(actions)} --> {to}[{to.label}]"
        for (source, to), actions in sorted(arrows.items())
        if source != to
    ]
    lines = [line.replace("(", "⟨").replace(")", "⟩") for line in lines]
    return "```mermaid\nflowchart LR\n" + "\n".join(lines) + "\n```\n"


def _steps() -> str:
    lines = [
        "| step | button | from | to | whose hand | clock | told | paper | source |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join(lines + [_line(row) for row in TRANSITIONS]) + "\n"


def _line(row: Transition) -> str:
    sources = " ".join(f"`{s}`" for s in sorted(row.sources)) or "–"
    to = f"`{row.to}`" if row.to else ("the state before" if row.restores else "stays")
    hand = ", ".join(str(role) for role in row.roles) or (
        "a timer" if row.hand == "system" else "the step's role"
    )
    cells = (
        f"`{row.action}`", row.label, sources, to, hand, CLOCK[row.clock],
        "yes" if row.tells else "", f"`{row.form}`" if row.form else "", row.basis,
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(TRANSITIONS)} bước")
