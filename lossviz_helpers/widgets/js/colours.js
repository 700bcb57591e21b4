// Losses as colours: the scale that says where on the colour bar a loss is, and tables of colours.

import { mix } from "./numbers.js";

/**
 * From losses to positions on the colour bar, 0 to 1 between the limits, and back.
 * @typedef {object} Scale
 * @property {boolean} isLog - whether the scale is logarithmic
 * @property {number} lo
 * @property {number} hi
 * @property {(loss: number) => number} position
 * @property {(position: number) => number} loss
 */

/**
 * 256 colours, sent as red, green and blue, as the 32-bit pixels of an ImageData.
 * @param {DataView} view
 */
export function readColours(view) {
  const rgb = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const pixels = new Uint8ClampedArray(1024).fill(255);
  for (let i = 0; i < 256; i++) pixels.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint32Array(pixels.buffer);
}

/**
 * Index of a colour in its table, from a position on the colour bar.
 * @param {number} position
 */
export function colourIndex(position) {
  const index = (position * 255 + 0.5) | 0;
  return index < 0 ? 0 : index > 255 ? 255 : index;
}

/**
 * "#rrggbb" as the 32-bit pixel of an ImageData.
 * @param {string} hex
 */
export function pixel(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/**
 * A logarithmic scale if it is requested and possible, otherwise a linear one.
 * @param {boolean} log
 * @param {number[]} limits
 * @returns {Scale}
 */
export function makeScale(log, [lo, hi]) {
  const isLog = log && lo > 0;
  /** @type {(x: number) => number} */
  const f = isLog ? (x) => Math.log(Math.max(x, 1e-30)) : (x) => x;
  const [f0, f1] = [f(lo), f(hi)];
  const k = 1 / (f1 - f0);
  return {
    isLog,
    lo,
    hi,
    position: (x) => (f(x) - f0) * k,
    loss: (t) => (isLog ? Math.exp(mix(f0, f1, t)) : mix(f0, f1, t)),
  };
}

/**
 * Every loss as its position on the colour bar; gaps stay NaN.
 * @param {Float32Array} loss
 * @param {Scale} scale
 */
export function makeField(loss, scale) {
  const field = new Float32Array(loss.length);
  for (let i = 0; i < loss.length; i++) field[i] = scale.position(loss[i]);
  return field;
}
