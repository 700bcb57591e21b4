// Lines of sight: what is under the pointer, and what a hill hides.

import { EYE, rayThrough } from "./camera.js";
import { heightAt } from "./relief.js";

/** @import { Camera } from "./camera.js" */
/** @import { Relief } from "./relief.js" */
/** @import { Pair } from "./state.js" */

const STEP = 0.008; // along a ray, in half-widths

/**
 * The place on the surface under a point of the canvas; null beside the surface, and on a wall.
 * @param {Camera} camera
 * @param {Relief} relief
 * @param {number} tall - height of the block
 * @param {number} x
 * @param {number} y
 * @returns {Pair | null}
 */
export function placeUnder(camera, relief, tall, x, y) {
  const { eye, direction: d } = rayThrough(camera, x, y);
  /** @param {number} t */
  const above = (t) =>
    eye[2] + t * d[2] - tall * heightAt(relief, eye[0] + t * d[0], eye[1] + t * d[1]);
  const [first, last] = inBlock(relief, tall, eye, d);
  if (!(first < last)) return null;
  let before = first;
  if (above(first) < -0.004) return null; // it enters through a wall
  for (let t = first; t < last + STEP; t += STEP) {
    const at = Math.min(t, last);
    if (above(at) <= 0) {
      let [lo, hi] = [before, at];
      for (let i = 0; i < 20; i++) {
        const half = (lo + hi) / 2;
        if (above(half) <= 0) hi = half;
        else lo = half;
      }
      return [eye[0] + hi * d[0], eye[1] + hi * d[1]];
    }
    before = at;
  }
  return null;
}

/**
 * Whether nothing stands between the eye and a point on the surface, or a little above it.
 * @param {Camera} camera
 * @param {Relief} relief
 * @param {number} tall
 * @param {number[]} p
 */
export function isVisible({ e, middle }, relief, tall, p) {
  const to = [EYE * e[0] - p[0], EYE * e[1] - p[1], EYE * e[2] + middle - p[2]];
  const length = Math.hypot(...to);
  const d = to.map((x) => x / length);
  for (let t = 3 * STEP; t < 3; t += STEP) {
    const z = p[2] + t * d[2];
    if (z > tall) return true;
    const ground = tall * heightAt(relief, p[0] + t * d[0], p[1] + t * d[1]);
    if (ground > z + 0.006) return false;
  }
  return true;
}

/**
 * Between which t a ray is inside the block.
 * @param {Relief} relief
 * @param {number} tall
 * @param {number[]} eye
 * @param {number[]} d
 */
function inBlock({ half }, tall, eye, d) {
  let [first, last] = [0, Infinity];
  for (const [i, lo, hi] of [
    [0, -half[0], half[0]],
    [1, -half[1], half[1]],
    [2, -1e-3, tall + 1e-3],
  ]) {
    const [a, b] = [(lo - eye[i]) / d[i], (hi - eye[i]) / d[i]];
    first = Math.max(first, Math.min(a, b));
    last = Math.min(last, Math.max(a, b));
  }
  return [first, last];
}
