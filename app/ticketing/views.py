"""Every page of the queue, gathered for the application."""

from __future__ import annotations

from app.ticketing import desk, public, setup
from app.ticketing.blueprint import room

__all__ = ["desk", "public", "room", "setup"]
