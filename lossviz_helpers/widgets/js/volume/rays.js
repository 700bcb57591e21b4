// The three cuts in the cube: one ray through every pixel finds the nearest of them.

import { colourIndex } from "../colours.js";
import { boundingBox, EYE, toCube } from "./camera.js";

/** @import { Grid } from "../contours.js" */
/** @import { Camera } from "./camera.js" */

/**
 * @typedef {object} Scene
 * @property {number[]} shape - of the volume
 * @property {number[]} index - where the cuts are
 * @property {Grid[]} grids - the cuts, by the axis that each holds fixed: across × up, they are
 *   α₃ × α₂, α₁ × α₃ and α₁ × α₂
 * @property {Uint32Array} colours
 * @property {{ gapPixel: number, gapLinePixel: number }} theme - colours of gaps
 */

/**
 * Colour every pixel by the nearest cut, and note how far it is; Infinity where there is none.
 * @param {Scene} scene
 * @param {Camera} camera
 * @param {number} ratio - pixels per unit of the canvas
 * @param {number} width - in pixels
 * @param {Uint32Array} pixels
 * @param {Float32Array} depth
 */
export function castRays(scene, camera, ratio, width, pixels, depth) {
  const { shape, index, grids, colours, theme } = scene;
  pixels.fill(0);
  depth.fill(Infinity);
  const [s0, s1, s2] = grids;
  const [c0, c1, c2] = shape.map((n, axis) => toCube(n, index[axis]));
  const [h0, h1, h2] = shape.map((n) => (n - 1) / 2); // cube → grid position
  const { r, u, e, focus } = camera;
  const [e0, e1, e2] = e.map((x) => EYE * x);
  const frame = boundingBox(camera, ratio, width, pixels.length / width);
  const [g0, g1, g2] = [c0 - e0, c1 - e1, c2 - e2];
  for (let y = frame.top; y < frame.bottom; y++) {
    const b = (camera.y - y / ratio) / focus;
    const [b0, b1, b2] = [b * u[0] - e[0], b * u[1] - e[1], b * u[2] - e[2]];
    for (let x = frame.left; x < frame.right; x++) {
      // the ray: eye + t · d, where t is the distance along the line of sight
      const a = (x / ratio - camera.x) / focus;
      const d0 = a * r[0] + b0;
      const d1 = a * r[1] + b1;
      const d2 = a * r[2] + b2;
      const t0 = g0 / d0;
      const t1 = g1 / d1;
      const t2 = g2 / d2;
      let best = Infinity;
      let hit = -1;
      if (t0 > 0 && isInside(e1 + t0 * d1) && isInside(e2 + t0 * d2)) {
        best = t0;
        hit = 0;
      }
      if (t1 > 0 && t1 < best && isInside(e0 + t1 * d0) && isInside(e2 + t1 * d2)) {
        best = t1;
        hit = 1;
      }
      if (t2 > 0 && t2 < best && isInside(e0 + t2 * d0) && isInside(e1 + t2 * d1)) {
        best = t2;
        hit = 2;
      }
      if (hit < 0) continue;
      const at = y * width + x;
      depth[at] = best;
      const p0 = (1 + e0 + best * d0) * h0;
      const p1 = (1 + e1 + best * d1) * h1;
      const p2 = (1 + e2 + best * d2) * h2;
      const value =
        hit === 0 ? sample(s0, p2, p1) : hit === 1 ? sample(s1, p0, p2) : sample(s2, p0, p1);
      if (!Number.isNaN(value)) pixels[at] = colours[colourIndex(value)];
      else pixels[at] = ((x + y) / ratio) % 8 < 2 ? theme.gapLinePixel : theme.gapPixel;
    }
  }
}

/** @param {number} x */
const isInside = (x) => x >= -1 && x <= 1;

/**
 * The value of a grid between its points (bilinear); next to a gap, that of the nearest point.
 * @param {Grid} grid
 * @param {number} u
 * @param {number} v
 */
export function sample({ values, nu, nv }, u, v) {
  const i = u >= nu - 1 ? nu - 2 : u | 0;
  const j = v >= nv - 1 ? nv - 2 : v | 0;
  const at = j * nu + i;
  const [s, t] = [u - i, v - j];
  const low = values[at] + s * (values[at + 1] - values[at]);
  const high = values[at + nu] + s * (values[at + nu + 1] - values[at + nu]);
  const value = low + t * (high - low);
  return Number.isNaN(value) ? values[at + (s > 0.5 ? 1 : 0) + (t > 0.5 ? nu : 0)] : value;
}
