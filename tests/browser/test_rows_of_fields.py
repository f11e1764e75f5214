"""Fields in a row stay in line when one is wrong; the register shows its lines, not its filters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core.states import Role
from app.extensions import db, writing
from app.models import Posting
from tests.browser.conftest import SCREEN, Browse, Faults, Live
from tests.browser.inspection import wrong_with
from tests.make import TODAY, Office

pytestmark = pytest.mark.browser

LINES = 8


def tops(page: Page, *ids: str) -> tuple[list[float], list[float]]:
    """Where the labels and the fields begin, from above."""
    found = page.evaluate(
        """ids => ids.map(id => {
             const field = document.getElementById(id);
             return [field.labels[0], field].map(e => Math.round(e.getBoundingClientRect().top));
           })""",
        list(ids),
    )
    return [label for label, _ in found], [field for _, field in found]


def in_line(page: Page, *ids: str) -> None:
    labels, fields = tops(page, *ids)
    assert len(set(labels)) == 1, labels
    assert len(set(fields)) == 1, fields
    assert fields[0] - labels[0] < 32, "each label stands by its field"


def below(page: Page, id_: str) -> None:
    """The sentence stands beneath its own field."""
    error, field = page.locator(f"#{id_}-error"), page.locator(f"#{id_}")
    expect(error).to_be_visible()
    told, typed = error.bounding_box(), field.bounding_box()
    assert told and typed and 0 <= told["y"] - typed["y"] - typed["height"] < 8


@pytest.fixture
def two_officers(live: Live) -> Live:
    """A department in which somebody can stand in."""
    with live.app.app_context(), writing() as session:
        other = Office(live.app).person("phong-tu-phap.cv").id
        session.add(Posting(staff_id=other, unit_id="phong-kt-ht", role=Role.CASE_OFFICER))
    return live


def test_who_is_away(two_officers: Live, browse: Browse, faults: Faults) -> None:
    faults.allow(422)
    page = browse("truongphong", "/tham-dinh/vang-mat")
    rows = (("staff", "substitute"), ("first_day", "last_day", "reason"))
    for ids in rows:
        in_line(page, *ids)
    for place in ("#staff", "#substitute"):
        page.locator(place).select_option(index=1)
    page.locator("#first_day").fill("31/11/2026")
    page.get_by_role("button", name="Ghi người làm thay").click()
    below(page, "first_day")
    for ids in rows:
        in_line(page, *ids)
    page.locator("#first_day").fill("01/12/2026")
    page.locator("#last_day").fill("02/12/2026")
    page.get_by_role("button", name="Ghi người làm thay").click()
    below(page, "substitute")
    for ids in rows:
        in_line(page, *ids)
    assert wrong_with(page) == []


def test_the_days_of_the_register(live: Live, browse: Browse) -> None:
    page = browse("chanhvp", "/so-theo-doi?tu-ngay=31/11/2026")
    below(page, "tu-ngay")
    in_line(page, "q", "tu-ngay", "den-ngay")
    filters = page.get_by_role("button", name="Lọc").first.bounding_box()
    field = page.locator("#q").bounding_box()
    assert filters and field and abs(filters["y"] - field["y"]) < 3
    assert wrong_with(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_register_shows_eight_dossiers(live: Live, browse: Browse, script: bool) -> None:
    """Long names and all, on a 768-line monitor; further filters unfold, set ones stand open."""
    with live.app.app_context():
        office = Office(live.app)
        offered = office.rules.offered(TODAY.date()).values()
        here = [e for e in offered if "mot-cua-huyen" in e.procedure.received_at]
        longest = max(here, key=lambda e: len(e.procedure.name)).code
        for n in range(12):
            late = TODAY - timedelta(days=60 if n % 2 else 0)
            office.receive_sample(longest, "mot-cua-huyen", at=late)
        db.session.remove()
    page = browse("chanhvp", "/so-theo-doi", viewport=SCREEN, java_script_enabled=script)
    bar = page.locator(".bar").bounding_box()
    edge = bar["y"] if bar else SCREEN["height"]
    boxes = [row.bounding_box() for row in page.locator(".register tbody tr").all()]
    seen = [b for b in boxes if b and b["y"] + b["height"] <= edge]
    assert len(seen) >= LINES, (edge, boxes)
    more = page.get_by_text("Lọc theo trạng thái, nơi tiếp nhận, cơ quan, lĩnh vực")
    expect(page.get_by_label("Lĩnh vực")).to_be_hidden()
    more.click()
    page.get_by_label("Lĩnh vực").select_option(index=1)
    page.locator("#q").fill("zzz")
    page.locator("#book").get_by_role("button", name="Lọc").click()
    page.wait_for_url("**linh-vuc=*")
    assert "q=zzz" in page.url, "one form, though its filters stand outside"
    expect(page.get_by_label("Lĩnh vực")).to_be_visible()
    page.get_by_role("link", name="Bỏ lọc").click()
    expect(page.get_by_label("Lĩnh vực")).to_be_hidden()
    page.goto("/so-theo-doi?tre=1")
    expect(page.get_by_label("Lĩnh vực")).to_be_hidden()
    page.goto("/so-theo-doi?tt=accepted")
    expect(page.get_by_role("link", name="Được tiếp nhận")).to_be_visible()
