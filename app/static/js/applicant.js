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
    byId("old-said").textContent = value("old_id") && `CMND cũ ${value("old_id")}`;
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
      so: value("personal_id"), old_id: value("old_id"), name: value("name"), birth_date: value("birth_date"), sex: value("sex"),
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

  const readCard = (payload) => {
    const read = payload.normalize("NFC").split("|").map((text) => text.trim());
    const [number, old, name, birth, sex, address] = read;
    return {
      number, name, address, isBad: window.garbled(name, address),
      old: /^(\d{9}|\d{12})$/.test(old) && old !== number ? old : "",
      birth: birth.replace(/^(\d\d)(\d\d)(\d{4})$/, "$1/$2/$3"),
      sex: { nam: "Nam", "nữ": "Nữ" }[sex.toLowerCase()] ?? "",
    };
  };
  const put = (values, bad) => {
    for (const [name, text] of Object.entries(values)) {
      part(name).value = text;
      invalid(name, bad && /name|address/.test(name));
    }
    const [first] = Object.keys(values).filter((name) => /name$/.test(name));
    part(bad ? first : /^submitter/.test(first) ? "submitter_phone" : "phone").focus();
    if (bad) part(first).select();
    redraw();
  };
  const BAD = "Đã đọc số thẻ, nhưng chữ có dấu bị lỗi do bộ gõ. Sửa họ tên, địa chỉ theo thẻ.";
  const fillApplicant = (card) => {
    person.open = true;
    form.querySelector("[name=kind][value=person]").checked = true;
    part("old_id").value = card.old;
    for (const one of PARTS) invalid(one, false);
    tell(card.isBad ? "wait" : "done",
      card.isBad ? BAD : "Đã điền từ thẻ căn cước. Đọc lại họ tên cho người nộp xác nhận.");
    put({ personal_id: card.number, name: card.name, birth_date: card.birth, sex: card.sex,
      address: card.address }, card.isBad);
    lookUp();
  };
  // Whoever hands in for another, or for an organisation, has a card too.
  const fillSubmitter = (card) => {
    person.open = true;
    part("submitter_name").closest("details").open = true;
    tell(card.isBad ? "wait" : "done", card.isBad ? BAD : "Đã điền người nộp thay từ thẻ căn cước.");
    put({ submitter_personal_id: card.number, submitter_name: card.name,
      submitter_birth_date: card.birth, submitter_address: card.address }, card.isBad);
  };
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
    .replaceAll("đ", "d").replace(/\s+/g, " ").trim();
  const isOther = (card) => /^\d{12}$/.test(value("personal_id"))
    ? value("personal_id") !== card.number
    : value("name") !== "" && fold(value("name")) !== fold(card.name);
  // Another person's card is asked about first: phone, e-mail and scanned papers are the first one's.
  const askFirst = (card) => {
    tell("wait", `Thẻ vừa quét của ${card.name || card.number}, khác người đang nhập. `);
    const swap = document.createElement("button");
    swap.type = "button";
    swap.className = "button plain small";
    swap.textContent = "Thay bằng người này";
    swap.addEventListener("click", () => {
      part("phone").value = part("email").value = "";
      fillApplicant(card);
      if (form.querySelector("[name=staged]"))
        tell("wait", "Đã thay người nộp. Các tệp đã gắn là của người trước: bỏ tệp không phải của người này.");
    });
    byId("card-said").querySelector("span").append(swap);
    person.open = true;
    swap.focus();
  };
  const fill = (payload) => {
    const card = readCard(payload), at = document.activeElement;
    const isForOther = at?.name?.startsWith("submitter_") ||
      form.querySelector("[name=kind][value=organisation]")?.checked;
    if (isForOther) fillSubmitter(card);
    else if (isOther(card)) askFirst(card);
    else fillApplicant(card);
  };
  const clear = () => {
    for (const one of PARTS) {
      part(one).value = "";
      invalid(one, false);
    }
    part("old_id").value = "";
    tell("", "");
    redraw();
    lookUp();
    part("personal_id").focus();
  };

  document.addEventListener("card", (event) => fill(event.detail));
  byId("clear").addEventListener("click", clear);
  person.addEventListener("input", (event) => {
    if (PARTS.includes(event.target.name)) invalid(event.target.name, false);
    if (event.target.name === "personal_id") part("old_id").value = ""; // another's, as it seems
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
