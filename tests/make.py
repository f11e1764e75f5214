"""Dossiers for tests, made through the real rules, so that no impossible one can exist."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from app.clock import VIETNAM
from app.core.actor import Actor
from app.core.completeness import FeeGiven
from app.core.states import Status
from app.demo.cast import Cast
from app.demo.dossiers import sample_request
from app.extensions import db, writing
from app.intake import actions as intake
from app.intake.request import PaperGiven, Request
from app.journey import door
from app.journey import office as offices
from app.models import Dossier, Event, Staff, Step

TODAY = datetime(2026, 11, 25, 9, 0, tzinfo=VIETNAM)  # a Wednesday; the 24th was a day off
PERSON = {
    "kind": "person",
    "name": "Nguyễn Thị Mẫu",
    "personal_id": "038190000123",
    "birth_date": "1990-02-05",
    "sex": "Nữ",
    "address": "Thôn 1, xã Nga Yên",
    "phone": "0912345678",
    "email": None,
}


def make_request(**changes: Any) -> Request:
    """The intake of the contract's example: a torn building permit at the district counter."""
    given: dict[str, Any] = {
        "procedure": "1.013228", "case": "rach-nat", "one_stop": "mot-cua-huyen",
        "applicant": PERSON, "papers": (PaperGiven(1), PaperGiven(2, held=1)),
    }  # fmt: skip
    if changes.get("procedure", given["procedure"]) == given["procedure"]:
        given["fees"] = (FeeGiven(1, 1, 0),)  # set by a resolution
    return Request(**(given | changes))


class Office:
    """A test's hands on the office: people by log-in, dossiers received and walked."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.now = TODAY
        self.rules: offices.Office = app.extensions["motcua.office"].get(db.session)
        self.cast = Cast(db.session, self.rules, TODAY)

    def person(self, username: str) -> Actor:
        """A demo person by log-in."""
        found = next((a for a in self.cast.actors.values() if a.username == username), None)
        if found is not None:
            return found
        staff = db.session.scalars(select(Staff).where(Staff.username == username)).one()
        return Actor(staff.id, staff.username, staff.name)

    def receive(self, request: Request | None = None, *, by: str = "tiepnhan",
                at: datetime | None = None, key: str | None = None) -> Dossier:  # fmt: skip
        """Receive a dossier and commit; returns it as stored."""
        with writing() as session:
            prepared = intake.prepare(
                self.rules, self.person(by), at or self.now, request or make_request()
            )
            made = intake.receive(session, self.rules, self.person(by), prepared, key)
        return self.fresh(made.id)

    def receive_sample(
        self, code: str, counter: str, at: datetime | None = None, **changes: Any
    ) -> Dossier:
        """Receive a complete dossier of any procedure at a counter."""
        edition = self.rules.edition_for(code, self.now.date())
        request = sample_request(
            self.rules, edition.procedure, counter, random.Random(code), self.now
        )
        request = replace(request, **changes)
        officer = self.cast.holder(offices_role(), counter)
        with writing() as session:
            prepared = intake.prepare(self.rules, officer, at or self.now, request)
            made = intake.receive(session, self.rules, officer, prepared)
        return self.fresh(made.id)

    def fresh(self, dossier_id: str) -> Dossier:
        """The dossier as it stands in the database."""
        db.session.expire_all()
        return db.session.scalars(select(Dossier).where(Dossier.id == dossier_id)).one()

    def act(self, dossier: Dossier, action: str, by: str, *, step: int | None = None,
            at: datetime | None = None, version: int | None = None,
            **facts: Any) -> Event:  # fmt: skip
        """Carry an action out through the door and commit."""
        with writing() as session:
            held = self._held(session, dossier.id)
            return door.advance(
                session, self.rules, held, action, self.person(by), at or self.now, facts=facts,
                step=step, expected_version=version,
            )  # fmt: skip

    def _held(self, session: Any, dossier_id: str) -> Dossier:
        query = select(Dossier).where(Dossier.id == dossier_id).with_for_update()
        found: Dossier = session.scalars(query.execution_options(populate_existing=True)).one()
        return found

    def walk(self, dossier: Dossier, until: Status | None = None, limit: int = 60) -> Dossier:
        """Do the next lawful act again and again, to a status or to the end."""
        for _ in range(limit):
            with writing() as session:
                held = self._held(session, dossier.id)
                if held.status == until:
                    break
                act = self.cast.next_act(session, held, door.route_of(session, held), self.now)
                if act is None:
                    break
                self.cast.walk(session, held, act, self.now)
            self.now += timedelta(minutes=7)
        return self.fresh(dossier.id)

    def steps(self, dossier: Dossier) -> list[Step]:
        """The route as it stands."""
        db.session.expire_all()
        return list(door.route_of(db.session, dossier))


def offices_role() -> Any:
    """The role of who receives."""
    from app.core.states import Role

    return Role.INTAKE_OFFICER


class Statements:
    """The statements sent to the database inside a `with` block (not BEGIN, COMMIT).

    given: each with its parameters.
    """

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.engine = db.engine
        self.seen: list[str] = []
        self.given: list[tuple[str, Any]] = []

    def __enter__(self) -> Statements:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT")):
            self.seen.append(statement)
            self.given.append((statement, parameters))

    def __len__(self) -> int:
        return len(self.seen)
