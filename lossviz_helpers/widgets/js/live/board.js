// A card with controls above and plot panels below: what an explorer of several panels is made of.

import { make } from "../page/elements.js";
import { keepKeys } from "../page/input.js";
import { makeModel } from "../page/model.js";
import { readTheme, watchPage } from "../page/theme.js";
import { showPanel } from "../panel/view.js";

/** @import { LocalModel } from "../page/model.js" */
/** @import { Line, Marks, Traits } from "../panel/state.js" */

/**
 * @typedef {object} Board
 * @property {HTMLElement} root
 * @property {HTMLElement} controls - where controls go
 * @property {HTMLElement} panels - where panels go, side by side if there is room
 * @property {(traits: Partial<Traits>, place?: HTMLElement) => LocalModel} add - a panel; its model
 *   has a Panel's traits
 * @property {(text: string) => void} say - below the panels, and to screen readers
 * @property {() => void} stop
 */

const NARROW = 560; // pixels: below, everything stands in one column
/** @type {Partial<Traits>} */
const EMPTY = {
  title: "",
  labels: ["", ""],
  extent: [[0, 1], [0, 1]],
  lines: [],
  marks: [],
  readout: "",
  description: null,
  pointer: null,
  picked: null,
  follow: "none",
  levels: [],
  faint: false,
  bar: false,
  aspect: 0.8,
  log: false,
  limits: [0, 1],
  _shape: [0, 0],
};

/**
 * @param {HTMLElement} el
 * @param {string} kind - its class
 * @param {number} least - pixels that a panel needs beside another
 * @returns {Board}
 */
export function makeBoard(el, kind, least) {
  const controls = make("div.row");
  const panels = make("div.panels", { style: `--lv-least: ${least}px` });
  const words = make("p.words", { role: "status" });
  const root = make(`div.card.live.${kind}`, {}, controls, panels, words);
  el.append(root);
  words.hidden = true;
  const restyle = () => {
    readTheme(root, el);
    if (root.clientWidth) root.dataset.width = root.clientWidth < NARROW ? "narrow" : "wide";
    keepKeys(root);
  };
  const stops = [watchPage(root, restyle)];
  restyle();
  return {
    root,
    controls,
    panels,
    add(traits, place = panels) {
      const [[x0, x1], [y0, y1]] = traits.extent ?? [[0, 1], [0, 1]];
      const step = [(x1 - x0) / 50, (y1 - y0) / 50];
      const model = makeModel({ ...EMPTY, step, ...traits });
      stops.push(showPanel(model, place, el));
      return model;
    },
    say(text) {
      words.hidden = !text;
      if (words.textContent !== text) words.textContent = text;
    },
    stop: () => stops.forEach((stop) => stop()),
  };
}

/**
 * Numbers as the bytes in which a panel's traits come from Python.
 * @param {Float32Array} numbers
 */
export const bytes = (numbers) =>
  new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/**
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 */
function pairs(x, y) {
  const out = new Float32Array(2 * x.length);
  for (let i = 0; i < x.length; i++) {
    out[2 * i] = x[i];
    out[2 * i + 1] = y[i];
  }
  return bytes(out);
}

/**
 * A line of a panel, like `line` in panel.py.
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {string} colour
 * @param {Partial<Omit<Line, "points">>} [style]
 * @returns {Line}
 */
export const lineOf = (x, y, colour, style = {}) => ({
  points: pairs(x, y), colour, width: 2, dash: false, label: "", ...style,
});

/**
 * Marks of a panel, like `marks` in panel.py.
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {string} colour
 * @param {Partial<Omit<Marks, "points">>} [style]
 * @returns {Marks}
 */
export const marksOf = (x, y, colour, style = {}) => ({
  points: pairs(x, y), colour, kind: "dot", size: 5, label: "", ...style,
});

/**
 * The shadow of a walk on a map: its line, and where it starts and ends.
 * @param {[number, number][]} shadow
 */
export function shadowMarks(shadow) {
  const [x, y] = [0, 1].map((k) => shadow.map((pair) => pair[k]));
  return {
    line: lineOf(x, y, "path", { width: 2.2 }),
    ends: [
      marksOf(x.slice(0, 1), y.slice(0, 1), "path", { kind: "start" }),
      marksOf(x.slice(-1), y.slice(-1), "path", { kind: "end" }),
    ],
  };
}
