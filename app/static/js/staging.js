// Files of the papers before acceptance: scanned, chosen, dropped or pasted into a row they go off
// at once, and the clerk goes on meanwhile. Without it a field and a button do the same.
(() => {
  "use strict";
  const form = document.getElementById("intake");
  const rows = [...document.querySelectorAll(".paper")];
  if (!form || !rows.length) return;
  const MEGA = 1024 * 1024, PATIENCE = 120000;
  const fieldOf = (row) => row.querySelector("[type=file]");
  const rowOf = (el) => el?.closest(".paper");
  const say = (text) => { document.getElementById("said").textContent = text; };
  const number = () => form.elements.personal_id.value.trim();
  let queue = Promise.resolve(), waiting = 0, isStopped = false, person = number();
  form.classList.add("scripted");

  // --- what is wrong with a row's files stands beneath the paper's name ----------------------
  const tell = (row, text) => {
    const id = `${row.querySelector("[type=radio]").name}-error`;
    let told = document.getElementById(id);
    if (!told && text) {
      told = document.createElement("p");
      told.className = "error";
      told.id = id;
      told.setAttribute("role", "alert");
      row.cells[1].append(told);
    }
    if (text) told.textContent = text;
    else told?.remove();
  };
  const take = (html) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const news = answer.querySelectorAll("[data-for]");
    if (!news.length) throw new Error("no answer of ours");
    for (const part of news) document.getElementById(part.dataset.for).replaceChildren(...part.childNodes);
    const wrong = answer.querySelectorAll("[data-wrong]");
    for (const { dataset, textContent } of wrong) {
      const row = rowOf(document.getElementById(dataset.wrong));
      if (row) tell(row, textContent);
      else say(textContent);
    }
    return wrong.length === 0;
  };

  // --- one after the other, so that the newest answer is the last ----------------------------
  const ask = async (action, row, files) => {
    const body = new FormData(form);
    for (const one of rows) body.delete(fieldOf(one).name);
    body.set("action", action);
    for (const file of files) body.append(fieldOf(row).name, file, file.name);
    const answer = await window.reach.ask(
      form.dataset.files, { method: "POST", body, patience: PATIENCE });
    return take(await answer.text());
  };
  const later = (action, row, files = []) => {
    const pick = row.querySelector(".pick").firstChild;
    if (waiting === 0) isStopped = false;
    waiting += 1;
    tell(row, "");
    pick.data = "Đang gửi…";
    queue = queue.then(async () => {
      let isDone = false;
      try {
        isDone = await ask(action, row, files);
      } catch {
        tell(row, "Chưa gửi được tệp này lên máy chủ, hãy chọn lại tệp.");
      }
      waiting -= 1;
      isStopped ||= !isDone;
      pick.data = "Quét";
      fieldOf(row).value = "";
    });
    return queue;
  };
  // The mark is the clerk's own word, so the focus goes there; a row that has it is done.
  const goOn = (row) => {
    const isMarked = row.querySelector("[value=have]").checked;
    const next = (isMarked && rows[rows.indexOf(row) + 1]) || row;
    (next === row ? next.querySelector("[value=have]")
      : next.querySelector("[type=radio]:checked, [type=radio]")).focus();
  };
  const send = (row, files) => {
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (!files.length) return;
    if (files.some((file) => file.size > 20 * MEGA) || size > 100 * MEGA) {
      tell(row, "Mỗi tệp không quá 20 MB, mỗi lần gửi không quá 100 MB: hãy quét lại ở 200–300 dpi hoặc chia nhỏ.");
      fieldOf(row).value = "";
      return;
    }
    goOn(row);
    later("find", row, files);
  };
  // What may be reused belongs to the person: another number, other offers.
  const reoffer = () => {
    if (person === number()) return;
    person = number();
    queue = queue.then(() => ask("find", null, []).catch(() => {}));
  };

  // --- ways in ------------------------------------------------------------------------------
  for (const row of rows) {
    const carries = (event) => [...event.dataTransfer.types].includes("Files");
    fieldOf(row).addEventListener("change", () => send(row, [...fieldOf(row).files]));
    row.addEventListener("dragover", (event) => row.classList.toggle("over", carries(event)));
    row.addEventListener("dragleave", (event) => {
      if (!row.contains(event.relatedTarget)) row.classList.remove("over");
    });
    row.addEventListener("drop", (event) => {
      row.classList.remove("over");
      send(row, [...event.dataTransfer.files]);
    });
  }
  // A file dropped anywhere must not replace the page and what is typed in it.
  for (const name of ["dragover", "drop"])
    document.addEventListener(name, (event) => event.preventDefault());
  document.addEventListener("paste", (event) => {
    const row = rowOf(document.activeElement);
    const files = [...(event.clipboardData?.files ?? [])];
    if (!row || !files.length) return;
    event.preventDefault();
    send(row, files);
  });
  const open = (row) => {
    fieldOf(row).focus();
    fieldOf(row).click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (document.querySelector("dialog[open]")) return;
    const isField = event.key === "Enter" && event.target.matches(".paper [type=file]");
    if (event.key !== "F8" && !isField) return;
    event.preventDefault();
    open(rowOf(document.activeElement) ?? rows.find((row) => !row.querySelector(".laid")) ?? rows[0]);
  });

  document.addEventListener("card", reoffer);
  form.elements.personal_id.addEventListener("change", reoffer);
  document.addEventListener("click", (event) => {
    reoffer(); // “Xóa, nhập lại”, “Điền theo hồ sơ trước”
    const link = event.target.closest("[data-kind]");
    const button = event.target.closest(".scan [name=action]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      show(link);
    } else if (button) {
      event.preventDefault();
      const row = rowOf(button);
      const isReuse = button.value.startsWith("reuse");
      later(button.value, row).then(() => (isReuse ? goOn(row) : fieldOf(row).focus()));
    }
  });
  form.addEventListener("submit", (event) => {
    if (!waiting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    say("Đang gửi tệp, xong sẽ làm tiếp…");
    queue.then(() => {
      say(isStopped ? "Chưa làm tiếp: có tệp chưa gắn được, xem ở dòng giấy tờ." : "");
      if (!isStopped) form.requestSubmit(button);
    });
  });

  // --- a file beside the form ---------------------------------------------------------------
  let box = null;
  const show = (link) => {
    if (!box) {
      box = document.createElement("dialog");
      box.className = "viewer";
      box.innerHTML = '<form method="dialog" class="row"><h2 id="view-title"></h2>' +
        '<button class="button plain small push">Đóng <kbd>Esc</kbd></button></form>';
      box.setAttribute("aria-labelledby", "view-title");
      box.addEventListener("close", () => box.lastChild.remove());
      document.body.append(box);
    }
    const shown = document.createElement(link.dataset.kind === "pdf" ? "iframe" : "img");
    shown.src = link.dataset.kind === "pdf" ? `${link.href}#navpanes=0&view=FitH` : link.href;
    shown.title = shown.alt = box.querySelector("h2").textContent = link.title;
    box.append(shown);
    box.showModal();
  };
})();
