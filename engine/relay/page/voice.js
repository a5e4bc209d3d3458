import { make } from "./dom.js";

const WAVES = "M5 10.500a2.200 2.200 0 0 1 0 3M8.500 7.500a6.500 6.500 0 0 1 0 9M12 4.500a11 11 0 0 1 0 15";

const player = new Audio();
let playing;

for (const end of ["ended", "pause", "error"]) player.addEventListener(end, () => show(undefined));

/** The bubble of a voice message: plays when tapped, and stops when tapped again. */
export function voice({ address, seconds }) {
  const length = Math.max(1, Math.round(seconds));
  const button = make(
    "button",
    { type: "button", className: "bubble voice", disabled: !address, onclick: () => toggle(address) },
    waves(),
    seconds ? make("span", {}, `${length}″`) : "",
  );
  button.setAttribute("aria-label", seconds ? `语音，${length} 秒` : "语音");
  button.dataset.address = address ?? "";
  button.style.setProperty("--seconds", Math.min(length, 60));
  button.classList.toggle("playing", !!address && address === playing);
  return button;
}

/** Stop what is playing. */
export function silence() {
  player.pause();
}

async function toggle(address) {
  if (playing === address) return silence();
  player.src = address;
  show(address);
  // A tap on another voice ends this one before it has begun.
  await player.play().catch(() => playing === address && show(undefined));
}

function show(address) {
  playing = address;
  for (const button of document.querySelectorAll(".voice")) {
    button.classList.toggle("playing", !!address && button.dataset.address === address);
  }
}

function waves() {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "2 2 16 20");
  picture.setAttribute("aria-hidden", "true");
  for (const arc of WAVES.split("M").slice(1)) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", `M${arc}`);
    picture.append(path);
  }
  return picture;
}
