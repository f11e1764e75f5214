"""Fixtures of the file tests."""

from __future__ import annotations

import pytest

from tests.filing.hands import Files
from tests.make import Office


@pytest.fixture
def files(office: Office) -> Files:
    """Hands on the files of the office (SQLite)."""
    return Files(office)


@pytest.fixture
def each_files(each_office: Office) -> Files:
    """The same on both databases."""
    return Files(each_office)
