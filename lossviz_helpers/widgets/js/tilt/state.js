// What the explorer of planes through a walk shows: a plane that turns, and a point on it.

import { doubles } from "../numbers.js";
import { dot, form, norm, vectorsIn } from "../engine/vectors.js";
import { orthonormal } from "../engine/verdict.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Spec, Vector } from "../engine/objective.js" */
/** @import { Plane } from "../engine/plane.js" */

/** @typedef {[number, number]} Pair */

/**
 * The traits of `TiltExplorer` in ch04.py, which says what they mean.
 * @typedef {object} Traits
 * @property {number} angle
 * @property {string} towards
 * @property {Pair} at
 * @property {string[]} _names
 * @property {DataView} _towards
 * @property {DataView} _view
 * @property {[Pair, Pair]} _extent
 * @property {DataView} _walk
 * @property {DataView} _spread
 * @property {Pair} _limits
 * @property {number} _resolution
 * @property {Spec} _spec
 * @property {DataView} _x
 * @property {DataView} _y
 * @property {DataView} _colours
 */

/** @typedef {AnyModel<Traits>} Model */

/**
 * What Python sent and never changes.
 * @typedef {object} Given
 * @property {Plane} plane - at 0°
 * @property {Record<string, Vector>} towards - by name
 * @property {Vector[]} walk
 * @property {Vector} spread - the covariance of all points of the walk, row-major
 */

/**
 * @param {Model} model
 * @returns {Given}
 */
export function readGiven(model) {
  const { P } = model.get("_spec");
  const [origin, d1, d2] = vectorsIn(model.get("_view"), P);
  const [across, up] = model.get("_extent");
  const directions = vectorsIn(model.get("_towards"), P);
  return {
    plane: { origin, d1, d2, across, up },
    towards: Object.fromEntries(model.get("_names").map((name, i) => [name, directions[i]])),
    walk: vectorsIn(model.get("_walk"), P),
    spread: doubles(model.get("_spread")),
  };
}

/**
 * A direction rotated towards another, keeping its length, as `Slice.turn`.
 * @param {Vector} direction
 * @param {Vector} towards
 * @param {number} degrees
 * @returns {Vector}
 */
export function turned(direction, towards, degrees) {
  const part = dot(direction, towards) / dot(direction, direction);
  const rest = towards.map((x, i) => x - part * direction[i]);
  const angle = (degrees * Math.PI) / 180;
  const factor = (Math.sin(angle) * norm(direction)) / norm(rest);
  return direction.map((x, i) => Math.cos(angle) * x + factor * rest[i]);
}

/**
 * The plane that is shown.
 * @param {Given} given
 * @param {Model} model
 * @returns {Plane}
 */
export function planeOf({ plane, towards }, model) {
  const d2 = turned(plane.d2, towards[model.get("towards")], model.get("angle"));
  return { ...plane, d2 };
}

/**
 * Which part of the walk's variance lies in a plane.
 * @param {Given} given
 * @param {Plane} plane
 */
export function explained({ spread }, { d1, d2 }) {
  const P = d1.length;
  let total = 0;
  for (let i = 0; i < P; i++) total += spread[i * P + i];
  const inside = orthonormal([d1, d2]).reduce((sum, unit) => sum + form(unit, spread, unit), 0);
  return inside / total;
}
