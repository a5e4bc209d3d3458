import { byId, make } from "./dom.js";
import { get, post } from "./http.js";

/** Show the words that were not understood, each with the meanings that it may have. */
export async function showDoubts() {
  const { doubts, meanings } = await get("/desk/api/doubts");
  const titles = (account) => Object.fromEntries((meanings[account] ?? []).map(({ intent, title }) => [intent, title]));
  byId("doubt-list").replaceChildren(...doubts.map((doubt) => entry(doubt, titles(doubt.account))));
  if (!doubts.length) byId("doubt-list").append(make("li", { className: "quiet nobody" }, "没有没听懂的话。"));
}

function entry(doubt, titles) {
  const taken = titles[doubt.intent] ?? (doubt.intent === "out_of_scope" ? "没听懂" : doubt.intent);
  const choice = make(
    "select",
    { "aria-label": `「${doubt.text}」的意思` },
    make("option", { value: "" }, "选它的意思…"),
    ...Object.entries(titles).map(([value, title]) => make("option", { value }, title)),
    make("option", { value: "out_of_scope" }, "不归我们办"),
  );
  const item = make(
    "li",
    { className: "doubt" },
    make("p", { className: "text" }, doubt.text),
    make("p", { className: "quiet" }, `${taken}（${Math.round(doubt.confidence * 100)}%）· ${doubt.times} 次`),
    make(
      "div",
      { className: "row" },
      choice,
      make("button", { className: "primary", onclick: () => choice.value && settle(item, doubt, choice.value) }, "记下"),
      make("button", { onclick: () => settle(item, doubt, "") }, "不用学"),
    ),
  );
  return item;
}

async function settle(item, { account, text }, intent) {
  byId("learn-trouble").textContent = "";
  try {
    await post("/desk/api/meaning", { account, text, intent });
    item.remove();
    await showDoubts();
  } catch (error) {
    byId("learn-trouble").textContent = error.status ? error.message : "连不上服务，请再试一次";
  }
}
