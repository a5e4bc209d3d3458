import { byId, make } from "./dom.js";

/** Show a form as a dialog; its heading is the dialog's name. */
export function show(form) {
  const sheet = byId("sheet");
  sheet.setAttribute("aria-label", form.querySelector("h3").textContent);
  sheet.replaceChildren(form);
  if (!sheet.open) sheet.showModal();
}

/** Close the dialog. */
export const close = () => byId("sheet").close();

/** The row of buttons under a form: what it does, and away. */
export const buttons = (act, away = "关闭") =>
  make("div", { className: "row" }, act, make("button", { value: "close", formNoValidate: true }, away));

/**
 * Ask for some words: `fields` are properties of inputs, each with a `label`; `act(values)` may throw
 * a refusal, which is shown. `more` stands above the buttons.
 */
export function ask({ title, fields, done, act, more = [] }) {
  const error = make("p", { className: "error", role: "alert" });
  const labels = fields.map(({ label, ...input }) => make("label", {}, label, make("input", { autocomplete: "off", ...input })));
  const submit = buttons(make("button", { className: "primary" }, done), "取消");
  const form = make("form", { method: "dialog" }, make("h3", {}, title), ...labels, error, ...more, submit);
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value === "close") return;
    event.preventDefault();
    try {
      await act(Object.fromEntries(new FormData(form)));
      close();
    } catch (refused) {
      error.textContent = refused.message;
    }
  });
  show(form);
  return form;
}
