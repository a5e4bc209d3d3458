import { avatar, byId, make } from "./dom.js";
import { post } from "./http.js";

/** Show the sign-in screen; `entered(name)` is called when somebody has signed in. */
export function showSignIn(guests, entered) {
  const enter = async (address, credentials) => {
    byId("sign-in-error").textContent = "";
    try {
      const { name } = await post(address, credentials);
      byId("sign-in").hidden = true;
      entered(name);
    } catch (error) {
      byId("sign-in-error").textContent = error.status ? error.message : "连不上服务，请稍后再试";
    }
  };
  byId("guests").hidden = !guests.length;
  byId("guests").replaceChildren(
    ...guests.map((guest) =>
      make(
        "button",
        { type: "button", className: "guest", onclick: () => enter("/api/sign-in", guest) },
        avatar(guest.name),
        make("span", {}, `以${guest.name}的身份进入`),
      ),
    ),
    make("p", { className: "or" }, "或用名字登录"),
  );
  const form = byId("credentials");
  form.onsubmit = (event) => {
    event.preventDefault();
    const { name, password } = Object.fromEntries(new FormData(form));
    enter(`/api/sign-${event.submitter?.value ?? "in"}`, { name, password });
  };
  byId("sign-in").hidden = false;
}
