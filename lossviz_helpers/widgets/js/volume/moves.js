// What a user can do with the viewer.

import { clamp } from "../numbers.js";
import { drawCube } from "./cube.js";

/** @import { Traits } from "./state.js" */
/** @import { Viewer } from "./viewer.js" */

const FRAME_MS = 70; // per step while playing

/**
 * Tell the model, and with it Python and every other view of it.
 * @param {Viewer} viewer
 * @param {Partial<Traits>} values
 */
export function set({ model }, values) {
  for (const name of /** @type {(keyof Traits)[]} */ (Object.keys(values)))
    model.set(name, /** @type {Traits[typeof name]} */ (values[name]));
  model.save_changes();
}

/**
 * Move the crosshair to grid indices, e.g. moveTo(viewer, {2: 17}).
 * @param {Viewer} viewer
 * @param {Record<number, number>} indices - the axes that aren't named stay where they are
 */
export function moveTo(viewer, indices) {
  const { axes, shape } = viewer.volume;
  const index = viewer.index.map((i, axis) => clamp(indices[axis] ?? i, 0, shape[axis] - 1));
  set(viewer, { crosshair: index.map((i, axis) => axes[axis][i]) });
}

/**
 * @param {Viewer} viewer
 * @param {number} axis
 * @param {number} steps
 */
export const moveBy = (viewer, axis, steps) =>
  moveTo(viewer, { [axis]: viewer.index[axis] + steps });

/**
 * While something moves, the cube is drawn with one ray per CSS pixel; once it stops, with one per
 * screen pixel.
 * @param {Viewer} viewer
 */
export function inMotion(viewer) {
  viewer.isMoving = true;
  clearTimeout(viewer.idleTimer);
  viewer.idleTimer = setTimeout(() => {
    viewer.isMoving = false;
    if (viewer.isReady && devicePixelRatio > 1) drawCube(viewer);
  }, 160);
}

/**
 * Start or stop moving back and forth along α₃.
 * @param {Viewer} viewer
 * @param {boolean} isPlaying
 */
export function setPlaying(viewer, isPlaying) {
  viewer.isPlaying = isPlaying;
  viewer.play.setAttribute("aria-pressed", String(isPlaying));
  viewer.play.textContent = isPlaying ? "❚❚ Pause" : "▶ Play α₃";
  cancelAnimationFrame(viewer.frame);
  if (!isPlaying) return;
  let last = performance.now();
  /** @param {number} now */
  const step = (now) => {
    if (now - last >= FRAME_MS) {
      last = now;
      const end = viewer.volume.shape[2] - 1;
      if (viewer.index[2] >= end) viewer.heading = -1;
      if (viewer.index[2] <= 0) viewer.heading = 1;
      inMotion(viewer);
      moveBy(viewer, 2, viewer.heading);
    }
    viewer.frame = requestAnimationFrame(step);
  };
  viewer.frame = requestAnimationFrame(step);
}
