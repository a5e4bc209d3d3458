import { post } from "./http.js";

const EVERY = 5000;
let timer;

/** Tell an account that wants to know where the customer is who looks at its chat, and no other. */
export function report(account) {
  clearInterval(timer);
  if (!account || account.reports === "never" || !navigator.geolocation) return;
  const tell = () => navigator.geolocation.getCurrentPosition(({ coords }) => send(account.name, coords), () => {});
  tell();
  if (account.reports === "always") timer = setInterval(tell, EVERY);
}

const send = (account, { latitude, longitude, accuracy }) =>
  post("/api/position", { account, latitude, longitude, precision: accuracy }).catch(() => {});
