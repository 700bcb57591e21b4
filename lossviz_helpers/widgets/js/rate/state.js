// What the explorer of learning rates shows: a walk, and how far along it we are.

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Objective, Spec, Vector } from "../engine/objective.js" */
/** @import { Plane, Scan } from "../engine/plane.js" */
/** @import { Field } from "../live/field.js" */
/** @import { Frames } from "../live/frames.js" */
/** @import { Theme } from "../page/theme.js" */
/** @import { Page } from "./page.js" */
/** @import { Run } from "./run.js" */

/**
 * The traits of `RateExplorer` in ch09.py, which says what they mean.
 * @typedef {object} Traits
 * @property {number} lr
 * @property {[number, number]} _rates
 * @property {number} _steps
 * @property {Spec} _spec
 * @property {DataView} _x
 * @property {DataView} _y
 * @property {DataView} _start
 * @property {DataView} _colours
 */

/** @typedef {AnyModel<Traits>} Model */

/**
 * @typedef {object} Rate
 * @property {Model} model
 * @property {Page} page
 * @property {Objective} L
 * @property {Vector} start
 * @property {Uint32Array} colours
 * @property {Theme} theme
 * @property {boolean} isReady - false while it isn't on the page, or hidden
 * @property {Frames} frames
 * @property {Run} run
 * @property {Plane} fixed - the plane that stays when the learning rate changes
 * @property {boolean} follows - whether the map shows the plane of this walk instead
 * @property {Plane} plane - the one on the page
 * @property {Scan} scan
 * @property {Field | null} field
 * @property {number} at - the step that is shown; ∞ for the last
 * @property {{ from: number, since: number } | null} playing
 * @property {number} announceTimer
 */

const POSITIONS = 200; // of the slider
export const LAST = POSITIONS - 1;

/**
 * The learning rate at a position of the slider, to three digits.
 * @param {Model} model
 * @param {number} position
 */
export function rateAt(model, position) {
  const [lo, hi] = model.get("_rates");
  return Number((lo * (hi / lo) ** (position / LAST)).toPrecision(3));
}

/**
 * The inverse.
 * @param {Model} model
 * @param {number} lr
 */
export function positionOf(model, lr) {
  const [lo, hi] = model.get("_rates");
  const position = Math.round((LAST * Math.log(lr / lo)) / Math.log(hi / lo));
  return Math.max(0, Math.min(LAST, position));
}

/**
 * The step that is shown.
 * @param {Rate} rate
 */
export const stepOf = ({ run, at }) => Math.max(0, Math.min(at, run.points.length - 1));
