// Model 3: ŷ = output(Σⱼ vⱼ·hidden(wⱼ·x + bⱼ) + c), with three hidden units and 13 parameters.
//
// θ = w₁₁ w₁₂ w₂₁ w₂₂ w₃₁ w₃₂, b₁ b₂ b₃, v₁ v₂ v₃, c.

import { ACTIVATIONS } from "./activations.js";
import { combine } from "./vectors.js";

/** @import { Activation } from "./activations.js" */
/** @import { Objective, Row, Vector } from "./objective.js" */

const UNITS = 3;
const P = 13;
const [B, V, C] = [6, 9, 12]; // where b, v and c begin
// The largest exponent of a column's factor. A row's may be 0 or ∞: then the product is so small or
// so large that the unit is saturated.
const MAX_EXPONENT = 300;

/**
 * @param {string} hiddenName
 * @param {string} outputName
 * @param {Float64Array} x
 * @param {Float64Array} y
 * @returns {Objective}
 */
export function network(hiddenName, outputName, x, y) {
  const [hidden, output] = [activation(hiddenName), activation(outputName)];
  const N = y.length;
  const units = Array.from({ length: UNITS }, () => new Float64Array(3)); // of one example
  const last = new Float64Array(3);

  /** @type {(theta: Vector, n: number, j: number) => number} */
  const into = (theta, n, j) =>
    theta[2 * j] * x[2 * n] + theta[2 * j + 1] * x[2 * n + 1] + theta[B + j];

  /** @type {Objective["loss"]} */
  const loss = (theta) => {
    let sum = 0;
    for (let n = 0; n < N; n++) {
      let a = theta[C];
      for (let j = 0; j < UNITS; j++) a += theta[V + j] * hidden.value(into(theta, n, j));
      sum += (output.value(a) - y[n]) ** 2;
    }
    return sum / N;
  };

  /**
   * Values and derivatives of all units for example n; returns the error ŷ − y.
   * @param {Vector} theta
   * @param {number} n
   */
  const forward = (theta, n) => {
    let a = theta[C];
    for (let j = 0; j < UNITS; j++) {
      hidden.both(into(theta, n, j), units[j]);
      a += theta[V + j] * units[j][0];
    }
    output.both(a, last);
    return last[0] - y[n];
  };

  /**
   * The gradient of what goes into the output unit, for example n after `forward`.
   * @param {Vector} theta
   * @param {number} n
   * @param {Vector} out
   */
  const inner = (theta, n, out) => {
    for (let j = 0; j < UNITS; j++) {
      const pull = theta[V + j] * units[j][1];
      out[2 * j] = pull * x[2 * n];
      out[2 * j + 1] = pull * x[2 * n + 1];
      out[B + j] = pull;
      out[V + j] = units[j][0];
    }
    out[C] = 1;
  };

  /** @type {Objective["gradient"]} */
  const gradient = (theta) => {
    const [sum, one] = [new Float64Array(P), new Float64Array(P)];
    for (let n = 0; n < N; n++) {
      const slope = 2 * forward(theta, n) * last[1];
      inner(theta, n, one);
      for (let i = 0; i < P; i++) sum[i] += slope * one[i];
    }
    return sum.map((s) => s / N);
  };

  /** @type {Objective["hessian"]} */
  const hessian = (theta) => {
    const [sum, one] = [new Float64Array(P * P), new Float64Array(P)];
    for (let n = 0; n < N; n++) {
      const error = forward(theta, n);
      const slope = 2 * error * last[1];
      const bend = 2 * last[1] * last[1] + 2 * error * last[2];
      inner(theta, n, one);
      // the chain rule: bend·∇a∇aᵀ + slope·∇²a, of which the lower triangle is enough
      for (let i = 0; i < P; i++)
        for (let k = 0; k <= i; k++) sum[i * P + k] += bend * one[i] * one[k];
      for (let j = 0; j < UNITS; j++) {
        const curve = slope * theta[V + j] * units[j][2];
        const cross = slope * units[j][1];
        const at = [2 * j, 2 * j + 1, B + j];
        const input = [x[2 * n], x[2 * n + 1], 1];
        for (let p = 0; p < 3; p++) {
          for (let q = 0; q <= p; q++) sum[at[p] * P + at[q]] += curve * input[p] * input[q];
          sum[(V + j) * P + at[p]] += cross * input[p];
        }
      }
    }
    for (let i = 0; i < P; i++)
      for (let k = 0; k <= i; k++) sum[k * P + i] = sum[i * P + k] /= N;
    return sum;
  };

  /** @type {Objective["rows"]} */
  const rows = (origin, d1, d2, across) => {
    /** @type {Row} */
    const plain = (b, out) => {
      const start = combine(origin, [b], [d2]);
      for (let i = 0; i < across.length; i++) out[i] = loss(combine(start, [across[i]], [d1]));
    };
    return separable(origin, d1, d2, across) ?? plain;
  };

  /**
   * The same for units that depend on e^(−kx): on a plane it is the product of a factor of the row
   * and one of the column, so the exponentials are computed once per row and once per column.
   * @param {Vector} origin
   * @param {Vector} d1
   * @param {Vector} d2
   * @param {ArrayLike<number>} across
   * @returns {Row | null} null where a column's would be too large
   */
  const separable = (origin, d1, d2, across) => {
    const { rate, from } = hidden;
    if (!rate) return null;
    const size = across.length;
    const columns = new Float64Array(size * N * UNITS);
    for (let i = 0, at = 0; i < size; i++)
      for (let n = 0; n < N; n++)
        for (let j = 0; j < UNITS; j++, at++) {
          const power = -rate * across[i] * into(d1, n, j);
          if (Math.abs(power) > MAX_EXPONENT) return null;
          columns[at] = Math.exp(power);
        }
    const factors = new Float64Array(N * UNITS);
    return (b, out) => {
      const start = combine(origin, [b], [d2]);
      for (let n = 0, at = 0; n < N; n++)
        for (let j = 0; j < UNITS; j++, at++)
          factors[at] = Math.exp(-rate * into(start, n, j));
      for (let i = 0, at = 0; i < size; i++) {
        const v0 = start[V] + across[i] * d1[V];
        const v1 = start[V + 1] + across[i] * d1[V + 1];
        const v2 = start[V + 2] + across[i] * d1[V + 2];
        const c = start[C] + across[i] * d1[C];
        let sum = 0;
        for (let n = 0, k = 0; n < N; n++, k += UNITS, at += UNITS) {
          const a =
            c +
            v0 * from(factors[k] * columns[at]) +
            v1 * from(factors[k + 1] * columns[at + 1]) +
            v2 * from(factors[k + 2] * columns[at + 2]);
          sum += (output.value(a) - y[n]) ** 2;
        }
        out[i] = sum / N;
      }
    };
  };

  /** @type {Objective["predict"]} */
  const predict = (theta, inputs) =>
    Float64Array.from({ length: inputs.length / 2 }, (_, i) => {
      let a = theta[C];
      for (let j = 0; j < UNITS; j++) {
        const [w1, w2] = [theta[2 * j], theta[2 * j + 1]];
        const into = w1 * inputs[2 * i] + w2 * inputs[2 * i + 1] + theta[B + j];
        a += theta[V + j] * hidden.value(into);
      }
      return output.value(a);
    });

  return { P, N, loss, predict, gradient, hessian, rows };
}

/**
 * @param {string} name
 * @returns {Activation}
 */
function activation(name) {
  const found = ACTIVATIONS[name];
  if (!found) throw new Error(`no activation ${name}`);
  return found;
}
