"""Digitised papers: opened and judged, stored once, filed under a component, seen, reused."""
