import { byId, clock, make, since } from "./dom.js";
import { get, post } from "./http.js";
import { called, why } from "./queue.js";

const AUTHORS = { customer: "客户", engine: "办理", clerk: "客服" };

/** The open conversation: what was said, and what the clerk may do. */
export class Open {
  #last = 0;
  #loading = Promise.resolve();

  constructor(account, openid, me) {
    Object.assign(this, { account, openid, me });
    byId("lines").replaceChildren();
    byId("trouble").textContent = "";
    byId("words").value = "";
  }

  get #who() {
    return { account: this.account, openid: this.openid };
  }

  /** Load what is new; one at a time. Throws `Refused` when the customer has left the queue. */
  refresh() {
    this.#loading = this.#loading.catch(() => {}).then(() => this.#load());
    return this.#loading;
  }

  async #load() {
    const query = new URLSearchParams({ ...this.#who, after: this.#last });
    const { customer, lines } = await get(`/desk/api/conversation?${query}`);
    show(customer, this.me);
    for (const line of lines) {
      if (line.id <= this.#last) continue;
      this.#last = line.id;
      byId("lines").append(bubble(line));
    }
    if (lines.length) byId("lines").scrollTop = byId("lines").scrollHeight;
  }

  take = () => this.#act("/desk/api/take", {});

  handBack = () => this.#act("/desk/api/hand-back", {});

  say = (text) => this.#act("/desk/api/say", { text });

  async #act(where, more) {
    byId("trouble").textContent = "";
    try {
      await post(where, { ...this.#who, ...more });
      return true;
    } catch (error) {
      byId("trouble").textContent = error.status ? error.message : "连不上服务，请再试一次";
      return false;
    }
  }
}

function show(customer, me) {
  const isMine = customer.clerk === me;
  byId("customer-name").textContent = called(customer);
  byId("customer-why").textContent = `${why(customer)}，${clock(customer.since)}（${since(customer.since)}前）`.replace("刚刚前", "刚刚");
  byId("take").hidden = !!customer.clerk;
  byId("hand-back").hidden = !isMine;
  byId("composer").hidden = !isMine;
  if (customer.clerk && !isMine) byId("trouble").textContent = `${customer.clerk}在接待这位客户。`;
  byId("task").replaceChildren(...task(customer.task));
}

function task({ title, asks, slots = {} }) {
  if (!title) return [];
  const facts = [["正在办", title], ...Object.entries(slots), ...(asks ? [["等客户回答", asks]] : [])];
  return facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)));
}

function bubble({ author, text, at }) {
  return make(
    "li",
    { className: `line ${author}` },
    make("p", { className: "by" }, `${AUTHORS[author] ?? author} ${clock(at)}`),
    make("p", { className: "text" }, text),
  );
}
