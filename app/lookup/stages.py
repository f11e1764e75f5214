"""Which stage of the service a dossier's applicant may rate."""

from __future__ import annotations

from app.core.states import CLOSED, Status

_STAGES = {
    Status.INTAKE_REFUSED: "refuse", Status.SUPPLEMENT_REQUESTED: "supplement",
    Status.INTAKE_SUPPLEMENT: "supplement", Status.RETURNED: "return",
}  # fmt: skip
_NOT_YET = frozenset({Status.DRAFT, Status.SUBMITTED})


def stage_of(status: Status) -> str | None:
    """Which stage of the service may be rated in a state; None while there was none."""
    if status in _NOT_YET or (status in CLOSED and status not in _STAGES):
        return None
    return _STAGES.get(status, "accept")
