import { Open } from "./customer.js";
import { byId } from "./dom.js";
import { get, post } from "./http.js";
import { showDoubts } from "./learn.js";
import { showQueue } from "./queue.js";

let me = "";
let open;
let news;

start();

async function start() {
  const { name } = await get("/desk/api/me");
  if (name) enter(name);
  else showSignIn();
}

function showSignIn() {
  news?.close();
  byId("app").hidden = true;
  byId("sign-in").hidden = false;
  byId("credentials").elements.name.focus();
}

function enter(name) {
  me = name;
  byId("whoami").textContent = name;
  byId("sign-in").hidden = true;
  byId("app").hidden = false;
  news = new EventSource("/desk/api/news");
  news.onmessage = refresh;
  news.onopen = () => (byId("connection").textContent = "");
  news.onerror = () => {
    // The server ends each stream after a while; the next one is opened by itself.
    if (news.readyState === EventSource.CLOSED) lost();
  };
  openByAddress();
}

async function lost() {
  byId("connection").textContent = "连接断开，正在重连…";
  setTimeout(() => start().catch(lost), 2000);
}

/** Show what is new everywhere. Whoever is not signed in any more sees the first screen. */
async function refresh() {
  try {
    const { queue, doubts } = await get("/desk/api/queue");
    showQueue(queue, me);
    byId("doubts").textContent = doubts || "";
    if (open) await open.refresh();
  } catch (error) {
    if (error.status === 401) showSignIn();
    else if (error.status === 404) location.hash = "#queue";
    else if (!error.status) byId("connection").textContent = "连接断开，正在重连…";
  }
}

function openByAddress() {
  const [page, account, openid] = location.hash.slice(1).split("/").map(decodeURIComponent);
  open = page === "customer" ? new Open(account, openid, me) : undefined;
  byId("customer").hidden = !open;
  byId("learn").hidden = page !== "learn";
  byId("nobody").hidden = !!open || page === "learn";
  document.body.classList.toggle("within", !!open || page === "learn");
  byId("tab-learn").toggleAttribute("aria-current", page === "learn");
  byId("tab-queue").toggleAttribute("aria-current", page !== "learn");
  if (page === "learn") showDoubts().catch(() => {});
  refresh();
}

async function say(event) {
  event.preventDefault();
  const text = byId("words").value.trim();
  if (!text || !open) return;
  if (await open.say(text)) byId("words").value = "";
  refresh();
}

byId("credentials").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const { name, password } = Object.fromEntries(new FormData(form));
  byId("sign-in-error").textContent = "";
  try {
    const signed = await post("/desk/api/sign-in", { name, password });
    form.reset();
    enter(signed.name);
  } catch (error) {
    byId("sign-in-error").textContent = error.status ? error.message : "连不上服务，请稍后再试";
  }
});
byId("take").addEventListener("click", async () => {
  if (await open?.take()) await refresh();
  byId("words").focus();
});
byId("hand-back").addEventListener("click", async () => {
  if (await open?.handBack()) location.hash = "#queue";
});
byId("composer").addEventListener("submit", say);
byId("words").addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses characters.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) say(event);
});
byId("sign-out").addEventListener("click", async () => {
  await post("/desk/api/sign-out", {});
  location.assign("/desk");
});
window.addEventListener("hashchange", openByAddress);
// How long somebody waits is told in minutes.
setInterval(() => !byId("app").hidden && refresh(), 60_000);
