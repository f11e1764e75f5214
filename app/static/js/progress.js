// A task that runs: its part of the page is asked for anew every second, and all of it at the end.
(() => {
  "use strict";
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const look = async () => {
    let box = document.querySelector("[data-progress]");
    while (box) {
      await wait(1000);
      if (document.querySelector("dialog[open]")) continue; // logging in again
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        // The session is over: say so above the page, which would else give way to the log-in.
        if (new URL(answer.url).pathname === "/dang-nhap") await window.reach.ask(location.href);
        if (!answer.ok) continue;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("[data-progress]");
        if (!fresh) {
          location.reload();
          return;
        }
        box.querySelector("#so-far").textContent = fresh.querySelector("#so-far").textContent;
        const from = fresh.querySelector("progress"), to = box.querySelector("progress");
        if (from.hasAttribute("value")) [to.max, to.value] = [from.max, from.value];
      } catch {
        await wait(3000);  // the server does not answer: the link beneath the bar still works
      }
      box = document.querySelector("[data-progress]");
    }
  };
  look();
})();
