// L(θ) for the models of 2, 3 and 13 parameters, with squared error: value, gradient and Hessian.
//
// A point θ holds the parameters in PyTorch's order. Everything is float64, as in Python.

import { linear } from "./linear.js";
import { network } from "./network.js";

/**
 * A vector of parameters or directions, or a row-major matrix.
 * @typedef {Float64Array} Vector
 */

/**
 * The loss at one point after another of a row of a plane: `row(b, out)` sets out[i] to
 * L(origin + across[i]·d1 + b·d2).
 * @typedef {(b: number, out: Float64Array) => void} Row
 */

/**
 * A landscape.
 * @typedef {object} Objective
 * @property {number} P - number of parameters
 * @property {number} N - number of examples
 * @property {(theta: Vector) => number} loss
 * @property {(theta: Vector) => Vector} gradient
 * @property {(theta: Vector) => Vector} hessian - row-major, symmetric
 * @property {(theta: Vector, inputs: ArrayLike<number>) => Float64Array} predict - the output for
 *   x₁, x₂ of one example after another
 * @property {(origin: Vector, d1: Vector, d2: Vector, across: ArrayLike<number>) => Row} rows
 */

/**
 * What Python says about a landscape: x has two numbers for each example. Model 3 has the
 * activations `hidden` and `output`, Models 1 and 2 have none.
 * @typedef {object} Spec
 * @property {number} P - 2, 3 or 13
 * @property {string} hidden
 * @property {string} output
 */

/**
 * @param {Spec} spec
 * @param {Float64Array} x - x₁, x₂ of one example after another
 * @param {Float64Array} y
 * @returns {Objective}
 */
export function makeObjective(spec, x, y) {
  if (x.length !== 2 * y.length) throw new Error(`${x.length} inputs for ${y.length} targets`);
  if (spec.P === 2 || spec.P === 3) return linear(spec.P, x, y);
  if (spec.P === 13) return network(spec.hidden, spec.output, x, y);
  throw new Error(`no model of ${spec.P} parameters`);
}
