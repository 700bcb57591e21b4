// The explorer of a plane that turns about a walk's first principal component, and of its low points.
//
// Python (ch04.py) sends the model's kind, the data, the walk and the directions. Losses and verdicts
// are computed here, so it needs no kernel.

import { makeObjective } from "./engine/objective.js";
import { pointAt, shadowOf, startScan } from "./engine/plane.js";
import { startTest } from "./engine/verdict.js";
import { bytes, makeBoard, marksOf, shadowMarks } from "./live/board.js";
import { button, menu, slider } from "./live/controls.js";
import { frames, sliceOfFrame } from "./live/frames.js";
import { lowPoints } from "./live/lows.js";
import { curvaturesOf, curvatureTraits, makeVerdict } from "./live/verdict.js";
import { doubles, formatLoss, minus, mix } from "./numbers.js";
import { make, widgetOf } from "./page/elements.js";
import { explained, planeOf, readGiven } from "./tilt/state.js";

/** @import { Model, Pair, Traits } from "./tilt/state.js" */

const COARSE = 21; // points along each side of the map while it turns
const STEEPEST = 90; // degrees
const NEAR = 3; // steps of the grid: who points this close to a low point means it

/** @type {(at: Pair) => string} */
const placeText = ([x, y]) => minus(`(${x.toFixed(2)}, ${y.toFixed(2)})`);

/**
 * @param {Model} model
 * @param {HTMLElement} el
 */
function start(model, el) {
  const L = makeObjective(model.get("_spec"), doubles(model.get("_x")), doubles(model.get("_y")));
  const given = readGiven(model);
  const { across, up } = given.plane;
  const fine = model.get("_resolution");
  const board = makeBoard(el, "tilt", 330);
  const map = board.add({
    labels: ["α₁, along PC1", "α₂, along the rotated direction"],
    extent: [across, up],
    follow: "both",
    step: [(across[1] - across[0]) / (fine - 1), (up[1] - up[0]) / (fine - 1)],
    faint: true,
    bar: true,
    log: true,
    limits: model.get("_limits"),
    _shape: [COARSE, COARSE],
    _picture: bytes(new Float32Array(COARSE * COARSE)),
    _colours: model.get("_colours"),
    description: "Map of the loss on the plane, with the shadow of the walk and low points.",
  });
  const verdict = makeVerdict();
  const side = make("div.side", {}, verdict.root);
  board.panels.append(side);
  const curvatures = board.add(curvatureTraits(L.P), side);

  let plane = planeOf(given, model);
  let scan = startScan(L, plane, fine);
  let test = startTest(L, pointAt(plane, model.get("at")), [plane.d1, plane.d2]);
  /** @type {Pair[]} */
  let lows = [];

  /** @param {Partial<Traits>} values */
  const set = (values) => {
    for (const [name, value] of Object.entries(values))
      model.set(/** @type {keyof Traits} */ (name), value);
    model.save_changes();
  };
  const angle = slider("angle", 2 * STEEPEST, (position) => set({ angle: position - STEEPEST }));
  const names = model.get("_names");
  const towards = menu("towards", names, (i) => set({ towards: names[i] }));
  const back = button("Back to 0°", "Turn the plane back to PC2", () => set({ angle: 0 }));
  board.controls.append(towards.root, angle.root, back);

  /** @param {Float32Array} losses @param {number} size */
  const showMap = (losses, size) => {
    if (size === fine)
      lows = lowPoints(losses, size).map((at) => [
        mix(...across, (at % size) / (size - 1)),
        mix(...up, Math.floor(at / size) / (size - 1)),
      ]);
    const { line, ends } = shadowMarks(given.walk.map((point) => shadowOf(plane, point)));
    map.put({
      title: minus(`PC2 rotated by ${model.get("angle")}° towards ${model.get("towards")}`),
      _picture: bytes(losses),
      _shape: [size, size],
      lines: [line],
      marks: [
        ...ends,
        marksOf(lows.map(([u]) => u), lows.map(([, v]) => v), "path", { kind: "cross" }),
      ],
    });
    board.root.dataset.grid = size === fine ? "fine" : "coarse";
  };
  const showPlace = () => {
    const at = model.get("at");
    const isLow = lows.some(([x, y]) => x === at[0] && y === at[1]);
    const loss = formatLoss(L.loss(pointAt(plane, at)));
    map.put({ pointer: at, readout: `Loss ${loss} at ${placeText(at)}.` });
    verdict.show(`At ${placeText(at)}${isLow ? ", a low point ✕ of this map" : ""}`, test.result);
    if (test.result) curvatures.put(curvaturesOf(test.result));
  };
  const drawing = frames(board.root, () => {
    const isOver = sliceOfFrame();
    if (scan.done < fine && scan.go(isOver)) showMap(scan.losses, fine);
    const isTested = scan.done === fine && test.go(isOver);
    if (isTested) showPlace();
    else drawing.ask();
  });
  const moved = () => {
    test = startTest(L, pointAt(plane, model.get("at")), [plane.d1, plane.d2]);
    showPlace();
    drawing.ask();
  };
  const rotated = () => {
    plane = planeOf(given, model);
    lows = [];
    const coarse = startScan(L, plane, COARSE);
    coarse.go(() => false);
    showMap(coarse.losses, COARSE);
    scan = startScan(L, plane, fine);
    const degrees = model.get("angle");
    angle.show(degrees + STEEPEST, `${minus(String(degrees))}°`);
    towards.show(names.indexOf(model.get("towards")));
    const part = Math.round(100 * explained(given, plane));
    board.say(`The plane explains ${part}% of the variance of the walk.`);
    moved();
  };
  // while the slider is dragged, several steps may come in one frame: the last one counts
  const turning = frames(board.root, rotated);
  map.on("change:pointer", () => {
    const pointer = map.get("pointer");
    if (pointer && String(pointer) !== String(model.get("at"))) set({ at: pointer });
  });
  map.on("change:picked", () => {
    const picked = map.get("picked");
    const [width, height] = map.get("step");
    /** @type {(low: Pair) => number} */
    const away = ([x, y]) =>
      Math.max(Math.abs(x - picked[0]) / width, Math.abs(y - picked[1]) / height);
    const near = picked ? lows.filter((low) => away(low) <= NEAR) : [];
    if (near.length) set({ at: near.reduce((a, b) => (away(b) < away(a) ? b : a)) });
  });
  for (const name of ["angle", "towards"]) model.on(`change:${name}`, turning.ask);
  model.on("change:at", moved);
  rotated();
  return () => {
    for (const name of ["angle", "towards"]) model.off(`change:${name}`, turning.ask);
    model.off("change:at", moved);
    turning.stop();
    drawing.stop();
    board.stop();
  };
}

export default widgetOf(start);
