// A card read by a webcam or a telephone's camera: a frame over the form, which films (reader.js).
(() => {
  "use strict";
  const button = document.getElementById("camera");
  const box = document.getElementById("camera-box");
  if (!button || !box || !navigator.mediaDevices?.getUserMedia || !window.scanned) return;
  let frame = null;

  const start = () => {
    frame = document.createElement("iframe");
    frame.src = box.dataset.page;
    frame.title = "Hình từ camera";
    box.querySelector("form").before(frame);
    box.showModal();
  };
  const stop = () => {
    frame?.remove(); // without its page the camera goes out
    frame = null;
  };
  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== location.origin) return;
    box.close();
    if (typeof event.data?.scanned === "string") window.scanned(event.data.scanned);
  });
  button.hidden = false;
  button.addEventListener("click", start);
  box.addEventListener("close", stop);
})();
