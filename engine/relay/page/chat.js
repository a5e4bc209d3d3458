import { byId, make } from "./dom.js";
import { get, post, Refused, upload } from "./http.js";
import { Log } from "./log.js";

const PAUSE = 2000;

/** The open chat with one account. */
export class Chat {
  #account;
  #log;

  /** `acts.enlarge(address, words)` shows a picture large. */
  constructor(account, acts) {
    this.#account = account;
    byId("chat-title").textContent = account.title;
    this.#log = new Log(
      {
        enlarge: acts.enlarge,
        tap: ({ label, id }) => this.say(label, id),
        again: (message) => this.#post(message),
      },
      () => this.#older(this.#log.first),
    );
    this.#showMenu();
    this.#older();
  }

  /** Its account's name. */
  get name() {
    return this.#account.name;
  }

  /** Show a message that the feed brought. */
  hear(message) {
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

  async #older(before = "") {
    const { messages, more } = await get(`/api/history?account=${this.name}&before=${before}`);
    this.#log.prepend(messages, more);
  }

  // The nonce makes it one message, however often it is posted.
  async #post(message) {
    this.#log.put({ ...message, status: "sending", refusal: "" });
    for (;;) {
      try {
        return this.#log.put(await message.send());
      } catch (error) {
        if (error instanceof Refused) {
          return this.#log.put({ ...message, status: "failed", refusal: error.message });
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  }

  #tap({ name, type, target }) {
    const body = { account: this.name, nonce: unique(), type, target };
    const shown = local(body.nonce, "event", { parts: [{ text: name }] });
    this.#post({ ...shown, send: () => post("/api/menu", body) });
  }

  #showMenu() {
    byId("menu").replaceChildren(...this.#account.menu.map((entry) => this.#entry(entry)));
  }

  #entry(entry) {
    if (entry.url) {
      return make("a", { href: entry.url, target: "_blank", rel: "noopener noreferrer" }, entry.name);
    }
    if (!entry.sub?.length) {
      return make("button", { type: "button", onclick: () => this.#tap(entry) }, entry.name);
    }
    const list = make("div", { className: "sub" }, ...entry.sub.map((each) => this.#entry(each)));
    const more = make("details", { name: "menu" }, make("summary", {}, entry.name), list);
    list.addEventListener("click", () => (more.open = false));
    more.addEventListener("keydown", ({ key }) => key === "Escape" && (more.open = false));
    more.addEventListener("focusout", ({ relatedTarget }) => {
      if (!more.contains(relatedTarget)) more.open = false;
    });
    return more;
  }
}

function local(nonce, kind, shown) {
  return { local: true, id: 0, revision: 0, nonce, kind, direction: "up", at: Date.now(), ...shown };
}

// `randomUUID` exists on secure origins only; a relay in a private network may have none.
const unique = () =>
  crypto.randomUUID?.() ??
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
