// The frame of a picture, with its ticks and axis labels.

import { tickCount, ticks, tickText } from "../numbers.js";
import { line } from "./pen.js";

/** @import { Box, Pen } from "./pen.js" */
/** @import { Theme } from "../page/theme.js" */

/** @typedef {{ lo: number, hi: number, label: string }} Axis */

/**
 * Frame, ticks and labels. Short labels are at the ends of their axes; with `apart`, each label has a
 * row of its own, below and above the box.
 * @param {Pen} ctx
 * @param {Theme} theme
 * @param {Box} box
 * @param {Axis} across
 * @param {Axis} up
 * @param {boolean} [apart]
 */
export function drawAxes(ctx, theme, box, across, up, apart = false) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  ctx.font = theme.font;
  ctx.fillStyle = theme.muted;
  /** @param {number} length */
  const count = (length) => (apart ? tickCount(length) : length > 200 ? 5 : 3);
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const t of ticks(across.lo, across.hi, count(box.width))) {
    const x = box.x + part(across, t) * box.width;
    line(ctx, x, bottom + 1, x, bottom + 4);
    if (apart || x < right - 26) ctx.fillText(tickText(t), x, bottom + 7);
  }
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const t of ticks(up.lo, up.hi, count(box.height))) {
    const y = bottom - part(up, t) * box.height;
    line(ctx, box.x - 4, y, box.x - 1, y);
    if (apart || y > box.y + 18) ctx.fillText(tickText(t), box.x - 7, y);
  }
  ctx.fillStyle = theme.ink;
  ctx.font = apart ? theme.font : theme.bold;
  ctx.textBaseline = "top";
  ctx.textAlign = apart ? "center" : "right";
  if (apart) ctx.fillText(across.label, box.x + box.width / 2, bottom + 23);
  else ctx.fillText(across.label, right, bottom + 6);
  ctx.textAlign = apart ? "left" : "right";
  if (apart) ctx.fillText(up.label, 4, box.y - 20);
  else ctx.fillText(up.label, box.x - 7, box.y - 1);
}

/**
 * How far along an axis a value lies, from 0 to 1.
 * @param {Axis} axis
 * @param {number} t
 */
export const part = ({ lo, hi }, t) => (t - lo) / (hi - lo);
