// The marks of a panel, and the colours that marks and lines have by name.

import { drawEnd, drawStart, PATH } from "../canvas/marks.js";
import { casedLine } from "../canvas/pen.js";
import { floats } from "../numbers.js";
import { toCanvas } from "./state.js";

/** @import { Box, Pen } from "../canvas/pen.js" */
/** @import { Kind, Layout, Marks, Panel } from "./state.js" */

/** @type {Record<string, string | undefined>} */
const ON_PICTURE = {
  path: PATH,
  blue: "#1b6ca8",
  orange: "#e08214",
  ink: "#0b0d14",
  white: "#fff",
};

/**
 * A colour by its name: always the same on a picture, otherwise the one in the theme.
 * @param {Panel} panel
 * @param {string} name
 */
export function colourOf({ picture, theme }, name) {
  /** @type {Record<string, unknown>} */
  const named = picture ? ON_PICTURE : theme;
  return String(named[name] ?? name);
}

/** @type {Record<Kind, (ctx: Pen, x: number, y: number, r: number) => void>} */
const SHAPES = {
  start: (ctx, x, y) => drawStart(ctx, x, y),
  end: (ctx, x, y) => drawEnd(ctx, x, y),
  dot: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
  square: (ctx, x, y, r) => ctx.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
  diamond: (ctx, x, y, r) => {
    const reach = 1.3 * r;
    for (const [u, v] of [[0, -1], [1, 0], [0, 1], [-1, 0]])
      ctx.lineTo(x + u * reach, y + v * reach);
    ctx.closePath();
  },
  cross: (ctx, x, y, r) => {
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
    casedLine(ctx, x - r, y + r, x + r, y - r, "#fff", 2);
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
  },
};
const COMPLETE = ["start", "end", "cross"]; // these fill and stroke themselves

/**
 * Draw one mark; returns whether it still has to be filled.
 * @param {Pen} ctx
 * @param {Kind} kind
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function traceMark(ctx, kind, x, y, size) {
  ctx.beginPath();
  SHAPES[kind](ctx, x, y, size);
  return !COMPLETE.includes(kind);
}

/**
 * All marks of one kind that are in the box.
 * @param {Panel} panel
 * @param {Layout} layout
 * @param {Marks} item
 */
export function drawMarks(panel, { ctx, box }, item) {
  const points = floats(item.points);
  ctx.lineCap = "round";
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(box, panel.axes, points[i], points[i + 1]);
    if (!isIn(box, x, y) || !traceMark(ctx, item.kind, x, y, item.size)) continue;
    ctx.fillStyle = colourOf(panel, item.colour);
    ctx.fill();
    ctx.lineWidth = item.size > 4 ? 1.8 : 0.7;
    ctx.strokeStyle = panel.picture ? "#fff" : panel.theme.card;
    ctx.stroke();
  }
}

/**
 * Whether a point is in a box, or outside it by no more than a rounding error.
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 */
const isIn = (box, x, y) =>
  x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;
