// The colour bar below a picture.

import { clamp, logTicks, tickText, ticks } from "../numbers.js";
import { line } from "./pen.js";
import { ISO } from "./picture.js";

const BAR = { edge: 8, top: 10, bottom: 24 }; // of the colours, in a canvas with ticks below

/** The colours in one row. */
export function makeStrip(colours) {
  const strip = document.createElement("canvas");
  strip.width = 256;
  strip.height = 1;
  const image = new ImageData(256, 1);
  new Uint32Array(image.data.buffer).set(colours);
  strip.getContext("2d").putImageData(image, 0, 0);
  return strip;
}

/** The colours, their losses, the loss under the crosshair ▼ and the contour. */
export function drawBar(viewer) {
  const { ctx, width, height } = viewer.bar;
  const { scale, theme } = viewer;
  const { top, bottom } = BAR;
  const [left, right] = [BAR.edge, width - BAR.edge];
  const x = (t) => left + clamp(t, 0, 1) * (right - left);
  ctx.clearRect(0, 0, width, height);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(viewer.bar.strip, left, top, right - left, bottom - top);
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
  ctx.fillStyle = theme.muted;
  ctx.font = theme.font;
  ctx.textBaseline = "top";
  const at = scale.isLog ? logTicks(scale.lo, scale.hi, 5) : ticks(scale.lo, scale.hi, 4);
  for (const loss of at) {
    const t = x(scale.position(loss));
    line(ctx, t, bottom + 1, t, bottom + 4);
    ctx.textAlign = t < left + 14 ? "left" : t > right - 14 ? "right" : "center";
    ctx.fillText(tickText(loss), ctx.textAlign === "left" ? left : ctx.textAlign === "right" ? right : t, bottom + 6);
  }
  if (viewer.level !== null) {
    const t = x(viewer.level);
    for (const [colour, width] of ISO) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      line(ctx, t, top, t, bottom);
    }
  }
  drawBarMark(viewer);
}

/** The loss under the crosshair, above the colours. */
export function drawBarMark({ bar: { ctx, width }, scale, theme, loss }) {
  const { a: ratio } = ctx.getTransform();
  ctx.clearRect(0, 0, width, Math.floor((BAR.top - 1) * ratio) / ratio); // whole pixels
  if (!Number.isFinite(loss)) return;
  const t = BAR.edge + clamp(scale.position(loss), 0, 1) * (width - 2 * BAR.edge);
  ctx.beginPath();
  ctx.moveTo(t - 5.5, 0);
  ctx.lineTo(t + 5.5, 0);
  ctx.lineTo(t, 8);
  ctx.fillStyle = theme.ink;
  ctx.fill();
}
