"""Tables: columns and facts about one row; no queries, no sentences, no commits."""

from app.models.base import Base, Instant
from app.models.clock import ClockMove, Consultation
from app.models.dossier import (
    DayCounter,
    Document,
    Dossier,
    FeeLine,
    Paper,
    RequestKey,
    ResultNumber,
    Step,
    YearCounter,
)
from app.models.event import Event, Message
from app.models.staff import (
    ApiToken,
    DelegatedProcedure,
    Delegation,
    FailureCount,
    LoginSession,
    OneTimeLink,
    Posting,
    ProcedureEdition,
    Setting,
    Staff,
    Unit,
)

__all__ = [
    "ApiToken",
    "Base",
    "ClockMove",
    "Consultation",
    "DayCounter",
    "DelegatedProcedure",
    "Delegation",
    "Document",
    "Dossier",
    "Event",
    "FailureCount",
    "FeeLine",
    "Instant",
    "LoginSession",
    "Message",
    "OneTimeLink",
    "Paper",
    "Posting",
    "ProcedureEdition",
    "RequestKey",
    "ResultNumber",
    "Setting",
    "Staff",
    "Step",
    "Unit",
    "YearCounter",
]
