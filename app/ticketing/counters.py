"""Counters of a one-stop and its own reasons to go first: read, set up, made for the demo."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.core.actor import Actor
from app.core.office import Office as OfficeFile
from app.core.refusals import Refused
from app.core.vietnamese import fold, nfc
from app.journey.log import Happened, record_for_account
from app.journey.office import Db, Office, load_units
from app.models import Counter, QueueRule
from app.ticketing import seats
from app.ticketing.terms import PRIORITIES

MOST_NUMBER, MOST_NAME, MOST_REASONS, MOST_REASON = 99, 80, 8, 60


@dataclass(frozen=True, slots=True)
class Told:
    """A counter as typed: the number is still text."""

    number: str = ""
    name: str = ""
    fields: tuple[str, ...] = ()
    reserved: bool = False
    open: bool = True


def told_of(counter: Counter) -> Told:
    """A counter as it would be typed."""
    return Told(
        str(counter.number), counter.name, counter.field_slugs, counter.reserved, counter.open
    )


def of_units(session: Db, units: Collection[str]) -> Sequence[Counter]:
    """All counters of the one-stops, closed ones too, by number."""
    query = select(Counter).where(Counter.one_stop.in_(units))
    return session.scalars(query.order_by(Counter.one_stop, Counter.number)).all()


def field_names(office: Office, day: date) -> dict[str, str]:
    """Slug → name of every field with a procedure in force, by name."""
    found = {e.procedure.field_slug: e.procedure.field for e in office.offered(day).values()}
    return dict(sorted(found.items(), key=lambda item: fold(item[1])))


def priorities_of(session: Db, one_stop: str) -> dict[str, str]:
    """Reasons to go first at the one-stop: the decree's, then its own; key → words."""
    own = session.scalar(select(QueueRule.priorities).where(QueueRule.one_stop == one_stop))
    return PRIORITIES | {words: words for words in json.loads(own or "[]")}


def save(
    session: Db, one_stop: str, counter_id: int | None, told: Told, fields: Mapping[str, str],
    actor: Actor, now: datetime,
) -> Counter:  # fmt: skip
    """Make a counter, or change one (counter_id). fields: those that may be chosen.

    Refused `bad_request` with the sentence of each wrong field, `no_such_counter`.
    """
    peers = of_units(session, [one_stop])
    counter = next((peer for peer in peers if peer.id == counter_id), None)
    if counter_id is not None and counter is None:
        raise Refused("no_such_counter", "Không còn quầy này ở đơn vị đã chọn.")
    wrong = _wrong(told, {p.number for p in peers if p.id != counter_id}, counter, fields)
    if wrong:
        raise Refused("bad_request", " ".join(wrong.values()), fields=wrong)
    if counter is None:
        counter = Counter(one_stop=one_stop)
        session.add(counter)
    counter.number, counter.name = int(told.number), _clean(told.name)
    counter.fields = ",".join(told.fields)
    counter.reserved, counter.open = told.reserved, told.open
    if not counter.open:
        seats.clear(counter)
    facts = {
        "one_stop": one_stop, "number": counter.number, "name": counter.name,
        "fields": list(told.fields), "reserved": counter.reserved, "open": counter.open,
    }  # fmt: skip
    record_for_account(session, actor.id, actor, now, Happened("counter_saved", facts=facts))
    return counter


def _wrong(
    told: Told, taken: set[int], counter: Counter | None, fields: Mapping[str, str]
) -> dict[str, str]:  # fmt: skip
    wrong: dict[str, str] = {}
    digits = told.number if told.number.isascii() and told.number.isdigit() else ""
    number = int(digits) if 0 < len(digits) <= 4 else 0
    if not 1 <= number <= MOST_NUMBER:
        wrong["number"] = f"Số quầy là số từ 1 đến {MOST_NUMBER}, ví dụ 3."
    elif number in taken:
        wrong["number"] = f"Đã có Quầy {number}. Hãy chọn số khác, hoặc sửa quầy ấy."
    if len(_clean(told.name)) > MOST_NAME:
        wrong["name"] = f"Tên quầy dài quá {MOST_NAME} ký tự, hãy viết gọn."
    known = set(fields) | set(counter.field_slugs if counter else ())
    if not set(told.fields) <= known:
        wrong["fields"] = "Có lĩnh vực không còn thủ tục nào. Hãy chọn lại lĩnh vực."
    elif len(",".join(told.fields)) > 1000:
        wrong["fields"] = "Chọn quá nhiều lĩnh vực. Bỏ chọn hết nếu quầy nhận mọi lĩnh vực."
    return wrong


def save_priorities(session: Db, one_stop: str, text: str, actor: Actor, now: datetime) -> None:
    """Set the one-stop's own reasons to go first, one a line. Refused `bad_request`."""
    words = list(dict.fromkeys(filter(None, (_clean(line) for line in text.splitlines()))))
    sentence = ""
    if len(words) > MOST_REASONS:
        sentence = f"Nhiều nhất {MOST_REASONS} diện; bạn nhập {len(words)}. Hãy bỏ bớt dòng."
    for line in words:
        if len(line) > MOST_REASON:
            sentence = f"Dòng “{line[:20]}…” dài quá {MOST_REASON} ký tự, hãy viết gọn."
        elif line in PRIORITIES or line in PRIORITIES.values():
            sentence = f"“{line}” đã có sẵn theo nghị định, hãy bỏ dòng này."
    if sentence:
        raise Refused("bad_request", sentence, fields={"priorities": sentence})
    row = session.get(QueueRule, one_stop)
    if row is None:
        row = QueueRule(one_stop=one_stop)
        session.add(row)
    row.priorities = json.dumps(words, ensure_ascii=False)
    facts = {"one_stop": one_stop, "priorities": words}
    record_for_account(session, actor.id, actor, now, Happened("priorities_saved", facts=facts))


def _clean(text: str) -> str:
    return "".join(c for c in " ".join(nfc(text).split()) if c.isprintable())


def fill_counters(session: Db, office: OfficeFile) -> int:
    """Counters of the demo's one-stops: three at the main one, two at each other.

    A one-stop that has a counter is left alone, so it is safe to run again; returns how many are
    new.
    """
    settled = set(session.scalars(select(Counter.one_stop).distinct()))
    made = 0
    for unit in load_units(session).values():
        if unit.kind != "one_stop" or unit.id in settled:
            continue
        rows = [
            Counter(one_stop=unit.id, number=1, name="Tổng hợp"),
            Counter(one_stop=unit.id, number=2, reserved=True),
        ]
        if unit.id == office.main_one_stop:
            fields = "dat-dai,xay-dung"
            rows.append(
                Counter(one_stop=unit.id, number=3, name="Đất đai, xây dựng", fields=fields)
            )
        session.add_all(rows)
        made += len(rows)
    session.flush()
    return made
