// The frame of a picture, with its ticks and names.

import { tickCount, tickText, ticks } from "../numbers.js";
import { line } from "./pen.js";

/**
 * Frame, ticks and the names of the axes across and up, each {lo, hi, label}. Short names stand at
 * the ends of their axes; `apart`, they stand in rows of their own, below and above the box.
 */
export function drawAxes(ctx, theme, box, across, up, apart = false) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  ctx.font = theme.font;
  ctx.fillStyle = theme.muted;
  const count = (length) => (apart ? tickCount(length) : length > 200 ? 5 : 3);
  const part = ({ lo, hi }, t) => (t - lo) / (hi - lo);
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
