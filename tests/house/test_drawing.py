"""What the documents say of the flow is the table, row by row and arrow by arrow."""

from __future__ import annotations

import importlib.util
import re

from app.config import ROOT
from app.core.states import Status
from app.core.workflow import TRANSITIONS

# The straight way of the overview, and the names its nodes have there.
NODES = {
    "draft": Status.DRAFT, "refused": Status.INTAKE_REFUSED, "accepted": Status.ACCEPTED,
    "voided": Status.VOIDED, "transfer": Status.IN_TRANSFER, "received": Status.RECEIVED_BY_AGENCY,
    "appraising": Status.APPRAISING, "submitted": Status.SUBMITTED_FOR_APPROVAL,
    "approved": Status.APPROVED, "issued": Status.ISSUED, "refusal": Status.REFUSAL_ISSUED,
    "stop": Status.AT_ONE_STOP, "returned": Status.RETURNED,
}  # fmt: skip
# Ways for procedures without an appraisal or a decision, and ways beside the straight one.
BESIDE = {("approve", "appraising"), ("approve", "received_by_agency"),
          ("issue", "appraising"), ("issue", "received_by_agency"), ("assign", "appraising"),
          ("return_transfer", "in_transfer"), ("return_transfer", "received_by_agency"),
          ("recall", "submitted_for_approval"), ("return_to_agency", "at_one_stop"),
          ("return_online", "at_one_stop"), ("reissue", "at_one_stop"), ("reissue", "issued"),
          ("reissue", "refusal_issued"), ("send_to_other_one_stop", "accepted"),
          ("immediate_settle", "accepted")}  # fmt: skip


def test_the_page_of_states_is_the_table() -> None:
    spec = importlib.util.spec_from_file_location("states", ROOT / "tools" / "states.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    written = (ROOT / "docs" / "states.md").read_text("utf-8")
    assert written == tool.page(), "write it anew: python3 tools/states.py"
    assert all(f"| `{row.action}` |" in written for row in TRANSITIONS)


def test_the_drawn_straight_way_is_the_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    block = text.split("```mermaid")[1].split("```")[0]
    arrow = re.compile(r"(\w+)(?:\(\[.*?\]\)|\[.*?\])? -- (.+?) --> (\w+)")
    drawn = {
        (action, NODES[a], NODES[b])
        for a, actions, b in arrow.findall(block)
        for action in actions.split(" · ")
    }
    known = set(NODES.values())
    wanted = {
        (row.action, source, row.to)
        for row in TRANSITIONS
        for source in row.sources
        if row.to in known and source in known and (row.action, str(source)) not in BESIDE
    }
    assert drawn == wanted
