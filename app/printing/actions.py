"""Prints control slips: notes each print in its dossier's chain, draws any print noted before.

A slip is not stored: it follows from the events up to its version, so the version and the hash of
what it said are what the log keeps (TT 01/2018/TT-VPCP Điều 10: kept inside the system).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from app.bulk.terms import MOST, Wish
from app.core.actor import Actor
from app.core.refusals import Refused
from app.core.vietnamese import count
from app.documents import control_slip
from app.journey.log import Happened, record
from app.journey.office import Db, Office
from app.journey.visibility import visible
from app.models import Dossier, Event, Step
from app.printing import slip

LONGEST_CODE = 50  # letters of a code in an order
_BREAKS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip to draw: which dossier, as of which event, the how many-th reprint of it."""

    code: str
    version: int
    reprint: int
    facts: control_slip.Facts


def codes_in(text: str) -> list[str]:
    """Dossier codes typed or scanned one after the other, each once, in their order."""
    return list(dict.fromkeys(code.upper() for code in _BREAKS.split(text) if code))


def note_prints(
    session: Db, office: Office, actor: Actor, now: datetime, codes: Sequence[str]
) -> list[Slip]:
    """Note in every dossier's chain that its slip is printed now; the slips, in the given order.

    Refused `bad_request` for no code or more than `MOST`, `no_such_dossier` naming what is not
    within sight, `no_slip` before acceptance. Nothing is noted then. The caller commits.
    """
    noted = []
    for dossier, steps, events in _lives(session, actor, codes, lock=True):
        version = slip.version_of(events)
        reprint = slip.prints_of(events, version).get(version, 0)
        facts = slip.slip_of(office, dossier, steps, events, version)
        told = {
            "form": slip.FORM,
            "until": version,
            "reprint": reprint,
            "layout": control_slip.LAYOUT,
            "sha256": sha256(facts.to_json().encode()).hexdigest(),
        }
        what = Happened(slip.PRINTED, facts=told, document=slip.FORM)
        record(session, dossier, actor, None, now, what)
        noted.append(Slip(str(dossier.code), version, reprint, facts))
    return noted


def noted_slips(session: Db, office: Office, actor: Actor, codes: Sequence[str]) -> list[Slip]:
    """Each dossier's slip as it was last printed; refusals as of `note_prints`.

    Refused `no_such_document` for a dossier whose slip was never printed.
    """
    found = []
    for dossier, steps, events in _lives(session, actor, codes):
        prints = slip.prints_of(events)
        if not prints:
            raise _never_printed(str(dossier.code))
        version = max(prints)
        facts = slip.slip_of(office, dossier, steps, events, version)
        found.append(Slip(str(dossier.code), version, prints[version] - 1, facts))
    return found


def noted_slip(
    session: Db, office: Office, actor: Actor, code: str, version: int, reprint: int
) -> Slip:
    """One print that was noted, as it was; Refused `no_such_document` where there was none."""
    ((dossier, steps, events),) = _lives(session, actor, [code])
    if not 0 <= reprint < slip.prints_of(events, version).get(version, 0):
        raise _never_printed(str(dossier.code))
    facts = slip.slip_of(office, dossier, steps, events, version)
    return Slip(str(dossier.code), version, reprint, facts)


def wished(session: Db, actor: Actor, codes: Sequence[str]) -> list[Wish]:
    """An order to print these slips one by one, in the order given; Refused by their number only.

    A code that is unknown, or out of sight, spoils no other: it is ordered too, and refused by
    itself in the words of `note_prints`, the same for both.
    """
    _check_count(codes)
    found = _seen(session, actor, codes, lock=False)
    return [_wish(code, found.get(code)) for code in codes]


def _wish(code: str, dossier: Dossier | None) -> Wish:
    if dossier is None:
        return Wish(None, _cut(code), slip.FORM, None, 0)
    return Wish(dossier.id, code, slip.FORM, None, dossier.version)


def _cut(code: str) -> str:
    """So much of what was typed as an item holds; marked, so that it is no other code."""
    return code if len(code) <= LONGEST_CODE else f"{code[: LONGEST_CODE - 1]}…"


def drawn(found: Sequence[Slip]) -> bytes:
    """The PDF of the slips, one after the other."""
    if len(found) == 1:
        return control_slip.draw(found[0].facts, found[0].reprint)
    return control_slip.draw_pile([(one.facts, one.reprint) for one in found])


def _never_printed(code: str) -> Refused:
    return Refused(
        "no_such_document",
        f"Chưa in phiếu kiểm soát này của hồ sơ {code}. Hãy dùng nút “In phiếu kiểm soát”.",
    )


def _lives(
    session: Db, actor: Actor, codes: Sequence[str], *, lock: bool = False
) -> list[tuple[Dossier, list[Step], list[Event]]]:
    """The dossiers with their routes and events, three statements however many they are."""
    _check_count(codes)
    dossiers = _dossiers(session, actor, codes, lock=lock)
    ids = [dossier.id for dossier in dossiers]
    steps: dict[str, list[Step]] = {id_: [] for id_ in ids}
    events: dict[str, list[Event]] = {id_: [] for id_ in ids}
    for step in session.scalars(
        select(Step).where(Step.dossier_id.in_(ids)).order_by(Step.position)
    ):
        steps[step.dossier_id].append(step)
    for event in session.scalars(select(Event).where(Event.subject.in_(ids)).order_by(Event.seq)):
        events[event.subject].append(event)
    return [(d, steps[d.id], events[d.id]) for d in dossiers]


def _dossiers(session: Db, actor: Actor, codes: Sequence[str], *, lock: bool) -> list[Dossier]:
    found = _seen(session, actor, codes, lock=lock)
    missing = [code for code in codes if code not in found]
    if missing:
        raise Refused("no_such_dossier", _missing(missing), fields={"ma": _missing(missing)})
    return [found[code] for code in codes]


def _seen(session: Db, actor: Actor, codes: Sequence[str], *, lock: bool) -> dict[str, Dossier]:
    """The dossiers of these codes within sight, by code."""
    query = select(Dossier).where(Dossier.code.in_(codes)).order_by(Dossier.id)
    if lock:
        # In one order of ids, so that two piles with the same dossiers never wait for each other.
        query = query.with_for_update(of=Dossier).execution_options(populate_existing=True)
    return {str(dossier.code): dossier for dossier in session.scalars(visible(query, actor))}


def _missing(codes: Iterable[str]) -> str:
    """Which codes are not found, the first few of them by name."""
    some = [code[:40] for code in codes]
    named = ", ".join(some[:5]) + (f" và {len(some) - 5} mã khác" if len(some) > 5 else "")
    return (
        f"Không tìm thấy hồ sơ {named} trong phạm vi bạn được xem (hoặc chưa được tiếp nhận). "
        "Hãy kiểm tra lại mã hồ sơ."
    )


def _check_count(codes: Sequence[str]) -> None:
    sentence = ""
    if not codes:
        sentence = "Hãy nhập ít nhất một mã hồ sơ để in phiếu kiểm soát."
    elif len(codes) > MOST:
        sentence = (
            f"Mỗi lần in được tối đa {count(MOST)} phiếu, danh sách này có {count(len(codes))} mã. "
            "Hãy chia làm nhiều lần in."
        )
    if sentence:
        raise Refused("bad_request", sentence, fields={"ma": sentence})
