"""No page escapes the inspection: what answers a GET is visited in a state, or named as no page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from app.core.states import Status
from tests.browser import test_error_pages
from tests.browser.pages import FILE_ENDINGS, FILE_ROOMS, FILES, NO_PAGES, VISITS
from tests.browser.test_screens import HERE

pytestmark = pytest.mark.usefixtures("app")


def _pages(app: Flask) -> set[str]:
    """The endpoints that answer a GET with a page."""

    def is_page(rule: Rule) -> bool:
        gets = "GET" in (rule.methods or ())
        is_file = rule.rule.endswith(FILE_ENDINGS) or rule.endpoint.split(".")[0] in FILE_ROOMS
        return gets and not is_file and rule.endpoint not in NO_PAGES | FILES

    return {rule.endpoint for rule in app.url_map.iter_rules() if is_page(rule)}


def _visited(app: Flask) -> Iterator[str]:
    """The endpoints at the addresses of the states, and those where they end."""
    site = app.url_map.bind("localhost")
    for _, states in VISITS.values():
        for state in states:
            if state.ends:
                yield state.ends
            path = re.sub(r"\{\w+\}", "1", state.address.partition("?")[0])
            try:
                endpoint, _ = site.match(path, method="GET")
            except HTTPException:
                assert state.status in (404, 405), f"{path}: không có trang này"
            else:
                yield endpoint


def test_every_page_is_visited(app: Flask) -> None:
    unseen = _pages(app) - set(_visited(app))
    assert not unseen, f"thêm trạng thái vào tests/browser/pages.py: {sorted(unseen)}"


def test_what_is_no_page_is_there(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {*NO_PAGES, *FILES} <= known
    assert all({*NO_PAGES.values(), *FILES.values()}), "mỗi ngoại lệ có lý do"


def test_every_state_of_a_dossier_is_looked_up() -> None:
    looked_up = {state.address for state in VISITS["look-up"][1]}
    apart = {Status.DRAFT, Status.INTAKE_REFUSED}  # these have no look-up code
    assert {f"/t/{{{s.value}_token}}" for s in Status if s not in apart} <= looked_up


def test_every_visit_is_made() -> None:
    assert set(HERE) <= set(VISITS)
    assert all(states for _, states in VISITS.values())


def test_every_error_has_been_seen() -> None:
    seen = {state.status for _, states in VISITS.values() for state in states}
    wanted = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}
    assert wanted <= seen | test_error_pages.SEEN
