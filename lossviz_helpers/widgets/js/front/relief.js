// A map as a landscape under a low sun: the colours of a picture, darker on slopes that face away.

import { colourIndex } from "../colours.js";
import { clamp } from "../numbers.js";

const SUN = normalised([-0.6, 0.62, 0.5]); // from the upper left, low
const HEIGHT = 10; // of the whole range of colours, in steps of a grid of 100

/** @param {number[]} v */
function normalised(v) {
  const length = Math.hypot(...v);
  return v.map((x) => x / length);
}

/**
 * How bright the ground is at each grid point, relative to flat ground: values[v·size + u], v up.
 * @param {Float32Array} values - heights, as positions on the colour bar
 * @param {number} size
 */
export function shade(values, size) {
  const light = new Float32Array(size * size);
  const k = (HEIGHT * size) / 100;
  /** @type {(u: number, v: number) => number} */
  const at = (u, v) => clamp(values[v * size + u], -0.2, 1.2);
  for (let v = 0; v < size; v++)
    for (let u = 0; u < size; u++) {
      const [left, right] = [Math.max(u - 1, 0), Math.min(u + 1, size - 1)];
      const [down, up] = [Math.max(v - 1, 0), Math.min(v + 1, size - 1)];
      const dx = (k * (at(right, v) - at(left, v))) / (right - left);
      const dy = (k * (at(u, up) - at(u, down))) / (up - down);
      const facing = (SUN[2] - dx * SUN[0] - dy * SUN[1]) / Math.sqrt(1 + dx * dx + dy * dy);
      light[v * size + u] = Math.max(facing, 0) / SUN[2];
    }
  return light;
}

/**
 * The pixels of the map, the top row first.
 * @param {Uint32Array} pixels
 * @param {Float32Array} values - positions on the colour bar
 * @param {number} size
 * @param {Uint32Array} colours
 */
export function paint(pixels, values, size, colours) {
  const light = shade(values, size);
  for (let v = 0; v < size; v++)
    for (let u = 0; u < size; u++) {
      const i = v * size + u;
      const colour = colours[colourIndex(values[i])];
      // half of the light is the sky's, which reaches every slope
      const f = 0.5 + 0.5 * clamp(light[i], 0, 1.5);
      const r = Math.min(255, (colour & 255) * f);
      const g = Math.min(255, ((colour >> 8) & 255) * f);
      const b = Math.min(255, ((colour >> 16) & 255) * f);
      pixels[(size - 1 - v) * size + u] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
}
