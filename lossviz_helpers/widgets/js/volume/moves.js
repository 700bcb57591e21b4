// What can be done with the viewer.

import { clamp } from "../numbers.js";
import { drawCube } from "./cube.js";

const FRAME_MS = 70; // one step of playing

/** Tell the model, and with it Python and every other view of it. */
export function set(viewer, values) {
  for (const [name, value] of Object.entries(values)) viewer.model.set(name, value);
  viewer.model.save_changes();
}

/** Move the crosshair to grid indices, e.g. moveTo(viewer, {2: 17}). */
export function moveTo(viewer, indices) {
  const { axes, shape } = viewer.volume;
  const index = viewer.index.map((i, axis) => clamp(indices[axis] ?? i, 0, shape[axis] - 1));
  set(viewer, { crosshair: index.map((i, axis) => axes[axis][i]) });
}

export const moveBy = (viewer, axis, steps) => moveTo(viewer, { [axis]: viewer.index[axis] + steps });

/** While something moves, the cube is drawn one ray a CSS pixel; at rest, one a screen pixel. */
export function inMotion(viewer) {
  viewer.moving = true;
  clearTimeout(viewer.resting);
  viewer.resting = setTimeout(() => {
    viewer.moving = false;
    if (viewer.ready && devicePixelRatio > 1) drawCube(viewer);
  }, 160);
}

/** Move along α₃, to and fro. */
export function setPlaying(viewer, playing) {
  viewer.playing = playing;
  viewer.play.setAttribute("aria-pressed", String(playing));
  viewer.play.textContent = playing ? "❚❚ Pause" : "▶ Play α₃";
  cancelAnimationFrame(viewer.frame);
  if (!playing) return;
  let last = performance.now();
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
