import { words } from "./bubble.js";
import { avatar, byId, make } from "./dom.js";
import { post } from "./http.js";

/** The list of followed accounts; `unread` counts by name, `open` is the open one's name. */
export function showContacts(contacts, unread, open) {
  const items = contacts.map((contact) =>
    make(
      "a",
      { className: "contact", href: `#${contact.name}`, ...(contact.name === open && { "aria-current": "page" }) },
      avatar(contact.title),
      make("span", { className: "title" }, contact.title),
      make("span", { className: "last" }, contact.last ? words(contact.last) : ""),
      unread.get(contact.name) &&
        make("span", { className: "unread", "aria-label": `${unread.get(contact.name)} 条未读` }, unread.get(contact.name)),
    ),
  );
  const nobody = make("p", { className: "nobody" }, "还没有关注公众号");
  byId("contact-list").replaceChildren(...(items.length ? items : [nobody]));
}

/** What fills the place of a chat while none is open: accounts to follow, or a hint. */
export function showWelcome(others, followed, follow) {
  const cards = others.map((account) => invitation(account, follow));
  const hint = followed ? "选一个公众号，开始聊天" : "关注一个公众号，就可以开始办理";
  const icon = make("img", { src: "/page/icon.svg", alt: "", width: 56, height: 56 });
  byId("welcome").replaceChildren(icon, make("p", {}, hint), ...cards);
}

function invitation(account, follow) {
  return make(
    "section",
    { className: "invitation", "aria-label": account.title },
    make("h3", {}, account.title),
    make("img", { className: "qr", src: account.qr, alt: `${account.title}的二维码`, width: 148, height: 148 }),
    make("p", { className: "quiet" }, "扫一扫，或直接关注"),
    make("button", { type: "button", className: "primary", onclick: () => follow(account.number) }, `关注 ${account.title}`),
  );
}

/** The dialog in which an account is followed by its number. */
export function askForNumber(follow) {
  const number = make("input", { name: "number", required: true, autocapitalize: "off", autocomplete: "off", spellcheck: false });
  const error = make("p", { className: "error", role: "alert" });
  const form = make(
    "form",
    { method: "dialog" },
    make("h3", {}, "关注公众号"),
    make("label", {}, "公众号账号", number),
    error,
    buttons(make("button", { className: "primary" }, "关注")),
  );
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value === "close") return;
    event.preventDefault();
    try {
      await follow(number.value.trim());
      byId("sheet").close();
    } catch (refused) {
      error.textContent = refused.message;
    }
  });
  show(form);
}

/** The dialog that shows an account's number and QR code, and where it is unfollowed. */
export function showProfile(account) {
  const leave = make("button", { type: "button", className: "danger" }, "不再关注");
  leave.addEventListener("click", async () => {
    if (leave.dataset.asked) {
      await post("/api/unfollow", { account: account.name });
      byId("sheet").close();
      location.hash = "";
    }
    leave.dataset.asked = "yes";
    leave.textContent = "确定不再关注";
  });
  show(
    make(
      "form",
      { method: "dialog" },
      make("h3", {}, account.title),
      make("p", { className: "quiet" }, `账号 ${account.number}`),
      make("img", { className: "qr", src: account.qr, alt: `${account.title}的二维码`, width: 200, height: 200 }),
      make("p", { className: "quiet" }, "扫一扫，关注公众号"),
      buttons(leave),
    ),
  );
}

const buttons = (act) =>
  make("div", { className: "row" }, act, make("button", { value: "close", formNoValidate: true }, "关闭"));

function show(form) {
  const sheet = byId("sheet");
  sheet.setAttribute("aria-label", form.querySelector("h3").textContent);
  sheet.replaceChildren(form);
  sheet.showModal();
}
