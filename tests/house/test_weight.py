"""What a page weighs, compressed: the first load with everything it needs, and each later one."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

from app.config import ROOT
from app.demo.dossiers import fill_dossiers
from app.extensions import db, writing
from tests.house.test_statements import PEOPLE, _pages
from tests.make import Office

FIRST, LATER = 90_000, 6_000  # bytes
_STATIC = re.compile(r'(?:href|src)="/static/([^"?]+)')
_FONT = re.compile(r"url\([\"']?(?:\.\./|/static/)?(fonts/[^\"')?]+)")


def _packed(data: bytes) -> int:
    return len(gzip.compress(data, 6))


def _needed(html: str) -> set[str]:
    """The style sheets, scripts and fonts that a page loads."""
    names = set(_STATIC.findall(html))
    for name in [n for n in names if n.endswith(".css")]:
        css = (ROOT / "app/static" / name).read_text("utf-8")
        names |= {f for f in _FONT.findall(css) if f.endswith(".woff2")}
    return names


def _weight(path: Path) -> int:
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else _packed(data)


def test_pages_are_light(office: Office, as_user: Any) -> None:
    with writing() as session:
        for _ in fill_dossiers(session, office.rules, office.now, 200, seed=3):
            pass
    db.session.expunge_all()
    heavy: dict[tuple[str, str], tuple[int, int]] = {}
    for username in PEOPLE:
        browser = as_user(username)
        for address in _pages(office.app, office.person(username)):
            answer = browser.get(address)
            if answer.status_code != 200 or "text/html" not in answer.mimetype:
                continue
            later = _packed(answer.data)
            rest = sum(_weight(ROOT / "app/static" / n) for n in _needed(answer.text))
            if later > LATER or later + rest > FIRST:
                heavy[username, address] = (later, later + rest)
    assert heavy == {}


def test_the_intake_screen_is_light_with_every_procedure(office: Office, as_user: Any) -> None:
    codes = sorted(office.rules.offered(office.now.date()))
    assert len(codes) > 30
    browser = as_user("tiepnhan")
    weights = {c: _packed(browser.get(f"/tiep-nhan?thu-tuc={c}").data) for c in codes}
    assert {code: weight for code, weight in weights.items() if weight > LATER} == {}
