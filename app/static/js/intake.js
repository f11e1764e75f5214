// The counter's speed: marks of papers, live sums, keys. The page works without it.
(() => {
  "use strict";
  const $ = (what, from = document) => from.querySelector(what);
  const $$ = (what, from = document) => [...from.querySelectorAll(what)];
  const form = $("#intake");
  if (!form) return;
  const field = (name) => form.elements[name];
  const main = $("#accept");
  const say = (text) => ($("#said").textContent = text);
  const person = $("#p2");
  const dong = (n) => `${n.toLocaleString("de-DE")} đ`;

  // --- papers, fees, the card ---------------------------------------------------------------
  const rows = $$(".paper");
  const mark = (row) => $("input[type=radio]:checked", row)?.value ?? "";
  const focusRow = (row) =>
    row && ($("input[type=radio]:checked", row) ?? $("input[type=radio]", row)).focus();
  const step = (row, by) => {
    const next = rows[rows.indexOf(row) + by];
    if (next) focusRow(next);
    else if (by > 0) main?.focus();
  };
  const setMark = (row, value) => {
    const input = $(`input[value=${value}]`, row);
    if (!input) return;
    input.checked = true;
    redraw();
    step(row, 1);
  };
  const paperKey = (key, row) => {
    const deed = { " ": "have", d: "have", "đ": "have", t: "missing" }[key.toLowerCase()];
    const by = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (deed) setMark(row, deed);
    else if (by) step(row, by);
    return Boolean(deed || by);
  };

  const cost = (line) => {
    const rule = JSON.parse(line.dataset.rule);
    const part = (name) => $(`[data-part=${name}]`, line)?.value.trim() ?? "";
    if (part("exempt")) return 0;
    if (rule.typed) {
      const bare = part("amount").replace(/[\s.,đ]/g, "");
      return /^\d+$/.test(bare) ? Number(bare) : null;
    }
    const count = Number(part("quantity") || 1);
    if (!(count > 0)) return null;
    let sum = rule.amount * count;
    for (const [first, last, amount] of rule.tiers)
      sum += amount * Math.max(0, Math.min(last ?? count, count) - first + 1);
    return rule.max === null ? sum : Math.min(sum, rule.max);
  };
  const redrawFees = () => {
    let total = 0, open = false, any = false;
    const channel = field("channel")?.value;
    for (const line of $$(".fee")) {
      const applies = !line.dataset.channel || line.dataset.channel === channel;
      line.hidden = !applies;
      const tick = $("[data-part=tick]", line);
      const due = !applies || (tick && !tick.checked) ? 0 : cost(line);
      $(".fee-due", line).textContent = due === null ? "chưa nhập" : dong(due);
      any ||= applies && (!tick || tick.checked);
      open ||= due === null;
      total += due ?? 0;
    }
    const text = open && !total ? "Chưa nhập số tiền" : dong(total) + (open ? " + khoản chưa nhập" : "");
    if ($("#fee-total")) $("#fee-total").textContent = any ? text : "Không thu";
  };
  const redraw = () => {
    const needed = rows.filter((row) => "required" in row.dataset);
    const lacking = rows.filter((row) => mark(row) === "missing").length;
    const unseen = rows.filter((row) => !mark(row)).length;
    rows.forEach((row) => (row.dataset.mark = mark(row)));
    if (rows.length) {
      const seen = needed.filter(mark).length;
      $("#checked").textContent = needed.length
        ? `${seen}/${needed.length} giấy tờ bắt buộc đã kiểm tra${lacking ? `, thiếu ${lacking}` : ""}` : "";
      $("#papers-state").textContent =
        lacking ? `Thiếu ${lacking} giấy tờ` : unseen ? `Còn ${unseen} chưa kiểm tra` : "Đủ thành phần";
      const done = lacking === 0 && unseen === 0, badge = $("#p3 .badge");
      badge.classList.toggle("done", done);
      badge.textContent = done ? "✓" : "3";
      if (!unseen) say("");
      main.dataset.lacking = lacking > 0;
      main.value = lacking ? "supplement" : "accept";
      $("#supplement").hidden = !lacking;
    }
    redrawFees();
  };

  // --- keys of the page ---------------------------------------------------------------------
  const onward = (from) => {
    const all = $$("input:not([type=hidden], [name=kind]), select, textarea", form).filter(
      (el) => el === from || el.checkVisibility());
    const group = (el) => (el.type === "radio" ? el.name : el);
    const next = all.slice(all.indexOf(from) + 1).find((el) => group(el) !== group(from));
    if (next?.closest(".paper")) focusRow(next.closest(".paper"));
    else (next ?? main)?.focus();
  };
  const PANELS = {
    F3: () => {
      person.open = true;
      field("personal_id").focus();
    },
    F4: () => focusRow(rows.find((row) => !mark(row)) ?? rows[0]),
  };
  document.addEventListener("keydown", (event) => {
    const el = event.target;
    if (event.ctrlKey || event.altKey || event.isComposing) return;
    if (PANELS[event.key]) PANELS[event.key]();
    else if (event.key === "Enter" && el.form === form && el.matches("input:not(#tim), select")) onward(el);
    else if (el.type !== "radio" || !el.closest(".paper")) return;
    else if (!paperKey(event.key, el.closest(".paper"))) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  // A panel that is done folds when the keyboard goes on; under a mouse nothing may move.
  $("#p3").addEventListener("focusin", (event) => {
    const isDone = $("#name").value.trim() && !$("[aria-invalid=true]", person);
    if (isDone && event.target.matches("[type=radio]:focus-visible")) person.open = false;
  });
  form.addEventListener("input", (event) => {
    if (!person.contains(event.target)) redraw();
  });
  form.addEventListener("change", (event) => {
    if (["case", "commune"].includes(event.target.name)) $("#keep").click();
  });
  form.addEventListener("submit", (event) => {
    const unseen = rows.find((row) => !mark(row));
    if (event.submitter !== main || !unseen) return;
    event.preventDefault();
    say("Còn giấy tờ chưa kiểm tra: bấm Đ nếu đủ, T nếu thiếu.");
    focusRow(unseen);
  });
  redraw();
})();
