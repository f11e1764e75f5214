// A scanner in USB-COM mode: its text comes as it is, untouched by any input method. The person
// chooses the port once; afterwards the browser opens it by itself on these pages.
(() => {
  "use strict";
  const button = document.getElementById("serial");
  if (!button || !navigator.serial || !window.scanned) return;
  const SPEED = 9600, PAUSE = 150; // some scanners send no line end: silence ends the code
  const said = document.getElementById("scanner-said");
  const tell = (text) => (said.textContent = text);

  const listen = async (port) => {
    try {
      await port.open({ baudRate: SPEED });
    } catch {
      tell("Máy quét đang được thẻ khác dùng");
      return;
    }
    button.hidden = true;
    tell("Máy quét COM sẵn sàng");
    const letters = new TextDecoder(), reader = port.readable.getReader();
    let text = "", idle;
    const flush = () => {
      const code = text.trim();
      text = "";
      if (code) window.scanned(code);
    };
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        clearTimeout(idle);
        text += letters.decode(value, { stream: true });
        const lines = text.split(/[\r\n]+/);
        text = lines.pop();
        lines.filter((line) => line.trim()).forEach((line) => window.scanned(line.trim()));
        idle = setTimeout(flush, PAUSE);
      }
    } catch {
      // pulled out: said below
    }
    button.hidden = false;
    tell("Máy quét COM đã ngắt");
  };

  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      listen(await navigator.serial.requestPort());
    } catch {
      tell("Chưa chọn máy quét");
    }
  });
  navigator.serial.getPorts().then((ports) => ports[0] && listen(ports[0]));
  navigator.serial.addEventListener?.("connect", (event) => listen(event.target));
})();
