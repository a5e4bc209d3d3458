import { bubble } from "./bubble.js";
import { moment } from "./clock.js";
import { byId, make } from "./dom.js";
import { heardIn } from "./heard.js";

const GAP = 5 * 60_000;
const NEAR = 80;

/** The messages of one chat on the screen, in order, each once. */
export class Log {
  #element = byId("log");
  #shown = new Map();
  #acts;
  #waiting = make("p", { className: "waiting", hidden: true, role: "status" });
  #earlier;
  #newer;

  /** `acts`: what bubbles can do; `earlier()`: asks for older messages. */
  constructor(acts, earlier) {
    this.#acts = { ...acts, grown: () => this.#atEnd && this.#toEnd() };
    this.#earlier = make("button", { type: "button", className: "earlier", hidden: true, onclick: () => this.#back(earlier) }, "更早的消息");
    this.#newer = make("button", { type: "button", className: "newer", hidden: true, onclick: () => this.#toEnd() }, "有新消息");
    this.#element.replaceChildren(this.#earlier, this.#waiting, this.#newer);
    this.#element.onscroll = () => this.#scrolled();
    // What opens below may not cover the newest message.
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(this.#element);
  }

  #atEnd = true;
  #top = 0;
  #height = 0;

  /** The oldest message's id. */
  get first() {
    return Math.min(...[...this.#shown.values()].map(({ message }) => message.id));
  }

  /** Show a message, in the place of what is known by the same id or nonce. */
  put(message) {
    const known = this.#find(message);
    if (known && known.message.revision > message.revision) return;
    const isNew = !this.#element.ariaBusy;
    if (isNew && this.#isNearEnd()) this.#atEnd = true;
    const element = bubble(message, { ...this.#acts, again: () => this.#acts.again(message) });
    const time = make("time", { className: "time", dateTime: new Date(message.at).toISOString() }, moment(message.at));
    const entry = { message, element, time };
    if (known) {
      known.time.remove();
      known.element.remove();
      this.#shown.delete(keyOf(known.message));
    }
    this.#shown.set(keyOf(message), entry);
    this.#place(entry);
    this.#settle();
    // Who reads further up does not see that something was said.
    if (!known && isNew && !this.#atEnd && message.direction === "down") this.#newer.hidden = false;
  }

  /** Show older messages above, and whether there are still others. */
  prepend(messages, more) {
    const before = this.#element.scrollHeight - this.#element.scrollTop;
    // What was said earlier is not read out as if it were new.
    this.#element.setAttribute("aria-busy", "true");
    messages.forEach((message) => this.put(message));
    this.#element.removeAttribute("aria-busy");
    this.#earlier.hidden = !more;
    if (!this.#atEnd) this.#element.scrollTop = this.#element.scrollHeight - before;
  }

  // Who asks for older messages reads on there, and not at the end.
  #back(earlier) {
    this.#atEnd = false;
    earlier();
  }

  #isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** Go to the newest message. */
  #toEnd() {
    this.#element.scrollTop = this.#element.scrollHeight;
  }

  #find(message) {
    const same = ({ message: { id, nonce } }) => (id && id === message.id) || (nonce && nonce === message.nonce);
    return [...this.#shown.values()].find(same);
  }

  #place({ message, element, time }) {
    const later = this.#order().find(({ message: other }) => rank(other) > rank(message));
    (later ? later.time : this.#waiting).before(time, element);
  }

  #order() {
    return [...this.#shown.values()].sort((one, other) => rank(one.message) - rank(other.message));
  }

  #settle() {
    let last = 0;
    const order = this.#order();
    for (const { message, time } of order) {
      time.hidden = message.at - last < GAP;
      last = message.at;
    }
    this.#showHeard(order);
    const open = order.map(({ message }) => message).filter(({ direction }) => direction === "up").at(-1);
    const text = { sending: "正在等回复", retrying: "还在等回复，正在重试" }[open?.status];
    this.#waiting.hidden = !text || !!open.refusal;
    this.#waiting.textContent = text ?? "";
    if (this.#atEnd || open?.local) this.#toEnd();
  }

  // What was heard stands under the voice; in the answer it stays only when there is no such voice.
  #showHeard(order) {
    const voices = [];
    for (const { message, element } of order) {
      if (message.direction === "up" && message.voice) voices.push({ message, element });
      const { heard } = heardIn(message);
      if (!heard) continue;
      // A late answer is not told what it answers: it is taken for that of the last voice.
      const voice = voices.findLast(({ message: { id } }) => !message.answers || id === message.answers);
      if (voice) voices.splice(voices.indexOf(voice), 1);
      element.classList.toggle("heard", !!voice);
      if (voice) showUnder(voice.element, heard);
    }
  }

  // A picture that loads moves the end away, and what gives way to something larger moves the view up;
  // only a reader who scrolls up wants to stay.
  #scrolled() {
    const { scrollHeight, scrollTop } = this.#element;
    if (this.#isNearEnd()) {
      this.#atEnd = true;
      this.#newer.hidden = true;
    } else if (scrollTop < this.#top && scrollHeight === this.#height) this.#atEnd = false;
    this.#top = scrollTop;
    this.#height = scrollHeight;
  }
}

function showUnder(element, heard) {
  const spoken = element.querySelector(".spoken");
  const words = spoken.querySelector("p") ?? spoken.appendChild(make("p", {}));
  if (words.textContent !== heard) words.textContent = heard;
}

const keyOf = ({ id, nonce }) => id || nonce;

// What has no id yet comes after everything that has.
const rank = ({ id, at }) => id || Number.MAX_SAFE_INTEGER / 2 + at;
