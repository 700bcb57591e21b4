// How a panel is drawn. All of it takes about a millisecond.

import { drawAxes } from "../canvas/axes.js";
import { drawBar, drawBarMark } from "../canvas/bar.js";
import { crossLines, inBox, line } from "../canvas/pen.js";
import { drawColours, drawFaintContours, strokeSegments } from "../canvas/picture.js";
import { contour } from "../contours.js";
import { clamp, floats, formatLoss } from "../numbers.js";
import { colourOf, drawMarks } from "./marks.js";
import { toCanvas, valueAt } from "./state.js";

/** @import { Bar } from "../canvas/bar.js" */
/** @import { Stroke } from "../canvas/picture.js" */
/** @import { Layout, Line, Panel, Picture, Point } from "./state.js" */

const FAINT = 12; // contours across the colours
const POINTER = "#ffffff";
/** @type {Stroke} */
const RING = [["rgba(8, 10, 20, 0.6)", 4], [POINTER, 2]];

/** @param {Panel} panel */
export function drawPanel(panel) {
  const { model, picture, layout, theme, axes } = panel;
  if (!layout) return;
  const { ctx, box, bar } = layout;
  const pointer = model.get("pointer");
  ctx.clearRect(0, 0, layout.width, layout.height);
  inBox(ctx, box, () => {
    if (picture) drawPicture(panel, layout, picture);
    for (const item of model.get("lines")) drawLine(panel, layout, item);
    if (pointer) drawPointer(panel, layout, pointer);
  });
  drawAxes(ctx, theme, box, axes.across, axes.up, true);
  for (const item of model.get("marks")) drawMarks(panel, layout, item);
  if (picture && bar) drawPanelBar(panel, picture, bar);
}

/**
 * @param {Panel} panel
 * @param {Layout} layout
 * @param {Picture} picture
 */
function drawPicture({ model, hatching }, { ctx, box }, picture) {
  const { grid, scale } = picture;
  drawColours(ctx, box, grid, picture.tile, { ...picture, hatching });
  if (model.get("faint")) drawFaintContours(ctx, box, grid, FAINT);
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.strokeStyle = "#0b0d14";
  ctx.lineWidth = 2.2;
  for (const level of model.get("levels"))
    strokeSegments(ctx, box, grid, contour(grid, scale.position(level)));
}

/**
 * A line; on a picture it has a white edge, so that it is visible on any colour.
 * @param {Panel} panel
 * @param {Layout} layout
 * @param {Line} item
 */
function drawLine(panel, { ctx, box }, item) {
  const points = floats(item.points);
  ctx.beginPath();
  let isDown = false;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(box, panel.axes, points[i], points[i + 1]);
    const isPoint = Number.isFinite(x + y);
    // far beyond the box a canvas loses its precision
    if (isPoint) ctx[isDown ? "lineTo" : "moveTo"](clamp(x, -1e4, 1e4), clamp(y, -1e4, 1e4));
    isDown = isPoint;
  }
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.setLineDash(item.dash ? [6, 5] : []);
  if (panel.picture && !item.dash) {
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = item.width + 2.4;
    ctx.stroke();
  }
  ctx.strokeStyle = colourOf(panel, item.colour);
  ctx.lineWidth = item.width;
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * Where the pointer is: one line, or two that cross around a ring.
 * @param {Panel} panel
 * @param {Layout} layout
 * @param {Point} pointer
 */
function drawPointer({ model, axes, picture, theme }, { ctx, box }, pointer) {
  const [x, y] = toCanvas(box, axes, ...pointer);
  if (model.get("follow") === "across") {
    ctx.lineCap = "butt";
    ctx.strokeStyle = picture ? POINTER : theme.muted;
    ctx.lineWidth = 1.2;
    line(ctx, x, box.y, x, box.y + box.height);
    return;
  }
  crossLines(ctx, box, x, y, { opening: 9, width: 1.2, colours: [POINTER, POINTER] });
  for (const [colour, width] of RING) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

/**
 * The colour bar, with the value under the pointer.
 * @param {Panel} panel
 * @param {Picture} picture
 * @param {Bar} bar
 */
function drawPanelBar({ model, axes, theme }, picture, bar) {
  const { scale } = picture;
  const name = `Colours from ${formatLoss(scale.lo)} to ${formatLoss(scale.hi)}`;
  if (bar.ctx.canvas.ariaLabel !== name) bar.ctx.canvas.setAttribute("aria-label", name);
  const shown = { ...bar, strip: picture.strip };
  drawBar(shown, scale, theme, null);
  drawBarMark(shown, scale, theme, valueAt(model.get("pointer"), axes, picture));
}
