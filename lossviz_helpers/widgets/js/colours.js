// Losses as colours: the scale between them, and tables of colours.

import { mix } from "./numbers.js";

/** 256 colours, red, green and blue, as the 32-bit pixels of an ImageData. */
export function readColours(view) {
  const rgb = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const pixels = new Uint8ClampedArray(1024).fill(255);
  for (let i = 0; i < 256; i++) pixels.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint32Array(pixels.buffer);
}

/** "#rrggbb" as the 32-bit pixel of an ImageData. */
export function pixel(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** How losses become positions from 0 to 1 on the colour bar, and back. */
export function makeScale(log, [lo, hi]) {
  const isLog = log && lo > 0;
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

/** Every loss as its position on the colour bar; gaps stay NaN. */
export function makeField(loss, scale) {
  const field = new Float32Array(loss.length);
  for (let i = 0; i < loss.length; i++) field[i] = scale.position(loss[i]);
  return field;
}
