// What the explorer of saddles shows: a point of a walk, and a plane through it.

import { readColours } from "../colours.js";
import { eigen, planeCurvatures } from "../engine/eigen.js";
import { makeObjective } from "../engine/objective.js";
import { randomDirections, randomNumbers } from "../engine/plane.js";
import { dot, form, norm } from "../engine/vectors.js";
import { doubles } from "../numbers.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Objective, Spec, Vector } from "../engine/objective.js" */
/** @import { Scan } from "../engine/plane.js" */
/** @import { Field } from "../live/field.js" */
/** @import { Frames } from "../live/frames.js" */
/** @import { Theme } from "../page/theme.js" */
/** @import { Page } from "./page.js" */

/**
 * The traits of `SaddleExplorer` in ch06.py, which says what they mean.
 * @typedef {object} Traits
 * @property {number} at
 * @property {[number, number]} chosen
 * @property {number} reach
 * @property {Spec} _spec
 * @property {DataView} _x
 * @property {DataView} _y
 * @property {DataView} _points
 * @property {string[]} _names
 * @property {DataView} _colours
 */

/** @typedef {AnyModel<Traits>} Model */
/** @typedef {"up" | "down" | "flat"} Sign */
/** @typedef {[Vector, Vector]} Directions */

/**
 * A point of the walk.
 * @typedef {object} Spot
 * @property {Vector} theta
 * @property {number} loss
 * @property {number} slope - length of the gradient
 * @property {Vector} hessian
 * @property {number[]} values - eigenvalues in ascending order
 * @property {Vector[]} vectors
 * @property {number} down - how many eigenvalues are clearly negative
 */

/**
 * @typedef {object} Saddle
 * @property {Model} model
 * @property {Page} page
 * @property {Objective} L
 * @property {Spot[]} spots
 * @property {Uint32Array} colours
 * @property {Theme} theme
 * @property {boolean} isReady - false while it isn't on the page, or hidden
 * @property {Frames} frames
 * @property {Directions | null} random - a random plane, or null for that of two eigenvectors
 * @property {() => number} dice
 * @property {{ planes: number, down: number }} count - of random planes at this point
 * @property {{ from: Directions, since: number } | null} turn - from one plane to the next
 * @property {Directions} shown - directions of the plane that is on the page
 * @property {Scan | null} scan
 * @property {Field | null} field
 * @property {[number, number] | null} pointer - in the plane
 * @property {{ azimuth: number, elevation: number }} view
 * @property {number} announceTimer
 */

const CLEAR = 5e-3; // clearly negative is below −CLEAR times the eigenvalue largest in magnitude

/**
 * Which way the loss curves, compared with the other curvatures.
 * @param {number} curvature
 * @param {number[]} values - all eigenvalues, in ascending order
 * @returns {Sign}
 */
export function signOf(curvature, values) {
  const clear = CLEAR * Math.max(-values[0], values[values.length - 1]);
  return curvature < -clear ? "down" : curvature > clear ? "up" : "flat";
}

/** @param {Model} model */
export const readObjective = (model) =>
  makeObjective(model.get("_spec"), doubles(model.get("_x")), doubles(model.get("_y")));

/** @param {Model} model */
export const readPalette = (model) => readColours(model.get("_colours"));

/**
 * The points of the walk. An eigenvector and its opposite are equally good: of the two, each point
 * has the one closer to that of the point before.
 * @param {Model} model
 * @param {Objective} L
 * @returns {Spot[]}
 */
export function readSpots(model, L) {
  const numbers = doubles(model.get("_points"));
  /** @type {Spot[]} */
  const spots = [];
  for (let at = 0; at < numbers.length; at += L.P) {
    const theta = numbers.slice(at, at + L.P);
    const hessian = L.hessian(theta);
    const { values, vectors } = eigen(hessian);
    const before = spots[spots.length - 1];
    const turned = vectors.map((v, i) =>
      before && dot(v, before.vectors[i]) < 0 ? v.map((x) => -x) : v,
    );
    const down = values.filter((value) => signOf(value, values) === "down").length;
    const slope = norm(L.gradient(theta));
    spots.push({ theta, loss: L.loss(theta), slope, hessian, values, vectors: turned, down });
  }
  return spots;
}

/**
 * The point that is shown.
 * @param {Saddle} saddle
 */
export const spotOf = ({ model, spots }) =>
  spots[Math.max(0, Math.min(spots.length - 1, model.get("at")))];

/**
 * The directions of the plane that was chosen.
 * @param {Saddle} saddle
 * @returns {Directions}
 */
export function directionsOf(saddle) {
  const [i, j] = saddle.model.get("chosen");
  const { vectors } = spotOf(saddle);
  return saddle.random ?? [vectors[i], vectors[j]];
}

/**
 * The curvatures along the two directions.
 * @param {Saddle} saddle
 */
export function curvaturesOf(saddle) {
  const { hessian } = spotOf(saddle);
  return directionsOf(saddle).map((d) => form(d, hessian, d));
}

/**
 * Draw random planes and count those that curve down; the last one is shown.
 * @param {Saddle} saddle
 * @param {number} times
 */
export function drawPlanes(saddle, times) {
  const { hessian } = spotOf(saddle);
  for (let k = 0; k < times; k++) {
    const drawn = randomDirections(saddle.L.P, saddle.dice);
    saddle.random = drawn;
    saddle.count.planes++;
    if (planeCurvatures(hessian, ...drawn)[0] < 0) saddle.count.down++;
  }
}

/**
 * Start counting again, with the same random numbers.
 * @param {Saddle} saddle
 */
export function forgetPlanes(saddle) {
  saddle.random = null;
  saddle.count = { planes: 0, down: 0 };
  saddle.dice = randomNumbers(1);
}

/**
 * Perpendicular unit directions between two pairs, at t from 0 to 1.
 * @param {Directions} from
 * @param {Directions} to
 * @param {number} t
 * @returns {Directions}
 */
export function between(from, to, t) {
  const [a, b] = to.map((d, k) => d.map((x, i) => (1 - t) * from[k][i] + t * x));
  const size = norm(a);
  const d1 = a.map((x) => x / size);
  const along = dot(b, d1);
  const rest = b.map((x, i) => x - along * d1[i]);
  const left = norm(rest);
  if (!(size > 1e-3 && left > 1e-3)) return to; // opposite directions: there is nothing to interpolate
  return [d1, rest.map((x) => x / left)];
}
