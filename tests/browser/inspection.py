"""What is wrong with the page as it stands, each fault a line; nothing wrong, nothing said."""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.looks import CUT, FORCED, SIDEWAYS

WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 683, "height": 312}  # 1366 × 625 at 200 %
# Rows further down a long table are like those above; looking at all takes seconds.
FIRST_ROWS = {"exclude": [["tbody tr:nth-child(n+10)"]]}
_AXE = Axe()


def wrong_with(page: Page) -> list[str]:
    """Everything wrong with the page, wide, at 200 % and at 320 px; leaves the window as it was."""
    return [*_names(page), *_axe(page), *_narrow(page)]


def wrong_in_forced_colours(page: Page) -> list[str]:
    """What the system's own colours take away; moves the focus through the page.

    Text and controls keep an edge, what is chosen or current looks otherwise than the rest, and
    the focus is seen wherever it stands, not covered by a bar.
    """
    page.keyboard.press("Shift")  # from here on the focus is shown as for who uses the keyboard
    page.emulate_media(forced_colors="active")
    told: list[str] = page.evaluate(FORCED)
    page.emulate_media(forced_colors="none")
    return [f"forced colours: {line}" for line in told]


def _names(page: Page) -> Iterator[str]:
    if (lang := page.locator("html").get_attribute("lang")) != "vi":
        yield f"lang is {lang}"
    headings = page.locator("h1").all_text_contents()
    if len(headings) != 1:
        yield f"{len(headings)} h1: {headings}"
        return
    title = page.title()
    # "Đã tiếp nhận H56…" is the title of "Đã tiếp nhận hồ sơ H56…": tabs are narrow.
    lost = set(headings[0].split()) - set(title.split()) - {"hồ", "sơ"}
    if lost:
        yield f"title {title!r} lacks {sorted(lost)} of h1 {headings[0]!r}"


def _axe(page: Page) -> Iterator[str]:
    for violation in _AXE.run(page, FIRST_ROWS, WCAG).response["violations"]:
        for node in violation["nodes"][:3]:
            checks = [*node["any"], *node["all"], *node["none"]]
            why = checks[0]["message"] if checks else ""
            yield f"axe {violation['id']}: {node['target']} {node['html'][:120]} {why}"


def _narrow(page: Page) -> Iterator[str]:
    size = page.viewport_size
    page.set_viewport_size(ZOOMED)
    for told in page.evaluate(f"[({SIDEWAYS})(), ...({CUT})()]"):
        if told:
            yield f"at 200 %: {told}"
    page.set_viewport_size(NARROW)
    if told := page.evaluate(SIDEWAYS):
        yield f"sideways scroll at 320 px: {told}"
    if size:
        page.set_viewport_size(size)
