"""What the fast search finds, held against a plain look at every dossier in sight."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text, update

from app.config import ROOT
from app.core.codes import parse_dossier_code
from app.core.states import Status
from app.core.vietnamese import fold
from app.extensions import db, writing
from app.finding.why import why
from app.intake import actions as intake
from app.journey import find, searching
from app.journey.audit import verify
from app.journey.fragments import code_part, sought
from app.journey.visibility import visible
from app.models import Dossier, DossierSearch
from tests.make import PERSON, TODAY, Office, make_request

NAMES = ("Nguyễn Thị Mẫu", "Lê An", "Đỗ Hữu Ước", "Trần Văn Tâm", "Công ty 36", "Vũ Thị Hoa Mai")
PEOPLE = ("tiepnhan", "tiepnhan.xa", "chuyenvien", "truongphong", "chanhvp", "phong-tu-phap.cv")
OTHER = {"name": "Phạm Thị Thay", "personal_id": "038170000777", "phone": "0977000111"}


def _person(dice: random.Random) -> dict[str, Any]:
    return PERSON | {
        "name": dice.choice(NAMES), "personal_id": f"038190{dice.randrange(10**6):06d}",
        "phone": f"09{dice.randrange(10**8):08d}",
        "old_id": f"{dice.randrange(10**9):09d}" if dice.randrange(3) else "",
    }  # fmt: skip


def _fill(office: Office, dice: random.Random, count: int) -> None:
    """Dossiers of two counters, some with a submitter, some with a result, and a few drafts."""
    for number in range(count):
        submitter = _person(dice) | {"email": None} if number % 3 == 0 else None
        one_stop, by = ("mot-cua-huyen", "tiepnhan")
        made = office.receive(
            make_request(applicant=_person(dice), submitter=submitter, one_stop=one_stop), by=by
        )
        if number % 4 == 0:
            with writing() as session:
                changed = f"{dice.randrange(1, 99)}/QĐ-UBND"
                session.execute(
                    update(Dossier).where(Dossier.id == made.id).values(result_number=changed)
                )
        if number % 7 == 0:
            office.receive_sample("1.000894", "mot-cua-xa@nga-yen")
            with writing() as session:
                hands = (office.rules, office.person("tiepnhan"), TODAY)
                form = {"procedure": "1.013228", "name": dice.choice(NAMES)}
                intake.save_draft(session, *hands, "mot-cua-huyen", form)


def _words(dossier: Dossier) -> list[str]:
    """Every word and number of a dossier that is looked for."""
    other = json.loads(dossier.submitter) if dossier.submitter else {}
    numbers = (
        dossier.code, (dossier.temporary_id or "").removeprefix("TAM-"), dossier.personal_id,
        dossier.applicant_old_id, dossier.phone, dossier.result_number, other.get("personal_id"),
        other.get("phone"),
    )  # fmt: skip
    names = fold(dossier.applicant_name).split() + fold(other.get("name") or "").split()
    return names + [fold(number) for number in numbers if number]


def _found(dossier: Dossier, word: str) -> bool:
    """By the rule in words: short ones begin a word, long ones stand anywhere, cards are whole."""
    words = _words(dossier)
    if len(word) < 3:
        return any(one.startswith(word) for one in words)
    if len(word) == 12 and word.isdigit():
        return word in words
    if parse_dossier_code(word):
        return (dossier.code or "").lower() == word
    forms = [word.removeprefix("tam-")] + [part for part in (code_part(word),) if part]
    return any(form in one for one in words for form in forms)


def _typed(dossiers: list[Dossier], dice: random.Random) -> Iterator[str]:
    """Fragments of what is there, whole numbers, pairs of them, and what nobody has."""
    for _ in range(60):
        words = _words(dice.choice(dossiers))
        parts = []
        for _ in range(dice.choice((1, 1, 2, 3))):
            word = dice.choice(words)
            at = dice.randrange(len(word))
            parts.append(word[at : at + dice.choice((1, 2, 3, 4, 6, 20))])
        yield " ".join(parts)
        yield dice.choice(words)
    yield from ("zzz", "tam", "thi thi", "nguyen zz", "%%%", "_a_", "3 6", '"an"', "an'")


def _all_pages(office: Office, who: str, typed: str) -> list[str]:
    ids: list[str] = []
    while True:
        after = ids[-1] if ids else None
        actor = office.person(who)
        rows = find.anywhere(db.session, actor, sought(typed), after=after, limit=4)
        ids += [dossier.id for dossier in rows[:4]]
        if len(rows) <= 4:
            return ids


@pytest.mark.parametrize("walked", [None, 5], ids=["as it is", "short walks"])
def test_it_finds_what_a_plain_look_finds(
    each_office: Office, monkeypatch: pytest.MonkeyPatch, walked: int | None
) -> None:
    if walked:
        for name in ("WALKED", "WALKED_BY_UNIT", "FREQUENT", "COLLECTED"):
            monkeypatch.setattr(searching, name, walked)
    dice = random.Random(7)
    _fill(each_office, dice, 24)
    texts = list(_typed(list(db.session.scalars(select(Dossier))), dice))
    hits = 0
    for who in PEOPLE:
        query = visible(select(Dossier), each_office.person(who)).order_by(Dossier.id.desc())
        seen = list(db.session.scalars(query))
        for typed in texts:
            wanted = sought(typed)
            if not wanted.enough:
                continue
            right = [d.id for d in seen if all(_found(d, word) for word in wanted.words)]
            assert _all_pages(each_office, who, typed) == right, (who, typed)
            register = find.Wanted(text=typed, limit=200)
            listed = {d.id for d in find.search(db.session, each_office.person(who), register)}
            accepted = {d.id for d in seen if d.accepted_at}
            assert listed == accepted & set(right), (who, typed)
            hits += len(right)
    assert hits > 500, "the texts find something"


def test_who_handed_it_in_is_found_and_named(each_office: Office) -> None:
    made = each_office.receive(make_request(submitter=OTHER))
    each_office.receive()
    actor = each_office.person("tiepnhan")
    for typed, label, marked in (
        ("phạm thay", "người nộp", "Phạm"), ("038170000777", "số căn cước người nộp",
        "038170000777"), ("0777", "số căn cước người nộp", "0777"),
        ("000111", "điện thoại người nộp", "000111"),
    ):  # fmt: skip
        rows = find.anywhere(db.session, actor, sought(typed))
        assert [d.id for d in rows] == [made.id], typed
        place = next(p for p in why(rows[0], sought(typed)) if p.label == label)
        assert marked in [piece for piece, is_hit in place.pieces if is_hit]
    [place] = [p for p in why(rows[0], sought("0777")) if "căn cước" in p.label]
    assert "".join(piece for piece, _ in place.pieces) == "038*****0777", "the rest stays hidden"


def test_the_old_number_finds_and_says_so(each_office: Office) -> None:
    """Whole, in part, by the new card; also who was received under it; the rest stays hidden."""
    before = each_office.receive(make_request(applicant=PERSON | {"personal_id": "038190000555"}))
    with writing() as session:  # as rows of earlier systems have it
        session.execute(update(Dossier).values(personal_id="171234567"))
    made = each_office.receive(make_request(applicant=PERSON | {"old_id": "171234567"}))
    other = each_office.receive(make_request(applicant=PERSON | {"personal_id": "038190000999"}))
    actor = each_office.person("tiepnhan")
    card = "038190000123|171234567|Nguyễn Thị Mẫu|05021990|Nữ|Thôn 1, Nga Yên|15042021"
    for typed, label, shown in (
        ("171234567", "số CMND cũ", "171234567"), ("71234", "số CMND cũ", "*71234567"),
        ("17", "số CMND cũ", "17***4567"), (card, "số CMND cũ", "171234567"),
    ):  # fmt: skip
        rows = find.anywhere(db.session, actor, sought(typed))
        assert [d.id for d in rows] == [made.id, before.id], typed
        listed = find.search(db.session, actor, find.Wanted(text=typed))
        assert {d.id for d in listed} == {made.id, before.id}, typed
        [place] = [p for p in why(rows[0], sought(typed)) if p.label == label]
        assert "".join(piece for piece, _ in place.pieces) == shown, typed
        assert why(rows[1], sought(typed))[0].label == "số căn cước"
    assert [d.id for d in find.anywhere(db.session, actor, sought("038190000999"))] == [other.id]


def test_old_numbers_go_and_come_with_the_step(each_office: Office) -> None:
    made = each_office.receive(make_request(applicant=PERSON | {"old_id": "171234567"})).id
    plain = each_office.receive().id
    words = select(DossierSearch.words).where(DossierSearch.dossier_id == plain)
    as_written = db.session.scalar(words)
    db.session.remove()
    folder = str(ROOT / "migrations")
    downgrade(directory=folder, revision="0014")
    with db.engine.connect() as connection:
        told = connection.execute(text("SELECT words FROM dossier_search ORDER BY number")).all()
    assert not any("171234567" in row[0] for row in told)
    upgrade(directory=folder)
    actor = each_office.person("tiepnhan")
    assert find.anywhere(db.session, actor, sought("171234567")) == []
    assert db.session.scalar(words) == as_written
    with writing() as session:
        session.execute(update(Dossier).where(Dossier.id == made)
                        .values(applicant_old_id="172222222"))  # fmt: skip
    assert [d.id for d in find.anywhere(db.session, actor, sought("72222"))] == [made]
    assert verify(db.session).fault is None


@pytest.mark.parametrize("typed", ["038190000123", "038190000123|171234567|A|1|Nữ|B|2"])
def test_a_card_is_looked_up_by_its_indexes(office: Office, typed: str) -> None:
    [query] = searching.statements(
        db.session, office.person("tiepnhan"), sought(typed), lambda q: q, None, 26
    )
    compiled = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = [row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    indexes = ("ix_dossier_personal_id", "ix_dossier_submitter_card", "ix_dossier_applicant_old_id")
    assert all(any(index in line for line in plan) for index in indexes), plan
    assert not any(line.startswith("SCAN dossier") for line in plan), plan


def test_what_is_found_is_right_after_every_act(each_office: Office) -> None:
    made = each_office.receive()
    actor = each_office.person("tiepnhan")

    def ids(typed: str) -> list[str]:
        return [d.id for d in find.anywhere(db.session, actor, sought(typed))]

    with writing() as session:
        held = session.scalars(select(Dossier)).one()
        held.name_folded, held.phone = fold("Hoàng Văn Khác"), "0933222111"
    assert ids("hoang khac") == ids("3222111") == [made.id]
    assert ids("mau") == ids("345678") == []
    walked = each_office.walk(made, Status.AT_ONE_STOP)
    assert ids(walked.result_number or "")[:1] == [made.id]
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.execute(update(Dossier).values(phone="0999888777"))
        raise ZeroDivisionError
    assert ids("0999888777") == [] and ids("3222111") == [made.id]


def test_dossiers_from_before_are_found_after_the_step(each_office: Office) -> None:
    made = each_office.receive(make_request(submitter=OTHER))
    db.session.remove()
    folder = str(ROOT / "migrations")
    downgrade(directory=folder, revision="0009")
    upgrade(directory=folder)
    actor = each_office.person("tiepnhan")
    for typed in ("mau", "pham thay", "038170000777", "000111", made.code or ""):
        rows = find.anywhere(db.session, actor, sought(typed))
        assert [d.id for d in rows] == [made.id], typed
    assert rows[0].submitter_folded == "pham thi thay"
    with writing() as session:
        session.execute(update(Dossier).values(name_folded="ten moi"))
    assert [d.id for d in find.anywhere(db.session, actor, sought("moi"))] == [made.id]


def test_each_dossier_has_one_text_and_the_index_is_sound(each_office: Office) -> None:
    _fill(each_office, random.Random(1), 9)
    texts = {s.dossier_id: s.words for s in db.session.scalars(select(DossierSearch))}
    everyone = db.session.scalars(select(Dossier)).all()
    assert len(texts) == len(everyone)
    for dossier in everyone:
        assert sorted(texts[dossier.id].split()) == sorted(_words(dossier)), dossier.id
    if db.engine.dialect.name == "sqlite":
        with writing() as session:
            session.execute(
                text("INSERT INTO dossier_trigram (dossier_trigram) VALUES ('integrity-check')")
            )
