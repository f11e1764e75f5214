// Keys and small comforts of staff pages. Everything works without this file, only slower.
(() => {
  "use strict";
  const shown = (e) => e.getClientRects().length > 0;
  const typing = (e) => e.matches("input:not([type=checkbox],[type=radio]), textarea, select");

  // data-key="F2" or "Ctrl+Enter": presses a button or link, else moves the focus there.
  const press = (name) => {
    const open = document.querySelector("dialog[open]");
    const found = [...(open || document).querySelectorAll(`[data-key="${name}"]`)].find(shown);
    if (!found) return false;
    if (found.matches("button, a[href], summary")) found.click();
    else found.focus();
    return true;
  };

  // Rows: ↑ ↓ J K move, Space ticks, Enter opens; only inside [data-rows], never in a text field.
  const inRows = (event) => {
    const list = event.target.closest("[data-rows]");
    if (!list || typing(event.target)) return false;
    const rows = [...list.querySelectorAll("[data-row]")].filter(shown);
    const at = rows.findIndex((row) => row.contains(event.target));
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step) {
      const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
      if (next) next.focus();
      return true;
    }
    if (event.target !== rows[at]) return false;
    if (event.key === " ") {
      const box = rows[at].querySelector("[type=checkbox]");
      if (box) box.click();
      return Boolean(box);
    }
    if (event.key === "Enter") {
      const link = rows[at].querySelector("a[href]");
      if (link) link.click();
      return Boolean(link);
    }
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    const name = (event.ctrlKey ? "Ctrl+" : "") + event.key;
    const bound = /^F\d+$/.test(event.key) || ["Ctrl+Enter", "Ctrl+k"].includes(name);
    if (bound && !event.shiftKey ? press(name) : !event.ctrlKey && inRows(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.ctrlKey) {
      enterMovesOn(event);
    }
  });

  // form data-enter="next": Enter goes to the next field, only Ctrl+Enter or the button sends.
  const enterMovesOn = (event) => {
    const form = event.target.form;
    if (!form || form.dataset.enter !== "next") return;
    if (!event.target.matches("input, select")) return;
    event.preventDefault();
    const fields = [...form.elements].filter((e) => shown(e) && !e.disabled && e.tabIndex >= 0);
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
  };

  // A form is sent once; a slow answer is said after 300 ms. Going back makes it usable again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) setTimeout(() => button.setAttribute("aria-disabled", "true"), 300);
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((b) => b.removeAttribute("aria-disabled"));
    });
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print], [data-opens], [data-closes], [data-copy]");
    if (!button) return;
    if (button.matches("[data-print]")) print();
    else if (button.matches("[data-opens]")) document.getElementById(button.dataset.opens).showModal();
    else if (button.matches("[data-closes]")) button.closest("dialog").close();
    else navigator.clipboard?.writeText(button.dataset.copy);
  });

  // data-all ticks every box of its form but the unusual ones; data-count says how many are ticked.
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || event.target.type !== "checkbox") return;
    const boxes = [...form.querySelectorAll("[data-row] [type=checkbox]")];
    if (event.target.matches("[data-all]")) {
      boxes.filter((b) => !b.matches("[data-unusual]")).forEach((b) => { b.checked = event.target.checked; });
    }
    const count = boxes.filter((b) => b.checked).length;
    form.querySelectorAll("[data-count]").forEach((e) => { e.textContent = count; });
  });

  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
