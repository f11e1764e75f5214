// A paper just made opens the print box by itself; F7 opens it again. Whether it printed, only
// people can know.
(() => {
  "use strict";
  const sheet = document.getElementById("sheet");
  const link = document.getElementById("print");
  const said = document.getElementById("printed");
  if (!sheet || !link) return;
  const open = () => {
    // A browser without a screen has no print box; Chromium's crashes when it is asked for one.
    if (navigator.webdriver) throw new Error("no print box");
    const before = document.activeElement;
    sheet.contentWindow.print();
    // Left in the paper's frame, the focus would take F9, F7 and F2 with it.
    window.focus();
    before.focus();
    said.textContent = said.dataset.opened;
  };
  link.addEventListener("click", (event) => {
    try {
      open();
      event.preventDefault();
    } catch {
      said.textContent = said.dataset.tab; // the link itself opens the paper in a new tab
    }
  });
  const here = new URL(location.href);
  if (here.searchParams.get("moi") !== "1") return;
  here.searchParams.delete("moi");
  history.replaceState(null, "", here); // opening the page again must not print again
  sheet.addEventListener("load", () => {
    try {
      open();
    } catch {
      said.textContent = said.dataset.closed;
    }
  }, { once: true });
})();
