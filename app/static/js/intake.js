// The counter's speed: keys, marks of papers, live sums, the card's data. The page works without it.
(() => {
  "use strict";
  const $ = (what, from = document) => from.querySelector(what);
  const $$ = (what, from = document) => [...from.querySelectorAll(what)];
  const form = $("#intake");
  if (!form) return;
  const field = (name) => form.elements[name];
  const token = () => field("csrf_token")?.value ?? "";
  const main = $("#main");
  const say = (text) => ($("#said").textContent = text);
  const dong = (n) => `${n.toLocaleString("de-DE")} đ`;

  // --- papers, fees, the card ---------------------------------------------------------------
  const rows = $$(".paper");
  const mark = (row) => $("input[type=radio]:checked", row)?.value ?? "";
  const focusRow = (row) =>
    ($("input[type=radio]:checked", row) ?? $("input[type=radio]", row))?.focus();
  const step = (row, by) => {
    const next = rows[rows.indexOf(row) + by];
    if (next) focusRow(next);
    else if (by > 0) main.focus();
  };
  const setMark = (row, value) => {
    const input = $(`input[value=${value}]`, row);
    if (!input) return;
    input.checked = true;
    redraw();
    step(row, 1);
  };
  const paperKeys = (event, row) => {
    const key = event.key.toLowerCase();
    const deed = { " ": "have", d: "have", "đ": "have", t: "missing" }[key];
    if (deed) setMark(row, deed);
    else if (key === "arrowdown" || key === "arrowup") step(row, key === "arrowdown" ? 1 : -1);
    else return;
    event.preventDefault();
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
      badge("#p3", lacking === 0 && unseen === 0);
      main.dataset.lacking = lacking > 0;
    }
    redrawFees();
  };
  const badge = (panel, done) => ($(panel).dataset.done = done);

  // --- applicant ----------------------------------------------------------------------------
  const person = $("#p2");
  const PARTS = ["personal_id", "name", "birth_date", "sex", "address", "phone", "email"];
  const redrawPerson = () => {
    const bits = ["personal_id", "birth_date", "phone"].map((n) => field(n).value.trim()).filter(Boolean);
    $("#who").textContent = field("name").value.trim();
    $("#who-more").textContent = bits.join(" · ");
    badge("#p2", field("name").value.trim() !== "" && !$("[aria-invalid=true]", person));
  };
  const fold = () => {
    if (person.dataset.done === "true") person.open = false;
  };
  const lookUp = async () => {
    const so = field("personal_id").value.trim();
    if (!/^\d{12}$/.test(so)) return ($("#known").textContent = "");
    const body = new URLSearchParams({
      so, birth_date: field("birth_date").value, sex: field("sex").value, csrf_token: token(),
    });
    try {
      const answer = await fetch(form.dataset.person, { method: "POST", body });
      if (answer.ok && !answer.redirected) $("#known").innerHTML = await answer.text();
    } catch { /* what is known of the person is only a help */ }
  };
  const tell = (kind, text) => {
    const bar = $("#card-said");
    bar.hidden = !text;
    bar.dataset.kind = kind;
    $("span", bar).textContent = text;
  };
  const invalid = (name, wrong) => {
    if (wrong) field(name).setAttribute("aria-invalid", "true");
    else field(name).removeAttribute("aria-invalid");
  };
  const garbled = (text) => /[?\uFFFD]|\p{L}\d+\p{L}/u.test(text);
  const fillCard = (payload) => {
    const [number, , name, birth, sex, address] = payload.normalize("NFC").split("|").map((p) => p.trim());
    const bad = garbled(name) || /\d/.test(name) || garbled(address);
    person.open = true;
    $("[name=kind][value=person]", form).checked = true;
    field("personal_id").value = number;
    field("name").value = name;
    field("birth_date").value = birth.replace(/^(\d\d)(\d\d)(\d{4})$/, "$1/$2/$3");
    field("sex").value = ["Nam", "Nữ"].includes(sex) ? sex : "";
    field("address").value = address;
    for (const part of PARTS) invalid(part, false);
    invalid("name", bad);
    invalid("address", bad);
    tell(bad ? "wait" : "done", bad
      ? "Đã đọc số thẻ, nhưng chữ có dấu bị lỗi do bộ gõ. Sửa họ tên, địa chỉ theo thẻ."
      : "Đã điền từ thẻ căn cước. Đọc lại họ tên cho người nộp xác nhận.");
    field(bad ? "name" : "phone").focus();
    if (bad) field("name").select();
    redrawPerson();
    lookUp();
  };
  // --- keys of the page ---------------------------------------------------------------------
  const onward = (from) => {
    const all = $$("input, select, textarea, button", form).filter(
      (el) => el.tabIndex >= 0 && !el.disabled && el.type !== "hidden" && el.checkVisibility());
    const group = (el) => (el.type === "radio" ? el.name : "");
    const rest = all.slice(all.indexOf(from) + 1);
    rest.find((el) => el.type !== "submit" && (!group(el) || group(el) !== group(from)))?.focus();
  };
  const PANELS = {
    F2: () => ($("#tim") ?? $("#change")).focus(),
    F3: () => { person.open = true; field("personal_id").focus(); },
    F4: () => focusRow(rows.find((row) => !mark(row)) ?? rows[0] ?? form),
  };
  document.addEventListener("keydown", (event) => {
    const el = event.target;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      main?.click();
    } else if (PANELS[event.key] && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      PANELS[event.key]();
    } else if (event.key === "Enter" && el.id !== "tim" && el.form === form && el.matches("input, select")) {
      event.preventDefault();
      onward(el);
    } else if (el.closest?.(".paper") && el.type === "radio" && !event.ctrlKey && !event.altKey) {
      paperKeys(event, el.closest(".paper"));
    }
  }, true);
  document.addEventListener("card", (event) => fillCard(event.detail));

  // --- events -------------------------------------------------------------------------------
  form.addEventListener("input", (event) => {
    if (PARTS.includes(event.target.name)) invalid(event.target.name, false);
    if (person.contains(event.target)) redrawPerson();
    else redraw();
  });
  form.addEventListener("change", (event) => {
    const name = event.target.name;
    if (["personal_id", "birth_date", "sex"].includes(name)) lookUp();
    if (name === "case" || name === "commune") $("#keep").click();
  });
  $("#p3").addEventListener("focusin", fold);
  form.addEventListener("click", (event) => {
    const fill = event.target.closest("[data-fill]");
    if (fill) {
      field(fill.dataset.fill).value = fill.dataset.value;
      field(fill.dataset.fill).focus();
      fill.remove();
      redrawPerson();
    } else if (event.target.id === "clear") {
      for (const part of PARTS) { field(part).value = ""; invalid(part, false); }
      tell("", "");
      $("#known").textContent = "";
      redrawPerson();
      field("personal_id").focus();
    }
  });
  form.addEventListener("submit", (event) => {
    const unseen = rows.find((row) => !mark(row));
    if (event.submitter === main && unseen) {
      event.preventDefault();
      say("Còn giấy tờ chưa kiểm tra: bấm Đ nếu đủ, T nếu thiếu.");
      focusRow(unseen);
    } else if (form.dataset.sent) {
      event.preventDefault();
    } else {
      form.dataset.sent = "1";
    }
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  redraw();
  redrawPerson();
})();
