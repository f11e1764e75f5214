"""What is wrong with the page as it stands, each fault a line; nothing wrong, nothing said."""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
NARROW = {"width": 320, "height": 640}
# Rows further down a long table are like those above; looking at all takes seconds.
FIRST_ROWS = {"exclude": [["tbody tr:nth-child(n+10)"]]}
_AXE = Axe()
# How far the page can be moved sideways; and what sticks out, to find the cause.
_SIDEWAYS = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= innerWidth) return "";
  const out = [...document.querySelectorAll("body *")].filter((e) =>
    e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll") && e.children.length < 4);
  return `${root.scrollWidth} px: ` + out.slice(0, 4).map((e) =>
    `${e.tagName.toLowerCase()}.${e.className} ${e.id}`).join("; ");
}"""  # noqa: E501


def wrong_with(page: Page) -> list[str]:
    """Everything wrong with the page, wide and at 320 px; leaves the window as it was."""
    return [*_names(page), *_axe(page), *_narrow(page)]


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
    page.set_viewport_size(NARROW)
    if told := page.evaluate(_SIDEWAYS):
        yield f"sideways scroll at 320 px: {told}"
    if size:
        page.set_viewport_size(size)
