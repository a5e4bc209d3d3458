/** A request that the desk refused; its message is for the clerk. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The JSON of a GET. Throws `Refused`, or TypeError when there is no connection. */
export const get = (address) => answer(fetch(address, { credentials: "same-origin" }));

/** The JSON that answers a POST of JSON. Throws like `get`. */
export const post = (address, body) =>
  answer(
    fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-Banli": "desk" },
      body: JSON.stringify(body),
    }),
  );

async function answer(request) {
  const response = await request;
  if (response.status >= 502) throw new TypeError("no connection");
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(told.error ?? "出了点问题，请再试一次", response.status);
  return told;
}
