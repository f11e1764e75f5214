// A card read by a webcam or a telephone's camera, in a box over the form. The browser's own
// reader where there is one, else jsQR, which is loaded only then.
(() => {
  "use strict";
  const button = document.getElementById("camera");
  const box = document.getElementById("camera-box");
  if (!button || !box || !navigator.mediaDevices?.getUserMedia || !window.scanned) return;
  const video = box.querySelector("video"), said = box.querySelector("[role=status]");
  const canvas = document.createElement("canvas");
  const PAUSE = 120, WIDEST = 1280;
  let stream = null, read = null;

  const native = async () => {
    const formats = (await window.BarcodeDetector?.getSupportedFormats?.()) ?? [];
    if (!formats.includes("qr_code")) return null;
    const reader = new window.BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await reader.detect(video))[0]?.rawValue;
  };
  const vendored = async () => {
    if (!window.jsQR) await new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = box.dataset.reader;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
    return async () => {
      const scale = Math.min(1, WIDEST / video.videoWidth);
      canvas.width = video.videoWidth * scale;
      canvas.height = video.videoHeight * scale;
      if (!canvas.width) return undefined;
      const brush = canvas.getContext("2d", { willReadFrequently: true });
      brush.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data, width, height } = brush.getImageData(0, 0, canvas.width, canvas.height);
      const found = window.jsQR(data, width, height, { inversionAttempts: "dontInvert" });
      return found && new TextDecoder().decode(Uint8Array.from(found.binaryData));
    };
  };
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
  };
  const look = async () => {
    if (!stream) return;
    const text = await read().catch(() => undefined);
    if (!stream) return;
    if (!text) return void setTimeout(look, PAUSE);
    box.close();
    window.scanned(text);
  };
  const start = async () => {
    said.textContent = "Đang mở camera…";
    box.showModal();
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: WIDEST } } });
      video.srcObject = stream;
      await video.play();
      read ??= (await native()) ?? (await vendored());
      said.textContent = "Đưa mã QR trên thẻ vào giữa khung hình.";
      look();
    } catch {
      said.textContent = "Không mở được camera: cho phép trang này dùng camera, hoặc gõ theo thẻ.";
    }
  };
  button.hidden = false;
  button.addEventListener("click", start);
  box.addEventListener("close", stop);
})();
