"""Fixtures of the page tests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.desk.hands import Work


@pytest.fixture
def work(app: Flask) -> Work:
    """Acts on the office apart from any browser."""
    return Work(app)
