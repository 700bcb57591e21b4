// How a cut is drawn.

import { drawAxes } from "../canvas/axes.js";
import { drawEnd, drawStart, PATH } from "../canvas/marks.js";
import { crossLines, inBox, pixelRatio } from "../canvas/pen.js";
import { drawColours, drawFaintContours, ISO, toX, toY } from "../canvas/picture.js";
import { strokeSegments } from "../canvas/picture.js";
import { contour } from "../contours.js";
import { clamp } from "../numbers.js";
import { thinned } from "./path.js";
import { gridPosition, LABELS, takeCut } from "./state.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { CutPanel } from "./page.js" */
/** @import { Place } from "./path.js" */
/** @import { Step } from "./state.js" */
/** @import { Viewer } from "./viewer.js" */

export const AXIS = ["#ff9326", "#33bdf7", "#ffffff"]; // chosen to stand out on viridis
const LEVELS = 12; // faint contours across the colours

/**
 * Draw a panel: its picture, redrawn only if another cut is shown, then the crosshair.
 * @param {Viewer} viewer
 * @param {CutPanel} panel
 */
export function drawCut(viewer, panel) {
  const { cut, ctx, width, height, box } = panel;
  const index = viewer.index[cut.fixed];
  if (panel.shown !== index) {
    panel.shown = index;
    panel.grid = takeCut(viewer.volume, viewer.field, cut, index);
    panel.iso = viewer.level === null ? [] : contour(panel.grid, viewer.level);
    drawPicture(viewer, panel);
    restore(panel, 0, 0, width, height);
  } else {
    const [x, y] = panel.crossing; // nothing has changed except under the old crosshair
    restore(panel, x - 4, box.y - 1, x + 4, box.y + box.height + 1);
    restore(panel, box.x - 1, y - 4, box.x + box.width + 1, y + 4);
  }
  const x = toX(box, panel.grid, viewer.index[cut.across]);
  const y = toY(box, panel.grid, viewer.index[cut.up]);
  panel.crossing = [x, y];
  const colours = [AXIS[cut.across], AXIS[cut.up]];
  inBox(ctx, box, () => crossLines(ctx, box, x, y, { opening: 7, width: 1.4, colours }));
}

/**
 * Restore the picture within a rectangle, widened to whole pixels of the screen.
 * @param {CutPanel} panel
 * @param {number} left
 * @param {number} top
 * @param {number} right
 * @param {number} bottom
 */
function restore({ ctx, picture: { canvas } }, left, top, right, bottom) {
  const ratio = pixelRatio(ctx);
  const [x, y] = [left, top].map((p) => Math.max(0, Math.floor(p * ratio)));
  const width = Math.min(canvas.width, Math.ceil(right * ratio)) - x;
  const height = Math.min(canvas.height, Math.ceil(bottom * ratio)) - y;
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(x, y, width, height);
  ctx.drawImage(canvas, x, y, width, height, x, y, width, height);
  ctx.restore();
}

/**
 * What stays while the crosshair moves within the cut: colours, contours, axes and the path.
 * @param {Viewer} viewer
 * @param {CutPanel} panel
 */
function drawPicture(viewer, panel) {
  const { picture: ctx, cut, box, grid } = panel;
  ctx.clearRect(0, 0, panel.width, panel.height);
  inBox(ctx, box, () => {
    drawColours(ctx, box, grid, panel.tile, viewer);
    drawFaintContours(ctx, box, grid, LEVELS);
    for (const [colour, width] of panel.iso.length ? ISO : []) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      strokeSegments(ctx, box, grid, panel.iso);
    }
  });
  const [across, up] = [cut.across, cut.up].map((axis) => {
    const values = viewer.volume.axes[axis];
    return { lo: values[0], hi: values[values.length - 1], label: LABELS[axis] };
  });
  drawAxes(ctx, viewer.theme, box, across, up);
  inBox(ctx, box, () => drawPath(viewer, panel));
}

/**
 * The projection of the trajectory onto the cut: fainter where the trajectory is further away.
 * @param {Viewer} viewer
 * @param {CutPanel} panel
 */
function drawPath(viewer, panel) {
  const { cut, picture: ctx, box, grid } = panel;
  const { axes } = viewer.volume;
  const axis = axes[cut.fixed];
  const here = axis[viewer.index[cut.fixed]];
  const reach = (axis[axis.length - 1] - axis[0]) / 2;
  /** @param {Step} step */
  const place = ({ alpha }) => [
    toX(box, grid, gridPosition(axes[cut.across], alpha[cut.across])),
    toY(box, grid, gridPosition(axes[cut.up], alpha[cut.up])),
  ];
  /** @param {Place} point */
  const nearness = ({ step }) => clamp(1 - Math.abs(step.alpha[cut.fixed] - here) / reach, 0, 1);
  ctx.lineCap = ctx.lineJoin = "round";
  for (const run of viewer.path) {
    const points = thinned(run, place);
    const strengths = points.map((point) => Math.round(4 * nearness(point)));
    strokeByStrength(ctx, points, strengths, "#fff", 2);
    strokeByStrength(ctx, points, strengths, PATH, 0);
    const [start, end] = [points[0], points[points.length - 1]];
    ctx.globalAlpha = 0.5 + 0.5 * nearness(start);
    drawStart(ctx, start.x, start.y);
    ctx.globalAlpha = 0.5 + 0.5 * nearness(end);
    drawEnd(ctx, end.x, end.y);
  }
  ctx.globalAlpha = 1;
}

/**
 * One stroke for each run of equal strength, from 0 (thin and faint) to 4.
 * @param {Pen} ctx
 * @param {Place[]} points
 * @param {number[]} strengths
 * @param {string} colour
 * @param {number} extra - width
 */
function strokeByStrength(ctx, points, strengths, colour, extra) {
  ctx.strokeStyle = colour;
  for (let i = 0; i + 1 < points.length; ) {
    const strength = strengths[i];
    ctx.globalAlpha = 0.3 + 0.175 * strength;
    ctx.lineWidth = 1.2 + 0.35 * strength + extra;
    ctx.beginPath();
    ctx.moveTo(points[i].x, points[i].y);
    do {
      i++;
      ctx.lineTo(points[i].x, points[i].y);
    } while (i + 1 < points.length && strengths[i] === strength);
    ctx.stroke();
  }
}
