// The explorer of saddles: points of a walk, the eigenvalues of the Hessian there, and planes.
//
// Python (ch06.py) sends the model's kind, the data and the walk. Losses, Hessians and eigenvectors
// are computed here, so it needs no kernel.

import { randomNumbers, startScan } from "./engine/plane.js";
import { fieldOf } from "./live/field.js";
import { frames, prefersStill, sliceOfFrame } from "./live/frames.js";
import { guard, widgetOf } from "./page/elements.js";
import { keepKeys } from "./page/input.js";
import { readTheme, watchPage } from "./page/theme.js";
import { drawBars, drawTicks } from "./saddle/bars.js";
import { drawMap, drawSurface, drawWalk } from "./saddle/drawing.js";
import { connectInput, startTurn } from "./saddle/input.js";
import { buildPage, layOut } from "./saddle/page.js";
import {
  between, directionsOf, forgetPlanes, readObjective, readPalette, readSpots, spotOf,
} from "./saddle/state.js";
import { showWords } from "./saddle/words.js";

/** @import { Model, Saddle } from "./saddle/state.js" */

const [COARSE, FINE] = [21, 51]; // points along each direction during a move, and after it
const PLANE = ["chosen", "reach"];
const TURN = 450; // milliseconds from one plane to the next

/**
 * Draw everything in the next frame: while the plane turns or a control moves on a coarse grid, and
 * then on a fine one.
 * @param {Saddle} saddle
 */
function advance(saddle) {
  if (!saddle.isReady) return;
  const { turn, page } = saddle;
  const wanted = directionsOf(saddle);
  if (turn) {
    const t = Math.min((performance.now() - turn.since) / TURN, 1);
    saddle.shown = between(turn.from, wanted, t * t * (3 - 2 * t));
    if (t === 1) saddle.turn = null;
  } else saddle.shown = wanted;
  let scan = saddle.scan;
  if (!scan || turn) {
    scan = scanOf(saddle, COARSE);
    scan.go(() => false);
    show(saddle, scan.losses, COARSE);
    saddle.scan = scanOf(saddle, FINE);
    page.root.dataset.grid = "coarse";
    saddle.frames.ask();
  } else if (scan.done < FINE) {
    if (scan.go(sliceOfFrame())) {
      show(saddle, scan.losses, FINE);
      page.root.dataset.grid = "fine";
    } else saddle.frames.ask();
  }
}

/**
 * @param {Saddle} saddle
 * @param {number} size
 */
function scanOf(saddle, size) {
  const reach = saddle.model.get("reach");
  const { theta: origin } = spotOf(saddle);
  const [d1, d2] = saddle.shown;
  return startScan(saddle.L, { origin, d1, d2, across: [-reach, reach], up: [-reach, reach] }, size);
}

/**
 * @param {Saddle} saddle
 * @param {Float32Array} losses
 * @param {number} size
 */
function show(saddle, losses, size) {
  saddle.field = fieldOf(losses, size);
  drawMap(saddle);
  drawSurface(saddle);
}

/**
 * Redraw when the model, the size or the theme changes; returns a function that stops this.
 * @param {Saddle} saddle
 * @param {HTMLElement} el
 */
function connect(saddle, el) {
  const { model, page: { root } } = saddle;
  const rest = () => {
    showControls();
    drawBars(saddle);
    showWords(saddle);
    if (saddle.isReady) drawWalk(saddle);
  };
  const rescan = () => {
    saddle.scan = null;
    rest();
    saddle.frames.ask();
  };
  const moved = guard(root, rescan);
  const turned = guard(root, () => {
    startTurn(saddle, prefersStill());
    rescan();
  });
  const pointed = guard(root, () => {
    showWords(saddle);
    drawMap(saddle);
    drawSurface(saddle);
  });
  const showControls = connectInput(saddle, { moved, turned, pointed });
  const restyle = () => {
    saddle.isReady = layOut(saddle.page);
    if (!saddle.isReady) return; // not on the page yet, or hidden: the size will change
    keepKeys(root);
    saddle.theme = readTheme(root, el);
    drawMap(saddle);
    drawSurface(saddle);
    rest();
    saddle.frames.ask();
  };
  const walked = guard(root, () => {
    forgetPlanes(saddle);
    saddle.turn = null;
    rescan();
  });
  model.on("change:at", walked);
  for (const name of PLANE) model.on(`change:${name}`, moved);
  drawTicks(saddle);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    model.off("change:at", walked);
    for (const name of PLANE) model.off(`change:${name}`, moved);
    clearTimeout(saddle.announceTimer);
    saddle.frames.stop();
    stop();
  };
}

/**
 * @param {Model} model
 * @param {HTMLElement} el
 */
function start(model, el) {
  const L = readObjective(model);
  const spots = readSpots(model, L);
  const page = buildPage(L.P);
  el.append(page.root);
  const [i, j] = model.get("chosen");
  const { vectors } = spots[model.get("at")];
  /** @type {Saddle} */
  const saddle = {
    model,
    page,
    L,
    spots,
    colours: readPalette(model),
    theme: readTheme(page.root, el),
    isReady: false,
    frames: frames(page.root, () => advance(saddle)),
    random: null,
    dice: randomNumbers(1),
    count: { planes: 0, down: 0 },
    turn: null,
    shown: [vectors[i], vectors[j]],
    scan: null,
    field: null,
    pointer: null,
    view: { azimuth: 32, elevation: 30 },
    announceTimer: 0,
  };
  return connect(saddle, el);
}

export default widgetOf(start);
