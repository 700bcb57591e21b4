// The explorer of learning rates: gradient descent on a small landscape, and its largest curvature.
//
// Python (ch09.py) sends the model's kind, the data and the start. The walk, the map and the
// eigenvalues are computed here, so it needs no kernel.

import { readColours } from "./colours.js";
import { makeObjective } from "./engine/objective.js";
import { startScan } from "./engine/plane.js";
import { fieldOf } from "./live/field.js";
import { frames, sliceOfFrame } from "./live/frames.js";
import { doubles } from "./numbers.js";
import { guard, widgetOf } from "./page/elements.js";
import { keepKeys } from "./page/input.js";
import { readTheme, watchPage } from "./page/theme.js";
import { drawCurves, drawMap } from "./rate/drawing.js";
import { connectInput, playOn } from "./rate/input.js";
import { buildPage, layOut } from "./rate/page.js";
import { startRun } from "./rate/run.js";
import { bowlPlane, walkPlane } from "./rate/view.js";
import { showWords } from "./rate/words.js";

/** @import { Plane } from "./engine/plane.js" */
/** @import { Model, Rate } from "./rate/state.js" */

const [COARSE, FINE] = [21, 61]; // points along each side of the map, at first and in the end

/**
 * Show a plane: coarsely now, and finely after some frames.
 * @param {Rate} rate
 * @param {Plane} plane
 */
function showPlane(rate, plane) {
  rate.plane = plane;
  const scan = startScan(rate.L, plane, COARSE);
  scan.go(() => false);
  rate.field = fieldOf(scan.losses, COARSE, null, true);
  rate.scan = startScan(rate.L, plane, FINE);
  rate.page.root.dataset.grid = "coarse";
}

/**
 * What happens in a frame: continue the walk, the playback and the scan, and draw.
 * @param {Rate} rate
 * @param {() => void} showControls
 */
function advance(rate, showControls) {
  if (!rate.isReady) return;
  const { run, scan, page } = rate;
  const isOver = sliceOfFrame();
  if (!run.isDone && run.go(isOver)) {
    if (rate.follows) showPlane(rate, walkPlane(run.points));
  } else if (run.isDone && scan.done < FINE && scan.go(isOver)) {
    rate.field = fieldOf(scan.losses, FINE, null, true);
    page.root.dataset.grid = "fine";
  }
  if (run.isDone) page.root.dataset.walked = String(run.points.length - 1);
  const isPlaying = playOn(rate);
  drawMap(rate);
  drawCurves(rate);
  showControls();
  showWords(rate);
  if (isPlaying || !rate.run.isDone || rate.scan.done < FINE) rate.frames.ask();
}

/**
 * Redraw when the model, the size or the theme changes; returns a function that stops this.
 * @param {Rate} rate
 * @param {HTMLElement} el
 */
function connect(rate, el) {
  const { model, L, start, page: { root, what } } = rate;
  const walkAgain = guard(root, () => {
    rate.run = startRun(L, start, model.get("lr"), model.get("_steps"));
    rate.run.go(() => true); // at least the start
    delete root.dataset.walked;
    rate.playing = null;
    rate.at = Infinity;
    rate.frames.ask();
  });
  const followed = guard(root, () => {
    showPlane(rate, rate.follows ? walkPlane(rate.run.points) : rate.fixed);
    rate.frames.ask();
  });
  const showControls = connectInput(rate, { stepped: () => rate.frames.ask(), followed });
  rate.frames = frames(root, () => advance(rate, showControls));
  if (L.P > 2) what.textContent = "the walk of gradient descent, as a shadow on a plane";
  const restyle = () => {
    rate.isReady = layOut(rate.page);
    if (!rate.isReady) return; // not on the page yet, or hidden: the size will change
    keepKeys(root);
    rate.theme = readTheme(root, el);
    drawMap(rate);
    drawCurves(rate);
    showControls();
    rate.frames.ask();
  };
  model.on("change:lr", walkAgain);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    model.off("change:lr", walkAgain);
    clearTimeout(rate.announceTimer);
    rate.frames.stop();
    stop();
  };
}

/**
 * @param {Model} model
 * @param {HTMLElement} el
 */
function start(model, el) {
  const x = doubles(model.get("_x"));
  const L = makeObjective(model.get("_spec"), x, doubles(model.get("_y")));
  const start = doubles(model.get("_start"));
  const page = buildPage();
  el.append(page.root);
  const run = startRun(L, start, model.get("lr"), model.get("_steps"));
  run.go(() => L.P === 2); // the plane of a net needs the whole walk
  const fixed = L.P === 2 ? bowlPlane(L, start) : walkPlane(run.points);
  /** @type {Rate} */
  const rate = {
    model,
    page,
    L,
    start,
    colours: readColours(model.get("_colours")),
    theme: readTheme(page.root, el),
    isReady: false,
    frames: frames(page.root, () => {}),
    run,
    fixed,
    follows: false,
    plane: fixed,
    scan: startScan(L, fixed, FINE),
    field: null,
    at: Infinity,
    playing: null,
    announceTimer: 0,
  };
  showPlane(rate, fixed);
  return connect(rate, el);
}

export default widgetOf(start);
