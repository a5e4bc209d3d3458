const clock = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric" });
const short = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric" });

const DAY = 86_400_000;

/** A moment above a message: the time, with the day when it was not today. */
export function moment(at) {
  const then = new Date(at);
  const days = ago(then);
  if (days === 0) return clock.format(then);
  return `${days === 1 ? "昨天" : day.format(then)} ${clock.format(then)}`;
}

/** A moment in the list of chats: as short as can be. */
export function when(at) {
  const then = new Date(at);
  return [clock.format(then), "昨天"][ago(then)] ?? short.format(then);
}

const ago = (then) => Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / DAY);
