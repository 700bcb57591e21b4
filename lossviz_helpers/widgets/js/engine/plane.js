// Planes and lines through parameter space: the loss on them, and random ones.

import { combine, dot, norm, spaced } from "./vectors.js";

/** @import { Objective, Row, Vector } from "./objective.js" */

/**
 * A window onto a plane: θ(α) = origin + α₁·d1 + α₂·d2.
 * @typedef {object} Plane
 * @property {Vector} origin
 * @property {Vector} d1
 * @property {Vector} d2
 * @property {[lo: number, hi: number]} across - range of α₁
 * @property {[lo: number, hi: number]} up - range of α₂
 */

/**
 * A scan that can be interrupted and continued.
 * @typedef {object} Scan
 * @property {Float32Array} losses - size × size, α₁ fastest, the lowest α₂ first
 * @property {number} size
 * @property {number} done - how many rows are scanned
 * @property {(until: () => boolean) => boolean} go - scan until all is done (then it returns true)
 *   or until `until()` is true after a row
 */

/**
 * The loss on a grid of size × size points that reaches the edges of the window.
 * @param {Objective} L
 * @param {Plane} plane
 * @param {number} size
 * @returns {Scan}
 */
export function startScan(L, { origin, d1, d2, across, up }, size) {
  /** @type {Row | null} */
  let row = null;
  const heights = spaced(...up, size);
  const one = new Float64Array(size);
  const losses = new Float32Array(size * size);
  /** @type {Scan} */
  const scan = {
    losses,
    size,
    done: 0,
    go(until) {
      row ??= L.rows(origin, d1, d2, spaced(...across, size));
      while (scan.done < size) {
        row(heights[scan.done], one);
        losses.set(one, scan.done++ * size);
        if (until()) break;
      }
      return scan.done === size;
    },
  };
  return scan;
}

/**
 * The point of the landscape at a place on a plane.
 * @param {Plane} plane
 * @param {[number, number]} at
 */
export const pointAt = ({ origin, d1, d2 }, at) => combine(origin, at, [d1, d2]);

/**
 * Where the shadow of a point falls on a plane, whose directions need not be perpendicular.
 * @param {Plane} plane
 * @param {Vector} point
 * @returns {[number, number]}
 */
export function shadowOf({ origin, d1, d2 }, point) {
  const away = point.map((x, i) => x - origin[i]);
  const [a, b, c] = [dot(d1, d1), dot(d1, d2), dot(d2, d2)];
  const [u, v] = [dot(away, d1), dot(away, d2)];
  const size = a * c - b * b;
  return [(c * u - b * v) / size, (a * v - b * u) / size];
}

/**
 * The whole scan at once.
 * @param {Objective} L
 * @param {Plane} plane
 * @param {number} size
 */
export function scanPlane(L, plane, size) {
  const scan = startScan(L, plane, size);
  scan.go(() => false);
  return scan.losses;
}

/**
 * The loss along a line, at origin + αᵢ·direction.
 * @param {Objective} L
 * @param {Vector} origin
 * @param {Vector} direction
 * @param {ArrayLike<number>} alphas
 */
export const scanLine = (L, origin, direction, alphas) =>
  Float64Array.from(alphas, (a) => L.loss(combine(origin, [a], [direction])));

/**
 * Random numbers from 0 to 1 that are the same every time (mulberry32).
 * @param {number} seed
 */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Two perpendicular random directions of length 1, every plane equally likely.
 * @param {number} P
 * @param {() => number} random
 * @returns {[Vector, Vector]}
 */
export function randomDirections(P, random) {
  const draw = () =>
    Float64Array.from({ length: P }, () => {
      const radius = Math.sqrt(-2 * Math.log(1 - random()));
      return radius * Math.cos(2 * Math.PI * random());
    });
  const [a, b] = [draw(), draw()];
  const d1 = a.map((x) => x / norm(a));
  const along = dot(b, d1);
  const rest = b.map((x, i) => x - along * d1[i]);
  return [d1, rest.map((x) => x / norm(rest))];
}
