"""The thin page for a WSGI server."""

from bench.floors import thin_app

app = thin_app()
