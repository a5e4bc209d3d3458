import { make } from "./dom.js";
import { heardIn } from "./heard.js";
import { voice } from "./voice.js";

const MARKS = {
  sending: ["…", "发送中"],
  retrying: ["↻", "正在重试"],
  sent: ["✓", "已送达"],
  failed: ["!", "未送达"],
};

/** The element of one message. `tap(choice)`, `enlarge(address, words)` and `again()` are its acts. */
export function bubble(message, acts) {
  if (message.direction === "notice") return notice(message, "notice warning");
  if (message.kind === "event") return notice(message, "notice");
  if (message.notice) return template(message.notice);
  const mine = message.direction === "up";
  const { heard, answer } = heardIn(message);
  return make(
    "article",
    { className: `message ${mine ? "mine" : "theirs"}`, "aria-label": mine ? "我" : "公众号" },
    heard && make("p", { className: "quote" }, heard),
    ...bodies(answer, acts),
    choices(message.choices ?? [], acts),
    mine && mark(message, acts),
  );
}

function notice(message, className) {
  return make("p", { className }, words(message), message.status === "failed" && " · 未送达");
}

function bodies(message, acts) {
  const shown = [];
  if (message.voice) shown.push(make("div", { className: "spoken" }, voice(message.voice)));
  if (message.parts?.length) shown.push(make("div", { className: "bubble" }, ...message.parts.map(part)));
  if (message.video) shown.push(film(message.video));
  if (message.place) shown.push(place(message.place));
  if (message.picture) shown.push(picture(message.picture, "图片", acts));
  if (message.articles) shown.push(...message.articles.map((article) => card(article, acts)));
  return shown;
}

function template({ title, description, href }) {
  const lines = description.split("\n").map((line) => make("p", {}, line));
  const more = href && make("p", { className: "more" }, link(href, "查看详情"));
  return make("article", { className: "message template", "aria-label": "服务通知" }, make("h3", {}, title), ...lines, more);
}

function place({ label, latitude, longitude }) {
  const where = `${Number(latitude).toFixed(4)}，${Number(longitude).toFixed(4)}`;
  const pin = make("span", { className: "pin", "aria-hidden": "true" });
  return make("div", { className: "bubble place" }, make("p", {}, label || "位置"), make("p", { className: "quiet" }, where), pin);
}

function film(address) {
  return make("video", { className: "film", src: address, controls: true, preload: "metadata", "aria-label": "视频" });
}

function part({ text, href }) {
  return href ? link(href, text) : text;
}

function link(href, text) {
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

function picture(address, text, acts) {
  const image = make("img", { src: address, alt: text, decoding: "async", onload: acts.grown });
  image.addEventListener("error", () => button.replaceWith(make("p", { className: "missing" }, "图片没有取到")));
  const button = make(
    "button",
    { className: "picture", type: "button", title: "看大图", onclick: () => acts.enlarge(address, text) },
    image,
  );
  return button;
}

function card({ title, description, picture: address, href }, acts) {
  // A title that is only the description cut short would be read twice.
  const cut = title.endsWith("…") && description.startsWith(title.slice(0, -1));
  return make(
    "div",
    { className: "bubble card" },
    cut && make("p", { className: "whole" }, description),
    !cut && title && make("h3", {}, href ? link(href, title) : title),
    address && picture(address, description || title || "图片", acts),
    !cut && description && make("p", {}, description),
    href && make("p", { className: "more" }, link(href, "查看详情")),
  );
}

function choices(offered, acts) {
  if (!offered.length) return "";
  const buttons = offered.map((choice) =>
    make("button", { type: "button", onclick: () => acts.tap(choice) }, choice.label),
  );
  return make("div", { className: "choices", role: "group", "aria-label": "可选" }, ...buttons);
}

function mark({ status, refusal }, acts) {
  const [sign, meaning] = MARKS[status];
  if (refusal) {
    return make(
      "p",
      { className: "mark failed" },
      `${refusal} `,
      make("button", { type: "button", className: "again", onclick: acts.again }, "重发"),
    );
  }
  return make("span", { className: `mark ${status}`, title: meaning, role: "img", "aria-label": meaning }, sign);
}

/** What a message says in one line. */
export function words(message) {
  return inOneLine(heardIn(message).answer) || heardIn(message).heard || "";
}

function inOneLine(message) {
  if (message.voice) return "[语音]";
  if (message.video) return "[视频]";
  if (message.place) return `[位置] ${message.place.label}`;
  if (message.notice) return `[服务通知] ${message.notice.title}`;
  const told = (message.parts ?? []).map(({ text }) => text).join("");
  if (told) return told;
  if (message.articles) return message.articles[0].title || message.articles[0].description || "[图文]";
  return message.picture ? "[图片]" : message.choices?.map(({ label }) => label).join("、") ?? "";
}
