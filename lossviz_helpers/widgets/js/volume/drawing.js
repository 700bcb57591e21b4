// What is drawn anew, and when.

import { drawBar, drawBarMark } from "../canvas/bar.js";
import { drawCut } from "./cuts.js";
import { drawCube } from "./cube.js";
import { sayLater, showColouring, showNumbers } from "./words.js";

/** Colours, size or theme changed: no picture can stay. */
export function drawAnew(viewer) {
  for (const panel of viewer.panels) panel.shown = null;
  showColouring(viewer);
  if (viewer.ready) drawBar(viewer);
  draw(viewer);
}

/** Draw everything that changes. */
export function draw(viewer) {
  if (!viewer.ready) return;
  for (const panel of viewer.panels) drawCut(viewer, panel);
  drawCube(viewer);
  drawBarMark(viewer);
  showNumbers(viewer);
  sayLater(viewer);
}
