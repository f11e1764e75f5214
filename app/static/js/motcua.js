// Keys and small comforts of staff pages. Everything works without this file, only slower.
(() => {
  "use strict";
  const FIELDS = "textarea, select, input:not([type=checkbox],[type=radio],[type=hidden],[type=file])";
  const shown = (e) => e.getClientRects().length > 0;
  const typing = (e) => e.matches("input:not([type=checkbox],[type=radio]), textarea, select");
  const keyed = (name) => {
    const open = document.querySelector("dialog[open]");
    return [...(open || document).querySelectorAll(`[data-key="${name}"]`)].filter(shown);
  };

  // data-key="F2" or "Ctrl+Enter": presses a button or link, else moves the focus there.
  const press = (found) => {
    if (!found) return false;
    if (found.matches("button, a[href], summary")) found.click();
    else found.focus();
    return true;
  };

  // --- Ctrl+Enter: the form in which the focus stands is sent, never another one -------------
  const chosen = (select) => Math.max([...select.options].findIndex((o) => o.defaultSelected), 0);
  const isFilled = (e) => e.matches("select") ? e.selectedIndex !== chosen(e) : e.value.trim() !== "";
  const isChanged = (e) => e.matches("select") ? isFilled(e) : e.value !== e.defaultValue;
  const fieldsOf = (form) => [...form.elements].filter((e) => e.matches(FIELDS));
  // Searches, filters and what stands in the head of every page are not what the page is about.
  const isAside = (form) =>
    form.method === "get" || form.matches("[role=search]") || !form.closest("main, dialog");

  // The button by which a form is sent from here: the nearest one that bears the key (it may stand
  // outside, by form=), else the one in focus, else the only one or the only main one.
  const buttonOf = (form, at) => {
    const keys = keyed("Ctrl+Enter").filter((b) => b.form === form || form.contains(b));
    for (let box = at; box && box !== form; box = box.parentElement) {
      const near = keys.find((b) => box.contains(b));
      if (near) return near;
    }
    if (keys.length || at.form !== form) return keys[0] ?? null;
    const sends = [...form.elements].filter((b) =>
      b.matches("button, input") && b.type === "submit" && shown(b) && !b.dataset.key);
    if (sends.includes(at)) return at;
    const main = sends.filter((b) => b.matches(".main"));
    return (sends.length === 1 ? sends : main.length === 1 ? main : [])[0] ?? null;
  };
  // From no form the page's main button is pressed; but what was typed into another form must not be
  // lost, nor taken for sent, by an act that may be its opposite: the focus goes back there.
  const pressMain = (at) => {
    const [main] = keyed("Ctrl+Enter");
    if (!main) return false;
    const fold = at.closest("summary")?.closest("details[open]");
    const left = [...document.querySelectorAll(FIELDS)].find((e) => e.form && e.form !== main.form &&
      !isAside(e.form) && shown(e) && (isChanged(e) || fold?.contains(e)));
    if (left) left.focus();
    else press(main);
    return true;
  };
  const sendFrom = (at) => {
    const form = at.form ?? at.closest("form");
    if (!form) return pressMain(at);
    const isTyped = at.matches(FIELDS) && fieldsOf(form).some(isFilled);
    if (isAside(form) && !isTyped) return pressMain(at);
    const button = buttonOf(form, at);
    if (button) button.click();
    else if (isAside(form)) form.requestSubmit();
    else if (!isTyped) return pressMain(at);
    return true;
  };

  // Rows: ↑ ↓ J K move, Space ticks, Enter opens; only inside [data-rows], never in a text field.
  const inRows = (event, key) => {
    const list = event.target.closest("[data-rows]");
    if (!list || typing(event.target)) return false;
    const rows = [...list.querySelectorAll("[data-row]")].filter(shown);
    const at = rows.findIndex((row) => row.contains(event.target));
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[key];
    if (step) {
      const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
      if (next) next.focus();
      return true;
    }
    if (event.target !== rows[at]) return false;
    if (key === " ") {
      const box = rows[at].querySelector("[type=checkbox]");
      if (box && !event.repeat) box.click();
      return Boolean(box);
    }
    if (key === "Enter") {
      const link = rows[at].querySelector("a[href]");
      if (link) link.click();
      return Boolean(link);
    }
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    // Caps Lock makes J of j; with Shift it is another key, which bound ones do not take.
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const name = (event.ctrlKey ? "Ctrl+" : "") + key;
    const bound = !event.shiftKey && (/^F\d+$/.test(key) || ["Ctrl+Enter", "Ctrl+k"].includes(name));
    if (isHeld(event, key, bound && keyed(name).length > 0)) return event.preventDefault();
    const taken = !bound ? !event.ctrlKey && inRows(event, key)
      : name === "Ctrl+Enter" ? sendFrom(event.target) : press(keyed(name)[0]);
    if (taken) event.preventDefault();
    else if (key === "Enter" && !event.ctrlKey) enterMovesOn(event);
    return undefined;
  });

  // A key that is held presses once. Its repeats go on over the next page, where they would press
  // a button that nobody has read: the key has to be let go of first. J, K and arrows may be held,
  // and Enter in a text of several lines.
  const isHeld = (event, key, isBound) => event.repeat &&
    (isBound || (key === "Enter" && (event.ctrlKey || !event.target.matches("textarea"))));

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
