// Which plane the map shows: the whole space of two parameters, or the walk's main directions.

import { eigen } from "../engine/eigen.js";
import { combine, dot } from "../engine/vectors.js";

/** @import { Objective, Vector } from "../engine/objective.js" */
/** @import { Plane } from "../engine/plane.js" */

const MARGIN = 1.35; // of the window around what it has to show

/**
 * The bowl of Model 1: the plane of its two weights, around the lowest point.
 * @param {Objective} L
 * @param {Vector} start
 * @returns {Plane}
 */
export function bowlPlane(L, start) {
  const slope = L.gradient(start);
  const { values, vectors } = eigen(L.hessian(start));
  // one Newton step, which is exact because the bowl is quadratic
  const lowest = combine(start, values.map((value, i) => -dot(vectors[i], slope) / value), vectors);
  const reach = MARGIN * Math.max(...start.map((x, i) => Math.abs(x - lowest[i])), 0.5);
  const [d1, d2] = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
  return {
    origin: new Float64Array(2),
    d1,
    d2,
    across: [lowest[0] - reach, lowest[0] + reach],
    up: [lowest[1] - reach, lowest[1] + reach],
  };
}

/**
 * The first two principal components of a walk, with the same scale along both.
 * @param {Vector[]} points
 * @returns {Plane}
 */
export function walkPlane(points) {
  const P = points[0].length;
  const origin = new Float64Array(P);
  for (const point of points) point.forEach((x, i) => (origin[i] += x / points.length));
  const spread = new Float64Array(P * P);
  for (const point of points) {
    const away = point.map((x, i) => x - origin[i]);
    for (let i = 0; i < P; i++) for (let j = 0; j < P; j++) spread[i * P + j] += away[i] * away[j];
  }
  const { vectors } = eigen(spread);
  const [d1, d2] = [vectors[P - 1], vectors[P - 2]];
  /** @type {Plane} */
  const plane = { origin, d1, d2, across: [0, 0], up: [0, 0] };
  const shadow = points.map((point) => coordinates(plane, point));
  const ranges = [0, 1].map((k) => {
    const along = shadow.map((alpha) => alpha[k]);
    return [Math.min(...along), Math.max(...along)];
  });
  const reach = (MARGIN / 2) * Math.max(...ranges.map(([lo, hi]) => hi - lo), 1e-6);
  const [across, up] = ranges.map(([lo, hi]) => [(lo + hi) / 2 - reach, (lo + hi) / 2 + reach]);
  return { ...plane, across: [across[0], across[1]], up: [up[0], up[1]] };
}

/**
 * The coordinates of a point's shadow on a plane.
 * @param {Plane} plane
 * @param {Vector} point
 * @returns {[number, number]}
 */
export function coordinates({ origin, d1, d2 }, point) {
  const away = point.map((x, i) => x - origin[i]);
  return [dot(away, d1), dot(away, d2)];
}
