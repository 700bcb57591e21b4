// What the viewer shows: the volume, the trajectories, and where the crosshair is among them.

import { makeField, makeScale } from "../colours.js";
import { clamp, dot, floats, nearest } from "../numbers.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Grid } from "../contours.js" */

/**
 * The traits of `VolumeViewer` in volume.py, which says what they mean.
 * @typedef {object} Traits
 * @property {number[]} crosshair
 * @property {boolean} log
 * @property {[lo: number, hi: number]} limits
 * @property {number | null} contour
 * @property {number[][]} _axes
 * @property {DataView} _volume
 * @property {DataView} _path
 * @property {number[]} _runs
 * @property {number[][]} _metric
 * @property {number[]} _heights
 * @property {DataView} _colours
 * @property {Partial<Traits>} _initial
 */

/** @typedef {AnyModel<Traits>} Model */

/**
 * loss[(i·n₂ + j)·n₃ + k] at axes[0][i], axes[1][j], axes[2][k].
 * @typedef {object} Volume
 * @property {number[][]} axes
 * @property {number[]} shape
 * @property {number[]} strides
 * @property {Float32Array} loss
 */

/**
 * A training step: its position α, its distance `off` from the slice, and its loss.
 * @typedef {{ alpha: number[], off: number, step: number, loss: number }} Step
 */

/**
 * A cut holds one axis fixed; the other two run across and up.
 * @typedef {{ fixed: number, across: number, up: number }} Cut
 */

export const LABELS = ["α₁", "α₂", "α₃"];

/**
 * The three cuts share axes as views in a technical drawing do: the lines of the crosshair continue
 * from one panel to the next.
 * @type {Cut[]}
 */
export const CUTS = [
  { fixed: 2, across: 0, up: 1 },
  { fixed: 0, across: 2, up: 1 },
  { fixed: 1, across: 0, up: 2 },
];

/**
 * @param {number[][]} axes
 * @param {Float32Array} loss
 * @returns {Volume}
 */
export function makeVolume(axes, loss) {
  const shape = axes.map((axis) => axis.length);
  return { axes, shape, strides: [shape[1] * shape[2], shape[2], 1], loss };
}

/**
 * Trajectories, from one row of six numbers per step.
 * @param {DataView} rows
 * @param {number[]} counts - steps of each trajectory
 * @returns {Step[][]}
 */
export function readPath(rows, counts) {
  const table = floats(rows);
  let row = 0;
  return counts.map((count) =>
    Array.from({ length: count }, () => {
      const [a, b, c, off, step, loss] = table.subarray(6 * row, 6 * ++row);
      return { alpha: [a, b, c], off, step, loss };
    }),
  );
}

/**
 * Scale, contour level and all losses as positions on the colour bar.
 * @param {Model} model
 * @param {Volume} volume
 */
export function readColouring(model, volume) {
  const scale = makeScale(model.get("log"), model.get("limits"));
  const contour = model.get("contour");
  return {
    scale,
    field: makeField(volume.loss, scale),
    level: contour === null ? null : scale.position(contour),
  };
}

/**
 * The crosshair as grid indices, and the loss there.
 * @param {Model} model
 * @param {Volume} volume
 */
export function readCrosshair(model, volume) {
  const index = model.get("crosshair").map((alpha, axis) => nearest(volume.axes[axis], alpha));
  return { index, loss: volume.loss[dot(index, volume.strides)] };
}

/**
 * One cut of the field.
 * @param {Volume} volume
 * @param {Float32Array} field
 * @param {Cut} cut
 * @param {number} index - along the axis that is held fixed
 * @returns {Grid}
 */
export function takeCut({ shape, strides }, field, cut, index) {
  const [nu, nv] = [shape[cut.across], shape[cut.up]];
  const [su, sv] = [strides[cut.across], strides[cut.up]];
  const start = index * strides[cut.fixed];
  const values = new Float32Array(nu * nv);
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) values[v * nu + u] = field[start + v * sv + u * su];
  return { values, nu, nv };
}

/**
 * Where a coordinate lies on an evenly spaced axis, counted in its steps.
 * @param {number[]} axis
 * @param {number} alpha
 */
export function gridPosition(axis, alpha) {
  return ((alpha - axis[0]) / (axis[axis.length - 1] - axis[0])) * (axis.length - 1);
}

/**
 * Enough decimals to distinguish neighbours on every axis.
 * @param {number[][]} axes
 */
export function decimals(axes) {
  const step = Math.min(...axes.map((axis) => axis[1] - axis[0]));
  return clamp(1 + Math.ceil(-Math.log10(step)), 0, 7);
}

/**
 * Distance of a training step from a cut at `here`, in parameter units.
 * @param {Step} step
 * @param {number} axis - which the cut holds fixed
 * @param {number} here
 * @param {number} height - distance between two cuts whose α differs by 1
 */
export function distanceFromCut({ alpha, off }, axis, here, height) {
  return Math.hypot((alpha[axis] - here) * height, off);
}

/**
 * The training step nearest to a position α, and how far away it is, in parameter units.
 * @param {Step[][]} path
 * @param {number[]} at
 * @param {number[][]} metric - dot products of the slice's directions
 */
export function nearestStep(path, at, metric) {
  /** @type {{ step: Step | null, distance: number }} */
  let best = { step: null, distance: Infinity };
  for (const step of path.flat()) {
    const d = step.alpha.map((a, i) => a - at[i]);
    const square = dot(d, metric.map((row) => dot(row, d)));
    const distance = Math.sqrt(Math.max(square, 0) + step.off ** 2);
    if (distance < best.distance) best = { step, distance };
  }
  return best;
}
