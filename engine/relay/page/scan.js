import { make } from "./dom.js";
import { upload } from "./http.js";
import { buttons, close, show } from "./sheet.js";

const LARGEST = 1000;
const FRAME = 600;
const BETWEEN = 300;
const NO_CAMERA = "没有可用的相机，请选一张二维码的图片";
const NOTHING = "图片里没有找到二维码，请换一张清楚的";

/** Let the customer hold a QR code before the camera, or choose a picture of one; `found(text)` may throw. */
export function scan(found, title = "扫一扫") {
  const error = make("p", { className: "error", role: "alert" });
  const view = make("video", { className: "camera", muted: true, playsInline: true, hidden: true });
  const file = make("input", { type: "file", accept: "image/*", hidden: true });
  const pick = make("button", { type: "button", className: "primary", onclick: () => file.click() }, "选图片");
  const form = make("form", { method: "dialog" }, make("h3", {}, title), view, error, file, buttons(pick));
  const camera = new Camera(view);
  const take = async (text) => {
    camera.end();
    try {
      await found(text);
      close();
    } catch (refused) {
      error.textContent = refused.message;
    }
  };
  file.addEventListener("change", async () => {
    const text = await read(await createImageBitmap(file.files[0]).catch(() => undefined), LARGEST);
    file.value = "";
    if (text) await take(text);
    else error.textContent = NOTHING;
  });
  show(form);
  form.closest("dialog").addEventListener("close", () => camera.end(), { once: true });
  camera.begin(take).catch(() => (error.textContent = NO_CAMERA));
}

class Camera {
  #view;
  #stream;
  #ended = false;

  constructor(view) {
    this.#view = view;
  }

  /** Look until something is found: `found(text)`. Throws when there is no camera. */
  async begin(found) {
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    if (this.#ended) return this.end();
    this.#view.srcObject = this.#stream;
    this.#view.hidden = false;
    await this.#view.play();
    while (!this.#ended) {
      const text = await read(await createImageBitmap(this.#view), FRAME);
      if (text && !this.#ended) return found(text);
      await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
  }

  end() {
    this.#ended = true;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#view.hidden = true;
  }
}

// Few browsers read codes themselves; the relay does for the others, from grey pixels.
async function read(picture, largest) {
  if (!picture) return "";
  if (window.BarcodeDetector) {
    const [code] = await new BarcodeDetector({ formats: ["qr_code"] }).detect(picture).catch(() => []);
    if (code) return code.rawValue;
  }
  const scale = Math.min(1, largest / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const grey = new Uint8Array(width * height);
  grey.forEach((_, at) => {
    grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  });
  return (await upload(`/api/decode?width=${width}`, grey)).text;
}
