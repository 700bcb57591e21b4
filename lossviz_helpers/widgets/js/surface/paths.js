// Trajectories on a surface: the shadow that each step casts straight down onto it, as a tube.

import { heightAt } from "./relief.js";
import { toBlock } from "./state.js";

/** @import { Relief } from "./relief.js" */
/** @import { Ground, Run } from "./state.js" */

/** @typedef {[x: number, y: number, t: number]} Spot - a place in the block, and the height there */

/**
 * The pieces of a path that lie on the surface, and its two ends if they do.
 * @typedef {{ pieces: Spot[][], start: Spot | null, end: Spot | null }} Trace
 */

export const RADIUS = 0.0115; // of a tube, in half-widths
const FINE = 0.012; // longest step, so that the tube follows the ground
const CLOSE = 0.004; // nearer steps would look like one
const SIDES = 8;

/**
 * @param {Ground} ground
 * @param {Relief} relief
 * @param {Run} run
 * @returns {Trace}
 */
export function trace(ground, relief, run) {
  /** @type {(x: number, y: number) => Spot} */
  const spot = (x, y) => [x, y, heightAt(relief, x, y)];
  const places = run.steps.map(({ alpha }) => toBlock(ground, alpha));
  /** @type {Spot[][]} */
  const pieces = [];
  /** @type {Spot[]} */
  let piece = [];
  const finish = () => {
    if (piece.length > 1) pieces.push(piece);
    piece = [];
  };
  places.forEach(([x, y], i) => {
    const [x0, y0] = places[Math.max(i - 1, 0)];
    const parts = Math.min(1000, Math.max(1, Math.ceil(Math.hypot(x - x0, y - y0) / FINE)));
    for (let k = 1; k <= parts; k++) {
      const next = spot(x0 + ((x - x0) * k) / parts, y0 + ((y - y0) * k) / parts);
      const last = piece.at(-1);
      if (Number.isNaN(next[2])) finish();
      else if (!last || Math.hypot(next[0] - last[0], next[1] - last[1]) > CLOSE) piece.push(next);
    }
  });
  finish();
  const [start, end] = [places[0], places[places.length - 1]].map((p) => (p ? spot(...p) : null));
  /** @param {Spot | null} s */
  const onGround = (s) => (s && !Number.isNaN(s[2]) ? s : null);
  return { pieces, start: onGround(start), end: onGround(end) };
}

/**
 * Tubes around the pieces: six numbers a vertex, position and normal.
 * @param {Spot[][]} pieces
 * @param {number} tall - height of the block
 */
export function tubeMesh(pieces, tall) {
  /** @type {number[]} */
  const vertices = [];
  /** @type {number[]} */
  const indices = [];
  for (const piece of pieces) {
    const centres = piece.map(([x, y, t]) => [x, y, t * tall + 0.6 * RADIUS]);
    let side = [1, 0, 0];
    let ahead = [0, 1, 0];
    centres.forEach((p, i) => {
      const [a, b] = [centres[Math.max(i - 1, 0)], centres[Math.min(i + 1, centres.length - 1)]];
      const d = b.map((x, k) => x - a[k]);
      const length = Math.hypot(...d);
      if (length > 1e-6) ahead = d.map((x) => x / length);
      const flat = Math.hypot(ahead[0], ahead[1]);
      if (flat > 1e-6) side = [ahead[1] / flat, -ahead[0] / flat, 0];
      const up = cross(side, ahead);
      const first = vertices.length / 6;
      for (let k = 0; k < SIDES; k++) {
        const angle = (2 * Math.PI * k) / SIDES;
        const n = side.map((x, j) => x * Math.cos(angle) + up[j] * Math.sin(angle));
        vertices.push(...p.map((x, j) => x + RADIUS * n[j]), ...n);
        if (i === 0) continue;
        const next = (k + 1) % SIDES;
        const [q, r, s, t] = [first + k, first + next, first + k - SIDES, first + next - SIDES];
        indices.push(q, r, s, r, t, s);
      }
    });
  }
  return { vertices: new Float32Array(vertices), indices: new Uint32Array(indices) };
}

/** @type {(a: number[], b: number[]) => number[]} */
const cross = (a, b) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
