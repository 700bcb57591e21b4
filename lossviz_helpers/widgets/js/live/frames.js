// Work that is spread over frames, so that a drag stays smooth.

import { guard } from "../page/elements.js";

/** @typedef {{ ask: () => void, stop: () => void }} Frames */

const SLICE = 8; // milliseconds of a frame that scans may take

/**
 * Calls `act` once in the next frame if `ask` was called, however often.
 * @param {HTMLElement} root
 * @param {() => void} act - may ask again
 * @returns {Frames}
 */
export function frames(root, act) {
  let waiting = 0;
  const run = guard(root, () => {
    waiting = 0;
    act();
  });
  return {
    ask() {
      waiting ||= requestAnimationFrame(run);
    },
    stop() {
      cancelAnimationFrame(waiting);
      waiting = 0;
    },
  };
}

/** A function that returns true once this frame's time for scanning is up. */
export function sliceOfFrame() {
  const end = performance.now() + SLICE;
  return () => performance.now() > end;
}

/** Whether the user prefers reduced motion. */
export const prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
