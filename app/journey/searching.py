"""The statements of a search: newest first, in sight, each fast with a million dossiers.

A whole code or card is looked up. SQLite's index of trigrams gives its hits newest first, so one
walk down it ends as soon as a page is full. PostgreSQL's gives all of them at once, so that a
surname would cost a third of the table: there a sample says whether a text is frequent. Then the
newest dossiers are walked, of all units, of the person's own; what is rare is asked of the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    column,
    false,
    func,
    or_,
    select,
    table,
    true,
    union,
)
from sqlalchemy.orm import aliased

from app.core.actor import Actor
from app.core.codes import TEMPORARY, parse_dossier_code
from app.journey.fragments import SHORT, Sought, is_card, spellings
from app.journey.office import Db
from app.journey.visibility import in_sight, visible
from app.models import EMPTY, Dossier, DossierSearch, Step, Unit

WALKED = 40_000  # of all dossiers, newest first: 10 ms
WALKED_BY_UNIT = 4_000  # of a few units', found by way of their indexes: 10 ms
FEW_UNITS = 12
STRIPES, STRIPE = 40, 50  # of rows, the sample
FREQUENT = 4  # hits in the sample: one row in 500
COLLECTED = 2_000
SPARSE = 8  # letters from which every third trigram tells enough
_trigram = table("dossier_trigram", column("rowid"), column("dossier_trigram", String))
Narrow = Callable[[Any], Any]


def statements(
    session: Db, actor: Actor, wanted: Sought, narrow: Narrow, after: str | None, most: int
) -> Iterator[Any]:
    """Selects of the newest dossiers in sight, to be run in turn until one gives `most` rows.

    The last one is right whatever it gives. narrow: further conditions on `Dossier`. after: the id
    of the last dossier seen.
    """
    exact = _exact(wanted)
    if exact is not None:
        query = visible(select(Dossier).where(exact), actor)
        query = query.join(DossierSearch, DossierSearch.dossier_id == Dossier.id)
        query = query.where(*(_stands(session, w) for w in wanted.words if not _is_whole(w)))
        if after is not None:
            query = query.where(Dossier.id < after)
        yield narrow(query).order_by(Dossier.id.desc()).limit(most)
    elif session.get_bind().dialect.name == "sqlite":
        yield _down_the_index(session, actor, wanted, narrow, after).limit(most)
    else:
        if _is_frequent_there(session, wanted):
            yield _one_by_one(actor, _walk(session, wanted, after), narrow).limit(most)
            if units := _few_units(session, actor):
                walk = _walk_units(session, wanted, units, after)
                yield _one_by_one(actor, walk, narrow).limit(most)
        yield _asked_index(session, actor, wanted, narrow, after).limit(most)


def found_by(session: Db, wanted: Sought) -> ColumnElement[bool]:
    """Whether a dossier is found by these fragments, for a list in an order of its own.

    What is rare is asked of the index; what is frequent is looked at row by row down the list.
    """
    exact = _exact(wanted)
    rest = [_stands(session, word) for word in wanted.words if exact is None or not _is_whole(word)]
    if exact is None and not rest:
        return false()
    lite = session.get_bind().dialect.name == "sqlite"
    many = exact is not None or (
        _is_frequent_here(session, wanted) if lite else _is_frequent_there(session, wanted)
    )
    if many:
        own = select(DossierSearch.number).where(DossierSearch.dossier_id == Dossier.id, *rest)
        found = own.correlate(Dossier).exists() if rest else true()
        return found if exact is None else and_(exact, found)
    hits = _hits(session, wanted) if lite else select(DossierSearch.dossier_id).where(*rest)
    return Dossier.id.in_(hits)


# --- Whole numbers -------------------------------------------------------------------------------


def _is_whole(word: str) -> bool:
    return is_card(word) or parse_dossier_code(word) is not None or _temporary(word)


def _temporary(word: str) -> bool:
    return TEMPORARY.match(word.upper()) is not None


def _exact(wanted: Sought) -> ColumnElement[bool] | None:
    """The condition by which a number that is whole is looked up; None where there is none."""
    if wanted.lookup:
        return Dossier.lookup_code == wanted.lookup
    found: list[ColumnElement[bool]] = []
    for word in filter(_is_whole, wanted.words):
        if is_card(word):
            found.append(_of_holder(word, wanted.old))
        elif code := parse_dossier_code(word):
            found.append(Dossier.code == str(code))
        else:
            found.append(Dossier.temporary_id == word.upper())
    return and_(*found) if found else None


def has_old_number(number: str) -> ColumnElement[bool]:
    """Whether the applicant's old card had this number (its index knows those that had one)."""
    column = Dossier.applicant_old_id
    return and_(column == number, column != EMPTY)


def _of_holder(number: str, old: str) -> ColumnElement[bool]:
    """Whether a whole identity number is the applicant's, of today or before, or who hands in's."""
    found = [
        Dossier.personal_id == number, Dossier.submitter_card == number, has_old_number(number)
    ]  # fmt: skip
    if old:
        found += [Dossier.personal_id == old, has_old_number(old)]
    return or_(*found)


def _stands(session: Db, word: str, words: Any = DossierSearch.words) -> ColumnElement[bool]:
    """Whether the word is found in the searched text; letter by letter, as `fragments.stands`."""
    if session.get_bind().dialect.name == "sqlite":
        return or_(*(func.instr(words, text) > 0 for text in spellings(word)))
    return or_(*(words.contains(text, autoescape=True) for text in spellings(word)))


# --- SQLite --------------------------------------------------------------------------------------


def _down_the_index(
    session: Db, actor: Actor, wanted: Sought, narrow: Narrow, after: str | None
) -> Any:
    """Down the trigrams, newest first: each hit is made sure of, and must be in sight."""
    hit = _hits(session, wanted).add_columns(_trigram.c.rowid.label("number"))
    if after is not None:
        hit = hit.where(_trigram.c.rowid < _number_of(after))
    found = hit.order_by(_trigram.c.rowid.desc()).subquery("hit")
    query = visible(select(Dossier).join(found, found.c.dossier_id == Dossier.id), actor)
    return narrow(query).order_by(found.c.number.desc())


def _hits(session: Db, wanted: Sought) -> Any:
    return (
        select(DossierSearch.dossier_id)
        .select_from(_trigram)
        .join(DossierSearch, DossierSearch.number == _trigram.c.rowid)
        .where(_trigram.c.dossier_trigram.op("MATCH")(_query(wanted)))
        .where(*(_stands(session, word) for word in wanted.words))
    )


def _is_frequent_here(session: Db, wanted: Sought) -> bool:
    """Whether the index has more hits than are worth collecting."""
    some = _hits(session, wanted).limit(COLLECTED).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) == COLLECTED


def _number_of(id_: str) -> Any:
    return select(DossierSearch.number).where(DossierSearch.dossier_id == id_).scalar_subquery()


def _query(wanted: Sought) -> str:
    """The trigrams of the words in FTS5's own language."""
    groups, several = [], len(wanted.words) > 1
    for word in wanted.words:
        forms = [" AND ".join(map(_quoted, _trigrams(t, several))) for t in spellings(word)]
        groups.append(" OR ".join(f"({form})" for form in forms))
    return " AND ".join(f"({group})" for group in groups)


def _trigrams(text: str, several: bool) -> list[str]:
    """Some trigrams of the text, of several words one each; a hit is made sure of anyway."""
    last = len(text) - SHORT
    if several and text.isalpha():
        return [text[:SHORT]]
    sparse = len(text) > SPARSE or text.isalpha()
    starts = {*range(0, last + 1, SHORT if sparse else 1), last}
    return [text[at : at + SHORT] for at in sorted(starts)]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# --- PostgreSQL ----------------------------------------------------------------------------------


def _is_frequent_there(session: Db, wanted: Sought) -> bool:
    """Whether so many rows match that the newest fill a page; told from stripes of the table."""
    every = DossierSearch.number
    last = select(func.max(every)).scalar_subquery()
    step = func.greatest(last // STRIPES, STRIPE)
    starts = func.generate_series(1, last, step).table_valued("start", name="start")
    begin = starts.c.start
    words = DossierSearch.words + ""  # not to be asked of the index, stripe by stripe
    stripe = select(func.count().label("hits")).where(
        every >= begin, every < begin + STRIPE, *(_stands(session, w, words) for w in wanted.words)
    )
    hits = stripe.correlate(starts).lateral("stripe")
    total = select(func.sum(hits.c.hits)).select_from(starts).join(hits, true())
    return (session.scalar(total) or 0) >= FREQUENT


def _walk(session: Db, wanted: Sought, after: str | None) -> Any:
    """Down the newest of all dossiers, their texts beside them."""
    newest = select(DossierSearch.dossier_id, DossierSearch.words)
    if after is not None:
        newest = newest.where(DossierSearch.dossier_id < after)
    passed = newest.order_by(DossierSearch.dossier_id.desc()).limit(WALKED).subquery("newest")
    found = (_stands(session, word, passed.c.words) for word in wanted.words)
    return select(passed.c.dossier_id).where(*found).order_by(passed.c.dossier_id.desc())


def _walk_units(session: Db, wanted: Sought, units: Sequence[str], after: str | None) -> Any:
    """Down the newest of some units."""
    passed = _newest_of(units, after).subquery("newest")
    # A look into the index for each: the planner would rather read the whole table.
    searched = (
        select(DossierSearch.dossier_id)
        .where(DossierSearch.dossier_id == passed.c.id)
        .where(*(_stands(session, word) for word in wanted.words))
        .limit(1)
        .lateral("searched")
    )
    hit = select(searched.c.dossier_id).select_from(passed.join(searched, true()))
    return hit.order_by(passed.c.id.desc())


def _few_units(session: Db, actor: Actor) -> Sequence[str]:
    """The units within sight; none if there are many."""
    if not actor.covered_paths:
        units: Sequence[str] = sorted(actor.seen_units)
    else:
        query = select(Unit.id).where(in_sight(Unit.id, actor))
        units = session.scalars(query.limit(FEW_UNITS + 1)).all()
    return units if len(units) <= FEW_UNITS else ()


def _newest_of(units: Sequence[str], after: str | None) -> Any:
    """Ids of the newest that a unit received, or works on; `visible` judges them in the end."""
    parts = []
    for unit in units:
        for id_, at in ((_ID, _ONE_STOP), (Step.dossier_id, Step.unit_id)):
            part = select(id_.label("id")).where(at == unit)
            if after is not None:
                part = part.where(id_ < after)
            parts.append(select(part.order_by(id_.desc()).limit(WALKED_BY_UNIT).subquery()))
    found = union(*parts).subquery()
    return select(found.c.id).order_by(found.c.id.desc()).limit(WALKED_BY_UNIT)


_ID, _ONE_STOP = Dossier.id, Dossier.one_stop


def _asked_index(
    session: Db, actor: Actor, wanted: Sought, narrow: Narrow, after: str | None
) -> Any:
    """All hits of the index of trigrams, then the newest of them in sight."""
    hit = select(DossierSearch.dossier_id).where(*(_stands(session, w) for w in wanted.words))
    if after is not None:
        hit = hit.where(DossierSearch.dossier_id < after)
    found = hit.cte("hit").prefix_with("MATERIALIZED")
    ordered = select(found.c.dossier_id).order_by(found.c.dossier_id.desc())
    return _one_by_one(actor, ordered, narrow)


def _one_by_one(actor: Actor, ordered: Any, narrow: Narrow) -> Any:
    """The dossiers of ids in order, each looked at by itself, so that a full page ends it."""
    ids = ordered.subquery("ids")
    one = visible(select(Dossier).where(Dossier.id == ids.c.dossier_id), actor)
    found = aliased(Dossier, narrow(one).limit(1).lateral("one"))
    query = select(found).select_from(ids.join(found, true()))
    return query.order_by(ids.c.dossier_id.desc())
