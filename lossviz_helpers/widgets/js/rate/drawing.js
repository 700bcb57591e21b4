// What is on the canvases: the map with the walk, and the two curves.

import { drawEnd, drawStart, PATH } from "../canvas/marks.js";
import { inBox, line } from "../canvas/pen.js";
import { drawChart, place, strokeCurve } from "../live/curve.js";
import { drawField, drawFrame, tiles, toCanvas } from "../live/field.js";
import { clean } from "../live/size.js";
import { clamp } from "../numbers.js";
import { stepOf } from "./state.js";
import { coordinates } from "./view.js";

/** @import { Box, Pen } from "../canvas/pen.js" */
/** @import { Chart } from "../live/curve.js" */
/** @import { Window } from "../live/field.js" */
/** @import { Rate } from "./state.js" */

const tileOf = tiles();
const LINES = 120; // up to this many steps, each is a line with a dot; more would hide the map

/** @param {Rate} rate */
export function drawMap(rate) {
  const { page, theme, field, colours, plane, L } = rate;
  const { ctx, width, height } = clean(page.map);
  const box = { x: 44, y: 22, width: width - 44 - 10, height: height - 22 - 42 };
  const names = L.P === 2 ? ["w₁", "w₂"] : ["α₁", "α₂"];
  const [across, up] = [plane.across, plane.up].map(([lo, hi], i) => ({ lo, hi, label: names[i] }));
  const window = { across, up };
  if (field) {
    drawField(ctx, box, field, tileOf(field.grid.nu), colours, null);
    drawWalk(rate, ctx, box, window);
  }
  drawFrame(ctx, theme, box, window);
}

/**
 * The walk up to the step that is shown: on a plane of a larger space, its shadow.
 * @param {Rate} rate
 * @param {Pen} ctx
 * @param {Box} box
 * @param {Window} window
 */
function drawWalk(rate, ctx, box, window) {
  const step = stepOf(rate);
  const at = rate.run.points.slice(0, step + 1).map((point) => {
    const [x, y] = toCanvas(box, window, ...coordinates(rate.plane, point));
    return /** @type {const} */ ([clamp(x, -1e4, 1e4), clamp(y, -1e4, 1e4)]);
  });
  const isShort = at.length <= LINES;
  inBox(ctx, box, () => {
    for (const [colour, width] of /** @type {const} */ ([["#fff", 4], [PATH, 2]])) {
      ctx.beginPath();
      for (const [x, y] of at) ctx.lineTo(x, y);
      ctx.lineCap = ctx.lineJoin = "round";
      ctx.strokeStyle = colour;
      ctx.lineWidth = isShort ? width : 0.8 * width;
      ctx.stroke();
    }
    if (isShort)
      for (const [x, y] of at) {
        ctx.beginPath();
        ctx.arc(x, y, 3, 0, 2 * Math.PI);
        ctx.fillStyle = PATH;
        ctx.strokeStyle = "#fff";
        ctx.lineWidth = 1;
        ctx.fill();
        ctx.stroke();
      }
    drawStart(ctx, ...at[0]);
    drawEnd(ctx, ...at[step]);
  });
}

/**
 * The box of a curve on its canvas.
 * @param {number} width
 * @param {number} height
 * @param {boolean} isLowest
 * @returns {Box}
 */
const curveBox = (width, height, isLowest) => ({
  x: 50,
  y: 8,
  width: width - 50 - 14,
  height: height - 8 - (isLowest ? 40 : 10),
});

/** @param {Rate} rate */
export function drawCurves(rate) {
  drawLosses(rate);
  drawSharpness(rate);
}

/** @param {Rate} rate */
function drawLosses(rate) {
  const { page, theme, model, run } = rate;
  const { ctx, width, height } = clean(page.losses);
  const [first] = run.losses;
  let [lo, hi] = [first, first];
  for (const loss of run.losses) {
    if (loss < lo) lo = loss;
    if (loss > hi) hi = loss;
  }
  /** @type {Chart} */
  const chart = {
    box: curveBox(width, height, false),
    last: model.get("_steps"),
    range: [Math.max(0.8 * lo, 1e-4 * first), Math.min(1.25 * hi, 100 * first)],
    log: true,
  };
  drawChart(ctx, theme, chart, false);
  const steps = run.losses.map((_, i) => i);
  inBox(ctx, chart.box, () => {
    ctx.strokeStyle = theme.path;
    ctx.lineWidth = 2;
    strokeCurve(ctx, chart, steps, run.losses);
  });
  drawNow(rate, ctx, chart, run.losses[stepOf(rate)], theme.path);
}

/** @param {Rate} rate */
function drawSharpness(rate) {
  const { page, theme, model, run } = rate;
  const { ctx, width, height } = clean(page.sharpness);
  const limit = 2 / run.lr;
  const highest = Math.max(...run.sharpness);
  const top = 1.15 * Math.max(highest, Math.min(limit, 2.2 * highest));
  /** @type {Chart} */
  const chart = {
    box: curveBox(width, height, true),
    last: model.get("_steps"),
    range: [0, top],
    log: false,
  };
  const { box } = chart;
  drawChart(ctx, theme, chart, true);
  const [, y] = place(chart, 0, limit);
  inBox(ctx, box, () => {
    // where steps along the sharpest direction overshoot by more than they correct
    if (y > box.y) {
      ctx.fillStyle = theme.orange;
      ctx.globalAlpha = 0.12;
      ctx.fillRect(box.x, box.y, box.width, y - box.y);
      ctx.globalAlpha = 1;
    }
    ctx.strokeStyle = theme.ink;
    ctx.lineWidth = 2;
    ctx.setLineDash([6, 5]);
    line(ctx, box.x, y, box.x + box.width, y);
    ctx.setLineDash([]);
    ctx.strokeStyle = theme.blue;
    ctx.lineWidth = 2.4;
    strokeCurve(ctx, chart, run.steps, run.sharpness);
  });
  ctx.fillStyle = theme.muted;
  ctx.font = theme.font;
  ctx.textBaseline = "top";
  ctx.textAlign = "center";
  ctx.fillText("step", box.x + box.width / 2, box.y + box.height + 23);
  if (y < box.y) {
    ctx.fillStyle = theme.ink;
    ctx.textAlign = "right";
    ctx.fillText("2/lr is further up ↑", box.x + box.width - 4, box.y + 4);
  }
  drawNow(rate, ctx, chart, NaN, theme.blue);
}

/**
 * The step that is shown, on a curve.
 * @param {Rate} rate
 * @param {Pen} ctx
 * @param {Chart} chart
 * @param {number} value - NaN for none
 * @param {string} colour
 */
function drawNow(rate, ctx, chart, value, colour) {
  const { box, range } = chart;
  const [x, y] = place(chart, stepOf(rate), Number.isNaN(value) ? range[0] : value);
  ctx.strokeStyle = rate.theme.muted;
  ctx.lineWidth = 1;
  line(ctx, x, box.y, x, box.y + box.height);
  if (!(y >= box.y) || Number.isNaN(value)) return;
  ctx.beginPath();
  ctx.arc(x, y, 4.5, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.strokeStyle = rate.theme.card;
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
}
