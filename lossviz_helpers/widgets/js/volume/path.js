// Trajectories, thinned to the steps that can be distinguished on the screen.

/** @import { Step } from "./state.js" */

/** @typedef {{ x: number, y: number, step: Step }} Place */

/**
 * Where the steps of a run are on the canvas, without those that fall on the same pixel.
 * @param {Step[]} run
 * @param {(step: Step) => number[]} place
 */
export function thinned(run, place) {
  /** @type {Place[]} */
  const out = [];
  for (const [i, step] of run.entries()) {
    const [x, y] = place(step);
    const last = out[out.length - 1];
    const isEnd = i === 0 || i === run.length - 1;
    if (isEnd || Math.abs(x - last.x) + Math.abs(y - last.y) > 1.5) out.push({ x, y, step });
  }
  return out;
}
