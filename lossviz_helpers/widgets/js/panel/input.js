// Mouse, finger and keys move the pointer.

import { clamp } from "../numbers.js";
import { onDrag, onKeys } from "../page/input.js";
import { toPlot } from "./state.js";

/** @import { Panel, Point } from "./state.js" */

/** @type {Record<string, Point | undefined>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/**
 * Move the pointer immediately in the browser, and tell Python.
 * @param {Panel} panel
 * @param {Point} to
 * @param {boolean} [pick]
 */
function movePointer({ model, axes: { across, up } }, [x, y], pick = false) {
  const last = model.get("pointer");
  const keepsHeight = model.get("follow") === "across" && last;
  /** @type {Point} */
  const to = [clamp(x, across.lo, across.hi), keepsHeight ? last[1] : clamp(y, up.lo, up.hi)];
  model.set("pointer", to);
  model.set("picked", pick ? to : null); // so that the same point can be picked again
  model.save_changes();
}

/** @param {Panel} panel */
export function connectInput(panel) {
  const { model } = panel;
  const { canvas } = panel.page;
  const follows = () => model.get("follow") !== "none";
  let isHeld = false;
  /** @param {PointerEvent} event */
  const go = (event) => {
    if (!follows() || !panel.layout) return;
    isHeld = true;
    const frame = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - frame.left, event.clientY - frame.top];
    movePointer(panel, toPlot(panel.layout.box, panel.axes, px, py));
  };
  onDrag(canvas, go, go);
  canvas.addEventListener("pointerup", () => {
    const pointer = model.get("pointer");
    if (isHeld && pointer) movePointer(panel, pointer, true);
    isHeld = false;
  });
  onKeys(canvas, (key, times) => {
    if (!follows() || !panel.layout) return false;
    const { box, width, height } = panel.layout;
    const [x, y] = model.get("pointer") ?? toPlot(box, panel.axes, width / 2, height / 2);
    const move = MOVES[key];
    const step = model.get("step");
    if (key === "Enter" || key === " ") movePointer(panel, [x, y], true);
    else if (move)
      movePointer(panel, [x + move[0] * step[0] * times, y + move[1] * step[1] * times]);
    else return false;
    return true;
  });
}
