"""Tables: columns and facts about one row; no queries, no sentences, no commits."""

from app.models.base import Base, Instant
from app.models.clock import ClockMove, Consultation, Correction
from app.models.dossier import (
    ACTIVE,
    EMPTY,
    IN_TRANSFER,
    DayCounter,
    Document,
    Dossier,
    DossierSearch,
    FeeLine,
    Paper,
    RequestKey,
    ResultNumber,
    Step,
    YearCounter,
)
from app.models.event import Event, Message
from app.models.rating import Rating
from app.models.setup import OwnDay, OwnHours, SetupChange, SetupItem
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
from app.models.stored_file import PaperFile, StagedFile, StoredFile
from app.models.task import Substitution, Task, TaskFile, TaskItem
from app.models.ticket import Counter, LastTicket, QueueRule, Ticket, TicketCall

__all__ = [
    "ACTIVE",
    "EMPTY",
    "IN_TRANSFER",
    "ApiToken",
    "Base",
    "ClockMove",
    "Consultation",
    "Correction",
    "Counter",
    "DayCounter",
    "DelegatedProcedure",
    "Delegation",
    "Document",
    "Dossier",
    "DossierSearch",
    "Event",
    "FailureCount",
    "FeeLine",
    "Instant",
    "LastTicket",
    "LoginSession",
    "Message",
    "OneTimeLink",
    "OwnDay",
    "OwnHours",
    "Paper",
    "PaperFile",
    "Posting",
    "ProcedureEdition",
    "QueueRule",
    "Rating",
    "RequestKey",
    "ResultNumber",
    "Setting",
    "SetupChange",
    "SetupItem",
    "Staff",
    "StagedFile",
    "Step",
    "StoredFile",
    "Substitution",
    "Task",
    "TaskFile",
    "TaskItem",
    "Ticket",
    "TicketCall",
    "Unit",
    "YearCounter",
]
