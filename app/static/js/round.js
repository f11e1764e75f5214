// The leader's round: whichever row has the focus, its dossier stands beside the list. Ticks stay,
// since only the dossier is fetched; without this file every row is a link to the same page.
// What can be signed is always the dossier of the row: from the moment the row changes the one
// beside it is out of reach, until the new one has come.
(() => {
  "use strict";
  const SOON = 80, SLOW = 300, STAYED = 1000;
  const list = document.querySelector("[data-round]");
  const pane = document.querySelector("#pane");
  if (!list || !pane) return;
  const address = (row) => row.querySelector("a.open").href;
  const codeOf = (row) => row.querySelector(".code").textContent.trim();
  const box = () => pane.querySelector("[data-code]");
  const isHere = (row) => box()?.dataset.code === codeOf(row);
  let current = list.querySelector("[aria-current]"), asked = null, soon = 0;

  // --- what was typed stays, by dossier, as long as the page does ----------------------------
  const drafts = new Map();
  const keep = () => {
    const here = box();
    if (!here || "gone" in here.dataset) return;
    const typed = [...here.querySelectorAll("textarea, input:not([type=hidden])")]
      .filter((field) => field.value.trim()).map((field) => [field.id, field.value]);
    if (typed.length) drafts.set(here.dataset.code, typed);
    else drafts.delete(here.dataset.code);
  };
  const putBack = (code) => {
    for (const [id, text] of drafts.get(code) ?? []) {
      const field = document.getElementById(id);
      if (!field) {
        box().append(words(`Nội dung bạn đã nhập, chép lại nếu còn cần: ${text}`, "notice wait"));
        continue;
      }
      field.value = text;
      const fold = field.closest("details");
      if (fold) fold.open = true;
    }
  };
  // Asked before the page is left with a text that is not being sent right now.
  addEventListener("beforeunload", (event) => {
    keep();
    const leaving = pane.querySelector("form[data-sent]") && box().dataset.code;
    if (![...drafts.keys()].some((code) => code !== leaving)) return;
    event.preventDefault();
    // Who stays can send again, as who comes back to a page can.
    setTimeout(() => dispatchEvent(new PageTransitionEvent("pageshow")), STAYED);
  });

  // --- the pane ------------------------------------------------------------------------------
  const words = (text, kind = "soft") => {
    const made = document.createElement("p");
    made.className = kind;
    made.textContent = text;
    return made;
  };
  const show = (...nodes) => {
    pane.replaceChildren(...nodes);
    pane.scrollTop = 0;
    pane.inert = false;
  };
  const tell = (text, ...more) => {
    const said = words(text);
    said.setAttribute("role", "status");
    show(said, ...more);
  };
  const failed = (row) => {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button plain";
    again.textContent = "Mở lại hồ sơ";
    again.addEventListener("click", () => enter(row));
    tell(`Chưa mở được hồ sơ ${codeOf(row)}: máy chủ không trả lời hoặc gặp lỗi. Bấm Enter để thử lại.`, again);
  };
  const fetched = async (row, signal) => {
    const answer = await window.reach.ask(address(row), { signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#pane");
    if (fresh?.querySelector("[data-code]")?.dataset.code !== codeOf(row)) throw new Error("another dossier");
    return fresh;
  };
  const put = (fresh, row) => {
    show(...fresh.childNodes);
    putBack(codeOf(row));
    history.replaceState(null, "", address(row));
  };

  // --- from row to row -----------------------------------------------------------------------
  const turnTo = (row) => {
    if (row !== current) {
      asked?.stop.abort();
      asked = null;
      current?.removeAttribute("aria-current");
      row.setAttribute("aria-current", "true");
      current = row;
    }
    if (!isHere(row)) keep();
    pane.inert = Boolean(box()) && !isHere(row);
  };
  const load = async (row, mine) => {
    const slow = setTimeout(() => mine === asked && tell("Đang tìm…"), SLOW);
    try {
      const fresh = await fetched(row, mine.stop.signal);
      if (mine === asked) put(fresh, row);
    } catch {
      if (mine === asked) failed(row);
    } finally {
      clearTimeout(slow);
      if (mine === asked) asked = null;
    }
  };
  const open = (row) => {
    clearTimeout(soon);
    turnTo(row);
    if (isHere(row)) return Promise.resolve();
    if (!asked) {
      asked = { stop: new AbortController() };
      asked.done = load(row, asked);
    }
    return asked.done;
  };
  // Enter goes into the dossier once it is there, unless the focus went on meanwhile.
  const enter = async (row) => {
    const from = document.activeElement;
    await open(row);
    const still = document.activeElement === from || document.activeElement === document.body;
    if (current === row && isHere(row) && still) pane.focus();
  };
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    clearTimeout(soon);
    if (!row) return;
    turnTo(row);
    soon = setTimeout(open, SOON, row);
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a.open");
    if (!link || event.ctrlKey || event.shiftKey || event.metaKey) return;
    event.preventDefault();
    enter(link.closest("[data-row]"));
  });
})();
