// The volume viewer: three linked cuts through a volume of losses, and the cube they are in.
//
// Everything is drawn here, with 2D canvases alone: no kernel, no network, no library. The state
// that Python sends (volume.py) says what to draw; `crosshair`, `log`, `limits` and `contour` are
// set from both sides.

import { hatch } from "./canvas/pen.js";
import { widgetOf } from "./page/elements.js";
import { keepKeys } from "./page/input.js";
import { readTheme, watchPage } from "./page/theme.js";
import { draw, drawAll } from "./volume/drawing.js";
import { connectInput } from "./volume/input.js";
import { makeLabels } from "./volume/labels.js";
import { layOut } from "./volume/layout.js";
import { setPlaying } from "./volume/moves.js";
import { connectSpace } from "./volume/space.js";
import { readColouring, readCrosshair } from "./volume/state.js";
import { newViewer } from "./volume/viewer.js";

/** @import { Model } from "./volume/state.js" */
/** @import { Viewer } from "./volume/viewer.js" */

const COLOURING = ["log", "limits", "contour"];

/**
 * Redraw when the model, the width or the theme changes; returns a function that stops this.
 * @param {Viewer} viewer
 * @param {HTMLElement} el
 */
function connect(viewer, el) {
  const { model, volume, root } = viewer;
  const recolour = () => {
    Object.assign(viewer, readColouring(model, volume));
    drawAll(viewer);
  };
  const move = () => {
    Object.assign(viewer, readCrosshair(model, volume));
    draw(viewer);
  };
  const restyle = () => {
    viewer.isReady = layOut(viewer);
    if (!viewer.isReady) return; // not on the page yet, or hidden: the size will change
    keepKeys(root);
    viewer.theme = readTheme(root, el);
    viewer.hatching = hatch(viewer.theme);
    viewer.labels = makeLabels(viewer.theme);
    drawAll(viewer);
  };
  model.on("change:crosshair", move);
  for (const name of COLOURING) model.on(`change:${name}`, recolour);
  const stop = watchPage(root, restyle);
  const stopWindow = connectSpace(viewer, restyle);
  restyle();
  return () => {
    stopWindow();
    model.off("change:crosshair", move);
    for (const name of COLOURING) model.off(`change:${name}`, recolour);
    stop();
    setPlaying(viewer, false);
    clearTimeout(viewer.announceTimer);
    clearTimeout(viewer.idleTimer);
  };
}

/**
 * @param {Model} model
 * @param {HTMLElement} el
 */
function start(model, el) {
  const viewer = newViewer(model, el);
  connectInput(viewer);
  setPlaying(viewer, false);
  return connect(viewer, el);
}

export default widgetOf(start);
