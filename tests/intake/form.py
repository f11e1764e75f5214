"""The intake form as a browser sends it, for the tests of the counter's pages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient

from tests.make import PERSON

URL = "/tiep-nhan"
COUNTER = "mot-cua-huyen"


def filled(**changes: Any) -> dict[str, Any]:
    """The contract's example typed at the counter: a torn building permit, everything there."""
    person = PERSON | {"birth_date": "05/02/1990", "email": ""}
    return {
        "action": "accept", "key": "first", "one_stop": COUNTER, "procedure": "1.013228",
        "case": "rach-nat", "channel": "direct", "result_channel": "direct", "commune": "",
        "components-1": "have", "components-2": "have", "held-2": "1", "note": "",
        **person, **changes,
    }  # fmt: skip


def errors(html: str) -> dict[str, str]:
    """The error summary: field id → sentence."""
    box = html.partition('class="errors"')[2].partition("</ul>")[0]
    return {
        key: unescape(text) for key, text in re.findall(r'<a href="#([\w-]*)">([^<]*)</a>', box)
    }


def value_of(html: str, name: str) -> str | None:
    """The value in a text or hidden field."""
    match = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*\bvalue="([^"]*)"', html)
    return unescape(match[1]) if match else None


def checked(html: str, name: str) -> str | None:
    """The chosen one of some radios."""
    pattern = rf'<input type="radio" name="{re.escape(name)}" value="([^"]*)"[^>]* checked'
    match = re.search(pattern, html)
    return match[1] if match else None


def send(browser: FlaskClient, **changes: Any) -> Any:
    """Send the filled form."""
    return browser.post(URL, data=filled(**changes))


def results(html: str) -> list[str]:
    """The codes in the list under the search box."""
    return re.findall(r'name="choose" value="([\d.]+)"', html)
