// Films a card and tells the page around it what its QR code says: the browser's own reader where
// there is one, else zxing, which is loaded only then.
(() => {
  "use strict";
  const video = document.querySelector("video"), said = document.querySelector("[role=status]");
  const { reader, wasm } = document.body.dataset;
  const canvas = document.createElement("canvas");
  const PAUSE = 120, WIDEST = 1280;
  let read = null;

  const tell = (what) => window.parent.postMessage(what, location.origin);
  const native = async () => {
    const formats = (await window.BarcodeDetector?.getSupportedFormats?.()) ?? [];
    if (!formats.includes("qr_code")) return null;
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  };
  const vendored = async () => {
    await new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = reader;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
    const { prepareZXingModule, readBarcodes } = window.ZXingWASM;
    await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
    return async () => {
      const scale = Math.min(1, WIDEST / video.videoWidth);
      canvas.width = video.videoWidth * scale;
      canvas.height = video.videoHeight * scale;
      if (!canvas.width) return undefined;
      const brush = canvas.getContext("2d", { willReadFrequently: true });
      brush.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = brush.getImageData(0, 0, canvas.width, canvas.height);
      const [found] = await readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 1 });
      return found?.isValid ? new TextDecoder().decode(found.bytes) : undefined;
    };
  };
  const look = async () => {
    const text = await read().catch(() => undefined);
    if (text) tell({ scanned: text });
    else setTimeout(look, PAUSE);
  };
  const start = async () => {
    said.textContent = "Đang mở camera…";
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: WIDEST } } });
      await video.play();
    } catch {
      said.textContent = "Không mở được camera: cho phép trang này dùng camera, hoặc gõ theo thẻ.";
      return;
    }
    try {
      read = (await native()) ?? (await vendored());
      said.textContent = "Đưa mã QR trên thẻ vào giữa khung hình.";
      look();
    } catch {
      said.textContent = "Không tải được bộ đọc mã QR: đóng khung này rồi mở lại, hoặc gõ theo thẻ.";
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tell({});
  });
  start();
})();
