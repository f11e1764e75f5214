"""Hands of the file tests: file, reuse and take away as a person, through the verbs themselves."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.extensions import db, writing
from app.filing import actions, opening, reading
from app.filing.store import Store, store_of
from app.journey import find
from app.models import Dossier, Paper, PaperFile
from tests.filing import pieces
from tests.make import Office, make_request

_SCANS = itertools.count(1)  # no two sheets are alike


class Files:
    """The files of an office in a test."""

    def __init__(self, office: Office) -> None:
        self.office = office
        store = store_of(office.app.extensions["motcua.settings"])
        assert isinstance(store, Store)
        self.store = store

    def add(self, dossier: Dossier, number: int = 1, data: bytes = b"", by: str = "tiepnhan",
            name: str = "quét.pdf", at: Any = None) -> PaperFile:  # fmt: skip
        """File a scan under a component."""
        file = opening.together([(name, data or pieces.pdf(mark=str(next(_SCANS))))])
        stored = self.store.put(file.data)
        person = self.office.person(by)
        with writing() as session:
            held = find.dossier_of(session, person, str(dossier.code), lock=True)
            return actions.add(
                session, self.office.rules, held, number, file, stored, person,
                at or self.office.now,
            )  # fmt: skip

    def offers(
        self, dossier: Dossier, number: int = 1, by: str = "tiepnhan"
    ) -> list[reading.Offer]:
        """What may be reused for a component."""
        wanted = {number: actions.paper_name(db.session, dossier, number)}
        person = self.office.person(by)
        found = reading.offers(db.session, self.office.rules, person, dossier, wanted)
        return found.get(number, [])

    def reuse(self, dossier: Dossier, source: int, number: int = 1,
              by: str = "tiepnhan") -> PaperFile:  # fmt: skip
        """Take over what is offered."""
        person = self.office.person(by)
        with writing() as session:
            held = find.dossier_of(session, person, str(dossier.code), lock=True)
            wanted = {number: actions.paper_name(session, held, number)}
            offered = reading.offers(session, self.office.rules, person, held, wanted)
            return actions.reuse(
                session, self.office.rules, held, number, offered.get(number, []), source, person,
                self.office.now,
            )  # fmt: skip

    def remove(self, dossier: Dossier, file_id: int, reason: str = "Nhầm tệp",
               by: str = "tiepnhan") -> PaperFile:  # fmt: skip
        """Take a file away."""
        person = self.office.person(by)
        with writing() as session:
            held = find.dossier_of(session, person, str(dossier.code), lock=True)
            return actions.remove(
                session, self.office.rules, held, file_id, reason, person, self.office.now
            )

    def digitised(self, dossier: Dossier, number: int = 1) -> int:
        """The portal's state of a component."""
        db.session.expire_all()
        paper = db.session.get(Paper, (dossier.id, number))
        assert paper is not None
        return paper.digitised

    def shown(self, dossier: Dossier) -> list[reading.Filed]:
        """The files as shown."""
        db.session.expire_all()
        return reading.files_of(db.session, dossier.id)

    def objects(self) -> set[Path]:
        """Everything that lies in the store, half-written files too."""
        folder = self.store.folder
        return {p for p in folder.rglob("*") if p.is_file()} if folder.is_dir() else set()

    def links(self) -> list[PaperFile]:
        """Every row, the removed ones too."""
        return list(db.session.scalars(select(PaperFile).order_by(PaperFile.id)))


def other_person(number: str = "038190000999") -> Any:
    """The same intake for somebody else."""
    from tests.make import PERSON

    return make_request(applicant=PERSON | {"personal_id": number, "name": "Trần Văn Khác"})
