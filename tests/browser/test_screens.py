"""Every page and its states as the fitting person sees them: accessible, named, narrow, zoomed."""

from __future__ import annotations

import pytest

from tests.browser.busy import Known
from tests.browser.conftest import PHONE, SCREEN, Browse, Faults
from tests.browser.pages import VISITS
from tests.browser.states import inspect

pytestmark = pytest.mark.browser
HERE = ("public", "look-up", "entrances", "intake", "counter", "dossiers", "hall", "queue")


@pytest.mark.parametrize("visit", HERE)
def test_pages_of_the_counter(known: Known, browse: Browse, faults: Faults, visit: str) -> None:
    person, states = VISITS[visit]
    on_a_phone = visit in ("public", "look-up")
    page = browse(person, "about:blank", viewport=PHONE if on_a_phone else SCREEN)
    inspect(page, states, known, faults)
