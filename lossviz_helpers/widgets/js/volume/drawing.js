// What is redrawn, and when.

import { drawBar, drawBarMark } from "../canvas/bar.js";
import { drawCube } from "./cube.js";
import { drawCut } from "./cuts.js";
import { announce, showColouring, showNumbers } from "./words.js";

/** @import { Viewer } from "./viewer.js" */

/**
 * After a change of colours, size or theme: every picture has to be redrawn.
 * @param {Viewer} viewer
 */
export function drawAll(viewer) {
  for (const panel of viewer.panels) panel.shown = null;
  showColouring(viewer);
  if (viewer.isReady) drawBar(viewer.bar, viewer.scale, viewer.theme, viewer.level);
  draw(viewer);
}

/**
 * After a move of the crosshair.
 * @param {Viewer} viewer
 */
export function draw(viewer) {
  if (!viewer.isReady) return;
  for (const panel of viewer.panels) if (!panel.figure.hidden) drawCut(viewer, panel);
  if (!viewer.cube.figure.hidden) drawCube(viewer);
  drawBarMark(viewer.bar, viewer.scale, viewer.theme, viewer.loss);
  showNumbers(viewer);
  announce(viewer);
}
