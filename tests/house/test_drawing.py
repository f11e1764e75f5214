"""The drawn flow is the table: an arrow for every row that changes the status, and no other."""

from __future__ import annotations

import re

from app.config import ROOT
from app.core.states import Status
from app.core.workflow import TRANSITIONS

NODES = {
    "draft": Status.DRAFT, "refused": Status.INTAKE_REFUSED, "accepted": Status.ACCEPTED,
    "voided": Status.VOIDED, "transfer": Status.IN_TRANSFER, "received": Status.RECEIVED_BY_AGENCY,
    "appraising": Status.APPRAISING, "submitted": Status.SUBMITTED_FOR_APPROVAL,
    "approved": Status.APPROVED, "issued": Status.ISSUED, "refusal": Status.REFUSAL_ISSUED,
    "stop": Status.AT_ONE_STOP, "returned": Status.RETURNED,
}  # fmt: skip
# Ways for procedures without an appraisal or a decision; drawn, they would hide the straight way.
SHORT_CUTS = {("approve", "appraising"), ("approve", "received_by_agency"),
              ("issue", "appraising"), ("issue", "received_by_agency"),
              ("assign", "appraising")}  # fmt: skip


def test_the_drawing_is_the_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    block = text.split("```mermaid")[1].split("```")[0]
    arrow = re.compile(r"(\w+)(?:\(\[.*?\]\)|\[.*?\])? -- (.+?) --> (\w+)")
    drawn = {
        (action, NODES[a], NODES[b])
        for a, actions, b in arrow.findall(block)
        for action in actions.split(" · ")
    }
    wanted = {
        (row.action, source, row.to)
        for row in TRANSITIONS
        for source in row.sources
        if row.to is not None and (row.action, str(source)) not in SHORT_CUTS
    }
    assert drawn == wanted
