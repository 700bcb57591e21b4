// The state of one viewer on the page.

import { hatch } from "../canvas/pen.js";
import { readColours } from "../colours.js";
import { floats } from "../numbers.js";
import { readTheme } from "../page/theme.js";
import { makeLabels } from "./labels.js";
import { buildPage } from "./page.js";
import { decimals, makeVolume, readColouring, readCrosshair, readPath } from "./state.js";

/** @import { Model } from "./state.js" */

/** @typedef {ReturnType<typeof newViewer>} Viewer */

/**
 * @param {Model} model
 * @param {HTMLElement} el - where it is put
 */
export function newViewer(model, el) {
  const volume = makeVolume(model.get("_axes"), floats(model.get("_volume")));
  const path = readPath(model.get("_path"), model.get("_runs"));
  const colours = readColours(model.get("_colours"));
  const page = buildPage(volume, path.length > 0, colours);
  el.append(page.root);
  const theme = readTheme(page.root, el);
  return {
    model,
    volume,
    path,
    metric: model.get("_metric"),
    heights: model.get("_heights"),
    decimals: decimals(volume.axes),
    colours,
    hasGaps: volume.loss.some(Number.isNaN),
    ...readColouring(model, volume),
    ...readCrosshair(model, volume),
    ...page,
    theme,
    hatching: hatch(theme),
    labels: makeLabels(theme),
    large: /** @type {number | null} */ (null), // the panel that has all the space
    isReady: false, // not on the page yet, or hidden
    isMoving: false, // the cube is drawn coarsely
    isPlaying: false,
    heading: 1, // direction of playback: 1 up, −1 down
    frame: 0, // animation frame of the playback
    announceTimer: 0,
    idleTimer: 0,
  };
}
