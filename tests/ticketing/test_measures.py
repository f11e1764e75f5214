"""Seconds at the counter, from the event log and the calls."""

from __future__ import annotations

from datetime import timedelta

from app.ticketing import actions
from app.ticketing.measures import seconds_per_intake
from tests.make import TODAY, Office
from tests.ticketing.hands import STOP, Seat, later, lay_out, take

DAY = TODAY.date()


def test_from_the_call_to_the_acceptance_of_the_same_person(each_office: Office) -> None:
    one, two = lay_out({}, {})
    mine, other = Seat(each_office, one), Seat(each_office, two, "traketqua")
    for _ in range(3):
        take()
    each_office.receive(at=later(-5))  # before any number
    mine.call(later(0))
    other.call(later(0.5))
    each_office.receive(at=later(2))
    each_office.receive(at=later(3), by="traketqua")
    each_office.receive(at=later(5))  # a further dossier of the same person
    mine.act(actions.finish, later(6))
    each_office.receive(at=later(7))  # between two numbers
    assert seconds_per_intake(reread(), STOP, DAY) == [120, 150, 180]


def test_a_number_sent_on_counts_where_it_was_received(office: Office) -> None:
    one, two = lay_out({}, {})
    first, second = Seat(office, one), Seat(office, two, "traketqua")
    take()
    first.call(later(0))
    office.receive(at=later(4))
    first.send(two, later(5))
    second.call(later(10))
    office.receive(at=later(11), by="traketqua")
    assert seconds_per_intake(reread(), STOP, DAY) == [240, 60]


def test_other_days_and_other_one_stops_stay_out(office: Office) -> None:
    (one,) = lay_out({})
    take()
    Seat(office, one).call(later(0))
    office.receive(at=later(1))
    session = reread()
    assert seconds_per_intake(session, STOP, DAY) == [60]
    assert seconds_per_intake(session, STOP, DAY - timedelta(days=1)) == []
    assert seconds_per_intake(session, "mot-cua-xa@nga-yen", DAY) == []


def reread():  # type: ignore[no-untyped-def]
    """The session of the test, read anew."""
    from app.extensions import db

    db.session.expire_all()
    return db.session
