// The procedure search box as a combobox (ARIA 1.2). Without it a button brings the same list.
(() => {
  "use strict";
  const form = document.getElementById("intake");
  const box = document.getElementById("tim");
  const list = document.getElementById("results");
  if (!form || !box) return;
  const say = (text) => (document.getElementById("said").textContent = text);
  const options = () => [...list.querySelectorAll("[role=option]")];
  let wait, asked, arriving = Promise.resolve(), at = -1;

  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", open && options().length > 0);
    if (!open) box.removeAttribute("aria-activedescendant");
  };
  const light = (n) => {
    const all = options();
    if (!all.length) return;
    at = (n + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", i === at));
    box.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const dress = () => {
    const results = list.querySelector(".results");
    results?.setAttribute("role", "listbox");
    results?.setAttribute("aria-label", "Thủ tục");
    list.querySelectorAll("button").forEach((option, i) => {
      option.setAttribute("role", "option");
      option.tabIndex = -1;
      option.id = `result-${i}`;
    });
    show(true);
    light(0);
  };
  const search = async () => {
    asked?.abort();
    asked = new AbortController();
    const slow = setTimeout(() => say("Đang tìm…"), 300);
    const query = new URLSearchParams({ tim: box.value, quay: form.elements.one_stop.value });
    try {
      const answer = await window.reach.ask(
        `${form.dataset.suggest}?${query}`, { signal: asked.signal });
      if (!answer.ok) throw new Error(`${answer.status}`);
      list.innerHTML = await answer.text();
      say("");
      dress();
    } catch (error) {
      if (error.name !== "AbortError")
        say("Chưa tìm được. Nội dung đã nhập vẫn còn trên màn hình.");
    } finally {
      clearTimeout(slow);
    }
  };
  const soon = (delay) => {
    clearTimeout(wait);
    at = -1;
    arriving = new Promise((done) => (wait = setTimeout(() => search().then(done), delay)));
  };
  const stop = () => {
    clearTimeout(wait);
    asked?.abort();
    arriving = Promise.resolve();
    show(false);
  };
  const take = async () => {
    if (!box.value.trim() && list.hidden) return;
    if (at < 0) await arriving;
    options()[at]?.click();
  };

  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": "results",
    "aria-autocomplete": "list",
  })) box.setAttribute(name, value);
  document.getElementById("search").hidden = true;
  box.addEventListener("input", () => (box.value.trim() ? soon(90) : stop()));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden || !options().length) soon(0);
      else light(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.ctrlKey) take();
    else if (event.key === "Escape") stop();
    else return;
    event.preventDefault();
  });
  document.addEventListener("card", stop);
  if (list.querySelector("button")) dress();
})();
