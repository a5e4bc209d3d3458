/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** A new element: attributes or properties, `on…` listeners, then children (text is never HTML). */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

/** An account's picture: its first character on a colour of its own. */
export function avatar(title) {
  const hue = [...title].reduce((sum, character) => sum + character.codePointAt(0), 0) % 6;
  return make("span", { className: `avatar hue-${hue}`, "aria-hidden": "true" }, [...title][0]);
}
