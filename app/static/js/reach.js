// The server out of reach, slow, or the session over: what was typed stays on the screen, and
// nothing of it is stored anywhere. Every form that sends asks first whether it will be taken; only
// one that opens its answer in another tab, or leaves (data-leaves), has nothing to lose.
(() => {
  "use strict";
  const SLOW = 300, PATIENCE = 10000, AGAIN = 3000;
  const STATE = "/phien", LOGIN = "/dang-nhap";
  const AWAY = "Không nối được máy chủ. Nội dung đã nhập vẫn còn trên màn hình, chưa gửi đi.";
  let bar, dialog, watching, waiting = null; // waiting: the form and the button to send again

  const make = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };
  const say = (text) => {
    let said = document.getElementById("said");
    if (!said) {
      said = make("p", { id: "said", class: "small", role: "status" });
      document.getElementById("main")?.append(said);
    }
    said.textContent = text;
  };

  // --- what the server says of itself -------------------------------------------------------
  const withPatience = async (url, { patience = PATIENCE, ...options } = {}) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    options.signal?.addEventListener("abort", () => stop.abort());
    try {
      return await fetch(url, {
        redirect: "manual", cache: "no-store", ...options, signal: stop.signal });
    } finally {
      clearTimeout(timer);
    }
  };
  const state = async () => {
    try {
      const answer = await withPatience(STATE);
      if (answer.type === "opaqueredirect" || answer.status === 401) return "over";
      if (!answer.ok) return "away";
      const told = await answer.json();
      for (const token of document.querySelectorAll("[name=csrf_token]")) token.value = told.csrf;
      return "here";
    } catch {
      return "away";
    }
  };

  // --- out of reach -------------------------------------------------------------------------
  const tellAway = () => {
    if (!bar) {
      const again = make("button", { type: "button", class: "button small plain push" }, "Gửi lại");
      again.addEventListener("click", resend);
      bar = make("div", { class: "notice wait row unreachable", role: "alert" },
        make("span", {}, AWAY), again);
      document.getElementById("main").prepend(bar);
    }
    bar.className = "notice wait row unreachable";
    bar.firstChild.textContent = AWAY;
    bar.lastChild.hidden = !waiting;
    clearInterval(watching);
    watching = setInterval(async () => {
      const now = await state();
      if (now === "away") return;
      clearInterval(watching);
      if (now === "over") return askLogin();
      bar.className = "notice done row unreachable";
      bar.firstChild.textContent = waiting
        ? "Đã nối lại được máy chủ. Bấm “Gửi lại”." : "Đã nối lại được máy chủ.";
    }, AGAIN);
  };
  const forget = () => {
    clearInterval(watching);
    bar?.remove();
    bar = null;
  };
  const resend = () => {
    const { form, button } = waiting;
    if (button?.isConnected) form.requestSubmit(button);
    else form.requestSubmit();
  };

  // --- the session is over ------------------------------------------------------------------
  const logIn = async (wrong, name, word) => {
    const mine = document.body.dataset.user ?? "";
    if (mine && name.value.trim().toLowerCase() !== mine) {
      wrong.textContent = `Trang này đang mở bằng tài khoản ${mine}: hãy đăng nhập lại bằng tài khoản đó.`;
      name.focus();
      return;
    }
    const page = await (await fetch(LOGIN, { cache: "no-store" })).text();
    const token = new DOMParser().parseFromString(page, "text/html")
      .querySelector("main [name=csrf_token], [name=csrf_token]");
    const body = new URLSearchParams({
      csrf_token: token?.value ?? "", username: name.value, password: word.value });
    const answer = await withPatience(LOGIN, { method: "POST", body });
    word.value = "";
    if ((await state()) !== "here") {
      wrong.textContent = answer.status === 429
        ? "Thử quá nhiều lần, hãy đợi rồi thử lại."
        : answer.type === "opaqueredirect"
          ? "Tài khoản này còn một bước xác nhận: mở trang đăng nhập ở thẻ mới, xong bấm lại."
          : "Tên đăng nhập hoặc mật khẩu không đúng.";
      name.focus();
      return;
    }
    dialog.close();
    forget();
    say("Đã đăng nhập lại. Nội dung đã nhập vẫn còn, chưa gửi đi.");
    (waiting?.button ?? document.getElementById("accept"))?.focus();
  };
  // Logged in at another window: the box is needed no more.
  addEventListener("focus", async () => {
    if (dialog?.open && (await state()) === "here") dialog.close();
  });
  const askLogin = () => {
    if (!dialog) {
      const name = make("input", { id: "again-name", autocomplete: "username", spellcheck: "false",
        value: document.body.dataset.user ?? "" });
      const word = make("input", {
        id: "again-word", type: "password", autocomplete: "current-password" });
      const wrong = make("p", { class: "error", role: "alert" });
      const form = make("form", { class: "stack" },
        make("h2", { id: "again-title" }, "Phiên làm việc đã hết"),
        make("p", {}, "Đăng nhập lại để làm tiếp. Những gì bạn đã nhập vẫn còn nguyên."), wrong,
        make("div", { class: "field" }, make("label", { for: "again-name" }, "Tên đăng nhập"), name),
        make("div", { class: "field" }, make("label", { for: "again-word" }, "Mật khẩu"), word),
        make("div", { class: "buttons" },
          make("button", { class: "button main" }, "Đăng nhập lại"),
          make("a", { href: LOGIN, target: "_blank", rel: "noopener" }, "Mở ở thẻ mới")));
      dialog = make("dialog", { class: "again", "aria-labelledby": "again-title" }, form);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        event.stopPropagation();
        wrong.textContent = "";
        try {
          await logIn(wrong, name, word);
        } catch {
          wrong.textContent = "Không nối được máy chủ, hãy thử lại.";
        }
      });
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
    dialog.querySelector(document.body.dataset.user ? "#again-word" : "input").focus();
  };

  // --- asking and sending -------------------------------------------------------------------
  const ask = async (url, options = {}) => {
    try {
      const answer = await withPatience(url, options);
      // A form's token dies with the session, so that its POST may be refused before the log-in is.
      const isOver = answer.type === "opaqueredirect" ||
        ([400, 401, 403].includes(answer.status) && (await state()) === "over");
      if (isOver) {
        askLogin();
        throw new Error("the session is over");
      }
      if (bar && !waiting) forget();
      return answer;
    } catch (error) {
      if (!options.signal?.aborted && (error instanceof TypeError || error.name === "AbortError"))
        tellAway();
      throw error;
    }
  };
  const send = async (form, button) => {
    const slow = setTimeout(() => say("Đang gửi…"), SLOW);
    const now = await state();
    clearTimeout(slow);
    delete form.dataset.sent;
    if (now === "here") {
      forget();
      form.dataset.sure = "1";
      if (button?.isConnected) form.requestSubmit(button);
      else form.requestSubmit();
      return;
    }
    say("");
    waiting = { form, button };
    form.querySelector(".said")?.replaceChildren("Chưa gửi được; tệp đã chọn vẫn còn.");
    button?.removeAttribute("aria-disabled");
    setTimeout(() => button?.removeAttribute("aria-disabled"), SLOW + 20);
    if (now === "over") askLogin();
    else tellAway();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const elsewhere = (event.submitter?.formTarget || form.target) === "_blank";
    if (form.method !== "post" || elsewhere || event.defaultPrevented) return;
    if (form.matches("[data-leaves]")) return;
    if (form.dataset.sure) {
      delete form.dataset.sure;
      setTimeout(() => say("Đang gửi…"), SLOW);
      return;
    }
    event.preventDefault();
    send(form, event.submitter);
  });
  window.reach = { ask };
})();
