// The dossier before and after: K J [ ] while the focus stands in the line that leads there, or
// nowhere. Letters typed into a field, or with a button in focus, are not ours (WCAG 2.1.4).
(() => {
  "use strict";
  const line = document.querySelector("[data-around]");
  if (!line) return;
  const WAYS = { j: "next", "]": "next", k: "prev", "[": "prev" };
  document.addEventListener("keydown", (event) => {
    const free = event.target === document.body || line.contains(event.target);
    const way = WAYS[event.key.toLowerCase()];
    if (!free || !way || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const link = line.querySelector(`a[rel=${way}]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
})();
