// A card scanner types like a keyboard, only faster: under 35 ms a character, Enter at the end.
// What it typed is lifted out of the field it fell in and told as a "card" event on the document;
// a receipt, or any other code scanned while no text field has the focus, as a "scan" event. Its
// Enter never presses what has the focus. In a search box a receipt is what was searched for.
(() => {
  "use strict";
  const CARD = /^\d{12}\|/;
  const PARTS = 7;
  // The look-up address of the QR, the digits of the bar code (day and number; no telephone begins
  // like that), the dossier's number.
  const DAY = "[1-4]\\d(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])";
  const RECEIPT = new RegExp(
    `^(https?:\\/\\/\\S+\\/t\\/[0-9a-z-]+|${DAY}\\d{4}|[a-z]\\d{2}[\\w.]*-\\d{6}-\\d{4,})$`, "i");
  const SHORTEST = 8; // of what is a scan and no slip of the fingers
  let burst = "", last = -1e9, before = null, home = null, giveUp;
  const net = document.createElement("textarea");
  net.className = "hidden";
  net.tabIndex = -1;
  net.setAttribute("aria-label", "Đang quét thẻ căn cước");

  const isCard = (text) => CARD.test(text) && text.split("|").length >= PARTS;
  // Scanners in keyboard mode lose Vietnamese letters, an input method changes them, and a wrong code
  // makes others of them: foreign letters and signs, digits or capitals inside words, two tones on a
  // word, or not one mark in name and address. The same as core/card.py.
  const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;
  const LETTERS = "a-zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
  const FOREIGN = new RegExp(`[^${LETTERS}${LETTERS.toUpperCase()}0-9 '’\`.,;:/()–\\-&"+#]`);
  const MIXED = new RegExp(`[${LETTERS}][${LETTERS.toUpperCase()}]`);
  const isSpoilt = (text) =>
    FOREIGN.test(text) || /\p{L}\d+\p{L}/u.test(text) ||
    text.normalize("NFD").split(/[^\p{L}\p{M}]+/u).some((w) => (w.match(TONES) ?? []).length > 1);
  window.garbled = (name, address) => !name || /\d/.test(name) || isSpoilt(name) || isSpoilt(address) ||
    MIXED.test(name) || /^[\x00-\x7f]*$/.test(name + address);
  const tell = (text) => {
    const detail = text.trim();
    if (document.querySelector("#intake, #seeking, #give"))
      document.dispatchEvent(new CustomEvent(isCard(text) ? "card" : "scan", { detail }));
    else offer(detail);
  };
  // On a page that does nothing with scans the search of all dossiers is filled; Enter searches.
  const offer = (text) => {
    const box = document.getElementById("find");
    if (!box) return;
    box.value = isCard(text) ? text.slice(0, 12) : text;
    box.focus();
  };
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
    last = -1e9; // what comes next is another one, however soon
    letGo();
    const isSearch = before.text && before.el.closest("[role=search]");
    const isOther = before.text ? !isSearch && RECEIPT.test(payload.trim())
      : payload.length >= SHORTEST;
    if (!isCard(payload) && !isOther) return;
    if (before.el.value !== undefined) before.el.value = before.value;
    swallow(event);
    tell(payload);
  };

  // A scanner that faltered on the way is slow, but what stands in the field is a card all the same.
  const slowCard = ({ target }) => {
    const text = target.matches?.("textarea, input:not([type=radio], [type=checkbox])")
      ? /\d{12}\|[^\n]*$/.exec(target.value)?.[0] ?? "" : "";
    if (!isCard(text)) return "";
    target.value = target.value.slice(0, -text.length);
    return text;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(F\d|Arrow)/.test(event.key)) {
      burst = ""; // no scanner sends these
      return;
    }
    const pause = event.timeStamp - last;
    const isRunning = before && pause <= (CARD.test(burst) ? 120 : 35);
    if ((event.key === "Enter" || event.key === "Tab") && burst && pause <= 120) {
      end(event);
      if (event.defaultPrevented) return;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      const payload = slowCard(event);
      if (!payload) return;
      burst = "";
      letGo();
      swallow(event);
      tell(payload);
      return;
    }
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
