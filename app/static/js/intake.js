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
  // Papers of which one will do are looked at together: one that is there, or missing, settles all.
  const groupOf = (row) => (row.closest("[data-any-of]") ? $$(".paper", row.parentElement) : [row]);
  const tickIn = (row, value) => {
    const input = $(`input[value=${value}]`, row);
    if (input) input.checked = true;
    return Boolean(input);
  };
  const settle = (row) => {
    const group = groupOf(row), value = mark(row);
    if (group.length < 2 || !["have", "missing"].includes(value)) return;
    const given = group.some((one) => mark(one) === "have");
    for (const one of group)
      if (one !== row && (!mark(one) || mark(one) === "missing" || (!given && value === "missing")))
        tickIn(one, "none");
    if (given && value === "missing") tickIn(row, "none");
  };
  const setMark = (row, value) => {
    if (!tickIn(row, value)) return;
    settle(row);
    redraw();
    step(groupOf(row).at(-1), 1);
  };
  // A code scanned while a row has the focus holds letters too: a key that comes at a scanner's pace
  // behind one that marks nothing is none, and what a scan had marked before is taken back.
  const KEYS = { " ": "have", d: "have", "đ": "have", t: "missing" };
  const PACE = 35;
  let last = -1e9, run = "", isCode = false, home = null, before = [];
  const watch = (event) => {
    if (/^(F\d|Arrow|Enter|Tab)/.test(event.key)) last = -1e9; // no scanner sends these within a code
    if (event.key.length > 1) return;
    if (event.timeStamp - last > PACE) {
      run = "";
      isCode = false;
      home = document.activeElement;
      before = rows.map((row) => $("input[type=radio]:checked", row));
    }
    last = event.timeStamp;
    run += event.key;
    isCode ||= !(event.key.toLowerCase() in KEYS);
  };
  const takeBack = (event) => {
    if (!run || !event.detail.startsWith(run.slice(0, 8))) return; // read by camera or port
    rows.forEach((row, i) => {
      for (const input of $$("input[type=radio]", row)) input.checked = input === before[i];
    });
    last = -1e9;
    redraw();
    if (event.type === "scan") home?.focus();
  };
  const paperKey = (key, row) => {
    const deed = KEYS[key.toLowerCase()];
    if (deed && isCode) return true;
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
    const units = [...new Set(rows.map((row) => groupOf(row)[0]))].map(groupOf);
    const isSeen = (unit) => unit.every(mark);
    const isLacking = (unit) => unit.some((row) => mark(row) === "missing") ||
      (unit.length > 1 && unit.every((row) => mark(row) === "none"));
    const needed = units.filter((unit) => unit.length > 1 || "required" in unit[0].dataset);
    const lacking = units.filter(isLacking).length;
    const unseen = units.filter((unit) => !isSeen(unit)).length;
    rows.forEach((row) => (row.dataset.mark = mark(row)));
    if (rows.length) {
      const seen = needed.filter(isSeen).length;
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
    const all = $$("input:not([type=hidden], [type=file], [name=kind]), select, textarea", form).filter(
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
    F4: () => (main ? focusRow(rows.find((row) => !mark(row)) ?? rows[0]) : firstChoice()),
  };
  // Without a procedure, or its case, there are no papers and nothing to send yet: go there.
  const firstChoice = () => {
    const cases = $$("[name=case]", form);
    (cases.find((one) => one.checked) ?? cases[0] ?? $("#tim") ?? $("#change"))?.focus();
    say(cases.length ? "Hãy chọn trường hợp trước." : "Hãy chọn thủ tục trước.");
  };
  document.addEventListener("keydown", (event) => {
    const el = event.target;
    const isSending = event.key === "Enter" && event.ctrlKey;
    if (!main && form.contains(el) && (isSending || event.key === "F8")) {
      event.preventDefault();
      event.stopPropagation();
      firstChoice();
    }
    if (event.ctrlKey || event.altKey || event.isComposing) return;
    watch(event);
    if (PANELS[event.key]) PANELS[event.key]();
    else if (event.key === "Enter" && el.form === form && el.matches("input:not(#tim, [type=file]), select")) onward(el);
    else if (el.type !== "radio" || !el.closest(".paper")) return;
    else if (!paperKey(event.key, el.closest(".paper"))) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  for (const kind of ["card", "scan"]) document.addEventListener(kind, takeBack);
  document.addEventListener("scan", () =>
    say("Mã vừa quét không phải thẻ căn cước. Tìm hồ sơ theo giấy hẹn: bấm Ctrl K rồi quét."));

  // --- the table of keys, which nobody needs who has no script ------------------------------
  const KEY_WORDS = [
    ["F2", "tìm, đổi thủ tục"], ["F3", "người nộp"], ["F4", "thành phần hồ sơ"],
    ["Đ hoặc Cách", "trong thành phần: đủ, xuống dòng sau"],
    ["T", "trong thành phần: thiếu, xuống dòng sau"], ["↑ ↓", "trong thành phần: chuyển dòng"],
    ["F8", "quét, chọn tệp cho giấy tờ ở dòng đang đứng"],
    ["Enter", "ô tiếp theo; không bao giờ gửi"],
    ["Ctrl Enter", "nút chính: tiếp nhận, hoặc yêu cầu bổ sung"],
    ["F9", "gọi số tiếp theo (khi đang ngồi quầy)"], ["F7", "sau khi tiếp nhận: in lại"], ["Ctrl K", "tìm mọi hồ sơ"],
    ["Esc", "đóng danh sách, hộp thoại"],
  ];
  document.body.insertAdjacentHTML("beforeend", `<dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Bảng phím</h2><dl class="summary">${KEY_WORDS.map(([key, words]) =>
    `<div><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`).join("")}</dl>
    <form method="dialog" class="buttons"><button class="button plain">Đóng <kbd>Esc</kbd></button></form></dialog>`);

  // A panel that is done folds when the keyboard goes on; under a mouse nothing may move.
  $("#p3").addEventListener("focusin", (event) => {
    const isDone = $("#name").value.trim() && !$("[aria-invalid=true]", person);
    if (isDone && event.target.matches("[type=radio]:focus-visible")) person.open = false;
  });
  form.addEventListener("input", (event) => {
    if (!person.contains(event.target)) redraw();
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest(".paper");
    if (row && event.target.type === "radio") {
      settle(row);
      redraw();
    }
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
