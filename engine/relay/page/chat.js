import { byId } from "./dom.js";
import { get, patiently, post, upload } from "./http.js";
import { Log } from "./log.js";
import { menu } from "./menu.js";

/** The open chat with one account. */
export class Chat {
  #account;
  #acts;
  #log;
  #typing;

  /** `acts` are what takes more than the chat: `enlarge(address, words)`, `scan`, `pick`, `place`. */
  constructor(account, acts) {
    this.#account = account;
    this.#acts = acts;
    byId("chat-title").textContent = account.title;
    this.#log = new Log(
      {
        enlarge: acts.enlarge,
        tap: ({ label, id }) => this.say(label, id),
        again: (message) => this.#post(message),
      },
      () => this.#older(this.#log.first),
    );
    this.update(account);
    this.type(0);
    this.#older();
  }

  /** Show what has changed about the account: its menu. */
  update(account) {
    if (byId("menu").firstChild && JSON.stringify(account.menu) === JSON.stringify(this.#account.menu)) return;
    this.#account = account;
    byId("menu").replaceChildren(...menu(account.menu, (entry) => this.#tap(entry)));
  }

  /** Show for so many seconds that the account is typing. */
  type(seconds) {
    clearTimeout(this.#typing);
    byId("typing").textContent = seconds ? "对方正在输入…" : "";
    if (seconds) this.#typing = setTimeout(() => this.type(0), seconds * 1000);
  }

  /** Its account's name. */
  get name() {
    return this.#account.name;
  }

  /** Show a message that the feed brought. */
  hear(message) {
    if (message.direction === "down") this.type(0);
    this.#log.put(message);
  }

  /** Say some text; `choice` is the id of a tapped choice. */
  say(text, choice = "") {
    const body = { account: this.name, nonce: unique(), text, choice };
    this.#post({ ...local(body.nonce, "text", { parts: [{ text }] }), send: () => post("/api/send", body) });
  }

  /** Say a recording; `seconds` are 0 when they are not known. */
  speak(file, seconds) {
    const nonce = unique();
    const address = `/api/voice?account=${encodeURIComponent(this.name)}&nonce=${nonce}`;
    this.#post({ ...local(nonce, "voice", { voice: { seconds } }), send: () => upload(address, file) });
  }

  /** Send a picture, a film or a voice; `entry` is the menu entry that asked for it. */
  sendFile(file, entry = {}) {
    if (file.type.startsWith("audio/")) return this.speak(file, 0);
    const isFilm = file.type.startsWith("video/");
    const query = new URLSearchParams({ account: this.name, nonce: unique(), ...entry });
    const shown = local(query.get("nonce"), isFilm ? "video" : "image", { parts: [{ text: isFilm ? "[视频]" : "[图片]" }] });
    this.#post({ ...shown, send: () => upload(`/api/${isFilm ? "video" : "picture"}?${query}`, file) });
  }

  /** Send a place: `{label, latitude, longitude, key?}`. */
  sendPlace(place) {
    const body = { account: this.name, nonce: unique(), ...place };
    this.#post({ ...local(body.nonce, "location", { place }), send: () => post("/api/place", body) });
  }

  /** Send a web page: `{url, title, description}`. */
  sendLink(link) {
    const body = { account: this.name, nonce: unique(), ...link };
    const card = { title: link.title, description: link.description, href: link.url };
    this.#post({ ...local(body.nonce, "link", { articles: [card] }), send: () => post("/api/link", body) });
  }

  async #older(before = "") {
    const { messages, more } = await patiently(() => get(`/api/history?account=${this.name}&before=${before}`));
    this.#log.prepend(messages, more);
  }

  // The nonce makes it one message, however often it is posted.
  async #post(message) {
    this.#log.put({ ...message, status: "sending", refusal: "" });
    try {
      this.#log.put(await patiently(message.send));
    } catch (error) {
      this.#log.put({ ...message, status: "failed", refusal: error.message });
    }
  }

  async #tap(entry) {
    const { name, type, target } = entry;
    if (type === "view" || type === "miniprogram") {
      return post("/api/menu", { account: this.name, nonce: unique(), type, target }).catch(() => {});
    }
    if (type.startsWith("scancode_")) return this.#acts.scan((result) => this.#click(entry, result), name);
    if (type.startsWith("pic_")) return this.#acts.pick("image/*", { type, target });
    if (type === "location_select") return this.#acts.place((place) => this.sendPlace({ ...place, key: target }));
    this.#click(entry);
  }

  #click({ name, type, target }, result = "") {
    const body = { account: this.name, nonce: unique(), type, target, result };
    this.#post({ ...local(body.nonce, "event", { parts: [{ text: name }] }), send: () => post("/api/menu", body) });
  }
}

function local(nonce, kind, shown) {
  return { local: true, id: 0, revision: 0, nonce, kind, direction: "up", at: Date.now(), ...shown };
}

// `randomUUID` exists on secure origins only; a relay in a private network may have none.
const unique = () =>
  crypto.randomUUID?.() ??
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
