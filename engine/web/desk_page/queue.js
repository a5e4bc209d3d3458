import { byId, make, since } from "./dom.js";

const WHY = { asked: "要找人工", upset: "不满意", failed: "没听懂" };

/** Why a customer is in the queue, in words. */
export const why = (customer) => WHY[customer.reason] ?? customer.reason;

/** What a customer is called where the company does not know them. */
export const called = (customer) => customer.name || `客户 ${customer.openid.slice(-6)}`;

/** The address of a customer within the page. */
export const address = ({ account, openid }) =>
  `#customer/${encodeURIComponent(account)}/${encodeURIComponent(openid)}`;

/** Show the queue: who waits first, then who is with a clerk. */
export function showQueue(queue, me) {
  const waiting = queue.filter((each) => !each.clerk);
  const order = [...waiting, ...queue.filter((each) => each.clerk)];
  byId("waiting").textContent = waiting.length || "";
  document.title = waiting.length ? `(${waiting.length}) 客服台` : "客服台";
  byId("customers").replaceChildren(...order.map((each) => entry(each, me)));
  if (!queue.length) byId("customers").append(make("li", { className: "quiet nobody" }, "没有客户在等。"));
}

function entry(customer, me) {
  const here = location.hash === address(customer);
  const state = customer.clerk ? `${customer.clerk === me ? "我" : customer.clerk}在接待` : `等了 ${since(customer.since)}`;
  return make(
    "li",
    {},
    make(
      "a",
      { href: address(customer), className: customer.clerk ? "taken" : "waits", ...(here && { "aria-current": "true" }) },
      make("strong", {}, called(customer)),
      make("span", { className: "state" }, state),
      make("span", { className: "quiet" }, [why(customer), customer.task.title].filter(Boolean).join(" · ")),
    ),
  );
}
