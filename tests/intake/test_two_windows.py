"""The same draft in two windows: never received twice, never overwritten unawares."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.states import Status
from app.extensions import db
from app.models import Dossier
from tests.intake.form import URL, filled, send


def _text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def _dossiers(app: Flask) -> list[Dossier]:
    with app.app_context():
        found = list(db.session.scalars(select(Dossier).order_by(Dossier.id)))
        db.session.remove()
        return found


def _draft(app: Flask, clerk: FlaskClient) -> str:
    assert send(clerk, action="draft").status_code == 303
    (made,) = _dossiers(app)
    assert made.status == Status.DRAFT and made.temporary_id
    return made.temporary_id


def _window(clerk: FlaskClient, draft: str) -> dict[str, str]:
    """The hidden fields of the draft's screen as one window opened it."""
    html = _text(clerk.get(URL, query_string={"nhap": draft}))
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def _from(clerk: FlaskClient, window: dict[str, str], **typed: str) -> Any:
    hidden = {k: window[k] for k in ("key", "draft", "draft_seen")}
    return clerk.post(URL, data=filled() | hidden | typed)


def test_a_draft_is_received_once(app: Flask, as_user: Any) -> None:
    clerk = as_user("tiepnhan")
    draft = _draft(app, clerk)
    first, second = _window(clerk, draft), _window(clerk, draft)
    assert first["key"] != second["key"]
    assert _from(clerk, first, action="accept").status_code == 303
    for _ in range(2):  # and pressed once more
        late = _from(clerk, second, action="accept")
        assert late.status_code == 409
        code = _dossiers(app)[0].code
        assert f"đã được tiếp nhận, mã {code}" in _text(late)
        second = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', _text(late)))
        assert second["draft"] == draft
    assert len(_dossiers(app)) == 1


def test_what_another_window_kept_is_not_lost_unawares(app: Flask, as_user: Any) -> None:
    clerk = as_user("tiepnhan")
    draft = _draft(app, clerk)
    first, second = _window(clerk, draft), _window(clerk, draft)
    assert _from(clerk, first, action="draft", email="a@b.vn").status_code == 303
    late = _from(clerk, second, action="draft", phone="0912000111")
    assert late.status_code == 409 and "vừa được lưu ở cửa sổ khác" in _text(late)
    assert 'value="0912000111"' in _text(late), "what was typed stays"
    kept = json.loads(_dossiers(app)[0].draft or "{}")
    assert kept["email"] == "a@b.vn"
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', _text(late)))
    assert _from(clerk, again, action="draft", phone="0912000111").status_code == 303
    kept = json.loads(_dossiers(app)[0].draft or "{}")
    assert kept["phone"] == "0912000111"
    assert len(_dossiers(app)) == 1
