"""Sổ theo dõi hồ sơ: the accepted dossiers within sight as lines of the book, in its order.

TT 01/2018/TT-VPCP Điều 10 and Mẫu 06, TT 03/2025/TT-VPCP Mẫu 07. Rows are read in one pass and in
portions, so that a year's book costs a few statements a portion and little memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Row, select

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.states import STOPPED, Status
from app.documents import tracking_book
from app.journey.find import Wanted, narrowed
from app.journey.notice_papers import head_of, variant
from app.journey.office import Db, Office
from app.journey.visibility import visible
from app.models import Dossier, Event

PORTION = 500
MOST_PRINTED = 20_000  # rows of one PDF; some 1,300 pages
METHODS = {"direct": "Trực tiếp", "post": "Bưu chính", "online": "Trực tuyến"}
_COLUMNS = (
    Dossier.id, Dossier.code, Dossier.edition_id, Dossier.regime, Dossier.one_stop,
    Dossier.department, Dossier.applicant_name, Dossier.address, Dossier.phone,
    Dossier.accepted_at, Dossier.due_at, Dossier.returned_at, Dossier.result_channel,
    Dossier.status, Dossier.outcome, Dossier.apologies, Dossier.supplements,
)  # fmt: skip


def days(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """The moments between which a dossier was accepted on one of these local days, both included.

    Refused `bad_request` for a day that no calendar follows.
    """
    try:
        return (
            datetime.combine(first, time.min, VIETNAM) if first else None,
            datetime.combine(last + timedelta(days=1), time.min, VIETNAM) if last else None,
        )
    except OverflowError:
        raise Refused("bad_request", "Ngày này nằm ngoài lịch, hãy chọn ngày khác.") from None


def entries(
    session: Db, office: Office, actor: Actor, wanted: Wanted, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """The lines of the book, first accepted first; `limit` cuts them, the screen's paging does not.

    Each holds what `tracking_book.Facts.rows` asks for, and one_stop (id), status (label) and
    regime beside it; `number` is the one-stop's own in the year, as the receipt has it.
    """
    query = narrowed(session, visible(select(*_COLUMNS), actor), wanted)
    ordered = query.order_by(Dossier.accepted_at, Dossier.id)
    if limit is not None:
        ordered = ordered.limit(limit)
    result = session.execute(ordered.execution_options(yield_per=PORTION))
    for portion in result.partitions(PORTION):
        told = _told(session, [row.id for row in portion])
        for row in portion:
            yield _entry(office, row, told.get(row.id, {}))


def _told(session: Db, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """From the log: the number in the book and who signed for the result, by dossier."""
    query = select(Event.subject, Event.body).where(
        Event.subject.in_(ids), Event.action.in_(("accept", "return_direct"))
    )
    found: dict[str, dict[str, Any]] = {}
    for subject, body in session.execute(query):
        facts = json.loads(body)["facts"]
        known = {key: facts[key] for key in ("register", "receiver") if key in facts}
        found.setdefault(subject, {}).update(known)
    return found


def _entry(office: Office, row: Row[Any], told: Mapping[str, Any]) -> dict[str, Any]:
    procedure = office.editions[row.edition_id].procedure
    return {
        "number": told.get("register", ""),
        "code": row.code,
        "procedure": procedure.name,
        "sets": procedure.sets,
        "applicant": row.applicant_name,
        "address": row.address,
        "phone": row.phone or "",
        "lead_agency": office.unit_name(row.department),
        "accepted_at": row.accepted_at.astimezone(VIETNAM).isoformat(),
        "due_at": row.due_at.astimezone(VIETNAM).isoformat() if row.due_at else None,
        "returned_at": row.returned_at.astimezone(VIETNAM).isoformat() if row.returned_at else None,
        "method": METHODS.get(row.result_channel, ""),
        "receiver": told.get("receiver", ""),
        "note": _note(row),
        "one_stop": row.one_stop,
        "status": Status(row.status).label,
        "regime": row.regime,
    }


def _note(row: Row[Any]) -> str:
    """What a reader of the book must know beside the days."""
    notes = []
    if row.supplements:
        notes.append("Đã yêu cầu bổ sung")
    if row.apologies:
        notes.append("Đã xin lỗi, hẹn lại")
    if row.status in STOPPED or row.status == Status.VOIDED:
        notes.append(Status(row.status).label)
    elif row.outcome == "refused":
        notes.append("Từ chối giải quyết")
    return "; ".join(notes)


def check_printed(lines: int) -> None:
    """Refused `too_many_rows` for more lines than one printed book holds."""
    if lines > MOST_PRINTED:
        raise Refused(
            "too_many_rows",
            f"Sổ in được tối đa {MOST_PRINTED:,} hồ sơ mỗi lần".replace(",", ".")
            + ". Hãy chọn khoảng ngày ngắn hơn, một đơn vị hoặc một lĩnh vực; "
            "hoặc tải bảng tính, nhiều dòng hơn.",
        )


def book_of(
    session: Db, office: Office, actor: Actor, wanted: Wanted, first: date | None,
    last: date | None, field: str = "",
) -> tracking_book.Facts:  # fmt: skip
    """The book of these dossiers, ready to draw; first, last: the asked days, for its cover.

    Numbers run within a one-stop and a year, so the cover says volume and numbers only where the
    rows are of one of each; rows of several one-stops each name theirs. Refused `too_many_rows`
    above `MOST_PRINTED` rows.
    """
    found = entries(session, office, actor, wanted, MOST_PRINTED + 1)
    rows = list(islice(found, MOST_PRINTED + 1))
    check_printed(len(rows))
    counters = {row["one_stop"] for row in rows} or {wanted.one_stop or ""}
    years = {int(row["accepted_at"][:4]) for row in rows}
    counter = counters.pop() if len(counters) == 1 else ""
    if not counter:
        _name_counters(office, rows)
    numbers = [row["number"] for row in rows if isinstance(row["number"], int)]
    one = bool(counter) and len(years) == 1 and bool(numbers)
    regime = rows[-1]["regime"] if rows else office.regime.id
    return tracking_book.Facts(
        variant=variant(office, regime),
        agency_name=head_of(office, counter or office.profile.main_one_stop),
        one_stop_title=_title(office, counter, regime),
        volume=f"01/{min(years)}" if one else "",
        year=_years(years, first, last),
        first_number=f"{min(numbers):02d}" if one else "",
        last_number=f"{max(numbers):02d}" if one else "",
        rows=[{k: v for k, v in row.items() if k not in _OURS} for row in rows],
        field=field,
        period=_period(first, last),
        place=office.profile.place,
    )


_OURS = frozenset({"one_stop", "status", "regime"})  # beside what the form knows


def _name_counters(office: Office, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        name = office.unit_name(row["one_stop"])
        row["note"] = f"{name}. {row['note']}".strip() if row["note"] else name


def _title(office: Office, counter: str, regime: str) -> str:
    """Line 2 of the cover: the decree's name for a one-stop, its own name under a general head."""
    title = office.regimes[regime].one_stop_title
    return title if counter else f"Các {title[:1].lower()}{title[1:]}"


def _years(found: set[int], first: date | None, last: date | None) -> str:
    """The year of the book; a range over New Year says both."""
    years = found | {day.year for day in (first, last) if day}
    low, high = (min(years), max(years)) if years else (0, 0)
    return "" if not years else str(low) if low == high else f"{low}–{high}"


def _period(first: date | None, last: date | None) -> str:
    parts = []
    if first:
        parts.append(f"từ ngày {first:%d/%m}/{first.year:04d}")
    if last:
        parts.append(f"đến ngày {last:%d/%m}/{last.year:04d}")
    return " ".join(parts)
