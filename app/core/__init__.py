"""Plain rules: no web, no database, no paper, no clock, no disk."""
