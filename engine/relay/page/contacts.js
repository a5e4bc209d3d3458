import { words } from "./bubble.js";
import { when } from "./clock.js";
import { avatar, byId, make } from "./dom.js";
import { post } from "./http.js";
import { ask, buttons, close, show } from "./sheet.js";

/** The list of followed accounts; `open` is the open one's name. */
export function showContacts(contacts, open) {
  const items = contacts.map((contact) =>
    make(
      "a",
      { className: "contact", href: `#${contact.name}`, ...(contact.name === open && { "aria-current": "page" }) },
      avatar(contact.title),
      make("span", { className: "title" }, contact.title),
      contact.last && make("time", { className: "when", dateTime: new Date(contact.last.at).toISOString() }, when(contact.last.at)),
      make("span", { className: "last" }, contact.last ? words(contact.last) : ""),
      contact.unread > 0 && unread(contact.unread),
    ),
  );
  const nobody = make("p", { className: "nobody" }, "还没有关注公众号");
  byId("contact-list").replaceChildren(...(items.length ? items : [nobody]));
}

const unread = (count) =>
  make("span", { className: "unread", role: "img", "aria-label": `${count} 条未读` }, count > 99 ? "99+" : count);

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

/** The dialog in which an account is followed, by its number or by its QR code. */
export function askForNumber(follow, scan) {
  ask({
    title: "关注公众号",
    fields: [{ label: "公众号账号", name: "number", required: true, autocapitalize: "off", spellcheck: false }],
    more: [make("button", { type: "button", onclick: scan }, "扫一扫")],
    done: "关注",
    act: ({ number }) => follow(number.trim()),
  });
}

/** The dialog that shows an account's number and QR code, and where it is unfollowed. */
export function showProfile(account) {
  const leave = make("button", { type: "button", className: "danger" }, "不再关注");
  leave.addEventListener("click", async () => {
    if (leave.dataset.asked) {
      await post("/api/unfollow", { account: account.name });
      close();
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
