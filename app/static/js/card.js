// A card scanner types like a keyboard, only faster: under 35 ms a character, Enter at the end.
// What it typed is lifted out of the field it fell in and told as a "card" event on the document;
// any other code scanned while no text field has the focus is told as a "scan" event.
(() => {
  "use strict";
  const CARD = /^\d{12}\|/;
  const PARTS = 7;
  const SHORTEST = 8; // of what is a scan and no slip of the fingers
  let burst = "", last = -1e9, before = null, home = null, giveUp;
  const net = document.createElement("textarea");
  net.className = "hidden";
  net.tabIndex = -1;
  net.setAttribute("aria-label", "Đang quét thẻ căn cước");

  const isCard = (text) => CARD.test(text) && text.split("|").length >= PARTS;
  const tell = (text) => document.dispatchEvent(
    new CustomEvent(isCard(text) ? "card" : "scan", { detail: text.trim() }));
  window.scanned = tell; // what came by a serial port or a camera goes the same way
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // Letters with marks may come without a key of their own and need a text field to fall into.
  const letGo = () => {
    clearTimeout(giveUp);
    if (!home) return;
    net.remove();
    home.focus();
    home = null;
  };
  const catchRest = () => {
    if (before.el.value !== undefined) before.el.value = before.value;
    home = before.el;
    net.value = burst;
    document.body.append(net);
    net.focus();
    before = { el: net, text: true, value: "", from: 0, to: 0 };
  };
  const begin = () => {
    letGo();
    const el = document.activeElement ?? document.body;
    const text = el.matches("textarea, input:not([type=radio], [type=checkbox])");
    const value = el.value ?? "";
    burst = "";
    before = { el, text, value, from: text ? el.selectionStart : 0, to: text ? el.selectionEnd : 0 };
  };
  // The field holds letters that came by an input method and had no key of their own.
  const typedInto = ({ el, value, from, to }) =>
    el.value.slice(from, el.value.length - (value.length - to));
  const end = (event) => {
    const typed = before.text ? typedInto(before) : burst;
    const payload = isCard(typed) ? typed : burst;
    burst = "";
    letGo();
    const isOther = !before.text && payload.length >= SHORTEST;
    if (!isCard(payload) && !isOther) return;
    if (before.el.value !== undefined) before.el.value = before.value;
    swallow(event);
    tell(payload);
  };

  document.addEventListener("keydown", (event) => {
    const pause = event.timeStamp - last;
    const isRunning = before && pause <= (CARD.test(burst) ? 120 : 35);
    if ((event.key === "Enter" || event.key === "Tab") && burst && pause <= 120) {
      end(event);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key.length === 1) {
      if (!isRunning) begin();
      burst += event.key;
      last = event.timeStamp;
      if (CARD.test(burst) && !before.text) {
        catchRest();
        swallow(event);
      }
      clearTimeout(giveUp);
      if (home) giveUp = setTimeout(letGo, 500);
    } else if (isRunning) {
      last = event.timeStamp;
    }
  }, true);

  document.addEventListener("paste", (event) => {
    const text = (event.clipboardData?.getData("text") ?? "").trim();
    if (!isCard(text)) return;
    event.preventDefault();
    tell(text);
  });
})();
