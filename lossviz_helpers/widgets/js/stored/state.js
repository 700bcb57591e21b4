// Stored results, and what panels take from them at the positions of the controls.

import { floats, formatLoss, minus, tickText } from "../numbers.js";

/** @import { AnyModel } from "@anywidget/types" */

/**
 * Where in an array: at the position of a control, at a fixed index, or (null) all along an axis.
 * @typedef {[array: string, ...at: (string | number | null)[]]} Part
 */

/**
 * One of several values, at the position of a control.
 * @template T
 * @typedef {{ by: string, values: T[] }} Choice
 */

/**
 * A text: literally, a number from an array, or one of these that a control chooses.
 * @typedef {string | ChosenWord | { of: Part, as: string }} Word
 */

/** @typedef {{ by: string, values: Word[] }} ChosenWord */

/**
 * `at` is the control that the panel's pointer moves, none if it isn't there.
 * @typedef {object} PanelSpec
 * @property {Word[]} title
 * @property {Word[]} readout
 * @property {Record<string, any>} traits - those of a Panel that stay the same
 * @property {Part | null} picture
 * @property {{ x: Part, y: Part, colour: string, width: number | Choice<number>, dash: boolean,
 *   label: string }[]} lines
 * @property {{ x: Part, y: Part, colour: string, kind: string, size: number, label: string }[]} marks
 * @property {[across: string | null, up: string | null]} moves - the controls that its pointer moves
 */

/**
 * @typedef {{ name: string, label: string, kind: "slider" | "buttons" | "none", values: (number |
 *   string)[], texts: string[] }} Control
 */

/** @typedef {{ controls: Control[], panels: PanelSpec[], words: Word[], least: number }} Spec */

/**
 * The traits of `Stored` in stored.py.
 * @typedef {object} Traits
 * @property {Record<string, number | string>} chosen - the value of each control
 * @property {Spec} _board
 * @property {DataView} _arrays
 * @property {Record<string, number[]>} _shapes
 * @property {DataView} _colours
 */

/** @typedef {AnyModel<Traits>} Model */
/** @typedef {Record<string, { values: Float32Array, shape: number[] }>} Arrays */
/** @typedef {Record<string, number>} Positions - of the controls */

/**
 * The arrays by name: they come one after another.
 * @param {DataView} view
 * @param {Record<string, number[]>} shapes
 * @returns {Arrays}
 */
export function readArrays(view, shapes) {
  const numbers = floats(view);
  /** @type {Arrays} */
  const arrays = {};
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const size = shape.reduce((a, b) => a * b, 1);
    arrays[name] = { values: numbers.subarray(at, at + size), shape };
    at += size;
  }
  if (at !== numbers.length) throw new Error(`${numbers.length} numbers for shapes of ${at}`);
  return arrays;
}

/**
 * The numbers of a part, the last axis fastest.
 * @param {Arrays} arrays
 * @param {Part} part
 * @param {Positions} positions
 */
export function take(arrays, [name, ...at], positions) {
  const { values, shape } = arrays[name];
  let out = values;
  let size = values.length; // of what is left, along all of the axes that follow
  let kept = 1;
  shape.forEach((n, axis) => {
    size /= n;
    const place = at[axis] ?? null;
    if (place === null) return void (kept *= n);
    const index = typeof place === "string" ? positions[place] : place;
    const fewer = new Float32Array(kept * size);
    for (let k = 0; k < kept; k++) {
      const from = (k * n + index) * size;
      fewer.set(out.subarray(from, from + size), k * size);
    }
    out = fewer;
  });
  return out;
}

/** @type {Record<string, (x: number) => string>} */
const FORMATS = {
  loss: formatLoss,
  value: (x) => (Number.isNaN(x) ? "" : Math.abs(x) < Infinity ? formatLoss(x) : x < 0 ? "−∞" : "∞"),
  percent: (x) => `${Math.round(100 * x)}%`,
  count: tickText,
  "0.0": (x) => minus(x.toFixed(1)),
  "0.00": (x) => minus(x.toFixed(2)),
};

/**
 * @param {Arrays} arrays
 * @param {Word[]} words
 * @param {Positions} positions
 */
export const textOf = (arrays, words, positions) =>
  words.map((word) => wordOf(arrays, word, positions)).join("");

/**
 * @param {Arrays} arrays
 * @param {Word} word
 * @param {Positions} positions
 * @returns {string}
 */
function wordOf(arrays, word, positions) {
  if (typeof word === "string") return word;
  if ("by" in word) return wordOf(arrays, word.values[positions[word.by]], positions);
  return FORMATS[word.as](take(arrays, word.of, positions)[0]);
}

/**
 * Where the controls are; a value that no longer exists counts as the first.
 * @param {Control[]} controls
 * @param {Traits["chosen"]} chosen
 * @returns {Positions}
 */
export const positionsOf = (controls, chosen) =>
  Object.fromEntries(
    controls.map(({ name, values }) => [name, Math.max(0, values.indexOf(chosen[name]))]),
  );
