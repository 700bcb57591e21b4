// The colour bar below a picture.

import { clamp, logTicks, ticks, tickText } from "../numbers.js";
import { line, offscreen, pixelRatio } from "./pen.js";
import { ISO } from "./picture.js";

/** @import { Scale } from "../colours.js" */
/** @import { Pen } from "./pen.js" */
/** @import { Theme } from "../page/theme.js" */

export const BAR_HEIGHT = 44;
const BAR = { edge: 8, top: 10, bottom: 24 }; // margins around the colours; the ticks are below

/**
 * The canvas of a bar: its size in CSS pixels, and the colours in one row.
 * @typedef {{ ctx: Pen, width: number, strip: HTMLCanvasElement }} Bar
 */

/**
 * Where a loss lies across a bar, from its left to its right edge.
 * @param {Bar} bar
 * @param {number} position - on the colour bar, clamped to 0…1
 */
const toX = ({ width }, position) => BAR.edge + clamp(position, 0, 1) * (width - 2 * BAR.edge);

/**
 * The colours and their losses, with the contour's `level`, a position on the bar, or null.
 * @param {Bar} bar
 * @param {Scale} scale
 * @param {Theme} theme
 * @param {number | null} level
 */
export function drawBar(bar, scale, theme, level) {
  const { ctx, width } = bar;
  const { top, bottom } = BAR;
  const [left, right] = [BAR.edge, width - BAR.edge];
  ctx.clearRect(0, 0, width, BAR_HEIGHT);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(bar.strip, left, top, right - left, bottom - top);
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
  ctx.fillStyle = theme.muted;
  ctx.font = theme.font;
  ctx.textBaseline = "top";
  const losses = scale.isLog ? logTicks(scale.lo, scale.hi, 5) : ticks(scale.lo, scale.hi, 4);
  for (const loss of losses) {
    const x = toX(bar, scale.position(loss));
    line(ctx, x, bottom + 1, x, bottom + 4);
    const align = x < left + 14 ? "left" : x > right - 14 ? "right" : "center";
    ctx.textAlign = align;
    ctx.fillText(tickText(loss), { left, right, center: x }[align], bottom + 6);
  }
  if (level === null) return;
  const x = toX(bar, level);
  for (const [colour, width] of ISO) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    line(ctx, x, top, x, bottom);
  }
}

/**
 * ▼ above the colours, at a loss; nothing where it isn't finite.
 * @param {Bar} bar
 * @param {Scale} scale
 * @param {Theme} theme
 * @param {number} loss
 */
export function drawBarMark(bar, scale, theme, loss) {
  const { ctx, width } = bar;
  const ratio = pixelRatio(ctx);
  ctx.clearRect(0, 0, width, Math.floor((BAR.top - 1) * ratio) / ratio); // whole pixels
  if (!Number.isFinite(loss)) return;
  const x = toX(bar, scale.position(loss));
  ctx.beginPath();
  ctx.moveTo(x - 5.5, 0);
  ctx.lineTo(x + 5.5, 0);
  ctx.lineTo(x, 8);
  ctx.fillStyle = theme.ink;
  ctx.fill();
}

/**
 * The colours in one row.
 * @param {Uint32Array} colours
 */
export function makeStrip(colours) {
  const pen = offscreen(256, 1);
  const image = new ImageData(256, 1);
  new Uint32Array(image.data.buffer).set(colours);
  pen.putImageData(image, 0, 0);
  return pen.canvas;
}
