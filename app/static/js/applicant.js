// The applicant's panel: fills in a card that was read, shows what is known of the person.
(() => {
  "use strict";
  const form = document.getElementById("intake");
  const person = document.getElementById("p2");
  if (!form || !person) return;
  const PARTS = ["personal_id", "name", "birth_date", "sex", "address", "phone", "email"];
  const part = (name) => form.elements[name];
  const value = (name) => part(name).value.trim();
  const byId = (id) => document.getElementById(id);

  const redraw = () => {
    byId("who").textContent = value("name");
    byId("who-more").textContent =
      ["personal_id", "birth_date", "phone"].map(value).filter(Boolean).join(" · ");
    const badge = person.querySelector(".badge");
    const isWrong = person.querySelector("[aria-invalid=true]") !== null;
    const isDone = value("name") !== "" && !isWrong;
    badge.classList.toggle("done", isDone);
    badge.textContent = isWrong ? "!" : isDone ? "✓" : "2";
  };
  const invalid = (name, isWrong) => {
    if (isWrong) part(name).setAttribute("aria-invalid", "true");
    else part(name).removeAttribute("aria-invalid");
  };
  const tell = (kind, text) => {
    const bar = byId("card-said");
    bar.hidden = !text;
    bar.className = `notice row ${kind}`;
    bar.querySelector("span").textContent = text;
  };
  let asking = 0;
  const lookUp = async () => {
    const known = byId("known");
    const mark = (asking += 1); // only the newest answer is shown
    if (!/^\d{12}$/.test(value("personal_id"))) {
      known.textContent = "";
      return;
    }
    const body = new URLSearchParams({
      so: value("personal_id"), name: value("name"), birth_date: value("birth_date"), sex: value("sex"),
      csrf_token: part("csrf_token")?.value ?? "",
    });
    try {
      const answer = await window.reach.ask(form.dataset.person, { method: "POST", body });
      const told = await answer.text();
      if (mark !== asking) return;
      known.innerHTML = answer.ok ? told : "";
      for (const offer of known.querySelectorAll("[data-fill]:not([data-fill=person])"))
        if (value(offer.dataset.fill) === offer.dataset.value) offer.remove();
    } catch {
      known.textContent = ""; // what is known of the person is only a help
    }
  };

  // Scanners in keyboard mode lose Vietnamese letters, and an input method changes them: signs of
  // loss, digits inside words, two tones on a word, or not one mark in name and address.
  const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;
  const isGarbled = (text) =>
    /[?\uFFFD]|\p{L}\d+\p{L}/u.test(text) ||
    text.normalize("NFD").split(/[^\p{L}\p{M}]+/u).some((w) => (w.match(TONES) ?? []).length > 1);
  const isBare = (text) => /^[\x00-\x7f]*$/.test(text);
  const fill = (payload) => {
    const read = payload.normalize("NFC").split("|").map((text) => text.trim());
    const [number, , name, birth, sex, address] = read;
    const isBad = !name || /\d/.test(name) || isGarbled(name) || isGarbled(address) ||
      isBare(name + address);
    person.open = true;
    form.querySelector("[name=kind][value=person]").checked = true;
    part("personal_id").value = number;
    part("name").value = name;
    part("birth_date").value = birth.replace(/^(\d\d)(\d\d)(\d{4})$/, "$1/$2/$3");
    part("sex").value = ["Nam", "Nữ"].includes(sex) ? sex : "";
    part("address").value = address;
    PARTS.forEach((one) => invalid(one, isBad && ["name", "address"].includes(one)));
    tell(isBad ? "wait" : "done", isBad
      ? "Đã đọc số thẻ, nhưng chữ có dấu bị lỗi do bộ gõ. Sửa họ tên, địa chỉ theo thẻ."
      : "Đã điền từ thẻ căn cước. Đọc lại họ tên cho người nộp xác nhận.");
    part(isBad ? "name" : "phone").focus();
    if (isBad) part("name").select();
    redraw();
    lookUp();
  };
  const clear = () => {
    for (const one of PARTS) {
      part(one).value = "";
      invalid(one, false);
    }
    tell("", "");
    redraw();
    lookUp();
    part("personal_id").focus();
  };

  document.addEventListener("card", (event) => fill(event.detail));
  byId("clear").addEventListener("click", clear);
  person.addEventListener("input", (event) => {
    if (PARTS.includes(event.target.name)) invalid(event.target.name, false);
    redraw();
  });
  person.addEventListener("change", (event) => {
    if (["personal_id", "name", "birth_date", "sex"].includes(event.target.name)) lookUp();
  });
  person.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-fill]");
    if (!offer) return;
    const values = offer.dataset.fill === "person"
      ? JSON.parse(offer.dataset.value) : { [offer.dataset.fill]: offer.dataset.value };
    const empty = Object.entries(values).filter(
      ([name, text]) => text && (!value(name) || offer.dataset.fill !== "person"));
    for (const [name, text] of empty) {
      part(name).value = text;
      invalid(name, false);
    }
    const next = PARTS.find((name) => name !== "email" && !value(name));
    part(offer.dataset.fill === "person" ? next ?? "phone" : offer.dataset.fill).focus();
    offer.remove();
    redraw();
  });
  redraw();
})();
