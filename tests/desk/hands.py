"""What the page tests share: acts on the office apart from browsers, and reading of a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any, TypeVar

from flask import Flask

from app.core.states import Role, Status
from app.extensions import db, writing
from app.models import Dossier, Posting, Staff
from tests.make import Office

T = TypeVar("T")


class Work:
    """Does things to the office in contexts of their own, so that no browser inherits a person."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def do(self, act: Callable[[Office], T]) -> T:
        """The outcome of `act` on the office as it stands."""
        with self.app.app_context():
            found = act(Office(self.app))
            db.session.remove()
            return found

    def dossier(self, until: Status = Status.ACCEPTED, code: str = "1.013228") -> Dossier:
        """A dossier received at the district counter and walked to a state."""

        def make(office: Office) -> Dossier:
            if code == "1.013228":
                return office.walk(office.receive(), until)
            return office.walk(office.receive_sample(code, "mot-cua-huyen"), until)

        return self.do(make)

    def now(self, dossier: Dossier) -> Dossier:
        """The dossier as it stands in the database."""
        return self.do(lambda office: office.fresh(dossier.id))

    def act(self, dossier: Dossier, action: str, by: str, **facts: Any) -> None:
        """Somebody acts, elsewhere than in the browser of the test."""
        self.do(lambda office: office.act(dossier, action, by, **facts))

    def second_officer(self, unit: str = "phong-kt-ht") -> str:
        """Posts another case officer, so that work there has to be assigned; the id."""

        def post(_: Office) -> str:
            with writing() as session:
                found = session.query(Staff).filter_by(username="phong-tu-phap.cv").one()
                session.add(Posting(staff_id=found.id, unit_id=unit, role=Role.CASE_OFFICER))
                return found.id

        return self.do(post)


def text(answer: Any) -> str:
    """The page with entities resolved."""
    return unescape(answer.get_data(as_text=True))


def form_of(html: str, action: str, code: str | None = None) -> dict[str, str]:
    """The hidden fields and proposed values of an action's form (of one dossier in a list)."""
    target = rf"/ho-so/{code or '[^/]+'}/viec/{action}"
    found = re.search(rf'<form[^>]*action="{target}"[^>]*>(.*?)</form>', html, re.S)
    assert found, f"no form for {action}"
    values = {}
    for tag in re.findall(r"<input [^>]*>", found[1]):
        attrs = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attrs.get("type") != "checkbox" and "name" in attrs:
            values[attrs["name"]] = attrs.get("value", "")
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', found[1]):
        values[name] = body
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', found[1], re.S):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        values[name] = chosen[1] if chosen else ""
    return values
