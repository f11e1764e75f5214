// A form that opens its answer in another tab may be sent again from this one.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ((event.submitter?.formTarget || form.target) !== "_blank") return;
  setTimeout(() => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((b) => b.removeAttribute("aria-disabled"));
  }, 1500);
});

// A long list of choices is narrowed by words without marks; what is ticked stays in view.
for (const box of document.querySelectorAll(".several .narrow")) {
  const field = box.querySelector("input"), said = box.querySelector("[role=status]");
  const fold = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
  const groups = [...box.parentElement.querySelectorAll(".choices > div")].map((group) => ({
    group, rows: [...group.querySelectorAll("label")].map((row) => ({
      row, words: fold(row.textContent), tick: row.querySelector("input"),
    })),
  }));
  const narrow = () => {
    const wanted = fold(field.value).split(/\s+/).filter(Boolean);
    let hits = 0;
    for (const { group, rows } of groups) {
      for (const { row, words, tick } of rows) {
        const fits = wanted.every((word) => words.includes(word));
        hits += fits;
        row.hidden = !fits && !tick.checked;
      }
      group.hidden = rows.every(({ row }) => row.hidden);
    }
    said.textContent = !wanted.length ? "" : hits ? `${hits} đơn vị khớp` : "Không có đơn vị nào khớp, thử ít chữ hơn";
  };
  box.hidden = false;
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey) event.preventDefault(); // it only looks for
  });
}
