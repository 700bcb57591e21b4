// The explorer of models on their landscape: pick one, see what it predicts, and let it descend.
//
// Python (ch02.py) sends the model's kind, the data, the plane and a walk. Everything else is computed
// here, so it needs no kernel.

import { adam, sgd } from "./engine/descent.js";
import { makeObjective } from "./engine/objective.js";
import { pointAt, shadowOf, startScan } from "./engine/plane.js";
import { vectorsIn } from "./engine/vectors.js";
import { bytes, makeBoard, shadowMarks } from "./live/board.js";
import { button, slider } from "./live/controls.js";
import { frames, sliceOfFrame } from "./live/frames.js";
import { makePlayer } from "./live/player.js";
import { accuracyOf, predictionsOf, predictionTraits } from "./live/predictions.js";
import { clamp, doubles, formatLoss, minus } from "./numbers.js";
import { make, widgetOf } from "./page/elements.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Spec, Vector } from "./engine/objective.js" */
/** @import { Plane } from "./engine/plane.js" */

/** @typedef {[number, number]} Pair */

/**
 * The traits of `ModelExplorer` in ch02.py, which says what they mean.
 * @typedef {object} Traits
 * @property {Pair} at
 * @property {DataView} _view
 * @property {[Pair, Pair]} _extent
 * @property {[string, string]} _labels
 * @property {DataView} _walk
 * @property {Pair} _limits
 * @property {number} _resolution
 * @property {number} _steps
 * @property {number} _lr
 * @property {"sgd" | "adam"} _optimizer
 * @property {Spec} _spec
 * @property {DataView} _x
 * @property {DataView} _y
 * @property {DataView} _colours
 * @property {DataView} _predicted
 */

const COARSE = 21; // points along each side of the map at first
const SECONDS = 4.5; // that a walk plays

/**
 * @param {AnyModel<Traits>} model
 * @param {HTMLElement} el
 */
function start(model, el) {
  const [x, y] = [doubles(model.get("_x")), doubles(model.get("_y"))];
  const L = makeObjective(model.get("_spec"), x, y);
  const [origin, d1, d2] = vectorsIn(model.get("_view"), L.P);
  const [across, up] = model.get("_extent");
  /** @type {Plane} */
  const plane = { origin, d1, d2, across, up };
  const given = vectorsIn(model.get("_walk"), L.P);
  const [steps, fine] = [model.get("_steps"), model.get("_resolution")];
  /** @type {Vector[] | null} */
  let walk = null;
  /** @type {number | null} */
  let step = null; // of the walk, if that is shown

  const board = makeBoard(el, "pick", 300);
  const coarse = startScan(L, plane, COARSE);
  coarse.go(() => false);
  const map = board.add({
    title: "pick a model",
    labels: model.get("_labels"),
    extent: [across, up],
    follow: "both",
    step: [(across[1] - across[0]) / (fine - 1), (up[1] - up[0]) / (fine - 1)],
    faint: true,
    bar: true,
    log: true,
    limits: model.get("_limits"),
    aspect: 1,
    _shape: [COARSE, COARSE],
    _picture: bytes(coarse.losses),
    _colours: model.get("_colours"),
    description: `Map of the loss over ${model.get("_labels").join(" and ")}.`,
  });
  const predictions = board.add(predictionTraits(x, y, model.get("_predicted")));

  const stepper = slider("step", steps, (position) => {
    player.stop();
    goTo(position);
  });
  const player = makePlayer(board.root, "Play the walk", steps, SECONDS, () => step ?? 0, (position) =>
    goTo(position));
  const descend = button("↓ Descend from here", "Let the picked model descend", () => {
    player.stop();
    walk = walkFrom(pointAt(plane, model.get("at")));
    drawWalks();
    goTo(0);
    player.play();
  });
  board.root.append(make("div.row", {}, descend, player.root, stepper.root));

  /** @param {Vector} from */
  const walkFrom = (from) => {
    const begin = model.get("_optimizer") === "adam" ? adam : sgd;
    const walker = begin(L, from, model.get("_lr"));
    const points = [walker.theta.slice()];
    for (let k = 0; k < steps; k++) {
      walker.step();
      points.push(walker.theta.slice());
    }
    return points;
  };
  const drawWalks = () => {
    const shown = [given, walk ?? []].filter((points) => points.length);
    const drawn = shown.map((points) =>
      shadowMarks(points.map((point) => shadowOf(plane, point)).filter((p) => p.every(Number.isFinite))),
    );
    map.put({ lines: drawn.map(({ line }) => line), marks: drawn.flatMap(({ ends }) => ends) });
  };
  /** @param {number} position */
  const goTo = (position) => {
    step = position;
    drawing.ask();
  };
  const show = () => {
    const isWalking = walk !== null && step !== null;
    const theta = walk && step !== null ? walk[step] : pointAt(plane, model.get("at"));
    const shadow = isWalking ? shadowOf(plane, theta) : model.get("at");
    /** @type {Pair} */
    const pointer = [clamp(shadow[0], ...across), clamp(shadow[1], ...up)];
    const right = Math.round(100 * accuracyOf(L, theta, x, y));
    const place = minus(`(${pointer.map((a) => a.toFixed(2)).join(", ")})`);
    shown = String(pointer);
    map.put({
      pointer,
      readout:
        (isWalking ? `step ${step}: ` : "") +
        `loss ${formatLoss(L.loss(theta))}, accuracy ${right}%, at ${place}`,
    });
    predictions.put({ _picture: predictionsOf(L, theta) });
    stepper.input.disabled = player.root.disabled = !walk;
    stepper.show(step ?? 0, String(step ?? 0));
  };
  let shown = "";
  const scan = startScan(L, plane, fine);
  const drawing = frames(board.root, () => {
    show();
    if (scan.done === fine) return;
    if (scan.go(sliceOfFrame())) {
      map.put({ _picture: bytes(scan.losses), _shape: [fine, fine] });
      board.root.dataset.grid = "fine";
    } else drawing.ask();
  });
  map.on("change:pointer", () => {
    const pointer = map.get("pointer");
    if (!pointer || String(pointer) === shown) return; // that is where it was put
    model.set("at", pointer);
    model.save_changes();
  });
  const picked = () => {
    player.stop();
    step = null;
    drawing.ask();
  };
  model.on("change:at", picked);
  drawWalks();
  show();
  drawing.ask();
  return () => {
    model.off("change:at", picked);
    player.stop();
    drawing.stop();
    board.stop();
  };
}

export default widgetOf(start);
