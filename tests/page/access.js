const seen = (each) => each.checkVisibility() && each.type !== "file" && !each.closest("[aria-hidden=true]");
const told = (each) => each.outerHTML.slice(0, 120);
const OPERATED = "button, a[href], input, textarea, select, summary, img, [role]";
const UNNAMED = ["status", "alert", "timer"];

function nameOf(each) {
  const alt = each.getAttribute("alt") ?? each.querySelector("img")?.alt;
  return each.getAttribute("aria-label") || each.getAttribute("aria-labelledby") || each.labels?.length || each.innerText?.trim() || alt;
}

/** What can be operated or stands for something, and has no name. An empty `alt` says that it means nothing. */
function nameless() {
  return [...document.querySelectorAll(OPERATED)]
    .filter((each) => seen(each) && !UNNAMED.includes(each.getAttribute("role")) && each.getAttribute("alt") !== "" && !nameOf(each))
    .map(told);
}

/** What is too small to hit. */
function small() {
  return [...document.querySelectorAll("button, input, textarea, select, summary")]
    .filter((each) => seen(each) && each.type !== "checkbox" && each.getBoundingClientRect().height < 24)
    .map(told);
}

/** Text that stands out too little from what is behind it. */
function low() {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const each = text.parentElement;
    if (!text.data.trim() || !seen(each) || each.closest("noscript, option, button:disabled")) continue;
    const ground = groundsOf(each);
    const [one, other] = [lightOf(ground), lightOf([...ground, getComputedStyle(each).color])];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${text.data.trim().slice(0, 20)}`);
  }
  return found;
}

const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

const groundsOf = (each) => (each ? [...groundsOf(each.parentElement), getComputedStyle(each).backgroundColor] : ["#fff"]);

/** The relative luminance of colours that lie over each other. */
function lightOf(colours) {
  for (const colour of colours) {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
  }
  return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
}
