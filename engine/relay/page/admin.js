import { byId, make } from "./dom.js";
import { get, post } from "./http.js";

const EVERY = 2000;
const FAULTS = { delay: ["延迟（秒）", 60], duplicate: ["重复", 1], reorder: ["乱序", 1], drop: ["丢失应答", 1] };
const KINDS = {
  token: "token", stable_token: "stable_token", force_refresh: "强制刷新", menu_create: "创建菜单", menu_query: "查询菜单",
  menu_delete: "删除菜单", media_upload: "上传素材", media_download: "下载素材", customer: "客服消息", template: "模板消息",
  qrcode: "二维码", user_info: "用户信息", tags: "标签",
};
const STATUS = { sending: "发送中", retrying: "重试中", sent: "已送达", failed: "失败" };
const WAYS = { up: "↑", down: "↓", notice: "！", silent: "↑" };
const clock = new Intl.DateTimeFormat("zh-CN", { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false });

let shown = "";
let before = "";
let timer;

enter();

async function enter() {
  try {
    const { accounts } = await get("/admin/api/accounts");
    byId("entry").hidden = true;
    byId("console").hidden = false;
    showAccounts(accounts);
    follow();
  } catch (error) {
    byId("entry").hidden = error.status !== 401;
    byId("password-form").elements.password?.focus();
  }
}

function showAccounts(accounts) {
  byId("accounts").replaceChildren(...accounts.map(card));
  byId("of-account").replaceChildren(
    make("option", { value: "" }, "全部"),
    ...accounts.map(({ name, title }) => make("option", { value: name }, title)),
  );
}

function card(account) {
  const facts = [
    ["账号", account.number], ["原始 ID", account.id], ["AppID", account.appid], ["模式", account.mode],
    ["认证", account.verified ? "已认证" : "未认证"], ["服务器", account.url], ["关注", `${account.followers} 人`],
  ];
  return make(
    "article",
    { className: "account", "aria-label": account.title },
    make("h3", {}, account.title),
    make("dl", {}, ...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
    faults(account),
    limits(account),
  );
}

function faults({ name, faults: now }) {
  const inputs = Object.entries(FAULTS).map(([fault, [label, max]]) => {
    const input = make("input", { name: fault, type: "number", min: 0, max, step: max === 1 ? 0.05 : 0.5, value: now[fault] });
    return make("label", {}, label, input);
  });
  const form = make("form", {}, make("fieldset", { className: "faults" }, make("legend", {}, "故障开关（比例 0–1）"), ...inputs));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    if (!form.reportValidity()) return;
    const values = Object.fromEntries([...new FormData(form)].map(([fault, value]) => [fault, Number(value)]));
    act("/admin/api/faults", { account: name, ...values }, "故障开关已生效");
  });
  return form;
}

function limits({ name, calls }) {
  const rows = calls.map(({ kind, made, most }) => {
    const input = make("input", { type: "number", min: 0, max: 1e9, value: most, "aria-label": `${KINDS[kind] ?? kind}每日上限` });
    input.addEventListener("change", () => {
      if (input.reportValidity()) act("/admin/api/limit", { account: name, kind, most: Number(input.value) }, "上限已生效");
    });
    return make("tr", { className: made > most ? "over" : "" }, make("th", { scope: "row" }, KINDS[kind] ?? kind), make("td", {}, made || "0"), make("td", {}, input));
  });
  const again = make("button", { type: "button" }, "今天重新计数");
  again.addEventListener("click", async () => {
    await act("/admin/api/reset", { account: name }, "已重新计数");
    await enter();
  });
  const head = make("tr", {}, ...["调用", "今天", "上限"].map((title) => make("th", { scope: "col" }, title)));
  const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
  return make("details", {}, make("summary", {}, "每日调用次数"), table, again);
}

async function act(address, body, done) {
  try {
    await post(address, body);
    byId("told").textContent = done;
  } catch (error) {
    byId("told").textContent = error.message;
  }
}

async function follow() {
  clearTimeout(timer);
  await showLines().catch((error) => (byId("told").textContent = error.status ? error.message : "连不上服务，正在重试"));
  if (!byId("console").hidden) timer = setTimeout(follow, EVERY);
}

async function showLines() {
  if (before) return;
  const { lines, more } = await get(address());
  const told = JSON.stringify(lines);
  if (told === shown) return;
  shown = told;
  byId("lines").replaceChildren(...lines.map(line));
  byId("older").hidden = !more;
}

const address = () =>
  `/admin/api/log?${new URLSearchParams({ account: byId("of-account").value, failed: byId("only-failed").checked ? 1 : 0, before })}`;

async function showOlder() {
  before = byId("lines").lastElementChild?.dataset.id ?? "";
  const { lines, more } = await get(address());
  byId("lines").append(...lines.map(line));
  byId("older").hidden = !more;
}

function line(message) {
  const { id, at, account, terminal, direction, kind, said, msg_id: msgId, status, tries, milliseconds, problem } = message;
  const open = tries
    ? make("button", { type: "button", className: "open", "aria-label": `第 ${id} 条的请求`, onclick: () => showTries(message) }, tries)
    : "–";
  const cells = [clock.format(at), account, terminal, `${WAYS[direction]} ${kind}`, said, msgId, STATUS[status], open, tries ? `${milliseconds}` : "–"];
  const row = make("tr", { className: problem || status === "failed" ? "over" : "", title: problem }, ...cells.map((cell) => make("td", {}, cell)));
  row.dataset.id = id;
  return row;
}

async function showTries({ id, terminal, kind }) {
  const { tries } = await get(`/admin/api/tries/${id}`);
  const close = make("form", { method: "dialog" }, make("button", {}, "关闭"));
  byId("tries").replaceChildren(
    make("header", {}, make("h2", { id: "tries-title" }, `${terminal} · ${kind} · 第 ${id} 条`), close),
    ...tries.map(each),
  );
  byId("tries").showModal();
}

function each(one) {
  return make(
    "section",
    {},
    make("h3", {}, `第 ${one.number} 次 · ${clock.format(one.at)} · ${one.milliseconds} 毫秒 · HTTP ${one.http_status ?? "–"}`),
    one.problem && make("p", { className: "error" }, one.problem),
    ...document("请求", one.request),
    ...document("请求（解密后）", one.request_clear),
    ...document("应答", one.answer || "（空）"),
    ...document("应答（解密后）", one.answer_clear),
  );
}

const document = (title, text) => (text ? [make("h4", {}, title), make("pre", { tabIndex: 0 }, text.replace(/(<xml>|<\/\w+>)(?=<)/g, "$1\n"))] : []);

function filter() {
  [shown, before] = ["", ""];
  follow();
}

byId("of-account").addEventListener("change", filter);
byId("only-failed").addEventListener("change", filter);
byId("older").addEventListener("click", showOlder);
byId("leave").addEventListener("click", async () => {
  await post("/admin/api/sign-out", {});
  location.reload();
});
byId("password-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("entry-error").textContent = "";
  try {
    await post("/admin/api/sign-in", Object.fromEntries(new FormData(event.target)));
    await enter();
  } catch (error) {
    byId("entry-error").textContent = error.message;
  }
});
