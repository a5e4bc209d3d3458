import { Chat } from "./chat.js";
import { askForNumber, showContacts, showProfile, showWelcome } from "./contacts.js";
import { byId } from "./dom.js";
import { Feed } from "./feed.js";
import { get, post } from "./http.js";
import { showSignIn } from "./signin.js";
import { Talk } from "./talk.js";

const unread = new Map();
let contacts = [];
let others = [];
let chat;

start();

async function start() {
  const { name, guests } = await get("/api/welcome");
  if (name) await enter(name);
  else showSignIn(guests, enter);
}

async function enter(name) {
  byId("whoami").textContent = name;
  byId("app").hidden = false;
  const revision = await refresh();
  new Feed(revision, { message: hear, contacts: refresh, connected: showConnection });
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
  showLists();
  return told.revision;
}

function hear(message) {
  const contact = contacts.find(({ name }) => name === message.account);
  if (contact && !(contact.last?.id > message.id)) contact.last = message;
  if (chat?.name === message.account) chat.hear(message);
  else if (message.direction === "down") {
    unread.set(message.account, (unread.get(message.account) ?? 0) + 1);
  }
  showLists();
}

function showLists() {
  showContacts(contacts, unread, chat?.name);
  showWelcome(others, contacts.length, follow);
  const total = [...unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = total ? `(${total}) 办理` : "办理";
}

async function follow(number) {
  const { name } = await post("/api/follow", { number });
  await refresh();
  location.hash = name;
}

// A QR code leads to /follow/NUMBER.
async function followByAddress() {
  const [, number] = location.pathname.match(/^\/follow\/([\w-]+)$/) ?? [];
  if (!number) return;
  history.replaceState(null, "", "/");
  await follow(number).catch(() => {});
}

function openByAddress() {
  const name = location.hash.slice(1);
  const contact = contacts.find((each) => each.name === name);
  if (contact && chat?.name !== name) {
    unread.delete(name);
    chat = new Chat(contact, { enlarge });
  } else if (!contact) {
    chat = undefined;
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
  byId("connection").textContent = yes ? "" : "连接断开，正在重连…";
}

function say(event) {
  event.preventDefault();
  const text = byId("words").value.trim();
  if (!text || !chat) return;
  byId("words").value = "";
  chat.say(text);
}

new Talk((file, seconds) => chat?.speak(file, seconds));
window.addEventListener("hashchange", openByAddress);
byId("composer").addEventListener("submit", say);
byId("words").addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses characters.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) say(event);
});
byId("add").addEventListener("click", () => askForNumber(follow));
byId("profile").addEventListener("click", () => showProfile(contacts.find(({ name }) => name === chat.name)));
byId("large").addEventListener("click", () => byId("large").close());
byId("sign-out").addEventListener("click", async () => {
  await post("/api/sign-out", {});
  location.assign("/");
});
