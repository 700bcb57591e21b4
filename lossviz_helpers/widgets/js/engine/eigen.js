// Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi rotations.

import { dot, form } from "./vectors.js";

/** @import { Vector } from "./objective.js" */

const SWEEPS = 60; // far more than it takes: about six

/**
 * @typedef {object} Eigen
 * @property {number[]} values - in ascending order
 * @property {Vector[]} vectors - of length 1; the largest entry of each is positive
 */

/**
 * Each rotation sets one off-diagonal entry to zero (Golub & Van Loan, 8.5).
 * @param {Vector} matrix - row-major, symmetric
 * @returns {Eigen}
 */
export function eigen(matrix) {
  const P = Math.round(Math.sqrt(matrix.length));
  const a = Float64Array.from(matrix);
  const vectors = Array.from({ length: P }, (_, i) => {
    const axis = new Float64Array(P);
    axis[i] = 1;
    return axis;
  });
  const size = Math.sqrt(dot(a, a));
  for (let sweep = 0; sweep < SWEEPS && besideDiagonal(a, P) > 1e-17 * size; sweep++)
    for (let p = 0; p < P; p++)
      for (let q = p + 1; q < P; q++) rotate(a, P, p, q, vectors);
  const order = Array.from({ length: P }, (_, i) => i).sort((i, j) => a[i * P + i] - a[j * P + j]);
  return { values: order.map((i) => a[i * P + i]), vectors: order.map((i) => upright(vectors[i])) };
}

/**
 * The norm of the off-diagonal entries.
 * @param {Vector} a
 * @param {number} P
 */
function besideDiagonal(a, P) {
  let sum = 0;
  for (let i = 0; i < P; i++) for (let j = 0; j < i; j++) sum += 2 * a[i * P + j] ** 2;
  return Math.sqrt(sum);
}

/**
 * Rotate the plane of axes p and q so that a[p, q] becomes 0.
 * @param {Vector} a
 * @param {number} P
 * @param {number} p
 * @param {number} q
 * @param {Vector[]} vectors
 */
function rotate(a, P, p, q, vectors) {
  const off = a[p * P + q];
  if (off === 0) return;
  const theta = (a[q * P + q] - a[p * P + p]) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < P; k++) {
    const [x, y] = [a[k * P + p], a[k * P + q]];
    a[k * P + p] = c * x - s * y;
    a[k * P + q] = s * x + c * y;
  }
  for (let k = 0; k < P; k++) {
    const [x, y] = [a[p * P + k], a[q * P + k]];
    a[p * P + k] = c * x - s * y;
    a[q * P + k] = s * x + c * y;
  }
  a[p * P + q] = a[q * P + p] = 0;
  for (let k = 0; k < P; k++) {
    const [x, y] = [vectors[p][k], vectors[q][k]];
    vectors[p][k] = c * x - s * y;
    vectors[q][k] = s * x + c * y;
  }
}

/**
 * A vector or its opposite: the one whose largest entry is positive.
 * @param {Vector} v
 */
function upright(v) {
  const largest = v.reduce((best, x) => (Math.abs(x) > Math.abs(best) + 1e-9 ? x : best), 0);
  return largest < 0 ? v.map((x) => -x) : v;
}

/**
 * The two curvatures of a plane with perpendicular unit directions: the eigenvalues of the Hessian
 * restricted to it, a 2×2 matrix, in ascending order.
 * @param {Vector} hessian
 * @param {Vector} d1
 * @param {Vector} d2
 * @returns {[number, number]}
 */
export function planeCurvatures(hessian, d1, d2) {
  const [a, b, c] = [form(d1, hessian, d1), form(d1, hessian, d2), form(d2, hessian, d2)];
  const [middle, reach] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
  return [middle - reach, middle + reach];
}
