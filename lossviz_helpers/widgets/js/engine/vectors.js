// Arithmetic on vectors of parameters.

import { doubles } from "../numbers.js";

/** @import { Vector } from "./objective.js" */

/**
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** @param {ArrayLike<number>} a */
export const norm = (a) => Math.sqrt(dot(a, a));

/**
 * origin + Σ αᵢ·directionᵢ
 * @param {Vector} origin
 * @param {ArrayLike<number>} alpha
 * @param {Vector[]} directions
 */
export function combine(origin, alpha, directions) {
  const out = Float64Array.from(origin);
  directions.forEach((d, k) => {
    for (let i = 0; i < out.length; i++) out[i] += alpha[k] * d[i];
  });
  return out;
}

/**
 * `count` evenly spaced numbers from lo to hi.
 * @param {number} lo
 * @param {number} hi
 * @param {number} count
 */
export const spaced = (lo, hi, count) =>
  Float64Array.from({ length: count }, (_, i) => lo + ((hi - lo) * i) / (count - 1));

/**
 * uᵀ·M·v for a row-major matrix: with a Hessian and u = v of length 1, the curvature along it.
 * @param {Vector} u
 * @param {Vector} M
 * @param {Vector} v
 */
export function form(u, M, v) {
  let sum = 0;
  for (let i = 0; i < u.length; i++)
    sum += u[i] * dot(v, M.subarray(i * v.length));
  return sum;
}

/**
 * The vectors that Python sent, one after another.
 * @param {DataView} view
 * @param {number} P
 */
export function vectorsIn(view, P) {
  const numbers = doubles(view);
  return Array.from({ length: numbers.length / P }, (_, i) => numbers.slice(i * P, (i + 1) * P));
}
