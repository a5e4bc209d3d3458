import { askForPlace, Attach } from "./attach.js";
import { Chat } from "./chat.js";
import { askForNumber, showContacts, showProfile, showWelcome } from "./contacts.js";
import { byId } from "./dom.js";
import { Feed } from "./feed.js";
import { get, post } from "./http.js";
import { report } from "./reports.js";
import { scan } from "./scan.js";
import { showSignIn } from "./signin.js";
import { Talk } from "./talk.js";

let contacts = [];
let others = [];
let chat;

async function start() {
  const { name, guests } = await get("/api/welcome");
  if (name) await enter(name);
  else showSignIn(guests, enter);
}

async function enter(name) {
  byId("whoami").textContent = name;
  byId("app").hidden = false;
  const revision = await refresh();
  new Feed(revision, { message: hear, contacts: look, typing: showTyping, connected: showConnection });
  await followByAddress();
  // With one account there is nothing to choose, where a list stays beside the chat.
  const only = contacts.length === 1 && !location.hash && matchMedia("(min-width: 761px)").matches;
  if (only) location.hash = contacts[0].name;
  openByAddress();
}

/** Load the contacts anew; gives the revision that they are of. */
async function refresh() {
  const told = await get("/api/contacts");
  ({ contacts, others } = told);
  const open = contacts.find(({ name }) => name === chat?.name);
  if (open) chat.update(open);
  // It may have been asked before what is read was told.
  read();
  showLists();
  return told.revision;
}

// A relay that cannot be reached is asked again when the connection is back.
const look = () => refresh().catch(() => {});

function hear(message) {
  const contact = contacts.find(({ name }) => name === message.account);
  if (contact && !(contact.last?.id > message.id)) contact.last = message;
  if (contact && message.direction === "down") contact.unread += 1;
  if (chat?.name === message.account) chat.hear(message);
  read();
  showLists();
}

// Read is what is on the screen of a page that somebody looks at.
function read() {
  const contact = contacts.find(({ name }) => name === chat?.name);
  if (!contact?.unread || document.hidden) return;
  contact.unread = 0;
  post("/api/read", { account: contact.name, message: contact.last.id }).catch(() => {});
}

function showTyping({ account, seconds }) {
  if (chat?.name === account) chat.type(seconds);
}

function showLists() {
  showContacts(contacts, chat?.name);
  showWelcome(others, contacts.length, follow);
  const total = contacts.reduce((sum, { unread }) => sum + unread, 0);
  document.title = total ? `(${total}) 办理` : "办理";
}

async function follow(number) {
  const { name } = await post("/api/follow", { number });
  await refresh();
  location.hash = name;
}

// A QR code leads to /follow/NUMBER, or to /q/CODE when it has a scene.
async function followByAddress() {
  if (!/^\/(follow|q)\/[\w-]+$/.test(location.pathname)) return;
  const address = location.href;
  history.replaceState(null, "", "/");
  await scanned(address).catch(() => {});
}

async function scanned(text) {
  const { name } = await post("/api/scan", { text });
  await refresh();
  location.hash = name;
}

function openByAddress() {
  const name = location.hash.slice(1);
  const contact = contacts.find((each) => each.name === name);
  if (contact && chat?.name !== name) {
    chat = new Chat(contact, { enlarge, scan, place: askForPlace, pick: (...what) => attach.pick(...what) });
    report(contact);
    read();
  } else if (!contact) {
    chat = undefined;
    report();
  }
  byId("chat").hidden = !contact;
  byId("welcome").hidden = !!contact;
  document.body.classList.toggle("in-chat", !!contact);
  showLists();
  if (contact && matchMedia("(hover: hover)").matches) byId("words").focus();
}

function enlarge(address, words) {
  Object.assign(byId("large-picture"), { src: address, alt: words });
  byId("large").showModal();
}

function showConnection(yes) {
  if (yes && byId("connection").textContent) look();
  byId("connection").textContent = yes ? "" : "连接断开，正在重连…";
}

function say(event) {
  event.preventDefault();
  const text = byId("words").value.trim();
  if (!text || !chat) return;
  byId("words").value = "";
  chat.say(text);
}

const attach = new Attach(() => chat);
new Talk((file, seconds) => chat?.speak(file, seconds));
window.addEventListener("hashchange", openByAddress);
document.addEventListener("visibilitychange", () => {
  read();
  showLists();
});
byId("composer").addEventListener("submit", say);
byId("words").addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses characters.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) say(event);
});
byId("add").addEventListener("click", () => askForNumber(follow, () => scan(scanned)));
byId("profile").addEventListener("click", () => showProfile(contacts.find(({ name }) => name === chat.name)));
byId("large").addEventListener("click", () => byId("large").close());
byId("sign-out").addEventListener("click", async () => {
  await post("/api/sign-out", {});
  location.assign("/");
});

start();
