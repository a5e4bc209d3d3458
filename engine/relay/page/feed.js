const SHORTEST = 500;
const LONGEST = 10_000;

/**
 * What is new, live. It remembers the last revision that it has told, and asks for what came after
 * when the connection returns: nothing is lost and nothing is told twice.
 */
export class Feed {
  #after;
  #listener;
  #socket;
  #timer;
  #wait = SHORTEST;
  #ended = false;

  /** `listener` has `message(message)`, `contacts()`, `typing({account, seconds})`, `connected(yes)`. */
  constructor(after, listener) {
    this.#after = after;
    this.#listener = listener;
    window.addEventListener("online", this.#retry);
    this.#connect();
  }

  /** End it for good. */
  end() {
    this.#ended = true;
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.#retry);
    this.#socket?.close();
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live?after=${this.#after}`);
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => this.#lost(socket));
  }

  #hear(news) {
    if (news.type === "ready") {
      this.#wait = SHORTEST;
      this.#listener.connected(true);
    } else if (news.type === "contacts") {
      this.#listener.contacts();
    } else if (news.type === "typing") {
      this.#listener.typing(news);
    } else if (news.message.revision > this.#after) {
      this.#after = news.message.revision;
      this.#listener.message(news.message);
    }
  }

  #lost(socket) {
    if (this.#ended || socket !== this.#socket) return;
    this.#socket = undefined;
    this.#listener.connected(false);
    this.#timer = setTimeout(() => this.#connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST);
  }

  #retry = () => {
    if (this.#ended || this.#socket) return;
    clearTimeout(this.#timer);
    this.#connect();
  };
}
