// The activations of the series' models, with their first and second derivatives.

/**
 * `both` is the value and its first and second derivative. `rate` is k where the value depends on
 * its input only by e^(−k·x), as `from(e^(−k·x))`; 0 where it doesn't.
 * @typedef {object} Activation
 * @property {(x: number) => number} value
 * @property {(x: number, out: Float64Array) => void} both
 * @property {number} rate
 * @property {(e: number) => number} from
 */

/** @type {(e: number) => number} */
const never = () => NaN;

/** @type {(x: number) => number} */
export const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
  // by σ, as in models.py
  tanh: {
    value: (x) => 2 * sigmoid(2 * x) - 1,
    both: (x, out) => {
      const t = 2 * sigmoid(2 * x) - 1;
      out[0] = t;
      out[1] = 1 - t * t;
      out[2] = -2 * t * out[1];
    },
    rate: 2,
    from: (e) => 2 / (1 + e) - 1,
  },
  sigmoid: {
    value: sigmoid,
    both: (x, out) => {
      const s = sigmoid(x);
      out[0] = s;
      out[1] = s * (1 - s);
      out[2] = out[1] * (1 - 2 * s);
    },
    rate: 1,
    from: (e) => 1 / (1 + e),
  },
  relu: {
    value: (x) => (x > 0 ? x : 0),
    both: (x, out) => {
      out[0] = x > 0 ? x : 0;
      out[1] = x > 0 ? 1 : 0;
      out[2] = 0;
    },
    rate: 0,
    from: never,
  },
  linear: {
    value: (x) => x,
    both: (x, out) => {
      out[0] = x;
      out[1] = 1;
      out[2] = 0;
    },
    rate: 0,
    from: never,
  },
};
