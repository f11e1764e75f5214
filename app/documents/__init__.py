"""Printed forms: facts in, PDF out. It knows no web and no database.

`FORMS` lists them by name. A number ("Mẫu số 01") belongs to the decree in force, so it is no key
here; the last four stand in no decree. A form is one module with TITLE, LAYOUT, a frozen `Facts`
and `draw`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.documents import (
    apology_notice,
    consult_request,
    control_slip,
    originals_slip,
    payment_notice,
    receipt,
    refusal_notice,
    stop_notice,
    supplement_request,
    tracking_book,
    verification_minutes,
)
from app.documents.facts import PaperFacts


@dataclass(frozen=True, slots=True)
class Form:
    """A printed form. `layout` rises with every change of the drawing; kept with the facts.

    `draw(facts, reprint=0)` gives the PDF; the same arguments give the same bytes.
    """

    title: str
    facts: type[PaperFacts]
    draw: Callable[..., bytes]
    layout: int


def _form(module: Any) -> Form:
    return Form(module.TITLE, module.Facts, module.draw, module.LAYOUT)


FORMS: dict[str, Form] = {
    "receipt": _form(receipt),
    "supplement_request": _form(supplement_request),
    "refusal_notice": _form(refusal_notice),
    "apology_notice": _form(apology_notice),
    "stop_notice": _form(stop_notice),
    "control_slip": _form(control_slip),
    "tracking_book": _form(tracking_book),
    "payment_notice": _form(payment_notice),
    "consult_request": _form(consult_request),
    "verification_minutes": _form(verification_minutes),
    "originals_slip": _form(originals_slip),
}
