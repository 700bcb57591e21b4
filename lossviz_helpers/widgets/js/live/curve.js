// Curves over the steps of a walk.

import { line } from "../canvas/pen.js";
import { clamp, logTicks, ticks, tickText } from "../numbers.js";

/** @import { Box, Pen } from "../canvas/pen.js" */
/** @import { Theme } from "../page/theme.js" */

/**
 * @typedef {object} Chart
 * @property {Box} box
 * @property {number} last - the last step
 * @property {[lo: number, hi: number]} range - of the values
 * @property {boolean} log
 */

/** @param {Chart} chart */
const scaleOf = ({ box, range: [lo, hi], log }) => {
  /** @type {(value: number) => number} */
  const f = log ? (value) => Math.log(Math.max(value, 1e-300)) : (value) => value;
  // far beyond the box a canvas loses its precision
  return (/** @type {number} */ value) =>
    box.y + clamp((f(hi) - f(value)) / (f(hi) - f(lo)), -9, 9) * box.height;
};

/**
 * Canvas position of a value at a step.
 * @param {Chart} chart
 * @param {number} step
 * @param {number} value
 * @returns {[number, number]}
 */
export function place(chart, step, value) {
  const { box, last } = chart;
  return [box.x + (step / Math.max(last, 1)) * box.width, scaleOf(chart)(value)];
}

/**
 * Frame, ticks and names.
 * @param {Pen} ctx
 * @param {Theme} theme
 * @param {Chart} chart
 * @param {boolean} isLowest - whether step numbers are drawn below it
 */
export function drawChart(ctx, theme, chart, isLowest) {
  const { box, last, range, log } = chart;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.font = theme.font;
  ctx.fillStyle = theme.muted;
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  const up = log ? logTicks(...range, 4) : ticks(...range, 4);
  for (const value of up) {
    const [, y] = place(chart, 0, value);
    line(ctx, box.x, y, right, y);
    ctx.fillText(log ? tickText(Number(value.toPrecision(2))) : tickText(value), box.x - 7, y);
  }
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const step of isLowest ? ticks(0, last, 5) : []) {
    const [x] = place(chart, step, range[0]);
    line(ctx, x, bottom, x, bottom + 4);
    ctx.fillText(tickText(step), x, bottom + 7);
  }
}

/**
 * @param {Pen} ctx
 * @param {Chart} chart
 * @param {ArrayLike<number>} steps
 * @param {ArrayLike<number>} values
 */
export function strokeCurve(ctx, chart, steps, values) {
  ctx.beginPath();
  for (let i = 0; i < steps.length; i++) ctx.lineTo(...place(chart, steps[i], values[i]));
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.stroke();
}
