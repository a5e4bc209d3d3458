import { make } from "./dom.js";

/** The buttons of an account's menu; `tap(entry)` is called for what is tapped, links open besides. */
export const menu = (entries, tap) => entries.map((entry) => button(entry, tap));

function button(entry, tap) {
  if (entry.sub?.length) return group(entry, tap);
  const onclick = () => tap(entry);
  if (!entry.url) return make("button", { type: "button", onclick }, entry.name);
  return make("a", { href: entry.url, target: "_blank", rel: "noopener noreferrer", onclick }, entry.name);
}

function group(entry, tap) {
  const list = make("div", { className: "sub" }, ...menu(entry.sub, tap));
  const more = make("details", { name: "menu" }, make("summary", {}, entry.name), list);
  list.addEventListener("click", () => (more.open = false));
  more.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    more.open = false;
    more.firstChild.focus();
  });
  more.addEventListener("focusout", ({ relatedTarget }) => {
    if (!more.contains(relatedTarget)) more.open = false;
  });
  return more;
}
