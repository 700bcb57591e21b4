// What the widget shows: surfaces on one scale, the paths on them, and the point that is read.

import { makeField, makeScale } from "../colours.js";
import { clamp, floats, mix, nearest } from "../numbers.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Scale } from "../colours.js" */

/** @typedef {[a: number, b: number]} Pair */

/**
 * A trajectory as Python sends it: `rows` are float32 (α₁, α₂, distance from the plane, step, loss).
 * @typedef {{ name: string, colour: string, rows: DataView }} SentRun
 */

/**
 * A landscape as Python sends it: losses are float32, α₂ fastest, NaN in gaps.
 * @typedef {{ name: string, axes: number[][], losses: DataView, runs: SentRun[] }} SentSurface
 */

/**
 * The traits of `Surface` in surface.py, which says what they mean.
 * @typedef {object} Traits
 * @property {boolean} log
 * @property {number} height
 * @property {boolean} contours
 * @property {Pair} view
 * @property {number} zoom
 * @property {Pair | null} pointer
 * @property {SentSurface[]} _surfaces
 * @property {string[]} _labels
 * @property {string} _quantity
 * @property {Pair} _limits
 * @property {Pair | null} _log_limits
 * @property {DataView} _colours
 * @property {Partial<Traits>} _initial
 */

/** @typedef {AnyModel<Traits>} Model */

/** @typedef {{ alpha: Pair, off: number, step: number, loss: number }} Step */
/** @typedef {{ name: string, colour: string, steps: Step[] }} Run */

/**
 * Losses on a grid, `losses[v·nu + u]` at axes[0][u], axes[1][v], in a block that reaches from
 * −half to half along both axes.
 * @typedef {object} Ground
 * @property {string} name
 * @property {number[][]} axes
 * @property {number} nu
 * @property {number} nv
 * @property {Pair} half
 * @property {Float32Array} losses
 * @property {Run[]} runs
 */

export const FULL = 0.72; // height of the block, in half-widths, without exaggeration

/**
 * @param {SentSurface} sent
 * @returns {Ground}
 */
export function readGround({ name, axes, losses, runs }) {
  const [nu, nv] = axes.map((axis) => axis.length);
  const rows = floats(losses);
  const turned = new Float32Array(nu * nv);
  for (let u = 0; u < nu; u++) for (let v = 0; v < nv; v++) turned[v * nu + u] = rows[u * nv + v];
  return { name, axes, nu, nv, half: proportions(axes), losses: turned, runs: runs.map(readRun) };
}

/**
 * Half-widths of the block: α has the same scale along both axes, unless one is much longer.
 * @param {number[][]} axes
 * @returns {Pair}
 */
export function proportions(axes) {
  const [a, b] = axes.map((axis) => axis[axis.length - 1] - axis[0]);
  const ratio = b / a;
  if (ratio > 3 || ratio < 1 / 3) return [1, 1];
  return ratio > 1 ? [1 / ratio, 1] : [1, ratio];
}

/**
 * @param {SentRun} sent
 * @returns {Run}
 */
function readRun({ name, colour, rows }) {
  const table = floats(rows);
  const steps = Array.from({ length: table.length / 5 }, (_, i) => {
    const [a, b, off, step, loss] = table.subarray(5 * i, 5 * i + 5);
    return { alpha: /** @type {Pair} */ ([a, b]), off, step, loss };
  });
  return { name, colour, steps };
}

/**
 * The scale of heights and colours; logarithmic if that is requested and possible.
 * @param {Model} model
 * @returns {Scale}
 */
export function readScale(model) {
  const limits = model.get("_log_limits");
  return model.get("log") && limits
    ? makeScale(true, limits)
    : makeScale(false, model.get("_limits"));
}

/**
 * Heights from 0 to 1; what is beyond the limits is cut off, and gaps stay NaN.
 * @param {Ground} ground
 * @param {Scale} scale
 */
export function makeHeights({ losses }, scale) {
  return makeField(losses, scale).map((t) => clamp(t, 0, 1)); // clamp keeps NaN
}

/**
 * α → place in the block.
 * @param {Ground} ground
 * @param {number[]} alpha
 * @returns {Pair}
 */
export function toBlock({ axes, half }, alpha) {
  const [x, y] = axes.map((axis, i) => {
    const [lo, hi] = [axis[0], axis[axis.length - 1]];
    return half[i] * ((2 * (alpha[i] - lo)) / (hi - lo) - 1);
  });
  return [x, y];
}

/**
 * Place in the block → α.
 * @param {Ground} ground
 * @param {number[]} place
 * @returns {Pair}
 */
export function toAlpha({ axes, half }, place) {
  const [a, b] = axes.map((axis, i) =>
    mix(axis[0], axis[axis.length - 1], (place[i] / half[i] + 1) / 2),
  );
  return [a, b];
}

/**
 * The grid point nearest to α, and the loss that was computed there; null outside the window.
 * @param {Ground} ground
 * @param {Pair | null} alpha
 */
export function readAt({ axes, nu, losses }, alpha) {
  if (!alpha) return null;
  for (const [i, axis] of axes.entries()) {
    const margin = 1e-6 * (axis[axis.length - 1] - axis[0]);
    if (!(alpha[i] >= axis[0] - margin && alpha[i] <= axis[axis.length - 1] + margin)) return null;
  }
  const [u, v] = axes.map((axis, i) => nearest(axis, alpha[i]));
  return { u, v, alpha: /** @type {Pair} */ ([axes[0][u], axes[1][v]]), loss: losses[v * nu + u] };
}

/**
 * Enough decimals to distinguish neighbours on the grid.
 * @param {Ground} ground
 */
export function decimals({ axes }) {
  const step = Math.min(...axes.map((axis) => axis[1] - axis[0]));
  return clamp(1 + Math.ceil(-Math.log10(step)), 0, 7);
}
