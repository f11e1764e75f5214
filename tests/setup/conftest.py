"""Fixtures of the set-up."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.make import Office


@pytest.fixture
def admin(office: Office, as_user: Any) -> FlaskClient:
    """The administrator's browser."""
    browser: FlaskClient = as_user("quantri")
    return browser
