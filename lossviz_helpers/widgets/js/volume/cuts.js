// How a cut is drawn.

import { clamp } from "../numbers.js";
import { contour } from "../contours.js";
import { casedLine, inBox } from "../canvas/pen.js";
import { PATH, drawEnd, drawStart } from "../canvas/marks.js";
import { drawColours, drawContours, toX, toY } from "../canvas/picture.js";
import { drawAxes } from "../canvas/axes.js";
import { LABELS, gridPosition, takeCut } from "./state.js";

export const AXIS = ["#ff9326", "#33bdf7", "#ffffff"]; // the cut that each axis moves, on top of viridis
const LEVELS = 12; // faint contours across the colours

/** Draw one panel: its picture, made anew only if another cut is shown, then the crosshair. */
export function drawCut(viewer, panel) {
  const { cut, width, height, box } = panel;
  if (panel.shown !== viewer.index[cut.fixed]) {
    panel.shown = viewer.index[cut.fixed];
    panel.slice = takeCut(viewer.volume, viewer.field, cut, panel.shown);
    panel.iso = viewer.level === null ? [] : contour(panel.slice, viewer.level);
    drawPicture(viewer, panel);
    restore(panel, 0, 0, width, height);
  } else {
    const [x, y] = panel.crossing; // only under the old crosshair has anything changed
    restore(panel, x - 4, box.y - 1, x + 4, box.y + box.height + 1);
    restore(panel, box.x - 1, y - 4, box.x + box.width + 1, y + 4);
  }
  inBox(panel.ctx, box, () => drawCrosshair(viewer, panel));
}

/** Put back the picture within a rectangle, widened to whole pixels of the screen. */
function restore({ ctx, picture }, left, top, right, bottom) {
  const { a: ratio } = ctx.getTransform();
  const [x, y] = [left, top].map((p) => Math.max(0, Math.floor(p * ratio)));
  const width = Math.min(picture.canvas.width, Math.ceil(right * ratio)) - x;
  const height = Math.min(picture.canvas.height, Math.ceil(bottom * ratio)) - y;
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(x, y, width, height);
  ctx.drawImage(picture.canvas, x, y, width, height, x, y, width, height);
  ctx.restore();
}

/** What stays while the crosshair moves within the cut: colours, contours, axes and the path. */
function drawPicture(viewer, panel) {
  const ctx = panel.picture;
  ctx.clearRect(0, 0, panel.width, panel.height);
  inBox(ctx, panel.box, () => {
    drawColours(ctx, viewer, panel);
    drawContours(ctx, panel, LEVELS, panel.iso);
  });
  drawFrame(ctx, viewer, panel);
  inBox(ctx, panel.box, () => drawPathOnCut(viewer, panel));
}

/** The points of a run on the canvas, without those that fall on one pixel. */
export function shadow(run, place) {
  const out = [];
  for (const [i, point] of run.entries()) {
    const [x, y] = place(point);
    const last = out[out.length - 1];
    const isEnd = i === 0 || i === run.length - 1;
    if (isEnd || Math.abs(x - last.x) + Math.abs(y - last.y) > 1.5) out.push({ x, y, point });
  }
  return out;
}

/** The shadow of training on the cut: the further away it runs, the fainter. */
function drawPathOnCut(viewer, panel) {
  const { cut, picture: ctx } = panel;
  const { axes } = viewer.volume;
  const axis = axes[cut.fixed];
  const here = axis[viewer.index[cut.fixed]];
  const reach = (axis[axis.length - 1] - axis[0]) / 2;
  const place = ({ alpha }) => [
    toX(panel, gridPosition(axes[cut.across], alpha[cut.across])),
    toY(panel, gridPosition(axes[cut.up], alpha[cut.up])),
  ];
  const nearness = ({ point }) => clamp(1 - Math.abs(point.alpha[cut.fixed] - here) / reach, 0, 1);
  ctx.lineCap = ctx.lineJoin = "round";
  for (const run of viewer.path) {
    const points = shadow(run, place);
    strokeByNearness(ctx, points, nearness, "#fff", 2);
    strokeByNearness(ctx, points, nearness, PATH, 0);
    for (const [end, drawMark] of [[points[0], drawStart], [points[points.length - 1], drawEnd]]) {
      ctx.globalAlpha = 0.5 + 0.5 * nearness(end);
      drawMark(ctx, end.x, end.y);
    }
  }
  ctx.globalAlpha = 1;
}

/** One stroke for each stretch of about the same nearness; near is wide and strong. */
function strokeByNearness(ctx, points, nearness, colour, extra) {
  const strengths = points.map((p) => Math.round(4 * nearness(p)));
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

/** Two lines, each where another cut stands, open around the point that is read. */
function drawCrosshair(viewer, panel) {
  const { ctx, cut, box } = panel;
  const x = toX(panel, viewer.index[cut.across]);
  const y = toY(panel, viewer.index[cut.up]);
  panel.crossing = [x, y];
  const open = 7;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.lineCap = "butt";
  casedLine(ctx, x, box.y, x, y - open, AXIS[cut.across], 1.4);
  casedLine(ctx, x, y + open, x, bottom, AXIS[cut.across], 1.4);
  casedLine(ctx, box.x, y, x - open, y, AXIS[cut.up], 1.4);
  casedLine(ctx, x + open, y, right, y, AXIS[cut.up], 1.4);
}

/** Frame, ticks and the names of the axes. */
function drawFrame(ctx, viewer, { box, cut }) {
  const along = (axis) => {
    const values = viewer.volume.axes[axis];
    return { lo: values[0], hi: values[values.length - 1], label: LABELS[axis] };
  };
  drawAxes(ctx, viewer.theme, box, along(cut.across), along(cut.up));
}
