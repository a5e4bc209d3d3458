import { byId, make } from "./dom.js";
import { ask } from "./sheet.js";

const UNKNOWN = "没有取到位置，请自己填写";

/** What is sent besides words: the panel behind the plus, and files that are pasted or dropped. */
export class Attach {
  #chat;
  #panel = byId("attachments");
  #button = byId("attach");

  /** `chat()` is the open chat. */
  constructor(chat) {
    this.#chat = chat;
    this.#button.addEventListener("click", () => this.#toggle(this.#panel.hidden));
    this.#panel.addEventListener("click", () => this.#toggle(false));
    this.#panel.addEventListener("keydown", ({ key }) => key === "Escape" && this.#toggle(false));
    byId("attach-file").addEventListener("click", () => this.pick("image/*,video/mp4"));
    byId("attach-camera").addEventListener("click", () => this.pick("image/*", {}, "environment"));
    byId("attach-place").addEventListener("click", () => askForPlace((place) => chat().sendPlace(place)));
    byId("attach-link").addEventListener("click", () => askForLink((link) => chat().sendLink(link)));
    byId("words").addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    byId("chat").addEventListener("dragover", (event) => event.preventDefault());
    byId("chat").addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
  }

  /** Let a file be chosen and send it; `entry` is the menu entry that asks for it. */
  pick(accept, entry = {}, capture = "") {
    const input = make("input", { type: "file", accept });
    if (capture) input.setAttribute("capture", capture);
    input.addEventListener("change", () => input.files[0] && this.#chat().sendFile(input.files[0], entry));
    input.click();
  }

  #toggle(open) {
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-expanded", open);
    if (open) this.#panel.querySelector("button").focus({ focusVisible: false });
    else if (this.#panel.contains(document.activeElement)) this.#button.focus();
  }

  #take(event, { files }) {
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) this.#chat()?.sendFile(file);
  }
}

/** Ask for a place: `send({label, latitude, longitude})`. */
export function askForPlace(send) {
  const here = make("button", { type: "button" }, "用当前位置");
  const form = ask({
    title: "发送位置",
    fields: [
      { label: "地点", name: "label", required: true, maxLength: 100, value: "北京首都国际机场 T3" },
      { label: "纬度", name: "latitude", type: "number", step: "any", min: -90, max: 90, required: true, value: "40.0522" },
      { label: "经度", name: "longitude", type: "number", step: "any", min: -180, max: 180, required: true, value: "116.6151" },
    ],
    more: [here],
    done: "发送",
    act: ({ label, latitude, longitude }) => send({ label, latitude: Number(latitude), longitude: Number(longitude) }),
  });
  here.addEventListener("click", () => {
    const fill = ({ coords }) => {
      form.elements.label.value = "我的位置";
      form.elements.latitude.value = coords.latitude.toFixed(6);
      form.elements.longitude.value = coords.longitude.toFixed(6);
    };
    navigator.geolocation.getCurrentPosition(fill, () => (form.querySelector(".error").textContent = UNKNOWN));
  });
}

function askForLink(send) {
  ask({
    title: "发送链接",
    fields: [
      { label: "网址", name: "url", type: "url", required: true, placeholder: "https://" },
      { label: "标题", name: "title", required: true, maxLength: 100 },
      { label: "说明", name: "description", maxLength: 200 },
    ],
    done: "发送",
    act: send,
  });
}
