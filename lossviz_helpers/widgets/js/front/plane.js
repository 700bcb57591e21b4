// The plane that is shown, and how it moves through the other dimensions.

import { combine, dot } from "../engine/vectors.js";

/** @import { Plane } from "../engine/plane.js" */
/** @import { Vector } from "../engine/objective.js" */

/**
 * A plane through parameter space: its first two directions are drawn, and it can be shifted along
 * the others. All have length 1 and are perpendicular.
 * @typedef {object} View
 * @property {Vector} origin
 * @property {Vector[]} directions - four
 * @property {[number, number]} shift - along the third and the fourth
 * @property {[lo: number, hi: number]} across
 * @property {[lo: number, hi: number]} up
 */

/**
 * The plane of a view, as the engine scans it.
 * @param {View} view
 * @returns {Plane}
 */
export function planeOf({ origin, directions: [d1, d2, d3, d4], shift, across, up }) {
  return { origin: combine(origin, shift, [d3, d4]), d1, d2, across, up };
}

/**
 * The point θ at a position on the plane.
 * @param {View} view
 * @param {number[]} alpha
 */
export function pointAt(view, alpha) {
  const { origin, d1, d2 } = planeOf(view);
  return combine(origin, alpha, [d1, d2]);
}

/**
 * A point's shadow on the plane, and its distance from it.
 * @param {View} view
 * @param {Vector} theta
 */
export function shadow(view, theta) {
  const { origin, d1, d2 } = planeOf(view);
  const away = theta.map((x, i) => x - origin[i]);
  const alpha = [dot(away, d1), dot(away, d2)];
  const square = dot(away, away) - alpha[0] ** 2 - alpha[1] ** 2;
  return { alpha, distance: Math.sqrt(Math.max(square, 0)) };
}
