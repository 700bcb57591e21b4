// The volume viewer: three linked cuts through a volume of losses, and the cube they stand in.
//
// Everything is drawn here, with 2D canvases alone: no kernel, no network, no library. The state
// that Python sends (volume.py) says what to draw; `crosshair`, `log`, `limits` and `contour` are
// set from both sides. What it shares with other widgets stands in canvas.js, in front of this text.

import { readColours } from "./colours.js";
import { hatch } from "./canvas/pen.js";
import { showError } from "./page/elements.js";
import { readTheme, watchPage } from "./page/theme.js";
import { keepKeys } from "./page/hands.js";
import { decimals, readColouring, readCrosshair, readPath, readVolume } from "./volume/state.js";
import { makeLabels } from "./volume/cube.js";
import { buildPage, layout } from "./volume/page.js";
import { draw, drawAnew } from "./volume/drawing.js";
import { setPlaying } from "./volume/moves.js";
import { connectControls, connectCube, connectCut } from "./volume/hands.js";

/** Redraw when the model, the width or the theme changes; returns how to stop that. */
function connectSurroundings(viewer, el) {
  const { model } = viewer;
  const recolour = () => (readColouring(viewer), drawAnew(viewer));
  const move = () => (readCrosshair(viewer), draw(viewer));
  const restyle = () => {
    viewer.ready = layout(viewer);
    if (!viewer.ready) return; // not on the page yet, or hidden: the size will change
    keepKeys(viewer.root);
    readTheme(viewer, el);
    viewer.hatching = hatch(viewer.panels[0].ctx, viewer.theme);
    viewer.cube.labels = makeLabels(viewer);
    drawAnew(viewer);
  };
  const colouring = ["change:log", "change:limits", "change:contour"];
  model.on("change:crosshair", move);
  for (const name of colouring) model.on(name, recolour);
  const stop = watchPage(viewer.root, restyle);
  restyle();
  return () => {
    model.off("change:crosshair", move);
    for (const name of colouring) model.off(name, recolour);
    stop();
    setPlaying(viewer, false);
    clearTimeout(viewer.saying);
    clearTimeout(viewer.resting);
  };
}

function render({ model, el }) {
  try {
    const viewer = { model, volume: readVolume(model), path: readPath(model) };
    viewer.colours = readColours(model.get("_colours"));
    viewer.heights = model.get("_heights");
    viewer.metric = model.get("_metric");
    viewer.hasGaps = viewer.volume.loss.some(Number.isNaN);
    viewer.decimals = decimals(viewer.volume.axes);
    viewer.heading = 1;
    buildPage(viewer, el);
    readColouring(viewer);
    readCrosshair(viewer);
    for (const panel of viewer.panels) connectCut(viewer, panel);
    connectCube(viewer);
    connectControls(viewer);
    setPlaying(viewer, false);
    return connectSurroundings(viewer, el);
  } catch (error) {
    showError(el, error);
  }
}

export default { render };
