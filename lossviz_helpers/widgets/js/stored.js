// An explorer of stored results: controls choose which of them the panels show.
//
// Python (stored.py) sends all numbers once, and says which part of them goes where. It needs no
// kernel.

import { bytes, lineOf, makeBoard, marksOf } from "./live/board.js";
import { choice, slider } from "./live/controls.js";
import { frames } from "./live/frames.js";
import { nearest } from "./numbers.js";
import { make, widgetOf } from "./page/elements.js";
import { positionsOf, readArrays, take, textOf } from "./stored/state.js";

/** @import { Board } from "./live/board.js" */
/** @import { Marks } from "./panel/state.js" */
/** @import { Arrays, Control, Model, PanelSpec, Positions } from "./stored/state.js" */

/**
 * What a panel shows at the positions of the controls.
 * @param {Arrays} arrays
 * @param {PanelSpec} spec
 * @param {Positions} at
 */
function traitsOf(arrays, spec, at) {
  const picture = spec.picture && bytes(take(arrays, spec.picture, at));
  return {
    title: textOf(arrays, spec.title, at),
    readout: textOf(arrays, spec.readout, at),
    lines: spec.lines.map(({ x, y, colour, width, dash, label }) => {
      const style = { width: typeof width === "number" ? width : width.values[at[width.by]], dash, label };
      return lineOf(take(arrays, x, at), take(arrays, y, at), colour, style);
    }),
    marks: spec.marks.map(({ x, y, colour, kind, size, label }) => {
      const style = { kind: /** @type {Marks["kind"]} */ (kind), size, label };
      return marksOf(take(arrays, x, at), take(arrays, y, at), colour, style);
    }),
    ...(picture ? { _picture: picture } : {}),
  };
}

/**
 * A panel, and how it is shown.
 * @param {Board} board
 * @param {Arrays} arrays
 * @param {PanelSpec} spec
 * @param {Control[]} controls
 * @param {DataView} colours
 * @param {(name: string, value: number | string) => void} choose
 */
function addPanel(board, arrays, spec, controls, colours, choose) {
  const moved = spec.moves.map((name) => controls.find((control) => control.name === name) ?? null);
  const [across, up] = moved;
  const shape = spec.picture ? arrays[spec.picture[0]].shape.slice(-2).reverse() : [0, 0];
  const panel = board.add({
    ...spec.traits,
    follow: up ? "both" : across ? "across" : "none",
    _shape: [shape[0], shape[1]],
    _picture: bytes(new Float32Array(shape[0] * shape[1])),
    _colours: colours,
  });
  /** @type {Positions} */
  let shown = {};
  panel.on("change:pointer", () => {
    const pointer = panel.get("pointer");
    moved.forEach((control, axis) => {
      if (!control || !pointer) return;
      const i = nearest(control.values.map(Number), pointer[axis]);
      // the pointer may stand between two values: it snaps only to the next one
      if (i !== shown[control.name]) choose(control.name, control.values[i]);
    });
  });
  return (/** @type {Positions} */ at) => {
    const isMoved = moved.some((control) => control && shown[control.name] !== at[control.name]);
    shown = at;
    panel.put(traitsOf(arrays, spec, at));
    if (!isMoved) return;
    const low = panel.get("extent")[1][0];
    panel.put({
      pointer: moved.map((control) => (control ? Number(control.values[at[control.name]]) : low)),
    });
  };
}

/**
 * The element of a control, and how it is moved.
 * @param {Control} control
 * @param {(name: string, value: number | string) => void} choose
 */
function makeControl({ name, label, kind, values, texts }, choose) {
  /** @param {number} i */
  const move = (i) => choose(name, values[i]);
  if (kind === "slider") {
    const { root, show } = slider(label, values.length - 1, move);
    return { root, show: (/** @type {number} */ i) => show(i, texts[i]) };
  }
  const { root, show } = choice(label, texts, move);
  return { root: make("div.choice", {}, make("span.name", { "aria-hidden": "true" }, label), root), show };
}

/**
 * @param {Model} model
 * @param {HTMLElement} el
 */
function start(model, el) {
  const { controls, panels, words, least } = model.get("_board");
  const arrays = readArrays(model.get("_arrays"), model.get("_shapes"));
  const board = makeBoard(el, "stored", least);
  /** @param {string} name @param {number | string} value */
  const choose = (name, value) => {
    model.set("chosen", { ...model.get("chosen"), [name]: value });
    model.save_changes();
  };
  const colours = model.get("_colours");
  const views = panels.map((spec) => addPanel(board, arrays, spec, controls, colours, choose));
  const made = controls
    .filter(({ kind }) => kind !== "none")
    .map((control) => ({ ...makeControl(control, choose), name: control.name }));
  board.controls.append(...made.map(({ root }) => root));
  const show = () => {
    const at = positionsOf(controls, model.get("chosen"));
    for (const control of made) control.show(at[control.name]);
    for (const view of views) view(at);
    board.say(textOf(arrays, words, at));
    board.root.dataset.grid = "fine";
  };
  const drawing = frames(board.root, show);
  model.on("change:chosen", drawing.ask);
  show();
  return () => {
    model.off("change:chosen", drawing.ask);
    drawing.stop();
    board.stop();
  };
}

export default widgetOf(start);
