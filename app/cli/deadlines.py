"""Due dates with their reasons: of a limit, of a procedure, of a dossier as it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.cli import answer, as_json, refusals
from app.cli.rules import office
from app.clock import VIETNAM
from app.core.deadline import ClockEvent, Explanation, Limit, explain
from app.core.refusals import Refused
from app.extensions import db
from app.journey import clock
from app.models import Dossier

deadline = AppGroup("deadline", help="Thời hạn và lý do của thời hạn.")


@deadline.command("explain")
@click.option("--dossier", "code", help="Mã hồ sơ đã tiếp nhận, thay cho mọi mục khác.")
@click.option("--accepted", help="Lúc tiếp nhận, ISO, ví dụ 2026-11-25T16:10.")
@click.option("--limit", "limit_text", help="Thời hạn: 5wd, 15d, 2mo, 8wh, 4h, same_day.")
@click.option("--procedure", help="Mã thủ tục, thay cho --limit.")
@click.option("--case", help="Trường hợp của thủ tục.")
@click.option("--event", "events", multiple=True, help="LOẠI=LÚC, nhắc lại được.")
@click.option("--regime", help="ND61_2018, ND61_107, ND118_2025.")
@as_json
@refusals
def explain_deadline(
    code: str | None, accepted: str | None, limit_text: str | None, procedure: str | None,
    case: str | None, events: tuple[str, ...], regime: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Hạn trả kết quả và các lý do, theo đúng thứ tự."""
    if code is not None:
        _of_dossier(code, as_json)
        return
    if accepted is None:
        raise click.UsageError("Cho --accepted (lúc tiếp nhận), hoặc --dossier (mã hồ sơ).")
    here = office() if procedure else None
    cache = current_app.extensions["motcua.office"]
    accepted_at = _moment(accepted, "--accepted")
    if (limit_text is None) == (procedure is None):
        raise click.UsageError("Cho --limit hoặc --procedure, một trong hai.")
    if here is not None and procedure is not None:
        rules = here.edition_for(procedure, accepted_at.date()).procedure
        rules.case(case)
        found = rules.limit_for(case)
        limit = Limit(found.amount, found.unit, found.cutoff)
    else:
        try:
            limit = Limit.parse(limit_text or "")
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--limit") from None
    regimes = cache.regimes
    name = regime or cache.profile.regime
    if name not in regimes:
        raise click.BadParameter(f"có: {', '.join(sorted(regimes))}", param_hint="--regime")
    told = explain(accepted_at, limit, cache.calendar, regimes[name], _events(events))
    _tell(told, as_json)


def _tell(told: Explanation, as_json: bool, more: dict[str, Any] | None = None) -> None:
    facts = {
        "due_at": told.due_at.isoformat(),
        "due_at_original": told.due_at_original.isoformat(),
        "reasons": [{"text": r.text, "basis": r.basis} for r in told.reasons],
        "transfer_due_at": told.transfer_due_at.isoformat(),
        "latest_supplement_notice": told.latest_supplement_notice.isoformat(),
        "latest_apology": told.latest_apology.isoformat() if told.latest_apology else None,
        "tentative": told.tentative,
    }
    lines = [f"Hạn trả: {told.due_at:%d/%m/%Y %H:%M}" + (" (dự kiến)" if told.tentative else "")]
    if told.promised is not None:
        lines.append(f"Đã hẹn lại: {told.promised:%d/%m/%Y %H:%M}")
    lines += [f"  {i}. {r.text} [{r.basis}]" for i, r in enumerate(told.reasons, 1)]
    for part in (more or {}).get("intervals", []):
        ended = f"{part['ended_at']:%d/%m/%Y %H:%M}" if part["ended_at"] else "nay"
        reason = f": {part['reason']}" if part["reason"] else ""
        lines.append(f"  {part['began_at']:%d/%m/%Y %H:%M} – {ended}: {part['label']}{reason}")
    answer(as_json, facts | _plain(more or {}), "\n".join(lines))


def _plain(more: dict[str, Any]) -> dict[str, Any]:
    moments = ("began_at", "ended_at")
    return {
        key: [
            {k: v.isoformat() if k in moments and v else v for k, v in part.items()}
            for part in parts
        ]
        for key, parts in more.items()
    }


def _of_dossier(code: str, as_json: bool) -> None:
    """The dates of a stored dossier, every reason since its acceptance, the clock's intervals."""
    found = db.session.scalar(select(Dossier).where(Dossier.code == code.strip().upper()))
    if found is None or found.accepted_at is None:
        raise Refused("no_such_dossier", f"Không có hồ sơ đã tiếp nhận nào mang mã {code}.")
    intervals = [
        {
            "mode": str(part.mode), "label": part.mode.label, "reason": part.reason,
            "notice": part.notice, "began_at": part.began_at.astimezone(VIETNAM),
            "ended_at": part.ended_at.astimezone(VIETNAM) if part.ended_at else None,
        }
        for part in clock.intervals_of(db.session, found)
    ]  # fmt: skip
    _tell(clock.explained(db.session, office(), found), as_json, {"intervals": intervals})


def _moment(text: str, option: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text}” không phải thời điểm ISO", param_hint=option) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _events(texts: tuple[str, ...]) -> list[ClockEvent]:
    kinds = ("supplement_requested", "supplement_received", "paused", "resumed")
    found = []
    for text in texts:
        kind, _, moment = text.partition("=")
        if kind not in kinds:
            raise click.BadParameter(f"“{kind}”; có: {', '.join(kinds)}", param_hint="--event")
        found.append(ClockEvent(kind, _moment(moment, "--event")))
    return found
