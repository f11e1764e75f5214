// The leader's round: whichever row has the focus, its dossier stands beside the list. Ticks stay,
// since only the dossier is fetched; without this file every row is a link to the same page.
(() => {
  "use strict";
  const list = document.querySelector("[data-round]");
  const pane = document.querySelector("#pane");
  if (!list || !pane) return;
  const address = (row) => row.querySelector("a.open").href;
  let shown = list.querySelector("[aria-current]"), asked = null, timer = 0;

  const put = (html, row) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("#pane");
    if (!fresh) return location.assign(address(row));  // logged out, or something quite different
    pane.replaceChildren(...fresh.childNodes);
    pane.scrollTop = 0;
    history.replaceState(null, "", address(row));
    return undefined;
  };
  const open = async (row) => {
    if (row === shown) return;
    shown?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    shown = row;
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(address(row), { signal: asked.signal });
      if (answer.ok) put(await answer.text(), row);
    } catch (error) {
      if (error.name !== "AbortError") pane.textContent = "Máy chủ không trả lời. Bấm Enter để mở lại hồ sơ.";
    }
  };
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    clearTimeout(timer);
    if (row) timer = setTimeout(open, 80, row);
  });
  list.addEventListener("click", async (event) => {
    const link = event.target.closest("a.open");
    if (!link || event.ctrlKey || event.shiftKey || event.metaKey) return;
    event.preventDefault();
    clearTimeout(timer);
    await open(link.closest("[data-row]"));
    pane.focus();
  });
})();
