// Files of papers: chosen, dropped or scanned into a row they go off at once; opened beside the
// list. Without this file a field, a button and a page do the same.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll("[data-paper]")];
  const fieldOf = (row) => row.querySelector("[data-upload] [type=file]");
  const ENDINGS = /\.(pdf|jpe?g|png)$/i;

  // What can be said before sending 20 MB for nothing; the server judges for itself.
  const doubt = (form, files) => {
    const most = Number(form.dataset.most);
    const wrong = files.find((f) => !ENDINGS.test(f.name));
    if (wrong) return `Tệp “${wrong.name}” không nhận: chỉ nhận PDF, JPG, PNG.`;
    const heavy = files.find((f) => f.size > most);
    if (heavy) return `Tệp “${heavy.name}” quá 20 MB: hãy quét lại ở 200–300 dpi hoặc chia nhỏ.`;
    if (files.reduce((sum, f) => sum + f.size, 0) > 5 * most) return "Mỗi lần gửi không quá 100 MB: hãy gửi làm nhiều lần.";
    return "";
  };

  const send = (form) => {
    const files = [...form.elements.files.files];
    if (!files.length) return;
    const said = form.querySelector(".said");
    const wrong = doubt(form, files);
    said.classList.toggle("wrong", Boolean(wrong));
    said.textContent = wrong || (files.length > 1 ? `Đang gửi và ghép ${files.length} tệp…` : "Đang gửi…");
    if (wrong) form.elements.files.value = "";
    else form.requestSubmit();
  };

  document.querySelectorAll("[data-upload]").forEach((form) => {
    form.classList.add("scripted");
    form.elements.files.addEventListener("change", () => send(form));
  });
  // Coming back by the browser's own button: nothing is being sent any more.
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll(".said").forEach((p) => { p.textContent = ""; });
  });

  // F8: the row in which the focus is, else the first one without a file.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8" || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const open = rows.filter(fieldOf);
    const row = open.find((r) => r.contains(document.activeElement))
      || open.find((r) => !r.querySelector(".files")) || open[0];
    if (!row) return;
    event.preventDefault();
    fieldOf(row).focus();
    fieldOf(row).click();
  });

  rows.filter(fieldOf).forEach((row) => {
    const carries = (event) => [...event.dataTransfer.types].includes("Files");
    row.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      row.classList.add("over");
    });
    row.addEventListener("dragleave", (event) => {
      if (!row.contains(event.relatedTarget)) row.classList.remove("over");
    });
    row.addEventListener("drop", (event) => {
      row.classList.remove("over");
      if (!carries(event)) return;
      event.preventDefault();
      fieldOf(row).files = event.dataTransfer.files;
      send(fieldOf(row).form);
    });
  });
  // A file dropped beside a row must not replace the page and what is typed in it.
  if (rows.length) {
    for (const name of ["dragover", "drop"]) {
      document.addEventListener(name, (event) => event.preventDefault());
    }
  }

  const viewer = document.getElementById("xem");
  const show = (link) => {
    const { view, kind } = link.dataset;
    const name = link.textContent;
    const title = viewer.querySelector("h2");
    const shown = document.createElement(kind === "pdf" ? "iframe" : "img");
    // The viewer of the browser without its list of pages: the sheet as wide as there is room.
    shown.src = kind === "pdf" ? `${view}#navpanes=0&view=FitH` : view;
    if (kind === "pdf") shown.title = name;
    else shown.alt = `Bản chụp giấy tờ: ${name}`;
    let frame = shown;
    if (kind !== "pdf") {
      frame = document.createElement("div");
      frame.className = "scroll";
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", name);
      frame.append(shown);
    }
    viewer.querySelector(".view").replaceChildren(frame);
    viewer.querySelector(".save").href = `${view}?tai=1`;
    viewer.querySelector(".tab").href = view;
    title.textContent = name;
    viewer.hidden = false;
    document.querySelectorAll("[data-view][aria-current]").forEach((a) => a.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    viewer.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    if (!viewer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("[data-view]");
    if (link) {
      event.preventDefault();
      show(link);
    } else if (event.target.closest(".viewer .close")) {
      event.preventDefault();
      viewer.hidden = true;
      viewer.querySelector(".view").replaceChildren();
      const last = document.querySelector("[data-view][aria-current]");
      if (last) last.focus();
    }
  });

  // After a filing the focus goes to the paper that comes next; some browsers do so by themselves.
  const next = /^#tep-\d+-files$/.test(location.hash) && document.querySelector(location.hash);
  if (next && !document.querySelector(".errors")) next.focus();
})();
