// How a panel is drawn.

import { clamp, formatLoss } from "../numbers.js";
import { contour } from "../contours.js";
import { casedLine, inBox, line } from "../canvas/pen.js";
import { drawColours, drawContours, strokePieces } from "../canvas/picture.js";
import { drawAxes } from "../canvas/axes.js";
import { drawBar } from "../canvas/bar.js";
import { toCanvas, valueAtPointer } from "./state.js";
import { colourOf, drawMarks, readPoints } from "./marks.js";

const FAINT = 12; // contours across the colours
const POINTER = "#ffffff";

/** Draw everything: it takes about a millisecond. */
export function drawPanel(panel) {
  if (!panel.ready) return;
  const { ctx, width, height, box, theme, model } = panel;
  ctx.clearRect(0, 0, width, height);
  inBox(ctx, box, () => {
    if (panel.hasPicture) drawPictureOf(panel);
    for (const item of model.get("lines")) drawLineOf(panel, item);
    if (model.get("pointer")) drawPointer(panel);
  });
  drawAxes(ctx, theme, box, panel.across, panel.up, true);
  for (const item of model.get("marks")) drawMarks(panel, item);
  if (panel.bar.ctx) drawPanelBar(panel);
}

function drawPictureOf(panel) {
  const { ctx, model, slice, scale } = panel;
  drawColours(ctx, panel, panel);
  drawContours(ctx, panel, model.get("faint") ? FAINT : 0, []);
  ctx.strokeStyle = "#0b0d14";
  ctx.lineWidth = 2.2;
  for (const level of model.get("levels"))
    strokePieces(ctx, panel, contour(slice, scale.position(level)));
}

/** A line; on a picture with a white edge, so that it is seen on any colour. */
function drawLineOf(panel, item) {
  const { ctx } = panel;
  const points = readPoints(item);
  ctx.beginPath();
  let pen = false;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(panel, points[i], points[i + 1]);
    const seen = Number.isFinite(x + y);
    // far beyond the box a canvas loses its precision
    if (seen) ctx[pen ? "lineTo" : "moveTo"](clamp(x, -1e4, 1e4), clamp(y, -1e4, 1e4));
    pen = seen;
  }
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.setLineDash(item.dash ? [6, 5] : []);
  if (panel.hasPicture && !item.dash) {
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = item.width + 2.4;
    ctx.stroke();
  }
  ctx.strokeStyle = colourOf(panel, item.colour);
  ctx.lineWidth = item.width;
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Where the pointer is: one line, or two that are open around the point, with a ring. */
function drawPointer(panel) {
  const { ctx, box, model, theme } = panel;
  const [x, y] = toCanvas(panel, ...model.get("pointer"));
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.lineCap = "butt";
  if (model.get("follow") === "across") {
    ctx.strokeStyle = panel.hasPicture ? POINTER : theme.muted;
    ctx.lineWidth = 1.2;
    line(ctx, x, box.y, x, bottom);
    return;
  }
  const open = 9;
  casedLine(ctx, x, box.y, x, y - open, POINTER, 1.2);
  casedLine(ctx, x, y + open, x, bottom, POINTER, 1.2);
  casedLine(ctx, box.x, y, x - open, y, POINTER, 1.2);
  casedLine(ctx, x + open, y, right, y, POINTER, 1.2);
  for (const [colour, width] of [["rgba(8, 10, 20, 0.6)", 4], [POINTER, 2]]) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

/** The colour bar, with the value under the pointer. */
function drawPanelBar(panel) {
  const { bar, scale, theme, strip } = panel;
  const colours = `Colours from ${formatLoss(scale.lo)} to ${formatLoss(scale.hi)}`;
  if (bar.canvas.ariaLabel !== colours) bar.canvas.setAttribute("aria-label", colours);
  drawBar({ bar: { ...bar, strip }, scale, theme, level: null, loss: valueAtPointer(panel) });
}
