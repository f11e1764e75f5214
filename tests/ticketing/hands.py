"""A test's hands on the queue of the district's one-stop."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.core.refusals import Refused
from app.extensions import db, writing
from app.models import Counter, Ticket
from app.ticketing import actions, counters, seats
from app.ticketing.terms import PRIORITIES
from tests.make import TODAY, Office

STOP = "mot-cua-huyen"
KIOSK, BOARD = f"/lay-so/{STOP}", f"/bang-so/{STOP}"
PASSWORD = "motcua-demo"


def lay_out(*rows: dict[str, Any], one_stop: str = STOP) -> list[int]:
    """Replace the counters of a one-stop (none may have called yet); their ids, numbered from 1."""
    with writing() as session:
        session.execute(delete(Counter).where(Counter.one_stop == one_stop))
        made = [
            Counter(**({"one_stop": one_stop, "number": n} | row)) for n, row in enumerate(rows, 1)
        ]
        session.add_all(made)
        session.flush()
        return [counter.id for counter in made]


def seated(office: Office, counter_id: int, by: str, at: datetime = TODAY) -> None:
    """Somebody is at the counter at this moment."""
    with writing() as session:
        counter = session.scalars(select(Counter).where(Counter.id == counter_id)).one()
        seats.sit(counter, office.person(by).id, at)


def take(field: str = "", priority: str = "", at: datetime = TODAY) -> str:
    """Take a number; its code."""
    with writing() as session:
        peers = counters.of_units(session, [STOP])
        made = actions.take(
            session, STOP, peers, at, field=field, priority=priority, reasons=list(PRIORITIES)
        )
        return made.code


class Seat:
    """A member of staff at a counter; each verb is one transaction, as the page does it."""

    def __init__(self, office: Office, counter_id: int, by: str = "tiepnhan") -> None:
        self.id = counter_id
        self.actor = office.person(by)

    def shown(self) -> int | None:
        """What the page shows: the id of the number at the counter."""
        db.session.expire_all()
        current = actions.at_counter(db.session, self.id)
        return current.id if current else None

    def call(self, at: datetime = TODAY, **page: Any) -> str | None:
        """Call the next number; its code, None when nobody waits."""
        shown = page["shown"] if "shown" in page else self.shown()
        with writing() as session:
            counter = actions.hold(session, self.actor, self.id, at)
            peers = counters.of_units(session, [counter.one_stop])
            called = actions.call_next(session, counter, peers, self.actor, at, shown)
            return called.code if called else None

    def act(self, verb: Any, at: datetime = TODAY, **page: Any) -> Ticket:
        """Call again, skip, finish, let wait: whatever needs only the number shown."""
        shown = page["shown"] if "shown" in page else self.shown()
        with writing() as session:
            return verb(session, actions.hold(session, self.actor, self.id, at), at, shown)

    def send(self, to: int | None, at: datetime = TODAY) -> Ticket:
        """Send the number on to another counter."""
        shown = self.shown()
        with writing() as session:
            counter = actions.hold(session, self.actor, self.id, at)
            peers = counters.of_units(session, [counter.one_stop])
            return actions.transfer(session, counter, peers, at, shown, to)


def fresh(code: str) -> Ticket:
    """A ticket of today as stored."""
    db.session.expire_all()
    return db.session.scalars(
        select(Ticket).where(Ticket.series == code[0], Ticket.number == int(code[1:]))
    ).one()


def refusal(work: Any, *args: Any, **more: Any) -> str:
    """The code with which the work is refused."""
    try:
        work(*args, **more)
    except Refused as no:
        assert no.sentence.endswith((".", "?"))
        return no.code
    return "done"


def later(minutes: float) -> datetime:
    """So many minutes after the test's morning begins."""
    return TODAY + timedelta(minutes=minutes)


def sit(browser: FlaskClient, counter_id: int) -> FlaskClient:
    """Choose the counter in a signed-in browser; nobody else may sit there."""
    assert browser.post("/quay/chon", data={"counter": counter_id}).status_code == 303
    return browser
