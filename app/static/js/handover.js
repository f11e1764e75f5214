// The return desk: a scanned receipt or card finds the result, a scanned card says who came.
(() => {
  "use strict";
  const seeking = document.getElementById("seeking");
  const form = document.getElementById("give");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
    .replaceAll("đ", "d").split(/\s+/).filter(Boolean).join(" ");

  if (seeking) {
    const find = (event) => {
      seeking.elements.tim.value = event.detail;
      seeking.requestSubmit();
    };
    document.addEventListener("card", find);
    document.addEventListener("scan", find);
  }
  if (!form) return;
  const own = form.dataset, part = (name) => form.elements[name];
  const box = document.getElementById("card-said");
  const tell = (kind, text) => {
    box.hidden = !text;
    box.className = `notice row ${kind}`;
    box.firstElementChild.textContent = text;
  };
  const relation = (value) => {
    form.querySelector(`[name=receiver_relation][value=${value}]`).checked = true;
  };
  const firstToDo = () => form.querySelector(".must-tick input:not(:checked)") ??
    form.querySelector(".button.main");

  const readCard = (payload) => {
    const read = payload.normalize("NFC").split("|").map((text) => text.trim());
    const [number, old, name, , , address] = read;
    const isPerson = own.kind === "person";
    // Received under the number of the old card, which the new one tells.
    const known = [own.ownId, own.ownOld].filter(Boolean);
    const isBefore = number !== own.ownId && (known.includes(number) || known.includes(old));
    const isOwn = isPerson && (number === own.ownId || isBefore);
    const garbled = window.garbled(name, address);
    part("receiver_id").value = number;
    part("receiver").value = garbled ? (isOwn ? own.ownName : "") : name;
    for (const one of ["receiver", "receiver_id"]) part(one).removeAttribute("aria-invalid");
    const isNameOther = isOwn && !garbled && fold(name) !== fold(own.ownName);
    document.getElementById("checked-box").hidden =
      !(isOwn && (isBefore || isNameOther || garbled));
    if (isOwn) {
      relation("self");
      if (isNameOther) tell("wait", `Số thẻ khớp nhưng họ tên khác: hồ sơ ghi ${own.ownName}.`);
      else if (garbled) tell("wait", "Số thẻ khớp hồ sơ; chữ trên thẻ đọc lỗi, đối chiếu họ tên.");
      else if (isBefore) tell("wait", "Số CMND cũ của thẻ khớp hồ sơ: đối chiếu họ tên rồi đánh dấu “Đã đối chiếu”.");
      else tell("done", "Số thẻ và họ tên khớp với người đứng tên hồ sơ.");
      (isNameOther || isBefore ? document.getElementById("checked") : firstToDo()).focus();
      return;
    }
    if (isPerson) relation("authorised");
    tell("wait", !isPerson ? "Người nhận thay mặt tổ chức: xem giấy giới thiệu hoặc giấy ủy quyền."
      : own.secondId === number ? "Người nộp thay của hồ sơ này: cần giấy ủy quyền nhận kết quả."
        : "Thẻ của người khác, không phải người đứng tên hồ sơ: cần giấy ủy quyền.");
    (garbled ? part("receiver") : isPerson ? part("authorisation") : firstToDo()).focus();
  };
  document.addEventListener("card", (event) => readCard(event.detail));
  document.addEventListener("scan", () =>
    tell("wait", "Mã vừa quét không phải thẻ căn cước. Bấm F2 để tìm hồ sơ khác."));
})();
