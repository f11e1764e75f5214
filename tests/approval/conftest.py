"""Fixtures of the leaders' pages: the same as those of the dossier's page."""

from tests.desk.conftest import work

__all__ = ["work"]
