"""Every form of the staff's pages: whatever happens to its sending, what was typed stays.

The forms are found by going through the pages of tests/browser/pages.py; one that sends something
and is never met fails the test. Four things happen to each: the network is off, the session has
ended in another tab, the server answers 500, and, where the form says which version of the dossier
it was drawn from, somebody else changed that.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.busy import Known
from tests.browser.conftest import Browse, Faults, Live
from tests.browser.pages import FIRST, VISITS
from tests.browser.states import State
from tests.browser.test_error_pages import failing
from tests.browser.test_kept_forms import unplugged

pytestmark = pytest.mark.browser
# POST endpoints that no form of a staff page sends to, with the reason.
EXCUSED = {
    "accounts.login": "mật khẩu không bao giờ được giữ lại; trang chưa có ai đăng nhập",
    "accounts.set_password": "như trên",
    "lookup.find": "trang công khai, không mã JavaScript; hai ô đọc từ giấy hẹn",
    "lookup.rate": "trang công khai, không mã JavaScript",
    "ticketing.take": "máy lấy số: không gõ gì",
    "intake.person": "gọi từ mã JavaScript của màn hình tiếp nhận, xem test_kept_forms.py",
    "intake.stage": "gọi từ mã JavaScript: tệp gắn vào biểu mẫu tiếp nhận đang mở",
    "setup.leave": "chỉ hiện sau khi áp dụng bị từ chối; không gõ gì, xem test_careful.py",
    "printing.print_slip": "mở thẻ mới: trang có biểu mẫu vẫn đứng yên",
    "desk.reprint": "mở thẻ mới",
}
PROGRAMS = ("api", "api-docs")
_OPEN = "document.querySelectorAll('main details').forEach((d) => { d.open = true; })"
# The forms that send, each with where to and what stands in it; `typed`: somebody has to type.
_FORMS = """() => [...document.forms].filter((f) => f.method === "post").map((f, number) => ({
  number, action: f.getAttribute("action") || location.pathname,
  leaves: f.matches("[data-leaves]"), elsewhere: f.target === "_blank",
  names: [...new Set([...f.elements].filter((e) => e.name).map((e) => e.name.replace(/\\d+/g, "#")
    .replace(/H56.*/, "")))].sort().join(" "),
}))"""
_FILL = """(numbers) => {
  const forms = [...document.forms].filter((f) => f.method === "post");
  for (const number of numbers) for (const e of forms[number].elements) {
    if (e.type === "hidden" || e.disabled) continue;
    if (e.matches("[type=checkbox], [type=radio]")) e.checked = true;
    else if (e.matches("select")) e.selectedIndex = e.options.length - 1;
    else if (e.matches("[type=file]")) {
      const carried = new DataTransfer();
      carried.items.add(new File(["%PDF-1.4"], "bản quét.pdf"));
      e.files = carried.files;
    } else if (e.matches("[type=date]")) e.value = "2026-12-01";
    else if (e.matches("textarea, input")) e.value = `Gõ thử ${number}, “lâu & dài”`;
  }
}"""
_VALUES = """(numbers) => {
  const forms = [...document.forms].filter((f) => f.method === "post");
  return numbers.map((n) => [...new FormData(forms[n])].filter(([k]) => k !== "csrf_token")
    .map(([k, v]) => [k, v instanceof File ? `tệp ${v.name}` : v.replaceAll("\\r\\n", "\\n")]));
}"""
# Send them all; those whose sending nothing on the page held back are told, and go nowhere.
_SEND = """(numbers) => {
  const forms = [...document.forms].filter((f) => f.method === "post");
  const loose = [];
  const note = (event) => {
    if (event.defaultPrevented) return;
    loose.push(forms.indexOf(event.target));
    event.preventDefault();
  };
  addEventListener("submit", note);
  for (const n of numbers) {
    delete forms[n].dataset.sent;
    forms[n].requestSubmit(forms[n].querySelector("button:not([type=button]):not([formtarget])"));
  }
  removeEventListener("submit", note);
  return loose;
}"""


class Crawl:
    """The forms met so far, and what went wrong with them."""

    def __init__(self, server: Live, faults: Faults) -> None:
        self.server, self.faults = server, faults
        self.site = server.app.url_map.bind("localhost")
        self.met: set[tuple[str, str, bool]] = set()
        self.endpoints: set[str] = set()
        self.wrong: list[str] = []

    def page(self, page: Page, where: str) -> None:
        """Try what is new on the page that stands open."""
        page.evaluate(_OPEN)
        fresh = list(self._fresh(page.evaluate(_FORMS)))
        kept = [f for f in fresh if not (f["leaves"] or f["elsewhere"])]
        if kept:
            self._unsent(page, where, [f["number"] for f in kept])
        for form in fresh:
            if not form["leaves"]:
                self._answered(page, where, form)

    def _fresh(self, forms: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for form in forms:
            path = form["action"].partition("?")[0]
            form["endpoint"], values = self.site.match(path, method="POST")
            act = "/".join(str(values[k]) for k in ("action", "act", "what") if k in values)
            form["name"] = f"{form['endpoint']}/{act}"
            key = (form["name"], "" if act else form["names"], form["elsewhere"])
            if key in self.met:
                continue
            self.met.add(key)
            if not form["elsewhere"]:
                self.endpoints.add(form["endpoint"])
            yield form

    def _unsent(self, page: Page, where: str, numbers: list[int]) -> None:
        """Network off, then the session over: nothing leaves, all stays, and it is said."""
        page.evaluate(_FILL, numbers)
        before = page.evaluate(_VALUES, numbers)
        with unplugged(page, self.faults):
            loose = page.evaluate(_SEND, numbers)
            if loose != numbers:
                expect(page.locator(".unreachable")).to_contain_text("Không nối được máy chủ")
        cookies = page.context.cookies()
        page.context.clear_cookies()
        loose += page.evaluate(_SEND, numbers)
        if len(loose) < 2 * len(numbers):
            expect(page.get_by_role("dialog", name="Phiên làm việc đã hết")).to_be_visible()
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.evaluate("document.querySelector('dialog.again')?.close()")
        after = page.evaluate(_VALUES, numbers)
        if loose:
            self.wrong.append(f"{where}: biểu mẫu {sorted(set(loose))} không được giữ")
        if before != after:
            self.wrong.append(f"{where}: nội dung đã đổi {before} → {after}")

    def _answered(self, page: Page, where: str, form: dict[str, Any]) -> None:
        """The server fails, and the form came too late: the answer holds what was typed."""
        page.evaluate(_FILL, [form["number"]])
        fields = page.evaluate(_VALUES, [form["number"]])[0]
        data = {k: v for k, v in fields if not v.startswith("tệp ")}
        with failing(self.server, form["endpoint"], RuntimeError("broken")):
            told = self._post(page, form, data)
        hidden = {k: f'name="{k}" value="{v}"' for k, v in data.items()}
        self._holds(where, form, hidden, told, "Hệ thống gặp lỗi")
        if data.get("version", "").isdigit():
            told = self._post(page, form, data | {"version": str(int(data["version"]) - 1)})
            typed = {k: v for k, v in data.items() if k not in ("version", "step", "next", "ds")}
            self._holds(where, form, typed, told, "Người khác vừa cập nhật hồ sơ này")

    def _post(self, page: Page, form: dict[str, Any], data: dict[str, str]) -> str:
        token = page.locator("[name=csrf_token]").first.get_attribute("value") or ""
        answer = page.context.request.post(
            form["action"], form=data | {"csrf_token": token}, max_redirects=0
        )
        return unescape(answer.text())

    def _holds(
        self, where: str, form: dict[str, Any], kept: dict[str, str], told: str, sentence: str
    ) -> None:
        """The answer says the sentence and holds every piece."""
        lost = [name for name, piece in kept.items() if piece not in told]
        if sentence not in told or lost:
            self.wrong.append(f"{where}: {form['name']}: “{sentence}” mất {lost}")


def _addresses(states: list[State]) -> Iterator[State]:
    """Each address once; what has to be done first is done where a form hangs on it."""
    seen = set()
    for state in states:
        do = state.do if state.do in FIRST else None
        if state.status == 200 and (state.address, do) not in seen:
            seen.add((state.address, do))
            yield state._replace(do=do)


def _posts(app: Flask) -> set[str]:
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.split(".")[0] not in PROGRAMS
    }


def test_what_is_typed_outlives_whatever_happens(
    known: Known, server: Live, browse: Browse, faults: Faults
) -> None:
    crawl = Crawl(server, faults)
    for person, states in VISITS.values():
        if person is None:
            continue
        page = browse(person, "about:blank")
        for state in _addresses(states):
            page.goto(state.address.format(**known.places), wait_until="domcontentloaded")
            if state.do is not None:
                state.do(page)
            crawl.page(page, state.address)
        page.context.close()
    assert not crawl.wrong, "\n".join(crawl.wrong)
    assert _posts(server.app) - crawl.endpoints == set(EXCUSED)
