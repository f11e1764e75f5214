"""Next numbers: atomic in the transaction of the caller; a gap may stay, a double never."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, bindparam, func, select, text

from app.core.codes import DossierCode
from app.journey.office import Db
from app.models import ResultNumber

# One statement, the same on SQLite and PostgreSQL; the row stays locked until the commit.
_NEXT_IN_DAY = text(
    "INSERT INTO day_counter (agency_code, day, value) VALUES (:agency, :day, 1)"
    " ON CONFLICT (agency_code, day) DO UPDATE SET value = day_counter.value + 1"
    " RETURNING value"
).bindparams(bindparam("day", type_=Date))
_NEXT_IN_YEAR = text(
    "INSERT INTO year_counter (unit_id, series, year, value) VALUES (:unit, :series, :year, 1)"
    " ON CONFLICT (unit_id, series, year) DO UPDATE SET value = year_counter.value + 1"
    " RETURNING value"
)


def next_dossier_code(session: Db, agency_code: str, day: date) -> DossierCode:
    """The next code of an agency on a local day (TT 01/2018 Đ19), from 0001."""
    value = session.execute(_NEXT_IN_DAY, {"agency": agency_code, "day": day}).scalar_one()
    return DossierCode(agency_code, day, value)


def next_in_year(session: Db, unit_id: str, series: str, year: int) -> int:
    """The next number of a unit's series (`register`, `refusal_notice`, …), from 1 each year."""
    return int(
        session.execute(
            _NEXT_IN_YEAR, {"unit": unit_id, "series": series, "year": year}
        ).scalar_one()
    )


def suggest(session: Db, unit_id: str, year: int) -> str:
    """The number after the highest one given in the year by a unit, for the văn thư to confirm.

    Numbers with letters ("12a") are passed over; empty where the highest fifty have some.
    """
    longest_first = select(ResultNumber.number).where(
        ResultNumber.unit_id == unit_id, ResultNumber.year == year
    )
    ordered = longest_first.order_by(
        func.length(ResultNumber.number).desc(), ResultNumber.number.desc()
    )
    highest = session.scalars(ordered.limit(50)).all()
    whole = next((n for n in highest if n.isascii() and n.isdigit()), None)
    if whole is None:
        return "" if highest else "1"
    return str(int(whole) + 1)


def usual_symbol(session: Db, unit_id: str, year: int) -> str:
    """The symbol a unit used most in the year; empty before its first."""
    query = (
        select(ResultNumber.symbol)
        .where(ResultNumber.unit_id == unit_id, ResultNumber.year == year)
        .group_by(ResultNumber.symbol)
        .order_by(func.count().desc(), ResultNumber.symbol)
        .limit(1)
    )
    return session.scalar(query) or ""
