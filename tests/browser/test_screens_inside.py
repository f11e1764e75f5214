"""The same for those who work behind the counter: officers, leaders, oversight, set-up."""

from __future__ import annotations

import pytest

from tests.browser.busy import Known
from tests.browser.conftest import Browse, Faults
from tests.browser.pages import VISITS
from tests.browser.states import inspect
from tests.browser.test_screens import HERE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("visit", [name for name in VISITS if name not in HERE])
def test_pages_behind_the_counter(known: Known, browse: Browse, faults: Faults, visit: str) -> None:
    person, states = VISITS[visit]
    inspect(browse(person, "about:blank"), states, known, faults)
