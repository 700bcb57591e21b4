// Is a low point of a slice a minimum of the landscape? As `false_minimum_test` in Python, in slices
// of time.

import { adam } from "./descent.js";
import { eigen } from "./eigen.js";
import { dot, norm } from "./vectors.js";

/** @import { Objective, Vector } from "./objective.js" */

const MIN_CURVATURE = 5e-3; // of the largest eigenvalue: below that, one counts as zero
const MIN_GAIN = 0.01; // of the loss: less isn't a way down
const ROUNDING = 20; // multiples of the rounding error of θ
const [STEPS, LR] = [300, 0.01]; // of the further training

/**
 * @typedef {object} Verdict
 * @property {number} loss
 * @property {number} inside - the length of the gradient's part in the slice
 * @property {number} off - and of the rest
 * @property {number[]} values - the eigenvalues of the Hessian, ascending
 * @property {number} negative - how many of them are clearly negative
 * @property {number} trainedLoss - after further training
 * @property {number} distance - how far that led
 * @property {boolean} isStationary
 * @property {boolean} leadsDown
 * @property {boolean} isMinimum
 */

/** @typedef {{ result: Verdict | null, go: (until: () => boolean) => boolean }} Test */

/**
 * The part of a vector in the space of some directions.
 * @param {Vector} v
 * @param {Vector[]} directions
 */
export function project(v, directions) {
  const out = new Float64Array(v.length);
  for (const unit of orthonormal(directions)) {
    const along = dot(v, unit);
    for (let i = 0; i < out.length; i++) out[i] += along * unit[i];
  }
  return out;
}

/**
 * Perpendicular directions of length 1 that span the same space.
 * @param {Vector[]} directions
 */
export function orthonormal(directions) {
  /** @type {Vector[]} */
  const units = [];
  for (const direction of directions) {
    const rest = Float64Array.from(direction);
    for (const unit of units) {
      const along = dot(direction, unit);
      for (let i = 0; i < rest.length; i++) rest[i] -= along * unit[i];
    }
    const size = norm(rest);
    units.push(rest.map((x) => x / size));
  }
  return units;
}

/**
 * @param {Objective} L
 * @param {Vector} theta
 * @param {Vector[]} directions - of the slice
 * @returns {Test}
 */
export function startTest(L, theta, directions) {
  const walker = adam(L, theta, LR);
  let steps = 0;
  /** @type {Test} */
  const test = {
    result: null,
    go(until) {
      while (steps < STEPS) {
        walker.step();
        steps++;
        if (until()) return false;
      }
      test.result ??= judge(L, theta, directions, walker.theta);
      return true;
    },
  };
  return test;
}

/**
 * @param {Objective} L
 * @param {Vector} theta
 * @param {Vector[]} directions
 * @param {Vector} trained - where further training led
 * @returns {Verdict}
 */
function judge(L, theta, directions, trained) {
  const [loss, trainedLoss, slope] = [L.loss(theta), L.loss(trained), L.gradient(theta)];
  const part = project(slope, directions);
  const { values } = eigen(L.hessian(theta));
  const scale = Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
  const negative = values.filter((value) => value < -MIN_CURVATURE * scale).length;
  // an ideal step along the gradient is ∇L / λmax, and lowers the loss by at least |∇L|² / 2λmax
  const steepness = norm(slope);
  const step = scale ? steepness / scale : steepness ? Infinity : 0;
  const shortest = ROUNDING * Number.EPSILON * norm(theta);
  const least = MIN_GAIN * Math.abs(loss);
  const isStationary = step <= shortest || (steepness * step) / 2 <= least;
  const leadsDown = step > shortest && loss - trainedLoss > least;
  return {
    loss,
    inside: norm(part),
    off: norm(slope.map((x, i) => x - part[i])),
    values,
    negative,
    trainedLoss,
    distance: norm(trained.map((x, i) => x - theta[i])),
    isStationary,
    leadsDown,
    isMinimum: isStationary && negative === 0 && !leadsDown,
  };
}
