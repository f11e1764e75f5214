"""The page that films a card: a frame of its own over the intake form.

Its reader is compiled WebAssembly, which this page alone may run. The form's page keeps its strict
policy, and what is typed there stays where it is; the text of a card comes by a message.
"""

from __future__ import annotations

from flask import Response, make_response, render_template

from app import web
from app.core.states import Role
from app.desk.views import room


@room.get("/quet-the")
@web.needs(Role.INTAKE_OFFICER)
def card_reader() -> Response:
    """The camera's picture; it asks the database for nothing but who is there."""
    response = make_response(render_template("desk/reader.html"))
    response.headers["Permissions-Policy"] = web.WITH_DEVICES
    response.headers["Content-Security-Policy"] = web.WITH_READER
    return response
