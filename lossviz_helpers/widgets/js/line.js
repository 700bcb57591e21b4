// The explorer of the straight line from one model to another.
//
// Python (ch03.py) sends the model's kind, the data and both ends. Everything else is computed here,
// so it needs no kernel.

import { makeObjective } from "./engine/objective.js";
import { scanLine } from "./engine/plane.js";
import { combine, spaced } from "./engine/vectors.js";
import { lineOf, makeBoard, marksOf } from "./live/board.js";
import { slider } from "./live/controls.js";
import { frames } from "./live/frames.js";
import { makePlayer } from "./live/player.js";
import { accuracyOf, predictionsOf, predictionTraits } from "./live/predictions.js";
import { clamp, doubles, formatLoss, minus } from "./numbers.js";
import { widgetOf } from "./page/elements.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Spec, Vector } from "./engine/objective.js" */

/**
 * The traits of `LineExplorer` in ch03.py, which says what they mean.
 * @typedef {object} Traits
 * @property {number} alpha
 * @property {DataView} _ends
 * @property {[number, number]} _range
 * @property {Spec} _spec
 * @property {DataView} _x
 * @property {DataView} _y
 * @property {DataView} _predicted
 */

const POINTS = 201; // along the line
const STEP = 0.01; // of α
const SECONDS = 6; // that it plays

/**
 * @param {Vector} theta
 * @param {string} colour
 * @param {number} size
 * @param {string} label
 */
const numbersOf = (theta, colour, size, label) =>
  marksOf(Array.from(theta.keys()), theta, colour, { size, label });

/**
 * @param {AnyModel<Traits>} model
 * @param {HTMLElement} el
 */
function start(model, el) {
  const [x, y] = [doubles(model.get("_x")), doubles(model.get("_y"))];
  const L = makeObjective(model.get("_spec"), x, y);
  const ends = doubles(model.get("_ends"));
  const [A, B] = [ends.slice(0, L.P), ends.slice(L.P)];
  const way = B.map((b, i) => b - A[i]);
  /** @param {number} alpha */
  const pointAt = (alpha) => combine(A, [alpha], [way]);
  const [lo, hi] = model.get("_range");
  const alphas = spaced(lo, hi, POINTS);
  const losses = scanLine(L, A, way, alphas);
  const top = 1.08 * Math.max(...losses.filter(Number.isFinite)) || 1;

  const board = makeBoard(el, "line", 260);
  const predictions = board.add(predictionTraits(x, y, model.get("_predicted")));
  const curve = board.add({
    title: "loss along the line",
    labels: ["α", "loss L"],
    extent: [[lo, hi], [0, top]],
    lines: [lineOf(alphas, losses, "path", { width: 2.4 })],
    follow: "across",
    step: [STEP, 1],
    aspect: 1,
    description: "Loss plotted against α, from model A at 0 to model B at 1.",
  });
  const reached = [...pointAt(lo), ...pointAt(hi)];
  const [low, high] = [Math.min(...reached), Math.max(...reached)];
  const edge = 0.04 * (high - low) || 1;
  const point = board.add({
    title: "the point θ, number by number",
    labels: ["parameter", "value"],
    extent: [[-0.6, L.P - 0.4], [low - edge, high + edge]],
    lines: [
      lineOf([-0.6, L.P - 0.4], [0, 0], "muted", { width: 0.8 }),
      ...Array.from(A, (a, i) => lineOf([i, i], [a, B[i]], "muted", { width: 1.2 })),
    ],
    aspect: 1,
    description: "The parameters of the model: each moves from its value in A to that in B.",
  });

  const last = Math.round((hi - lo) / STEP);
  /** @param {number} alpha */
  const set = (alpha) => {
    model.set("alpha", clamp(Number(alpha.toFixed(2)), lo, hi));
    model.save_changes();
  };
  const positionOf = () => Math.round((model.get("alpha") - lo) / STEP);
  const player = makePlayer(board.root, "Move from one end of the line to the other", last, SECONDS,
    positionOf, (position) => set(lo + position * STEP));
  const handle = slider("α", last, (position) => {
    player.stop();
    set(lo + position * STEP);
  });
  board.controls.append(player.root, handle.root);
  const show = () => {
    const alpha = model.get("alpha");
    const theta = pointAt(alpha);
    const loss = L.loss(theta);
    const right = Math.round(100 * accuracyOf(L, theta, x, y));
    const where = minus(alpha.toFixed(2));
    handle.show(positionOf(), where);
    predictions.put({ _picture: predictionsOf(L, theta) });
    curve.put({
      pointer: [alpha, 0],
      marks: [
        marksOf([0, 1], [L.loss(A), L.loss(B)], "ink", { size: 4 }),
        marksOf([alpha], [Math.min(loss, top)], "path", { size: 7 }),
      ],
      readout: `α = ${where}: loss ${formatLoss(loss)}, accuracy ${right}%`,
    });
    point.put({
      marks: [
        numbersOf(A, "blue", 3.5, "A"),
        numbersOf(B, "orange", 3.5, "B"),
        numbersOf(theta, "path", 5.5, "the mixture"),
      ],
    });
    board.root.dataset.grid = "fine";
  };
  const drawing = frames(board.root, show);
  curve.on("change:pointer", () => {
    const pointer = curve.get("pointer");
    if (!pointer || pointer[0] === model.get("alpha")) return;
    player.stop();
    set(pointer[0]);
  });
  model.on("change:alpha", drawing.ask);
  show();
  return () => {
    model.off("change:alpha", drawing.ask);
    player.stop();
    drawing.stop();
    board.stop();
  };
}

export default widgetOf(start);
