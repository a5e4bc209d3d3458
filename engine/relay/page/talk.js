import { byId } from "./dom.js";
import { NoMicrophone, Recording } from "./microphone.js";
import { Panel } from "./panel.js";
import { silence } from "./voice.js";

const LONGEST = 60;
const SHORTEST = 0.6;
const AWAY = 70;
const NOTE_STAYS = 3500;

const TOO_SHORT = "说话时间太短，请按住再说";
const READY = "麦克风准备好了，请按住再说";
const FULL = "一次最多说 60 秒";

/** Hold to talk: the button, and what becomes of it when it is held and let go. */
export class Talk {
  #send;
  #button = byId("talk");
  #panel = new Panel();
  #held;
  #recording;
  #noteTimer;

  /** `send(file, seconds)` gets what was said; the seconds are 0 for a file that was chosen. */
  constructor(send) {
    this.#send = send;
    byId("talk-mode").addEventListener("click", () => this.#choose(true));
    byId("type-mode").addEventListener("click", () => this.#choose(false));
    byId("pick-voice").addEventListener("click", () => byId("voice-file").click());
    byId("voice-file").addEventListener("change", ({ target }) => this.#pick(target));
    this.#listenToPointer();
    this.#listenToKeys();
    document.addEventListener("visibilitychange", () => document.hidden && this.#cancel());
    window.addEventListener("blur", () => this.#cancel());
    window.addEventListener("hashchange", () => this.#cancel());
  }

  #choose(talking) {
    byId("composer").classList.toggle("talking", talking);
    this.#note("");
    byId(talking ? "talk" : "words").focus({ focusVisible: false });
  }

  #pick(input) {
    const [file] = input.files;
    // The same file may be chosen again.
    input.value = "";
    this.#note("");
    if (file) this.#send(file, 0);
  }

  #listenToPointer() {
    const button = this.#button;
    button.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      button.setPointerCapture(event.pointerId);
      this.#press("松开发送，上滑取消");
    });
    const lean = ({ clientY }) => this.#lean(clientY < button.getBoundingClientRect().top - AWAY);
    button.addEventListener("pointermove", lean);
    button.addEventListener("pointerup", (event) => {
      lean(event);
      this.#release();
    });
    button.addEventListener("pointercancel", () => this.#cancel());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  #listenToKeys() {
    const button = this.#button;
    const onHold = (act) => (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) act();
    };
    button.addEventListener("keydown", onHold(() => this.#press("松开按键发送，Esc 取消")));
    button.addEventListener("keyup", onHold(() => this.#release()));
    button.addEventListener("blur", () => this.#cancel());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#cancel());
    // Assistive technology cannot hold. It clicks with neither pointer nor key: to begin, and to send.
    button.addEventListener("click", ({ detail, pointerType }) => {
      if (detail || pointerType) return;
      if (this.#held) this.#release();
      else this.#press("再点一次发送，Esc 取消");
    });
  }

  async #press(hint) {
    if (this.#held) return;
    const held = (this.#held = { hint, leaning: false, since: performance.now() });
    silence();
    this.#note("");
    this.#button.classList.add("held");
    this.#button.textContent = "请稍候…";
    try {
      const recording = await Recording.begin();
      if (held === this.#held) this.#begin(recording);
      else this.#tooLate(recording, held);
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      if (held === this.#held) this.#rest();
      this.#note(error.message, true);
    }
  }

  #begin(recording) {
    this.#recording = recording;
    navigator.vibrate?.(15);
    this.#showHint();
    this.#panel.open(recording, LONGEST, () => {
      this.#release();
      this.#note(FULL);
    });
  }

  // It was let go before the microphone was open: at once, or to answer the browser's question.
  #tooLate(recording, { since }) {
    recording.cancel();
    this.#note(performance.now() - since > 1000 ? READY : TOO_SHORT);
  }

  async #release() {
    const recording = this.#recording;
    if (this.#held?.leaning) return this.#cancel();
    this.#rest();
    if (!recording) return;
    const { seconds } = recording;
    if (seconds >= SHORTEST) return this.#send(await recording.end(), Math.min(LONGEST, seconds));
    recording.cancel();
    this.#note(TOO_SHORT);
  }

  #cancel() {
    this.#recording?.cancel();
    this.#rest();
  }

  #rest() {
    this.#held = this.#recording = undefined;
    this.#panel.close();
    this.#button.classList.remove("held", "leaning");
    this.#button.textContent = "按住说话";
  }

  #lean(leaning) {
    if (!this.#recording || this.#held.leaning === leaning) return;
    this.#held.leaning = leaning;
    this.#showHint();
  }

  #showHint() {
    const { hint, leaning } = this.#held;
    this.#panel.hint(leaning ? "松开就不发送" : hint, leaning);
    this.#button.classList.toggle("leaning", leaning);
    this.#button.textContent = leaning ? "松开取消" : "松开发送";
  }

  #note(text, stays = false) {
    clearTimeout(this.#noteTimer);
    byId("talk-note").textContent = text;
    if (text && !stays) this.#noteTimer = setTimeout(() => this.#note(""), NOTE_STAYS);
  }
}
