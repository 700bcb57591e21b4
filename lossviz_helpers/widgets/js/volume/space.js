// More space for the pictures: one panel enlarged, the whole screen, and a file to keep.

import { BAR_HEIGHT, drawBar } from "../canvas/bar.js";
import { offscreen } from "../canvas/pen.js";

/** @import { Viewer } from "./viewer.js" */

const BAR = { width: 320, height: BAR_HEIGHT }; // of the colour bar in the file, in CSS pixels
const EDGE = 12;

/**
 * Connect the buttons; `restyle` lays the viewer out anew. Returns a function that disconnects what
 * outlives the viewer.
 * @param {Viewer} viewer
 * @param {() => void} restyle
 */
export function connectSpace(viewer, restyle) {
  const { root, panels, cube, fullScreen, save } = viewer;
  /** @param {number | null} panel */
  const enlarge = (panel) => {
    viewer.large = panel;
    restyle();
  };
  [...panels, cube].forEach(({ enlarge: button }, i) =>
    button.addEventListener("click", () => enlarge(viewer.large === i ? null : i)),
  );
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || viewer.large === null) return;
    enlarge(null);
    event.stopPropagation();
  });
  fullScreen.hidden = !document.fullscreenEnabled;
  fullScreen.addEventListener("click", () =>
    document.fullscreenElement === root ? document.exitFullscreen() : root.requestFullscreen(),
  );
  save.addEventListener("click", () => download(picture(viewer), "landscape.png"));
  const onScreen = () => {
    const isFull = document.fullscreenElement === root;
    fullScreen.setAttribute("aria-pressed", String(isFull));
    fullScreen.textContent = isFull ? "Exit full screen" : "Full screen";
    restyle();
  };
  root.addEventListener("fullscreenchange", onScreen);
  window.addEventListener("resize", restyle);
  return () => window.removeEventListener("resize", restyle);
}

/**
 * The panels as they are shown, with their captions and the colour bar, on one canvas.
 * @param {Viewer} viewer
 */
export function picture({ grid, panels, cube, bar, scale, level, theme }) {
  const ratio = devicePixelRatio;
  const frame = grid.getBoundingClientRect();
  const [width, height] = [frame.width + 2 * EDGE, frame.height + BAR.height + 3 * EDGE];
  const ctx = offscreen(Math.round(width * ratio), Math.round(height * ratio));
  ctx.scale(ratio, ratio);
  ctx.fillStyle = theme.card;
  ctx.fillRect(0, 0, width, height);
  ctx.translate(EDGE - frame.left, EDGE - frame.top);
  ctx.textBaseline = "middle";
  for (const { figure, head, canvas } of [...panels, cube]) {
    if (figure.hidden) continue;
    for (const part of head.querySelectorAll("span.lv-title, span.lv-away")) {
      const { left, top, height: tall } = part.getBoundingClientRect();
      ctx.font = part.classList.contains("lv-title") ? theme.bold : theme.font;
      ctx.fillStyle = part.classList.contains("lv-title") ? theme.ink : theme.muted;
      ctx.fillText(part.textContent ?? "", left, top + tall / 2);
    }
    const { left, top, width: wide, height: tall } = canvas.getBoundingClientRect();
    ctx.drawImage(canvas, left, top, wide, tall);
  }
  const strip = offscreen(Math.round(BAR.width * ratio), Math.round(BAR.height * ratio));
  strip.scale(ratio, ratio);
  drawBar({ ...bar, ctx: strip, width: Math.min(BAR.width, frame.width) }, scale, theme, level);
  ctx.drawImage(strip.canvas, frame.left, frame.bottom + EDGE, BAR.width, BAR.height);
  return ctx.canvas;
}

/**
 * Offer a picture as a download.
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 */
function download(canvas, name) {
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
