"""Fixtures of the pages of orders over many: the same as those of the dossier's page."""

from tests.desk.conftest import work

__all__ = ["work"]
