// What a small model predicts for every input in the unit square.

import { bytes, marksOf } from "./board.js";

/** @import { Objective, Vector } from "../engine/objective.js" */
/** @import { Traits } from "../panel/state.js" */

const GRID = 60; // predictions along each side
const INPUTS = Float64Array.from({ length: 2 * GRID * GRID }, (_, k) => {
  const i = Math.floor(k / 2);
  return (k % 2 ? Math.floor(i / GRID) : i % GRID) / (GRID - 1);
});

/**
 * The traits of a panel of predictions that don't depend on the model: the examples lie on top.
 * @param {Float64Array} x - x₁, x₂ of one example after another
 * @param {Float64Array} y
 * @param {DataView} colours
 * @returns {Partial<Traits>}
 */
export function predictionTraits(x, y, colours) {
  /** @param {number} value */
  const examples = (value) => {
    const found = [...y.keys()].filter((n) => y[n] === value);
    return [found.map((n) => x[2 * n]), found.map((n) => x[2 * n + 1])];
  };
  const [[u0, v0], [u1, v1]] = [examples(0), examples(1)];
  return {
    title: "what this model predicts",
    labels: ["x₁", "x₂"],
    levels: [0.5],
    aspect: 1,
    limits: [-0.25, 1.25],
    marks: [
      marksOf(u0, v0, "blue", { size: 2.2 }),
      marksOf(u1, v1, "orange", { kind: "square", size: 2.2 }),
    ],
    _shape: [GRID, GRID],
    _picture: bytes(new Float32Array(GRID * GRID)),
    _colours: colours,
    description: "Predictions over two inputs: orange is 1, blue is 0, the line is at 0.5.",
  };
}

/**
 * @param {Objective} L
 * @param {Vector} theta
 */
export const predictionsOf = (L, theta) => bytes(Float32Array.from(L.predict(theta, INPUTS)));

/**
 * Which part of the examples is classified correctly.
 * @param {Objective} L
 * @param {Vector} theta
 * @param {Float64Array} x
 * @param {Float64Array} y
 */
export function accuracyOf(L, theta, x, y) {
  const outputs = L.predict(theta, x);
  let right = 0;
  for (let n = 0; n < y.length; n++) if (outputs[n] > 0.5 === y[n] > 0.5) right++;
  return right / y.length;
}
