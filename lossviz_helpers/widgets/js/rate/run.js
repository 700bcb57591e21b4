// One walk of gradient descent, with the largest eigenvalue of the Hessian along it.

import { sgd } from "../engine/descent.js";
import { eigen } from "../engine/eigen.js";

/** @import { Objective, Vector } from "../engine/objective.js" */

const MEASURED = 150; // how many times the Hessian is computed along a walk
const DIVERGED = 1e4; // the walk is stopped at this multiple of the loss at the start

/**
 * @typedef {object} Run
 * @property {number} lr
 * @property {Vector[]} points - from the start on
 * @property {number[]} losses
 * @property {number[]} steps - those at which the Hessian was computed
 * @property {number[]} sharpness - its largest eigenvalue there
 * @property {boolean} isDone
 * @property {boolean} hasDiverged - whether it was stopped because the loss became too large
 * @property {(until: () => boolean) => boolean} go - walk on until `until()` is true; whether it is
 *   done
 */

/**
 * @param {Objective} L
 * @param {Vector} start
 * @param {number} lr
 * @param {number} steps
 * @returns {Run}
 */
export function startRun(L, start, lr, steps) {
  const walker = sgd(L, start, lr);
  // an odd number: if every other step lands on the other side of a valley, both sides are measured
  const every = Math.ceil(steps / MEASURED) | 1;
  /** @type {Run} */
  const run = {
    lr,
    points: [],
    losses: [],
    steps: [],
    sharpness: [],
    isDone: false,
    hasDiverged: false,
    go(until) {
      while (!run.isDone) {
        note();
        if (run.hasDiverged || run.points.length > steps) run.isDone = true;
        else walker.step();
        if (until()) break;
      }
      return run.isDone;
    },
  };
  const note = () => {
    const [theta, step] = [walker.theta.slice(), run.points.length];
    const loss = L.loss(theta);
    run.points.push(theta);
    run.losses.push(loss);
    run.hasDiverged = !(loss <= DIVERGED * run.losses[0]);
    if (step % every !== 0 || !Number.isFinite(loss)) return;
    run.steps.push(step);
    run.sharpness.push(sharpnessAt(L, theta));
  };
  return run;
}

/**
 * The largest eigenvalue of the Hessian.
 * @param {Objective} L
 * @param {Vector} theta
 */
export function sharpnessAt(L, theta) {
  const { values } = eigen(L.hessian(theta));
  return values[values.length - 1];
}

/**
 * The last measurement before a step.
 * @param {Run} run
 * @param {number} step
 */
export function sharpnessBefore({ steps, sharpness }, step) {
  let i = 0;
  while (i + 1 < steps.length && steps[i + 1] <= step) i++;
  return sharpness[i];
}
