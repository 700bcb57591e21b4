// What the viewer shows: the volume, the trajectories, and where the crosshair stands in them.

import { clamp, dot, floats, nearest } from "../numbers.js";
import { makeField, makeScale } from "../colours.js";

export const LABELS = ["α₁", "α₂", "α₃"];

// Each cut: the axis it holds fixed, and those that run across and up. The three share axes the
// way a technical drawing does: crosshair lines run on from one panel to the next.
export const CUTS = [
  { fixed: 2, across: 0, up: 1 },
  { fixed: 0, across: 2, up: 1 },
  { fixed: 1, across: 0, up: 2 },
];

/** The volume: loss[(i·n₂ + j)·n₃ + k] at axes[0][i], axes[1][j], axes[2][k]. */
export function readVolume(model) {
  const axes = model.get("_axes");
  const shape = axes.map((axis) => axis.length);
  const strides = [shape[1] * shape[2], shape[2], 1];
  return { axes, shape, strides, loss: floats(model.get("_volume")) };
}

/** Trajectories: runs of points {alpha, off, step, loss}. */
export function readPath(model) {
  const table = floats(model.get("_path"));
  let row = 0;
  return model.get("_runs").map((count) =>
    Array.from({ length: count }, () => {
      const [a, b, c, off, step, loss] = table.subarray(6 * row, 6 * ++row);
      return { alpha: [a, b, c], off, step, loss };
    }),
  );
}

/** Take over colours: scale, limits and contour level. */
export function readColouring(viewer) {
  const { model, volume } = viewer;
  viewer.scale = makeScale(model.get("log"), model.get("limits"));
  viewer.field = makeField(volume.loss, viewer.scale);
  const level = model.get("contour");
  viewer.level = level === null ? null : viewer.scale.position(level);
}

/** Take over the crosshair: grid indices, and the loss there. */
export function readCrosshair(viewer) {
  const { model, volume } = viewer;
  viewer.index = model.get("crosshair").map((alpha, axis) => nearest(volume.axes[axis], alpha));
  viewer.loss = volume.loss[dot(viewer.index, volume.strides)];
}

/** One cut of the field, row by row, lowest row first. */
export function takeCut(volume, field, cut, index) {
  const [nu, nv] = [volume.shape[cut.across], volume.shape[cut.up]];
  const [su, sv] = [volume.strides[cut.across], volume.strides[cut.up]];
  const start = index * volume.strides[cut.fixed];
  const values = new Float32Array(nu * nv);
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) values[v * nu + u] = field[start + v * sv + u * su];
  return { values, nu, nv };
}

/** Where on a grid, counted in its steps, a coordinate lies. */
export function gridPosition(axis, alpha) {
  return ((alpha - axis[0]) / (axis[axis.length - 1] - axis[0])) * (axis.length - 1);
}

/** Grid position along an axis → coordinate in the cube, −1 to 1. */
export function toCube(volume, axis, position) {
  return (2 * position) / (volume.shape[axis] - 1) - 1;
}

/** Decimals that tell neighbours apart on every axis. */
export function decimals(axes) {
  const step = Math.min(...axes.map((axis) => axis[1] - axis[0]));
  return clamp(1 + Math.ceil(-Math.log10(step)), 0, 7);
}

/** Distance of the end of training from a cut, in parameter units. */
export function endDistance(viewer, axis) {
  const run = viewer.path[0];
  const { alpha, off } = run[run.length - 1];
  const here = viewer.volume.axes[axis][viewer.index[axis]];
  return Math.hypot((alpha[axis] - here) * viewer.heights[axis], off);
}

/** The point of training nearest to the crosshair. */
export function nearestStep(viewer) {
  const at = viewer.index.map((i, axis) => viewer.volume.axes[axis][i]);
  let best = { distance: Infinity };
  for (const run of viewer.path)
    for (const point of run) {
      const d = point.alpha.map((a, i) => a - at[i]);
      const square = dot(d, viewer.metric.map((row) => dot(row, d)));
      const distance = Math.sqrt(Math.max(square, 0) + point.off ** 2);
      if (distance < best.distance) best = { distance, point };
    }
  return best;
}
