import { byId, make } from "./dom.js";

const BARS = 27;
const BEAT = 45;
const COUNTDOWN = 10;

/** What is seen over the chat while something is recorded: how loud, how long, what letting go does. */
export class Panel {
  #element = byId("recording");
  #levels = [];
  #bars = Array.from({ length: BARS }, () => make("i"));
  #timer;

  constructor() {
    byId("levels").replaceChildren(...this.#bars);
  }

  /** Follow a recording until `close`; `full()` is called when it has lasted `longest` seconds. */
  open(recording, longest, full) {
    this.#levels = Array(BARS).fill(0);
    this.#element.hidden = false;
    const beat = () => {
      if (recording.seconds >= longest) return full();
      this.#showLevel(recording.level);
      this.#showTime(recording.seconds, longest);
      this.#timer = setTimeout(beat, BEAT);
    };
    beat();
  }

  /** Say what letting go would do now; `leaning` is whether it would throw everything away. */
  hint(text, leaning) {
    this.#element.classList.toggle("leaning", leaning);
    byId("recording-hint").textContent = text;
  }

  close() {
    clearTimeout(this.#timer);
    this.#element.hidden = true;
    byId("recorded").textContent = "";
  }

  // The newest level is in the middle and moves to both sides.
  #showLevel(level) {
    this.#levels = [level, ...this.#levels.slice(0, -1)];
    const middle = (BARS - 1) / 2;
    this.#bars.forEach((bar, index) => {
      bar.style.transform = `scaleY(${0.12 + 0.88 * this.#levels[Math.abs(index - middle)]})`;
    });
  }

  #showTime(seconds, longest) {
    const left = Math.ceil(longest - seconds);
    const ending = left <= COUNTDOWN;
    this.#element.classList.toggle("ending", ending);
    const shown = ending ? `还可以说 ${left} 秒` : `${Math.floor(seconds)}″`;
    if (byId("recorded").textContent !== shown) byId("recorded").textContent = shown;
  }
}
