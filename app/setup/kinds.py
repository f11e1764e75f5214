"""Every list of the set-up, by its word in the address."""

from app.core.refusals import Refused
from app.setup.days import DAYS
from app.setup.hours import HOURS
from app.setup.kind import Kind
from app.setup.people import PEOPLE
from app.setup.procedures import PROCEDURES
from app.setup.records import RECORDS
from app.setup.units import UNITS

KINDS: dict[str, Kind] = {k.id: k for k in (PEOPLE, UNITS, RECORDS, DAYS, HOURS, PROCEDURES)}


def kind_of(word: str) -> Kind:
    """The list of a word; Refused `no_such_list`."""
    try:
        return KINDS[word]
    except KeyError:
        raise Refused("no_such_document", f"Không có bảng “{word}”.") from None
