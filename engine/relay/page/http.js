/** A request that the relay refused; its message is for the customer. */
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
      headers: { "Content-Type": "application/json", "X-Banli": "page" },
      body: JSON.stringify(body),
    }),
  );

/** The JSON that answers a POST of a file. Throws like `get`. */
export const upload = (address, file) =>
  answer(fetch(address, { method: "POST", credentials: "same-origin", headers: { "X-Banli": "page" }, body: file }));

async function answer(request) {
  const response = await request;
  if (response.status >= 502) throw new TypeError("no connection");
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(told.error ?? "出了点问题，请再试一次", response.status);
  return told;
}

const PAUSE = 2000;

/** Ask again and again until the relay can be reached. Throws `Refused`. */
export async function patiently(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Refused) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
