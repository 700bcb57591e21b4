// Models 1 and 2: ŷ = w₁x₁ + w₂x₂ (+ b), whose landscape is a quadratic bowl.

import { combine } from "./vectors.js";

/** @import { Objective } from "./objective.js" */

/**
 * @param {2 | 3} P
 * @param {Float64Array} x
 * @param {Float64Array} y
 * @returns {Objective}
 */
export function linear(P, x, y) {
  const N = y.length;
  // ŷ of example n is θ · (x₁, x₂, 1)
  const input = new Float64Array(N * P).fill(1);
  for (let n = 0; n < N; n++) input.set(x.subarray(2 * n, 2 * n + 2), n * P);

  /** @type {(theta: Float64Array, n: number) => number} */
  const error = (theta, n) => {
    let sum = -y[n];
    for (let i = 0; i < P; i++) sum += theta[i] * input[n * P + i];
    return sum;
  };
  /** @type {Objective["loss"]} */
  const loss = (theta) => {
    let sum = 0;
    for (let n = 0; n < N; n++) sum += error(theta, n) ** 2;
    return sum / N;
  };
  return {
    P,
    N,
    loss,
    predict: (theta, inputs) =>
      Float64Array.from(
        { length: inputs.length / 2 },
        (_, i) => theta[0] * inputs[2 * i] + theta[1] * inputs[2 * i + 1] + (theta[2] ?? 0),
      ),
    gradient(theta) {
      const out = new Float64Array(P);
      for (let n = 0; n < N; n++) {
        const e = error(theta, n);
        for (let i = 0; i < P; i++) out[i] += 2 * e * input[n * P + i];
      }
      return out.map((sum) => sum / N);
    },
    hessian() {
      const out = new Float64Array(P * P);
      for (let n = 0; n < N; n++)
        for (let i = 0; i < P; i++)
          for (let j = 0; j < P; j++) out[i * P + j] += 2 * input[n * P + i] * input[n * P + j];
      return out.map((sum) => sum / N);
    },
    rows: (origin, d1, d2, across) => (b, out) => {
      const start = combine(origin, [b], [d2]);
      for (let i = 0; i < across.length; i++) out[i] = loss(combine(start, [across[i]], [d1]));
    },
  };
}
