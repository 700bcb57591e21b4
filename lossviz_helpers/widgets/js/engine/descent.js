// Training, one step at a time, as in torch.optim: SGD with or without momentum, and Adam.

/** @import { Objective, Vector } from "./objective.js" */

/**
 * @typedef {object} Walker
 * @property {Vector} theta - where it is
 * @property {() => void} step
 */

/**
 * Gradient descent; `momentum` as in torch.optim.SGD.
 * @param {Objective} L
 * @param {ArrayLike<number>} start
 * @param {number} lr
 * @param {number} [momentum]
 * @returns {Walker}
 */
export function sgd(L, start, lr, momentum = 0) {
  const theta = Float64Array.from(start);
  /** @type {Vector | null} */
  let velocity = null;
  return {
    theta,
    step() {
      const slope = L.gradient(theta);
      velocity = velocity ? velocity.map((v, i) => momentum * v + slope[i]) : slope;
      for (let i = 0; i < theta.length; i++) theta[i] -= lr * velocity[i];
    },
  };
}

/**
 * Adam with the defaults of torch.optim.Adam.
 * @param {Objective} L
 * @param {ArrayLike<number>} start
 * @param {number} lr
 * @returns {Walker}
 */
export function adam(L, start, lr) {
  const [b1, b2, tiny] = [0.9, 0.999, 1e-8];
  const theta = Float64Array.from(start);
  const [mean, square] = [new Float64Array(theta.length), new Float64Array(theta.length)];
  let steps = 0;
  return {
    theta,
    step() {
      const slope = L.gradient(theta);
      steps++;
      const rate = lr / (1 - b1 ** steps);
      const root = Math.sqrt(1 - b2 ** steps);
      for (let i = 0; i < theta.length; i++) {
        mean[i] += (slope[i] - mean[i]) * (1 - b1);
        square[i] = square[i] * b2 + (1 - b2) * slope[i] * slope[i];
        theta[i] -= (rate * mean[i]) / (Math.sqrt(square[i]) / root + tiny);
      }
    },
  };
}
