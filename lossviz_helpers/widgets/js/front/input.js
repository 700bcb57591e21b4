// Mouse, finger and keys: a drag shifts the plane, a click drops a walker.

/** @import { Live } from "./live.js" */

const TAP = 5; // pixels: a shorter drag is a click
const SLOW = 0.4; // the landscape changes faster across the plane than along it

/** @param {Live} live */
export function connectInput(live) {
  connectPointer(live);
  connectKeys(live);
  live.button("drop")?.addEventListener("click", () => live.drop(live.start));
  live.button("reset")?.addEventListener("click", () => live.reset());
}

/** @param {Live} live */
function connectPointer(live) {
  const { canvas } = live;
  /** @type {{ x: number, y: number, isDrag: boolean } | null} */
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = { x: event.clientX, y: event.clientY, isDrag: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [right, down] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.isDrag && Math.hypot(right, down) < TAP) return;
    const slow = SLOW * live.alphaPerPixel;
    live.shiftBy(right * slow, -down * slow);
    held = { x: event.clientX, y: event.clientY, isDrag: true };
  });
  canvas.addEventListener("pointerup", (event) => {
    const frame = canvas.getBoundingClientRect();
    if (held && !held.isDrag) live.dropAt(event.clientX - frame.left, event.clientY - frame.top);
    held = null;
  });
  canvas.addEventListener("pointercancel", () => {
    held = null;
  });
}

/** @param {Live} live */
function connectKeys(live) {
  const { canvas } = live;
  canvas.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 2 : 0.5;
    /** @type {Record<string, [number, number] | undefined>} */
    const moves = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
    };
    const move = moves[event.key];
    if (move) live.shiftBy(...move);
    else if (event.key === "Enter" || event.key === " ")
      live.dropAt(canvas.clientWidth / 2, canvas.clientHeight / 2);
    else return;
    event.preventDefault();
  });
}
